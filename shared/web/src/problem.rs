//! Everything that can go wrong, as the client sees it (RFC 9457).
//!
//! [`Kind`] is closed on purpose. A client can branch on `type`; a reviewer reads the whole
//! catalogue on one screen; `tests/golden/problems.txt` records it.

use std::ops::{Deref, DerefMut};

use http::StatusCode;
use ports::StoreError;
use serde_json::{Value, json};

use crate::lang::{Lang, Said, said};

/// One kind of problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "`row` says what each one means, in two languages")]
pub enum Kind {
    MalformedBody,
    Unauthorized,
    Forbidden,
    OriginNotAllowed,
    FormToken,
    ProofNeeded,
    NotFound,
    MethodNotAllowed,
    Conflict,
    WrongState,
    NotPublished,
    SurveyClosed,
    LinkUsed,
    SlotTaken,
    DoNotCall,
    LinkExpired,
    HoldExpired,
    PreconditionFailed,
    BodyTooLarge,
    UnsupportedMediaType,
    InvalidFields,
    IdempotencyKeyReused,
    TooManyRequests,
    Internal,
    Unavailable,
}

impl Kind {
    /// Every kind, in the order of their statuses.
    pub const ALL: [Kind; 25] = [
        Kind::MalformedBody,
        Kind::Unauthorized,
        Kind::Forbidden,
        Kind::OriginNotAllowed,
        Kind::FormToken,
        Kind::ProofNeeded,
        Kind::NotFound,
        Kind::MethodNotAllowed,
        Kind::Conflict,
        Kind::WrongState,
        Kind::NotPublished,
        Kind::SurveyClosed,
        Kind::LinkUsed,
        Kind::SlotTaken,
        Kind::DoNotCall,
        Kind::LinkExpired,
        Kind::HoldExpired,
        Kind::PreconditionFailed,
        Kind::BodyTooLarge,
        Kind::UnsupportedMediaType,
        Kind::InvalidFields,
        Kind::IdempotencyKeyReused,
        Kind::TooManyRequests,
        Kind::Internal,
        Kind::Unavailable,
    ];

    /// Its status, the last segment of its `type`, and its title in English and Chinese.
    pub const fn row(self) -> (u16, &'static str, &'static str, &'static str) {
        match self {
            Kind::MalformedBody => (
                400,
                "malformed-body",
                "The body is not the JSON we expect",
                "请求体不是有效的 JSON",
            ),
            Kind::Unauthorized => (401, "unauthorized", "We need a valid key", "需要有效的密钥"),
            Kind::Forbidden => (403, "forbidden", "This key may not do that", "此密钥没有该权限"),
            Kind::OriginNotAllowed => (
                403,
                "origin-not-allowed",
                "This page may not embed the survey",
                "此网页未被允许嵌入该问卷",
            ),
            Kind::FormToken => {
                (403, "form-token", "This form cannot be sent as it is", "此表单无法这样提交")
            }
            Kind::ProofNeeded => {
                (403, "proof-needed", "We need a proof of work first", "请先完成工作量证明")
            }
            Kind::NotFound => (404, "not-found", "There is nothing here", "这里没有内容"),
            Kind::MethodNotAllowed => {
                (405, "method-not-allowed", "This cannot be done here", "此处不支持该方法")
            }
            Kind::Conflict
            | Kind::WrongState
            | Kind::NotPublished
            | Kind::SurveyClosed
            | Kind::LinkUsed
            | Kind::SlotTaken
            | Kind::DoNotCall => self.conflict(),
            Kind::LinkExpired => {
                (410, "link-expired", "This link is not valid any more", "此链接已失效")
            }
            Kind::HoldExpired => {
                (410, "hold-expired", "This slot is not held any more", "该时段的保留已过期")
            }
            Kind::PreconditionFailed => {
                (412, "precondition-failed", "It is not the version you named", "版本与所给的不符")
            }
            Kind::BodyTooLarge => (413, "body-too-large", "The body is too large", "请求体过大"),
            Kind::UnsupportedMediaType => (
                415,
                "unsupported-media-type",
                "We cannot read this kind of body",
                "不支持该内容类型",
            ),
            Kind::InvalidFields => {
                (422, "invalid-fields", "Some fields are not valid", "部分字段无效")
            }
            Kind::IdempotencyKeyReused => (
                422,
                "idempotency-key-reused",
                "This key was used for another request",
                "该幂等键已用于另一个请求",
            ),
            Kind::TooManyRequests => (429, "too-many-requests", "Please slow down", "请求过于频繁"),
            Kind::Internal => {
                (500, "internal", "Something went wrong on our side", "服务端出现错误")
            }
            Kind::Unavailable => {
                (503, "unavailable", "Please try again shortly", "暂时无法处理，请稍后再试")
            }
        }
    }

