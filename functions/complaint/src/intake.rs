//! `POST /v1/complaints`: what staff take down on the phone, in a shop, out of a letter, and what
//! programs bring.

use app::auth::{self, Staff};
use app::case::{Book, Opened, Opening, TEXT_CHARS_MAX, link_token, open};
use app::link::origin;
use app::write::{first_event, write_again};
use domain::case::Source;
use domain::id::Kind;
use domain::touchpoint::CHANNELS;
use http::StatusCode;
use ports::{Env, Sql, Write};
use serde_json::{Value, json};
use store::customers::{self, Customer};
use store::touchpoints::Touchpoint;
use store::{Entity, cases};
use web::case::unknown;
use web::field::Fields;
use web::lang::said;
use web::survey::{is_language, language_rule};
use web::{Problem, Request, Response, view};

/// What a request tells, and what is to be written besides the case.
struct Given {
    opening: Opening,
    writes: Vec<Write>,
}

pub(crate) async fn create(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let agent = auth::agent(env, request).await?;
    request.no_query()?;
    let secret = app::link::secret(env).await?;
    let mut answer = write_again(env, request, &agent, async || {
        let book = Book::load(env, &agent.site_id).await?;
        let given = read(env, request.fields()?, &agent, &book).await?;
        let Opened { mut work, token, is_joined } = open(env, &book, &agent, given.opening).await?;
        for write in given.writes {
            work.also(write);
        }
        let mut shown = app::case::view::show(&book.promise(), &work.case, work.now);
        shown.insert("is_joined".to_owned(), is_joined.into());
        let answer = if is_joined {
            web::response::ok_version(work.case.version, &shown)?
        } else {
            let mut answer = web::created(&format!("/v1/complaints/{}", work.case.id), &shown)?;
            let tag = format!("\"v{}\"", work.case.version);
            web::response::set(&mut answer, http::header::ETAG, &tag);
            answer
        };
        debug_assert_eq!(token.is_empty(), is_joined);
        Ok(work.change(answer))
    })
    .await?;
    // The link opens the case, so it is kept nowhere: it is made of the secret again.
    if answer.status() == StatusCode::CREATED
        && let Ok(Value::Object(mut shown)) = serde_json::from_slice(answer.body())
    {
        let id = shown.get("id").and_then(Value::as_str).unwrap_or_default();
        let url = format!("{}/t/{}", origin(request), link_token(&secret, id, 1));
        shown.insert("link".to_owned(), url.into());
        *answer.body_mut() = view::text(&shown).into_bytes();
    }
    Ok(answer)
}

async fn read(
    env: &impl Env,
    mut fields: Fields,
    agent: &Staff,
    book: &Book,
) -> Result<Given, Problem> {
    let fields = &mut fields;
    let now = env.now();
    let mut it = Opening {
        text: web::case::text(fields, "text", 1, TEXT_CHARS_MAX),
        files: web::case::files(fields),
        channel: fields.one_of_or_none("channel", &CHANNELS, ""),
        language: fields.text("language", 0, 35, ""),
        amount: web::case::amount(fields, None),
        type_id: web::case::type_id(fields, ""),
        ..Opening::default()
    };
    let sources = [Source::Staff, Source::Api].map(Source::name);
    let source = fields.one_of("source", &sources, Source::Staff.name());
    it.source = Source::parse(&source).unwrap_or_default();
    if !it.language.is_empty() && !is_language(&it.language) {
        fields.refuse("language", language_rule());
    }
    let received = fields.text("received_at", 0, 40, "");
    if !received.is_empty() {
        it.received_at =
            Some(app::answered::read_as("received_at", fields, &received, book.zone, now, None));
    }
    it.touchpoint_id = fields.text("touchpoint_id", 0, 64, "");
    if !it.touchpoint_id.is_empty()
        && env.sql().fetch(Touchpoint::by_id(&agent.site_id, &it.touchpoint_id)).await?.is_none()
    {
        fields.refuse("touchpoint_id", unknown());
    }
    let mut writes = Vec::new();
    of_response(env, agent, fields, &mut it).await?;
    whose(env, agent, fields, &mut it, &mut writes).await?;
    std::mem::take(fields).done()?;
    Ok(Given { opening: it, writes })
}

