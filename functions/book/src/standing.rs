//! Where a call-back stands, in plain words: what comes next, until when, whether we are late.

use domain::UtcMs;
use domain::callback::{Mode, State};
use store::callbacks::Callback;
use web::lang::Lang;

use crate::chain::Turn;
use crate::sheet::{Clocks, minutes, queue};

const MINUTE_MS: i64 = domain::callback::MINUTE_MS;

/// What is told.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    /// In a few words.
    pub(crate) state: &'static str,
    /// Whether it is over as it should be.
    pub(crate) is_good: bool,
    /// Whether a promise is broken.
    pub(crate) is_late: bool,
    /// A few sentences.
    pub(crate) texts: Vec<String>,
}

/// Where it stands by now; a slot whose hold has run out is not held, whoever ends it.
pub(crate) fn state(row: &Callback, now: UtcMs) -> State {
    match State::parse(&row.state).unwrap_or_default() {
        State::Held if row.lease <= now => State::Expired,
        state => state,
    }
}

/// What is told of a call-back; `turn` is of one who waits.
pub(crate) fn of(clocks: Clocks, row: &Callback, turn: Turn) -> Standing {
    let (lang, now) = (clocks.lang, clocks.now);
    let mut it = Standing::default();
    match state(row, now) {
        State::Held => {
            it.state = lang.of("Held for you, not booked yet", "已为您保留，尚未确认");
            let left = minutes(lang, (row.lease - now + MINUTE_MS - 1) / MINUTE_MS);
            it.texts.push(match lang {
                Lang::En => format!(
                    "This time is kept for you for {left}. Confirm it below, or somebody else \
                     can have it."
                ),
                Lang::Zh => format!("该时段为您保留 {left}，请在下方确认，否则将开放给其他客户。"),
            });
        }
        State::Booked => {
            it.state = lang.of("Booked", "已预约");
            it.promise(clocks, row);
        }
        State::Waiting => it.waiting(clocks, row, turn),
        State::Calling => {
            it.state = lang.of("We are calling you", "正在致电");
            let text = lang.of("Please pick up your phone.", "请留意来电。");
            it.texts.push(text.to_owned());
        }
        State::Reached => {
            it.state = lang.of("We talked", "已通话");
            it.is_good = true;
            it.ended(clocks, row, ["We talked on {}. Thank you.", "我们已于 {} 与您通话，谢谢。"]);
        }
        State::Failed => it.failed(clocks, row),
        State::Cancelled => {
            it.state = lang.of("Cancelled", "已取消");
            let texts =
                ["It was cancelled on {}. Nobody will call you.", "已于 {} 取消，我们不会再致电。"];
            it.ended(clocks, row, texts);
        }
        State::Expired => it.expired(clocks, row),
    }
    it
}

impl Standing {
    /// A sentence with the instant at which it ended.
    fn ended(&mut self, clocks: Clocks, row: &Callback, texts: [&str; 2]) {
        let at = clocks.moment(row.ended_at.unwrap_or(row.updated_at));
        self.texts.push(clocks.lang.of(texts[0], texts[1]).replace("{}", &at));
    }

    /// An appointment, or that we are late for it.
    fn promise(&mut self, clocks: Clocks, row: &Callback) {
        let length = minutes(clocks.lang, (row.end - row.start) / MINUTE_MS);
        let is_past = row.due_by < clocks.now;
        self.is_late = row.promise == 2 || (row.promise == 0 && is_past);
        self.texts.push(match (clocks.lang, self.is_late) {
            (Lang::En, false) => format!("We call you then. Please take {length} for it."),
            (Lang::Zh, false) => format!("我们将按时致电，请预留 {length}。"),
            (Lang::En, true) => {
                "We promised to call you by now and have not done so. We are sorry: we call as \
                 soon as we can."
                    .to_owned()
            }
            (Lang::Zh, true) => {
                "我们承诺的致电时间已过，但尚未致电，非常抱歉。我们会尽快致电。".to_owned()
            }
        });
    }

