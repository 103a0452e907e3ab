//! `/dashboard/touchpoints`: the journey, stage by stage, and what is under target.

use app::neighbour::ask_all;
use board::{Board, Figure, Opened, Page, tell};
use domain::touchpoint::STAGES;
use pages::html::Html;
use ports::Env;
use serde_json::Value;
use web::lang::Lang;
use web::{Problem, Request, Response};

use crate::behind::{causes_of, driver};
use crate::charts::{self, Item};
use crate::tiles::CSAT;
use crate::words::{self, Told, gap, none, value};

/// By what the scores of touchpoints are kept as well.
const GRAINS: [&str; 2] = ["channel", "group"];
/// What the figures of the stages are called in addresses.
const STAGE_IDS: [&str; 4] =
    ["stage_pre_sale", "stage_purchase", "stage_after_sale", "stage_retention"];

/// What the page is made of.
pub(crate) struct Journey<'a> {
    /// Who looks.
    pub opened: &'a Opened,
    /// Satisfaction by touchpoint.
    pub scores: &'a Told,
    /// Satisfaction by stage.
    pub stages: &'a Told,
    /// What touchpoints there are.
    pub figures: &'a Told,
    /// What moves the verdict.
    pub drivers: &'a Told,
    /// Satisfaction by touchpoint and week.
    pub heat: &'a Told,
    /// Root causes of complaints.
    pub causes: &'a Told,
    /// Complaints by touchpoint.
    pub complaints: &'a Told,
}

/// A touchpoint, and how it is.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    /// What it is.
    pub told: &'a Value,
    /// Its satisfaction.
    pub score: &'a Value,
}

impl Place<'_> {
    /// What it is called; a key touchpoint is marked.
    pub(crate) fn name(&self, lang: Lang) -> String {
        let name = tell::text(self.told, "/name");
        match tell::at(self.told, "/is_key").as_bool() {
            Some(true) => format!("{name}{}", lang.of(" (key)", "（关键）")),
            _ => name.to_owned(),
        }
    }

    pub(crate) fn href(&self, opened: &Opened) -> String {
        opened.href(&format!("/touchpoints/{}", tell::text(self.told, "/id")))
    }

    fn is_under(&self) -> bool {
        tell::at(self.score, "/met").as_bool() == Some(false)
    }

    /// How far it lies above its target; what is not known comes last.
    fn gap(&self) -> f64 {
        let ends = (tell::number(self.score, "/value"), tell::number(self.score, "/target"));
        if let (Some(value), Some(target)) = ends { value - target } else { f64::INFINITY }
    }
}

pub(crate) async fn show(
    env: &impl Env,
    request: &Request,
    mut opened: Opened,
) -> Result<Response, Problem> {
    // All touchpoints stand here anyhow: that one was looked at before is nothing to complain of.
    let filters = &mut opened.filters;
    filters.unheeded.extend(filters.by.extract_if(.., |it| it.0 == "touchpoint"));
    crate::heed(&mut opened, &GRAINS, &["touchpoint"]);
    let (api, days) = (opened.filters.api(), opened.filters.days());
    let alone = crate::alone(&opened.filters);
    let asked = [
        ("nps", format!("/v1/csat?{api}&by=touchpoint")),
        ("nps", format!("/v1/csat?{days}&by=stage")),
        ("dashboard", format!("/v1/dashboard?{days}&compare=none")),
        ("nps", format!("/v1/drivers?{days}&by=touchpoint&of=nps")),
        ("dashboard", format!("/v1/heatmap?{alone}&by=touchpoint&step=week&metric=csat")),
        ("ledger", format!("/v1/causes/ranking?{days}")),
        ("dashboard", format!("/v1/complaint-figures?{days}&by=touchpoint")),
    ];
    let told = ask_all(env, request, opened.lang, &asked).await;
    let [scores, stages, figures, drivers, heat, causes, complaints] = told.as_slice() else {
        return Err(Problem::not_found());
    };
    let opened = &opened;
    let journey = Journey { opened, scores, stages, figures, drivers, heat, causes, complaints };
    journey.draw(request)
}

