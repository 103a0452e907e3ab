//! A sheet as a call centre would export it: about a thousand rows, most of them good.
//!
//! Made from a seed and counted here by plain arithmetic, without any code of the product.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::{Value, json};

use crate::chance::Chance;
use crate::server::date;

/// What people rate, from 0 for "not applicable" to 5.
pub(super) const ITEMS: [&str; 6] = ["咨询", "下单", "配送 Delivery", "品质", "售后", "会员"];

/// Rows that are good.
const GOOD: usize = 1000;
/// A bad row comes after so many good ones.
const BAD_EVERY: usize = 70;
const CHANNELS: [(&str, &str); 4] = [("电话", "phone"), ("App", "app"), ("web", "web"), ("", "")];
const GROUPS: [(&str, &str); 4] =
    [("新客", "new"), ("老客", "existing"), ("核心", "core"), ("-", "")];

/// What a row is cut by.
pub(super) type Key = fn(&Row) -> &str;
/// How often each value from 1 to 5 was given.
pub(super) type Tally = [u64; 5];

/// A good row, as it should be understood.
pub(super) struct Row {
    pub(super) day: String,
    pub(super) channel: &'static str,
    pub(super) group: &'static str,
    pub(super) ratings: [u64; 6],
}

/// The file and what should become of it.
pub(super) struct Sheet {
    pub(super) csv: Bytes,
    pub(super) rows: Vec<Row>,
    pub(super) taken: u64,
    pub(super) repeated: u64,
    pub(super) refused: BTreeMap<u64, Vec<String>>,
    first: String,
}

const HEADING: &str =
    "\u{feff}编号,时间,渠道,\"客户,类型\",咨询,下单,配送,品质,售后,会员,意见,无关";

/// Bad cells: where, what stands there, and the field that the report names.
const BAD: [(usize, &str, &str); 13] = [
    (4, "6", "item_0"),
    (5, "-1", "item_1"),
    (6, "4.5", "item_2"),
    (7, "好", "item_3"),
    (8, "5 5", "item_4"),
    (9, "99999999999999999999", "item_5"),
    (1, "2026-02-30", "answered_at"),
    (1, "2099-01-01 09:00", "answered_at"),
    (1, "昨天", "answered_at"),
    (1, "2026-03-01 25:00", "answered_at"),
    (2, "pigeon", "channel"),
    (3, "VIP", "group"),
    (10, "\u{7}", "comment"),
];

impl Sheet {
    /// A sheet whose days begin at `first_day`.
    pub(super) fn new(seed: u64, first_day: &str) -> Sheet {
        let mut chance = Chance(seed);
        let mut text = format!("{HEADING}\r\n");
        let mut sheet = Sheet {
            csv: Bytes::new(),
            rows: Vec::new(),
            taken: 0,
            repeated: 0,
            refused: BTreeMap::new(),
            first: String::new(),
        };
        for number in 0..GOOD {
            let (row, cells) = good(&mut chance, number, first_day);
            sheet.add(&mut text, &cells);
            sheet.rows.push(row);
            sheet.taken += 1;
            if number % BAD_EVERY == 0 {
                sheet.spoil(&mut text, &mut chance, number / BAD_EVERY, first_day);
            }
            if number % 333 == 5 {
                // The same row again, as a person pastes it: harmless.
                sheet.add(&mut text, &cells);
                sheet.repeated += 1;
            }
        }
        sheet.csv = Bytes::from(text);
        sheet
    }

    /// The same as a mapping for the product's import.
    pub(super) fn mapping(&self) -> Value {
        let words = |of: [(&str, &str); 4]| -> Value {
            let words = of.iter().filter(|(word, meaning)| word != meaning && !meaning.is_empty());
            words.map(|(word, meaning)| ((*word).to_owned(), json!(meaning))).collect()
        };
        let columns = ["咨询", "下单", "配送", "品质", "售后", "会员"];
        let mut answers = json!({ "comment": "意见" });
        for (at, column) in columns.iter().enumerate() {
            answers[format!("item_{at}")] = json!({ "column": column, "not_applicable": ["0"] });
        }
        json!({
            "id": "编号",
            "answered_at": "时间",
            "channel": { "column": "渠道", "map": words(CHANNELS) },
            "group": { "column": "客户,类型", "map": words(GROUPS), "not_applicable": ["-"] },
            "answers": answers,
        })
    }

