//! The report in short: what was better, what was worse, what to do.

use board::tell::{at, count, items, number, plain, signed, text};
use serde_json::Value;
use web::lang::Lang;

use super::line::{Line, Side};
use super::{Part, Reader};

/// Most sentences about one kind of thing.
const SAID_MAX: usize = 3;

/// Says it in sentences.
pub(crate) fn tell(reader: &mut Reader<'_>) {
    let lang = reader.lang;
    let mut lines = if reader.is_department { reader.rates() } else { reader.scores() };
    let rest = if reader.is_department { reader.scores() } else { reader.rates() };
    lines.extend(rest);
    if !reader.is_department {
        lines.extend(reader.calls());
    }
    let changed = |is_better: bool| -> Vec<String> {
        let mut said = Vec::new();
        for it in &lines {
            if it.is_better() == Some(is_better) {
                said.push(change(it, it.before, lang, false));
            }
            if it.is_better_than_last_year() == Some(is_better) {
                said.push(change(it, it.year, lang, true));
            }
        }
        said
    };
    let (mut better, mut worse) = (changed(true), changed(false));
    if better.is_empty() {
        better.push(
            lang.of("Nothing is better by more than chance.", "没有超出偶然范围的改善。")
                .to_owned(),
        );
    }
    if worse.is_empty() {
        worse.push(
            lang.of("Nothing is worse by more than chance.", "没有超出偶然范围的下滑。").to_owned(),
        );
    }
    let mut to_do = to_do(reader);
    if to_do.is_empty() {
        to_do.push(lang.of("Nothing presses.", "暂无紧要事项。").to_owned());
    }
    reader.heading("short", "In short", "摘要");
    for (en, zh, said) in [
        ("What was better", "哪些变好了", better),
        ("What was worse", "哪些变差了", worse),
        ("What to do", "要做什么", to_do),
    ] {
        reader.parts.push(Part::List(lang.of(en, zh).to_owned(), said));
    }
}

/// `NPS rose from 31 to 42.5 (+11.5).`
fn change(it: &Line<'_>, side: Side<'_>, lang: Lang, is_year: bool) -> String {
    let difference = number(side.difference, "/value").unwrap_or(0.0);
    let (name, then, now) = (it.name(lang), it.then(side), it.value());
    let by = signed(difference);
    let is_up = 0.0 < difference;
    match lang {
        Lang::En => {
            let verb = if is_up { "rose" } else { "fell" };
            let since = if is_year { " within a year" } else { "" };
            format!("{name} {verb} from {then} to {now} ({by}){since}.")
        }
        Lang::Zh => {
            let verb = if is_up { "升至" } else { "降至" };
            let since = if is_year { "较去年同期" } else { "较上一期" };
            format!("{name}{since}由 {then} {verb} {now}（{by}）。")
        }
    }
}

fn to_do(reader: &Reader<'_>) -> Vec<String> {
    let lang = reader.lang;
    let mut said = Vec::new();
    let cases = reader.cases();
    if let Some(overdue) = count(cases, "/overdue").filter(|it| 0 < *it) {
        said.push(match lang {
            Lang::En if overdue == 1 => "One complaint is overdue: close it first.".to_owned(),
            Lang::En => format!("{overdue} complaints are overdue: close them first."),
            Lang::Zh => format!("{overdue} 件投诉已超时：请优先处理。"),
        });
    }
    for it in reader.rates().iter().filter(|it| at(it.now, "/met").as_bool() == Some(false)) {
        let (name, value, target) = (it.name(lang), it.value(), it.target());
        said.push(match lang {
            Lang::En => format!("{name}: {value}, but it should be {target}."),
            Lang::Zh => format!("{name}为 {value}，目标为 {target}。"),
        });
    }
    if !reader.is_department {
        let lows = items(reader.body, "/lowest");
        let lows = lows.iter().filter(|it| number(it, "/gap").is_some_and(|it| it < 0.0));
        said.extend(lows.take(SAID_MAX).map(|it| under_target(it, lang)));
    }
    let causes = items(reader.body, "/causes/items");
    let open = causes.iter().filter(|it| text(it, "/measure").is_empty());
    said.extend(open.take(SAID_MAX).map(|it| without_measure(it, lang)));
    let vain = causes.iter().filter(|it| text(it, "/effect/verdict") == "more");
    said.extend(vain.take(SAID_MAX).map(|it| {
        let name = text(it, "/name");
        match lang {
            Lang::En => format!("“{name}” comes more often since its measure: think again."),
            Lang::Zh => format!("采取措施后“{name}”反而更多：请重新考虑措施。"),
        }
    }));
    said
}

fn under_target(it: &Value, lang: Lang) -> String {
    let name = text(it, "/name");
    let of = |pointer: &str| plain(number(it, pointer).unwrap_or(0.0));
    let gap = plain(number(it, "/gap").unwrap_or(0.0).abs());
    let (value, target, n) = (of("/value"), of("/target"), count(it, "/n").unwrap_or(0));
    match lang {
        Lang::En => format!(
            "{name} is {gap} points under its target ({value} of {target}, n {n}): find the cause \
             and agree on a measure."
        ),
        Lang::Zh => format!(
            "{name}低于目标 {gap} 分（{value}，目标 {target}，n {n}）：请找出原因并商定措施。"
        ),
    }
}

fn without_measure(it: &Value, lang: Lang) -> String {
    let (name, n) = (text(it, "/name"), count(it, "/n").unwrap_or(0));
    match lang {
        Lang::En if n == 1 => {
            format!("“{name}” caused one complaint, and no measure stands against it yet.")
        }
        Lang::En => {
            format!("“{name}” caused {n} complaints, and no measure stands against it yet.")
        }
        Lang::Zh => format!("“{name}”引发 {n} 件投诉，尚无应对措施。"),
    }
}
