//! What somebody asks for who wants to be called, read: every mistake at once.

use domain::callback::{Mode, Purpose};
use domain::phone::{Fault, Region, e164};
use domain::survey::is_email;
use domain::zone::{Local, Zone};
use domain::{UtcMs, civil};
use ports::{Env, Sql};
use store::Entity;
use store::cases::Case;
use store::customers::{self, Customer};
use store::services::Service;
use store::sites::Site;
use store::{agents, touchpoints};
use web::case::unknown;
use web::field::{Fields, Query};
use web::lang::{Said, said};
use web::service::Offered;
use web::survey::{is_language, language_rule};
use web::{Problem, view};

/// The longest id.
const ID_CHARS_MAX: usize = 64;
/// How far back somebody may have begun to wait elsewhere.
const WAITED_MAX_MS: i64 = civil::DAY_MS;
/// The longest note.
const NOTE_CHARS_MAX: usize = 2_000;
/// The states of a case about which somebody is called.
const CASE_STATES: [&str; 3] = ["open", "waiting", "solved"];

/// What somebody asks for. Texts that name something are empty where there is none.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What is booked.
    pub service: Service,
    /// What it offers.
    pub offered: Offered,
    /// How its time is found.
    pub mode: Mode,
    /// Whether the slot is held only.
    pub is_held: bool,
    /// When; 0 for no time.
    pub start: UtcMs,
    /// By whom.
    pub agent_id: String,
    /// Their number, in E.164.
    pub phone: String,
    /// What is kept of how they are called and reached.
    pub contacts: Vec<(&'static str, String)>,
    /// Their language.
    pub language: String,
    /// Where their clocks are.
    pub zone: Zone,
    /// What it is for.
    pub purpose: Purpose,
    /// What it is about.
    pub case_id: String,
    /// Whom.
    pub customer_id: String,
    /// Where it counts.
    pub touchpoint_id: String,
    /// Since when they wait.
    pub waiting_since: UtcMs,
    /// What whoever calls must know; empty for nothing.
    pub note: String,
}

/// What is known of whom we call before they say anything.
#[derive(Default)]
struct Known {
    customer_id: String,
    case_id: String,
    zone: String,
    language: String,
    touchpoint_id: String,
    /// As it stands with the customer, and with the case.
    phones: Vec<String>,
}

/// Reads what staff ask for, or the public.
pub async fn read(
    env: &impl Env,
    site: &Site,
    is_staff: bool,
    mut fields: Fields,
) -> Result<Asked, Problem> {
    let fields = &mut fields;
    let service = service(env, site, is_staff, fields).await?;
    let has_phone = fields.peek("phone").is_some_and(|it| !it.is_null());
    let known = if is_staff { known(env, site, fields).await? } else { Known::default() };
    let modes = [Mode::Appointment, Mode::Asap].map(Mode::name);
    let mode = fields.one_of("mode", &modes, Mode::Appointment.name());
    let purposes = Purpose::ALL.map(Purpose::name);
    let zone = zone(fields, &known.zone, site);
    let mut it = Asked {
        offered: service.as_ref().map(|it| Offered::stored(&it.definition)).unwrap_or_default(),
        service: service.unwrap_or_default(),
        mode: Mode::parse(&mode).unwrap_or_default(),
        is_held: fields.flag("hold", false),
        start: 0,
        agent_id: String::new(),
        phone: phone(fields, zone, site, &known),
        contacts: Vec::new(),
        language: fields.text("language", 0, 35, &known.language),
        zone,
        purpose: Purpose::Request,
        case_id: known.case_id,
        customer_id: known.customer_id,
        touchpoint_id: fields.text("touchpoint_id", 0, ID_CHARS_MAX, ""),
        waiting_since: env.now(),
        note: String::new(),
    };
    if !it.language.is_empty() && !is_language(&it.language) {
        fields.refuse("language", language_rule());
    }
    if is_staff {
        let purpose = fields.one_of("purpose", &purposes, Purpose::Request.name());
        it.purpose = Purpose::parse(&purpose).unwrap_or_default();
        it.agent_id = agent(env, &site.id, fields).await?;
        it.waiting_since = waiting_since(fields, it.mode, env.now());
        it.note = fields.text("note", 0, NOTE_CHARS_MAX, "");
    }
    time(fields, &mut it);
    touchpoint(env, site, fields, &mut it, known.touchpoint_id).await?;
    it.contacts = contacts(fields, if has_phone { &it.phone } else { "" });
    std::mem::take(fields).done()?;
    Ok(it)
}

