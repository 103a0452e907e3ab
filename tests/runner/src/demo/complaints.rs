//! The complaints of the demonstration's quarter: five causes that come back, two of them with a
//! measure, one of which helped.
//!
//! They follow the same quarter as the surveys: deliveries go wrong from the sixth week on. All
//! names and words are invented.

use domain::civil;
use serde_json::{Value, json};

use super::quarter::{AGENTS, Chance, DAYS, SEED, trouble};

/// The departments that put causes right.
pub(super) const DEPARTMENTS: [&str; 2] = ["配送运营部 Deliveries", "产品品控部 Quality"];

/// Days told before the handover of parcels was changed; from then on it goes well.
const HANDOVER_MENDED: i32 = 57;
/// Days told before the lids were replaced; whether that helps is too early to tell.
const LIDS_REPLACED: i32 = 81;

/// Something that goes wrong again and again.
struct Cause {
    kind: &'static str,
    name: &'static str,
    /// A place in [`DEPARTMENTS`]; none is customer care.
    department: Option<usize>,
    measure: &'static str,
    /// The day told since which it is in force.
    since: Option<i32>,
    /// A place in `quarter::TOUCHPOINTS`.
    touchpoint: usize,
    /// How bad it is, of ten: so many are of grade moderate.
    moderate: u32,
    zh: &'static [&'static str],
    en: &'static [&'static str],
    detail: &'static str,
    remedy: &'static str,
}

const CAUSES: [Cause; 5] = [
    Cause {
        kind: "process_gap",
        name: "交接时不核对订单 Orders not checked at handover",
        department: Some(0),
        measure: "店员与骑手交接时逐单扫码核对，两人签字 Each bag is scanned at handover",
        since: Some(HANDOVER_MENDED),
        touchpoint: 2,
        moderate: 6,
        zh: &[
            "送来的是别人的订单，我点的两杯拿铁一直没到",
            "配送晚了一个半小时，咖啡已经凉了，骑手说拿错了袋子",
            "少送了一份蛋糕，骑手说门店没有给他",
            "显示已送达，可我根本没有收到，打给骑手也不接",
        ],
        en: &[
            "I received somebody else's order and mine never came",
            "The delivery was ninety minutes late and the coffee was cold",
            "A cake was missing; the courier says the shop never gave it to him",
            "It says delivered but nothing arrived and nobody answers the phone",
        ],
        detail: "交接未核对 not checked at handover",
        remedy: "重新配送并退还配送费 sent again, delivery fee refunded",
    },
    Cause {
        kind: "product_defect",
        name: "杯盖密封不良 Lids leak",
        department: Some(1),
        measure: "换用新模具的杯盖 Lids from a new mould",
        since: Some(LIDS_REPLACED),
        touchpoint: 3,
        moderate: 5,
        zh: &[
            "杯盖扣不紧，咖啡漏了一半，电脑包都湿了",
            "杯子是漏的，拿起来洒了一身",
            "盖子裂了一条缝，一路滴到公司",
        ],
        en: &[
            "The lid does not close and half of it leaked into my bag",
            "The cup leaks, my shirt is ruined",
            "There was a crack in the lid and it dripped all the way",
        ],
        detail: "杯盖批次公差 lid out of tolerance",
        remedy: "补发饮品并赔付清洗费 replaced, cleaning paid for",
    },
    Cause {
        kind: "process_gap",
        name: "优惠券规则不清 Voucher rules unclear",
        department: None,
        measure: "",
        since: None,
        touchpoint: 1,
        moderate: 1,
        zh: &[
            "优惠券写着全场可用，结账时又说不适用，规则看不懂",
            "会员日的折扣没有算进去，页面也没有写清楚",
            "优惠券说明太复杂，客服解释了两遍我还是不明白",
        ],
        en: &[
            "The voucher says valid for everything, yet it was refused at checkout",
            "The member discount was not applied and the page does not say why",
            "The voucher rules are too complicated, please make them clear",
        ],
        detail: "规则说明不一致 rules contradict each other",
        remedy: "补发优惠券 voucher sent again",
    },
    Cause {
        kind: "service_error",
        name: "高峰时段无人应答 Nobody answers at peak",
        department: None,
        measure: "",
        since: None,
        touchpoint: 4,
        moderate: 2,
        zh: &[
            "打了三次客服电话都没人接，等了二十分钟",
            "在线客服排队排了半小时，最后自己断开了",
            "说好当天回电，等到晚上也没有人打来",
        ],
        en: &[
            "Three calls and nobody picked up, twenty minutes of waiting",
            "The chat kept me waiting for half an hour and then closed",
            "They promised to call back the same day and never did",
        ],
        detail: "排班不足 too few people on shift",
        remedy: "致歉并优先处理 apology, handled first",
    },
    Cause {
        kind: "product_defect",
        name: "保温壶温控故障 Kettle control fails",
        department: Some(1),
        measure: "",
        since: None,
        touchpoint: 3,
        moderate: 10,
        zh: &[
            "新买的保温壶不断电，一直烧干，商家要求返修",
            "手冲壶用了两天就不通电了，换了一个还是坏的",
        ],
        en: &[
            "The kettle I bought does not switch off and boils dry",
            "The kettle stopped working after two days and so did its replacement",
        ],
        detail: "温控器批次缺陷 thermostat of one batch",
        remedy: "退货退款 returned and refunded",
    },
];

