//! Booking as a page of ours, in small steps: the service, the time, the details. Each has an
//! address of its own, and all of it works without JavaScript.

use app::case::customer::is_key;
use app::hosted::form::{Pairs, read};
use app::hosted::visit::value;
use app::intake::guard::{Guard, Pass};
use domain::civil::{DAY_MS, rfc3339};
use domain::id::token;
use domain::zone::Zone;
use http::StatusCode;
use ports::{Env, Sql};
use serde_json::{Map, Value, json};
use store::sites::Site;
use store::touchpoints;
use web::lang::Lang;
use web::{Kind, Problem, Request, Response, view};

use crate::chain::{self, Slot, Told, Wanted};
use crate::draw::{Details, Step};
use crate::pick::{self, Span};
use crate::public::{self, Bookable};
use crate::trail::Trail;
use crate::{guarded, sheet};

/// What somebody books, and where.
pub(crate) struct Visit {
    pub(crate) site: Site,
    pub(crate) services: Vec<Bookable>,
    pub(crate) trail: Trail,
    /// The clocks that times are told on.
    pub(crate) zone: Zone,
    /// Whether the address asks for clocks that there are none of.
    pub(crate) is_unknown: bool,
}

impl Visit {
    /// `None` where there is no such site.
    async fn of<'a>(
        env: &impl Env,
        id: &str,
        lang: Lang,
        get: impl Fn(&str) -> &'a str,
    ) -> Result<Option<Visit>, Problem> {
        let site = match app::site(env, id).await {
            Ok(site) => site,
            Err(problem) if problem.kind == Kind::NotFound => return Ok(None),
            Err(problem) => return Err(problem),
        };
        let services = public::bookable(env, &site.id).await?;
        let mut trail = Trail::read(&format!("/book/{id}"), lang, get);
        // Where there is one, nobody is asked.
        if let [only] = services.as_slice() {
            trail.set("service", &only.id);
        }
        let (zone, is_unknown) = trail.zone(app::zone(&site.zone)?);
        Ok(Some(Visit { site, services, trail, zone, is_unknown }))
    }

    /// The service that was chosen.
    pub(crate) fn service(&self) -> Option<&Bookable> {
        self.services.iter().find(|it| it.id == self.trail.get("service"))
    }

    /// What is asked of `callback` for somebody who has booked nothing yet.
    fn wanted<'a>(&'a self, zone: &'a str, (from, to): (i64, i64)) -> Wanted<'a> {
        Wanted {
            site_id: &self.site.id,
            service_id: self.trail.get("service"),
            from,
            to,
            zone,
            language: self.trail.lang.tag(),
            token: "",
        }
    }

    /// Free slots near an instant.
    async fn near(&self, env: &impl Env, start: i64) -> Result<Vec<Slot>, Problem> {
        let from = start.saturating_sub(DAY_MS).max(env.now());
        let zone = self.zone.name();
        let wanted = self.wanted(&zone, (from, from.saturating_add(7 * DAY_MS)));
        let slots = chain::slots(env, wanted, self.trail.lang).await?;
        Ok(pick::nearest(&slots, start).to_vec())
    }
}

fn nowhere(lang: Lang) -> Response {
    let heading = lang.of("There is nothing to book here", "这里没有可预约的回电");
    let text = lang.of("Please check the address.", "请检查网址。");
    pages::said_page(StatusCode::NOT_FOUND, lang, heading, &[text])
}

