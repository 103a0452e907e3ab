//! Three weeks of call-backs and the one to come, played through the API while the clock moves on:
//! appointments, a queue, visits that rules make, retries, no-shows and people who had enough.
//!
//! Everything comes from one seed and from the day on which it is played. All names, numbers and
//! words are invented; the numbers are of ranges that nobody has.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result};
use domain::civil::{self, DAY_MS};
use serde_json::{Map, Value, json};

use super::desk::{Desk, Services, done};
use super::quarter::Chance;

/// Days played, up to now.
pub(super) const DAYS: i32 = 21;
/// Any fixed number gives believable weeks.
const SEED: u64 = 20_261_122;
const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
/// Shanghai's clocks are so much ahead.
const AHEAD: i64 = 8 * HOUR;
/// Appointments and places in the queue that are left for the days to come.
const TO_COME: (usize, usize) = (16, 3);

const NAMES: [[&str; 12]; 2] = [
    [
        "顾清和",
        "许思齐",
        "林小满",
        "高一川",
        "沈木兰",
        "罗子衿",
        "白露",
        "何青禾",
        "苏望舒",
        "程以恒",
        "江若水",
        "段星野",
    ],
    [
        "Ada Marsh",
        "Ben Kerr",
        "Chloe Wynn",
        "Dev Lark",
        "Ella Stone",
        "Finn Hale",
        "Grace Poole",
        "Hugo Finch",
        "Iris Dale",
        "Jonas Reeve",
        "Kit Barlow",
        "Lena Frost",
    ],
];

/// What members are called.
pub(super) const MEMBERS: [&str; 12] = [
    "陆遥",
    "宋知秋",
    "唐可",
    "孟晚晴",
    "傅青山",
    "乔安",
    "方同",
    "贺兰心",
    "叶知微",
    "温良",
    "杜若",
    "秦川",
];

const COMPLAINTS: [&str; 6] = [
    "会员积分没有到账，客服说三天，已经一周了",
    "订的生日蛋糕写错了名字，希望有人回电说明",
    "门店的咖啡机坏了，等了四十分钟才退款",
    "外卖杯盖又漏了，包里全是咖啡",
    "优惠券过期前一天被收回，没有任何通知",
    "上次答应补发的滤纸一直没有寄到",
];

const GOOD: [&str; 4] =
    ["问题解决得很快，谢谢", "新豆子很香，会继续买", "客服态度很好", "补发的已经收到了"];
const BAD: [&str; 3] =
    ["退款还是慢了，希望改进", "解释了两遍才明白规则", "杯盖又漏了一次，有点失望"];
const NOTES: [&str; 5] =
    ["想了解手冲套装", "推荐了浅烘埃塞", "询问会员日时间", "已发送门店地址", "想订公司下午茶"];

/// Something that happens at its time.
enum Deed {
    /// A day begins: who is to be visited?
    Morning,
    /// Somebody chooses a time.
    Book,
    /// Somebody wants to be called as soon as possible.
    Queue,
    /// A member complains.
    Complain,
    /// Their complaint is solved.
    Solve(String),
    /// Somebody calls.
    Call(String),
    /// Somebody calls it off.
    Cancel(String),
    /// Somebody wants another time.
    Move(String),
}

/// The weeks, as far as they are played.
struct Play<'a, D> {
    desk: &'a D,
    services: &'a Services,
    agents: &'a [String],
    chance: Chance,
    /// What is to come, in its order.
    deeds: BTreeMap<(i64, usize), Deed>,
    /// Those of whom somebody will think anyway.
    known: BTreeSet<String>,
    /// How many deeds there were, and people.
    counts: (usize, usize),
    now: i64,
}

/// Plays the weeks up to `now` and books some of the next one; how many call-backs there were.
pub(super) async fn play(
    desk: &impl Desk,
    services: &Services,
    agents: &[String],
    now: i64,
) -> Result<usize> {
    let (deeds, known) = (BTreeMap::new(), BTreeSet::new());
    let (chance, counts) = (Chance(SEED), (0, 0));
    let begin = began(now);
    let mut play = Play { desk, services, agents, chance, deeds, known, counts, now: begin };
    play.plan(begin);
    let mut ticked = 0;
    while let Some(((at, _), deed)) = play.deeds.pop_first() {
        if now <= at {
            break;
        }
        play.go_to(at);
        if ticked + 10 * MINUTE <= play.now {
            ticked = play.now;
            desk.tick().await?;
        }
        play.happen(deed).await?;
    }
    play.go_to(now);
    for _ in 0..TO_COME.0 {
        play.book().await?;
    }
    for _ in 0..TO_COME.1 {
        play.queue().await?;
    }
    desk.tick().await?;
    Ok(play.known.len())
}

