//! Work: how much a role may give for one case.

use pages::html::Html;
use pages::time::money;
use serde_json::{Map, Value};
use staff::form::Input;
use staff::tell::{at, text};
use staff::{Desk, Form};
use web::lang::Lang;

use crate::draw;
use crate::edit::{Shape, Wrong, whole};

pub(crate) const SHAPE: Shape = Shape { typed: Value::clone, meant, rows: &[] };

pub(crate) fn tell(html: &mut Html, desk: &Desk, it: &Value) {
    let lang = desk.lang;
    let currency = text(it, "/compensation/currency");
    html.open("dl", &[("class", "facts")]);
    for (name, role) in
        [("agent", lang.of("An agent", "客服")), ("manager", lang.of("A manager", "经理"))]
    {
        let amount = at(it, &format!("/compensation/{name}")).as_i64().unwrap_or(0);
        let upto = lang.of("up to ", "至多 ");
        draw::fact(html, role, &format!("{upto}{}", money(amount, currency)));
    }
    let most = lang.of("without a limit", "不限");
    draw::fact(html, lang.of("An administrator", "管理员"), most);
    html.close();
    let hint = lang.of("For one complaint, all that was given together.", "按单件投诉累计。");
    html.put("p", &[("class", "soft")], hint);
}

pub(crate) fn form(lang: Lang) -> Form {
    let smallest =
        lang.of("In the smallest unit: 20000 is 200.00 CNY", "以最小单位计：20000 即 200.00 CNY");
    Form::new(vec![
        Input::line("compensation/currency", lang.of("Currency", "币种"))
            .hint(lang.of("A code such as CNY", "代码，如 CNY"))
            .needed(),
        whole("compensation/agent", lang.of("An agent may give", "客服可补偿"), smallest).needed(),
        whole("compensation/manager", lang.of("A manager may give", "经理可补偿"), smallest)
            .needed(),
    ])
}

fn meant(_: Lang, said: Map<String, Value>, _: &mut Wrong) -> Map<String, Value> {
    said
}
