//! SQLite and key-value as Spin's local backends serve them, with their defaults and thorns.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::time::timeout;

use crate::host::{Probe, probe, probe_with};

/// Long enough for every answer that comes at all.
const WAIT: Duration = Duration::from_secs(3);

async fn half(probe: &Probe, rows: u32, read: u32) -> Option<String> {
    let path = format!("/do/half?rows={rows}&read={read}");
    timeout(WAIT, probe.text(&path)).await.ok()
}

#[tokio::test]
async fn sqlite_has_its_own_defaults_and_no_silent_wal() {
    let probe = probe();
    let seen = probe
        .sql(
            "select sqlite_version()\npragma journal_mode\npragma synchronous\n\
             pragma foreign_keys\npragma busy_timeout\npragma cache_size",
        )
        .await;
    assert_eq!(
        seen,
        "[sqlite_version()] '3.49.1'\n[journal_mode] 'delete'\n[synchronous] 2\n\
         [foreign_keys] 1\n[timeout] 5000\n[cache_size] -2000\n0 0"
    );
}

#[tokio::test]
async fn every_open_is_a_new_connection() {
    let probe = probe();
    probe.sql("pragma synchronous = off\ncreate temp table mine (a)").await;
    let seen = probe.sql("pragma synchronous\nselect * from mine").await;
    assert!(seen.starts_with("[synchronous] 2\n[] Error::Io(\"no such table: mine"), "{seen}");
}

#[tokio::test]
async fn a_kept_connection_survives_from_request_to_request() {
    let probe = probe();
    let path = "/do/sql?kept=1";
    let send = |sql: &'static str| probe.client.send("POST", path, &[], sql);
    send("create temp table mine (a)").await.unwrap();
    let seen = send("insert into mine values (1), (2)\nselect count(*) as n from mine").await;
    assert_eq!(seen.unwrap().text(), "[] \n[n] 2\n2 2");
}

#[tokio::test]
async fn a_transaction_spans_calls_and_ends_with_its_connection() {
    let probe = probe();
    let seen = probe
        .sql("create table t (a)\nbegin immediate\ninsert into t values (1)\nselect a from t")
        .await;
    assert!(seen.contains("[a] 1\n"), "{seen}");
    let seen = probe.sql("select count(*) as n from t").await;
    assert!(seen.starts_with("[n] 0\n"), "{seen}");
}

#[tokio::test]
async fn only_the_first_statement_of_a_string_runs() {
    let probe = probe();
    let seen = probe.sql("create table t (a); insert into t values (1)\nselect * from t").await;
    assert_eq!(seen, "[] \n[a] \n0 0");
}

#[tokio::test]
async fn errors_arrive_with_the_result_and_the_call_itself_succeeds() {
    let probe = probe();
    let seen = probe.sql("selekt\nselect 1 as a, 2 as b").await;
    assert!(seen.starts_with("[] Error::Io(\"near \\\"selekt\\\": syntax error"), "{seen}");
    assert!(seen.contains("\n[a,b] 1,2\n"), "{seen}");
    let seen = probe.sql("select abs(-9223372036854775808) as a").await;
    assert!(seen.starts_with("[a] Error::Io(\"integer overflow"), "{seen}");
    let seen = probe.sql("select ?1 as a").await;
    assert!(seen.starts_with("[a] Error::Io("), "{seen}");
}

#[tokio::test]
async fn four_unread_rows_leave_the_connection_free() {
    let probe = probe();
    assert_eq!(half(&probe, 4, 0).await.unwrap(), "1 second, 4 left");
    assert_eq!(half(&probe, 9, 5).await.unwrap(), "1 second, 4 left");
    assert_eq!(half(&probe, 3000, 2996).await.unwrap(), "1 second, 4 left");
}

#[tokio::test]
async fn a_fifth_unread_row_holds_the_connection() {
    let probe = probe();
    assert_eq!(half(&probe, 5, 0).await, None);
    assert_eq!(half(&probe, 9, 4).await, None);
    assert_eq!(half(&probe, 3000, 2000).await, None);
    // Only that connection hangs.
    assert!(probe.sql("select 1 as a").await.starts_with("[a] 1\n"));
}

#[tokio::test]
async fn long_results_arrive_whole_and_in_order() {
    let probe = probe();
    let seen = probe
        .sql(
            "with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000) \
             select i from n",
        )
        .await;
    let numbers = seen.lines().next().unwrap().strip_prefix("[i] ").unwrap();
    let numbers = numbers.split(' ').map(|number| number.parse::<u32>().unwrap());
    assert!(numbers.eq(1..=20000));
}

#[tokio::test]
async fn files_extensions_and_vacuum_into_are_out_of_reach() {
    let probe = probe();
    let elsewhere = probe.state.path().join("elsewhere.db");
    let path = elsewhere.display();
    let seen = probe
        .sql(&format!(
            "attach '{path}' as a\nvacuum into '{path}'\nselect load_extension('x')\n\
             attach ':memory:' as b\nattach '' as c\nvacuum"
        ))
        .await;
    let lines = seen.lines().collect::<Vec<_>>();
    for line in &lines[..3] {
        assert!(
            line.contains("Error::Io(\"") && line.contains("denied")
                || line.contains("not authorized"),
            "{seen}"
        );
    }
    assert_eq!(lines[3..], ["[] ", "[] ", "[] ", "0 0"]);
    assert!(!elsewhere.exists());
}

