//! Calendars as somebody else's parser reads them.

use icalendar::parser::{Component, read_calendar, unfold};

use super::*;

const AT: UtcMs = 1_795_485_600_000;
const MINUTE: UtcMs = 60_000;

fn event() -> Event {
    Event {
        uid: "cbk_1@huiyin".to_owned(),
        start: AT,
        end: AT + 15 * MINUTE,
        stamp: AT - 60 * MINUTE,
        summary: "电话回访：售后; 退货, 换货".to_owned(),
        description: "第一行\n第二行 \\ end".to_owned(),
        url: "https://huiyin.test/b/abc".to_owned(),
        organizer: Some(Person {
            name: "客服 \"中心\"; A:B, C\n".to_owned(),
            address: "mailto:noreply@huiyin.test".to_owned(),
        }),
        attendee: Some(Person { name: String::new(), address: "mailto:a@example.com".to_owned() }),
        alarms_min: vec![1440, 60],
        ..Event::default()
    }
}

/// Some text of each seed: of every width in UTF-8, with what must be escaped in between.
fn text(seed: u64, length: usize) -> String {
    let some = ['a', ' ', ';', ',', '\\', 'é', '电', '话', '😀', '\n', ':', '"'];
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        some[usize::try_from(state >> 33).unwrap() % some.len()]
    };
    (0..length).map(|_| next()).collect()
}

#[test]
fn lines_are_folded_at_75_octets_and_never_within_a_character() {
    for seed in 0..200 {
        for length in [0, 1, 24, 25, 26, 74, 75, 76, 77, 149, 150, 400] {
            let line: String = text(seed, length).chars().filter(|it| *it != '\n').collect();
            let folded = folded(&line);
            // Pieces are cut as bytes: each of them has to be text by itself.
            for piece in folded.as_bytes().split(|it| *it == b'\n') {
                let piece = std::str::from_utf8(piece).expect("whole characters");
                assert!(piece.trim_end_matches('\r').len() <= 75, "{piece}");
            }
            assert_eq!(folded.replace("\r\n ", ""), line);
            assert_eq!(unfold(&folded), line, "somebody else unfolds it alike");
        }
    }
    assert_eq!(folded(&"x".repeat(75)), "x".repeat(75));
    assert_eq!(folded(&"x".repeat(76)), format!("{}\r\n x", "x".repeat(75)));
    assert_eq!(folded(&"电".repeat(26)), format!("{}\r\n 电", "电".repeat(25)));
}

#[test]
fn texts_are_escaped() {
    for (text, wanted) in [
        ("a;b,c\\d:e\"f", "a\\;b\\,c\\\\d:e\"f"),
        ("one\ntwo\r\nthree\rfour", "one\\ntwo\\nthree\\nfour"),
        ("\u{85}\u{2028}\u{2029}", "\\n\\n\\n"),
        ("a\tb\0c\u{7}\u{7f}\u{9b}d", "a bcd"),
        ("\\n", "\\\\n"),
        ("好：；，。", "好：；，。"),
        ("", ""),
    ] {
        assert_eq!(escaped(text), wanted, "{text:?}");
    }
}

#[test]
fn every_line_ends_with_a_break_and_has_no_control() {
    let text = calendar(Method::Request, "", &[event()]);
    assert!(text.ends_with("END:VCALENDAR\r\n"));
    for line in text.split_terminator("\r\n") {
        assert!(line.len() <= 75 && !line.is_empty(), "{line}");
        assert!(!line.chars().any(char::is_control), "{line:?}");
    }
}

#[test]
fn a_request_says_all_that_it_must() {
    let text = calendar(Method::Request, "", &[event()]).replace("\r\n ", "");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines,
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Huiyin//Call-backs//EN",
            "CALSCALE:GREGORIAN",
            "METHOD:REQUEST",
            "BEGIN:VEVENT",
            "UID:cbk_1@huiyin",
            "DTSTAMP:20261124T010000Z",
            "LAST-MODIFIED:20261124T010000Z",
            "SEQUENCE:0",
            "STATUS:CONFIRMED",
            "DTSTART:20261124T020000Z",
            "DTEND:20261124T021500Z",
            "SUMMARY:电话回访：售后\\; 退货\\, 换货",
            "DESCRIPTION:第一行\\n第二行 \\\\ end",
            "URL:https://huiyin.test/b/abc",
            "ORGANIZER;CN=\"客服 '中心'; A:B, C\":mailto:noreply@huiyin.test",
            "ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:a@example.com",
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            "DESCRIPTION:电话回访：售后\\; 退货\\, 换货",
            "TRIGGER:-PT1440M",
            "END:VALARM",
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            "DESCRIPTION:电话回访：售后\\; 退货\\, 换货",
            "TRIGGER:-PT60M",
            "END:VALARM",
            "END:VEVENT",
            "END:VCALENDAR",
        ]
    );
}

