//! What the neighbours tell, in the shape of docs/complaints.md and docs/desk.md, and what they
//! were asked to do.

use std::cell::RefCell;
use std::rc::Rc;

use ports::{Answer, Outgoing, Unanswered, Verb};
use serde_json::{Value, json};
use testkit::World;

/// A text that would be markup, were it not escaped.
pub(super) const HOSTILE: &str = "<script>alert(1)</script>";
pub(super) const ESCAPED: &str = "&lt;script&gt;alert(1)&lt;/script&gt;";
pub(super) const CASE: &str = "cmp_01";

/// What somebody was asked for.
#[derive(Clone, Debug)]
pub(super) struct Heard {
    pub(super) verb: Verb,
    /// The component and its path and query: `casework/v1/complaints/cmp_01`.
    pub(super) target: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Value,
}

impl Heard {
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|it| it.0 == name).map_or("", |it| it.1.as_str())
    }
}

pub(super) type Calls = Rc<RefCell<Vec<Heard>>>;

/// A world in which somebody with a role is signed in; `own` answers first, with a status and a
/// body, and where it has nothing the neighbours tell what they usually do.
pub(super) fn world(
    role: &'static str,
    own: impl Fn(Verb, &str) -> Option<(u16, Value)> + 'static,
) -> (World, Calls) {
    let world = World::with_site();
    let calls = Calls::default();
    let heard = Rc::clone(&calls);
    world.receive(move |_, call: &Outgoing| {
        let (component, path) = call.url.split_once(".spin.internal").unwrap();
        let component = component.strip_prefix("http://").unwrap();
        let target = format!("{component}{path}");
        let body = serde_json::from_slice(&call.body).unwrap_or_default();
        let headers = call.headers.clone();
        let verb = call.verb;
        heard.borrow_mut().push(Heard { verb, target: target.clone(), headers, body });
        let found = own(verb, &target).or_else(|| usual(role, verb, &target));
        let (status, told) = found.ok_or(Unanswered::Unreachable)?;
        let mut headers = Vec::new();
        if let Some(cookie) = told["set-cookie"].as_str() {
            headers.push(("set-cookie".to_owned(), cookie.as_bytes().to_vec()));
        }
        Ok(Answer { status, headers, body: told.to_string().into_bytes() })
    });
    (world, calls)
}

fn usual(role: &str, verb: Verb, target: &str) -> Option<(u16, Value)> {
    let path = target.split('?').next().unwrap();
    let told = match (verb, path) {
        (Verb::Get, "admin/v1/session") => json!({
            "role": role, "site_id": "sit_shop", "actor": "key:key_lan", "agent_id": "agt_lan",
            "site": { "id": "sit_shop", "name": "鹿鸣", "zone": "Asia/Shanghai" },
            "agent": { "id": "agt_lan", "name": "周岚", "department_id": "dep_care" }
        }),
        (Verb::Get, "admin/v1/agents") => json!({ "items": [
            { "id": "agt_lan", "name": "周岚", "is_active": true },
            { "id": "agt_wu", "name": HOSTILE, "is_active": true },
            { "id": "agt_old", "name": "Gone", "is_active": false }], "next": null }),
        (Verb::Get, "admin/v1/departments") => {
            json!({ "items": [{ "id": "dep_care", "name": "售后" }], "next": null })
        }
        (Verb::Get, "admin/v1/touchpoints") => {
            json!({ "items": [{ "id": "tch_shop", "name": "门店" }], "next": null })
        }
        (Verb::Get, "admin/v1/templates") => templates(),
        (Verb::Get, "ledger/v1/causes") => json!({ "items": [
            { "id": "cau_seal", "kind": "product_defect", "name": "密封圈老化", "is_active": true }
        ], "next": null }),
        (Verb::Get, "complaint/v1/complaints") => {
            json!({ "items": [row(CASE, "261122-7KQ2M-X"), row("cmp_02", "261121-AAAAA-5")],
                "next": "1.cmp_02" })
        }
        (Verb::Get, "casework/v1/complaints/cmp_01") => case("open"),
        (Verb::Get, "casework/v1/complaints/cmp_01/presence") => json!({ "version": 3, "items": [
            { "name": HOSTILE, "agent_id": "agt_wu", "is_writing": true }] }),
        (Verb::Get, "casework/v1/complaints/cmp_01/audit") => trail(),
        (Verb::Get, "callback/v1/callbacks") => json!({ "items": [
            { "id": "cal_1", "purpose": "request", "state": "booked",
                "start": "2026-11-23T10:00:00+08:00", "requested_at": "2026-11-22T01:00:00Z" }
        ], "next": null }),
        (Verb::Get, "customer/v1/customers/cus_1") => json!({ "id": "cus_1",
            "external_id": "M1", "contacts": { "name": "李想", "phone": "13800000000" } }),
        (Verb::Get, "study/v1/studies/srv_1") => json!({ "name": "订单回访", "definition": {
            "questions": [{ "id": "why", "text": { "zh-CN": "为什么？", "en": "Why?" } }] } }),
        (Verb::Get, "study/v1/studies/srv_1/responses/rsp_1") => {
            json!({ "answers": { "why": HOSTILE, "recommend": 2 } })
        }
        (Verb::Get, _) => return None,
        _ => json!({ "id": CASE, "version": 4 }),
    };
    Some((200, told))
}

