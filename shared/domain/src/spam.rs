//! What keeps robots out of surveys: a trap, the age of the form, and a proof of work.
//!
//! Each is off, on, or only asked for on suspicion. None of them needs a third party, and none
//! stands in the way of a customer who just answers.

use crate::UtcMs;

/// The least age of a form that a person sends.
pub const AGE_MS_MIN: i64 = 2_000;
/// The greatest: as long as an answer may wait in a widget's queue.
pub const AGE_MS_MAX: i64 = 30 * 86_400_000;
/// How far the clocks of two instances of ours may be apart.
const SKEW_MS: i64 = 1_000;
/// The secret number of a challenge is at most this, so that solving takes up to so many SHA-256.
pub const NUMBER_MAX: u32 = 50_000;
/// How long a challenge may be solved.
pub const CHALLENGE_MS: i64 = 10 * 60 * 1000;

/// Whether a means is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Never.
    #[default]
    Off,
    /// Always.
    On,
    /// It raises suspicion, or is asked for on suspicion.
    Suspicion,
}

impl Mode {
    fn parse(text: &str) -> Option<Mode> {
        match text {
            "off" => Some(Mode::Off),
            "on" => Some(Mode::On),
            "suspicion" => Some(Mode::Suspicion),
            _ => None,
        }
    }

    /// Its name in the setting and in the API.
    pub fn name(self) -> &'static str {
        match self {
            Mode::Off => "off",
            Mode::On => "on",
            Mode::Suspicion => "suspicion",
        }
    }
}

/// The setting `spam`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Means {
    /// A field that people do not see.
    pub honeypot: Mode,
    /// The age of the form.
    pub age: Mode,
    /// A proof of work.
    pub proof: Mode,
}

impl Means {
    /// Reads `honeypot=on age=suspicion proof=suspicion`, some of it, or `off`.
    pub fn parse(text: &str) -> Option<Means> {
        let mut means = Means::default();
        if text.trim() == "off" {
            return Some(means);
        }
        let mut is_any = false;
        for part in text.split([' ', ',']).filter(|it| !it.is_empty()) {
            let (name, mode) = part.split_once('=')?;
            let mode = Mode::parse(mode)?;
            match name {
                "honeypot" => means.honeypot = mode,
                "age" => means.age = mode,
                "proof" => means.proof = mode,
                _ => return None,
            }
            is_any = true;
        }
        is_any.then_some(means)
    }

    /// Whether nothing is asked of anybody.
    pub fn is_off(self) -> bool {
        self == Means::default()
    }
}

/// What a form says of when we gave it out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Nothing.
    Unknown,
    /// Something that we never said.
    Forged,
    /// Less than [`AGE_MS_MIN`] ago.
    Young,
    /// Long enough ago, and not too long.
    Fine,
    /// More than [`AGE_MS_MAX`] ago.
    Old,
}

impl Form {
    /// Of the instant at which a genuine form was given out.
    pub fn of(issued: UtcMs, now: UtcMs) -> Form {
        match now - issued {
            age if age < -SKEW_MS => Form::Forged,
            age if age < AGE_MS_MIN => Form::Young,
            age if age <= AGE_MS_MAX => Form::Fine,
            _ => Form::Old,
        }
    }
}

/// What to do with a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Take it, if its address has not sent too many.
    Take,
    /// Keep it and leave it out of the figures; its sender is not told.
    Screen,
    /// Refuse its form.
    RefuseForm,
    /// Ask for a proof of work.
    AskProof,
}

