//! Who gets a case (工单分配), and why.
//!
//! A named adviser comes before everybody. Of the others who are here and have room, each rule in
//! turn keeps those it prefers, if there are any: specialists, skills, language, department, load.
//! Whoever waited longest for a case gets it.

use crate::case::{Grade, Tier};

/// What a case needs.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Tags that whoever gets it should have.
    pub skills: &'a [String],
    /// The responsible department; empty if nobody knows.
    pub department_id: &'a str,
    /// Its after-sale tier.
    pub tier: Tier,
    /// How bad it is.
    pub grade: Grade,
    /// The adviser of a core customer; empty for none.
    pub adviser_id: &'a str,
    /// The customer's language, a tag among skills; empty if nobody knows.
    pub language: &'a str,
}

/// Somebody who may get it.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Whose.
    pub id: String,
    /// Their department; empty for none.
    pub department_id: String,
    /// Their tags.
    pub skills: Vec<String>,
    /// Whether they take what must not wait.
    pub is_specialist: bool,
    /// How many cases they have.
    pub open: i64,
    /// How many they can have.
    pub capacity: i64,
    /// Whether they work now: active, on shift and not absent.
    pub is_here: bool,
    /// Grows with each case that anybody gets ([`next_turn`]); 0 until they had one.
    pub turn: i64,
}

/// One reason for a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The customer's own adviser.
    Adviser,
    /// A specialist, because it must not wait.
    Specialist,
    /// It wants a specialist, and none was free.
    NoSpecialist,
    /// So many of the wanted tags, and nobody has more.
    Skills {
        /// How many they have.
        has: usize,
        /// How many are wanted.
        of: usize,
    },
    /// Speaks the customer's language.
    Language,
    /// Of the responsible department.
    Department,
    /// Nobody of the responsible department was as fit.
    OtherDepartment,
    /// Has the least to do, as a share of what they can do.
    LeastLoaded {
        /// How many cases they had.
        open: i64,
        /// How many they can have.
        capacity: i64,
    },
    /// Waited longest among equals.
    RoundRobin,
    /// Nobody else was left.
    OnlyOne,
}

impl Why {
    /// Its name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Why::Adviser => "adviser",
            Why::Specialist => "specialist",
            Why::NoSpecialist => "no_specialist",
            Why::Skills { .. } => "skills",
            Why::Language => "language",
            Why::Department => "department",
            Why::OtherDepartment => "other_department",
            Why::LeastLoaded { .. } => "least_loaded",
            Why::RoundRobin => "round_robin",
            Why::OnlyOne => "only_one",
        }
    }
}

/// How many were not considered to the end, each counted where they fell out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PassedOver {
    /// Not at work.
    pub absent: usize,
    /// Having all that they can have.
    pub full: usize,
    /// No specialists.
    pub no_specialist: usize,
    /// With fewer of the wanted tags.
    pub no_skill: usize,
    /// Not speaking the language.
    pub no_language: usize,
    /// Of another department.
    pub other_department: usize,
    /// Having more to do.
    pub busier: usize,
}

/// Who gets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Whose it is.
    pub agent_id: String,
    /// Why theirs.
    pub why: Vec<Why>,
    /// Who else was considered.
    pub passed_over: PassedOver,
}

/// Why nobody gets it now: it stays in the queue of its department.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nobody {
    /// Who was considered.
    pub passed_over: PassedOver,
}

impl Nobody {
    /// Its name in JSON.
    pub const fn name(&self) -> &'static str {
        match (self.passed_over.absent, self.passed_over.full) {
            (0, 0) => "no_agents",
            (_, 0) => "all_absent",
            (0, _) => "all_full",
            _ => "absent_or_full",
        }
    }
}

