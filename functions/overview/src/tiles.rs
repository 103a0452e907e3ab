//! Numbers that stand alone, from what the API tells of them.

use board::{Opened, Tile, tell};
use serde_json::Value;
use web::lang::{Lang, Said, said};

use crate::words::{self, not_kept, with};

/// A score as it is told everywhere.
pub(crate) struct Metric {
    /// Its name in the API.
    pub name: &'static str,
    /// What people call it.
    pub title: Said,
    /// What its numbers mean.
    pub means: Said,
    /// What stands behind its numbers.
    pub unit: &'static str,
    /// The lowest and the highest value.
    pub range: (f64, f64),
    /// The page with more.
    pub more: &'static str,
    /// What brings answers to it.
    pub brings: Said,
}

/// The satisfaction index.
pub(crate) static INDEX: Metric = Metric {
    name: "index",
    title: said("Satisfaction index", "满意度指数"),
    means: said(
        "the weighted mean of what was rated, from 0 to 100",
        "各维度评分的加权平均，0 到 100",
    ),
    unit: "",
    range: (0.0, 100.0),
    more: "/goals",
    brings: said(
        "Name the dimension of rating questions in a survey, such as quality or speed.",
        "请在问卷的评分题上标注维度，例如质量、速度。",
    ),
};
/// How likely they are to recommend.
pub(crate) static NPS: Metric = Metric {
    name: "nps",
    title: said("NPS", "净推荐值 NPS"),
    means: said(
        "percent of promoters minus percent of detractors, from \u{2212}100 to 100",
        "推荐者百分比减去贬损者百分比，\u{2212}100 到 100",
    ),
    unit: "",
    range: (-100.0, 100.0),
    more: "/voice",
    brings: said("Ask an NPS question in a survey.", "请在问卷中加入 NPS 题。"),
};
/// How satisfied they are.
pub(crate) static CSAT: Metric = Metric {
    name: "csat",
    title: said("CSAT", "满意度 CSAT"),
    means: said("percent who are satisfied or very satisfied", "满意与非常满意的百分比"),
    unit: "%",
    range: (0.0, 100.0),
    more: "/touchpoints",
    brings: said("Ask a rating question of 5 points in a survey.", "请在问卷中加入 5 分制评分题。"),
};
/// How easy it was.
pub(crate) static CES: Metric = Metric {
    name: "ces",
    title: said("CES", "费力度 CES"),
    means: said("how easy it was, from 1 to 7: more is easier", "办事是否轻松，1 到 7，越高越轻松"),
    unit: "",
    range: (1.0, 7.0),
    more: "/touchpoints",
    brings: said("Ask an effort question in a survey.", "请在问卷中加入费力度题。"),
};

/// The tile of a score.
pub(crate) fn score(metric: &Metric, told: &Value, opened: &Opened) -> Tile {
    let lang = opened.lang;
    let mut tile = Tile {
        id: metric.name,
        title: metric.title.text(lang).to_owned(),
        href: opened.href(metric.more),
        ..Tile::default()
    };
    if told.is_null() {
        tile.note = not_kept(lang).to_owned();
        return tile;
    }
    measured(&mut tile, told, metric.unit, lang);
    let caution = tell::caution(told, lang);
    tile.note = match tell::count(told, "/n") {
        None | Some(0) => no_answers(metric, lang),
        _ => caution.to_owned(),
    };
    let compared = tell::at(told, "/compared");
    changed(&mut tile, compared, tell::at(compared, "/difference"), true, lang);
    let trend = tell::items(told, "/trend");
    tile.course = course(trend, "/value", opened);
    tile
}

/// That nobody answered, and what brings answers.
pub(crate) fn no_answers(metric: &Metric, lang: Lang) -> String {
    let brings = metric.brings.text(lang);
    match lang {
        Lang::En => format!("No answers in these days. {brings}"),
        Lang::Zh => format!("该时段没有回答。{brings}"),
    }
}

/// What every figure has: value, interval, n and target.
fn measured(tile: &mut Tile, told: &Value, unit: &str, lang: Lang) {
    tile.number = tell::number(told, "/value");
    tile.value = tile.number.map_or_else(String::new, |it| with(it, unit));
    tile.interval = tell::interval(tell::at(told, "/interval"));
    tile.n = tell::count(told, "/n");
    tile.is_met = tell::at(told, "/met").as_bool();
    let (most, least) = (tell::number(told, "/at_most"), tell::number(told, "/target"));
    let least = least.or(tell::number(told, "/at_least"));
    tile.target = match (least, most) {
        (Some(least), _) => format!("{} {}{unit}", lang.of("at least", "至少"), tell::plain(least)),
        (None, Some(most)) => format!("{} {}{unit}", lang.of("at most", "至多"), tell::plain(most)),
        _ => String::new(),
    };
}

