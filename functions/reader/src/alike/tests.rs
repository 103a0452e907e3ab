//! Near duplicates, told in comments that are planted among others.

use ports::{Env, Sql};
use store::events;
use testkit::{Given, World};

use crate::tests::tick;

/// What different people wrote, in clauses.
const WRITTEN: [&str; 30] = [
    "昨天下午三点下的单，今天早上就送到了，包装完好，师傅还帮忙搬上了五楼",
    "客服换了三个人都说不清楚退款什么时候到账，每次都要我从头讲一遍，很累",
    "门店的灯光太暗，看不清衣服本来的颜色，试衣间的镜子上还有裂纹，希望改善",
    "孩子特别喜欢这套积木，玩了一个周末都没有停，说明书画得清楚，零件也没有缺",
    "空调外机的声音像拖拉机一样，夜里根本没法睡，维修的人来看了两次都说正常",
    "酒店离地铁站只有两百米，前台主动升级了房间，早餐的豆浆很香，下次还住这里",
    "会员积分突然少了四百多分，打电话问说是系统调整，没有任何通知，感觉被骗了",
    "这款粉底在冬天会起皮，颜色比图片上的白很多，不过小样送得多，算是一点安慰",
    "安装师傅提前打了电话，进门穿鞋套，装完把地面擦干净才走，手艺和态度都没得说",
    "在线支付的时候页面卡住，钱扣了订单却显示未付款，等到第二天才自动恢复过来",
    "水果送来一半是烂的，草莓盒子底下全是水，拍照给客服之后只肯赔五块钱优惠券",
    "课程讲得深入浅出，老师会停下来等大家提问，作业批改很细，值得推荐给同事们",
    "电梯口没有任何指示牌，推着轮椅绕了两圈才找到无障碍入口，保安也说不知道",
    "手机用了不到一个月电池就鼓包，送修要等二十天，还不提供备用机，实在不方便",
    "银行柜台今天开了四个窗口，取号以后只等了八分钟，大堂经理一直在帮老人填单子",
    "火锅底料比以前淡了不少，毛肚切得太厚，服务员倒是一直笑着加水，总体一般般",
    "新版应用把搜索框藏到了第二页，找一个商品要点五下，希望能把旧的布局还给我们",
    "飞机延误了六个小时，广播里只会说抱歉，没有人告诉我们在哪里可以领到盒饭和水",
    "牙医解释得很耐心，拔完以后当天晚上还发消息问疼不疼，收费单上每一项都写明了",
    "快递柜超时收费也不提醒，短信被手机拦截了，等我想起来已经扣了九块钱，不合理",
    "小区物业换了公司之后垃圾两天才清一次，楼道里味道很重，报修的灯一直没有人换",
    "咖啡师记得我不要糖，还会在杯子上画一只小猫，每天上班路过都要进来坐十分钟",
    "床垫睡了三晚腰疼，商家说拆封不退，可是不拆封怎么知道合不合适，规定太死板了",
    "健身房更衣室的柜子坏了一半，淋浴的水忽冷忽热，私教倒是很专业，从来不推销",
    "The parcel came two days late and nobody answered the phone when I called the depot",
    "Great little shop, the owner explained every blend of tea and let us taste four of them",
    "My refund was promised within a week, it has now been a month and support keeps silent",
    "Checkout kept rejecting my card until I switched browsers, then everything went through",
    "Rooms were spotless and quiet, though breakfast ended far too early for a holiday hotel",
    "The technician fixed the boiler in twenty minutes and even showed me how to bleed it",
];

/// The same with a few more words at the end.
fn suffixed(text: &str) -> String {
    let more =
        if text.is_ascii() { ", thanks a lot anyway" } else { "，以上就是我的意见" };
    format!("{text}{more}")
}

/// The same with one of twenty characters changed.
fn changed(text: &str) -> String {
    let other = if text.is_ascii() { 'x' } else { '某' };
    let swap = |(at, it): (usize, char)| if at % 20 == 10 { other } else { it };
    text.chars().enumerate().map(swap).collect()
}

/// The same with its clauses in another order; halves of words where there is only one clause.
fn turned(text: &str) -> String {
    if text.is_ascii() {
        let words: Vec<&str> = text.split(' ').collect();
        let (first, second) = words.split_at(words.len() / 2);
        return [second, first].concat().join(" ");
    }
    let mut clauses: Vec<&str> = text.split('，').collect();
    clauses.rotate_left(1);
    clauses.join("，")
}

/// Brings a response and yields its id; a moment passes, so that ids are in order.
fn said(world: &World, why: &str, source: &str) -> String {
    let answers = serde_json::json!({ "why": why }).to_string();
    let given = Given {
        scale: ("nps", 10),
        question: "recommend",
        answers: &answers,
        source,
        ..Given::default()
    };
    world.wait_ms(1_000);
    world.answered_all(&[(given, 3)])
}

/// Lets what was said be read.
fn read(world: &World) {
    world.wait_ms(crate::SETTLED_MS + crate::READ_EVERY_MS);
    tick(world);
}

