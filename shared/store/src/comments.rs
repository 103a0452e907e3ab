//! What people wrote and what was read in it: tables `comment` and `reading`.

use ports::{Cells, Query, Statement};

use crate::{Page, all, one, statement};

/// A response whose texts are still to be read.
#[derive(Clone, Debug)]
pub struct Unread {
    /// The site.
    pub site_id: String,
    /// The study.
    pub study_id: String,
    /// The version that it answers.
    pub study_version: i64,
    /// `rsp_…`.
    pub id: String,
    /// On which channel; empty if not stated.
    pub channel: String,
    /// The language it was answered in.
    pub language: String,
    /// The day.
    pub day: i64,
    /// The answers, as JSON.
    pub answers: String,
    /// How it came.
    pub source: String,
    /// Counts its changes.
    pub version: i64,
    /// Whether it counts.
    pub counted: bool,
    /// Its scores, as a JSON array of `[metric, points, value, is_overall]`.
    pub scores: String,
}

/// The next responses to read, study by study, whose ids are before `until`.
pub fn unread(until: &str, most: i64) -> Query<Vec<Unread>> {
    Query {
        statement: statement!(
            "select r.site_id, r.study_id, r.study_version, r.id, r.channel, r.language, r.day,
               r.answers, r.source, r.version, r.counted, (
                 select json_group_array(json_array(o.metric, o.points, o.value, o.is_overall))
                 from score o
                 where o.site_id = r.site_id and o.day = r.day and o.response_id = r.id)
             from study s left join reading c on c.study_id = s.id
             cross join response r on r.study_id = s.id
             where s.published > 0 and r.id > coalesce(c.last_id, '') and r.id < ?1
             order by s.id, r.id limit ?2",
            until,
            most
        ),
        decode: |rows| {
            all(rows, |row| Unread {
                site_id: row.text(),
                study_id: row.text(),
                study_version: row.integer(),
                id: row.text(),
                channel: row.text(),
                language: row.text(),
                day: row.integer(),
                answers: row.text(),
                source: row.text(),
                version: row.integer(),
                counted: row.flag(),
                scores: row.text(),
            })
        },
    }
}

/// Notes up to where the responses of a study were read. Yields no row if they were before.
pub fn read_up_to(study_id: &str, last_id: &str) -> Statement {
    statement!(
        "insert into reading (study_id, last_id) values (?1, ?2)
         on conflict (study_id) do update set last_id = excluded.last_id
           where last_id < excluded.last_id
         returning last_id",
        study_id,
        last_id
    )
}

/// Has the comments from some id on read again, with another model.
pub fn read_again(site_id: &str, after: &str) -> Statement {
    statement!(
        "update reading set last_id = ?2
         where last_id > ?2 and study_id in (select id from study where site_id = ?1)",
        site_id,
        after
    )
}

/// Writes what was read, a JSON array of objects with the columns' names. What staff said of a
/// comment stays.
pub fn write(rows: &str) -> Statement {
    statement!(
        "insert into comment (site_id, response_id, question_id, version, study_id,
           touchpoint_id, channel, language, day, text, verdict, sentiment, topic, needs_review,
           sentiment_said, topic_said, counted)
         select value ->> 'site_id', value ->> 'response_id', value ->> 'question_id', 1,
           value ->> 'study_id', value ->> 'touchpoint_id', value ->> 'channel',
           value ->> 'language', value ->> 'day', value ->> 'text', value ->> 'verdict',
           value ->> 'sentiment', value ->> 'topic', value ->> 'needs_review', 0, 0,
           value ->> 'counted'
         from json_each(?1)
         -- Whoever was erased meanwhile stays so.
         where exists (
           select 1 from response r
           where r.study_id = value ->> 'study_id' and r.id = value ->> 'response_id'
             and r.answers <> '{}')
         on conflict (site_id, response_id, question_id) do update set
           text = excluded.text,
           sentiment = case sentiment_said when 1 then sentiment else excluded.sentiment end,
           topic = case topic_said when 1 then topic else excluded.topic end,
           needs_review = case when topic_said or sentiment_said then needs_review
             else excluded.needs_review end",
        rows
    )
}

/// A comment.
#[derive(Clone, Debug)]
pub struct Comment {
    /// The response.
    pub response_id: String,
    /// The question.
    pub question_id: String,
    /// Counts what staff said of it.
    pub version: i64,
    /// The study.
    pub study_id: String,
    /// The touchpoint; empty for none.
    pub touchpoint_id: String,
    /// The channel; empty if not stated.
    pub channel: String,
    /// The language.
    pub language: String,
    /// The day.
    pub day: i64,
    /// What was written, personal data hidden.
    pub text: String,
    /// How the response scored: `low`, `high` or empty.
    pub verdict: String,
    /// From -100, bad, to 100, good.
    pub sentiment: i64,
    /// What it is about; empty if nothing is known.
    pub topic: String,
    /// Whether a person should look.
    pub needs_review: bool,
    /// Whether staff said how it feels.
    pub sentiment_said: bool,
    /// Whether staff said what it is about.
    pub topic_said: bool,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select response_id, question_id, version, study_id, touchpoint_id, channel,
               language, day, text, verdict, sentiment, topic, needs_review, sentiment_said,
               topic_said
             from comment ",
            $rest
        )
    };
}

impl Comment {
    /// What names it among the comments of a site: `rsp_….why`. Responses have no full stop.
    pub fn id(&self) -> String {
        format!("{}.{}", self.response_id, self.question_id)
    }
}

/// The response and the question of the comment before a page. A response may have several
/// comments, so the response alone would lose those behind the cut.
fn before(page: &Page) -> (&str, &str) {
    match page.after.as_str() {
        "" => ("rsp_~", ""),
        after => after.split_once('.').unwrap_or((after, "")),
    }
}

