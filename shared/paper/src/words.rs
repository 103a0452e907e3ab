//! What the page itself says, in three languages. A survey in another language gets English.

use app::hosted::visit::base;
use domain::survey::{Ask, Question, Texts};

/// Everything that the page says by itself. `{}` stands for a value.
#[derive(Debug)]
#[expect(missing_docs, reason = "each is what it is called")]
pub struct Words {
    pub send: &'static str,
    pub required: &'static str,
    /// Of a question that not every path reaches.
    pub required_if: &'static str,
    pub languages: &'static str,
    pub thanks: &'static str,
    pub go: &'static str,
    pub specify: &'static str,
    pub place: &'static str,
    pub choose: &'static str,
    pub count: &'static str,
    pub count_most: &'static str,
    pub format: &'static str,
    pub error: &'static str,
    pub errors: &'static str,
    pub answer: &'static str,
    pub rows: &'static str,
    pub check: &'static str,
    pub chosen: &'static str,
    pub ranked: &'static str,
    pub number: &'static str,
    pub date: &'static str,
    pub email: &'static str,
    pub phone: &'static str,
    pub text: &'static str,
    pub any: &'static str,
    pub again: &'static str,
    pub busy: &'static str,
    pub expired: &'static str,
    pub taken: &'static str,
    pub closed: &'static str,
    pub soon: &'static str,
    pub unknown: &'static str,
    pub refused: &'static str,
    pub nps: [&'static str; 2],
    pub rating: [&'static str; 2],
    pub effort: [&'static str; 2],
}

const EN: Words = Words {
    send: "Send",
    required: "Required",
    required_if: "Required if it applies",
    languages: "Languages",
    thanks: "Thank you. Your answers have arrived.",
    go: "Continue",
    specify: "Please specify",
    place: "Place {}",
    choose: "Please choose",
    count: "Choose {} to {}",
    count_most: "Choose up to {}",
    format: "Format: {} (# is a digit, A a letter, * either)",
    error: "Error: {}",
    errors: "Please check these answers",
    answer: "Please answer this question",
    rows: "Please answer every row",
    check: "Please check this answer",
    chosen: "Please check what you chose",
    ranked: "Please give each place to another one, and leave none out",
    number: "Please enter a number that fits",
    date: "Please enter a date that fits",
    email: "Please enter an e-mail address such as name@example.com",
    phone: "Please enter a phone number such as +86 138 0013 8000",
    text: "Please check the length and the form of this text",
    any: "Please answer at least one question",
    again: "That was very quick. Please send it once more.",
    expired: "This link is not valid any more.",
    busy: "Too many answers are coming in just now. Please send it again in a moment.",
    taken: "Your answers have been taken already.",
    closed: "This survey is closed. Thank you for your interest.",
    soon: "This survey opens on {}.",
    unknown: "There is no such survey. Please check the address.",
    refused: "This answer could not be taken here.",
    nps: ["Not at all likely", "Extremely likely"],
    rating: ["Very poor", "Very good"],
    effort: ["Very difficult", "Very easy"],
};

const ZH: Words = Words {
    send: "提交",
    required: "必填",
    required_if: "如适用则必填",
    languages: "语言",
    thanks: "谢谢，您的回答已经收到。",
    go: "继续",
    specify: "请说明",
    place: "第 {} 位",
    choose: "请选择",
    count: "请选择 {} 至 {} 项",
    count_most: "最多可选 {} 项",
    format: "格式：{}（# 为数字，A 为字母，* 为二者之一）",
    error: "有误：{}",
    errors: "请检查以下回答",
    answer: "请回答这个问题",
    rows: "请回答每一行",
    check: "请检查这个回答",
    chosen: "请检查所选的选项",
    ranked: "请为每一位选择不同的选项，不要遗漏",
    number: "请输入符合要求的数字",
    date: "请输入符合要求的日期",
    email: "请输入电子邮箱，例如 name@example.com",
    phone: "请输入电话号码，例如 +86 138 0013 8000",
    text: "请检查文字的长度和格式",
    any: "请至少回答一个问题",
    again: "提交得太快了，请再提交一次。",
    expired: "此链接已失效。",
    busy: "目前提交的人太多，请稍后再试。",
    taken: "您的回答此前已经收到。",
    closed: "本问卷已停止收集，感谢您的关注。",
    soon: "本问卷将于 {} 开放。",
    unknown: "没有找到这份问卷，请检查网址。",
    refused: "此处无法收取这份回答。",
    nps: ["完全不可能", "非常可能"],
    rating: ["非常差", "非常好"],
    effort: ["非常费力", "非常轻松"],
};

const AR: Words = Words {
    send: "إرسال",
    required: "مطلوب",
    required_if: "مطلوب إن كان ينطبق عليك",
    languages: "اللغات",
    thanks: "شكرا لك. لقد وصلت إجاباتك.",
    go: "متابعة",
    specify: "يرجى التوضيح",
    place: "المرتبة {}",
    choose: "يرجى الاختيار",
    count: "اختر من {} إلى {}",
    count_most: "اختر {} على الأكثر",
    format: "الصيغة: {} (# رقم، A حرف، * أيهما)",
    error: "خطأ: {}",
    errors: "يرجى مراجعة هذه الإجابات",
    answer: "يرجى الإجابة عن هذا السؤال",
    rows: "يرجى الإجابة عن كل صف",
    check: "يرجى مراجعة هذه الإجابة",
    chosen: "يرجى مراجعة اختياراتك",
    ranked: "يرجى اختيار خيار مختلف لكل مرتبة دون ترك أي منها",
    number: "يرجى إدخال رقم مناسب",
    date: "يرجى إدخال تاريخ مناسب",
    email: "يرجى إدخال بريد إلكتروني مثل name@example.com",
    phone: "يرجى إدخال رقم هاتف مثل ‎+86 138 0013 8000",
    text: "يرجى مراجعة طول النص وصيغته",
    any: "يرجى الإجابة عن سؤال واحد على الأقل",
    again: "كان ذلك سريعا جدا. يرجى الإرسال مرة أخرى.",
    expired: "لم يعد هذا الرابط صالحا.",
    busy: "تصل إجابات كثيرة الآن. يرجى الإرسال مرة أخرى بعد قليل.",
    taken: "لقد وصلت إجاباتك من قبل.",
    closed: "هذا الاستبيان مغلق. شكرا لاهتمامك.",
    soon: "يفتح هذا الاستبيان في {}.",
    unknown: "لا يوجد استبيان كهذا. يرجى التحقق من العنوان.",
    refused: "تعذر قبول هذه الإجابة هنا.",
    nps: ["غير محتمل إطلاقا", "محتمل جدا"],
    rating: ["سيئ جدا", "جيد جدا"],
    effort: ["صعب جدا", "سهل جدا"],
};

/// The words of a language.
pub fn of(language: &str) -> &'static Words {
    match base(language).as_str() {
        "zh" => &ZH,
        "ar" => &AR,
        _ => &EN,
    }
}

/// Which way a language is written.
pub fn direction(language: &str) -> &'static str {
    let rtl = ["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"];
    if rtl.contains(&base(language).as_str()) { "rtl" } else { "ltr" }
}

/// What a language calls itself, if we know.
pub fn own_name(language: &str) -> &str {
    let names = [
        ("zh-hant", "繁體中文"),
        ("zh-tw", "繁體中文"),
        ("zh-hk", "繁體中文"),
        ("zh", "中文"),
        ("en", "English"),
        ("ar", "العربية"),
        ("de", "Deutsch"),
        ("es", "Español"),
        ("fa", "فارسی"),
        ("fr", "Français"),
        ("he", "עברית"),
        ("id", "Bahasa Indonesia"),
        ("it", "Italiano"),
        ("ja", "日本語"),
        ("ko", "한국어"),
        ("ms", "Bahasa Melayu"),
        ("pt", "Português"),
        ("ru", "Русский"),
        ("th", "ไทย"),
        ("tr", "Türkçe"),
        ("vi", "Tiếng Việt"),
    ];
    let (whole, base) = (language.to_ascii_lowercase(), base(language));
    let named = |wanted: &str| names.iter().find(|it| it.0 == wanted).map(|it| it.1);
    named(&whole).or_else(|| named(&base)).unwrap_or(language)
}

/// The text with values where its braces stand.
pub fn fill(text: &str, values: &[&str]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut values = values.iter();
    for (at, part) in text.split("{}").enumerate() {
        if 0 < at {
            filled.push_str(values.next().unwrap_or(&""));
        }
        filled.push_str(part);
    }
    filled
}

/// A text of a survey in a language, and the language that it is in, if that is another one.
pub fn say<'a>(texts: &'a Texts, language: &str, fallback: &'a str) -> (&'a str, Option<&'a str>) {
    if let Some(text) = texts.get(language) {
        return (text, None);
    }
    let found = texts.get_key_value(fallback).or_else(|| texts.iter().next());
    found.map_or(("", None), |(tag, text)| (text, Some(tag)))
}