/// What people got hurt by: of grade major, and rare.
const MAJOR: [(&str, &str); 3] = [
    ("保温壶漏电，我母亲的手被电到，现在还发麻", "The kettle gave my mother an electric shock"),
    ("壶盖脱落，热水把孩子的手臂烫伤了，已经去了医院", "The lid came off and my child was scalded"),
    ("保温壶插上电就冒烟起火，烧坏了台面", "The kettle caught fire when I plugged it in"),
];

/// Before what people complain of, and after it.
const BEFORE: [[&str; 5]; 2] = [
    ["", "昨天下单，", "今天早上，", "我在你们家买了很多次，", "这次很失望："],
    ["", "Yesterday: ", "This morning: ", "I am a regular. ", "Very disappointing: "],
];
const AFTER: [[&str; 5]; 2] = [
    ["。", "，请尽快处理。", "，希望给个说法。", "！", "，谢谢。"],
    [".", ", please look into it.", ", what will you do about it?", "!", ". Thank you."],
];

/// What staff answer at first.
const ANSWERS: [&str; 2] = [
    "很抱歉给您带来不便，我们已经在核实，会尽快给您答复。",
    "We are sorry. We are looking into it and will come back to you soon.",
];

/// What customers say of how it was handled: the content, and those who are not.
const COMMENTS: [[[&str; 3]; 2]; 2] = [
    [
        ["处理得很快，谢谢。", "客服很耐心。", "当天就解决了。"],
        ["来回讲了好几遍。", "等得太久了。", "结果还行，过程太麻烦。"],
    ],
    [
        ["Quick and kind, thank you.", "Solved the same day.", "They listened."],
        ["I had to explain it three times.", "It took too long.", "Too much effort."],
    ],
];

/// The rows of the ledger, to be made through the API; `departments` are those of [`DEPARTMENTS`],
/// and customer care.
pub(super) fn causes(today: i32, departments: [&str; 3]) -> Vec<Value> {
    let made = CAUSES.iter().map(|it| {
        let mut body = json!({ "kind": it.kind, "name": it.name,
            "department_id": department(it, departments) });
        if let (Some(since), Some(body)) = (it.since, body.as_object_mut()) {
            body.insert("measure".to_owned(), it.measure.into());
            body.insert("measure_since".to_owned(), civil::date(today - DAYS + since).into());
        }
        body
    });
    made.collect()
}

fn department<'a>(it: &Cause, [deliveries, quality, care]: [&'a str; 3]) -> &'a str {
    match it.department {
        Some(0) => deliveries,
        Some(_) => quality,
        None => care,
    }
}

/// What exists already and cases refer to.
pub(super) struct Known<'a> {
    pub(super) touchpoints: &'a [String],
    pub(super) agents: &'a [String],
    pub(super) departments: [&'a str; 3],
    pub(super) causes: &'a [String],
}

