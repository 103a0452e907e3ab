//! The page of links: those there are, and a form to make one. It asks the API of this component
//! for whatever it does, as any other client would.

use app::hosted::form::{Pairs, read};
use app::hosted::visit::value;
use board::{Board, Opened, Page, Signed};
use domain::civil;
use domain::role::Role;
use domain::view::View;
use http::header::{CACHE_CONTROL, ETAG, LOCATION};
use http::{Method, StatusCode};
use pages::html::Html;
use pages::{Field, field};
use ports::Env;
use serde_json::{Map, Value, json};
use store::shares::Share;
use web::lang::{Lang, said};
use web::problem::Place;
use web::response::set;
use web::{Kind, Problem, Request, Response, view};

use crate::{share, words};

/// Links of one page.
const ROWS: i64 = 50;
/// How long a link lasts if nobody says so.
const DAYS: &str = "30";

/// What the page says beside the links.
#[derive(Default)]
struct Said {
    status: StatusCode,
    /// The link that was just made, and the one for frames; empty for none.
    url: String,
    embed_url: String,
    /// What is wrong with the form as a whole; empty for nothing.
    alert: String,
    /// What is wrong with which field.
    wrong: Vec<(&'static str, String)>,
    /// What stands in the form.
    pairs: Pairs,
}

/// The page, for managers alone; or what to answer instead.
async fn open(env: &impl Env, request: &Request) -> Result<Signed, Problem> {
    let opened = match board::open(env, request).await? {
        Signed::In(opened) => opened,
        out => return Ok(out),
    };
    if opened.role < Role::Manager {
        let problem = Problem::new(Kind::Forbidden).with(said(
            "Links are made by managers: sign in with a key of theirs.",
            "分享链接由管理者创建，请使用管理者的密钥登录。",
        ));
        return board::told(opened.lang, problem).map(Signed::Out);
    }
    Ok(Signed::In(opened))
}

pub(crate) async fn show(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let opened = match open(env, request).await? {
        Signed::In(opened) => opened,
        Signed::Out(answer) => return Ok(answer),
    };
    let mut pairs = vec![("expires_in_days".to_owned(), DAYS.to_owned())];
    let view = request.param("view").unwrap_or("");
    pairs.push(("view".to_owned(), view.to_owned()));
    draw(env, request, &opened, Said { pairs, ..Said::default() }).await
}

/// Takes a form. Scripts are not needed for either.
pub(crate) async fn take(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    if request.media_type().as_deref() != Some("application/x-www-form-urlencoded") {
        return Err(Problem::new(Kind::UnsupportedMediaType));
    }
    let opened = match open(env, request).await? {
        Signed::In(opened) => opened,
        Signed::Out(answer) => return Ok(answer),
    };
    let pairs = read(request.body()?);
    if let Err(problem) = app::csrf::check(env, request, value(&pairs, app::csrf::FIELD)).await {
        return board::told(opened.lang, problem);
    }
    match value(&pairs, "close") {
        "" => make(env, request, &opened, pairs).await,
        id => close(env, request, &opened, id).await,
    }
}

async fn make(
    env: &impl Env,
    request: &Request,
    opened: &Opened,
    pairs: Pairs,
) -> Result<Response, Problem> {
    let get = |name: &str| value(&pairs, name);
    let days = get("expires_in_days").trim();
    let asked = json!({
        "name": get("name"),
        "view": get("view"),
        "expires_in_days": days.parse::<i64>().map_or_else(|_| json!(days), Value::from),
        "is_embeddable": !get("is_embeddable").is_empty(),
    });
    let api = as_api(request, opened, Method::POST, "/v1/shares", (get("key"), &asked));
    let told = match share::create(env, &api).await {
        Ok(answer) => {
            let shown: Map<String, Value> =
                serde_json::from_slice(answer.body()).unwrap_or_default();
            let text = |name: &str| shown.get(name).and_then(Value::as_str).unwrap_or("");
            Said {
                status: StatusCode::CREATED,
                url: text("url").to_owned(),
                embed_url: text("embed_url").to_owned(),
                pairs: vec![("expires_in_days".to_owned(), DAYS.to_owned())],
                ..Said::default()
            }
        }
        Err(problem) => mended(problem, opened.lang, pairs)?,
    };
    draw(env, request, opened, told).await
}

/// What whoever filled in the form can do something about; the rest is for the log.
fn mended(problem: Problem, lang: Lang, pairs: Pairs) -> Result<Said, Problem> {
    let status = problem.kind.status();
    let alert = match problem.kind {
        Kind::InvalidFields => lang.of("Please check what is marked", "请检查标出的内容"),
        Kind::IdempotencyKeyReused => lang.of(
            "This form was sent already. To make another link, send it once more.",
            "此表单此前已提交。如需再创建一个链接，请再提交一次。",
        ),
        _ => return Err(problem),
    };
    let mut wrong: Vec<(&'static str, String)> = Vec::with_capacity(4);
    for it in &problem.mistakes {
        let Place::Pointer(pointer) = &it.place else { continue };
        let names = ["name", "view", "expires_in_days", "is_embeddable"];
        let Some(name) = names.into_iter().find(|it| pointer.strip_prefix('/') == Some(it)) else {
            continue;
        };
        let text = it.detail.text(lang);
        match wrong.iter_mut().find(|it| it.0 == name) {
            Some(it) => it.1.push_str(&format!("{}{text}", lang.of("; ", "；"))),
            None => wrong.push((name, text.to_owned())),
        }
    }
    Ok(Said { status, alert: alert.to_owned(), wrong, pairs, ..Said::default() })
}

async fn close(
    env: &impl Env,
    request: &Request,
    opened: &Opened,
    id: &str,
) -> Result<Response, Problem> {
    let id = if domain::view::is_id(id) { id } else { "none" };
    let path = format!("/v1/shares/{id}");
    let api = as_api(request, opened, Method::DELETE, &path, ("", &Value::Null));
    if let Err(problem) = share::revoke(env, &api, id).await {
        return board::told(opened.lang, problem);
    }
    let mut answer = web::no_content();
    *answer.status_mut() = StatusCode::SEE_OTHER;
    set(&mut answer, LOCATION, &opened.href(Page::Shares.path()));
    Ok(answer)
}

/// What the page asks of the API, in the name of whoever sent the form.
fn as_api(
    request: &Request,
    opened: &Opened,
    method: Method,
    path: &str,
    (key, body): (&str, &Value),
) -> Request {
    let mut headers = vec![("content-type".to_owned(), b"application/json".to_vec())];
    if !key.is_empty() {
        headers.push(("idempotency-key".to_owned(), key.as_bytes().to_vec()));
    }
    for name in ["authorization", "cookie", "origin", "sec-fetch-site", "x-forwarded-proto"] {
        if let Some(value) = request.header(name) {
            headers.push((name.to_owned(), value.as_bytes().to_vec()));
        }
    }
    let target = match opened.filters.site.as_str() {
        "" => path.to_owned(),
        site => format!("{path}?site={site}"),
    };
    Request::new(method, &target, &request.authority, headers, Ok(view::text(body).into_bytes()))
}

async fn draw(
    env: &impl Env,
    request: &Request,
    opened: &Opened,
    told: Said,
) -> Result<Response, Problem> {
    let lang = opened.lang;
    let after = request.param("after").unwrap_or("").to_owned();
    let page = store::Page { after, rows: ROWS + 1 };
    let mut found = share::of_page(env, &opened.site.id, &page).await?;
    let shown = usize::try_from(ROWS).unwrap_or(0);
    let next =
        if shown < found.len() { found.get(shown - 1).map(|it| it.id.clone()) } else { None };
    found.truncate(shown);
    let key = domain::id::token("", env.random());
    let (status, is_form) = (told.status, *request.method() == Method::POST);
    let mut board = Board::new(opened, Page::Shares, lang.of("Shared views", "分享的视图"), &[]);
    board.say(lang.of(
        "A link shows one view of the figures to whoever holds it, without a key, until it expires \
         or is closed. It leads nowhere else.",
        "链接让持有者无需密钥即可查看某一视图的数据，直到过期或被关闭；除此之外看不到任何内容。",
    ));
    board.draw(|html| {
        if !told.url.is_empty() {
            made(html, &told, lang);
        }
        form(html, &told, &key, opened);
        list(html, &found, opened);
        if let Some(next) = &next {
            let href = format!("{}&after={next}", opened.href(Page::Shares.path()));
            html.put("a", &[("href", &href)], lang.of("More", "更多"));
        }
    });
    let mut answer = board.answer(request)?;
    *answer.status_mut() = status;
    if is_form {
        // It may hold a link.
        answer.headers_mut().remove(ETAG);
        set(&mut answer, CACHE_CONTROL, "no-store");
    }
    Ok(answer)
}

/// The link, which is shown this once.
fn made(html: &mut Html, told: &Said, lang: Lang) {
    html.open("section", &[("class", "card"), ("role", "status"), ("aria-labelledby", "made")]);
    html.put("h2", &[("id", "made")], lang.of("Here is the link", "链接已创建"));
    let once = lang.of("Copy it now: it is shown this once.", "请立即复制：链接只显示这一次。");
    html.put("p", &[], once);
    let frame =
        format!("<iframe src=\"{}\" width=\"100%\" height=\"800\"></iframe>", told.embed_url);
    let shown = [
        ("url", lang.of("Link", "链接"), &told.url),
        ("frame", lang.of("To show it in another page", "嵌入其他网页的代码"), &frame),
    ];
    for (id, label, text) in shown {
        if id == "frame" && told.embed_url.is_empty() {
            continue;
        }
        html.open("div", &[("class", "field")]);
        html.put("label", &[("for", id)], label);
        html.void("input", &[("id", id), ("type", "text"), ("readonly", ""), ("value", text)]);
        html.close();
    }
    html.close();
}

fn form(html: &mut Html, told: &Said, key: &str, opened: &Opened) {
    let lang = opened.lang;
    let wrong = |name: &str| told.wrong.iter().find(|it| it.0 == name).map_or("", |it| &*it.1);
    html.open("section", &[("class", "card"), ("aria-labelledby", "new")]);
    html.put("h2", &[("id", "new")], lang.of("Share a view", "分享一个视图"));
    let notes: Vec<(&str, &str)> = told.wrong.iter().map(|it| (it.0, &*it.1)).collect();
    pages::notes(html, &told.alert, &notes);
    let action = opened.href(Page::Shares.path());
    html.open("form", &[("method", "post"), ("action", &action)]);
    for (name, value) in [(app::csrf::FIELD, opened.csrf.as_str()), ("key", key)] {
        html.void("input", &[("type", "hidden"), ("name", name), ("value", value)]);
    }
    let fields = [
        (
            "name",
            lang.of("Name", "名称"),
            lang.of("What you will know it by: for the board meeting", "便于辨认，例如：董事会周会"),
            "text",
        ),
        (
            "view",
            lang.of("Address of the view", "视图的地址"),
            lang.of(
                "Open the view, then choose “Share this view”; or paste its address here. A period \
                 such as the last 30 days moves on with the calendar.",
                "打开要分享的视图并点击“分享此视图”，或将其地址粘贴到这里。“最近 30 天”等时间段会随日期推移。",
            ),
            "text",
        ),
        (
            "expires_in_days",
            lang.of("Expires in days", "有效天数"),
            lang.of("1 to 366", "1 到 366"),
            "number",
        ),
    ];
    for (name, label, hint, kind) in fields {
        let it = Field {
            name,
            label,
            hint,
            value: value(&told.pairs, name),
            wrong: wrong(name),
            kind,
            autocomplete: "off",
            // What comes first has an empty address.
            is_needed: name != "view",
            ..Field::default()
        };
        field(html, &it);
    }
    html.open("p", &[]);
    html.open("label", &[]);
    let is_chosen = !value(&told.pairs, "is_embeddable").is_empty();
    let checked = pages::html::when(is_chosen, "checked");
    let check = [
        ("type", "checkbox"),
        ("id", "is_embeddable"),
        ("name", "is_embeddable"),
        ("value", "1"),
        (checked, ""),
    ];
    html.void("input", &check);
    html.text(lang.of(" Other pages may show it within a frame", " 允许其他网页嵌入显示"));
    html.close();
    html.close();
    html.put("button", &[], lang.of("Make the link", "创建链接"));
    html.close();
    html.close();
}

fn list(html: &mut Html, found: &[Share], opened: &Opened) {
    let lang = opened.lang;
    html.open("section", &[("aria-labelledby", "links")]);
    html.put("h2", &[("id", "links")], lang.of("Links", "链接"));
    if found.is_empty() {
        let none = lang.of("There is no link yet.", "还没有链接。");
        html.put("p", &[], none);
        html.close();
        return;
    }
    let heads = [
        lang.of("Name", "名称"),
        lang.of("View", "视图"),
        lang.of("Expires", "过期时间"),
        lang.of("State", "状态"),
        lang.of("Close", "关闭"),
    ];
    let label = lang.of("Links", "链接");
    // What scrolls can be reached by keyboard, and says what it is.
    let scroll = [("class", "scroll"), ("tabindex", "0"), ("role", "group"), ("aria-label", label)];
    html.open("div", &scroll);
    html.open("table", &[]);
    html.open("thead", &[]);
    html.open("tr", &[]);
    for head in heads {
        html.put("th", &[("scope", "col")], head);
    }
    html.close();
    html.close();
    html.open("tbody", &[]);
    for it in found {
        row(html, it, opened);
    }
    for _ in 0..4 {
        html.close();
    }
}

fn row(html: &mut Html, it: &Share, opened: &Opened) {
    let lang = opened.lang;
    html.open("tr", &[]);
    html.put("th", &[("scope", "row")], &it.name);
    html.open("td", &[]);
    let view = View::read(&it.view, "").unwrap_or_default();
    let site = match opened.filters.site.as_str() {
        "" => String::new(),
        site => format!("{}site={site}", if view.query.is_empty() { "?" } else { "&" }),
    };
    let href = format!("/dashboard{}{site}", it.view);
    html.put("a", &[("href", &href)], &words::view(&view, opened));
    html.close();
    html.put("td", &[], &civil::date(opened.zone.day(it.expires_at)));
    let state = it.state(opened.now);
    let is_open = state == "open";
    let state = match state {
        "open" => lang.of("open", "有效"),
        "expired" => lang.of("expired", "已过期"),
        _ => lang.of("closed", "已关闭"),
    };
    html.put("td", &[], state);
    html.open("td", &[]);
    if is_open {
        let action = opened.href(Page::Shares.path());
        html.open("form", &[("method", "post"), ("action", &action)]);
        for (name, value) in [(app::csrf::FIELD, opened.csrf.as_str()), ("close", it.id.as_str())] {
            html.void("input", &[("type", "hidden"), ("name", name), ("value", value)]);
        }
        let label = format!("{}{}", lang.of("Close: ", "关闭："), it.name);
        let quiet = [("class", "quiet"), ("aria-label", label.as_str())];
        html.put("button", &quiet, lang.of("Close", "关闭"));
        html.close();
    }
    html.close();
    html.close();
}
