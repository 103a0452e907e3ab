//! Finding cases by what people know of them.

use super::*;

fn ids(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect()
}

/// Looks for something, by its percent-encoded form.
fn found(world: &World, q: &str, more: &str) -> Vec<String> {
    let q: String = q.bytes().map(|it| format!("%{it:02x}")).collect();
    let page = get(world, &format!("?q={q}{more}"));
    ids(&page).into_iter().map(str::to_owned).collect()
}

const NONE: [&str; 0] = [];

#[test]
fn a_case_is_found_by_its_number_however_it_is_typed() {
    let world = World::with_site();
    let id = plain(&world, "快递太慢");
    plain(&world, "别的事情");
    let number = get(&world, "?sort=newest")["items"][1]["number"].clone();
    let number = number.as_str().unwrap();
    let typed = number.to_lowercase().replace('-', "");
    for q in [number, &typed, &number.replace('-', " ")] {
        assert_eq!(found(&world, q, ""), [id.as_str()], "{q}");
    }
    let theirs = format!("GET /v1/complaints?q={typed}");
    assert_eq!(ids(&done(&world, "other", &theirs, "")), NONE);
}

#[test]
fn somebody_is_found_by_what_is_theirs_and_so_are_their_cases() {
    let world = World::with_site();
    world
        .database()
        .execute_batch(
            "insert into customer values
           ('cus_li', 'sit_shop', 1, 'CRM-7', '', '', '', '', 0, 0, 0, null);
         insert into contact (owner, kind, value) values ('cus_li', 'phone', '138 0013-8000'),
           ('cus_li', 'name', '李想'), ('cus_li', 'email', 'Li@Example.com');",
        )
        .unwrap();
    let of =
        |text: &str| opened(&world, &format!(r#"{{ "text": "{text}", "customer_id": "cus_li" }}"#));
    let first = of("快递晚了三天");
    world.wait_ms(5);
    let second = of("发票一直没有开出来");
    plain(&world, "我叫李想想，商品坏了");
    world.wait_ms(5);
    let stranger = opened(
        &world,
        r#"{ "text": "门店关门太早", "customer": { "name": "王芳", "phone": "13900000000" } }"#,
    );
    let theirs = [second.as_str(), first.as_str()];
    for q in ["CRM-7", "李想", "li@example.com", "13800138000", "+86 138 0013 8000"] {
        assert_eq!(found(&world, q, ""), theirs, "{q}");
    }
    assert_eq!(found(&world, "李想", "&state=closed"), NONE);
    assert_eq!(found(&world, "李想", "&limit=1"), [second.as_str()]);
    assert_eq!(found(&world, "李想", &format!("&limit=1&after={second}")), [first.as_str()]);
    for q in ["王芳", "139-0000-0000"] {
        assert_eq!(found(&world, q, ""), [stranger.as_str()], "{q}");
    }
    let other = done(&world, "other", "GET /v1/complaints?q=CRM-7", "");
    assert_eq!(ids(&other), NONE);
}

#[test]
fn what_was_said_is_found_by_its_words_the_newest_first() {
    let world = World::with_site();
    let texts = [
        "快递晚了三天，客服没有回复",
        "Refund for ORDER A1024 is late",
        "客服态度很好但是退款太慢",
    ];
    let made = texts.map(|it| plain(&world, it));
    let [a, b, c] = made.each_ref().map(String::as_str);
    for (q, expected) in [
        ("客服", vec![c, a]),
        ("没有回复 客服", vec![a]),
        ("refund", vec![b]),
        ("order a1024", vec![b]),
        ("退款太慢", vec![c]),
        ("慢太", vec![]),
        ("ref", vec![]),
        ("客服\" OR \"refund", vec![]),
        ("…！？", vec![]),
        ("sit_shop", vec![]),
    ] {
        assert_eq!(found(&world, q, ""), expected, "{q}");
    }
    assert_eq!(found(&world, "客服", "&state=closed"), NONE);
    assert_eq!(found(&world, "客服", "&agent_id=agt_lan&sort=newest"), [c, a]);
    let other = done(&world, "other", "GET /v1/complaints?q=refund", "");
    assert_eq!(ids(&other), NONE);
    let page = get(&world, "?q=%E5%AE%A2%E6%9C%8D&limit=1");
    assert_eq!(ids(&page), [c]);
    let next = page["next"].as_str().unwrap();
    let page = get(&world, &format!("?q=%E5%AE%A2%E6%9C%8D&limit=1&after={next}"));
    assert_eq!((ids(&page), page["next"].is_null()), (vec![a], true));
}

#[test]
fn pages_of_what_was_said_miss_none_and_show_none_twice() {
    let world = World::with_site();
    let mut made = Vec::new();
    for at in 0..7 {
        // Some come in the same millisecond, and each says it twice.
        world.wait_ms(at % 2);
        let text = format!(
            "包裹丢失第{at}号{}",
            "甲乙丙丁戊己庚".chars().nth(usize::try_from(at).unwrap()).unwrap()
        );
        let id = opened(&world, &format!(r#"{{ "text": "{text}" }}"#));
        let again = format!(
            "insert into case_text select case_id, 'nte_more' || case_id, 'more', 1, 'x', '', text,
               files, salt, at_ms from case_text where case_id = '{id}'"
        );
        world.database().execute(&again, []).unwrap();
        let row = app::case::search::row("sit_shop", (&id, &format!("nte_more{id}")), &text);
        world.run(store::case_search::put(&format!("[{}]", row.unwrap())));
        made.push(id);
    }
    assert_eq!(world.number("select count(*) from case_search"), 14);
    made.sort();
    made.reverse();
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = get(&world, &format!("?q=%E5%8C%85%E8%A3%B9&limit=2{after}"));
        seen.extend(ids(&page).into_iter().map(str::to_owned));
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert_eq!(seen, made);
}

#[test]
fn what_is_looked_for_has_two_characters_or_more_and_comes_newest_first() {
    let world = World::with_site();
    for (query, parameter) in
        [("q=a", "q"), ("q=%20a%20", "q"), ("q=ab&q=cd", "q"), ("q=ab&sort=due", "sort")]
    {
        let (kind, text) = refused(&world, "agent", &format!("GET /v1/complaints?{query}"), "");
        assert_eq!(kind, "invalid-fields", "{query}");
        assert!(text.contains(&format!("\"{parameter}\"")), "{text}");
    }
    let long = "x".repeat(101);
    assert_eq!(
        refused(&world, "agent", &format!("GET /v1/complaints?q={long}"), "").0,
        "invalid-fields"
    );
}
