//! What whoever holds a link is shown.

use app::pass::Pass;
use app::sealed::seal;
use ports::Env;
use testkit::{SECRET_KEY, World};

use super::{LATER_MS, MEETING, handle, header, make, send, text, world};

fn get(world: &World, target: &str) -> http::Response<Vec<u8>> {
    world.send(handle, &format!("GET {target}\naccept-language: en"))
}

#[test]
fn it_shows_that_view_and_nothing_else_may_be_chosen() {
    let (world, asked) = world();
    make(&world, MEETING);
    let extra = "period=year&channel=app&site=sit_other&touchpoint=tch_shop&lang=zh&theme=dark\
        &authorization=x&card=../x&format=csv";
    let shown = get(&world, &format!("{{share}}?{extra}"));
    assert_eq!(shown.status(), 200, "{}", text(&shown));
    let call = &asked.borrow()[0];
    assert_eq!(
        call.url,
        "http://insight.spin.internal/dashboard/complaints?period=30d&channel=web&lang=zh-CN"
    );
    let page = text(&shown);
    assert!(page.contains("share:shr_") && page.contains("sit_shop") && page.contains("鹿鸣"));
    // No way to anywhere else, and nothing to fill in.
    for forbidden in ["href=\"\"", "<form", "href=\"/dashboard", "Share this view"] {
        assert!(!page.contains(forbidden), "{forbidden} in {page}");
    }
    for (name, value) in [
        ("cache-control", "private, no-cache"),
        ("referrer-policy", "no-referrer"),
        ("x-robots-tag", "noindex"),
        ("vary", "accept-language"),
        ("content-language", "zh-CN"),
        ("content-type", "text/html; charset=utf-8"),
    ] {
        assert_eq!(header(&shown, name), value, "{name}");
    }
    assert!(header(&shown, "content-security-policy").contains("frame-ancestors 'none'"));
}

#[test]
fn a_pass_never_leaves_the_house() {
    let (world, asked) = world();
    make(&world, MEETING);
    let shown = get(&world, "{share}");
    let authorization = asked.borrow()[0].headers[0].clone();
    assert_eq!(authorization.0, "authorization");
    let token = authorization.1.strip_prefix("Bearer vw_").unwrap();
    let headers = format!("{:?}", shown.headers());
    assert!(!text(&shown).contains(token) && !headers.contains(token));
}

#[test]
fn many_readers_ask_the_neighbours_the_same() {
    let (world, asked) = world();
    make(&world, MEETING);
    world.wait_ms(5_000 - world.now() % 5_000);
    for _ in 0..2 {
        assert_eq!(get(&world, "{share}").status(), 200);
        world.wait_ms(4_999);
    }
    assert_eq!(get(&world, "{share}").status(), 200);
    let asked = asked.borrow();
    let passes: Vec<&str> = asked.iter().map(|it| it.headers[0].1.as_str()).collect();
    assert_eq!(passes[0], passes[1]);
    assert_ne!(passes[1], passes[2]);
}

#[test]
fn what_did_not_change_is_not_sent_again() {
    let (world, _) = world();
    make(&world, MEETING);
    let first = get(&world, "{share}");
    let tag = header(&first, "etag").to_owned();
    assert!(tag.starts_with("W/\""));
    // The pass is another one, the page the same.
    world.wait_ms(60_000);
    let again =
        world.send(handle, &format!("GET {{share}}\naccept-language: en\nif-none-match: {tag}"));
    assert_eq!((again.status().as_u16(), again.body().len()), (304, 0));
    let other =
        world.send(handle, &format!("GET {{share}}\naccept-language: zh\nif-none-match: {tag}"));
    assert_eq!(other.status(), 200);
}

#[test]
fn within_another_page_it_may_be_shown_only_if_it_was_made_for_that() {
    let (world, _) = world();
    make(&world, MEETING);
    let shown = get(&world, "{embed}?theme=dark");
    assert_eq!(shown.status(), 200, "{}", text(&shown));
    assert!(header(&shown, "content-security-policy").contains("frame-ancestors *"));
    assert!(text(&shown).contains("data-theme=\"dark\""));
    assert!(text(&shown).contains("name=\"color-scheme\" content=\"dark\""));
    assert!(!text(&get(&world, "{embed}?theme=pink")).contains("data-theme"));
    // Outside of a frame it follows whoever reads it.
    let shared = get(&world, "{share}?theme=dark");
    assert!(!text(&shared).contains("data-theme"));
    assert!(header(&shared, "content-security-policy").contains("frame-ancestors 'none'"));

    let made = make(&world, &MEETING.replace("true", "false"));
    assert!(made["embed_url"].is_null());
    let token = made["url"].as_str().unwrap().rsplit('/').next().unwrap();
    let refused = get(&world, &format!("/embed/{token}"));
    assert_eq!(refused.status(), 404);
    assert!(header(&refused, "content-security-policy").contains("frame-ancestors *"));
}

#[test]
fn a_figure_of_it_is_had_as_a_file() {
    let (world, asked) = world();
    make(&world, MEETING);
    let file = get(&world, "{share}?card=tiles&format=csv");
    assert_eq!(header(&file, "content-type"), "text/csv; charset=utf-8");
    assert_eq!(header(&file, "content-disposition"), "attachment; filename=\"tiles.csv\"");
    assert_eq!(header(&file, "referrer-policy"), "no-referrer");
    assert!(asked.borrow()[0].url.ends_with("&card=tiles&format=csv"));
    assert_eq!(get(&world, "{share}?card=other&format=csv").status(), 404);
    // What is no format is no wish.
    assert_eq!(
        header(&get(&world, "{share}?card=tiles&format=exe"), "content-type"),
        "text/html; charset=utf-8"
    );
}

