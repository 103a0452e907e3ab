//! One case: found, shown, changed.

use app::auth::{self, Staff};
use app::case::view::{clocks, show_compensation, show_link, show_text};
use app::case::{Book, Work};
use app::write::{check_version, write};
use domain::case::act::Act;
use domain::case::number;
use domain::case::{Need, Urgency};
use domain::id::Kind;
use ports::{Env, Sql};
use serde_json::{Map, Value, json};
use store::cases::{self, Case};
use store::departments::Department;
use store::touchpoints::Touchpoint;
use store::{Entity, case_texts, compensations, customers};
use web::case::unknown;
use web::field::Fields;
use web::{Problem, Request, Response, view};

use super::deed::Deed;

/// The case of this id, or of this ticket number however it is typed.
pub(crate) async fn find(env: &impl Env, staff: &Staff, id: &str) -> Result<Case, Problem> {
    let found = if id.starts_with(Kind::Case.prefix()) {
        env.sql().fetch(Case::by_id(&staff.site_id, id)).await?
    } else {
        let number = number::parse(id).ok_or_else(Problem::not_found)?;
        env.sql().fetch(cases::by_number(&staff.site_id, &number)).await?
    };
    found.ok_or_else(Problem::not_found)
}

/// The answer that shows a case.
pub(crate) fn answer(book: &Book, case: &Case, now: i64) -> Result<Response, Problem> {
    let shown = app::case::view::show(&book.promise(), case, now);
    web::response::ok_version(case.version, &shown)
}

/// A case with all that was said, done and promised in it.
pub(crate) async fn show(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let agent = auth::agent(env, request).await?;
    request.no_query()?;
    let case = find(env, &agent, id).await?;
    let (book, now) = (Book::load(env, &agent.site_id).await?, env.now());
    let promise = book.promise();
    let mut shown = app::case::view::show(&promise, &case, now);
    let texts = env.sql().fetch(case_texts::of_whole(&case.id)).await?;
    let given = env.sql().fetch(compensations::of_case(&case.id)).await?;
    let links = env.sql().fetch(case_texts::links(&case.id)).await?;
    let mut contacts = Map::new();
    for (kind, value) in env.sql().fetch(customers::contacts(&case.id)).await? {
        contacts.insert(kind, value.into());
    }
    let mut survey_id = String::new();
    if !case.response_id.is_empty() {
        let found = cases::of_response(&case.site_id, &case.response_id);
        survey_id = env.sql().fetch(found).await?.map(|it| it.survey_id).unwrap_or_default();
    }
    for (name, value) in [
        ("survey_id", json!(view::some(&survey_id))),
        ("clocks", clocks(&promise, &case, now, true)),
        ("contacts", Value::Object(contacts)),
        ("texts", texts.iter().map(show_text).collect()),
        ("compensations", given.iter().map(show_compensation).collect()),
        ("links", links.iter().map(show_link).collect()),
    ] {
        shown.insert(name.to_owned(), value);
    }
    web::response::ok_version(case.version, &shown)
}

/// Does one of the acts that are an agent's.
pub(crate) async fn act(
    env: &impl Env,
    request: &Request,
    id: &str,
    act: &str,
) -> Result<Response, Problem> {
    let agent = auth::agent(env, request).await?;
    request.no_query()?;
    write(env, request, &agent, async || {
        let case = find(env, &agent, id).await?;
        check_version(request, case.version)?;
        let book = Book::load(env, &agent.site_id).await?;
        let mut fields = request.fields()?;
        let deed = Deed::read(env, &book, act, &mut fields, Some(&case)).await?;
        fields.done()?;
        let mut work = Work::on(&book, case, env.now())?;
        deed.apply(env, &agent, &mut work, &mut deed.staffing(env, &book).await?)?;
        work.settle();
        let answer = answer(&book, &work.case, work.now)?;
        Ok(work.change(answer))
    })
    .await
}

/// Changes what staff know of a case.
pub(crate) async fn change(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let agent = auth::agent(env, request).await?;
    request.no_query()?;
    write(env, request, &agent, async || {
        let case = find(env, &agent, id).await?;
        check_version(request, case.version)?;
        let book = Book::load(env, &agent.site_id).await?;
        let mut work = Work::on(&book, case, env.now())?;
        let mut fields = request.fields()?;
        let names = fields.names();
        let was = work.case.clone();
        read(env, &mut fields, &mut work.case).await?;
        fields.done()?;
        work.act(Act::Classify)?;
        let data = told(&was, &work.case, names);
        work.happened("complaint.updated", data);
        work.settle();
        let answer = answer(&book, &work.case, work.now)?;
        Ok(work.change(answer))
    })
    .await
}

async fn read(env: &impl Env, fields: &mut Fields, it: &mut Case) -> Result<(), Problem> {
    it.type_id = web::case::type_id(fields, &it.type_id);
    let needs: Vec<&str> = Need::NAMES.into_iter().filter(|it| !it.is_empty()).collect();
    it.need = fields.one_of_or_none("need", &needs, &it.need);
    it.urgency = fields.one_of("urgency", &Urgency::NAMES, &it.urgency);
    it.amount = web::case::amount(fields, it.amount);
    let id = fields.text("touchpoint_id", 0, 64, &it.touchpoint_id);
    if id != it.touchpoint_id
        && !id.is_empty()
        && env.sql().fetch(Touchpoint::by_id(&it.site_id, &id)).await?.is_none()
    {
        fields.refuse("touchpoint_id", unknown());
    }
    it.touchpoint_id = id;
    let id = fields.text("department_id", 0, 64, &it.department_id);
    if id != it.department_id
        && !id.is_empty()
        && env.sql().fetch(Department::by_id(&it.site_id, &id)).await?.is_none()
    {
        fields.refuse("department_id", unknown());
    }
    it.department_id = id;
    Ok(())
}

/// What the event of a change tells: which fields, and those values that are no secret.
fn told(was: &Case, it: &Case, names: Vec<String>) -> Map<String, Value> {
    let mut data = Map::new();
    let mut before = Map::new();
    for (name, old, new) in [
        ("type", &was.type_id, &it.type_id),
        ("need", &was.need, &it.need),
        ("urgency", &was.urgency, &it.urgency),
        ("department_id", &was.department_id, &it.department_id),
    ] {
        if old != new {
            data.insert(name.to_owned(), json!(view::some(new)));
            before.insert(name.to_owned(), json!(view::some(old)));
        }
    }
    data.insert("fields".to_owned(), names.into());
    data.insert("before".to_owned(), Value::Object(before));
    data
}