/// When the play begins: in the morning, so many days ago.
pub(super) fn began(now: i64) -> i64 {
    let today = (now + AHEAD).div_euclid(DAY_MS);
    (today - i64::from(DAYS)) * DAY_MS - AHEAD + 8 * HOUR
}

impl<D: Desk> Play<'_, D> {
    /// What happens on each day whatever comes of it.
    fn plan(&mut self, begin: i64) {
        for day in 0..=i64::from(DAYS) {
            let morning = begin + day * DAY_MS;
            self.at(morning + HOUR, Deed::Morning);
            let day_number = i32::try_from((morning + AHEAD).div_euclid(DAY_MS)).unwrap_or(0);
            let is_sunday = civil::weekday(day_number) == 6;
            let (appointments, queue) = if is_sunday { (1, 0) } else { (2, 2) };
            for _ in 0..appointments + self.chance.below(2) {
                let at = morning + self.minutes(90, 690);
                self.at(at, Deed::Book);
            }
            for _ in 0..queue + self.chance.below(2) {
                let at = morning + self.minutes(120, 540);
                self.at(at, Deed::Queue);
            }
            if day % 2 == 0 && !is_sunday {
                let at = morning + self.minutes(120, 420);
                self.at(at, Deed::Complain);
            }
        }
    }

    fn at(&mut self, at: i64, deed: Deed) {
        self.counts.0 += 1;
        self.deeds.insert((at, self.counts.0), deed);
    }

    /// So many minutes, at least and less than.
    fn minutes(&mut self, least: u32, most: u32) -> i64 {
        i64::from(least + self.chance.below(most - least)) * MINUTE
    }

    /// Time goes on. It never goes back: whoever talks on the phone is late for what comes next.
    fn go_to(&mut self, at: i64) {
        self.now = self.now.max(at);
        self.desk.travel(self.now);
    }

    async fn happen(&mut self, deed: Deed) -> Result<()> {
        match deed {
            Deed::Morning => self.visit().await,
            Deed::Book => self.book().await,
            Deed::Queue => self.queue().await,
            Deed::Complain => self.complain().await,
            Deed::Solve(id) => {
                let body =
                    json!({ "text": "已核实并补偿，向您致歉 put right, with our apologies" });
                self.may("POST", &format!("/v1/complaints/{id}/solve"), body).await.map(|_| ())
            }
            Deed::Call(id) => self.call(&id).await,
            Deed::Cancel(id) => {
                let path = format!("/v1/callbacks/{id}/cancel");
                self.may("POST", &path, json!({})).await.map(|_| ())
            }
            Deed::Move(id) => self.change_time(&id).await,
        }
    }

    /// Sends what may have become impossible meanwhile; nothing then.
    async fn may(&self, method: &str, path: &str, body: Value) -> Result<Option<Value>> {
        let (status, told) = self.desk.send(method, path, Some(body)).await?;
        match status {
            200..300 => Ok(Some(told)),
            409 | 422 => Ok(None),
            _ => anyhow::bail!("{method} {path}: {status} {told}"),
        }
    }

    /// Somebody new: their name, number, language and where their clocks are.
    fn person(&mut self) -> Map<String, Value> {
        self.counts.1 += 1;
        let number = self.counts.1;
        let lang = usize::from(self.chance.below(6) == 0);
        let name = NAMES.get(lang).map_or("", |names| self.chance.pick(names));
        let (phone, language, zone) = match lang {
            0 => (format!("199 0000 {number:04}"), "zh-CN", "Asia/Shanghai"),
            _ => (format!("+44 7700 900{:03}", number % 900), "en", "Europe/London"),
        };
        let mut person = Map::new();
        for (key, value) in
            [("name", name), ("phone", &phone), ("language", language), ("tz", zone)]
        {
            person.insert(key.to_owned(), value.into());
        }
        person
    }

    /// The times that can be had, some days ahead at most.
    async fn slots(&self, person: &Map<String, Value>) -> Result<Vec<String>> {
        let text = |name: &str| person.get(name).and_then(Value::as_str).unwrap_or_default();
        let (service, language, zone) = (&self.services.consulting, text("language"), text("tz"));
        let path = format!("/v1/slots?service={service}&language={language}&tz={zone}&limit=60");
        let told = done(self.desk, "GET", &path, None).await?;
        let items = told.get("items").and_then(Value::as_array).cloned().unwrap_or_default();
        let start = |it: &Value| Some(it.get("start")?.as_str()?.to_owned());
        Ok(items.iter().filter_map(start).collect())
    }

    async fn book(&mut self) -> Result<()> {
        let mut body = self.person();
        let slots = self.slots(&body).await?;
        let Some(start) = slots.get(self.chance.index(slots.len())) else { return Ok(()) };
        let whim = self.chance.below(100);
        body.insert("service_id".to_owned(), self.services.consulting.as_str().into());
        body.insert("start".to_owned(), start.as_str().into());
        // Some hold a time and think better of it.
        body.insert("hold".to_owned(), (whim < 6).into());
        let told = self.may("POST", "/v1/callbacks", body.into()).await?;
        let Some(told) = told else { return Ok(()) };
        let id = self.note(&told)?;
        let at = civil::parse_rfc3339(start).context("a slot without a time")?;
        let sooner = self.now + (at - self.now) / 2;
        match whim {
            0..6 => return Ok(()),
            6..16 => self.at(sooner, Deed::Cancel(id.clone())),
            16..26 => self.at(sooner, Deed::Move(id.clone())),
            _ => {}
        }
        let late = self.late();
        self.at(at + late, Deed::Call(id));
        Ok(())
    }

    /// How late somebody calls: most are on time.
    fn late(&mut self) -> i64 {
        match self.chance.below(20) {
            0 => self.minutes(16, 40),
            1..4 => self.minutes(5, 14),
            _ => self.minutes(0, 4),
        }
    }

    async fn queue(&mut self) -> Result<()> {
        let mut body = self.person();
        body.insert("service_id".to_owned(), self.services.call_back.as_str().into());
        body.insert("mode".to_owned(), "asap".into());
        // Whoever wants to be called at once is awake.
        body.insert("tz".to_owned(), "Asia/Shanghai".into());
        // Some have listened to music for a while.
        if self.chance.below(3) == 0 {
            let since = self.now - self.minutes(3, 15);
            body.insert("waiting_since".to_owned(), civil::rfc3339(since, 0).into());
        }
        let told = self.may("POST", "/v1/callbacks", body.into()).await?;
        let Some(told) = told else { return Ok(()) };
        let id = self.note(&told)?;
        let busy = self.chance.below(8) == 0;
        let wait = if busy { self.minutes(50, 110) } else { self.minutes(3, 40) };
        self.at(self.now + wait, Deed::Call(id));
        Ok(())
    }

    async fn complain(&mut self) -> Result<()> {
        let number = 1 + self.chance.below(super::quarter::CORE_CUSTOMERS);
        let body = json!({
            "text": self.chance.pick(&COMPLAINTS), "channel": "phone",
            "customer": { "external_id": format!("M{number:04}") },
        });
        let told = done(self.desk, "POST", "/v1/complaints", Some(body)).await?;
        let id = text(&told, "id")?;
        let at = self.now + self.minutes(60, 600);
        self.at(at, Deed::Solve(id));
        Ok(())
    }

    /// Whom rules want to be called is called in the course of the day.
    async fn visit(&mut self) -> Result<()> {
        let told = done(self.desk, "GET", "/v1/callbacks?state=waiting&limit=100", None).await?;
        let items = told.get("items").and_then(Value::as_array).cloned().unwrap_or_default();
        for it in items.iter().filter(|it| it.get("mode").is_some_and(|it| it == "visit")) {
            let id = text(it, "id")?;
            if self.known.insert(id.clone()) {
                let due = it.get("due").and_then(Value::as_str).and_then(civil::parse_rfc3339);
                let at = due.unwrap_or(self.now).max(self.now) + self.minutes(20, 420);
                self.at(at, Deed::Call(id));
            }
        }
        Ok(())
    }

    async fn change_time(&mut self, id: &str) -> Result<()> {
        let path = format!("/v1/callbacks/{id}");
        let told = done(self.desk, "GET", &path, None).await?;
        let mut person = Map::new();
        for name in ["language", "tz"] {
            person.insert(name.to_owned(), told.get(name).cloned().unwrap_or_default());
        }
        let slots = self.slots(&person).await?;
        let Some(start) = slots.get(self.chance.index(slots.len())) else { return Ok(()) };
        self.may("POST", &format!("{path}/move"), json!({ "start": start })).await?;
        Ok(())
    }

    /// Somebody calls, unless there is nobody to be called any more; or later, if their time is.
    async fn call(&mut self, id: &str) -> Result<()> {
        let path = format!("/v1/callbacks/{id}");
        let row = done(self.desk, "GET", &path, None).await?;
        let of = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default();
        let due = civil::parse_rfc3339(of("due"));
        if !matches!(of("state"), "booked" | "waiting") {
            return Ok(());
        }
        if let Some(due) = due.filter(|it| self.now < *it) {
            let at = due + self.late();
            self.at(at, Deed::Call(id.to_owned()));
            return Ok(());
        }
        let is_visit = of("service_id") == self.services.follow_up;
        let agent = match of("agent_id") {
            "" => self.whoever(),
            agent => agent.to_owned(),
        };
        let taken = self.may("POST", &format!("{path}/take"), json!({ "agent_id": agent })).await?;
        if taken.is_none() {
            return Ok(());
        }
        let mut body = self.outcome(is_visit);
        let seconds = body.get("duration_s").and_then(Value::as_i64).unwrap_or(0);
        self.go_to(self.now + seconds * 1000 + MINUTE);
        body.insert("agent_id".to_owned(), agent.into());
        let attempts = format!("{path}/attempts");
        let told = done(self.desk, "POST", &attempts, Some(body.into())).await?;
        if told.get("state").is_some_and(|it| it == "waiting") {
            let due = told.get("due").and_then(Value::as_str).and_then(civil::parse_rfc3339);
            let at = due.unwrap_or(self.now) + self.minutes(1, 25);
            self.at(at, Deed::Call(id.to_owned()));
        }
        Ok(())
    }

    /// Who is at work: London in the afternoon of Shanghai.
    fn whoever(&mut self) -> String {
        let hour = (self.now + AHEAD).rem_euclid(DAY_MS) / HOUR;
        let at = match self.chance.below(4) {
            1 if (16..21).contains(&hour) => 1,
            1 | 0 => 0,
            other => usize::try_from(other).unwrap_or(0),
        };
        self.agents.get(at).cloned().unwrap_or_default()
    }

    /// What comes of a call, and in a visit what they answer.
    fn outcome(&mut self, is_visit: bool) -> Map<String, Value> {
        let seconds = |play: &mut Self, least: u32, most: u32| least + play.chance.below(most);
        let mut body = Map::new();
        let (outcome, took) = match self.chance.below(100) {
            0..70 => ("reached", seconds(self, 90, 500)),
            70..87 => ("no_answer", seconds(self, 20, 25)),
            87..94 => ("busy", 5),
            94..96 => ("wrong_number", seconds(self, 15, 20)),
            96..98 => ("refused", seconds(self, 15, 30)),
            _ => ("do_not_call", seconds(self, 15, 30)),
        };
        body.insert("outcome".to_owned(), outcome.into());
        body.insert("duration_s".to_owned(), took.into());
        if outcome == "reached" && is_visit {
            let skill = 80;
            let result = self.chance.score(5, skill);
            let say = if result < 4 { self.chance.pick(&BAD) } else { self.chance.pick(&GOOD) };
            body.insert(
                "answers".to_owned(),
                json!({
                    "result": result, "service": self.chance.score(5, skill),
                    "product": self.chance.score(5, skill), "say": say,
                }),
            );
        } else if outcome == "reached" {
            body.insert("note".to_owned(), self.chance.pick(&NOTES).into());
        }
        body
    }

    /// Remembers a call-back that was made.
    fn note(&mut self, told: &Value) -> Result<String> {
        let id = text(told, "id")?;
        self.known.insert(id.clone());
        Ok(id)
    }
}

