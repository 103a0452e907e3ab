//! `/dashboard/complaints`: what was received and how it went, what is open, why it happens and who
//! works on it.

use board::tell::{at, count, number, plain, text};
use board::{Board, CHANNELS, Cell, Figure, Opened, Page, Tile};
use domain::trend::Step;
use pages::chart::{Bar, Bars, Chart, Mood};
use serde_json::Value;
use web::lang::{Lang, Said, said};
use web::{Problem, Request, Response};

use crate::callbacks::{not_cut, overdue};
use crate::causes;
use crate::course;
use crate::cut::{self, Cut};
use crate::told::{self, Answers, Told};

/// What complaints are filtered by here, one at a time.
const GRAINS: [&str; 4] = ["touchpoint", "channel", "group", "agent"];
/// What they are cut by.
const CUTS: [&str; 5] = ["grade", "department", "type", "channel", "agent"];

/// Grades, the worst first.
static GRADES: [(&str, Said); 3] = [
    ("major", said("Major", "重大")),
    ("moderate", said("Moderate", "中度")),
    ("general", said("General", "一般")),
];
/// What was told.
struct Found {
    whole: Told,
    before: Option<Told>,
    cuts: [Told; 5],
    causes: Told,
    risks: Told,
}

/// What is asked.
pub(crate) fn asks(opened: &mut Opened) -> Vec<(&'static str, String)> {
    opened.filters.heed(&GRAINS);
    let filters = &opened.filters;
    let step = course::step(filters).name();
    let to =
        |query: String, by: &str| ("dashboard", format!("/v1/complaint-figures?{query}&by={by}"));
    let mut asked = Vec::new();
    // What is kept is kept by one thing at a time.
    if filters.by.len() < 2 {
        asked.push(to(filters.api(), step));
        asked.extend(course::before(filters).map(|it| to(it.api(), step)));
    }
    if filters.by.is_empty() {
        asked.extend(CUTS.map(|by| to(filters.days(), by)));
        asked.push(("ledger", format!("/v1/causes/ranking?{}", filters.days())));
        let quarter = Step::Quarter.key(filters.to);
        let mut ranking = format!("/v1/reviews/ranking?quarter={quarter}");
        if !filters.site.is_empty() {
            ranking.push_str("&site=");
            ranking.push_str(&filters.site);
        }
        asked.push(("ledger", ranking));
    }
    asked
}

/// Draws what was told.
pub(crate) fn draw(request: &Request, opened: &Opened, told: Answers) -> Result<Response, Problem> {
    let lang = opened.lang;
    let found = Found::of(opened, told);
    let mut board = Board::new(opened, Page::Complaints, lang.of("Complaints", "投诉"), &GRAINS);
    board.say(lang.of(
        "Complaints that were received in these days, whenever the rest happened. What is open is \
         as of now.",
        "统计的是这段日期内受理的投诉，无论后续何时处理；未结数量为当前情况。",
    ));
    board.heading("now", lang.of("Where we stand", "概况"));
    match &found.whole {
        Ok(whole) => board.tiles(tiles(opened, whole)),
        Err(why) => board.say(why.as_str()),
    }
    board.heading("course", lang.of("Course", "走势"));
    course(&mut board, opened, &found);
    board.heading("way", lang.of("From receipt to rating", "从受理到评价"));
    board.figure(funnel(lang, &found.whole));
    let title = lang.of("What is open, by age", "未结投诉的等待时长");
    board.figure(cut::ageing(lang, title, &found.whole));
    board.heading(
        "parts",
        lang.of("By grade, department, type and channel", "按等级、部门、类型与渠道"),
    );
    let [grades, departments, types, channels, agents] = &found.cuts;
    board.figure(by_grade(lang, grades, &found.whole));
    board.figure(by_department(lang).figure(opened, departments));
    board.figure(by_type(lang).figure(opened, types));
    board.figure(by_channel(lang).figure(opened, channels));
    board.heading("why", lang.of("Root causes", "投诉根源"));
    causes::draw(&mut board, lang, &found.causes, &found.risks);
    board.heading("agents-all", lang.of("Agents", "员工"));
    board.figure(by_agent(lang).figure(opened, agents));
    board.answer(request)
}

