//! What the pages of this component have in common.

use domain::UtcMs;
use domain::zone::Zone;
use http::StatusCode;
use http::header::{CACHE_CONTROL, LOCATION, REFERRER_POLICY};
use pages::Frame;
use pages::html::Html;
use web::lang::Lang;
use web::response::set;
use web::{Request, Response};

use crate::chain::Turn;
use crate::trail::Trail;

/// On to a page that can be loaded again without sending anything again.
pub(crate) fn to(location: &str) -> Response {
    let mut response = Response::new(Vec::new());
    *response.status_mut() = StatusCode::SEE_OTHER;
    set(&mut response, LOCATION, location);
    set(&mut response, CACHE_CONTROL, "no-store");
    set(&mut response, REFERRER_POLICY, "same-origin");
    response
}

/// The language of a form that was sent.
pub(crate) fn sent_lang(request: &Request, tag: &str) -> Lang {
    match tag {
        "zh-CN" => Lang::Zh,
        "en" => Lang::En,
        _ => pages::lang(request),
    }
}

/// Begins a page, up to the links to the other language.
pub(crate) fn begin(trail: &Trail, heading: &str, is_wrong: bool) -> Html {
    let lang = trail.lang;
    let title = match is_wrong {
        true => format!("{}{heading}", lang.of("Error: ", "有误：")),
        false => heading.to_owned(),
    };
    let mut html = Frame::of(lang, &title).begin();
    pages::languages(&mut html, lang, &trail.path, &trail.query());
    html
}

/// A length, to the minute.
pub(crate) fn minutes(lang: Lang, count: i64) -> String {
    match (lang, count) {
        (Lang::En, 1) => "1 minute".to_owned(),
        (Lang::En, _) => format!("{count} minutes"),
        (Lang::Zh, _) => format!("{count} 分钟"),
    }
}

/// An instant in a zone, in plain words.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clocks {
    pub(crate) lang: Lang,
    pub(crate) zone: Zone,
    pub(crate) now: UtcMs,
}

impl Clocks {
    /// `Monday 23 November, 10:00`.
    pub(crate) fn moment(self, at: UtcMs) -> String {
        pages::time::moment(self.lang, self.zone, at, self.now)
    }

    /// `about 3 hours`.
    pub(crate) fn name(self, at: UtcMs) -> String {
        pages::time::zone_name(self.zone, at)
    }
}

/// The place in the queue, and when they are expected to be called.
pub(crate) fn queue(clocks: Clocks, turn: Turn) -> Vec<String> {
    let lang = clocks.lang;
    let mut texts = Vec::with_capacity(2);
    if let Some(position) = turn.position {
        texts.push(match (lang, position) {
            (Lang::En, ..=0) => "Nobody is before you: you are next.".to_owned(),
            (Lang::En, 1) => "1 person is before you.".to_owned(),
            (Lang::En, _) => format!("{position} people are before you."),
            (Lang::Zh, ..=0) => "前面没有人排队，下一位就是您。".to_owned(),
            (Lang::Zh, _) => format!("您前面还有 {position} 人。"),
        });
    }
    if let Some(at) = turn.estimate {
        let is_now = at <= clocks.now + 60_000;
        let moment = clocks.moment(at);
        texts.push(match (lang, is_now) {
            (Lang::En, true) => "We expect to call you within minutes.".to_owned(),
            (Lang::Zh, true) => "预计几分钟内致电。".to_owned(),
            (Lang::En, false) => format!("We expect to call you at about {moment}."),
            (Lang::Zh, false) => format!("预计致电时间：{moment}左右。"),
        });
    }
    texts
}