fn text(value: &Value, name: &str) -> Result<String> {
    let text = value.get(name).and_then(Value::as_str);
    Ok(text.with_context(|| format!("the answer has no {name}: {value}"))?.to_owned())
}

#[cfg(test)]
mod tests {
    use domain::phone::{Region, e164};
    use domain::zone::Zone;

    use super::*;

    #[test]
    fn it_begins_in_the_morning_three_weeks_ago() {
        for hour in 0..24 {
            let now = 20_000 * DAY_MS + hour * HOUR;
            let begin = civil::rfc3339(began(now), 8 * 60 * 60);
            assert!(begin.ends_with("T08:00:00+08:00"), "{begin}");
            let ago = (now - began(now)) / HOUR - i64::from(DAYS) * 24;
            assert!((-8..16).contains(&ago), "{ago} hours");
        }
    }

    #[test]
    fn everybody_has_a_number_that_can_be_called() {
        let region = Region::of_zone(&Zone::SHANGHAI.name());
        for text in ["199 0000 0001", "+44 7700 900899", "199 0001 0012", "199 0000 9908"] {
            assert!(e164(text, region).is_ok(), "{text}");
        }
        for line in COMPLAINTS.iter().chain(&GOOD).chain(&BAD).chain(&NOTES) {
            assert!((5..40).contains(&line.chars().count()), "{line}");
        }
    }
}
