//! `/desk/start`: from an empty system to the first answer, step by step. What is done is looked up
//! from the API each time.

use domain::role::Role;
use http::StatusCode;
use pages::html::Html;
use ports::Env;
use serde_json::{Value, json};
use staff::form::Kind;
use staff::tell::{at, items, text};
use staff::{Call, Desk, Filled, Form, Input, Refused, Section, Signed, Verb, word};
use web::lang::Lang;
use web::{Problem, Request, Response};

use crate::thing::Two;

/// A step: what is to be done, what it is good for, and where it is done.
struct Step {
    name: Two,
    about: Two,
    path: &'static str,
    way: Two,
    /// Whether it works without, by what ships.
    is_extra: bool,
}

const fn step(name: Two, about: Two, path: &'static str, way: Two) -> Step {
    Step { name, about, path, way, is_extra: false }
}

static STEPS: [Step; 11] = [
    step(
        Two("The site", "站点"),
        Two(
            "One company's or brand's data. Its clock says where a day begins, its origins which \
             pages may ask.",
            "一家公司或一个品牌的数据。时区决定一天的起止，来源决定哪些网页可以使用问卷。",
        ),
        "/desk/settings/site",
        Two("Look at it", "查看"),
    ),
    step(
        Two("A touchpoint", "触点"),
        Two(
            "Where customers meet you: what they answer is counted there, against its target.",
            "客户与您接触的环节：答复计入触点，并与目标分比较。",
        ),
        "/desk/settings/touchpoints/new",
        Two("Make a touchpoint", "新建触点"),
    ),
    step(
        Two("A survey", "问卷"),
        Two(
            "What you ask. Begin from a template, look at it, publish it.",
            "要问的内容：从模板开始，预览后发布。",
        ),
        "/desk/surveys/new",
        Two("Make a survey", "新建问卷"),
    ),
    step(
        Two("A publishable key", "公开密钥"),
        Two(
            "With it a page of yours may ask and hand in answers, and nothing else.",
            "网页凭此使用问卷、提交答复，除此之外什么也做不了。",
        ),
        "/desk/settings/keys",
        Two("Look at the keys", "查看密钥"),
    ),
    step(
        Two("The tag in your page", "网页标签"),
        Two(
            "One line in your page shows the survey. It is done when a page asked for it.",
            "在网页中加入一行代码即可显示问卷。有网页请求过问卷即为完成。",
        ),
        "",
        Two("Copy the tag", "复制标签"),
    ),
    step(
        Two("A department", "部门"),
        Two(
            "Who works together: complaints wait in its queue.",
            "共同工作的团队：投诉在部门队列中等待处理。",
        ),
        "/desk/settings/departments/new",
        Two("Make a department", "新建部门"),
    ),
    step(
        Two("An agent", "客服"),
        Two(
            "Who serves customers: complaints and calls go to whoever fits and is free.",
            "为客户服务的员工：投诉与回电分给合适且有余力的人。",
        ),
        "/desk/settings/agents/new",
        Two("Make an agent", "新建客服"),
    ),
    step(
        Two("A key of theirs", "员工密钥"),
        Two(
            "With it they sign in here, and what they do stands under their name.",
            "员工凭此登录工作台，操作记在其名下。",
        ),
        "/desk/settings/keys/new?kind=secret&role=agent",
        Two("Make a key", "新建密钥"),
    ),
    Step {
        is_extra: true,
        ..step(
            Two("A calendar", "日历"),
            Two(
                "Working hours and holidays: clocks stand still while nobody works. Until then \
                 office hours hold.",
                "工作时间与节假日：非工作时间不计时。未设置时按办公时间计。",
            ),
            "/desk/rules/calendars",
            Two("Make a calendar", "设置日历"),
        )
    },
    Step {
        is_extra: true,
        ..step(
            Two("The promise and the grading policy", "服务承诺与分级规则"),
            Two(
                "How soon complaints are answered, and what makes one major. What ships holds \
                 until you publish your own.",
                "投诉多久答复，怎样算重大。发布自己的规则之前，按内置规则执行。",
            ),
            "/desk/rules",
            Two("Look at the rules", "查看规则"),
        )
    },
    step(
        Two("The first answer", "第一份答复"),
        Two(
            "Answer your own survey once: the score stands on the dashboard at once.",
            "自己先答一份问卷：分数会立即出现在仪表盘上。",
        ),
        "/dashboard",
        Two("To the dashboard", "打开仪表盘"),
    ),
];

/// What was looked up.
#[derive(Default)]
struct Found {
    /// Whether each step is done; nothing where nobody could say.
    done: [Option<bool>; 11],
    /// The survey whose tag is wanted; empty for none.
    survey: String,
    /// A line of its own for the site.
    site: String,
}

/// The page: the steps of a site, or a form for the first one.
pub(crate) async fn show(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let desk = match staff::open_anywhere(env, request, Role::Admin).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    if desk.site_id.is_empty() {
        return first(env, request, &desk, &Filled::default()).await;
    }
    steps(env, request, &desk, "").await
}

