//! The rows of one commit, put together message by message.

use app::ingest::Mistake;
use app::measure::{Batch, Measurement, RECORDED};
use domain::UtcMs;
use domain::event::{Event, ORIGIN};
use domain::id::{Kind, derived, hex};
use domain::inbound::kept_until;
use ports::Write;
use serde_json::{Map, Value};
use store::inbound::{self, Known, Leased};
use store::responses::{self, Submission};
use store::{customers, events, messages, orders};
use web::view;

use Cell::{Number, Text};

/// The most mistakes that are kept of a message.
const MISTAKES_MAX: usize = 100;

/// Rows of each statement; see the statements for their places.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    pub(crate) customers: Vec<Value>,
    pub(crate) orders: Vec<Value>,
    pub(crate) messages: Vec<Value>,
    /// Each with its study and its source.
    pub(crate) responses: Vec<(String, String, Value)>,
    /// Of one message; they become a batch when it is taken.
    pub(crate) measured: Vec<Measurement>,
    pub(crate) batches: Vec<Write>,
    pub(crate) events: Vec<Value>,
    pub(crate) about: Vec<Value>,
    pub(crate) checks: Vec<Value>,
    pub(crate) decisions: Vec<Value>,
    /// What they make, for the messages that come after.
    pub(crate) made: Vec<Known>,
}

/// A cell of a row, or a member of an object.
#[derive(Clone, Copy)]
pub(crate) enum Cell<'a> {
    Text(&'a str),
    /// Null where it is empty.
    Some(&'a str),
    Number(i64),
}

impl Cell<'_> {
    fn value(&self) -> Value {
        match *self {
            Cell::Some("") => Value::Null,
            Cell::Text(text) | Cell::Some(text) => Value::from(text),
            Cell::Number(number) => Value::from(number),
        }
    }
}

