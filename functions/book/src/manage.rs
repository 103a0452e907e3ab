//! The customer's own page of a call-back, and what they do there.
//!
//! A link that is unknown, or whose customer was erased, is answered alike, so nobody learns what
//! exists.

use app::callback::ics::About;
use app::case::customer::is_key;
use app::hosted::form::read;
use app::hosted::visit::value;
use app::intake::guard::Guard;
use domain::UtcMs;
use domain::callback::{Act, Mode, State};
use domain::civil::rfc3339;
use domain::id::{token, token_hash};
use domain::zone::Zone;
use http::StatusCode;
use ports::{Env, Sql};
use serde_json::json;
use store::call_lists;
use store::callbacks::{self, Callback};
use store::sites::Site;
use web::lang::Lang;
use web::service::Offered;
use web::{Kind, Problem, Request, Response};

use crate::chain::{self, Slot, Turn, Wanted};
use crate::own::{Note, Own};
use crate::pick::Span;
use crate::trail::Trail;
use crate::{pick, public, sheet, standing};

/// What a customer may do, as paths name it.
pub(crate) const ACTS: [(&str, Act); 3] =
    [("confirm", Act::Confirm), ("move", Act::Move), ("cancel", Act::Cancel)];
/// How much of a number is shown.
const DIGITS: usize = 4;

/// All that a page shows.
pub(crate) struct Shown {
    pub(crate) row: Callback,
    pub(crate) site: Site,
    /// What it is about.
    pub(crate) service: String,
    offered: Offered,
    email: String,
    /// The end of the number that is called; empty if it is not known.
    pub(crate) digits: String,
    pub(crate) trail: Trail,
    /// The clocks that times are told on.
    pub(crate) zone: Zone,
    /// Whether the address asks for clocks that there are none of.
    pub(crate) is_unknown: bool,
}

impl Shown {
    /// `None` for a link that opens nothing.
    async fn of<'a>(
        env: &impl Env,
        token: &str,
        lang: Lang,
        get: impl Fn(&str) -> &'a str,
    ) -> Result<Option<Shown>, Problem> {
        let sql = env.sql();
        let found = sql.fetch(callbacks::by_link(token_hash(token))).await?;
        // Of whoever was erased nothing is left to be shown.
        let Some(row) = found.filter(|it| !it.phone_hash.is_empty()) else { return Ok(None) };
        let site = app::site(env, &row.site_id).await?;
        let found = app::callback::offered(env, &row.site_id, &row.service_id).await?;
        let (service, offered) = found.map(|it| (it.0.name, it.1)).unwrap_or_default();
        let contacts = sql.fetch(call_lists::contacts(&row)).await?;
        let contact = |kind: &str| contacts.iter().find(|it| it.0 == kind);
        let number = contact("phone").map_or("", |it| it.1.as_str());
        let digits = number.len().checked_sub(DIGITS).and_then(|it| number.get(it..));
        let trail = Trail::read(&format!("/b/{token}"), lang, get);
        let own = Zone::parse(&row.zone).unwrap_or(app::zone(&site.zone)?);
        let (zone, is_unknown) = trail.zone(own);
        Ok(Some(Shown {
            site,
            service,
            offered,
            email: contact("email").map_or("", |it| it.1.as_str()).to_owned(),
            digits: digits.unwrap_or_default().to_owned(),
            trail,
            zone,
            is_unknown,
            row,
        }))
    }

    /// Whether the customer may do this now.
    pub(crate) fn may(&self, act: Act, now: UtcMs) -> bool {
        act.from(standing::state(&self.row, now)).is_some()
    }

    /// Whether it has a time that can stand in a calendar.
    pub(crate) fn has_time(&self, now: UtcMs) -> bool {
        self.row.start != 0 && standing::state(&self.row, now) == State::Booked
    }

    /// What is asked of `callback`; its own time counts as free.
    fn wanted<'a>(
        &'a self,
        (zone, token): (&'a str, &'a str),
        (from, to): (i64, i64),
    ) -> Wanted<'a> {
        Wanted {
            site_id: &self.row.site_id,
            service_id: &self.row.service_id,
            from,
            to,
            zone,
            language: &self.row.language,
            token,
        }
    }

    /// Times to choose from, while that is asked for.
    async fn slots(&self, env: &impl Env, token: &str) -> Result<Option<Choice>, Problem> {
        if self.trail.get("ask") != "move" || !self.may(Act::Move, env.now()) {
            return Ok(None);
        }
        let span = Span::of(&self.trail, self.zone, env.now());
        let zone = self.zone.name();
        let wanted = self.wanted((&zone, token), span.bounds());
        let slots = chain::slots(env, wanted, self.trail.lang).await?;
        Ok(Some(Choice { span, slots }))
    }

    /// Where they stand while they wait to be called for the first time.
    async fn turn(&self, env: &impl Env, token: &str) -> Result<Turn, Problem> {
        let is_queued = standing::state(&self.row, env.now()) == State::Waiting
            && self.row.attempts == 0
            && Mode::parse(&self.row.mode) == Some(Mode::Asap);
        if !is_queued {
            return Ok(Turn::default());
        }
        let zone = self.zone.name();
        chain::turn(env, self.wanted((&zone, token), (0, 0)), self.trail.lang).await
    }
}

/// Times to choose from.
pub(crate) struct Choice {
    pub(crate) span: Span,
    pub(crate) slots: Vec<Slot>,
}