/// Chooses one of them for a case.
pub fn choose(wanted: &Wanted, candidates: &[Candidate]) -> Result<Choice, Nobody> {
    let mut over = PassedOver::default();
    let mut left = Vec::with_capacity(candidates.len());
    for it in candidates {
        if !it.is_here {
            over.absent += 1;
        } else if it.capacity <= it.open {
            over.full += 1;
        } else {
            left.push(it);
        }
    }
    let mut why = Vec::new();
    let adviser = left.iter().find(|it| it.id == wanted.adviser_id);
    if let Some(it) = adviser.filter(|_| !wanted.adviser_id.is_empty()) {
        why.push(Why::Adviser);
        return Ok(Choice { agent_id: it.id.clone(), why, passed_over: over });
    }
    narrow(wanted, &mut left, &mut why, &mut over);
    over.busier = level(&mut left, &mut why);
    let longest = left.iter().min_by_key(|it| (it.turn, &it.id));
    let agent_id = longest.ok_or(Nobody { passed_over: over })?.id.clone();
    if 1 < left.len() {
        why.push(Why::RoundRobin);
    } else if over.busier == 0 {
        why.push(Why::OnlyOne);
    }
    Ok(Choice { agent_id, why, passed_over: over })
}

/// What is fit for the case goes before what is fair among people.
fn narrow(wanted: &Wanted, left: &mut Vec<&Candidate>, why: &mut Vec<Why>, over: &mut PassedOver) {
    if left.is_empty() {
        return;
    }
    if wanted.tier == Tier::One || wanted.grade == Grade::Major {
        over.no_specialist = prefer(left, |it| it.is_specialist);
        let is_one = left.iter().any(|it| it.is_specialist);
        why.push(if is_one { Why::Specialist } else { Why::NoSpecialist });
    }
    let of = wanted.skills.len();
    if 0 < of {
        let has = left.iter().map(|it| matching(it, wanted.skills)).max().unwrap_or(0);
        over.no_skill = prefer(left, |it| matching(it, wanted.skills) == has);
        // That nobody has any of them is no reason to choose somebody.
        if 0 < has {
            why.push(Why::Skills { has, of });
        }
    }
    if !wanted.language.is_empty() {
        over.no_language = prefer(left, |it| speaks(it, wanted.language));
        if left.iter().all(|it| speaks(it, wanted.language)) {
            why.push(Why::Language);
        }
    }
    if !wanted.department_id.is_empty() {
        over.other_department = prefer(left, |it| it.department_id == wanted.department_id);
        let is_own = left.iter().all(|it| it.department_id == wanted.department_id);
        why.push(if is_own { Why::Department } else { Why::OtherDepartment });
    }
}

/// Keeps those with the smallest share of what they can do, and says how many had more.
fn level(left: &mut Vec<&Candidate>, why: &mut Vec<Why>) -> usize {
    let least = |a: &&&Candidate, b: &&&Candidate| share(a, b).cmp(&share(b, a));
    let Some(least) = left.iter().min_by(least).copied() else { return 0 };
    let busier = prefer(left, |it| share(it, least) == share(least, it));
    if 0 < busier {
        why.push(Why::LeastLoaded { open: least.open, capacity: least.capacity });
    }
    busier
}

/// The load of one beside that of another, on their common denominator: exact, unlike a quotient.
fn share(it: &Candidate, other: &Candidate) -> i128 {
    i128::from(it.open) * i128::from(other.capacity)
}

/// Keeps those who fit, unless nobody does, and says how many went.
fn prefer(left: &mut Vec<&Candidate>, fits: impl Fn(&Candidate) -> bool) -> usize {
    let before = left.len();
    if left.iter().any(|it| fits(it)) {
        left.retain(|it| fits(it));
    }
    before - left.len()
}

fn matching(it: &Candidate, skills: &[String]) -> usize {
    skills.iter().filter(|skill| it.skills.contains(skill)).count()
}

fn speaks(it: &Candidate, language: &str) -> bool {
    it.skills.iter().any(|skill| skill == language)
}

