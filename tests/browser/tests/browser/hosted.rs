//! The survey as a page of its own, first of all where no script runs.

use serde_json::json;

use crate::scene::{EVERY, Scene};
use crate::tab::{DESKTOP, Device, NARROW, Tab};

/// A desktop whose browser runs no scripts.
const PLAIN: Device = Device { scripts: false, ..DESKTOP };

/// Opens the page of `{survey}` in somebody's new tab.
fn page(scene: &Scene, person: &crate::tab::Person, device: Device, query: &str) -> Tab {
    let tab = person.tab(device);
    let survey = scene.site.named("survey");
    tab.open(&format!("{}/s/{survey}?{query}", scene.server.base));
    tab
}

/// Sends the form with the keyboard.
fn send(tab: &Tab, name: &str) {
    tab.tab_to(name);
    tab.going(|| tab.press(&["Enter"]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_type_is_answered_by_keyboard_and_without_scripts() {
    let Some(scene) = Scene::new(EVERY).await else { return };
    let person = scene.person();
    let tab = page(&scene, &person, PLAIN, "lang=en&order_number=A-17");
    tab.tab_to("How likely are you to recommend us?");
    tab.press(&["ArrowRight", "ArrowRight", "ArrowRight"]);
    tab.tab_to("What let you down?");
    tab.write("It was cold.\nTwice.");
    tab.tab_to("How good was the tea?");
    tab.press(&["ArrowRight", "ArrowRight"]);
    tab.tab_to("How was the mood");
    tab.press(&["Space"]);
    tab.tab_to("How easy was it to order?");
    // Backwards from the first comes the last.
    tab.press(&["ArrowLeft"]);
    tab.tab_to("Another one – Please specify");
    tab.write("Oolong");
    tab.tab_to("From a friend");
    tab.press(&["Space"]);
    tab.tab_to("In passing");
    tab.press(&["Space"]);
    tab.tab_to("Waiting time 1");
    tab.press(&["ArrowRight"]);
    tab.tab_to("Friendliness 1");
    tab.press(&["ArrowLeft"]);
    for (place, downs) in [("Place 1", 2), ("Place 2", 1), ("Place 3", 3)] {
        tab.tab_to(place);
        tab.press(&vec!["ArrowDown"; downs]);
    }
    tab.tab_to("Order number");
    tab.write("SH-2024");
    tab.tab_to("How many cups a week?");
    tab.write("7.5");
    tab.tab_to("When were you here?");
    tab.press(&["1", "1", "2", "1", "2", "0", "2", "6"]);
    tab.tab_to("Your e-mail address");
    tab.write("lan@example.com");
    tab.tab_to("Your phone number");
    tab.write("+86 138 0013 8000");
    tab.tab_to("You may contact me.");
    tab.press(&["Space"]);
    send(&tab, "Send");
    tab.check("textOf(one('h1'))", "We are sorry, and will do better.");
    tab.check("one('a.go').href", "https://shop.example/help");
    let taken = scene.responses(1).await.remove(0);
    let expected = json!({
        "recommend": 3, "why": "It was cold.\nTwice.", "quality": 3, "mood": 1, "easy": 7,
        "best": { "other": "Oolong" }, "heard": ["friend", "street"],
        "parts": { "speed": 2, "staff": 5 }, "order": ["cost", "taste", "calm"],
        "code": "SH-2024", "cups": 7.5, "day": "2026-11-21", "mail": "lan@example.com",
        "phone": "+86 138 0013 8000", "agree": true, "order_number": "A-17",
    });
    assert_eq!(taken["answers"], expected);
    assert_eq!((&taken["language"], &taken["source"]), (&json!("en"), &json!("page")));
    // Loading the last page again sends nothing again.
    tab.going(|| drop(tab.call("Page.reload", json!({}))));
    tab.check("textOf(one('h1'))", "We are sorry, and will do better.");
    assert_eq!(scene.responses(1).await.len(), 1);
    assert_eq!(tab.complaints(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mistakes_are_listed_and_each_is_one_step_away() {
    let Some(scene) = Scene::new(EVERY).await else { return };
    let person = scene.person();
    let tab = page(&scene, &person, PLAIN, "lang=en");
    tab.tab_to("Order number");
    tab.write("wrong");
    tab.tab_to("Your e-mail address");
    tab.write("nobody");
    send(&tab, "Send");
    tab.check("document.title", "Error: Luming Tea, your visit");
    tab.check(
        "all('[role=alert] a').map(textOf)",
        json!([
            "How likely are you to recommend us? – Please answer this question",
            "Order number – Please check the length and the form of this text",
            "Your e-mail address – Please enter an e-mail address such as name@example.com",
        ]),
    );
    tab.check_accessible();
    tab.tab_to("Order number –");
    tab.press(&["Enter"]);
    tab.wait_for("nameOf(focused()).startsWith('Order number')");
    tab.check("focused().value", "wrong");
    tab.check("focused().getAttribute('aria-invalid')", "true");
    tab.check(
        "focused().getAttribute('aria-describedby').split(' ').map((it) =>
           textOf(document.getElementById(it))).at(-1)",
        "Error: Please check the length and the form of this text",
    );
    scene.responses(0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_visitor_who_reads_arabic_is_asked_from_right_to_left() {
    let Some(scene) = Scene::new(EVERY).await else { return };
    let person = scene.person();
    let arabic = Device { language: "ar-EG,ar", ..PLAIN };
    let tab = page(&scene, &person, arabic, "");
    tab.check("document.documentElement.dir", "rtl");
    tab.check("textOf(one('h1'))", "زيارتك إلى مقهى لومينغ");
    let left = "(at) => all('.points')[0].children[at].getBoundingClientRect().left";
    tab.check(&format!("({left})(1) < ({left})(0)"), true);
    tab.tab_to("ما مدى احتمال أن توصي بنا؟");
    // Zero is at the right, so to the left it grows.
    tab.press(&["Space", "ArrowDown"]);
    tab.tab_to("ما الذي خيب أملك؟");
    tab.write("كان الشاي باردا");
    send(&tab, "إرسال");
    tab.check("textOf(one('h1'))", "نأسف، وسنعمل على التحسين.");
    let taken = scene.responses(1).await.remove(0);
    assert_eq!(taken["answers"], json!({ "recommend": 1, "why": "كان الشاي باردا" }));
    assert_eq!(taken["language"], "ar");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_fits_into_320_pixels_in_every_language() {
    let Some(scene) = Scene::new(EVERY).await else { return };
    let person = scene.person();
    for language in ["en", "zh-CN", "ar"] {
        let narrow = Device { scripts: false, ..NARROW };
        let tab = page(&scene, &person, narrow, &format!("lang={language}"));
        tab.check_fits();
        // The rows of the matrix have become lists, and their choices still say what they are.
        tab.check("getComputedStyle(one('thead')).display", "none");
        tab.check("isShown(one('td .column'))", true);
        tab.going(|| tab.click("button"));
        tab.check_fits();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn axe_finds_nothing_on_the_page() {
    let Some(scene) = Scene::new(EVERY).await else { return };
    let person = scene.person();
    for language in ["en", "zh-CN", "ar"] {
        let tab = page(&scene, &person, PLAIN, &format!("lang={language}&score=9"));
        for dark in [false, true] {
            for device in [PLAIN, NARROW] {
                tab.emulate(Device { dark, scripts: false, ..device });
                tab.check_accessible();
            }
        }
    }
    let tab = page(&scene, &person, Device { dark: true, ..PLAIN }, "");
    tab.check("getComputedStyle(document.body).backgroundColor", "rgb(14, 21, 20)");
    tab.open(&format!("{}/s/srv_no", scene.server.base));
    tab.check("textOf(one('h1'))", "There is no such survey. Please check the address.");
    tab.check_accessible();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_score_that_was_tapped_counts_once_it_is_sent() {
    let Some(scene) = Scene::new(EVERY).await else { return };
    let person = scene.person();
    let tab = page(&scene, &person, PLAIN, "lang=en&score=9");
    tab.check("one('[name=\"q.recommend\"]:checked').value", "9");
    scene.responses(0).await;
    send(&tab, "Send");
    tab.check("textOf(one('h1'))", "Thank you for your time!");
    assert_eq!(scene.responses(1).await[0]["answers"], json!({ "recommend": 9 }));
}
