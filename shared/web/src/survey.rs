//! Surveys as JSON: definitions in and out, and the answers to one.

use domain::survey::{
    ANSWER_CHARS_MAX, ASKS, Ask, Choice, Definition, Fault, Given, LANGUAGES_MAX, OPTIONS_MAX,
    QUESTIONS_MAX, Question, Scored, TEXT_CHARS_MAX, Texts,
};
use serde_json::{Map, Value, json};

use crate::field::{Fields, number_rule, one_of_rule, text_rule};
use crate::lang::{Said, said, said_now};

/// Reads a definition. Its mistakes are noted in `fields`.
pub fn read(fields: &mut Fields) -> Definition {
    let default_language = fields.text("default_language", 2, 35, "zh-CN");
    if !is_language(&default_language) {
        fields.refuse("default_language", language_rule());
    }
    let lang = default_language.as_str();
    let title = texts(fields, "title", lang, true);
    let welcome = texts(fields, "welcome", lang, false);
    let thanks = texts(fields, "thanks", lang, false);
    let touchpoint_id = fields.text("touchpoint_id", 0, 64, "");
    let mut questions: Vec<Question> = Vec::new();
    for mut nested in fields.objects("questions", 1, QUESTIONS_MAX) {
        let question = question(&mut nested, lang);
        if questions.iter().any(|it| it.id == question.id) {
            nested.refuse("id", said("is taken by an earlier question", "与前面的问题重复"));
        }
        questions.push(question);
        fields.absorb(nested);
    }
    Definition { title, welcome, thanks, touchpoint_id, questions, default_language }
}

fn question(fields: &mut Fields, lang: &str) -> Question {
    let id = word(fields, "id");
    let kind = fields.one_of("type", &ASKS, "");
    let text = texts(fields, "text", lang, true);
    let required = fields.flag("required", false);
    let touchpoint_id = fields.text("touchpoint_id", 0, 64, "");
    let dimension = fields.text("dimension", 0, 40, "");
    let is_scale = matches!(kind.as_str(), "nps" | "rating" | "effort");
    let (low, high) = if is_scale {
        (texts(fields, "low", lang, false), texts(fields, "high", lang, false))
    } else {
        (Texts::new(), Texts::new())
    };
    let kind = match kind.as_str() {
        "nps" => Ask::Nps,
        "rating" => Ask::Rating { points: small(fields.integer("points", 2, 10, Some(5))) },
        "effort" => Ask::Effort,
        "single_choice" => Ask::Single { options: options(fields, lang) },
        "multiple_choice" => {
            let options = options(fields, lang);
            let most = i64::try_from(options.len()).unwrap_or(0);
            let min = fields.integer("min", 0, most, Some(0));
            let max = fields.integer("max", min.max(1), most.max(1), Some(most));
            let size = |it: i64| usize::try_from(it).unwrap_or(0);
            Ask::Multiple { options, min: size(min), max: size(max) }
        }
        _ => {
            let most = i64::try_from(ANSWER_CHARS_MAX).unwrap_or(i64::MAX);
            let chars = fields.integer("max_length", 1, most, Some(most));
            Ask::Text { chars_max: usize::try_from(chars).unwrap_or(ANSWER_CHARS_MAX) }
        }
    };
    Question { id, text, low, high, required, touchpoint_id, dimension, kind }
}

fn options(fields: &mut Fields, lang: &str) -> Vec<Choice> {
    let mut options: Vec<Choice> = Vec::new();
    for mut nested in fields.objects("options", 2, OPTIONS_MAX) {
        let option =
            Choice { id: word(&mut nested, "id"), text: texts(&mut nested, "text", lang, true) };
        if options.iter().any(|it| it.id == option.id) {
            nested.refuse("id", said("is taken by an earlier option", "与前面的选项重复"));
        }
        options.push(option);
        fields.absorb(nested);
    }
    options
}

/// A name that stands in answers, exports and URLs.
fn word(fields: &mut Fields, name: &str) -> String {
    let word = fields.text(name, 1, 40, "");
    let fits = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'_';
    if !word.is_empty() && !word.bytes().all(fits) {
        fields.refuse(
            name,
            said(
                "must be lower-case letters, digits and underscores",
                "只能使用小写字母、数字和下划线",
            ),
        );
    }
    word
}

