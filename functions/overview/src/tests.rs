//! Pages, as requests and answers: their neighbours tell what the manual says they do.

mod told;

use serde_json::Value;
use testkit::World;
use web::Response;

use crate::handle;
use told::{HOSTILE, neighbours};

const SIGNED: &str = "\nauthorization: Bearer {viewer}";
const ESCAPED: &str = "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;";

fn world() -> World {
    let world = World::with_site();
    neighbours(&world, "");
    world
}

fn text(answer: &Response) -> String {
    String::from_utf8(answer.body().clone()).unwrap()
}

/// The page at a path, as a viewer sees it.
#[track_caller]
fn page(world: &World, path: &str) -> String {
    let answer = world.send(handle, &format!("GET {path}{SIGNED}"));
    let page = text(&answer);
    assert_eq!(answer.status(), 200, "{page}");
    page
}

/// The same figure as a file of values.
fn card(world: &World, path: &str) -> Value {
    world.json(handle, &format!("GET {path}{SIGNED}"))
}

#[track_caller]
fn has(page: &str, texts: &[&str]) {
    for it in texts {
        assert!(page.contains(it), "{it:?} is missing in {page}");
    }
}

#[test]
fn the_overview_says_what_the_api_says() {
    let world = world();
    let page = page(&world, "/dashboard?lang=en");
    has(&page, &["41.7", "39.7–44.7", "83.3%", "5.4", "71.9", "+1.5 · more than chance"]);
    has(&page, &["75.2%", "88.8%", "93.1%", "Reached: 81.4%", "6 open now, 2 of them overdue"]);
    has(&page, &["before: 39", "\u{2212}4.5 · may be chance", "1 of 2 under target"]);
    has(&page, &["Promoters (9 and 10) 78.5% (77.5–79.5)", "detractors (0 to 6) 4% (3–5)"]);
    has(&page, &["satisfaction lies surely under its target", "Saturday 21 November, 10:00"]);
    has(&page, &["/dashboard/touchpoints/tch_shop?lang=en", "channel=web"]);
    // Every number of the tiles is the API's, and a file of them has it as it is.
    let tiles = card(&world, "/dashboard?lang=en&card=tiles&format=json");
    let numbers: Vec<(&str, f64)> = tiles["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row[0].as_str().unwrap(), row[1].as_f64().unwrap()))
        .collect();
    let told = told::dashboard("/v1/dashboard?");
    let of = |pointer: &str| told.pointer(pointer).unwrap().as_f64().unwrap();
    assert_eq!(
        numbers,
        [
            ("Satisfaction index", of("/scores/index/value")),
            ("NPS", of("/scores/nps/value")),
            ("CSAT", of("/scores/csat/value")),
            ("CES", of("/scores/ces/value")),
            ("Complaints", of("/complaints/received")),
            ("Answered in time", of("/complaints/rates/answered_on_time/value")),
            ("Closed in time", of("/complaints/rates/closed_on_time/value")),
            ("Call-backs in time", of("/callbacks/rates/kept/value")),
        ]
    );
    let zh = self::page(&world, "/dashboard?lang=zh");
    has(
        &zh,
        &["净推荐值 NPS", "按时答复", "满意度明显低于目标", "推荐者（9、10） 78.5%", "差异显著"],
    );
}

#[test]
fn a_course_has_every_day_and_gaps_where_nobody_answered() {
    let world = world();
    let told = card(&world, "/dashboard?lang=en&card=nps_trend&format=json");
    let rows = told["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 30);
    assert_eq!(rows[27][0], "2026-11-20");
    assert_eq!(rows[27][1], 42.400_000_000_000_006);
    assert_eq!(rows[28][1], "\u{2013}");
    let weeks = card(&world, "/dashboard?lang=en&period=90d&card=nps_trend&format=json");
    assert_eq!(weeks["columns"][0], "Week");
    assert_eq!(weeks["rows"][1][1], 35.6);
}

#[test]
fn files_say_what_the_page_says() {
    let world = world();
    let request = format!("GET /dashboard?lang=en&card=touchpoints&format=csv{SIGNED}");
    let csv = text(&world.send(handle, &request));
    let lines: Vec<&str> = csv.lines().collect();
    assert!(lines[2].starts_with("Touchpoint,CSAT,Interval,n,Target,Reached,"), "{csv}");
    assert!(lines[3].contains(",61.2,55–67,212,85,no,"), "{csv}");
    assert_eq!(lines.len(), 5);
    let request = format!("GET /dashboard?card=nothing&format=csv{SIGNED}");
    assert_eq!(world.send(handle, &request).status(), 404);
    let request = format!("GET /dashboard?card=nps_spread&format=svg{SIGNED}");
    let svg = world.send(handle, &request);
    assert_eq!(svg.headers()["content-type"], "image/svg+xml");
}

#[test]
fn filters_stay_in_links_and_what_is_wrong_is_said() {
    let world = world();
    let path = "/dashboard?lang=en&period=7d&compare=year&channel=web&agent=x%20y";
    let page = page(&world, path);
    let link = "/dashboard/touchpoints?lang=en&amp;period=7d&amp;compare=year&amp;channel=web";
    has(&page, &[link, "Agent: there is no such thing"]);
    // Two filters that are not kept together: the first one holds.
    let page = self::page(&world, "/dashboard?lang=en&channel=web&group=new");
    has(&page, &["Customer group is not kept together with Channel", "&amp;group=new"]);
    let page = self::page(&world, "/dashboard?lang=en&touchpoint=tch_shop&channel=web");
    assert!(!page.contains("not kept together"));
}

#[test]
fn what_is_not_kept_says_so_in_its_place() {
    let world = world();
    let page = page(&world, "/dashboard?lang=en&touchpoint=tch_shop");
    has(&page, &["Call-backs are kept by agent alone", "Not kept for these filters"]);
}

#[test]
fn a_site_without_figures_is_told_how_they_get_here() {
    let world = World::with_site();
    world.receive(|_, _| {
        let body = told::nothing().to_string().into_bytes();
        Ok(ports::Answer { status: 200, headers: Vec::new(), body })
    });
    let page = page(&world, "/dashboard?lang=en");
    has(&page, &["How figures get here", "publish a survey", "There are no touchpoints yet"]);
    has(&page, &["None was due in these days.", "None is open."]);
    has(&self::page(&world, "/dashboard?lang=zh"), &["数据从哪里来", "尚无触点"]);
}

#[test]
fn what_people_write_stays_text() {
    let world = world();
    for path in ["/dashboard", "/dashboard/touchpoints", "/dashboard/touchpoints/tch_shop"] {
        let page = page(&world, path);
        assert!(!page.contains(HOSTILE) && !page.contains("<script>alert"), "{path}");
        assert!(path.ends_with("tch_shop") || page.contains(ESCAPED), "{path}");
        assert!(!page.contains("style="), "{path}");
    }
}

#[test]
fn the_journey_says_what_is_under_target_and_why() {
    let world = world();
    let page = page(&world, "/dashboard/touchpoints?lang=en");
    has(&page, &["Before the purchase", "No touchpoint of this stage yet"]);
    has(&page, &["61.2% instead of 85% (surely 50.5–70.5, n 212)"]);
    has(
        &page,
        &["Improve first: it matters more than most and does worse (importance 0.47, 58.6 of 100)"],
    );
    has(&page, &["Complaints: 13; root causes: gap in the process 5, error in service 2"]);
    has(&page, &["第二位客服复核", "it comes less often since the measure"]);
    has(&page, &["The whole stage: 61.3% (n 213)", "All: 51.1% (n 311)", "63.9"]);
    let stages: Vec<usize> = ["pre_sale", "purchase", "after_sale", "retention"]
        .iter()
        .map(|it| page.find(&format!("id=\"stage_{it}\"")).unwrap())
        .collect();
    assert!(stages.is_sorted(), "{stages:?}");
    let matrix = card(&world, "/dashboard/touchpoints?lang=en&card=matrix&format=json");
    assert_eq!((&matrix["rows"][0][1], &matrix["rows"][0][3]), (&0.47.into(), &58.6.into()));
    let heat = card(&world, "/dashboard/touchpoints?lang=en&card=heat&format=json");
    assert_eq!((&heat["rows"][0][1], &heat["columns"][1]), (&63.9.into(), &"2026-11-09".into()));
    let best = card(&world, "/dashboard/touchpoints?lang=en&card=very_satisfied&format=json");
    assert_eq!((&best["rows"][0][1], &best["rows"][0][4]), (&51.1.into(), &"no".into()));
    assert_eq!((&best["rows"][2][1], &best["rows"][2][4]), (&71.4.into(), &"yes".into()));
    let filtered = self::page(&world, "/dashboard/touchpoints?lang=en&group=core");
    has(&filtered, &["Of all channels and groups"]);
    has(&self::page(&world, "/dashboard/touchpoints?lang=zh"), &["优先改进", "流程漏洞 5"]);
}

#[test]
fn a_touchpoint_has_a_page_of_its_own() {
    let world = world();
    let page = page(&world, "/dashboard/touchpoints/tch_shop?lang=en&channel=web");
    has(&page, &["门店", "Stage: Purchase. Target: 85%.", "83.3%", "at least 85%"]);
    has(&page, &["66.6%", "77.7%", "Not stated: 5.", "排队", "92.2%"]);
    has(&page, &["72.5%", "root causes: gap in the process 5"]);
    has(&page, &["Channel: this page has no figures by it", "&amp;channel=web"]);
    // Its own alarms and no others.
    has(&page, &["satisfaction lies surely under its target"]);
    assert!(!page.contains("far more low scores"));
    for path in ["/dashboard/touchpoints/tch_gone", "/dashboard/touchpoints/%22%3E"] {
        let answer = world.send(handle, &format!("GET {path}{SIGNED}"));
        assert_eq!(answer.status(), 404, "{path}");
        assert!(text(&answer).starts_with("<!doctype html>"));
    }
}

#[test]
fn the_rest_of_a_page_stands_when_a_neighbour_is_down() {
    let world = World::with_site();
    let gone = "could not be read just now";
    neighbours(&world, "dashboard.");
    has(&page(&world, "/dashboard?lang=en"), &[gone]);
    has(&page(&world, "/dashboard/touchpoints?lang=en"), &[gone, "Improve first"]);
    world.wait_ms(app::cache::KEPT_MS);
    neighbours(&world, "nps.");
    has(&page(&world, "/dashboard?lang=en&period=90d"), &[gone, "41.7"]);
    has(&page(&world, "/dashboard/touchpoints?lang=en"), &[gone, "第二位客服复核"]);
    has(&page(&world, "/dashboard/touchpoints/tch_shop?lang=en"), &[gone, "83.3%", "排队"]);
}

#[test]
fn an_unchanged_page_is_not_sent_again() {
    let world = world();
    let read = format!("GET /dashboard?lang=en{SIGNED}");
    let answer = world.send(handle, &read);
    assert_eq!(answer.headers()["cache-control"], "private, no-cache");
    let tag = answer.headers()["etag"].to_str().unwrap().to_owned();
    world.wait_ms(61_000);
    world.check(handle, &format!("{read}\nif-none-match: {tag}"), "304");
    world.wait_ms(app::cache::KEPT_MS);
    neighbours(&world, "dashboard.");
    assert_eq!(world.send(handle, &format!("{read}\nif-none-match: {tag}")).status(), 200);
}

/// The value of a hidden field.
fn hidden(page: &str, name: &str) -> String {
    let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\"")).expect(name);
    rest.split_once('"').unwrap().0.to_owned()
}

