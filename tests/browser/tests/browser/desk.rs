//! The desk as agents and managers use it: with the keyboard, on a phone, in the dark, in both
//! languages, with and without scripts.
//!
//! The crawl finds every page by its links, one of each kind, so a page that is added is looked at
//! without anybody saying so.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use journeys::server::Server;
use journeys::site::{Site, items, text};
use serde_json::{Value, json};
use tokio::sync::OnceCell;

use crate::board::{keep, whole};
use crate::chromium::{Chromium, chromium};
use crate::screens::devices;
use crate::tab::{DESKTOP, Device, Person, Tab};

/// A phone whose browser runs no scripts.
const PLAIN: Device = Device { size: (360, 640), scripts: false, ..DESKTOP };
/// A phone in the dark.
const NIGHT: Device = Device { size: (360, 640), dark: true, ..DESKTOP };
/// What must stay text, wherever it is shown.
const HOSTILE: &str = "<x-hostile onclick=alert(1)>\"'&";
/// More kinds of page than there are.
const KINDS_MAX: usize = 150;

/// A demonstration and whoever works in it.
struct Morning {
    chromium: &'static Chromium,
    server: Server,
    site: Site,
}

static MORNING: OnceCell<Option<Morning>> = OnceCell::const_new();

/// The demonstration, with an `{admin}`, a `{manager}` and an `{agent}`, and with names and words
/// that nobody means well.
async fn morning() -> Option<&'static Morning> {
    MORNING.get_or_init(begin).await.as_ref()
}

async fn begin() -> Option<Morning> {
    let chromium = chromium()?;
    let server = Server::ours("the desk, which needs the demonstration's cases")?;
    server.play_demo().await;
    let mut site = Site::none(&server);
    let sites = site.get("owner", "/v1/sites").await;
    let id = text(&items(&sites)[0], "id").to_owned();
    site.name("site", &id);
    let agents = site.get("owner", "/v1/agents?site={site}&limit=100").await;
    // Whoever makes calls has calls to make.
    let agent = items(&agents).iter().find(|it| it["calls_per_day"].as_i64() > Some(0));
    let agent = text(agent.unwrap(), "id");
    for (role, agent) in [("admin", ""), ("manager", ""), ("agent", agent), ("viewer", "")] {
        let mut body = json!({ "kind": "secret", "name": role, "role": role });
        if !agent.is_empty() {
            body["agent_id"] = agent.into();
        }
        let made = site.post("owner", "/v1/keys?site={site}", body).await;
        site.name(role, text(&made, "key"));
    }
    plant(&mut site).await;
    Some(Morning { chromium, server, site })
}

/// Puts hostile names and words wherever the API takes any.
async fn plant(site: &mut Site) {
    let name = HOSTILE;
    site.post("manager", "/v1/departments", json!({ "name": name })).await;
    site.post("manager", "/v1/touchpoints", json!({ "name": name, "stage": "purchase" })).await;
    site.post("manager", "/v1/agents", json!({ "name": name, "is_active": false })).await;
    let body = json!({
        "external_id": "hostile-1", "contacts": { "name": name, "phone": "+86 138 0000 0000" }
    });
    site.make("agent", "customer", "/v1/customers", body).await;
    let case = json!({ "text": format!("{name} 漏水 the pump leaks"), "customer_id":
        site.named("customer") });
    site.make("agent", "case", "/v1/complaints", case).await;
    let said = json!({ "text": name });
    site.post("agent", "/v1/complaints/{case}/note", said).await;
}

impl Morning {
    fn person(&self) -> Person {
        Person::new(self.chromium)
    }

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
}

fn check(tab: &Tab) {
    tab.check("all('h1').length", 1);
    tab.check("all('x-hostile, [onclick]').length", 0);
    tab.check_accessible();
    tab.check_fits();
    tab.check("all('a[href=\"\"]').length", 0);
}

