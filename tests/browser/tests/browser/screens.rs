//! Screenshots for people to look at: `cargo test -p browser -- --ignored screens` makes them
//! anew under `docs/screens`.

use std::fs;
use std::path::Path;

use crate::scene::{EVERY, Scene, visit};
use crate::tab::{DESKTOP, Device, Person, Tab};
use crate::widget::{FORMS, open};

const LANGUAGES: [&str; 2] = ["zh-CN", "en"];
/// A small phone and a small desktop.
const SIZES: [(&str, (u32, u32)); 2] = [("phone", (360, 600)), ("desktop", (960, 600))];

/// Each device with the part of a file name that tells it.
pub(crate) fn devices() -> Vec<(String, Device)> {
    let mut devices = Vec::new();
    for (width, size) in SIZES {
        for (scheme, dark) in [("light", false), ("dark", true)] {
            devices.push((format!("{width}-{scheme}"), Device { size, dark, ..DESKTOP }));
        }
    }
    devices
}

/// Gives the first score and keeps what is seen then.
fn keep(tab: &Tab, form: &str, language: &str, told: &str) {
    tab.tab_to(if language == "en" { "recommend us" } else { "推荐我们" });
    tab.press(&["Space"]);
    for _ in 0..9 {
        tab.press(&["ArrowRight"]);
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/screens");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(format!("{form}-{language}-{told}.png")), tab.screenshot()).unwrap();
}

fn page(scene: &Scene, person: &Person, language: &str, device: Device) -> Tab {
    let tab = person.tab(device);
    let survey = scene.site.named("survey");
    tab.open(&format!("{}/s/{survey}?lang={language}", scene.server.base));
    if device.scripts {
        tab.wait_for("one('#survey huiyin-survey') && one('.field')");
    }
    tab
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "it writes files to be looked at"]
async fn screens() {
    let Some(scene) = Scene::new(EVERY).await else { return };
    for language in LANGUAGES {
        for (form, attributes) in FORMS {
            let shop = scene.shop(language, attributes).await;
            for (told, device) in devices() {
                let person = scene.person();
                let tab = visit(&person, &shop, device);
                open(&tab, form);
                keep(&tab, form, language, &told);
            }
        }
        for (told, device) in devices() {
            let person = scene.person();
            keep(&page(&scene, &person, language, device), "page", language, &told);
            if told.starts_with("phone") {
                let plain = page(&scene, &person, language, Device { scripts: false, ..device });
                keep(&plain, "plain", language, &told);
            }
        }
    }
}
