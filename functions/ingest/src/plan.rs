//! What some messages of a site become, as the rows of one commit.

use app::ingest::{Draft, Item, Mistake, Outcome, Rule, Scene, draft, whos};
use domain::civil::rfc3339;
use domain::id::Kind;
use domain::inbound::Target;
use domain::zone::Zone;
use ports::{Env, Sql};
use serde_json::Value;
use store::inbound::{self, Known, Leased, Names};
use web::lang::{Said, said};
use web::{Problem, view};

use crate::rating::{self, Surveys};
use crate::rows::Cell::{Number, Some as Maybe, Text};
use crate::rows::{Chance, Happened, Rows, object, row};

/// How to read what a source sent.
pub(crate) struct Reader {
    pub(crate) source_id: String,
    pub(crate) site_id: String,
    pub(crate) zone: Zone,
    pub(crate) rules: Vec<Rule>,
}

/// A message, and what its rules make of it.
pub(crate) struct Work<'a> {
    pub(crate) message: &'a Leased,
    pub(crate) reader: &'a Reader,
    pub(crate) content: Value,
    pub(crate) outcome: Outcome,
}

/// What is needed to plan an item.
pub(crate) struct Planner {
    pub(crate) now: i64,
    pub(crate) chance: Chance,
    pub(crate) surveys: Surveys,
    known: Vec<Known>,
    rows: Rows,
}

/// A message whose items were read, and what was wrong with them so far.
struct Read<'a> {
    work: Work<'a>,
    drafts: Vec<Draft>,
    mistakes: Vec<Mistake>,
}

/// Plans the messages of one site: everything that they name is looked up at once.
pub(crate) async fn plan(env: &impl Env, works: Vec<Work<'_>>, now: i64) -> Result<Rows, Problem> {
    let (read, named, site_id) = read_all(works, now);
    let known = env.sql().fetch(inbound::known(&site_id, &named.names())).await?;
    let surveys = Surveys::load(env, &site_id, &named.surveys).await?;
    let chance = Chance::new(env.random());
    Ok(plan_all(Planner { now, chance, surveys, known, rows: Rows::default() }, read))
}

fn read_all(works: Vec<Work<'_>>, now: i64) -> (Vec<Read<'_>>, Named, String) {
    let mut all = Vec::with_capacity(works.len());
    let (mut named, mut site_id) = (Named::default(), String::new());
    for work in works {
        let (mut drafts, mut mistakes) = (Vec::new(), Vec::new());
        if let Outcome::Taken(items, wrong) = &work.outcome {
            mistakes.extend(wrong.iter().cloned());
            for item in items {
                drafts.extend(work.draft(item, now, &mut mistakes));
            }
        }
        drafts.iter().for_each(|it| named.add(it));
        site_id.clone_from(&work.reader.site_id);
        all.push(Read { work, drafts, mistakes });
    }
    (all, named, site_id)
}

fn plan_all(mut planner: Planner, all: Vec<Read<'_>>) -> Rows {
    for it in all {
        planner.message(&it.work, it.drafts, it.mistakes);
    }
    planner.rows
}

impl Work<'_> {
    fn draft(&self, item: &Item, now: i64, mistakes: &mut Vec<Mistake>) -> Option<Draft> {
        let scene = Scene {
            site_id: &self.reader.site_id,
            source_id: &self.reader.source_id,
            zone: self.reader.zone,
            now,
            received_at: self.message.received_at,
            once: &self.message.once,
        };
        let rule = self.reader.rules.get(item.rule)?;
        Some(draft(item.clone(), rule, scene, mistakes))
    }
}

impl Planner {
    fn message(&mut self, work: &Work<'_>, drafts: Vec<Draft>, mut mistakes: Vec<Mistake>) {
        let mut own = Rows::default();
        let mut became = Vec::with_capacity(drafts.len());
        let of_batch = self.chance.next();
        let batch_id = Kind::Measurement.id(self.now, of_batch);
        for draft in drafts {
            let rule = work.reader.rules.get(draft.item.rule);
            let Some(rule) = rule else { continue };
            became.extend(self.item(&mut own, (work, &batch_id), rule, draft, &mut mistakes));
        }
        let message = work.message;
        let random = self.chance.next();
        if matches!(work.outcome, Outcome::Ignored) {
            self.rows.ignore(message, self.now, random);
        } else if mistakes.is_empty() {
            own.batch(message, self.now, [of_batch, self.chance.next()]);
            self.rows.take(own);
            self.rows.map(message, &became, self.now, random);
        } else {
            // What is wrong with one item is wrong with the message: it becomes all or nothing.
            self.rows.fail(message, &mistakes, self.now, random);
        }
        // Rules may have changed since it came.
        for who in whos(&message.site_id, &work.reader.rules, &work.content) {
            self.rows.about.push(row(&[Text(&who), Text(&message.id)]));
        }
    }

