//! The steps of the hosted page: the service, the day and the time, the details.

use app::hosted::form::Pairs;
use app::hosted::visit::value;
use domain::UtcMs;
use pages::html::Html;
use pages::{Field, field};
use web::lang::Lang;

use crate::chain::{Slot, Turn};
use crate::form::Visit;
use crate::pick::{self, Pick, Span};
use crate::public::Bookable;
use crate::sheet::{self, Clocks};

/// One step.
#[derive(Clone, Copy)]
pub(crate) struct Step<'a> {
    pub(crate) visit: &'a Visit,
    pub(crate) now: UtcMs,
}

fn heading(lang: Lang) -> &'static str {
    lang.of("Book a call", "预约回电")
}

impl Step<'_> {
    fn lang(self) -> Lang {
        self.visit.trail.lang
    }

    fn clocks(self) -> Clocks {
        Clocks { lang: self.lang(), zone: self.visit.zone, now: self.now }
    }

    /// Begins the page of a step.
    fn begin(self, is_wrong: bool) -> Html {
        let mut html = sheet::begin(&self.visit.trail, heading(self.lang()), is_wrong);
        html.open("main", &[]);
        html.open("section", &[("class", "card")]);
        html.put("p", &[("class", "soft small")], &self.visit.site.name);
        html.put("h1", &[], heading(self.lang()));
        html
    }

    /// Which service, and a way to choose another one.
    fn service(self, html: &mut Html, service: &Bookable) {
        let lang = self.lang();
        html.open("p", &[]);
        html.put("strong", &[], &service.name);
        html.text(lang.of(", ", "，"));
        html.text(&sheet::minutes(lang, service.length_min));
        html.close();
        if 1 < self.visit.services.len() {
            let but = [("service", ""), ("day", ""), ("from", ""), ("start", ""), ("mode", "")];
            back(html, &self.visit.trail.to(&but), lang.of("Another topic", "更换事项"));
        }
    }

    /// What it is about.
    pub(crate) fn services(self) -> Vec<u8> {
        let (lang, trail) = (self.lang(), &self.visit.trail);
        let mut html = self.begin(false);
        let text = lang.of("What may we call you about?", "请选择回电事项");
        html.put("h2", &[("id", "services")], text);
        html.open("ul", &[("class", "services"), ("aria-labelledby", "services")]);
        for it in &self.visit.services {
            html.open("li", &[]);
            html.open("a", &[("href", &trail.to(&[("service", &it.id)]))]);
            html.text(&it.name);
            html.text(" ");
            html.put("small", &[], &sheet::minutes(lang, it.length_min));
            html.close();
            html.close();
        }
        html.done()
    }

    /// When.
    pub(crate) fn times(
        self,
        service: &Bookable,
        span: Span,
        (slots, turn): (&[Slot], Turn),
    ) -> Vec<u8> {
        let (lang, trail) = (self.lang(), &self.visit.trail);
        let mut html = self.begin(false);
        self.service(&mut html, service);
        let at = span.bounds().0.max(self.now);
        pick::zones(&mut html, trail, (span.zone, at), self.visit.is_unknown);
        html.close();
        html.open("section", &[("class", "card")]);
        let text = lang.of("As soon as possible", "尽快回电");
        html.put("h2", &[], text);
        let texts = sheet::queue(self.clocks(), turn);
        for text in &texts {
            html.put("p", &[], text);
        }
        if texts.is_empty() {
            let text = lang.of("We call as soon as somebody is free.", "有人空闲时立即致电。");
            html.put("p", &[], text);
        }
        let address = trail.to(&[("mode", "asap"), ("start", "")]);
        back(&mut html, &address, lang.of("Call me as soon as possible", "请尽快致电"));
        html.close();
        html.open("section", &[("class", "card")]);
        html.put("h2", &[], lang.of("At a time that you choose", "选择时间"));
        Pick { trail, span, slots }.draw(&mut html);
        html.done()
    }
}

/// A line with a link alone.
fn back(html: &mut Html, address: &str, text: &str) {
    html.open("p", &[("class", "acts")]);
    html.put("a", &[("href", address)], text);
    html.close();
}

/// The last step: whom to call.
pub(crate) struct Details<'a> {
    pub(crate) step: Step<'a>,
    pub(crate) service: &'a Bookable,
    pub(crate) key: &'a str,
    pub(crate) form_token: &'a str,
    pub(crate) kept: &'a Pairs,
    /// What is wrong with the whole.
    pub(crate) alert: &'a str,
    /// What is wrong with a field: its name, and in words.
    pub(crate) wrong: &'a [(&'static str, String)],
    /// Times to choose from, where the one that was chosen cannot be had.
    pub(crate) others: &'a [Slot],
}

