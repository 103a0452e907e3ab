//! How SQLite means to run every statement of a request: by index, never by scanning a table.
//!
//! `tests/golden/plans.txt` pins the plans, so that a change of schema or of a query shows.

mod call_figures;
mod call_supply;
mod call_time;
mod callbacks;
mod calling;
mod causes;
mod complaints;
mod gauges;
mod libsql;
mod people;
mod policies;
mod reports;

use std::fmt::Write as _;

use ports::Statement;
use store::rollups::{Key, Parts, Span};
use store::{
    Entity, Page, agents, alarms, comments, customers, deliveries, delivery_log, departments,
    events, foreign_ids, idempotency, jobs, keys, looks, measures, notices, partials, prints,
    responses, webhooks,
};
use store::{case_counts, inbound, messages, orders, shares, sightings, sources};
use store::{
    digests, heatmap, invitations, models, overview, programmes, rebuild, rests, rollups, scales,
    sites, studies, templates, touchpoints, visits, waves,
};
use testkit::World;

fn statements() -> Vec<(&'static str, Statement)> {
    let page = Page { after: "x".into(), rows: 51 };
    let submission = responses::Submission {
        rows: "[]".into(),
        site_id: "s",
        study_id: "s",
        source: "widget",
        actor: "public",
    };
    let response = response();
    let partial = partials::Partial::default();
    vec![
        ("agents::by_id", agents::Agent::by_id("s", "a").statement),
        ("agents::known", agents::known("s", "[]").statement),
        ("agents::list", agents::Agent::list("s", &page).statement),
        ("alarms::list", alarms::list("s", "", &page).statement),
        ("alarms::open", alarms::open("s").statement),
        ("customers::by_external_id", customers::by_external_id("s", "x").statement),
        ("customers::by_id", customers::Customer::by_id("s", "c").statement),
        ("customers::contacts", customers::contacts("c").statement),
        ("customers::drop_contact", customers::drop_contact("c", "")),
        ("customers::erase_given", customers::erase_given("c")),
        ("customers::ids", customers::ids("s", "[]").statement),
        ("customers::list", customers::Customer::list("s", &page).statement),
        ("customers::unlink_responses", customers::unlink_responses("c")),
        ("departments::by_id", departments::Department::by_id("s", "d").statement),
        ("departments::list", departments::Department::list("s", &page).statement),
        ("events::of", events::of("s", "x", 0, 1).statement),
        ("events::append_screened", events::append_screened("[]")),
        ("events::seal", events::seal("x", 1).statement),
        ("events::seals", events::seals("[]", 1).statement),
        ("idempotency::blank", idempotency::blank("c")),
        ("idempotency::find", idempotency::find("c", "k", 0).statement),
        ("jobs::by_id", jobs::by_id("s", "j").statement),
        ("jobs::lease", jobs::lease(0, 1, "l", "[]", 10).statement),
        ("keys::by_hash", keys::by_hash([0; 32]).statement),
        ("keys::by_id", keys::Key::by_id("s", "k").statement),
        ("keys::by_session", keys::by_session([0; 32], 0).statement),
        ("keys::of_pages", keys::of_pages("s", 0).statement),
        ("keys::holders", keys::holders("s", "[]").statement),
        ("keys::sessions", keys::sessions("k", 0, (0, ""), 9).statement),
        ("keys::session_of", keys::session_of("k", "s", 0).statement),
        ("keys::all_sessions", keys::all_sessions("k", &[], 9).statement),
        ("keys::close_sessions", keys::close_sessions("[]")),
        ("templates::by_id", templates::Template::by_id("s", "t").statement),
        ("templates::list", templates::Template::list("s", &page).statement),
        ("templates::of_kind", templates::of_kind("s", "note", &page).statement),
        ("keys::list", keys::Key::list("s", &page).statement),
        ("responses::by_id", responses::by_id("s", "r").statement),
        ("partials::abandon", partials::abandon("[]", "s", "y", 0)),
        ("partials::by_key", partials::by_key("y", "k", 0).statement),
        ("partials::drop_off", partials::drop_off("y", 1).statement),
        ("partials::erase", partials::erase("c")),
        ("partials::forget", partials::forget("y", "[]", 0)),
        ("partials::given_up", partials::given_up(0, 9).statement),
        ("partials::save", partials::save(&partial, "[]", 1, None, None).statement),
        ("responses::contacts", responses::contacts("[]").statement),
        ("responses::import", responses::import(&submission)),
        ("responses::list", responses::list("s", &page).statement),
        ("responses::page_after", responses::page_after("s", "", (0, 1), 9).statement),
        ("responses::recount", responses::recount("s", &response)),
        ("responses::screen", responses::screen("[]")),
        ("responses::submit", responses::submit(&submission, 7, 1, [0; 32], 0)),
        ("responses::submit_page", responses::submit_page(&submission, 7, 1)),
    ]
}