    /// A file with the first row alone, one of whose ratings is another now.
    pub(super) fn changed(&self) -> Bytes {
        let mut cells: Vec<&str> = self.first.split(',').collect();
        cells[4] = if cells[4] == "1" { "2" } else { "1" };
        Bytes::from(format!("{HEADING}\n{}\n", cells.join(",")))
    }

    /// How often each value was given, among the rows that `of` lets in.
    pub(super) fn tally(&self, rating: impl Fn(&Row) -> u64, of: impl Fn(&Row) -> bool) -> Tally {
        let mut tally = [0; 5];
        for row in self.rows.iter().filter(|row| of(row)) {
            // 0 is "not applicable" and belongs to no base.
            if let Some(at) = rating(row).checked_sub(1) {
                tally[usize::try_from(at).unwrap()] += 1;
            }
        }
        tally
    }

    /// The tally of one item for each key that somebody stated.
    pub(super) fn parts(&self, item: usize, key: Key) -> BTreeMap<String, Tally> {
        let keys = self.rows.iter().filter(|row| row.ratings[item] != 0).map(key);
        let keys = keys.filter(|it| !it.is_empty()).map(str::to_owned);
        let tally = |it: String| {
            let tally = self.tally(|row| row.ratings[item], |row| key(row) == it);
            (it, tally)
        };
        keys.map(tally).collect()
    }

    /// The tally of all items together.
    pub(super) fn all(&self) -> Tally {
        let mut all = [0; 5];
        for item in 0..ITEMS.len() {
            let one = self.tally(|row| row.ratings[item], |_| true);
            all.iter_mut().zip(one).for_each(|(sum, count)| *sum += count);
        }
        all
    }

    fn add(&mut self, text: &mut String, cells: &[String]) {
        let line = cells.join(",");
        if self.first.is_empty() {
            self.first.clone_from(&line);
        }
        text.push_str(&line);
        text.push_str("\r\n");
    }

    /// Adds a row that must be refused, and notes its line.
    fn spoil(&mut self, text: &mut String, chance: &mut Chance, at: usize, first_day: &str) {
        let (_, mut cells) = good(chance, 9_000 + at, first_day);
        let line = 1 + text.matches('\n').count() as u64;
        let fields = match BAD.get(at) {
            Some((column, cell, field)) => {
                cells[*column] = (*cell).to_owned();
                vec![(*field).to_owned()]
            }
            // Two at once, and nothing that was answered.
            None if at == BAD.len() => {
                cells[2] = "fax".to_owned();
                cells[4..].fill(String::new());
                vec!["channel".to_owned(), "answers".to_owned()]
            }
            // The id of the first row with other answers.
            None => {
                let first = self.first.split(',').next().unwrap();
                cells[0] = first.to_owned();
                vec!["id".to_owned()]
            }
        };
        self.refused.insert(line, fields);
        self.add(text, &cells);
    }
}

/// A good row and its cells.
fn good(chance: &mut Chance, number: usize, first_day: &str) -> (Row, Vec<String>) {
    let after = chance.below(40);
    let day = date(first_day, &format!("+{after} days"));
    let pick = |chance: &mut Chance| usize::try_from(chance.below(4)).unwrap();
    let (channel_cell, channel) = CHANNELS[pick(chance)];
    let (group_cell, group) = GROUPS[pick(chance)];
    let mut ratings = [0; 6];
    for (item, rating) in ratings.iter_mut().enumerate() {
        // Later items are liked less, and some are not applicable.
        *rating = (chance.below(6 - item as u64 / 3)).min(5);
    }
    if ratings == [0; 6] {
        ratings[0] = 3;
    }
    let clock = format!("{:02}:{:02}", chance.below(24), chance.below(60));
    let time = match number % 4 {
        0 => format!("{day} {clock}"),
        1 => format!("{} {clock}:07", day.replace('-', "/")),
        2 => day.clone(),
        _ => format!("{day}T{clock}:00+08:00"),
    };
    let comment = match number % 5 {
        0 => "\"他说:\"\"不错\"\"，\n就是慢, a bit\"".to_owned(),
        1 => "很好".to_owned(),
        _ => String::new(),
    };
    let mut cells =
        vec![format!("R{number:05}"), time, channel_cell.to_owned(), group_cell.to_owned()];
    cells.extend(ratings.iter().map(u64::to_string));
    cells.extend([comment, "x".to_owned()]);
    (Row { day, channel, group, ratings }, cells)
}
