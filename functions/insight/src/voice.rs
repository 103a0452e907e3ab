//! `/dashboard/voice`: the words that stand out, comments that say the same, and comments.
//!
//! Words and groups come from a digest of days of its own, so this page has no period to choose.

use board::tell::{at, count, items, number, plain, text};
use board::{Board, Cell, Days, Figure, Opened, Page};
use domain::civil;
use domain::role::Role;
use pages::chart::{Bar, Bars, Chart, Mood, Point, Term};
use pages::time::moment;
use ports::Env;
use serde_json::Value;
use web::lang::Lang;
use web::{Problem, Request, Response};

use crate::told::{self, Answers, Told};

mod comments;
mod topics;

use comments::Wanted;

/// What the words are filtered by.
const GRAINS: [&str; 1] = ["touchpoint"];
/// Characters of a comment that stands for its group.
const SHORT_CHARS: usize = 60;

/// What was told.
struct Found {
    /// Words of the period, of bad comments, of good ones.
    words: [Told; 3],
    /// What comments are about, counted; and what topics are called.
    about: Told,
    topics: Told,
    alike: Told,
    comments: Told,
}

/// Shows the page.
pub(crate) async fn page(
    env: &impl Env,
    request: &Request,
    mut opened: Opened,
) -> Result<Response, Problem> {
    opened.filters.heed(&GRAINS);
    let wanted = Wanted::read(request, &mut opened);
    let found = ask(env, request, &opened, &wanted).await;
    opened.days = days(&found);
    let (lang, opened) = (opened.lang, &opened);
    let title = lang.of("What customers say", "客户之声");
    let mut board = Board::new(opened, Page::Voice, title, &GRAINS);
    board.say(digest(opened, &found));
    board.heading("words", lang.of("Words that stand out", "突出词语"));
    let [period, low, high] = &found.words;
    let is_all = opened.filters.by.is_empty();
    board.figure(Cloud::period(lang).figure(lang, period, is_all));
    board.figure(Cloud::low(lang).figure(lang, low, is_all));
    board.figure(Cloud::high(lang).figure(lang, high, is_all));
    board.heading("about", lang.of("What it is about", "主题与情绪"));
    board.figure(topics::figure(opened, &found.about, &found.topics));
    board.heading("groups", lang.of("Comments that say the same", "内容相近的评论"));
    if !is_all {
        board.say(lang.of(
            "Groups and comments are of all touchpoints: they are not kept by touchpoint.",
            "分组与评论包含全部触点：两者不按触点保存。",
        ));
    }
    board.figure(alike(lang, &found));
    board.heading("said", lang.of("Comments, newest first", "最新评论"));
    comments::show(&mut board, request, opened, &wanted, (&found.comments, &found.topics));
    board.answer(request)
}

async fn ask(env: &impl Env, request: &Request, opened: &Opened, wanted: &Wanted) -> Found {
    let (filters, lang) = (&opened.filters, opened.lang);
    let mut rest = String::new();
    if !filters.site.is_empty() {
        rest = format!("&site={}", filters.site);
    }
    let touchpoint = match filters.key("touchpoint") {
        "" => String::new(),
        id => format!("&touchpoint={id}"),
    };
    let sides = ["period", "low", "high"];
    let words = |side| ("voice", format!("/v1/keywords?side={side}{touchpoint}{rest}"));
    let mut asked = sides.map(words).to_vec();
    let site = rest.trim_start_matches('&');
    asked.push((
        "voice",
        format!("/v1/keywords/topics?{}", (touchpoint + &rest).trim_start_matches('&')),
    ));
    asked.push(("voice", format!("/v1/models/topic?{site}")));
    let may_read = Role::Agent <= opened.role;
    if may_read {
        asked.push(("voice", format!("/v1/keywords/alike?{site}")));
        asked.push(("voice", format!("/v1/comments?{}{rest}", wanted.api())));
    }
    let mut found = Answers::of(env, request, lang, &asked).await;
    let instead = match opened.pass {
        Some(_) => lang.of(
            "A shared view does not show customers' own words.",
            "分享页面不显示客户原话。",
        ),
        None => lang.of(
            "These are the customers' own words, for whoever works with them: it takes a key of \
             role agent or higher. Yours is for figures.",
            "这些是客户原话，仅供处理人员查看：需要客服（agent）及以上角色的密钥。您的密钥用于查看指标。",
        ),
    };
    Found {
        words: sides.map(|_| found.next()),
        about: found.next(),
        topics: found.next(),
        alike: found.next_if(may_read, instead),
        comments: found.next_if(may_read, instead),
    }
}

