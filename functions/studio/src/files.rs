//! Files: answers taken out, and answers brought from elsewhere.

use domain::role::Role;
use http::Method;
use pages::html::Html;
use ports::Env;
use serde_json::Value;
use staff::form::{Kind, Select, select};
use staff::tell::{at, count, items, text};
use staff::{Call, Desk, Filled, Form, Input, Refused, Section, Sent, Signed, Verb, open, word};
use web::{Problem, Request, Response, view};

use crate::study::{STUDY, Study, api};
use crate::words;

/// What the page of files shows beside its forms.
struct Told {
    study: Study,
    import: Filled,
    mapping: Filled,
    /// What came of a file; null for none.
    report: Value,
}

/// Shows the page, and takes a file.
pub(crate) async fn page(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let is_sent = *request.method() == Method::POST;
    let role = if is_sent { Role::Manager } else { Role::Agent };
    let desk = match open(env, request, role).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let mut told = match read(env, request, &desk, id).await {
        Ok(it) => it,
        Err(refused) => return desk.refusal(&refused),
    };
    if is_sent {
        let sent = match desk.sent(env, request).await {
            Ok(sent) => sent,
            Err(problem) => return desk.told(problem),
        };
        match bring(env, request, &desk, (&told.study, &sent)).await {
            Ok(report) => told.report = report,
            Err(refused) => told.import = refused,
        }
    }
    Ok(draw(request, &desk, &told))
}

/// Takes the mapping.
pub(crate) async fn map(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let desk = match open(env, request, Role::Manager).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let sent = match desk.sent(env, request).await {
        Ok(sent) => sent,
        Err(problem) => return desk.told(problem),
    };
    let mut told = match read(env, request, &desk, id).await {
        Ok(it) => it,
        Err(refused) => return desk.refusal(&refused),
    };
    let form = mapping(&desk, &told.study);
    let mut body = match form.read(desk.lang, &sent) {
        Ok(body) => Value::Object(body),
        Err(filled) => {
            told.mapping = filled;
            return Ok(draw(request, &desk, &told));
        }
    };
    unfold(&mut body);
    let target = &api(&told.study.id, "/mapping");
    let call = Call { component: STUDY, verb: Verb::Put, target, ..Call::default() };
    let call = Call { body: &body, key: sent.key(), version: sent.version(), ..call };
    match desk.send(env, request, call).await {
        Ok(_) => Ok(desk.go(&told.study.path("/files"), "saved")),
        Err(refused) => {
            told.mapping = Filled::refused(desk.lang, &form, &sent, &refused);
            if refused.status == 412 {
                told.mapping.alert = crate::one::why(&desk, &refused);
                told.mapping.version = told.study.version;
            }
            Ok(draw(request, &desk, &told))
        }
    }
}

async fn read(env: &impl Env, request: &Request, desk: &Desk, id: &str) -> Result<Told, Refused> {
    let mut asked = vec![(STUDY, api(id, ""))];
    if Study::may_change(desk) {
        asked.push((STUDY, api(id, "/mapping")));
    }
    let mut told = desk.read(env, request, &asked).await.into_iter();
    let study = Study::of(&told.next().unwrap_or_else(|| Err(Refused::default()))?);
    let kept = told.next().and_then(Result::ok).unwrap_or_default();
    let mut filled = Filled::of(&mapping(desk, &study), &kept);
    filled.version = study.version;
    Ok(Told { study, import: Filled::default(), mapping: filled, report: Value::Null })
}

/// Where the columns of a file go: a heading for each part of a response, and for each question.
fn mapping(desk: &Desk, study: &Study) -> Form {
    let lang = desk.lang;
    let mut all = Vec::new();
    for (part, name) in &words::PARTS {
        all.push(Input::line(*part, name.text(lang)));
    }
    for it in study.questions() {
        if text(it, "/type") != "statement" {
            let name = format!("answers/{}", text(it, "/id"));
            all.push(Input::line(name, study.say(desk, at(it, "/text"))));
        }
    }
    for it in items(&study.definition, "/hidden") {
        let id = text(it, "/id");
        all.push(Input::line(format!("answers/{id}"), id));
    }
    Form::new(all)
}