/// Takes over what is known of the response that led to it.
async fn of_response(
    env: &impl Env,
    agent: &Staff,
    fields: &mut Fields,
    it: &mut Opening,
) -> Result<(), Problem> {
    it.response_id = fields.text("response_id", 0, 64, "");
    if it.response_id.is_empty() {
        return Ok(());
    }
    it.once = format!("response:{}", it.response_id);
    let Some(found) = env.sql().fetch(cases::of_response(&agent.site_id, &it.response_id)).await?
    else {
        fields.refuse("response_id", unknown());
        return Ok(());
    };
    if env.sql().fetch(cases::by_once(&agent.site_id, &it.once)).await?.is_some() {
        let rule = said("this response has a complaint already", "该答卷已有投诉工单");
        fields.refuse("response_id", rule);
    }
    it.customer_id = found.customer_id;
    it.customer_group = found.customer_group;
    if it.channel.is_empty() {
        it.channel = found.channel;
    }
    if it.language.is_empty() {
        it.language = found.language;
    }
    Ok(())
}

/// Finds out whose it is: a customer by our id or by the company's own, a new one, or a stranger
/// who left how to reach them.
async fn whose(
    env: &impl Env,
    agent: &Staff,
    fields: &mut Fields,
    it: &mut Opening,
    writes: &mut Vec<Write>,
) -> Result<(), Problem> {
    let id = fields.text("customer_id", 0, 64, &it.customer_id);
    let mut found = None;
    if !id.is_empty() {
        found = env.sql().fetch(Customer::by_id(&agent.site_id, &id)).await?;
        if found.as_ref().is_none_or(|it| it.erased_at.is_some()) {
            fields.refuse("customer_id", unknown());
        }
        if fields.has("customer") {
            let rule = said("not beside customer_id", "不可与 customer_id 同时给出");
            fields.take("customer");
            fields.refuse("customer", rule);
        }
    }
    if let Some(mut nested) = fields.object("customer") {
        let external_id = nested.text("external_id", 0, 80, "");
        it.contacts = web::case::contacts(&mut nested);
        fields.absorb(nested);
        if !external_id.is_empty() {
            found = named(env, agent, &external_id, it, writes).await?;
        }
    }
    if let Some(customer) = found {
        // Or made in this very commit; but nobody who is erased meanwhile.
        let ids = view::text(&[&customer.id]);
        writes.push(customers::are_there(&agent.site_id, &ids).guarded());
        it.customer_id = customer.id;
        it.customer_group = customer.group;
        it.adviser_id = customer.adviser_id;
        if it.language.is_empty() {
            it.language = customer.language;
        }
    }
    Ok(())
}

/// The customer of the company's own id, who is made if there is none.
async fn named(
    env: &impl Env,
    agent: &Staff,
    external_id: &str,
    it: &mut Opening,
    writes: &mut Vec<Write>,
) -> Result<Option<Customer>, Problem> {
    let found = customers::by_external_id(&agent.site_id, external_id);
    if let Some(found) = env.sql().fetch(found).await? {
        return Ok(Some(found));
    }
    let now = env.now();
    let customer = Customer {
        id: Kind::Customer.id(now, env.random()),
        site_id: agent.site_id.clone(),
        version: 1,
        external_id: external_id.to_owned(),
        group: "new".to_owned(),
        adviser_id: String::new(),
        zone: String::new(),
        language: it.language.clone(),
        has_consent: false,
        erased_at: None,
        created_at: now,
        updated_at: now,
    };
    let mut names = vec!["external_id"];
    writes.push(customers::insert(&customer).guarded());
    // Theirs, and not the case's alone.
    for (kind, value) in std::mem::take(&mut it.contacts) {
        names = vec!["external_id", "contacts"];
        writes.push(customers::set_contact(&customer.id, &kind, &value).write());
    }
    let data = json!({ "fields": names });
    writes.push(first_event(env, agent, &customer.id, "customer.created", &data));
    Ok(Some(customer))
}
