//! Which questions a path reaches, and where it ends.
//!
//! The widget has the same rules in `logic.js`; `tests/golden/logic.json` is the table of cases
//! that both must agree on.

use super::answer::score;
use super::{Ask, Class, Columns, Definition, Given};

/// A condition of a rule.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// All of them hold.
    All(Vec<Condition>),
    /// At least one holds.
    Any(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
    /// An answer passes a test.
    Answer {
        /// The question.
        question: String,
        /// The row of a matrix; empty for the whole answer.
        row: String,
        /// The test.
        is: Test,
    },
    /// A hidden field passes a test.
    Hidden {
        /// The field.
        field: String,
        /// The test.
        is: Test,
    },
    /// The response is in this language, or in one of its kinds.
    Language(String),
    /// The customer is of this group.
    Group(String),
    /// The response comes on this channel.
    Channel(String),
}

/// A test of one answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// There is one.
    Answered,
    /// It compares so.
    Compare(Order, Operand),
    /// This option was chosen.
    Has(String),
    /// The score is of the class of this name.
    Class(String),
}

/// How two values compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// Less.
    Lt,
    /// Less or equal.
    Le,
    /// Greater.
    Gt,
    /// Greater or equal.
    Ge,
}

/// Every order with its name.
const ORDERS: [(Order, &str); 6] = [
    (Order::Eq, "eq"),
    (Order::Ne, "ne"),
    (Order::Lt, "lt"),
    (Order::Le, "le"),
    (Order::Gt, "gt"),
    (Order::Ge, "ge"),
];

impl Order {
    /// The order of this name.
    pub fn named(name: &str) -> Option<Order> {
        ORDERS.iter().find(|it| it.1 == name).map(|it| it.0)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        ORDERS.iter().find(|it| it.0 == self).map_or("", |it| it.1)
    }

    fn holds<T: PartialOrd>(self, one: &T, other: &T) -> bool {
        match self {
            Order::Eq => one == other,
            Order::Ne => one != other,
            Order::Lt => one < other,
            Order::Le => one <= other,
            Order::Gt => one > other,
            Order::Ge => one >= other,
        }
    }
}

/// What an answer is compared with.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    /// A number.
    Number(f64),
    /// A text, a day or an option.
    Text(String),
}

/// What conditions look at.
#[derive(Clone, Debug, Default)]
pub struct Facts<'a> {
    /// The answers by question.
    pub answers: Vec<(&'a str, Given<'a>)>,
    /// The hidden fields.
    pub hidden: Vec<(&'a str, &'a str)>,
    /// The response's language.
    pub language: &'a str,
    /// The customer's group; empty if not known.
    pub group: &'a str,
    /// The channel; empty if not known.
    pub channel: &'a str,
}

/// The way through a survey.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Path {
    /// Whether it reaches each of the questions.
    pub reached: Vec<bool>,
    /// The id of the ending; empty for the thanks.
    pub ending: String,
}

impl Definition {
    /// The way that these facts take.
    pub fn path(&self, facts: &Facts<'_>) -> Path {
        let mut way = Way { definition: self, facts, reached: vec![false; self.questions.len()] };
        let mut ending = None;
        let mut at = 0;
        while let Some(question) = self.questions.get(at) {
            let next = at + 1;
            if question.show_if.as_ref().is_some_and(|it| !way.holds(it)) {
                at = next;
                continue;
            }
            if let Some(reached) = way.reached.get_mut(at) {
                *reached = true;
            }
            let holds = |it: &&super::Jump| it.when.as_ref().is_none_or(|it| way.holds(it));
            let Some(jump) = question.next.iter().find(holds) else {
                at = next;
                continue;
            };
            let to = self.questions.iter().position(|it| it.id == jump.to);
            match to {
                // A jump only leads on: a path always ends.
                Some(to) => at = to.max(next),
                None => {
                    ending = jump.to.strip_prefix("end:").map(str::to_owned);
                    break;
                }
            }
        }
        let of_condition = || {
            let holds = |it: &&super::Ending| it.when.as_ref().is_some_and(|it| way.holds(it));
            self.endings.iter().find(holds).map(|it| it.id.clone())
        };
        let ending = ending.or_else(of_condition).unwrap_or_default();
        Path { reached: way.reached, ending }
    }

    /// The quotas that a response of these facts falls into.
    pub fn quotas_of<'a>(&'a self, facts: &Facts<'_>, path: &Path) -> Vec<&'a super::Quota> {
        let way = Way { definition: self, facts, reached: path.reached.clone() };
        self.quotas.iter().filter(|it| way.holds(&it.when)).collect()
    }
}

/// A path that is being taken.
struct Way<'a> {
    definition: &'a Definition,
    facts: &'a Facts<'a>,
    reached: Vec<bool>,
}

