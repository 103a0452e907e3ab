//! `/desk/inbox/screened`: responses that were left out of the figures, to confirm or to overrule.

use domain::role::Role;
use pages::html::Html;
use ports::{Env, Verb};
use serde_json::{Value, json};
use staff::tell::{at, items, text};
use staff::{Call, Desk, Section, Sent, word};
use web::{Problem, Request, Response};

use crate::low::{aside, asked, back, put_aside};
use crate::part::{self, name, nothing, tabs};
use crate::{ROWS, Told, Wrong, key_of, words};

/// The address of the list.
pub(crate) const PATH: &str = "/desk/inbox/screened";

pub(crate) async fn page(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    form: Option<&Sent>,
) -> Result<Response, Problem> {
    let mut wrong = Wrong::default();
    if let Some(sent) = form {
        let done = match sent.get("id") {
            "" => put_aside(env, request, desk, sent).await,
            id => decide(env, request, desk, (sent, id)).await,
        };
        match done {
            Ok(()) => return Ok(desk.go(back(sent, PATH), "done")),
            Err(it) => wrong = it,
        }
    }
    let after = request.param("after").unwrap_or("");
    let read = [("response", asked("screened", ROWS, after)), ("response", "/v1/inbox".to_owned())];
    let told = desk.read(env, request, &read).await;
    let [found, counts] = told.as_slice() else { return Err(Problem::not_found()) };
    let title = name(desk.lang, "screened");
    let above = [part::inbox(desk.lang)];
    let mut page = desk.page_about(request, Section::Inbox, title, &above);
    if form.is_none() {
        page = page.live();
    }
    pages::notes(&mut page.html, &wrong.alert, &[]);
    tabs(&mut page.html, desk, "screened", counts.as_ref().unwrap_or(&Value::Null));
    list(&mut page.html, desk, found);
    if let Ok(found) = found {
        desk.more(&mut page.html, PATH, text(found, "/next"));
    }
    Ok(page.answer(wrong.status))
}

/// Has a response count again, or leaves it out for good.
async fn decide(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    (sent, id): (&Sent, &str),
) -> Result<(), Wrong> {
    let target = format!("/v1/studies/{}/responses/{}", word(sent.get("survey")), word(id));
    let key = key_of(sent, id);
    let body = json!({ "is_counted": sent.get("do") == "count" });
    let call = Call {
        component: "study",
        verb: Verb::Patch,
        target: &target,
        body: &body,
        key: &key,
        version: sent.version(),
        ..Call::default()
    };
    let done = desk.send(env, request, call).await;
    done.map(|_| ()).map_err(|it| Wrong::of(desk, &it))
}

pub(crate) fn list(html: &mut Html, desk: &Desk, told: &Told) {
    let lang = desk.lang;
    let found = match told {
        Ok(found) => items(found, "/items"),
        Err(refused) => return nothing(html, &words::gap(lang, refused)),
    };
    if found.is_empty() {
        let none = lang.of(
            "Nothing that was screened out waits. Answers too fast to be read, handed in twice or \
             without substance come here and stay out of the figures until somebody overrules it.",
            "没有待复核的答卷。作答过快、重复提交或没有内容的答卷会出现在这里，复核前不计入统计。",
        );
        return nothing(html, none);
    }
    html.open("ul", &[("class", "list")]);
    for it in found {
        row(html, desk, it);
    }
    html.close();
}

/// One response: why it is out, what was answered, and what to do about it.
fn row(html: &mut Html, desk: &Desk, it: &Value) {
    let lang = desk.lang;
    let href = desk.href(&format!("{}/{}", crate::low::PATH, word(text(it, "/id"))));
    html.open("li", &[]);
    html.open("p", &[]);
    html.put("a", &[("href", &href), ("data-row", "")], &part::title(lang, it));
    html.close();
    html.open("ul", &[("class", "reasons")]);
    for reason in items(it, "/screened") {
        html.put("li", &[], words::reason(lang, reason.as_str().unwrap_or("")));
    }
    html.close();
    part::scores(html, lang, items(it, "/scores").get(1..).unwrap_or_default());
    part::answers(html, it, false);
    part::about(html, desk, it);
    html.open("div", &[("class", "row-acts")]);
    if desk.may(Role::Manager) {
        for (act, label) in [
            ("count", lang.of("Count it again", "恢复计入")),
            ("leave", lang.of("Leave it out", "确认剔除")),
        ] {
            let version = at(it, "/version").as_i64().unwrap_or(0).to_string();
            let values = [
                ("id", text(it, "/id")),
                ("survey", text(it, "/survey/id")),
                ("version", version.as_str()),
                ("do", act),
            ];
            desk.button_with(html, PATH, "quiet", label, &values);
        }
    } else {
        aside(html, desk, it, ("screened", false));
    }
    html.close();
    html.close();
}
