//! A call-back, as people book and manage it on pages of ours: with the keyboard, on a phone,
//! without scripts.

use std::fs;
use std::path::Path;
use std::time::Duration;

use journeys::site::items;
use serde_json::{Value, json};

use crate::scene::{DEFINITION, Scene};
use crate::screens::devices;
use crate::tab::{DESKTOP, Device, Tab};

/// A phone whose browser runs no scripts.
const PLAIN: Device = Device { size: (360, 640), scripts: false, ..DESKTOP };
/// Whoever fills in a form takes longer than a robot.
const READING: Duration = Duration::from_millis(2_200);

/// A site with a service and somebody who calls day and night; gives where it is booked.
async fn scene() -> Option<(Scene, String)> {
    let mut scene = Scene::new(DEFINITION).await?;
    let site = &mut scene.site;
    let agent = json!({ "name": "周岚", "calls_per_day": 200, "calendar_id": "around_the_clock" });
    site.make("manager", "lan", "/v1/agents", agent).await;
    let service = json!({ "name": "使用咨询 Advice", "length_min": 30, "every_min": 60,
        "after_min": 0, "notice_min": 0, "quiet": null, "calendar_id": "around_the_clock",
        "is_public": true });
    site.make("manager", "service", "/v1/services", service).await;
    let book = format!("{}/book/{}", scene.server.base, scene.site.named("site"));
    Some((scene, book))
}

/// Follows a link, or sends a form, with the keyboard.
fn go(tab: &Tab, name: &str) {
    tab.tab_to(name);
    tab.going(|| tab.press(&["Enter"]));
}

/// The only call-back of the site.
async fn only(scene: &Scene) -> Value {
    let list = scene.site.get("agent", "/v1/callbacks").await;
    let [it] = items(&list) else { panic!("one call-back: {list}") };
    it.clone()
}

fn check(tab: &Tab) {
    tab.check_accessible();
    tab.check_fits();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_is_booked_moved_and_cancelled_by_keyboard_on_a_phone() {
    let Some((scene, book)) = scene().await else { return };
    let person = scene.person();
    let tab = person.tab(PLAIN);
    tab.open(&format!("{book}?lang=en&tz=Europe/Berlin"));
    check(&tab);
    tab.check("all('.days li').length", 7);
    go(&tab, "Later days");
    go(&tab, "15:00");
    tab.check("textOf(one('.when')).endsWith(', 15:00')", true);
    check(&tab);
    tokio::time::sleep(READING).await;
    // What is wrong is told where it is, and what was typed stays.
    tab.tab_to("Phone");
    tab.write("12");
    tab.tab_to("Your name");
    tab.write("Lan <b>");
    go(&tab, "Book the call");
    tab.check("document.title", "Error: Book a call");
    tab.check("all('[role=alert] a').length", 1);
    tab.check("one('#name').value", "Lan <b>");
    check(&tab);
    tab.tab_to("Phone");
    tab.write("+86 138 0013 8000");
    go(&tab, "Book the call");
    tab.check("textOf(one('[role=status] h2'))", "Your call is booked.");
    tab.check("textOf(one('.when')).endsWith(', 15:00')", true);
    tab.check("textOf(one('main')).includes('Europe/Berlin')", true);
    check(&tab);
    let booked = only(&scene).await;
    assert_eq!((&booked["state"], &booked["tz"]), (&json!("booked"), &json!("Europe/Berlin")));
    // Loading it again books nothing again.
    tab.going(|| drop(tab.call("Page.reload", json!({}))));
    only(&scene).await;
    go(&tab, "Choose another time");
    check(&tab);
    go(&tab, "Later days");
    go(&tab, "16:00");
    check(&tab);
    go(&tab, "Move the call to this time");
    tab.check("textOf(one('[role=status]'))", "Your call has its new time.");
    tab.check("textOf(one('.when')).endsWith(', 16:00')", true);
    assert_eq!(only(&scene).await["sequence"], 1);
    go(&tab, "Cancel the call");
    check(&tab);
    go(&tab, "Yes, cancel it");
    tab.check("textOf(one('.state'))", "Cancelled");
    check(&tab);
    assert_eq!(only(&scene).await["state"], "cancelled");
    let complaints = tab.complaints();
    assert!(complaints.iter().all(|it| it.contains("status of 422")), "{complaints:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_time_that_is_gone_leaves_the_nearest_in_the_dark_in_chinese() {
    let Some((scene, book)) = scene().await else { return };
    let person = scene.person();
    let tab = person.tab(Device { dark: true, ..PLAIN });
    tab.open(&format!("{book}?lang=zh-CN"));
    check(&tab);
    go(&tab, "之后的日期");
    go(&tab, "15:00");
    let start = tab.text("one('input[name=start]').value");
    let other = json!({ "service_id": scene.site.named("service"), "start": start,
        "phone": "+86 139 0013 9000" });
    scene.site.post("agent", "/v1/callbacks", other).await;
    tokio::time::sleep(READING).await;
    tab.tab_to("电话");
    tab.write("138 0013 8000");
    go(&tab, "确认预约");
    tab.check("document.title", "有误：预约回电");
    tab.check("one('#phone').value", "138 0013 8000");
    tab.check("all('[name=start]').some((it) => it.checked)", false);
    check(&tab);
    tab.tab_to("最近的空闲时段");
    tab.press(&["Space"]);
    tokio::time::sleep(READING).await;
    go(&tab, "确认预约");
    tab.check("textOf(one('[role=status] h2'))", "回电已预约。");
    check(&tab);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_waits_sees_their_place_in_both_languages() {
    let Some((scene, book)) = scene().await else { return };
    let person = scene.person();
    let tab = person.tab(PLAIN);
    tab.open(&format!("{book}?lang=en"));
    go(&tab, "Call me as soon as possible");
    tokio::time::sleep(READING).await;
    tab.tab_to("Phone");
    tab.write("+86 138 0013 8000");
    go(&tab, "Book the call");
    tab.check("textOf(one('.state'))", "Waiting");
    tab.check("textOf(one('.promise')).includes('you are next')", true);
    check(&tab);
    go(&tab, "中文");
    tab.check("textOf(one('.state'))", "排队中");
    tab.check("document.documentElement.lang", "zh-CN");
    check(&tab);
}

/// Screenshots for people to look at, beside those of surveys.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "it writes files to be looked at"]
async fn screens() {
    let Some((scene, book)) = scene().await else { return };
    for (language, phone, send) in [("zh-CN", "电话", "确认预约"), ("en", "Phone", "Book the call")]
    {
        for (nth, (told, device)) in devices().into_iter().enumerate() {
            let person = scene.person();
            let tab = person.tab(device);
            tab.open(&format!("{book}?lang={language}"));
            keep(&tab, &format!("callback-times-{language}-{told}"));
            go(&tab, &format!("{:02}:00", 12 + nth));
            tab.tab_to(phone);
            tab.write("138 0013 8000");
            keep(&tab, &format!("callback-details-{language}-{told}"));
            tokio::time::sleep(READING).await;
            go(&tab, send);
            keep(&tab, &format!("callback-page-{language}-{told}"));
        }
    }
}

fn keep(tab: &Tab, name: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/screens");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(format!("{name}.png")), tab.screenshot()).unwrap();
}
