//! Fills a database with responses by the statement with which the product takes them, many rows
//! at a time and past HTTP: ten million would take hours one by one.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use app::response::{Desk, Draft, fingerprint, row};
use domain::civil::DAY_MS;
use domain::survey::Definition;
use domain::touchpoint::GROUPS;
use domain::zone::Zone;
use ports::Statement;
use serde_json::{Map, Value, json};
use store::responses::{Submission, import};
use web::field::Fields;

use crate::report::tell;
use crate::world::{World, now_ms, rating};

/// Rows of one statement: more of them share more pages, until they no longer fit in memory.
const ROWS: u64 = 100_000;
/// The days over which answers lie.
pub(crate) const DAYS: u64 = 90;
/// The touchpoints that are asked about.
pub(crate) const TOUCHPOINTS: usize = 12;
/// The channels that answers come on.
const CHANNELS: [&str; 6] = ["web", "app", "wechat", "store", "phone", "email"];

/// A database being filled.
pub(crate) struct Filler {
    connection: rusqlite::Connection,
    world: World,
    definition: Definition,
    zone: Zone,
    /// Responses so far.
    pub(crate) stored: u64,
}

impl Filler {
    /// Opens the database of a server that is not asked anything meanwhile.
    pub(crate) fn open(database: &Path, world: World) -> Result<Filler> {
        let connection = rusqlite::Connection::open(database)?;
        // A database that a power cut destroys is filled again.
        for pragma in ["synchronous = off", "cache_size = -1000000", "busy_timeout = 60000"] {
            connection.prepare(&format!("pragma {pragma}"))?.query([])?.next()?;
        }
        let members = world.definition.as_object().cloned().unwrap_or_default();
        let definition = web::survey::read(&mut Fields::new(members));
        let zone = Zone::parse("Asia/Shanghai").context("an unknown zone")?;
        Ok(Filler { connection, world, definition, zone, stored: 0 })
    }

    /// Adds responses until there are `wanted`.
    pub(crate) fn up_to(&mut self, wanted: u64) -> Result<()> {
        let mut told = Instant::now();
        let began = (told, self.stored);
        while self.stored < wanted {
            let rows = ROWS.min(wanted - self.stored);
            let statement = self.statement(rows);
            let taken = testkit::rows(&self.connection, statement)?;
            anyhow::ensure!(taken.len() == 1, "the statement refused the rows");
            self.stored += rows;
            if Duration::from_secs(10) < told.elapsed() || self.stored == wanted {
                told = Instant::now();
                let rate = (self.stored - began.1) as f64 / began.0.elapsed().as_secs_f64();
                tell(&format!("  {} of {wanted} responses, {rate:.0}/s", self.stored));
            }
        }
        self.connection.prepare("pragma wal_checkpoint(truncate)")?.query([])?.next()?;
        Ok(())
    }

    fn statement(&self, rows: u64) -> Statement {
        let desk = Desk {
            site_id: &self.world.site,
            zone: self.zone,
            study_id: &self.world.survey,
            version: 1,
            definition: &self.definition,
            actor: "bench",
            received_at: now_ms(),
        };
        let rows = (self.stored..self.stored + rows).map(|number| {
            let draft = draft(&desk, number);
            row(&desk, draft, [random(), random()]).1
        });
        import(&Submission {
            rows: Value::Array(rows.collect()).to_string(),
            site_id: desk.site_id,
            study_id: desk.study_id,
            source: "import",
            actor: desk.actor,
        })
    }
}

/// What somebody answers: recommendation, two touchpoints, and in one of four cases why.
fn draft(desk: &Desk<'_>, number: u64) -> Draft {
    // Weyl's sequence over the golden ratio: even, and without the rhythm of counting.
    let dice = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
    let of = |words: &[&str], dice: u64| {
        let at = usize::try_from(dice).unwrap_or(0) % (words.len() + 1);
        words.get(at).copied().unwrap_or("").to_owned()
    };
    let mut given = Map::new();
    given.insert("recommend".to_owned(), json!(4 + dice % 7));
    for shift in [3, 17] {
        let at = usize::try_from((dice >> shift) % TOUCHPOINTS as u64).unwrap_or(0);
        given.insert(rating(at), json!(1 + (dice >> (shift + 5)) % 5));
    }
    if dice.is_multiple_of(4) {
        given
            .insert("why".to_owned(), json!(format!("第 {number} 单：配送比说好的时间晚了一些。")));
    }
    let told = web::survey::Told::default();
    let answers = web::survey::answers(desk.definition, &told, &mut Fields::new(given));
    let days = i64::try_from(dice / 64 % DAYS).unwrap_or(0);
    Draft {
        key: format!("fill-{number}"),
        request_hash: [0; 32],
        channel: of(&CHANNELS, dice >> 7),
        group: of(&GROUPS, dice >> 11),
        language: "zh-CN".to_owned(),
        customer_id: String::new(),
        agent_id: String::new(),
        fingerprint: fingerprint(desk, &answers),
        screened: Vec::new(),
        answers,
        answered_at: desk.received_at - days * DAY_MS,
    }
}

fn random() -> [u8; 16] {
    let mut bytes = [0; 16];
    // Rows that share an id would be refused by the database.
    let _ = getrandom::fill(&mut bytes);
    bytes
}
