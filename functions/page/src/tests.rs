//! The hosted page, told in requests and answers.

use http::StatusCode;
use testkit::World;
use web::Response;

use super::handle;

/// Every type of question, with a path: who is content is not asked why.
const EVERY: &str = r#"{
  "default_language": "zh-CN",
  "title": { "zh-CN": "订单回访", "en": "Your <order>", "ar": "طلبك" },
  "welcome": { "zh-CN": "只要一分钟。", "en": "It takes a minute." },
  "questions": [
    { "id": "recommend", "type": "nps", "required": true,
      "text": { "zh-CN": "推荐吗？", "en": "Recommend us?" } },
    { "id": "why", "type": "text", "text": "为什么？", "max_length": 500, "required": true,
      "show_if": { "question": "recommend", "is": "class", "value": "detractor" } },
    { "id": "stars", "type": "rating", "display": "stars", "text": "星级" },
    { "id": "easy", "type": "effort", "text": "方便吗？" },
    { "id": "one", "type": "single_choice", "text": "哪个？", "options": [
      { "id": "a", "text": "甲" }, { "id": "other", "text": "其他", "open": true } ] },
    { "id": "many", "type": "multiple_choice", "max": 2, "text": "哪些？", "options": [
      { "id": "a", "text": "甲" }, { "id": "b", "text": "乙" }, { "id": "c", "text": "丙" } ] },
    { "id": "parts", "type": "matrix", "text": "各方面", "points": 3, "rows": [
      { "id": "taste", "text": "味道" }, { "id": "price", "text": "价格" } ] },
    { "id": "order", "type": "ranking", "text": "排序", "options": [
      { "id": "a", "text": "甲" }, { "id": "b", "text": "乙" } ] },
    { "id": "code", "type": "text", "text": "订单号", "pattern": "AA-####" },
    { "id": "cups", "type": "number", "text": "几杯", "min": 0, "decimals": 1, "unit": "杯" },
    { "id": "day", "type": "date", "text": "哪天", "min": "2026-01-01" },
    { "id": "mail", "type": "email", "text": "邮箱" },
    { "id": "call", "type": "phone", "text": "电话" },
    { "id": "agree", "type": "consent", "text": "同意" },
    { "id": "note", "type": "statement", "text": "仅供阅读" }
  ],
  "endings": [
    { "id": "sorry", "text": { "zh-CN": "我们会改进。", "en": "We will do better." },
      "link": "https://shop.example/help", "link_text": "帮助",
      "if": { "question": "recommend", "is": "class", "value": "detractor" } }
  ],
  "hidden": [{ "id": "order_number", "max_length": 10 }]
}"#;

/// A world whose `srv_shop` asks all of it.
fn world() -> World {
    let world = World::with_site();
    publish(&world, EVERY);
    world
}

/// Publishes one more version of `srv_shop`.
fn publish(world: &World, definition: &str) {
    let database = world.database();
    let add = "insert into study_version (study_id, number, definition, published_at_ms)
               select id, published + 1, ?1, 0 from study where id = 'srv_shop'";
    database.execute(add, [definition]).unwrap();
    let open = "update study set published = published + 1 where id = 'srv_shop'";
    database.execute(open, []).unwrap();
}

fn get(world: &World, target: &str) -> Response {
    world.send(handle, &format!("GET {target}"))
}

fn text(response: &Response) -> String {
    String::from_utf8(response.body().clone()).unwrap()
}

/// What a form would send beside these fields, once somebody has read it.
fn carried(world: &World, page: &Response) -> String {
    let page = text(page);
    let mut body = form_urlencoded::Serializer::new(String::new());
    for part in page.split("<input type=\"hidden\" name=\"").skip(1) {
        let (name, rest) = part.split_once("\" value=\"").unwrap();
        body.append_pair(name, rest.split_once('"').unwrap().0);
    }
    world.wait_ms(20_000);
    body.finish()
}

fn post(world: &World, carried: &str, fields: &str) -> Response {
    let head = "POST /s/srv_shop\ncontent-type: application/x-www-form-urlencoded";
    world.send(handle, &format!("{head}\norigin: http://huiyin.test\n\n{carried}&{fields}"))
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |it| it.to_str().unwrap())
}

