//! What came of a call: an outcome, a note, and the answers to the survey of its service.

use domain::role::Role;
use pages::html::{Html, when};
use ports::Env;
use serde_json::Value;
use staff::form::Kind;
use staff::tell::{choices, of, text};
use staff::{Call, Desk, Filled, Form, Input, Refused, Sent, Signed, Verb, word};
use web::{Problem, Request, Response};

use crate::call::{Note, Told};
use crate::tell::path;
use crate::words;

/// Takes the form.
pub(crate) async fn take(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let desk = match staff::open(env, request, Role::Agent).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let sent = match desk.sent(env, request).await {
        Ok(sent) => sent,
        Err(problem) => return desk.told(problem),
    };
    let told = match Told::load(env, request, &desk, id).await {
        Ok(told) => told,
        Err(refused) => return desk.refusal(&refused),
    };
    let filled = match record(env, request, &desk, &told, &sent).await {
        Ok(()) => return Ok(desk.go(&path(id), "done")),
        Err(filled) => filled,
    };
    let note = Note { text: kindly(&desk, &told, &filled), is_wrong: false };
    Ok(told.page(request, &desk, &filled, &note))
}

async fn record(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    told: &Told,
    sent: &Sent,
) -> Result<(), Filled> {
    let mut body = form(desk).read(desk.lang, sent)?;
    if !sent.get("outcome").is_empty() {
        body.insert("outcome".to_owned(), sent.get("outcome").into());
    }
    if desk.agent_id.is_empty() {
        body.insert("agent_id".to_owned(), text(&told.call, "/agent_id").into());
    }
    if let Some(survey) = &told.survey {
        let answers = survey.answers(sent);
        if !answers.is_empty() {
            body.insert("answers".to_owned(), answers.into());
        }
    }
    let target = format!("/v1/callbacks/{}/attempts", word(text(&told.call, "/id")));
    let body = Value::Object(body);
    let call = Call {
        component: "call",
        verb: Verb::Post,
        target: &target,
        body: &body,
        key: sent.key(),
        ..Call::default()
    };
    let refused: Refused = match desk.send(env, request, call).await {
        Ok(_) => return Ok(()),
        Err(refused) => refused,
    };
    Err(Filled::refused(desk.lang, &whole(desk, told), sent, &refused))
}

/// What to do where somebody else was faster, or it took too long.
fn kindly(desk: &Desk, told: &Told, filled: &Filled) -> String {
    let lang = desk.lang;
    if filled.status != 409 || told.is_mine(desk) {
        return String::new();
    }
    if told.is("calling") {
        return format!(
            "{}{}",
            told.whose(),
            lang.of(
                " has this call now. What you typed is kept below; talk to them before you \
                 record it.",
                " 正在处理此回电。您填写的内容已保留在下方，请先与其沟通。",
            )
        );
    }
    if told.is("booked") || told.is("waiting") {
        return lang
            .of(
                "Your time with this call was over, so it went back to the queue. What you \
                 typed is kept below: take the call again, and send it once more.",
                "处理时限已过，此回电已放回队列。您填写的内容已保留在下方：请重新接手后再提交。",
            )
            .to_owned();
    }
    let state = of(lang, &words::STATES, text(&told.call, "/state"));
    match lang {
        web::lang::Lang::En => format!(
            "This call is over meanwhile ({}). What you typed is kept below, in case it is \
             needed elsewhere.",
            state.to_lowercase()
        ),
        web::lang::Lang::Zh => {
            format!("此回电已结束（{state}）。您填写的内容保留在下方，可另作他用。")
        }
    }
}