/// One step: whichever comes after what was chosen.
pub(crate) async fn show(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let lang = pages::lang(request);
    let get = |name: &str| request.param(name).unwrap_or("");
    let Some(visit) = Visit::of(env, id, lang, get).await? else { return Ok(nowhere(lang)) };
    if visit.services.is_empty() {
        return Ok(nowhere(lang));
    }
    let Some(service) = visit.service() else {
        let body = Step { visit: &visit, now: env.now() }.services();
        return Ok(pages::answer(StatusCode::OK, lang.tag(), "", body));
    };
    if visit.trail.start().is_some() || visit.trail.is_asap() {
        let details = Details {
            step: Step { visit: &visit, now: env.now() },
            service,
            key: &token("", env.random()),
            form_token: &app::hosted::form_token(env, &guarded(&visit.site.id)).await?,
            kept: &Pairs::new(),
            alert: "",
            wrong: &[],
            others: &[],
        };
        return Ok(pages::answer(StatusCode::OK, lang.tag(), "", details.draw()));
    }
    let span = Span::of(&visit.trail, visit.zone, env.now());
    let zone = visit.zone.name();
    let wanted = visit.wanted(&zone, span.bounds());
    let slots = chain::slots(env, wanted, lang).await?;
    let turn = chain::turn(env, wanted, lang).await?;
    let body = Step { visit: &visit, now: env.now() }.times(service, span, (&slots, turn));
    Ok(pages::answer(StatusCode::OK, lang.tag(), "", body))
}

