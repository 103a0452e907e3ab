//! Customers: show, create, change, erase.

use app::write::{Change, check_version, write};
use app::{auth, entity};
use domain::asking::who;
use domain::id::Kind;
use domain::touchpoint::GROUPS;
use domain::zone::Zone;
use ports::{Env, Sql, Write};
use serde::Serialize;
use serde_json::{Map, Value, json};
use store::Entity;
use store::agents::Agent;
use store::customers::{self, Customer};
use store::{customer_files, idempotency, inbound, invitations, messages, orders, rests};
use web::field::Fields;
use web::lang::said;
use web::survey::{is_language, language_rule};
use web::{Problem, Request, Response, view};

/// The kinds of contact, each with its longest value in characters.
const CONTACTS: [(&str, usize); 4] = [("name", 80), ("email", 254), ("phone", 32), ("wechat", 64)];

#[derive(Serialize)]
pub(crate) struct CustomerView {
    id: String,
    external_id: String,
    group: Option<String>,
    adviser_id: Option<String>,
    zone: Option<String>,
    language: Option<String>,
    has_consent: bool,
    /// Left out of lists: contacts are read one customer at a time.
    #[serde(skip_serializing_if = "Option::is_none")]
    contacts: Option<Map<String, Value>>,
    version: i64,
    created_at: String,
    updated_at: String,
    erased_at: Option<String>,
}

/// Where somebody may have agreed to be asked. Kept in the trail, with the instant and who told.
const CONSENT_SOURCES: [&str; 6] = ["web", "app", "store", "phone", "email", "paper"];