impl Found {
    /// Takes the answers in the order of [`asks`].
    fn of(opened: &Opened, mut told: Answers) -> Found {
        let (filters, lang) = (&opened.filters, opened.lang);
        let (is_cut, is_kept) = (filters.by.is_empty(), filters.by.len() < 2);
        let whole = not_cut(lang);
        let one = lang.of(
            "Complaints are counted by one filter at a time: take one of them away to see this.",
            "投诉只按单个筛选条件统计：请取消其中一个后查看。",
        );
        Found {
            whole: told.next_if(is_kept, one),
            before: course::before(filters).map(|_| told.next_if(is_kept, one)),
            cuts: CUTS.map(|_| told.next_if(is_cut, whole)),
            causes: told.next_if(is_cut, whole),
            risks: told.next_if(is_cut, whole),
        }
    }
}

fn tiles(opened: &Opened, whole: &Value) -> Vec<Tile> {
    let (lang, filters) = (opened.lang, &opened.filters);
    let rate = |id, title, is_good| told::rate_tile(lang, whole, (id, title), is_good);
    let now = |id, title: &str, pointer| {
        let number = number(whole, pointer);
        let value = number.map_or_else(String::new, plain);
        Tile { id, title: title.to_owned(), value, number, ..Tile::default() }
    };
    let received = ("received", lang.of("Received", "受理"));
    let mut open = now("open", lang.of("Open now", "目前未结"), "/backlog/open");
    open.note = overdue(lang, whole);
    let answer = ("first_answer", lang.of("Time to the first answer", "首次答复用时"));
    let solution = ("solution", lang.of("Time to the solution", "解决用时"));
    vec![
        told::count_tile(lang, whole, received, filters),
        open,
        now("overdue", lang.of("Overdue now", "目前逾期"), "/backlog/overdue"),
        rate("answered_on_time", lang.of("Answered in time", "按时答复率"), true),
        rate("solved_on_time", lang.of("Solved in time", "按时解决率"), true),
        rate("closed_on_time", lang.of("Closed in time", "按时关闭率"), true),
        rate("resolution", lang.of("Resolution rate", "投诉解决率"), true),
        rate("repeated", lang.of("Repeat complaints", "重复投诉率"), false),
        rate("first_contact", lang.of("Solved at first contact", "投诉一次性解决率"), true),
        told::median_tile(lang, whole, answer, "/first_answer", filters),
        told::median_tile(lang, whole, solution, "/solution", filters),
        csat(lang, whole),
    ]
}

/// How customers rated the handling.
fn csat(lang: Lang, whole: &Value) -> Tile {
    let told = at(whole, "/csat");
    let value = number(told, "/value");
    let title = lang.of("Satisfied with the handling", "处理满意度");
    Tile {
        id: "csat",
        title: title.to_owned(),
        value: value.map_or_else(String::new, plain),
        number: value,
        interval: board::tell::interval(at(told, "/interval")),
        n: count(told, "/n"),
        note: board::tell::caution(told, lang).to_owned(),
        ..Tile::default()
    }
}

/// How many came, and how many of them were in time.
fn course(board: &mut Board<'_>, opened: &Opened, found: &Found) {
    let (lang, step) = (opened.lang, course::step(&opened.filters));
    let title = ("received_course", lang.of("Received, with the time before", "受理量与对比期"));
    let both = (&found.whole, found.before.as_ref());
    board.figure(course::counts(lang, title, "received", step, both));
    let title = ("clocks", lang.of("Answered, solved and closed in time", "按时答复、解决与关闭"));
    board.figure(course::rates(lang, title, clocks(lang), step, &found.whole));
}

