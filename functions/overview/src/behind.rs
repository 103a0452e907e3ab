//! What lies behind the scores of touchpoints: what drives them, what complaints come from, the
//! weeks, and who was very satisfied.

use board::{Cell, Figure, tell};
use domain::measure::Target;
use domain::touchpoint::{TARGET, VERY_SATISFIED};
use pages::chart::{Bar, Bars, Chart, Heat, HeatRow, Matrix, Mood, Point, Spot, Warm};
use serde_json::Value;
use web::lang::Lang;

use crate::charts::{self, table};
use crate::journey::{Journey, Place};
use crate::tiles::CSAT;
use crate::words::{self, gap, none, value, with};

/// So many points from the target is as warm or as cold as it gets.
const WARM: f64 = 15.0;
/// Most spots of the matrix, most rows of the heat map, and most bars.
const ROWS_MAX: usize = 30;

/// What an item does to the overall verdict, in a sentence; `None` where that is not known.
pub(crate) fn driver(told: &Value, lang: Lang) -> Option<String> {
    let matters = tell::number(told, "/importance/value")?;
    let does = tell::number(told, "/performance/value")?;
    let low = tell::number(told, "/importance/interval/0").unwrap_or(matters);
    let (matters, does) = (tell::hundredths(matters), tell::plain(does));
    // Beside the others: what matters most of them may still not matter for sure.
    let (en, zh) = match tell::text(told, "/priority") {
        "improve" => {
            ("it matters more than most and does worse", "重要性高于多数触点，表现却低于多数")
        }
        "keep" => ("it matters more than most and does better", "重要性与表现都高于多数触点"),
        "watch" => ("it matters less than most and does worse", "重要性与表现都低于多数触点"),
        "ease" => ("it matters less than most and does better", "重要性低于多数触点，表现高于多数"),
        _ => return None,
    };
    let chance = match low <= 0.0 {
        true => lang.of("; that it matters at all may be chance", "；其关联可能是偶然"),
        false => "",
    };
    let what = words::priority(tell::text(told, "/priority")).text(lang);
    Some(match lang {
        Lang::En => format!("{what}: {en} (importance {matters}, {does} of 100{chance})."),
        Lang::Zh => format!("{what}：{zh}（重要性 {matters}，表现 {does}/100{chance}）。"),
    })
}

/// How many complaints came and of what kinds their root causes are, in a sentence.
pub(crate) fn causes_of(told: &Value, lang: Lang) -> String {
    let mut kinds = String::new();
    for (name, title) in &words::CAUSES {
        let n = tell::count(told, &format!("/causes/{name}")).unwrap_or(0);
        if n != 0 {
            if !kinds.is_empty() {
                kinds.push_str(lang.of(", ", "，"));
            }
            kinds.push_str(&format!("{} {n}", title.text(lang)));
        }
    }
    let received = words::many(told, "/received");
    match (kinds.is_empty(), lang) {
        (true, Lang::En) => format!("Complaints: {received}; no root cause is known yet."),
        (true, Lang::Zh) => format!("投诉 {received} 件，根源尚未查明。"),
        (_, Lang::En) => format!("Complaints: {received}; root causes: {kinds}."),
        (_, Lang::Zh) => format!("投诉 {received} 件，根源：{kinds}。"),
    }
}

