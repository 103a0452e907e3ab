//! The form as a page of ours, which works without JavaScript.

use app::case::customer::is_key;
use app::case::offer::Offer;
use app::hosted::form::{Pairs, read};
use app::hosted::visit::value;
use app::intake::guard::{self, Guard, Passed};
use app::write::request_hash;
use domain::case::Source;
use domain::id::token;
use http::StatusCode;
use http::header::{CACHE_CONTROL, LOCATION, REFERRER_POLICY};
use pages::html::Html;
use pages::{Field, Frame, field};
use ports::Env;
use serde_json::{Map, Value};
use store::sites::Site;
use web::field::Fields;
use web::lang::Lang;
use web::problem::Place;
use web::response::set;
use web::{Kind, Problem, Request, Response};

use crate::take::{self, CONTACTS};

/// The form, and what came of it before.
struct Sheet<'a> {
    lang: Lang,
    site: &'a Site,
    key: &'a str,
    form_token: &'a str,
    kept: &'a Pairs,
    /// What is wrong with the whole.
    alert: &'a str,
    /// What is wrong with a field: its name, and in words.
    wrong: &'a [(&'static str, &'static str)],
    has_offer: bool,
}

/// The site of a page; `None` if there is none.
async fn site(env: &impl Env, id: &str) -> Result<Option<Site>, Problem> {
    match app::site(env, id).await {
        Ok(site) => Ok(Some(site)),
        Err(problem) if problem.kind == Kind::NotFound => Ok(None),
        Err(problem) => Err(problem),
    }
}

fn nowhere(lang: Lang) -> Response {
    let heading = lang.of("There is no such form", "没有找到此表单");
    let text = lang.of("Please check the address.", "请检查网址。");
    pages::said_page(StatusCode::NOT_FOUND, lang, heading, &[text])
}

/// The empty form.
pub(crate) async fn show(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let lang = pages::lang(request);
    let Some(site) = site(env, id).await? else { return Ok(nowhere(lang)) };
    // What the address brings along.
    let names = [("r", "r"), ("touchpoint", "touchpoint_id")];
    let mut kept = Pairs::new();
    for (name, field) in names {
        kept.push((field.to_owned(), request.param(name).unwrap_or("").to_owned()));
    }
    let sheet = Sheet {
        lang,
        site: &site,
        key: &token("", env.random()),
        form_token: &app::hosted::form_token(env, id).await?,
        kept: &kept,
        alert: "",
        wrong: &[],
        has_offer: offer(env, &site, &kept).await?.is_some(),
    };
    Ok(pages::answer(StatusCode::OK, lang.tag(), "", sheet.draw()))
}

/// The offer that a form carries, if it holds.
async fn offer(env: &impl Env, site: &Site, pairs: &Pairs) -> Result<Option<Offer>, Problem> {
    let token = value(pairs, "r");
    if token.is_empty() {
        return Ok(None);
    }
    Ok(Offer::open(&guard::secret(env).await?, &site.id, token, env.now()))
}

/// What follows a complaint that joined an earlier one.
pub(crate) async fn thanks(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let lang = pages::lang(request);
    if site(env, id).await?.is_none() {
        return Ok(nowhere(lang));
    }
    let heading = lang.of("Thank you. We have what you wrote.", "谢谢，您的内容已收到。");
    let text = lang.of(
        "You told us of this before, so it was added to your open complaint. The private link \
         that you got then shows what becomes of it.",
        "您此前已就此事投诉，本次内容已并入未结的投诉。可通过当时收到的专属链接查看进度。",
    );
    Ok(pages::said_page(StatusCode::OK, lang, heading, &[text]))
}