/// What was typed as JSON says more than a heading.
fn unfold(body: &mut Value) {
    let Value::Object(members) = body else { return };
    for (_, it) in members.iter_mut() {
        match it {
            Value::String(typed) if typed.starts_with('{') => {
                if let Some(object) = view::object(typed) {
                    *it = Value::Object(object);
                }
            }
            Value::Object(_) => unfold(it),
            _ => {}
        }
    }
}

fn import(desk: &Desk) -> Form {
    let lang = desk.lang;
    let formats = vec![
        (String::new(), lang.of("By the mapping below", "按下面的列映射").to_owned()),
        ("formbricks".to_owned(), "Formbricks".to_owned()),
        ("delighted".to_owned(), "Delighted".to_owned()),
    ];
    Form::new(vec![
        Input::new("format", lang.of("Whose file", "文件来源"), Kind::Choice(formats)),
        Input::line("zone", lang.of("Zone of its times", "时间所用时区")).hint(lang.of(
            "For files of others: UTC if it is empty, otherwise such as Asia/Shanghai.",
            "仅用于其他系统的文件；留空为 UTC，例如 Asia/Shanghai。",
        )),
        Input::new("csv", "CSV", Kind::Text).needed().hint(lang.of(
            "With its headings in the first line. Larger files go through the API.",
            "第一行为列名。较大的文件请通过 API 导入。",
        )),
    ])
}

async fn bring(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    (study, sent): (&Study, &Sent),
) -> Result<Value, Filled> {
    let form = import(desk);
    let body = form.read(desk.lang, sent)?;
    let mut target = api(&study.id, "/import");
    let mut mark = '?';
    for name in ["format", "zone"] {
        let value = sent.get(name).trim();
        if !value.is_empty() {
            target.push(mark);
            target.push_str(&format!("{name}={}", word(value)));
            mark = '&';
        }
    }
    let csv = body.get("csv").cloned().unwrap_or_default();
    let call =
        Call { component: "import", target: &target, media_type: "text/csv", ..Call::default() };
    match desk.send(env, request, Call { body: &csv, key: sent.key(), ..call }).await {
        Ok(done) => Ok(done.told),
        Err(refused) => Err(Filled::refused(desk.lang, &form, sent, &refused)),
    }
}

fn draw(request: &Request, desk: &Desk, told: &Told) -> Response {
    let lang = desk.lang;
    let study = &told.study;
    let own = study.path("");
    let title = lang.of("Files", "文件");
    let mut page = desk.page_about(request, Section::Surveys, title, &study.above(&own, desk));
    let html = &mut page.html;
    study.tabs(html, desk, "/files");
    report(html, desk, &told.report);
    export(html, desk, study);
    if Study::may_change(desk) {
        html.open("section", &[("class", "panel"), ("aria-labelledby", "bring")]);
        html.put("h2", &[("id", "bring")], lang.of("Bring answers from elsewhere", "导入回答"));
        desk.begin_form(html, &study.path("/files"), "");
        import(desk).draw(html, desk, &told.import);
        let label = lang.of("Fill it from a file", "从文件读取");
        let file = [
            ("type", "file"),
            ("accept", ".csv,text/csv"),
            ("aria-label", label),
            ("data-into", "csv"),
            ("hidden", ""),
            ("data-scripted", ""),
        ];
        html.void("input", &file);
        html.put("button", &[], lang.of("Import", "导入"));
        html.close();
        html.close();
        columns(html, desk, told);
    }
    let status = match told.import.is_good() {
        true => told.mapping.status(),
        false => told.import.status(),
    };
    page.answer(status)
}