/// Makes the site, or its publishable key.
pub(crate) async fn take(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let desk = match staff::open_anywhere(env, request, Role::Admin).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let sent = match desk.sent(env, request).await {
        Ok(sent) => sent,
        Err(problem) => return desk.told(problem),
    };
    if desk.site_id.is_empty() {
        let form = site_form(desk.lang);
        let target = "/v1/sites";
        let call = Call { component: "admin", verb: Verb::Post, target, ..Call::default() };
        return match desk.submit(env, request, (&form, &sent), call).await {
            Ok(done) => {
                let id = word(text(&done.told, "/id"));
                Ok(desk.go(&format!("/desk/start?site={id}"), "created"))
            }
            Err(filled) => first(env, request, &desk, &filled).await,
        };
    }
    let body = json!({ "kind": "publishable", "name": desk.lang.of("Web pages", "网页") });
    let (target, key) = ("/v1/keys", sent.key());
    let call = Call { component: "admin", target, body: &body, key, ..Call::default() };
    match desk.send(env, request, call).await {
        Ok(_) => Ok(desk.go("/desk/start", "created")),
        Err(refused) => steps(env, request, &desk, refused.text()).await,
    }
}

fn site_form(lang: Lang) -> Form {
    let of = |en: &str, zh: &str| lang.of(en, zh).to_owned();
    Form::new(vec![
        Input::line("name", of("Name of the company or brand", "公司或品牌名称")).needed(),
        Input::line("zone", of("Time zone", "时区")).hint(of(
            "Such as Asia/Shanghai. Empty: what the system was set up with.",
            "例如 Asia/Shanghai。留空则用系统默认时区。",
        )),
        Input::new("origins", of("Pages that may ask", "允许使用问卷的网页来源"), Kind::Lines).hint(of(
            "One to a line, such as https://shop.example, without a path. More can follow later.",
            "每行一个，例如 https://shop.example，不带路径。以后可再添加。",
        )),
    ])
}

/// The form of a new site, and the sites there are, for whoever spans them.
async fn first(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    filled: &Filled,
) -> Result<Response, Problem> {
    let lang = desk.lang;
    let sites = desk.read_one(env, request, ("admin", "/v1/sites?limit=100")).await;
    let mut page = desk.page(request, Section::Settings, lang.of("Set up a site", "新建站点"));
    let html = &mut page.html;
    html.put("p", &[], lang.of(
        "A site is one company's or brand's data, apart from every other. The next steps follow \
         once it is there.",
        "一个站点是一家公司或一个品牌的数据，彼此独立。创建后继续后面的步骤。",
    ));
    html.open("section", &[("class", "panel"), ("aria-label", lang.of("New site", "新站点"))]);
    desk.begin_form(html, "/desk/start", "");
    site_form(lang).draw(html, desk, filled);
    html.put("button", &[], lang.of("Make the site", "创建站点"));
    html.close();
    html.close();
    let sites = sites.unwrap_or_default();
    let found = items(&sites, "/items");
    if !found.is_empty() {
        html.open("section", &[("class", "panel"), ("aria-labelledby", "sites")]);
        let title = lang.of("Or go on with a site there is", "或继续设置已有站点");
        html.put("h2", &[("id", "sites")], title);
        html.open("ul", &[]);
        for it in found {
            let href = desk.href(&format!("/desk/start?site={}", word(text(it, "/id"))));
            html.open("li", &[]);
            html.put("a", &[("href", &href)], text(it, "/name"));
            html.close();
        }
        html.close();
        html.close();
    }
    Ok(page.answer(filled.status()))
}

async fn steps(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    alert: &str,
) -> Result<Response, Problem> {
    let found = look(env, request, desk).await;
    let lang = desk.lang;
    let title = lang.of("Set-up, step by step", "设置向导");
    let settings = Section::Settings.name();
    let above = [(crate::thing::ABOVE, settings.text(lang))];
    let mut page = desk.page_about(request, Section::Settings, title, &above);
    let html = &mut page.html;
    if !alert.is_empty() {
        pages::notes(html, alert, &[]);
    }
    let done = found.done.iter().filter(|it| **it == Some(true)).count();
    let said = match lang {
        Lang::En => format!("{done} of {} steps are done.", STEPS.len()),
        Lang::Zh => format!("共 {} 步，已完成 {done} 步。", STEPS.len()),
    };
    html.put("p", &[], &said);
    html.open("ol", &[("class", "list steps")]);
    let mut is_next = true;
    for (it, is_done) in STEPS.iter().zip(found.done) {
        let is_now = is_next && is_done == Some(false) && !it.is_extra;
        is_next &= !is_now;
        draw(html, desk, it, (is_done, is_now), &found);
    }
    html.close();
    if desk.is_spanning {
        let href = format!("/desk/start?lang={}", lang.tag());
        html.open("p", &[("class", "more")]);
        html.put("a", &[("href", &href)], lang.of("Set up another site", "新建其他站点"));
        html.close();
    }
    let is_bad = if alert.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(page.answer(is_bad))
}

