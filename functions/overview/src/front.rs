//! `/dashboard`: what comes first.

use app::neighbour::ask_all;
use board::{Board, Opened, Page, tell};
use pages::html::Html;
use pages::time::moment;
use ports::Env;
use serde_json::Value;
use web::lang::Lang;
use web::{Problem, Request, Response};

use crate::charts::{self, Item};
use crate::tiles::{self, ANSWERED, CALLED, CES, CLOSED, CSAT, INDEX, Metric, NPS};
use crate::words::{self, Told, gap, none, value};

/// By what the overview can be filtered, one at a time.
const GRAINS: [&str; 5] = ["touchpoint", "channel", "group", "agent", "survey"];
/// The courses, in their order.
static COURSES: [(&str, &Metric); 4] =
    [("nps_trend", &NPS), ("csat_trend", &CSAT), ("ces_trend", &CES), ("index_trend", &INDEX)];

pub(crate) async fn show(
    env: &impl Env,
    request: &Request,
    mut opened: Opened,
) -> Result<Response, Problem> {
    crate::heed(&mut opened, &GRAINS, &[]);
    let lang = opened.lang;
    let mut asked = vec![("dashboard", format!("/v1/dashboard?{}", opened.filters.api()))];
    if charts::is_long(&opened) {
        // By day a long course has too few answers a day, and too many points.
        for (_, metric) in COURSES {
            asked.push((
                "nps",
                format!("/v1/{}?{}&by=week", metric.name, crate::alone(&opened.filters)),
            ));
        }
    }
    let mut told = ask_all(env, request, lang, &asked).await.into_iter();
    let figures = told.next().unwrap_or_else(|| Err(app::neighbour::Refused::default()));
    let weeks: Vec<Told> = told.collect();
    let title = Page::Overview.name();
    let mut board = Board::new(&opened, Page::Overview, title.text(lang), &GRAINS[..4]);
    let gap = gap(&figures, lang);
    if !gap.is_empty() {
        board.say(gap);
        return board.answer(request);
    }
    let figures = value(&figures);
    if opened.filters.by.is_empty() && is_empty(figures) {
        let (start, lang) = (opened.pass.is_none(), opened.lang);
        board.draw(move |html| draw_start(html, start, lang));
    }
    board.heading("glance", lang.of("At a glance", "一览"));
    board.tiles(all_tiles(figures, &opened));
    alarms(&mut board, tell::items(figures, "/alarms"), "", &opened);
    board.heading("journey", lang.of("Touchpoints and channels", "触点与渠道"));
    board.figure(touchpoints(figures, &opened));
    board.figure(channels(figures, &opened));
    board.heading("courses", lang.of("Over time", "走势"));
    for (at, (id, metric)) in COURSES.iter().enumerate() {
        let score = tell::at(tell::at(figures, "/scores"), &format!("/{}", metric.name));
        board.figure(course(id, metric, score, weeks.get(at), &opened));
    }
    board.heading("answers", lang.of("What was answered", "回答分布"));
    board.figure(charts::spread("nps_spread", &NPS, tell::at(figures, "/scores/nps"), &opened));
    board.answer(request)
}

/// The course of a score: by day as it is told with it, or by week where that was asked.
pub(crate) fn course(
    id: &'static str,
    metric: &Metric,
    score: &Value,
    weeks: Option<&Told>,
    opened: &Opened,
) -> board::Figure {
    if let Some(weeks @ Err(_)) = weeks
        && !score.is_null()
    {
        return none(id, metric.title.text(opened.lang), words::gap(weeks, opened.lang));
    }
    charts::trend(id, metric, score, weeks.map(value), opened)
}

fn all_tiles(figures: &Value, opened: &Opened) -> Vec<board::Tile> {
    let scores = tell::at(figures, "/scores");
    let complaints = tell::at(figures, "/complaints");
    let mut all = Vec::new();
    for metric in [&INDEX, &NPS, &CSAT, &CES] {
        let told = tell::at(scores, &format!("/{}", metric.name));
        all.push(tiles::score(metric, told, opened));
    }
    all.push(tiles::complaints(complaints, opened));
    all.push(tiles::promise(&ANSWERED, complaints, opened));
    all.push(tiles::promise(&CLOSED, complaints, opened));
    all.push(tiles::promise(&CALLED, tell::at(figures, "/callbacks"), opened));
    all
}

/// Whether nothing ever came, as far as these days tell.
fn is_empty(figures: &Value) -> bool {
    let count = |pointer: &str| tell::count(figures, pointer).unwrap_or(0);
    ["nps", "csat", "ces"].iter().all(|it| count(&format!("/scores/{it}/n")) == 0)
        && count("/complaints/received") == 0
        && count("/callbacks/requested") == 0
}

/// How figures get here, for whoever has none.
fn draw_start(html: &mut Html, has_links: bool, lang: Lang) {
    html.open("section", &[("aria-labelledby", "start"), ("class", "start")]);
    html.put("h2", &[("id", "start")], lang.of("How figures get here", "数据从哪里来"));
    html.put(
        "p",
        &[],
        lang.of(
            "Nothing came in these days. If you have just begun, three steps bring the first \
             figures:",
            "该时段没有任何数据。如果您刚刚开始，只需三步：",
        ),
    );
    html.open("ol", &[]);
    for text in [
        lang.of(
            "Make a touchpoint and publish a survey: POST /v1/touchpoints, POST /v1/studies, \
             then publish it.",
            "建立触点并发布问卷：POST /v1/touchpoints、POST /v1/studies，然后发布。",
        ),
        lang.of(
            "Put the widget's tag on your page, or send people to /s/ and the survey's id.",
            "在网页中嵌入组件标签，或把客户带到 /s/ 加问卷 id 的页面。",
        ),
        lang.of(
            "Already have answers or complaints? Import them as CSV: POST \
             /v1/studies/{id}/import, POST /v1/complaints/import.",
            "已有回答或投诉？以 CSV 导入：POST /v1/studies/{id}/import、POST \
             /v1/complaints/import。",
        ),
    ] {
        html.put("li", &[], text);
    }
    html.close();
    if has_links {
        html.open("p", &[]);
        let text = lang.of("See the widget at work", "查看组件演示");
        html.put("a", &[("href", "/demo")], text);
        html.close();
    }
    html.close();
}

