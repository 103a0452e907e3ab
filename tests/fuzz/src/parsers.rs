//! Every parser of what strangers send, as functions of bytes.
//!
//! None of them may panic, whatever it is given; where a parser has an inverse or another promise
//! that can be checked, it is.

use domain::survey::Definition;
use domain::{case, civil, destination, device, id, inbound, phone, rate, retry, spam, text, view};
use http::Method;
use serde_json::Value;
use web::lang::Lang;
use web::{Exchange, Fields, Problem, Request, Response};

/// A parser under its name.
pub type Parse = fn(&[u8]);

/// All of them; each has a folder of seeds.
pub const ALL: &[(&str, Parse)] = &[
    ("parse-request", request),
    ("parse-json", json),
    ("parse-query", query),
    ("parse-time", time),
    ("parse-zone", zone),
    ("parse-csv", csv),
    ("parse-mapping", mapping),
    ("parse-definition", definition),
    ("parse-answers", answers),
    ("parse-grading", grading),
    ("parse-hours", hours),
    ("parse-policies", policies),
    ("parse-signature", signature),
    ("parse-token", token),
    ("parse-network", network),
    ("parse-url", url),
    ("parse-phone", phone_number),
    ("parse-text", words_of),
    ("parse-search", search),
    ("parse-alike", alike),
    ("parse-model", model),
    ("parse-calendar", calendar),
    ("parse-view", view_of),
    ("parse-setting", setting),
];

fn utf8(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or("")
}

/// A line, and the rest.
fn line(bytes: &[u8]) -> (&str, &[u8]) {
    let end = bytes.iter().position(|it| *it == b'\n').unwrap_or(bytes.len());
    (utf8(&bytes[..end]), bytes.get(end + 1..).unwrap_or(&[]))
}

fn fields(bytes: &[u8]) -> Fields {
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(members)) => Fields::new(members),
        _ => Fields::default(),
    }
}

/// Refusals can be told, in both languages.
fn told(refused: Result<(), Problem>) -> bool {
    let Err(problem) = refused else { return true };
    for lang in [Lang::En, Lang::Zh] {
        let told = problem.body(lang, "req_1");
        assert!(told["errors"].as_array().is_some_and(|it| !it.is_empty()), "{told}");
    }
    false
}

/// A target, headers, an empty line and a body.
fn request(bytes: &[u8]) {
    let (target, mut rest) = line(bytes);
    let mut headers = Vec::new();
    loop {
        let end = rest.iter().position(|it| *it == b'\n').unwrap_or(rest.len());
        let (header, after) = (&rest[..end], rest.get(end + 1..).unwrap_or(&[]));
        rest = after;
        let Some(at) = header.iter().position(|it| *it == b':') else { break };
        headers.push((utf8(&header[..at]).to_owned(), header[at + 1..].to_vec()));
    }
    let request = Request::new(Method::GET, target, "h", headers, Ok(rest.to_vec()));
    for problem in [
        request.idempotency_key().err(),
        request.if_match().err(),
        request.no_query().err(),
        request.page().err(),
        request.fields().err(),
    ] {
        drop(problem.map(|it| it.body(request.lang(), "req_1")));
    }
    let _ = (request.media_type(), request.joined_header("x-forwarded-for"));
    let _ =
        (app::auth::session(&request), app::auth::bearer(&request), app::link::origin(&request));
    let exchange = Exchange::of(&request, "req_1".to_owned());
    exchange.finish(Ok(Response::new(b"{}".to_vec())));
    exchange.finish(Err(Problem::not_found()));
}

/// Every way to take a member, and pointers to those that nobody knows.
fn json(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let _ = (web::view::json(&text), web::view::object(&text));
    let mut all = fields(bytes);
    for name in all.names() {
        let (mut a, mut b) = (fields(bytes), fields(bytes));
        let (mut c, mut d) = (fields(bytes), fields(bytes));
        let text = a.text(&name, 1, 100, "");
        assert!(text.chars().count() <= 100 || !told(a.done()), "{text}");
        let number = b.integer(&name, -5, 5, None);
        assert!((-5..=5).contains(&number) || !told(b.done()), "{number}");
        c.flag(&name, false);
        c.texts(&name, 10, |it| it.len() < 9, &|| web::lang::said("must be short", "须简短"));
        if let Some(nested) = d.object(&name) {
            d.absorb(nested);
        }
        drop(all.objects(&name, 0, 20));
        told(c.done());
        told(d.done());
    }
    told(all.done());
}