/// The statements over what a site is made of.
fn of_settings() -> Vec<(&'static str, Statement)> {
    let page = Page { after: "x".into(), rows: 51 };
    vec![
        ("foreign_ids::by_id", foreign_ids::ForeignId::by_id("s", "f").statement),
        ("foreign_ids::delete", foreign_ids::delete("s", "f")),
        ("foreign_ids::insert", foreign_ids::insert(&foreign_ids::ForeignId::default())),
        ("foreign_ids::list", foreign_ids::ForeignId::list("s", &page).statement),
        ("foreign_ids::place", foreign_ids::place([0; 32], "k", "y", 0).statement),
        ("responses::taken", responses::taken("s", "k").statement),
        ("sites::by_id", sites::by_id("s").statement),
        ("studies::by_id", studies::Study::by_id("s", "y").statement),
        ("studies::list", studies::Study::list("s", &page).statement),
        ("studies::public", studies::public("y", 0).statement),
        ("studies::versions", studies::versions("y", 0, 1).statement),
        ("touchpoints::by_id", touchpoints::Touchpoint::by_id("s", "t").statement),
        ("touchpoints::list", touchpoints::Touchpoint::list("s", &page).statement),
        ("visits::expire", visits::expire(0)),
        ("visits::expire_spent", visits::expire_spent(0)),
        ("touchpoints::unknown", touchpoints::unknown("s", "[]").statement),
    ]
}

/// The statements about what somebody should look at.
fn of_looks() -> Vec<(&'static str, Statement)> {
    let before = looks::Before { day: 1, id: "r" };
    vec![
        ("looks::asked", looks::asked("[]").statement),
        ("looks::by_id", looks::by_id("s", "r").statement),
        ("looks::look", looks::look(&looks::Look::default())),
        ("looks::low", looks::low("s", before, 0, 9).statement),
        ("looks::screened", looks::screened("s", before, 0, 9).statement),
        ("looks::take_up", looks::take_up("s", "r")),
        ("looks::waiting", looks::waiting("s", "[]", 0, 9).statement),
    ]
}

/// A response to be changed.
fn response() -> responses::Response {
    responses::Response {
        id: "r".into(),
        study_version: 1,
        source: String::new(),
        channel: String::new(),
        group: String::new(),
        language: String::new(),
        customer_id: String::new(),
        agent_id: String::new(),
        answers: String::new(),
        answered_at: 0,
        received_at: 0,
        screened: String::new(),
        counted: true,
        version: 1,
        complete: true,
        looked_at: None,
        looked_by: String::new(),
    }
}

