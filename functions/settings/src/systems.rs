//! Keys, webhooks and sources: how people and other systems come in, and what goes out to them.

use domain::civil::parse_rfc3339;
use domain::role::Role;
use pages::html::Html;
use pages::words::{GRADES, ROLES};
use serde_json::{Map, Value, json};
use staff::form::Kind;
use staff::tell::{self, items, text};
use staff::{Form, Input, Verb};

use crate::act::Act;
use crate::people::PLAIN;
use crate::thing::{Row, Scene, Thing, Two};
use crate::words::{KEYS as KINDS, SCHEMES, WEBHOOKS as STATES};

/// Something done to a thing at once, which is changed by it.
const PATCH: Act = Act {
    word: "",
    role: Role::Admin,
    verb: Verb::Patch,
    path: "",
    body: "",
    label: Two("", ""),
    warning: Two("", ""),
    once: "",
    done: "saved",
    is_end: false,
    fits: |_, _| true,
};

pub(crate) static KEYS: Thing = Thing {
    name: "keys",
    page: "/desk/settings/keys",
    sees: Role::Admin,
    writes: Role::Admin,
    is_changed: false,
    title: Two("Keys", "密钥"),
    fresh: Two("New key", "新建密钥"),
    about: Two(
        "A secret key is how somebody, or a system, signs in: give everybody one of their own. A \
         publishable key stands in your pages and only takes answers.",
        "私密密钥供员工或系统登录，请每人一把；公开密钥放在网页中，只能提交答复。",
    ),
    also: |_| vec![("admin", "/v1/agents?limit=100".to_owned())],
    form: key,
    begin: |_| {},
    finish: |scene, body| {
        let kind = if scene.variant == "publishable" { "publishable" } else { "secret" };
        body.insert("kind".to_owned(), kind.into());
    },
    row: |scene, it| {
        let lang = scene.desk.lang;
        let agents = scene.named(0, "");
        let is_over = !text(it, "/revoked_at").is_empty();
        let expires = text(it, "/expires_at");
        let is_late = parse_rfc3339(expires).is_some_and(|at| at <= scene.desk.now);
        let until = match expires {
            "" => String::new(),
            it => format!("{} {}", scene.of("until", "有效至"), tell::moment(scene.desk, it)),
        };
        Row::default()
            .badge(is_over, "badge bad", scene.of("Revoked", "已吊销"))
            .badge(!is_over && is_late, "badge bad", scene.of("Expired", "已过期"))
            .fact(tell::of(lang, &KINDS, text(it, "/kind")))
            .fact(tell::of(lang, &ROLES, text(it, "/role")))
            .fact(tell::name_of(&agents, text(it, "/agent_id")))
            .fact(until)
    },
    acts: &[Act {
        word: "revoke",
        verb: Verb::Delete,
        label: Two("Revoke", "吊销"),
        warning: Two(
            "Whoever uses it is refused from now on, and signed out everywhere. This cannot be \
             taken back.",
            "使用此密钥的人或系统将立即被拒绝，并在所有设备上退出。此操作无法撤销。",
        ),
        done: "removed",
        fits: |it, _| text(it, "/revoked_at").is_empty(),
        ..PATCH
    }],
    below: |html, scene| {
        let value = text(&scene.it, "/key");
        if value.is_empty() {
            return;
        }
        html.put("pre", &[("class", "code"), ("tabindex", "0")], value);
    },
    once: "/key",
    ..PLAIN
};

fn key(scene: &Scene<'_>) -> Form {
    let lang = scene.desk.lang;
    let of = |en: &str, zh: &str| scene.of(en, zh).to_owned();
    let is_secret = scene.variant != "publishable";
    let mut inputs = vec![Input::line("name", of("Name", "名称")).needed().hint(of(
        "What you will know it by: the person, the system or the page.",
        "便于辨认，例如使用者、系统或网页的名称。",
    ))];
    if !scene.is_new() {
        let kinds = tell::choices(lang, &KINDS, "");
        inputs.push(Input::new("kind", of("Kind", "类型"), Kind::Choice(kinds)));
    }
    if is_secret {
        let roles = tell::choices(lang, &ROLES, "");
        let agents = scene.named(0, lang.of("Nobody's: a system", "不属于个人（系统使用）"));
        inputs.push(Input::new("role", of("Role", "角色"), Kind::Choice(roles)).needed().hint(of(
            "Viewers read figures, agents work on cases, managers set things up, administrators \
             run the site and its keys.",
            "查看者看数据，客服处理工单，经理做设置，管理员管理站点与密钥。",
        )));
        inputs.push(Input::new("agent_id", of("Whose", "使用者"), Kind::Choice(agents)).hint(of(
            "What is done with it is told under their name.",
            "使用此密钥的操作会记在其名下。",
        )));
    }
    let expires =
        Input::new("expires_at", of("Expires", "到期时间"), Kind::Moment(scene.desk.zone));
    inputs.push(expires.hint(of("Empty: when it is revoked.", "留空则长期有效，直至吊销。")));
    Form::new(inputs)
}

