//! Tabs: what a person does in one, and what a test sees there.
//!
//! Keys and clicks are real input events, which pages cannot tell from a person's. Expressions
//! are JavaScript and may use what `helpers.js` defines; they run even where a page's own
//! scripts may not.

use std::cell::Cell;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use base64ct::{Base64, Encoding};
use journeys::server::leave_out;
use serde_json::{Value, json};

use crate::chromium::Chromium;

/// How long a page may take for whatever a test waits for.
const SHOWN_WITHIN: Duration = Duration::from_secs(30);
/// How long to wait before looking again.
const PAUSE: Duration = Duration::from_millis(20);
/// A window in which no survey has to be scrolled, in CSS pixels.
const HIGH: u32 = 6000;
/// More tab stops than any page of ours has.
const STOPS_MAX: usize = 250;

/// Somebody's browser: storage and cookies of its own, which outlive its tabs.
pub(crate) struct Person {
    chromium: &'static Chromium,
    context: String,
}

/// What a person's device is like.
#[derive(Clone, Copy)]
pub(crate) struct Device {
    /// Width and height of the window in CSS pixels.
    pub(crate) size: (u32, u32),
    /// Whether it prefers dark colours.
    pub(crate) dark: bool,
    /// The language it asks for.
    pub(crate) language: &'static str,
    /// Whether pages may run scripts.
    pub(crate) scripts: bool,
}

/// A usual desktop.
pub(crate) const DESKTOP: Device =
    Device { size: (1280, 800), dark: false, language: "en-US", scripts: true };
/// The narrowest window that everything must fit into (WCAG 2.2, 1.4.10).
pub(crate) const NARROW: Device = Device { size: (320, 640), ..DESKTOP };

impl Person {
    /// Somebody who has never been here.
    pub(crate) fn new(chromium: &'static Chromium) -> Person {
        let made = chromium.call("", "Target.createBrowserContext", json!({}));
        let context = made["browserContextId"].as_str().unwrap().to_owned();
        Person { chromium, context }
    }

    /// Opens an empty tab.
    pub(crate) fn tab(&self, device: Device) -> Tab {
        let params = json!({ "url": "about:blank", "browserContextId": self.context });
        let made = self.chromium.call("", "Target.createTarget", params);
        let target = made["targetId"].as_str().unwrap().to_owned();
        let params = json!({ "targetId": target, "flatten": true });
        let attached = self.chromium.call("", "Target.attachToTarget", params);
        let session = attached["sessionId"].as_str().unwrap().to_owned();
        let scripts = Cell::new(device.scripts);
        let tab = Tab { chromium: self.chromium, target, session, scripts };
        for domain in ["Page", "Runtime", "Log", "Network"] {
            tab.call(&format!("{domain}.enable"), json!({}));
        }
        // Tests of several tabs run at once, and each must behave as the one in front.
        tab.call("Emulation.setFocusEmulationEnabled", json!({ "enabled": true }));
        tab.emulate(device);
        tab
    }
}

impl Drop for Person {
    fn drop(&mut self) {
        let params = json!({ "browserContextId": self.context });
        // A browser that is gone has forgotten it.
        let _ = self.chromium.try_call("", "Target.disposeBrowserContext", params);
    }
}

/// An open tab.
pub(crate) struct Tab {
    chromium: &'static Chromium,
    target: String,
    session: String,
    /// Whether its pages may run scripts.
    scripts: Cell<bool>,
}

impl Tab {
    /// Sends a command of the protocol.
    #[track_caller]
    pub(crate) fn call(&self, method: &str, params: Value) -> Value {
        self.chromium.call(&self.session, method, params)
    }

    /// Becomes another device; a page sees it at once, but for its language and scripts.
    pub(crate) fn emulate(&self, device: Device) {
        self.resize(&json!(device.size.0), &json!(device.size.1));
        let scheme = if device.dark { "dark" } else { "light" };
        let features = json!([
            { "name": "prefers-color-scheme", "value": scheme },
            // Nothing moves, so a test never looks at something half-way.
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]);
        self.call("Emulation.setEmulatedMedia", json!({ "features": features }));
        let agent = self.call("Runtime.evaluate", json!({ "expression": "navigator.userAgent" }));
        let params = json!({
            "userAgent": agent["result"]["value"], "acceptLanguage": device.language,
        });
        self.call("Emulation.setUserAgentOverride", params);
        self.scripts.set(device.scripts);
        self.let_scripts(device.scripts);
    }