impl Words {
    /// What is wrong with an answer to this question, in words.
    pub fn wrong(&self, question: &Question, is_given: bool) -> &'static str {
        match (&question.kind, is_given) {
            (Ask::Matrix { .. }, _) => self.rows,
            (Ask::Ranking { .. }, true) => self.ranked,
            (_, false) => self.answer,
            (Ask::Single { .. } | Ask::Multiple { .. }, _) => self.chosen,
            (Ask::Text { .. }, _) => self.text,
            (Ask::Number { .. }, _) => self.number,
            (Ask::Date { .. }, _) => self.date,
            (Ask::Email, _) => self.email,
            (Ask::Phone, _) => self.phone,
            _ => self.check,
        }
    }

    /// What the lowest and the highest score mean.
    pub fn ends(&self, kind: &Ask) -> [&'static str; 2] {
        match kind {
            Ask::Nps => self.nps,
            Ask::Effort => self.effort,
            _ => self.rating,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_have_names_directions_and_words() {
        assert_eq!(own_name("zh-CN"), "中文");
        assert_eq!(own_name("zh-Hant"), "繁體中文");
        assert_eq!(own_name("tlh"), "tlh");
        assert_eq!((direction("ar-EG"), direction("en"), direction("are")), ("rtl", "ltr", "ltr"));
        assert_eq!(of("zh-TW").send, "提交");
        assert_eq!(of("tlh").send, "Send");
        assert_eq!(fill(of("en").count, &["1", "2"]), "Choose 1 to 2");
        assert_eq!(fill("{}", &[]), "");
    }

    #[test]
    fn a_missing_translation_falls_back() {
        let texts = Texts::from([("en".into(), "E".into()), ("zh-CN".into(), "中".into())]);
        assert_eq!(say(&texts, "en", "zh-CN"), ("E", None));
        assert_eq!(say(&texts, "ar", "zh-CN"), ("中", Some("zh-CN")));
        assert_eq!(say(&texts, "ar", "fr"), ("E", Some("en")));
        assert_eq!(say(&Texts::new(), "ar", "fr"), ("", None));
    }
}