/// The digest that was told first; null for none.
fn told_digest(found: &Found) -> &Value {
    found.words.iter().chain([&found.alike]).find_map(|it| it.as_ref().ok()).unwrap_or(&Value::Null)
}

/// The days of the digest.
fn days(found: &Found) -> Days {
    let told = told_digest(found);
    let day = |pointer| civil::parse_date(text(told, pointer));
    match (day("/from"), day("/to")) {
        (Some(from), Some(to)) => Days::Own(from, to),
        _ => Days::Unknown,
    }
}

/// Of what days and of how many comments it is.
fn digest(opened: &Opened, found: &Found) -> String {
    let lang = opened.lang;
    let told = told_digest(found);
    let Some(as_of) = civil::parse_rfc3339(text(told, "/as_of")) else {
        let none = lang.of(
            "No comment was read yet. Ask an open question in a survey; what comes in is read \
             every few minutes, and shows up here.",
            "尚未读到任何评论。请在问卷中加入开放题；收到的评论每隔几分钟读取一次，并显示在这里。",
        );
        return none.to_owned();
    };
    let (from, to) = (text(told, "/from"), text(told, "/to"));
    let n = number(told, "/comments").map_or_else(String::new, plain);
    let at = moment(lang, opened.zone, as_of, opened.now);
    match lang {
        Lang::En => format!(
            "Words and groups are of {n} comments from {from} to {to}, read on {at}. These are \
             always the last 30 days: a period chosen on other pages does not change them."
        ),
        Lang::Zh => format!(
            "词语与分组来自 {from} 至 {to} 的 {n} 条评论，读取于{at}。始终为最近 30 天，\
             不随其他页面所选的时间段变化。"
        ),
    }
}

/// One of the clouds.
struct Cloud<'a> {
    id: &'static str,
    title: &'a str,
    /// What the comments are called that have the word, and those that it is set against.
    columns: [&'a str; 2],
    mood: Mood,
}

impl Cloud<'_> {
    fn period(lang: Lang) -> Cloud<'static> {
        Cloud {
            id: "words_period",
            title: lang.of("New or more often than before", "新出现或明显增多"),
            columns: [
                lang.of("In these days", "本期评论"),
                lang.of("In the 90 days before", "此前 90 天"),
            ],
            mood: Mood::Plain,
        }
    }

    fn low(lang: Lang) -> Cloud<'static> {
        Cloud {
            id: "words_low",
            title: lang.of("Of unhappy customers", "不满意客户的用词"),
            columns: [
                lang.of("In unhappy comments", "不满评论"),
                lang.of("In the others", "其他评论"),
            ],
            mood: Mood::Bad,
        }
    }

    fn high(lang: Lang) -> Cloud<'static> {
        Cloud {
            id: "words_high",
            title: lang.of("Of happy customers", "满意客户的用词"),
            columns: [
                lang.of("In happy comments", "满意评论"),
                lang.of("In the others", "其他评论"),
            ],
            mood: Mood::Good,
        }
    }

    fn figure(&self, lang: Lang, told: &Told, is_all: bool) -> Figure {
        told::figure(self.id, self.title, told, |figure, told| {
            let terms = items(told, "/items");
            let [here, rest] = self.columns;
            let columns = [lang.of("Word", "词语"), here, rest, "z"];
            figure.table.columns = columns.map(str::to_owned).to_vec();
            let z = |it: &Value| number(it, "/z").unwrap_or(0.0);
            let most = terms.iter().map(z).fold(0.0, f64::max);
            let mut cloud = Vec::with_capacity(terms.len());
            for it in terms {
                figure.table.rows.push(vec![
                    Cell::text(text(it, "/term")),
                    told::counted(it, "/here"),
                    told::counted(it, "/rest"),
                    number(it, "/z").map_or_else(Cell::default, |z| Cell::number(z, z.to_string())),
                ]);
                let weight = if 0.0 < most { (z(it) / most).clamp(0.0, 1.0) } else { 0.0 };
                let title = self.counts(lang, it);
                cloud.push(Term {
                    text: text(it, "/term").to_owned(),
                    weight,
                    mood: self.mood,
                    title,
                });
            }
            figure.chart = Chart::Cloud(cloud);
            match terms.first() {
                Some(first) => figure.summary = self.says(lang, first, terms.len()),
                None => none(lang, told, is_all).clone_into(&mut figure.empty),
            }
        })
    }

    /// In how many comments a word is.
    fn counts(&self, lang: Lang, it: &Value) -> String {
        let [here, rest] = self.columns;
        let [n, others] = ["/here", "/rest"].map(|pointer| count(it, pointer).unwrap_or(0));
        format!("{here}{colon}{n} · {rest}{colon}{others}", colon = lang.of(": ", "："))
    }

    fn says(&self, lang: Lang, first: &Value, n: usize) -> String {
        let (term, counts) = (text(first, "/term"), self.counts(lang, first));
        match lang {
            Lang::En => format!(
                "“{term}” stands out most ({counts}). {n} words, the larger the surer that they \
                 are said more."
            ),
            Lang::Zh => format!(
                "最突出的是「{term}」（{counts}）。共 {n} 个词，字越大越确定是被更多地提到。"
            ),
        }
    }
}

