//! The page of links.

use http::Response;
use testkit::World;

use super::{MEETING, handle, header, make, send, text, world};

const FORM: &str = "content-type: application/x-www-form-urlencoded\norigin: http://huiyin.test";

fn show(world: &World, target: &str) -> String {
    let shown = send(world, "manager", &format!("GET {target}"), "");
    assert_eq!(shown.status(), 200, "{}", text(&shown));
    text(&shown)
}

/// The value of a hidden field.
fn hidden<'a>(page: &'a str, name: &str) -> &'a str {
    let from = format!("name=\"{name}\" value=\"");
    page.split_once(&from).unwrap().1.split('"').next().unwrap()
}

fn post(world: &World, fields: &str) -> Response<Vec<u8>> {
    let page = show(world, "/dashboard/shares?lang=en");
    let (csrf, key) = (hidden(&page, "csrf"), hidden(&page, "key"));
    let line = format!("POST /dashboard/shares?lang=en\n{FORM}");
    send(world, "manager", &line, &format!("csrf={csrf}&key={key}&{fields}"))
}

#[test]
fn a_view_is_shared_from_its_page_without_scripts() {
    let (world, _) = world();
    let page = text(&world.send(
        super::neighbour,
        "GET /dashboard/complaints?lang=en&period=7d&channel=web\nauthorization: Bearer {manager}",
    ));
    let (_, rest) = page.split_once("class=\"sharing\"><a href=\"").unwrap();
    let href = rest.split('"').next().unwrap().replace("&amp;", "&");
    let page = show(&world, &href);
    let view = "/complaints?period=7d&amp;compare=previous&amp;channel=web";
    assert!(page.contains(&format!("value=\"{view}\"")), "{page}");
    let made = post(&world, "name=Board&view=%2Fcomplaints%3Fchannel%3Dweb&expires_in_days=30");
    assert_eq!((made.status().as_u16(), header(&made, "cache-control")), (201, "no-store"));
    let page = text(&made);
    let (_, url) = page.split_once("value=\"http://huiyin.test/share/").unwrap();
    let token = url.split('"').next().unwrap();
    assert!(page.contains("readonly") && !page.contains("/embed/"));
    // In words, and as a way to it.
    assert!(page.contains(">Complaints · Channel: Web · Last 30 days</a>"), "{page}");
    let shown = world.send(handle, &format!("GET /share/{token}"));
    assert_eq!(shown.status(), 200);
    assert!(!show(&world, "/dashboard/shares").contains(token));
}

#[test]
fn who_may_not_share_sees_no_way_to_it() {
    let (world, _) = world();
    let page = |who: &str| {
        let line = format!("GET /dashboard\nauthorization: Bearer {{{who}}}");
        text(&world.send(super::neighbour, &line))
    };
    assert!(page("manager").contains("class=\"sharing\""));
    assert!(!page("viewer").contains("class=\"sharing\""));
    assert!(page("manager").contains("href=\"/dashboard/shares?"));
    assert!(!page("viewer").contains("/dashboard/shares"));
    let refused = send(&world, "viewer", "GET /dashboard/shares", "");
    assert_eq!(refused.status(), 403);
    assert!(text(&refused).contains("<h1>"));
    let nobody = world.send(handle, "GET /dashboard/shares");
    assert_eq!(nobody.status(), 401);
    assert!(text(&nobody).contains("type=\"password\""));
}

#[test]
fn each_mistake_stands_beside_its_field() {
    let (world, _) = world();
    let refused = post(&world, "name=&view=%2Fnowhere%3Fx%3D%22%3E&expires_in_days=many");
    assert_eq!(refused.status(), 422);
    let page = text(&refused);
    for id in ["name-wrong", "view-wrong", "expires_in_days-wrong"] {
        assert!(page.contains(&format!("id=\"{id}\"")), "{id} in {page}");
        assert!(page.contains(&format!("href=\"#{}\"", id.trim_end_matches("-wrong"))));
    }
    // What was typed is still there, as text.
    assert!(page.contains("value=\"/nowhere?x=&quot;&gt;\"") && page.contains("value=\"many\""));
    assert_eq!(world.number("select count(*) from share"), 0);
}

