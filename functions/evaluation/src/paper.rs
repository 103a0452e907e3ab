//! `/dashboard/reports/{id}`: a report as a page, for the screen and for paper.

use app::auth::Staff;
use board::{Board, Filters, Opened, Page, Signed};
use domain::zone::Zone;
use pages::html::Html;
use ports::Env;
use web::{Problem, Request, Response};

use crate::api;
use crate::tell::{self, Part};

/// A report as it was made.
pub(crate) async fn show(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let mut opened = match board::open(env, request).await? {
        Signed::In(opened) => opened,
        Signed::Out(answer) => return Ok(answer),
    };
    let staff: &Staff = &opened.viewer;
    let kept = match api::find(env, staff, id).await {
        Ok(kept) => kept,
        Err(problem) => return board::told(opened.lang, problem),
    };
    // What leads elsewhere, and the files of its figures, are about the days of the report.
    let days = tell::days(&kept.report);
    opened.filters = Filters {
        site: opened.filters.site,
        period: "custom",
        from: days.first,
        to: days.last,
        compare: "previous",
        by: Vec::new(),
        unheeded: Vec::new(),
        wrong: Vec::new(),
    };
    let zone = Zone::parse(board::tell::text(&kept.body, "/zone"));
    opened.zone = zone.unwrap_or(opened.zone);
    opened.now = kept.report.made_at;
    let opened = opened;
    let told = tell::told_with(&kept, opened.lang, &|path| opened.href(path));
    let mut board = Board::plain(&opened, Page::Reports, told.title, told.about);
    for part in told.parts {
        match part {
            Part::Heading(id, text) => board.heading(id, text),
            Part::Say(text) => board.say(text),
            Part::List(title, lines) => board.draw(move |html| list(html, &title, &lines)),
            Part::Tiles(tiles) => board.tiles(tiles),
            Part::Figure(figure) => board.figure(*figure),
        }
    }
    if opened.pass.is_none() {
        board.draw(|html| files(html, &opened, &kept.report.id));
    }
    board.answer(request)
}

fn list(html: &mut Html, title: &str, lines: &[String]) {
    html.put("h3", &[], title);
    html.open("ul", &[]);
    for line in lines {
        html.put("li", &[], line);
    }
    html.close();
}

/// The report as files, and the way back to all of them.
fn files(html: &mut Html, opened: &Opened, id: &str) {
    let lang = opened.lang;
    let site = match opened.filters.site.as_str() {
        "" => String::new(),
        site => format!("&site={site}"),
    };
    let file = |format: &str| format!("/v1/reports/{id}?format={format}&lang={}{site}", lang.tag());
    html.open("p", &[("class", "no-print")]);
    for (href, text) in [
        (file("md"), lang.of("As Markdown", "下载 Markdown")),
        (file("json"), lang.of("As JSON", "下载 JSON")),
        (opened.href(Page::Reports.path()), lang.of("All reports", "全部报告")),
    ] {
        html.put("a", &[("href", &href)], text);
        html.text(" ");
    }
    html.close();
}