/// How it changed, or why that cannot be said.
fn changed(tile: &mut Tile, compared: &Value, difference: &Value, is_more: bool, lang: Lang) {
    if compared.is_null() {
        return;
    }
    tile.change = tell::change(difference, lang);
    tile.is_better = tell::is_better(difference, is_more);
    if tile.change.is_empty() && !tile.value.is_empty() {
        tile.change =
            lang.of("too little before to compare with", "对比期数据太少，无法比较").to_owned();
    }
}

/// A point for each day of the page; days that nothing is told of have none.
fn course(trend: &[Value], pointer: &str, opened: &Opened) -> Vec<Option<f64>> {
    let mut points = Vec::with_capacity(trend.len());
    crate::charts::by_day(trend, opened, |_, told| points.push(tell::number(told, pointer)));
    points
}

/// The tile of how many complaints came. Fewer are better.
pub(crate) fn complaints(told: &Value, opened: &Opened) -> Tile {
    let lang = opened.lang;
    let mut tile = Tile {
        id: "complaints",
        title: lang.of("Complaints", "投诉").to_owned(),
        href: opened.href("/complaints"),
        ..Tile::default()
    };
    let Some(received) = tell::number(told, "/received") else {
        tile.note = not_kept(lang).to_owned();
        return tile;
    };
    tile.number = Some(received);
    tile.value = tell::plain(received);
    let (open, overdue) = (words::many(told, "/open"), words::many(told, "/overdue"));
    tile.note = match lang {
        Lang::En => format!("{open} open now, {overdue} of them overdue"),
        Lang::Zh => format!("当前未结 {open} 件，其中逾期 {overdue} 件"),
    };
    let compared = tell::at(told, "/compared");
    let difference = tell::at(compared, "/differences/received");
    tile.change = tell::change(difference, lang);
    tile.is_better = tell::is_better(difference, false);
    if tile.change.is_empty()
        && let Some(before) = tell::number(compared, "/received")
    {
        let before = tell::plain(before);
        tile.change = format!("{}{before}", lang.of("before: ", "对比期："));
    }
    tile.course = course(tell::items(told, "/trend"), "/received", opened);
    tile
}

/// A promise: the share of what was done in time.
pub(crate) struct Promise {
    /// Its name on the page.
    pub id: &'static str,
    /// Its name among the rates of the API.
    pub rate: &'static str,
    /// What people call it.
    pub title: Said,
    /// The page with more.
    pub more: &'static str,
}

/// A complaint has a first answer in time.
pub(crate) static ANSWERED: Promise = Promise {
    id: "answered",
    rate: "answered_on_time",
    title: said("Answered in time", "按时答复"),
    more: "/complaints",
};
/// A complaint is closed in time.
pub(crate) static CLOSED: Promise = Promise {
    id: "closed",
    rate: "closed_on_time",
    title: said("Closed in time", "按时办结"),
    more: "/complaints",
};
/// A call-back is made when it was promised.
pub(crate) static CALLED: Promise = Promise {
    id: "callbacks",
    rate: "kept",
    title: said("Call-backs in time", "按时回电"),
    more: "/callbacks",
};

/// The tile of a promise. `told` is the block that has its rate, or null where that is not kept.
pub(crate) fn promise(promise: &Promise, told: &Value, opened: &Opened) -> Tile {
    let lang = opened.lang;
    let mut tile = Tile {
        id: promise.id,
        title: promise.title.text(lang).to_owned(),
        href: opened.href(promise.more),
        ..Tile::default()
    };
    if told.is_null() {
        tile.note = match promise.id {
            "callbacks" => lang.of(
                "Call-backs are kept by agent alone: take the other filters out to see them.",
                "回电只按员工统计，取消其他筛选即可查看。",
            ),
            _ => not_kept(lang),
        }
        .to_owned();
        return tile;
    }
    let rate = tell::at(tell::at(told, "/rates"), &format!("/{}", promise.rate));
    measured(&mut tile, rate, "%", lang);
    let compared = tell::at(told, "/compared");
    let difference = tell::at(tell::at(compared, "/differences"), &format!("/{}", promise.rate));
    changed(&mut tile, compared, difference, true, lang);
    tile.note = match tell::count(rate, "/n") {
        None | Some(0) => {
            lang.of("None was due in these days.", "该时段没有到期的承诺。").to_owned()
        }
        Some(_) => few(rate, lang).to_owned(),
    };
    if promise.id == "callbacks"
        && let Some(reached) = tell::number(told, "/rates/reached/value")
    {
        let reached = with(reached, "%");
        let reached = format!("{}{reached}", lang.of("Reached: ", "接通率："));
        tile.note = [reached.as_str(), few(rate, lang)].join(" · ").trim_end_matches(" · ").into();
    }
    tile
}

fn few(told: &Value, lang: Lang) -> &'static str {
    match tell::at(told, "/small").as_bool() {
        Some(true) => lang.of("Fewer than 30: read with care.", "不足 30 例，请谨慎解读。"),
        _ => "",
    }
}
