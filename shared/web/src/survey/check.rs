//! What is wrong with a definition as a whole, in words.

use domain::survey::{Definition, Mistake, mistakes, untranslated};
use serde_json::{Value, json};

use crate::field::Fields;
use crate::lang::{Lang, Said, said};

/// Notes everything that is wrong with a definition whose parts were read from `fields`.
pub fn check(definition: &Definition, fields: &mut Fields) {
    for (at, mistake) in mistakes(definition) {
        fields.refuse(at.trim_start_matches('/'), words(mistake));
    }
}

/// What is not wrong, but worth a look: translations that are missing.
pub fn warnings(definition: &Definition, lang: Lang) -> Vec<Value> {
    let missing = untranslated(definition).into_iter();
    missing
        .map(|(at, language)| {
            let detail = match lang {
                Lang::En => format!(
                    "has no text in {language}; that of {} is shown",
                    definition.default_language
                ),
                Lang::Zh => {
                    format!("没有 {language} 的文本，将显示 {} 的文本", definition.default_language)
                }
            };
            json!({ "pointer": at, "detail": detail })
        })
        .collect()
}

fn words(mistake: Mistake) -> Said {
    match mistake {
        Mistake::Nowhere => said(
            "must be the id of a question, end, or end: and the id of an ending",
            "须为某个问题的 id、end，或 end: 加结束语的 id",
        ),
        Mistake::Loop => said(
            "must be a later question, or nobody would ever finish",
            "只能跳到后面的问题，否则将无法结束",
        ),
        Mistake::Unreachable => said("is reached by no path", "没有任何路径能到达此问题"),
        Mistake::DeadRule => said(
            "is never looked at: the rule before it always holds",
            "永远不会生效：前一条规则总是成立",
        ),
        Mistake::NoQuestion => said("must be the id of a question", "须为某个问题的 id"),
        Mistake::Later => {
            said("must be a question that was asked before", "须为之前已经问过的问题")
        }
        Mistake::NoRow => said("must be a row of that question", "须为该问题的某一行"),
        Mistake::NoField => said("must be the id of a hidden field", "须为某个隐藏字段的 id"),
        Mistake::Unsuited => {
            said("cannot be asked of a question of that type", "不适用于该类型的问题")
        }
        Mistake::NoOption => said("must be an option of that question", "须为该问题的选项"),
        Mistake::OffScale => said("must lie on the scale of that question", "须在该问题的量表之内"),
        Mistake::QuotasOnly => said("may only stand in quotas", "只能用于配额"),
        Mistake::NoEnding => said(
            "must be thank, or end: and the id of an ending",
            "须为 thank，或 end: 加结束语的 id",
        ),
        Mistake::ClosedBefore => said("must be after opens_at", "须晚于 opens_at"),
        Mistake::TooMany => said("is more than there are options", "超过了选项的数量"),
        Mistake::SecondContact => {
            said("is asked for already; a survey keeps one of each", "已经问过；一份问卷只保存一个")
        }
    }
}
