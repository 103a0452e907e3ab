//! A complaint, as people make and follow it: in a dialog on somebody's page, on a form of ours
//! and on their own page, with and without scripts.

use std::fs;
use std::path::Path;
use std::time::Duration;

use journeys::site::items;
use serde_json::json;

use crate::scene::{DEFINITION, Scene};
use crate::screens::devices;
use crate::shop::Shop;
use crate::tab::{DESKTOP, Device, NARROW, Tab};

/// A phone whose browser runs no scripts.
const PLAIN: Device = Device { size: (360, 640), scripts: false, ..DESKTOP };
/// Whoever fills in a form takes longer than a robot.
const READING: Duration = Duration::from_millis(2_200);

/// A shop with a button to complain, and something else that does the same.
async fn shop(scene: &Scene, lang: &str) -> Shop {
    let (key, site) = (scene.site.named("pk"), scene.site.named("site"));
    let base = &scene.server.base;
    let tags = format!(
        "<button data-huiyin-complaint>Complain <br>here</button> \
         <span data-huiyin-complaint>Or there</span>\
         <script src=\"{base}/complaint.js\" data-key=\"{key}\" data-site=\"{site}\" async>\
         </script>"
    );
    let shop = Shop::open(base, lang, &tags);
    let body = json!({ "origins": [shop.origin] });
    let target = "PATCH /v1/sites/{site}\nauthorization: Bearer {admin}";
    scene.site.json(&format!("{target}\n\n{body}")).await;
    shop
}

/// Opens the dialog with the keyboard.
fn open(tab: &Tab, name: &str) {
    tab.wait_for("document.querySelector('span[role=button]')");
    tab.tab_to(name);
    tab.press(&["Enter"]);
    tab.wait_for("one('dialog')?.open");
}

