//! `/dashboard/touchpoints/{id}`: one touchpoint.

use app::entity;
use app::neighbour::ask_all;
use board::{Board, Cell, Figure, Opened, Page, tell};
use pages::chart::{Bar, Bars, Chart, Mood, Term};
use pages::html::Html;
use pages::time::span;
use ports::Env;
use serde_json::Value;
use store::touchpoints::Touchpoint;
use web::lang::Lang;
use web::{Problem, Request, Response};

use crate::behind::causes_of;
use crate::charts::{self, Item, table};
use crate::front;
use crate::tiles::{self, ANSWERED, CES, CLOSED, CSAT, Metric, NPS};
use crate::words::{self, Told, gap, none, value, with};

static COURSES: [(&str, &Metric); 3] =
    [("csat_trend", &CSAT), ("nps_trend", &NPS), ("ces_trend", &CES)];
static SPREADS: [(&str, &Metric); 2] = [("csat_spread", &CSAT), ("nps_spread", &NPS)];

pub(crate) async fn show(
    env: &impl Env,
    request: &Request,
    mut opened: Opened,
    id: &str,
) -> Result<Response, Problem> {
    let found = match entity::find::<Touchpoint>(env, &opened.viewer, id).await {
        Ok(found) => found,
        Err(problem) => return board::told(opened.lang, problem),
    };
    // Whatever else the address says: this page is about this touchpoint and nothing beside.
    opened.filters.by.retain(|it| it.0 != "touchpoint");
    crate::heed(&mut opened, &[], &[]);
    opened.filters = opened.filters.with("touchpoint", &found.id);
    let told = ask_all(env, request, opened.lang, &asked(&opened)).await;
    let [figures, channels, groups, standards, keywords, complaints, weeks @ ..] = told.as_slice()
    else {
        return Err(Problem::not_found());
    };
    let opened = &opened;
    let lang = opened.lang;
    let mut board = Board::new(opened, Page::Touchpoints, found.name.as_str(), &[]);
    let stage = words::stage(&found.stage).text(lang);
    board.say(match lang {
        Lang::En => format!("Stage: {stage}. Target: {}%.", found.target),
        Lang::Zh => format!("阶段：{stage}。目标：{}%。", found.target),
    });
    scores(&mut board, figures, weeks, opened);
    board.heading("where", lang.of("Where, and with whom", "渠道与客户群"));
    board.figure(parts(("channels", "channel"), channels, opened));
    board.figure(parts(("groups", "group"), groups, opened));
    board.heading("said", lang.of("What is said and what went wrong", "客户声音与投诉"));
    board.draw(move |html| draw_ways(html, opened));
    board.figure(cloud(keywords, opened));
    complain(&mut board, complaints, opened);
    board.heading("promised", lang.of("Service standards", "服务标准"));
    board.figure(promised(standards, &found.id, opened));
    board.answer(request)
}

/// The ways to the pages with more about it.
fn draw_ways(html: &mut Html, opened: &Opened) {
    let lang = opened.lang;
    let ways = [
        ("/voice", lang.of("All that is said about it", "全部相关评论")),
        ("/complaints", lang.of("All figures of its complaints", "全部相关投诉指标")),
    ];
    html.open("p", &[]);
    for (path, text) in ways {
        let href = opened.href(path);
        if !href.is_empty() {
            html.put("a", &[("href", &href)], text);
            html.text(" ");
        }
    }
    html.close();
}