fn columns(html: &mut Html, desk: &Desk, told: &Told) {
    let lang = desk.lang;
    let open = pages::html::when(!told.mapping.is_good(), "open");
    html.open("details", &[("class", "panel"), (open, "")]);
    html.put("summary", &[], lang.of("Mapping of columns", "列映射"));
    html.put("p", &[("class", "hint")], lang.of(
        "Each field takes the heading of its column, or nothing. JSON says more: \
         {\"column\": \"Q1\", \"map\": {\"good\": 5}}.",
        "每项填写对应列的列名，没有则留空。也可写 JSON：{\"column\": \"Q1\", \"map\": {\"good\": 5}}。",
    ));
    desk.begin_form(html, &told.study.path("/files/mapping"), "");
    mapping(desk, &told.study).draw(html, desk, &told.mapping);
    html.put("button", &[], lang.of("Save the mapping", "保存列映射"));
    html.close();
    html.close();
}

fn export(html: &mut Html, desk: &Desk, study: &Study) {
    let lang = desk.lang;
    html.open("section", &[("class", "panel"), ("aria-labelledby", "take")]);
    html.put("h2", &[("id", "take")], lang.of("Take answers out", "导出回答"));
    html.put(
        "p",
        &[("class", "hint")],
        lang.of(
            "Personal data are hidden. Who took a file is noted.",
            "个人信息已隐去。导出会留下记录。",
        ),
    );
    let action = api(&study.id, "/export");
    html.open("form", &[("method", "get"), ("action", &action), ("class", "filters")]);
    if desk.is_spanning {
        let site = [("type", "hidden"), ("name", "site"), ("value", desk.site_id.as_str())];
        html.void("input", &site);
    }
    let formats = [("csv", "CSV"), ("jsonl", "JSON Lines")];
    let formats = formats.map(|it| (it.0.to_owned(), it.1.to_owned()));
    let label = lang.of("As", "格式");
    let it = Select { id: "export-format", name: "format", label, hint: "", wrong: "" };
    select(html, &it, &formats, "csv");
    let today = desk.zone.day(desk.now);
    let first = domain::civil::date(today.saturating_sub(89));
    for (name, label, value) in [
        ("from", lang.of("From", "从"), first),
        ("to", lang.of("To", "至"), domain::civil::date(today)),
    ] {
        let id = format!("export-{name}");
        html.open("div", &[("class", "field")]);
        html.put("label", &[("for", &id)], label);
        let attributes = [("type", "date"), ("id", &*id), ("name", name), ("value", &*value)];
        html.void("input", &attributes);
        html.close();
    }
    html.put("button", &[], lang.of("Download", "下载"));
    html.close();
    html.close();
}

/// What came of a file.
fn report(html: &mut Html, desk: &Desk, told: &Value) {
    if told.is_null() {
        return;
    }
    let lang = desk.lang;
    html.open("section", &[("class", "panel"), ("role", "status"), ("aria-labelledby", "came")]);
    html.put("h2", &[("id", "came")], lang.of("What came of the file", "导入结果"));
    html.open("dl", &[("class", "facts")]);
    for (member, en, zh) in [
        ("/rows", "Rows", "行数"),
        ("/taken", "Taken", "已导入"),
        ("/repeated", "There already", "此前已有"),
        ("/refused", "Refused", "未接受"),
    ] {
        html.put("dt", &[], lang.of(en, zh));
        html.put("dd", &[], &count(told, member).unwrap_or(0).to_string());
    }
    html.close();
    html.open("ul", &[]);
    for it in items(told, "/refusals") {
        let line = count(it, "/line").unwrap_or(0);
        for error in items(it, "/errors") {
            let pointer = text(error, "/pointer").trim_start_matches('/');
            let detail = text(error, "/detail");
            html.put(
                "li",
                &[],
                &match lang {
                    web::Lang::En => format!("Line {line}, {pointer}: {detail}"),
                    web::Lang::Zh => format!("第 {line} 行，{pointer}：{detail}"),
                },
            );
        }
    }
    html.close();
    html.close();
}
