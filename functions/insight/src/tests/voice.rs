//! The page of what customers say.

use app::pass::Pass;
use ports::Env as _;
use serde_json::{Value, json};
use testkit::World;

use super::{Asked, card, column, has, lacks, neighbours, page};

const PATH: &str = "/dashboard/voice?lang=en";

/// A comment as the API shows it.
fn comment(id: &str, text: &str, topic: &str, sentiment: f64) -> Value {
    json!({
        "id": format!("{id}.why"), "response_id": id, "question_id": "why",
        "survey_id": "srv_shop", "touchpoint_id": "tch_shop", "channel": "wechat",
        "language": "zh-CN", "day": "2026-11-21", "text": text, "verdict": "low",
        "sentiment": sentiment, "topic": topic, "needs_review": sentiment.abs() < 0.5, "said": [],
        "version": 1,
    })
}

/// What its comments are about.
fn topics() -> Value {
    let rate = |value: f64, hits: u8, n: u8| {
        let interval = json!([value - 1.5, value + 1.5]);
        json!({ "value": value, "interval": interval, "hits": hits, "n": n, "small": n < 30 })
    };
    let topic = |topic: Value, share: f64, n: u8| {
        json!({
            "topic": topic, "comments": n, "share": rate(share, n, 40), "before": 10,
            "share_before": rate(25.0, 10, 40), "low": rate(80.0, 24, n), "high": rate(10.0, 3, n),
            "difference": { "value": share - 25.0, "significant": true },
        })
    };
    json!({
        "from": "2026-10-24", "to": "2026-11-22", "as_of": "2026-11-22T01:30:00Z",
        "comments": 40, "before": 40, "low": rate(60.0, 24, 40), "high": rate(7.5, 3, 40),
        "items": [topic(json!("waiting"), 75.0, 30), topic(json!("<i>"), 15.0, 6),
            topic(Value::Null, 10.0, 4)],
    })
}

/// What `voice` tells.
fn told(target: &str) -> Option<Value> {
    let (_, path) = target.split_once("voice.spin.internal")?;
    let digest = |items: Value| {
        json!({
            "side": "period", "touchpoint_id": null, "from": "2026-10-24", "to": "2026-11-22",
            "comments": 40, "as_of": "2026-11-22T01:30:00Z", "items": items,
        })
    };
    let term = |term: &str, here: u8, rest: u8, z: f64| {
        let mut shown = json!({ "term": term, "here": here, "rest": rest });
        shown["z"] = json!(z);
        shown
    };
    let mean = "<img src=x onerror=alert(1)> =cmd()";
    let list =
        json!([comment("rsp_b", mean, "waiting", -0.75), comment("rsp_a", "＝1+1", "上门", 0.2),]);
    Some(match path.split_once('?').unwrap_or((path, "")) {
        ("/v1/keywords", query) if query.contains("side=period") => {
            digest(json!([term("排队", 9, 1, 3.85), term("<script>x</script>", 4, 0, 1.5)]))
        }
        ("/v1/keywords", query) if query.contains("side=low") => {
            digest(json!([term("太慢", 3, 0, 2.1)]))
        }
        ("/v1/keywords", _) => digest(json!([])),
        ("/v1/keywords/topics", _) => topics(),
        ("/v1/keywords/alike", _) => digest(json!([{ "comments": 7, "members": list }])),
        ("/v1/models/topic", _) => json!({ "labels": [
            { "label": "waiting", "zh": "等待时间", "en": "Waiting" }, { "label": "上门" },
        ] }),
        ("/v1/comments", _) => json!({ "items": list, "next": "rsp_a.why" }),
        _ => return None,
    })
}

