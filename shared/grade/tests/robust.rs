//! Any input has an answer of bounded cost, and every moderate or major says why.

use std::time::Instant;

use domain::case::{Grade, Urgency};
use grade::source::{Patterns, Rule, Source};
use grade::{Facts, FaultKind, Grading, MAX_CHARS, Policy, grade};

const ROWS: &str = include_str!("labelled.tsv");

fn graded(text: &str) -> Grading {
    grade(Policy::shipped(), &Facts { text, ..Facts::default() })
}

/// Holds a grading to what all must keep.
#[track_caller]
fn check(text: &str, it: &Grading) {
    let length = text.chars().count();
    for of in &it.matched {
        let (start, end) = of.span;
        assert!(start < end && end <= length, "{of:?} in {text:?}");
        assert!(!of.rule.is_empty());
    }
    let worst = it.matched.iter().map(|of| of.grade).max().unwrap_or_default();
    assert_eq!(worst, it.grade, "{text:?}");
    assert!(it.matched.is_sorted_by(|a, b| a.grade >= b.grade));
    assert!(!it.type_id.is_empty());
}

#[test]
fn every_moderate_and_major_names_a_rule_and_its_words() {
    let mut seen = 0;
    for text in ROWS.lines().skip(1).filter_map(|it| it.splitn(4, '\t').nth(3)) {
        let it = graded(text);
        check(text, &it);
        seen += usize::from(Grade::Moderate <= it.grade);
    }
    assert!(200 <= seen);
}

#[test]
fn a_span_is_of_the_text_as_given() {
    let text = "\u{200b}ＯＫ，充 電 寶\u{200b} 爆\u{feff}炸了😱";
    let it = graded(text);
    let (start, end) = it.matched[0].span;
    let words: String = text.chars().skip(start).take(end - start).collect();
    assert_eq!((it.grade, words.as_str()), (Grade::Major, "爆\u{feff}炸"));
}

#[test]
fn strange_texts_neither_panic_nor_say_much() {
    let long = "啊".repeat(1_000_000);
    let texts = [
        "",
        " ",
        "\0\u{1}\u{7f}",
        "\u{200b}\u{200d}\u{feff}",
        "😀😡🔥",
        "'; DROP TABLE complaint; --",
        "<script>alert(1)</script>",
        "\u{202e}sdrawkcab",
        "\u{10ffff}\u{fffd}",
        "没没没没不不不不",
        "no no no not never",
        "¥¥¥ $ 99999999999999999999999 元",
        "第第第次次次 万万万万万 亿亿亿亿亿 十十十十",
        "~~~~{}{}**",
        long.as_str(),
    ];
    for text in texts {
        let it = graded(text);
        check(text, &it);
        let short: String = text.chars().take(20).collect();
        assert!(it.grade <= Grade::General, "{short:?}: {it:?}");
    }
}

#[test]
fn random_texts_keep_the_rules() {
    let pieces: Vec<&str> = ROWS.split(['\t', '\n', '，', '。', ' ', ',']).collect();
    let mut state = 11_u64;
    let mut next = |count: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695);
        usize::try_from(state >> 33).unwrap() % count
    };
    for _ in 0..3_000 {
        let count = next(12);
        let mut text = String::new();
        for _ in 0..count {
            text.push_str(pieces[next(pieces.len())]);
            text.push_str(["", " ", "，", "。", "\u{200b}", "\n", "没", "not "][next(8)]);
        }
        let it = graded(&text);
        check(&text, &it);
        assert_eq!(it, graded(&text), "the same twice");
    }
}

#[test]
fn denials_suppositions_and_fears_change_what_a_word_means() {
    let cases = [
        ("插座着火了", Grade::Major),
        ("插座没有着火，就是不好看，不喜欢", Grade::General),
        ("没用两天插座就着火了", Grade::Major),
        ("我担心插座会着火", Grade::Moderate),
        ("如果插座着火了怎么办", Grade::None),
        ("不但漏电，还着火了", Grade::Major),
        ("The heater caught fire", Grade::Major),
        ("The heater did not catch fire, I just find it ugly and disappointing", Grade::General),
        ("I am afraid the heater will catch fire", Grade::Moderate),
        ("What happens if the heater catches fire?", Grade::None),
        ("No wonder the heater caught fire", Grade::Major),
        ("Nobody was seriously hurt, but the shelf broke", Grade::Moderate),
        ("The parcel is late. I will sue you!", Grade::General),
        ("The parcel never arrived. I will sue you!", Grade::Moderate),
    ];
    for (text, grade) in cases {
        assert_eq!(graded(text).grade, grade, "{text}: {:?}", graded(text));
    }
}

