//! The questions of the survey that a conversation answers, as whoever calls fills them in.

use app::hosted::form::{name, part_name, words_name};
use app::hosted::visit::{Visit, nearest, value};
use domain::survey::{Ask, Choice, Columns, Definition, Question, Row, Texts};
use pages::html::{Html, when};
use ports::Env;
use serde_json::{Map, Value};
use staff::form::{Select, select};
use staff::tell::{at, items};
use staff::{Desk, Filled, Input, Sent, word};
use web::Request;
use web::field::Fields;

/// A survey, and the language in which it is read out.
pub(crate) struct Survey {
    definition: Definition,
    language: String,
}

impl Survey {
    /// The published version of a survey; none if there is none, or it cannot be had.
    pub(crate) async fn load(
        env: &impl Env,
        request: &Request,
        desk: &Desk,
        (id, language): (&str, &str),
    ) -> Option<Survey> {
        let study = format!("/v1/studies/{}", word(id));
        let told = desk.read_one(env, request, ("study", &study)).await.ok()?;
        let number = at(&told, "/published_version").as_i64()?;
        let newest = format!("{study}/versions?after={}&limit=1", number.saturating_sub(1));
        let told = desk.read_one(env, request, ("study", &newest)).await.ok()?;
        let Value::Object(members) = at(items(&told, "/items").first()?, "/definition") else {
            return None;
        };
        let definition = web::survey::read(&mut Fields::new(members.clone()));
        let language = nearest(&definition, &[language]).to_owned();
        Some(Survey { definition, language })
    }

    /// What was filled in, as the API takes it.
    pub(crate) fn answers(&self, sent: &Sent) -> Map<String, Value> {
        let visit = Visit {
            language: self.language.clone(),
            channel: "phone".to_owned(),
            hidden: Vec::new(),
            score: None,
            link: String::new(),
        };
        app::hosted::form::answers(&self.definition, &visit, &sent.pairs)
    }

    /// A field for each question, to be told apart in what is refused.
    pub(crate) fn inputs(&self) -> Vec<Input> {
        let questions = self.definition.questions.iter();
        questions.map(|it| Input::line(id(it), self.say(&it.text))).collect()
    }

    /// Draws the questions with what was filled in.
    pub(crate) fn draw(&self, html: &mut Html, desk: &Desk, filled: &Filled) {
        for question in &self.definition.questions {
            Put { survey: self, desk, filled, question }.draw(html);
        }
    }

    fn say<'a>(&'a self, texts: &'a Texts) -> &'a str {
        let own = texts.get(&self.language);
        own.or_else(|| texts.get(&self.definition.default_language)).map_or("", String::as_str)
    }
}

/// The id of a question.
fn id(question: &Question) -> String {
    format!("answers/{}", question.id)
}

/// A question, to be put on the page.
struct Put<'a> {
    survey: &'a Survey,
    desk: &'a Desk,
    filled: &'a Filled,
    question: &'a Question,
}

