//! What is hidden, what stays, and that a second pass finds nothing.
//!
//! Every number here is made up: from ranges kept free for fiction, or with a computed check digit.

use super::*;

fn check(cases: &[(&str, &str)]) {
    let wrong: Vec<_> = cases
        .iter()
        .map(|(text, expected)| (*text, redact(text), *expected))
        .filter(|(_, found, expected)| found != expected)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Texts that must come back as they are.
fn check_kept(texts: &[&str]) {
    let cases: Vec<_> = texts.iter().map(|it| (*it, *it)).collect();
    check(&cases);
}

#[test]
fn phone_numbers_are_hidden_in_every_spelling() {
    check(&[
        ("13800001234", "[phone]"),
        ("请打13800001234联系我", "请打[phone]联系我"),
        ("138 0000 1234", "[phone]"),
        ("138-0000-1234，谢谢", "[phone]，谢谢"),
        ("138.0000.1234", "[phone]"),
        ("1380000 1234", "[phone]"),
        ("+8613800001234", "[phone]"),
        ("+86 138 0000 1234", "[phone]"),
        ("+86-13800001234", "[phone]"),
        ("(+86)13800001234", "[phone]"),
        ("8613800001234", "[phone]"),
        ("008613800001234", "[phone]"),
        ("１３８００００１２３４", "[phone]"),
        ("tel13800001234abc", "tel[phone]abc"),
        ("1.13800001234 2.15900001234", "1.[phone] 2.[phone]"),
        ("0571-88880000", "[phone]"),
        ("(0571)88880000", "[phone]"),
        ("（010）8888 0000", "[phone]"),
        ("010-8888-0000转801", "[phone]"),
        ("02188880000 分机 12", "[phone]"),
        ("0571 8888000-12", "[phone]"),
        ("电话：88880000", "电话：[phone]"),
        ("联系方式8888-0000。", "联系方式[phone]。"),
        ("phone number is 5550123", "phone number is [phone]"),
        ("call me at 555-0123 x12", "call me at [phone]"),
        ("(415) 555-0123", "[phone]"),
        ("415-555-0123 ext. 9", "[phone]"),
        ("1-415-555-0123", "[phone]"),
        ("+1 415 555 0123", "[phone]"),
        ("+44 20 7946 0958", "[phone]"),
        ("020 7946 0958", "[phone]"),
        ("07700 900123", "[phone]"),
        ("0044 20 7946 0958", "[phone]"),
        ("+852 5555 0123", "[phone]"),
    ]);
}

#[test]
fn addresses_are_hidden_and_pages_stay() {
    check(&[
        ("a.b+c@example.com", "[email]"),
        ("邮箱test_01@example.com.cn，", "邮箱[email]，"),
        ("13800001234@example.com", "[email]"),
        ("发到a@example.com谢谢", "发到[email]谢谢"),
        ("ａ＠example.com", "[email]"),
        ("mailto:a@example.com.", "mailto:[email]."),
        ("a@example.com13800001234", "[email][phone]"),
        ("http://me:secret@example.com/a", "http://[user]@example.com/a"),
        ("https://example.com/a?b=c&d=1#e 好", "https://example.com/a?[query] 好"),
        ("https://example.com/#token=abc", "https://example.com/#[query]"),
        ("www.example.com/x?phone=1，谢谢", "www.example.com/x?[query]，谢谢"),
        ("https://example.com/13800001234/", "https://example.com/[phone]/"),
        ("192.168.10.254 打不开", "[ip] 打不开"),
        ("http://10.0.0.1:8080/", "http://[ip]:8080/"),
    ]);
}

#[test]
fn papers_cards_and_long_numbers_are_hidden() {
    check(&[
        ("身份证11010119900307109X", "身份证[id]"),
        ("11010119900307002x。", "[id]。"),
        ("110101 19900307 002X", "[id]"),
        ("110101900307100", "[id]"),
        ("护照E12345678", "护照[id]"),
        ("EA1234567", "[id]"),
        ("passport no: 533380006", "passport no: [id]"),
        ("4111111111111111", "[card]"),
        ("4111 1111 1111 1111", "[card]"),
        ("5500-0000-0000-0004", "[card]"),
        ("3782 822463 10005", "[card]"),
        ("6222 0000 0000 0000 001", "[number]"),
        ("订单号20230512134500123", "订单号[number]"),
        ("SN12345678901X", "SN[number]X"),
        ("00000000000000000000000000000", "[number]"),
        ("京A12345", "[plate]"),
        ("我的车沪A·D12345停在门口", "我的车[plate]停在门口"),
        ("粤B 1234学", "[plate]"),
        ("浙ａ12345", "[plate]"),
    ]);
}

#[test]
fn accounts_are_hidden_where_they_are_announced() {
    check(&[
        ("微信：abc_123", "微信：[account]"),
        ("微信号是zhangsan", "微信号是[account]"),
        ("加v：abcde1", "加v：[account]"),
        ("vx abc123 谢谢", "vx [account] 谢谢"),
        ("WeChat ID: 见下", "WeChat ID: 见下"),
        ("QQ：1234567", "QQ：[account]"),
        ("qq1234567", "qq[account]"),
        ("微信同号13800001234", "微信同号[phone]"),
        ("微信:13800001234", "微信:[phone]"),
        ("微信 abc.d@example.com", "微信 [email]"),
    ]);
}

#[test]
fn names_are_hidden_where_they_are_announced() {
    check(&[
        ("我叫张三", "我叫[name]"),
        ("我叫李小明，住在杭州", "我叫[name]，住在杭州"),
        ("我叫王芳的手机坏了", "我叫[name]的手机坏了"),
        ("我姓陈，", "我姓[name]，"),
        ("姓名：欧阳小小", "姓名：[name]"),
        ("联系人: 赵六 电话：88880000", "联系人: [name] 电话：[phone]"),
        ("收货人：买买提·艾山江", "收货人：[name]"),
        ("我是张三先生", "我是[name]先生"),
        ("我是高女士", "我是[name]女士"),
        ("服务员王女士很热情", "服务员[name]女士很热情"),
        ("Mr. Smith was rude", "Mr. [name] was rude"),
        ("Thanks to Ms Jane O'Hara!", "Thanks to Ms [name]!"),
        ("my name is John Ronald Doe.", "my name is [name]."),
        ("Name: Jane Doe", "Name: [name]"),
    ]);
}

#[test]
fn what_is_nobodys_stays() {
    check_kept(&[
        "",
        "2023-05-12",
        "2023年5月12日13:45:59",
        "2023/05/12 13:45",
        "20230512",
        "2023-05-12 13:45:00",
        "2019 2020 2021 2022",
        "9:00-18:00",
        "12306",
        "打10086没人接",
        "拨打12315和95588都没用",
        "400-800-1234",
        "4008001234",
        "400 8001 234",
        "800-810-1234",
        "1-800-555-0199",
        "价格1,388.00元",
        "¥12999",
        "涨了15%到20.5%",
        "订单号A20230512",
        "order 12345678",
        "1380000123",
        "138000",
        "版本 v1.2.3.4",
        "2.10.3",
        "3.1415926",
        "房间1208，3楼",
        "100 200 300 4000",
        "200 300 4000",
        "1+1=2",
        "C++11 和 5G",
        "iPhone 15 Pro Max 256GB",
        "新iPhone15不错",
        "新Mate40Pro",
        "京东11.11",
        "G1234次列车",
        "微信支付很慢",
        "wechat payment failed",
        "微信和支付宝",
        "QQ音乐",
        "我叫了外卖",
        "我叫他们来修",
        "我叫车等了半小时",
        "请向女士道歉",
        "姓名：匿名",
        "姓名：电话：",
        "先生你好",
        "I miss London",
        "MS Office",
        "尊敬的客户:您好",
        "Mr. nobody",
        "my name is not on the list",
        "@support 你好",
        "a@b",
        "什么？http://example.com/a 好",
        "真的?a=1",
        "a [b] c",
        "(5) 很好 (12)",
        "😀👍🏻\u{200d}",
    ]);
}

#[test]
fn no_announcement_is_passed_over() {
    let others = ["护照", "我叫", "我姓", "名叫"];
    let all = ACCOUNTS.iter().chain(&PHONES).chain(&names::LABELS).chain(&others);
    let is_passed = |it: &&&str| it.starts_with(|it: char| !it.is_ascii() && !is_lead(it));
    assert_eq!(all.filter(is_passed).collect::<Vec<_>>(), Vec::<&&str>::new());
}

#[test]
fn a_mark_stays_a_mark() {
    for it in MARKS {
        let text =
            format!("我叫{it}，微信：{it}?{it}138{it}@{it}.com 京{it} Mr {it} http://{it}@a/");
        assert_eq!(redact(&text), text.replace(&format!("http://{it}@"), "http://[user]@"));
    }
}

/// Marsaglia's xorshift: the same texts in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % end
    }
}