/// Filters, periods and pages of lists.
fn query(bytes: &[u8]) {
    let target = format!("/v1/x?{}", String::from_utf8_lossy(bytes));
    let request = Request::new(Method::GET, &target, "h", Vec::new(), Ok(Vec::new()));
    let mut query = request.query();
    let page = web::page::Page::read(&mut query);
    assert!((1..=101).contains(&page.rows()), "{page:?}");
    let period = app::period::Period::read(&mut query, 20_778);
    let compared = period.compared_usually(&mut query);
    if query.done().is_ok() {
        assert!(0 < period.days(), "{period:?}");
        assert!(compared.is_none_or(|it| 0 < it.days()), "{compared:?}");
    }
    let mut query = request.query();
    app::period::Period::read_open(&mut query);
    drop(query.done());
}

/// Dates and instants; what is read is written the same.
fn time(bytes: &[u8]) {
    let text = utf8(bytes);
    if let Some(day) = civil::parse_date(text) {
        assert_eq!(civil::date(day), text);
        let (year, month, of_month) = civil::civil(day);
        assert_eq!(civil::day_number(year, month, of_month), Some(day));
    }
    if let Some(at) = civil::parse_rfc3339(text) {
        assert_eq!(civil::parse_rfc3339(&civil::rfc3339(at, 0)), Some(at), "{text}");
    }
    let _ = (retry::retry_after_ms(text, 1_795_311_000_000), web::hours::minute(text));
}

/// A zone, and a moment in it.
fn zone(bytes: &[u8]) {
    let (name, rest) = line(bytes);
    let Some(zone) = domain::zone::Zone::parse(name) else { return };
    assert_eq!(zone.name(), name);
    let mut ms = [0; 8];
    ms.iter_mut().zip(rest).for_each(|(into, from)| *into = *from);
    // The moments that a product can be asked about: 1900 to 2200.
    let at = i64::from_le_bytes(ms).rem_euclid(9_466_848_000_000) - 2_208_988_800_000;
    let day = zone.day(at);
    assert!(zone.start_of_day(day) <= at && at < zone.start_of_day(day + 1), "{name} {at}");
    assert!(at < zone.holds_until(at), "{name} {at}");
}

fn csv(bytes: &[u8]) {
    let Some(rows) = app::sheet::rows(bytes) else { return };
    for row in rows {
        for cell in &row.cells {
            let mut line = String::new();
            web::csv::push(&mut line, web::csv::restore(cell));
        }
    }
}

/// A mapping and the survey that it is for.
fn mapping(bytes: &[u8]) {
    let definition = app::mapping::definition(testkit::DEFINITION).unwrap_or_default();
    let mut fields = fields(bytes);
    app::mapping::read(&mut fields, &definition);
    told(fields.done());
}

fn read_definition(bytes: &[u8]) -> Option<Definition> {
    let mut fields = fields(bytes);
    let definition = web::survey::read(&mut fields);
    web::survey::check(&definition, &mut fields);
    told(fields.done()).then_some(definition)
}

/// A survey that is taken is shown as it is read, and drawn.
fn definition(bytes: &[u8]) {
    let Some(definition) = read_definition(bytes) else { return };
    let shown = web::survey::show(&definition);
    let Value::Object(members) = shown.clone() else { panic!("no object: {shown}") };
    let mut again = Fields::new(members);
    let read = web::survey::read(&mut again);
    web::survey::check(&read, &mut again);
    assert!(again.done().is_ok(), "what is shown is refused: {shown}");
    assert_eq!(web::survey::show(&read), shown);
    web::survey::show_public("srv_1", 1, &definition);
    for lang in [Lang::En, Lang::Zh] {
        web::survey::warnings(&definition, lang);
    }
}

/// A survey and answers to it, as `[definition, answers]`, as JSON and as a form.
fn answers(bytes: &[u8]) {
    let Ok(Value::Array(both)) = serde_json::from_slice(bytes) else { return };
    let [definition, given] = both.as_slice() else { return };
    let Some(definition) = read_definition(definition.to_string().as_bytes()) else { return };
    for is_partial in [false, true] {
        let told_more = web::survey::Told { is_partial, ..Default::default() };
        let mut given = fields(given.to_string().as_bytes());
        web::survey::hidden(&definition, &mut given);
        let taken = web::survey::answers(&definition, &told_more, &mut given);
        let whole = given.done();
        if whole.is_ok() {
            for (name, scored) in &taken.scores {
                assert!(!name.is_empty(), "{scored:?}");
            }
            web::survey::path(&definition, &told_more, &taken.given);
        }
        told(whole);
    }
    let pairs = app::hosted::form::read(given.to_string().as_bytes());
    let request = Request::new(Method::GET, "/s/x?score=9", "h", Vec::new(), Ok(Vec::new()));
    let visit = app::hosted::visit::Visit::of(&request, &definition);
    app::hosted::form::answers(&definition, &visit, &pairs);
    let sheet = paper::Sheet { id: "srv_1", language: "en", title: "", script: &[] };
    let form = paper::Form {
        definition: &definition,
        version: 1,
        visit: &visit,
        key: "",
        form_token: "",
        kept: &pairs,
        wrong: Vec::new(),
        alert: "",
        script: Vec::new(),
    };
    sheet.form(&form);
}

