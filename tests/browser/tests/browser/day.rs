//! An agent's morning and a manager's set-up from an empty system, by keyboard alone, at 360 px,
//! with scripts off: the first in Chinese, the second in English.

use journeys::server::Server;
use journeys::site::{Site, items, text};
use serde_json::json;

use crate::chromium::chromium;
use crate::tab::{DESKTOP, Device, Person, Tab};

/// A phone whose browser runs no scripts.
const PLAIN: Device = Device { size: (360, 640), scripts: false, ..DESKTOP };

/// Whoever works with the keyboard alone.
struct Hands<'a> {
    tab: &'a Tab,
    base: &'a str,
}

impl Hands<'_> {
    fn open(&self, target: &str) {
        self.tab.open(&format!("{}{target}", self.base));
        self.look();
    }

    /// What must hold wherever they come.
    fn look(&self) {
        self.tab.check("all('h1').length", 1);
        self.tab.check_accessible();
        self.tab.check_fits();
    }

    /// Goes on by a link or a button of this name.
    #[track_caller]
    fn go(&self, name: &str) {
        self.tab.tab_to(name);
        self.tab.going(|| self.tab.press(&["Enter"]));
        self.look();
    }

    /// Opens what stands closed under this name.
    #[track_caller]
    fn unfold(&self, name: &str) {
        self.tab.tab_to(name);
        self.tab.press(&["Enter"]);
    }

    /// Goes to the field of this name, past the way to it that a list of mistakes has.
    #[track_caller]
    fn to_field(&self, name: &str) {
        self.tab.tab_to(name);
        while self.tab.eval("focused().matches('input, textarea, select')") != true {
            self.tab.tab_to(name);
        }
    }

    /// Types into the field of this name, in place of what is there.
    #[track_caller]
    fn fill(&self, name: &str, words: &str) {
        self.to_field(name);
        self.tab.eval("focused().select?.()");
        self.tab.write(words);
    }

    /// Chooses from the list of this name: the option that begins with these letters.
    #[track_caller]
    fn choose(&self, name: &str, option: &str) {
        self.to_field(name);
        for _ in 0..60 {
            let chosen = self.tab.text("textOf(focused().selectedOptions?.[0])");
            if chosen.contains(option) {
                return;
            }
            self.tab.press(&["ArrowDown"]);
        }
        panic!("no option {option:?} of {name:?}");
    }

    #[track_caller]
    fn says(&self, words: &str) {
        let page = self.tab.text("textOf(one('main'))");
        assert!(page.contains(words), "{words:?} is not in {page}");
    }

    fn sign_in(&self, target: &str, field: &str, key: &str) {
        self.open(target);
        self.tab.tab_to(field);
        self.tab.write(key);
        self.tab.going(|| self.tab.press(&["Enter"]));
        self.look();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_manager_sets_up_a_company_from_an_empty_system() {
    let Some(chromium) = chromium() else { return };
    let Some(server) = Server::ours("the set-up, which needs an empty system") else { return };
    let person = Person::new(chromium);
    let tab = person.tab(PLAIN);
    let hands = Hands { tab: &tab, base: &server.base };
    // Whoever has the first key comes to where the first site is made.
    hands.sign_in("/desk?lang=en", "Your key", &server.admin_key);
    hands.go("Set up a new site");
    // A mistake is told beside its field, and what was typed stays.
    hands.fill("Name of the company", "Lumen <b>Café");
    hands.fill("Time zone", "Nowhere/Land");
    hands.go("Make the site");
    hands.says("must be an IANA zone");
    tab.check("one('[aria-invalid=true]').value", "Nowhere/Land");
    hands.fill("Time zone", "Asia/Shanghai");
    hands.fill("Pages that may ask", "https://shop.example");
    hands.go("Make the site");
    hands.says("Set-up, step by step");
    tab.check("textOf(one('.site'))", "Lumen <b>Café");
    // A touchpoint.
    hands.go("Make a touchpoint");
    hands.fill("Name", "Delivery");
    hands.choose("Stage", "After-sale");
    hands.go("Create");
    // A survey out of a template, published.
    let site = tab.text("new URLSearchParams(location.search).get('site')");
    let start = format!("/desk/start?lang=en&site={site}");
    hands.open(&start);
    hands.go("Make a survey");
    tab.tab_to("Begin from");
    tab.press(&["Space"]);
    hands.fill("Name", "First survey");
    hands.choose("Touchpoint", "Delivery");
    hands.go("Make the draft");
    hands.go("Publish");
    // A publishable key and the tag.
    hands.open(&start);
    hands.go("Make one now");
    hands.go("Copy the tag");
    tab.check("document.body.textContent.includes('<script src=')", true);
    // Who works here.
    for (step, name) in [("Make a department", "Care"), ("Make an agent", "Li Na")] {
        hands.open(&start);
        hands.go(step);
        hands.fill("Name", name);
        if name == "Li Na" {
            hands.choose("Department", "Care");
        }
        hands.go("Create");
    }
    hands.open(&start);
    hands.go("Make a key");
    hands.fill("Name", "Li Na");
    hands.choose("Whose", "Li Na");
    hands.go("Create");
    let key = tab.text(
        "all('main *').map((it) => it.value ?? textOf(it)).find((it) => /^sk_\\w{20,}$/.test(it))",
    );
    // A calendar and the promise.
    hands.open(&format!("/desk/rules/calendars/new?lang=en&site={site}"));
    hands.fill("Name", "Shop hours");
    hands.go("Create");
    hands.says("Shop hours");
    hands.open(&format!("/desk/rules/promise?lang=en&site={site}"));
    check_told(&server, &site, &key).await;
}

/// What stands on the pages is what the API has.
async fn check_told(server: &Server, site: &str, key: &str) {
    let mut told = Site::none(server);
    told.name("site", site);
    told.name("li_na", key);
    let surveys = told.get("owner", "/v1/studies?site={site}").await;
    assert_eq!(text(&items(&surveys)[0], "name"), "First survey");
    let agents = told.get("li_na", "/v1/agents").await;
    assert_eq!(text(&items(&agents)[0], "name"), "Li Na");
    let calendars = told.get("li_na", "/v1/calendars").await;
    assert!(items(&calendars).iter().any(|it| it["name"] == "Shop hours"), "{calendars}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_works_through_a_case_in_the_morning() {
    let Some(chromium) = chromium() else { return };
    let Some(server) = Server::ours("a morning, which needs a clock of its own") else { return };
    let mut site = Site::new(&server).await;
    let made = site.make("manager", "agent_id", "/v1/agents", json!({ "name": "李娜" })).await;
    let id = text(&made, "id").to_owned();
    let body = json!({ "kind": "secret", "name": "李娜", "role": "agent", "agent_id": id });
    let made = site.post("admin", "/v1/keys", body).await;
    let key = text(&made, "key").to_owned();
    let person = Person::new(chromium);
    let tab = person.tab(PLAIN);
    let hands = Hands { tab: &tab, base: &server.base };
    hands.sign_in("/desk?lang=zh-CN", "您的密钥", &key);
    // Somebody calls.
    hands.open("/desk/complaints/new?lang=zh-CN");
    hands.go("创建工单");
    hands.says("必须填写");
    hands.fill("客户的诉求", "洗衣机漏水，<b>第二次</b>了");
    hands.fill("姓名", "王芳");
    hands.fill("电话", "13800138000");
    hands.go("创建工单");
    hands.says("投诉已登记");
    let number = tab.text("textOf(one('[role=status] a'))");
    hands.go(&number);
    let address = tab.text("location.pathname + location.search");
    hands.says("<b>第二次</b>");
    // A reply; meanwhile somebody else writes a note, and what was typed is not lost.
    hands.unfold("答复客户");
    hands.fill("答复内容", "非常抱歉，明早上门检修。");
    let case = tab.text("location.pathname.split('/')[3]");
    site.post("manager", &format!("/v1/complaints/{case}/note"), json!({ "text": "已订零件" }))
        .await;
    hands.go("发送答复");
    hands.says("已订零件");
    tab.check("all('textarea').some((it) => it.value === '非常抱歉，明早上门检修。')", true);
    hands.go("发送答复");
    hands.says("非常抱歉，明早上门检修。");
    // Solved and closed, with its cause.
    hands.open(&address);
    hands.unfold("标记为解决");
    hands.fill("解决结果", "已更换密封圈。");
    hands.go("告知客户并标记解决");
    hands.unfold("结案");
    hands.choose("原因类别", "产品缺陷");
    hands.fill("原因说明", "密封圈老化");
    hands.fill("改进措施", "更换批次");
    hands.go("确认结案");
    let told = site.get("agent", &format!("/v1/complaints/{case}")).await;
    assert_eq!(text(&told, "state"), "closed", "{told}");
    assert_eq!(told["cause"]["kind"], "product_defect");
    // Where somebody is signed in, and out again.
    hands.open("/desk/sessions?lang=zh-CN");
    hands.go("退出登录");
    hands.open("/desk/complaints?lang=zh-CN");
    tab.check("textOf(one('h1'))", "登录工作台");
}