/// What is booked. The public books what is meant for it, and nobody what is offered no more.
async fn service(
    env: &impl Env,
    site: &Site,
    is_staff: bool,
    fields: &mut Fields,
) -> Result<Option<Service>, Problem> {
    let id = fields.text("service_id", 1, ID_CHARS_MAX, "");
    if id.is_empty() {
        return Ok(None);
    }
    let found = env.sql().fetch(Service::by_id(&site.id, &id)).await?;
    let is_meant = |it: &Service| is_staff || Offered::stored(&it.definition).is_public;
    let found = found.filter(|it| it.is_active && is_meant(it));
    if found.is_none() {
        let rule = said("must be a service that can be booked", "须为可预约的服务");
        fields.refuse("service_id", rule);
    }
    Ok(found)
}

/// What we know already of whom staff want to be called.
async fn known(env: &impl Env, site: &Site, fields: &mut Fields) -> Result<Known, Problem> {
    let mut known = Known::default();
    let mut customer = None;
    let named = fields.text("customer", 0, 80, "");
    if !named.is_empty() {
        customer = env.sql().fetch(Customer::by_id(&site.id, &named)).await?;
        if customer.is_none() {
            customer = env.sql().fetch(customers::by_external_id(&site.id, &named)).await?;
        }
        customer = customer.filter(|it| it.erased_at.is_none());
        if customer.is_none() {
            fields.refuse("customer", unknown());
        }
    }
    let case_id = fields.text("case_id", 0, ID_CHARS_MAX, "");
    if !case_id.is_empty() {
        let found = env.sql().fetch(Case::by_id(&site.id, &case_id)).await?;
        match found.filter(|it| CASE_STATES.contains(&it.state.as_str())) {
            Some(case) => {
                let whose = &case.customer_id;
                if customer.as_ref().is_some_and(|it| !whose.is_empty() && it.id != *whose) {
                    let rule = said("is not whose case it is", "不是该工单的客户");
                    fields.refuse("customer", rule);
                } else if customer.is_none() && !whose.is_empty() {
                    customer = env.sql().fetch(Customer::by_id(&site.id, whose)).await?;
                    customer = customer.filter(|it| it.erased_at.is_none());
                }
                known.language = case.language;
                known.touchpoint_id = case.touchpoint_id;
                known.case_id = case.id;
            }
            None => fields.refuse(
                "case_id",
                said("must be a case of this site that is not closed", "须为本站点未结的工单"),
            ),
        }
    }
    if let Some(customer) = customer {
        if known.language.is_empty() {
            known.language = customer.language;
        }
        known.zone = customer.zone;
        known.customer_id = customer.id;
    }
    if fields.peek("phone").is_none_or(|it| it.is_null()) {
        let asked = store::callbacks::Callback {
            customer_id: known.customer_id.clone(),
            case_id: known.case_id.clone(),
            ..Default::default()
        };
        let found = env.sql().fetch(store::call_lists::contacts(&asked)).await?;
        let phones = found.into_iter().filter(|(kind, _)| kind == "phone").map(|(_, it)| it);
        known.phones.extend(phones);
    }
    Ok(known)
}

/// Where their clocks are: as they say, as we know, or where the site is.
fn zone(fields: &mut Fields, known: &str, site: &Site) -> Zone {
    let text = fields.text("tz", 0, ID_CHARS_MAX, "");
    let given = (!text.is_empty()).then(|| Zone::parse(&text));
    if given == Some(None) {
        fields.refuse("tz", zone_rule());
    }
    let known = Zone::parse(known).or_else(|| Zone::parse(&site.zone));
    given.flatten().or(known).unwrap_or(Zone::UTC)
}