#[test]
fn words_are_told_with_the_days_that_they_are_of() {
    let world = World::with_site();
    neighbours(&world, told);
    let shown = page(&world, "viewer", PATH);
    has(
        &shown,
        &[
            "40 comments from 2026-10-24 to 2026-11-22",
            "<p class=\"about\">2026-10-24 \u{2013} 2026-11-22",
            "“排队” stands out most (In these days: 9 · In the 90 days before: 1). Words: 2",
            "“太慢” stands out most (In unhappy comments: 3 · In the others: 0)",
            "No word stands out: there are few comments",
            "&lt;script&gt;x&lt;/script&gt;",
        ],
    );
    // A period that it does not heed is not offered, and goes on to other pages.
    lacks(&shown, &["<script>x", "<select name=\"period\"", "against:"]);
    has(&shown, &["type=\"hidden\" name=\"period\" value=\"30d\""]);
    let words = card(&world, PATH, "words_period");
    assert_eq!(
        words["rows"],
        json!([["排队", 9.0, 1.0, 3.85], ["<script>x</script>", 4.0, 0.0, 1.5]])
    );
    assert_eq!((&words["from"], &words["to"]), (&"2026-10-24".into(), &"2026-11-22".into()));
    let zh = page(&world, "viewer", "/dashboard/voice?lang=zh-CN");
    has(
        &zh,
        &[
            "最突出的是「排队」（本期评论：9 · 此前 90 天：1）",
            "来自 2026-10-24 至 2026-11-22 的 40 条评论",
        ],
    );
}

#[test]
fn customers_words_are_for_agents_and_others_are_told_why() {
    let world = World::with_site();
    let asked = neighbours(&world, told);
    let shown = page(&world, "viewer", PATH);
    has(&shown, &["it takes a key of role agent or higher"]);
    lacks(&shown, &["=cmd()", "onerror"]);
    assert!(asked.take().iter().all(|it| !it.contains("comments") && !it.contains("alike")));
    for role in ["agent", "manager", "admin"] {
        let shown = page(&world, role, PATH);
        has(
            &shown,
            &[
                "&lt;img src=x onerror=alert(1)&gt; =cmd()",
                "2026-11-21 · 门店 · WeChat · Waiting · sounds unhappy",
                "上门 · feeling unclear · a person should look at it",
                "Groups: 1. The largest has 7 comments.",
            ],
        );
        lacks(&shown, &["<img"]);
    }
    let pass = Pass {
        site_id: "sit_shop".to_owned(),
        actor: "share:shr_1".to_owned(),
        base: "/share/x".to_owned(),
        is_embedded: false,
    };
    world.name("pass", pass.header(testkit::SECRET_KEY, world.now()).trim_start_matches("Bearer "));
    asked.take();
    let shared = page(&world, "pass", PATH);
    has(&shared, &["A shared view does not show customers&#39; own words.", "排队"]);
    lacks(&shared, &["<form", "/dashboard/"]);
    assert!(asked.take().iter().all(|it| !it.contains("comments")));
}

#[test]
fn topics_are_told_with_how_they_feel() {
    let world = World::with_site();
    neighbours(&world, told);
    let shown = page(&world, "viewer", PATH);
    has(
        &shown,
        &[
            "Of all comments, 60% (24 of 40) are unhappy and 7.5% (3 of 40) are happy.",
            "Most are about: Waiting, 75% (30 of 40), 25% in the 90 days before; of these, 80% \
             (24 of 30) are unhappy.",
            "&lt;i&gt;",
            "no topic found",
            "+50 · more than chance",
        ],
    );
    lacks(&shown, &["<i>", "&amp;topic=waiting#said"]);
    has(&page(&world, "agent", PATH), &["&amp;topic=waiting#said", "&amp;topic=%3Ci%3E#said"]);
    let topics = card(&world, PATH, "topics");
    assert_eq!(column(&topics, "Comments"), [30.0, 6.0, 4.0]);
    assert_eq!(column(&topics, "Share"), [75.0, 15.0, 10.0]);
    assert_eq!(column(&topics, "Unhappy"), [80.0, 80.0, 80.0]);
    let zh = page(&world, "viewer", "/dashboard/voice?lang=zh-CN");
    has(&zh, &["不满占 60%（24/40）", "最多的主题是「等待时间」：75%（30/40），此前 90 天为 25%"]);
}