/// Why there are no words.
fn none(lang: Lang, told: &Value, is_all: bool) -> &'static str {
    if at(told, "/as_of").is_null() {
        return lang.of("There is nothing to read yet.", "目前没有可读的评论。");
    }
    if is_all {
        return lang.of(
            "No word stands out: there are few comments, or they say what the others say.",
            "没有突出的词语：评论较少，或与其他评论内容相同。",
        );
    }
    lang.of(
        "No word stands out here. A touchpoint needs 20 comments in these days for words of its \
         own.",
        "该触点没有突出的词语。触点在这段日期内须有 20 条评论，才会单独统计。",
    )
}

/// Groups of comments, the largest first, each by its most typical ones.
fn alike(lang: Lang, found: &Found) -> Figure {
    let title = lang.of("Said by several, in nearly the same words", "多位客户的相近说法");
    told::figure("alike", title, &found.alike, |figure, told| {
        let columns = [
            lang.of("Most typical", "最典型的说法"),
            lang.of("Comments", "评论数"),
            lang.of("Topic", "主题"),
            lang.of("Also said as", "其他说法"),
        ];
        figure.table.columns = columns.map(str::to_owned).to_vec();
        let groups = items(told, "/items");
        let mut bars = Vec::with_capacity(groups.len());
        for group in groups {
            let members = items(group, "/members");
            let mut texts = members.iter().map(|it| text(it, "/text"));
            let typical = texts.next().unwrap_or("");
            let topic = members.first().map_or("", |it| text(it, "/topic"));
            let others: Vec<&str> = texts.collect();
            figure.table.rows.push(vec![
                Cell::text(typical),
                told::counted(group, "/comments"),
                Cell::text(comments::topic_name(lang, &found.topics, topic)),
                Cell::text(others.join(" / ")),
            ]);
            let value = number(group, "/comments").unwrap_or(0.0);
            let point = Some(Point { value, interval: None });
            let (name, text) = (shortened(typical), plain(value));
            bars.push(Bar { name, point, text, ..Bar::default() });
        }
        figure.chart = Chart::Bars(Bars { bars, range: None });
        let Some(first) = groups.first() else {
            lang.of(
                "No two comments of these days say the same.",
                "这段日期内没有内容相近的评论。",
            )
            .clone_into(&mut figure.empty);
            return;
        };
        let (n, all) = (count(first, "/comments").unwrap_or(0), groups.len());
        figure.summary = match lang {
            Lang::En => format!("{all} groups; the largest has {n} comments."),
            Lang::Zh => format!("共 {all} 组，最大的一组有 {n} 条评论。"),
        };
    })
}

fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(SHORT_CHARS).collect();
    if short.len() < text.len() {
        short.push('\u{2026}');
    }
    short
}