/// What is promised, as rates.
fn clocks(lang: Lang) -> &'static [(&'static str, &'static str)] {
    match lang {
        Lang::En => &[
            ("answered_on_time", "Answered in time"),
            ("solved_on_time", "Solved in time"),
            ("closed_on_time", "Closed in time"),
        ],
        Lang::Zh => &[
            ("answered_on_time", "按时答复"),
            ("solved_on_time", "按时解决"),
            ("closed_on_time", "按时关闭"),
        ],
    }
}

/// How many of those that came went how far.
fn funnel(lang: Lang, whole: &Told) -> Figure {
    let title = lang.of("How far they went", "处理漏斗");
    told::figure("funnel", title, whole, |figure, whole| {
        let steps = [
            ("/received", lang.of("Received", "受理")),
            ("/answered", lang.of("Answered", "已答复")),
            ("/solved", lang.of("Solved", "已解决")),
            ("/closed", lang.of("Closed", "已关闭")),
            ("/csat/n", lang.of("Rated by the customer", "客户已评价")),
        ];
        let columns = [lang.of("Step", "环节"), lang.of("Complaints", "投诉")];
        figure.table.columns = told::names(&columns);
        let mut bars = Vec::with_capacity(steps.len());
        for (pointer, name) in steps {
            let value = number(whole, pointer).unwrap_or(0.0);
            bars.push(told::bar(name, value, plain(value), Mood::Plain));
            figure.table.rows.push(vec![Cell::text(name), told::counted(whole, pointer)]);
        }
        figure.chart = Chart::Funnel(bars);
        let [received, answered, solved, closed, rated] =
            steps.map(|it| count(whole, it.0).unwrap_or(0));
        if received == 0 {
            nothing(lang).clone_into(&mut figure.empty);
        }
        figure.summary = match lang {
            Lang::En => format!(
                "Of {received} received, {answered} were answered, {solved} solved and {closed} \
                 closed by now; customers rated {rated}."
            ),
            Lang::Zh => format!(
                "受理 {received} 件，目前已答复 {answered} 件、解决 {solved} 件、关闭 {closed} 件，\
                 客户评价 {rated} 件。"
            ),
        };
    })
}

/// What to do where nothing came.
fn nothing(lang: Lang) -> &'static str {
    lang.of(
        "No complaint was received in these days. Choose a longer period; or take them in by the \
         form /c/{site}, by staff, or from a file.",
        "这段日期内没有受理投诉。请选择更长的时间段，或通过表单 /c/{site}、人工录入或文件导入投诉。",
    )
}

/// Grades, each with how its promises were kept. With a filter the counts alone are kept.
fn by_grade(lang: Lang, cut: &Told, whole: &Told) -> Figure {
    let title = lang.of("Promises kept, by grade", "按等级的时限达成");
    let is_whole = cut.is_err() && whole.is_ok();
    told::figure("grades", title, if is_whole { whole } else { cut }, |figure, told| {
        let mut columns = vec![lang.of("Grade", "等级"), lang.of("Received", "受理")];
        for (_, label) in clocks(lang).iter().filter(|_| !is_whole) {
            columns.extend([label, lang.of("Interval", "区间"), "n"]);
        }
        figure.table.columns = told::names(&columns);
        let (mut bars, mut says, mut all) = (Vec::new(), Vec::new(), 0);
        for (key, name) in &GRADES {
            let name = name.text(lang);
            let parts = board::tell::items(told, "/parts");
            let part = parts.iter().find(|it| text(it, "/key") == *key).unwrap_or(&Value::Null);
            let n = match is_whole {
                true => told::counted(told, &format!("/grades/{key}")),
                false => told::counted(part, "/received"),
            };
            let came = n.number.unwrap_or(0.0);
            let told_n = if n.number.is_some() { n.text.as_str() } else { "0" };
            let mut said = format!("{name}{}{told_n}", lang.of(": ", "："));
            if let Some((rate, label)) = clocks(lang).first().filter(|_| !is_whole) {
                let share = told::share(lang, told::of(part, "/rates", rate));
                said.push_str(&format!("{}{label} {share}", lang.of(", ", "，")));
            }
            says.push(said);
            all += u8::from(0.0 < came);
            let mut row = vec![Cell::text(name), n];
            if is_whole {
                bars.push(told::bar(name, came, plain(came), Mood::Plain));
            } else {
                for (rate, label) in clocks(lang) {
                    let rate = told::of(part, "/rates", rate);
                    told::push_rated(&mut row, lang, rate);
                    bars.extend(clock_bar(lang, &format!("{name} · {label}"), rate));
                }
            }
            figure.table.rows.push(row);
        }
        if all == 0 {
            nothing(lang).clone_into(&mut figure.empty);
        }
        let range = (!is_whole).then_some((0.0, 100.0));
        figure.chart = Chart::Bars(Bars { bars, range });
        figure.summary = says.join(lang.of("; ", "；")) + lang.of(".", "。");
        if is_whole {
            figure.summary.push_str(lang.of(
                " How their promises were kept is counted for the whole site only.",
                "各等级的时限达成仅按全站统计。",
            ));
        }
    })
}