    /// The same of those that say 409.
    const fn conflict(self) -> (u16, &'static str, &'static str, &'static str) {
        match self {
            Kind::WrongState => (409, "wrong-state", "Not in this state", "当前状态不允许此操作"),
            Kind::NotPublished => {
                (409, "not-published", "The survey was never published", "问卷尚未发布")
            }
            Kind::SurveyClosed => {
                (409, "survey-closed", "The survey takes no more answers", "问卷已停止收集")
            }
            Kind::LinkUsed => {
                (409, "link-used", "This link was used for an answer", "此链接已用于答卷")
            }
            Kind::SlotTaken => (409, "slot-taken", "Somebody else has this time", "该时段已被预约"),
            Kind::DoNotCall => {
                (409, "do-not-call", "This number is not to be called", "该号码已登记谢绝来电")
            }
            _ => (409, "conflict", "It was changed by somebody else", "内容已被他人更改"),
        }
    }

    /// Its status.
    pub fn status(self) -> StatusCode {
        StatusCode::from_u16(self.row().0).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// Where a mistake stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the body, as a JSON Pointer (RFC 6901).
    Pointer(String),
    /// In the query, as a parameter's name.
    Parameter(String),
    /// In a header, by its name.
    Header(&'static str),
}

/// One mistake in a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Where.
    pub place: Place,
    /// What would be right.
    pub detail: Said,
}

/// A problem on its way to the client.
///
/// There is no `Display`: `detail` is for the client, `cause` is for the log, and nothing
/// should print one where the other belongs. Boxed, because every `?` moves it.
#[derive(Debug)]
pub struct Problem(Box<Parts>);

/// What a problem consists of.
#[derive(Debug)]
pub struct Parts {
    /// What kind.
    pub kind: Kind,
    /// How to mend this occurrence.
    pub detail: Option<Said>,
    /// All mistakes at once.
    pub mistakes: Vec<Mistake>,
    /// For the log.
    pub cause: Option<String>,
    /// The methods that would be right, for 405.
    pub allow: Option<&'static str>,
    /// When to come back, for 429 and 503.
    pub retry_after_s: Option<u32>,
    /// A further member of the body.
    pub extra: Option<(&'static str, Value)>,
    /// Further headers of the answer.
    pub headers: http::HeaderMap,
    /// Status and body, where the API is in the shape of another product.
    pub foreign: Option<(StatusCode, Value)>,
}

impl Deref for Problem {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl DerefMut for Problem {
    fn deref_mut(&mut self) -> &mut Parts {
        &mut self.0
    }
}

impl Problem {
    /// A problem of this kind and nothing more.
    pub fn new(kind: Kind) -> Problem {
        Problem(Box::new(Parts {
            kind,
            detail: None,
            mistakes: Vec::new(),
            cause: None,
            allow: None,
            // Whatever is not there now: whoever asks again at once makes it worse.
            retry_after_s: (kind == Kind::Unavailable).then_some(UNAVAILABLE_RETRY_S),
            extra: None,
            headers: http::HeaderMap::new(),
            foreign: None,
        }))
    }

    /// Its parts, to be taken apart.
    pub fn into_parts(self) -> Parts {
        *self.0
    }

    /// Nothing here, or nothing that the caller may know of.
    pub fn not_found() -> Problem {
        Problem::new(Kind::NotFound)
    }

    /// Another method than those in `allow`.
    pub fn method_not_allowed(allow: &'static str) -> Problem {
        let mut problem = Problem::new(Kind::MethodNotAllowed);
        problem.allow = Some(allow);
        problem
    }

