//! The same message from many at once: one is stored, and everybody is told of that one.

use std::sync::Barrier;
use std::time::Duration;

use rusqlite::Connection;
use store::inbound::{Arrival, store, stored};

const SENDERS: usize = 4;
const ROUNDS: usize = 25;

#[test]
fn of_the_same_message_at_once_one_is_stored_and_told_to_all() {
    let path = std::env::temp_dir().join(format!("arrivals-{}.db", std::process::id()));
    let open = || {
        let connection = Connection::open(&path).unwrap();
        connection.busy_timeout(Duration::from_secs(20)).unwrap();
        connection
    };
    let first = open();
    first.pragma_update(None, "journal_mode", "wal").unwrap();
    for statement in store::migrations::after(0) {
        first.execute_batch(statement).unwrap();
    }
    first
        .execute_batch(
            "insert into site (id, version, name, zone, origins, minimum_n, weights, created_at_ms,
               updated_at_ms)
             values ('sit_1', 1, 'x', 'UTC', '[]', 5, '{}', 0, 0);
             insert into source values ('src_1', 'sit_1', 1, 'x', 1, 'token', '', '', '', 0, '',
               '', '[]', '', 0, 0, 0);",
        )
        .unwrap();
    let barrier = Barrier::new(SENDERS);
    let told: Vec<Vec<String>> = std::thread::scope(|scope| {
        let send = |sender: usize| {
            let connection = open();
            let (barrier, mut told) = (&barrier, Vec::new());
            scope.spawn(move || {
                for round in 0..ROUNDS {
                    barrier.wait();
                    told.push(arrive(&connection, sender, round));
                }
                told
            })
        };
        let senders: Vec<_> = (0..SENDERS).map(send).collect();
        senders.into_iter().map(|it| it.join().unwrap()).collect()
    });
    assert!(told.iter().all(|it| *it == told[0]), "{told:?}");
    for table in ["inbound", "inbound_body", "inbound_about"] {
        let count = format!("select count(*) from {table}");
        let count: usize = first.query_row(&count, [], |row| row.get(0)).unwrap();
        assert_eq!(count, ROUNDS, "{table}");
    }
    drop(first);
    for ending in ["", "-wal", "-shm"] {
        let _gone = std::fs::remove_file(format!("{}{ending}", path.display()));
    }
}

/// The id of the message that is there.
fn arrive(connection: &Connection, sender: usize, round: usize) -> String {
    let arrival = Arrival {
        id: &format!("inb_{round}_{sender}"),
        site_id: "sit_1",
        source_id: "src_1",
        once: &format!("once_{round}"),
        now: 0,
        forget_at: 0,
        content: "{}",
        whos: "[\"who\"]",
    };
    stored(testkit::rows(connection, store(&arrival)).unwrap()).unwrap().unwrap().0
}