/// One promise of one grade; nothing where none is known.
fn clock_bar(lang: Lang, name: &str, rate: &Value) -> Option<Bar> {
    let point = told::point(rate)?;
    let text = told::share(lang, rate);
    Some(Bar { name: name.to_owned(), point: Some(point), text, ..Bar::default() })
}

fn by_department(lang: Lang) -> Cut<'static> {
    Cut {
        id: "departments",
        title: lang.of("Received, by department", "按部门的受理量"),
        of: lang.of("Department", "部门"),
        words: &[],
        leads: ("", ""),
        count: ("received", lang.of("Received", "受理")),
        rates: rates(lang),
        is_rate: false,
        empty: lang.of(
            "No complaint of these days has a department. Policy assignment says which goes where.",
            "这段日期的投诉都没有部门。可在分派策略（assignment）中设置去向。",
        ),
    }
}

fn by_type(lang: Lang) -> Cut<'static> {
    Cut {
        id: "types",
        title: lang.of("Received, by type", "按类型的受理量"),
        of: lang.of("Type", "类型"),
        words: &board::TYPES,
        empty: lang.of(
            "No complaint of these days has a type: policy grading finds it by words.",
            "这段日期的投诉都没有类型：分级策略（grading）按词语识别类型。",
        ),
        ..by_department(lang)
    }
}

fn by_channel(lang: Lang) -> Cut<'static> {
    Cut {
        id: "channels",
        title: lang.of("Received, by channel", "按渠道的受理量"),
        of: lang.of("Channel", "渠道"),
        words: &CHANNELS,
        leads: ("/complaints", "channel"),
        empty: lang.of(
            "No complaint of these days says by which channel it came.",
            "这段日期的投诉都没有注明渠道。",
        ),
        ..by_department(lang)
    }
}

fn by_agent(lang: Lang) -> Cut<'static> {
    Cut {
        id: "agents",
        title: lang.of("Answered in time, by agent", "按员工的按时答复率"),
        of: lang.of("Agent", "负责人"),
        words: &[],
        leads: ("/complaints", "agent"),
        is_rate: true,
        empty: lang.of(
            "No complaint of these days has an agent: assign some, or let policy assignment do it.",
            "这段日期的投诉都没有负责人：请分派，或由分派策略（assignment）自动分派。",
        ),
        ..by_department(lang)
    }
}

/// What a row tells of complaints.
fn rates(lang: Lang) -> &'static [(&'static str, &'static str)] {
    match lang {
        Lang::En => &[
            ("answered_on_time", "Answered in time"),
            ("closed_on_time", "Closed in time"),
            ("resolution", "Resolved"),
            ("first_contact", "At first contact"),
        ],
        Lang::Zh => &[
            ("answered_on_time", "按时答复"),
            ("closed_on_time", "按时关闭"),
            ("resolution", "解决率"),
            ("first_contact", "一次解决"),
        ],
    }
}