#[test]
fn a_form_that_is_sent_twice_makes_one_link() {
    let (world, _) = world();
    let page = show(&world, "/dashboard/shares?lang=en");
    let (csrf, key) = (hidden(&page, "csrf"), hidden(&page, "key"));
    let line = format!("POST /dashboard/shares?lang=en\n{FORM}");
    let body = |name: &str| format!("csrf={csrf}&key={key}&name={name}&view=&expires_in_days=1");
    let url = |answer: &Response<Vec<u8>>| {
        let page = text(answer);
        let (_, url) = page.split_once("value=\"http://huiyin.test/share/").unwrap();
        url.split('"').next().unwrap().to_owned()
    };
    let first = send(&world, "manager", &line, &body("a"));
    let again = send(&world, "manager", &line, &body("a"));
    assert_eq!(url(&first), url(&again));
    let other = send(&world, "manager", &line, &body("b"));
    assert_eq!(other.status(), 422);
    let page = text(&other);
    assert!(page.contains("sent already") && hidden(&page, "key") != key);
    assert_eq!(world.number("select count(*) from share"), 1);
}

#[test]
fn a_form_of_another_page_is_refused() {
    let (world, _) = world();
    let page = show(&world, "/dashboard/shares?lang=en");
    let csrf = hidden(&page, "csrf");
    let fields = "name=a&view=&expires_in_days=1";
    for (head, body) in [
        (FORM, format!("csrf=x&{fields}")),
        (FORM, fields.to_owned()),
        (&FORM.replace("huiyin.test", "evil.example"), format!("csrf={csrf}&{fields}")),
    ] {
        let line = format!("POST /dashboard/shares\n{head}");
        assert_eq!(send(&world, "manager", &line, &body).status(), 403, "{body}");
    }
    assert_eq!(world.number("select count(*) from share"), 0);
}

#[test]
fn a_link_is_closed_on_the_page() {
    let (world, _) = world();
    make(&world, &MEETING.replace("董事会", "<b>&\\\"'"));
    let page = show(&world, "/dashboard/shares?lang=zh-CN");
    assert!(page.contains("&lt;b&gt;&amp;&quot;&#39;") && !page.contains("<b>&"));
    assert!(page.contains("投诉 · 渠道：网站 · 最近 30 天"), "{page}");
    let close = hidden(&page, "close").to_owned();
    let closed = post(&world, &format!("close={close}"));
    assert_eq!(closed.status(), 303);
    assert!(header(&closed, "location").starts_with("/dashboard/shares?lang=en"));
    assert!(!show(&world, "/dashboard/shares").contains("name=\"close\""));
    assert_eq!(post(&world, "close=shr_none").status(), 404);
    assert_eq!(post(&world, "close=..%2Fx").status(), 404);
    assert_eq!(world.send(handle, "GET {share}").status(), 410);
}

#[test]
fn whoever_spans_sites_shares_the_one_they_name() {
    let (world, _) = world();
    world.name("owner", testkit::ADMIN_KEY);
    let site = "/dashboard/shares?site=sit_shop&lang=en";
    let page = text(&send(&world, "owner", &format!("GET {site}"), ""));
    let (csrf, key) = (hidden(&page, "csrf"), hidden(&page, "key"));
    let view = "view=%2Fdashboard%2Fvoice%3Fsite%3Dsit_shop";
    let body = format!("csrf={csrf}&key={key}&name=a&{view}&expires_in_days=1");
    let made = send(&world, "owner", &format!("POST {site}\n{FORM}"), &body);
    assert_eq!(made.status(), 201, "{}", text(&made));
    let kept: String =
        world.database().query_row("select view from share", [], |row| row.get(0)).unwrap();
    assert_eq!(kept, "/voice");
    assert!(text(&made).contains("href=\"/dashboard/voice?site=sit_shop\""));
}