pub(crate) static WEBHOOKS: Thing = Thing {
    name: "webhooks",
    page: "/desk/settings/webhooks",
    component: "webhook",
    sees: Role::Manager,
    writes: Role::Admin,
    title: Two("Webhooks", "Webhook"),
    fresh: Two("New webhook", "新建 Webhook"),
    about: Two(
        "What happens here is told to other systems: signed, tried again until it arrives, with a \
         log of every try.",
        "将这里发生的事件通知其他系统：带签名，失败自动重试，每次发送均有记录。",
    ),
    also: |_| vec![("admin", "/v1/touchpoints?limit=100".to_owned())],
    form: webhook,
    begin: |filled| filled.set("signature", "v1"),
    finish: |_, body| {
        let is_dropped = body.remove("drop_headers") == Some(Value::Bool(true));
        if let Some(Value::String(lines)) = body.get("headers") {
            let read = headers(lines);
            body.insert("headers".to_owned(), Value::Object(read));
        } else if is_dropped {
            body.insert("headers".to_owned(), Value::Null);
        }
    },
    unshown: &["headers", "drop_headers"],
    row: |scene, it| {
        let lang = scene.desk.lang;
        let state = text(it, "/state");
        let class = if state == "active" { "badge good" } else { "badge bad" };
        let types = items(it, "/types").len();
        let events = match types {
            0 => scene.of("every event", "所有事件").to_owned(),
            many => format!("{many} {}", scene.of("kinds of events", "类事件")),
        };
        let failing = text(it, "/failing_since");
        Row::default()
            .badge(true, class, tell::of(lang, &STATES, state))
            .badge(!failing.is_empty(), "badge bad", scene.of("Nothing arrives", "发送失败中"))
            .badge(
                it.get("is_replaying") == Some(&Value::Bool(true)),
                "badge",
                scene.of("Replaying", "重放中"),
            )
            .fact(text(it, "/url"))
            .fact(events)
    },
    acts: &[
        Act {
            word: "test",
            verb: Verb::Post,
            path: "/test",
            label: Two("Send a test", "发送测试"),
            done: "sent",
            fits: |it, _| text(it, "/state") == "active",
            ..PATCH
        },
        Act {
            word: "pause",
            body: r#"{"state":"paused"}"#,
            label: Two("Pause", "暂停"),
            fits: |it, _| text(it, "/state") == "active",
            ..PATCH
        },
        Act {
            word: "resume",
            body: r#"{"state":"active"}"#,
            label: Two("Go on where it stopped", "从中断处继续"),
            fits: |it, _| text(it, "/state") != "active",
            ..PATCH
        },
        Act {
            word: "skip",
            body: r#"{"state":"active","skip_missed":true}"#,
            label: Two("Go on with what happens from now", "跳过错过的，从现在开始"),
            warning: Two(
                "What happened while it rested is not sent. It can still be replayed later.",
                "停用期间的事件不会发送，之后仍可通过重放补发。",
            ),
            fits: |it, _| text(it, "/state") != "active",
            ..PATCH
        },
        Act {
            word: "rotate",
            verb: Verb::Post,
            path: "/rotate",
            label: Two("New secret", "更换密钥"),
            warning: Two(
                "For 24 hours every message carries both signatures; then only the new one holds.",
                "24 小时内每条消息同时带新旧两个签名，之后仅新密钥有效。",
            ),
            once: "/secret",
            ..PATCH
        },
        Act {
            word: "delete",
            verb: Verb::Delete,
            label: Two("Delete", "删除"),
            warning: Two(
                "Nothing is sent to it any more, and its log goes. Who changed what stays.",
                "不再向其发送，发送记录将清除；更改记录保留。",
            ),
            done: "removed",
            is_end: true,
            ..PATCH
        },
    ],
    below: webhook_below,
    once: "/secret",
    ..PLAIN
};

/// Lines of `name: value` as an object; a line that is none is a name that the API refuses.
fn headers(lines: &str) -> Map<String, Value> {
    let mut read = Map::new();
    for line in lines.lines().map(str::trim).filter(|it| !it.is_empty()) {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        read.insert(name.trim().to_owned(), value.trim().into());
    }
    read
}