/// Satisfaction of each touchpoint, those furthest under their target first, as the API has them.
fn touchpoints(figures: &Value, opened: &Opened) -> board::Figure {
    let lang = opened.lang;
    let title = lang.of("Touchpoints, those under target first", "各触点，未达标者在前");
    let told = tell::items(figures, "/touchpoints");
    if tell::at(figures, "/touchpoints").is_null() {
        return none("touchpoints", title, words::not_kept(lang));
    }
    if told.is_empty() {
        let why = lang.of(
            "There are no touchpoints yet: make them with POST /v1/touchpoints.",
            "尚无触点：用 POST /v1/touchpoints 建立。",
        );
        return none("touchpoints", title, why);
    }
    let mut items = Vec::with_capacity(told.len());
    for it in told {
        let path = format!("/touchpoints/{}", tell::text(it, "/id"));
        items.push(Item {
            name: tell::text(it, "/name").to_owned(),
            href: opened.href(&path),
            told: tell::at(it, "/csat"),
            more: vec![
                charts::number(tell::at(it, "/nps"), NPS.unit, lang),
                charts::number(tell::at(it, "/ces"), CES.unit, lang),
            ],
        });
    }
    let more = ["NPS", "CES"];
    let first = lang.of("Touchpoint", "触点");
    charts::bars(("touchpoints", title), &CSAT, first, &more, items, opened)
}

/// The filters of the page with this one in the place of all others.
fn only(opened: &Opened, grain: &'static str, key: &str) -> board::Filters {
    let mut filters = opened.filters.clone();
    filters.by.clear();
    filters.with(grain, key)
}

fn channels(figures: &Value, opened: &Opened) -> board::Figure {
    let lang = opened.lang;
    let title = lang.of("Channels", "各渠道");
    let told = tell::items(figures, "/channels");
    if told.is_empty() && tell::at(figures, "/channels").is_null() {
        return none("channels", title, words::not_kept(lang));
    }
    let mut items = Vec::with_capacity(told.len());
    for it in told {
        let key = tell::text(it, "/channel");
        items.push(Item {
            name: words::option(opened, "channel", key),
            href: opened.href_with("", &only(opened, "channel", key)),
            told: tell::at(it, "/csat"),
            more: vec![
                charts::number(tell::at(it, "/nps"), NPS.unit, lang),
                charts::number(tell::at(it, "/ces"), CES.unit, lang),
            ],
        });
    }
    let more = ["NPS", "CES"];
    charts::bars(("channels", title), &CSAT, lang.of("Channel", "渠道"), &more, items, opened)
}

/// The alarms that are open, in words; of one touchpoint, or of all if that is empty.
pub(crate) fn alarms<'a>(
    board: &mut Board<'a>,
    told: &'a [Value],
    touchpoint: &'a str,
    opened: &'a Opened,
) {
    let lang = opened.lang;
    board.heading("alarms", lang.of("Alarms", "告警"));
    let is_ours =
        move |it: &&Value| touchpoint.is_empty() || tell::text(it, "/touchpoint_id") == touchpoint;
    if !told.iter().any(|it| is_ours(&it)) {
        board.say(lang.of("None is open.", "当前没有告警。"));
        return;
    }
    board.draw(move |html| {
        html.open("ul", &[("class", "alarms")]);
        for it in told.iter().filter(is_ours) {
            draw_alarm(html, it, opened);
        }
        html.close();
    });
}

fn draw_alarm(html: &mut Html, told: &Value, opened: &Opened) {
    let lang = opened.lang;
    html.open("li", &[]);
    let (id, name) = (tell::text(told, "/touchpoint_id"), tell::text(told, "/name"));
    let name = if name.is_empty() { lang.of("The whole site", "全站") } else { name };
    let href = opened.href(&format!("/touchpoints/{id}"));
    if id.is_empty() || href.is_empty() {
        html.put("strong", &[], name);
    } else {
        html.put("a", &[("href", &href)], name);
    }
    let what = match tell::text(told, "/kind") {
        "under_target" => {
            lang.of(": satisfaction lies surely under its target", "：满意度明显低于目标")
        }
        "rise" => {
            lang.of(": far more low scores than usual on such days", "：低分明显多于往常同类日子")
        }
        "surge" => lang
            .of(": many complaints about the same in a short time", "：短时间内出现大量同类投诉"),
        _ => lang.of(": out of the ordinary", "：异常"),
    };
    html.text(what);
    let since = domain::civil::parse_rfc3339(tell::text(told, "/raised_at"));
    if let Some(since) = since {
        let since = moment(lang, opened.zone, since, opened.now);
        html.text(&match lang {
            Lang::En => format!(", since {since}."),
            Lang::Zh => format!("，始于 {since}。"),
        });
    }
    html.close();
}