impl Journey<'_> {
    /// Root causes of the site's complaints, with what is done against them and whether it helped.
    pub(crate) fn causes(&self) -> Figure {
        let lang = self.opened.lang;
        let title = lang.of("Root causes of complaints", "投诉根源");
        let gap = gap(self.causes, lang);
        if !gap.is_empty() {
            return none("causes", title, gap);
        }
        let items = tell::items(value(self.causes), "/items");
        let Some(first) = items.first() else {
            let why = lang.of(
                "No complaint of these days has a cause of the ledger yet: it is named when a \
                 complaint is closed.",
                "该时段的投诉尚未关联台账中的根源：结案时填写。",
            );
            return none("causes", title, why);
        };
        let (mut bars, mut rows) = (Vec::new(), Vec::new());
        for it in items {
            rows.push(cause_row(it, lang));
            if bars.len() < ROWS_MAX {
                let point = tell::number(it, "/n").map(|value| Point { value, interval: None });
                let name = tell::text(it, "/name").to_owned();
                bars.push(Bar { name, point, text: words::many(it, "/n"), ..Bar::default() });
            }
        }
        let (name, n) = (tell::text(first, "/name"), words::many(first, "/n"));
        let told = match lang {
            Lang::En => format!("Most often: {name}, {n} complaints."),
            Lang::Zh => format!("最常见：{name}，{n} 件。"),
        };
        let columns = [
            lang.of("Cause", "根源"),
            lang.of("Kind", "类别"),
            lang.of("Complaints", "投诉"),
            lang.of("Share of known", "占已知"),
            lang.of("Days before", "上一期"),
            lang.of("Measure", "措施"),
            lang.of("Effect", "效果"),
        ];
        Figure {
            id: "causes",
            title: title.to_owned(),
            summary: format!("{}{told}", self.whole()),
            chart: Chart::Bars(Bars { bars, range: None }),
            table: table(&columns, rows),
            empty: String::new(),
        }
    }

    /// Satisfaction by touchpoint and week: how warm is how far from the target.
    pub(crate) fn heat(&self) -> Figure {
        let lang = self.opened.lang;
        let title = lang.of("Satisfaction of each touchpoint by week", "各触点每周满意度");
        let gap = gap(self.heat, lang);
        if !gap.is_empty() {
            return none("heat", title, gap);
        }
        let told = value(self.heat);
        let mut columns = vec![lang.of("Touchpoint", "触点")];
        columns.extend(tell::items(told, "/columns").iter().map(|it| tell::text(it, "/from")));
        let (mut rows, mut lines) = (Vec::new(), Vec::new());
        let (mut cold, mut known) = (0_u64, 0_u64);
        for it in tell::items(told, "/rows") {
            let name = tell::text(it, "/name");
            let href = self.opened.href(&path_of(tell::text(it, "/key")));
            let target = tell::number(it, "/target").unwrap_or(usual(TARGET));
            let mut fields = Vec::new();
            let mut line = vec![Cell::link(name, href.as_str())];
            for cell in tell::items(it, "/cells") {
                line.push(charts::number(cell, CSAT.unit, lang));
                let warm = tell::number(cell, "/value").map(|it| (it - target) / WARM);
                cold += u64::from(warm.is_some_and(|it| it < 0.0));
                known += u64::from(warm.is_some());
                fields.push(warm.map(|it| field(cell, it)));
            }
            lines.push(line);
            if rows.len() < ROWS_MAX {
                rows.push(HeatRow { name: name.to_owned(), href, fields });
            }
        }
        if rows.iter().all(|it| it.fields.iter().all(Option::is_none)) {
            return none("heat", title, words::no_answers(lang));
        }
        let told = match lang {
            Lang::En => format!("{cold} of {known} fields lie under the target."),
            Lang::Zh => format!("{known} 格中有 {cold} 格低于目标。"),
        };
        let short = |it: &&str| it.get(5..).unwrap_or(it).to_owned();
        let names = columns.iter().skip(1).map(short).collect();
        Figure {
            id: "heat",
            title: title.to_owned(),
            summary: told,
            chart: Chart::Heat(Heat { columns: names, rows }),
            table: table(&columns, lines),
            empty: String::new(),
        }
    }

    /// The share of those who chose the best answer, against what it should be.
    pub(crate) fn very_satisfied(&self, places: &[Place<'_>]) -> Figure {
        let lang = self.opened.lang;
        let title = lang.of("Share of very satisfied", "非常满意占比");
        let gap = gap(self.scores, lang);
        if !gap.is_empty() {
            return none("very_satisfied", title, gap);
        }
        let (mut bars, mut rows) = (Vec::new(), Vec::new());
        let all = lang.of("All touchpoints", "全部触点").to_owned();
        let mut add = |name: String, href: String, told: &Value| {
            if let Some(bar) = best(name, href, told) {
                rows.push(best_row(&bar, told, lang));
                bars.push(bar);
            }
        };
        add(all, String::new(), value(self.scores));
        for it in places {
            add(it.name(lang), it.href(self.opened), it.score);
        }
        let Some(first) = bars.first() else {
            return none("very_satisfied", title, words::no_answers(lang));
        };
        let summary = match lang {
            Lang::En => format!("All: {}. It should be at least {VERY_SATISFIED}%.", first.text),
            Lang::Zh => format!("全部：{}，应不低于 {VERY_SATISFIED}%。", first.text),
        };
        bars.truncate(ROWS_MAX);
        let columns = [
            lang.of("Touchpoint", "触点"),
            lang.of("Very satisfied", "非常满意"),
            lang.of("Interval", "区间"),
            "n",
            lang.of("Reached", "达标"),
        ];
        Figure {
            id: "very_satisfied",
            title: title.to_owned(),
            summary,
            chart: Chart::Bars(Bars { bars, range: Some((0.0, 100.0)) }),
            table: table(&columns, rows),
            empty: String::new(),
        }
    }

    /// How much each touchpoint matters to the verdict, against how it does.
    pub(crate) fn matrix(&self) -> Figure {
        let lang = self.opened.lang;
        let title = lang.of("How much it matters, and how it does", "重要性与表现");
        let gap = gap(self.drivers, lang);
        if !gap.is_empty() {
            return none("matrix", title, gap);
        }
        let told = value(self.drivers);
        let (mut spots, mut rows) = (Vec::new(), Vec::new());
        let mut advice = ["improve", "keep", "watch", "ease"].map(|it| (it, String::new()));
        for it in tell::items(told, "/items") {
            let href = self.opened.href(&path_of(tell::text(it, "/key")));
            rows.push(driver_row(it, href, lang));
            let Some(spot) = spot(it, lang) else { continue };
            let place = tell::text(it, "/priority");
            if let Some((_, names)) = advice.iter_mut().find(|it| it.0 == place) {
                names.push_str(if names.is_empty() { "" } else { lang.of(", ", "、") });
                names.push_str(&spot.name);
            }
            if spots.len() < ROWS_MAX {
                spots.push(spot);
            }
        }
        if spots.is_empty() {
            let why = lang.of(
                "Too few people gave both a verdict and a rating of a touchpoint. A survey with \
                 an NPS question and ratings brings them.",
                "同时给出总体评价与触点评分的人太少。含 NPS 题与评分题的问卷可以带来这些数据。",
            );
            return none("matrix", title, why);
        }
        let mut summary = self.whole().to_owned();
        for (place, names) in advice.iter().filter(|it| !it.1.is_empty()) {
            let what = words::priority(place);
            summary.push_str(&match lang {
                Lang::En => format!("{}: {names}. ", what.en),
                Lang::Zh => format!("{}：{names}。", what.zh),
            });
        }
        let hint = lang.of("What goes together need not cause each other.", "相关不等于因果。");
        summary.push_str(hint);
        let columns = [
            lang.of("Touchpoint", "触点"),
            lang.of("Importance (correlation)", "重要性（相关系数）"),
            "n",
            lang.of("Performance, 0 to 100", "表现（0–100）"),
            lang.of("What to do", "建议"),
        ];
        let corner = |name| words::priority(name).text(lang).to_owned();
        let middle = (
            tell::number(told, "/middle/performance").unwrap_or(0.0),
            tell::number(told, "/middle/importance").unwrap_or(0.0),
        );
        let chart = Chart::Matrix(Matrix {
            axes: [lang.of("does well", "表现"), lang.of("matters", "重要性")].map(str::to_owned),
            middle,
            range: ranges(&spots, middle),
            corners: ["improve", "keep", "watch", "ease"].map(corner),
            spots,
        });
        Figure {
            id: "matrix",
            title: title.to_owned(),
            summary,
            chart,
            table: table(&columns, rows),
            empty: String::new(),
        }
    }
}