fn webhook(scene: &Scene<'_>) -> Form {
    let lang = scene.desk.lang;
    let of = |en: &str, zh: &str| scene.of(en, zh).to_owned();
    let grades = tell::choices(lang, &GRADES, "");
    let mut inputs = vec![
        Input::line("name", of("Name", "名称")).needed(),
        Input::line("url", of("Address", "接收地址"))
            .needed()
            .hint(of("A public address that begins with https://", "以 https:// 开头的公网地址")),
        Input::new("types", of("Events", "事件类型"), Kind::Several(types(scene)))
            .hint(of("None ticked: every event.", "不勾选则发送所有事件。")),
        Input::new(
            "touchpoints",
            of("Only of these touchpoints", "仅限这些触点"),
            Kind::Several(scene.named(0, "")),
        ),
        Input::new(
            "grades",
            of("Only complaints of these grades", "仅限这些投诉等级"),
            Kind::Several(grades),
        ),
        Input::new(
            "is_ordered",
            of("In order, one after the other for each subject", "同一对象的事件严格按序发送"),
            Kind::Flag,
        ),
        Input::new("headers", of("Headers of your own", "自定义请求头"), Kind::Text).hint(
            match names(&scene.it) {
                it if it.is_empty() => of(
                    "One to a line: authorization: Bearer … They are never shown again.",
                    "每行一个，例如 authorization: Bearer …，保存后不再显示。",
                ),
                it => format!(
                    "{}{it}{}",
                    of("There are: ", "已设置："),
                    of(". What you write here replaces all of them.", "。在此填写将全部替换。")
                ),
            },
        ),
    ];
    if !names(&scene.it).is_empty() {
        let label = of("Remove all headers", "移除全部请求头");
        inputs.push(Input::new("drop_headers", label, Kind::Flag));
    }
    if scene.is_new() {
        let schemes = vec![
            (
                "v1".to_owned(),
                of("A shared secret (HMAC-SHA256, v1)", "共享密钥（HMAC-SHA256，v1）"),
            ),
            ("v1a".to_owned(), of("A key pair (Ed25519, v1a)", "公私钥对（Ed25519，v1a）")),
        ];
        inputs.push(Input::new("signature", of("Signature", "签名方式"), Kind::Choice(schemes)));
    }
    Form::new(inputs)
}

fn names(it: &Value) -> String {
    let names: Vec<&str> = items(it, "/headers").iter().filter_map(Value::as_str).collect();
    names.join(", ")
}

/// Every type of event, each family before its types.
fn types(scene: &Scene<'_>) -> Vec<(String, String)> {
    let (mut all, mut family) = (Vec::new(), "");
    for (kind, about) in tell::events(scene.desk.lang) {
        let own = kind.split('.').next().unwrap_or("");
        if own != family {
            family = own;
            let every = scene.of("all of these", "全部");
            all.push((format!("{own}.*"), format!("{own}.* ({every})")));
        }
        all.push((kind.to_owned(), format!("{kind}: {about}")));
    }
    all
}

fn webhook_below(html: &mut Html, scene: &Scene<'_>) {
    let desk = scene.desk;
    html.open("section", &[("class", "panel"), ("aria-labelledby", "state")]);
    html.put("h2", &[("id", "state")], scene.of("How it is", "运行状况"));
    html.open("dl", &[("class", "facts")]);
    for (pointer, label) in [
        ("/reason", scene.of("Why it is disabled", "停用原因")),
        ("/failing_since", scene.of("Nothing arrived since", "开始失败时间")),
        ("/held_until", scene.of("Nothing is tried before", "暂缓至")),
        ("/old_secret_until", scene.of("The old secret is good until", "旧密钥有效至")),
        ("/signature", scene.of("Signature", "签名方式")),
        ("/public_key", scene.of("Public key", "公钥")),
        ("/created_at", scene.of("Made", "创建时间")),
    ] {
        let value = text(&scene.it, pointer);
        if !value.is_empty() {
            html.put("dt", &[], label);
            html.put("dd", &[], &tell::moment(desk, value));
        }
    }
    html.close();
    let page = WEBHOOKS.page_of(text(&scene.it, "/id"));
    ways(
        html,
        scene,
        &[
            (format!("{page}/log"), scene.of("What was sent", "发送记录")),
            (format!("{page}/log?state=dead"), scene.of("What was given up", "已放弃的发送")),
            (format!("{page}/replay"), scene.of("Send once more", "重放")),
        ],
    );
    html.close();
}

/// Ways to further pages.
fn ways(html: &mut Html, scene: &Scene<'_>, all: &[(String, &str)]) {
    html.open("p", &[("class", "row-acts")]);
    for (path, label) in all {
        html.put("a", &[("href", &scene.desk.href(path))], label);
    }
    html.close();
}