impl Way<'_> {
    fn holds(&self, condition: &Condition) -> bool {
        match condition {
            Condition::All(all) => all.iter().all(|it| self.holds(it)),
            Condition::Any(any) => any.iter().any(|it| self.holds(it)),
            Condition::Not(it) => !self.holds(it),
            Condition::Answer { question, row, is } => self.answer(question, row, is),
            Condition::Hidden { field, is } => {
                let found = self.facts.hidden.iter().find(|it| it.0 == field);
                found.is_some_and(|(_, value)| match is {
                    Test::Answered => true,
                    Test::Compare(order, Operand::Text(with)) => order.holds(value, &with.as_str()),
                    _ => false,
                })
            }
            Condition::Language(tag) => is_kind_of(self.facts.language, tag),
            Condition::Group(group) => self.facts.group == group,
            Condition::Channel(channel) => self.facts.channel == channel,
        }
    }

    fn answer(&self, id: &str, row: &str, is: &Test) -> bool {
        let at = self.definition.questions.iter().position(|it| it.id == id);
        let Some((at, question)) = at.and_then(|at| Some((at, self.definition.questions.get(at)?)))
        else {
            return false;
        };
        if self.reached.get(at) != Some(&true) {
            return false;
        }
        let given = self.facts.answers.iter().find(|it| it.0 == id).map(|it| &it.1);
        let Some(mut given) = given.filter(|it| it.is_answer()) else { return false };
        if !row.is_empty() {
            let Given::Map(rows) = given else { return false };
            let Some((_, found)) = rows.iter().find(|it| it.0 == row) else { return false };
            given = found;
        }
        passes(&question.kind, row, given, is)
    }
}

fn passes(kind: &Ask, row: &str, given: &Given<'_>, is: &Test) -> bool {
    let is_matrix = matches!(kind, Ask::Matrix { .. });
    match is {
        Test::Answered => true,
        // A whole matrix compares with nothing; its rows do.
        _ if is_matrix && row.is_empty() => false,
        Test::Compare(order, Operand::Number(with)) => match given {
            #[expect(clippy::cast_precision_loss, reason = "beyond 2^53 nobody compares")]
            Given::Whole(number) => order.holds(&(*number as f64), with),
            Given::Decimal(number) => order.holds(number, with),
            _ => false,
        },
        Test::Compare(order, Operand::Text(with)) => {
            let text = match (kind, given.option()) {
                (_, Some((text, None))) => text,
                // Words of one's own stand for their option.
                (Ask::Single { .. } | Ask::Matrix { .. }, Some((option, Some(_)))) => option,
                _ => return false,
            };
            // Days compare as texts do, since they are written year first.
            let is_day = matches!(kind, Ask::Date { .. });
            (is_day || matches!(order, Order::Eq | Order::Ne)) && order.holds(&text, &with.as_str())
        }
        Test::Has(option) => match given {
            Given::List(list) => list.iter().any(|it| is_option(it, option)),
            _ => is_option(given, option),
        },
        Test::Class(name) => {
            let Some((metric, points)) = kind.scale() else { return false };
            let scored = score(metric, points, given);
            scored.is_ok_and(|it| Class::named(metric, name) == Some(it.class()))
        }
    }
}

fn is_option(given: &Given<'_>, option: &str) -> bool {
    given.option().is_some_and(|it| it.0 == option)
}

/// Whether a language is the one meant or begins with it: `zh-CN` is a kind of `zh`.
fn is_kind_of(language: &str, tag: &str) -> bool {
    let Some((head, rest)) = language.split_at_checked(tag.len()) else { return false };
    head.eq_ignore_ascii_case(tag) && (rest.is_empty() || rest.starts_with('-'))
}

/// What an answer of this kind can be tested for: used when a definition is checked.
pub(super) fn suits(kind: &Ask, row: &str, is: &Test) -> bool {
    let columns = match kind {
        Ask::Matrix { columns, .. } => Some(columns),
        _ => None,
    };
    if columns.is_some() && row.is_empty() {
        return *is == Test::Answered;
    }
    match is {
        Test::Answered => !matches!(kind, Ask::Statement),
        Test::Compare(_, Operand::Number(_)) => {
            kind.scale().is_some() || matches!(kind, Ask::Number { .. })
        }
        Test::Compare(order, Operand::Text(_)) => match kind {
            Ask::Date { .. } => true,
            Ask::Single { .. } | Ask::Text { .. } => matches!(order, Order::Eq | Order::Ne),
            Ask::Matrix { columns: Columns::Options(_), .. } => {
                matches!(order, Order::Eq | Order::Ne)
            }
            _ => false,
        },
        Test::Has(_) => matches!(
            kind,
            Ask::Single { .. }
                | Ask::Multiple { .. }
                | Ask::Ranking { .. }
                | Ask::Matrix { columns: Columns::Options(_), .. }
        ),
        Test::Class(name) => {
            kind.scale().is_some_and(|(metric, _)| Class::named(metric, name).is_some())
        }
    }
}
