//! What an address or a sent form says of a visit: the language, the hidden fields, the score
//! that was tapped, the link that was followed.

use domain::survey::Definition;
use domain::touchpoint::CHANNELS;
use web::Request;

/// The longest token of a link.
const LINK_CHARS_MAX: usize = 2_000;

/// One visit to a survey.
#[derive(Debug)]
pub struct Visit {
    /// One of the survey's languages.
    pub language: String,
    /// The channel that answers come on.
    pub channel: String,
    /// The hidden fields that are known.
    pub hidden: Vec<(String, String)>,
    /// The score that was tapped in a mail.
    pub score: Option<i64>,
    /// The token of a personal link; empty for none.
    pub link: String,
}

impl Visit {
    /// Of an address.
    pub fn of(request: &Request, definition: &Definition) -> Visit {
        let param = |name: &str| request.param(name).unwrap_or("");
        let accepted = accepted(request.header("accept-language").unwrap_or(""));
        let mut wanted = vec![param("lang")];
        wanted.extend(accepted);
        let mut hidden = Vec::with_capacity(definition.hidden.len());
        for it in &definition.hidden {
            // One that is too long is left out: whoever follows a link cannot shorten it.
            let value = param(&it.id).trim();
            if !value.is_empty() && value.chars().count() <= it.chars_max {
                hidden.push((it.id.clone(), value.to_owned()));
            }
        }
        Visit {
            language: nearest(definition, &wanted).to_owned(),
            channel: channel(definition, param("channel")).to_owned(),
            hidden,
            score: param("score").trim().parse().ok(),
            link: link(param("l")).to_owned(),
        }
    }

    /// Of a form that was sent.
    pub fn sent(pairs: &[(String, String)], definition: &Definition) -> Visit {
        let param = |name: &str| value(pairs, name);
        let mut hidden = Vec::with_capacity(definition.hidden.len());
        for it in &definition.hidden {
            let value = param(&format!("h.{}", it.id));
            if !value.is_empty() {
                hidden.push((it.id.clone(), value.to_owned()));
            }
        }
        Visit {
            language: nearest(definition, &[param("lang")]).to_owned(),
            channel: channel(definition, param("channel")).to_owned(),
            hidden,
            score: None,
            link: link(param("l")).to_owned(),
        }
    }

    /// The same visit in another language, as the query of an address.
    pub fn query(&self, language: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("lang", language);
        if let Some(score) = self.score {
            query.append_pair("score", &score.to_string());
        }
        if self.channel != "web" {
            query.append_pair("channel", &self.channel);
        }
        if !self.link.is_empty() {
            query.append_pair("l", &self.link);
        }
        for (id, value) in &self.hidden {
            query.append_pair(id, value);
        }
        query.finish()
    }
}

/// The language without its region or script, in lower case.
pub fn base(language: &str) -> String {
    language.split('-').next().unwrap_or("").to_ascii_lowercase()
}

/// The first value of a name; empty for none.
pub fn value<'a>(pairs: &'a [(String, String)], name: &str) -> &'a str {
    pairs.iter().find(|it| it.0 == name).map_or("", |it| it.1.as_str())
}

fn link(token: &str) -> &str {
    if token.len() <= LINK_CHARS_MAX { token } else { "" }
}

fn channel<'a>(definition: &'a Definition, wanted: &str) -> &'a str {
    let may =
        |it: &str| definition.channels.is_empty() || definition.channels.iter().any(|at| at == it);
    let known = CHANNELS.iter().find(|it| **it == wanted && may(it));
    match known {
        Some(it) => it,
        None if may("web") => "web",
        None => definition.channels.first().map_or("web", String::as_str),
    }
}

/// The language of a survey that is nearest to one of those wanted: "zh" finds "zh-CN" and
/// "en-GB" finds "en".
pub fn nearest<'a>(definition: &'a Definition, wanted: &[&str]) -> &'a str {
    let known = definition.languages();
    for tag in wanted.iter().filter(|it| !it.is_empty()) {
        let same = known.iter().find(|it| it.eq_ignore_ascii_case(tag));
        if let Some(found) = same.or_else(|| known.iter().find(|it| base(it) == base(tag))) {
            return found;
        }
    }
    &definition.default_language
}

/// The languages of an `Accept-Language` header, the most wanted first (RFC 9110 §12.5.4).
pub fn accepted(header: &str) -> Vec<&str> {
    let mut left: Vec<(&str, u32)> = Vec::new();
    for range in header.split(',') {
        let mut parts = range.split(';');
        let tag = parts.next().unwrap_or("").trim();
        let quality = parts.find_map(|it| it.trim().strip_prefix("q="));
        let quality = quality.map_or(1000, thousandths);
        if !tag.is_empty() && tag != "*" && 0 < quality {
            left.push((tag, quality));
        }
    }
    // A handful: taking the greatest over and over needs no sort.
    let mut tags = Vec::with_capacity(left.len());
    while let Some(best) = left.iter().map(|it| it.1).max() {
        if let Some(at) = left.iter().position(|it| it.1 == best) {
            tags.push(left.remove(at).0);
        }
    }
    tags
}

/// `0.8` as 800.
fn thousandths(quality: &str) -> u32 {
    let (whole, fraction) = quality.trim().split_once('.').unwrap_or((quality, ""));
    let fraction = format!("{fraction:0<3}");
    match (whole.trim().parse::<u32>(), fraction.get(..3).and_then(|it| it.parse::<u32>().ok())) {
        (Ok(whole), Some(fraction)) => whole.min(1) * 1000 + fraction,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::survey::Texts;

    #[test]
    fn what_is_wanted_most_comes_first() {
        assert_eq!(accepted("en;q=0.3, zh-Hant;q=0.7,fr;q=0,*"), ["zh-Hant", "en"]);
        assert_eq!(accepted("ar,en-GB;q=0.9,en;q=0.9"), ["ar", "en-GB", "en"]);
        assert!(accepted("").is_empty());
    }

    #[test]
    fn the_nearest_language_is_taken() {
        let title = ["zh-CN", "en", "ar"].map(|it| (it.to_owned(), "x".to_owned()));
        let definition = Definition {
            default_language: "zh-CN".into(),
            title: Texts::from(title),
            ..Definition::default()
        };
        for (wanted, found) in [
            (["EN", ""], "en"),
            (["", "ar-EG"], "ar"),
            (["fr", "zh"], "zh-CN"),
            (["fr", "de"], "zh-CN"),
        ] {
            assert_eq!(nearest(&definition, &wanted), found, "{wanted:?}");
        }
    }

    #[test]
    fn answers_come_on_a_channel_that_the_survey_takes() {
        let only = |channels: &[&str]| Definition {
            channels: channels.iter().map(|it| (*it).to_owned()).collect(),
            ..Definition::default()
        };
        assert_eq!(channel(&only(&[]), "sms"), "sms");
        assert_eq!(channel(&only(&[]), "pigeon"), "web");
        assert_eq!(channel(&only(&["app", "email"]), "email"), "email");
        assert_eq!(channel(&only(&["app", "email"]), "sms"), "app");
    }
}
