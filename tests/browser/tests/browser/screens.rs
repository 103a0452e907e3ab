//! Screenshots for people to look at: `cargo test -p browser -- --ignored screens` makes them
//! anew under `docs/screens`.

use std::fs;
use std::path::Path;

use crate::scene::{DEFINITION, Scene, visit};
use crate::tab::{DESKTOP, Device, Tab};

const LANGUAGES: [&str; 2] = ["zh-CN", "en"];
const PHONE: (u32, u32) = (360, 720);

/// Each device with the part of a file name that tells it.
fn devices() -> Vec<(String, Device)> {
    let mut devices = Vec::new();
    for (width, size) in [("phone", PHONE), ("desktop", (1024, 720))] {
        for (scheme, dark) in [("light", false), ("dark", true)] {
            devices.push((format!("{width}-{scheme}"), Device { size, dark, ..DESKTOP }));
        }
    }
    devices
}

fn keep(tab: &Tab, name: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/screens");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(format!("{name}.png")), tab.screenshot()).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "it writes files to be looked at"]
async fn screens() {
    let Some(scene) = Scene::new(DEFINITION).await else { return };
    for language in LANGUAGES {
        for (form, attributes) in [("popover", ""), ("inline", "data-mode=\"inline\"")] {
            let shop = scene.shop(language, attributes).await;
            for (told, device) in devices() {
                let person = scene.person();
                let tab = visit(&person, &shop, device);
                if form == "popover" {
                    tab.click(".launch");
                }
                tab.wait_for("one('.card .field') && isShown(one('.card .field'))");
                tab.tab_to(if language == "en" { "recommend us" } else { "推荐我们" });
                tab.press(&["9"]);
                keep(&tab, &format!("{form}-{language}-{told}"));
            }
        }
    }
}
