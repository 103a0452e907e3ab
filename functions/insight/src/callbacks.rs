//! `/dashboard/callbacks`: promises of a call, whether they were kept, and how long people waited.

use board::tell::{at, count, exact, number, plain};
use board::{Board, Cell, Figure, Opened, Page, Tile};
use pages::chart::{Bar, Bars, Chart, Mood, Point};
use serde_json::Value;
use web::lang::{Lang, Said, said};
use web::{Problem, Request, Response};

use crate::course;
use crate::cut::{self, Cut};
use crate::told::{self, Answers, Told};

/// What call-backs are filtered by here.
const GRAINS: [&str; 1] = ["agent"];

/// What calls are for.
static PURPOSES: [(&str, Said); 5] = [
    ("request", said("Asked for by the customer", "客户预约")),
    ("solved_case", said("After a solved complaint", "投诉解决后回访")),
    ("purchase_visit", said("After a purchase", "购后回访")),
    ("core_visit", said("Of core customers", "核心客户回访")),
    ("recovery", said("After a disappointment", "服务补救")),
];
/// How calls have their time.
static MODES: [(&str, Said); 3] = [
    ("asap", said("As soon as possible: since they asked", "尽快回电：自提出时起")),
    ("appointment", said("Appointment: since its time", "预约回电：自约定时间起")),
    ("visit", said("Visit: since it was due", "主动回访：自应回访时起")),
];

/// What was told.
struct Found {
    whole: Told,
    before: Option<Told>,
    purposes: Told,
    agents: Told,
}

/// What is asked.
pub(crate) fn asks(opened: &mut Opened) -> Vec<(&'static str, String)> {
    opened.filters.heed(&GRAINS);
    let filters = &opened.filters;
    let step = course::step(filters).name();
    let to =
        |query: String, by: &str| ("dashboard", format!("/v1/callback-figures?{query}&by={by}"));
    let mut asked = vec![to(filters.api(), step)];
    asked.extend(course::before(filters).map(|it| to(it.api(), step)));
    if filters.by.is_empty() {
        asked.extend(["purpose", "agent"].map(|by| to(filters.days(), by)));
    }
    asked
}

/// Draws what was told.
pub(crate) fn draw(
    request: &Request,
    opened: &Opened,
    mut told: Answers,
) -> Result<Response, Problem> {
    let (lang, filters) = (opened.lang, &opened.filters);
    let step = course::step(filters);
    let (is_cut, instead) = (filters.by.is_empty(), not_cut(lang));
    let found = Found {
        whole: told.next(),
        before: course::before(filters).map(|_| told.next()),
        purposes: told.next_if(is_cut, instead),
        agents: told.next_if(is_cut, instead),
    };
    let mut board = Board::new(opened, Page::Callbacks, lang.of("Call-backs", "回电"), &GRAINS);
    board.say(lang.of(
        "Calls that were asked for in these days, by a customer or by a rule, whenever the rest \
         happened. What is open is as of now.",
        "统计的是这段日期内由客户或规则提出的回电，无论后续何时发生；未结数量为当前情况。",
    ));
    board.heading("now", lang.of("Where we stand", "概况"));
    match &found.whole {
        Ok(whole) => board.tiles(tiles(opened, whole)),
        Err(why) => board.say(why.as_str()),
    }
    board.heading("course", lang.of("Course", "走势"));
    let kept = [
        ("kept", lang.of("Promises kept", "履约率")),
        ("reached_first", lang.of("Reached at first", "首拨接通率")),
    ];
    let title = lang.of("Promises kept and reached at first", "履约与首拨接通");
    board.figure(course::rates(lang, ("kept_course", title), &kept, step, &found.whole));
    let title = (
        "requested_course",
        lang.of("Calls asked for, with the time before", "提出的回电与对比期"),
    );
    let both = (&found.whole, found.before.as_ref());
    board.figure(course::counts(lang, title, "requested", step, both));
    board.heading("waiting", lang.of("Waiting", "等待"));
    board.figure(waits(lang, &found.whole));
    board.figure(cut::ageing(
        lang,
        lang.of("What is open, by age", "未结回电的等待时长"),
        &found.whole,
    ));
    board.heading("parts", lang.of("By purpose and agent", "按目的与员工"));
    board.figure(by_purpose(lang).figure(opened, &found.purposes));
    board.figure(by_agent(lang).figure(opened, &found.agents));
    board.answer(request)
}

/// What stands in place of a cut of the whole site where there is a filter.
pub(crate) fn not_cut(lang: Lang) -> &'static str {
    lang.of(
        "This is kept for the whole site only: take the filter away to see it.",
        "此项仅按全站统计：取消筛选后即可查看。",
    )
}

fn tiles(opened: &Opened, whole: &Value) -> Vec<Tile> {
    let (lang, filters) = (opened.lang, &opened.filters);
    let rate = |id, title, is_good| told::rate_tile(lang, whole, (id, title), is_good);
    let tries = number(whole, "/attempts_per_reach");
    let mut open =
        told::count_tile(lang, whole, ("open", lang.of("Open now", "目前未结")), filters);
    open.number = number(whole, "/backlog/open");
    open.value = open.number.map_or_else(String::new, plain);
    // What is open now does not compare with what was open of other days.
    (open.change, open.course) = (String::new(), Vec::new());
    open.note = overdue(lang, whole);
    vec![
        rate("kept", lang.of("Promises kept", "履约率"), true),
        told::count_tile(lang, whole, ("requested", lang.of("Asked for", "提出的回电")), filters),
        open,
        rate("reached", lang.of("Reached", "接通率"), true),
        rate("reached_first", lang.of("Reached at first", "首拨接通率"), true),
        rate("no_show", lang.of("Nobody there", "爽约率"), false),
        rate("cancelled", lang.of("Called off", "取消率"), false),
        Tile {
            id: "attempts_per_reach",
            title: lang.of("Attempts for each reach", "每次接通的拨打次数").to_owned(),
            value: tries.map_or_else(String::new, exact),
            number: tries,
            n: count(whole, "/reached"),
            note: match tries {
                Some(_) => String::new(),
                None => lang.of("Nobody was reached yet.", "尚未接通任何人。").to_owned(),
            },
            ..Tile::default()
        },
    ]
}