/// What a time zone must be.
pub fn zone_rule() -> Said {
    said("must be a time zone such as Asia/Shanghai", "须为时区，例如 Asia/Shanghai")
}

/// Their number: as they give it, or as we know it.
fn phone(fields: &mut Fields, zone: Zone, site: &Site, known: &Known) -> String {
    let given = fields.text("phone", 0, 64, "");
    let regions = [Region::of_zone(&zone.name()), Region::of_zone(&site.zone)];
    let read = |text: &str| {
        // Whoever is far from home writes their number as at home.
        let first = e164(text, regions[0]);
        if first.is_ok() { first } else { e164(text, regions[1]).or(first) }
    };
    if !given.is_empty() {
        return read(&given).unwrap_or_else(|fault| {
            fields.refuse("phone", phone_rule(fault));
            String::new()
        });
    }
    if let Some(number) = known.phones.iter().find_map(|it| read(it).ok()) {
        return number;
    }
    fields.refuse(
        "phone",
        match known.phones.is_empty() {
            true => said("is required", "为必填项"),
            false => said(
                "what we know of them is no number that can be called: give one",
                "已有的号码无法拨打，请另行提供",
            ),
        },
    );
    String::new()
}

/// What a number must be.
pub fn phone_rule(fault: Fault) -> Said {
    match fault {
        Fault::Empty | Fault::Characters => said(
            "must be a phone number such as +86 138 0013 8000",
            "须为电话号码，例如 +86 138 0013 8000",
        ),
        Fault::Extension => said(
            "must be a number without an extension, which nobody could dial for you",
            "须为不带分机的号码",
        ),
        Fault::Length => said("must have 7 to 15 digits", "须为 7 到 15 位数字"),
        Fault::Country => {
            said("must begin with + and the country code", "须以 + 和国家（地区）代码开头")
        }
        Fault::Area => said("must begin with the area code, such as 010", "须带区号，例如 010"),
        Fault::China => said(
            "must be a Chinese mobile number, or a landline with its area code",
            "须为中国大陆手机号，或带区号的固定电话",
        ),
        Fault::NorthAmerica => said(
            "must have ten digits, of which area and exchange begin with 2 to 9",
            "须为十位的北美号码，区号与局号以 2 到 9 开头",
        ),
        Fault::Service => {
            said("must be your own number, not a service line", "须为您本人的号码，不能是服务热线")
        }
    }
}

/// Who is to call; empty for whoever can.
pub async fn agent(env: &impl Env, site_id: &str, fields: &mut Fields) -> Result<String, Problem> {
    let id = fields.text("agent_id", 0, ID_CHARS_MAX, "");
    let is_given = !id.is_empty();
    if is_given && env.sql().fetch(agents::known(site_id, &view::text(&[&id]))).await?.is_empty() {
        fields.refuse("agent_id", unknown());
    }
    Ok(id)
}

fn waiting_since(fields: &mut Fields, mode: Mode, now: UtcMs) -> UtcMs {
    let text = fields.text("waiting_since", 0, 40, "");
    if text.is_empty() {
        return now;
    }
    if mode != Mode::Asap {
        fields.refuse("waiting_since", said("goes with the mode asap", "仅用于 asap 模式"));
        return now;
    }
    match civil::parse_rfc3339(&text) {
        Some(at) if now - WAITED_MAX_MS <= at && at <= now => at,
        Some(_) => {
            let rule = said("must lie in the last 24 hours", "须在最近 24 小时之内");
            fields.refuse("waiting_since", rule);
            now
        }
        None => {
            fields.refuse("waiting_since", instant_rule());
            now
        }
    }
}

/// What an instant must be.
pub fn instant_rule() -> Said {
    said(
        "must be an instant such as 2026-11-24T10:00:00+08:00",
        "须为带时差的时间，例如 2026-11-24T10:00:00+08:00",
    )
}

