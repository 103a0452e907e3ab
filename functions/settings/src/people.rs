//! The site, its touchpoints, who works there, and the texts they begin from.

use domain::role::Role;
use domain::touchpoint::{CHANNELS, STANDARDS};
use pages::words::{self, LIFECYCLES, STAGES};
use serde_json::{Map, Value};
use staff::form::{Empty, Kind};
use staff::tell::{self, at, items, text};
use staff::{Form, Input, Verb};

use crate::act::Act;
use crate::thing::{Row, Scene, Thing, Two, whole};
use crate::words::{CALENDARS, KEPT, TEMPLATES as KINDS, standard};

/// A thing that needs nothing of what others have.
pub(crate) const PLAIN: Thing = Thing {
    name: "",
    page: "",
    component: "admin",
    sees: Role::Viewer,
    writes: Role::Manager,
    is_single: false,
    is_changed: true,
    title: Two("", ""),
    fresh: Two("", ""),
    about: Two("", ""),
    also: |_| Vec::new(),
    form: |_| Form::default(),
    begin: |_| {},
    finish: |_, _| {},
    unshown: &[],
    row: |_, _| Row::default(),
    acts: &[],
    below: |_, _| {},
    once: "",
};

pub(crate) static SITE: Thing = Thing {
    name: "sites",
    page: "/desk/settings/site",
    writes: Role::Admin,
    is_single: true,
    title: Two("Site", "站点"),
    about: Two(
        "What holds for everything here: its name, its clock, the pages that may ask, the \
         languages, how sure figures must be, and how long personal data is kept.",
        "适用于整个站点：名称、时区、可使用问卷的网页、语言、显示分数的最低样本量，以及个人数据的保留期限。",
    ),
    form: site,
    ..PLAIN
};

fn site(scene: &Scene<'_>) -> Form {
    let of = |en: &str, zh: &str| scene.of(en, zh).to_owned();
    let mut inputs = vec![
        Input::line("name", of("Name", "名称")).needed(),
        Input::line("zone", of("Time zone", "时区")).needed().hint(of(
            "Days, weeks and working hours go by its clock: Asia/Shanghai",
            "日、周与工作时间均以此为准，例如 Asia/Shanghai",
        )),
        Input::new("origins", of("Pages that may ask", "允许使用的网页来源"), Kind::Lines).hint(
            of(
                "One to a line, such as https://shop.example, without a path. Surveys answer to no \
             other page.",
                "每行一个，例如 https://shop.example，不带路径。其他网页无法使用问卷。",
            ),
        ),
        Input::new("languages", of("Languages", "语言"), Kind::Lines).hint(of(
            "One tag to a line: zh-CN, en, pt-BR. The first holds where a customer said none.",
            "每行一个语言标签，例如 zh-CN、en、pt-BR。第一行为默认语言。",
        )),
        Input::new(
            "minimum_n",
            of("Answers before a score is shown", "显示分数的最低样本量"),
            Kind::Whole,
        )
        .hint(of(
            "Fewer say too little, and may tell who answered.",
            "样本过少既不可靠，也可能暴露答复者。",
        )),
        Input::new("weights", of("Weights of the index", "满意度指数权重"), Kind::Counts).hint(of(
            "One dimension to a line: speed = 3. What is not named weighs 1.",
            "每行一个维度，例如 speed = 3。未列出的维度权重为 1。",
        )),
    ];
    for (at, (name, label)) in KEPT.iter().enumerate() {
        let what = label.text(scene.desk.lang);
        let label = match scene.desk.lang {
            web::lang::Lang::En => format!("{what}: keep personal data for how many days"),
            web::lang::Lang::Zh => format!("{what}：个人数据保留天数"),
        };
        let mut input =
            Input::new(format!("retention/{name}"), label, Kind::Whole).empty(Empty::Null);
        if at == 0 {
            input = input.hint(of(
                "When the days are over, free text, contacts and the link to the customer go by \
                 themselves. Scores, grades and counts stay, so that no figure changes. Empty: \
                 kept until somebody erases it.",
                "到期后，自由文本、联系方式以及与客户的关联会自动清除；评分、等级与计数保留，各项指标\
                 不变。留空则一直保留，直到有人抹除。",
            ));
        }
        inputs.push(input);
    }
    Form::new(inputs)
}

