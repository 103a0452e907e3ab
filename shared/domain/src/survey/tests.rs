//! Answers, paths and mistakes, case by case.

use super::*;
use crate::text;

pub(crate) fn question(id: &str, kind: Ask) -> Question {
    Question {
        id: id.into(),
        text: Texts::new(),
        help: Texts::new(),
        low: Texts::new(),
        high: Texts::new(),
        required: false,
        touchpoint_id: String::new(),
        dimension: String::new(),
        kind,
        show_if: None,
        next: Vec::new(),
    }
}

fn options() -> Vec<Choice> {
    ["a", "b", "other", "none"]
        .map(|id| Choice {
            id: id.into(),
            text: Texts::new(),
            open: id == "other",
            exclusive: id == "none",
        })
        .to_vec()
}

fn rating(points: u8) -> Ask {
    Ask::Rating { points, display: "numbers" }
}

fn open(chars_min: usize, chars_max: usize, pattern: &str) -> Ask {
    Ask::Text { chars_min, chars_max, pattern: pattern.into() }
}

fn accepts(kind: &Ask, given: Given<'_>) -> Result<(), Fault> {
    question("q", kind.clone()).accept(&given).map(|_| ())
}

#[test]
fn scores_keep_to_their_scales() {
    let cases = [
        (Ask::Nps, 0, 10, "nps"),
        (rating(5), 1, 5, "csat"),
        (rating(10), 1, 10, "csat"),
        (Ask::Effort, 1, 7, "ces"),
    ];
    for (kind, lowest, highest, metric) in cases {
        let question = question("q", kind);
        for number in -300..300 {
            let accepted = question.accept(&Given::Whole(number));
            if (lowest..=highest).contains(&number) {
                let (row, scored) = accepted.unwrap()[0];
                assert_eq!((row, i64::from(scored.value)), ("", number));
                assert_eq!((scored.metric, i64::from(scored.points)), (metric, highest));
            } else {
                assert_eq!(accepted, Err(Fault::Score(lowest, highest)));
            }
        }
        for other in [Given::Text("5"), Given::Decimal(5.0), Given::Flag(true)] {
            assert!(question.accept(&other).is_err());
        }
    }
}

#[test]
fn every_score_has_a_class() {
    let classes = |metric, points, lowest: u8| -> String {
        (lowest..=points)
            .map(|value| match (Scored { metric, points, value }).class() {
                Class::Low => '-',
                Class::Middle => '0',
                Class::High => '+',
            })
            .collect()
    };
    assert_eq!(classes("nps", 10, 0), "-------00++");
    assert_eq!(classes("ces", 7, 1), "---0+++");
    assert_eq!(classes("csat", 2, 1), "-+");
    assert_eq!(classes("csat", 3, 1), "-0+");
    assert_eq!(classes("csat", 4, 1), "--++");
    assert_eq!(classes("csat", 5, 1), "--0++");
    assert_eq!(classes("csat", 10, 1), "--000000++");
}