/// The statements over rollups.
fn of_rollups() -> Vec<(&'static str, Statement)> {
    let span = Span { site_id: "s", metric: "nps", points: 10, days: (7, 8), before: None };
    let key = Key { grain: "site", a: "", b: "", stage: "" };
    let staged = Key { stage: "purchase", ..key };
    let read = |parts| rollups::read(&span, &key, &parts).statement;
    let list = overview::List { grain: "touchpoint", other: "", which: "" };
    let overview = overview::Asked {
        site_id: "s",
        total: key,
        touchpoints: list,
        channels: overview::List { which: "[]", ..list },
        days: (2, 3),
        before: Some((0, 1)),
    };
    let heat = heatmap::Asked {
        site_id: "s",
        metric: "csat",
        points: 5,
        grain: "touchpoint",
        fixed: "",
        columns: "[]",
        rows: 9,
    };
    vec![
        ("rollups::by_day", rollups::by_day(&span, &key).statement),
        ("rollups::by_day of a stage", rollups::by_day(&span, &staged).statement),
        ("rollups::joints", rollups::joints(&span, "touchpoint_driver").statement),
        ("rollups::daily", rollups::daily("s", (0, 1)).statement),
        ("rollups::names", rollups::names("s", "[]", "v").statement),
        ("rollups::read", read(Parts::None)),
        ("rollups::read by first", read(Parts::First("channel", ""))),
        ("rollups::read by pair", read(Parts::Pairs("touchpoint_channel"))),
        ("rollups::read by second", read(Parts::Second("touchpoint_channel", "t"))),
        ("rollups::read by stage", read(Parts::Stages)),
        ("rollups::read by touchpoint", read(Parts::Touchpoints)),
        ("scales::by_key", scales::by_key("s", "dimension", (0, 1), None).statement),
        ("scales::daily", scales::daily("s", (0, 1), None).statement),
        ("scales::daily_of_survey", scales::daily_of_survey("s", "v", (0, 1), None).statement),
        ("rebuild::compare_day", rebuild::compare_day("j", "l", "s", 0)),
        ("rebuild::clear_day", rebuild::clear_day("s", 0)),
        ("rebuild::count_day", rebuild::count_day("s", 0)),
        ("case_counts::add", case_counts::add("s", "[]")),
        ("case_counts::add_values", case_counts::add_values("s", "[]")),
        ("rebuild::cases", rebuild::cases("s", 0, "c", 9).statement),
        ("rebuild::compare_cases", rebuild::compare_cases("j", "l", ("s", 0), ("[]", "[]"), 0)),
        ("rebuild::clear_cases", rebuild::clear_cases("s", 0)),
        ("rebuild::clear_case_values", rebuild::clear_case_values("s", 0)),
        ("rebuild::next_day", rebuild::next_day("s", 0).statement),
        ("overview::overview", overview::overview(&overview).statement),
        ("heatmap of touchpoints", heatmap::heatmap(&heat, heatmap::Rows::Touchpoints).statement),
        ("heatmap by first", heatmap::heatmap(&heat, heatmap::Rows::First).statement),
        ("heatmap by second", heatmap::heatmap(&heat, heatmap::Rows::Second).statement),
    ]
}

/// The statements of every trigger, which no plan of the statement that fires it shows.
///
/// What the row brings is a parameter here, as far as planning goes.
fn triggered(world: &World) -> Vec<(String, String)> {
    let connection = world.database();
    let text = "select name, sql from sqlite_schema where type = 'trigger' order by name";
    let mut prepared = connection.prepare(text).unwrap();
    let triggers = prepared.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    let mut statements = Vec::new();
    for (name, text) in triggers.map(|it: rusqlite::Result<(String, String)>| it.unwrap()) {
        let (_, body) = text.split_once("begin").unwrap();
        let (body, _) = body.rsplit_once("end").unwrap();
        let bodies = body.split(';').map(str::trim).filter(|it| !it.is_empty());
        for (at, body) in bodies.enumerate().filter(|(_, it)| !it.starts_with("select raise")) {
            let mut parts = body.replace("old.", "new.");
            while let Some((before, after)) = parts.split_once("new.") {
                let after = after.trim_start_matches(|it: char| it.is_alphabetic() || it == '_');
                parts = format!("{before}?1{after}");
            }
            statements.push((format!("trigger {name} {}", at + 1), parts));
        }
    }
    statements
}

