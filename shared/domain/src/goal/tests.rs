//! Targets at their numbers.

use super::*;

#[test]
fn a_target_is_met_at_its_number() {
    for (aim, before, value, target, is_met, gap) in [
        (Aim::AtLeast(90.0), None, 90.0, 90.0, true, 0.0),
        (Aim::AtLeast(90.0), None, 89.96, 90.0, false, -0.04),
        (Aim::AtLeast(90.0), None, 84.2, 90.0, false, -5.8),
        (Aim::AtMost(3.0), None, 3.0, 3.0, true, 0.0),
        (Aim::AtMost(3.0), None, 4.1, 3.0, false, 1.1),
        (Aim::AtMost(30.0), None, 12.5, 30.0, true, -17.5),
        (Aim::Raise(15.0), Some(40.0), 46.0, 46.0, true, 0.0),
        (Aim::Raise(15.0), Some(40.0), 45.9, 46.0, false, -0.1),
        // Less of the same is no rise.
        (Aim::Raise(15.0), Some(-20.0), -20.0, -17.0, false, -3.0),
        (Aim::Raise(5.0), Some(0.0), 0.0, 0.0, true, 0.0),
    ] {
        let found = aim.target(before).unwrap();
        assert_eq!(found.number, target, "{aim:?}");
        assert_eq!((found.is_met(value), found.gap(value)), (is_met, gap), "{aim:?} {value}");
    }
    assert_eq!(Aim::Raise(15.0).target(None), None);
    assert_eq!(Aim::Open.target(Some(1.0)), None);
    assert_eq!(Aim::Open.direction(), None);
    assert_eq!((Aim::Raise(5.0).rise(), Aim::AtLeast(5.0).rise()), (Some(5.0), None));
}

#[test]
fn every_goal_says_how_it_is_made_and_what_it_needs() {
    for (at, it) in GOALS.iter().enumerate() {
        assert!(GOALS.iter().skip(at + 1).all(|other| other.name != it.name), "{}", it.name);
        for (en, zh) in [it.label, it.formula] {
            assert!(!en.is_empty() && !zh.is_ascii(), "{}", it.name);
        }
        // What `/v1/figures` does not tell stands here.
        assert_eq!(it.connect.0.is_empty(), it.source == "/v1/figures", "{}", it.name);
        assert_eq!(it.connect.0.is_empty(), it.connect.1.is_empty(), "{}", it.name);
    }
    // Area by area, in their order.
    let place = |it: &Goal| Area::ALL.iter().position(|area| *area == it.area);
    assert!(GOALS.windows(2).all(|pair| place(&pair[0]) <= place(&pair[1])));
}

#[test]
fn the_targets_are_those_of_the_requirement() {
    let aim = |name: &str| GOALS.iter().find(|it| it.name == name).unwrap().aim;
    for (name, wanted) in [
        ("csat", Aim::AtLeast(90.0)),
        ("very_satisfied", Aim::AtLeast(70.0)),
        ("key_touchpoint", Aim::AtLeast(95.0)),
        ("stage", Aim::AtLeast(85.0)),
        ("index", Aim::Raise(5.0)),
        ("nps", Aim::Raise(15.0)),
        ("repurchase_rate", Aim::Raise(20.0)),
        ("lifetime_value", Aim::Raise(25.0)),
        ("churn", Aim::AtMost(3.0)),
        ("resolution", Aim::AtLeast(98.0)),
        ("repeated", Aim::AtMost(5.0)),
        ("first_contact", Aim::AtLeast(85.0)),
        ("first_contact_resolution", Aim::AtLeast(85.0)),
        ("handling", Aim::AtMost(30.0)),
        ("service_score", Aim::AtLeast(4.5)),
        ("standard", Aim::AtLeast(90.0)),
        ("survey_coverage", Aim::AtLeast(100.0)),
        ("knowledge_coverage", Aim::AtLeast(80.0)),
    ] {
        assert_eq!(aim(name), wanted, "{name}");
    }
}