/// One row for every complaint of the quarter, oldest first.
pub(super) fn rows(today: i32, now: i64, known: &Known<'_>) -> Vec<Value> {
    let mut chance = Chance(SEED ^ 3);
    let mut rows = Vec::new();
    for told in 0..=DAYS {
        let day = today - DAYS + told;
        for _ in 0..2 + chance.below(4) {
            // What goes wrong with deliveries is told apart.
            let which = match chance.below(10) {
                0..=3 => 1,
                4 | 5 => 2,
                6..=8 => 3,
                _ => 4,
            };
            rows.extend(row(&mut chance, rows.len(), told, which, (day, now), known));
        }
        let handover = if told < HANDOVER_MENDED { 1 + trouble(told) / 14 } else { 0 };
        let some = u32::try_from(handover).unwrap_or(0) + u32::from(chance.below(4) == 0);
        for _ in 0..some {
            rows.extend(row(&mut chance, rows.len(), told, 0, (day, now), known));
        }
    }
    rows
}

/// How a case was handled: minutes from the receipt to the answer, to the solution and to the
/// closing.
fn handled(chance: &mut Chance, grade: &str) -> [i64; 3] {
    let (answer, solution) = match grade {
        "major" => (10 + chance.below(48), 8 * 60 + chance.below(50 * 60)),
        "moderate" => (20 + chance.below(9 * 60), 5 * 60 + chance.below(55 * 60)),
        _ => (10 + chance.below(15 * 60), 60 + chance.below(34 * 60)),
    };
    // A few take far too long.
    let answer = if chance.below(14) == 0 { answer * 3 } else { answer };
    let solution = if chance.below(16) == 0 { solution * 3 } else { solution };
    let solution = solution.max(answer + 5);
    let closing = solution + 10 + chance.below(9 * 60);
    [answer, solution, closing].map(i64::from)
}

/// A complaint as it came in.
struct Told<'a> {
    cause: &'a Cause,
    /// A place in [`CAUSES`].
    which: usize,
    /// How many days of the quarter were told before.
    told: i32,
    /// 0 is Chinese, 1 English.
    lang: usize,
    grade: &'static str,
    at: i64,
    now: i64,
    /// A place in `quarter::AGENTS`.
    agent: usize,
}

fn row(
    chance: &mut Chance,
    number: usize,
    told: i32,
    which: usize,
    (day, now): (i32, i64),
    known: &Known<'_>,
) -> Option<Value> {
    let cause = CAUSES.get(which)?;
    let lang = usize::from(7 <= chance.below(10));
    let is_major = which == 4 && chance.below(5) < 2;
    let grade = match chance.below(10) {
        _ if is_major => "major",
        it if it < cause.moderate => "moderate",
        _ => "general",
    };
    let at = civil::parse_rfc3339(&format!(
        "{}T{:02}:{:02}:{:02}+08:00",
        civil::date(day),
        8 + chance.below(14),
        chance.below(60),
        chance.below(60)
    ))?;
    if now <= at {
        return None;
    }
    let text = words(chance, cause, lang, is_major)?;
    let agent = chance.index(AGENTS.len());
    let mut row = json!({
        "reference": format!("K{:04}", number + 1),
        "text": text,
        "language": if lang == 0 { "zh-CN" } else { "en" },
        "channel": chance.pick(&["phone", "phone", "app", "wechat", "web", "email"]),
        "received_at": time(at),
        "touchpoint_id": known.touchpoints.get(cause.touchpoint),
        "department_id": department(cause, known.departments),
        "agent_id": known.agents.get(agent),
        "grade": grade,
    });
    let members = row.as_object_mut()?;
    // Most are strangers to the shop's own numbers, and few complain twice.
    let customer = match chance.below(12) {
        0 => Some(1 + chance.below(super::quarter::CORE_CUSTOMERS)),
        1..=4 => Some(100 + chance.below(900)),
        _ => None,
    };
    if let Some(number) = customer {
        members.insert("customer".to_owned(), format!("M{number:04}").into());
    }
    let it = Told { cause, which, told, lang, grade, at, now, agent };
    for (name, value) in history(chance, &it, known) {
        members.insert(name.to_owned(), value);
    }
    Some(row)
}