/// The statements over measurements.
fn of_measures() -> Vec<(&'static str, Statement)> {
    let span = measures::Span { site_id: "s", name: "n", grain: "g", key: "", days: (0, 1) };
    vec![
        ("measures::known", measures::known("s", "[]", "[]").statement),
        ("measures::record", measures::record("[]", "s", "b", true)),
        ("measures::total", measures::total(&span).statement),
        ("measures::by_key", measures::by_key(&span).statement),
        ("measures::by_day", measures::by_day(&span).statement),
        ("measures::figures", measures::figures("s", (0, 1), "[]", "[]").statement),
        ("measures::names", measures::names("s", "[]").statement),
        ("measures::touchpoints", measures::touchpoints("s").statement),
        ("rebuild::compare_measures", rebuild::compare_measures("j", "l", "s", 0)),
        ("rebuild::clear_measures", rebuild::clear_measures("s", 0)),
        ("rebuild::count_measures", rebuild::count_measures("s", 0)),
    ]
}

/// The statements over comments.
fn of_comments() -> Vec<(&'static str, Statement)> {
    let page = Page { after: "x".into(), rows: 51 };
    vec![
        ("comments::by_id", comments::by_id("s", "r", "q").statement),
        ("comments::count_labelled", comments::count_labelled("s", "topic", 9).statement),
        ("comments::labelled", comments::labelled("s", 9).statement),
        ("comments::list", comments::list("s", &page).statement),
        ("comments::list_review", comments::list_review("s", &page).statement),
        ("comments::list_topic", comments::list_topic("s", "t", &page).statement),
        ("comments::some", comments::some("s", "[]").statement),
        ("comments::write", comments::write("[]")),
        ("customers::named", customers::named("s", "c").statement),
        ("customers::erase_comments", customers::erase_comments("s", "c")),
        ("digests::alike", digests::alike("s").statement),
        ("digests::by_site", digests::by_site("s").statement),
        ("digests::comments", digests::comments("s", (0, 1), 9).statement),
        ("digests::keywords", digests::keywords("s", "", "low").statement),
        ("digests::topics", digests::topics("s", "").statement),
        ("models::list", models::list("s").statement),
        ("prints::add", prints::add("[]")),
        ("prints::candidates", prints::candidates("[]", "r").statement),
        ("prints::forget", prints::forget("r", 9)),
        ("models::whole", models::whole("s").statement),
        ("models::weights", models::weights("s", "topic").statement),
    ]
}

/// The statements about who is asked and who is invited.
fn of_waves() -> Vec<(&'static str, Statement)> {
    let page = Page { after: "x".into(), rows: 51 };
    let order = domain::wave::order("w");
    vec![
        ("customers::listed", customers::listed("s", "[]").statement),
        ("events::append_invited", events::append_invited("s", "w", 0, "[]")),
        ("invitations::by_id", invitations::by_id("s", "w", "i").statement),
        ("invitations::coverage", invitations::coverage("s", "w").statement),
        ("invitations::draw", invitations::draw("s", "core", 9, "[]", order).statement),
        ("invitations::drop_uninvited", invitations::drop_uninvited("w")),
        ("invitations::erase", invitations::erase("s", "c")),
        ("invitations::insert", invitations::insert("w", "[]")),
        ("invitations::invite", invitations::invite("w", "[]", 0)),
        ("invitations::invited", invitations::invited("s", "w", "", 9).statement),
        ("invitations::list", invitations::list("s", "w", "", &page).statement),
        ("invitations::remind", invitations::remind("w", "[]", 0)),
        ("invitations::waiting", invitations::waiting("w", "", 9).statement),
        ("programmes::by_id", programmes::Programme::by_id("s", "p").statement),
        ("programmes::due", programmes::due(0).statement),
        ("programmes::list", programmes::Programme::list("s", &page).statement),
        ("rests::clocks", rests::clocks("s", "w", "y", "[]").statement),
        ("rests::displays", rests::displays("y", 0, 9).statement),
        ("rests::expire", rests::expire(0)),
        ("rests::forget", rests::forget("s", "w")),
        ("rests::invited", rests::invited("s", "w", "[]", "[]", 0)),
        ("rests::shown", rests::shown("[]")),
        ("waves::by_id", waves::Wave::by_id("s", "w").statement),
        ("waves::due", waves::due(0).statement),
        ("waves::of", waves::of("s", "p", 9, 9).statement),
    ]
}

