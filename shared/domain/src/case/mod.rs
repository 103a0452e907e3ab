//! Cases: complaints from their receipt to their closing (ISO 10002:2018 §8).

pub mod act;
pub mod count;
pub mod ledger;
pub mod number;
pub mod work;

use crate::UtcMs;
use crate::names::named;

/// How bad it is. `domain` knows the order; what falls under which is policy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// Praise, a question, nothing: no complaint.
    #[default]
    None,
    /// 一般: dissatisfaction without a failure in substance.
    General,
    /// 中度: product or service failed in substance for one customer.
    Moderate,
    /// 重大: people in danger, many hit, fraud, a large loss.
    Major,
}

/// Where a case stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// Staff have to act.
    #[default]
    Open,
    /// The customer has to: the clocks that may pause do.
    Waiting,
    /// Staff say that it is solved; the customer may rate, appeal or reopen.
    Solved,
    /// Closed with its cause and remedy.
    Closed,
    /// Became part of another case.
    Merged,
}

/// What kind of need is behind it (需求分类).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Need {
    /// Nobody knows yet.
    #[default]
    Unknown,
    /// 产品.
    Product,
    /// 服务.
    Service,
    /// 体验.
    Experience,
}

/// How soon somebody must look, apart from its grade.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// In its turn.
    #[default]
    Normal,
    /// Before others.
    High,
    /// At once: people are in danger, or it goes on happening.
    Immediate,
}

/// Where it came from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Source {
    /// The embedded form of a site.
    Widget,
    /// The hosted form.
    Page,
    /// Keyed in by staff: phone, shop, mail.
    #[default]
    Staff,
    /// A low score of a survey.
    Survey,
    /// A program with a key.
    Api,
    /// A file.
    Import,
    /// A ticket that another system sent.
    Inbound,
    /// Many alike: the parent of a surge.
    Surge,
}

/// Why it happened (R5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CauseKind {
    /// 流程漏洞.
    ProcessGap,
    /// 产品缺陷.
    ProductDefect,
    /// 服务失误.
    ServiceError,
}

named!(Grade, 4, None "none", General "general", Moderate "moderate", Major "major");
named!(State, 5, Open "open", Waiting "waiting", Solved "solved", Closed "closed", Merged "merged");
named!(Need, 4, Unknown "", Product "product", Service "service", Experience "experience");
named!(Urgency, 3, Normal "normal", High "high", Immediate "immediate");
named!(Source, 8, Widget "widget", Page "page", Staff "staff", Survey "survey", Api "api",
    Import "import", Inbound "inbound", Surge "surge");
named!(CauseKind, 3, ProcessGap "process_gap", ProductDefect "product_defect",
    ServiceError "service_error");

/// What the clocks of a case are computed from: one step of its history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// When.
    pub at: UtcMs,
    /// What.
    pub step: Step,
}

/// What happened to a case, as far as its clocks care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It came in, or came back: every clock starts, under this grade and tier.
    Started(Grade, Tier),
    /// Its grade or tier changed: the clocks go on under the new ones, and keep their pauses.
    Graded(Grade, Tier),
    /// The customer was answered.
    Answered,
    /// The customer was told how it will be solved.
    Planned,
    /// The customer has to act.
    Waiting,
    /// The customer did.
    Resumed,
    /// It was solved.
    Solved,
    /// The customer did not agree: what was solved is not.
    Contested,
    /// It was closed.
    Closed,
}

/// The after-sale tier: 1 the golden channel (黄金通道), 2 working days, 0 none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tier {
    /// Only the grade's own clocks.
    #[default]
    None,
    /// A specialist within the hour.
    One,
    /// A solution within working days.
    Two,
}

impl Tier {
    /// The tier of this number.
    pub fn of(number: i64) -> Option<Tier> {
        [Tier::None, Tier::One, Tier::Two].into_iter().find(|it| it.number() == number)
    }

    /// Its number.
    pub const fn number(self) -> i64 {
        match self {
            Tier::None => 0,
            Tier::One => 1,
            Tier::Two => 2,
        }
    }

    /// The tier that goes with a grade until staff say otherwise.
    pub const fn of_grade(grade: Grade) -> Tier {
        match grade {
            Grade::Major => Tier::One,
            Grade::Moderate => Tier::Two,
            Grade::None | Grade::General => Tier::None,
        }
    }
}

/// Writes a history for the database: `at step` with commas between, a grade as
/// `at started major 1`.
pub fn write_history(history: &[Moment]) -> String {
    let mut text = String::with_capacity(history.len() * 24);
    for it in history {
        if !text.is_empty() {
            text.push(',');
        }
        text.push_str(&it.at.to_string());
        text.push(' ');
        text.push_str(it.step.name());
        if let Step::Started(grade, tier) | Step::Graded(grade, tier) = it.step {
            text.push(' ');
            text.push_str(grade.name());
            text.push(' ');
            text.push_str(&tier.number().to_string());
        }
    }
    text
}

/// Reads what [`write_history`] wrote.
pub fn read_history(text: &str) -> Option<Vec<Moment>> {
    let mut history = Vec::new();
    for part in text.split(',').filter(|it| !it.is_empty()) {
        let mut words = part.split(' ');
        let at = words.next()?.parse().ok()?;
        let name = words.next()?;
        let mut graded = || {
            let grade = Grade::parse(words.next()?)?;
            Some((grade, Tier::of(words.next()?.parse().ok()?)?))
        };
        let step = match name {
            "started" => graded().map(|(grade, tier)| Step::Started(grade, tier))?,
            "graded" => graded().map(|(grade, tier)| Step::Graded(grade, tier))?,
            name => STEPS.into_iter().find(|it| it.name() == name)?,
        };
        history.push(Moment { at, step });
    }
    Some(history)
}

/// The steps that are only a name.
const STEPS: [Step; 7] = [
    Step::Answered,
    Step::Planned,
    Step::Waiting,
    Step::Resumed,
    Step::Solved,
    Step::Contested,
    Step::Closed,
];

impl Step {
    /// Its name in the database and in timelines.
    pub const fn name(self) -> &'static str {
        match self {
            Step::Started(..) => "started",
            Step::Graded(..) => "graded",
            Step::Answered => "answered",
            Step::Planned => "planned",
            Step::Waiting => "waiting",
            Step::Resumed => "resumed",
            Step::Solved => "solved",
            Step::Contested => "contested",
            Step::Closed => "closed",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_history_reads_back_as_it_was_written() {
        let mut history = vec![
            Moment { at: 5, step: Step::Started(Grade::Major, Tier::One) },
            Moment { at: 7, step: Step::Graded(Grade::General, Tier::None) },
        ];
        history.extend(STEPS.into_iter().map(|step| Moment { at: -3, step }));
        let text = write_history(&history);
        assert!(text.starts_with("5 started major 1,7 graded general 0,-3 answered"), "{text}");
        assert_eq!(read_history(&text), Some(history));
        assert_eq!(read_history(""), Some(Vec::new()));
        for wrong in ["5", "x answered", "5 started", "5 started major", "5 started bad 1", "5 z"] {
            assert_eq!(read_history(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn grades_and_urgencies_are_in_order() {
        assert!(Grade::None < Grade::General && Grade::Moderate < Grade::Major);
        assert!(Urgency::Normal < Urgency::Immediate);
        for (it, name) in Source::ALL.into_iter().zip(Source::NAMES) {
            assert_eq!(Source::parse(name), Some(it));
        }
        assert_eq!(Tier::of_grade(Grade::Major), Tier::One);
        assert_eq!(Tier::of(3), None);
    }
}
