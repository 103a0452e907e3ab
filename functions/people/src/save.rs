//! `/desk/customers/new` and `/desk/customers/{id}/edit`: who they are, as staff know it.

use domain::role::Role;
use http::{Method, StatusCode};
use pages::words::GROUPS;
use ports::Env;
use serde_json::Value;
use staff::form::{Empty, Kind};
use staff::tell::{self, text};
use staff::{Call, Desk, Filled, Form, Input, Section, Signed, Verb};
use web::lang::Lang;
use web::{Problem, Request, Response};

use crate::{api_of, called, page_of};

/// The fields; the company's own id is given once and never changes.
fn form(desk: &Desk, agents: &Value, is_new: bool) -> Form {
    let lang = desk.lang;
    let line = |name: &str, en, zh| Input::line(name, lang.of(en, zh)).empty(Empty::Null);
    let mut inputs = Vec::with_capacity(10);
    if is_new {
        let number = Input::line("external_id", lang.of("Customer number", "客户编号"));
        inputs.push(number.needed().hint(lang.of(
            "As your own systems have it. It never changes.",
            "与您自有系统中的编号一致，建档后不可更改。",
        )));
    }
    let groups = Kind::Choice(tell::choices(lang, &GROUPS, lang.of("none", "无")));
    let advisers = Kind::Choice(tell::named(agents, lang.of("nobody", "无")));
    inputs.extend([
        line("contacts/name", "Name", "姓名"),
        line("contacts/phone", "Phone", "手机"),
        line("contacts/email", "E-mail", "邮箱"),
        line("contacts/wechat", "WeChat", "微信号"),
        Input::new("group", lang.of("Group", "客群"), groups).empty(Empty::Null),
        Input::new("adviser_id", lang.of("Adviser", "专属顾问"), advisers).empty(Empty::Null).hint(
            lang.of(
                "Complaints of core customers go to their adviser first.",
                "核心客户的投诉优先分派给专属顾问。",
            ),
        ),
        line("language", "Language", "语言").hint(lang.of(
            "Such as zh-CN or en: in which they are written to and called.",
            "例如 zh-CN 或 en，用于发送消息和回电。",
        )),
        line("zone", "Time zone", "时区").hint(lang.of(
            "Such as Asia/Shanghai; empty is the site's. Nobody is called at night.",
            "例如 Asia/Shanghai，留空则按站点时区。不会在当地夜间致电。",
        )),
        Input::new(
            "has_consent",
            lang.of("Agreed to be asked for feedback", "同意接受满意度回访"),
            Kind::Flag,
        )
        .hint(
            lang.of(
                "Without it, no wave of invitations asks them.",
                "未同意的客户不会收到调研邀请。",
            ),
        ),
    ]);
    Form::new(inputs)
}

pub(crate) async fn create(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let desk = match staff::open(env, request, Role::Agent).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let form = form(&desk, &agents(&desk, env, request).await, true);
    let mut filled = Filled::default();
    if *request.method() == Method::POST {
        let sent = match desk.sent(env, request).await {
            Ok(sent) => sent,
            Err(problem) => return desk.told(problem),
        };
        let call = Call { component: "customer", target: "/v1/customers", ..Call::default() };
        match desk.submit(env, request, (&form, &sent), call).await {
            Ok(done) => return Ok(desk.go(&page_of(text(&done.told, "/id")), "created")),
            Err(refused) => filled = refused,
        }
    }
    let title = desk.lang.of("New customer", "新建客户");
    Ok(draw(&desk, request, (&form, &filled), (title, "/desk/customers/new", None)))
}

pub(crate) async fn change(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let desk = match staff::open(env, request, Role::Agent).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let (here, target) = (page_of(id), api_of(id));
    let read = [("customer", target.clone()), ("admin", "/v1/agents?limit=100".to_owned())];
    let mut told = desk.read(env, request, &read).await.into_iter();
    let customer = match told.next() {
        Some(Ok(it)) => it,
        Some(Err(refused)) => return desk.refusal(&refused),
        None => return desk.nothing(),
    };
    if !text(&customer, "/erased_at").is_empty() {
        return Ok(desk.go(&here, ""));
    }
    let agents = told.next().and_then(Result::ok).unwrap_or_default();
    let form = form(&desk, &agents, false);
    let mut filled = Filled::of(&form, &customer);
    if *request.method() == Method::POST {
        let sent = match desk.sent(env, request).await {
            Ok(sent) => sent,
            Err(problem) => return desk.told(problem),
        };
        let call =
            Call { component: "customer", verb: Verb::Patch, target: &target, ..Call::default() };
        match desk.submit(env, request, (&form, &sent), call).await {
            Ok(_) => return Ok(desk.go(&here, "saved")),
            Err(refused) => filled = refused,
        }
    }
    let name = called(desk.lang, &customer);
    let title = match desk.lang {
        Lang::En => format!("Edit {name}"),
        Lang::Zh => format!("编辑：{name}"),
    };
    let edit = format!("{here}/edit");
    Ok(draw(&desk, request, (&form, &filled), (&title, &edit, Some((&here, &name)))))
}

/// Those who can be advisers; without them the others can be filled in all the same.
async fn agents(desk: &Desk, env: &impl Env, request: &Request) -> Value {
    desk.read_one(env, request, ("admin", "/v1/agents?limit=100")).await.unwrap_or_default()
}

fn draw(
    desk: &Desk,
    request: &Request,
    (form, filled): (&Form, &Filled),
    (title, path, of): (&str, &str, Option<(&str, &str)>),
) -> Response {
    let lang = desk.lang;
    let mut above = vec![("/desk/customers", lang.of("Customers", "客户"))];
    above.extend(of);
    let mut page = desk.page_about(request, Section::Customers, title, &above);
    let html = &mut page.html;
    html.open("section", &[("class", "panel")]);
    desk.begin_form(html, path, "");
    form.draw(html, desk, filled);
    html.put("button", &[], lang.of("Save", "保存"));
    html.close();
    html.close();
    let status = filled.status();
    page.answer(if filled.is_good() { StatusCode::OK } else { status })
}
