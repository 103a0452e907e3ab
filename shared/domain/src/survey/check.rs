//! What is wrong with a definition although each of its parts is right.

use super::logic::suits;
use super::{Ask, Choice, Columns, Condition, Definition, Operand, Question, Test, Texts};

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// A jump names no question and no ending.
    Nowhere,
    /// A jump leads back, or to its own question: nobody would ever finish.
    Loop,
    /// No path reaches this question.
    Unreachable,
    /// The rule before it always holds.
    DeadRule,
    /// A condition names a question that does not exist.
    NoQuestion,
    /// A condition looks at a question that comes later, when it has no answer yet.
    Later,
    /// A condition names a row that the question does not have.
    NoRow,
    /// A condition names a hidden field that does not exist.
    NoField,
    /// Answers to this question cannot be tested so.
    Unsuited,
    /// A condition compares with an option that the question does not have.
    NoOption,
    /// A condition compares with a number that is off the scale.
    OffScale,
    /// Only quotas know groups and channels.
    QuotasOnly,
    /// An ending that does not exist.
    NoEnding,
    /// It closes before it opens.
    ClosedBefore,
    /// More is asked for than there are options.
    TooMany,
    /// An e-mail address or a phone number is asked for twice; a response keeps one of each.
    SecondContact,
}

/// Every mistake with its JSON Pointer below the definition.
pub fn mistakes(definition: &Definition) -> Vec<(String, Mistake)> {
    let mut check = Check { definition, found: Vec::new() };
    for (at, question) in definition.questions.iter().enumerate() {
        check.question(at, question);
    }
    check.reach();
    for (at, ending) in definition.endings.iter().enumerate() {
        if let Some(when) = &ending.when {
            check.condition(&format!("/endings/{at}/if"), usize::MAX, false, when);
        }
    }
    for (at, quota) in definition.quotas.iter().enumerate() {
        check.condition(&format!("/quotas/{at}/if"), usize::MAX, true, &quota.when);
        if quota.then != "thank" && !check.is_ending(&quota.then) {
            check.note(format!("/quotas/{at}/then"), Mistake::NoEnding);
        }
    }
    if let (Some(opens), Some(closes)) = (definition.opens_at, definition.closes_at)
        && closes <= opens
    {
        check.note("/closes_at".to_owned(), Mistake::ClosedBefore);
    }
    check.found
}

/// Where a translation is missing, as pairs of a JSON Pointer and a language. Nothing breaks by
/// it: the default language is shown.
pub fn untranslated(definition: &Definition) -> Vec<(String, String)> {
    let languages = definition.languages();
    let mut missing = Vec::new();
    let mut look = |at: String, texts: &Texts| {
        for language in languages.iter().filter(|_| !texts.is_empty()) {
            if !texts.contains_key(*language) {
                missing.push((at.clone(), (*language).to_owned()));
            }
        }
    };
    look("/title".to_owned(), &definition.title);
    look("/welcome".to_owned(), &definition.welcome);
    look("/thanks".to_owned(), &definition.thanks);
    for (at, question) in definition.questions.iter().enumerate() {
        for (name, texts) in [
            ("text", &question.text),
            ("help", &question.help),
            ("low", &question.low),
            ("high", &question.high),
        ] {
            look(format!("/questions/{at}/{name}"), texts);
        }
        for (number, option) in options(&question.kind).iter().enumerate() {
            look(format!("/questions/{at}/options/{number}/text"), &option.text);
        }
        if let Ask::Matrix { rows, .. } = &question.kind {
            for (number, row) in rows.iter().enumerate() {
                look(format!("/questions/{at}/rows/{number}/text"), &row.text);
            }
        }
    }
    for (at, ending) in definition.endings.iter().enumerate() {
        look(format!("/endings/{at}/text"), &ending.text);
        look(format!("/endings/{at}/link_text"), &ending.link_text);
    }
    missing
}

struct Check<'a> {
    definition: &'a Definition,
    found: Vec<(String, Mistake)>,
}

