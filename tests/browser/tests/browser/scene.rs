//! Where a test takes place: a server, a site with a survey, a shop that embeds it, a browser.

use std::time::{Duration, Instant};

use journeys::server::Server;
use journeys::site::{Site, items};
use serde_json::{Value, json};

use crate::chromium::{Chromium, chromium};
use crate::shop::Shop;
use crate::tab::{Device, Person, Tab};

/// How long an answer may take to arrive.
const TAKEN_WITHIN: Duration = Duration::from_secs(30);

/// Whether the questions are there to be answered.
pub(crate) const IS_OPEN: &str = "one('.card .field') && isShown(one('.card .field'))";

/// One question of each kind that the widget's core knows, in three languages.
pub(crate) const DEFINITION: &str = r#"{
  "default_language": "zh-CN",
  "title": { "zh-CN": "订单回访", "en": "Your order", "ar": "طلبك" },
  "welcome": { "zh-CN": "只要一分钟。", "en": "It takes a minute.", "ar": "دقيقة واحدة فقط." },
  "thanks": { "zh-CN": "谢谢您！", "en": "Thank you!", "ar": "شكرا لك!" },
  "questions": [
    { "id": "recommend", "type": "nps", "required": true, "text": {
      "zh-CN": "您会推荐我们吗？", "en": "Would you recommend us?", "ar": "هل توصي بنا؟" } },
    { "id": "quality", "type": "rating", "text": {
      "zh-CN": "茶的品质如何？", "en": "How good is the tea?", "ar": "ما جودة الشاي؟" } },
    { "id": "easy", "type": "effort", "text": {
      "zh-CN": "下单方便吗？", "en": "How easy was it to order?", "ar": "هل كان الطلب سهلا؟" } },
    { "id": "best", "type": "single_choice", "text": {
      "zh-CN": "最喜欢哪种？", "en": "Which do you like best?", "ar": "أيها تفضل؟" },
      "options": [
        { "id": "green", "text": { "zh-CN": "绿茶", "en": "Green tea", "ar": "شاي أخضر" } },
        { "id": "black", "text": { "zh-CN": "红茶", "en": "Black tea", "ar": "شاي أسود" } } ] },
    { "id": "heard", "type": "multiple_choice", "text": {
      "zh-CN": "从哪里听说我们？", "en": "Where did you hear of us?", "ar": "أين سمعت عنا؟" },
      "options": [
        { "id": "friend", "text": { "zh-CN": "朋友", "en": "A friend", "ar": "صديق" } },
        { "id": "search", "text": { "zh-CN": "搜索", "en": "A search", "ar": "بحث" } },
        { "id": "street", "text": { "zh-CN": "路过", "en": "In passing", "ar": "بالمرور" } } ] },
    { "id": "why", "type": "text", "max_length": 500, "text": {
      "zh-CN": "还想说什么？", "en": "Anything else?", "ar": "هل من شيء آخر؟" } }
  ]
}"#;

/// One question of every type, with a path and an ending, in three languages.
pub(crate) const EVERY: &str = include_str!("every.json");

/// A server, a site and its survey.
pub(crate) struct Scene {
    /// What drives the tabs.
    pub(crate) chromium: &'static Chromium,
    /// The server under test.
    pub(crate) server: Server,
    /// A site of its own.
    pub(crate) site: Site,
}

impl Scene {
    /// One whose `{survey}` has this definition; `None`, said plainly, without a browser.
    pub(crate) async fn new(definition: &str) -> Option<Scene> {
        let chromium = chromium()?;
        let server = Server::any();
        let mut site = Site::new(&server).await;
        let survey = site.publish("Orders 订单", definition).await;
        site.name("survey", &survey);
        Some(Scene { chromium, server, site })
    }

    /// Somebody who has never been here.
    pub(crate) fn person(&self) -> Person {
        Person::new(self.chromium)
    }

    /// A shop in this language whose page has the script tag pasted, with further attributes.
    pub(crate) async fn shop(&self, lang: &str, attributes: &str) -> Shop {
        let (key, survey) = (self.site.named("pk"), self.site.named("survey"));
        let base = &self.server.base;
        let tag = format!(
            "<script src=\"{base}/widget.js\" data-key=\"{key}\" data-survey=\"{survey}\" \
             {attributes} async></script>"
        );
        let shop = Shop::open(base, lang, &tag);
        let body = json!({ "origins": [shop.origin] });
        let target = "PATCH /v1/sites/{site}\nauthorization: Bearer {admin}";
        self.site.json(&format!("{target}\n\n{body}")).await;
        shop
    }

    /// What was taken: all responses, newest first, once there are as many.
    pub(crate) async fn responses(&self, count: usize) -> Vec<Value> {
        let begun = Instant::now();
        loop {
            let list = self.site.get("agent", "/v1/studies/{survey}/responses").await;
            let found = items(&list).to_vec();
            if count <= found.len() {
                assert_eq!(found.len(), count, "{found:?}");
                return found;
            }
            assert!(begun.elapsed() < TAKEN_WITHIN, "only {} of {count} arrived", found.len());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// Opens a shop's page in a new tab and waits for the widget.
pub(crate) fn visit(person: &Person, shop: &Shop, device: Device) -> Tab {
    let tab = person.tab(device);
    tab.open(&shop.url());
    tab.wait_for("document.querySelector('huiyin-survey')");
    tab
}

/// Opens the survey with the keyboard, by the button of this name.
pub(crate) fn open_by_keyboard(tab: &Tab, button: &str) {
    tab.tab_to(button);
    tab.press(&["Enter"]);
    tab.wait_for(IS_OPEN);
}
