//! `/desk/rules/grading/simulate` and `…/try`: what a draft would change, and what a text is graded.

use domain::role::Role;
use pages::html::Html;
use pages::words::{GRADES, NEEDS, TYPES, URGENCIES};
use ports::Env;
use serde_json::Value;
use staff::form::{Empty, Input, Kind as Takes};
use staff::tell::{at, items, of, text};
use staff::{Call, Desk, Filled, Form};
use web::lang::{Lang, Said, said};
use web::{Problem, Request, Response};

use crate::policy::path;
use crate::words::{Kind, kind};
use crate::{draw, opened};

/// By what a text is graded.
static BY: [(&str, Said); 2] =
    [("published", said("What is in force", "现行规则")), ("draft", said("The draft", "草稿"))];

/// Grading itself.
fn grading() -> &'static Kind {
    kind("grading").unwrap_or(&crate::words::KINDS[0])
}

fn simulation(lang: Lang) -> Form {
    Form::new(vec![
        Input::new("since", lang.of("Cases from", "起始日期"), Takes::Date)
            .hint(lang.of("Empty: as far back as there are", "留空则不限")),
        Input::new("until", lang.of("to", "截止日期"), Takes::Date),
        Input::new(
            "limit",
            lang.of("At most so many cases, newest first", "最多件数（由新到旧）"),
            Takes::Whole,
        ),
    ])
}

/// Asks for a simulation.
pub(crate) async fn ask(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let desk = opened!(env, request, Role::Manager);
    Ok(draw_simulation(&desk, request, &Filled::default(), None))
}

/// Simulates. Nothing is stored, so the answer is the page itself.
pub(crate) async fn simulate(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let desk = opened!(env, request, Role::Manager);
    let sent = match desk.sent(env, request).await {
        Ok(sent) => sent,
        Err(problem) => return desk.told(problem),
    };
    let form = simulation(desk.lang);
    let call =
        Call { component: "grader", target: "/v1/policies/grading/simulate", ..Call::default() };
    // It stores nothing, so it needs no key and no version: sent twice it is asked twice.
    let body = match form.read(desk.lang, &sent) {
        Ok(body) => Value::Object(body),
        Err(filled) => return Ok(draw_simulation(&desk, request, &filled, None)),
    };
    match desk.send(env, request, Call { body: &body, ..call }).await {
        Ok(done) => {
            let filled = Filled { pairs: sent.pairs, ..Filled::default() };
            Ok(draw_simulation(&desk, request, &filled, Some(&done.told)))
        }
        Err(refused) => {
            let filled = Filled::refused(desk.lang, &form, &sent, &refused);
            Ok(draw_simulation(&desk, request, &filled, None))
        }
    }
}

fn draw_simulation(
    desk: &Desk,
    request: &Request,
    filled: &Filled,
    told: Option<&Value>,
) -> Response {
    let lang = desk.lang;
    let own = path(grading());
    let above = [(own.as_str(), grading().name.text(lang))];
    let heading = lang.of("Try the draft on past cases", "用历史投诉试算草稿");
    let mut page = draw::page(desk, request, heading, &above);
    let html = &mut page.html;
    let about = lang.of(
        "Past cases are graded again by what is in force and by the draft. Nothing is changed.",
        "用现行规则与草稿分别重新评定历史投诉，不作任何更改。",
    );
    html.put("p", &[("class", "say")], about);
    desk.begin_form(html, &format!("{own}/simulate"), "panel");
    simulation(lang).draw(html, desk, filled);
    draw::send(html, lang.of("Try it", "试算"));
    html.close();
    if let Some(told) = told {
        result(html, desk, told);
    }
    page.answer(filled.status())
}

fn result(html: &mut Html, desk: &Desk, told: &Value) {
    let lang = desk.lang;
    let number = |name: &str| told.get(name).and_then(Value::as_i64).unwrap_or(0);
    let (cases, changed) = (number("cases"), number("changed"));
    html.open("section", &[("class", "panel"), ("aria-labelledby", "result")]);
    html.put("h2", &[("id", "result")], lang.of("What it would change", "试算结果"));
    if cases == 0 {
        let none = lang.of(
            "There is no case in these days. Choose others, or leave them empty.",
            "所选日期没有投诉。请换个日期，或留空。",
        );
        html.put("p", &[("class", "nothing")], none);
        html.close();
        return;
    }
    html.put("p", &[("role", "status")], &summary(lang, cases, changed, told));
    matrix(html, lang, at(told, "/grades"));
    html.close();
    changes(html, desk, items(told, "/changes"));
}

