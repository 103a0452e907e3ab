//! The widget's forms, and every type of question in it.

use serde_json::{Value, json};

use crate::scene::{EVERY, IS_OPEN, Scene, open_by_keyboard, visit};
use crate::tab::{DESKTOP, Device, NARROW, Tab};

/// Each form with what its script tag says, and what opens it.
pub(crate) const FORMS: [(&str, &str); 4] = [
    ("popover", ""),
    ("tab", "data-mode=\"tab\""),
    ("inline", "data-mode=\"inline\""),
    ("modal", "data-mode=\"modal\""),
];

/// Opens the survey of a page that has been loaded.
pub(crate) fn open(tab: &Tab, form: &str) {
    match form {
        "popover" | "tab" => tab.click(".launch"),
        "modal" => drop(tab.eval("void huiyin.open()")),
        _ => {}
    }
    tab.wait_for(IS_OPEN);
}

/// Answers everything from the launcher on, as somebody does who has no mouse.
fn answer(tab: &Tab) {
    tab.tab_to("How likely are you to recommend us?");
    tab.press(&["3"]);
    tab.tab_to("What let you down?");
    tab.write("It was cold.");
    tab.tab_to("How good was the tea?");
    tab.press(&["ArrowRight", "ArrowRight"]);
    tab.tab_to("How was the mood");
    tab.press(&["Home"]);
    tab.tab_to("How easy was it to order?");
    tab.press(&["End"]);
    tab.tab_to("Green tea");
    tab.press(&["Space", "ArrowDown", "ArrowDown"]);
    // The line for words of one's own has the focus by now.
    tab.wait_for("focused().type === 'text'");
    tab.write("Oolong");
    tab.tab_to("From a friend");
    tab.press(&["Space"]);
    tab.tab_to("In passing");
    tab.press(&["Space"]);
    tab.tab_to("Waiting time");
    tab.press(&["2"]);
    tab.tab_to("Friendliness");
    tab.press(&["5"]);
    for option in ["Cost", "Taste", "Quiet"] {
        tab.tab_to(option);
        tab.press(&["Space"]);
    }
    // The last one moves up.
    tab.press(&["ArrowUp"]);
    tab.tab_to("Order number");
    tab.write("SH-2024");
    tab.tab_to("How many cups a week?");
    tab.write("7,5");
    tab.tab_to("When were you here?");
    tab.press(&["1", "1", "2", "1", "2", "0", "2", "6"]);
    tab.tab_to("Your e-mail address");
    tab.write("lan@example.com");
    tab.tab_to("Your phone number");
    tab.write("+86 138 0013 8000");
    tab.tab_to("You may contact me.");
    tab.press(&["Space"]);
    tab.tab_to("Send");
    tab.press(&["Enter"]);
    tab.wait_for("one('.card .status p')");
}