/// How many of those that are open are overdue.
pub(crate) fn overdue(lang: Lang, whole: &Value) -> String {
    match (count(whole, "/backlog/overdue").unwrap_or(0), lang) {
        (0, _) => lang.of("None of them is overdue.", "没有逾期。").to_owned(),
        (n, Lang::En) => format!("{n} of them overdue."),
        (n, Lang::Zh) => format!("其中 {n} 项已逾期。"),
    }
}

/// How long they waited until they were first called, each mode by itself.
fn waits(lang: Lang, whole: &Told) -> Figure {
    let title = lang.of("Time until the first call", "首次拨打前的等待时间");
    told::figure("waits", title, whole, |figure, whole| {
        let columns = [
            lang.of("Mode", "方式"),
            "n",
            lang.of("Half within", "半数在此之内"),
            lang.of("Interval", "区间"),
            lang.of("Nine of ten within", "九成在此之内"),
            lang.of("Mean", "平均"),
        ];
        figure.table.columns = told::names(&columns);
        let (mut bars, mut says) = (Vec::new(), Vec::new());
        for (mode, name) in &MODES {
            let told = told::of(whole, "/waits", mode);
            let name = name.text(lang);
            let [median, p90, mean] =
                ["/median", "/p90", "/mean"].map(|it| told::lasted(lang, told, it));
            let between = told::lasted_between(lang, at(told, "/median_interval"));
            if let Some(value) = median.number {
                let n = count(told, "/n").unwrap_or(0);
                bars.push(wait_bar(told, name, value, format!("{} (n {n})", median.text)));
                says.push(match lang {
                    Lang::En => format!(
                        "{name}: half within {}, nine of ten within {} (n {n})",
                        median.text, p90.text
                    ),
                    Lang::Zh => {
                        format!("{name}，半数在 {}内、九成在 {}内（n {n}）", median.text, p90.text)
                    }
                });
            }
            let n = told::counted(told, "/n");
            let row = vec![Cell::text(name), n, median, Cell::text(between), p90, mean];
            figure.table.rows.push(row);
        }
        if bars.is_empty() {
            lang.of(
                "Nobody was called yet in these days. Make what customers can book under \
                 /v1/services, and work on the queue with /v1/callbacks.",
                "这段日期内尚未拨打。可在 /v1/services 设置可预约的服务，并通过 /v1/callbacks 处理队列。",
            )
            .clone_into(&mut figure.empty);
        }
        figure.chart = Chart::Bars(Bars { bars, range: None });
        figure.summary = format!("{}{}", says.join(lang.of("; ", "；")), lang.of(".", "。"));
    })
}

/// A wait as a bar, in minutes.
fn wait_bar(told: &Value, name: &str, seconds: f64, text: String) -> Bar {
    let between = number(told, "/median_interval/0").zip(number(told, "/median_interval/1"));
    let interval = between.map(|(low, high)| (low / 60.0, high / 60.0));
    let point = Some(Point { value: seconds / 60.0, interval });
    let is_small = at(told, "/small").as_bool() == Some(true);
    let mood = if is_small { Mood::Faint } else { Mood::Plain };
    Bar { name: name.to_owned(), point, text, mood, ..Bar::default() }
}

fn by_purpose(lang: Lang) -> Cut<'static> {
    Cut {
        id: "purposes",
        title: lang.of("Promises kept, by purpose", "按目的的履约率"),
        of: lang.of("Purpose", "目的"),
        words: &PURPOSES,
        leads: ("", ""),
        count: ("requested", lang.of("Asked for", "提出")),
        rates: rates(lang),
        is_rate: true,
        empty: lang.of(
            "No call was asked for in these days: choose a longer period.",
            "这段日期内没有提出回电，请选择更长的时间段。",
        ),
    }
}

fn by_agent(lang: Lang) -> Cut<'static> {
    Cut {
        id: "agents",
        title: lang.of("Promises kept, by agent", "按员工的履约率"),
        of: lang.of("Agent", "负责人"),
        words: &[],
        leads: ("/callbacks", "agent"),
        empty: lang.of(
            "No call of these days has an agent yet: those in the queue get one when they are \
             taken.",
            "这段日期的回电尚未分配负责人：排队中的回电在被接手时才有负责人。",
        ),
        ..by_purpose(lang)
    }
}

/// What a row tells of calls.
fn rates(lang: Lang) -> &'static [(&'static str, &'static str)] {
    match lang {
        Lang::En => {
            &[("kept", "Kept"), ("reached_first", "Reached at first"), ("no_show", "Nobody there")]
        }
        Lang::Zh => &[("kept", "履约率"), ("reached_first", "首拨接通率"), ("no_show", "爽约率")],
    }
}
