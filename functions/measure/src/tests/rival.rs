//! Somebody else brings the same keys between our look and our commit.

use std::cell::Cell;

use app::measure::{Batch, Measurement};
use ports::{Answer, Committed, Env, Outgoing, Row, Sql, Statement, StoreError, Unanswered, Write};
use serde_json::json;
use testkit::World;

/// A world in which a rival is quicker, so many times.
struct Rival<'a> {
    world: &'a World,
    left: Cell<usize>,
}

impl Rival<'_> {
    /// Brings one of our keys.
    fn strike(&self) {
        let Some(left) = self.left.get().checked_sub(1) else { return };
        self.left.set(left);
        let it = Measurement {
            key: format!("key {left}"),
            name: "orders".to_owned(),
            value: 100,
            at: self.world.now(),
            day: 20_779,
            touchpoint_id: String::new(),
            channel: String::new(),
            agent_id: String::new(),
        };
        let batch = Batch::new("sit_shop", self.world.now(), self.world.random(), &[&it], false);
        self.world.run(batch.write.statement);
    }
}

impl Sql for Rival<'_> {
    async fn rows(&self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        self.world.sql().rows(statement).await
    }

    async fn commit(&self, writes: Vec<Write>) -> Result<Committed, StoreError> {
        self.strike();
        self.world.sql().commit(writes).await
    }
}

impl Env for Rival<'_> {
    fn now(&self) -> i64 {
        self.world.now()
    }

    fn random(&self) -> [u8; 16] {
        self.world.random()
    }

    fn sql(&self) -> &impl Sql {
        self
    }

    async fn recall(&self, name: &str) -> Option<Vec<u8>> {
        self.world.recall(name).await
    }

    async fn keep(&self, name: &str, value: &[u8]) {
        self.world.keep(name, value).await;
    }

    async fn setting(&self, name: &'static str) -> Option<String> {
        self.world.setting(name).await
    }

    async fn call(&self, call: Outgoing) -> Result<Answer, Unanswered> {
        self.world.call(call).await
    }

    fn hurry(&self, component: &'static str) {
        self.world.hurry(component);
    }
}

#[test]
fn the_answer_is_true_whoever_was_quicker() {
    // Three tries: the third loses too.
    for (rivals, taken) in [(0, Some(3)), (1, Some(2)), (2, Some(1)), (3, None)] {
        let world = World::with_site();
        let all: Vec<_> =
            (0..3).map(|at| json!({ "name": "orders", "key": format!("key {at}") })).collect();
        let body = json!({ "measurements": all });
        let head = "POST /v1/measurements\nauthorization: Bearer {agent}\nidempotency-key: k";
        let handle = async |world: &World, request| {
            crate::handle(&Rival { world, left: Cell::new(rivals) }, request).await
        };
        let answer = world.send(handle, &format!("{head}\n\n{body}"));
        let events = "select count(*) from event where kind = 'measurement.recorded'";
        match taken {
            None => {
                assert_eq!((answer.status().as_u16(), world.number(events)), (409, 0));
            }
            Some(taken) => {
                let shown: serde_json::Value = serde_json::from_slice(answer.body()).unwrap();
                assert_eq!(
                    (&shown["taken"], &shown["repeated"]),
                    (&taken.into(), &(3 - taken).into())
                );
                let ours = "select count(*) from measurement where value = 1";
                assert_eq!((world.number(ours), world.number(events)), (taken, 1));
            }
        }
        let sum = "select (select sum(n) from measure) - (select count(*) from measurement)";
        assert_eq!(world.number(sum), 0);
    }
}
