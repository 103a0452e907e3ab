//! The customer's own page as it is drawn: what was agreed, where it stands, what they may do.

use domain::UtcMs;
use domain::callback::{Act, State};
use domain::civil::rfc3339;
use http::StatusCode;
use pages::html::Html;
use web::lang::Lang;

use crate::chain::{Slot, Turn};
use crate::manage::{Choice, Shown};
use crate::pick::{self, Pick};
use crate::sheet::{self, Clocks};
use crate::standing::{self, Standing};

/// What is to be said of what was done before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Note {
    /// Nothing.
    None,
    /// It came in just now, with a time.
    Booked,
    /// It came in just now, to be called as soon as possible.
    Queued,
    /// It is confirmed.
    Confirmed,
    /// It has another time.
    Moved,
    /// It was called off.
    Cancelled,
    /// The form was not one of ours.
    Stale,
    /// No time was chosen.
    WantsTime,
    /// Somebody else has that time.
    Taken,
    /// This form was sent before, saying something else.
    Sent,
    /// It was not confirmed in time.
    Lapsed,
    /// This cannot be done any more.
    Over,
    /// Too much came from there.
    Busy,
}

impl Note {
    /// What follows a form that was taken.
    pub(crate) fn done(name: &str) -> Note {
        match name {
            "booked" => Note::Booked,
            "queued" => Note::Queued,
            "confirm" => Note::Confirmed,
            "move" => Note::Moved,
            "cancel" => Note::Cancelled,
            _ => Note::None,
        }
    }

    /// With which status.
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Note::Taken | Note::Sent | Note::Over => StatusCode::CONFLICT,
            Note::Lapsed => StatusCode::GONE,
            Note::Busy => StatusCode::TOO_MANY_REQUESTS,
            Note::Stale | Note::WantsTime => StatusCode::UNPROCESSABLE_ENTITY,
            _ => StatusCode::OK,
        }
    }

    fn is_failure(self) -> bool {
        self.status() != StatusCode::OK
    }

    fn text(self, lang: Lang) -> &'static str {
        match self {
            Note::None => "",
            Note::Booked => lang.of("Your call is booked.", "回电已预约。"),
            Note::Queued => lang.of("We call you as soon as we can.", "我们会尽快致电。"),
            Note::Confirmed => lang.of("Your call is confirmed.", "回电已确认。"),
            Note::Moved => lang.of("Your call has its new time.", "回电时间已更改。"),
            Note::Cancelled => lang.of("Your call is cancelled.", "回电已取消。"),
            Note::Stale => lang.of(
                "This form could not be read. Please send it once more.",
                "表单无法读取，请再提交一次。",
            ),
            Note::WantsTime => lang.of("Please choose a time", "请选择时段"),
            Note::Taken => lang.of(
                "This time cannot be had any more. Your call stays as it was; please choose \
                 another time.",
                "该时段已不可预约。原预约保持不变，请选择其他时段。",
            ),
            Note::Sent => lang.of(
                "This form was sent already. Please look at what is below, and send it once more \
                 if need be.",
                "此表单此前已提交。请查看下方内容，如有需要请再提交一次。",
            ),
            Note::Lapsed => lang.of(
                "This time was not confirmed, so it is not kept for you any more.",
                "该时段未及时确认，已不再为您保留。",
            ),
            Note::Over => lang.of(
                "This cannot be done any more: the call has moved on meanwhile.",
                "回电状态已变化，此操作已无法进行。",
            ),
            Note::Busy => lang.of(
                "Too much is coming in just now. Please send it again in a moment.",
                "目前提交过于频繁，请稍后再试。",
            ),
        }
    }
}

/// What is drawn.
pub(crate) struct Own<'a> {
    pub(crate) shown: &'a Shown,
    /// The address of the page, as the outside sees it.
    pub(crate) url: &'a str,
    /// The key of its forms.
    pub(crate) key: &'a str,
    pub(crate) now: UtcMs,
    pub(crate) note: Note,
    /// Times to choose from.
    pub(crate) choice: Option<&'a Choice>,
    /// Where they stand who wait.
    pub(crate) turn: Turn,
    /// Times to choose from, where the one that was chosen cannot be had.
    pub(crate) others: &'a [Slot],
}

