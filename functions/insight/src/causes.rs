//! Why complaints happen: causes by how often they come, what is done against them and whether it
//! helps, and by the harm that they do.

use board::tell::{at, count, items, number, plain, text};
use board::{Board, Cell, Figure};
use pages::chart::{Bar, Bars, Chart, Mood, Point};
use serde_json::Value;
use web::lang::{Lang, Said, said};

use crate::told::{self, Told};

/// Most bars of a chart; the table has the rest.
const BARS_MAX: usize = 12;
/// Most characters of a note beside a cause.
const NOTE_CHARS_MAX: usize = 200;

/// Kinds of cause.
static KINDS: [(&str, Said); 3] = [
    ("process_gap", said("Gap in a process", "流程漏洞")),
    ("product_defect", said("Defect of a product", "产品缺陷")),
    ("service_error", said("Error in service", "服务失误")),
];

/// Puts both rankings on a page.
pub(crate) fn draw(board: &mut Board<'_>, lang: Lang, causes: &Told, risks: &Told) {
    board.figure(often(lang, causes));
    board.figure(harmful(lang, risks));
}

fn often(lang: Lang, told: &Told) -> Figure {
    let title = lang.of("Causes, by how often they came", "根源排行：按发生次数");
    told::figure("causes", title, told, |figure, told| {
        let columns = [
            lang.of("Cause", "根源"),
            lang.of("Kind", "类别"),
            lang.of("Complaints", "投诉"),
            lang.of("The time before", "上一期"),
            lang.of("Share of known", "占已知根源"),
            lang.of("Interval", "区间"),
            "n",
            lang.of("Department", "部门"),
            lang.of("What is done", "措施"),
            lang.of("Since", "生效日"),
            lang.of("Effect", "效果"),
        ];
        figure.table.columns = columns.map(str::to_owned).to_vec();
        let causes = items(told, "/items");
        figure.table.rows = causes.iter().map(|it| row(lang, it)).collect();
        let bars = causes.iter().take(BARS_MAX).map(|it| bar(lang, it)).collect();
        figure.chart = Chart::Bars(Bars { bars, range: None });
        if causes.is_empty() {
            lang.of(
                "No complaint of these days was closed with a cause of the ledger. List causes \
                 under /v1/causes, and name one when closing.",
                "这段日期的投诉均未关联台账中的根源。请在 /v1/causes 登记根源，并在关闭投诉时选择。",
            )
            .clone_into(&mut figure.empty);
        }
        figure.summary = says(lang, told, causes);
    })
}

/// The most frequent one, how many have none, and which measures helped.
fn says(lang: Lang, told: &Value, causes: &[Value]) -> String {
    let [received, known, unknown] =
        ["/received", "/known", "/unknown"].map(|it| count(told, it).unwrap_or(0));
    let Some(first) = causes.first() else { return String::new() };
    let (name, n) = (text(first, "/name"), count(first, "/n").unwrap_or(0));
    let helped = causes.iter().filter(|it| text(it, "/effect/verdict") == "fewer").count();
    let measured = causes.iter().filter(|it| !at(it, "/effect").is_null()).count();
    let mut says = match lang {
        Lang::En => format!(
            "Most often: {name}, {n} of {known} whose cause is known. {unknown} of {received} have \
             none yet, most of them open."
        ),
        Lang::Zh => format!(
            "最常见的是「{name}」：已知根源的 {known} 件中占 {n} 件；受理的 {received} 件中另有 \
             {unknown} 件尚无根源，多为未结。"
        ),
    };
    if 0 < measured {
        says.push_str(&match lang {
            Lang::En => format!(
                " Of {measured} with a measure, {helped} come less often for more than chance."
            ),
            Lang::Zh => format!("采取措施的 {measured} 项中，{helped} 项明显减少。"),
        });
    }
    says
}

fn row(lang: Lang, it: &Value) -> Vec<Cell> {
    let kind = told::word(lang, &KINDS, text(it, "/kind"));
    let mut row = vec![
        Cell::text(text(it, "/name")),
        Cell::text(kind),
        told::counted(it, "/n"),
        told::counted(it, "/n_before"),
    ];
    row.extend(told::rated(lang, at(it, "/share")));
    row.push(said_or_none(text(it, "/department/name")));
    row.push(said_or_none(&shortened(text(it, "/measure"))));
    row.push(said_or_none(text(it, "/measure_since")));
    row.push(said_or_none(&effect(lang, at(it, "/effect"))));
    row
}

