//! The controls: what a person fills in to answer a question.

use domain::civil;
use domain::survey::{Ask, Choice, Columns, Question, Row, Texts};

use crate::draw::put_text;
use crate::words::{Words, fill, say};
use app::hosted::form::{Pairs, name, part_name, words_name};
use app::hosted::visit::value;
use pages::html::{Attribute, Html, when};

/// Answers up to this length fit into one line.
const LINE_CHARS_MAX: usize = 120;

/// One question, to be put on the page.
pub(crate) struct Put<'a> {
    pub(crate) question: &'a Question,
    pub(crate) words: &'a Words,
    /// The language of the page, and that of what is not translated.
    pub(crate) languages: (&'a str, &'a str),
    /// What is filled in already.
    pub(crate) kept: &'a Pairs,
    /// What is wrong with that; empty for nothing.
    pub(crate) wrong: &'a str,
    /// Whether some paths do not reach it.
    pub(crate) may_skip: bool,
}

impl Put<'_> {
    /// Writes the question with its control.
    pub(crate) fn question(&self, html: &mut Html) {
        match &self.question.kind {
            Ask::Statement => {
                html.open("div", &[("class", "question")]);
                self.say(html, "p", "ask", &self.question.text);
                self.help(html, "");
                html.close();
            }
            Ask::Consent => self.consent(html),
            Ask::Text { chars_max, pattern, .. } => {
                let hint = if pattern.is_empty() {
                    String::new()
                } else {
                    // A mask is written from left to right wherever it stands.
                    fill(self.words.format, &[&format!("\u{2066}{pattern}\u{2069}")])
                };
                self.line(html, &hint, &|put, html, attributes| {
                    put.text(html, attributes, *chars_max, !pattern.is_empty());
                });
            }
            Ask::Number { min, max, decimals, unit } => {
                self.line(html, "", &|put, html, attributes| {
                    put.number(html, attributes, (*min, *max, *decimals), unit);
                });
            }
            Ask::Date { min, max } => {
                let day = |it: &Option<i32>| it.map(civil::date).unwrap_or_default();
                let (min, max) = (day(min), day(max));
                self.line(html, "", &|put, html, attributes| {
                    let more = [
                        (when(!min.is_empty(), "min"), min.as_str()),
                        (when(!max.is_empty(), "max"), max.as_str()),
                    ];
                    put.input(html, attributes, "date", &more);
                });
            }
            Ask::Email => self.line(html, "", &|put, html, attributes| {
                put.input(html, attributes, "email", &[("autocomplete", "email")]);
            }),
            Ask::Phone => self.line(html, "", &|put, html, attributes| {
                put.input(html, attributes, "tel", &[("autocomplete", "tel")]);
            }),
            _ => self.group(html),
        }
    }

    fn say(&self, html: &mut Html, tag: &'static str, class: &str, texts: &Texts) {
        put_text(html, tag, class, texts, self.languages);
    }

    /// The id of something of this question.
    fn id(&self, prefix: &str) -> String {
        format!("{prefix}-{}", self.question.id)
    }

    /// The ids of help and error, as far as there are any.
    fn described(&self, has_hint: bool) -> String {
        let has_help = has_hint || !self.question.help.is_empty();
        let help = if has_help { self.id("h") } else { String::new() };
        let error = if self.wrong.is_empty() { String::new() } else { self.id("e") };
        format!("{help} {error}").trim().to_owned()
    }

    fn ask(&self, html: &mut Html) {
        self.say(html, "span", "", &self.question.text);
        if self.question.required {
            let words = self.words;
            let need = if self.may_skip { words.required_if } else { words.required };
            html.text(" ");
            html.put("span", &[("class", "need")], need);
        }
    }

    /// What stands between question and control: help, a hint, what is wrong.
    fn help(&self, html: &mut Html, hint: &str) {
        if !self.question.help.is_empty() || !hint.is_empty() {
            html.open("div", &[("class", "help"), ("id", &self.id("h"))]);
            if !self.question.help.is_empty() {
                self.say(html, "p", "", &self.question.help);
            }
            if !hint.is_empty() {
                html.put("p", &[], hint);
            }
            html.close();
        }
        if !self.wrong.is_empty() {
            let text = fill(self.words.error, &[self.wrong]);
            html.put("p", &[("class", "error"), ("id", &self.id("e"))], &text);
        }
    }

    fn class(&self) -> &'static str {
        if self.wrong.is_empty() { "question" } else { "question bad" }
    }

    /// A question with one control, which `control` writes with the attributes that all have.
    fn line(
        &self,
        html: &mut Html,
        hint: &str,
        control: &dyn Fn(&Put<'_>, &mut Html, &[Attribute<'_>]),
    ) {
        html.open("div", &[("class", self.class())]);
        let (id, name) = (self.id("c"), name(self.question));
        html.open("label", &[("class", "ask"), ("for", &id)]);
        self.ask(html);
        html.close();
        self.help(html, hint);
        let described = self.described(!hint.is_empty());
        let is_needed = self.question.required && !self.may_skip;
        let attributes = [
            ("id", id.as_str()),
            ("name", name.as_str()),
            (when(!described.is_empty(), "aria-describedby"), described.as_str()),
            (when(!self.wrong.is_empty(), "aria-invalid"), "true"),
            (when(is_needed, "aria-required"), "true"),
        ];
        control(self, html, &attributes);
        html.close();
    }

    fn text(
        &self,
        html: &mut Html,
        attributes: &[Attribute<'_>],
        chars_max: usize,
        has_pattern: bool,
    ) {
        let most = chars_max.to_string();
        let more = [("maxlength", most.as_str())];
        if has_pattern || chars_max <= LINE_CHARS_MAX {
            self.input(html, attributes, "text", &more);
            return;
        }
        let mut attributes = attributes.to_vec();
        attributes.extend([("rows", "4"), ("maxlength", most.as_str())]);
        // A browser takes a first line break away.
        let kept = value(self.kept, &name(self.question));
        let kept = if kept.starts_with(['\r', '\n']) { format!("\n{kept}") } else { kept.into() };
        html.put("textarea", &attributes, &kept);
    }

    fn number(
        &self,
        html: &mut Html,
        attributes: &[Attribute<'_>],
        (min, max, decimals): (Option<f64>, Option<f64>, u8),
        unit: &Texts,
    ) {
        let bound = |it: Option<f64>| it.map(|it| web::view::text(&it)).unwrap_or_default();
        let (min, max) = (bound(min), bound(max));
        let step = match decimals {
            0 => "1".to_owned(),
            more => format!("0.{:0>1$}", 1, usize::from(more)),
        };
        let more = [
            ("step", step.as_str()),
            ("inputmode", if decimals == 0 { "numeric" } else { "decimal" }),
            (when(!min.is_empty(), "min"), min.as_str()),
            (when(!max.is_empty(), "max"), max.as_str()),
        ];
        html.open("div", &[("class", "counted")]);
        self.input(html, attributes, "number", &more);
        if !unit.is_empty() {
            self.say(html, "span", "unit", unit);
        }
        html.close();
    }

    fn input(
        &self,
        html: &mut Html,
        attributes: &[Attribute<'_>],
        kind: &'static str,
        more: &[Attribute<'_>],
    ) {
        let mut all = vec![("type", kind)];
        all.extend(attributes);
        all.extend(more);
        all.push(("value", value(self.kept, &name(self.question))));
        html.void("input", &all);
    }

    fn consent(&self, html: &mut Html) {
        html.open("div", &[("class", self.class())]);
        self.help(html, "");
        html.open("label", &[("class", "option")]);
        let (id, name, described) = (self.id("c"), name(self.question), self.described(false));
        let is_ticked = !value(self.kept, &name).is_empty();
        let attributes = [
            ("type", "checkbox"),
            ("id", id.as_str()),
            ("name", name.as_str()),
            ("value", "yes"),
            (when(!described.is_empty(), "aria-describedby"), described.as_str()),
            (when(!self.wrong.is_empty(), "aria-invalid"), "true"),
            (when(is_ticked, "checked"), ""),
        ];
        html.void("input", &attributes);
        html.open("span", &[]);
        self.ask(html);
        html.close();
        html.close();
        html.close();
    }

    /// A question with several controls.
    fn group(&self, html: &mut Html) {
        let hint = self.hint();
        let described = self.described(!hint.is_empty());
        let attributes = [
            ("class", self.class()),
            (when(!described.is_empty(), "aria-describedby"), described.as_str()),
        ];
        html.open("fieldset", &attributes);
        html.open("legend", &[("class", "ask")]);
        self.ask(html);
        html.close();
        self.help(html, &hint);
        match &self.question.kind {
            Ask::Nps => self.scale(html, 0, 10),
            Ask::Rating { points, .. } => self.scale(html, 1, *points),
            Ask::Effort => self.scale(html, 1, 7),
            Ask::Single { options, .. } => self.choices(html, options, "radio"),
            Ask::Multiple { options, .. } => self.choices(html, options, "checkbox"),
            Ask::Matrix { rows, columns, .. } => self.matrix(html, rows, columns),
            Ask::Ranking { options, max, .. } => self.ranking(html, options, *max),
            _ => {}
        }
        html.close();
    }

    fn hint(&self) -> String {
        match &self.question.kind {
            Ask::Multiple { options, min, max, .. } => {
                let (least, most) = (min.to_string(), max.to_string());
                if 1 < *min {
                    fill(self.words.count, &[&least, &most])
                } else if *max < options.len() {
                    fill(self.words.count_most, &[&most])
                } else {
                    String::new()
                }
            }
            _ => String::new(),
        }
    }

    fn scale(&self, html: &mut Html, lowest: u8, highest: u8) {
        let name = name(self.question);
        let kept = value(self.kept, &name);
        let count = format!("points n{}", highest - lowest + 1);
        html.open("div", &[("class", &count)]);
        for point in lowest..=highest {
            let point_text = point.to_string();
            let id = if point == lowest { self.id("c") } else { String::new() };
            html.open("label", &[]);
            let attributes = [
                ("type", "radio"),
                (when(!id.is_empty(), "id"), id.as_str()),
                ("name", name.as_str()),
                ("value", point_text.as_str()),
                (when(kept == point_text, "checked"), ""),
            ];
            html.void("input", &attributes);
            html.open("span", &[]);
            html.text(&point_text);
            // Of the two ends, their meaning as well.
            if point == lowest || point == highest {
                html.open("span", &[("class", "away")]);
                html.text(" – ");
                html.text(self.end(usize::from(point == highest)));
                html.close();
            }
            html.close();
            html.close();
        }
        html.close();
        html.open("div", &[("class", "ends"), ("aria-hidden", "true")]);
        for (at, point) in [lowest, highest].into_iter().enumerate() {
            html.put("span", &[], &format!("{point} – {}", self.end(at)));
        }
        html.close();
    }

    /// What the lowest (0) or the highest (1) score means.
    fn end(&self, at: usize) -> &str {
        let texts = if at == 0 { &self.question.low } else { &self.question.high };
        let (text, _) = say(texts, self.languages.0, self.languages.1);
        let own = self.words.ends(&self.question.kind);
        if text.is_empty() { own.get(at).copied().unwrap_or("") } else { text }
    }

    fn choices(&self, html: &mut Html, options: &[Choice], kind: &'static str) {
        let name = name(self.question);
        html.open("div", &[("class", "options")]);
        for (at, option) in options.iter().enumerate() {
            let is_ticked = self.kept.iter().any(|it| it.0 == name && it.1 == option.id);
            let id = if at == 0 { self.id("c") } else { String::new() };
            let label = format!("l-{}-{}", self.question.id, option.id);
            html.open("label", &[("class", "option"), ("id", &label)]);
            let attributes = [
                ("type", kind),
                (when(!id.is_empty(), "id"), id.as_str()),
                ("name", name.as_str()),
                ("value", option.id.as_str()),
                (when(is_ticked, "checked"), ""),
            ];
            html.void("input", &attributes);
            self.say(html, "span", "", &option.text);
            html.close();
            if option.open {
                self.own_words(html, option);
            }
        }
        html.close();
    }

    fn own_words(&self, html: &mut Html, option: &Choice) {
        let name = words_name(self.question, option);
        let (text, _) = say(&option.text, self.languages.0, self.languages.1);
        let label = format!("{text} – {}", self.words.specify);
        let attributes = [
            ("type", "text"),
            ("class", "own"),
            ("name", name.as_str()),
            ("maxlength", "500"),
            ("aria-label", label.as_str()),
            ("placeholder", self.words.specify),
            ("value", value(self.kept, &name)),
        ];
        html.void("input", &attributes);
    }

    fn matrix(&self, html: &mut Html, rows: &[Row], columns: &Columns) {
        let id = &self.question.id;
        let points: Vec<String> = match columns {
            Columns::Points(points) => (1..=*points).map(|it| it.to_string()).collect(),
            Columns::Options(options) => options.iter().map(|it| it.id.clone()).collect(),
        };
        let head = |put: &Put<'_>, html: &mut Html, tag, at: usize| match columns {
            Columns::Options(options) => {
                if let Some(option) = options.get(at) {
                    put.say(html, tag, "", &option.text);
                }
            }
            Columns::Points(_) => html.put(tag, &[], points.get(at).map_or("", String::as_str)),
        };
        let is_scored = matches!(columns, Columns::Points(_));
        html.open("table", &[(when(is_scored, "class"), "scored")]);
        html.open("thead", &[]);
        html.open("tr", &[]);
        html.put("td", &[], "");
        for at in 0..points.len() {
            html.open("th", &[("scope", "col"), ("id", &format!("k-{id}-{at}"))]);
            head(self, html, "span", at);
            html.close();
        }
        html.close();
        html.close();
        html.open("tbody", &[]);
        for (index, row) in rows.iter().enumerate() {
            let (name, row_id) = (part_name(self.question, &row.id), format!("r-{id}-{}", row.id));
            let kept = value(self.kept, &name);
            html.open("tr", &[]);
            html.open("th", &[("scope", "row"), ("id", &row_id)]);
            self.say(html, "span", "", &row.text);
            html.close();
            for (at, point) in points.iter().enumerate() {
                let labels = format!("{row_id} k-{id}-{at}");
                let first = if index + at == 0 { self.id("c") } else { String::new() };
                html.open("td", &[]);
                html.open("label", &[]);
                let attributes = [
                    ("type", "radio"),
                    (when(!first.is_empty(), "id"), first.as_str()),
                    ("name", name.as_str()),
                    ("value", point.as_str()),
                    ("aria-labelledby", labels.as_str()),
                    (when(kept == point, "checked"), ""),
                ];
                html.void("input", &attributes);
                // Where the table becomes a list, its head is gone.
                html.open("span", &[("class", "column")]);
                head(self, html, "span", at);
                html.close();
                html.close();
                html.close();
            }
            html.close();
        }
        html.close();
        html.close();
        if is_scored {
            html.open("div", &[("class", "ends")]);
            let last = points.last().map_or("", String::as_str);
            for (at, point) in ["1", last].into_iter().enumerate() {
                html.put("span", &[], &format!("{point} – {}", self.end(at)));
            }
            html.close();
        }
    }

    fn ranking(&self, html: &mut Html, options: &[Choice], max: usize) {
        html.open("div", &[("class", "places")]);
        for place in 1..=max {
            let place_text = place.to_string();
            let name = part_name(self.question, &place_text);
            let kept = value(self.kept, &name);
            let id = match place {
                1 => self.id("c"),
                _ => format!("c-{}-{place}", self.question.id),
            };
            html.open("label", &[("for", &id)]);
            html.text(&fill(self.words.place, &[&place_text]));
            html.close();
            html.open("select", &[("id", &id), ("name", &name)]);
            html.put("option", &[("value", "")], self.words.choose);
            for option in options {
                let (text, other) = say(&option.text, self.languages.0, self.languages.1);
                let attributes = [
                    ("value", option.id.as_str()),
                    (when(other.is_some(), "lang"), other.unwrap_or("")),
                    (when(kept == option.id, "selected"), ""),
                ];
                html.put("option", &attributes, text);
            }
            html.close();
        }
        html.close();
    }
}