impl Check<'_> {
    fn note(&mut self, at: String, mistake: Mistake) {
        self.found.push((at, mistake));
    }

    fn place(&self, id: &str) -> Option<usize> {
        self.definition.questions.iter().position(|it| it.id == id)
    }

    /// Whether this is `end:` and an ending.
    fn is_ending(&self, to: &str) -> bool {
        let id = to.strip_prefix("end:");
        id.is_some_and(|id| self.definition.endings.iter().any(|it| it.id == id))
    }

    fn question(&mut self, at: usize, question: &Question) {
        let place = format!("/questions/{at}");
        if let Some(when) = &question.show_if {
            // What is asked cannot depend on its own answer.
            self.condition(&format!("{place}/show_if"), at, false, when);
        }
        if let Ask::Multiple { options, max, .. } | Ask::Ranking { options, max, .. } =
            &question.kind
            && options.len() < *max
        {
            self.note(format!("{place}/max"), Mistake::TooMany);
        }
        let before = self.definition.questions.iter().take(at);
        if question.kind.is_contact() && before.into_iter().any(|it| it.kind == question.kind) {
            self.note(format!("{place}/type"), Mistake::SecondContact);
        }
        let mut always = false;
        for (number, jump) in question.next.iter().enumerate() {
            let place = format!("{place}/next/{number}");
            if always {
                self.note(place.clone(), Mistake::DeadRule);
            }
            match &jump.when {
                Some(when) => self.condition(&format!("{place}/if"), at + 1, false, when),
                None => always = true,
            }
            match self.place(&jump.to) {
                Some(to) if to <= at => self.note(format!("{place}/to"), Mistake::Loop),
                None if jump.to != "end" && !self.is_ending(&jump.to) => {
                    self.note(format!("{place}/to"), Mistake::Nowhere);
                }
                _ => {}
            }
        }
    }

    /// Conditions are taken as if each might hold and might not.
    fn reach(&mut self) {
        let questions = &self.definition.questions;
        let mut reached = vec![false; questions.len()];
        if let Some(first) = reached.first_mut() {
            *first = true;
        }
        for (at, question) in questions.iter().enumerate() {
            if reached.get(at) != Some(&true) {
                self.note(format!("/questions/{at}"), Mistake::Unreachable);
                continue;
            }
            let mut goes_on = true;
            for jump in &question.next {
                let to = questions.iter().position(|it| it.id == jump.to).filter(|to| at < *to);
                if let Some(it) = to.and_then(|to| reached.get_mut(to)) {
                    *it = true;
                }
                // A jump that leads nowhere is one mistake; what it skips is no other.
                let leads = to.is_some() || jump.to == "end" || self.is_ending(&jump.to);
                if jump.when.is_none() && leads {
                    goes_on = false;
                    break;
                }
            }
            // Whoever skips it goes on behind it.
            if (goes_on || question.show_if.is_some())
                && let Some(next) = reached.get_mut(at + 1)
            {
                *next = true;
            }
        }
    }

    /// `before`: only questions before this place have answers. `is_quota`: groups are known.
    fn condition(&mut self, at: &str, before: usize, is_quota: bool, condition: &Condition) {
        match condition {
            Condition::All(all) | Condition::Any(all) => {
                let name = if matches!(condition, Condition::All(_)) { "all" } else { "any" };
                for (number, it) in all.iter().enumerate() {
                    self.condition(&format!("{at}/{name}/{number}"), before, is_quota, it);
                }
            }
            Condition::Not(it) => self.condition(&format!("{at}/not"), before, is_quota, it),
            Condition::Hidden { field, .. }
                if !self.definition.hidden.iter().any(|it| it.id == *field) =>
            {
                self.note(format!("{at}/hidden"), Mistake::NoField);
            }
            Condition::Group(_) | Condition::Channel(_) if !is_quota => {
                self.note(at.to_owned(), Mistake::QuotasOnly);
            }
            Condition::Answer { question, row, is } => {
                if let Some((name, mistake)) = self.answer(before, question, row, is) {
                    self.note(format!("{at}/{name}"), mistake);
                }
            }
            _ => {}
        }
    }

    fn answer(
        &self,
        before: usize,
        id: &str,
        row: &str,
        is: &Test,
    ) -> Option<(&'static str, Mistake)> {
        let Some(place) = self.place(id) else { return Some(("question", Mistake::NoQuestion)) };
        let kind = &self.definition.questions.get(place)?.kind;
        if before <= place {
            return Some(("question", Mistake::Later));
        }
        if !row.is_empty() {
            let Ask::Matrix { rows, .. } = kind else { return Some(("row", Mistake::NoRow)) };
            if !rows.iter().any(|it| it.id == row) {
                return Some(("row", Mistake::NoRow));
            }
        }
        if !suits(kind, row, is) {
            return Some(("is", Mistake::Unsuited));
        }
        let is_option = |id: &str| options(kind).iter().any(|it| it.id == id);
        match is {
            Test::Has(option) if !is_option(option) => Some(("value", Mistake::NoOption)),
            Test::Compare(_, Operand::Text(option))
                if !matches!(kind, Ask::Text { .. } | Ask::Date { .. }) && !is_option(option) =>
            {
                Some(("value", Mistake::NoOption))
            }
            Test::Compare(_, Operand::Number(number)) => {
                let (metric, points) = kind.scale()?;
                let lowest = if metric == "nps" { 0.0 } else { 1.0 };
                let is_on = lowest <= *number && *number <= f64::from(points);
                if is_on { None } else { Some(("value", Mistake::OffScale)) }
            }
            _ => None,
        }
    }
}

fn options(kind: &Ask) -> &[Choice] {
    match kind {
        Ask::Single { options, .. }
        | Ask::Multiple { options, .. }
        | Ask::Ranking { options, .. }
        | Ask::Matrix { columns: Columns::Options(options), .. } => options,
        _ => &[],
    }
}
