//! How somebody is looked for by a contact, however it was written.
//!
//! The database keeps the same of every contact (`contact.look_up`).

/// The digits at the end of a number that tell it from others, whatever stands before them:
/// a country, a trunk prefix or nothing.
const DIGITS: usize = 9;
/// Fewer digits are no number that anybody has.
const DIGITS_MIN: usize = 5;
/// What people write between digits.
const BETWEEN: [char; 7] = [' ', '-', '(', ')', '+', '.', '/'];

/// What is compared of a name, an address or an account.
pub fn word(text: &str) -> String {
    let letters = text.chars().filter(|it| *it != ' ');
    letters.map(|it| it.to_ascii_lowercase()).collect()
}

/// What is compared of a phone number; empty for what is none.
pub fn phone(text: &str) -> String {
    let digits: String = text.chars().filter(|it| !BETWEEN.contains(it)).collect();
    if digits.len() < DIGITS_MIN || !digits.bytes().all(|it| it.is_ascii_digit()) {
        return String::new();
    }
    let start = digits.len().saturating_sub(DIGITS);
    digits.get(start..).unwrap_or("").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_however_it_is_written() {
        for text in ["+8613800138000", "138 0013 8000", "0086-138-0013-8000", "(138) 0013.8000"] {
            assert_eq!(phone(text), "800138000", "{text}");
        }
        assert_eq!(phone("0571 8888 8888"), phone("+86 571 88888888"));
        for none in ["", "M-2041", "1234", "李想", "+++", "１３８００１３８０００"] {
            assert_eq!(phone(none), "", "{none}");
        }
    }

    #[test]
    fn a_word_is_found_whatever_its_case_and_spaces() {
        assert_eq!(word(" Li.Xiang@Example.com"), "li.xiang@example.com");
        assert_eq!(word("李 想"), "李想");
    }
}