/// Judges a submission. `can_prove` is not so for a page without scripts, of which a form that
/// is old enough is all that can be asked.
pub fn judge(means: Means, is_trapped: bool, form: Form, proven: bool, can_prove: bool) -> Verdict {
    let proof = if can_prove { means.proof } else { Mode::Off };
    if is_trapped && means.honeypot == Mode::On {
        return Verdict::Screen;
    }
    let is_good = match means.age {
        Mode::Off => true,
        Mode::On if form != Form::Fine => return Verdict::RefuseForm,
        Mode::Suspicion if form == Form::Forged => return Verdict::RefuseForm,
        Mode::Suspicion if form != Form::Fine && !can_prove => return Verdict::RefuseForm,
        Mode::On | Mode::Suspicion => form == Form::Fine,
    };
    let is_suspect = !is_good || is_trapped && means.honeypot == Mode::Suspicion;
    match proof {
        Mode::On if !proven => Verdict::AskProof,
        Mode::Suspicion if is_suspect && !proven => Verdict::AskProof,
        // Nothing can clear it.
        Mode::Off if is_trapped && means.honeypot == Mode::Suspicion => Verdict::Screen,
        _ => Verdict::Take,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_are_plain_text() {
        let usual = Means::parse("honeypot=on age=suspicion proof=suspicion").unwrap();
        assert_eq!(usual.honeypot, Mode::On);
        assert_eq!([usual.age, usual.proof], [Mode::Suspicion; 2]);
        assert!(Means::parse("off").unwrap().is_off());
        assert_eq!(Means::parse("proof=on,age=off").unwrap().proof.name(), "on");
        for wrong in ["", "on", "honeypot", "honeypot=yes", "captcha=on"] {
            assert_eq!(Means::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_form_is_neither_too_young_nor_too_old() {
        for (age, form) in [
            (-1_001, Form::Forged),
            (-1_000, Form::Young),
            (1_999, Form::Young),
            (2_000, Form::Fine),
            (AGE_MS_MAX, Form::Fine),
            (AGE_MS_MAX + 1, Form::Old),
        ] {
            assert_eq!(Form::of(0, age), form, "{age}");
        }
    }

    #[test]
    fn each_means_does_what_its_mode_says() {
        let usual = "honeypot=on age=suspicion proof=suspicion";
        for (means, is_trapped, form, proven, can_prove, expected) in [
            ("off", true, Form::Forged, false, true, Verdict::Take),
            (usual, false, Form::Fine, false, true, Verdict::Take),
            (usual, true, Form::Fine, false, true, Verdict::Screen),
            (usual, false, Form::Forged, true, true, Verdict::RefuseForm),
            (usual, false, Form::Young, false, true, Verdict::AskProof),
            (usual, false, Form::Unknown, false, true, Verdict::AskProof),
            (usual, false, Form::Old, false, true, Verdict::AskProof),
            (usual, false, Form::Young, true, true, Verdict::Take),
            // Without scripts there is no proof, but a form that can wait.
            (usual, false, Form::Fine, false, false, Verdict::Take),
            (usual, false, Form::Young, false, false, Verdict::RefuseForm),
            (usual, false, Form::Unknown, false, false, Verdict::RefuseForm),
            ("age=on", false, Form::Young, true, true, Verdict::RefuseForm),
            ("age=on", false, Form::Unknown, true, true, Verdict::RefuseForm),
            ("age=on", false, Form::Fine, false, true, Verdict::Take),
            ("age=suspicion", false, Form::Unknown, false, true, Verdict::Take),
            ("proof=on", false, Form::Unknown, false, true, Verdict::AskProof),
            ("proof=on", false, Form::Unknown, true, true, Verdict::Take),
            ("proof=on", false, Form::Unknown, false, false, Verdict::Take),
            ("honeypot=suspicion", true, Form::Unknown, false, true, Verdict::Screen),
            (
                "honeypot=suspicion proof=suspicion",
                true,
                Form::Fine,
                false,
                true,
                Verdict::AskProof,
            ),
            ("honeypot=suspicion proof=suspicion", true, Form::Fine, true, true, Verdict::Take),
        ] {
            let means = Means::parse(means).unwrap();
            let found = judge(means, is_trapped, form, proven, can_prove);
            assert_eq!(found, expected, "{means:?} {is_trapped} {form:?} {proven} {can_prove}");
        }
    }
}