/// The time of an appointment; who waits has none.
fn time(fields: &mut Fields, it: &mut Asked) {
    if it.mode == Mode::Appointment {
        it.start = start(fields, it.zone);
        return;
    }
    let rule = || said("does not go with the mode asap", "不可用于 asap 模式");
    if fields.take("start").is_some() {
        fields.refuse("start", rule());
    }
    if it.is_held {
        fields.refuse("hold", rule());
    }
    if !it.agent_id.is_empty() {
        fields.refuse("agent_id", rule());
    }
}

/// When a call is to begin: an instant, or a time on the clocks of a zone. What is none stands in
/// `fields`.
pub fn start(fields: &mut Fields, zone: Zone) -> UtcMs {
    let text = fields.text("start", 1, 40, "");
    if text.is_empty() {
        return 0;
    }
    let rule = match instant(&text, zone) {
        Ok(at) => return at,
        Err(rule) => rule,
    };
    fields.refuse("start", rule);
    0
}

/// An instant, or a time on the clocks of a zone.
pub fn instant(text: &str, zone: Zone) -> Result<UtcMs, Said> {
    if let Some(at) = civil::parse_rfc3339(text) {
        return Ok(at);
    }
    let local = text.split_once(['T', ' ']).and_then(|(date, clock)| {
        let clock = if clock.len() == 5 { format!("{clock}:00") } else { clock.to_owned() };
        civil::parse_rfc3339(&format!("{date}T{clock}Z"))
    });
    match local.map(|it| zone.to_utc(it)) {
        Some(Local::Unique(at)) => Ok(at),
        Some(Local::Gap { .. }) => Err(said(
            "this time does not exist: clocks are put forward over it",
            "该时间不存在：时钟在此处拨快",
        )),
        Some(Local::Ambiguous { .. }) => Err(said(
            "clocks show this time twice: say which by its offset, such as -04:00",
            "时钟两次显示该时间：请用时差（例如 -04:00）说明是哪一次",
        )),
        None => Err(said(
            "must be a time such as 2026-11-24T10:00:00+08:00, or 2026-11-24T10:00 with tz",
            "须为时间，例如 2026-11-24T10:00:00+08:00，或 2026-11-24T10:00 并给出 tz",
        )),
    }
}

/// A parameter that is a day, from its beginning or, `days` later, to its end; or a time.
pub fn day_or_time(query: &mut Query, name: &str, zone: Zone, days: i32) -> Option<UtcMs> {
    let text = query.text(name, 40)?;
    let at = match civil::parse_date(&text) {
        Some(day) => Some(zone.start_of_day(day + days)),
        None => instant(&text, zone).ok(),
    };
    if at.is_none() {
        query.refuse(
            name,
            said(
                "must be a day such as 2026-11-24, or a time such as 2026-11-24T10:00:00+08:00",
                "须为日期（如 2026-11-24）或时间（如 2026-11-24T10:00:00+08:00）",
            ),
        );
    }
    at
}

/// Where it counts: as it says, or where its case does, or its service.
async fn touchpoint(
    env: &impl Env,
    site: &Site,
    fields: &mut Fields,
    it: &mut Asked,
    known: String,
) -> Result<(), Problem> {
    if it.touchpoint_id.is_empty() {
        it.touchpoint_id = if known.is_empty() { it.offered.touchpoint_id.clone() } else { known };
        return Ok(());
    }
    let ids = view::text(&[&it.touchpoint_id]);
    if !env.sql().fetch(touchpoints::unknown(&site.id, &ids)).await?.is_empty() {
        fields.refuse("touchpoint_id", unknown());
    }
    Ok(())
}

/// How they are called and reached: what they give, and nothing that we know elsewhere.
fn contacts(fields: &mut Fields, phone: &str) -> Vec<(&'static str, String)> {
    let name = web::case::text(fields, "name", 0, 80);
    let email = fields.text("email", 0, 254, "");
    if !email.is_empty() && !is_email(&email) {
        let rule = said(
            "must be an e-mail address such as name@example.com",
            "须为电子邮箱，例如 name@example.com",
        );
        fields.refuse("email", rule);
    }
    let mut contacts = vec![("phone", phone.to_owned()), ("name", name), ("email", email)];
    contacts.retain(|it| !it.1.is_empty());
    contacts
}