/// A text in several languages, or just a text, which is then in the default language.
fn texts(fields: &mut Fields, name: &str, lang: &str, required: bool) -> Texts {
    let mut texts = Texts::new();
    let given = match fields.take(name) {
        Some(Value::String(text)) => {
            let mut map = Map::new();
            map.insert(lang.to_owned(), text.into());
            map
        }
        Some(Value::Object(map)) if map.len() <= LANGUAGES_MAX => map,
        Some(_) => {
            fields.refuse(
                name,
                said(
                    "must be a text, or an object of languages and texts",
                    "须为文本，或语言到文本的对象",
                ),
            );
            return texts;
        }
        None => Map::new(),
    };
    let was_given = !given.is_empty();
    for (tag, text) in given {
        let at = format!("{name}/{}", crate::field::escape(&tag));
        if !is_language(&tag) {
            fields.refuse(&at, language_rule());
            continue;
        }
        match text.as_str().map(|it| domain::text::clean(it, 1, TEXT_CHARS_MAX)) {
            Some(Ok(text)) => {
                texts.insert(tag, text.to_owned());
            }
            Some(Err(fault)) => fields.refuse(&at, text_rule(fault, 1, TEXT_CHARS_MAX)),
            None => fields.refuse(&at, said("must be a text", "须为文本")),
        }
    }
    if (required || was_given) && !texts.contains_key(lang) {
        fields.refuse(
            name,
            said_now(
                format!("needs a text in the default language, {lang}"),
                format!("需要默认语言 {lang} 的文本"),
            ),
        );
    }
    texts
}

/// Whether this has the form of a BCP 47 tag.
pub fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or("");
    (2..=3).contains(&first.len())
        && first.bytes().all(|it| it.is_ascii_alphabetic())
        && parts.all(|it| {
            (1..=8).contains(&it.len()) && it.bytes().all(|it| it.is_ascii_alphanumeric())
        })
}

/// What a language must be.
pub fn language_rule() -> Said {
    said("must be a language tag such as zh-CN or en", "须为语言标签，例如 zh-CN 或 en")
}

/// A definition as JSON, for the database and for staff. [`read`] reads it again.
pub fn show(it: &Definition) -> Value {
    let mut shown = json!({
        "default_language": it.default_language,
        "title": it.title,
        "questions": it.questions.iter().map(|it| show_question(it, true)).collect::<Vec<_>>(),
    });
    put_texts(&mut shown, "welcome", &it.welcome);
    put_texts(&mut shown, "thanks", &it.thanks);
    if !it.touchpoint_id.is_empty() {
        put(&mut shown, "touchpoint_id", Value::from(it.touchpoint_id.as_str()));
    }
    shown
}

/// A definition as the widget sees it: what is asked, and nothing of what it is for.
pub fn show_public(id: &str, version: i64, it: &Definition) -> Value {
    let mut shown = json!({
        "id": id,
        "version": version,
        "default_language": it.default_language,
        "languages": it.languages(),
        "title": it.title,
        "questions": it.questions.iter().map(|it| show_question(it, false)).collect::<Vec<_>>(),
    });
    put_texts(&mut shown, "welcome", &it.welcome);
    put_texts(&mut shown, "thanks", &it.thanks);
    shown
}

fn show_question(it: &Question, for_staff: bool) -> Value {
    let mut shown = json!({ "id": it.id, "text": it.text, "required": it.required });
    put_texts(&mut shown, "low", &it.low);
    put_texts(&mut shown, "high", &it.high);
    if for_staff && !it.touchpoint_id.is_empty() {
        put(&mut shown, "touchpoint_id", Value::from(it.touchpoint_id.as_str()));
    }
    if for_staff && !it.dimension.is_empty() {
        put(&mut shown, "dimension", Value::from(it.dimension.as_str()));
    }
    let kind = match &it.kind {
        Ask::Nps => "nps",
        Ask::Rating { points } => {
            put(&mut shown, "points", Value::from(*points));
            "rating"
        }
        Ask::Effort => "effort",
        Ask::Single { options } => {
            put(&mut shown, "options", show_options(options));
            "single_choice"
        }
        Ask::Multiple { options, min, max } => {
            put(&mut shown, "options", show_options(options));
            put(&mut shown, "min", Value::from(*min));
            put(&mut shown, "max", Value::from(*max));
            "multiple_choice"
        }
        Ask::Text { chars_max } => {
            put(&mut shown, "max_length", Value::from(*chars_max));
            "text"
        }
    };
    put(&mut shown, "type", Value::from(kind));
    shown
}

fn show_options(options: &[Choice]) -> Value {
    options.iter().map(|it| json!({ "id": it.id, "text": it.text })).collect()
}

fn put_texts(into: &mut Value, name: &str, texts: &Texts) {
    if !texts.is_empty() {
        put(into, name, json!(texts));
    }
}

fn put(into: &mut Value, name: &str, value: Value) {
    if let Some(into) = into.as_object_mut() {
        into.insert(name.to_owned(), value);
    }
}

fn small(number: i64) -> u8 {
    u8::try_from(number).unwrap_or(0)
}

/// The answers of one response, checked against its definition.
#[derive(Debug, Default)]
pub struct Answers {
    /// What was answered, as JSON.
    pub given: Map<String, Value>,
    /// The question and the score of each scored answer, in the survey's order.
    pub scores: Vec<(String, Scored)>,
}