/// What a request says of a customer, besides the row itself.
struct Given {
    customer: Customer,
    contacts: Vec<(&'static str, String)>,
    /// What the event tells: the names of the fields that were given, and of none but the
    /// consent what they say.
    data: Value,
}

pub(crate) async fn show(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let agent = auth::agent(env, request).await?;
    request.no_query()?;
    let customer = entity::find::<Customer>(env, &agent, id).await?;
    let contacts = contacts(env, id).await?;
    web::response::ok_version(customer.version, &show_one(&customer, Some(contacts)))
}

pub(crate) async fn contacts(env: &impl Env, id: &str) -> Result<Map<String, Value>, Problem> {
    let found = env.sql().fetch(customers::contacts(id)).await?;
    let mut contacts = Map::new();
    contacts.extend(found.into_iter().map(|(kind, value)| (kind, value.into())));
    Ok(contacts)
}

pub(crate) async fn create(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let agent = auth::agent(env, request).await?;
    write(env, request, &agent, async || {
        let now = env.now();
        let customer = Customer {
            id: Kind::Customer.id(now, env.random()),
            site_id: agent.site_id.clone(),
            version: 1,
            external_id: String::new(),
            group: String::new(),
            adviser_id: String::new(),
            zone: String::new(),
            language: String::new(),
            has_consent: false,
            erased_at: None,
            created_at: now,
            updated_at: now,
        };
        let given = read(env, request.fields()?, customer).await?;
        let mut contacts = Map::new();
        for (kind, it) in given.contacts.iter().filter(|(_, value)| !value.is_empty()) {
            contacts.insert((*kind).to_owned(), it.as_str().into());
        }
        let shown = show_one(&given.customer, Some(contacts));
        let answer = web::created(&format!("/v1/customers/{}", given.customer.id), &shown)?;
        let taken = Problem::new(web::Kind::Conflict)
            .with(said("a customer has this external id", "已有客户使用该外部编号"));
        let mut change =
            Change::new("customer.created", &given.customer.id, 1, given.data.clone(), answer)
                .and(customers::insert(&given.customer).guarded())
                .or(taken);
        change.writes.extend(contact_writes(&given));
        Ok(change)
    })
    .await
}

pub(crate) async fn change(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let agent = auth::agent(env, request).await?;
    write(env, request, &agent, async || {
        let mut customer = entity::find::<Customer>(env, &agent, id).await?;
        check_version(request, customer.version)?;
        if customer.erased_at.is_some() {
            return Err(Problem::not_found());
        }
        customer.version += 1;
        customer.updated_at = env.now();
        let given = read(env, request.fields()?, customer).await?;
        let mut contacts = contacts(env, id).await?;
        for (kind, value) in &given.contacts {
            if value.is_empty() {
                contacts.remove(*kind);
            } else {
                contacts.insert((*kind).to_owned(), value.as_str().into());
            }
        }
        let shown = show_one(&given.customer, Some(contacts));
        let answer = web::response::ok_version(given.customer.version, &shown)?;
        let (version, data) = (given.customer.version, given.data.clone());
        let mut change = Change::new("customer.updated", id, version, data, answer)
            .and(customers::update(&given.customer).guarded());
        change.writes.extend(contact_writes(&given));
        Ok(change)
    })
    .await
}

/// Erases what is personal in one commit: contacts, the company's own id, the free text and
/// the link of every response, whom invitations were for, when a survey was shown, the links of
/// orders, the words and links of messages, and what is theirs in complaints and call-backs. Scores
/// and amounts stay, so the figures stay right. The answer is a receipt: how many rows of each kind
/// were theirs, and the trail that proves it.
pub(crate) async fn erase(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let manager = auth::manager(env, request).await?;
    request.no_query()?;
    write(env, request, &manager, async || {
        let mut customer = entity::find::<Customer>(env, &manager, id).await?;
        check_version(request, customer.version)?;
        if customer.erased_at.is_some() {
            return Err(Problem::not_found());
        }
        let now = env.now();
        let site_id = &manager.site_id;
        // From before they were a customer, by the company's own id.
        let stranger = who(site_id, "customer", &customer.external_id);
        let whos = view::text(&[&stranger, &who(site_id, "customer", id)]);
        customer.version += 1;
        customer.updated_at = now;
        customer.erased_at = Some(now);
        customer.external_id = format!("erased:{id}");
        customer.adviser_id = String::new();
        customer.zone = String::new();
        customer.language = String::new();
        customer.has_consent = false;
        let version = customer.version;
        let mut counts = Map::new();
        let found = env.sql().fetch(customer_files::counts(id)).await?;
        counts.extend(found.into_iter().map(|(name, n)| (name, n.into())));
        let data = json!({ "erased": counts });
        let receipt = web::ok(&json!({
            "customer_id": id,
            "version": version,
            "erased_at": view::time(now),
            "erased": counts,
            "audit": format!("/v1/customers/{id}/audit"),
        }))?;
        let change = Change::new("customer.erased", id, version, data, receipt);
        let mut change = change.and(customers::update(&customer).guarded());
        // Call-backs first: some of them are found by whose case they are about.
        change.writes.extend(app::callback::erase::erase(env, &manager, id).await?);
        change.writes.extend(app::case::erase(env, &manager, id).await?);
        Ok(change
            .and(customers::drop_contact(id, "").write())
            .and(customers::erase_comments(site_id, id).write())
            .and(customers::erase_given(id).write())
            .and(store::partials::erase(id).write())
            .and(invitations::erase(site_id, id).write())
            .and(rests::forget(site_id, id).write())
            .and(rests::forget(site_id, &stranger).write())
            .and(customers::unlink_responses(id).write())
            .and(orders::erase(id).write())
            .and(orders::erase_rfm(id).write())
            .and(messages::erase(id).write())
            // Messages of other systems name them by the company's own id, or by ours.
            .and(inbound::erase_bodies(&whos).write())
            .and(inbound::erase_outcomes(&whos).write())
            .and(inbound::forget_about(&whos).write())
            // Answers that are kept for repeated requests tell contacts, too.
            .and(idempotency::blank(id).write()))
    })
    .await
}

async fn read(env: &impl Env, mut fields: Fields, mut it: Customer) -> Result<Given, Problem> {
    let names: Vec<String> = fields.names();
    if it.version == 1 {
        it.external_id = fields.text("external_id", 1, 80, "");
        // Two that look the same would be two customers.
        if domain::text::visible(&it.external_id) != it.external_id {
            let rule = said("must not contain characters that nobody sees", "不得包含不可见字符");
            fields.refuse("external_id", rule);
        }
    } else if fields.has("external_id") {
        fields.take("external_id");
        fields.refuse("external_id", said("never changes", "不可更改"));
    }
    it.group = fields.one_of_or_none("group", &GROUPS, &it.group);
    it.adviser_id = fields.text("adviser_id", 0, 64, &it.adviser_id);
    if !it.adviser_id.is_empty()
        && env.sql().fetch(Agent::by_id(&it.site_id, &it.adviser_id)).await?.is_none()
    {
        fields.refuse("adviser_id", said("must be an agent of this site", "须为本站点的员工"));
    }
    it.zone = fields.text("zone", 0, 64, &it.zone);
    if !it.zone.is_empty() && Zone::parse(&it.zone).is_none() {
        let rule = said(
            "must be an IANA zone such as Asia/Shanghai",
            "须为 IANA 时区，例如 Asia/Shanghai",
        );
        fields.refuse("zone", rule);
    }
    it.language = fields.text("language", 0, 35, &it.language);
    if !it.language.is_empty() && !is_language(&it.language) {
        fields.refuse("language", language_rule());
    }
    let consent = consent(&mut fields, &mut it);
    let mut contacts = Vec::new();
    if let Some(mut nested) = fields.object("contacts") {
        for (kind, chars_max) in CONTACTS {
            if nested.has(kind) {
                contacts.push((kind, nested.text(kind, 0, chars_max, "")));
            }
        }
        fields.absorb(nested);
    }
    fields.done()?;
    let mut data = json!({ "fields": names });
    if let (Some(data), Some(consent)) = (data.as_object_mut(), consent) {
        data.extend(consent);
    }
    Ok(Given { customer: it, contacts, data })
}

/// Reads whether they agreed and where, and tells what the trail keeps of it: its time and who
/// told are the event's own.
fn consent(fields: &mut Fields, it: &mut Customer) -> Option<Map<String, Value>> {
    let is_given = fields.has("has_consent");
    it.has_consent = fields.flag("has_consent", it.has_consent);
    let source = fields.one_of_or_none("consent_source", &CONSENT_SOURCES, "");
    if !is_given && !source.is_empty() {
        fields.refuse("consent_source", said("goes with has_consent", "须与 has_consent 同时给出"));
    }
    if !is_given {
        return None;
    }
    let mut told = Map::new();
    told.insert("has_consent".to_owned(), it.has_consent.into());
    if !source.is_empty() {
        told.insert("consent_source".to_owned(), source.into());
    }
    Some(told)
}

fn contact_writes(given: &Given) -> Vec<Write> {
    let id = &given.customer.id;
    let write = |(kind, value): &(&'static str, String)| {
        if value.is_empty() {
            customers::drop_contact(id, kind).write()
        } else {
            customers::set_contact(id, kind, value).write()
        }
    };
    given.contacts.iter().map(write).collect()
}

pub(crate) fn show_one(it: &Customer, contacts: Option<Map<String, Value>>) -> CustomerView {
    CustomerView {
        id: it.id.clone(),
        external_id: it.external_id.clone(),
        group: view::some(&it.group).map(str::to_owned),
        adviser_id: view::some(&it.adviser_id).map(str::to_owned),
        zone: view::some(&it.zone).map(str::to_owned),
        language: view::some(&it.language).map(str::to_owned),
        has_consent: it.has_consent,
        contacts,
        version: it.version,
        created_at: view::time(it.created_at),
        updated_at: view::time(it.updated_at),
        erased_at: view::time_or_null(it.erased_at),
    }
}