/// A policy of grades, a line end, and what it has to grade.
fn grading(bytes: &[u8]) {
    let (policy, text) = line(bytes);
    let mut fields = fields(policy.as_bytes());
    let read = web::grading::read(&mut fields);
    let is_taken = told(fields.done());
    let text = String::from_utf8_lossy(text);
    let facts = grade::Facts { text: &text, amount: None, earlier: 0, days_open: 0 };
    for policy in read.as_ref().filter(|_| is_taken).into_iter().chain([grade::Policy::shipped()]) {
        let chars = text.chars().count();
        for it in grade::grade(policy, &facts).matched {
            assert!(it.span.0 <= it.span.1 && it.span.1 <= chars, "{it:?} of {chars}");
        }
    }
}

/// Working hours; those that are taken are stored and read again.
fn hours(bytes: &[u8]) {
    let mut fields = fields(bytes);
    let read = web::hours::WorkingHours::read(&mut fields, None);
    if told(fields.done()) {
        let shown = Value::Object(read.show()).to_string();
        let again = web::hours::WorkingHours::stored(&shown);
        let again = again.unwrap_or_else(|| panic!("what is shown is refused: {shown}"));
        assert_eq!(Value::Object(again.show()).to_string(), shown);
    }
}

/// The other things that a site sets by JSON.
fn policies(bytes: &[u8]) {
    let readers: [fn(&mut Fields); 8] = [
        |it| drop(web::promise::Promise::read(it)),
        |it| drop(web::ladder::Ladder::read(it)),
        |it| drop(web::assignment::Assignment::read(it)),
        |it| drop(web::work::read(it)),
        |it| drop(web::intake::Intake::read(it)),
        |it| drop(web::service::Offered::read(it, Default::default())),
        |it| drop(web::call_rule::CallRule::read(it, Default::default())),
        |it| {
            web::case::files(it);
            web::case::contacts(it);
            web::case::amount(it, None);
            web::case::cause(it, true, 200);
            web::case::type_id(it, "");
        },
    ];
    for read in readers {
        let mut fields = fields(bytes);
        read(&mut fields);
        told(fields.done());
    }
}

/// A header and a message.
fn signature(bytes: &[u8]) {
    let (header, body) = line(bytes);
    let (secret, now_s) = ([7; 32], 1_795_311_000);
    let time = now_s.to_string();
    let forged = [
        app::signature::verify(&secret, "msg_1", &time, header, body, now_s).is_ok(),
        app::signature::verify(&secret, header, header, "v1,", body, now_s).is_ok(),
        app::signature::stripe(&secret, header, body, now_s).is_ok(),
        app::signature::github(&secret, header, body).is_ok(),
        app::signature::token("of the world", header).is_ok() && header != "of the world",
    ];
    assert_eq!(forged, [false; 5], "forged: {header}");
    drop(app::signature::read_secret(header));
    let right = app::signature::sign(app::signature::Scheme::V1, &secret, "msg_1", now_s, body);
    let verified = app::signature::verify(&secret, "msg_1", &time, &right, body, now_s);
    assert!(verified.is_ok(), "{right}");
}

/// Sealed fields: only what was sealed opens.
fn token(bytes: &[u8]) {
    let text = utf8(bytes);
    assert!(app::sealed::open("secret", "form", text).is_none(), "forged: {text}");
    assert!(app::vault::open("secret", "src_1", text).is_none(), "forged: {text}");
    let fields: Vec<&str> = text.split('\n').filter(|it| !it.contains('\0')).collect();
    let sealed = app::sealed::seal("secret", "form", &fields);
    let opened = app::sealed::open("secret", "form", &sealed).unwrap_or_default();
    assert_eq!(opened.join("\n"), fields.join("\n"));
    assert!(app::sealed::open("secret", "link", &sealed).is_none());
    let kept = app::vault::seal("secret", "src_1", [[1; 16], [2; 16]], bytes);
    assert_eq!(app::vault::open("secret", "src_1", &kept).as_deref(), Some(bytes));
    let _ = (id::place(text), view::is_id(text), inbound::is_pointer(text));
    if let Some(number) = case::number::parse(text) {
        assert_eq!(case::number::parse(&number).as_deref(), Some(number.as_str()));
    }
}

