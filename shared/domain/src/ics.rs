//! Calendars as text: iCalendar (RFC 5545) and what is done with it (RFC 5546).
//!
//! Times are in UTC, so that no table of a zone has to go along. The text of the same calendar is
//! the same, byte for byte.

use crate::UtcMs;
use crate::civil::rfc3339;

/// Most octets of a line, its break not counted (RFC 5545 §3.1).
const LINE_BYTES_MAX: usize = 75;

/// What whoever receives a calendar does with its events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// They are put in, or over those of the same UID and a smaller SEQUENCE.
    Request,
    /// They are taken out.
    Cancel,
    /// They are shown; nobody is asked for anything.
    Publish,
}

impl Method {
    /// Its name, which the media type must repeat (RFC 6047 §2.4).
    pub const fn name(self) -> &'static str {
        match self {
            Method::Request => "REQUEST",
            Method::Cancel => "CANCEL",
            Method::Publish => "PUBLISH",
        }
    }

    /// The media type of a calendar.
    pub const fn media_type(self) -> &'static str {
        match self {
            Method::Request => "text/calendar; charset=utf-8; method=REQUEST",
            Method::Cancel => "text/calendar; charset=utf-8; method=CANCEL",
            Method::Publish => "text/calendar; charset=utf-8; method=PUBLISH",
        }
    }
}

/// Who takes part in an event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// What they are called; may be empty.
    pub name: String,
    /// An address, such as `mailto:…`.
    pub address: String,
}

/// One event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// What no other event has, and this one for ever.
    pub uid: String,
    /// Counts its times.
    pub sequence: i64,
    /// When it begins.
    pub start: UtcMs,
    /// When it ends.
    pub end: UtcMs,
    /// When this revision of it was made.
    pub stamp: UtcMs,
    /// Whether it was called off.
    pub is_cancelled: bool,
    /// Whether it is certain; otherwise it may still change.
    pub is_tentative: bool,
    /// Its heading.
    pub summary: String,
    /// What is said of it; may be empty.
    pub description: String,
    /// Where more stands; may be empty.
    pub url: String,
    /// Whose it is. Needed with every method (RFC 5546 §3.2).
    pub organizer: Option<Person>,
    /// Whom it is with. Needed with every method but [`Method::Publish`].
    pub attendee: Option<Person>,
    /// How many minutes before its beginning it is announced.
    pub alarms_min: Vec<i64>,
}

/// A calendar as text. `name` is what a list of calendars shows; empty for a single event.
pub fn calendar(method: Method, name: &str, events: &[Event]) -> String {
    let mut lines = Lines(String::new());
    lines.put("BEGIN", "VCALENDAR");
    lines.put("VERSION", "2.0");
    lines.put("PRODID", "-//Huiyin//Call-backs//EN");
    lines.put("CALSCALE", "GREGORIAN");
    lines.put("METHOD", method.name());
    if !name.is_empty() {
        // The property of RFC 7986, and the one that everybody reads.
        lines.put("NAME", &escaped(name));
        lines.put("X-WR-CALNAME", &escaped(name));
        lines.put("REFRESH-INTERVAL;VALUE=DURATION", "PT15M");
        lines.put("X-PUBLISHED-TTL", "PT15M");
    }
    for it in events {
        lines.event(method, it);
    }
    lines.put("END", "VCALENDAR");
    lines.0
}

/// Content lines, folded.
struct Lines(String);

impl Lines {
    fn put(&mut self, name: &str, value: &str) {
        self.0.push_str(&folded(&format!("{name}:{value}")));
        self.0.push_str("\r\n");
    }

    fn event(&mut self, method: Method, it: &Event) {
        let status = match (method, it.is_cancelled, it.is_tentative) {
            (Method::Cancel, ..) | (_, true, _) => "CANCELLED",
            (_, _, true) => "TENTATIVE",
            _ => "CONFIRMED",
        };
        self.put("BEGIN", "VEVENT");
        self.put("UID", &escaped(&it.uid));
        self.put("DTSTAMP", &instant(it.stamp));
        self.put("LAST-MODIFIED", &instant(it.stamp));
        self.put("SEQUENCE", &it.sequence.to_string());
        self.put("STATUS", status);
        self.put("DTSTART", &instant(it.start));
        self.put("DTEND", &instant(it.end));
        self.put("SUMMARY", &escaped(&it.summary));
        if !it.description.is_empty() {
            self.put("DESCRIPTION", &escaped(&it.description));
        }
        if !it.url.is_empty() {
            self.put("URL", &uri(&it.url));
        }
        if let Some(who) = &it.organizer {
            self.put(&format!("ORGANIZER{}", named(who)), &uri(&who.address));
        }
        if let Some(who) = &it.attendee {
            // What somebody booked themselves needs no answer of theirs.
            let more = "ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE";
            self.put(&format!("ATTENDEE{};{more}", named(who)), &uri(&who.address));
        }
        if status != "CANCELLED" {
            for minutes in &it.alarms_min {
                self.put("BEGIN", "VALARM");
                self.put("ACTION", "DISPLAY");
                self.put("DESCRIPTION", &escaped(&it.summary));
                self.put("TRIGGER", &format!("-PT{minutes}M"));
                self.put("END", "VALARM");
            }
        }
        self.put("END", "VEVENT");
    }
}

/// The parameter of somebody's name. In quotes everything may stand but quotes and controls.
fn named(who: &Person) -> String {
    if who.name.is_empty() {
        return String::new();
    }
    let name: String = who.name.chars().filter(|it| !it.is_control()).collect();
    format!(";CN=\"{}\"", name.replace('"', "'"))
}

/// An instant as `20261124T020000Z`.
fn instant(at: UtcMs) -> String {
    let text = rfc3339(at - at.rem_euclid(1000), 0);
    text.chars().filter(|it| !matches!(it, '-' | ':')).collect()
}

/// An address: nothing that ends its line or its value.
fn uri(text: &str) -> String {
    text.chars().filter(|it| !it.is_control() && !it.is_whitespace()).collect()
}

/// A value of the type TEXT (RFC 5545 §3.3.11). Breaks of lines are kept, other controls are not.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut rest = text.chars().peekable();
    while let Some(it) = rest.next() {
        match it {
            '\\' | ';' | ',' => {
                out.push('\\');
                out.push(it);
            }
            '\r' if rest.peek() == Some(&'\n') => {}
            '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push_str("\\n"),
            '\t' => out.push(' '),
            it if it.is_control() => {}
            it => out.push(it),
        }
    }
    out
}

/// A content line in lines of at most 75 octets, parted by a break and a blank, and never within a
/// character.
pub fn folded(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + line.len() / 24);
    let mut bytes = 0;
    for it in line.chars() {
        if LINE_BYTES_MAX < bytes + it.len_utf8() {
            out.push_str("\r\n ");
            bytes = 1;
        }
        out.push(it);
        bytes += it.len_utf8();
    }
    out
}

#[cfg(test)]
mod tests;
