//! The pages of the API as an engineer reads them: every one of them on a desktop and on a phone,
//! in both languages, in the light and in the dark, by keyboard, and from no host but our own.

use journeys::server::Server;

use crate::chromium::chromium;
use crate::tab::{DESKTOP, Device, Person, Tab};

const PHONE: Device = Device { size: (360, 640), dark: true, ..DESKTOP };

/// A page of each kind. Others are drawn the same, and some have a hundred operations.
const KINDS: [&str; 4] = ["/docs?", "/docs/problems?", "/docs/events?", "/docs/agents?"];

/// A server, and somebody with a tab at the first page.
fn begin(device: Device, lang: &str) -> Option<(Server, Person, Tab)> {
    let chromium = chromium()?;
    let server = Server::any();
    let person = Person::new(chromium);
    let tab = person.tab(device);
    tab.open(&format!("{}/docs?lang={lang}", server.base));
    Some((server, person, tab))
}

/// Goes through all pages and checks each.
fn walk(device: Device, lang: &str) {
    let Some((server, _person, tab)) = begin(device, lang) else { return };
    let pages = tab.eval("[...new Set(all('nav a').map((it) => it.href.split('#')[0]))]");
    let pages: Vec<&str> =
        pages.as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
    assert!(10 < pages.len(), "{pages:?}");
    for page in pages.into_iter().filter(|it| it.contains(&format!("lang={lang}"))) {
        tab.open(page);
        tab.check("document.documentElement.lang", lang);
        tab.check("all('h1').length", 1);
        if KINDS.iter().any(|it| page.contains(it)) {
            tab.check_accessible();
        }
        tab.check_fits();
        let asked = tab.eval("performance.getEntriesByType('resource').map((it) => it.name)");
        for url in asked.as_array().unwrap() {
            assert!(url.as_str().unwrap().starts_with(&server.base), "{page} asks for {url}");
        }
    }
    assert_eq!(tab.complaints(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_is_read_on_a_desktop_in_english() {
    walk(DESKTOP, "en");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_is_read_on_a_phone_in_chinese_in_the_dark() {
    walk(PHONE, "zh-CN");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operation_is_found_and_its_command_copied_by_keyboard() {
    let Some((_server, _person, tab)) = begin(DESKTOP, "en") else { return };
    tab.check("100 < all('.operations li').filter(isShown).length", true);
    tab.tab_to("Search");
    tab.write("grades a text opens nothing");
    tab.check("all('.operations li').filter(isShown).length", 1);
    tab.check("textOf(one('[data-found]'))", "1 found");
    tab.press(&["Tab"]);
    tab.going(|| tab.press(&["Enter"]));
    tab.check("location.hash", "#tryGrade");
    tab.check("textOf(one(location.hash)).includes('/v1/complaints/grade')", true);
    tab.tab_to("Copy: tryGrade");
    tab.press(&["Enter"]);
    tab.wait_for("textOf(focused()) === 'Copied'");
}