/// What was asked of `/v1/comments`.
fn comments(asked: &Asked) -> String {
    let targets = asked.take();
    let mut found = targets.iter().filter(|it| it.contains("/v1/comments"));
    found.next().expect("they were asked for").clone()
}

#[test]
fn comments_are_filtered_and_turned_page_by_page() {
    let world = World::with_site();
    let asked = neighbours(&world, told);
    let shown = page(&world, "agent", &format!("{PATH}&topic=%E4%B8%8A%E9%97%A8&after=rsp_z.why"));
    assert!(comments(&asked).ends_with("?limit=20&topic=%E4%B8%8A%E9%97%A8&after=rsp_z.why"));
    has(
        &shown,
        &[
            "<option value=\"上门\" selected=\"\">上门</option>",
            "compare=previous&amp;topic=%E4%B8%8A%E9%97%A8&amp;after=rsp_a.why#said",
            "compare=previous&amp;topic=%E4%B8%8A%E9%97%A8#said",
            "rel=\"next\"",
            "&amp;after=rsp_z.why&amp;card=comments&amp;format=csv",
        ],
    );
    page(&world, "agent", &format!("{PATH}&review=true"));
    assert!(comments(&asked).ends_with("?limit=20&review=true"));
    for (query, said) in [
        ("topic=waiting&review=true", "review goes without a topic"),
        ("review=yes", "review must be true"),
        ("after=%22%3E%3Cb%3E", "after is no place in this list"),
        ("topic=a%0Ab", "Topic: there is no such thing"),
        ("channel=web", "Channel: this page has no figures by it"),
        ("touchpoint=%22", "Touchpoint: there is no such thing"),
    ] {
        let shown = page(&world, "agent", &format!("{PATH}&{query}"));
        has(&shown, &[said, "sounds unhappy"]);
        lacks(&comments(&asked), &["%3C", "channel", "yes"]);
    }
}

#[test]
fn a_touchpoint_has_words_of_its_own() {
    let world = World::with_site();
    let asked = neighbours(&world, told);
    let shown = page(&world, "agent", &format!("{PATH}&touchpoint=tch_shop"));
    has(&shown, &["needs 20 comments in these days", "they are not kept by touchpoint"]);
    let targets = asked.take();
    let words = targets.iter().filter(|it| it.contains("/v1/keywords?"));
    assert!(words.clone().all(|it| it.ends_with("&touchpoint=tch_shop")));
    assert_eq!(words.count(), 3);
}

#[test]
fn a_file_of_comments_runs_no_formula() {
    let world = World::with_site();
    neighbours(&world, told);
    let csv = page(&world, "agent", &format!("{PATH}&card=comments&format=csv"));
    has(&csv, &["2026-11-21,'＝1+1,上门,0.2,门店,WeChat", "<img src=x onerror=alert(1)> =cmd()"]);
    let groups = card(&world, PATH, "alike");
    assert_eq!(column(&groups, "Comments"), [7.0]);
    assert_eq!(column(&groups, "Topic"), ["Waiting"]);
    let refused = format!("GET {PATH}&card=comments&format=csv\nauthorization: Bearer {{viewer}}");
    assert_eq!(world.send(crate::handle, &refused).status(), 404);
}

#[test]
fn a_site_without_comments_is_told_what_to_do() {
    let world = World::with_site();
    neighbours(&world, |target| {
        Some(match target {
            it if it.contains("/v1/comments") => json!({ "items": [], "next": null }),
            it if it.contains("topic") => json!({ "labels": [] }),
            _ => json!({ "from": null, "to": null, "comments": 0, "as_of": null, "items": [] }),
        })
    });
    let shown = page(&world, "agent", PATH);
    has(
        &shown,
        &["No comment was read yet.", "There is nothing to read yet.", "ask an open question"],
    );
    let words = card(&world, PATH, "words_low");
    assert_eq!((&words["from"], &words["to"]), (&Value::Null, &Value::Null));
}