/// Pieces from which texts are put together that nearly have a form.
const PIECES: [&str; 72] = [
    "1",
    "3",
    "86",
    "138",
    "13800001234",
    "0571",
    "88880000",
    "010",
    "400",
    "8001234",
    "+",
    "00",
    "11010119900307",
    "002X",
    "109X",
    "4111",
    "1111",
    "6222",
    " ",
    " ",
    "-",
    "-",
    ".",
    ".",
    "(",
    ")",
    "@",
    "a",
    "Z",
    "abc",
    "E1234567",
    "8",
    "x",
    "京",
    "A12345",
    "京A",
    "新",
    "学",
    "微信",
    "wx",
    "qq",
    "vx:",
    "：",
    "是",
    "_",
    "a@b.com",
    "com",
    "http://",
    "www.",
    "?",
    "#",
    "=",
    "/",
    ":",
    "[",
    "]",
    "[phone]",
    "phone",
    "电话",
    "tel ",
    "转",
    "ext",
    "我叫",
    "张",
    "三丰",
    "先生",
    "姓名：",
    "Mr ",
    "Smith ",
    "my name is ",
    "护照",
    "，",
];

#[test]
fn a_second_pass_changes_nothing() {
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    for _ in 0..5_000 {
        let count = 1 + chance.below(14);
        let text: String = (0..count).map(|_| PIECES[chance.below(PIECES.len())]).collect();
        let once = redact(&text);
        assert_eq!(redact(&once), once, "{text:?}");
    }
}

