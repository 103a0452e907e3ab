//! A complaint, read and taken: once for each key, and joined to what its customer said before.

use app::auth::Staff;
use app::case::offer::Offer;
use app::case::{Book, Opening, TEXT_CHARS_MAX, link_token, open};
use app::intake::body;
use app::intake::guard::{self, Guard, Pass, Passed};
use app::write::write;
use domain::case::Source;
use domain::survey::{is_email, is_phone};
use ports::{Env, Sql};
use serde_json::{Value, json};
use store::customers::Customer;
use store::sites::Site;
use store::{Entity, cases, touchpoints};
use web::field::Fields;
use web::lang::said;
use web::survey::{is_language, language_rule};
use web::{Kind, Problem, Request, view};

/// How often a complaint is tried again that meets another one.
const TRIES: usize = 4;
/// Ways to reach somebody, and how long they may be.
pub(crate) const CONTACTS: [(&str, usize); 4] =
    [("email", 254), ("phone", 32), ("wechat", 64), ("name", 80)];
/// The longest sealed offer.
const OFFER_CHARS_MAX: usize = 2_000;
/// The most money that is believed, in the smallest unit.
const AMOUNT_MAX: i64 = 1_000_000_000_000;

/// What somebody hands in.
#[derive(Debug, Default)]
pub(crate) struct Complaint {
    text: String,
    language: String,
    touchpoint_id: String,
    amount: Option<i64>,
    contacts: Vec<(String, String)>,
    offer: Option<Offer>,
    /// What it says to get past the guard.
    pub(crate) pass: Pass,
}

/// Reads a complaint.
pub(crate) async fn read(
    env: &impl Env,
    request: &Request,
    site: &Site,
    mut fields: Fields,
) -> Result<Complaint, Problem> {
    let mut complaint = Complaint {
        text: text(&mut fields),
        language: fields.text("language", 0, 35, pages::lang(request).tag()),
        touchpoint_id: fields.text("touchpoint_id", 0, 64, ""),
        ..Complaint::default()
    };
    if !is_language(&complaint.language) {
        fields.refuse("language", language_rule());
    }
    if fields.peek("amount").is_some_and(|it| !it.is_null()) {
        complaint.amount = Some(fields.integer("amount", 0, AMOUNT_MAX, None));
    } else {
        fields.take("amount");
    }
    if let Some(mut nested) = fields.object("contact") {
        complaint.contacts = contacts(&mut nested);
        fields.absorb(nested);
    }
    let token = fields.text("offer", 0, OFFER_CHARS_MAX, "");
    if !token.is_empty() {
        complaint.offer = Offer::open(&guard::secret(env).await?, &site.id, &token, env.now());
        if complaint.offer.is_none() {
            fields.refuse("offer", said("is not an offer that holds", "邀请已失效"));
        }
    }
    complaint.pass = body::pass(&mut fields);
    if !complaint.touchpoint_id.is_empty() && !knows(env, site, &complaint.touchpoint_id).await? {
        fields
            .refuse("touchpoint_id", said("must be a touchpoint of this site", "须为本站点的触点"));
    }
    fields.done()?;
    Ok(complaint)
}

/// What is complained of. A text that nobody can see is none.
fn text(fields: &mut Fields) -> String {
    if let Some(Value::String(text)) = fields.peek("text") {
        let text = domain::text::visible(text);
        fields.put([("text".to_owned(), Value::from(text))].into_iter().collect());
    }
    fields.text("text", 1, TEXT_CHARS_MAX, "")
}

/// How to reach them, the surest way first.
fn contacts(fields: &mut Fields) -> Vec<(String, String)> {
    let mut contacts = Vec::new();
    for (kind, chars_max) in CONTACTS {
        let value = fields.text(kind, 0, chars_max, "");
        if value.is_empty() {
            continue;
        }
        match kind {
            "email" if !is_email(&value) => {
                let rule = said(
                    "must be an e-mail address such as name@example.com",
                    "须为电子邮箱，例如 name@example.com",
                );
                fields.refuse(kind, rule);
            }
            "phone" if !is_phone(&value) => {
                let rule = said(
                    "must be a phone number such as +86 138 0013 8000",
                    "须为电话号码，例如 +86 138 0013 8000",
                );
                fields.refuse(kind, rule);
            }
            _ => {}
        }
        contacts.push((kind.to_owned(), value));
    }
    contacts
}