    /// What an item becomes, unless something is wrong with it.
    fn item(
        &mut self,
        own: &mut Rows,
        (work, batch_id): (&Work<'_>, &str),
        rule: &Rule,
        draft: Draft,
        mistakes: &mut Vec<Mistake>,
    ) -> Option<Value> {
        let item = draft.item.clone();
        let before = mistakes.len();
        for (kind, field, id) in [
            ("touchpoint", "touchpoint_id", &draft.touchpoint_id),
            ("agent", "agent_id", &draft.agent_id),
        ] {
            if !id.is_empty() && self.find(own, kind, id).is_none() {
                mistakes.push(Mistake::of(&item, rule, field, absent_rule()));
            }
        }
        let kind = match item.to {
            Target::Order => "order",
            Target::Ticket | Target::Message => "message",
            Target::Rating => "response",
            Target::Measurement => "measurement",
        };
        let first = self.find(own, kind, &draft.once).map(|it| it.id.clone());
        if let Some(id) = first {
            let is_named = before == mistakes.len();
            return if is_named { Some(told(item.to, &id, true)) } else { None };
        }
        let customer = match self.customer(own, work.message, &draft.customer) {
            Ok(customer) => customer,
            Err(detail) => {
                mistakes.push(Mistake::of(&item, rule, "customer", detail));
                None
            }
        };
        let (customer_id, group) = customer.unwrap_or_default();
        let once = draft.once.clone();
        let id = match item.to {
            Target::Order => self.order(own, work.message, &draft, &customer_id),
            Target::Ticket | Target::Message => {
                self.letter(own, work.message, &draft, &customer_id)
            }
            Target::Rating => {
                let whose = (customer_id.as_str(), group.as_str());
                rating::rating(self, own, work, rule, draft, whose, mistakes)?
            }
            Target::Measurement => {
                own.measured.extend(draft.measured);
                batch_id.to_owned()
            }
        };
        own.made.push(known(kind, &once, &id));
        Some(told(item.to, &id, false))
    }

    /// Something that messages name: known before, or made by one of this plan.
    fn find<'a>(&'a self, own: &'a Rows, kind: &str, name: &str) -> Option<&'a Known> {
        let all = self.known.iter().chain(&self.rows.made).chain(&own.made);
        let mut all = all.filter(|it| it.kind == kind && it.name == name);
        all.next()
    }

    /// The id and the group of the customer of a name, who is made if nobody has it.
    fn customer(
        &mut self,
        own: &mut Rows,
        message: &Leased,
        name: &str,
    ) -> Result<Option<(String, String)>, Said> {
        if name.is_empty() {
            return Ok(None);
        }
        if let Some(found) = self.find(own, "customer", name) {
            let [group, _] = &found.more;
            let found = (found.id.clone(), group.clone());
            own.checks.push(row(&[Text("customer"), Text(&found.0)]));
            return Ok(Some(found));
        }
        if Kind::Customer.is(name) {
            return Err(said("must be a customer's id, ours or yours", "须为客户的编号或外部编号"));
        }
        let id = Kind::Customer.id(self.now, self.chance.next());
        own.customers.push(row(&[Text(&id), Text(name)]));
        own.checks.push(row(&[Text("customer"), Text(&id)]));
        let mut data = object(&[("source_id", Text(&message.source_id))]);
        if let Value::Object(members) = &mut data {
            members.insert("fields".to_owned(), row(&[Text("external_id"), Text("group")]));
        }
        let happened = Happened::first("customer.created", &id, message, data);
        own.happened(happened, self.now, self.chance.next());
        own.made.push(Known {
            more: ["new".to_owned(), name.to_owned()],
            ..known("customer", name, &id)
        });
        Ok(Some((id, "new".to_owned())))
    }

    fn order(&mut self, own: &mut Rows, message: &Leased, it: &Draft, customer: &str) -> String {
        let id = Kind::Order.id(self.now, self.chance.next());
        own.orders.push(row(&[
            Text(&id),
            Text(&it.once),
            Text(&it.external_id),
            Text(customer),
            Number(it.amount),
            Text(&it.currency),
            Number(it.at),
            Text(&it.channel),
            Text(&it.touchpoint_id),
            Text(&message.source_id),
            Text(&message.id),
        ]));
        own.checks.push(row(&[Text("order"), Text(&id)]));
        let data = object(&[
            ("source_id", Text(&message.source_id)),
            ("amount", Number(it.amount)),
            ("currency", Text(&it.currency)),
            ("completed_at", Text(&rfc3339(it.at, 0))),
            ("channel", Maybe(&it.channel)),
            ("touchpoint_id", Maybe(&it.touchpoint_id)),
        ]);
        let happened = Happened::first("order.completed", &id, message, data);
        own.happened(happened, self.now, self.chance.next());
        id
    }

    /// A ticket or a message.
    fn letter(&mut self, own: &mut Rows, message: &Leased, it: &Draft, customer: &str) -> String {
        let id = Kind::Message.id(self.now, self.chance.next());
        let kind = it.item.to.name();
        own.messages.push(row(&[
            Text(&id),
            Text(kind),
            Text(&it.once),
            Text(&it.external_id),
            Text(customer),
            Text(&it.subject),
            Text(&it.text),
            Text(&it.channel),
            Text(&it.touchpoint_id),
            Text(&message.source_id),
            Text(&message.id),
            Number(it.at),
        ]));
        own.checks.push(row(&[Text("message"), Text(&id)]));
        let data = object(&[
            ("source_id", Text(&message.source_id)),
            ("channel", Maybe(&it.channel)),
            ("touchpoint_id", Maybe(&it.touchpoint_id)),
            ("created_at", Text(&rfc3339(it.at, 0))),
        ]);
        let received =
            if it.item.to == Target::Ticket { "ticket.received" } else { "message.received" };
        let happened = Happened::first(received, &id, message, data);
        own.happened(happened, self.now, self.chance.next());
        id
    }
}

/// What a message became, as its outcome tells it.
fn told(to: Target, id: &str, is_repeated: bool) -> Value {
    let mut told = object(&[("type", Text(to.name())), ("id", Text(id))]);
    if let Value::Object(members) = &mut told {
        members.insert("is_repeated".to_owned(), is_repeated.into());
    }
    told
}

fn known(kind: &str, name: &str, id: &str) -> Known {
    Known {
        kind: kind.to_owned(),
        name: name.to_owned(),
        id: id.to_owned(),
        more: [String::new(), String::new()],
    }
}

/// What to say of an id that leads nowhere.
pub(crate) fn absent_rule() -> Said {
    said("is not the id of one of this site", "不是本站点已有的编号")
}

/// What drafts name.
#[derive(Default)]
struct Named {
    customers: Vec<String>,
    touchpoints: Vec<String>,
    agents: Vec<String>,
    orders: Vec<String>,
    messages: Vec<String>,
    responses: Vec<String>,
    measurements: Vec<String>,
    surveys: Vec<String>,
}

impl Named {
    fn add(&mut self, it: &Draft) {
        add(&mut self.customers, &it.customer);
        add(&mut self.touchpoints, &it.touchpoint_id);
        add(&mut self.agents, &it.agent_id);
        add(&mut self.surveys, &it.survey_id);
        match it.item.to {
            Target::Order => add(&mut self.orders, &it.once),
            Target::Ticket | Target::Message => add(&mut self.messages, &it.once),
            Target::Rating => add(&mut self.responses, &it.once),
            Target::Measurement => add(&mut self.measurements, &it.once),
        }
    }

    fn names(&self) -> Names {
        Names {
            customers: view::text(&self.customers),
            touchpoints: view::text(&self.touchpoints),
            agents: view::text(&self.agents),
            orders: view::text(&self.orders),
            messages: view::text(&self.messages),
            responses: view::text(&self.responses),
            measurements: view::text(&self.measurements),
        }
    }
}

fn add(names: &mut Vec<String>, name: &String) {
    if !name.is_empty() && !names.contains(name) {
        names.push(name.clone());
    }
}
