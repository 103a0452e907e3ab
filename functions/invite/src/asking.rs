//! Whether a page should ask somebody of its own accord, and that it did.

use app::asking::{self, rules, scopes};
use app::cors;
use app::intake::guard::Guard;
use app::intake::{check_origin, published};
use domain::asking::{Gate, Known, Rules, Said as Told, gates, is_sampled, who};
use domain::zone::Zone;
use http::Method;
use ports::{Env, Sql};
use serde::Serialize;
use serde_json::json;
use store::{customers, rests, studies};
use web::lang::{Said, said, said_now};
use web::{Kind, Problem, Request, Response, view};

/// The longest name of a visitor or customer.
const NAME_CHARS_MAX: usize = 80;

/// Answers pages: `what` is `eligibility` or `displays`.
pub(crate) async fn route(
    env: &impl Env,
    request: &Request,
    id: &str,
    what: &str,
) -> Result<Response, Problem> {
    match (request.method(), what) {
        (&Method::OPTIONS, _) => cors::preflight(env, request, id).await,
        (&Method::GET, "eligibility") => eligibility(env, request, id).await,
        (&Method::POST, "displays") => display(env, request, id).await,
        (_, "eligibility") => Err(Problem::method_not_allowed("GET, HEAD, OPTIONS")),
        _ => Err(Problem::method_not_allowed("POST, OPTIONS")),
    }
}

/// A published survey, as far as it matters here.
struct Survey {
    site_id: String,
    zone: Zone,
    is_open: bool,
    rules: Rules,
}

impl Survey {
    async fn find(env: &impl Env, request: &Request, id: &str) -> Result<Survey, Problem> {
        let site_id = published::site_of(env, published::caller_key(request)?).await?;
        let public = env.sql().fetch(studies::public(id, 0)).await?;
        // Another site's survey does not exist for this key.
        let public = public.filter(|it| it.site_id == site_id).ok_or_else(Problem::not_found)?;
        check_origin(request, &published::origins(&public.origins))?;
        Ok(Survey {
            site_id,
            zone: app::zone(&public.zone)?,
            is_open: public.state == "open",
            rules: rules(&public.definition),
        })
    }
}

/// Somebody as a page names them.
#[derive(Default)]
struct Named {
    /// An id that the widget made up.
    visitor: String,
    /// The company's own id of a customer.
    customer: String,
}

impl Named {
    fn is_one(&self) -> bool {
        self.visitor.is_empty() != self.customer.is_empty()
    }

    /// What the share is taken by.
    fn sampled_by(&self) -> &str {
        if self.visitor.is_empty() { &self.customer } else { &self.visitor }
    }

    /// Under what their clocks are kept, and whether they agreed to be asked.
    ///
    /// A customer whom we do not know is like a new visitor: clocks are kept for them, too, and
    /// nothing is asked before. So an answer tells of a guessed id at most that its owner does not
    /// want to be asked, and never that there is one who does.
    async fn find(&self, env: &impl Env, site_id: &str) -> Result<(String, Option<bool>), Problem> {
        if self.customer.is_empty() {
            return Ok((who(site_id, "visitor", &self.visitor), None));
        }
        let query = customers::by_external_id(site_id, &self.customer);
        let found = env.sql().fetch(query).await?.filter(|it| it.erased_at.is_none());
        Ok(match found {
            Some(customer) => (customer.id, Some(customer.has_consent)),
            None => (who(site_id, "customer", &self.customer), Some(true)),
        })
    }
}

fn one_rule() -> Said {
    said("give a visitor or a customer, and not both", "请给出 visitor 或 customer 之一")
}

#[derive(Serialize)]
struct GateView {
    gate: &'static str,
    passes: bool,
    detail: String,
    /// When it will pass, if that is a matter of time alone.
    passes_at: Option<String>,
}