/// What is said of every link that opens nothing.
fn nothing(lang: Lang) -> Response {
    let heading = lang.of("This link opens nothing", "此链接无法打开");
    let text = lang.of(
        "It may be withdrawn or not complete. Please check the address.",
        "链接可能已失效或不完整，请检查网址。",
    );
    pages::said_page(StatusCode::NOT_FOUND, lang, heading, &[text])
}

/// The page.
pub(crate) async fn show(
    env: &impl Env,
    request: &Request,
    token: &str,
) -> Result<Response, Problem> {
    let lang = pages::lang(request);
    let get = |name: &str| request.param(name).unwrap_or("");
    let Some(shown) = Shown::of(env, token, lang, get).await? else { return Ok(nothing(lang)) };
    let note = Note::done(get("done"));
    page(env, request, &shown, token, (note, &[])).await
}

/// The page, with what is to be said of what was done before.
async fn page(
    env: &impl Env,
    request: &Request,
    shown: &Shown,
    token_: &str,
    (note, others): (Note, &[Slot]),
) -> Result<Response, Problem> {
    let choice = shown.slots(env, token_).await?;
    let own = Own {
        shown,
        url: &format!("{}/b/{token_}", app::link::origin(request)),
        key: &token("", env.random()),
        now: env.now(),
        note,
        choice: choice.as_ref(),
        turn: shown.turn(env, token_).await?,
        others,
    };
    Ok(pages::answer(note.status(), shown.trail.lang.tag(), "", own.draw()))
}

/// The call for a calendar.
pub(crate) async fn calendar(
    env: &impl Env,
    request: &Request,
    token: &str,
) -> Result<Response, Problem> {
    let lang = pages::lang(request);
    let get = |name: &str| request.param(name).unwrap_or("");
    let Some(shown) = Shown::of(env, token, lang, get).await? else { return Ok(nothing(lang)) };
    let link = format!("{}/b/{token}", app::link::origin(request));
    let about = About {
        row: &shown.row,
        service: &shown.service,
        offered: &shown.offered,
        site: &shown.site.name,
        host: &request.authority,
        link: &link,
        email: &shown.email,
    };
    about.answer()
}

/// Takes a form.
pub(crate) async fn take(
    env: &impl Env,
    request: &Request,
    token: &str,
    act: &str,
) -> Result<Response, Problem> {
    if request.media_type().as_deref() != Some("application/x-www-form-urlencoded") {
        return Err(Problem::new(Kind::UnsupportedMediaType));
    }
    // No other page may make a browser send our form.
    app::intake::check_origin(request, &[])?;
    let pairs = read(request.body()?);
    let get = |name: &str| value(&pairs, name);
    let lang = sheet::sent_lang(request, get("lang"));
    let Some(mut shown) = Shown::of(env, token, lang, get).await? else {
        return Ok(nothing(lang));
    };
    let (note, others) = attempt(env, request, (&shown, &pairs), (token, act)).await?;
    if note == Note::None {
        let zone = shown.trail.get("tz");
        let mut next = Trail::read(&shown.trail.path, lang, |_| "");
        next.set("tz", zone);
        return Ok(sheet::to(&format!("{}&done={act}", next.to(&[]))));
    }
    // What was asked for stays in sight, so that it can be asked for again.
    shown.trail.set("ask", if act == "confirm" { "" } else { act });
    if note == Note::Taken {
        shown.trail.set("start", "");
    }
    page(env, request, &shown, token, (note, &others)).await
}

/// Does what a form asks for, once for each form that we gave out. What is to be said if it could
/// not be done, and what times there are instead.
async fn attempt(
    env: &impl Env,
    request: &Request,
    (shown, pairs): (&Shown, &app::hosted::form::Pairs),
    (token, act): (&str, &str),
) -> Result<(Note, Vec<Slot>), Problem> {
    let key = value(pairs, "key");
    if !is_key(key) {
        return Ok((Note::Stale, Vec::new()));
    }
    let start = shown.trail.start();
    if act == "move" && start.is_none() {
        return Ok((Note::WantsTime, Vec::new()));
    }
    let guard = Guard::of(env, request, false).await?;
    let passed = guard.passed(None, env.now());
    match public::count(env, &shown.row.site_id, (&guard, &passed), &shown.row.id).await {
        Ok(()) => {}
        Err(it) if it.kind == Kind::TooManyRequests => return Ok((Note::Busy, Vec::new())),
        Err(problem) => return Err(problem),
    }
    let body = match start.filter(|_| act == "move") {
        Some(start) => json!({ "start": rfc3339(start, 0), "tz": shown.zone.name() }),
        None => json!({}),
    };
    let told = chain::act(env, (token, act), key, shown.trail.lang, &body).await?;
    if told.status < 300 {
        return Ok((Note::None, Vec::new()));
    }
    Ok(match told.problem() {
        "slot-taken" => (Note::Taken, told.nearest()),
        "invalid-fields" if told.wrong("/start").is_some() => {
            let start = start.unwrap_or(env.now());
            let from = start.saturating_sub(domain::civil::DAY_MS);
            let until = from.max(env.now()).saturating_add(7 * domain::civil::DAY_MS);
            let zone = shown.zone.name();
            let wanted = shown.wanted((&zone, token), (from, until));
            let slots = chain::slots(env, wanted, shown.trail.lang).await?;
            (Note::Taken, pick::nearest(&slots, start).to_vec())
        }
        "idempotency-key-reused" => (Note::Sent, Vec::new()),
        "hold-expired" => (Note::Lapsed, Vec::new()),
        "wrong-state" | "conflict" | "not-found" => (Note::Over, Vec::new()),
        _ => return Err(told.unexpected()),
    })
}