pub(crate) static TOUCHPOINTS: Thing = Thing {
    name: "touchpoints",
    page: "/desk/settings/touchpoints",
    title: Two("Touchpoints", "触点"),
    fresh: Two("New touchpoint", "新建触点"),
    about: Two(
        "Where customers meet you, along their journey: each with a target and the service \
         promised there.",
        "客户旅程中与您接触的环节，各有目标分与服务标准。",
    ),
    form: touchpoint,
    begin: |filled| {
        for it in CHANNELS {
            filled.pairs.push(("channels".to_owned(), it.to_owned()));
        }
    },
    row: |scene, it| {
        let lang = scene.desk.lang;
        let channels: Vec<&str> = items(it, "/channels")
            .iter()
            .map(|it| tell::of(lang, &words::CHANNELS, it.as_str().unwrap_or("")))
            .collect();
        let target = scene.of("target", "目标分");
        Row::default()
            .badge(it.get("is_key") == Some(&Value::Bool(true)), "badge", scene.of("Key", "关键"))
            .fact(tell::of(lang, &STAGES, text(it, "/stage")))
            .fact(format!("{target} {}", whole(it, "/target")))
            .fact(channels.join(scene.of(", ", "、")))
    },
    ..PLAIN
};

fn touchpoint(scene: &Scene<'_>) -> Form {
    let lang = scene.desk.lang;
    let of = |en: &str, zh: &str| scene.of(en, zh).to_owned();
    let channels = tell::choices(lang, &words::CHANNELS, "");
    let lifecycles = tell::choices(lang, &LIFECYCLES, lang.of("None", "不细分"));
    let mut inputs = vec![
        Input::line("name", of("Name", "名称")).needed(),
        Input::new(
            "stage",
            of("Stage of the journey", "旅程阶段"),
            Kind::Choice(tell::choices(lang, &STAGES, "")),
        )
        .needed(),
        Input::new(
            "lifecycle",
            of("Step of the customer's life", "生命周期"),
            Kind::Choice(lifecycles),
        )
        .empty(Empty::Null),
        Input::new("channels", of("Channels", "渠道"), Kind::Several(channels)),
        Input::new("is_key", of("A key touchpoint", "关键触点"), Kind::Flag).hint(of(
            "Its target is 95 unless you name another; that of others 85.",
            "未另设目标分时为 95；其他触点为 85。",
        )),
        Input::new("target", of("Target score, 0 to 100", "目标分（0–100）"), Kind::Whole),
    ];
    for (number, it) in STANDARDS.iter().enumerate() {
        let usual = staff::span(lang, it.seconds);
        let hint = match (number, lang) {
            (0, web::lang::Lang::En) => {
                format!("How long it may take, with the unit: 30 s, 5 min, 2 h. Usual: {usual}")
            }
            (0, web::lang::Lang::Zh) => {
                format!("最长用时，须带单位，例如 30 秒、5 分钟、2 小时。通常为 {usual}")
            }
            (_, web::lang::Lang::En) => format!("Usual: {usual}"),
            (_, web::lang::Lang::Zh) => format!("通常为 {usual}"),
        };
        let label = format!("{}{}", of("Standard: ", "服务标准："), standard(lang, it.name));
        inputs.push(Input::new(format!("standards/{}", it.name), label, Kind::Span).hint(hint));
    }
    Form::new(inputs)
}

pub(crate) static DEPARTMENTS: Thing = Thing {
    name: "departments",
    page: "/desk/settings/departments",
    title: Two("Departments", "部门"),
    fresh: Two("New department", "新建部门"),
    about: Two(
        "Who works together. A complaint can be handed to a department, and each has a queue.",
        "共同工作的团队。投诉可转交部门，每个部门有自己的队列。",
    ),
    form: |scene| Form::new(vec![Input::line("name", scene.of("Name", "名称")).needed()]),
    ..PLAIN
};

