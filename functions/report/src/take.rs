//! A complaint, read, and handed to `complaint`: once for each key, and joined to what its customer
//! said before.

use app::auth::Staff;
use app::case::enter::{Entered, Entry, enter};
use app::case::offer::Offer;
use app::case::{Opening, TEXT_CHARS_MAX, link_token};
use app::intake::body;
use app::intake::guard::{self, Guard, Pass, Passed};
use domain::case::Source;
use domain::survey::{is_email, is_phone};
use ports::{Env, Sql};
use serde_json::{Value, json};
use store::sites::Site;
use store::touchpoints;
use web::field::Fields;
use web::lang::said;
use web::survey::{is_language, language_rule};
use web::{Problem, Request, view};

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

/// Takes a complaint that may come in, once for each key.
pub(crate) async fn take(
    env: &impl Env,
    site: &Site,
    (guard, passed): (&Guard, &Passed),
    (key, hash): (&str, [u8; 32]),
    opening: &Opening,
) -> Result<Entered, Problem> {
    let by = Staff::new(&site.id, "public");
    let entry = Entry { by: &by, key, hash, opening, passed };
    match enter(env, entry).await? {
        Some(entered) => Ok(entered),
        // Why, is for us to say: it knows what may be done about it.
        None => match guard.held_back(env, &site.id, passed).await? {
            Some(problem) => Err(problem),
            None => Err(guard.too_many(env.now())),
        },
    }
}

/// The token of a case's private link, which is kept nowhere.
pub(crate) async fn link(env: &impl Env, entered: &Entered) -> Result<String, Problem> {
    Ok(link_token(&guard::secret(env).await?, &entered.id, 1))
}
