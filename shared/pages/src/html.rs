//! HTML as it is written: every text and value is escaped here, and only here.

/// An attribute and its value. One with an empty name is left out.
/// Names are ours, or made of ids.
pub type Attribute<'a> = (&'a str, &'a str);

/// A page in the making. What is opened is closed in turn.
#[derive(Debug, Default)]
pub struct Html {
    text: String,
    open: Vec<&'static str>,
}

impl Html {
    /// An empty page with its doctype.
    pub fn new() -> Html {
        Html { text: "<!doctype html>\n".to_owned(), open: Vec::new() }
    }

    /// Begins an element.
    pub fn open(&mut self, tag: &'static str, attributes: &[Attribute<'_>]) {
        self.void(tag, attributes);
        self.open.push(tag);
    }

    /// An element that has no content.
    pub fn void(&mut self, tag: &'static str, attributes: &[Attribute<'_>]) {
        self.text.push('<');
        self.text.push_str(tag);
        for (name, value) in attributes.iter().filter(|it| !it.0.is_empty()) {
            self.text.push(' ');
            self.text.push_str(name);
            self.text.push_str("=\"");
            self.text(value);
            self.text.push('"');
        }
        self.text.push('>');
    }

    /// Ends the element that was begun last.
    pub fn close(&mut self) {
        if let Some(tag) = self.open.pop() {
            self.text.push_str("</");
            self.text.push_str(tag);
            self.text.push('>');
        }
    }

    /// A text.
    pub fn text(&mut self, text: &str) {
        for it in text.chars() {
            match it {
                '<' => self.text.push_str("&lt;"),
                '>' => self.text.push_str("&gt;"),
                '&' => self.text.push_str("&amp;"),
                '"' => self.text.push_str("&quot;"),
                '\'' => self.text.push_str("&#39;"),
                // Neither HTML nor XML knows such characters, not even escaped.
                '\0'..='\x08' | '\x0b'..='\x0c' | '\x0e'..='\x1f' | '\u{fffe}'..='\u{ffff}' => {
                    self.text.push('\u{fffd}');
                }
                it => self.text.push(it),
            }
        }
    }

    /// A whole element with a text.
    pub fn put(&mut self, tag: &'static str, attributes: &[Attribute<'_>], text: &str) {
        self.open(tag, attributes);
        self.text(text);
        self.close();
    }

    /// What was written elsewhere, with whatever is still open there closed.
    pub(crate) fn append(&mut self, mut other: Html) {
        while !other.open.is_empty() {
            other.close();
        }
        self.text.push_str(&other.text);
    }

    /// What was written so far.
    pub fn so_far(&self) -> &[u8] {
        self.text.as_bytes()
    }

    /// The page, with whatever is still open closed.
    pub fn done(mut self) -> Vec<u8> {
        while !self.open.is_empty() {
            self.close();
        }
        self.text.push('\n');
        self.text.into_bytes()
    }
}

/// The attribute of this name, if something is so; otherwise none.
pub fn when(is_so: bool, name: &'static str) -> &'static str {
    if is_so { name } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_text_holds_it_stays_a_text() {
        let mut html = Html::default();
        html.open("p", &[("title", "a\"b'c"), ("", "x"), (when(false, "hidden"), "")]);
        html.text("</p><script>&amp;\0");
        html.void("br", &[]);
        html.open("b", &[]);
        let page = String::from_utf8(html.done()).unwrap();
        let expected = "<p title=\"a&quot;b&#39;c\">&lt;/p&gt;&lt;script&gt;&amp;amp;\u{fffd}\
                        <br><b></b></p>\n";
        assert_eq!(page, expected);
    }
}