fn sign_in(world: &World, body: &str) -> Response {
    let request = format!(
        "POST /dashboard/session\norigin: http://huiyin.test\n\
         content-type: application/x-www-form-urlencoded\n\n{body}"
    );
    world.send(handle, &request)
}

#[test]
fn who_is_not_signed_in_gets_the_form_and_comes_back() {
    let world = world();
    let answer = world.send(handle, "GET /dashboard/touchpoints?lang=en&period=7d");
    assert_eq!(answer.status(), 401);
    let page = text(&answer);
    has(&page, &["Your key"]);
    let (csrf, next) = (hidden(&page, "csrf"), "%2Fdashboard%2Ftouchpoints%3Fperiod%3D7d");
    let form = |key: &str, next: &str| format!("key={key}&csrf={csrf}&lang=en&next={next}");
    let wrong = sign_in(&world, &form("sk_nobody", next));
    assert_eq!(wrong.status(), 401);
    has(&text(&wrong), &["unknown, revoked or expired", "/dashboard/touchpoints?period=7d"]);
    let pk = sign_in(&world, &form("{pk}", next));
    assert_eq!(pk.status(), 401, "a publishable key opens nothing");
    let evil = sign_in(&world, &form("{viewer}", "%2F%2Fevil.example"));
    assert_eq!(
        (evil.status().as_u16(), &evil.headers()["location"]),
        (303, &"/dashboard".parse().unwrap())
    );
    let signed = sign_in(&world, &form("{viewer}", next));
    assert_eq!(signed.status(), 303);
    assert_eq!(signed.headers()["location"], "/dashboard/touchpoints?period=7d");
    let cookie = signed.headers()["set-cookie"].to_str().unwrap();
    has(cookie, &["HttpOnly", "SameSite=Lax"]);
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let read = format!("GET /dashboard?lang=en\ncookie: {cookie}");
    let inside = world.send(handle, &read);
    assert_eq!(inside.status(), 200);
    // Out again: only with the token of this session.
    let csrf = hidden(&text(&inside), "csrf");
    let end = |csrf: &str| {
        let request = format!(
            "POST /dashboard/session/end\norigin: http://huiyin.test\ncookie: {cookie}\n\
             content-type: application/x-www-form-urlencoded\n\nlang=en&csrf={csrf}"
        );
        world.send(handle, &request)
    };
    assert_eq!(end("0123").status(), 403);
    let out = end(&csrf);
    assert_eq!(
        (out.status().as_u16(), &out.headers()["location"]),
        (303, &"/dashboard?lang=en".parse().unwrap())
    );
    has(out.headers()["set-cookie"].to_str().unwrap(), &["Max-Age=0"]);
    assert_eq!(end(&csrf).status(), 303, "twice is once");
    world.wait_ms(app::cache::KEPT_MS);
    assert_eq!(world.send(handle, &read).status(), 401);
    assert_eq!(world.number("select count(*) from event where kind = 'session.closed'"), 1);
}