    /// Tells how to mend it.
    pub fn with(mut self, detail: Said) -> Problem {
        self.detail = Some(detail);
        self
    }

    /// Mistakes in a request, all at once.
    pub fn mistakes(mistakes: Vec<Mistake>) -> Problem {
        let mut problem = Problem::new(Kind::InvalidFields);
        problem.mistakes = mistakes;
        problem
    }

    /// One wrong field, parameter or header.
    pub fn invalid(place: Place, detail: Said) -> Problem {
        Problem::mistakes(vec![Mistake { place, detail }])
    }

    /// Keeps the cause for the log.
    pub fn caused_by(mut self, cause: impl ToString) -> Problem {
        self.cause = Some(cause.to_string());
        self
    }

    /// The body, in one language.
    pub fn body(&self, lang: Lang, request_id: &str) -> Value {
        let (status, slug, en, zh) = self.kind.row();
        let title = match lang {
            Lang::En => en,
            Lang::Zh => zh,
        };
        let mut body = json!({
            "type": format!("/problems/{slug}"),
            "title": title,
            "status": status,
            "instance": request_id,
        });
        if let Some(detail) = &self.detail {
            set(&mut body, "detail", Value::from(detail.text(lang)));
        }
        if let Some((name, value)) = &self.extra {
            set(&mut body, name, value.clone());
        }
        if !self.mistakes.is_empty() {
            let told = self.mistakes.iter().take(MISTAKES_MAX);
            let errors = told.map(|it| it.body(lang)).collect();
            set(&mut body, "errors", Value::Array(errors));
        }
        body
    }
}

impl Mistake {
    /// Itself as JSON, in one language.
    pub fn body(&self, lang: Lang) -> Value {
        let detail = self.detail.text(lang);
        match &self.place {
            Place::Pointer(pointer) => json!({ "pointer": pointer, "detail": detail }),
            Place::Parameter(name) => json!({ "parameter": name, "detail": detail }),
            Place::Header(name) => json!({ "header": name, "detail": detail }),
        }
    }
}

fn set(body: &mut Value, name: &str, value: Value) {
    if let Some(body) = body.as_object_mut() {
        body.insert(name.to_owned(), value);
    }
}

/// Most mistakes that are told at once: whoever makes more is no person, and the answer to a small
/// request must not be a large one.
const MISTAKES_MAX: usize = 100;
/// How long a client should wait when we could not take its request.
const UNAVAILABLE_RETRY_S: u32 = 1;

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Problem {
        let problem = match error {
            StoreError::Unavailable(_) => Problem::new(Kind::Unavailable),
            // Our own data failed to decode: retrying will not help the client.
            StoreError::Broken(_) => Problem::new(Kind::Internal),
        };
        problem.caused_by(error)
    }
}

impl From<ports::Corrupt> for Problem {
    fn from(corrupt: ports::Corrupt) -> Problem {
        StoreError::from(corrupt).into()
    }
}

/// What to say to a write that lost against another one.
pub fn lost_race() -> Problem {
    Problem::new(Kind::Conflict).with(said(
        "read it again, apply your change to what you find, and send it with its ETag in If-Match",
        "请重新读取，在最新内容上修改，并在 If-Match 中带上其 ETag 后重试",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_is_as_recorded() {
        let mut catalogue = String::new();
        for kind in Kind::ALL {
            let (status, slug, en, zh) = kind.row();
            catalogue.push_str(&format!("{status} /problems/{slug} | {en} | {zh}\n"));
        }
        let golden = include_str!("../../../tests/golden/problems.txt");
        assert_eq!(catalogue, golden, "update tests/golden/problems.txt if this is intended");
    }

    #[test]
    fn whoever_is_told_to_try_again_is_told_when() {
        for kind in Kind::ALL {
            let is_told = Problem::new(kind).retry_after_s.is_some();
            assert_eq!(is_told, kind.status() == StatusCode::SERVICE_UNAVAILABLE, "{kind:?}");
        }
    }

    #[test]
    fn a_cause_never_reaches_the_client() {
        let problem = Problem::from(StoreError::Broken("no such column: secret".into()));
        let body = problem.body(Lang::En, "req_1").to_string();
        assert!(!body.contains("secret"), "{body}");
        assert!(problem.cause.is_some());
    }
}