/// The statements about links to one view of the figures.
fn of_shares() -> Vec<(&'static str, Statement)> {
    let page = Page { after: "x".into(), rows: 51 };
    vec![
        ("sightings::forget", sightings::forget("y", 0)),
        ("sightings::list", sightings::list("y").statement),
        ("sightings::note", sightings::note("y", "o", false, 0)),
        ("sightings::seen", sightings::seen("y", "o").statement),
        ("shares::by_id", shares::Share::by_id("s", "h").statement),
        ("shares::list", shares::Share::list("s", &page).statement),
        ("shares::revoke", shares::revoke("h", 2, 0)),
        ("shares::shown", shares::shown("h").statement),
    ]
}

/// The statements about what other systems send.
fn of_sources() -> Vec<(&'static str, Statement)> {
    let page = Page { after: "x".into(), rows: 51 };
    let arrival = inbound::Arrival {
        id: "i",
        site_id: "s",
        source_id: "c",
        once: "o",
        now: 0,
        forget_at: 0,
        content: "{}",
        whos: "[]",
    };
    vec![
        ("customers::insert_new", customers::insert_new("s", 0, "[]")),
        ("events::append_all", events::append_all("s", 0, "[]")),
        ("inbound::about", inbound::about("[]")),
        ("inbound::body", inbound::body("i").statement),
        ("inbound::by_id", inbound::by_id("c", "i").statement),
        ("inbound::check", inbound::check("l", "[]")),
        ("inbound::decide", inbound::decide("l", 0, "[]")),
        ("inbound::erase_bodies", inbound::erase_bodies("[]")),
        ("inbound::erase_outcomes", inbound::erase_outcomes("[]")),
        ("inbound::expire", inbound::expire(0)),
        ("inbound::forget_about", inbound::forget_about("[]")),
        ("inbound::has_many_expired", inbound::has_many_expired(0).statement),
        ("inbound::known", inbound::known("s", &inbound::Names::default()).statement),
        ("inbound::lease", inbound::lease(0, 1, "l", 9, 9).statement),
        ("inbound::list", inbound::list("c", &page).statement),
        ("inbound::list_state", inbound::list_state("c", "new", &page).statement),
        ("inbound::next_due", inbound::next_due().statement),
        ("inbound::replay", inbound::replay("i", 2)),
        ("inbound::replay_some", inbound::replay_some()),
        ("inbound::store", inbound::store(&arrival)),
        ("inbound::waiting", inbound::waiting(0).statement),
        ("messages::by_id", messages::by_id("s", "m").statement),
        ("messages::erase", messages::erase("c")),
        ("messages::insert", messages::insert("s", 0, "[]")),
        ("messages::list", messages::list("s", &page).statement),
        ("messages::list_customer", messages::list_customer("s", "c", &page).statement),
        ("orders::by_id", orders::by_id("s", "o").statement),
        ("orders::erase", orders::erase("c")),
        ("orders::erase_rfm", orders::erase_rfm("c")),
        ("orders::insert", orders::insert("s", 0, "[]")),
        ("orders::list", orders::list("s", &page).statement),
        ("orders::list_customer", orders::list_customer("s", "c", &page).statement),
        ("orders::rfm", orders::rfm("s", "c").statement),
        ("sources::by_id", sources::Source::by_id("s", "c").statement),
        ("sources::claimed", sources::claimed("c").statement),
        ("sources::end_replays", sources::end_replays()),
        ("sources::list", sources::Source::list("s", &page).statement),
        ("sources::readers", sources::readers("[]").statement),
        ("sources::replay", sources::replay("c", 2, "failed", 0)),
    ]
}

