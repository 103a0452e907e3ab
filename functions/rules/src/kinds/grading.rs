//! Grading: which words make which grade, and of which type a complaint is.

use pages::html::Html;
use pages::words::{GRADES, NEEDS, TYPES};
use serde_json::Value;
use staff::Desk;
use staff::tell::{at, items, of, text};
use web::lang::{Lang, Said, said};

use crate::draw;
use crate::words::listed;

/// Words that are shown before the rest is folded away.
const SHOWN: usize = 8;

/// What the limits of the policy mean.
static LIMITS: [(&str, Said); 7] = [
    ("loss", said("A large sum, in yuan, from", "大额损失（元）起点")),
    ("many", said("Many people, from", "人数众多的起点")),
    ("times", said("Complained of so many times", "重复投诉次数")),
    ("days", said("Open for so many days", "未结天数")),
    ("week", said("A week, in days", "“一周”的天数")),
    ("general", said("Score from which it is general", "一般的最低分")),
    ("moderate", said("Score from which it is moderate", "中度的最低分")),
];

pub(crate) fn tell(html: &mut Html, desk: &Desk, it: &Value) {
    let lang = desk.lang;
    html.open("dl", &[("class", "facts")]);
    for (name, meaning) in &LIMITS {
        let value = at(it, &format!("/limits/{name}"));
        if !value.is_null() {
            draw::fact(html, meaning.text(lang), &web::view::text(value));
        }
    }
    html.close();
    html.open("details", &[]);
    let rules = items(it, "/rules");
    html.put("summary", &[], &counted(lang.of("Rules", "规则"), rules));
    let heads = [
        lang.of("Rule", "规则"),
        lang.of("Grade", "等级"),
        lang.of("Weight", "权重"),
        lang.of("Words", "词语"),
        lang.of("Only with · not with", "须同时有 · 不得有"),
    ];
    draw::table(html, lang.of("Rules", "规则"), &heads);
    for it in rules {
        html.open("tr", &[]);
        html.put("th", &[("scope", "row")], text(it, "/id"));
        html.put("td", &[], of(lang, &GRADES, text(it, "/grade")));
        html.put("td", &[], &web::view::text(at(it, "/weight")));
        words(html, lang, it);
        let (all, unless) = (listed(lang, at(it, "/all")), listed(lang, at(it, "/unless")));
        let with = match (all.is_empty(), unless.is_empty()) {
            (true, true) => String::new(),
            _ => format!("{all} · {unless}"),
        };
        html.put("td", &[], &with);
        html.close();
    }
    draw::end_table(html);
    html.close();
    types(html, lang, items(it, "/types"));
    sets(html, lang, items(it, "/sets"));
}

fn types(html: &mut Html, lang: Lang, types: &[Value]) {
    html.open("details", &[]);
    html.put("summary", &[], &counted(lang.of("Types", "类型"), types));
    let heads = [
        lang.of("Type", "类型"),
        lang.of("Need", "需求"),
        lang.of("Department", "部门"),
        lang.of("Words", "词语"),
    ];
    draw::table(html, lang.of("Types", "类型"), &heads);
    for it in types {
        html.open("tr", &[]);
        let id = text(it, "/id");
        let name = of(lang, &TYPES, id);
        let head = if name == id { id.to_owned() } else { format!("{name} · {id}") };
        html.put("th", &[("scope", "row")], &head);
        html.put("td", &[], of(lang, &NEEDS, text(it, "/need")));
        html.put("td", &[], text(it, "/department"));
        words(html, lang, it);
        html.close();
    }
    draw::end_table(html);
    html.close();
}

fn sets(html: &mut Html, lang: Lang, sets: &[Value]) {
    html.open("details", &[]);
    html.put("summary", &[], &counted(lang.of("Sets of words", "词组"), sets));
    let heads = [lang.of("Set", "词组"), lang.of("Words", "词语")];
    draw::table(html, lang.of("Sets of words", "词组"), &heads);
    for it in sets {
        html.open("tr", &[]);
        html.put("th", &[("scope", "row")], text(it, "/name"));
        words(html, lang, it);
        html.close();
    }
    draw::end_table(html);
    html.close();
}

/// A heading with how many there are.
fn counted(name: &str, list: &[Value]) -> String {
    format!("{name} ({})", list.len())
}

/// The words of a rule: a few, and the rest folded away.
fn words(html: &mut Html, lang: Lang, it: &Value) {
    let mut all = Vec::new();
    for name in ["/zh", "/en"] {
        all.extend(items(it, name).iter().filter_map(Value::as_str));
    }
    let comma = lang.of(", ", "、");
    html.open("td", &[("class", "rule-words")]);
    let (first, rest) = all.split_at(all.len().min(SHOWN));
    html.text(&first.join(comma));
    if !rest.is_empty() {
        html.open("details", &[]);
        let more = match lang {
            Lang::En => format!("and {} more", rest.len()),
            Lang::Zh => format!("另有 {} 个", rest.len()),
        };
        html.put("summary", &[], &more);
        html.text(&rest.join(comma));
        html.close();
    }
    html.close();
}