/// Who calls, behind which proxies.
fn network(bytes: &[u8]) {
    let (trusted, rest) = line(bytes);
    let (peer, forwarded) = line(rest);
    let trusted = rate::Network::parse_all(trusted).unwrap_or_default();
    if let Some(client) = rate::client(peer, utf8(forwarded), &trusted) {
        rate::counted(client);
    }
}

/// Where webhooks may lead.
fn url(bytes: &[u8]) {
    let (exceptions, url) = line(bytes);
    let exceptions = destination::Exceptions::parse(exceptions);
    drop(destination::check(utf8(url), &exceptions));
    drop(destination::check(utf8(url), &destination::Exceptions::default()));
}

fn phone_number(bytes: &[u8]) {
    let text = utf8(bytes);
    for zone in ["Asia/Shanghai", "America/New_York", "Europe/Berlin", "Asia/Tokyo"] {
        let region = phone::Region::of_zone(zone);
        if let Ok(number) = phone::e164(text, region) {
            assert_eq!(phone::e164(&number, region).as_deref(), Ok(number.as_str()), "{text}");
        }
    }
    let _ = (domain::sought::phone(text), domain::sought::word(text));
}

/// What comments are read for. Redacting twice changes nothing more.
fn words_of(bytes: &[u8]) {
    let text = &String::from_utf8_lossy(bytes);
    let hidden = words::redact::redact(text);
    assert_eq!(words::redact::redact(&hidden), hidden);
    let folded = words::fold::fold(text);
    assert_eq!(words::fold::fold(&folded), folded);
    let _ = (words::shipped::sentiment(text), words::shipped::topic(text));
    let _ = (words::substance::is_substantial(text), words::features::features(text, 3));
    let seen = text::visible(text);
    assert_eq!(text::visible(&seen), seen);
    if let Ok(clean) = text::clean(text, 0, 50) {
        assert!(clean.chars().count() <= 50, "{clean}");
    }
    device::device(text);
    domain::ics::escaped(text);
}

/// What is searched for never breaks the query of the full-text search.
fn search(bytes: &[u8]) {
    thread_local! {
        static DATABASE: testkit::World = {
            let world = testkit::World::new();
            world.database().execute_batch("create virtual table found using fts5 (parts)").ok();
            world
        };
    }
    let text = &String::from_utf8_lossy(bytes);
    words::search::parts(text);
    let Some(wanted) = app::case::search::wanted("sit_shop", text) else { return };
    DATABASE.with(|world| {
        let found = world.database().query_row(
            "select count(*) from found where found match ?1",
            [&wanted],
            |row| row.get::<_, i64>(0),
        );
        assert!(found.is_ok(), "{text:?} asks {wanted:?}: {found:?}");
    });
}

/// Comments that are alike, one a line.
fn alike(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let lines: Vec<&str> = text.lines().take(30).collect();
    for group in words::similar::groups(&lines) {
        drop(group);
    }
    let mut keywords = words::keyword::Counter::new();
    for (at, it) in lines.iter().enumerate() {
        let side =
            if at % 2 == 0 { words::keyword::Side::Here } else { words::keyword::Side::Rest };
        keywords.add(it, side);
    }
    assert!(keywords.finish(10).len() <= 10);
    if let [a, b, ..] = lines.as_slice() {
        let alike = words::similar::jaccard(a, b);
        assert!((0.0..=1.0).contains(&alike), "{alike}");
    }
}

/// A model that an operator uploads.
fn model(bytes: &[u8]) {
    if let Some(model) = words::model::Model::parse(bytes) {
        let _ = (model.labels().count(), model.classify("等了很久 waited too long"));
        let _ = words::shipped::sentiment_by(&model, "太慢了");
    }
}

/// Calendars that we write of what people typed, read by somebody else's rules: lines of at most
/// 75 bytes, none of which a text can begin.
fn calendar(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let event = domain::ics::Event {
        summary: text.clone().into_owned(),
        description: text.clone().into_owned(),
        ..Default::default()
    };
    let written = domain::ics::calendar(domain::ics::Method::Publish, &text, &[event]);
    assert!(written.split("\r\n").all(|it| it.len() <= 75), "{written}");
    assert!(!written.replace("\r\n", "").contains(['\r', '\n']), "{written:?}");
    assert_eq!(written.matches("\r\nBEGIN:VEVENT").count(), 1, "{written}");
}

/// Addresses of views that are shared.
fn view_of(bytes: &[u8]) {
    if let Ok(view) = view::View::read(utf8(bytes), "sit_shop") {
        view.get("from");
    }
}

/// What operators set.
fn setting(bytes: &[u8]) {
    let text = utf8(bytes);
    let _ = (rate::Policy::parse(text), spam::Means::parse(text));
    let _ = (destination::Exceptions::parse(text), Lang::accepted(text));
}