#[tokio::test]
async fn an_instance_opens_256_connections() {
    let probe = probe();
    let seen = probe.text("/do/open?count=257").await;
    assert_eq!(seen, "256 and Error::Io(\"too many connections opened\")");
    assert_eq!(probe.text("/do/open?count=256").await, "256");
}

#[tokio::test]
async fn a_row_of_more_than_128_mib_is_an_error() {
    let probe = probe();
    let seen = probe.sql("select zeroblob(100 << 20) as b").await;
    assert!(seen.starts_with("[b] blob of 104857600"), "{seen}");
    let seen = probe.sql("select zeroblob(129 << 20) as b").await;
    assert!(seen.contains("query result exceeds limit of 134217728 bytes"), "{seen}");
}

#[tokio::test]
async fn a_text_that_is_not_utf8_costs_the_instance() {
    let probe = probe();
    let (before, _) = probe.instance("/do/count").await.unwrap();
    let sql = "select cast(x'ff' as text)";
    let answer = probe.client.send("POST", "/do/sql", &[], sql).await.unwrap();
    assert_eq!(answer.status, 500);
    let (after, _) = probe.instance("/do/count").await.unwrap();
    assert_ne!(before, after);
}

#[tokio::test]
async fn a_writer_waits_for_the_lock_and_a_late_upgrade_fails_at_once() {
    let probe = Arc::new(probe());
    probe.sql("create table t (a)").await;
    let kept = "/do/sql?kept=1";
    probe.client.send("POST", kept, &[], "begin\nselect * from t").await.unwrap();
    // In another instance or not, this is another connection.
    let waiting = tokio::spawn({
        let probe = Arc::clone(&probe);
        async move { probe.sql("begin immediate\ninsert into t values (1)\ncommit").await }
    });
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(!waiting.is_finished(), "the reader's lock keeps the commit waiting");
    let start = Instant::now();
    let late = probe.client.send("POST", kept, &[], "insert into t values (2)").await.unwrap();
    assert!(late.text().contains("database is locked"), "{}", late.text());
    assert!(start.elapsed() < Duration::from_secs(2));
    probe.client.send("POST", kept, &[], "rollback").await.unwrap();
    assert_eq!(waiting.await.unwrap(), "[] \n[] \n[] \n1 1");
}

#[tokio::test]
async fn wal_stays_in_the_file_once_asked_for() {
    let probe = probe();
    probe.sql("pragma journal_mode = wal").await;
    assert!(probe.sql("pragma journal_mode").await.starts_with("[journal_mode] 'wal'"));
}

#[tokio::test]
async fn without_a_state_directory_every_open_is_an_empty_database() {
    let probe = probe_with(|options| options.state_dir = Some("".into()));
    let seen = probe.sql("create table t (a)\nselect count(*) as n from t").await;
    assert!(seen.starts_with("[] \n[n] 0\n"), "{seen}");
    assert!(probe.sql("select * from t").await.contains("no such table"));
    probe.text("/do/set?key=a&value=kept").await;
    assert_eq!(probe.text("/do/get?key=a").await, "kept");
}

#[tokio::test]
async fn labels_that_are_not_declared_are_denied() {
    let probe = probe();
    let bare = probe.client.send("POST", "/bare/do/sql", &[], "select 1").await.unwrap();
    assert_eq!(bare.text(), "Error::AccessDenied");
    assert_eq!(probe.text("/bare/do/get?key=a").await, "Error::AccessDenied");
    assert_eq!(probe.text("/do/get?key=a&label=other").await, "Error::AccessDenied");
}

#[tokio::test]
async fn the_key_value_store_gets_sets_deletes_and_lists() {
    let probe = probe();
    assert_eq!(probe.text("/do/get?key=a").await, "none");
    assert_eq!(probe.text("/do/set?key=a&value=1").await, "Ok(())");
    assert_eq!(probe.text("/do/set?key=b&value=2").await, "Ok(())");
    assert_eq!(probe.text("/do/set?key=a&value=3").await, "Ok(())");
    assert_eq!(probe.text("/do/get?key=a").await, "3");
    assert_eq!(probe.text("/do/exists?key=b").await, "true");
    assert_eq!(probe.text("/do/keys").await, "a,b");
    assert_eq!(probe.text("/do/delete?key=b").await, "Ok(())");
    assert_eq!(probe.text("/do/delete?key=b").await, "Ok(())");
    assert_eq!(probe.text("/do/exists?key=b").await, "false");
}

#[tokio::test]
async fn files_have_spins_names_and_tables() {
    let probe = probe();
    probe.sql("create table t (a)").await;
    probe.text("/do/set?key=a&value=1").await;
    let open = |name: &str| {
        let path = probe.state.path().join(name);
        rusqlite::Connection::open(path).unwrap()
    };
    let tables = "select count(*) from sqlite_schema where name = 't'";
    let count = open("sqlite_db.db").query_row(tables, [], |row| row.get::<_, u32>(0));
    assert_eq!(count.unwrap(), 1);
    let value = "select value from spin_key_value where store = 'default' and key = 'a'";
    let value = open("sqlite_key_value.db").query_row(value, [], |row| row.get::<_, Vec<u8>>(0));
    assert_eq!(value.unwrap(), b"1");
    assert!(probe.state.path().join("logs/probe_stdout.txt").exists());
}