/// Says whether to ask somebody. It reads and never writes, so that looking changes nothing.
async fn eligibility(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let mut query = request.query();
    let named = Named {
        visitor: query.text("visitor", NAME_CHARS_MAX).unwrap_or_default(),
        customer: query.text("customer", NAME_CHARS_MAX).unwrap_or_default(),
    };
    let explain = query.parse(
        "explain",
        |it| match it {
            "1" | "true" => Some(true),
            "0" | "false" => Some(false),
            _ => None,
        },
        || said("must be 1 or 0", "须为 1 或 0"),
    );
    if !named.is_one() {
        query.refuse("visitor", one_rule());
    }
    query.done()?;
    let survey = Survey::find(env, request, id).await?;
    let (who, has_consent) = named.find(env, &survey.site_id).await?;
    let rules = &survey.rules;
    let clocks = rests::clocks(&survey.site_id, &who, id, &view::text(&rules.metrics));
    let clocks = env.sql().fetch(clocks).await?;
    let known = Known {
        is_open: survey.is_open,
        taken: clocks.taken,
        is_sampled: is_sampled(&survey.site_id, id, named.sampled_by(), rules.share),
        has_consent,
        survey_at: clocks.survey_at,
        metric_at: clocks.metric_at,
        any_at: clocks.any_at,
    };
    let told = gates(rules, &known, env.now());
    let eligible = told.iter().all(|it| it.passes);
    if explain != Some(true) {
        return web::ok(&json!({ "eligible": eligible }));
    }
    let lang = request.lang();
    let mut gates = Vec::with_capacity(told.len());
    for it in &told {
        gates.push(GateView {
            gate: it.gate.name(),
            passes: it.passes,
            detail: detail(it, rules).text(lang).to_owned(),
            passes_at: view::time_or_null(it.passes_at),
        });
    }
    web::ok(&json!({ "eligible": eligible, "gates": gates }))
}

/// Why a gate lets somebody through or not.
fn detail(told: &Told, rules: &Rules) -> Said {
    let passes = told.passes;
    let either = |yes, no| if passes { yes } else { no };
    match told.gate {
        Gate::Open => either(
            said("the survey is open", "问卷开放中"),
            said("the survey is closed", "问卷已关闭"),
        ),
        Gate::Dates if told.passes_at.is_some() => said("the survey has not begun", "问卷尚未开始"),
        Gate::Dates => either(
            said("now lies within the survey's dates", "当前在问卷的起止时间之内"),
            said("the survey is over", "问卷已经结束"),
        ),
        Gate::Limit => either(
            said("there is room for a response", "回复数未达上限"),
            said("the survey has as many responses as it takes", "回复数已达上限"),
        ),
        Gate::Consent => either(
            said("nothing says that they do not want to be asked", "没有不愿受访的记录"),
            said("they did not agree to be asked", "客户未同意受访"),
        ),
        Gate::Sampling => {
            // In whole numbers: writing floats takes 17 kB.
            let share = match (rules.share / 100, rules.share % 100) {
                (whole, 0) => whole.to_string(),
                (whole, part) => format!("{whole}.{part:02}"),
            };
            either(
                said_now(
                    format!("they are among the {share} % who are asked"),
                    format!("属于抽中的 {share}%"),
                ),
                said_now(
                    format!("they are not among the {share} % who are asked"),
                    format!("不属于抽中的 {share}%"),
                ),
            )
        }
        Gate::RestSurvey => rested(passes, rules.rest_survey_days, "this survey", "本问卷"),
        Gate::RestMetric => {
            let (en, zh) = (rules.metrics.join(", "), rules.metrics.join("、"));
            let (en, zh) = (format!("a survey with {en}"), format!("含 {zh} 的问卷"));
            rested(passes, rules.rest_metric_days, &en, &zh)
        }
        Gate::RestAny => rested(passes, rules.rest_any_days, "a survey", "任何问卷"),
    }
}

fn rested(passes: bool, days: i64, en: &str, zh: &str) -> Said {
    if passes {
        return said_now(
            format!("{en} was not shown to them in the last {days} days"),
            format!("最近 {days} 天内未向其展示{zh}"),
        );
    }
    said_now(
        format!("{en} was shown to them less than {days} days ago"),
        format!("{days} 天之内已向其展示过{zh}"),
    )
}

/// Notes that a page has shown a survey to somebody: the clocks begin anew.
async fn display(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    request.no_query()?;
    let mut fields = request.fields()?;
    let named = Named {
        visitor: fields.text("visitor", 0, NAME_CHARS_MAX, ""),
        customer: fields.text("customer", 0, NAME_CHARS_MAX, ""),
    };
    if !named.is_one() {
        fields.refuse("visitor", one_rule());
    }
    fields.done()?;
    let survey = Survey::find(env, request, id).await?;
    if !survey.is_open {
        return Err(Problem::new(Kind::SurveyClosed));
    }
    let (who, _) = named.find(env, &survey.site_id).await?;
    let scopes = scopes(id, &survey.rules);
    let guard = Guard::of(env, request, false).await?;
    asking::shown(env, &guard, survey.zone, (&survey.site_id, id), &who, &scopes).await?;
    Ok(web::no_content())
}

#[cfg(test)]
mod tests;