    /// One whose turn comes, or that is tried again.
    fn waiting(&mut self, clocks: Clocks, row: &Callback, turn: Turn) {
        let (lang, now) = (clocks.lang, clocks.now);
        self.state = lang.of("Waiting", "排队中");
        if 0 < row.attempts {
            self.state = lang.of("We try again", "将再次致电");
            self.texts.push(tried(lang, row.attempts));
            let due = clocks.moment(row.due);
            self.texts.push(match (lang, now < row.due) {
                (Lang::En, true) => format!("We try again, not before {due}."),
                (Lang::Zh, true) => format!("我们会再次致电，不早于 {due}。"),
                (Lang::En, false) => "We try again as soon as somebody is free.".to_owned(),
                (Lang::Zh, false) => "有人空闲时我们会再次致电。".to_owned(),
            });
            return;
        }
        if Mode::parse(&row.mode) == Some(Mode::Visit) {
            self.state = lang.of("Planned", "已安排");
            let (from, until) = (clocks.moment(row.due), clocks.moment(row.expires));
            self.texts.push(match lang {
                Lang::En => format!("We call you between {from} and {until}."),
                Lang::Zh => format!("我们将在 {from} 至 {until} 之间致电。"),
            });
            return;
        }
        self.texts.extend(queue(clocks, turn));
        let by = clocks.moment(row.due_by);
        self.is_late = row.promise == 2 || (row.promise == 0 && row.due_by < now);
        self.texts.push(match (lang, self.is_late) {
            (Lang::En, false) => format!("We promise to call by {by} at the latest."),
            (Lang::Zh, false) => format!("我们承诺最迟于 {by} 前致电。"),
            (Lang::En, true) => {
                format!("We promised to call by {by} and have not done so. We are sorry.")
            }
            (Lang::Zh, true) => format!("我们承诺在 {by} 前致电，但尚未做到，非常抱歉。"),
        });
    }

    /// One that came to nothing.
    fn failed(&mut self, clocks: Clocks, row: &Callback) {
        let lang = clocks.lang;
        self.state = lang.of("Not reached", "未能接通");
        match row.outcome.as_str() {
            "wrong_number" => self.texts.push(
                lang.of(
                    "The number that we have is not yours. You can book again with another one.",
                    "我们拨打的号码不是您本人的，请更换号码重新预约。",
                )
                .to_owned(),
            ),
            "refused" | "do_not_call" => {
                self.state = lang.of("Ended", "已结束");
                let text = match row.outcome.as_str() {
                    "refused" => lang.of(
                        "You told us that you do not want this call.",
                        "您表示不需要此次回电。",
                    ),
                    _ => lang.of(
                        "You asked us not to call again. We do not call this number any more.",
                        "您已要求不再致电，我们不会再拨打该号码。",
                    ),
                };
                self.texts.push(text.to_owned());
            }
            _ => {
                self.texts.push(tried(lang, row.attempts));
                let text = lang.of(
                    "We do not try again. You can book another call.",
                    "我们不再继续拨打，您可以重新预约。",
                );
                self.texts.push(text.to_owned());
            }
        }
    }

    /// One whose time is over.
    fn expired(&mut self, clocks: Clocks, row: &Callback) {
        let lang = clocks.lang;
        self.state = lang.of("Expired", "已过期");
        let ended = row.ended_at.unwrap_or(row.lease);
        // What ended before it was due was held and never confirmed.
        let was_held = row.attempts == 0 && row.start != 0 && ended < row.start;
        let text = match was_held {
            true => lang.of(
                "This time was not confirmed, so it is not kept for you any more.",
                "该时段未及时确认，已不再为您保留。",
            ),
            false => lang.of(
                "The call did not come about in time. You can book another one.",
                "回电未能如期进行，您可以重新预约。",
            ),
        };
        self.texts.push(text.to_owned());
    }
}

/// How often nobody answered.
fn tried(lang: Lang, attempts: i64) -> String {
    match (lang, attempts) {
        (Lang::En, 1) => "We called you and did not reach you.".to_owned(),
        (Lang::En, _) => format!("We called you {attempts} times and did not reach you."),
        (Lang::Zh, _) => format!("我们已致电 {attempts} 次，未能接通。"),
    }
}
