//! The text that Prometheus and whoever speaks `OpenMetrics` read.

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// Prometheus text exposition 0.0.4, which everybody reads.
    Prometheus,
    /// `OpenMetrics` 1.0.0.
    OpenMetrics,
}

impl Format {
    /// What the header `accept` asks for: `OpenMetrics` where it is named, and not as unwanted.
    pub(crate) fn wanted(accept: &str) -> Format {
        let named = accept.split(',').find(|it| {
            it.split(';').next().is_some_and(|it| it.trim() == "application/openmetrics-text")
        });
        let is_unwanted = |it: &str| {
            it.split(';').any(|it| matches!(it.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
        };
        match named {
            Some(it) if !is_unwanted(it) => Format::OpenMetrics,
            _ => Format::Prometheus,
        }
    }

    /// How an answer says so.
    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Format::Prometheus => "text/plain; version=0.0.4; charset=utf-8",
            Format::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        }
    }
}

/// What a number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It rises and falls.
    Gauge,
    /// It only rises; the names of its samples end with `_total`.
    Counter,
    /// It is 1, and its labels say what there is to say; its samples end with `_info`.
    Info,
}

/// One family of samples: its name without the ending that its kind gives it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Family {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) help: &'static str,
}

impl Family {
    /// A gauge.
    pub(crate) const fn gauge(name: &'static str, help: &'static str) -> Family {
        Family { name, kind: Kind::Gauge, help }
    }

    fn ending(&self) -> &'static str {
        match self.kind {
            Kind::Gauge => "",
            Kind::Counter => "_total",
            Kind::Info => "_info",
        }
    }
}

/// The text as far as it is written.
#[derive(Debug)]
pub(crate) struct Page {
    format: Format,
    text: String,
}

impl Page {
    pub(crate) fn new(format: Format) -> Page {
        Page { format, text: String::with_capacity(8 * 1024) }
    }

    /// Begins a family; its samples follow.
    pub(crate) fn begin(&mut self, family: &Family) {
        let (ending, kind) = match (self.format, family.kind) {
            (_, Kind::Gauge) => ("", "gauge"),
            (Format::OpenMetrics, Kind::Counter) => ("", "counter"),
            (Format::OpenMetrics, Kind::Info) => ("", "info"),
            // Prometheus' own text names families as their samples, and knows no info.
            (Format::Prometheus, Kind::Counter) => (family.ending(), "counter"),
            (Format::Prometheus, Kind::Info) => (family.ending(), "gauge"),
        };
        for part in ["# HELP ", family.name, ending, " "] {
            self.text.push_str(part);
        }
        escape(&mut self.text, family.help, self.format == Format::OpenMetrics);
        for part in ["\n# TYPE ", family.name, ending, " ", kind, "\n"] {
            self.text.push_str(part);
        }
    }

    /// A sample of a family.
    pub(crate) fn sample(&mut self, family: &Family, labels: &[(&str, &str)], value: &str) {
        for part in [family.name, family.ending()] {
            self.text.push_str(part);
        }
        let mut before = '{';
        for (name, value) in labels {
            self.text.push(before);
            self.text.push_str(name);
            self.text.push_str("=\"");
            escape(&mut self.text, value, true);
            self.text.push('"');
            before = ',';
        }
        if !labels.is_empty() {
            self.text.push('}');
        }
        for part in [" ", value, "\n"] {
            self.text.push_str(part);
        }
    }

    /// The whole text.
    pub(crate) fn end(mut self) -> String {
        if self.format == Format::OpenMetrics {
            self.text.push_str("# EOF\n");
        }
        self.text
    }
}

/// Writes a text as it may stand in a line.
fn escape(to: &mut String, text: &str, has_quotes: bool) {
    for it in text.chars() {
        match it {
            '\\' => to.push_str("\\\\"),
            '\n' => to.push_str("\\n"),
            '"' if has_quotes => to.push_str("\\\""),
            it => to.push(it),
        }
    }
}

/// A number of tenths, with its point.
pub(crate) fn tenths(number: i64) -> String {
    let sign = if number < 0 { "-" } else { "" };
    let whole = number.unsigned_abs();
    format!("{sign}{}.{}", whole / 10, whole % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_and_helps_are_escaped_as_each_format_wants_it() {
        let family = Family::gauge("huiyin_x", "a \"b\" \\ c\nd");
        for (format, help) in
            [(Format::Prometheus, r#"a "b" \\ c\nd"#), (Format::OpenMetrics, r#"a \"b\" \\ c\nd"#)]
        {
            let mut page = Page::new(format);
            page.begin(&family);
            page.sample(&family, &[("site", "a\"b\\c\nd"), ("x", "回")], "1");
            let text = page.end();
            let lines: Vec<&str> = text.lines().collect();
            assert_eq!(lines[0], format!("# HELP huiyin_x {help}"));
            assert_eq!(lines[1], "# TYPE huiyin_x gauge");
            assert_eq!(lines[2], r#"huiyin_x{site="a\"b\\c\nd",x="回"} 1"#);
        }
    }

    #[test]
    fn openmetrics_is_for_those_who_name_it() {
        let theirs = "application/openmetrics-text;version=1.0.0,text/plain;q=0.5";
        assert_eq!(Format::wanted(theirs), Format::OpenMetrics);
        for accept in ["", "*/*", "text/plain", "application/openmetrics-text;q=0, */*"] {
            assert_eq!(Format::wanted(accept), Format::Prometheus, "{accept}");
        }
    }

    #[test]
    fn tenths_keep_their_sign() {
        let all = [(0, "0.0"), (5, "0.5"), (-5, "-0.5"), (300, "30.0"), (-1000, "-100.0")];
        for (number, text) in all {
            assert_eq!(tenths(number), text);
        }
    }
}