impl Put<'_> {
    fn draw(&self, html: &mut Html) {
        match &self.question.kind {
            Ask::Statement => html.put("p", &[], self.survey.say(&self.question.text)),
            Ask::Nps => self.scale(html, 0, 10),
            Ask::Rating { points, .. } => self.scale(html, 1, *points),
            Ask::Effort => self.scale(html, 1, 7),
            Ask::Single { options, .. } => self.choices(html, options, "radio"),
            Ask::Multiple { options, .. } => self.choices(html, options, "checkbox"),
            Ask::Matrix { rows, columns, .. } => self.matrix(html, rows, columns),
            Ask::Ranking { options, max, .. } => self.ranking(html, options, *max),
            Ask::Consent => {
                let yes = self.desk.lang.of("Yes", "是").to_owned();
                self.group(html, |html| self.box_of(html, "checkbox", ("yes", &yes)));
            }
            Ask::Text { .. } => self.line(html, ""),
            Ask::Date { .. } => self.line(html, "date"),
            Ask::Email => self.line(html, "email"),
            Ask::Phone => self.line(html, "tel"),
            Ask::Number { .. } => self.line(html, "text"),
        }
    }

    fn wrong(&self) -> &str {
        self.filled.wrong(&id(self.question))
    }

    /// What is asked, with what its answer needs.
    fn label(&self) -> String {
        let (text, lang) = (self.survey.say(&self.question.text), self.desk.lang);
        let need = if self.question.required { lang.of(" (needed)", "（必答）") } else { "" };
        format!("{text}{need}")
    }

    fn hint(&self) -> &str {
        match self.question.show_if {
            Some(_) => self.desk.lang.of("Asked after some answers only", "仅在部分回答后提问"),
            None => self.survey.say(&self.question.help),
        }
    }

    fn line(&self, html: &mut Html, kind: &str) {
        let (id, name, label) = (id(self.question), name(self.question), self.label());
        pages::field(
            html,
            &pages::Field {
                id: &id,
                name: &name,
                label: &label,
                hint: self.hint(),
                value: self.filled.get(&name),
                wrong: self.wrong(),
                kind,
                autocomplete: "off",
                ..pages::Field::default()
            },
        );
    }

    /// A question with several controls.
    fn group(&self, html: &mut Html, controls: impl FnOnce(&mut Html)) {
        let wrong_id = format!("{}-wrong", id(self.question));
        let is_wrong = !self.wrong().is_empty();
        let described = (when(is_wrong, "aria-describedby"), wrong_id.as_str());
        let class = if is_wrong { "field bad" } else { "field" };
        let id = id(self.question);
        html.open("fieldset", &[("class", class), ("id", &id), ("tabindex", "-1"), described]);
        html.put("legend", &[], &self.label());
        if !self.hint().is_empty() {
            html.put("p", &[("class", "hint")], self.hint());
        }
        if is_wrong {
            html.put("p", &[("class", "error"), ("id", &wrong_id)], self.wrong());
        }
        controls(html);
        html.close();
    }

    fn is_ticked(&self, value: &str) -> bool {
        let name = name(self.question);
        self.filled.pairs.iter().any(|it| it.0 == name && it.1 == value)
    }

    fn scale(&self, html: &mut Html, lowest: u8, highest: u8) {
        self.group(html, |html| {
            html.open("div", &[("class", "points")]);
            for point in lowest..=highest {
                let point_text = point.to_string();
                self.box_of(html, "radio", (&point_text, &point_text));
            }
            html.close();
            let (low, high) =
                (self.survey.say(&self.question.low), self.survey.say(&self.question.high));
            if !low.is_empty() || !high.is_empty() {
                html.open("p", &[("class", "ends")]);
                html.put("span", &[], low);
                html.put("span", &[], high);
                html.close();
            }
        });
    }

    /// A box to tick, with its label.
    fn box_of(&self, html: &mut Html, kind: &str, (value, label): (&str, &str)) {
        let name = name(self.question);
        html.open("label", &[]);
        let attributes = [
            ("type", kind),
            ("name", name.as_str()),
            ("value", value),
            (when(self.is_ticked(value), "checked"), ""),
        ];
        html.void("input", &attributes);
        html.put("span", &[], label);
        html.close();
    }

    fn choices(&self, html: &mut Html, options: &[Choice], kind: &str) {
        self.group(html, |html| {
            html.open("div", &[("class", "ticks")]);
            for option in options {
                let text = self.survey.say(&option.text);
                self.box_of(html, kind, (&option.id, text));
                if option.open {
                    let name = words_name(self.question, option);
                    let label =
                        format!("{text}{}", self.desk.lang.of(": in their words", "：客户原话"));
                    let kept = value(&self.filled.pairs, &name);
                    let attributes = [
                        ("type", "text"),
                        ("name", &*name),
                        ("aria-label", &*label),
                        ("value", kept),
                    ];
                    html.void("input", &attributes);
                }
            }
            html.close();
        });
    }

    /// A row of a matrix is a list to choose from: that fits a phone, and one key chooses.
    fn matrix(&self, html: &mut Html, rows: &[Row], columns: &Columns) {
        let mut options = vec![(String::new(), "–".to_owned())];
        match columns {
            Columns::Points(most) => {
                options.extend((1..=*most).map(|it| (it.to_string(), it.to_string())));
            }
            Columns::Options(all) => {
                options.extend(
                    all.iter().map(|it| (it.id.clone(), self.survey.say(&it.text).to_owned())),
                );
            }
        }
        self.group(html, |html| {
            for row in rows {
                self.select(html, &row.id, self.survey.say(&row.text), &options);
            }
        });
    }

    fn ranking(&self, html: &mut Html, choices: &[Choice], max: usize) {
        let mut options = vec![(String::new(), "–".to_owned())];
        options
            .extend(choices.iter().map(|it| (it.id.clone(), self.survey.say(&it.text).to_owned())));
        self.group(html, |html| {
            for place in 1..=max {
                let place = place.to_string();
                let label = match self.desk.lang {
                    web::lang::Lang::En => format!("Place {place}"),
                    web::lang::Lang::Zh => format!("第 {place} 位"),
                };
                self.select(html, &place, &label, &options);
            }
        });
    }

    fn select(&self, html: &mut Html, part: &str, label: &str, options: &[(String, String)]) {
        let name = part_name(self.question, part);
        let it = Select { id: "", name: &name, label, hint: "", wrong: "" };
        select(html, &it, options, text_of(self.filled, &name));
    }
}

fn text_of<'a>(filled: &'a Filled, name: &str) -> &'a str {
    value(&filled.pairs, name)
}
