//! Keywords of texts written here, and what bounds the counting.

use super::*;

fn keywords(here: &[String], rest: &[String], most: usize) -> Vec<Keyword> {
    let mut counter = Counter::new();
    here.iter().for_each(|it| assert!(counter.add(it, Side::Here)));
    rest.iter().for_each(|it| assert!(counter.add(it, Side::Rest)));
    counter.finish(most)
}

fn terms(found: &[Keyword]) -> Vec<&str> {
    found.iter().map(|it| it.term.as_str()).collect()
}

/// Each opening with each close, so that what stands between them has many neighbours.
fn around(opens: &[&str], word: &str, closes: &[&str]) -> Vec<String> {
    let pairs = opens.iter().flat_map(|open| closes.iter().map(move |close| (open, close)));
    pairs.map(|(open, close)| format!("{open}{word}{close}")).collect()
}

const OPENS: [&str; 5] = ["昨天", "这家店", "他们家", "最近去看", "上周买的"];
const CLOSES: [&str; 4] = ["真让人生气", "不理我", "，算了", "等了半天"];

#[test]
fn a_word_of_one_side_comes_first_and_whole() {
    let here = around(&OPENS, "服务态度", &CLOSES);
    let rest = around(&OPENS, "价格", &CLOSES);
    let found = keywords(&here, &rest, 5);
    assert_eq!(terms(&found), ["服务态度"]);
    assert_eq!((found[0].here, found[0].rest), (20, 0));
    assert!(3.0 < found[0].z, "{}", found[0].z);
}

#[test]
fn what_both_sides_say_is_no_keyword() {
    let both = around(&OPENS, "物流", &CLOSES);
    assert_eq!(keywords(&both, &both, 9), []);
}

#[test]
fn without_a_rest_the_frequent_comes_first() {
    let mut here = around(&OPENS, "客服", &CLOSES);
    here.extend(around(&OPENS, "退款", &["，难", "！"]));
    let found = keywords(&here, &[], 50);
    let places = ["客服", "退款"].map(|it| found.iter().position(|other| other.term == it));
    assert!(places[0] < places[1] && places[1].is_some(), "{:?}", terms(&found));
    assert!(!terms(&found).contains(&"的客服"));
    assert_eq!(found.iter().find(|it| it.term == "客服").unwrap().z, 20_f64.sqrt());
}

#[test]
fn english_phrases_are_split_at_stop_words_and_counted_in_the_singular() {
    let here: Vec<String> = [
        "The flight delay was terrible",
        "Flight delays, again!",
        "another flight delay today",
        "my bag and a flight delay",
        "I hate flight delays",
        "flight delay since the morning",
        "they said: flight delay",
        "worst flight delay ever",
        "a flight delay at night",
        "flight delays make me sad",
        "no flight delay info",
        "only flight delays",
    ]
    .map(str::to_owned)
    .into();
    let rest: Vec<String> = (0..12).map(|it| format!("The crew was lovely on seat {it}")).collect();
    let found = keywords(&here, &rest, 3);
    assert_eq!(terms(&found), ["flight delay"]);
    assert_eq!(found[0].here, 12);
}

#[test]
fn a_term_counts_once_a_document_and_marks_never() {
    let mut here = vec!["退款退款，退款！[phone]".to_owned()];
    here.extend(around(&OPENS, "退款", &["，[phone]", "！[phone]不打"]));
    let found = keywords(&here, &[], 50);
    let refund = found.iter().find(|it| it.term == "退款").unwrap();
    assert_eq!(refund.here, 11);
    assert!(!terms(&found).contains(&"phone"));
}

#[test]
fn log_odds_are_those_of_the_paper() {
    // Counted by hand: 30 of 100 against 10 of 100, prior 25 with the share 5.
    let (a, b) = ((35.0_f64 / 90.0).ln(), (15.0_f64 / 110.0).ln());
    let expected = (a - b) / (1.0_f64 / 35.0 + 1.0 / 15.0).sqrt();
    assert!((log_odds_z((30.0, 100.0), (10.0, 100.0)) - expected).abs() < 1e-12);
    assert!((expected - 3.396).abs() < 0.001, "{expected}");
    assert_eq!(log_odds_z((5.0, 50.0), (5.0, 50.0)), 0.0);
    assert!(log_odds_z((50.0, 50.0), (50.0, 50.0)).is_finite());
}

#[test]
fn order_of_documents_does_not_matter() {
    let here = around(&OPENS, "空调", &CLOSES);
    let rest = around(&OPENS, "早餐", &CLOSES);
    let (mut other, mut rest_too) = (here.clone(), rest.clone());
    other.reverse();
    rest_too.reverse();
    assert_eq!(keywords(&here, &rest, 20), keywords(&other, &rest_too, 20));
}

#[test]
fn a_side_is_full_at_its_bounds() {
    let mut counter = Counter::new();
    let taken = (0..DOCUMENTS_MAX + 9).filter(|_| counter.add("好", Side::Here)).count();
    assert_eq!(taken, DOCUMENTS_MAX);
    assert!(counter.add("好", Side::Rest));

    let mut counter = Counter::new();
    let long = "好".repeat(3 * DOCUMENT_CHARS_MAX);
    let taken = (0..DOCUMENTS_MAX).filter(|_| counter.add(&long, Side::Rest)).count();
    assert_eq!(taken, CHARS_MAX / DOCUMENT_CHARS_MAX);
    assert_eq!(counter.finish(9), []);
}

#[test]
fn strange_texts_are_counted_without_harm() {
    let mut counter = Counter::new();
    for it in ["", " ", "𠀀𠀁好𠀂", "'", "-a-", "\0", "😀", "ééé ééé", "a's s's 's", "[phone"]
    {
        (0..3).for_each(|_| assert!(counter.add(it, Side::Here)));
    }
    assert!(counter.finish(0).is_empty());
}