#[test]
fn choices_name_options_that_exist_each_once() {
    let text = |it| Given::Text(it);
    let words = |it, words| Given::Map(vec![(it, Given::Text(words))]);
    let single = Ask::Single { options: options(), shuffle: false };
    assert_eq!(accepts(&single, text("b")), Ok(()));
    assert_eq!(accepts(&single, text("other")), Ok(()));
    assert_eq!(accepts(&single, words("other", "窗外")), Ok(()));
    assert!(accepts(&single, words("a", "窗外")).is_err());
    assert!(accepts(&single, words("other", " ")).is_err());
    assert!(accepts(&single, text("d")).is_err());
    assert!(accepts(&single, Given::List(vec![text("a")])).is_err());
    let many = Ask::Multiple { options: options(), min: 1, max: 2, shuffle: false };
    let list = |it: &[Given<'static>]| accepts(&many, Given::List(it.to_vec()));
    assert_eq!(list(&[text("b"), words("other", "x")]), Ok(()));
    assert_eq!(list(&[]), Err(Fault::Count(1, 2)));
    assert_eq!(list(&[text("a"), text("a")]), Err(Fault::Count(1, 2)));
    assert_eq!(list(&[text("other"), words("other", "x")]), Err(Fault::Count(1, 2)));
    assert_eq!(list(&[text("a"), text("b"), text("other")]), Err(Fault::Count(1, 2)));
    assert_eq!(list(&[text("none")]), Ok(()));
    assert_eq!(list(&[text("none"), text("a")]), Err(Fault::Alone("none".into())));
    assert!(matches!(list(&[text("x")]), Err(Fault::SomeOf(_))));
    let ranking = Ask::Ranking { options: options(), max: 3, shuffle: false };
    let rank = |it: &[&'static str]| {
        accepts(&ranking, Given::List(it.iter().map(|it| Given::Text(it)).collect()))
    };
    assert_eq!(rank(&["other", "a", "b"]), Ok(()));
    assert_eq!(rank(&["a", "b"]), Err(Fault::Count(3, 3)));
    assert_eq!(rank(&["a", "b", "a"]), Err(Fault::Count(3, 3)));
}

#[test]
fn a_matrix_is_answered_row_by_row() {
    let row = |id: &str| Row {
        id: id.into(),
        text: Texts::new(),
        touchpoint_id: String::new(),
        dimension: String::new(),
    };
    let kind = |columns| Ask::Matrix { rows: vec![row("x"), row("y")], columns, shuffle: false };
    let scored = question("m", kind(Columns::Points(5)));
    let given = Given::Map(vec![("y", Given::Whole(4))]);
    let value = Scored { metric: "csat", points: 5, value: 4 };
    assert_eq!(scored.accept(&given), Ok(vec![("y", value)]));
    let required = Question { required: true, ..scored.clone() };
    assert_eq!(required.accept(&given), Err(Fault::RowMissing("x".into())));
    let wrong = Given::Map(vec![("y", Given::Whole(6))]);
    let fault = Box::new(Fault::Score(1, 5));
    assert_eq!(scored.accept(&wrong), Err(Fault::Row("y".into(), fault)));
    assert!(matches!(
        scored.accept(&Given::Map(vec![("z", Given::Whole(4))])),
        Err(Fault::Rows(_))
    ));
    let chosen = question("m", kind(Columns::Options(options())));
    let given = Given::Map(vec![("x", Given::Text("a"))]);
    assert_eq!(chosen.accept(&given), Ok(Vec::new()));
}

#[test]
fn open_text_is_counted_in_characters_and_fits_its_mask() {
    let text = open(0, 3, "");
    assert_eq!(accepts(&text, Given::Text("很满意")), Ok(()));
    let long = Fault::Text(text::Fault::TooLong, 1, 3);
    assert_eq!(accepts(&text, Given::Text("非常满意")), Err(long));
    assert!(accepts(&text, Given::Text("  ")).is_err());
    assert!(accepts(&open(2, 3, ""), Given::Text("好")).is_err());
    assert!(accepts(&text, Given::Whole(3)).is_err());
    let masked = open(0, 20, "AA-##*");
    for good in ["SH-20x", "ab-007"] {
        assert_eq!(accepts(&masked, Given::Text(good)), Ok(()), "{good}");
    }
    for bad in ["SH-2", "SH-20xx", "沪H-207", "SH 207", "S1-207"] {
        assert!(accepts(&masked, Given::Text(bad)).is_err(), "{bad}");
    }
}

#[test]
fn numbers_and_days_keep_to_their_bounds() {
    let whole = Ask::Number { min: Some(0.0), max: Some(9.0), decimals: 0, unit: Texts::new() };
    assert_eq!(accepts(&whole, Given::Whole(9)), Ok(()));
    assert_eq!(accepts(&whole, Given::Decimal(3.0)), Ok(()));
    for bad in [Given::Whole(10), Given::Whole(-1), Given::Decimal(1.5), Given::Text("1")] {
        assert!(accepts(&whole, bad).is_err());
    }
    let money = Ask::Number { min: None, max: None, decimals: 2, unit: Texts::new() };
    assert_eq!(accepts(&money, Given::Decimal(-12.35)), Ok(()));
    assert_eq!(accepts(&money, Given::Decimal(0.1 + 0.2)), Ok(()));
    assert!(accepts(&money, Given::Decimal(0.125)).is_err());
    let may = |day| crate::civil::parse_date(&format!("2026-05-{day}"));
    let date = Ask::Date { min: may("02"), max: may("30") };
    for (text, good) in [
        ("2026-05-02", true),
        ("2026-05-30", true),
        ("2026-05-01", false),
        ("2026-05-31", false),
        ("2026-02-30", false),
        ("May 3", false),
    ] {
        assert_eq!(accepts(&date, Given::Text(text)).is_ok(), good, "{text}");
    }
}

#[test]
fn contacts_look_like_what_they_are() {
    for good in ["a@example.com", "王@例子.公司", "a.b+c@mail.example.co.uk"] {
        assert_eq!(accepts(&Ask::Email, Given::Text(good)), Ok(()), "{good}");
    }
    for bad in ["a@b", "a b@example.com", "@example.com", "a@@example.com", "a@-x.com", "a@x..com"]
    {
        assert_eq!(accepts(&Ask::Email, Given::Text(bad)), Err(Fault::Email), "{bad}");
    }
    for good in ["+86 138 0013 8000", "13800138000", "(021) 5555-1234", "110 00"] {
        assert_eq!(accepts(&Ask::Phone, Given::Text(good)), Ok(()), "{good}");
    }
    for bad in ["1234", "call me", "1+38001380", "1234567890123456"] {
        assert_eq!(accepts(&Ask::Phone, Given::Text(bad)), Err(Fault::Phone), "{bad}");
    }
    assert_eq!(accepts(&Ask::Consent, Given::Flag(true)), Ok(()));
    assert_eq!(accepts(&Ask::Consent, Given::Flag(false)), Err(Fault::Consent));
    assert_eq!(accepts(&Ask::Statement, Given::Flag(true)), Err(Fault::NoAnswer));
}

#[test]
fn the_overall_verdict_is_named_or_the_first_nps() {
    let mut asked = Vec::new();
    for (id, kind, dimension) in [
        ("why", open(0, 9, ""), OVERALL),
        ("speed", rating(5), "speed"),
        ("recommend", Ask::Nps, ""),
        ("all", rating(5), OVERALL),
    ] {
        asked.push(Question { dimension: dimension.into(), ..question(id, kind) });
    }
    let overall = |questions: &[Question]| {
        Definition { questions: questions.to_vec(), ..Definition::default() }.overall()
    };
    assert_eq!(overall(&asked).as_deref(), Some("all"));
    assert_eq!(overall(&asked[..3]).as_deref(), Some("recommend"));
    assert_eq!(overall(&asked[..2]), None);
}

fn jump(to: &str, when: Option<Condition>) -> Jump {
    Jump { when, to: to.into() }
}

fn says(question: &str, is: Test) -> Condition {
    Condition::Answer { question: question.into(), row: String::new(), is }
}

/// Four questions, of which the third is for detractors and the last is jumped to.
fn survey() -> Definition {
    let mut questions = vec![
        question("recommend", Ask::Nps),
        question("reason", Ask::Single { options: options(), shuffle: false }),
        question("why", open(0, 100, "")),
        question("mail", Ask::Email),
    ];
    let detractor = says("recommend", Test::Class("detractor".into()));
    questions[0].next = vec![jump("mail", Some(says("recommend", Test::Class("promoter".into()))))];
    questions[2].show_if = Some(detractor.clone());
    let ending = Ending {
        id: "sorry".into(),
        text: Texts::new(),
        link: String::new(),
        link_text: Texts::new(),
        when: Some(detractor),
    };
    Definition {
        default_language: "en".into(),
        questions,
        endings: vec![ending],
        ..Definition::default()
    }
}

#[test]
fn a_path_skips_jumps_and_ends() {
    let survey = survey();
    let path = |score| {
        let answers = vec![("recommend", Given::Whole(score))];
        survey.path(&Facts { answers, ..Facts::default() })
    };
    assert_eq!(path(10).reached, [true, false, false, true]);
    assert_eq!(path(8).reached, [true, true, false, true]);
    assert_eq!(path(2).reached, [true, true, true, true]);
    assert_eq!((path(8).ending.as_str(), path(2).ending.as_str()), ("", "sorry"));
}

#[test]
fn a_right_survey_has_no_mistakes_and_each_wrong_one_has_its_pointer() {
    assert_eq!(mistakes(&survey()), []);
    type Change = fn(&mut Definition);
    let cases: [(Change, &str, Mistake); 9] = [
        (
            |it| it.questions[1].next = vec![jump("x", None)],
            "/questions/1/next/0/to",
            Mistake::Nowhere,
        ),
        (
            |it| it.questions[1].next = vec![jump("reason", None)],
            "/questions/1/next/0/to",
            Mistake::Loop,
        ),
        (
            |it| it.questions[2].next = vec![jump("recommend", None)],
            "/questions/2/next/0/to",
            Mistake::Loop,
        ),
        (
            |it| it.questions[1].next = vec![jump("mail", None)],
            "/questions/2",
            Mistake::Unreachable,
        ),
        (
            |it| it.questions[1].show_if = Some(says("why", Test::Answered)),
            "/questions/1/show_if/question",
            Mistake::Later,
        ),
        (
            |it| it.questions[1].show_if = Some(says("mail", Test::Class("low".into()))),
            "/questions/1/show_if/question",
            Mistake::Later,
        ),
        (
            |it| it.questions[1].show_if = Some(says("recommend", Test::Class("easy".into()))),
            "/questions/1/show_if/is",
            Mistake::Unsuited,
        ),
        (
            |it| {
                let off = Test::Compare(Order::Gt, Operand::Number(11.0));
                it.questions[1].show_if = Some(Condition::Not(Box::new(says("recommend", off))));
            },
            "/questions/1/show_if/not/value",
            Mistake::OffScale,
        ),
        (
            |it| (it.opens_at, it.closes_at) = (Some(5), Some(5)),
            "/closes_at",
            Mistake::ClosedBefore,
        ),
    ];
    for (change, at, mistake) in cases {
        let mut survey = survey();
        change(&mut survey);
        assert_eq!(mistakes(&survey), [(at.to_owned(), mistake)]);
    }
}

#[test]
fn every_part_of_a_condition_is_looked_at() {
    let has = |option: &str| Test::Has(option.into());
    let mut wrong = survey();
    wrong.questions[3].show_if = Some(Condition::All(vec![
        says("reason", has("z")),
        Condition::Hidden { field: "plan".into(), is: Test::Answered },
        Condition::Group("core".into()),
    ]));
    wrong.questions[3].next = vec![jump("end", None), jump("end:other", None)];
    let found: Vec<_> = mistakes(&wrong);
    assert_eq!(
        found,
        [
            ("/questions/3/show_if/all/0/value".to_owned(), Mistake::NoOption),
            ("/questions/3/show_if/all/1/hidden".to_owned(), Mistake::NoField),
            ("/questions/3/show_if/all/2".to_owned(), Mistake::QuotasOnly),
            ("/questions/3/next/1".to_owned(), Mistake::DeadRule),
            ("/questions/3/next/1/to".to_owned(), Mistake::Nowhere),
        ]
    );
}
