//! The two models that come with the product: how a text feels and what it is about.
//!
//! `build.rs` fits them to `corpus/`, every line of which was written for this project.

use crate::model::Model;

/// The model of feelings, labels `negative` and `positive`.
pub const SENTIMENT: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/sentiment.bin"));

/// The model of topics, labels as in [`TOPICS`].
pub const TOPIC: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/topic.bin"));

/// Every topic as its label, its Chinese name and its English name.
pub const TOPICS: [(&str, &str, &str); 11] = [
    ("after_sale", "退换售后", "Returns and after-sale"),
    ("billing", "账单支付", "Billing and payment"),
    ("delivery", "配送物流", "Delivery"),
    ("ease_of_use", "操作便捷", "Ease of use"),
    ("environment", "环境卫生", "Premises and cleanliness"),
    ("price", "价格优惠", "Price and offers"),
    ("quality", "产品质量", "Product quality"),
    ("safety", "安全隐私", "Safety and privacy"),
    ("service", "服务态度", "Service and attitude"),
    ("taste", "口味餐饮", "Food and taste"),
    ("waiting", "等待时间", "Waiting"),
];

/// How a text feels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sentiment {
    /// From -1, bad, to 1, good; within ±0.5 it needs review.
    pub score: f32,
    /// Too unsure to act on without a person.
    pub needs_review: bool,
}

/// What a text is about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Topic {
    /// A label of [`TOPICS`].
    pub label: &'static str,
    /// How far it is ahead of the next topic; 0 is a guess.
    pub margin: f32,
    /// Too unsure to act on without a person.
    pub needs_review: bool,
}

/// How `text` feels.
#[must_use]
pub fn sentiment(text: &str) -> Sentiment {
    let unknown = Sentiment { score: 0.0, needs_review: true };
    Model::parse(SENTIMENT).map_or(unknown, |model| sentiment_by(&model, text))
}

/// How `text` feels to another model with the labels `negative` and `positive`.
#[must_use]
pub fn sentiment_by(model: &Model<'_>, text: &str) -> Sentiment {
    let verdict = model.classify(text);
    // The threshold lands on a half, whatever unit margins have.
    let scale = verdict.margin + model.threshold();
    let size = if scale > 0.0 { verdict.margin / scale } else { 0.0 };
    let score = if verdict.label == "positive" { size } else { -size };
    Sentiment { score, needs_review: verdict.needs_review }
}

/// What `text` is about.
#[must_use]
pub fn topic(text: &str) -> Topic {
    let verdict = Model::parse(TOPIC).map(|model| model.classify(text));
    verdict.map_or(Topic { label: "", margin: 0.0, needs_review: true }, |verdict| Topic {
        label: verdict.label,
        margin: verdict.margin,
        needs_review: verdict.needs_review,
    })
}