pub(crate) static AGENTS: Thing = Thing {
    name: "agents",
    page: "/desk/settings/agents",
    title: Two("Agents", "客服"),
    fresh: Two("New agent", "新建客服"),
    about: Two(
        "Who serves customers: what they can do, when they are there and how much they carry. \
         Complaints and calls go to whoever fits and is free.",
        "为客户服务的员工：擅长什么、何时在岗、能承担多少。投诉与回电会分给合适且有余力的人。",
    ),
    also: |_| {
        vec![
            ("admin", "/v1/departments?limit=100".to_owned()),
            ("calendar", "/v1/calendars?limit=100".to_owned()),
        ]
    },
    form: agent,
    begin: |filled| filled.set("is_active", "true"),
    row: |scene, it| {
        let skills: Vec<&str> = items(it, "/skills").iter().filter_map(Value::as_str).collect();
        let departments = scene.named(0, "");
        let is = |name: &str| it.get(name) == Some(&Value::Bool(true));
        let cases = scene.of("cases at most", "件投诉上限");
        Row::default()
            .badge(!is("is_active"), "badge bad", scene.of("Inactive", "已停用"))
            .badge(is("is_specialist"), "badge", scene.of("Specialist", "专员"))
            .fact(tell::name_of(&departments, text(it, "/department_id")))
            .fact(skills.join(scene.of(", ", "、")))
            .fact(format!("{} {cases}", whole(it, "/capacity")))
    },
    acts: &[
        Act {
            word: "feed",
            role: Role::Manager,
            verb: Verb::Post,
            path: "/feed",
            body: "",
            label: Two("New address of the calendar", "生成日历地址"),
            warning: Two("", ""),
            once: "/url",
            done: "done",
            is_end: false,
            fits: |_, _| true,
        },
        Act {
            word: "feed-end",
            role: Role::Manager,
            verb: Verb::Delete,
            path: "/feed",
            body: "",
            label: Two("Close the address of the calendar", "关闭日历地址"),
            warning: Two(
                "Calendar programs that subscribed to it get nothing any more.",
                "已订阅此地址的日历应用将不再更新。",
            ),
            once: "",
            done: "done",
            is_end: false,
            fits: |it, _| it.get("has_feed") == Some(&Value::Bool(true)),
        },
    ],
    below: |html, scene| {
        if !scene.desk.may(Role::Admin) {
            return;
        }
        let path = format!(
            "/desk/settings/keys/new?kind=secret&role=agent&agent_id={}",
            staff::word(text(&scene.it, "/id"))
        );
        html.open("p", &[("class", "more")]);
        let href = scene.desk.href(&path);
        html.put(
            "a",
            &[("href", &href)],
            scene.of("Make a key for them to sign in", "为其新建登录密钥"),
        );
        html.close();
    },
    ..PLAIN
};