/// The path of a touchpoint's page.
fn path_of(id: &str) -> String {
    format!("/touchpoints/{id}")
}

fn usual(target: i64) -> f64 {
    f64::from(i32::try_from(target).unwrap_or(0))
}

fn cause_row(told: &Value, lang: Lang) -> Vec<Cell> {
    let measure = match tell::text(told, "/measure") {
        "" => lang.of("none yet", "尚无"),
        measure => measure,
    };
    vec![
        Cell::text(tell::text(told, "/name")),
        Cell::text(words::cause(tell::text(told, "/kind")).text(lang)),
        charts::count(told, "/n"),
        charts::number(tell::at(told, "/share"), "%", lang),
        charts::count(told, "/n_before"),
        Cell::text(measure),
        Cell::text(tell::text(told, "/effect/says")),
    ]
}

fn field(told: &Value, warmth: f64) -> Warm {
    let text = words::many(told, "/value");
    let interval = tell::interval(tell::at(told, "/interval"));
    let title = format!("n {}, {interval}", words::many(told, "/n"));
    Warm { text, warmth: warmth.clamp(-1.0, 1.0), title }
}

fn best(name: String, href: String, told: &Value) -> Option<Bar> {
    let point = charts::point(tell::at(told, "/very_satisfied"))?;
    let is_met = Target::AtLeast(VERY_SATISFIED).is_met(point.value);
    let n = words::many(told, "/n");
    Some(Bar {
        name,
        href,
        point: Some(point),
        text: format!("{} (n {n})", with(point.value, "%")),
        target: Some(usual(VERY_SATISFIED)),
        mood: if is_met { Mood::Good } else { Mood::Bad },
    })
}