#[test]
fn a_form_of_another_page_signs_nobody_in() {
    let world = world();
    assert_eq!(sign_in(&world, "key={viewer}&csrf=wrong").status(), 403);
    let foreign = "POST /dashboard/session\norigin: https://evil.example\n\
        content-type: application/x-www-form-urlencoded\n\nkey={viewer}&csrf=x";
    assert_eq!(world.send(handle, foreign).status(), 403);
    let json = "POST /dashboard/session\norigin: http://huiyin.test\n\n{\"key\": \"{viewer}\"}";
    assert_eq!(world.send(handle, json).status(), 415);
    assert_eq!(world.number("select count(*) from session"), 0);
}

#[test]
fn the_admin_key_chooses_a_site() {
    let world = world();
    let admin = format!("authorization: Bearer {}", testkit::ADMIN_KEY);
    let answer = world.send(handle, &format!("GET /dashboard?lang=en&period=7d\n{admin}"));
    assert_eq!(answer.status(), 200);
    has(&text(&answer), &["Which site?", "/dashboard?lang=en&amp;period=7d&amp;site=sit_shop"]);
    let answer = world.send(handle, &format!("GET /dashboard?lang=en&site=sit_shop\n{admin}"));
    has(&text(&answer), &["41.7", "&amp;site=sit_shop"]);
    let answer = world.send(handle, &format!("GET /dashboard?site=sit_none\n{admin}"));
    assert_eq!(answer.status(), 404);
}

#[test]
fn other_sites_methods_paths_and_a_broken_database() {
    let world = world();
    let foreign = format!("GET /dashboard?site=sit_other{SIGNED}");
    assert_eq!(world.send(handle, &foreign).status(), 404);
    let other = "GET /dashboard/touchpoints/tch_shop\nauthorization: Bearer {other}";
    assert_eq!(world.send(handle, other).status(), 404);
    for (request, status) in [
        ("POST /dashboard", 405),
        ("GET /dashboard/session", 405),
        ("DELETE /dashboard/session/end", 405),
        ("GET /dashboard/nothing", 404),
        ("GET /dashboard/touchpoints/tch_shop/x", 404),
        ("GET /v1/nothing", 404),
    ] {
        assert_eq!(world.send(handle, request).status(), status, "{request}");
    }
    world.break_database();
    assert_eq!(world.send(handle, &format!("GET /dashboard{SIGNED}")).status(), 503);
}
