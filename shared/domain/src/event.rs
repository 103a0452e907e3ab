//! Events: what happened to a subject, in order, each sealed by a hash of the one before.
//!
//! The log of events is the audit trail, the timeline and the outbox. Nothing personal is in
//! the hashed part: names, contacts and free text stay in rows that can be erased.

use sha2::{Digest, Sha256};

use crate::UtcMs;

/// One change of one subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// `evt_…`.
    pub id: String,
    /// The site that it belongs to.
    pub site_id: String,
    /// The thing that changed.
    pub subject: String,
    /// The subject's version after the change; 1 is its making.
    pub version: i64,
    /// Such as `touchpoint.updated`.
    pub kind: &'static str,
    /// Who did it: `key:key_…`, `source:src_…`, `admin`, `public`, `tick`.
    pub actor: String,
    /// When.
    pub at: UtcMs,
    /// What changed, as JSON text, byte for byte as hashed.
    pub data: String,
    /// The hash of the subject's previous event; zeros for the first.
    pub previous: [u8; 32],
}

/// What stands before the first event of every subject.
pub const ORIGIN: [u8; 32] = [0; 32];

impl Event {
    /// The seal: SHA-256 over the previous seal and every field.
    pub fn hash(&self) -> [u8; 32] {
        let fields = Sealed {
            id: &self.id,
            site_id: &self.site_id,
            subject: &self.subject,
            version: self.version,
            kind: self.kind,
            actor: &self.actor,
            at: self.at,
            data: &self.data,
        };
        fields.hash(&self.previous)
    }
}

/// The hashed fields of an event, as they come back from the database.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the same fields as `Event`")]
pub struct Sealed<'a> {
    pub id: &'a str,
    pub site_id: &'a str,
    pub subject: &'a str,
    pub version: i64,
    pub kind: &'a str,
    pub actor: &'a str,
    pub at: UtcMs,
    pub data: &'a str,
}

impl Sealed<'_> {
    /// The seal of these fields after `previous`.
    pub fn hash(&self, previous: &[u8; 32]) -> [u8; 32] {
        let mut hasher = Sha256::new();
        hasher.update(previous);
        for field in [self.id, self.site_id, self.subject, self.kind, self.actor, self.data] {
            // Length first, so that moving a byte from one field to the next shows.
            hasher.update((field.len() as u64).to_be_bytes());
            hasher.update(field.as_bytes());
        }
        hasher.update(self.version.to_be_bytes());
        hasher.update(self.at.to_be_bytes());
        hasher.finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event() -> Event {
        Event {
            id: "evt_1".into(),
            site_id: "sit_1".into(),
            subject: "tch_1".into(),
            version: 1,
            kind: "touchpoint.created",
            actor: "admin".into(),
            at: 5,
            data: "{}".into(),
            previous: ORIGIN,
        }
    }

    #[test]
    fn every_field_is_sealed() {
        let seal = event().hash();
        let changes: [fn(&mut Event); 9] = [
            |it| it.id.push('x'),
            |it| it.site_id.push('x'),
            |it| it.subject.push('x'),
            |it| it.version += 1,
            |it| it.kind = "touchpoint.updated",
            |it| it.actor.push('x'),
            |it| it.at += 1,
            |it| it.data.push(' '),
            |it| it.previous[31] ^= 1,
        ];
        for change in changes {
            let mut changed = event();
            change(&mut changed);
            assert_ne!(changed.hash(), seal, "{changed:?}");
        }
    }

    #[test]
    fn moving_a_byte_between_fields_shows() {
        let mut left = event();
        left.id = "evt_1s".into();
        left.site_id = "it_1".into();
        assert_ne!(left.hash(), event().hash());
    }
}