fn draw(
    html: &mut Html,
    desk: &Desk,
    it: &Step,
    (is_done, is_now): (Option<bool>, bool),
    found: &Found,
) {
    let lang = desk.lang;
    let current = pages::html::when(is_now, "aria-current");
    html.open("li", &[(current, "step")]);
    html.put("h2", &[], it.name.text(lang));
    let (class, state) = match (is_done, it.is_extra) {
        (Some(true), _) => ("badge good", lang.of("Done", "已完成")),
        (Some(false), true) => ("badge", lang.of("What ships holds", "使用内置规则")),
        (Some(false), false) if is_now => ("badge bad", lang.of("Next", "下一步")),
        (Some(false), false) => ("badge", lang.of("To do", "待完成")),
        (None, _) => ("badge", lang.of("Cannot be looked up just now", "暂时无法查询")),
    };
    html.open("p", &[]);
    html.put("span", &[("class", class)], state);
    html.text(" ");
    html.text(it.about.text(lang));
    html.close();
    let is_site = it.path == "/desk/settings/site";
    if is_site && !found.site.is_empty() {
        html.put("p", &[("class", "soft")], &found.site);
    }
    html.open("div", &[("class", "row-acts")]);
    if it.path == "/desk/settings/keys" && is_done == Some(false) {
        desk.button(html, "/desk/start", "", lang.of("Make one now", "立即创建"));
    }
    let tag = format!("/desk/surveys/{}/tag", word(&found.survey));
    let path = match it.path {
        "" if found.survey.is_empty() => "/desk/surveys",
        "" => &tag,
        path => path,
    };
    let href = desk.href(path);
    let key = pages::html::when(is_now, "data-key");
    let way = it.way.text(lang);
    html.put("a", &[("href", &href), ("data-row", ""), (key, "n"), ("data-does", way)], way);
    html.close();
    html.close();
}

/// Looks up what is there: everything at once, and then what a survey's pages did.
async fn look(env: &impl Env, request: &Request, desk: &Desk) -> Found {
    let asked = [
        ("admin", format!("/v1/sites/{}", desk.site_id)),
        ("admin", "/v1/touchpoints?limit=1".to_owned()),
        ("study", "/v1/studies?limit=20".to_owned()),
        ("admin", "/v1/keys?limit=100".to_owned()),
        ("admin", "/v1/departments?limit=1".to_owned()),
        ("admin", "/v1/agents?limit=1".to_owned()),
        ("calendar", "/v1/calendars?limit=1".to_owned()),
        ("policy", "/v1/policies/promise".to_owned()),
        ("policy", "/v1/policies/grading".to_owned()),
        ("webhook", "/v1/events?type=response.created&limit=1".to_owned()),
    ];
    let told = desk.read(env, request, &asked).await;
    let [
        site,
        touchpoints,
        studies,
        keys,
        departments,
        agents,
        calendars,
        promise,
        grading,
        events,
    ] = told.as_slice()
    else {
        return Found::default();
    };
    let any = |told: &Result<Value, Refused>, fits: fn(&Value) -> bool| {
        told.as_ref().ok().map(|it| items(it, "/items").iter().any(fits))
    };
    let own = |told: &Result<Value, Refused>| {
        told.as_ref().ok().map(|it| at(it, "/version").as_i64().is_some_and(|it| 0 < it))
    };
    let published = |it: &&Value| !at(it, "/published_version").is_null();
    let survey = studies.as_ref().ok().and_then(|it| {
        let all = items(it, "/items");
        Some(text(all.iter().find(published).or(all.first())?, "/id").to_owned())
    });
    let survey = survey.unwrap_or_default();
    let seen = if survey.is_empty() {
        Some(false)
    } else {
        let target = format!("/v1/studies/{}/sightings", word(&survey));
        let told = desk.read_one(env, request, ("study", &target)).await;
        any(&told, |_| true)
    };
    Found {
        done: [
            site.as_ref().ok().map(|_| true),
            any(touchpoints, |_| true),
            any(studies, |it| !at(it, "/published_version").is_null()),
            any(keys, |it| {
                text(it, "/kind") == "publishable" && text(it, "/revoked_at").is_empty()
            }),
            seen,
            any(departments, |_| true),
            any(agents, |_| true),
            any(keys, |it| !text(it, "/agent_id").is_empty() && text(it, "/revoked_at").is_empty()),
            any(calendars, |_| true),
            own(promise).zip(own(grading)).map(|it| it.0 || it.1),
            any(events, |_| true),
        ],
        survey,
        site: site.as_ref().map(|it| site_line(desk, it)).unwrap_or_default(),
    }
}

fn site_line(desk: &Desk, site: &Value) -> String {
    let origins: Vec<&str> = items(site, "/origins").iter().filter_map(Value::as_str).collect();
    let pages = match origins.join(", ") {
        none if none.is_empty() => {
            desk.lang.of("no page may ask yet", "尚无网页可使用问卷").to_owned()
        }
        some => some,
    };
    format!("{} · {} · {pages}", text(site, "/name"), text(site, "/zone"))
}