#[test]
fn a_link_that_opens_nothing_does_not_say_why() {
    let (world, asked) = world();
    make(&world, MEETING);
    let id = world.database().query_row("select id from share", [], |row| row.get::<_, String>(0));
    let id = id.unwrap();
    let forged = seal("another house", "share", &[&id]);
    let unknown = seal(SECRET_KEY, "share", &["shr_none"]);
    let of_another_purpose = seal(SECRET_KEY, "link", &[&id]);
    let too_much = seal(SECRET_KEY, "share", &[&id, "x"]);
    let own = seal(SECRET_KEY, "share", &[&id]);
    let cut = own.get(..own.len() - 1).unwrap().to_owned();
    let mut pages = Vec::new();
    for token in ["x", "a.b", &forged, &unknown, &of_another_purpose, &too_much, &cut] {
        let refused = get(&world, &format!("/share/{token}"));
        assert_eq!(refused.status(), 404, "{token}");
        assert_eq!(header(&refused, "referrer-policy"), "no-referrer");
        pages.push(text(&refused));
    }
    assert!(pages.iter().all(|it| *it == pages[0] && !it.contains("鹿鸣")));
    assert!(pages[0].contains("This link shows nothing"));
    let zh = text(&get(&world, "/share/x?lang=zh-CN"));
    assert!(zh.contains("此链接没有可显示的内容") && zh.contains("lang=\"zh-CN\""));
    assert!(asked.borrow().is_empty());
    assert_eq!(get(&world, &format!("/share/{own}")).status(), 200);
}

#[test]
fn a_link_that_is_over_says_so_and_not_what_it_showed() {
    let (world, asked) = world();
    make(&world, MEETING);
    send(&world, "manager", "DELETE /v1/shares/{id}", "");
    let closed = get(&world, "{share}");
    make(&world, MEETING);
    world.wait_ms(LATER_MS);
    let expired = get(&world, "{embed}");
    for over in [&closed, &expired] {
        assert_eq!(over.status(), 410);
        let page = text(over);
        assert!(page.contains("This link is not valid any more"), "{page}");
        assert!(!page.contains("鹿鸣") && !page.contains("董事会") && !page.contains("omplaint"));
    }
    assert!(asked.borrow().is_empty());
}

#[test]
fn the_day_of_expiry_is_kept_to_the_millisecond() {
    let (world, _) = world();
    make(&world, MEETING);
    world.wait_ms(30 * domain::civil::DAY_MS - 1);
    assert_eq!(get(&world, "{share}").status(), 200);
    world.wait_ms(1);
    assert_eq!(get(&world, "{share}").status(), 410);
}

#[test]
fn a_page_that_fails_is_our_fault_and_not_the_links() {
    let (world, _) = world();
    make(&world, MEETING);
    world.receive(|_, _| Err(ports::Unanswered::Timeout));
    assert_eq!(get(&world, "{share}").status(), 503);
    let answer = |status| ports::Answer { status, ..ports::Answer::default() };
    world.receive(move |_, _| Ok(answer(401)));
    assert_eq!(get(&world, "{share}").status(), 503);
    world.receive(move |_, _| Ok(answer(404)));
    assert_eq!(get(&world, "{share}").status(), 404);
}

/// The header of a pass of the site `sit_shop`.
fn pass(world: &World) -> String {
    let pass = Pass { site_id: "sit_shop".into(), actor: "share:shr_1".into(), ..Pass::default() };
    pass.header(SECRET_KEY, world.now())
}

#[test]
fn a_pass_reads_its_own_site_for_a_minute_and_writes_nothing() {
    let (world, _) = world();
    make(&world, MEETING);
    let pass = pass(&world);
    let by_pass = |line: &str, body: &str| {
        world.send(handle, &format!("{line}\nauthorization: {pass}\n\n{body}")).status().as_u16()
    };
    let audit = "GET /v1/shares/{id}/audit";
    assert_eq!(by_pass(audit, ""), 200);
    assert_eq!(by_pass("GET /v1/shares/{id}/audit?site=sit_shop", ""), 200);
    // Another site does not exist for it.
    assert_eq!(by_pass("GET /v1/shares/{id}/audit?site=sit_other", ""), 404);
    let target = "/dashboard?site=sit_other";
    let page = world.send(super::neighbour, &format!("GET {target}\nauthorization: {pass}"));
    assert_eq!(page.status(), 404);
    for (line, body) in [
        ("POST /v1/shares", MEETING),
        ("DELETE /v1/shares/{id}", ""),
        ("GET /v1/shares", ""),
        ("GET /dashboard/shares", ""),
    ] {
        assert_eq!(by_pass(line, body), 403, "{line}");
    }
    world.wait_ms(60_000);
    assert_eq!(by_pass(audit, ""), 401);
}

#[test]
fn a_pass_opens_no_session() {
    let (world, _) = world();
    let request = format!("GET /test/pass\nauthorization: {}", pass(&world));
    let opened = world.send(
        async |env: &World, request: web::Request| {
            let holder = app::auth::holder(env, &request).await?;
            app::session::open(env, &request, &holder).await?;
            Ok(web::no_content())
        },
        &request,
    );
    assert_eq!(opened.status(), 403);
    assert_eq!(world.number("select count(*) from session"), 0);
}
