//! What the things of the inbox are called.

use serde_json::Value;
use staff::tell::{self, text};
use web::lang::{Lang, Said, said};

/// Why a response is screened out.
static REASONS: [(&str, Said); 8] = [
    (
        "duplicate",
        said("The same text was handed in before, word for word.", "与此前提交的文字完全相同。"),
    ),
    (
        "similar",
        said("Its comment is an earlier one, hardly changed.", "评论与先前的一条几乎相同。"),
    ),
    (
        "straight_lining",
        said(
            "Every question got the same answer, and nothing was written.",
            "所有题目选了同一个答案，且没有文字说明。",
        ),
    ),
    (
        "too_fast",
        said(
            "It was sent faster than the questions can be read.",
            "作答时间短于读完题目所需的时间。",
        ),
    ),
    (
        "no_substance",
        said(
            "It says nothing: no score, no choice, no words.",
            "没有评分、选择，也没有有内容的文字。",
        ),
    ),
    (
        "spam",
        said(
            "A field was filled in that people do not see: that is what robots do.",
            "填写了人看不到的字段，疑似机器人。",
        ),
    ),
    ("quota", said("A quota or limit of the survey was full.", "问卷的配额或数量上限已满。")),
    ("staff", said("Staff left it out.", "已由员工剔除。")),
];

/// Why a response is screened out, in a sentence.
pub(crate) fn reason(lang: Lang, name: &str) -> &str {
    tell::of(lang, &REASONS, name)
}

static METRICS: [(&str, Said); 4] = [
    ("nps", said("NPS", "净推荐值 NPS")),
    ("csat", said("Satisfaction", "满意度")),
    ("ces", said("Ease", "轻松度 CES")),
    ("complaints", said("Complaints", "投诉")),
];

/// What a metric is called.
pub(crate) fn metric(lang: Lang, name: &str) -> &str {
    tell::of(lang, &METRICS, name)
}

/// A score in words: `NPS 3 of 10`.
pub(crate) fn score(lang: Lang, it: &Value) -> String {
    let number = |pointer: &str| tell::count(it, pointer).unwrap_or(0);
    let (value, points) = (number("/value"), number("/points"));
    let metric = metric(lang, text(it, "/metric"));
    match lang {
        Lang::En => format!("{metric} {value} of {points}"),
        Lang::Zh => format!("{metric} {value} 分（满分 {points} 分）"),
    }
}

static ALARMS: [(&str, Said); 3] = [
    ("under_target", said("Satisfaction is surely under its target", "满意度明显低于目标")),
    ("rise", said("Far more low scores than usual", "低分明显多于往常")),
    ("surge", said("Many complaints about the same", "短时间内大量同类投诉")),
];

/// What an alarm is about.
pub(crate) fn alarm(lang: Lang, kind: &str) -> &str {
    tell::of(lang, &ALARMS, kind)
}

static FEELINGS: [(&str, Said); 2] =
    [("negative", said("negative", "负面")), ("positive", said("positive", "正面"))];

/// How a text feels.
pub(crate) fn feeling(lang: Lang, name: &str) -> &str {
    tell::of(lang, &FEELINGS, name)
}

/// How many, of whom no more than `most` are counted.
pub(crate) fn count(found: u64, most: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "it is bounded")]
    let plain = tell::plain(found as f64);
    if 0 < most && most <= found { format!("{plain}+") } else { plain }
}

/// What to say where somebody else was faster.
pub(crate) fn overtaken(lang: Lang) -> &'static str {
    lang.of(
        "Somebody else did something with this meanwhile. Here is how it is now.",
        "其间他人已处理过，以下为最新状态。",
    )
}

/// What to say in the place of what cannot be read.
pub(crate) fn gap(lang: Lang, refused: &staff::Refused) -> String {
    if refused.status < 500 && !refused.text().is_empty() {
        return refused.text().to_owned();
    }
    lang.of(
        "This part cannot be read just now. Load the page again in a moment.",
        "这部分暂时无法读取，请稍后重新加载页面。",
    )
    .to_owned()
}