/// What is asked of the neighbours.
fn asked(opened: &Opened) -> Vec<(&'static str, String)> {
    let (api, days) = (opened.filters.api(), opened.filters.days());
    let id = opened.filters.key("touchpoint");
    let site = match opened.filters.site.as_str() {
        "" => String::new(),
        site => format!("&site={site}"),
    };
    let mut asked = vec![
        ("dashboard", format!("/v1/dashboard?{api}")),
        ("nps", format!("/v1/csat?{api}&by=channel")),
        ("nps", format!("/v1/csat?{api}&by=group")),
        ("measure", format!("/v1/figures?{days}")),
        ("voice", format!("/v1/keywords?touchpoint={id}&side=low{site}")),
        ("dashboard", format!("/v1/complaint-figures?{api}")),
    ];
    if charts::is_long(opened) {
        for (_, metric) in COURSES {
            let path = format!("/v1/{}?{days}&touchpoint={id}&by=week", metric.name);
            asked.push(("nps", path));
        }
    }
    asked
}

/// Numbers, courses and answers, and the alarms.
fn scores<'a>(board: &mut Board<'a>, figures: &'a Told, weeks: &[Told], opened: &'a Opened) {
    let lang = opened.lang;
    let gap = gap(figures, lang);
    if !gap.is_empty() {
        board.say(gap);
        return;
    }
    let figures = value(figures);
    let scores = tell::at(figures, "/scores");
    let of = |metric: &Metric| tell::at(scores, &format!("/{}", metric.name));
    let complaints = tell::at(figures, "/complaints");
    let mut all: Vec<board::Tile> = Vec::new();
    for metric in [&CSAT, &NPS, &CES] {
        let mut tile = tiles::score(metric, of(metric), opened);
        tile.href = String::new();
        all.push(tile);
    }
    all.push(tiles::complaints(complaints, opened));
    all.push(tiles::promise(&ANSWERED, complaints, opened));
    all.push(tiles::promise(&CLOSED, complaints, opened));
    board.heading("glance", lang.of("At a glance", "一览"));
    board.tiles(all);
    let id = opened.filters.key("touchpoint");
    front::alarms(board, tell::items(figures, "/alarms"), id, opened);
    board.heading("courses", lang.of("Over time", "走势"));
    for (at, (id, metric)) in COURSES.iter().enumerate() {
        board.figure(front::course(id, metric, of(metric), weeks.get(at), opened));
    }
    board.heading("answers", lang.of("What was answered", "回答分布"));
    for (id, metric) in SPREADS {
        board.figure(charts::spread(id, metric, of(metric), opened));
    }
}