#[test]
fn fields_count_as_the_policy_says() {
    let of = |text, amount, earlier, days_open| {
        grade(Policy::shipped(), &Facts { text, amount, earlier, days_open })
    };
    let cases = [
        ("椅子坏了，不给换", None, 0, 0, Grade::Moderate),
        ("椅子坏了，不给换", Some(4_999), 0, 0, Grade::Moderate),
        ("椅子坏了，不给换", Some(5_000), 0, 0, Grade::Major),
        ("客服回复太慢了", Some(9_000), 0, 0, Grade::General),
        ("客服回复太慢了", None, 1, 0, Grade::Moderate),
        ("天花板一直漏水", None, 1, 30, Grade::Moderate),
        ("天花板一直漏水", None, 2, 0, Grade::Major),
        ("天花板一直漏水", None, 0, 31, Grade::Major),
        ("客服回复太慢了", None, 0, 90, Grade::General),
        ("谢谢，很满意", Some(9_000), 5, 90, Grade::None),
    ];
    for (text, amount, earlier, days, grade) in cases {
        let it = of(text, amount, earlier, days);
        assert_eq!(it.grade, grade, "{text} {amount:?} {earlier} {days}: {it:?}");
        check(text, &it);
    }
}

#[test]
fn urgency_and_type_come_with_the_grade() {
    let it = graded("厨房燃气泄漏，一直没有人来");
    assert_eq!((it.urgency, it.type_id.as_str()), (Urgency::Immediate, "safety"));
    let it = graded("快递显示签收，可是我没有收到包裹，请尽快处理");
    assert_eq!((it.urgency, it.type_id.as_str()), (Urgency::High, "delivery"));
    assert_eq!(it.department, "logistics");
    assert_eq!(graded("你好").type_id, "other");
}

#[test]
fn a_policy_that_cannot_work_says_where() {
    let words = |zh: &[&str]| Patterns {
        zh: zh.iter().map(|it| (*it).to_owned()).collect(),
        en: Vec::new(),
    };
    let rule = |id: &str, zh: &[&str], all: &[&str]| Rule {
        id: id.to_owned(),
        patterns: words(zh),
        all: all.iter().map(|it| (*it).to_owned()).collect(),
        ..Rule::default()
    };
    let rules = vec![
        rule("a", &["坏了", "坏"], &[]),
        rule("a", &["{nothing}~坏"], &["nobody"]),
        rule("b", &[], &[]),
    ];
    let faults = Policy::compile(&Source { rules, ..Source::default() }).unwrap_err();
    let found: Vec<(&str, FaultKind)> =
        faults.iter().map(|it| (it.place.as_str(), it.kind)).collect();
    let expected = [
        ("/rules/0/zh/1", FaultKind::Short),
        ("/rules/1/id", FaultKind::Twice),
        ("/rules/1/all/0", FaultKind::Unknown),
        ("/rules/1/zh/0", FaultKind::Unknown),
        ("/rules/2", FaultKind::Empty),
    ];
    assert_eq!(found, expected);
}

/// `cargo test --release -p grade --test robust -- --ignored --nocapture` tells the cost.
#[test]
#[ignore = "it measures"]
#[expect(clippy::print_stdout, reason = "its output is what it is for")]
fn cost() {
    let body: String = ROWS.lines().filter_map(|it| it.splitn(4, '\t').nth(3)).collect();
    let han: String = body.chars().filter(|it| !it.is_ascii()).collect();
    let latin: String = body.chars().filter(char::is_ascii).collect();
    for (name, text) in [("mixed", &body), ("Chinese", &han), ("English", &latin)] {
        let mut end = 10_000.min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let text = &text[..end];
        let start = Instant::now();
        for _ in 0..200 {
            assert!(!graded(text).matched.is_empty());
        }
        println!("{name}, 10 kB: {:?} a text", start.elapsed() / 200);
    }
    let text: String = han.chars().cycle().take(MAX_CHARS).collect();
    let start = Instant::now();
    assert!(!graded(&text).matched.is_empty());
    println!("Chinese, {MAX_CHARS} characters: {:?}", start.elapsed());
}