/// Whether a touchpoint is one of a site.
pub(crate) async fn knows(env: &impl Env, site: &Site, id: &str) -> Result<bool, Problem> {
    let unknown = touchpoints::unknown(&site.id, &view::text(&json!([id])));
    Ok(env.sql().fetch(unknown).await?.is_empty())
}

impl Complaint {
    /// As a case begins.
    pub(crate) fn opening(self, source: Source) -> Opening {
        let offer = self.offer.unwrap_or_default();
        let touchpoint_id = match self.touchpoint_id.is_empty() {
            true => offer.touchpoint_id,
            false => self.touchpoint_id,
        };
        Opening {
            // Who answers an offer twice complains twice of one answer.
            once: match offer.response_id.is_empty() {
                true => String::new(),
                false => format!("response:{}", offer.response_id),
            },
            source,
            channel: "web".to_owned(),
            language: self.language,
            touchpoint_id,
            customer_id: offer.customer_id,
            customer_group: offer.group,
            response_id: offer.response_id,
            amount: self.amount,
            text: self.text,
            contacts: self.contacts,
            ..Opening::default()
        }
    }
}

/// What became of a complaint.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    id: String,
    /// Its ticket number.
    pub(crate) number: String,
    /// When it is answered at the latest.
    pub(crate) answer_due: Value,
    /// Whether its customer had an open one that it joined.
    pub(crate) is_joined: bool,
    /// Whether the same request came before.
    pub(crate) is_repeated: bool,
}

impl Taken {
    /// The token of its private link, which is kept nowhere.
    pub(crate) async fn token(&self, env: &impl Env) -> Result<String, Problem> {
        Ok(link_token(&guard::secret(env).await?, &self.id, 1))
    }
}

/// Takes a complaint that may come in.
pub(crate) async fn take(
    env: &impl Env,
    request: &Request,
    site: &Site,
    (guard, passed): (&Guard, &Passed),
    mut opening: Opening,
) -> Result<Taken, Problem> {
    let by = Staff::new(&site.id, "public");
    known(env, site, &mut opening).await?;
    for _ in 0..TRIES {
        let done = write(env, request, &by, async || {
            let mut opening = opening.clone();
            let has_one = match opening.once.is_empty() {
                true => None,
                false => env.sql().fetch(cases::by_once(&site.id, &opening.once)).await?,
            };
            if has_one.is_some() {
                // Nothing is lost: it joins what is open, or else is one of its own.
                opening.once.clear();
            }
            let book = Book::load(env, &site.id).await?;
            let mut opened = open(env, &book, &by, opening).await?;
            let id = opened.work.case.id.clone();
            for write in passed.writes(&site.id, &id) {
                opened.work.also(write);
            }
            let case = &opened.work.case;
            // For us, who make the answer of it, and to be kept: so it holds no link.
            let told = json!({
                "id": id,
                "number": case.number,
                "answer_due": case.answer_due.map(view::time),
                "is_joined": opened.is_joined,
            });
            Ok(opened.work.change(web::ok(&told)?))
        });
        match done.await {
            Ok(told) => return taken(&told),
            Err(it) if it.kind == Kind::Conflict => {}
            Err(problem) => return Err(problem),
        }
        if let Some(problem) = guard.held_back(env, &site.id, passed).await? {
            return Err(problem);
        }
        // Another one of the same customer came first, and this one may join it.
    }
    Err(web::problem::lost_race())
}

fn taken(told: &web::Response) -> Result<Taken, Problem> {
    let text = String::from_utf8_lossy(told.body());
    let members = view::object(&text).unwrap_or_default();
    let text = |name: &str| members.get(name).and_then(Value::as_str).unwrap_or("").to_owned();
    Ok(Taken {
        id: text("id"),
        number: text("number"),
        answer_due: members.get("answer_due").cloned().unwrap_or_default(),
        is_joined: members.get("is_joined").and_then(Value::as_bool).unwrap_or(false),
        is_repeated: told.headers().contains_key("idempotent-replayed"),
    })
}

/// Fills in what we know of a customer. Whoever was erased since is nobody.
async fn known(env: &impl Env, site: &Site, opening: &mut Opening) -> Result<(), Problem> {
    if opening.customer_id.is_empty() {
        return Ok(());
    }
    let found = env.sql().fetch(Customer::by_id(&site.id, &opening.customer_id)).await?;
    match found.filter(|it| it.erased_at.is_none()) {
        Some(customer) => {
            opening.customer_group = customer.group;
            opening.adviser_id = customer.adviser_id;
        }
        None => opening.customer_id.clear(),
    }
    Ok(())
}