/// Satisfaction by channel or by group.
fn parts((id, grain): (&'static str, &str), told: &Told, opened: &Opened) -> Figure {
    let lang = opened.lang;
    let title = match grain {
        "channel" => lang.of("Satisfaction by channel", "各渠道满意度"),
        _ => lang.of("Satisfaction by customer group", "各客户群满意度"),
    };
    let gap = gap(told, lang);
    if !gap.is_empty() {
        return none(id, title, gap);
    }
    let parts = tell::items(value(told), "/parts");
    let mut items = Vec::with_capacity(parts.len());
    for it in parts {
        let name = words::option(opened, grain, tell::text(it, "/key"));
        items.push(Item { name, href: String::new(), told: it, more: Vec::new() });
    }
    let first = words::grain(grain).text(lang);
    let mut figure = charts::bars((id, title), &CSAT, first, &[], items, opened);
    let rest = tell::count(value(told), "/not_stated/n").unwrap_or(0);
    if rest != 0 && figure.empty.is_empty() {
        figure.summary.push_str(&match lang {
            Lang::En => format!(" Not stated: {rest}."),
            Lang::Zh => format!("未说明：{rest} 条。"),
        });
    }
    figure
}

/// The words that stand out among bad comments.
fn cloud(told: &Told, opened: &Opened) -> Figure {
    let lang = opened.lang;
    let title = lang.of("Words that stand out in bad comments", "差评中的突出词语");
    let gap = gap(told, lang);
    if !gap.is_empty() {
        return none("keywords", title, gap);
    }
    let told = value(told);
    let items = tell::items(told, "/items");
    let most = items.iter().filter_map(|it| tell::number(it, "/z")).fold(0.0, f64::max);
    if most <= 0.0 {
        let why = lang.of(
            "No words stand out: there are too few comments about it yet. Add a text question \
             to the survey.",
            "尚无突出词语：相关评论太少，可在问卷中加入文本题。",
        );
        return none("keywords", title, why);
    }
    let (mut terms, mut rows) = (Vec::new(), Vec::new());
    for it in items {
        let text = tell::text(it, "/term").to_owned();
        let z = tell::number(it, "/z").unwrap_or(0.0);
        let (here, rest) = (words::many(it, "/here"), words::many(it, "/rest"));
        rows.push(vec![
            Cell::text(text.as_str()),
            charts::count(it, "/here"),
            charts::count(it, "/rest"),
            charts::count(it, "/z"),
        ]);
        let title = match lang {
            Lang::En => format!("{here} bad comments, {rest} others"),
            Lang::Zh => format!("差评 {here} 条，其他 {rest} 条"),
        };
        let weight = (z / most).clamp(0.0, 1.0);
        terms.push(Term { text, weight, mood: Mood::Bad, title });
    }
    let (from, to) = (tell::text(told, "/from"), tell::text(told, "/to"));
    let summary = match lang {
        Lang::En => format!("Comments of {from} to {to}, whatever the days of this page."),
        Lang::Zh => format!("评论时间：{from} 至 {to}，与本页时间段无关。"),
    };
    let columns = [
        lang.of("Word", "词语"),
        lang.of("Bad comments with it", "含该词的差评"),
        lang.of("Others with it", "含该词的其他评论"),
        lang.of("Stands out by", "突出程度"),
    ];
    let (chart, table) = (Chart::Cloud(terms), table(&columns, rows));
    let title = title.to_owned();
    Figure { id: "keywords", title, summary, chart, table, empty: String::new() }
}

/// Complaints about it: in a sentence, and their rates.
fn complain(board: &mut Board<'_>, told: &Told, opened: &Opened) {
    let lang = opened.lang;
    let title = lang.of("Complaints about it", "相关投诉");
    let gap = gap(told, lang);
    if !gap.is_empty() {
        board.figure(none("complaint_rates", title, gap));
        return;
    }
    let told = value(told);
    if tell::count(told, "/received").unwrap_or(0) == 0 {
        let why = lang.of("None in these days.", "该时段没有。");
        board.figure(none("complaint_rates", title, why));
        return;
    }
    let (mut bars, mut rows) = (Vec::new(), Vec::new());
    for (name, label) in &words::RATES {
        let rate = tell::at(tell::at(told, "/rates"), &format!("/{name}"));
        let label = label.text(lang);
        let difference = tell::at(tell::at(told, "/compared/differences"), &format!("/{name}"));
        let target = tell::number(rate, "/at_least").or(tell::number(rate, "/at_most"));
        rows.push(vec![
            Cell::text(label),
            charts::number(rate, "%", lang),
            Cell::text(tell::interval(tell::at(rate, "/interval"))),
            charts::count(rate, "/n"),
            target.map_or_else(Cell::default, |it| Cell::number(it, with(it, "%"))),
            Cell::text(tell::change(difference, lang)),
        ]);
        let mood = match tell::at(rate, "/met").as_bool() {
            Some(true) => Mood::Good,
            Some(false) => Mood::Bad,
            None => Mood::Plain,
        };
        let n = words::many(rate, "/n");
        let text = format!("{} (n {n})", charts::number(rate, "%", lang).text);
        let point = charts::point(rate);
        bars.push(Bar { name: label.to_owned(), point, text, target, mood, ..Bar::default() });
    }
    let columns = [
        lang.of("Rate", "比率"),
        lang.of("Value", "数值"),
        lang.of("Interval", "区间"),
        "n",
        lang.of("Target", "目标"),
        lang.of("Change", "变化"),
    ];
    board.figure(Figure {
        id: "complaint_rates",
        title: title.to_owned(),
        summary: causes_of(told, lang),
        chart: Chart::Bars(Bars { bars, range: Some((0.0, 100.0)) }),
        table: table(&columns, rows),
        empty: String::new(),
    });
}

/// How often each standard was kept that the touchpoint promises.
fn promised(told: &Told, id: &str, opened: &Opened) -> Figure {
    let lang = opened.lang;
    let title = lang.of("How often the service standards are kept", "服务标准达成率");
    let gap = gap(told, lang);
    if !gap.is_empty() {
        return none("standards", title, gap);
    }
    let all = tell::items(value(told), "/touchpoints");
    let own = all.iter().find(|it| tell::text(it, "/id") == id);
    let standards = own.map_or(&[][..], |it| tell::items(it, "/standards"));
    let (mut bars, mut rows, mut connect) = (Vec::new(), Vec::new(), "");
    for it in standards {
        rows.push(standard_row(it, lang));
        if tell::count(it, "/n").unwrap_or(0) == 0 {
            connect = if connect.is_empty() { tell::text(it, "/connect") } else { connect };
            continue;
        }
        let share = tell::at(it, "/within");
        let mood = match tell::at(it, "/met").as_bool() {
            Some(true) => Mood::Good,
            Some(false) => Mood::Bad,
            None => Mood::Plain,
        };
        let n = words::many(it, "/n");
        bars.push(Bar {
            name: tell::text(it, "/label").to_owned(),
            point: charts::point(share),
            text: format!("{} (n {n})", charts::number(share, "%", lang).text),
            target: tell::number(it, "/target"),
            mood,
            ..Bar::default()
        });
    }
    if bars.is_empty() {
        let why = match lang {
            Lang::En => format!("Nothing was measured in these days. {connect}"),
            Lang::Zh => format!("该时段没有测量数据。{connect}"),
        };
        return none("standards", title, why);
    }
    let (measured, known) = (bars.len(), standards.len());
    let summary = match lang {
        Lang::En => format!("{measured} of {known} standards were measured in these days."),
        Lang::Zh => format!("{known} 项标准中有 {measured} 项在该时段有测量数据。"),
    };
    let columns = [
        lang.of("Standard", "标准"),
        lang.of("Promised", "承诺"),
        lang.of("Kept", "达成"),
        lang.of("Interval", "区间"),
        "n",
        lang.of("Median", "中位数"),
        lang.of("90 % within", "90 % 在此之内"),
        lang.of("Target", "目标"),
    ];
    Figure {
        id: "standards",
        title: title.to_owned(),
        summary,
        chart: Chart::Bars(Bars { bars, range: Some((0.0, 100.0)) }),
        table: table(&columns, rows),
        empty: String::new(),
    }
}

fn standard_row(told: &Value, lang: Lang) -> Vec<Cell> {
    let seconds = |pointer: &str| match tell::number(told, pointer) {
        Some(it) => Cell::number(it, length(it, lang)),
        None => Cell::text("\u{2013}"),
    };
    let share = tell::at(told, "/within");
    let target = tell::number(told, "/target");
    vec![
        Cell::text(tell::text(told, "/label")),
        seconds("/standard_seconds"),
        charts::number(share, "%", lang),
        Cell::text(tell::interval(tell::at(share, "/interval"))),
        charts::count(told, "/n"),
        seconds("/median"),
        seconds("/p90"),
        target.map_or_else(Cell::default, |it| Cell::number(it, with(it, "%"))),
    ]
}

/// How long, as people say it; short lengths by the second.
fn length(seconds: f64, lang: Lang) -> String {
    if seconds < 120.0 {
        return format!("{} {}", tell::plain(seconds), lang.of("s", "秒"));
    }
    #[expect(clippy::cast_possible_truncation, reason = "a length of days at most")]
    let ms = (seconds * 1000.0) as i64;
    span(lang, ms)
}