/// Reads the answers out of `fields`, whose members are questions.
pub fn answers(definition: &Definition, fields: &mut Fields) -> Answers {
    let mut answers = Answers::default();
    for question in &definition.questions {
        let Some(value) = fields.take(&question.id) else {
            if question.required {
                fields.refuse(&question.id, said("needs an answer", "需要回答"));
            }
            continue;
        };
        match question.accept(&given(&value)) {
            Ok(scored) => {
                if let Some(scored) = scored {
                    answers.scores.push((question.id.clone(), scored));
                }
                answers.given.insert(question.id.clone(), value);
            }
            Err(fault) => fields.refuse(&question.id, rule(fault)),
        }
    }
    answers
}

fn given(value: &Value) -> Given<'_> {
    match value {
        Value::String(text) => Given::Text(text),
        Value::Number(number) => number.as_i64().map_or(Given::Other, Given::Number),
        Value::Array(list) => {
            let texts: Option<Vec<&str>> = list.iter().map(Value::as_str).collect();
            texts.map_or(Given::Other, Given::List)
        }
        _ => Given::Other,
    }
}

fn rule(fault: Fault) -> Said {
    match fault {
        Fault::Score(min, max) => number_rule(min, max),
        Fault::OneOf(ids) => one_of_rule(&ids),
        Fault::SomeOf(ids) => said_now(
            format!("must be a list of {}", ids.join(", ")),
            format!("须为以下选项的列表：{}", ids.join("、")),
        ),
        Fault::Count(min, max) => said_now(
            format!("must name {min} to {max} options, each once"),
            format!("须选择 {min} 到 {max} 项，且不得重复"),
        ),
        Fault::Text(fault, chars_max) => text_rule(fault, 1, chars_max),
        Fault::NotText => said("must be a text", "须为文本"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Place;

    fn fields(value: Value) -> Fields {
        let Value::Object(members) = value else { panic!() };
        Fields::new(members)
    }

    fn definition() -> Value {
        json!({
            "default_language": "zh-CN",
            "title": { "zh-CN": "订单回访", "en": "Your order" },
            "thanks": "谢谢",
            "touchpoint_id": "tch_1",
            "questions": [
                { "id": "recommend", "type": "nps", "text": "推荐吗？", "required": true },
                { "id": "quality", "type": "rating", "text": "质量", "dimension": "quality" },
                { "id": "effort", "type": "effort", "text": "方便吗？", "low": "难", "high": "易" },
                { "id": "reason", "type": "single_choice", "text": "原因", "options": [
                    { "id": "price", "text": "价格" }, { "id": "taste", "text": "口味" } ] },
                { "id": "many", "type": "multiple_choice", "text": "哪些", "max": 1, "options": [
                    { "id": "a", "text": "甲" }, { "id": "b", "text": "乙" } ] },
                { "id": "why", "type": "text", "text": "为什么？", "max_length": 9 },
            ],
        })
    }

    #[test]
    fn a_definition_reads_what_it_shows() {
        let mut given = fields(definition());
        let first = read(&mut given);
        given.done().unwrap();
        let mut again = fields(show(&first));
        assert_eq!(read(&mut again), first);
        again.done().unwrap();
        assert_eq!(first.languages(), ["zh-CN", "en"]);
    }

    #[test]
    fn the_public_side_does_not_see_what_questions_are_for() {
        let shown = show_public("srv_1", 2, &read(&mut fields(definition()))).to_string();
        assert!(!shown.contains("tch_1") && !shown.contains("dimension"), "{shown}");
    }

    #[test]
    fn every_mistake_of_a_definition_has_a_pointer() {
        let mut given = fields(json!({
            "default_language": "Chinese!",
            "title": {},
            "questions": [
                { "id": "Q 1", "type": "nps", "text": "x", "colour": "red" },
                { "id": "q", "type": "stars", "text": { "en": "x" } },
                { "id": "q", "type": "single_choice", "text": "x", "options": [] },
                3,
            ],
        }));
        read(&mut given);
        let mut pointers: Vec<String> = given
            .done()
            .unwrap_err()
            .into_parts()
            .mistakes
            .into_iter()
            .map(|it| match it.place {
                Place::Pointer(pointer) => pointer,
                other => panic!("{other:?}"),
            })
            .collect();
        pointers.dedup();
        for expected in [
            "/default_language",
            "/title",
            "/questions/0/id",
            "/questions/0/colour",
            "/questions/1/type",
            "/questions/2/id",
            "/questions/2/options",
            "/questions/3",
        ] {
            assert!(pointers.iter().any(|it| it == expected), "{expected} in {pointers:?}");
        }
    }

    #[test]
    fn answers_are_checked_question_by_question() {
        let definition = read(&mut fields(definition()));
        let mut good = fields(json!({
            "recommend": 9, "quality": 4, "reason": "price", "many": ["b"], "why": "好",
        }));
        let answers = super::answers(&definition, &mut good);
        good.done().unwrap();
        assert_eq!(answers.scores.len(), 2);
        assert_eq!(answers.given.len(), 5);

        let mut bad = fields(json!({
            "quality": 6, "effort": "7", "reason": "x", "many": ["a", "b"], "why": "", "who": 1,
        }));
        super::answers(&definition, &mut bad);
        assert_eq!(bad.done().unwrap_err().mistakes.len(), 7);
    }
}