/// The fields beside the outcome.
fn form(desk: &Desk) -> Form {
    let lang = desk.lang;
    let zone = pages::time::zone_name(desk.zone, desk.now);
    Form::new(vec![
        Input::new("note", lang.of("Note", "备注"), Kind::Text).hint(lang.of(
            "What whoever calls next must know. It goes when the customer is erased.",
            "供下一位拨打者参考；抹除客户信息时一并删除。",
        )),
        Input::new("next_at", lang.of("Agreed time", "约定的时间"), Kind::Moment(desk.zone)).hint(
            format!(
                "{} {zone}",
                lang.of(
                    "With no answer or busy: when to try again, if that was agreed. \
                     Otherwise the service’s own steps hold.",
                    "无人接听或占线时，如已约定再次致电的时间请填写；否则按服务的重拨间隔。",
                )
            ),
        ),
        Input::new("duration_s", lang.of("How long, in seconds", "通话时长（秒）"), Kind::Whole),
        Input::new(
            "do_not_call",
            lang.of("Never call this number again", "不再致电此号码"),
            Kind::Flag,
        ),
    ])
}

/// The same with all that can be refused.
fn whole(desk: &Desk, told: &Told) -> Form {
    let lang = desk.lang;
    let mut whole = form(desk);
    let outcomes = choices(lang, &words::OUTCOMES, "");
    let outcome = Input::new("outcome", lang.of("Outcome", "结果"), Kind::Several(outcomes));
    whole.inputs.insert(0, outcome);
    if let Some(survey) = &told.survey {
        whole.inputs.extend(survey.inputs());
    }
    whole.inputs.push(Input::line("answers", lang.of("Answers", "回答")));
    whole
}

/// Draws the form.
pub(crate) fn draw(html: &mut Html, desk: &Desk, told: &Told, filled: &Filled) {
    let lang = desk.lang;
    desk.begin_form(html, &format!("{}/attempts", path(text(&told.call, "/id"))), "calls");
    whole(desk, told).alert(html, lang, filled);
    if let Some(survey) = &told.survey {
        html.open("div", &[("id", "answers"), ("tabindex", "-1")]);
        html.put("h3", &[], lang.of("Questions to ask", "请询问以下问题"));
        if !filled.wrong("answers").is_empty() {
            html.put("p", &[("class", "error")], filled.wrong("answers"));
        }
        survey.draw(html, desk, filled);
        html.close();
    }
    outcomes(html, desk, filled);
    let form = form(desk);
    let (note, more) = form.inputs.split_at(1);
    Form::new(note.to_vec()).fields(html, desk, &Filled { version: 0, ..filled.clone() });
    let is_used = more.iter().any(|it| !filled.get(it.name()).is_empty());
    html.open("details", &[(when(is_used, "open"), "")]);
    html.put("summary", &[], lang.of("More", "更多"));
    Form::new(more.to_vec()).fields(html, desk, &Filled { version: 0, ..filled.clone() });
    html.close();
    html.put("button", &[], lang.of("Done", "完成"));
    html.close();
}

/// What can come of it: a key chooses, and return sends.
fn outcomes(html: &mut Html, desk: &Desk, filled: &Filled) {
    let (lang, wrong) = (desk.lang, filled.wrong("outcome"));
    let class = if wrong.is_empty() { "field" } else { "field bad" };
    let described = (when(!wrong.is_empty(), "aria-describedby"), "outcome-wrong");
    html.open("fieldset", &[("class", class), described]);
    html.put("legend", &[], lang.of("Outcome", "结果"));
    if !wrong.is_empty() {
        html.put("p", &[("class", "error"), ("id", "outcome-wrong")], wrong);
    }
    html.open("div", &[("class", "times")]);
    for (at, (name, label)) in words::OUTCOMES.iter().enumerate() {
        let (id, key, label) = (format!("outcome-{name}"), (at + 1).to_string(), label.text(lang));
        html.open("label", &[]);
        let attributes = [
            ("type", "radio"),
            ("id", id.as_str()),
            ("name", "outcome"),
            ("value", name),
            ("data-key", key.as_str()),
            ("data-does", label),
            (when(filled.get("outcome") == *name, "checked"), ""),
        ];
        html.void("input", &attributes);
        html.open("span", &[]);
        html.text(label);
        html.close();
        html.close();
    }
    html.close();
    html.close();
}
