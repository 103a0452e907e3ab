//! Whose page it is: who is signed in, at which site, and what they may do there.

use app::neighbour::{self, Call, Done, Refused};
use domain::role::Role;
use domain::zone::Zone;
use http::StatusCode;
use http::header::LOCATION;
use pages::{Frame, SignIn, told};
use ports::Env;
use serde_json::Value;
use web::lang::{Lang, said, said_now};
use web::response::set;
use web::{Kind, Problem, Request, Response};

use crate::tell::{at, items, text};

/// The address of the desk.
pub const HOME: &str = "/desk";
/// The component that knows who is signed in.
const WHO: &str = "admin";

/// Whoever is signed in, and all that a page of theirs needs.
#[derive(Clone, Debug)]
pub struct Desk {
    /// The language of the page.
    pub lang: Lang,
    /// What they may do.
    pub role: Role,
    /// Who they are, as in events.
    pub actor: String,
    /// The agent whose key it is; empty for nobody's.
    pub agent_id: String,
    /// Their name; the site's key has none.
    pub agent_name: String,
    /// Their department; empty for none.
    pub department_id: String,
    /// The site.
    pub site_id: String,
    /// Its name.
    pub site_name: String,
    /// Its zone, in which every time is told.
    pub zone: Zone,
    /// Whether their key spans sites, so that every address has to name one.
    pub is_spanning: bool,
    /// The token of the forms.
    pub csrf: String,
    /// A fresh `Idempotency-Key` for the forms of this page.
    pub key: String,
    /// The instant of the request.
    pub now: domain::UtcMs,
    /// Path and query as they were asked for.
    pub target: String,
}

/// Either the page, or what to answer instead: a form to sign in, or why not.
#[derive(Debug)]
pub enum Signed {
    /// The page.
    In(Desk),
    /// An answer.
    Out(Response),
}

/// A form that was sent from a page of ours.
#[derive(Clone, Debug, Default)]
pub struct Sent {
    /// What was filled in, by name.
    pub pairs: Vec<(String, String)>,
}

impl Sent {
    /// What a field says, as it was typed; empty for nothing.
    pub fn get(&self, name: &str) -> &str {
        app::hosted::visit::value(&self.pairs, name)
    }

    /// The key of this form: sent twice, it does one thing.
    pub fn key(&self) -> &str {
        self.get("key")
    }

    /// The version that the form was filled in for; 0 for none.
    pub fn version(&self) -> i64 {
        self.get("version").parse().unwrap_or(0)
    }

    /// All values of a name.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.pairs.iter().filter(move |it| it.0 == name).map(|it| it.1.as_str())
    }
}

/// The form that was sent, if it came from a page of ours, whether or not anybody is signed in.
pub async fn sent(env: &impl Env, request: &Request) -> Result<Sent, Problem> {
    if request.media_type().as_deref() != Some("application/x-www-form-urlencoded") {
        return Err(Problem::new(Kind::UnsupportedMediaType));
    }
    let mut sent = Sent { pairs: app::hosted::form::read(request.body()?) };
    // Browsers end each line of a text with two characters; everybody else with one.
    for (_, value) in sent.pairs.iter_mut().filter(|it| it.1.contains('\r')) {
        *value = value.replace("\r\n", "\n");
    }
    app::csrf::check(env, request, sent.get(app::csrf::FIELD)).await?;
    Ok(sent)
}

/// Opens a page for whoever asks, who needs at least this role.
pub async fn open(env: &impl Env, request: &Request, role: Role) -> Result<Signed, Problem> {
    opened(env, request, role, false).await
}

/// The same for a page that makes sense without a site: whoever spans sites and names none gets a
/// desk whose `site_id` is empty, and whose times are told in UTC.
pub async fn open_anywhere(
    env: &impl Env,
    request: &Request,
    role: Role,
) -> Result<Signed, Problem> {
    opened(env, request, role, true).await
}

