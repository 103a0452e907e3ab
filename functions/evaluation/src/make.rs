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
use web::{Problem, view};

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

/// Makes a report, and the change that keeps it, whose answer is up to the caller.
pub(crate) async fn change(
    env: &impl Env,
    site: &Site,
    by: &Staff,
    order: &Order,
) -> Result<(Report, Change), Problem> {
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
    let change = Change::new("report.made", &it.id, 1, data, web::no_content());
    let taken = Problem::new(Fault::Conflict).with(said(
        "there is a report of this name about these days already",
        "已有同名且日期相同的报告",
    ));
    let change = change.and(reports::insert(&it, &told).guarded()).or(taken);
    Ok((it, change))
}

/// Asks for everything that a report tells.
async fn ask(env: &impl Env, site: &Site, by: &Staff, order: &Order) -> Result<Heard, Problem> {
    let secret = app::intake::guard::secret(env).await?;
    let pass = Pass { site_id: site.id.clone(), actor: by.actor.clone(), ..Pass::default() };
    let pass = pass.header(&secret, env.now());
    let asked = questions(order);
    let target = |it: &Asked| (it.of, it.target.clone());
    // Figures are the same in every language; what is told of goals in words is kept in both.
    let (in_zh, in_en): (Vec<Asked>, Vec<Asked>) =
        asked.into_iter().partition(|it| it.what == "goals_zh");
    let targets: Vec<(&str, String)> = in_en.iter().map(target).collect();
    let mut answers = neighbour::ask_all_with(env, &pass, Lang::En, &targets).await;
    let targets: Vec<(&str, String)> = in_zh.iter().map(target).collect();
    answers.extend(neighbour::ask_all_with(env, &pass, Lang::Zh, &targets).await);
    let mut heard = Vec::with_capacity(answers.len());
    for (it, answer) in in_en.into_iter().chain(in_zh).zip(answers) {
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
    let own = if department.is_empty() { "" } else { "&department=" };
    let own = format!("{own}{department}");
    let (cases, by) = ("/v1/complaint-figures", format!("&by={step}"));
    let (before, year) = (format!("&{before}"), format!("&{year}"));
    let by_own = format!("{by}{own}");
    let (before_own, year_own) = (format!("{before}{own}"), format!("{year}{own}"));
    // What, of whom, where, what besides the days, and whether nothing goes without it.
    let all = [
        ("dashboard", "dashboard", "/v1/dashboard", before.as_str(), true),
        ("year", "dashboard", "/v1/dashboard", year.as_str(), true),
        ("index", "nps", "/v1/index", before.as_str(), false),
        ("index_course", "nps", "/v1/index", by.as_str(), false),
        ("nps_course", "nps", "/v1/nps", by.as_str(), false),
        ("csat_course", "nps", "/v1/csat", by.as_str(), false),
        ("ces_course", "nps", "/v1/ces", by.as_str(), false),
        ("cases_course", "dashboard", cases, by_own.as_str(), false),
        ("causes", "ledger", "/v1/causes/ranking", "", false),
    ];
    let of_site = [
        ("types", "dashboard", cases, "&by=type", false),
        ("departments", "dashboard", cases, "&by=department", false),
        ("goals", "goals", "/v1/goals", "", false),
        ("goals_zh", "goals", "/v1/goals", "", false),
    ];
    let of_department = [
        ("cases", "dashboard", cases, before_own.as_str(), true),
        ("cases_year", "dashboard", cases, year_own.as_str(), true),
    ];
    let rest = if department.is_empty() { &of_site[..] } else { &of_department[..] };
    let mut asked = Vec::with_capacity(all.len() + rest.len() + 2);
    for (what, of, path, more, is_needed) in all.iter().chain(rest).copied() {
        asked.push(Asked { what, of, target: format!("{path}?{span}{more}"), is_needed });
    }
    // Words are of the last days, whatever days are asked for.
    for (what, target) in [("low", "/v1/keywords?side=low"), ("high", "/v1/keywords?side=high")] {
        asked.push(Asked { what, of: "voice", target: target.to_owned(), is_needed: false });
    }
    asked
}