/// What the customer says.
fn words(chance: &mut Chance, cause: &Cause, lang: usize, is_major: bool) -> Option<String> {
    let core = if is_major {
        let (zh, en) = MAJOR.get(chance.index(MAJOR.len()))?;
        if lang == 0 { zh } else { en }
    } else {
        chance.pick(if lang == 0 { cause.zh } else { cause.en })
    };
    let (before, after) = (chance.pick(BEFORE.get(lang)?), chance.pick(AFTER.get(lang)?));
    Some(format!("{before}{core}{after}"))
}

/// What became of it, as far as that is past.
fn history(chance: &mut Chance, it: &Told<'_>, known: &Known<'_>) -> Vec<(&'static str, Value)> {
    let mut all: Vec<(&'static str, Value)> = Vec::new();
    let [answer, solution, closing] = handled(chance, it.grade).map(|took| it.at + took * 60_000);
    // The last weeks left some that nobody has finished, or even answered.
    let is_stuck = 75 <= it.told && chance.below(4) == 0;
    if it.now <= answer || is_stuck && chance.below(2) == 0 {
        return all;
    }
    let said = ANSWERS.get(it.lang).copied().unwrap_or_default();
    all.extend([("answered_at", time(answer).into()), ("answer", said.into())]);
    if it.now <= solution || is_stuck {
        return all;
    }
    let remedy = it.cause.remedy;
    all.extend([("solved_at", time(solution).into()), ("solution", remedy.into())]);
    all.push(("is_first_contact", (chance.below(100) < 86).into()));
    if it.now <= closing {
        return all;
    }
    all.extend([
        ("closed_at", time(closing).into()),
        ("cause_kind", it.cause.kind.into()),
        ("cause_id", json!(known.causes.get(it.which))),
        ("cause", it.cause.detail.into()),
        ("remedy", remedy.into()),
    ]);
    if chance.below(5) < 2 {
        // One colleague is new and gets better.
        let skill = if it.agent == 3 { 58 + it.told / 4 } else { 78 };
        let csat = chance.score(5, skill);
        all.extend([("csat", csat.into()), ("ces", chance.score(7, skill).into())]);
        let words = COMMENTS.get(it.lang).and_then(|it| it.get(usize::from(csat < 4)));
        if let Some(words) = words.filter(|_| chance.below(3) == 0) {
            all.push(("comment", chance.pick(words).into()));
        }
    }
    all
}

fn time(at: i64) -> String {
    civil::rfc3339(at, 8 * 60 * 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quarter() -> Vec<Value> {
        let some = |prefix: &str| (0..6).map(|it| format!("{prefix}{it}")).collect::<Vec<_>>();
        let (touchpoints, agents, causes) = (some("tch_"), some("agt_"), some("cau_"));
        let known = Known {
            touchpoints: &touchpoints,
            agents: &agents,
            departments: ["dep_a", "dep_b", "dep_c"],
            causes: &causes,
        };
        rows(20_000, 20_000 * civil::DAY_MS + 5 * 60 * 60 * 1000, &known)
    }

    #[test]
    fn the_quarter_has_every_grade_and_something_open() {
        let rows = quarter();
        assert!((360..480).contains(&rows.len()), "{}", rows.len());
        let with = |name: &str| rows.iter().filter(|it| it.get(name).is_some()).count();
        let open = rows.len() - with("solved_at");
        assert!((5..20).contains(&open), "{open} are open");
        assert!(with("closed_at") <= with("solved_at") && 100 < with("csat"));
        for grade in ["general", "moderate", "major"] {
            let n = rows.iter().filter(|it| it["grade"] == grade).count();
            assert!(5 < n, "{n} of grade {grade}");
        }
        assert_eq!(rows, quarter(), "the same every time");
    }

    #[test]
    fn one_measure_helped() {
        let rows = quarter();
        let since = civil::date(20_000 - DAYS + HANDOVER_MENDED);
        let of = rows.iter().filter(|it| it["department_id"] == "dep_a");
        let (before, after): (Vec<&Value>, Vec<&Value>) =
            of.partition(|it| it["received_at"].as_str().unwrap() < since.as_str());
        assert!(80 < before.len() && (1..15).contains(&after.len()), "{}", after.len());
    }
}
