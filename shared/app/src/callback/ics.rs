//! Call-backs for calendars: one for its customer, many for the agent who makes them.

use domain::callback::{Purpose, State};
use domain::ics::{Event, Method, Person, calendar};
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use store::callbacks::Callback;
use web::lang::{Lang, Said, said};
use web::response::{bytes, set};
use web::service::Offered;
use web::{Problem, Response};

/// An address where nobody is, of whom no e-mail is known (RFC 5546 wants one).
const NOBODY: &str = "invalid:nomail";

/// What a call-back's calendar tells its customer.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// The call-back.
    pub row: &'a Callback,
    /// The name of its service.
    pub service: &'a str,
    /// What the service offers: its reminders ring in the calendar, too.
    pub offered: &'a Offered,
    /// The name of the site.
    pub site: &'a str,
    /// The host that the request came to, with or without a port.
    pub host: &'a str,
    /// The address of the private link; empty if whoever asks has none.
    pub link: &'a str,
    /// The customer's e-mail; empty if unknown.
    pub email: &'a str,
}

impl About<'_> {
    /// The calendar, if the call-back has a time: `REQUEST`, and `CANCEL` of what was called off.
    pub fn calendar(&self) -> Option<(Method, String)> {
        let row = self.row;
        if row.start == 0 {
            return None;
        }
        let is_off = matches!(State::parse(&row.state), Some(State::Cancelled | State::Expired));
        let method = if is_off { Method::Cancel } else { Method::Request };
        let lang = lang_of(&row.language);
        let attendee = if self.email.is_empty() {
            NOBODY.to_owned()
        } else {
            format!("mailto:{}", self.email)
        };
        let event = Event {
            uid: format!("{}@huiyin", row.id),
            // Calling it off is a change, too.
            sequence: row.sequence + i64::from(is_off),
            start: row.start,
            end: row.end,
            stamp: row.updated_at,
            is_cancelled: is_off,
            is_tentative: row.state == State::Held.name(),
            summary: match lang {
                Lang::Zh => format!("{}来电：{}", self.site, self.service),
                Lang::En => format!("Call from {}: {}", self.site, self.service),
            },
            description: self.description(lang, is_off),
            url: self.link.to_owned(),
            organizer: Some(organizer(self.site, self.host)),
            attendee: Some(Person { name: String::new(), address: attendee }),
            alarms_min: self.offered.service.reminders_min.clone(),
        };
        Some((method, calendar(method, "", &[event])))
    }

    /// The calendar as an answer, to be kept as a file; 404 if the call-back has no time.
    pub fn answer(&self) -> Result<Response, Problem> {
        let (method, text) = self.calendar().ok_or_else(Problem::not_found)?;
        let mut response = bytes(method.media_type(), text.into_bytes());
        set(&mut response, CONTENT_DISPOSITION, "attachment; filename=\"call.ics\"");
        set(&mut response, CACHE_CONTROL, "no-store");
        Ok(response)
    }

    fn description(&self, lang: Lang, is_off: bool) -> String {
        let said = match (is_off, lang) {
            (true, _) => lang.of("This call was called off.", "此次来电已取消。"),
            (false, _) => lang.of("We call you at this time.", "我们将在此时间致电您。"),
        };
        if self.link.is_empty() || is_off {
            return said.to_owned();
        }
        let how = lang.of("To move it or to call it off:", "更改时间或取消：");
        format!("{said}\n{how} {}", self.link)
    }
}

/// A site, as whoever calls: an address at which nobody reads.
pub fn organizer(site: &str, host: &str) -> Person {
    let host = host.rsplit_once(':').map_or(host, |it| it.0);
    Person { name: site.to_owned(), address: format!("mailto:noreply@{host}") }
}

/// A call-back in the calendar of whoever makes it: nothing of whom they call.
pub fn of_agent(lang: Lang, row: &Callback, service: &str, case_number: &str) -> Event {
    let purpose = Purpose::parse(&row.purpose).unwrap_or_default();
    let mut summary = format!("{}{}{service}", purpose_said(purpose).text(lang), colon(lang));
    if !case_number.is_empty() {
        summary.push_str(" · ");
        summary.push_str(case_number);
    }
    Event {
        uid: format!("{}.agent@huiyin", row.id),
        sequence: row.sequence,
        start: row.start,
        end: row.end,
        stamp: row.updated_at,
        is_tentative: row.state == State::Held.name(),
        summary,
        ..Event::default()
    }
}