#[test]
fn no_character_is_too_strange() {
    let mut chance = Chance(42);
    for _ in 0..500 {
        let mut text = String::new();
        for _ in 0..20 {
            let end = [0x80, 0x3000, 0xffff, 0x11_0000][chance.below(4)];
            text.extend(char::from_u32(u32::try_from(chance.below(end)).unwrap()));
        }
        let once = redact(&text);
        assert_eq!(redact(&once), once, "{text:?}");
    }
}

#[test]
fn time_grows_with_the_text_and_not_faster() {
    // Ten times the text may take thirty times as long, not a hundred; and in no form's way.
    let time = |piece: &str, count: usize| {
        let text = format!("http://a{}", piece.repeat(count));
        let runs = (0..3).map(|_| {
            let start = std::time::Instant::now();
            redact(&text);
            start.elapsed().as_secs_f64()
        });
        runs.fold(f64::MAX, f64::min)
    };
    let pieces = [
        "1",
        "1 ",
        "(1",
        "1.",
        "a",
        "a.",
        "@a.",
        "a@",
        "微信：",
        "wx-",
        "wx.aaaa1.",
        "wx aaaa-",
        "http://",
        "a?",
        "?",
        "#a",
        "Mr A",
        "我叫张",
        "姓名：张",
        "京A",
        "护照a",
        "电话 tel ",
        "[",
    ];
    for piece in pieces {
        let (short, long) = (time(piece, 200), time(piece, 2_000));
        assert!(long < 30.0 * short.max(0.001), "{piece:?}: {short} s, then {long} s");
    }
}