/// What may be wrong with the whole form.
enum Fault {
    Fields(Problem),
    Other(StatusCode, &'static str),
}

/// Takes the form. What is wrong with it is told where it was typed.
pub(crate) async fn take(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    if request.media_type().as_deref() != Some("application/x-www-form-urlencoded") {
        return Err(Problem::new(Kind::UnsupportedMediaType));
    }
    // No other page may make a browser send our form.
    app::intake::check_origin(request, &[])?;
    let pairs = read(request.body()?);
    let lang = match value(&pairs, "lang") {
        "zh-CN" => Lang::Zh,
        "en" => Lang::En,
        _ => pages::lang(request),
    };
    let Some(site) = site(env, id).await? else { return Ok(nowhere(lang)) };
    let problem = match attempt(env, request, (&site, lang), &pairs).await {
        Ok(location) => return Ok(to(&location)),
        Err(problem) => problem,
    };
    let (wrong, status, alert) = match fault(problem, lang)? {
        Fault::Other(status, alert) => (Vec::new(), status, alert),
        Fault::Fields(problem) => (
            wrong(&problem, lang),
            StatusCode::UNPROCESSABLE_ENTITY,
            lang.of("Please check what is marked", "请检查标出的内容"),
        ),
    };
    // Nothing was taken under the key, unless that is what is wrong; the form's age goes on unless
    // that is.
    let keeps = status == StatusCode::UNPROCESSABLE_ENTITY;
    let key = if keeps { value(&pairs, "key").to_owned() } else { token("", env.random()) };
    let form_token = match keeps && !wrong.is_empty() {
        true => value(&pairs, "form_token").to_owned(),
        false => app::hosted::form_token(env, id).await?,
    };
    let has_offer = offer(env, &site, &pairs).await?.is_some();
    let (kept, site, wrong) = (&pairs, &site, wrong.as_slice());
    let (key, form_token) = (key.as_str(), form_token.as_str());
    let sheet = Sheet { lang, site, key, form_token, kept, alert, wrong, has_offer };
    Ok(pages::answer(status, lang.tag(), "", sheet.draw()))
}

/// Takes a form and gives where it leads.
async fn attempt(
    env: &impl Env,
    request: &Request,
    (site, lang): (&Site, Lang),
    pairs: &Pairs,
) -> Result<String, Problem> {
    let mut fields = fields(pairs, lang);
    let touchpoint = value(pairs, "touchpoint_id");
    // Whoever follows a link cannot mend what it brings along.
    if !touchpoint.is_empty() && take::knows(env, site, touchpoint).await? {
        fields.insert("touchpoint_id".to_owned(), touchpoint.into());
    }
    if offer(env, site, pairs).await?.is_some() {
        fields.insert("offer".to_owned(), value(pairs, "r").into());
    }
    let complaint = take::read(env, request, site, Fields::new(fields)).await?;
    let guard = Guard::of(env, request, false).await?;
    let passed: Passed = guard.admit_case(&site.id, &complaint.pass, env.now())?;
    // The form carries its key as a field; a browser sends no header of its own.
    let key = value(pairs, "key");
    if !is_key(key) {
        return Err(Problem::new(Kind::MalformedBody));
    }
    let key = (key, request_hash(request)?);
    let opening = complaint.opening(Source::Page);
    let taken = take::take(env, site, (&guard, &passed), key, &opening).await?;
    let tag = lang.tag();
    if taken.is_joined {
        return Ok(format!("/c/{}/thanks?lang={tag}", site.id));
    }
    Ok(format!("/t/{}?lang={tag}&done=opened", take::link(env, &taken).await?))
}

/// What the form says, as a page of the site's would say it.
fn fields(pairs: &Pairs, lang: Lang) -> Map<String, Value> {
    let mut fields = Map::new();
    let mut contact = Map::new();
    for (kind, _) in CONTACTS {
        contact.insert(kind.to_owned(), value(pairs, kind).into());
    }
    fields.insert("contact".to_owned(), contact.into());
    // Browsers send a line break as two characters.
    fields.insert("text".to_owned(), value(pairs, "text").replace("\r\n", "\n").into());
    fields.insert("language".to_owned(), lang.tag().into());
    let amount = value(pairs, "amount").trim();
    if !amount.is_empty() {
        let cents = cents(amount).map_or_else(|| Value::from(amount), Value::from);
        fields.insert("amount".to_owned(), cents);
    }
    for name in ["form_token", "website"] {
        fields.insert(name.to_owned(), value(pairs, name).into());
    }
    fields
}

/// `199.5` as 19950; thousands may be parted as people do.
fn cents(text: &str) -> Option<i64> {
    let text: String = text.chars().filter(|it| !matches!(it, ',' | '，' | ' ')).collect();
    let text = text.trim_start_matches(['¥', '￥', '$', '€']).trim_end_matches('元');
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let is_number = |it: &str| it.bytes().all(|it| it.is_ascii_digit());
    if whole.is_empty() || !is_number(whole) || !is_number(part) || 2 < part.len() {
        return None;
    }
    let part = format!("{part:0<2}").parse::<i64>().ok()?;
    whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(part)
}

/// What the visitor can do something about; whatever else goes wrong is for the log.
fn fault(problem: Problem, lang: Lang) -> Result<Fault, Problem> {
    let (status, text) = match problem.kind {
        Kind::InvalidFields => return Ok(Fault::Fields(problem)),
        Kind::FormToken | Kind::ProofNeeded | Kind::MalformedBody => (
            StatusCode::UNPROCESSABLE_ENTITY,
            lang.of(
                "That was very quick, or the form was too old. Please send it once more.",
                "提交得太快，或表单已过期，请再提交一次。",
            ),
        ),
        Kind::TooManyRequests => (
            StatusCode::TOO_MANY_REQUESTS,
            lang.of(
                "Too much is coming in just now. Please send it again in a moment.",
                "目前提交过于频繁，请稍后再试。",
            ),
        ),
        Kind::IdempotencyKeyReused => (
            StatusCode::CONFLICT,
            lang.of(
                "This form was sent already. To send what you have typed since, send it once more.",
                "此表单此前已提交。如需提交新写的内容，请再提交一次。",
            ),
        ),
        _ => return Err(problem),
    };
    Ok(Fault::Other(status, text))
}

/// What is wrong with which field.
fn wrong(problem: &Problem, lang: Lang) -> Vec<(&'static str, &'static str)> {
    let is_at = |pointer: &str| {
        problem.mistakes.iter().any(|it| matches!(&it.place, Place::Pointer(at) if at == pointer))
    };
    let rules = [
        (
            "text",
            "/text",
            lang.of(
                "Please tell us what happened, in at most 10,000 characters",
                "请说明发生了什么，不超过 10000 个字符",
            ),
        ),
        (
            "amount",
            "/amount",
            lang.of("Please enter an amount such as 199.50", "请输入金额，例如 199.50"),
        ),
        (
            "name",
            "/contact/name",
            lang.of("Please use at most 80 characters", "请不要超过 80 个字符"),
        ),
        (
            "email",
            "/contact/email",
            lang.of(
                "Please enter an e-mail address such as name@example.com",
                "请输入电子邮箱，例如 name@example.com",
            ),
        ),
        (
            "phone",
            "/contact/phone",
            lang.of(
                "Please enter a phone number such as +86 138 0013 8000",
                "请输入电话号码，例如 +86 138 0013 8000",
            ),
        ),
        (
            "wechat",
            "/contact/wechat",
            lang.of("Please use at most 64 characters", "请不要超过 64 个字符"),
        ),
    ];
    rules.into_iter().filter(|it| is_at(it.1)).map(|it| (it.0, it.2)).collect()
}

/// On to a page that can be loaded again without sending anything again.
fn to(location: &str) -> Response {
    let mut response = Response::new(Vec::new());
    *response.status_mut() = StatusCode::SEE_OTHER;
    set(&mut response, LOCATION, location);
    set(&mut response, CACHE_CONTROL, "no-store");
    set(&mut response, REFERRER_POLICY, "same-origin");
    response
}

impl Sheet<'_> {
    fn draw(&self) -> Vec<u8> {
        let lang = self.lang;
        let heading = lang.of("Tell us what went wrong", "投诉与建议");
        let title = match self.alert.is_empty() {
            true => heading.to_owned(),
            false => format!("{}{heading}", lang.of("Error: ", "有误：")),
        };
        let mut html = Frame::of(lang, &title).begin();
        pages::languages(&mut html, lang, &format!("/c/{}", self.site.id), &self.query());
        html.open("main", &[("class", "card")]);
        html.put("p", &[("class", "soft small")], &self.site.name);
        html.put("h1", &[], heading);
        if self.has_offer {
            let text = lang.of(
                "We are sorry that you were not satisfied. Tell us what happened, and we take \
                 care of it.",
                "很抱歉没有让您满意。请告诉我们发生了什么，我们会跟进处理。",
            );
            html.put("p", &[], text);
        }
        let text = lang.of(
            "You get a ticket number and a private link at once, where you see what becomes of \
             it.",
            "提交后您会立即获得服务单号和专属链接，可随时查看处理进度。",
        );
        html.put("p", &[("class", "soft")], text);
        pages::notes(&mut html, self.alert, self.wrong);
        let action = format!("/c/{}", self.site.id);
        let attributes = [("method", "post"), ("action", action.as_str()), ("novalidate", "")];
        html.open("form", &attributes);
        self.carried(&mut html);
        self.fields(&mut html);
        html.put("p", &[("class", "hint")], consent(lang));
        html.put("button", &[("type", "submit")], lang.of("Send", "提交"));
        html.done()
    }

