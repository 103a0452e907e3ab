//! Sums of money, numbers of people, spans of days and repeats, as texts tell them.

use crate::fold::is_han;
use crate::source::{Limits, number};
use crate::table::Policy;
use crate::text::{Text, is_wordy};

/// Something that a number says: its bit, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) bit: u64,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Numbers above are all the same to us.
const MOST: u64 = 1_000_000_000_000;

/// What a number has behind or before it.
const ZH_MONEY: [&str; 6] = ["元", "块", "圆", "rmb", "人民币", "大洋"];
const EN_MONEY: [(&str, u64); 12] = [
    ("yuan", 1),
    ("rmb", 1),
    ("cny", 1),
    ("dollar", 7),
    ("usd", 7),
    ("bucks", 7),
    ("grand", 7_000),
    ("euro", 7),
    ("eur", 7),
    ("pounds", 9),
    ("gbp", 9),
    ("quid", 9),
];
const SIGNS: [(char, u64); 4] = [('¥', 1), ('$', 7), ('€', 7), ('£', 9)];
const PEOPLE: [&str; 27] = [
    "户",
    "多户",
    "余户",
    "家人家",
    "个家庭",
    "名业主",
    "名居民",
    "名学生",
    "名顾客",
    "名员工",
    "名村民",
    "位业主",
    "位居民",
    "位老人",
    "位顾客",
    "个孩子",
    "多个孩子",
    "个业主",
    "业主",
    "个学生",
    "多个学生",
    "家商户",
    "个用户",
    "口人",
    "居民",
    "村民",
    "师生",
];
const EN_PEOPLE: [&str; 17] = [
    "people",
    "families",
    "households",
    "homes",
    "customers",
    "guests",
    "passengers",
    "residents",
    "students",
    "users",
    "kids",
    "children",
    "patients",
    "flats",
    "apartments",
    "tenants",
    "pupils",
];
const DAYS: [(&str, u64); 12] = [
    ("个工作日", 1),
    ("天", 1),
    ("多天", 1),
    ("个星期", 7),
    ("个多星期", 7),
    ("星期", 7),
    ("周", 7),
    ("多周", 7),
    ("个月", 30),
    ("个多月", 31),
    ("年", 365),
    ("多年", 365),
];
const EN_DAYS: [(&str, u64); 4] = [("day", 1), ("week", 7), ("month", 30), ("year", 365)];
const TIMES: [&str; 6] = ["次投诉", "次反映", "次电话", "次报修", "次维权", "次求助"];
const EN_NUMBERS: [(&str, u64); 24] = [
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("fifteen", 15),
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("fifty", 50),
    ("sixty", 60),
    ("seventy", 70),
    ("eighty", 80),
    ("ninety", 90),
    ("hundred", 100),
    ("thousand", 1_000),
    ("several", 4),
    ("dozens", 24),
];
/// Before a bare number, it is money.
const PAID: &str = "花付交亏扣转骗赔失欠钱价费";

/// Everything that the numbers of a text say.
pub(crate) fn told(policy: &Policy, text: &Text) -> Vec<Told> {
    let limits = policy.limits();
    let mut all = Vec::new();
    let mut at = 0;
    while at < text.chars.len() {
        let Some((value, end)) = read(text, at) else {
            at += 1;
            continue;
        };
        tell(&limits, text, value, at, end, &mut all);
        at = end.max(at + 1);
    }
    all
}

/// The number at a place and where it ends.
fn read(text: &Text, at: usize) -> Option<(u64, usize)> {
    let it = text.char(at);
    if it.is_ascii_digit() {
        return Some(digits(text, at));
    }
    if is_number(it) || matches!(it, '上' | '好') {
        return chinese(text, at);
    }
    // The letters that numbers begin with.
    let is_start = matches!(it, 't' | 'f' | 's' | 'e' | 'n' | 'h' | 'd')
        && (at == 0 || !is_wordy(text.char(at - 1)));
    is_start.then(|| english(text, at)).flatten()
}

/// `12,000`, `1.5`, `3` and what multiplies them.
fn digits(text: &Text, at: usize) -> (u64, usize) {
    let (mut value, mut end, mut tenths, mut is_fraction) = (0_u64, at, 0, false);
    loop {
        let it = text.char(end);
        if let Some(digit) = it.to_digit(10) {
            if !is_fraction {
                value = (value * 10 + u64::from(digit)).min(MOST);
            } else if tenths == 0 {
                tenths = u64::from(digit);
            }
        } else if it == '.' && text.char(end + 1).is_ascii_digit() && !is_fraction {
            is_fraction = true;
        } else if !(it == ',' && text.char(end + 1).is_ascii_digit() && !is_fraction) {
            break;
        }
        end += 1;
    }
    while matches!(text.char(end), '多' | '余' | '来' | '几' | ' ') && scale(text.char(end + 1)) > 1
    {
        end += 1;
    }
    let by = scale(text.char(end));
    if 1 < by && !is_wordy(text.char(end + 1)) {
        return ((value * by + tenths * by / 10).min(MOST), end + 1);
    }
    (value, end)
}

