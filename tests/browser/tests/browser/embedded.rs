//! The widget on somebody's page.

use std::time::{Duration, SystemTime};

use journeys::server::soon;
use serde_json::json;

use crate::scene::{DEFINITION, IS_OPEN, Scene, open_by_keyboard, visit};
use crate::tab::{DESKTOP, Device, NARROW, Tab};

/// The launcher, wherever it hangs.
const LAUNCHER: &str = "huiyin-survey, .launch";
/// Whether the answer has been taken.
const IS_THANKED: &str = "one('.card .status p')";

fn open(tab: &Tab) {
    tab.click(LAUNCHER.split(", ").last().unwrap());
    tab.wait_for(IS_OPEN);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_survey_is_answered_by_keyboard_alone() {
    let Some(scene) = Scene::new(DEFINITION).await else { return };
    let shop = scene.shop("en", "").await;
    let person = scene.person();
    let tab = visit(&person, &shop, DESKTOP);
    open_by_keyboard(&tab, "Feedback");
    tab.check("focused().getAttribute('role')", "dialog");
    tab.tab_to("Would you recommend us?");
    tab.press(&["1", "0"]);
    tab.tab_to("How good is the tea?");
    tab.press(&["ArrowRight", "ArrowRight", "ArrowRight"]);
    tab.tab_to("How easy was it to order?");
    tab.press(&["End", "ArrowLeft"]);
    tab.tab_to("Green tea");
    tab.press(&["ArrowDown"]);
    tab.tab_to("A friend");
    tab.press(&["Space"]);
    tab.tab_to("In passing");
    tab.press(&["Space"]);
    tab.tab_to("Anything else?");
    tab.write("The lid fits.");
    tab.tab_to("Send");
    tab.press(&["Enter"]);
    tab.wait_for(IS_THANKED);
    tab.check("textOf(one('.card .status'))", "Thank you!");
    tab.check("focused() === one('.card .status')", true);
    tab.press(&["Escape"]);
    tab.wait_for("!isShown(one('.card'))");
    tab.check("nameOf(focused())", "Feedback");
    let taken = scene.responses(1).await.remove(0);
    let expected = json!({
        "recommend": 10, "quality": 4, "easy": 6, "best": "black", "heard": ["friend", "street"],
        "why": "The lid fits.",
    });
    assert_eq!(taken["answers"], expected);
    assert_eq!((&taken["language"], &taken["channel"]), (&json!("en"), &json!("web")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_answer_takes_the_focus_and_is_described() {
    let Some(scene) = Scene::new(DEFINITION).await else { return };
    let shop = scene.shop("en", "").await;
    let person = scene.person();
    let tab = visit(&person, &shop, DESKTOP);
    open(&tab);
    tab.tab_to("Send");
    tab.press(&["Enter"]);
    tab.wait_for("nameOf(focused()).includes('Would you recommend us?')");
    tab.check("one('.card [aria-invalid=true]').getAttribute('role')", "radiogroup");
    tab.check(
        "textOf(one('#' + one('[aria-invalid=true]').getAttribute('aria-describedby')
           .split(' ').at(-1)))",
        "Please answer this question",
    );
    tab.check_accessible();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_visitor_who_reads_chinese_is_asked_in_chinese() {
    let Some(scene) = Scene::new(DEFINITION).await else { return };
    // The page names no language, so the browser's decides.
    let shop = scene.shop("", "").await;
    let person = scene.person();
    let tab = visit(&person, &shop, Device { language: "zh-CN,zh", ..DESKTOP });
    open_by_keyboard(&tab, "意见反馈");
    tab.check("one('.card').closest('[lang]').lang", "zh-CN");
    tab.check("textOf(one('.card h2'))", "订单回访");
    tab.tab_to("您会推荐我们吗");
    tab.press(&["9"]);
    tab.tab_to("还想说什么");
    tab.write("茶叶很香，物流也快。");
    tab.tab_to("提交");
    tab.press(&["Enter"]);
    tab.wait_for(IS_THANKED);
    tab.check("textOf(one('.card .status'))", "谢谢您！");
    let taken = scene.responses(1).await.remove(0);
    assert_eq!(taken["answers"], json!({ "recommend": 9, "why": "茶叶很香，物流也快。" }));
    assert_eq!(taken["language"], "zh-CN");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_with_a_strict_policy_has_nothing_to_complain_of() {
    let Some(scene) = Scene::new(DEFINITION).await else { return };
    for attributes in ["", "data-mode=\"inline\""] {
        let shop = scene.shop("en", attributes).await;
        let person = scene.person();
        let tab = visit(&person, &shop, DESKTOP);
        if attributes.is_empty() {
            open(&tab);
        }
        tab.wait_for(IS_OPEN);
        // Its own sheet applies although the page allows no style but its own.
        tab.check("getComputedStyle(one('.send')).borderRadius !== '0px'", true);
        // One global, and that is all the page sees of it.
        tab.check("Object.keys(window).filter((it) => /huiyin/i.test(it))", json!(["huiyin"]));
        assert_eq!(tab.complaints(), Vec::<String>::new(), "{attributes}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_cut_off_at_320_pixels() {
    let Some(scene) = Scene::new(DEFINITION).await else { return };
    for (lang, attributes) in [("en", ""), ("zh-CN", ""), ("en", "data-mode=\"inline\"")] {
        let shop = scene.shop(lang, attributes).await;
        let person = scene.person();
        let tab = visit(&person, &shop, NARROW);
        if attributes.is_empty() {
            tab.check_fits();
            open(&tab);
        }
        tab.wait_for(IS_OPEN);
        tab.check_fits();
        // All eleven numbers can be hit.
        tab.check("all('.card .field:first-of-type [role=radio]').length", 11);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_dark_where_the_visitor_wants_it_dark() {
    let Some(scene) = Scene::new(DEFINITION).await else { return };
    let shop = scene.shop("en", "").await;
    let person = scene.person();
    let tab = visit(&person, &shop, Device { dark: true, ..DESKTOP });
    open(&tab);
    let light = "(it) => Math.max(...getComputedStyle(one('.card'))[it].match(/[\\d.]+/g)
       .slice(0, 3).map(Number))";
    tab.check(&format!("({light})('backgroundColor') < 90"), true);
    tab.check(&format!("160 < ({light})('color')"), true);
    tab.check_accessible();
    tab.emulate(DESKTOP);
    tab.wait_for(&format!("200 < ({light})('backgroundColor')"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_given_offline_arrives_once_with_its_time() {
    let Some(scene) = Scene::new(DEFINITION).await else { return };
    let shop = scene.shop("en", "").await;
    let person = scene.person();
    let tab = visit(&person, &shop, DESKTOP);
    open(&tab);
    tab.set_offline(true);
    tab.tab_to("Would you recommend us?");
    tab.press(&["8"]);
    tab.tab_to("Send");
    let before = SystemTime::now();
    tab.press(&["Enter"]);
    tab.wait_for(IS_THANKED);
    let answered = soon("+0 seconds");
    tab.check("textOf(one('.card .status')).includes('saved on this device')", true);
    tab.close();
    // Long enough for its time to be another one than that of its arrival.
    tokio::time::sleep(Duration::from_millis(2200)).await;
    let again = soon("+0 seconds");
    let tabs = [visit(&person, &shop, DESKTOP), visit(&person, &shop, DESKTOP)];
    let taken = scene.responses(1).await.remove(0);
    let moment = |name: &str| taken[name].as_str().unwrap().to_owned();
    assert!(before.elapsed().unwrap() < Duration::from_secs(3600));
    assert!(moment("answered_at").get(..19) <= answered.get(..19), "{taken} {answered}");
    assert!(again.get(..19) <= moment("received_at").get(..19), "{taken} {again}");
    // Nothing is left to send, and two tabs did not make it two.
    for tab in tabs {
        tab.wait_for("!Object.keys(localStorage).some((it) => it.includes('answer'))");
        tab.open(&shop.url());
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(scene.responses(1).await[0], taken);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn axe_finds_nothing() {
    let Some(scene) = Scene::new(DEFINITION).await else { return };
    for lang in ["en", "zh-CN"] {
        let shop = scene.shop(lang, "").await;
        let person = scene.person();
        let tab = visit(&person, &shop, NARROW);
        tab.check_accessible();
        open(&tab);
        tab.check_accessible();
        tab.press(&["Tab", "Tab", "7"]);
        tab.check_accessible();
        tab.emulate(Device { dark: true, ..DESKTOP });
        tab.check_accessible();
        tab.click(".send");
        tab.wait_for(IS_THANKED);
        tab.check_accessible();
    }
}
