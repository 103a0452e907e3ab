//! Touchpoints: where customers meet the company, and what service they are promised there.

/// The stages of the customer journey (售前咨询, 购买交易, 售后服务, 复购留存).
pub const STAGES: [&str; 4] = ["pre_sale", "purchase", "after_sale", "retention"];

/// The finer lifecycle (认知, 兴趣, 考虑, 购买, 使用, 推荐).
pub const LIFECYCLE: [&str; 6] =
    ["awareness", "interest", "consideration", "purchase", "use", "advocacy"];

/// The channels on which a touchpoint is met.
pub const CHANNELS: [&str; 7] = ["web", "app", "wechat", "sms", "email", "phone", "store"];

/// The groups of customers whose satisfaction is watched apart.
pub const GROUPS: [&str; 3] = ["new", "existing", "core"];

/// The score, 0–100, that a touchpoint should reach.
pub const TARGET: i64 = 85;

/// The same for a key touchpoint.
pub const TARGET_KEY: i64 = 95;

/// The share, in percent, of those who should be very satisfied (R3: 非常满意 ≥ 70 %).
pub const VERY_SATISFIED: i64 = 70;

/// A service standard: its name and the seconds that it allows by default.
pub struct Standard {
    /// Its name in JSON.
    pub name: &'static str,
    /// The default bound in seconds.
    pub seconds: i64,
}

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;

/// The service standards of requirement R1, with its defaults; every site may set its own.
pub const STANDARDS: [Standard; 9] = [
    Standard { name: "bot_first_response", seconds: 3 },
    Standard { name: "human_pick_up", seconds: 5 * MINUTE },
    Standard { name: "complex_question_answered", seconds: 24 * HOUR },
    Standard { name: "after_sale_first_response", seconds: 2 * HOUR },
    Standard { name: "complex_case_escalated", seconds: 2 * HOUR },
    Standard { name: "ordinary_problem_solved", seconds: 48 * HOUR },
    Standard { name: "complex_problem_planned", seconds: 72 * HOUR },
    Standard { name: "feedback_recorded", seconds: 24 * HOUR },
    Standard { name: "customer_told", seconds: 24 * HOUR },
];

/// The longest time a standard may allow: a year.
pub const STANDARD_SECONDS_MAX: i64 = 366 * 24 * HOUR;