/// In one sentence: how many, of how many, and how many of them go up and down.
fn summary(lang: Lang, cases: i64, changed: i64, told: &Value) -> String {
    let (mut worse, mut milder) = (0, 0);
    for it in items(told, "/changes") {
        let place = |name: &str| GRADES.iter().position(|row| row.0 == text(it, name));
        // The table of grades begins with the worst one.
        match place("/to") < place("/from") {
            true => worse += 1,
            false => milder += 1,
        }
    }
    let tenths = changed * 1000 / cases.max(1);
    let share = format!("{}.{} %", tenths / 10, tenths % 10);
    let is_all = at(told, "/is_all").as_bool() == Some(true);
    let scope = match (lang, is_all) {
        (Lang::En, true) => String::new(),
        (Lang::En, false) => " There are more cases; these are the newest.".to_owned(),
        (Lang::Zh, true) => String::new(),
        (Lang::Zh, false) => "尚有更早的投诉，此处仅为最新的部分。".to_owned(),
    };
    match lang {
        Lang::En => format!(
            "{changed} of {cases} cases would have another grade ({share}): {worse} a worse one, \
             {milder} a milder one.{scope}"
        ),
        Lang::Zh => format!(
            "{cases} 件投诉中有 {changed} 件等级会改变（{share}）：{worse} 件升高，{milder} 件降低。{scope}"
        ),
    }
}

fn matrix(html: &mut Html, lang: Lang, grades: &Value) {
    let mut heads = vec![lang.of("In force ↓ · draft →", "现行 ↓ · 草稿 →")];
    heads.extend(GRADES.iter().map(|it| it.1.text(lang)));
    draw::table(html, lang.of("Old and new grades", "新旧等级对照"), &heads);
    for (from, name) in &GRADES {
        html.open("tr", &[]);
        html.put("th", &[("scope", "row")], name.text(lang));
        for (to, _) in &GRADES {
            let count = at(grades, &format!("/{from}/{to}")).as_i64().unwrap_or(0);
            let class = match (from == to, count) {
                (true, _) => "same",
                (false, 0) => "",
                (false, _) => "moved",
            };
            html.open("td", &[("class", class)]);
            match class {
                "moved" => html.put("strong", &[], &count.to_string()),
                _ => html.text(&count.to_string()),
            }
            html.close();
        }
        html.close();
    }
    draw::end_table(html);
    let hint = lang.of(
        "Each row is a grade by what is in force; numbers off the diagonal change.",
        "每行为现行等级；对角线以外的数字即为变化。",
    );
    html.put("p", &[("class", "soft")], hint);
}

fn changes(html: &mut Html, desk: &Desk, changes: &[Value]) {
    if changes.is_empty() {
        return;
    }
    let lang = desk.lang;
    draw::panel(html, "changes", lang.of("Cases that change", "会改变的投诉"));
    let heads = [
        lang.of("Case", "工单号"),
        lang.of("In force", "现行"),
        lang.of("Draft", "草稿"),
        lang.of("It has now", "当前等级"),
        lang.of("By which rules", "依据规则"),
    ];
    draw::table(html, lang.of("Cases that change", "会改变的投诉"), &heads);
    for it in changes {
        html.open("tr", &[]);
        html.open("th", &[("scope", "row")]);
        let href = desk.href(&format!("/desk/complaints/{}", staff::word(text(it, "/id"))));
        html.put("a", &[("href", &href), ("data-row", "")], text(it, "/number"));
        html.close();
        for name in ["/from", "/to", "/grade"] {
            html.put("td", &[], of(lang, &GRADES, text(it, name)));
        }
        let rules = format!("{} → {}", rules(it, "/matched_before"), rules(it, "/matched"));
        html.put("td", &[], &rules);
        html.close();
    }
    draw::end_table(html);
    html.close();
}