/// The statements that deliver events.
fn of_deliveries() -> Vec<(&'static str, Statement)> {
    let lease = deliveries::Lease { name: "l", now: 0, until: 1 };
    let outlet = deliveries::Outlet {
        webhook_id: "w".into(),
        site_id: "s".into(),
        version: 1,
        url: String::new(),
        is_ordered: true,
        signature: String::new(),
        secret: String::new(),
        headers: String::new(),
        old_secret: String::new(),
        old_secret_until: 0,
        failing_since: None,
        has_events: true,
    };
    let health = deliveries::Health::default();
    let plan = deliveries::plan(&lease, "", 9).into_iter().map(|it| it.statement);
    let record = deliveries::record("w", 0, "[]").into_iter().map(|it| it.statement);
    let disable = deliveries::disable("w", 1, "gone", 0).into_iter().map(|it| it.statement);
    let mut statements = vec![
        ("deliveries::due", deliveries::due("w", true, 0, 9).statement),
        ("deliveries::expire", deliveries::expire(0)),
        ("deliveries::forget", deliveries::forget()),
        ("deliveries::has_many_expired", deliveries::has_many_expired(0).statement),
        ("deliveries::held", deliveries::held("w", "l").statement),
        ("deliveries::lease", deliveries::lease(&lease, 9)),
        ("deliveries::leased", deliveries::leased("l").statement),
        ("deliveries::next_due", deliveries::next_due(0).statement),
        ("deliveries::settle", deliveries::settle(&outlet, &lease, health, true)),
    ];
    let names = ["deliveries::disable of the webhook", "deliveries::disable of the outlet"];
    statements.extend(names.into_iter().zip(disable));
    let names = [
        "deliveries::plan of events",
        "deliveries::plan of a replay",
        "deliveries::plan of how far",
    ];
    statements.extend(names.into_iter().zip(plan));
    let names = ["deliveries::record of tries", "deliveries::record of deliveries"];
    statements.extend(names.into_iter().zip(record));
    statements
}

/// The statements about webhooks, their log, the feed and notices.
fn of_webhooks() -> Vec<(&'static str, Statement)> {
    let page = Page { after: "x".into(), rows: 51 };
    let wanted = events::Wanted { after: 0, types: "[]", look: 9, rows: 9 };
    let log = delivery_log::Wanted { before: 9, state: "dead", types: "[]", look: 9, rows: 9 };
    let (range, types) = ((0, 9), "[]");
    let replay = webhooks::Replay { range, types, is_failed_only: true, look: 9, most: 9 };
    let (webhook, notice) = (webhooks::Webhook::default(), notices::Notice::default());
    vec![
        ("delivery_log::attempts", delivery_log::attempts("w", 1, 9).statement),
        ("delivery_log::by_sequence", delivery_log::by_sequence("w", 1).statement),
        ("delivery_log::list", delivery_log::list("w", &log).statement),
        ("delivery_log::list_in", delivery_log::list_in("w", &log).statement),
        ("delivery_log::retry", delivery_log::retry("w", 1, 0)),
        ("delivery_log::wake", delivery_log::wake("w", 0)),
        ("events::between", events::between("e", "f").statement),
        ("events::by_id", events::by_id("s", "e").statement),
        ("events::by_sequence", events::by_sequence("s", 1).statement),
        ("events::feed", events::feed("s", &wanted).statement),
        ("events::feed_of", events::feed_of("s", "x", &wanted).statement),
        ("notices::by_id", notices::by_id("s", "n").statement),
        ("notices::list", notices::list("s", "", "", 9).statement),
        ("notices::see", notices::see(&notice)),
        ("notices::see_all", notices::see_all(0, "[]")),
        ("notices::unseen", notices::unseen("s", "[]").statement),
        ("notices::waiting", notices::waiting("s", "[]", "", 9).statement),
        ("notices::whom", notices::whom("a", "[]").statement),
        ("visits::count", visits::count("s", "[]")),
        ("visits::held_back", visits::held_back("s", "[]", "h").statement),
        ("visits::spend", visits::spend("h", 0, "x")),
        ("webhooks::by_id", webhooks::Webhook::by_id("s", "w").statement),
        ("webhooks::count_replayed", webhooks::count_replayed(&webhook, &replay).statement),
        ("webhooks::delete", webhooks::delete("w", 1)),
        ("webhooks::drop_due", webhooks::drop_due("w", 0)),
        ("webhooks::insert", webhooks::insert(&webhook, 9)),
        ("webhooks::list", webhooks::Webhook::list("s", &page).statement),
        ("webhooks::open", webhooks::open("w", "s")),
        ("webhooks::pause", webhooks::pause("w")),
        ("webhooks::replay", webhooks::replay("w", (0, 1), "{}", 0)),
        ("webhooks::resume", webhooks::resume("w", 0)),
        ("webhooks::skip", webhooks::skip("w")),
        ("webhooks::update", webhooks::update(&webhook)),
    ]
}

