//! Drafts, edited in forms.

use super::*;

const EDIT: &str = "/desk/surveys/srv_shop/edit?lang=en";

/// The draft as the API tells it.
fn draft(world: &World) -> Value {
    world.json(studies::handle, "GET /v1/studies/srv_shop\nauthorization: Bearer {viewer}")
}

fn ids(world: &World) -> Vec<String> {
    let told = draft(world);
    let all = told["definition"]["questions"].as_array().unwrap().iter();
    all.map(|it| it["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_draft_lists_its_questions_and_what_may_be_done_with_them() {
    let (world, _) = world();
    let en = page(&world, "manager", EDIT);
    has(&en, &["id=\"q-recommend\"", "推荐吗？", "Up: question 2", "Remove: question 5"]);
    has(
        &en,
        &["name=\"title/zh-CN\"", "value=\"订单回访\"", "name=\"title/en\"", "Add a question"],
    );
    assert!(!en.contains("Up: question 1\"") && !en.contains("Down: question 5\""));
    let zh = page(&world, "manager", "/desk/surveys/srv_shop/edit?lang=zh");
    has(&zh, &["添加题目", "上移：第 2 题", "第 5 题之后：为什么？", "文字与设置"]);
    // A further language has its fields before it has any text.
    let more = page(&world, "manager", "/desk/surveys/srv_shop/edit?lang=en&also=fr");
    has(&more, &["name=\"title/fr\"", "Français"]);
}

#[test]
fn settings_become_one_change_of_the_draft_and_leave_the_rest_as_it_is() {
    let (world, calls) = world();
    let fields = "version=1&name=New&title/zh-CN=新标题&title/en=&welcome/zh-CN=欢迎\
        &default_language=zh-CN&layout=steps&touchpoint_id=tch_shop&stage=&channels=web\
        &opens_at=2026-12-01T08:00&sampling/percent=25&sampling/rest_days/metric=90\
        &targets/core=95&weights=quality+%3D+3&theme/accent=%230b5f5b\
        &hidden=[{\"id\":\"order_number\"}]";
    assert_eq!(
        goes(&post(&world, "manager", EDIT, fields)),
        "/desk/surveys/srv_shop/edit?lang=en&done=saved"
    );
    let (verb, target, body, headers) = calls.one();
    assert_eq!((verb, target.as_str()), (Verb::Patch, "/v1/studies/srv_shop"));
    assert_eq!(header(&headers, "if-match"), "\"v1\"");
    assert_eq!(body["name"], "New");
    let told = draft(&world);
    let it = &told["definition"];
    assert_eq!(it["title"], json!({ "zh-CN": "新标题" }));
    assert_eq!((&it["layout"], &it["channels"]), (&json!("steps"), &json!(["web"])));
    assert_eq!(it["opens_at"], "2026-12-01T00:00:00Z");
    assert_eq!(
        it["sampling"],
        json!({ "percent": 25,
        "rest_days": { "survey": 0, "metric": 90, "any": 0 } })
    );
    assert_eq!(
        (&it["targets"], &it["weights"]),
        (&json!({ "core": 95 }), &json!({ "quality": 3 }))
    );
    assert_eq!(it["hidden"][0]["id"], "order_number");
    assert_eq!(it["questions"].as_array().unwrap().len(), 5);
}

#[test]
fn mistakes_stand_beside_their_fields_and_hostile_text_stays_text() {
    let (world, _) = world();
    let typed = HOSTILE.replace('<', "%3C").replace('>', "%3E");
    let fields = format!(
        "version=1&name=x&title/zh-CN={typed}&welcome/en={typed}&layout=page&theme/accent=blue\
         &stage=\
         &touchpoint_id=tch_gone&hidden=[{{\"id\":\"why\"}}]"
    );
    let answer = post(&world, "manager", EDIT, &fields);
    assert_eq!(answer.status(), 422);
    let shown = text(&answer);
    check(&shown);
    has(&shown, &[ESCAPED, "href=\"#welcome/zh-CN\"", "needs a text in the default language"]);
    has(&shown, &["href=\"#theme/accent\"", "must be a colour", "value=\"blue\""]);
    has(&shown, &["href=\"#touchpoint_id\"", "href=\"#hidden\"", "is taken by an earlier one"]);
    assert_eq!(draft(&world)["version"], 1);
}

#[test]
fn somebody_who_was_not_the_fastest_sees_what_changed_and_keeps_what_they_typed() {
    let (world, _) = world();
    let fields = |version: i64, title: &str| {
        format!("version={version}&name=Shop&title/zh-CN={title}&layout=page")
    };
    goes(&post(&world, "manager", EDIT, &fields(1, "theirs")));
    let answer = post(&world, "manager", EDIT, &fields(1, "mine"));
    assert_eq!(answer.status(), 412);
    let shown = text(&answer);
    check(&shown);
    has(&shown, &["Meanwhile somebody else saved: theirs", "value=\"mine\"", "value=\"2\""]);
    goes(&post(&world, "manager", EDIT, &fields(2, "mine")));
    assert_eq!(draft(&world)["definition"]["title"]["zh-CN"], "mine");
}

#[test]
fn questions_are_moved_copied_and_removed_unless_the_logic_forbids_it() {
    let (world, calls) = world();
    let order = "/desk/surveys/srv_shop/order?lang=en";
    let send = |question: &str, act: &str, version: i64| {
        let fields = format!("question={question}&act={act}&version={version}");
        post(&world, "manager", order, &fields)
    };
    goes(&send("why", "up", 1));
    let (verb, target, _, headers) = calls.one();
    assert_eq!((verb, target.as_str()), (Verb::Patch, "/v1/studies/srv_shop"));
    assert_eq!(header(&headers, "if-match"), "\"v1\"");
    assert_eq!(ids(&world), ["recommend", "quality", "easy", "why", "many"]);
    goes(&send("quality", "down", 2));
    goes(&send("quality", "copy", 3));
    assert_eq!(ids(&world), ["recommend", "easy", "quality", "quality_2", "why", "many"]);
    assert!(goes(&send("many", "remove", 4)).ends_with("done=removed"));
    // A condition looks at a question that must come before.
    let condition = "version=5&id=why&text/zh-CN=x&required=&max_length=200&min_length=\
        &show_if={\"question\":\"quality\",\"is\":\"answered\"}";
    goes(&post(&world, "manager", "/desk/surveys/srv_shop/questions/why?lang=en", condition));
    let answer = send("quality", "remove", 6);
    assert_eq!(answer.status(), 422);
    let shown = text(&answer);
    check(&shown);
    has(
        &shown,
        &[
            "the logic of the survey does not allow it",
            "href=\"#q-why\"",
            "question 4 (why) show_if/question: must be the id of a question",
        ],
    );
    let stale = send("easy", "up", 5);
    assert_eq!(stale.status(), 412);
    has(&text(&stale), &["Somebody else changed this survey"]);
    assert_eq!(ids(&world), ["recommend", "easy", "quality", "quality_2", "why"]);
}

/// Every type of question, and what its form has besides the texts.
const TYPES: [(&str, &str); 14] = [
    ("nps", "&low/zh-CN=低"),
    ("rating", "&points=7&display=stars"),
    ("effort", ""),
    (
        "single_choice",
        "&options/0/id=&options/0/text/zh-CN=甲&options/0/open=true\
          &options/1/id=&options/1/text/zh-CN=乙&options/2/id=&options/2/text/zh-CN=",
    ),
    (
        "multiple_choice",
        "&options/0/id=a&options/0/text/zh-CN=甲&options/1/id=\
          &options/1/text/zh-CN=乙&options/1/exclusive=true&min=1&max=",
    ),
    (
        "matrix",
        "&points=5&rows/0/id=&rows/0/text/zh-CN=快&rows/0/dimension=speed\
          &rows/0/touchpoint_id=&rows/1/id=&rows/1/text/zh-CN=&options/0/id=&options/1/id=",
    ),
    (
        "ranking",
        "&options/0/id=&options/0/text/zh-CN=甲&options/1/id=&options/1/text/zh-CN=乙&max=",
    ),
    ("text", "&max_length=100&min_length=&pattern="),
    ("number", "&min=0&max=2.5&decimals=1&unit/zh-CN=分"),
    ("date", "&min=2026-01-01&max="),
    ("email", ""),
    ("phone", ""),
    ("consent", ""),
    ("statement", ""),
];

#[test]
fn a_question_of_each_type_has_its_fields_and_can_be_added() {
    let (world, _) = world();
    for (at, (kind, more)) in TYPES.into_iter().enumerate() {
        let path = format!("/desk/surveys/srv_shop/add?lang=en&type={kind}&after=why");
        let blank = page(&world, "manager", &path);
        has(&blank, &["name=\"text/zh-CN\"", "name=\"show_if\""]);
        let version = at + 1;
        let fields = format!("version={version}&id=new_{at}&text/zh-CN=问&text/en=Ask{more}");
        let path = format!("/desk/surveys/srv_shop/add?lang=en&type={kind}&after=-");
        goes(&post(&world, "manager", &path, &fields));
        let told = draft(&world);
        let made = &told["definition"]["questions"][0];
        assert_eq!((&made["type"], &made["text"]["en"]), (&kind.into(), &"Ask".into()), "{made}");
        let path = format!("/desk/surveys/srv_shop/questions/new_{at}?lang=zh");
        has(&page(&world, "manager", &path), &["第 1 题：", "保存题目"]);
    }
    let told = draft(&world);
    let made = |at: usize| {
        let all = told["definition"]["questions"].as_array().unwrap();
        all.iter().find(|it| it["id"] == format!("new_{at}")).unwrap().clone()
    };
    assert_eq!((&made(1)["points"], &made(1)["display"]), (&7.into(), &"stars".into()));
    assert_eq!(
        made(3)["options"],
        json!([{ "id": "o1", "text": { "zh-CN": "甲" }, "open": true },
        { "id": "o2", "text": { "zh-CN": "乙" } }])
    );
    assert_eq!(made(4)["options"][1]["exclusive"], true);
    assert_eq!((&made(4)["min"], &made(4)["max"]), (&1.into(), &2.into()));
    assert_eq!(
        made(5)["rows"],
        json!([{ "id": "r1", "text": { "zh-CN": "快" }, "dimension": "speed" }])
    );
    assert_eq!((&made(8)["max"], &made(8)["unit"]["zh-CN"]), (&2.5.into(), &"分".into()));
}

#[test]
fn options_move_and_go_and_a_mistake_finds_the_place_that_was_typed_in() {
    let (world, _) = world();
    let path = "/desk/surveys/srv_shop/questions/many?lang=en";
    let shown = page(&world, "manager", path);
    has(&shown, &["value=\"甲\"", "name=\"options/3/text/zh-CN\"", "value=\"up/options/1\""]);
    let fields = |version: i64, more: &str| {
        format!(
            "version={version}&id=many&text/zh-CN=哪些&options/0/id=a&options/0/text/zh-CN=甲\
            &options/1/id=b&options/1/text/zh-CN=乙&options/2/id=&options/2/text/zh-CN=\
            &options/3/id=&options/3/text/zh-CN=丙{more}"
        )
    };
    let moved = post(&world, "manager", path, &fields(1, "&act=up/options/1"));
    assert_eq!(goes(&moved), "/desk/surveys/srv_shop/questions/many?lang=en&done=saved");
    let options = |world: &World| draft(world)["definition"]["questions"][3]["options"].clone();
    let order = |told: Value| -> Vec<String> {
        told.as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(order(options(&world)), ["b", "a", "o1"]);
    goes(&post(&world, "manager", path, &fields(2, "&act=drop/options/0")));
    assert_eq!(order(options(&world)), ["b", "o1"]);
    // The third place was left out, so the API speaks of another number than the form.
    let wrong = fields(3, "").replace("options/3/id=", "options/3/id=No+good!");
    let answer = post(&world, "manager", path, &wrong);
    assert_eq!(answer.status(), 422);
    let shown = text(&answer);
    check(&shown);
    has(&shown, &["href=\"#options/3/id\"", "value=\"No good!\"", "lower-case letters"]);
    let json = post(&world, "manager", path, &fields(3, "&show_if={oops"));
    has(&text(&json), &["href=\"#show_if\"", "must be JSON", "{oops"]);
    let later = fields(3, "&show_if={\"question\":\"why\",\"is\":\"answered\"}");
    let answer = post(&world, "manager", path, &later);
    has(&text(&answer), &["href=\"#show_if\"", "must be a question that was asked before"]);
}

#[test]
fn a_stale_question_tells_what_is_there_now() {
    let (world, _) = world();
    let path = "/desk/surveys/srv_shop/questions/why?lang=en";
    let fields = |version: i64, text: &str| {
        format!("version={version}&id=why&text/zh-CN={text}&max_length=200&min_length=")
    };
    goes(&post(&world, "manager", path, &fields(1, "theirs")));
    let answer = post(&world, "manager", path, &fields(1, "mine"));
    assert_eq!(answer.status(), 412);
    let shown = text(&answer);
    has(&shown, &["Meanwhile somebody else saved: theirs", "mine", "name=\"version\" value=\"2\""]);
    goes(&post(&world, "manager", path, &fields(2, "mine")));
    assert_eq!(draft(&world)["definition"]["questions"][4]["text"]["zh-CN"], "mine");
    assert_eq!(get(&world, "manager", "/desk/surveys/srv_shop/questions/no").status(), 404);
    assert_eq!(get(&world, "manager", "/desk/surveys/srv_shop/add?type=no").status(), 404);
}

#[test]
fn the_whole_is_json_and_each_mistake_says_where() {
    let (world, calls) = world();
    let path = "/desk/surveys/srv_shop/json?lang=en";
    has(&page(&world, "manager", path), &["&quot;recommend&quot;", "name=\"definition\""]);
    let wrong = "version=1&definition={\"title\":\"A\",\"questions\":[{\"id\":\"a\",\
        \"type\":\"nps\",\"text\":\"B\"},{\"id\":\"b\",\"type\":\"rating\",\"text\":{}}]}";
    let answer = post(&world, "manager", path, wrong);
    assert_eq!(answer.status(), 422);
    has(&text(&answer), &["question 2 (b) text: needs a text in the default language"]);
    let _ = calls.take();
    let right = wrong.replace("{}", "\"C\"");
    assert_eq!(goes(&post(&world, "manager", path, &right)), format!("{path}&done=saved"));
    assert_eq!(calls.one().0, Verb::Patch);
    assert_eq!(ids(&world), ["a", "b"]);
}

#[test]
fn the_preview_is_the_draft_as_customers_will_see_it_and_sends_nothing() {
    let (world, _) = world();
    let answer = get(&world, "viewer", "/desk/surveys/srv_shop/preview?lang=en");
    assert_eq!(answer.status(), 200);
    let policy = answer.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("form-action 'none'"), "{policy}");
    let shown = text(&answer);
    has(
        &shown,
        &["<html lang=\"en\"", "Your order", "推荐吗？", "name=\"q.recommend\"", "disabled"],
    );
    has(
        &shown,
        &["/desk/surveys/srv_shop/preview?language=zh-CN&amp;lang=en", "href=\"/s/page.css\""],
    );
    assert!(!shown.contains("action=") && !shown.contains("method=\"post\""));
}