fn row(world: &World, id: &str) -> (String, bool, i64) {
    let text = "select screened, counted, version from response where id = ?1";
    let database = world.database();
    database.query_row(text, [id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap()
}

fn check_figures(world: &World) {
    for (a, b) in [("rollup_fact", "rollup"), ("rollup where n <> 0", "rollup_fact")] {
        let text = format!("select count(*) from (select * from {a} except select * from {b})");
        assert_eq!(world.number(&text), 0);
    }
    let text = "select sum(n) = (select count(*) from response where counted = 1) from rollup
        where grain = 'site'";
    assert_eq!(world.number(text), 1);
}

#[test]
fn planted_copies_are_screened_out_and_nothing_else_is() {
    for together in [false, true] {
        let world = World::with_site();
        let originals: Vec<String> = WRITTEN.iter().map(|it| said(&world, it, "widget")).collect();
        if !together {
            read(&world);
        }
        let copy = [suffixed, changed, turned];
        let copies: Vec<(String, String)> = (0..3)
            .flat_map(|round| WRITTEN.iter().enumerate().map(move |(at, it)| (at + round, it)))
            .map(|(at, it)| copy[at % 3](it))
            .map(|it| (said(&world, &it, "widget"), it))
            .collect();
        read(&world);
        for (id, text) in originals.iter().zip(WRITTEN) {
            assert_eq!(row(&world, id), (String::new(), true, 1), "{text}");
        }
        for (id, text) in &copies {
            assert_eq!(row(&world, id), ("similar".to_owned(), false, 2), "{text}");
        }
        check_figures(&world);
        assert_eq!(world.number("select count(*) from comment where counted = 0"), 90);
        assert_eq!(world.number("select count(*) from print"), 30);
        let events = "select count(*) from event where kind = 'response.screened'
            and actor = 'tick' and data ->> '$.screened[0]' = 'similar'";
        assert_eq!(world.number(events), 90);
        let first = format!(
            "select count(*) from event where subject = '{}' and data ->> 'similar_to' = '{}'",
            copies[0].0, originals[0]
        );
        assert_eq!(world.number(&first), 1);
        // The second event is sealed over the first.
        let trail = events::of("sit_shop", &copies[0].0, 0, 9);
        let trail = pollster::block_on(world.sql().fetch(trail)).unwrap();
        assert_eq!(trail.len(), 2);
        assert_eq!(trail[1].sealed().hash(&trail[0].hash), trail[1].hash);
    }
}

#[test]
fn what_is_short_another_surveys_staffs_own_or_old_is_nobodys_copy() {
    let world = World::with_site();
    let long = WRITTEN[0];
    // Nineteen letters; digits and marks do not count.
    let short = "送得很快，味道也不错，下次还会再来买的 12345678";
    for text in [short, short, "很好", "很好"] {
        said(&world, text, "widget");
    }
    said(&world, long, "import");
    said(&world, long, "import");
    said(&world, long, "api");
    read(&world);
    assert_eq!(world.number("select count(*) from response where screened <> ''"), 0);
    assert_eq!(world.number("select count(*) from print"), 1, "of the API's alone");
    assert!(world.number("select count(*) from print_key") <= 32);
    world.wait_ms(super::REMEMBERED_MS);
    let later = said(&world, long, "widget");
    read(&world);
    assert_eq!(row(&world, &later).0, "", "what was said ninety days ago is said anew");
    assert_eq!(world.number("select count(*) from print"), 1, "and the old one is forgotten");
    assert!(world.number("select count(*) from print_key") <= 32);
    world.database().execute("update print set study_id = 'srv_other'", []).unwrap();
    let other = said(&world, long, "widget");
    read(&world);
    assert_eq!(row(&world, &other).0, "", "another survey asked something else");
}

#[test]
fn what_staff_overruled_stays_and_reading_again_changes_nothing() {
    let world = World::with_site();
    let first = said(&world, WRITTEN[0], "widget");
    let copy = said(&world, &suffixed(WRITTEN[0]), "widget");
    let early = said(&world, &changed(WRITTEN[0]), "widget");
    // Staff looked at it before the tick did.
    let overrule = "update response set counted = 1, version = version + 1 where id = ?1";
    world.database().execute(overrule, [&early]).unwrap();
    read(&world);
    assert_eq!(row(&world, &copy), ("similar".to_owned(), false, 2));
    assert_eq!(row(&world, &early), (String::new(), true, 2));
    world.database().execute(overrule, [&copy]).unwrap();
    check_figures(&world);
    let prints = world.number("select count(*) from print");
    for _ in 0..2 {
        world.run(store::comments::read_again("sit_shop", ""));
        read(&world);
        assert_eq!(row(&world, &copy), ("similar".to_owned(), true, 3), "overruled for good");
        assert_eq!(row(&world, &first), (String::new(), true, 1));
        assert_eq!(world.number("select count(*) from print"), prints + 1);
        let events = "select count(*) from event where kind = 'response.screened'";
        assert_eq!(world.number(events), 1);
    }
    check_figures(&world);
}

#[test]
fn an_erased_customer_leaves_no_print() {
    let world = World::with_site();
    let answers = serde_json::json!({ "why": WRITTEN[1] }).to_string();
    let given =
        Given { answers: &answers, source: "api", customer_id: "cus_a", ..Given::default() };
    world.answered(&given, 3);
    said(&world, WRITTEN[2], "widget");
    read(&world);
    assert_eq!(world.number("select count(*) from print"), 2);
    world.run(store::customers::erase_comments("sit_shop", "cus_a"));
    assert_eq!(world.number("select count(*) from print"), 1);
    let left = "select count(*) from print_key where number not in (select number from print)";
    assert_eq!(world.number(left), 0);
}
