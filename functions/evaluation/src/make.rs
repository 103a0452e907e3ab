//! Making a report: the components of figures are asked, all at once, and what they answer is kept.

use app::auth::Staff;
use app::neighbour::{self, Refused};
use app::pass::Pass;
use app::write::Change;
use domain::civil::date;
use domain::id;
use domain::report::{Days, Kind};
use ports::Env;
use serde_json::{Value, json};
use store::reports::{self, Report};
use store::sites::Site;
use web::lang::{Lang, said};
use web::problem::Kind as Fault;
use web::{Problem, Response, view};

use crate::body;

/// A report that is to be made.
pub(crate) struct Order {
    /// How often it comes.
    pub(crate) kind: Kind,
    /// Its days.
    pub(crate) days: Days,
    /// The department's id and name; both empty for the whole site.
    pub(crate) department: (String, String),
    /// What a special one is called; empty for others.
    pub(crate) name: String,
}

/// What is asked, of whom, and whether a report is nothing without it.
struct Asked {
    what: &'static str,
    of: &'static str,
    target: String,
    is_needed: bool,
}

/// What was answered, by what was asked.
pub(crate) struct Heard(Vec<(&'static str, Value)>);

impl Heard {
    /// An answer; null if there is none.
    pub(crate) fn take(&mut self, what: &str) -> Value {
        let found = self.0.iter_mut().find(|it| it.0 == what);
        found.map(|it| it.1.take()).unwrap_or_default()
    }
}

/// Makes a report: the change that keeps it. `answer` is made of what it is now.
pub(crate) async fn change(
    env: &impl Env,
    site: &Site,
    by: &Staff,
    order: &Order,
    answer: impl FnOnce(&Report) -> Result<Response, Problem>,
) -> Result<Change, Problem> {
    let heard = ask(env, site, by, order).await?;
    let now = env.now();
    let (department_id, department) = order.department.clone();
    let it = Report {
        id: id::Kind::Report.id(now, env.random()),
        site_id: site.id.clone(),
        kind: order.kind.name().to_owned(),
        department_id,
        department,
        first_day: order.days.first.into(),
        last_day: order.days.last.into(),
        name: order.name.clone(),
        made_at: now,
    };
    let told = body::text(site, order, heard);
    let data = json!({
        "kind": it.kind,
        "department_id": view::some(&it.department_id),
        "from": date(order.days.first),
        "to": date(order.days.last),
        "name": view::some(&it.name),
    });
    let change = Change::new("report.made", &it.id, 1, data, answer(&it)?);
    let taken = Problem::new(Fault::Conflict).with(said(
        "there is a report of this name about these days already",
        "已有同名且日期相同的报告",
    ));
    Ok(change.and(reports::insert(&it, &told).guarded()).or(taken))
}

/// Asks for everything that a report tells.
async fn ask(env: &impl Env, site: &Site, by: &Staff, order: &Order) -> Result<Heard, Problem> {
    let secret = app::intake::guard::secret(env).await?;
    let pass = Pass { site_id: site.id.clone(), actor: by.actor.clone(), ..Pass::default() };
    let pass = pass.header(&secret, env.now());
    let asked = questions(order);
    let targets: Vec<(&str, String)> = asked.iter().map(|it| (it.of, it.target.clone())).collect();
    // The figures are the same in every language; what is told in words is not kept.
    let answers = neighbour::ask_all_with(env, &pass, Lang::En, &targets).await;
    let mut heard = Vec::with_capacity(asked.len());
    for (it, answer) in asked.into_iter().zip(answers) {
        match answer {
            Ok(told) => heard.push((it.what, told)),
            Err(refused) if !it.is_needed && is_left_out(&refused) => {}
            Err(refused) => {
                let cause = format!("{}: {} {}", it.target, refused.status, refused.text());
                return Err(Problem::new(Fault::Unavailable).caused_by(cause));
            }
        }
    }
    Ok(Heard(heard))
}

/// Whether a component says that it has no such thing, rather than that something is amiss.
fn is_left_out(refused: &Refused) -> bool {
    matches!(refused.status, 400 | 403 | 404 | 422)
}

fn questions(order: &Order) -> Vec<Asked> {
    let Order { kind, days, department: (department, _), .. } = order;
    let span = format!("from={}&to={}", date(days.first), date(days.last));
    let [before, year] = kind.compared(*days);
    let against = |it: Days, name: &str| match kind {
        // The days that these words stand for.
        Kind::Week | Kind::Special => format!("compare={name}"),
        _ => format!("compare_from={}&compare_to={}", date(it.first), date(it.last)),
    };
    let (before, year) = (against(before, "previous"), against(year, "year"));
    let step = days.step().name();
    let of =
        if department.is_empty() { String::new() } else { format!("&department={department}") };
    let asked = |what, of, target, is_needed| Asked { what, of, target, is_needed };
    let (board, cases) = ("/v1/dashboard", "/v1/complaint-figures");
    let mut all = vec![
        asked("dashboard", "dashboard", format!("{board}?{span}&{before}"), true),
        asked("year", "dashboard", format!("{board}?{span}&{year}"), true),
        asked("index", "nps", format!("/v1/index?{span}&{before}"), false),
        asked("index_course", "nps", format!("/v1/index?{span}&by={step}"), false),
        asked("nps_course", "nps", format!("/v1/nps?{span}&by={step}"), false),
        asked("csat_course", "nps", format!("/v1/csat?{span}&by={step}"), false),
        asked("ces_course", "nps", format!("/v1/ces?{span}&by={step}"), false),
        asked("cases_course", "dashboard", format!("{cases}?{span}&by={step}{of}"), false),
        asked("causes", "ledger", format!("/v1/causes/ranking?{span}"), false),
        asked("low", "voice", "/v1/keywords?side=low".to_owned(), false),
        asked("high", "voice", "/v1/keywords?side=high".to_owned(), false),
    ];
    if department.is_empty() {
        all.push(asked("types", "dashboard", format!("{cases}?{span}&by=type"), false));
        all.push(asked("departments", "dashboard", format!("{cases}?{span}&by=department"), false));
        all.push(asked("goals", "goals", format!("/v1/goals?{span}"), false));
    } else {
        all.push(asked("cases", "dashboard", format!("{cases}?{span}&{before}{of}"), true));
        all.push(asked("cases_year", "dashboard", format!("{cases}?{span}&{year}{of}"), true));
    }
    all
}
