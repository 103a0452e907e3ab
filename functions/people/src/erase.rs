//! `/desk/customers/{id}/erase`: says what goes and what stays, and asks once more.

use domain::role::Role;
use http::Method;
use pages::html::Html;
use ports::Env;
use serde_json::Value;
use staff::tell::{at, text};
use staff::{Call, Desk, Filled, Form, Input, Section, Signed, Verb};
use web::lang::{Lang, Said, said};
use web::{Problem, Request, Response};

use crate::{api_of, called, page_of};

/// What goes.
static GOES: [Said; 7] = [
    said(
        "name, phone, e-mail, WeChat, customer number, adviser and consent",
        "姓名、手机、邮箱、微信号、客户编号、专属顾问和授权",
    ),
    said(
        "what they wrote in surveys, what was read in it, and what they have not finished",
        "在问卷中写的内容及其分析结果，以及未答完的问卷",
    ),
    said(
        "all words and files of their complaints, notes of staff included, their contacts there, \
         private links and coupon codes",
        "投诉中的全部文字和附件（含员工备注）、其中的联系方式、私密链接和券码",
    ),
    said(
        "number, name and notes of their call-backs; open ones are called off",
        "回电中的号码、姓名和备注；未完成的回电将取消",
    ),
    said(
        "subject and text of their tickets and messages, and what other systems sent about them",
        "工单和消息的主题与内容，以及其他系统发来的相关原始数据",
    ),
    said("the numbers of their orders and what these come to", "订单号及其消费汇总"),
    said(
        "whom invitations were for, and when surveys were shown to them",
        "邀请的对象，以及问卷的展示记录",
    ),
];
/// What stays, without them.
static STAYS: [Said; 5] = [
    said("scores, with the group, so that figures stay right", "评分及客群，以保证统计准确"),
    said(
        "complaints with grade, times, cause and amounts, without words",
        "投诉的等级、时间、根源和金额，不含文字",
    ),
    said("call-backs with times and outcomes", "回电的时间和结果"),
    said(
        "that a number must not be called, if it asked for that, as a hash that nobody can read",
        "“请勿致电”的要求，仅保留无法还原号码的哈希值",
    ),
    said(
        "orders with amounts, and the trail of who changed what and when, without anything \
         personal",
        "订单金额，以及不含个人信息的变更记录",
    ),
];

/// The one field: whom it is about.
fn form(desk: &Desk) -> Form {
    let lang = desk.lang;
    let label = lang.of("Customer number or id, to confirm", "输入客户编号或 ID 以确认");
    Form::new(vec![Input::line("confirm", label).needed()])
}

pub(crate) async fn page(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let desk = match staff::open(env, request, Role::Manager).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let (here, target) = (page_of(id), api_of(id));
    let customer = match desk.read_one(env, request, ("customer", &target)).await {
        Ok(it) => it,
        Err(refused) => return desk.refusal(&refused),
    };
    let form = form(&desk);
    let mut filled = Filled::default();
    if *request.method() == Method::POST {
        let sent = match desk.sent(env, request).await {
            Ok(sent) => sent,
            Err(problem) => return desk.told(problem),
        };
        let typed = sent.get("confirm").trim();
        let names = [text(&customer, "/external_id"), text(&customer, "/id")];
        if typed.is_empty() || !names.contains(&typed) {
            filled = Filled { pairs: sent.pairs.clone(), status: 422, ..Filled::default() };
            let rule = desk.lang.of(
                "must be the number of this customer, so that nobody else is erased",
                "须为该客户的编号，以免误删他人",
            );
            filled.refuse(desk.lang, "confirm", rule);
        } else {
            let call = Call {
                component: "customer",
                verb: Verb::Delete,
                target: &target,
                key: sent.key(),
                version: sent.version(),
                ..Call::default()
            };
            match desk.send(env, request, call).await {
                Ok(_) => return Ok(desk.go(&here, "erased")),
                Err(refused) => {
                    filled = Filled::refused(desk.lang, &form, &sent, &refused);
                    if refused.status == 412 {
                        filled.alert = changed(&desk);
                    }
                }
            }
        }
    }
    if !text(&customer, "/erased_at").is_empty() {
        return Ok(desk.go(&here, ""));
    }
    // What was read just now is what goes: whoever sends it again has seen it.
    filled.version = at(&customer, "/version").as_i64().unwrap_or(0);
    Ok(draw(&desk, request, (&form, &filled), &customer))
}

fn changed(desk: &Desk) -> String {
    desk.lang
        .of(
            "Somebody changed this customer meanwhile. Look at them once more, then send it again.",
            "该客户资料刚被他人更改，请再次核对后重新提交。",
        )
        .to_owned()
}

fn draw(
    desk: &Desk,
    request: &Request,
    (form, filled): (&Form, &Filled),
    customer: &Value,
) -> Response {
    let lang = desk.lang;
    let here = page_of(text(customer, "/id"));
    let name = called(lang, customer);
    let above = [("/desk/customers", lang.of("Customers", "客户")), (&here, &name)];
    let title = match lang {
        Lang::En => format!("Erase {name}?"),
        Lang::Zh => format!("抹除 {name}？"),
    };
    let mut page = desk.page_about(request, Section::Customers, &title, &above);
    let html = &mut page.html;
    html.open("section", &[("class", "panel")]);
    html.put(
        "p",
        &[],
        lang.of(
            "This cannot be undone. If they want a copy of their data, export it first.",
            "此操作不可恢复。如客户需要数据副本，请先导出。",
        ),
    );
    html.put("h2", &[], lang.of("What goes", "将被抹除"));
    told(html, desk, &GOES);
    html.put("h2", &[], lang.of("What stays, without them", "匿名保留"));
    told(html, desk, &STAYS);
    desk.begin_form(html, &format!("{here}/erase"), "");
    form.draw(html, desk, filled);
    html.put("button", &[("class", "danger")], lang.of("Erase for good", "永久抹除"));
    html.close();
    html.open("p", &[]);
    html.put("a", &[("href", &desk.href(&here))], lang.of("Do not erase", "不抹除，返回"));
    html.close();
    html.close();
    let status = filled.status();
    page.answer(status)
}

fn told(html: &mut Html, desk: &Desk, all: &[Said]) {
    html.open("ul", &[]);
    for it in all {
        html.put("li", &[], it.text(desk.lang));
    }
    html.close();
}