pub(crate) static SOURCES: Thing = Thing {
    name: "sources",
    page: "/desk/settings/sources",
    component: "inbound",
    sees: Role::Manager,
    writes: Role::Admin,
    title: Two("Sources", "数据来源"),
    fresh: Two("New source", "新建来源"),
    about: Two(
        "Other systems that tell you something: orders, tickets, ratings, counts. Rules say what \
         becomes of each message.",
        "向您推送数据的其他系统：订单、工单、评分、计数。规则决定每条消息如何处理。",
    ),
    form: source,
    begin: |filled| {
        filled.set("is_active", "true");
        let rules = json!([{
            "when": [{ "pointer": "/type", "is": "order.completed" }],
            "to": "order",
            "fields": {
                "external_id": "/data/number", "customer": "/data/customer/id",
                "amount": "/data/total", "currency": { "value": "CNY" },
                "completed_at": "/data/paid_at"
            }
        }]);
        filled.set("rules", &staff::pretty(&rules));
    },
    finish: |_, body| {
        // What stood there goes where nothing stands any more.
        body.entry("once_by").or_insert(Value::Null);
    },
    unshown: &["secret"],
    row: |scene, it| {
        let lang = scene.desk.lang;
        let rules = items(it, "/rules").len();
        Row::default()
            .badge(
                it.get("is_active") == Some(&Value::Bool(false)),
                "badge bad",
                scene.of("Takes nothing", "已停用"),
            )
            .fact(tell::of(lang, &SCHEMES, text(it, "/verify/scheme")))
            .fact(format!("{rules} {}", scene.of("rules", "条规则")))
    },
    acts: &[
        Act {
            word: "again",
            role: Role::Manager,
            verb: Verb::Post,
            path: "/replay",
            body: r#"{"state":"failed"}"#,
            label: Two("Look at all failed ones again", "重新处理失败的消息"),
            done: "sent",
            ..PATCH
        },
        Act {
            word: "again-ignored",
            role: Role::Manager,
            verb: Verb::Post,
            path: "/replay",
            body: r#"{"state":"ignored"}"#,
            label: Two("Look at all ignored ones again", "重新处理被忽略的消息"),
            done: "sent",
            ..PATCH
        },
    ],
    below: |html, scene| {
        let (id, path) = (text(&scene.it, "/id"), text(&scene.it, "/path"));
        html.open("section", &[("class", "panel"), ("aria-labelledby", "where")]);
        html.put("h2", &[("id", "where")], scene.of("Where it posts to", "推送地址"));
        html.put("pre", &[("class", "code"), ("tabindex", "0")], path);
        let page = SOURCES.page_of(id);
        ways(
            html,
            scene,
            &[
                (format!("{page}/messages"), scene.of("What came", "收到的消息")),
                (format!("{page}/messages?state=failed"), scene.of("What failed", "失败的消息")),
                (format!("{page}/try"), scene.of("Try a message", "试运行")),
            ],
        );
        html.close();
    },
    ..PLAIN
};

fn source(scene: &Scene<'_>) -> Form {
    let lang = scene.desk.lang;
    let of = |en: &str, zh: &str| scene.of(en, zh).to_owned();
    let schemes = tell::choices(lang, &SCHEMES, "");
    let secret =
        Input::new("secret", of("Secret", "密钥"), Kind::Secret).hint(match scene.is_new() {
            true => of("What the other system signs with.", "对方系统用于签名的密钥。"),
            false => of(
                "Empty: as it is. A new one replaces it; the old one is good for a day more.",
                "留空则不变。填写新密钥后，旧密钥再有效一天。",
            ),
        });
    let once = of(
        "What tells a repetition, such as /id. Neither: what the scheme brings, or the message \
         itself.",
        "用于识别重复消息，例如 /id，与请求头二选一；均留空时按签名方式自带的编号或消息内容识别。",
    );
    Form::new(vec![
        Input::line("name", of("Name", "名称")).needed(),
        Input::new("verify/scheme", of("How it signs", "签名方式"), Kind::Choice(schemes)).needed(),
        Input::line("verify/header", of("Header with the signature", "签名所在请求头"))
            .hint(of("Empty: the usual one.", "留空则用默认请求头。")),
        if scene.is_new() { secret.needed() } else { secret },
        Input::line("once_by/pointer", of("Known again by a member", "按消息成员去重")).hint(once),
        Input::line("once_by/header", of("Known again by a header", "按请求头去重"))
            .hint(of("Such as x-id", "例如 x-id")),
        Input::new("rules", of("Rules", "规则"), Kind::Json).needed().hint(of(
            "JSON: the first rule that holds takes the message. Save, then try it with a message.",
            "JSON 格式，由第一条满足条件的规则处理。保存后可用一条消息试运行。",
        )),
        Input::new("is_active", of("Takes messages", "接收消息"), Kind::Flag),
    ])
}
