//! The dashboard as a manager uses it in the morning, and whoever is sent a link to a part of it:
//! with the keyboard, on a phone, in the dark, in both languages, without scripts, on paper.
//!
//! All of them look at one demonstration, which none of them changes but for links of their own.

use std::fs;
use std::path::Path;

use base64ct::{Base64, Encoding};
use journeys::server::Server;
use journeys::site::{Site, items, text};
use serde_json::{Value, json};
use tokio::sync::OnceCell;

use crate::chromium::{Chromium, chromium};
use crate::screens::devices;
use crate::tab::{DESKTOP, Device, Person, Tab};

/// A phone whose browser runs no scripts.
const PLAIN: Device = Device { size: (360, 640), scripts: false, ..DESKTOP };
/// A desktop in the dark.
const DARK: Device = Device { dark: true, ..DESKTOP };

/// The pages of figures, below `/dashboard`.
const PAGES: [(&str, &str); 8] = [
    ("overview", ""),
    ("touchpoints", "/touchpoints"),
    ("voice", "/voice"),
    ("complaints", "/complaints"),
    ("callbacks", "/callbacks"),
    ("goals", "/goals"),
    ("reports", "/reports"),
    ("shares", "/shares"),
];

/// A demonstration and whoever looks at it.
struct Morning {
    chromium: &'static Chromium,
    server: Server,
    site: Site,
}

static MORNING: OnceCell<Option<Morning>> = OnceCell::const_new();

/// The demonstration, with a `{manager}`, a `{viewer}` and a `{touchpoint}`.
async fn morning() -> Option<&'static Morning> {
    MORNING.get_or_init(begin).await.as_ref()
}

async fn begin() -> Option<Morning> {
    let chromium = chromium()?;
    let server = Server::ours("the dashboard, which needs the demonstration's figures")?;
    server.play_demo().await;
    let mut site = Site::none(&server);
    let sites = site.get("owner", "/v1/sites").await;
    let id = text(&items(&sites)[0], "id").to_owned();
    site.name("site", &id);
    for role in ["manager", "viewer"] {
        let body = json!({ "kind": "secret", "name": role, "role": role });
        let made = site.post("owner", "/v1/keys?site={site}", body).await;
        site.name(role, text(&made, "key"));
    }
    let touchpoints = site.get("viewer", "/v1/touchpoints").await;
    site.name("touchpoint", text(&items(&touchpoints)[0], "id"));
    Some(Morning { chromium, server, site })
}

impl Morning {
    /// A tab of somebody who is signed in, at a page.
    fn tab(&self, person: &Person, device: Device, who: &str, target: &str) -> Tab {
        let tab = person.tab(device);
        tab.open(&format!("{}{target}", self.server.base));
        let key = if target.contains("lang=en") { "Your key" } else { "您的密钥" };
        tab.tab_to(key);
        tab.write(self.site.named(who));
        tab.going(|| tab.press(&["Enter"]));
        tab
    }

    /// Whoever asks the API, from within the test at hand: connections belong to the runtime that
    /// opened them.
    fn site(&self) -> Site {
        self.site.at(&self.server.base)
    }

    fn person(&self) -> Person {
        Person::new(self.chromium)
    }

    /// Every page, and those of one thing.
    async fn pages(&self) -> Vec<(&'static str, String)> {
        let mut pages: Vec<(&str, String)> =
            PAGES.iter().map(|(name, path)| (*name, (*path).to_owned())).collect();
        pages.push(("touchpoint", format!("/touchpoints/{}", self.site.named("touchpoint"))));
        let reports = self.site().get("viewer", "/v1/reports").await;
        if let Some(it) = items(&reports).first() {
            pages.push(("report", format!("/reports/{}", text(it, "id"))));
        }
        pages
    }
}

fn check(tab: &Tab) {
    tab.check("all('h1').length", 1);
    tab.check_accessible();
    tab.check_fits();
    // What is empty says why.
    tab.check(
        "all('figure').filter((it) => textOf(it.querySelector('figcaption p')) === '')",
        json!([]),
    );
    tab.check("all('a[href=\"\"]').length", 0);
}