/// A case as lists have it.
pub(super) fn row(id: &str, number: &str) -> Value {
    let clock = |state: &str, left: i64| {
        json!({ "state": state, "due": "2026-11-22T04:30:00Z", "remaining_s": left,
            "allowance_s": 14400, "was_late": false, "is_working_time": true,
            "is_calendar_known": true })
    };
    json!({
        "id": id, "number": number, "version": 3, "state": "open", "grade": "major", "tier": 1,
        "urgency": "immediate", "need": "product", "type": "safety",
        "grading": { "score": 120, "policy_version": 0, "needs_review": true, "by": "policy",
            "matched": [{ "rule": "fire", "span": [5, 7], "weight": 100, "grade": "major" },
                { "rule": "feeling", "span": [0, 34], "weight": 0, "grade": "general" }] },
        "source": "widget", "channel": "web", "language": "en", "touchpoint_id": "tch_shop",
        "department_id": "dep_care", "agent_id": "agt_lan",
        "assigned": { "why": [{ "reason": "specialist" }, { "reason": "least_loaded" }] },
        "customer_id": "cus_1", "customer_group": "core", "response_id": "rsp_1",
        "parent_id": null, "amount": null, "is_repeat": true, "is_first_contact": null,
        "reopened": 0, "cause": null, "rating": null,
        "clocks": { "answer": clock("late", -7200), "solution": clock("running", 10800),
            "closing": clock("paused", 86400) },
        "received_at": "2026-11-22T00:30:00Z", "answered_at": null, "solved_at": null,
        "closed_at": null, "updated_at": "2026-11-22T00:40:00Z",
        "excerpt": format!("机器着火冒烟 {HOSTILE}"), "customer_name": "李想",
    })
}

/// A case as its own address has it.
pub(super) fn case(state: &str) -> Value {
    let mut it = row(CASE, "261122-7KQ2M-X");
    it["state"] = state.into();
    let text = |id: &str, kind: &str, is_public: bool, actor: &str, text: &str| {
        json!({ "id": id, "case_id": CASE, "kind": kind, "is_public": is_public, "actor": actor,
            "agent_id": if actor == "public" { Value::Null } else { json!("agt_wu") },
            "text": text, "files": [{ "name": HOSTILE, "url": "https://files.example/a.jpg" },
                { "name": "bad", "url": "javascript:alert(1)" }],
            "at": "2026-11-22T00:30:00Z" })
    };
    it["survey_id"] = "srv_1".into();
    it["contacts"] = json!({});
    it["texts"] = json!([
        text("nte_1", "complaint", true, "public", &format!("昨天晚上机着火🔥 {HOSTILE}")),
        text("nte_2", "note", false, "key:key_wu", "他很着急"),
        text("nte_3", "answer", true, "key:key_wu", "Sorry!"),
    ]);
    it["compensations"] = json!([{ "id": "cps_1", "kind": "coupon", "amount": 1250,
        "currency": "CNY", "reference": "C-1", "at": "2026-11-22T01:00:00Z" }]);
    it["links"] = json!([
        { "number": 1, "expires_at": "2027-02-20T00:30:00Z", "revoked_at": null },
        { "number": 2, "expires_at": "2027-02-20T00:30:00Z",
            "revoked_at": "2026-11-22T01:00:00Z" }]);
    it
}

pub(super) fn trail() -> Value {
    let event = |version: i64, kind: &str, actor: &str, data: Value| {
        json!({ "id": format!("evt_{version}"), "version": version, "type": kind, "actor": actor,
            "timestamp": "2026-11-22T00:40:00Z", "data": data, "hash": "" })
    };
    json!({ "items": [
        event(1, "complaint.opened", "public", json!({ "text_id": "nte_1" })),
        event(2, "complaint.noted", "key:key_wu",
            json!({ "text_id": "nte_2", "agent_id": "agt_wu" })),
        event(3, "complaint.answered", "key:key_lan",
            json!({ "text_id": "nte_3", "agent_id": "agt_lan" })),
        event(4, "complaint.assigned", "key:key_lan", json!({ "agent_id": "agt_wu" })),
    ], "next": null })
}

fn templates() -> Value {
    let it = |id: &str, kind: &str, is_active: bool| {
        json!({ "id": id, "name": format!("{kind} template"), "kind": kind, "is_active": is_active,
            "texts": { "zh-CN": "您好", "en": format!("Hello {HOSTILE}") } })
    };
    json!({ "items": [it("tpl_1", "answer", true), it("tpl_2", "question", true),
        it("tpl_3", "answer", false), it("tpl_4", "note", true)], "next": null })
}