fn best_row(bar: &Bar, told: &Value, lang: Lang) -> Vec<Cell> {
    let share = tell::at(told, "/very_satisfied");
    let is_met = bar.mood == Mood::Good;
    vec![
        Cell::link(bar.name.as_str(), bar.href.as_str()),
        charts::number(share, "%", lang),
        Cell::text(tell::interval(tell::at(share, "/interval"))),
        charts::count(told, "/n"),
        Cell::text(if is_met { lang.of("yes", "是") } else { lang.of("no", "否") }),
    ]
}

fn driver_row(told: &Value, href: String, lang: Lang) -> Vec<Cell> {
    let matters = tell::number(told, "/importance/value");
    let priority = tell::text(told, "/priority");
    let what = if priority.is_empty() { "" } else { words::priority(priority).text(lang) };
    vec![
        Cell::link(tell::text(told, "/name"), href),
        matters.map_or_else(Cell::default, |it| Cell::number(it, tell::hundredths(it))),
        charts::count(told, "/importance/n"),
        charts::number(tell::at(told, "/performance"), "", lang),
        Cell::text(what),
    ]
}

fn spot(told: &Value, lang: Lang) -> Option<Spot> {
    let x = tell::number(told, "/performance/value")?;
    let y = tell::number(told, "/importance/value")?;
    let mood = match tell::text(told, "/priority") {
        "improve" => Mood::Bad,
        "keep" => Mood::Good,
        _ => Mood::Faint,
    };
    let name = tell::text(told, "/name").to_owned();
    Some(Spot { name, at: (x, y), mood, title: driver(told, lang)? })
}

/// The ends of both axes: what is there, with some room around it.
fn ranges(spots: &[Spot], middle: (f64, f64)) -> [(f64, f64); 2] {
    let mut range = [(middle.0, middle.0), (middle.1, middle.1)];
    for it in spots {
        range[0] = (range[0].0.min(it.at.0), range[0].1.max(it.at.0));
        range[1] = (range[1].0.min(it.at.1), range[1].1.max(it.at.1));
    }
    let [(left, right), (low, high)] = range;
    [
        ((left - 5.0).max(0.0), (right + 5.0).min(100.0)),
        ((low - 0.1).max(-1.0), (high + 0.1).min(1.0)),
    ]
}