/// Goes through every page and checks it.
async fn walk(device: Device, lang: &str) {
    let Some(morning) = morning().await else { return };
    let person = morning.person();
    let tab = morning.tab(&person, device, "manager", &format!("/dashboard?lang={lang}"));
    for (_, path) in morning.pages().await {
        tab.open(&format!("{}/dashboard{path}?lang={lang}", morning.server.base));
        tab.check("document.documentElement.lang", lang);
        check(&tab);
    }
    // But for the form to sign in, which stands for a page that may not be seen yet.
    let complaints = tab.complaints();
    assert!(complaints.iter().all(|it| it.contains("status of 401")), "{complaints:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_is_read_on_a_phone_in_chinese_without_scripts() {
    walk(PLAIN, "zh-CN").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_is_read_at_a_desk_in_english_in_the_dark() {
    walk(DARK, "en").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_is_read_on_a_phone_in_english_in_the_dark() {
    walk(Device { size: (360, 640), ..DARK }, "en").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_manager_filters_compares_and_shares_a_view_by_keyboard() {
    let Some(morning) = morning().await else { return };
    let person = morning.person();
    let tab = morning.tab(&person, PLAIN, "manager", "/dashboard/complaints?lang=en");
    tab.check("textOf(one('h1'))", "Complaints");
    // What the page shows is what the API tells.
    let told = morning.site().get("viewer", "/v1/complaint-figures?channel=phone").await;
    tab.open(&format!(
        "{}/dashboard/complaints?lang=en&compare=year&channel=phone",
        morning.server.base
    ));
    let received = told["received"].as_u64().unwrap().to_string();
    tab.check("textOf(one('#received .value'))", received.as_str());
    tab.check("one('select[name=channel]').value", "phone");
    tab.check("textOf(one('.about')).includes('Phone')", true);
    // A link to it, for somebody without a key.
    tab.tab_to("Share this view");
    tab.going(|| tab.press(&["Enter"]));
    check(&tab);
    tab.tab_to("Name");
    tab.write("Board <b>");
    tab.going(|| tab.press(&["Enter"]));
    check(&tab);
    let url = tab.text("one('input[readonly]').value");
    let other = morning.person();
    let shown = other.tab(PLAIN);
    shown.open(&format!("{url}?lang=en&channel=web&period=7d"));
    shown.check("textOf(one('h1'))", "Complaints");
    shown.check("textOf(one('.about')).includes('Phone')", true);
    shown.check("all('nav.ways, form').length", 0);
    shown.check("textOf(one('#received .value'))", received.as_str());
    check(&shown);
    // Nothing else opens with it.
    shown.open(&format!("{}/dashboard?lang=en", morning.server.base));
    shown.check("textOf(one('h1'))", "Sign in");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_prints_with_its_tables_and_what_it_is_about() {
    let Some(morning) = morning().await else { return };
    let person = morning.person();
    let tab = morning.tab(&person, DESKTOP, "viewer", "/dashboard?lang=en");
    tab.call("Emulation.setEmulatedMedia", json!({ "media": "print" }));
    tab.check("isShown(one('.about'))", true);
    tab.check("all('nav, form').filter(isShown).length", 0);
    tab.check("all('figure table').length && all('figure table').every(isShown)", true);
    let printed = tab.call("Page.printToPDF", json!({ "paperWidth": 8.27, "paperHeight": 11.69 }));
    let pdf = Base64::decode_vec(printed["data"].as_str().unwrap()).unwrap();
    assert!(pdf.starts_with(b"%PDF") && 20_000 < pdf.len(), "{} bytes", pdf.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_signs_out_sees_nothing_any_more() {
    let Some(morning) = morning().await else { return };
    let person = morning.person();
    let tab = morning.tab(&person, PLAIN, "viewer", "/dashboard?lang=zh-CN");
    tab.check("textOf(one('h1'))", "总览");
    tab.tab_to("退出");
    tab.going(|| tab.press(&["Enter"]));
    tab.check("textOf(one('h1'))", "登录");
    tab.open(&format!("{}/dashboard/complaints?lang=zh-CN", morning.server.base));
    tab.check("textOf(one('h1'))", "登录");
    // A key that is wrong is told where it is.
    tab.tab_to("您的密钥");
    tab.write("sk_wrong");
    tab.going(|| tab.press(&["Enter"]));
    tab.check("all('[role=alert] a').length", 1);
    tab.check_accessible();
}

/// Screenshots for people to look at, beside those of surveys.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "it writes files to be looked at"]
async fn screens() {
    let Some(morning) = morning().await else { return };
    for lang in ["zh-CN", "en"] {
        for (told, device) in devices() {
            let person = morning.person();
            let tab = morning.tab(&person, device, "manager", &format!("/dashboard?lang={lang}"));
            for (name, path) in morning.pages().await {
                tab.open(&format!("{}/dashboard{path}?lang={lang}", morning.server.base));
                keep(&format!("board-{name}-{lang}-{told}.webp"), &whole(&tab));
            }
        }
    }
}

/// A report as it is printed, as wide as A4 without its margins.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "it writes files to be looked at"]
async fn paper() {
    let Some(morning) = morning().await else { return };
    let pages = morning.pages().await;
    let Some((_, path)) = pages.iter().find(|it| it.0 == "report") else { panic!("no report") };
    for lang in ["zh-CN", "en"] {
        let person = morning.person();
        let sheet = Device { size: (703, 1017), ..DESKTOP };
        let tab = morning.tab(&person, sheet, "manager", &format!("/dashboard?lang={lang}"));
        tab.open(&format!("{}/dashboard{path}?lang={lang}", morning.server.base));
        tab.call("Emulation.setEmulatedMedia", json!({ "media": "print" }));
        keep(&format!("board-report-{lang}-paper.webp"), &whole(&tab));
    }
}

/// The whole page, not the window alone.
pub(crate) fn whole(tab: &Tab) -> Vec<u8> {
    // Long pages: as PNG they would weigh more than all the rest of the repository.
    let size = tab.eval("[innerWidth, document.scrollingElement.scrollHeight]");
    let clip = json!({ "x": 0, "y": 0, "width": size[0], "height": size[1], "scale": 1 });
    let shot = json!({
        "format": "webp", "quality": 50, "captureBeyondViewport": true, "clip": clip,
    });
    let shot: Value = tab.call("Page.captureScreenshot", shot);
    Base64::decode_vec(shot["data"].as_str().unwrap()).unwrap()
}

pub(crate) fn keep(name: &str, bytes: &[u8]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/screens");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(name), bytes).unwrap();
}