    fn let_scripts(&self, may_run: bool) {
        self.call("Emulation.setScriptExecutionDisabled", json!({ "value": !may_run }));
    }

    fn resize(&self, width: &Value, height: &Value) {
        let params = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false,
        });
        self.call("Emulation.setDeviceMetricsOverride", params);
    }

    /// Cuts or restores the network.
    pub(crate) fn set_offline(&self, offline: bool) {
        let params = json!({
            "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1,
        });
        self.call("Network.emulateNetworkConditions", params);
    }

    /// Goes to an address and waits until it has loaded.
    #[track_caller]
    pub(crate) fn open(&self, url: &str) {
        self.going(|| {
            let went = self.call("Page.navigate", json!({ "url": url }));
            assert_eq!(went["errorText"], Value::Null, "{url}");
        });
    }

    /// Does what leads to another page and waits until that has loaded.
    #[track_caller]
    pub(crate) fn going(&self, work: impl FnOnce()) {
        let loaded = self.chromium.events(&self.session, "Page.loadEventFired").len();
        work();
        self.chromium.wait_for_events(&self.session, "Page.loadEventFired", loaded + 1);
    }

    /// The value of an expression, or of what it promises.
    #[track_caller]
    pub(crate) fn eval(&self, expression: &str) -> Value {
        let helpers = include_str!("helpers.js");
        self.eval_raw(&format!("(() => {{ {helpers}\nreturn (\n{expression}\n); }})()"))
    }

    #[track_caller]
    fn eval_raw(&self, script: &str) -> Value {
        let params = json!({ "expression": script, "awaitPromise": true, "returnByValue": true });
        let told = self.call("Runtime.evaluate", params);
        let thrown = &told["exceptionDetails"];
        assert!(thrown.is_null(), "{}", thrown["exception"]["description"]);
        told["result"]["value"].clone()
    }

    /// The text that an expression yields.
    #[track_caller]
    pub(crate) fn text(&self, expression: &str) -> String {
        self.eval(expression).as_str().unwrap_or_default().to_owned()
    }

    /// Checks the value of an expression.
    #[track_caller]
    pub(crate) fn check(&self, expression: &str, expected: impl Into<Value>) {
        assert_eq!(self.eval(expression), expected.into(), "{expression}");
    }

    /// Waits until an expression is truthy.
    #[track_caller]
    pub(crate) fn wait_for(&self, expression: &str) {
        let begun = Instant::now();
        let truthy = format!("Boolean({expression})");
        while self.eval(&truthy) != true {
            let shown = self.eval("roots().map((it) => textOf(it.body || it)).join(' ')");
            assert!(begun.elapsed() < SHOWN_WITHIN, "not in time: {expression}\n{shown}");
            std::thread::sleep(PAUSE);
        }
    }

    /// Presses one key after the other: `Tab`, `Shift+Tab`, `Enter`, `9`.
    pub(crate) fn press(&self, keys: &[&str]) {
        for key in keys {
            let (key, modifiers) = match key.strip_prefix("Shift+") {
                Some(key) => (key, 8),
                None => (*key, 0),
            };
            let (code, number, text) = key_of(key);
            let mut params = json!({
                "key": if key == "Space" { " " } else { key }, "code": code,
                "windowsVirtualKeyCode": number, "modifiers": modifiers,
                "type": if text.is_empty() { "rawKeyDown" } else { "keyDown" },
            });
            if !text.is_empty() {
                params["text"] = text.into();
            }
            self.call("Input.dispatchKeyEvent", params.clone());
            params["type"] = "keyUp".into();
            params["text"] = Value::Null;
            if let Value::Object(params) = &mut params {
                params.remove("text");
            }
            self.call("Input.dispatchKeyEvent", params);
        }
    }

    /// Types a text, of any script, as an input method hands it over.
    pub(crate) fn write(&self, text: &str) {
        self.call("Input.insertText", json!({ "text": text }));
    }

    /// Presses Tab until the control with this in its name has the focus.
    #[track_caller]
    pub(crate) fn tab_to(&self, name: &str) {
        let mut seen = Vec::new();
        for _ in 0..STOPS_MAX {
            self.press(&["Tab"]);
            let now = self.text("nameOf(focused())");
            if now.contains(name) {
                return;
            }
            seen.push(now);
        }
        panic!("no Tab leads to {name:?}, but to {seen:?}");
    }

    /// Clicks where an element stands.
    #[track_caller]
    pub(crate) fn click(&self, selector: &str) {
        let selector = json!(selector);
        self.wait_for(&format!("one({selector}) && isShown(one({selector}))"));
        let place = self.eval(&format!(
            "(() => {{ const it = one({selector}); it.scrollIntoView({{ block: 'center' }});
               const box = it.getBoundingClientRect();
               return [box.left + box.width / 2, box.top + box.height / 2]; }})()"
        ));
        for kind in ["mousePressed", "mouseReleased"] {
            let params = json!({
                "type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1,
            });
            self.call("Input.dispatchMouseEvent", params);
        }
    }

    /// Whatever the browser's console complains of: exceptions, policies that are violated,
    /// files that are missing.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let of = |method: &str| self.chromium.events(&self.session, method);
        let thrown = of("Runtime.exceptionThrown").into_iter();
        let mut found: Vec<String> =
            thrown.map(|it| it["exceptionDetails"]["exception"].to_string()).collect();
        let logged = of("Log.entryAdded").into_iter().map(|it| it["entry"].clone());
        found.extend(logged.filter(|it| it["level"] == "error").map(|it| it.to_string()));
        let called = of("Runtime.consoleAPICalled").into_iter();
        let is_bad = |it: &Value| it["type"] == "error" || it["type"] == "warning";
        found.extend(called.filter(is_bad).map(|it| it["args"].to_string()));
        found
    }

    /// Checks that everything fits into the window and is large enough to be hit.
    #[track_caller]
    pub(crate) fn check_fits(&self) {
        self.check("document.scrollingElement.scrollWidth <= innerWidth", true);
        self.check("outside()", json!([]));
        self.check("clipped()", json!([]));
        self.check("tiny()", json!([]));
    }

    /// Checks by axe-core that nothing violates WCAG 2.2 AA or good practice.
    #[track_caller]
    pub(crate) fn check_accessible(&self) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("node_modules/axe-core/axe.min.js");
        let Ok(axe) = fs::read_to_string(path) else {
            leave_out("axe-core, for want of it (npm ci in tests/browser)");
            return;
        };
        // It waits by timers, which are scripts.
        self.let_scripts(true);
        self.eval_raw(&format!("{axe};\nvoid 0"));
        // It judges no colours of what is out of sight.
        let size = self.eval("[innerWidth, innerHeight]");
        self.resize(&size[0], &json!(HIGH));
        let found = self.eval(
            // That rule finds no label that a box has scrolled out of sight.
            "axe.run(document, { resultTypes: ['violations'],
                 rules: { 'label-title-only': { enabled: false } } }).then((found) =>
               found.violations.map((it) => `${it.id}: ${it.help}: ` + it.nodes.map((node) =>
                 `${node.target.flat().join(' ')} ${node.any.map((at) => at.message)}`)))",
        );
        self.resize(&size[0], &size[1]);
        self.let_scripts(self.scripts.get());
        assert_eq!(found, json!([]));
    }

    /// The window as PNG.
    pub(crate) fn screenshot(&self) -> Vec<u8> {
        let shot = self.call("Page.captureScreenshot", json!({ "format": "png" }));
        Base64::decode_vec(shot["data"].as_str().unwrap()).unwrap()
    }

    /// Closes it, whatever it was about.
    pub(crate) fn close(self) {
        self.chromium.call("", "Target.closeTarget", json!({ "targetId": self.target }));
    }
}

/// Code, number and text of a key.
#[track_caller]
fn key_of(key: &str) -> (String, u32, String) {
    let named = [
        ("Tab", 9, ""),
        ("Enter", 13, "\r"),
        ("Escape", 27, ""),
        ("Space", 32, " "),
        ("End", 35, ""),
        ("Home", 36, ""),
        ("ArrowLeft", 37, ""),
        ("ArrowUp", 38, ""),
        ("ArrowRight", 39, ""),
        ("ArrowDown", 40, ""),
        ("Backspace", 8, ""),
    ];
    if let Some((_, number, text)) = named.iter().find(|(name, ..)| *name == key) {
        return (key.to_owned(), *number, (*text).to_owned());
    }
    let mut letters = key.chars();
    let (Some(letter), None) = (letters.next(), letters.next()) else { panic!("no key {key:?}") };
    let kind = if letter.is_ascii_digit() { "Digit" } else { "Key" };
    let upper = letter.to_ascii_uppercase();
    (format!("{kind}{upper}"), u32::from(upper), key.to_owned())
}