fn agent(scene: &Scene<'_>) -> Form {
    let lang = scene.desk.lang;
    let of = |en: &str, zh: &str| scene.of(en, zh).to_owned();
    let departments = scene.named(0, lang.of("None", "无"));
    let mut calendars = tell::choices(lang, &CALENDARS, lang.of("Always there", "始终在岗"));
    calendars.extend(scene.named(1, ""));
    Form::new(vec![
        Input::line("name", of("Name", "姓名")).needed(),
        Input::new("department_id", of("Department", "部门"), Kind::Choice(departments))
            .empty(Empty::Text),
        Input::new("skills", of("Skills", "技能"), Kind::Lines).hint(of(
            "One to a line, as rules and call-back services name them.",
            "每行一个，与分派规则和回电服务中的名称一致。",
        )),
        Input::new("languages", of("Languages on the phone", "通话语言"), Kind::Lines).hint(of(
            "One to a line: zh, en. None is every language.",
            "每行一个，例如 zh、en。留空表示所有语言。",
        )),
        Input::new("capacity", of("Complaints at a time", "同时处理投诉上限"), Kind::Whole),
        Input::new("calls_per_day", of("Calls a day", "每日回电上限"), Kind::Whole)
            .hint(of("0: they make no calls.", "0 表示不接回电任务。")),
        Input::new("is_specialist", of("Specialist for major complaints", "重大投诉专员"), Kind::Flag),
        Input::new("calendar_id", of("Working hours", "工作时间"), Kind::Choice(calendars))
            .empty(Empty::Text),
        Input::new("absences", of("Absences", "缺勤"), Kind::Periods(scene.desk.zone)).hint(of(
            "One to a line: 2026-02-14 – 2026-02-16, or with times: 2026-02-14 09:00 – 2026-02-14 \
             12:00.",
            "每行一段：2026-02-14 – 2026-02-16；需要时写明时间：2026-02-14 09:00 – 2026-02-14 12:00。",
        )),
        Input::new("is_active", of("Works here", "在职"), Kind::Flag).hint(of(
            "Whoever does not gets no work. What they did stays theirs.",
            "停用后不再分配工作，以往记录保留。",
        )),
    ])
}

pub(crate) static TEMPLATES: Thing = Thing {
    name: "templates",
    page: "/desk/settings/templates",
    sees: Role::Agent,
    title: Two("Reply templates", "回复模板"),
    fresh: Two("New template", "新建模板"),
    about: Two(
        "Texts that agents begin from when they answer, ask, plan or note, in each language of \
         the site.",
        "答复、提问、给出方案或写备注时可套用的文本，按站点语言分别填写。",
    ),
    also: |desk| vec![("admin", format!("/v1/sites/{}", desk.site_id))],
    form: template,
    begin: |filled| filled.set("is_active", "true"),
    finish: |_, body| {
        // With no text at all the API says what is missing.
        body.entry("texts").or_insert_with(|| Value::Object(Map::new()));
    },
    row: |scene, it| {
        let lang = scene.desk.lang;
        let texts = at(it, "/texts").as_object();
        let tags: Vec<&str> = texts.into_iter().flatten().map(|it| it.0.as_str()).collect();
        Row::default()
            .badge(
                it.get("is_active") == Some(&Value::Bool(false)),
                "badge",
                scene.of("Inactive", "已停用"),
            )
            .fact(tell::of(lang, &KINDS, text(it, "/kind")))
            .fact(tags.join(", "))
    },
    ..PLAIN
};

/// Its fields: a text for each language of the site, and for each that it has one in already.
fn template(scene: &Scene<'_>) -> Form {
    let lang = scene.desk.lang;
    let of = |en: &str, zh: &str| scene.of(en, zh).to_owned();
    let mut tags: Vec<&str> = Vec::new();
    let site = scene.lists.first().unwrap_or(&Value::Null);
    let own = at(&scene.it, "/texts").as_object().into_iter().flatten().map(|it| it.0.as_str());
    for tag in items(site, "/languages").iter().filter_map(Value::as_str).chain(own) {
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    if tags.is_empty() {
        tags = vec!["zh-CN", "en"];
    }
    let kinds = tell::choices(lang, &KINDS, "");
    let mut inputs = vec![
        Input::line("name", of("Name", "名称"))
            .needed()
            .hint(of("What agents choose it by.", "客服据此选择模板。")),
        Input::new("kind", of("For", "用途"), Kind::Choice(kinds)).needed(),
    ];
    for tag in tags {
        let label = match (tag, lang) {
            ("zh-CN", _) => of("Text in Chinese", "中文文本"),
            ("en", _) => of("Text in English", "英文文本"),
            (tag, web::lang::Lang::En) => format!("Text in {tag}"),
            (tag, web::lang::Lang::Zh) => format!("{tag} 文本"),
        };
        inputs.push(Input::new(format!("texts/{tag}"), label, Kind::Text));
    }
    inputs.push(Input::new("is_active", of("Offered to agents", "供客服选用"), Kind::Flag));
    Form::new(inputs)
}