/// The turn of whoever gets a case now: after everybody's, even within one millisecond.
pub fn next_turn(now: i64, candidates: &[Candidate]) -> i64 {
    let last = candidates.iter().map(|it| it.turn).max().unwrap_or(0);
    now.max(last.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agent(id: &str) -> Candidate {
        Candidate {
            id: id.to_owned(),
            department_id: String::new(),
            skills: Vec::new(),
            is_specialist: false,
            open: 0,
            capacity: 20,
            is_here: true,
            turn: 0,
        }
    }

    const PLAIN: Wanted = Wanted {
        skills: &[],
        department_id: "",
        tier: Tier::None,
        grade: Grade::General,
        adviser_id: "",
        language: "",
    };

    fn tags(names: &[&str]) -> Vec<String> {
        names.iter().map(|it| (*it).to_owned()).collect()
    }

    fn chosen(wanted: &Wanted, candidates: &[Candidate]) -> (String, Vec<Why>) {
        let it = choose(wanted, candidates).unwrap();
        (it.agent_id, it.why)
    }

    #[test]
    fn the_adviser_of_a_core_customer_comes_first_if_here_and_with_room() {
        let wanted = Wanted { adviser_id: "a", tier: Tier::One, ..PLAIN };
        let mut some = vec![agent("a"), Candidate { is_specialist: true, ..agent("b") }];
        some[0].open = 19;
        assert_eq!(chosen(&wanted, &some), ("a".to_owned(), vec![Why::Adviser]));
        some[0].open = 20;
        let specialist = ("b".to_owned(), vec![Why::Specialist, Why::OnlyOne]);
        assert_eq!(chosen(&wanted, &some), specialist);
        some[0] = Candidate { is_here: false, ..agent("a") };
        assert_eq!(chosen(&wanted, &some), specialist);
    }

    #[test]
    fn tier_one_goes_to_specialists_and_to_others_only_without_them() {
        let wanted = Wanted { tier: Tier::One, ..PLAIN };
        let mut some = vec![agent("a"), Candidate { is_specialist: true, open: 9, ..agent("b") }];
        assert_eq!(chosen(&wanted, &some).0, "b");
        assert_eq!(choose(&wanted, &some).unwrap().passed_over.no_specialist, 1);
        assert_eq!(chosen(&Wanted { grade: Grade::Major, ..PLAIN }, &some).0, "b");
        assert_eq!(chosen(&PLAIN, &some).0, "a");
        some[1].is_here = false;
        assert_eq!(chosen(&wanted, &some), ("a".to_owned(), vec![Why::NoSpecialist, Why::OnlyOne]));
    }

    #[test]
    fn all_wanted_skills_or_else_most_of_them() {
        let skills = tags(&["refund", "en"]);
        let wanted = Wanted { skills: &skills, ..PLAIN };
        let mut some = vec![
            Candidate { skills: tags(&["refund"]), ..agent("a") },
            Candidate { skills: tags(&["en", "refund", "x"]), open: 9, ..agent("b") },
            agent("c"),
        ];
        let (id, why) = chosen(&wanted, &some);
        assert_eq!((id.as_str(), why[0]), ("b", Why::Skills { has: 2, of: 2 }));
        some[1].is_here = false;
        let (id, why) = chosen(&wanted, &some);
        assert_eq!((id.as_str(), why[0]), ("a", Why::Skills { has: 1, of: 2 }));
        some[0].is_here = false;
        let (id, why) = chosen(&wanted, &some);
        assert_eq!((id.as_str(), &why[..]), ("c", &[Why::OnlyOne][..]));
    }

    #[test]
    fn the_departments_own_people_and_speakers_of_the_language_first() {
        let wanted = Wanted { department_id: "dep", language: "en", ..PLAIN };
        let mut some = vec![
            Candidate { skills: tags(&["en"]), ..agent("a") },
            Candidate { department_id: "dep".into(), skills: tags(&["en"]), ..agent("b") },
            Candidate { department_id: "dep".into(), ..agent("c") },
        ];
        let it = choose(&wanted, &some).unwrap();
        assert_eq!(it.agent_id, "b");
        assert_eq!(it.why, [Why::Language, Why::Department, Why::OnlyOne]);
        assert_eq!((it.passed_over.no_language, it.passed_over.other_department), (1, 1));
        some[1].is_here = false;
        let it = choose(&wanted, &some).unwrap();
        assert_eq!(it.agent_id, "a");
        assert_eq!(it.why, [Why::Language, Why::OtherDepartment, Why::OnlyOne]);
    }

    #[test]
    fn load_is_a_share_compared_exactly() {
        // 1/3 of a capacity of 3 is as much as 100/300, and less than 34/100.
        let mut some = vec![
            Candidate { open: 34, capacity: 100, ..agent("a") },
            Candidate { open: 1, capacity: 3, turn: 2, ..agent("b") },
            Candidate { open: 100, capacity: 300, turn: 1, ..agent("c") },
        ];
        let (id, why) = chosen(&PLAIN, &some);
        assert_eq!(id, "c");
        assert_eq!(why, [Why::LeastLoaded { open: 1, capacity: 3 }, Why::RoundRobin]);
        some[2].open = 101;
        let it = choose(&PLAIN, &some).unwrap();
        assert_eq!(it.agent_id, "b");
        assert_eq!(it.why, [Why::LeastLoaded { open: 1, capacity: 3 }]);
        assert_eq!(it.passed_over.busier, 2);
        let most = Candidate { open: i64::MAX - 1, capacity: i64::MAX, ..agent("d") };
        assert_eq!(chosen(&PLAIN, &[most.clone(), most]).0, "d");
    }

    #[test]
    fn nobody_is_said_with_counts() {
        let nobody = |some: &[Candidate]| choose(&PLAIN, some).unwrap_err();
        assert_eq!(nobody(&[]).name(), "no_agents");
        let away = Candidate { is_here: false, ..agent("a") };
        let full = Candidate { open: 20, ..agent("b") };
        let none = Candidate { capacity: 0, ..agent("c") };
        assert_eq!(nobody(std::slice::from_ref(&away)).name(), "all_absent");
        assert_eq!(nobody(&[full.clone(), none.clone()]).name(), "all_full");
        let it = nobody(&[away, full, none]);
        assert_eq!(
            (it.name(), it.passed_over.absent, it.passed_over.full),
            ("absent_or_full", 1, 2)
        );
    }

    /// A small generator of our own: the simulation must be the same everywhere.
    fn below(state: &mut u64, limit: usize) -> usize {
        *state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        usize::try_from(*state >> 33).unwrap() % limit
    }

    #[test]
    fn equals_share_ten_thousand_cases_within_one_while_others_come_and_go() {
        let mut state = 7;
        let mut some: Vec<Candidate> = (0..9).map(|it| agent(&format!("a{it}"))).collect();
        let mut got = [0_i64; 9];
        // What each had when the pair was last not both here, to compare while both are.
        let mut since = [[(0_i64, 0_i64); 9]; 9];
        for case in 0..10_000 {
            let flips = 5 + below(&mut state, 4);
            if below(&mut state, 20) == 0 {
                some[flips].is_here = !some[flips].is_here;
            }
            let turn = next_turn(case / 100, &some);
            let id = choose(&PLAIN, &some).unwrap().agent_id;
            let at = some.iter().position(|it| it.id == id).unwrap();
            some[at].turn = turn;
            got[at] += 1;
            for a in 0..9 {
                for b in 0..9 {
                    if some[a].is_here && some[b].is_here {
                        let (was_a, was_b) = since[a][b];
                        let gap = (got[a] - was_a) - (got[b] - was_b);
                        assert!(gap.abs() <= 1, "case {case}: {a} and {b} are {gap} apart");
                    } else {
                        since[a][b] = (got[a], got[b]);
                    }
                }
            }
        }
        assert_eq!(got.iter().sum::<i64>(), 10_000);
        let steady = &got[..5];
        assert!(steady.iter().max().unwrap() - steady.iter().min().unwrap() <= 1, "{got:?}");
        assert!(got[5..].iter().all(|it| 0 < *it && *it < got[0]), "{got:?}");
    }

    #[test]
    fn loads_stay_within_one_case_while_work_is_finished_in_turn() {
        let mut state = 11;
        let mut some: Vec<Candidate> = (0..7).map(|it| agent(&format!("a{it}"))).collect();
        let mut waiting = 0;
        for case in 0..10_000 {
            let turn = next_turn(case, &some);
            match choose(&PLAIN, &some) {
                Ok(it) => {
                    let at = some.iter().position(|other| other.id == it.agent_id).unwrap();
                    some[at].open += 1;
                    some[at].turn = turn;
                }
                Err(_) => waiting += 1,
            }
            let opens = || some.iter().map(|it| it.open);
            assert!(opens().max().unwrap() - opens().min().unwrap() <= 1, "case {case}");
            // The team finishes one of each now and then.
            if below(&mut state, 8) == 0 {
                some.iter_mut().for_each(|it| it.open = (it.open - 1).max(0));
            }
        }
        assert!(0 < waiting, "they are full at times, or capacity is not tested");
        assert!(some.iter().all(|it| it.open <= it.capacity));
    }
}
