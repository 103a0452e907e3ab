//! The quarter that the demonstration tells: a coffee shop, its surveys and what people said.
//!
//! Everything comes from one seed. In the sixth week the courier changes and deliveries go
//! wrong; by the ninth they are better than before. All names and words are invented.

use domain::civil;
use serde_json::{Value, json};

/// Days told, the last of them yesterday.
pub(super) const DAYS: i32 = 91;
/// Any fixed number gives a believable quarter; this one was looked at.
pub(super) const SEED: u64 = 20_260_822;
/// Members with a number of their own.
pub(super) const CORE_CUSTOMERS: u32 = 12;

/// Name, stage, and whether much depends on it.
pub(super) const TOUCHPOINTS: [(&str, &str, bool); 6] = [
    ("售前咨询 Advice", "pre_sale", false),
    ("下单支付 Order and pay", "purchase", false),
    ("配送 Delivery", "purchase", true),
    ("咖啡品质 Coffee", "purchase", true),
    ("售后服务 After-sale", "after_sale", false),
    ("会员 Membership", "retention", false),
];

/// Invented colleagues and what they are good at.
pub(super) const AGENTS: [(&str, &[&str]); 4] = [
    ("周岚", &["配送", "退款"]),
    ("Tom Reed", &["english", "refund"]),
    ("沈一诺", &["会员", "咨询"]),
    ("梁栋", &["设备", "投诉"]),
];

/// A study to be made, and how its sheet is read.
pub(super) struct Study {
    pub(super) name: &'static str,
    pub(super) definition: Value,
    pub(super) mapping: Value,
}

/// A CSV, ready to be sent.
pub(super) struct Sheet {
    pub(super) heading: &'static str,
    pub(super) rows: Vec<String>,
}

/// What is asked after an order.
pub(super) fn order_study(touchpoints: &[String]) -> Study {
    let at = |place: usize| touchpoints.get(place).cloned().unwrap_or_default();
    let rating = |id: &str, place: usize, dimension: &str, zh: &str, en: &str| {
        json!({
            "id": id, "type": "rating", "touchpoint_id": at(place), "dimension": dimension,
            "text": { "zh-CN": zh, "en": en },
            "low": { "zh-CN": "很差", "en": "Very poor" },
            "high": { "zh-CN": "很好", "en": "Excellent" },
        })
    };
    let option =
        |id: &str, zh: &str, en: &str| json!({ "id": id, "text": { "zh-CN": zh, "en": en } });
    let definition = json!({
        "default_language": "zh-CN",
        "title": { "zh-CN": "这一单还满意吗？", "en": "How was your order?" },
        "thanks": { "zh-CN": "谢谢，您的话我们会认真看。", "en": "Thank you. We read every word." },
        "questions": [
            { "id": "recommend", "type": "nps", "required": true,
              "text": { "zh-CN": "您有多大可能向朋友推荐鹿鸣咖啡？",
                        "en": "How likely are you to recommend Café Lumen to a friend?" },
              "low": { "zh-CN": "完全不可能", "en": "Not at all likely" },
              "high": { "zh-CN": "非常可能", "en": "Extremely likely" } },
            rating("ordering", 1, "ease", "下单和支付顺利吗？", "How did ordering and paying go?"),
            rating("delivery", 2, "delivery", "配送如何？", "How was the delivery?"),
            rating("coffee", 3, "quality", "咖啡的品质如何？", "How was the coffee?"),
            { "id": "reason", "type": "single_choice",
              "text": { "zh-CN": "最影响您打分的是？", "en": "What mattered most for your score?" },
              "options": [
                option("taste", "口味", "Taste"), option("speed", "速度", "Speed"),
                option("price", "价格", "Price"), option("service", "服务", "Service") ] },
            { "id": "why", "type": "text", "max_length": 500,
              "text": { "zh-CN": "还想告诉我们什么？", "en": "Anything else we should know?" } },
        ],
    });
    let mapping = json!({
        "id": "order", "answered_at": "time", "channel": "channel", "group": "group",
        "language": "language", "customer": "member",
        "answers": { "recommend": "recommend", "ordering": "ordering", "delivery": "delivery",
                     "coffee": "coffee", "reason": "reason", "why": "why" },
    });
    Study { name: super::ORDERS, definition, mapping }
}

