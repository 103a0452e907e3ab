//! Events as others see them: the same in the feed and in a webhook's body.

use serde::Serialize;
use serde_json::Value;
use store::events::Told;
use web::view;

/// An event as JSON.
#[derive(Serialize, Debug)]
pub struct EventView<'a> {
    id: &'a str,
    sequence: i64,
    #[serde(rename = "type")]
    kind: &'a str,
    timestamp: String,
    site_id: &'a str,
    subject: &'a str,
    version: i64,
    actor: &'a str,
    data: Value,
}

impl<'a> From<&'a Told> for EventView<'a> {
    fn from(event: &'a Told) -> EventView<'a> {
        EventView {
            id: &event.id,
            sequence: event.sequence,
            kind: &event.kind,
            timestamp: view::time(event.at),
            site_id: &event.site_id,
            subject: &event.subject,
            version: event.version,
            actor: &event.actor,
            data: view::json(&event.data),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_has_one_shape() {
        let event = Told {
            sequence: 4711,
            id: "evt_1".into(),
            site_id: "sit_1".into(),
            subject: "rsp_1".into(),
            version: 1,
            kind: "response.created".into(),
            actor: "public".into(),
            at: 1_795_311_000_125,
            data: r#"{"survey_id":"srv_1"}"#.into(),
        };
        let expected = concat!(
            r#"{"id":"evt_1","sequence":4711,"type":"response.created","#,
            r#""timestamp":"2026-11-22T01:30:00.125Z","site_id":"sit_1","subject":"rsp_1","#,
            r#""version":1,"actor":"public","data":{"survey_id":"srv_1"}}"#
        );
        assert_eq!(view::text(&EventView::from(&event)), expected);
    }
}
