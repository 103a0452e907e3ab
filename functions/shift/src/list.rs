//! All calls, newest first, or those of some days by their time.

use domain::role::Role;
use http::StatusCode;
use pages::html::{Html, when};
use ports::Env;
use serde_json::Value;
use staff::tell::{choices, items, name_of, named, of, text};
use staff::{Desk, Section, Signed, word};
use web::{Problem, Request, Response};

use crate::tell::{above, line, path, promise, retry, state, tabs, when_it_is};
use crate::words;

/// The address of the page.
const PATH: &str = "/desk/callbacks/all";
/// What it can be filtered by, as the API calls it.
const FILTERS: [&str; 6] = ["state", "purpose", "service_id", "agent_id", "from", "to"];

pub(crate) async fn show(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let desk = match staff::open(env, request, Role::Agent).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let mut query = String::new();
    for name in FILTERS {
        if let Some(value) = request.param(name).filter(|it| !it.is_empty()) {
            let mark = if query.is_empty() { '?' } else { '&' };
            query.push_str(&format!("{mark}{name}={}", word(value)));
        }
    }
    let mark = if query.is_empty() { '?' } else { '&' };
    let after = word(request.param("after").unwrap_or(""));
    let asked = [
        ("callback", format!("/v1/callbacks{query}{mark}limit=50&after={after}")),
        ("service", "/v1/services?limit=100".to_owned()),
        ("admin", "/v1/agents?limit=100".to_owned()),
    ];
    let mut told = desk.read(env, request, &asked).await.into_iter();
    let (Some(calls), Some(services), Some(agents)) = (told.next(), told.next(), told.next())
    else {
        return Err(Problem::not_found());
    };
    let lang = desk.lang;
    let any = lang.of("All", "全部");
    let services = named(&services.unwrap_or_default(), any);
    let agents = named(&agents.unwrap_or_default(), any);
    let title = lang.of("All calls", "全部回电");
    let mut page = desk.page_about(request, Section::Calls, title, &above(&desk)).live();
    let html = &mut page.html;
    tabs(html, &desk, PATH);
    filters(html, &desk, request, (&services, &agents));
    let status = match &calls {
        Ok(calls) => {
            list(html, &desk, items(calls, "/items"), (&services, &agents));
            desk.more(html, &format!("{PATH}{query}"), text(calls, "/next"));
            StatusCode::OK
        }
        Err(refused) => {
            html.put(
                "p",
                &[("class", "wrong"), ("role", "alert")],
                &crate::sheet::why(&desk, refused),
            );
            StatusCode::from_u16(refused.status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE)
        }
    };
    Ok(page.answer(status))
}

/// Values and what they are called.
type Choices = [(String, String)];

fn filters(
    html: &mut Html,
    desk: &Desk,
    request: &Request,
    (services, agents): (&Choices, &Choices),
) {
    let lang = desk.lang;
    let any = lang.of("All", "全部");
    desk.begin_query(html, PATH, "filters");
    let lists = [
        ("state", lang.of("State", "状态"), choices(lang, &words::STATES, any)),
        ("purpose", lang.of("Why", "事由"), choices(lang, &words::PURPOSES, any)),
        ("service_id", lang.of("Service", "服务"), services.to_vec()),
        ("agent_id", lang.of("Agent", "员工"), agents.to_vec()),
    ];
    for (name, label, options) in &lists {
        let chosen = request.param(name).unwrap_or("");
        html.open("label", &[]);
        html.text(label);
        html.open("select", &[("name", name)]);
        for (value, text) in options {
            html.put("option", &[("value", value), (when(value == chosen, "selected"), "")], text);
        }
        html.close();
        html.close();
    }
    for (name, label) in [("from", lang.of("From", "从")), ("to", lang.of("To", "至"))] {
        html.open("label", &[]);
        html.text(label);
        let value = request.param(name).unwrap_or("");
        html.void("input", &[("type", "date"), ("name", name), ("value", value)]);
        html.close();
    }
    html.put("button", &[], lang.of("Show", "查看"));
    html.close();
    let about = lang.of(
        "With days, appointments by their time; without, the newest first.",
        "选择日期时按预约时间排列，否则最新的在前。",
    );
    html.put("p", &[("class", "soft")], about);
}

fn list(html: &mut Html, desk: &Desk, calls: &[Value], (services, agents): (&Choices, &Choices)) {
    let lang = desk.lang;
    if calls.is_empty() {
        let none = lang.of(
            "No calls here. Customers book them on their page, agents book them here, and \
             rules make them after complaints, orders and answers.",
            "这里没有回电。客户可在预约页预约，员工可在此预约，回访规则也会在投诉、订单和答卷之后自动生成。",
        );
        html.put("p", &[("class", "nothing")], none);
        return;
    }
    html.open("ul", &[("class", "list")]);
    for it in calls {
        html.open("li", &[]);
        html.open("h2", &[]);
        html.open("a", &[("href", &desk.href(&path(text(it, "/id")))), ("data-row", "")]);
        line(html, &[&when_it_is(desk, it), name_of(services, text(it, "/service_id"))]);
        html.close();
        html.close();
        html.open("p", &[]);
        state(html, desk, it);
        html.text(" ");
        let purpose = of(lang, &words::PURPOSES, text(it, "/purpose"));
        let whose = match text(it, "/agent_id") {
            "" => "",
            id => name_of(agents, id),
        };
        line(html, &[purpose, whose]);
        html.close();
        html.open("p", &[]);
        promise(html, desk, it);
        html.text(" ");
        html.text(&retry(desk, it));
        html.close();
        html.close();
    }
    html.close();
}