/// What is asked after a case was handled.
pub(super) fn care_study(touchpoints: &[String]) -> Study {
    let at = |place: usize| touchpoints.get(place).cloned().unwrap_or_default();
    let definition = json!({
        "default_language": "zh-CN",
        "title": { "zh-CN": "售后回访", "en": "After your request" },
        "touchpoint_id": at(4),
        "questions": [
            { "id": "easy", "type": "effort", "required": true,
              "text": { "zh-CN": "鹿鸣咖啡让我很容易就解决了问题。",
                        "en": "Café Lumen made it easy for me to handle my issue." },
              "low": { "zh-CN": "完全不同意", "en": "Strongly disagree" },
              "high": { "zh-CN": "完全同意", "en": "Strongly agree" } },
            { "id": "care", "type": "rating", "dimension": "service",
              "text": { "zh-CN": "您对这次服务满意吗？", "en": "How satisfied are you with our help?" } },
            { "id": "why", "type": "text",
              "text": { "zh-CN": "哪里可以做得更好？", "en": "What could we do better?" } },
        ],
    });
    let mapping = json!({
        "id": "case", "answered_at": "time", "channel": "channel", "language": "language",
        "agent": "agent",
        "answers": { "easy": "easy", "care": "care", "why": "why" },
    });
    Study { name: "售后回访 After-sale call", definition, mapping }
}

/// One row for every order that was rated.
pub(super) fn orders(today: i32) -> Sheet {
    let mut chance = Chance(SEED);
    let mut rows = Vec::new();
    for told in 0..DAYS {
        let day = today - DAYS + told;
        // Weekends sell more coffee.
        let weekend = if 5 <= civil::weekday(day) { 9 } else { 0 };
        for _ in 0..24 + weekend + chance.below(9) {
            rows.push(order(&mut chance, day, told, rows.len()));
        }
    }
    let heading =
        "order,time,channel,group,language,member,recommend,ordering,delivery,coffee,reason,why";
    Sheet { heading, rows }
}

fn order(chance: &mut Chance, day: i32, told: i32, number: usize) -> String {
    let channel = chance.pick(&["web", "app", "app", "wechat", "wechat", "store", "email"]);
    let group = chance.pick(&["new", "new", "existing", "existing", "existing", "core"]);
    let is_zh = chance.below(10) < 7;
    let is_delivered = channel != "store";
    let trouble = if is_delivered { trouble(told) } else { 0 };
    let ordering = chance.score(5, 86 - if channel == "email" { 6 } else { 0 });
    let delivery = chance.score(5, 84 - trouble + if 63 <= told { 7 } else { 0 });
    let coffee = chance.score(5, 90);
    let mood = 83 - trouble * 2 / 3 + if group == "core" { 5 } else { 0 };
    let recommend = chance.score(11, mood) - 1;
    let member = if group == "new" || chance.below(12) != 0 {
        String::new()
    } else {
        format!("M{:04}", 1 + chance.below(CORE_CUSTOMERS))
    };
    let why = if chance.below(3) == 0 { comment(chance, is_zh, recommend, delivery) } else { "" };
    let reason =
        if delivery <= 2 { "speed" } else { chance.pick(&["taste", "speed", "price", "service"]) };
    let time = clock(chance, day);
    let language = if is_zh { "zh-CN" } else { "en" };
    let delivery = if is_delivered { delivery.to_string() } else { String::new() };
    format!(
        "L{number:05},{time},{channel},{group},{language},{member},{recommend},{ordering},\
         {delivery},{coffee},{reason},\"{why}\""
    )
}

/// How bad deliveries are on a day: the courier changes in week six, is retrained, recovers.
pub(super) fn trouble(told: i32) -> i32 {
    match told {
        35..=41 => 26,
        42..=52 => 38,
        53..=58 => 22,
        59..=62 => 9,
        _ => 0,
    }
}