#[test]
fn the_page_asks_everything_in_the_visitors_language() {
    let world = world();
    let chinese = get(&world, "/s/srv_shop");
    assert_eq!(chinese.status(), StatusCode::OK);
    assert!(text(&chinese).contains("<html lang=\"zh-CN\" dir=\"ltr\">"), "{}", text(&chinese));
    for asked in ["推荐吗？", "各方面", "如适用则必填", "第 2 位", "杯", "仅供阅读"]
    {
        assert!(text(&chinese).contains(asked), "{asked}");
    }
    let english = world.send(handle, "GET /s/srv_shop\naccept-language: fr, en-GB;q=0.8");
    assert!(text(&english).contains("<h1>Your &lt;order&gt;</h1>"));
    // What is not translated is marked as what it is.
    assert!(text(&english).contains("<span lang=\"zh-CN\" dir=\"ltr\">星级</span>"));
    let arabic = text(&get(&world, "/s/srv_shop?lang=ar&order_number=A-1"));
    assert!(arabic.contains("<html lang=\"ar\" dir=\"rtl\">"));
    assert!(arabic.contains("?lang=en&amp;order_number=A-1"), "{arabic}");
    assert!(arabic.contains("name=\"h.order_number\" value=\"A-1\""));
}

#[test]
fn nothing_of_a_page_is_inline_and_nobody_keeps_it() {
    let world = world();
    for target in ["/s/srv_shop", "/s/srv_shop/thanks?end=sorry", "/s/srv_no"] {
        let response = get(&world, target);
        let page = text(&response);
        for inline in ["<style", " style=", "<script>", " onclick=", "javascript:"] {
            assert!(!page.contains(inline), "{target}: {inline}");
        }
        assert_eq!(header(&response, "cache-control"), "no-store", "{target}");
        assert_eq!(header(&response, "x-robots-tag"), "noindex", "{target}");
        assert_eq!(header(&response, "referrer-policy"), "same-origin", "{target}");
        assert!(header(&response, "content-security-policy").contains("default-src 'none'"));
        assert_eq!(header(&response, "content-length"), page.len().to_string(), "{target}");
    }
}

#[test]
fn the_newest_live_key_of_the_site_lets_the_widget_take_over() {
    let world = world();
    let address = "/s/srv_shop?score=9&l=tok&order_number=A-1&lang=en&channel=sms";
    let page = text(&get(&world, address));
    let tag = "<script src=\"/widget.js\" async=\"\" data-key=\"pk_pk\" data-survey=\"srv_shop\" \
        data-mode=\"page\" data-target=\"#survey\" data-language=\"en\" data-channel=\"sms\" \
        data-link=\"tok\" data-score=\"9\" data-hidden-order-number=\"A-1\"></script>";
    assert!(page.contains(tag), "{page}");
    world
        .database()
        .execute("update api_key set revoked_at_ms = 1 where id = 'key_pk'", [])
        .unwrap();
    assert!(!text(&get(&world, address)).contains("<script"));
}

