//! Fields that are chosen and ticked instead of typed in.

use pages::html::{Html, when};

/// What a choice is about.
#[derive(Clone, Copy, Debug)]
pub struct Select<'a> {
    /// Its id; empty for its name.
    pub id: &'a str,
    /// Its name.
    pub name: &'a str,
    /// What is asked.
    pub label: &'a str,
    /// A hint below that; empty for none.
    pub hint: &'a str,
    /// What is wrong with what was chosen; empty for nothing.
    pub wrong: &'a str,
}

impl Select<'_> {
    fn id(&self) -> &str {
        if self.id.is_empty() { self.name } else { self.id }
    }

    /// Begins the field: its box, its hint and what is wrong; and the ids of those two.
    fn begin(&self, html: &mut Html, tag: &'static str, label: &'static str) -> String {
        let (hint, wrong) = (format!("{}-hint", self.id()), format!("{}-wrong", self.id()));
        let (has_hint, is_wrong) = (!self.hint.trim().is_empty(), !self.wrong.is_empty());
        html.open(tag, &[("class", if is_wrong { "field bad" } else { "field" })]);
        html.put(label, &[(when(label == "label", "for"), self.id())], self.label);
        if has_hint {
            html.put("p", &[("class", "hint"), ("id", &hint)], self.hint.trim());
        }
        if is_wrong {
            html.put("p", &[("class", "error"), ("id", &wrong)], self.wrong);
        }
        match (is_wrong, has_hint) {
            (true, true) => format!("{wrong} {hint}"),
            (true, false) => wrong,
            (false, true) => hint,
            (false, false) => String::new(),
        }
    }
}

/// One of several, to choose from a list.
pub fn select(html: &mut Html, it: &Select<'_>, options: &[(String, String)], chosen: &str) {
    let described = it.begin(html, "div", "label");
    let attributes = [
        ("id", it.id()),
        ("name", it.name),
        (when(!described.is_empty(), "aria-describedby"), described.as_str()),
        (when(!it.wrong.is_empty(), "aria-invalid"), "true"),
    ];
    html.open("select", &attributes);
    for (value, text) in options {
        html.put("option", &[("value", value), (when(value == chosen, "selected"), "")], text);
    }
    // What stands there and cannot be chosen any more stays until somebody chooses anew.
    if !chosen.is_empty() && !options.iter().any(|it| it.0 == chosen) {
        html.put("option", &[("value", chosen), ("selected", "")], chosen);
    }
    html.close();
    html.close();
}

/// Some of several, to tick.
pub(crate) fn several(
    html: &mut Html,
    it: &Select<'_>,
    options: &[(String, String)],
    chosen: &[&str],
) {
    let described = it.begin(html, "fieldset", "legend");
    let group = (when(!described.is_empty(), "aria-describedby"), described.as_str());
    html.open("div", &[("class", "ticks"), ("role", "group"), ("aria-label", it.label), group]);
    let (mut seen, mut known) = (Vec::new(), options.to_vec());
    for value in chosen {
        if !options.iter().any(|it| it.0 == *value) && !seen.contains(value) {
            seen.push(*value);
            known.push(((*value).to_owned(), (*value).to_owned()));
        }
    }
    for (value, text) in &known {
        let id = format!("{}-{value}", it.id());
        html.open("label", &[("for", &id)]);
        let attributes = [
            ("type", "checkbox"),
            ("id", id.as_str()),
            ("name", it.name),
            ("value", value.as_str()),
            (when(chosen.contains(&value.as_str()), "checked"), ""),
        ];
        html.void("input", &attributes);
        html.text(text);
        html.close();
    }
    html.close();
    html.close();
}

/// A box to tick.
pub(crate) fn flag(html: &mut Html, it: &Select<'_>, is_set: bool) {
    let (id, hint, wrong) = (it.id(), it.hint, it.wrong);
    let hint_id = format!("{id}-hint");
    html.open("div", &[("class", if wrong.is_empty() { "field" } else { "field bad" })]);
    html.open("label", &[("for", id), ("class", "tick")]);
    let has_hint = !hint.trim().is_empty();
    let attributes = [
        ("type", "checkbox"),
        ("id", id),
        ("name", it.name),
        ("value", "true"),
        (when(has_hint, "aria-describedby"), hint_id.as_str()),
        (when(is_set, "checked"), ""),
    ];
    html.void("input", &attributes);
    html.text(it.label);
    html.close();
    if has_hint {
        html.put("p", &[("class", "hint"), ("id", &hint_id)], hint.trim());
    }
    if !wrong.is_empty() {
        html.put("p", &[("class", "error")], wrong);
    }
    html.close();
}
