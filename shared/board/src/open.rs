//! Who may see a page of figures, and what it is about.

use app::auth::{self, Viewer};
use app::pass::Pass;
use domain::role::Role;
use domain::zone::Zone;
use http::StatusCode;
use pages::{Frame, SignIn, told};
use ports::{Env, Sql};
use store::Entity;
use store::sites::Site;
use store::touchpoints::Touchpoint;
use web::lang::Lang;
use web::{Kind, Problem, Request, Response};

use crate::Filters;

/// Most touchpoints, and most agents, that can be chosen from.
const CHOICES_MAX: i64 = 200;

/// A page that is to be shown: by whom it is seen, of which site, filtered by what.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Whoever sees it.
    pub viewer: Viewer,
    /// What they may do. Whoever comes by a pass is a viewer.
    pub role: Role,
    /// The site.
    pub site: Site,
    /// Its zone.
    pub zone: Zone,
    /// The language of the page.
    pub lang: Lang,
    /// The filters in its address.
    pub filters: Filters,
    /// What can be chosen there.
    pub choices: Choices,
    /// The pass, if it is shown to somebody without a key.
    pub pass: Option<Pass>,
    /// The token of its forms.
    pub csrf: String,
    /// The instant of the request.
    pub now: domain::UtcMs,
    /// Path and query as they were asked for.
    pub target: String,
    /// The days of its figures, where they are not those of the filters.
    pub days: Days,
}

/// Of which days the figures of a page are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Days {
    /// Those that the address asks for.
    #[default]
    Asked,
    /// A first and a last one of their own, whatever is asked for: there is nothing to choose then.
    Own(i32, i32),
    /// Of their own as well, and there are none yet.
    Unknown,
}

/// What the figures of a site can be filtered by: ids and names.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// Its touchpoints.
    pub touchpoints: Vec<(String, String)>,
    /// Its agents.
    pub agents: Vec<(String, String)>,
}

/// Either the page, or what to answer instead: a form to sign in, or why not.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "it is taken apart at once")]
pub enum Signed {
    /// The page.
    In(Opened),
    /// An answer.
    Out(Response),
}

/// Opens a page for whoever asks.
pub async fn open(env: &impl Env, request: &Request) -> Result<Signed, Problem> {
    let lang = pages::lang(request);
    match opened(env, request, lang).await {
        Ok(signed) => Ok(signed),
        Err(problem) if problem.kind == Kind::Unauthorized => {
            let csrf = app::csrf::token(env, request).await;
            Ok(Signed::Out(sign_in(StatusCode::UNAUTHORIZED, lang, &csrf, &request.target, "")))
        }
        Err(problem) => told(lang, problem).map(Signed::Out),
    }
}

async fn opened(env: &impl Env, request: &Request, lang: Lang) -> Result<Signed, Problem> {
    let pass = Pass::of(env, request).await;
    let holder = auth::holder(env, request).await?;
    if holder.site_id.is_empty() && request.param("site").is_none() {
        return choice(env, request, lang).await.map(Signed::Out);
    }
    let role = holder.role;
    let viewer = auth::viewer_as(env, request, holder).await?;
    let site = app::site(env, &viewer.site_id).await?;
    let zone = app::zone(&site.zone)?;
    let filters = Filters::read(request, zone.day(env.now()));
    let page = store::Page { after: String::new(), rows: CHOICES_MAX };
    let touchpoints = env.sql().fetch(Touchpoint::list(&site.id, &page)).await?;
    let agents = env.sql().fetch(store::agents::Agent::list(&site.id, &page)).await?;
    let choices = Choices {
        touchpoints: touchpoints.into_iter().map(|it| (it.id, it.name)).collect(),
        agents: agents.into_iter().map(|it| (it.id, it.name)).collect(),
    };
    let csrf = app::csrf::token(env, request).await;
    let (now, target) = (env.now(), request.target.clone());
    let days = Days::Asked;
    Ok(Signed::In(Opened {
        viewer,
        role,
        site,
        zone,
        lang,
        filters,
        choices,
        pass,
        csrf,
        now,
        target,
        days,
    }))
}

/// Which site it is to be, for whoever spans them.
async fn choice(env: &impl Env, request: &Request, lang: Lang) -> Result<Response, Problem> {
    let page = store::Page { after: String::new(), rows: CHOICES_MAX };
    let sites = env.sql().fetch(store::sites::list("", &page)).await?;
    let title = lang.of("Which site?", "查看哪个站点？");
    let mut html = Frame::of(lang, title).begin();
    pages::languages(&mut html, lang, &format!("/{}", request.path().join("/")), "");
    html.open("main", &[("class", "card")]);
    html.put("h1", &[], title);
    if sites.is_empty() {
        let text = lang.of(
            "There is no site yet: make one with POST /v1/sites.",
            "尚无站点：用 POST /v1/sites 建立。",
        );
        html.put("p", &[], text);
    }
    html.open("ul", &[]);
    let mark = if request.target.contains('?') { '&' } else { '?' };
    for it in sites {
        html.open("li", &[]);
        let address = format!("{}{mark}site={}", request.target, it.id);
        html.put("a", &[("href", &address)], &it.name);
        html.close();
    }
    Ok(pages::answer(StatusCode::OK, lang.tag(), "", html.done()))
}

/// The form to sign in, with what was wrong with the key before; `next` is where to go on.
pub fn sign_in(status: StatusCode, lang: Lang, csrf: &str, next: &str, wrong: &str) -> Response {
    let form = SignIn {
        title: lang.of("Sign in", "登录"),
        page: "/dashboard",
        hidden: &[(app::csrf::FIELD, csrf), ("next", next)],
        wrong,
    };
    form.answer(status, lang)
}
