//! `/desk/settings`: everything that can be set up, with a sentence for each.

use domain::role::Role;
use http::StatusCode;
use ports::Env;
use staff::{Section, Signed};
use web::{Problem, Request, Response};

use crate::thing::Two;

/// A part: who sees it, where it is, what it is called and what it is for.
type Part = (Role, &'static str, Two, Two);

static GROUPS: [(Two, &[Part]); 4] = [
    (
        Two("The company", "公司与旅程"),
        &[
            (
                Role::Viewer,
                "/desk/settings/site",
                Two("Site", "站点"),
                Two(
                    "Its name, its clock, the pages that may ask, and how sure figures must be.",
                    "名称、时区、允许使用问卷的网页，以及显示分数的最低样本量。",
                ),
            ),
            (
                Role::Viewer,
                "/desk/settings/site#languages",
                Two("Languages", "语言"),
                Two(
                    "Those in which you speak to customers, and which one holds if they said none.",
                    "与客户沟通使用的语言，以及客户未说明时的默认语言。",
                ),
            ),
            (
                Role::Viewer,
                "/desk/settings/site#retention/responses",
                Two("Retention", "数据保留"),
                Two(
                    "After how many days personal data goes by itself, while the scores stay.",
                    "个人数据保留多少天后自动清除；评分不受影响。",
                ),
            ),
            (
                Role::Viewer,
                "/desk/settings/touchpoints",
                Two("Touchpoints", "触点"),
                Two(
                    "Where customers meet you, with targets and service standards.",
                    "客户与您接触的环节，及其目标分与服务标准。",
                ),
            ),
            (
                Role::Viewer,
                "/dashboard/goals",
                Two("Goals", "目标"),
                Two("Where the company stands against its goals.", "公司各项目标的达成情况。"),
            ),
        ],
    ),
    (
        Two("People and work", "人员与工作"),
        &[
            (
                Role::Viewer,
                "/desk/settings/departments",
                Two("Departments", "部门"),
                Two("Who works together and shares a queue.", "共同工作、共用队列的团队。"),
            ),
            (
                Role::Viewer,
                "/desk/settings/agents",
                Two("Agents", "客服"),
                Two(
                    "Who serves customers: skills, hours, absences, how much each carries.",
                    "为客户服务的员工：技能、工作时间、缺勤与工作量上限。",
                ),
            ),
            (
                Role::Agent,
                "/desk/settings/templates",
                Two("Reply templates", "回复模板"),
                Two("Texts that agents begin from.", "客服可套用的文本。"),
            ),
            (
                Role::Viewer,
                "/desk/rules/calendars",
                Two("Calendars", "日历"),
                Two(
                    "Working hours and holidays, by which clocks count.",
                    "工作时间与节假日，时限据此计算。",
                ),
            ),
            (
                Role::Viewer,
                "/desk/rules",
                Two("Rules", "规则"),
                Two(
                    "How complaints are graded, what is promised, who is told when it is late, and \
                     which call-backs there are.",
                    "投诉如何分级、承诺多快答复、超时通知谁，以及提供哪些回电服务。",
                ),
            ),
            (
                Role::Manager,
                "/desk/supply",
                Two("Hours of call-backs", "回电排班"),
                Two("When calls can be made, and by whom.", "何时可以回电、由谁回电。"),
            ),
        ],
    ),
    (
        Two("Systems", "系统对接"),
        &[
            (
                Role::Admin,
                "/desk/settings/keys",
                Two("Keys", "密钥"),
                Two("How people, systems and pages come in.", "员工、系统与网页的访问凭证。"),
            ),
            (
                Role::Manager,
                "/desk/settings/webhooks",
                Two("Webhooks", "Webhook"),
                Two(
                    "Which systems are told what happens here, and whether it arrived.",
                    "将事件通知哪些系统，以及是否送达。",
                ),
            ),
            (
                Role::Manager,
                "/desk/settings/sources",
                Two("Sources", "数据来源"),
                Two(
                    "Which systems tell you of orders, tickets, ratings and counts.",
                    "由哪些系统推送订单、工单、评分与计数。",
                ),
            ),
            (
                Role::Manager,
                "/dashboard/shares",
                Two("Shared views", "分享的视图"),
                Two("Links that show figures without a key.", "无需密钥即可查看数据的链接。"),
            ),
        ],
    ),
    (
        Two("From the beginning", "从头开始"),
        &[(
            Role::Admin,
            "/desk/start",
            Two("Set-up, step by step", "设置向导"),
            Two("What is done already, and what comes next.", "已完成的步骤与下一步。"),
        )],
    ),
];

/// The page, with what whoever looks may see.
pub(crate) async fn show(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let desk = match staff::open(env, request, Role::Viewer).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let title = Section::Settings.name();
    let mut page = desk.page(request, Section::Settings, title.text(desk.lang));
    let html = &mut page.html;
    html.put(
        "p",
        &[],
        desk.lang.of(
            "Every change made here is kept, with who made it and when.",
            "此处的每次更改都会记录更改人与时间。",
        ),
    );
    for (number, (name, parts)) in GROUPS.iter().enumerate() {
        if !parts.iter().any(|it| desk.may(it.0)) {
            continue;
        }
        let id = format!("group-{number}");
        html.open("section", &[("class", "panel"), ("aria-labelledby", &id)]);
        html.put("h2", &[("id", &id)], name.text(desk.lang));
        html.open("dl", &[("class", "facts parts")]);
        for (_, path, name, about) in parts.iter().filter(|it| desk.may(it.0)) {
            html.open("dt", &[]);
            let (path, fragment) = path.split_once('#').unwrap_or((path, ""));
            let mark = if fragment.is_empty() { "" } else { "#" };
            let href = format!("{}{mark}{fragment}", desk.href(path));
            html.put("a", &[("href", &href), ("data-row", "")], name.text(desk.lang));
            html.close();
            html.put("dd", &[], about.text(desk.lang));
        }
        html.close();
        html.close();
    }
    Ok(page.answer(StatusCode::OK))
}
