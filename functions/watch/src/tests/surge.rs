//! Many that are alike: one alarm, one parent.

use app::auth::Staff;
use app::case::{Book, Opening, open};
use app::write::commit;
use domain::case::Source;
use domain::id::Kind;

use super::*;

/// Opens a case of a type, as programs do.
fn opened(world: &World, type_id: &str, text: &str) {
    pollster::block_on(async {
        let book = Book::load(world, "sit_shop").await.unwrap();
        let by = Staff::new("sit_shop", "public");
        let opening = Opening {
            source: Source::Api,
            touchpoint_id: "tch_shop".to_owned(),
            text: text.to_owned(),
            ..Opening::default()
        };
        let mut work = open(world, &book, &by, opening).await.unwrap().work;
        type_id.clone_into(&mut work.case.type_id);
        commit(world, &by, work.change(web::no_content())).await.unwrap();
    });
    world.wait_ms(1000);
}

fn many(world: &World, type_id: &str, from: usize, to: usize) {
    for number in from..to {
        opened(world, type_id, &format!("{number} 号订单{}", "迟".repeat(1 + number % 7)));
    }
}

#[test]
fn many_alike_are_one_alarm_and_one_parent_that_later_ones_join() {
    let world = World::with_site();
    // A site of two months.
    world.database().execute("update site set created_at_ms = 0", []).unwrap();
    many(&world, "delay", 0, 9);
    assert_eq!(tick(&world)["surges"], 0, "nine are none");
    many(&world, "delay", 9, 12);
    many(&world, "other", 0, 3);
    assert_eq!(tick(&world)["surges"], 12);
    assert_eq!(tick(&world)["surges"], 0);
    let parent = "select grade || ' ' || tier || ' ' || type_id || ' ' || touchpoint_id as it
        from complaint where source = 'surge'";
    assert_eq!(list(&world, parent), "major 1 delay tch_shop");
    let children = "select count(*) from complaint where parent_id =
        (select id from complaint where source = 'surge')";
    assert_eq!(world.number(children), 12);
    assert_eq!(world.number("select count(*) from alarm where cleared_at_ms is null"), 1);
    let numbers = "select (numbers ->> 'count') || ' ' || (numbers ->> 'type') || ' '
        || touchpoint_id as it from alarm";
    assert_eq!(list(&world, numbers), "12 delay delay@tch_shop");
    let notice = "select kind || ' ' || (data ->> 'customers') as it from notice";
    assert_eq!(list(&world, notice), "case.surge 12");
    let text = "select text as it from case_text where case_id =
        (select id from complaint where source = 'surge')";
    assert!(list(&world, text).contains("Same cause, 12 customers"));
    many(&world, "delay", 12, 14);
    assert_eq!(tick(&world)["surges"], 2);
    assert_eq!(world.number(children), 14);
    assert_eq!(world.number("select count(*) from complaint where source = 'surge'"), 1);
    // A day later it is over, and a new one is a new one.
    world.wait_ms(25 * HOUR);
    tick(&world);
    assert_eq!(world.number("select count(*) from alarm where cleared_at_ms is null"), 0);
    assert_eq!(world.number("select count(*) from event where kind = 'alarm.cleared'"), 1);
    assert_eq!(tick(&world)["surges"], 0);
}

#[test]
fn two_ticks_raise_one_alarm() {
    let world = World::with_site();
    many(&world, "delay", 0, 10);
    let book = pollster::block_on(Book::load(&world, "sit_shop")).unwrap();
    // The other tick looked before the first had written.
    pollster::block_on(async {
        let group = store::case_scan::Group {
            type_id: "delay".to_owned(),
            touchpoint_id: "tch_shop".to_owned(),
            count: 10,
        };
        assert_eq!(crate::surge::raise_once(&world, &book, &group).await.unwrap(), 10);
        let undo = "update complaint set parent_id = ''";
        world.database().execute(undo, []).unwrap();
        assert_eq!(crate::surge::raise_once(&world, &book, &group).await.unwrap(), 0);
    });
    assert_eq!(world.number("select count(*) from complaint where source = 'surge'"), 1);
    assert_eq!(world.number("select count(*) from alarm"), 1);
    assert_eq!(world.number("select count(*) from notice"), 1);
}

#[test]
fn what_is_usual_is_no_surge() {
    let world = World::with_site();
    world.database().execute("update site set created_at_ms = 0", []).unwrap();
    many(&world, "delay", 0, 15);
    // As many on each of the days before.
    let copy = "insert into complaint select * from complaint where 0";
    world.database().execute(copy, []).unwrap();
    let now = ports::Env::now(&world);
    for day in 2..30 {
        for at in 0..6 {
            let id = Kind::Case.id(now - day * 24 * HOUR + at, ports::Env::random(&world));
            let sql = format!(
                "create temp table one as select * from complaint limit 1;
                 update one set id = '{id}', once = '{id}', number = '{id}';
                 insert into complaint select * from one;
                 drop table one;"
            );
            world.database().execute_batch(&sql).unwrap();
        }
    }
    assert_eq!(tick(&world)["surges"], 0, "15 are less than three times 6");
    many(&world, "delay", 15, 18);
    assert_eq!(tick(&world)["surges"], 18);
    let numbers = "select numbers ->> 'usual' as it from alarm";
    assert!(list(&world, numbers).starts_with("5."), "{}", list(&world, numbers));
}

#[test]
fn of_cases_without_a_type_those_that_say_the_same_are_alike() {
    let world = World::with_site();
    for number in 0..6 {
        opened(&world, "", &format!("小区停电一整天，没有人通知，打电话也没人接{number}"));
        opened(
            &world,
            "",
            &"甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥".repeat(1 + number)
                [number * 9..number * 9 + 36],
        );
    }
    tick(&world);
    assert_eq!(world.number("select count(*) from alarm"), 0, "twelve, of which six are alike");
    for number in 6..11 {
        opened(&world, "", &format!("小区停电一整天，没有人通知，打电话也没人接{number}"));
    }
    assert_eq!(tick(&world)["surges"], 11);
    opened(&world, "", "小区停电一整天了，没有人通知，打电话也没人接听");
    opened(&world, "", "衣服的颜色和照片上看到的完全不同");
    assert_eq!(tick(&world)["surges"], 1);
}

#[test]
fn a_site_may_not_want_to_know() {
    let world = World::with_site();
    publish(&world, &json!({ "surge": { "is_on": false } }));
    many(&world, "delay", 0, 12);
    assert_eq!(tick(&world)["surges"], 0);
    publish(&world, &json!({ "surge": { "at_least": 4, "within_hours": 1 } }));
    assert_eq!(tick(&world)["surges"], 12);
}
