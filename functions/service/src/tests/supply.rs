//! What slots go by: agents, their calendars, absences and languages, and what they have to do.

use app::callback::Place;
use app::callback::supply::{NoSlot, Supply, Wish};
use domain::civil::parse_rfc3339;
use domain::zone::Zone;
use ports::Env;
use store::agents::{self, Agent};
use store::callbacks::{self, Callback};
use testkit::World;
use web::service::Offered;

fn at(text: &str) -> i64 {
    parse_rfc3339(text).unwrap()
}

fn wish() -> Wish {
    Wish {
        agent_id: String::new(),
        language: String::new(),
        zone: Zone::SHANGHAI,
        except: String::new(),
        is_staff: false,
    }
}

fn agent(world: &World, id: &str, change: impl Fn(&mut Agent)) {
    let mut it = Agent {
        id: id.into(),
        site_id: "sit_shop".into(),
        version: 1,
        name: id.into(),
        department_id: String::new(),
        skills: "[]".into(),
        is_active: true,
        capacity: 20,
        is_specialist: false,
        calendar_id: String::new(),
        absences: "[]".into(),
        languages: "[]".into(),
        calls_per_day: 8,
        feed: 0,
        created_at: 0,
        updated_at: 0,
    };
    change(&mut it);
    world.run(agents::insert(&it));
}

/// A booked quarter of an hour with what is kept free after it.
fn booked(world: &World, id: &str, agent_id: &str, start: &str) {
    super::service(world);
    let start = at(start);
    world.run(callbacks::insert(&Callback {
        id: id.into(),
        site_id: "sit_shop".into(),
        version: 1,
        once: id.into(),
        mode: "appointment".into(),
        state: "booked".into(),
        purpose: "request".into(),
        service_id: world
            .database()
            .query_row("select id from service", [], |it| it.get(0))
            .unwrap(),
        agent_id: agent_id.into(),
        start,
        end: start + 15 * 60_000,
        from: start,
        until: start + 20 * 60_000,
        day: i64::from(Zone::SHANGHAI.day(start)),
        ..Callback::default()
    }));
}

/// The supply of Monday 2026-11-23; it is Sunday, half past nine.
fn monday(world: &World, wish: &Wish) -> Supply {
    let window = (at("2026-11-23T00:00:00+08:00"), at("2026-11-24T00:00:00+08:00"));
    let offered = Offered::default();
    let loaded = Supply::load(world, "sit_shop", &offered, window, wish);
    pollster::block_on(loaded).unwrap_or_else(|it| panic!("{it:?}"))
}

/// Who could be called upon on Monday at some time, by their letters.
fn who(world: &World, wish: &Wish, time: &str) -> Result<String, NoSlot> {
    let places = monday(world, wish).places(at(&format!("2026-11-23T{time}:00+08:00")))?;
    Ok(places.iter().map(|it| it.agent_id.as_str()).collect())
}

#[test]
fn agents_are_there_in_their_calendars_and_without_one_in_office_hours() {
    let world = World::with_site();
    let early = r#"{ "zone": "Asia/Shanghai", "week": { "monday": [["08:00", "10:00", 2]] } }"#;
    let sql = "insert into calendar values ('cal_x', 'sit_shop', 1, '早班', ?1, 0, 0)";
    world.database().execute(sql, [early]).unwrap();
    agent(&world, "a", |_| {});
    agent(&world, "b", |it| it.calendar_id = "cal_x".into());
    agent(&world, "c", |it| it.calendar_id = "around_the_clock".into());
    agent(&world, "d", |it| it.calls_per_day = 0);
    agent(&world, "e", |it| it.is_active = false);
    for (time, expected) in [
        ("09:00", Ok("abcb")),
        ("10:15", Ok("ac")),
        ("12:00", Ok("c")),
        ("13:00", Ok("ac")),
        ("18:00", Ok("c")),
        // Nobody is called by night.
        ("08:30", Err(NoSlot::Quiet)),
        ("20:55", Err(NoSlot::Quiet)),
        ("09:05", Err(NoSlot::NoSlotBegins)),
    ] {
        assert_eq!(who(&world, &wish(), time), expected.map(str::to_owned), "{time}");
    }
    let slots = monday(&world, &wish()).slots(2);
    assert_eq!((slots[0].start, slots[0].free), (at("2026-11-23T09:00:00+08:00"), 3));
    assert_eq!(slots.len(), 2);
}