#[test]
fn mistakes_are_listed_and_what_was_written_is_kept() {
    let world = world();
    let carried = carried(&world, &get(&world, "/s/srv_shop?lang=en"));
    let fields = "q.recommend=2&q.many=a&q.many=b&q.many=c&q.code=%3Cb%3E&q.cups=many&q.mail=x\
        &q.order.1=a&q.order.2=a";
    let sent = post(&world, &carried, fields);
    assert_eq!(sent.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = text(&sent);
    for listed in [
        "<title>Error: Your &lt;order&gt;</title>",
        "<a href=\"#c-why\">为什么？ – Please answer this question</a>",
        "<a href=\"#c-many\">哪些？ – Please check what you chose</a>",
        "<a href=\"#c-order\">排序 – Please give each place to another one",
        "<a href=\"#c-code\">订单号 – Please check the length",
        "<a href=\"#c-cups\">几杯 – Please enter a number",
        "<a href=\"#c-mail\">邮箱 – Please enter an e-mail address",
        "value=\"2\" checked=\"\"",
        "value=\"&lt;b&gt;\"",
        "<option value=\"a\" lang=\"zh-CN\" selected=\"\">甲</option>",
        "aria-describedby=\"h-code e-code\" aria-invalid=\"true\"",
    ] {
        assert!(page.contains(listed), "{listed} in {page}");
    }
    assert!(!page.contains("<script"), "the widget would take the answers away");
    assert_eq!(world.number("select count(*) from response"), 0);
    // It is as old as it was, and what is sent next has the same key.
    for (name, value) in form_urlencoded::parse(carried.as_bytes()) {
        assert!(page.contains(&format!("name=\"{name}\" value=\"{value}\"")), "{name}");
    }
    let mended = post(&world, &carried, "q.recommend=2&q.why=slow");
    assert_eq!(mended.status(), StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(header(&mended, "location"), "/s/srv_shop/submit");
    let empty = post(&world, &carried, "q.many=");
    assert_eq!(empty.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

#[test]
fn what_the_path_does_not_reach_is_not_checked() {
    let world = world();
    let carried = carried(&world, &get(&world, "/s/srv_shop?lang=en"));
    // Who is content is not asked why.
    let sent = post(&world, &carried, "q.recommend=10&q.why=+");
    assert_eq!(sent.status(), StatusCode::TEMPORARY_REDIRECT);
}

#[test]
fn what_was_not_taken_comes_back_with_the_reason() {
    let world = world();
    let carried = carried(&world, &get(&world, "/s/srv_shop?lang=en"));
    let head = "content-type: application/x-www-form-urlencoded\norigin: http://huiyin.test";
    for (said, status, text_of) in [
        ("busy", 429, "Too many answers are coming in"),
        ("again", 422, "That was very quick."),
        ("refused", 422, "This answer could not be taken here."),
        ("taken", 409, "Your answers have been taken already."),
        ("expired", 410, "This link is not valid any more."),
    ] {
        let request = format!("POST /s/srv_shop?said={said}\n{head}\n\n{carried}&q.recommend=9");
        let page = world.send(handle, &request);
        assert_eq!(page.status().as_u16(), status, "{said}");
        assert!(text(&page).contains(text_of), "{}", text(&page));
        // Only what cannot be mended loses what was written.
        let is_kept = text(&page).contains("value=\"9\" checked=\"\"");
        assert_eq!(is_kept, status != 409 && status != 410, "{said}");
    }
}

#[test]
fn a_tapped_score_is_filled_in_and_not_yet_taken() {
    let world = world();
    let page = text(&get(&world, "/s/srv_shop?score=9"));
    assert!(page.contains("name=\"q.recommend\" value=\"9\" checked=\"\""), "{page}");
    assert!(!text(&get(&world, "/s/srv_shop?score=11")).contains("checked"));
    assert!(!text(&get(&world, "/s/srv_shop?score=%3Cb")).contains("checked"));
    assert_eq!(world.number("select count(*) from response"), 0);
}

#[test]
fn whoever_comes_too_early_or_too_late_reads_why() {
    let world = world();
    let check = |target: &str, status: u16, said: &str| {
        let page = world.send(handle, &format!("GET {target}\naccept-language: zh"));
        assert_eq!(page.status().as_u16(), status, "{target}");
        assert!(text(&page).contains(said), "{said} in {}", text(&page));
        assert_eq!(header(&page, "content-type"), "text/html; charset=utf-8");
    };
    check("/s/srv_no", 404, "没有找到这份问卷");
    check("/s/srv_no/thanks", 404, "没有找到这份问卷");
    let carried = carried(&world, &get(&world, "/s/srv_shop"));
    let set = |members: &str| publish(&world, &EVERY.replacen('{', &format!("{{ {members},"), 1));
    set("\"opens_at\": \"2026-12-01T00:00:00Z\"");
    check("/s/srv_shop", 404, "本问卷将于 2026-12-01 开放。");
    set("\"closes_at\": \"2026-11-21T00:00:00Z\"");
    check("/s/srv_shop", 410, "本问卷已停止收集");
    set("\"layout\": \"page\"");
    world.database().execute("update study set state = 'closed'", []).unwrap();
    check("/s/srv_shop", 410, "本问卷已停止收集");
    assert_eq!(post(&world, &carried, "q.recommend=9").status(), StatusCode::GONE);
    assert_eq!(world.number("select count(*) from response"), 0);
}

#[test]
fn only_our_own_page_may_send_the_form() {
    let world = world();
    let carried = carried(&world, &get(&world, "/s/srv_shop"));
    let head = "POST /s/srv_shop\ncontent-type: application/x-www-form-urlencoded";
    let sent = world
        .send(handle, &format!("{head}\norigin: https://shop.example\n\n{carried}&q.recommend=9"));
    assert_eq!(sent.status(), StatusCode::FORBIDDEN);
    let json = world.send(handle, "POST /s/srv_shop\n\n{}");
    assert_eq!(json.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[test]
fn other_methods_and_paths_are_problems() {
    let world = world();
    for (request, status, allow) in [
        ("DELETE /s/srv_shop", 405, "GET, HEAD, POST"),
        ("POST /s/srv_shop/thanks", 405, "GET, HEAD"),
        ("GET /s/srv_shop/other", 404, ""),
    ] {
        let answer = world.send(handle, request);
        assert_eq!(answer.status().as_u16(), status, "{request}");
        assert_eq!(header(&answer, "allow"), allow, "{request}");
    }
}

#[test]
fn without_a_database_nothing_is_told_of_why() {
    let world = world();
    world.break_database();
    let answer = get(&world, "/s/srv_shop");
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(!text(&answer).contains("broken"));
    assert!(world.logged_cause().is_some());
}