    /// What the address brought along, for the same form in the other language.
    fn query(&self) -> String {
        let mut query = String::new();
        for (name, field) in [("r", "r"), ("touchpoint", "touchpoint_id")] {
            let text = value(self.kept, field);
            let is_plain = |it: u8| it.is_ascii_alphanumeric() || b"._-".contains(&it);
            if !text.is_empty() && text.bytes().all(is_plain) {
                query.push_str(&format!("&{name}={text}"));
            }
        }
        query
    }

    /// What goes back with what is typed.
    fn carried(&self, html: &mut Html) {
        let hidden = [
            ("key", self.key),
            ("form_token", self.form_token),
            ("lang", self.lang.tag()),
            ("r", value(self.kept, "r")),
            ("touchpoint_id", value(self.kept, "touchpoint_id")),
        ];
        for (name, value) in hidden.into_iter().filter(|it| !it.1.is_empty()) {
            html.void("input", &[("type", "hidden"), ("name", name), ("value", value)]);
        }
        pages::trap(html);
    }

    fn fields(&self, html: &mut Html) {
        let lang = self.lang;
        let mut put = |name: &str, label: &str, hint: &str, kind: &str, autocomplete: &str| {
            let wrong = self.wrong.iter().find(|it| it.0 == name).map_or("", |it| it.1);
            field(
                html,
                &Field {
                    name,
                    label,
                    hint,
                    value: value(self.kept, name),
                    wrong,
                    kind,
                    autocomplete,
                    is_needed: name == "text",
                    ..Field::default()
                },
            );
        };
        put("text", lang.of("What happened?", "发生了什么？"), "", "", "");
        let hint = lang.of("If money is at stake", "如涉及金额");
        put("amount", lang.of("Amount (optional)", "涉及金额（选填）"), hint, "text", "");
        let hint = lang.of(
            "So that we can reach you. All of it is optional.",
            "方便我们联系您，以下均为选填。",
        );
        put("name", lang.of("Your name", "您的称呼"), hint, "text", "name");
        put("phone", lang.of("Phone", "电话"), "", "tel", "tel");
        put("wechat", lang.of("WeChat", "微信号"), "", "text", "");
        put("email", lang.of("E-mail", "电子邮箱"), "", "email", "email");
    }
}

/// What somebody agrees to who sends a complaint.
fn consent(lang: Lang) -> &'static str {
    lang.of(
        "With “Send” you agree that we keep what you write, and use your contact details for \
         this complaint alone.",
        "点击“提交”即表示您同意我们保存以上内容，联系方式仅用于处理本次投诉。",
    )
}