/// One row for every case after which somebody called.
pub(super) fn cases(today: i32, agents: &[String]) -> Sheet {
    let mut chance = Chance(SEED ^ 1);
    let mut rows = Vec::new();
    for told in 0..DAYS {
        let day = today - DAYS + told;
        let busy = if trouble(told) == 0 { 4 } else { 9 };
        for _ in 0..busy + chance.below(4) {
            let at = chance.index(AGENTS.len());
            // One colleague is new and gets better.
            let skill = if at == 3 { 62 + told / 4 } else { 80 };
            let easy = chance.score(7, skill - trouble(told) / 3);
            let care = chance.score(5, skill + 6 - trouble(told) / 4);
            let is_zh = chance.below(10) < 8;
            let why =
                if chance.below(4) == 0 { care_comment(&mut chance, is_zh, care) } else { "" };
            rows.push(format!(
                "C{:05},{},{},{},{},{easy},{care},\"{why}\"",
                rows.len(),
                clock(&mut chance, day),
                chance.pick(&["phone", "phone", "app", "wechat"]),
                if is_zh { "zh-CN" } else { "en" },
                agents.get(at).map_or("", String::as_str),
            ));
        }
    }
    Sheet { heading: "case,time,channel,language,agent,easy,care,why", rows }
}

/// Days that the shop's other systems tell of, the last of them yesterday.
const DAYS_MEASURED: i32 = 31;

/// What other systems measured in a month: the shop's orders and the service desk's times.
pub(super) fn measurements(today: i32, touchpoints: &[String], agents: &[String]) -> Vec<Value> {
    let mut chance = Chance(SEED ^ 2);
    let mut all = Vec::new();
    for day in today - DAYS_MEASURED..today {
        let date = civil::date(day);
        let orders = 140 + chance.below(60);
        let contacts = 20 + chance.below(15);
        let questions = 12 + chance.below(10);
        let counts = [
            ("orders", orders),
            ("repurchases", orders * (28 + chance.below(8)) / 100),
            ("contacts", contacts),
            ("contacts_solved_first", contacts * (80 + chance.below(15)) / 100),
            ("questions", questions),
            ("questions_covered", questions * (70 + chance.below(25)) / 100),
            ("departures", chance.below(3)),
        ];
        for (name, count) in counts {
            all.push(json!({ "name": name, "count": count, "key": format!("{name}-{date}"),
                "at": format!("{date}T23:00:00+08:00") }));
        }
        for number in 0..5 {
            let agent = agents.get(chance.index(AGENTS.len()));
            // A few wait far longer than the rest.
            let slow = if chance.below(12) == 0 { 9 } else { 1 };
            let times = [
                ("bot_first_response", 0, 1 + chance.below(3) * slow),
                ("human_pick_up", 0, (15 + chance.below(120)) * slow),
                ("after_sale_first_response", 4, (600 + chance.below(4000)) * slow),
                ("handling", 4, (300 + chance.below(1500)) * slow),
            ];
            let at = clock(&mut chance, day).replace(' ', "T");
            for (name, place, seconds) in times {
                all.push(json!({ "name": name, "seconds": seconds,
                    "key": format!("{name}-{date}-{number}"), "at": format!("{at}:00+08:00"),
                    "touchpoint_id": touchpoints.get(place), "agent_id": agent,
                    "channel": chance.pick(&["phone", "phone", "app", "wechat"]) }));
            }
        }
    }
    all.push(json!({ "name": "customers", "count": 1460, "key": "customers",
        "at": format!("{}T09:00:00+08:00", civil::date(today - DAYS_MEASURED / 2)) }));
    all
}

/// A time of day in the shop's zone, when people drink coffee.
fn clock(chance: &mut Chance, day: i32) -> String {
    format!("{} {:02}:{:02}", civil::date(day), 8 + chance.below(13), chance.below(60))
}