/// The links of the page at hand that lead to pages of the desk.
fn links(tab: &Tab) -> Vec<String> {
    let found = tab.eval(
        "[...new Set(all('main a[href], .ways a[href]').map((it) => it.pathname + it.search))]
           .filter((it) => it.startsWith('/desk'))",
    );
    let found = found.as_array().cloned().unwrap_or_default();
    found.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// What kind of page an address is of: without ids, and without what its query says.
fn kind(target: &str) -> String {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut before = "";
    let parts = path.split('/').map(|it| {
        let is_question = std::mem::replace(&mut before, it) == "questions" && it != "new";
        let is_id = is_question
            || it.split_once('_').is_some_and(|(_, it)| 20 < it.len())
            || it.len() == 14 && it.matches('-').count() == 2
            || it.chars().next().is_some_and(|it| it.is_ascii_digit());
        if is_id { "*" } else { it }
    });
    let mut kind = parts.collect::<Vec<_>>().join("/");
    let names = query.split('&').filter_map(|it| it.split('=').next());
    for name in names.filter(|it| ["tab", "edit", "add", "draft", "view", "step"].contains(it)) {
        kind.push('?');
        kind.push_str(name);
    }
    kind
}

/// Goes to one page of each kind that links lead to, and does something there.
fn crawl(tab: &Tab, base: &str, lang: &str, mut each: impl FnMut(&str)) -> BTreeSet<String> {
    let mut kinds = BTreeSet::new();
    let mut waiting = links(tab);
    while let Some(target) = waiting.pop() {
        if KINDS_MAX < kinds.len() || !kinds.insert(kind(&target)) {
            continue;
        }
        tab.open(&format!("{base}{target}"));
        let kept = tab.text("document.documentElement.lang");
        assert_eq!(kept, lang, "{target} keeps the language");
        each(&target);
        waiting.extend(links(tab));
    }
    kinds
}

/// Goes through every page and checks it.
async fn walk(device: Device, lang: &str, who: &str, least: usize) {
    let Some(morning) = morning().await else { return };
    let person = morning.person();
    let tab = morning.tab(&person, device, who, &format!("/desk?lang={lang}"));
    let base = &morning.server.base;
    // What is wrong with one page hides nothing of the next.
    let mut wrong = Vec::new();
    let kinds = crawl(&tab, base, lang, |target| {
        if catch_unwind(AssertUnwindSafe(|| check(&tab))).is_err() {
            wrong.push(target.to_owned());
        }
    });
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(least <= kinds.len(), "{kinds:#?}");
    // But for the form to sign in, which stands for a page that may not be seen yet.
    let complaints = tab.complaints();
    assert!(complaints.iter().all(|it| it.contains("status of 401")), "{complaints:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_works_on_a_phone_in_chinese_without_scripts() {
    walk(PLAIN, "zh-CN", "admin", 45).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_works_at_a_desk_in_english() {
    walk(DESKTOP, "en", "admin", 45).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_of_an_agent_works_on_a_phone_in_the_dark() {
    walk(NIGHT, "en", "agent", 15).await;
}

/// The kinds of page of which pictures are kept.
const LOOKED_AT: [&str; 26] = [
    "/desk/callbacks",
    "/desk/callbacks/*",
    "/desk/callbacks/new",
    "/desk/complaints",
    "/desk/complaints/*",
    "/desk/complaints/new",
    "/desk/customers",
    "/desk/customers/*",
    "/desk/inbox",
    "/desk/inbox/low",
    "/desk/inbox/screened",
    "/desk/inbox/texts",
    "/desk/rules",
    "/desk/rules/calendars/*",
    "/desk/rules/grading",
    "/desk/rules/promise",
    "/desk/sessions",
    "/desk/settings",
    "/desk/settings/site",
    "/desk/settings/touchpoints",
    "/desk/start",
    "/desk/supply",
    "/desk/surveys",
    "/desk/surveys/*",
    "/desk/surveys/*/edit",
    "/desk/surveys/*/tag",
];

/// Screenshots for people to look at, beside those of the dashboard.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "it writes files to be looked at"]
async fn screens() {
    let Some(morning) = morning().await else { return };
    for lang in ["zh-CN", "en"] {
        for (told, device) in devices() {
            // All of them would weigh more than the rest of the repository.
            if told != if lang == "en" { "desktop-dark" } else { "phone-light" } {
                continue;
            }
            let person = morning.person();
            let tab = morning.tab(&person, device, "admin", &format!("/desk?lang={lang}"));
            let base = &morning.server.base;
            crawl(&tab, base, lang, |target| {
                if !LOOKED_AT.contains(&kind(target).as_str()) {
                    return;
                }
                let name = kind(target).trim_start_matches("/desk").replace(['/', '?'], "-");
                let name = name.replace("-*", "-one");
                keep(&format!("desk{name}-{lang}-{told}.webp"), &whole(&tab));
            });
        }
    }
}