/// The rules that matched, each once.
fn rules(it: &Value, pointer: &str) -> String {
    let mut names: Vec<&str> = Vec::new();
    for it in items(it, pointer) {
        let name = text(it, "/rule");
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if names.is_empty() { "–".to_owned() } else { names.join(", ") }
}

fn trial(lang: Lang) -> Form {
    Form::new(vec![
        Input::new("text", lang.of("What a customer says", "客户的话"), Takes::Text)
            .empty(Empty::Leave)
            .needed(),
        Input::new(
            "policy",
            lang.of("Graded by", "依据"),
            Takes::Choice(staff::tell::choices(lang, &BY, "")),
        ),
        Input::new(
            "amount",
            lang.of("Money at stake, in the smallest unit", "涉及金额（最小单位）"),
            Takes::Whole,
        ),
        Input::new(
            "earlier",
            lang.of("Complained of it before, times", "此前投诉次数"),
            Takes::Whole,
        ),
        Input::new("days_open", lang.of("Open for so many days", "已未结天数"), Takes::Whole),
    ])
}

/// Asks for a text.
pub(crate) async fn ask_text(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let desk = opened!(env, request, Role::Agent);
    Ok(draw_trial(&desk, request, &Filled::default(), None))
}

/// Grades a text, which is kept nowhere.
pub(crate) async fn grade(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let desk = opened!(env, request, Role::Agent);
    let sent = match desk.sent(env, request).await {
        Ok(sent) => sent,
        Err(problem) => return desk.told(problem),
    };
    let form = trial(desk.lang);
    let mut body = match form.read(desk.lang, &sent) {
        Ok(body) => Value::Object(body),
        Err(filled) => return Ok(draw_trial(&desk, request, &filled, None)),
    };
    // Browsers send two characters for a line break; spans count what was sent.
    let words = sent.get("text").trim().replace("\r\n", "\n");
    if let Value::Object(body) = &mut body {
        body.insert("text".to_owned(), Value::from(words.as_str()));
    }
    let call = Call {
        component: "grader",
        target: "/v1/complaints/grade",
        body: &body,
        ..Call::default()
    };
    match desk.send(env, request, call).await {
        Ok(done) => {
            let filled = Filled { pairs: sent.pairs, ..Filled::default() };
            Ok(draw_trial(&desk, request, &filled, Some((&words, &done.told))))
        }
        Err(refused) => {
            let filled = Filled::refused(desk.lang, &form, &sent, &refused);
            Ok(draw_trial(&desk, request, &filled, None))
        }
    }
}

fn draw_trial(
    desk: &Desk,
    request: &Request,
    filled: &Filled,
    told: Option<(&str, &Value)>,
) -> Response {
    let lang = desk.lang;
    let own = path(grading());
    let above = [(own.as_str(), grading().name.text(lang))];
    let mut page = draw::page(desk, request, lang.of("Try a text", "试评一段文字"), &above);
    let html = &mut page.html;
    let about = lang.of("It is graded and kept nowhere.", "仅作评定，不会保存。");
    html.put("p", &[("class", "say")], about);
    desk.begin_form(html, &format!("{own}/try"), "panel");
    trial(lang).draw(html, desk, filled);
    draw::send(html, lang.of("Grade it", "评定"));
    html.close();
    if let Some((words, told)) = told {
        graded(html, lang, words, told);
    }
    page.answer(filled.status())
}

fn graded(html: &mut Html, lang: Lang, words: &str, told: &Value) {
    let grade = of(lang, &GRADES, text(told, "/grade"));
    let matched = at(told, "/grading/matched");
    draw::panel(html, "graded", lang.of("What it is graded", "评定结果"));
    html.open("dl", &[("class", "facts"), ("role", "status")]);
    draw::fact(html, lang.of("Grade", "等级"), grade);
    let score = web::view::text(at(told, "/grading/score"));
    draw::fact(html, lang.of("Score", "得分"), &score);
    draw::fact(html, lang.of("Type", "类型"), of(lang, &TYPES, text(told, "/type")));
    draw::fact(html, lang.of("Need", "需求"), of(lang, &NEEDS, text(told, "/need")));
    let urgency = of(lang, &URGENCIES, text(told, "/urgency"));
    draw::fact(html, lang.of("Urgency", "紧急程度"), urgency);
    html.close();
    if at(told, "/grading/needs_review").as_bool() == Some(true) {
        let text = lang.of(
            "Rules disagree, or found little: somebody should look at such a case.",
            "规则意见不一或依据不足：此类投诉应由人工确认。",
        );
        html.put("p", &[("class", "late")], text);
    }
    draw::marked(html, words, matched);
    if items(matched, "").is_empty() {
        let none = lang.of("No rule found anything in it.", "没有规则命中。");
        html.put("p", &[("class", "nothing")], none);
    } else {
        reasons(html, lang, words, matched);
    }
    html.close();
}

fn reasons(html: &mut Html, lang: Lang, words: &str, matched: &Value) {
    let heads = [
        lang.of("Words", "词语"),
        lang.of("Rule", "规则"),
        lang.of("Grade", "等级"),
        lang.of("Weight", "权重"),
    ];
    draw::table(html, lang.of("Why", "原因"), &heads);
    for it in items(matched, "") {
        let end = |at: usize| {
            let end = it.get("span").and_then(|it| it.get(at)).and_then(Value::as_u64);
            usize::try_from(end.unwrap_or(0)).unwrap_or(0)
        };
        let (from, to) = (end(0), end(1));
        let found: String = words.chars().skip(from).take(to.saturating_sub(from)).collect();
        let weight = web::view::text(at(it, "/weight"));
        let grade = of(lang, &GRADES, text(it, "/grade"));
        let head = if found.is_empty() { "–" } else { &found };
        draw::row(html, head, &[text(it, "/rule"), grade, &weight]);
    }
    draw::end_table(html);
}