/// What [`answer`] answers.
fn answered() -> Value {
    json!({
        "recommend": 3, "why": "It was cold.", "quality": 3, "mood": 1, "easy": 7,
        "best": { "other": "Oolong" }, "heard": ["friend", "street"],
        "parts": { "speed": 2, "staff": 5 }, "order": ["cost", "calm", "taste"],
        "code": "SH-2024", "cups": 7.5, "day": "2026-11-21", "mail": "lan@example.com",
        "phone": "+86 138 0013 8000", "agree": true,
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_type_is_answered_by_keyboard_alone() {
    let Some(scene) = Scene::new(EVERY).await else { return };
    let shop = scene.shop("en", "").await;
    let person = scene.person();
    let tab = visit(&person, &shop, DESKTOP);
    open_by_keyboard(&tab, "Feedback");
    // What is asked of the disappointed alone is not there yet.
    tab.check("all('.field').filter(isShown).length", 15);
    answer(&tab);
    tab.check("textOf(one('.card .status p'))", "We are sorry, and will do better.");
    assert_eq!(scene.responses(1).await[0]["answers"], answered());
    assert_eq!(tab.complaints(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_widget_takes_over_the_page_where_scripts_run() {
    let Some(scene) = Scene::new(EVERY).await else { return };
    let person = scene.person();
    let tab = person.tab(DESKTOP);
    let survey = scene.site.named("survey");
    let query = "lang=en&order_number=A-17&score=9";
    tab.open(&format!("{}/s/{survey}?{query}", scene.server.base));
    tab.wait_for("one('#survey huiyin-survey') && one('.field')");
    tab.check("all('h1').length", 1);
    // The card of the widget stands in no other card.
    tab.check("getComputedStyle(one('#survey')).padding", "0px");
    tab.check("one('[role=radio][aria-checked=true]').getAttribute('aria-label')[0]", "9");
    tab.check_accessible();
    answer(&tab);
    let mut expected = answered();
    expected["order_number"] = "A-17".into();
    assert_eq!(scene.responses(1).await[0]["answers"], expected);
    assert_eq!(tab.complaints(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn arabic_runs_from_right_to_left() {
    let Some(scene) = Scene::new(EVERY).await else { return };
    let shop = scene.shop("ar", "").await;
    let person = scene.person();
    let tab = visit(&person, &shop, DESKTOP);
    open(&tab, "popover");
    tab.check("getComputedStyle(one('.card')).direction", "rtl");
    tab.check("textOf(one('.card h2'))", "زيارتك إلى مقهى لومينغ");
    tab.tab_to("ما مدى احتمال أن توصي بنا؟");
    // What is more lies to the left.
    tab.press(&["Space", "ArrowLeft", "ArrowLeft"]);
    tab.tab_to("إرسال");
    tab.check_accessible();
    tab.check("one('[role=radio][aria-checked=true]').textContent", "2");
    let left = "(at) => all('.scale')[0].children[at].getBoundingClientRect().left";
    tab.check(&format!("({left})(1) < ({left})(0)"), true);
    tab.emulate(NARROW);
    tab.check_fits();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_form_fits_and_keeps_nobody_out() {
    let Some(scene) = Scene::new(EVERY).await else { return };
    for (form, attributes) in FORMS {
        for lang in ["en", "zh-CN"] {
            let shop = scene.shop(lang, attributes).await;
            let person = scene.person();
            let tab = visit(&person, &shop, NARROW);
            open(&tab, form);
            tab.check_fits();
            tab.check_accessible();
            tab.emulate(Device { dark: true, ..DESKTOP });
            tab.check_fits();
            tab.check_accessible();
            assert_eq!(tab.complaints(), Vec::<String>::new(), "{form} {lang}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_modal_holds_the_focus_and_gives_it_back() {
    let Some(scene) = Scene::new(EVERY).await else { return };
    let shop = scene.shop("en", "data-mode=\"modal\" data-launcher=\"on\"").await;
    let person = scene.person();
    let tab = visit(&person, &shop, DESKTOP);
    open_by_keyboard(&tab, "Feedback");
    for _ in 0..90 {
        tab.press(&["Tab"]);
        // Between the last and the first stop the focus is with the browser.
        tab.check("focused() === document.body || !!focused().closest('dialog')", true);
    }
    tab.press(&["Escape"]);
    tab.wait_for("!isShown(one('.card'))");
    tab.check("nameOf(focused())", "Feedback");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn step_by_step_asks_one_question_at_a_time() {
    let steps = EVERY.replacen('{', "{ \"layout\": \"steps\",", 1);
    let Some(scene) = Scene::new(&steps).await else { return };
    let shop = scene.shop("en", "").await;
    let person = scene.person();
    let tab = visit(&person, &shop, NARROW);
    open(&tab, "popover");
    tab.check("all('.field').filter(isShown).length", 1);
    tab.tab_to("How likely are you to recommend us?");
    tab.press(&["9"]);
    tab.tab_to("Next");
    tab.press(&["Enter"]);
    // Who is content is not asked why.
    tab.wait_for("textOf(all('.field').find(isShown)).startsWith('How good was the tea?')");
    tab.check_fits();
    tab.check_accessible();
}