fn said_or_none(text: &str) -> Cell {
    Cell::text(if text.is_empty() { told::NONE } else { text })
}

/// Whether a measure helped, in the words of the API, with by how much; empty for no measure.
fn effect(lang: Lang, told: &Value) -> String {
    let says = text(told, "/says");
    let Some(ratio) = number(told, "/ratio") else { return says.to_owned() };
    let ends = number(told, "/interval/0").zip(number(told, "/interval/1"));
    let between = ends.map_or_else(String::new, |(low, high)| format!("{low}\u{2013}{high}"));
    // Two decimals, as the API tells them: below one they matter.
    match lang {
        Lang::En => format!("{says}: {ratio} times as often ({between})"),
        Lang::Zh => format!("{says}：为之前的 {ratio} 倍（{between}）"),
    }
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= NOTE_CHARS_MAX {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(NOTE_CHARS_MAX).collect();
    short.push('\u{2026}');
    short
}

fn bar(lang: Lang, it: &Value) -> Bar {
    let value = number(it, "/n").unwrap_or(0.0);
    let before = count(it, "/n_before").unwrap_or(0);
    let mood = match text(it, "/effect/verdict") {
        "fewer" => Mood::Good,
        "more" => Mood::Bad,
        _ => Mood::Plain,
    };
    let text_of = match lang {
        Lang::En => format!("{} (before {before})", plain(value)),
        Lang::Zh => format!("{}（上一期 {before}）", plain(value)),
    };
    let point = Some(Point { value, interval: None });
    Bar { name: text(it, "/name").to_owned(), point, text: text_of, mood, ..Bar::default() }
}

fn harmful(lang: Lang, told: &Told) -> Figure {
    let title = lang.of("Risk review, by harm", "风险研判：按危害");
    told::figure("risks", title, told, |figure, told| {
        let quarter = text(told, "/quarter");
        figure.title = format!("{title} · {quarter}");
        let columns = [
            lang.of("Cause", "根源"),
            lang.of("Complaints", "投诉"),
            lang.of("Harm of one", "单件危害"),
            lang.of("Risk", "风险"),
            lang.of("Review", "研判结论"),
            lang.of("Due", "期限"),
        ];
        figure.table.columns = columns.map(str::to_owned).to_vec();
        let causes = items(told, "/items");
        let mut bars = Vec::new();
        for it in causes {
            let risk = number(it, "/risk").unwrap_or(0.0);
            let name = text(it, "/name");
            let harm = number(it, "/harm").map(|it| Cell::number(it, it.to_string()));
            figure.table.rows.push(vec![
                Cell::text(name),
                told::counted(it, "/n"),
                harm.unwrap_or_else(|| Cell::text(told::NONE)),
                told::counted(it, "/risk"),
                said_or_none(&shortened(text(it, "/review/note"))),
                said_or_none(text(it, "/review/due")),
            ]);
            let point = Some(Point { value: risk, interval: None });
            let text = plain(risk);
            bars.push(Bar { name: name.to_owned(), point, text, ..Bar::default() });
        }
        bars.truncate(BARS_MAX);
        figure.chart = Chart::Bars(Bars { bars, range: None });
        let Some(first) = causes.first() else {
            lang.of(
                "No complaint of this quarter was closed with a cause of the ledger.",
                "本季度的投诉均未关联台账中的根源。",
            )
            .clone_into(&mut figure.empty);
            return;
        };
        let reviewed = causes.iter().filter(|it| !at(it, "/review").is_null()).count();
        let (name, all) = (text(first, "/name"), causes.len());
        let weight = |grade: &str| {
            number(told, &format!("/weights/{grade}")).map_or_else(String::new, plain)
        };
        let [general, moderate, major] = ["general", "moderate", "major"].map(weight);
        figure.summary = match lang {
            Lang::En => format!(
                "The whole quarter, whatever the days above. Most harm: {name}. {reviewed} of \
                 {all} were reviewed. A complaint weighs {general} if general, {moderate} if \
                 moderate, {major} if major."
            ),
            Lang::Zh => format!(
                "按整个季度统计，不随上方日期变化。危害最大的是「{name}」；{all} 项中已研判 \
                 {reviewed} 项。一般、中度、重大投诉的权重为 {general}、{moderate}、{major}。"
            ),
        };
    })
}