fn scale(it: char) -> u64 {
    match it {
        '百' => 100,
        '千' | 'k' => 1_000,
        '万' | 'w' => 10_000,
        '亿' => 100_000_000,
        _ => 1,
    }
}

fn digit(it: char) -> Option<u64> {
    Some(match it {
        '零' | '〇' => 0,
        '一' | '壹' => 1,
        '二' | '两' | '贰' => 2,
        '三' | '叁' => 3,
        '四' | '肆' | '几' | '数' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

/// `三万八`, `两千五百`, `半`, `上百`, `几十`, `六千多`.
fn chinese(text: &Text, at: usize) -> Option<(u64, usize)> {
    let (mut total, mut section, mut one, mut last, mut end) = (0_u64, 0_u64, None, 1_u64, at);
    loop {
        let it = text.char(end);
        let by = match it {
            '十' | '拾' => 10,
            '佰' => 100,
            '仟' => 1_000,
            'k' | 'w' => 1,
            it => scale(it),
        };
        if let Some(digit) = digit(it) {
            one = Some(digit);
        } else if by >= 10_000 {
            let sum = total + section + one.unwrap_or(u64::from(end == at));
            total = sum.max(1).saturating_mul(by).min(MOST);
            (section, one, last) = (0, None, by);
        } else if by > 1 {
            section = (section + one.unwrap_or(u64::from(section == 0)) * by).min(MOST);
            (one, last) = (None, by);
        } else if !(matches!(it, '上' | '好') && end == at && is_number(text.char(at + 1))) {
            break;
        }
        end += 1;
    }
    if end == at || (end == at + 1 && matches!(text.char(at), '上' | '好')) {
        return None;
    }
    // `三万八` is 38,000; `三十八` is 38.
    let rest = match one {
        Some(one) if 100 <= last => one * last / 10,
        Some(one) => one,
        None => 0,
    };
    Some(((total + section + rest).min(MOST), end))
}

fn is_number(it: char) -> bool {
    is_han(it) && (digit(it).is_some() || scale(it) > 1 || it == '十')
}

/// `eighty families`, `five thousand dollars`.
fn english(text: &Text, at: usize) -> Option<(u64, usize)> {
    let (mut value, mut end, mut is_any) = (0_u64, at, false);
    while let Some((word, number)) = EN_NUMBERS.iter().find(|(it, _)| is_word(text, end, it)) {
        value = if 100 <= *number { value.max(1) * number } else { value + number };
        value = value.min(MOST);
        is_any = true;
        end += word.len();
        if text.char(end) != ' ' {
            break;
        }
        end += 1;
    }
    let end = if is_any && text.char(end - 1) == ' ' { end - 1 } else { end };
    is_any.then_some((value, end))
}

/// Whether these are the characters at a place.
fn is_at(text: &Text, at: usize, word: &str) -> bool {
    word.chars().enumerate().all(|(nth, it)| text.char(at + nth) == it)
}

fn is_word(text: &Text, at: usize, word: &str) -> bool {
    is_at(text, at, word) && !is_wordy(text.char(at + word.len()))
}

/// Notes what a number says by what stands around it.
fn tell(limits: &Limits, text: &Text, value: u64, start: usize, end: usize, all: &mut Vec<Told>) {
    let mut unit = end;
    while matches!(text.char(unit), '多' | '余' | '来' | ' ') && unit < end + 2 {
        unit += 1;
    }
    if let Some((sum, start, end)) = money(text, value, start, end, unit) {
        if u64::from(limits.loss) <= sum {
            all.push(Told { bit: number::LARGE_SUM, start, end });
        }
        return;
    }
    if let Some(end) = people(text, end, unit) {
        if u64::from(limits.many) <= value {
            all.push(Told { bit: number::MANY, start, end });
        }
        return;
    }
    if let Some((days, end)) = days(text, value, end, unit) {
        if u64::from(limits.days) < days {
            all.push(Told { bit: number::MONTH, start, end });
        }
        if u64::from(limits.week) <= days {
            all.push(Told { bit: number::WEEK, start, end });
        }
        return;
    }
    let is_nth = start > 0 && text.char(start - 1) == '第' && text.char(end) == '次';
    let is_count = TIMES.iter().any(|it| is_at(text, unit, it));
    if (is_nth || is_count) && u64::from(limits.times) <= value {
        let start = start - usize::from(is_nth);
        all.push(Told { bit: number::TIMES, start, end: end + 1 });
    }
}

/// The sum in yuan, where it is written.
fn money(
    text: &Text,
    value: u64,
    start: usize,
    end: usize,
    unit: usize,
) -> Option<(u64, usize, usize)> {
    let before = if start > 0 { text.char(start - 1) } else { ' ' };
    if let Some((_, rate)) = SIGNS.iter().find(|(it, _)| *it == before) {
        return Some((value.saturating_mul(*rate), start - 1, end));
    }
    if let Some(it) = ZH_MONEY.iter().find(|it| is_at(text, unit, it)) {
        return Some((value, start, unit + it.chars().count()));
    }
    if let Some((it, rate)) = EN_MONEY.iter().find(|(it, _)| is_at(text, unit, it)) {
        return Some((value.saturating_mul(*rate), start, unit + it.len()));
    }
    // `一万二`, `花了九千多`: nothing behind it that would make it something else.
    let after = text.char(unit);
    let is_bare =
        !is_han(after) && !is_wordy(after) || "的了没被就给钱都也还不左款定".contains(after);
    let has_ten_thousand = (start..end).any(|at| matches!(text.char(at), '万' | 'w'));
    let has_thousand = (start..end).any(|at| matches!(text.char(at), '千' | 'k'));
    let is_paid = (1..=3).any(|back| start >= back && PAID.contains(text.char(start - back)));
    let is_sum = is_bare && (has_ten_thousand || (is_paid && (has_thousand || 1_000 <= value)));
    is_sum.then_some((value, start, unit))
}

fn people(text: &Text, end: usize, unit: usize) -> Option<usize> {
    if let Some(it) = PEOPLE.iter().find(|it| is_at(text, unit, it)) {
        return Some(unit + it.chars().count());
    }
    if text.char(unit) == '个' && text.char(unit + 1) == '多' {
        return None;
    }
    // Up to one word between: `80 elderly residents`.
    let mut at = if text.char(end) == ' ' { end + 1 } else { end };
    for _ in 0..2 {
        if let Some(it) = EN_PEOPLE.iter().find(|it| is_word(text, at, it)) {
            return Some(at + it.len());
        }
        while is_wordy(text.char(at)) {
            at += 1;
        }
        at += 1;
    }
    None
}

fn days(text: &Text, value: u64, end: usize, unit: usize) -> Option<(u64, usize)> {
    let is_day = |at: usize, it: &&(&str, u64)| is_at(text, at, it.0);
    let found = DAYS.iter().find(|it| is_day(end, it)).map(|it| (it, end));
    let found = found.or_else(|| DAYS.iter().find(|it| is_day(unit, it)).map(|it| (it, unit)));
    if let Some(((word, days), at)) = found {
        let end = at + word.chars().count();
        // A year of the calendar, a contract's length, a time limit.
        let is_date =
            (*days == 365 && 100 < value) || "内后前套免会合期制份".contains(text.char(end));
        // More than a month is over thirty days.
        let more = u64::from(value * days == 30 && text.char(unit.max(end) - 1) == '多');
        return (!is_date).then_some((value * days + more, end));
    }
    let (word, days) = EN_DAYS.iter().find(|(it, _)| is_at(text, unit, it))?;
    let is_more = is_word(text, unit, "month") || is_word(text, unit, "year");
    // `a 6 month contract` is no delay; `6 months` may be one.
    (!is_more).then_some((value * days, unit + word.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_both_languages() {
        let cases = [
            ("12000", 12_000),
            ("12,000.50", 12_000),
            ("1.5万", 15_000),
            ("10k", 10_000),
            ("三万八", 38_000),
            ("一万二", 12_000),
            ("五千", 5_000),
            ("两千五", 2_500),
            ("三百二十", 320),
            ("十二", 12),
            ("几百", 400),
            ("上万", 10_000),
            ("好几千", 4_000),
            ("eight thousand", 8_000),
            ("forty five", 45),
        ];
        for (text, value) in cases {
            let text = Text::new(text);
            assert_eq!(read(&text, 0).map(|it| it.0), Some(value), "{text:?}");
        }
    }

    #[test]
    fn what_stands_around_a_number_says_what_it_is() {
        let cases: [(&str, &[&str]); 24] = [
            ("损失八千元", &["八千元"]),
            ("损失800元", &[]),
            ("收了五万块钱", &["五万块"]),
            ("还有一万二，没退", &["一万二"]),
            ("花了九千多，不认", &["九千多"]),
            ("charged $4,200 for", &["$4,200"]),
            ("charged $200 for", &[]),
            ("£9,000 gone", &["£9,000"]),
            ("¥15,800，没退", &["¥15,800"]),
            ("eight thousand dollars", &["eight thousand dollar"]),
            ("一万粉丝", &[]),
            ("三百多户停水", &["三百多户"]),
            ("六十多户", &["六十多户"]),
            ("全班二十多个孩子", &["二十多个孩子"]),
            ("more than 80 families", &["80 families"]),
            ("all 200 guests", &["200 guests"]),
            ("3 people", &[]),
            ("四十多天了", &["四十多天", "四十多天"]),
            ("一个多月", &["一个多月", "一个多月"]),
            ("15天", &["15天"]),
            ("2015年7月", &[]),
            ("six weeks", &["six week", "six week"]),
            ("第三次了", &["第三次"]),
            ("第二次", &[]),
        ];
        let policy = Policy::shipped();
        for (given, spans) in cases {
            let text = Text::new(given);
            let found: Vec<String> = told(policy, &text)
                .iter()
                .map(|it| (it.start..it.end).map(|at| text.char(at)).collect())
                .collect();
            assert_eq!(found, spans, "{given}");
        }
    }
}