/// The comments of a site that count, newest first; `page.after` is a [`Comment::id`].
pub fn list(site_id: &str, page: &Page) -> Query<Vec<Comment>> {
    let (response_id, question_id) = before(page);
    Query {
        statement: statement!(
            select!(
                "where site_id = ?1 and counted = 1 and (response_id, question_id) < (?2, ?3)
                 order by response_id desc, question_id desc limit ?4"
            ),
            site_id,
            response_id,
            question_id,
            page.rows
        ),
        decode: |rows| all(rows, read),
    }
}

/// The same, about one topic.
pub fn list_topic(site_id: &str, topic: &str, page: &Page) -> Query<Vec<Comment>> {
    let (response_id, question_id) = before(page);
    Query {
        statement: statement!(
            select!(
                "indexed by comment_topic where site_id = ?1 and topic = ?5 and counted = 1
                   and (response_id, question_id) < (?2, ?3)
                 order by response_id desc, question_id desc limit ?4"
            ),
            site_id,
            response_id,
            question_id,
            page.rows,
            topic
        ),
        decode: |rows| all(rows, read),
    }
}

/// The same, of those at which a person should look.
pub fn list_review(site_id: &str, page: &Page) -> Query<Vec<Comment>> {
    let (response_id, question_id) = before(page);
    Query {
        statement: statement!(
            select!(
                "indexed by comment_review where site_id = ?1 and needs_review = 1 and counted = 1
                   and (response_id, question_id) < (?2, ?3)
                 order by response_id desc, question_id desc limit ?4"
            ),
            site_id,
            response_id,
            question_id,
            page.rows
        ),
        decode: |rows| all(rows, read),
    }
}

/// Some comments, by a JSON array of pairs of response and question, in its order.
pub fn some(site_id: &str, members: &str) -> Query<Vec<Comment>> {
    Query {
        statement: statement!(
            "select c.response_id, c.question_id, c.version, c.study_id, c.touchpoint_id,
               c.channel, c.language, c.day, c.text, c.verdict, c.sentiment, c.topic,
               c.needs_review, c.sentiment_said, c.topic_said
             from json_each(?2) it
             cross join comment c on c.site_id = ?1 and c.response_id = it.value ->> 0
               and c.question_id = it.value ->> 1 and c.counted = 1",
            site_id,
            members
        ),
        decode: |rows| all(rows, read),
    }
}

/// One comment.
pub fn by_id(site_id: &str, response_id: &str, question_id: &str) -> Query<Option<Comment>> {
    Query {
        statement: statement!(
            select!("where site_id = ?1 and response_id = ?2 and question_id = ?3"),
            site_id,
            response_id,
            question_id
        ),
        decode: |rows| one(rows, read),
    }
}

/// Writes what staff say of a comment. Yields no row if the version before is gone.
pub fn label(site_id: &str, it: &Comment) -> Statement {
    statement!(
        "update comment set version = ?4, sentiment = ?5, topic = ?6, sentiment_said = ?7,
           topic_said = ?8, needs_review = ?9
         where site_id = ?1 and response_id = ?2 and question_id = ?3 and version = ?4 - 1
         returning version",
        site_id,
        &it.response_id,
        &it.question_id,
        it.version,
        it.sentiment,
        &it.topic,
        it.sentiment_said,
        it.topic_said,
        it.needs_review
    )
}

/// Of how many comments staff said what `model`, `sentiment` or `topic`, is to learn, and
/// whether they said more than one thing.
pub fn count_labelled(site_id: &str, model: &str, most: i64) -> Query<Option<(i64, bool)>> {
    Query {
        statement: statement!(
            "select count(*), coalesce(min(label) <> max(label), 0) from (
               select case ?2 when 'topic' then topic else sentiment < 0 end as label
               from comment indexed by comment_said
               where site_id = ?1 and (topic_said = 1 or sentiment_said = 1)
                 and case ?2 when 'topic' then topic_said else sentiment_said end = 1
               limit ?3)",
            site_id,
            model,
            most
        ),
        decode: |rows| one(rows, |row| (row.integer(), row.flag())),
    }
}

/// A text and what staff said of it.
#[derive(Clone, Debug)]
pub struct Labelled {
    /// The text.
    pub text: String,
    /// `negative` or `positive`; empty if staff did not say.
    pub sentiment: String,
    /// The topic; empty if staff did not say.
    pub topic: String,
}

/// The newest comments of which staff said something.
pub fn labelled(site_id: &str, most: i64) -> Query<Vec<Labelled>> {
    Query {
        statement: statement!(
            "select text, case when not sentiment_said then '' when sentiment < 0
               then 'negative' else 'positive' end, case topic_said when 1 then topic else '' end
             from comment indexed by comment_said
             where site_id = ?1 and (topic_said = 1 or sentiment_said = 1)
             order by response_id desc limit ?2",
            site_id,
            most
        ),
        decode: |rows| {
            all(rows, |row| Labelled { text: row.text(), sentiment: row.text(), topic: row.text() })
        },
    }
}

fn read(row: &mut Cells) -> Comment {
    Comment {
        response_id: row.text(),
        question_id: row.text(),
        version: row.integer(),
        study_id: row.text(),
        touchpoint_id: row.text(),
        channel: row.text(),
        language: row.text(),
        day: row.integer(),
        text: row.text(),
        verdict: row.text(),
        sentiment: row.integer(),
        topic: row.text(),
        needs_review: row.flag(),
        sentiment_said: row.flag(),
        topic_said: row.flag(),
    }
}