impl Journey<'_> {
    fn draw(&self, request: &Request) -> Result<Response, Problem> {
        let (opened, lang) = (self.opened, self.opened.lang);
        let title = Page::Touchpoints.name();
        let mut board = Board::new(opened, Page::Touchpoints, title.text(lang), &GRAINS);
        let places = self.places();
        board.heading("stages", lang.of("The journey", "客户旅程"));
        for told in [self.figures, self.scores] {
            let gap = gap(told, lang);
            if !gap.is_empty() {
                board.say(gap);
                break;
            }
        }
        if self.figures.is_ok() && self.scores.is_ok() {
            for (stage, id) in STAGES.into_iter().zip(STAGE_IDS) {
                board.figure(self.stage(stage, id, &places));
            }
        }
        board.heading("under", lang.of("Under target, and why", "未达标触点及原因"));
        let under: Vec<Place<'_>> = places.iter().filter(|it| it.is_under()).copied().collect();
        if under.is_empty() && self.scores.is_ok() {
            board.say(lang.of(
                "No touchpoint is known to be under its target in these days.",
                "该时段没有已知未达标的触点。",
            ));
        }
        board.draw(move |html| self.draw_under(html, &under));
        board.figure(self.causes());
        board.heading("weeks", lang.of("Week by week", "逐周变化"));
        board.figure(self.heat());
        board.heading("best", lang.of("Very satisfied", "非常满意"));
        board.figure(self.very_satisfied(&places));
        board.heading("drivers", lang.of("What moves the verdict", "什么影响总体评价"));
        board.figure(self.matrix());
        board.answer(request)
    }

    /// Every touchpoint, those furthest under their target first.
    fn places(&self) -> Vec<Place<'_>> {
        let told = tell::items(value(self.figures), "/touchpoints");
        let scores = tell::items(value(self.scores), "/parts");
        let mut places: Vec<Place<'_>> = Vec::with_capacity(told.len());
        for told in told {
            let id = tell::text(told, "/id");
            let score = scores.iter().find(|it| tell::text(it, "/key") == id);
            let place = Place { told, score: score.unwrap_or(&Value::Null) };
            // By inserting: they come nearly in this order.
            let at = places.partition_point(|it| it.gap() <= place.gap());
            places.insert(at, place);
        }
        places
    }

    /// What is said of figures that are of everything, although the page is filtered.
    pub(crate) fn whole(&self) -> &'static str {
        if self.opened.filters.by.is_empty() {
            return "";
        }
        self.opened.lang.of(
            "Of all channels and groups: it is not kept for the filter of this page. ",
            "不按本页的筛选条件统计，此处为全部渠道与客户群。",
        )
    }

    fn stage(&self, stage: &str, id: &'static str, places: &[Place<'_>]) -> Figure {
        let lang = self.opened.lang;
        let title = words::stage(stage).text(lang);
        let mut items = Vec::new();
        for it in places.iter().filter(|it| tell::text(it.told, "/stage") == stage) {
            items.push(Item {
                name: it.name(lang),
                href: it.href(self.opened),
                told: it.score,
                more: Vec::new(),
            });
        }
        if items.is_empty() {
            let why = lang.of(
                "No touchpoint of this stage yet: make one with POST /v1/touchpoints.",
                "该阶段尚无触点：用 POST /v1/touchpoints 建立。",
            );
            return none(id, title, why);
        }
        let first = lang.of("Touchpoint", "触点");
        let mut figure = charts::bars((id, title), &CSAT, first, &[], items, self.opened);
        let stages = tell::items(value(self.stages), "/parts");
        let whole = stages.iter().find(|it| tell::text(it, "/key") == stage);
        if let Some(whole) = whole.filter(|_| self.opened.filters.by.is_empty()) {
            let told = charts::number(whole, CSAT.unit, lang).text;
            let n = words::many(whole, "/n");
            let before = match lang {
                Lang::En => format!("The whole stage: {told} (n {n}). "),
                Lang::Zh => format!("整个阶段：{told}（n {n}）。"),
            };
            figure.summary.insert_str(0, &before);
        }
        figure
    }

    /// Each touchpoint under its target: by how much, what it means for the verdict, and the
    /// causes of the complaints about it.
    fn draw_under(&self, html: &mut Html, under: &[Place<'_>]) {
        let (opened, lang) = (self.opened, self.opened.lang);
        for it in under {
            html.open("article", &[("class", "under")]);
            html.open("h3", &[]);
            let href = it.href(opened);
            if href.is_empty() {
                html.text(&it.name(lang));
            } else {
                html.put("a", &[("href", &href)], &it.name(lang));
            }
            html.close();
            let value = charts::number(it.score, CSAT.unit, lang).text;
            let interval = tell::interval(tell::at(it.score, "/interval"));
            let target = words::many(it.score, "/target");
            let n = words::many(it.score, "/n");
            let text = match lang {
                Lang::En => format!("{value} instead of {target}% (surely {interval}, n {n})."),
                Lang::Zh => format!("{value}，目标 {target}%（区间 {interval}，n {n}）。"),
            };
            html.put("p", &[], &text);
            html.put("p", &[], &self.drives(it));
            html.put("p", &[], &self.root_causes(it));
            html.close();
        }
    }

    /// What a touchpoint does to the overall verdict.
    fn drives(&self, place: &Place<'_>) -> String {
        let lang = self.opened.lang;
        let items = tell::items(value(self.drivers), "/items");
        let id = tell::text(place.told, "/id");
        if let Some(it) = items.iter().find(|it| tell::text(it, "/key") == id)
            && let Some(text) = driver(it, lang)
        {
            return text;
        }
        let gap = gap(self.drivers, lang);
        if !gap.is_empty() {
            return gap;
        }
        lang.of(
            "How much it moves the verdict is not known: too few people rated both.",
            "它对总体评价的影响未知：同时评价两者的人太少。",
        )
        .to_owned()
    }

    /// The kinds of root causes of the complaints about a touchpoint.
    fn root_causes(&self, place: &Place<'_>) -> String {
        let lang = self.opened.lang;
        let gap = gap(self.complaints, lang);
        if !gap.is_empty() {
            return gap;
        }
        let parts = tell::items(value(self.complaints), "/parts");
        let id = tell::text(place.told, "/id");
        let told = parts.iter().find(|it| tell::text(it, "/key") == id);
        let Some(told) = told.filter(|it| tell::count(it, "/received").unwrap_or(0) != 0) else {
            return lang
                .of("No complaints about it in these days.", "该时段没有与此相关的投诉。")
                .to_owned();
        };
        causes_of(told, lang)
    }
}