#[test]
fn what_is_called_off_has_no_alarms() {
    let text = calendar(Method::Cancel, "", &[event()]);
    assert!(text.contains("METHOD:CANCEL\r\n") && text.contains("STATUS:CANCELLED\r\n"));
    assert!(!text.contains("VALARM"));
    let off = Event { is_cancelled: true, ..event() };
    assert!(calendar(Method::Publish, "日程", &[off]).contains("STATUS:CANCELLED\r\n"));
    let maybe = Event { is_tentative: true, ..event() };
    assert!(calendar(Method::Publish, "", &[maybe]).contains("STATUS:TENTATIVE\r\n"));
}

/// Somebody's calendar, as RFC 5546 §3.2 wants it kept.
#[derive(Default)]
struct Client {
    /// UID, SEQUENCE, beginning.
    events: Vec<(String, i64, String)>,
}

impl Client {
    fn receive(&mut self, text: &str) {
        let unfolded = unfold(text);
        let parsed = read_calendar(&unfolded).expect("a calendar");
        let value = |it: &[icalendar::parser::Property<'_>], name: &str| {
            it.iter().find(|it| it.name == name).map(|it| it.val.to_string()).unwrap_or_default()
        };
        let method = value(&parsed.properties, "METHOD");
        for it in &parsed.components {
            let Component { name, properties, .. } = it;
            assert_eq!(name.to_string(), "VEVENT");
            let uid = value(properties, "UID");
            let sequence = value(properties, "SEQUENCE").parse().unwrap();
            let known = self.events.iter().position(|it| it.0 == uid);
            if known.is_some_and(|at| sequence < self.events[at].1) {
                continue;
            }
            known.map(|at| self.events.remove(at));
            if method == "CANCEL" {
                assert_eq!(value(properties, "STATUS"), "CANCELLED");
            } else {
                self.events.push((uid, sequence, value(properties, "DTSTART")));
            }
        }
    }

    fn has(&self) -> Vec<(i64, &str)> {
        self.events.iter().map(|it| (it.1, it.2.as_str())).collect()
    }
}

#[test]
fn another_time_replaces_the_first_and_calling_it_off_removes_it() {
    let mut client = Client::default();
    let first = event();
    let mut second = Event { sequence: 1, ..event() };
    (second.start, second.end) = (AT + 60 * MINUTE, AT + 75 * MINUTE);
    let other = Event { uid: "cbk_2@huiyin".to_owned(), start: AT, ..event() };
    client.receive(&calendar(Method::Request, "", &[first.clone(), other]));
    client.receive(&calendar(Method::Request, "", &[second.clone()]));
    assert_eq!(client.has(), [(0, "20261124T020000Z"), (1, "20261124T030000Z")]);
    client.receive(&calendar(Method::Request, "", &[first]));
    assert_eq!(client.has().len(), 2, "what comes late changes nothing");
    assert_eq!(client.has()[1].0, 1);
    client.receive(&calendar(Method::Cancel, "", &[Event { sequence: 2, ..second }]));
    assert_eq!(client.has(), [(0, "20261124T020000Z")]);
}

#[test]
fn somebody_elses_parser_reads_texts_as_they_were() {
    for seed in 0..50 {
        let own = text(seed, 200);
        let it = Event { summary: format!("s{own}"), description: format!("d{own}"), ..event() };
        let text = unfold(&calendar(Method::Publish, "n", &[it]));
        let parsed = read_calendar(&text).expect("a calendar");
        let value = |name: &str| {
            let found = parsed.components[0].properties.iter().find(|it| it.name == name);
            found.unwrap().val.to_string()
        };
        assert_eq!(value("SUMMARY"), format!("s{own}"));
        assert_eq!(value("DESCRIPTION"), format!("d{own}"));
    }
}