/// Tables that a request must not read from end to end.
const TABLES: &[&str] = &[
    "session",
    "template",
    "presence",
    "sighting",
    "expired",
    "contact",
    "source",
    "inbound",
    "inbound_body",
    "inbound_about",
    "purchase",
    "rfm",
    "message",
    "measurement",
    "measure",
    "notice",
    "webhook",
    "outlet",
    "delivery",
    "attempt",
    "rest",
    "display",
    "programme",
    "wave",
    "invitation",
    "visit",
    "spent",
    "tally",
    "partial",
    "alarm",
    "comment",
    "digest",
    "keyword",
    "print",
    "print_key",
    "alike",
    "model",
    "site",
    "api_key",
    "session",
    "department",
    "agent",
    "touchpoint",
    "customer",
    "contact",
    "study",
    "response",
    "score",
    "rollup",
    "event",
    "idempotency",
    "complaint",
    "case_text",
    "case_link",
    "compensation",
    "callback",
    "call_quantum",
    "call_day",
    "do_not_call",
    "service",
    "call_attempt",
    "call_rule",
];

#[test]
fn no_request_scans_a_table_and_plans_are_as_recorded() {
    let (world, theirs) = (World::new(), libsql::migrated());
    let mut plans = String::new();
    let statements = statements()
        .into_iter()
        .chain(of_rollups())
        .chain(of_comments())
        .chain(of_waves())
        .chain(of_shares())
        .chain(of_measures())
        .chain(of_deliveries())
        .chain(of_webhooks())
        .chain(of_looks())
        .chain(of_sources())
        .chain(complaints::of_complaints())
        .chain(of_settings())
        .chain(complaints::of_cases())
        .chain(complaints::of_presence())
        .chain(complaints::of_expiry())
        .chain(policies::statements())
        .chain(causes::statements())
        .chain(reports::statements())
        .chain(people::statements())
        .chain(gauges::statements())
        .chain(call_figures::statements())
        .chain(callbacks::statements())
        .chain(call_supply::statements())
        .chain(calling::statements())
        .chain(call_time::statements())
        .chain(complaints::of_time());
    let statements = statements.map(|(name, it)| (name.to_owned(), it.text.to_owned()));
    for (name, text) in statements.chain(triggered(&world)) {
        writeln!(plans, "{name}").unwrap();
        let connection = world.database();
        let steps = libsql::plan(&connection, &text).unwrap();
        libsql::check(&theirs, &name, &text, &steps);
        for step in steps {
            let scanned = step.strip_prefix("SCAN ").and_then(|it| it.split(' ').next());
            let is_table = scanned.is_some_and(|it| TABLES.contains(&it));
            let is_whole = is_table && !step.contains("INDEX");
            assert!(!is_whole, "{name} reads a table from end to end: {step}");
            writeln!(plans, "  {step}").unwrap();
        }
    }
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/../golden/plans.txt");
    if std::env::var_os("GOLDEN").is_some() {
        std::fs::write(golden, &plans).unwrap();
    }
    let recorded = std::fs::read_to_string(golden).unwrap_or_default();
    assert_eq!(plans, recorded, "if intended: GOLDEN=1 cargo test -p testkit");
}