fn comment(chance: &mut Chance, is_zh: bool, recommend: i32, delivery: i32) -> &'static str {
    let said: &[&str] = match (is_zh, recommend, delivery) {
        (true, _, 1..=2) => &[
            "等了快两个小时，送到已经凉了。",
            "配送员找不到门，打电话也不接。",
            "包装压坏了，洒了半杯。",
            "以前半小时就到，这次太慢了。",
            "地址写得很清楚，还是送错了楼。",
        ],
        (false, _, 1..=2) => &[
            "It took two hours and arrived cold.",
            "The courier could not find the door and never called.",
            "Half of it was spilled in the bag.",
            "Delivery used to be quick. Not this time.",
        ],
        (true, 9..=10, _) => &[
            "豆子很香，会再来。",
            "拿铁奶泡细腻，店员也很热情。",
            "下单方便，到得很快。",
            "给同事都推荐了一遍。",
            "会员积分换的蛋糕很惊喜。",
        ],
        (false, 9..=10, _) => &[
            "The beans smell wonderful. I will be back.",
            "Quick, hot and friendly.",
            "Told the whole office about it.",
            "Ordering took ten seconds.",
        ],
        (true, 7..=8, _) => &["还不错，价格再低一点更好。", "中规中矩。", "希望多一些无糖的选择。"],
        (false, 7..=8, _) => &["Good, a little pricey.", "Fine. More sugar-free choices, please."],
        (true, ..) => &["口味偏苦，不太适合我。", "优惠券用不了，问了也没人回。", "杯子漏了一点。"],
        (false, ..) => &["Too bitter for me.", "My voucher did not work and nobody answered."],
    };
    chance.pick(said)
}

fn care_comment(chance: &mut Chance, is_zh: bool, care: i32) -> &'static str {
    let said: &[&str] = match (is_zh, care) {
        (true, 4..) => &["当场就解决了，态度很好。", "退款很快到账。", "讲得很清楚，谢谢。"],
        (false, 4..) => {
            &["Solved on the spot.", "The refund came the same day.", "Clear and kind."]
        }
        (true, _) => {
            &["转了三次才有人负责。", "说好回电，一直没有等到。", "同样的问题要重复讲好几遍。"]
        }
        (false, _) => {
            &["I was passed around three times.", "They promised a call that never came."]
        }
    };
    chance.pick(said)
}

/// Chance from a seed: `SplitMix64` (Steele, Lea, Flood 2014), the same on every machine.
pub(super) struct Chance(pub(super) u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(super) fn below(&mut self, limit: u32) -> u32 {
        u32::try_from(self.next() % u64::from(limit.max(1))).unwrap_or(0)
    }

    pub(super) fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from.get(self.index(from.len())).copied().unwrap_or_default()
    }

    pub(super) fn index(&mut self, length: usize) -> usize {
        let length = u32::try_from(length).unwrap_or(1);
        usize::try_from(self.below(length)).unwrap_or(0)
    }

    /// A score from 1 to `points`, on average at `percent` of the scale: two draws, the better
    /// counts for the happy, so most are content and a few are not.
    pub(super) fn score(&mut self, points: i32, percent: i32) -> i32 {
        let mut score = 1;
        for _ in 1..points {
            if self.below(100) < u32::try_from(percent.clamp(1, 99)).unwrap_or(1) {
                score += 1;
            }
        }
        // People are rarely lukewarm: one in nine gives the lowest or the highest.
        match self.below(18) {
            0 => 1,
            1..=4 if 75 <= percent => points,
            _ => score,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_tells_the_same_quarter() {
        let (first, second) = (orders(20_000), orders(20_000));
        assert_eq!(first.rows, second.rows);
        assert!((2000..5000).contains(&first.rows.len()), "{}", first.rows.len());
    }

    #[test]
    fn a_month_of_measurements_fits_one_call() {
        let all = measurements(20_000, &["t".to_owned()], &["a".to_owned()]);
        assert!((700..=domain::measure::BATCH_MAX).contains(&all.len()), "{}", all.len());
        for it in &all {
            let name = it["name"].as_str().unwrap();
            let measure = domain::measure::named(name).unwrap();
            assert_eq!(measure.is_duration, it.get("seconds").is_some(), "{name}");
        }
    }

    #[test]
    fn deliveries_dip_and_recover() {
        let rows = orders(20_000).rows;
        let mean = |from: i32, to: i32| {
            let days: Vec<String> = (from..to).map(|it| civil::date(20_000 - DAYS + it)).collect();
            let scores: Vec<f64> = rows
                .iter()
                .filter(|row| days.iter().any(|day| row.contains(day.as_str())))
                .filter_map(|row| row.split(',').nth(8)?.parse().ok())
                .collect();
            scores.iter().sum::<f64>() / scores.len() as f64
        };
        let (before, during, after) = (mean(0, 35), mean(42, 53), mean(64, 91));
        assert!(during + 0.8 < before && before < after, "{before} {during} {after}");
    }
}
