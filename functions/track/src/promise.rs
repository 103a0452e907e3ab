//! The promise of a case in plain words: what comes next, until when, and whether it is late.

use domain::UtcMs;
use domain::case::{Moment, State, Step, read_history};
use domain::zone::Zone;
use pages::time::{moment, span};
use store::cases::Case;
use web::lang::Lang;

/// What is told of the promise.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Promise {
    /// Whether a promise is broken.
    pub(crate) is_late: bool,
    /// A few sentences.
    pub(crate) texts: Vec<String>,
}

/// Where a case stands, in a few words.
pub(crate) fn state(lang: Lang, state: State) -> &'static str {
    match state {
        State::Open => lang.of("We are working on it", "处理中"),
        State::Waiting => lang.of("Your turn: we asked you something", "等待您的回复"),
        State::Solved => lang.of("Solved, as far as we can see", "已给出解决结果"),
        State::Closed => lang.of("Closed", "已结案"),
        State::Merged => lang.of("Handled together with others", "已与其他投诉合并处理"),
    }
}

/// Whether something happened since the case came in or came back.
fn has(history: &[Moment], is: impl Fn(Step) -> bool) -> Option<UtcMs> {
    let start = history.iter().rposition(|it| matches!(it.step, Step::Started(..))).unwrap_or(0);
    let round = history.get(start..).unwrap_or_default();
    round.iter().find(|it| is(it.step)).map(|it| it.at)
}

/// What is promised next.
pub(crate) fn of(lang: Lang, case: &Case, zone: Zone, now: UtcMs) -> Promise {
    let history = read_history(&case.history).unwrap_or_default();
    let answered = has(&history, |it| matches!(it, Step::Answered | Step::Solved));
    let planned = has(&history, |it| it == Step::Planned);
    let say = |at: UtcMs| moment(lang, zone, at, now);
    let mut promise = Promise::default();
    match State::parse(&case.state).unwrap_or_default() {
        State::Open | State::Waiting => {
            let is_waiting = case.state == State::Waiting.name();
            if is_waiting {
                promise.texts.push(turn(lang).to_owned());
            }
            let (what, due) = match (answered, planned) {
                (None, _) => (What::Answer, case.answer_due),
                (Some(_), None) => (What::Plan, case.solution_due),
                (Some(_), Some(_)) => (What::Solution, case.closing_due),
            };
            if let Some(at) = answered {
                promise.texts.push(match lang {
                    Lang::En => format!("We first answered you on {}.", say(at)),
                    Lang::Zh => format!("我们已于 {} 首次答复您。", say(at)),
                });
            }
            match due {
                Some(due) => promise.due(lang, what, (due, zone), now),
                None if is_waiting => {
                    let stands = lang.of(
                        "Until you reply, the time that we promised you stands still.",
                        "在您回复之前，我们承诺的时限暂停计算。",
                    );
                    promise.texts.push(stands.to_owned());
                }
                None => {}
            }
        }
        State::Solved => promise.texts.push(solved(lang, case.solved_at.map(say))),
        State::Closed => {
            if let Some(at) = case.closed_at.map(say) {
                promise.texts.push(match lang {
                    Lang::En => format!("It was closed on {at}."),
                    Lang::Zh => format!("已于 {at} 结案。"),
                });
            }
        }
        State::Merged => {}
    }
    promise
}

/// What is promised.
#[derive(Clone, Copy)]
enum What {
    Answer,
    Plan,
    Solution,
}

impl Promise {
    /// A promise that is still to be kept.
    fn due(&mut self, lang: Lang, what: What, (due, zone): (UtcMs, Zone), now: UtcMs) {
        let (when, left) = (moment(lang, zone, due, now), span(lang, due - now));
        self.is_late = due <= now;
        let text = match (lang, self.is_late) {
            (Lang::En, false) => {
                let what = match what {
                    What::Answer => "We answer you by",
                    What::Plan => "We tell you how it will be solved by",
                    What::Solution => "It will be settled by",
                };
                format!("{what} {when}, in {left}.")
            }
            (Lang::En, true) => {
                let what = match what {
                    What::Answer => "to answer you",
                    What::Plan => "to tell you how it will be solved",
                    What::Solution => "to settle it",
                };
                format!(
                    "We promised {what} by {when} and have not done so: we are late by {left}. \
                     We are sorry."
                )
            }
            (Lang::Zh, false) => {
                let what = match what {
                    What::Answer => "答复您",
                    What::Plan => "告知您解决方案",
                    What::Solution => "处理完毕",
                };
                format!("我们将在 {when} 前{what}，还有{left}。")
            }
            (Lang::Zh, true) => {
                let what = match what {
                    What::Answer => "答复您",
                    What::Plan => "告知您解决方案",
                    What::Solution => "处理完毕",
                };
                format!("我们承诺在 {when} 前{what}，但尚未做到，已超时{left}。非常抱歉。")
            }
        };
        self.texts.push(text);
    }
}

fn turn(lang: Lang) -> &'static str {
    lang.of(
        "We asked you something; see below. Please answer, so that we can go on.",
        "我们有问题需要您回复，见下方。请您回复，以便我们继续处理。",
    )
}

fn solved(lang: Lang, at: Option<String>) -> String {
    let at = at.unwrap_or_default();
    match lang {
        Lang::En => format!(
            "We told you our solution on {at}. If it does not solve it for you, say so below."
        ),
        Lang::Zh => format!("我们已于 {at} 给出解决结果。如果问题没有解决，请在下方告诉我们。"),
    }
}