/// A row. One function for all of them: written out by a macro, they cost a kilobyte each.
pub(crate) fn row(cells: &[Cell<'_>]) -> Value {
    cells.iter().map(Cell::value).collect()
}

/// An object, for the same reason.
pub(crate) fn object(members: &[(&str, Cell<'_>)]) -> Value {
    let mut object = Map::new();
    for (name, cell) in members {
        object.insert((*name).to_owned(), cell.value());
    }
    Value::Object(object)
}

/// Something that happened, before it is sealed.
pub(crate) struct Happened<'a> {
    pub(crate) site_id: &'a str,
    pub(crate) subject: &'a str,
    pub(crate) version: i64,
    pub(crate) kind: &'static str,
    pub(crate) source_id: &'a str,
    pub(crate) data: Value,
    pub(crate) previous: [u8; 32],
}

impl<'a> Happened<'a> {
    /// The first thing that happened to a subject.
    pub(crate) fn first(
        kind: &'static str,
        subject: &'a str,
        message: &'a Leased,
        data: Value,
    ) -> Happened<'a> {
        Happened {
            site_id: &message.site_id,
            subject,
            version: 1,
            kind,
            source_id: &message.source_id,
            data,
            previous: ORIGIN,
        }
    }
}

impl Rows {
    /// Adds an event, whose id comes from `random`.
    pub(crate) fn happened(&mut self, it: Happened<'_>, now: UtcMs, random: [u8; 16]) {
        let event = Event {
            id: Kind::Event.id(now, random),
            site_id: it.site_id.to_owned(),
            subject: it.subject.to_owned(),
            version: it.version,
            kind: it.kind,
            actor: actor(it.source_id),
            at: now,
            data: view::text(&it.data),
            previous: it.previous,
        };
        let hash = hex(&event.hash());
        self.events.push(row(&[
            Text(&event.id),
            Text(&event.subject),
            Number(event.version),
            Text(event.kind),
            Text(&event.actor),
            Text(&event.data),
            Text(&hash),
        ]));
    }

    /// Takes over what a message makes.
    pub(crate) fn take(&mut self, own: Rows) {
        self.customers.extend(own.customers);
        self.orders.extend(own.orders);
        self.messages.extend(own.messages);
        self.responses.extend(own.responses);
        self.batches.extend(own.batches);
        self.events.extend(own.events);
        self.about.extend(own.about);
        self.checks.extend(own.checks);
        self.decisions.extend(own.decisions);
        self.made.extend(own.made);
    }

    /// Makes a batch of what a message measured. `random` is what its id was made of.
    pub(crate) fn batch(&mut self, message: &Leased, now: UtcMs, random: [[u8; 16]; 2]) {
        if self.measured.is_empty() {
            return;
        }
        let [of_batch, of_event] = random;
        let all = std::mem::take(&mut self.measured);
        let all: Vec<&Measurement> = all.iter().collect();
        // Refused if somebody took one of them meanwhile: then it is planned anew.
        let batch = Batch::new(&message.site_id, now, of_batch, &all, true);
        self.happened(Happened::first(RECORDED, &batch.id, message, batch.data), now, of_event);
        self.batches.push(batch.write);
    }

    /// Says that a message became something.
    pub(crate) fn map(&mut self, message: &Leased, became: &[Value], now: UtcMs, random: [u8; 16]) {
        let mut counts = Map::new();
        for it in became {
            let name = it.get("type").and_then(Value::as_str).unwrap_or_default();
            let before = counts.get(name).and_then(Value::as_u64).unwrap_or(0);
            counts.insert(name.to_owned(), (before + 1).into());
        }
        let mut data = object(&[("source_id", Text(&message.source_id))]);
        if let Value::Object(members) = &mut data {
            members.insert("became".to_owned(), Value::Object(counts));
        }
        self.decide(message, ("mapped", "inbound.mapped"), became, &[], data, (now, random));
    }

    /// Says that no rule took a message.
    pub(crate) fn ignore(&mut self, message: &Leased, now: UtcMs, random: [u8; 16]) {
        let data = object(&[("source_id", Text(&message.source_id))]);
        self.decide(message, ("ignored", "inbound.ignored"), &[], &[], data, (now, random));
    }

    /// Says what is wrong with a message.
    pub(crate) fn fail(
        &mut self,
        message: &Leased,
        mistakes: &[Mistake],
        now: UtcMs,
        random: [u8; 16],
    ) {
        let number = i64::try_from(mistakes.len()).unwrap_or(i64::MAX);
        let data = object(&[("source_id", Text(&message.source_id)), ("mistakes", Number(number))]);
        let kept: Vec<Value> = mistakes.iter().take(MISTAKES_MAX).map(Mistake::stored).collect();
        self.decide(message, ("failed", "inbound.failed"), &[], &kept, data, (now, random));
    }

    fn decide(
        &mut self,
        message: &Leased,
        (state, kind): (&'static str, &'static str),
        became: &[Value],
        mistakes: &[Value],
        data: Value,
        (now, random): (UtcMs, [u8; 16]),
    ) {
        let version = message.version + 1;
        let forget_at = kept_until(message.received_at, state == "failed");
        let (became, mistakes) = (view::text(&became), view::text(&mistakes));
        self.decisions.push(row(&[
            Text(&message.id),
            Number(version),
            Text(state),
            Text(&became),
            Text(&mistakes),
            Number(forget_at),
        ]));
        self.checks.push(row(&[Text("inbound"), Text(&message.id), Number(version)]));
        let happened = Happened {
            version,
            previous: message.seal,
            ..Happened::first(kind, &message.id, message, data)
        };
        self.happened(happened, now, random);
    }

    /// The statements. The last one sees whether all of it is as was meant.
    pub(crate) fn writes(self, site_id: &str, lease: &str, now: UtcMs) -> Vec<Write> {
        let mut writes = vec![inbound::decide(lease, now, &view::text(&self.decisions)).write()];
        let mut add = |rows: &[Value], make: fn(&str, UtcMs, &str) -> ports::Statement| {
            if !rows.is_empty() {
                writes.push(make(site_id, now, &view::text(&rows)).write());
            }
        };
        add(&self.customers, customers::insert_new);
        add(&self.orders, orders::insert);
        add(&self.messages, messages::insert);
        let mut left = self.responses;
        while let Some((study_id, source_id)) = left.first().map(|it| (it.0.clone(), it.1.clone()))
        {
            let mut rows = Vec::new();
            left.retain(|it| {
                let is_own = it.0 == study_id && it.1 == source_id;
                if is_own {
                    rows.push(it.2.clone());
                }
                !is_own
            });
            let submission = Submission {
                rows: view::text(&rows),
                site_id,
                study_id: &study_id,
                source: "api",
                actor: &actor(&source_id),
            };
            writes.push(responses::import(&submission).write());
        }
        writes.extend(self.batches);
        writes.push(events::append_all(site_id, now, &view::text(&self.events)).write());
        if !self.about.is_empty() {
            writes.push(inbound::about(&view::text(&self.about)).write());
        }
        writes.push(inbound::check(lease, &view::text(&self.checks)).guarded());
        writes
    }
}

/// Who did it, for events.
pub(crate) fn actor(source_id: &str) -> String {
    ["source:", source_id].concat()
}

/// Random bits of one plan, as many as it needs, of one draw.
pub(crate) struct Chance {
    seed: [u8; 16],
    drawn: usize,
}

impl Chance {
    pub(crate) fn new(seed: [u8; 16]) -> Chance {
        Chance { seed, drawn: 0 }
    }

    pub(crate) fn next(&mut self) -> [u8; 16] {
        self.drawn += 1;
        derived(self.seed, self.drawn)
    }
}