#[test]
fn who_is_away_or_speaks_something_else_is_left_out() {
    let world = World::with_site();
    let away =
        format!("[[{}, {}]]", at("2026-11-23T09:10:00+08:00"), at("2026-11-23T10:00:00+08:00"));
    agent(&world, "a", |it| it.absences = away.clone());
    agent(&world, "b", |it| it.languages = r#"["en"]"#.into());
    agent(&world, "c", |it| it.languages = r#"["en", "zh"]"#.into());
    assert_eq!(who(&world, &wish(), "09:00").unwrap(), "bc");
    let chinese = Wish { language: "zh-CN".into(), ..wish() };
    assert_eq!(who(&world, &chinese, "09:00").unwrap(), "c");
    assert_eq!(who(&world, &chinese, "10:00").unwrap(), "ac");
    let b = Wish { agent_id: "b".into(), ..chinese };
    assert_eq!(who(&world, &b, "10:00"), Err(NoSlot::NoSlotBegins));
}

#[test]
fn booked_time_is_taken_but_for_whoever_moves_their_own() {
    let world = World::with_site();
    agent(&world, "a", |it| it.calls_per_day = 2);
    booked(&world, "cbk_a", "a", "2026-11-23T09:00:00+08:00");
    for (time, expected) in [("09:00", None), ("09:15", None), ("09:30", Some("a"))] {
        let found = who(&world, &wish(), time);
        assert_eq!(found, expected.map(str::to_owned).ok_or(NoSlot::Taken), "{time}");
    }
    let own = Wish { except: "cbk_a".into(), ..wish() };
    assert_eq!(who(&world, &own, "09:15").unwrap(), "a");
    // Two are all that they make on a day.
    booked(&world, "cbk_b", "a", "2026-11-23T17:00:00+08:00");
    assert_eq!(who(&world, &wish(), "10:00"), Err(NoSlot::Taken));
    let place = monday(&world, &own).places(at("2026-11-23T10:00:00+08:00")).unwrap();
    let day = i64::from(domain::civil::parse_date("2026-11-23").unwrap());
    let start = at("2026-11-23T10:00:00+08:00");
    assert_eq!(place, [Place { agent_id: "a".into(), lane: 0, start, day, cap: 2 }]);
}

#[test]
fn our_own_people_need_no_notice_and_the_queue_is_told_when_its_turn_comes() {
    let world = World::with_site();
    agent(&world, "a", |it| it.calendar_id = "around_the_clock".into());
    let now = world.now();
    let load = |is_staff: bool| {
        let wish = Wish { is_staff, ..wish() };
        let window = (now, i64::MAX);
        let offered = Offered::default();
        let loaded = Supply::load(&world, "sit_shop", &offered, window, &wish);
        pollster::block_on(loaded).unwrap_or_else(|it| panic!("{it:?}"))
    };
    let soon = at("2026-11-22T09:45:00+08:00");
    assert_eq!(load(false).places(soon), Err(NoSlot::TooSoon));
    assert!(load(true).places(soon).is_ok());
    assert_eq!(load(false).nearest(soon, 1)[0].start, at("2026-11-22T10:30:00+08:00"));
    let supply = load(false);
    assert_eq!(supply.estimate(0), Some(now));
    assert_eq!(supply.estimate(2), Some(now + 40 * 60_000));
    // By night the queue waits.
    assert_eq!(supply.estimate(35), Some(at("2026-11-23T09:20:00+08:00")));
}
