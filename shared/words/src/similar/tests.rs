//! What is alike after the changes that people and copyists make, and what is not.

use super::*;

/// At least 20 letters each, and each about something else.
const DIVERSE: [&str; 24] = [
    "客服电话打了三次都没有人接，等了半个多小时才有人理我，实在让人失望",
    "快递员把包裹直接丢在门口，盒子摔坏了，里面的杯子也碎了两只",
    "酒店房间隔音太差，隔壁说话听得一清二楚，整个晚上都没有睡好",
    "手机用了不到一个星期就开始自动重启，电池发热也特别严重",
    "退款申请提交以后一直显示处理中，已经超过承诺的七个工作日",
    "菜品味道一般，上菜速度倒是很快，不过米饭有点硬，汤也偏咸",
    "网上银行登录总是提示验证码错误，换了浏览器也没有用",
    "前台小姑娘非常热情，帮我们升级了房型，还送了水果",
    "洗衣机脱水的时候噪音像拖拉机，售后来过一次也没修好",
    "书的印刷质量很好，纸张厚实，插图清晰，孩子看得津津有味",
    "办理落户手续要跑四个窗口，材料说明前后不一致，浪费了一天",
    "充电桩经常被油车占用，物业也不管，希望能够派人巡查",
    "航班延误五个小时没有任何说明，也不提供餐食和休息的地方",
    "会员积分突然清零，客户端里找不到兑换记录，请帮忙核实",
    "牛奶临近保质期还按原价卖，收银台也没有提醒，感觉被骗了",
    "宽带每到晚上就掉线，测速只有办理套餐的十分之一左右",
    "The flight was delayed for five hours and nobody told us why",
    "Customer service answered quickly and solved my problem at once",
    "My refund has not arrived although the order was cancelled weeks ago",
    "The room was clean, but the air conditioning kept us awake all night",
    "Your app crashes every time I try to upload a photo of the receipt",
    "Delivery arrived two days early and everything was well packed",
    "I was charged twice for the same ticket and cannot reach anyone",
    "Great breakfast, friendly staff, and a lovely view over the harbour",
];

/// The text with every twentieth letter replaced by another, from the `first`th on.
fn changed(text: &str, first: usize) -> String {
    let is_hit = |at: usize| at % 20 == first;
    let new = if text.is_ascii() { 'q' } else { '某' };
    text.chars().enumerate().map(|(at, it)| if is_hit(at) { new } else { it }).collect()
}

/// The second half before the first, cut where a clause ends.
fn swapped(text: &str) -> String {
    let middle = text.char_indices().nth(text.chars().count() / 2).unwrap().0;
    let is_cut = |it: char| matches!(it, '，' | ',' | ' ');
    let cut = text[middle..].find(is_cut).map_or(middle, |it| middle + it);
    let (first, second) = text.split_at(cut);
    format!("{} {first}", second.trim_start_matches(is_cut))
}

fn variants(text: &str) -> Vec<String> {
    let end = if text.is_ascii() { " please fix" } else { "，希望尽快改进" };
    let mut variants = vec![format!("{text}{end}"), format!("{text}!!! 123"), swapped(text)];
    variants.extend((0..6).map(|it| changed(text, 3 * it)));
    variants
}

fn shares_key(a: &str, b: &str) -> bool {
    signature(a).iter().any(|it| signature(b).contains(it))
}

#[test]
fn a_changed_copy_is_found_and_its_key_too() {
    let pairs =
        DIVERSE.iter().flat_map(|it| variants(it).into_iter().map(move |other| (it, other)));
    let (mut all, mut alike, mut found) = (0, 0, 0);
    for (text, other) in pairs {
        all += 1;
        alike += usize::from(ALIKE <= jaccard(text, &other));
        found += usize::from(ALIKE <= jaccard(text, &other) && shares_key(text, &other));
    }
    assert_eq!(all, 24 * 9);
    assert!(all * 95 <= alike * 100, "{alike} of {all}");
    assert!(alike * 99 <= found * 100, "{found} of {alike}");
}

#[test]
fn different_complaints_are_not_alike() {
    for (at, a) in DIVERSE.iter().enumerate() {
        for b in &DIVERSE[at + 1..] {
            assert!(jaccard(a, b) < 0.25, "{a} {b}");
        }
    }
    assert_eq!(groups(&DIVERSE), []);
}

#[test]
fn copies_are_grouped_and_the_biggest_group_comes_first() {
    let mut texts: Vec<String> = DIVERSE.iter().map(|it| (*it).to_owned()).collect();
    texts.extend(variants(DIVERSE[3]));
    texts.push(format!("{}。", DIVERSE[7]));
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let found = groups(&texts);
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].members[0], 3);
    assert_eq!(found[0].members[1..], (24..33).collect::<Vec<_>>());
    assert_eq!(found[1], Group { representative: 7, members: vec![7, 33] });
}

#[test]
fn short_texts_are_alike_only_if_equal() {
    assert_eq!(jaccard("很好很好", "很好很好啊"), 0.0);
    assert_eq!(jaccard("Good!", " good"), 1.0);
    assert_eq!(jaccard("", ""), 0.0);
    let found = groups(&["好评", "差评", "好评！", "", "。。", "。。", "12", "12"]);
    assert_eq!(found, [Group { representative: 0, members: vec![0, 2] }]);
    assert!(!shares_key("好评", "差评") && shares_key("好评", "好评！"));
    assert_eq!(signature("123。"), [0; BANDS]);
}

#[test]
fn a_chain_is_not_one_group() {
    // Each has three quarters of its letters in common with the next, the ends have none.
    let letters: Vec<char> = ('\u{4e00}'..='\u{4e77}').collect();
    let texts: Vec<String> =
        (0..12).map(|it| letters[it * 8..it * 8 + 32].iter().collect()).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    assert!(ALIKE <= jaccard(texts[0], texts[1]) && jaccard(texts[0], texts[11]) == 0.0);
    let found = groups(&texts);
    assert!(2 <= found.len());
    for group in &found {
        for member in &group.members {
            let of = texts[group.representative];
            assert!(ALIKE <= jaccard(of, texts[*member]), "{member} in {group:?}");
        }
    }
}

#[test]
fn the_representative_stands_in_the_middle() {
    let base = DIVERSE[0];
    let texts = [changed(base, 1), changed(base, 7), base.to_owned(), changed(base, 13)];
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    assert_eq!(groups(&texts), [Group { representative: 2, members: vec![0, 1, 2, 3] }]);
}

#[test]
fn stored_keys_stay_what_they_were() {
    // These numbers are in databases: a change of the hashes needs a migration.
    let keys = signature("客服电话打了三次都没有人接");
    assert_eq!((keys[0], keys[31]), (1_354_865_844, 2_557_025_826));
    let mut sorted = keys.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(sorted.len(), BANDS);
}

#[test]
fn what_is_beyond_the_bounds_is_in_no_group() {
    let texts = vec!["same text as ever"; TEXTS_MAX + 2];
    let found = groups(&texts);
    assert_eq!((found.len(), found[0].members.len()), (1, TEXTS_MAX));
    let long = "很长的文字".repeat(LETTERS_MAX);
    assert_eq!(jaccard(&long, &format!("{long}和别的")), 1.0);
}