/// What a call is for, in words.
pub const fn purpose_said(purpose: Purpose) -> Said {
    match purpose {
        Purpose::Request => said("Requested call", "客户预约"),
        Purpose::SolvedCase => said("After a solved complaint", "投诉解决回访"),
        Purpose::PurchaseVisit => said("After a purchase", "购后回访"),
        Purpose::CorePeriodic => said("Core customer", "核心客户回访"),
        Purpose::Recovery => said("To win somebody back", "挽回回访"),
    }
}

const fn colon(lang: Lang) -> &'static str {
    match lang {
        Lang::En => ": ",
        Lang::Zh => "：",
    }
}

/// Ours that is nearest to a language.
fn lang_of(tag: &str) -> Lang {
    let is_zh = tag.get(..2).is_some_and(|it| it.eq_ignore_ascii_case("zh"));
    if is_zh { Lang::Zh } else { Lang::En }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> Callback {
        Callback {
            id: "cbk_1".to_owned(),
            state: "booked".to_owned(),
            purpose: "solved_case".to_owned(),
            language: "zh-CN".to_owned(),
            start: 1_795_485_600_000,
            end: 1_795_486_500_000,
            updated_at: 1_795_480_000_000,
            sequence: 2,
            ..Callback::default()
        }
    }

    fn lines(row: &Callback) -> (Method, Vec<String>) {
        let offered = Offered::default();
        let about = About {
            row,
            service: "售后服务",
            offered: &offered,
            site: "回音",
            host: "huiyin.test:8080",
            link: "https://huiyin.test/b/t",
            email: "",
        };
        let (method, text) = about.calendar().unwrap();
        let text = text.replace("\r\n ", "");
        (method, text.lines().map(str::to_owned).collect())
    }

    #[track_caller]
    fn has(lines: &[String], wanted: &str) {
        assert!(lines.iter().any(|it| it == wanted), "{wanted} in {lines:#?}");
    }

    #[test]
    fn customers_are_told_in_their_language_where_to_change_it() {
        let (method, told) = lines(&row());
        assert_eq!(method, Method::Request);
        has(&told, "UID:cbk_1@huiyin");
        has(&told, "SEQUENCE:2");
        has(&told, "SUMMARY:回音来电：售后服务");
        has(&told, "DESCRIPTION:我们将在此时间致电您。\\n更改时间或取消： https://huiyin.test/b/t");
        has(&told, "ORGANIZER;CN=\"回音\":mailto:noreply@huiyin.test");
        has(&told, "TRIGGER:-PT1440M");
        let (_, told) = lines(&Callback { language: "fr".to_owned(), ..row() });
        has(&told, "SUMMARY:Call from 回音: 售后服务");
    }

    #[test]
    fn what_is_called_off_takes_the_event_away() {
        for state in ["cancelled", "expired"] {
            let (method, told) = lines(&Callback { state: state.to_owned(), ..row() });
            assert_eq!(method, Method::Cancel);
            has(&told, "STATUS:CANCELLED");
            has(&told, "SEQUENCE:3");
            has(&told, "UID:cbk_1@huiyin");
        }
        let (method, told) = lines(&Callback { state: "held".to_owned(), ..row() });
        assert_eq!(method, Method::Request);
        has(&told, "STATUS:TENTATIVE");
    }

    #[test]
    fn an_agents_event_says_what_for_and_no_more() {
        let event = of_agent(Lang::Zh, &row(), "售后服务", "261122-7KQ2M-X");
        assert_eq!(event.summary, "投诉解决回访：售后服务 · 261122-7KQ2M-X");
        assert_eq!((event.organizer, event.attendee), (None, None));
        assert_eq!(of_agent(Lang::En, &row(), "x", "").summary, "After a solved complaint: x");
    }
}