async fn opened(
    env: &impl Env,
    request: &Request,
    role: Role,
    is_anywhere: bool,
) -> Result<Signed, Problem> {
    let lang = pages::lang(request);
    let csrf = app::csrf::token(env, request).await;
    let mut who = "/v1/session".to_owned();
    if let Some(site) = request.param("site") {
        who.push_str("?site=");
        who.push_str(&word(site));
    }
    let told_who = match neighbour::ask(env, request, lang, (WHO, &who)).await {
        Ok(it) => it,
        Err(refused) if refused.status == 401 => {
            let next = (*request.method() == http::Method::GET).then_some(&*request.target);
            let next = next.unwrap_or(HOME);
            return Ok(Signed::Out(sign_in(StatusCode::UNAUTHORIZED, lang, &csrf, next, "")));
        }
        Err(refused) => return refusal(lang, &refused).map(Signed::Out),
    };
    let is_spanning = at(&told_who, "/site_id").is_null();
    let has_site = !at(&told_who, "/site").is_null();
    if !has_site && !is_anywhere {
        return choice(env, request, lang).await.map(Signed::Out);
    }
    let held = Role::parse(text(&told_who, "/role")).unwrap_or(Role::Viewer);
    if held < role {
        return told(lang, too_small(role)).map(Signed::Out);
    }
    let named = |pointer: &str| text(&told_who, pointer).to_owned();
    Ok(Signed::In(Desk {
        lang,
        role: held,
        actor: named("/actor"),
        agent_id: named("/agent/id"),
        agent_name: named("/agent/name"),
        department_id: named("/agent/department_id"),
        site_id: named("/site/id"),
        site_name: named("/site/name"),
        zone: if has_site { app::zone(text(&told_who, "/site/zone"))? } else { Zone::UTC },
        is_spanning,
        csrf,
        key: domain::id::token("", env.random()),
        now: env.now(),
        target: request.target.clone(),
    }))
}

fn too_small(role: Role) -> Problem {
    let name = role.name();
    Problem::new(Kind::Forbidden).with(said_now(
        format!("This page needs a key with the role {name}: sign in with one."),
        format!("此页面需要角色为 {name} 的密钥，请换用该角色的密钥登录。"),
    ))
}

/// The form to sign in, with what was wrong with the key before; `next` is where to go on.
pub fn sign_in(status: StatusCode, lang: Lang, csrf: &str, next: &str, wrong: &str) -> Response {
    let title = lang.of("Sign in to the desk", "登录工作台");
    let hidden = [(app::csrf::FIELD, csrf), ("next", next)];
    SignIn { title, page: HOME, hidden: &hidden, wrong }.answer(status, lang)
}

/// Which site it is to be, for whoever spans them; without any, where to make the first.
async fn choice(env: &impl Env, request: &Request, lang: Lang) -> Result<Response, Problem> {
    let sites = match neighbour::ask(env, request, lang, (WHO, "/v1/sites?limit=100")).await {
        Ok(it) => it,
        Err(refused) => return refusal(lang, &refused),
    };
    let title = lang.of("Which site?", "选择站点");
    let mut html = Frame { style: pages::DESK_STYLE_PATH, ..Frame::of(lang, title) }.begin();
    pages::languages(&mut html, lang, &format!("/{}", request.path().join("/")), "");
    html.open("main", &[("class", "card")]);
    html.put("h1", &[], title);
    let found = items(&sites, "/items");
    if found.is_empty() {
        let text = lang.of(
            "There is no site yet. A site is one company's or brand's data, apart from every \
             other.",
            "尚无站点。一个站点是一家公司或一个品牌的数据，彼此独立。",
        );
        html.put("p", &[], text);
    }
    html.open("ul", &[]);
    let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
    for it in found {
        let mut address = format!("{path}?site={}", text(it, "/id"));
        for pair in query.split('&').filter(|it| !it.is_empty() && !it.starts_with("site=")) {
            address.push('&');
            address.push_str(pair);
        }
        html.open("li", &[]);
        html.put("a", &[("href", &address)], text(it, "/name"));
        html.close();
    }
    html.close();
    let start = format!("{HOME}/start?lang={}", lang.tag());
    html.open("p", &[]);
    html.put("a", &[("href", &start)], lang.of("Set up a new site", "新建站点"));
    html.close();
    Ok(pages::answer(StatusCode::OK, lang.tag(), "", html.done()))
}