impl Own<'_> {
    fn lang(&self) -> Lang {
        self.shown.trail.lang
    }

    fn clocks(&self) -> Clocks {
        Clocks { lang: self.lang(), zone: self.shown.zone, now: self.now }
    }

    /// The whole page.
    pub(crate) fn draw(&self) -> Vec<u8> {
        let (lang, trail) = (self.lang(), &self.shown.trail);
        let heading = lang.of("Your call", "您的回电");
        let mut html = sheet::begin(trail, heading, self.note.is_failure());
        html.open("main", &[]);
        html.open("section", &[("class", "card")]);
        self.told(&mut html);
        html.put("p", &[("class", "soft small")], &self.shown.site.name);
        html.put("h1", &[], heading);
        html.put("p", &[], &self.shown.service);
        self.standing(&mut html);
        html.close();
        match trail.get("ask") {
            "cancel" if self.may(Act::Cancel) => self.cancel(&mut html),
            "move" if self.may(Act::Move) => self.moving(&mut html),
            _ => {
                self.confirm(&mut html);
                self.acts(&mut html);
            }
        }
        html.close();
        self.foot(&mut html);
        html.done()
    }

    fn may(&self, act: Act) -> bool {
        self.shown.may(act, self.now)
    }

    /// What came of the last form.
    fn told(&self, html: &mut Html) {
        let text = self.note.text(self.lang());
        if text.is_empty() {
            return;
        }
        if self.note.is_failure() {
            let first = [("start-1", self.lang().of("Choose another time", "选择其他时段"))];
            let wrong = if self.others.is_empty() { &[][..] } else { &first[..] };
            pages::notes(html, text, wrong);
            return;
        }
        html.open("div", &[("class", "done-note"), ("role", "status")]);
        html.put("h2", &[], text);
        if matches!(self.note, Note::Booked | Note::Queued) {
            let text = self.lang().of(
                "This page is yours alone. Keep its address: here you see where it stands, and \
                 can move or cancel the call.",
                "此页面仅供您本人使用，请保存网址：您可以随时在此查看状态、更改时间或取消。",
            );
            html.put("p", &[], text);
            html.put("p", &[("class", "link")], self.url);
        }
        html.close();
    }

    /// What was agreed, and where it stands.
    fn standing(&self, html: &mut Html) {
        let (lang, row) = (self.lang(), &self.shown.row);
        let Standing { state, is_good, is_late, texts } =
            standing::of(self.clocks(), row, self.turn);
        let is_timed = matches!(
            standing::state(row, self.now),
            State::Held | State::Booked | State::Cancelled
        );
        if row.start != 0 && is_timed {
            let stamp = rfc3339(row.start, 0);
            html.open("p", &[("class", "when")]);
            html.put("time", &[("datetime", &stamp)], &self.clocks().moment(row.start));
            html.close();
            let zone = self.clocks().name(row.start);
            let length = sheet::minutes(lang, (row.end - row.start) / 60_000);
            let text = match lang {
                Lang::En => format!("{length}, on the clocks of {zone}"),
                Lang::Zh => format!("{length}，{zone} 的时间"),
            };
            html.put("p", &[("class", "soft")], &text);
        }
        let class = if is_good { "state done" } else { "state" };
        html.put("p", &[("class", class)], state);
        html.open("div", &[("class", if is_late { "promise late" } else { "promise" })]);
        for text in &texts {
            html.put("p", &[], text);
        }
        let is_open = standing::state(row, self.now).is_open();
        if is_open && !self.shown.digits.is_empty() {
            let digits = &self.shown.digits;
            let site = &self.shown.site.name;
            let text = match lang {
                Lang::En => format!("{site} calls you, on the number that ends in {digits}."),
                Lang::Zh => format!("{site} 将拨打您尾号为 {digits} 的电话。"),
            };
            html.put("p", &[], &text);
        }
        html.close();
    }

    /// Begins a form of one of the acts.
    fn form(&self, html: &mut Html, act: &str, but: &[&str]) {
        let action = format!("{}/{act}", self.shown.trail.path);
        let attributes = [("method", "post"), ("action", action.as_str()), ("novalidate", "")];
        html.open("form", &attributes);
        self.shown.trail.carried(html, but);
        html.void("input", &[("type", "hidden"), ("name", "key"), ("value", self.key)]);
    }

    /// The slot that is held is taken.
    fn confirm(&self, html: &mut Html) {
        let lang = self.lang();
        if !self.may(Act::Confirm) {
            return;
        }
        html.open("section", &[("class", "card no-print")]);
        html.put("h2", &[], lang.of("Confirm this time", "确认该时段"));
        self.form(html, "confirm", &["ask", "start", "day", "from"]);
        html.put("button", &[("type", "submit")], lang.of("Confirm the call", "确认回电"));
        html.close();
        html.close();
    }

    /// What else they may do, each with a step of its own.
    fn acts(&self, html: &mut Html) {
        let (lang, trail) = (self.lang(), &self.shown.trail);
        let mut links = Vec::with_capacity(3);
        if self.shown.has_time(self.now) {
            let address = format!("{}/call.ics?lang={}", trail.path, lang.tag());
            links.push((address, lang.of("Add it to your calendar", "添加到日历")));
        }
        if self.may(Act::Move) {
            let text = match standing::state(&self.shown.row, self.now) {
                State::Waiting => lang.of("Choose a time instead", "改为选择时间"),
                _ => lang.of("Choose another time", "更改时间"),
            };
            links.push((trail.to(&[("ask", "move"), ("start", "")]), text));
        }
        if self.may(Act::Cancel) {
            let text = lang.of("Cancel the call", "取消回电");
            links.push((trail.to(&[("ask", "cancel"), ("start", "")]), text));
        }
        if !standing::state(&self.shown.row, self.now).is_open() {
            let address = format!("/book/{}?lang={}", self.shown.site.id, lang.tag());
            links.push((address, lang.of("Book another call", "重新预约")));
        }
        if links.is_empty() {
            return;
        }
        html.open("section", &[("class", "card no-print")]);
        html.put("h2", &[], lang.of("What you can do", "您可以"));
        html.open("ul", &[("class", "acts")]);
        for (address, text) in &links {
            html.open("li", &[]);
            html.put("a", &[("href", address)], text);
            html.close();
        }
        html.close();
        html.close();
    }

    /// Asks once more before it is called off.
    fn cancel(&self, html: &mut Html) {
        let lang = self.lang();
        html.open("section", &[("class", "card no-print")]);
        html.put("h2", &[], lang.of("Cancel the call?", "确定取消回电？"));
        let text = lang.of(
            "Nobody will call you then, and the time goes to somebody else.",
            "取消后我们不会再致电，该时段将开放给其他客户。",
        );
        html.put("p", &[], text);
        self.form(html, "cancel", &["ask", "start", "day", "from"]);
        html.put("button", &[("type", "submit")], lang.of("Yes, cancel it", "确定取消"));
        html.close();
        self.back(html, lang.of("No, keep it", "不取消"));
        html.close();
    }

    /// A line that leads back to the page.
    fn back(&self, html: &mut Html, text: &str) {
        let but = [("ask", ""), ("start", ""), ("day", ""), ("from", "")];
        html.open("p", &[("class", "acts")]);
        html.put("a", &[("href", &self.shown.trail.to(&but))], text);
        html.close();
    }

    /// Another time is chosen, or the one that was chosen is agreed to.
    fn moving(&self, html: &mut Html) {
        let (lang, trail) = (self.lang(), &self.shown.trail);
        html.open("section", &[("class", "card no-print")]);
        html.put("h2", &[], lang.of("Choose another time", "选择其他时间"));
        if !self.others.is_empty() {
            self.form(html, "move", &["start"]);
            let wrong = lang.of("Please choose another time", "请选择其他时段");
            let clocks = (self.shown.zone, self.now);
            pick::others(html, lang, clocks, self.others, wrong);
            html.put("button", &[("type", "submit")], lang.of("Move the call", "更改时间"));
            html.close();
        } else if let Some(start) = trail.start() {
            let moment = self.clocks().moment(start);
            html.put("p", &[("class", "when")], &moment);
            let zone = self.clocks().name(start);
            let text = match lang {
                Lang::En => format!("on the clocks of {zone}"),
                Lang::Zh => format!("{zone} 的时间"),
            };
            html.put("p", &[("class", "soft")], &text);
            self.form(html, "move", &[]);
            let text = lang.of("Move the call to this time", "更改为该时段");
            html.put("button", &[("type", "submit")], text);
            html.close();
            let other = trail.to(&[("start", "")]);
            html.open("p", &[("class", "acts")]);
            html.put("a", &[("href", &other)], lang.of("Choose another time", "重新选择时间"));
            html.close();
        } else if let Some(it) = self.choice {
            Pick { trail, span: it.span, slots: &it.slots }.draw(html);
        }
        self.back(html, lang.of("Leave it as it is", "保持不变"));
        html.close();
    }

    fn foot(&self, html: &mut Html) {
        let lang = self.lang();
        html.open("footer", &[]);
        let at = if self.shown.row.start == 0 { self.now } else { self.shown.row.start };
        pick::zones(html, &self.shown.trail, (self.shown.zone, at), self.shown.is_unknown);
        let text = lang.of(
            "Whoever has this page's address can see this call, move it and cancel it.",
            "持有此网址的人都可以查看、更改或取消此次回电，请妥善保管。",
        );
        html.put("p", &[], text);
        html.close();
    }
}
