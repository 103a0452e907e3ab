//! The two languages that the product itself speaks. Neither is a translation of the other.

use std::borrow::Cow;

/// A language of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lang {
    /// English.
    En,
    /// Chinese.
    Zh,
}

impl Lang {
    /// Its BCP 47 tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Zh => "zh-CN",
        }
    }

    /// Whichever of two texts is in it.
    pub const fn of<'a>(self, en: &'a str, zh: &'a str) -> &'a str {
        match self {
            Lang::En => en,
            Lang::Zh => zh,
        }
    }

    /// The better of the two for an `Accept-Language` header (RFC 9110 §12.5.4).
    pub fn accepted(header: &str) -> Lang {
        let mut best = (Lang::En, 0);
        for range in header.split(',') {
            let mut parts = range.split(';');
            let tag = parts.next().unwrap_or("").trim().to_ascii_lowercase();
            let lang = match tag.split('-').next() {
                Some("zh") => Lang::Zh,
                Some("en" | "*") => Lang::En,
                _ => continue,
            };
            let quality =
                parts.find_map(|it| it.trim().strip_prefix("q=")).map_or(1000, thousandths);
            // The first of equals wins: people list what they prefer first.
            if best.1 < quality {
                best = (lang, quality);
            }
        }
        best.0
    }
}

/// `0.8` as 800; anything else that is not a quality as 0.
fn thousandths(quality: &str) -> u32 {
    let (whole, fraction) = quality.split_once('.').unwrap_or((quality, ""));
    let fraction = format!("{fraction:0<3}");
    match (whole.parse::<u32>(), fraction.get(..3).and_then(|it| it.parse::<u32>().ok())) {
        (Ok(whole), Some(fraction)) => whole.min(1) * 1000 + fraction,
        _ => 0,
    }
}

/// One thing said in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// In English.
    pub en: Cow<'static, str>,
    /// In Chinese.
    pub zh: Cow<'static, str>,
}

/// Says something fixed.
pub const fn said(en: &'static str, zh: &'static str) -> Said {
    Said { en: Cow::Borrowed(en), zh: Cow::Borrowed(zh) }
}

/// Says something made for the occasion.
pub fn said_now(en: String, zh: String) -> Said {
    Said { en: Cow::Owned(en), zh: Cow::Owned(zh) }
}

impl Said {
    /// The text in one language.
    pub fn text(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Zh => &self.zh,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_decides() {
        let cases = [
            ("", Lang::En),
            ("zh", Lang::Zh),
            ("zh-CN,zh;q=0.9,en;q=0.8", Lang::Zh),
            ("en-GB,en;q=0.9,zh-CN;q=0.8", Lang::En),
            ("en;q=0.3, zh-Hant;q=0.7", Lang::Zh),
            ("fr, zh;q=0.5", Lang::Zh),
            ("fr, de", Lang::En),
            ("zh;q=0", Lang::En),
            ("zh;q=nonsense, en;q=0.1", Lang::En),
            ("*", Lang::En),
        ];
        for (header, expected) in cases {
            assert_eq!(Lang::accepted(header), expected, "{header:?}");
        }
    }
}