/// What may be wrong with a form that was sent.
#[derive(Default)]
struct Fault {
    status: StatusCode,
    alert: &'static str,
    /// What is wrong with a field: its name, and in words.
    wrong: Vec<(&'static str, String)>,
    /// Times to choose from instead.
    others: Vec<Slot>,
    /// Whether the form is good for another try as it is.
    keeps: bool,
}

/// Takes the form. What is wrong with it is told where it was typed.
pub(crate) async fn take(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    if request.media_type().as_deref() != Some("application/x-www-form-urlencoded") {
        return Err(Problem::new(Kind::UnsupportedMediaType));
    }
    // No other page may make a browser send our form.
    app::intake::check_origin(request, &[])?;
    let pairs = read(request.body()?);
    let lang = sheet::sent_lang(request, value(&pairs, "lang"));
    let get = |name: &str| value(&pairs, name);
    let Some(visit) = Visit::of(env, id, lang, get).await? else { return Ok(nowhere(lang)) };
    let Some(service) = visit.service() else { return Ok(nowhere(lang)) };
    let fault = match attempt(env, request, &visit, &pairs).await {
        Ok(told) if told.status < 300 => {
            let token = told.token().unwrap_or_default();
            let done = if visit.trail.is_asap() { "queued" } else { "booked" };
            return Ok(sheet::to(&format!("/b/{token}?lang={}&done={done}", lang.tag())));
        }
        Ok(told) => refused(env, &visit, &told).await?,
        Err(problem) => ours(problem, lang)?,
    };
    // Nothing was taken under the key, unless that is what is wrong; the form's age goes on unless
    // that is.
    let of = guarded(&visit.site.id);
    let (key, form_token) = match fault.keeps {
        true => (get("key").to_owned(), get("form_token").to_owned()),
        false => (token("", env.random()), app::hosted::form_token(env, &of).await?),
    };
    let details = Details {
        step: Step { visit: &visit, now: env.now() },
        service,
        key: &key,
        form_token: &form_token,
        kept: &pairs,
        alert: fault.alert,
        wrong: &fault.wrong,
        others: &fault.others,
    };
    Ok(pages::answer(fault.status, lang.tag(), "", details.draw()))
}

/// Hands a form over.
async fn attempt(
    env: &impl Env,
    request: &Request,
    visit: &Visit,
    pairs: &Pairs,
) -> Result<Told, Problem> {
    let get = |name: &str| value(pairs, name);
    let site_id = visit.site.id.as_str();
    // The form carries its key as a field; a browser sends no header of its own.
    let key = get("key");
    if !is_key(key) {
        return Err(Problem::new(Kind::MalformedBody));
    }
    let pass = Pass {
        trap: get("website").to_owned(),
        form_token: get("form_token").to_owned(),
        proof: String::new(),
    };
    let guard = Guard::of(env, request, false).await?;
    let passed = guard.admit_case(&guarded(site_id), &pass, env.now())?;
    let asked = asked(env, visit, pairs).await?;
    public::count(env, site_id, (&guard, &passed), key).await?;
    chain::book(env, visit.trail.lang, public::with(asked, site_id, key)).await
}

/// What the form says, as a page of the site's would say it.
async fn asked(
    env: &impl Env,
    visit: &Visit,
    pairs: &Pairs,
) -> Result<Map<String, Value>, Problem> {
    let trail = &visit.trail;
    let mut asked = Map::new();
    let mut put = |name: &str, value: &str| {
        if !value.is_empty() {
            asked.insert(name.to_owned(), value.into());
        }
    };
    put("service_id", trail.get("service"));
    put("tz", &visit.zone.name());
    put("language", trail.lang.tag());
    // An absent one is told to be needed, one that is no time to be none.
    match (trail.is_asap(), trail.start()) {
        (true, _) => put("mode", "asap"),
        (false, Some(start)) => {
            put("mode", "appointment");
            put("start", &rfc3339(start, 0));
        }
        (false, None) => put("mode", "appointment"),
    }
    for name in ["phone", "name", "email"] {
        put(name, value(pairs, name).trim());
    }
    let touchpoint = trail.get("touchpoint");
    // Whoever follows a link cannot mend what it brings along.
    let unknown = touchpoints::unknown(&visit.site.id, &view::text(&json!([touchpoint])));
    if !touchpoint.is_empty() && env.sql().fetch(unknown).await?.is_empty() {
        put("touchpoint_id", touchpoint);
    }
    Ok(asked)
}

/// What the visitor can do something about; whatever else goes wrong is for the log.
fn ours(problem: Problem, lang: Lang) -> Result<Fault, Problem> {
    let (status, alert) = match problem.kind {
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
        _ => return Err(problem),
    };
    // A form that was too young is older when it is sent again.
    Ok(Fault { status, alert, ..Fault::default() })
}

/// What `callback` had against it.
async fn refused(env: &impl Env, visit: &Visit, told: &Told) -> Result<Fault, Problem> {
    let lang = visit.trail.lang;
    let start = visit.trail.start();
    let mut fault = Fault { status: StatusCode::CONFLICT, keeps: true, ..Fault::default() };
    match told.problem() {
        "slot-taken" => {
            fault.alert = lang.of(
                "Somebody else was quicker: this time is gone. Please choose another one.",
                "该时段刚刚被他人预约，请选择其他时段。",
            );
            fault.others = told.nearest();
            if fault.others.is_empty() {
                fault.others = visit.near(env, start.unwrap_or(env.now())).await?;
            }
        }
        "do-not-call" => {
            fault.alert = lang.of("Please check what is marked", "请检查标出的内容");
            let text = lang.of(
                "We were asked never to call this number. Please give another one.",
                "该号码已登记谢绝来电，请填写其他号码。",
            );
            fault.wrong.push(("phone", text.to_owned()));
        }
        "idempotency-key-reused" => {
            fault.keeps = false;
            fault.alert = lang.of(
                "This form was sent already. To send what you have changed since, send it once \
                 more.",
                "此表单此前已提交。如需提交修改后的内容，请再提交一次。",
            );
        }
        "invalid-fields" => {
            fault.status = StatusCode::UNPROCESSABLE_ENTITY;
            fault.alert = lang.of("Please check what is marked", "请检查标出的内容");
            fault.wrong = wrong(told, lang);
            let is_start = told.wrong("/start").is_some();
            if is_start && !visit.trail.is_asap() {
                fault.others = visit.near(env, start.unwrap_or(env.now())).await?;
            }
            if fault.wrong.is_empty() && !is_start {
                return Err(told.unexpected());
            }
        }
        _ => return Err(told.unexpected()),
    }
    Ok(fault)
}

/// What is wrong with which field.
fn wrong(told: &Told, lang: Lang) -> Vec<(&'static str, String)> {
    let mut wrong = Vec::with_capacity(3);
    // There are many ways for a number to be wrong, and `callback` says which.
    if let Some(detail) = told.wrong("/phone") {
        wrong.push(("phone", format!("{}{detail}", lang.of("The number ", "号码"))));
    }
    if told.wrong("/name").is_some() {
        let text = lang.of("Please use at most 80 characters", "请不要超过 80 个字符");
        wrong.push(("name", text.to_owned()));
    }
    if told.wrong("/email").is_some() {
        let text = lang.of(
            "Please enter an e-mail address such as name@example.com",
            "请输入电子邮箱，例如 name@example.com",
        );
        wrong.push(("email", text.to_owned()));
    }
    wrong
}