/// A page that says why a component refused; what is not the caller's fault is for the log.
pub fn refusal(lang: Lang, refused: &Refused) -> Result<Response, Problem> {
    let kind = match refused.status {
        401 => Kind::Unauthorized,
        403 => Kind::Forbidden,
        404 => Kind::NotFound,
        409 => Kind::Conflict,
        422 => Kind::InvalidFields,
        429 => Kind::TooManyRequests,
        _ => return Err(Problem::new(Kind::Unavailable)),
    };
    let said = refused.text().to_owned();
    told(lang, Problem::new(kind).with(said_now(said.clone(), said)))
}

impl Desk {
    /// Whether they may do what needs this role: what they may not is not shown to them.
    pub fn may(&self, role: Role) -> bool {
        role <= self.role
    }

    /// The address of a page of the desk: `path` begins with `/`, and may have a query of its own.
    pub fn href(&self, path: &str) -> String {
        let mark = if path.contains('?') { '&' } else { '?' };
        let site = if self.is_spanning { self.site_id.as_str() } else { "" };
        let name = if site.is_empty() { "" } else { "&site=" };
        format!("{path}{mark}lang={}{name}{site}", self.lang.tag())
    }

    /// What is asked of the API: the same for whoever spans sites names one.
    pub fn api(&self, target: &str) -> String {
        if !self.is_spanning || self.site_id.is_empty() {
            return target.to_owned();
        }
        let mark = if target.contains('?') { '&' } else { '?' };
        format!("{target}{mark}site={}", self.site_id)
    }

    /// Asks several components at once; the answers come in the order of what was asked.
    pub async fn read(
        &self,
        env: &impl Env,
        request: &Request,
        asked: &[(&str, String)],
    ) -> Vec<Result<Value, Refused>> {
        let mut all = Vec::with_capacity(asked.len());
        for (component, target) in asked {
            all.push((*component, self.api(target)));
        }
        neighbour::ask_all(env, request, self.lang, &all).await
    }

    /// Asks one component.
    pub async fn read_one(
        &self,
        env: &impl Env,
        request: &Request,
        (component, target): (&str, &str),
    ) -> Result<Value, Refused> {
        neighbour::ask(env, request, self.lang, (component, &self.api(target))).await
    }

    /// Has a component do something, as any other client would ask for it.
    pub async fn send(
        &self,
        env: &impl Env,
        request: &Request,
        call: Call<'_>,
    ) -> Result<Done, Refused> {
        let target = self.api(call.target);
        neighbour::send(env, request, self.lang, Call { target: &target, ..call }).await
    }

    /// The form that was sent, if it came from a page of ours; otherwise what to answer.
    pub async fn sent(&self, env: &impl Env, request: &Request) -> Result<Sent, Problem> {
        sent(env, request).await
    }

    /// Goes on to a page of the desk after a form was taken; `done` is one of [`crate::tell::DONE`]
    /// and says there what was done, or is empty.
    pub fn go(&self, path: &str, done: &str) -> Response {
        let mut to = self.href(path);
        if !done.is_empty() {
            to.push_str("&done=");
            to.push_str(done);
        }
        let mut answer = web::no_content();
        *answer.status_mut() = StatusCode::SEE_OTHER;
        set(&mut answer, LOCATION, &to);
        answer
    }

    /// A page that says why a component refused to tell something.
    pub fn refusal(&self, refused: &Refused) -> Result<Response, Problem> {
        refusal(self.lang, refused)
    }

    /// A page that says what went wrong on the way, such as a form of another session.
    pub fn told(&self, problem: Problem) -> Result<Response, Problem> {
        told(self.lang, problem)
    }

    /// A problem for what is not there.
    pub fn nothing(&self) -> Result<Response, Problem> {
        self.told(
            Problem::not_found()
                .with(said("There is no such page at the desk.", "工作台没有这个页面。")),
        )
    }
}

/// A word for an address: whatever could end it or begin something else is escaped.
pub fn word(text: &str) -> String {
    let mut word = String::with_capacity(text.len());
    for it in text.bytes() {
        if it.is_ascii_alphanumeric() || b"-._~".contains(&it) {
            word.push(char::from(it));
        } else {
            const HEX: &[u8; 16] = b"0123456789ABCDEF";
            word.push('%');
            for digit in [it >> 4, it & 15] {
                word.push(HEX.get(usize::from(digit)).map_or('0', |it| char::from(*it)));
            }
        }
    }
    word
}