impl Details<'_> {
    pub(crate) fn draw(&self) -> Vec<u8> {
        let (lang, trail) = (self.step.lang(), &self.step.visit.trail);
        let mut html = self.step.begin(!self.alert.is_empty());
        let mut wrong: Vec<_> = self.wrong.iter().map(|it| (it.0, it.1.as_str())).collect();
        if !self.others.is_empty() {
            wrong.insert(0, ("start-1", self.wants_time()));
        }
        pages::notes(&mut html, self.alert, &wrong);
        self.step.service(&mut html, self.service);
        self.chosen(&mut html);
        html.close();
        html.open("section", &[("class", "card")]);
        html.put("h2", &[], lang.of("Whom do we call?", "联系方式"));
        let attributes = [("method", "post"), ("action", &trail.path), ("novalidate", "")];
        html.open("form", &attributes);
        let chosen = if self.others.is_empty() { "" } else { "start" };
        trail.carried(&mut html, &[chosen]);
        for (name, value) in [("key", self.key), ("form_token", self.form_token)] {
            html.void("input", &[("type", "hidden"), ("name", name), ("value", value)]);
        }
        pages::trap(&mut html);
        if !self.others.is_empty() {
            let clocks = (self.step.visit.zone, self.step.now);
            pick::others(&mut html, lang, clocks, self.others, self.wants_time());
        }
        self.fields(&mut html);
        html.put("p", &[("class", "hint")], consent(lang));
        html.put("button", &[("type", "submit")], lang.of("Book the call", "确认预约"));
        html.done()
    }

    fn wants_time(&self) -> &'static str {
        self.step.lang().of("Please choose another time", "请选择其他时段")
    }

    /// What was chosen so far.
    fn chosen(&self, html: &mut Html) {
        let (lang, trail) = (self.step.lang(), &self.step.visit.trail);
        let clocks = self.step.clocks();
        match trail.start().filter(|_| !trail.is_asap()) {
            // What is gone is not chosen any more.
            _ if !self.others.is_empty() => {
                let zone = clocks.name(self.step.now);
                html.put("p", &[("class", "soft")], &pick::all_times(lang, &zone));
            }
            None => {
                let text = lang.of("As soon as possible", "尽快回电");
                html.put("p", &[("class", "when")], text);
            }
            Some(start) => {
                html.put("p", &[("class", "when")], &clocks.moment(start));
                let zone = clocks.name(start);
                let text = match lang {
                    Lang::En => format!("on the clocks of {zone}"),
                    Lang::Zh => format!("{zone} 的时间"),
                };
                html.put("p", &[("class", "soft")], &text);
            }
        }
        let address = trail.to(&[("start", ""), ("mode", "")]);
        back(html, &address, lang.of("Choose another time", "重新选择时间"));
    }

    fn fields(&self, html: &mut Html) {
        let lang = self.step.lang();
        let mut put = |name: &str, label: &str, hint: &str, kind: &str, autocomplete: &str| {
            let wrong = self.wrong.iter().find(|it| it.0 == name).map_or("", |it| it.1.as_str());
            field(
                html,
                &Field {
                    name,
                    label,
                    hint,
                    value: value(self.kept, name),
                    wrong,
                    kind,
                    autocomplete,
                    is_needed: name == "phone",
                    ..Field::default()
                },
            );
        };
        let hint = lang.of(
            "With + and the country code, unless it is a number of the country that you are in",
            "境外号码请以 + 和国家代码开头",
        );
        put("phone", lang.of("Phone", "电话"), hint, "tel", "tel");
        let hint = lang.of("So that we know whom to ask for", "方便我们称呼您");
        put("name", lang.of("Your name (optional)", "您的称呼（选填）"), hint, "text", "name");
        let label = lang.of("E-mail (optional)", "电子邮箱（选填）");
        put("email", label, "", "email", "email");
    }
}

/// What somebody agrees to who books.
fn consent(lang: Lang) -> &'static str {
    lang.of(
        "With “Book the call” you agree that we keep what you enter, and use it for this call \
         alone.",
        "点击“确认预约”即表示您同意我们保存以上内容，且仅用于本次回电。",
    )
}