/// Sends the form with the keyboard.
fn send(tab: &Tab, name: &str) {
    tab.tab_to(name);
    tab.going(|| tab.press(&["Enter"]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_dialog_is_worked_by_keyboard_under_a_strict_policy() {
    let Some(scene) = Scene::new(DEFINITION).await else { return };
    let person = scene.person();
    let shop = shop(&scene, "en").await;
    let tab = person.tab(NARROW);
    tab.open(&shop.url());
    open(&tab, "Complain");
    tab.check("nameOf(focused())", "What happened?");
    tab.check_accessible();
    tab.check_fits();
    // What is wrong is told where it is, and nothing is sent.
    tab.tab_to("Send");
    tab.press(&["Enter"]);
    tab.wait_for("nameOf(focused()) === 'What happened?' && focused().ariaInvalid === 'true'");
    tab.write("The pot has a crack.");
    tab.tab_to("E-mail");
    tab.write("lan@example.com");
    // It closes like any dialog, and keeps what was typed.
    tab.press(&["Escape"]);
    tab.check("nameOf(focused())", "Complain here");
    open(&tab, "Or there");
    tab.check("one('#text').value", "The pot has a crack.");
    tokio::time::sleep(READING).await;
    tab.tab_to("Send");
    tab.press(&["Enter"]);
    tab.wait_for("one('[role=status] a')");
    tab.check("textOf(one('[role=status] p'))", "We have your complaint. Thank you.");
    tab.check_accessible();
    let number = tab.text("textOf(one('[role=status] b'))");
    let list = scene.site.get("agent", "/v1/complaints").await;
    let [case] = items(&list) else { panic!("one case: {list}") };
    assert_eq!(case["number"], number.as_str());
    assert_eq!((&case["source"], &case["language"]), (&json!("widget"), &json!("en")));
    // The link leads to a page that tells the same.
    let link = tab.text("one('[role=status] a').href");
    let page = person.tab(NARROW);
    page.open(&link);
    page.check("textOf(one('.number'))", number.as_str());
    page.check_accessible();
    page.check_fits();
    assert_eq!(page.complaints(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_form_leads_to_the_customers_page_without_scripts() {
    let Some(scene) = Scene::new(DEFINITION).await else { return };
    let person = scene.person();
    let tab = person.tab(PLAIN);
    let site = scene.site.named("site");
    tab.open(&format!("{}/c/{site}?lang=en", scene.server.base));
    tab.check_fits();
    tab.tab_to("E-mail");
    tab.write("nobody");
    send(&tab, "Send");
    tab.check("document.title", "Error: Tell us what went wrong");
    tab.check("all('[role=alert] a').length", 2);
    tab.check_accessible();
    tab.tab_to("What happened?");
    tab.write("The tea was <cold>.");
    tab.tab_to("E-mail");
    tab.check("focused().value", "nobody");
    // Whoever comes with the keyboard writes over it.
    tab.write("lan@example.com");
    tokio::time::sleep(READING).await;
    send(&tab, "Send");
    tab.check("textOf(one('h1'))", "Your complaint");
    tab.check("textOf(one('[role=status] h2'))", "We have your complaint. Thank you.");
    tab.check("textOf(one('.words'))", "The tea was <cold>.");
    tab.check_accessible();
    tab.check_fits();
    tab.tab_to("Your message");
    tab.write("Twice.");
    send(&tab, "Send");
    tab.check("textOf(one('[role=status]'))", "Thank you. We have what you wrote.");
    tab.check("all('.words').map(textOf)", json!(["The tea was <cold>.", "Twice."]));
    // Loading it again sends nothing again.
    tab.going(|| drop(tab.call("Page.reload", json!({}))));
    tab.check("all('.words').length", 2);
    // The browser notes the answer to the form that was wrong, and nothing else.
    let complaints = tab.complaints();
    assert!(complaints.iter().all(|it| it.contains("status of 422")), "{complaints:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_solution_is_rated_on_a_phone_in_the_dark() {
    let Some(scene) = Scene::new(DEFINITION).await else { return };
    let site = &scene.site;
    let said = json!({ "text": "茶壶有裂纹", "channel": "phone" });
    let case = site.post("agent", "/v1/complaints", said).await;
    let id = case["id"].as_str().unwrap();
    let solved = json!({ "text": "已补发新的茶壶。" });
    site.post("agent", &format!("/v1/complaints/{id}/solve"), solved).await;
    let link = site.post("agent", &format!("/v1/complaints/{id}/links"), json!({})).await;
    let link = link["url"].as_str().unwrap();
    let path = &link[link.find("/t/").unwrap()..];
    let person = scene.person();
    let tab = person.tab(Device { dark: true, ..PLAIN });
    tab.open(&format!("{}{path}?lang=zh-CN", scene.server.base));
    tab.check_accessible();
    tab.check_fits();
    send(&tab, "提交评价");
    tab.check("document.title.startsWith('有误：')", true);
    tab.tab_to("您对此次投诉处理的满意程度？");
    tab.press(&["ArrowRight", "ArrowRight", "ArrowRight"]);
    send(&tab, "提交评价");
    tab.check("textOf(one('[role=status]'))", "谢谢您的评价。");
    tab.check("all('form').some((it) => it.action.endsWith('/rate'))", false);
    tab.check_accessible();
    let rated = site.get("agent", &format!("/v1/complaints/{id}")).await;
    assert_eq!(rated["rating"]["csat"], 4, "{rated}");
}

/// Screenshots for people to look at, beside those of surveys.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "it writes files to be looked at"]
async fn screens() {
    let Some(scene) = Scene::new(DEFINITION).await else { return };
    let site = scene.site.named("site");
    let base = &scene.server.base;
    for (language, said, answer, send_it) in [
        ("zh-CN", "茶壶有裂纹，漏水了。", "非常抱歉。请问订单号是多少？", "提交"),
        ("en", "The teapot has a crack.", "We are sorry. Which order was it?", "Send"),
    ] {
        let shop = shop(&scene, language).await;
        for (told, device) in devices() {
            let person = scene.person();
            let tab = person.tab(device);
            tab.open(&shop.url());
            open(&tab, "Complain");
            tab.write(said);
            keep(&tab, &format!("complaint-dialog-{language}-{told}"));
            tab.open(&format!("{base}/c/{site}?lang={language}"));
            tab.tab_to(if language == "en" { "What happened?" } else { "发生了什么？" });
            // No two are alike, or they would be joined.
            tab.write(&format!("{said} {told}"));
            keep(&tab, &format!("complaint-form-{language}-{told}"));
            tokio::time::sleep(READING).await;
            send(&tab, send_it);
            let number = tab.text("textOf(one('.number'))");
            let asked = json!({ "text": answer, "asks": true });
            scene.site.post("agent", &format!("/v1/complaints/{number}/answer"), asked).await;
            let page = tab.text("location.pathname");
            tab.open(&format!("{base}{page}?lang={language}"));
            keep(&tab, &format!("complaint-page-{language}-{told}"));
        }
    }
}

fn keep(tab: &Tab, name: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/screens");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(format!("{name}.png")), tab.screenshot()).unwrap();
}
