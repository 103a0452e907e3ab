//! A component that does on request what a host must survive or refuse.
//!
//! `/do/<deed>?name=value` is one deed; every other path answers with its own request's headers.
//! Only the runner's tests call it, so it may panic, leak and loop.
#![cfg(target_family = "wasm")]

use std::{
    cell::{Cell, RefCell},
    collections::hash_map::RandomState,
    fmt::Write as _,
    hash::BuildHasher as _,
    rc::Rc,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};
use bytes::Bytes;
use http::{Response, StatusCode, Uri, header::CONTENT_LENGTH};
use http_body_util::BodyExt as _;
use spin_sdk::{
    http::{FullBody, Request, body::IncomingBodyExt as _},
    key_value::Store,
    sqlite::{Connection, Value},
    variables,
    wasip3::{http::types, wit_future, wit_stream},
};

thread_local! {
    static SERVED: Cell<u32> = const { Cell::new(0) };
    // Tells instances apart.
    static BORN: u64 = RandomState::new().hash_one(0);
    static KEPT: RefCell<Option<Rc<Connection>>> = const { RefCell::new(None) };
}

#[spin_sdk::http_service]
async fn handle(request: Request) -> Result<Response<FullBody<Bytes>>> {
    SERVED.set(SERVED.get() + 1);
    let uri = request.uri().clone();
    let deed = uri.path().strip_prefix("/do/").or_else(|| uri.path().strip_prefix("/bare/do/"));
    let Some(deed) = deed else {
        if uri.path() == "/internal/tick" {
            Store::open_default().await?.set("tick", describe(&request)).await?;
        }
        return Ok(answer(describe(&request)));
    };
    let body = match deed {
        "count" => format!("{} {}", BORN.with(|born| *born), SERVED.get()),
        "fail" => bail!("a handler's error"),
        #[expect(clippy::panic, reason = "the host must survive it")]
        "panic" => panic!("a component's panic"),
        "sleep" => {
            spin_sdk::time::sleep(milliseconds(&uri)?).await;
            format!("{} {}", BORN.with(|born| *born), SERVED.get())
        }
        "loop" => busy(milliseconds(&uri)?),
        "afterwards" => afterwards(milliseconds(&uri)?),
        "chunked" => {
            spin_sdk::time::sleep(Duration::from_millis(1)).await;
            return Ok(Response::new(FullBody::new("no length".into())));
        }
        "whole" => {
            spin_sdk::time::sleep(Duration::from_millis(1)).await;
            "no wait".to_string()
        }
        "print" => print(&value(&uri, "text")?),
        "env" => format!("{:?}", std::env::vars().collect::<Vec<_>>()),
        "variable" => match variables::get(value(&uri, "name")?).await {
            Ok(value) => value,
            Err(error) => format!("{error:?}"),
        },
        "fetch" => fetch(&value(&uri, "url")?).await,
        "glance" => glance(&value(&uri, "url")?).await?,
        "post" => post(&value(&uri, "url")?, milliseconds(&uri)?).await?,
        "clock" => clock()?,
        "sql" => sql(request).await?,
        "half" => half(&uri).await?,
        "open" => open(&uri).await?,
        "get" | "set" | "delete" | "exists" | "keys" => key_value(deed, &uri).await?,
        _ => {
            let mut missing = answer(String::new());
            *missing.status_mut() = StatusCode::NOT_FOUND;
            return Ok(missing);
        }
    };
    Ok(answer(body))
}

fn busy(time: Duration) -> String {
    let start = Instant::now();
    while start.elapsed() < time {}
    "looped".to_string()
}

fn afterwards(time: Duration) -> String {
    spin_sdk::wasip3::spawn(async move {
        spin_sdk::time::sleep(time).await;
        if let Ok(store) = Store::open_default().await {
            // The test reads whether it is there.
            let _ = store.set("afterwards", "done").await;
        }
    });
    "later".to_string()
}

fn answer(body: String) -> Response<FullBody<Bytes>> {
    let length = body.len().into();
    let mut response = Response::new(FullBody::new(Bytes::from(body)));
    response.headers_mut().insert(CONTENT_LENGTH, length);
    response
}

fn describe(request: &Request) -> String {
    let mut body = format!("{} {}\n", request.method(), request.uri());
    for (name, value) in request.headers() {
        // Writing to a string does not fail.
        let _ = writeln!(body, "{name}: {}", String::from_utf8_lossy(value.as_bytes()));
    }
    body
}

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "the host keeps both")]
fn print(text: &str) -> String {
    println!("out {text}");
    eprintln!("err {text}");
    String::new()
}

fn value(uri: &Uri, name: &str) -> Result<String> {
    let pairs = uri.query().unwrap_or_default().split('&');
    let mut pairs = pairs.filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(known, _)| *known == name).context("a value is missing")?;
    Ok(value.replace("%26", "&").replace("%20", " "))
}

fn milliseconds(uri: &Uri) -> Result<Duration> {
    Ok(Duration::from_millis(value(uri, "ms")?.parse()?))
}

async fn fetch(url: &str) -> String {
    match spin_sdk::http::get(url).await {
        Ok(response) => {
            let status = response.status();
            match response.into_body().bytes().await {
                Ok(body) => format!("{status}\n{}", String::from_utf8_lossy(&body)),
                Err(error) => format!("{status}\n{error:?}"),
            }
        }
        Err(error) => format!("{error:?}"),
    }
}

// Leaves all of the answer's body but its first part unread.
async fn glance(url: &str) -> Result<String> {
    let mut body = spin_sdk::http::get(url).await?.into_body();
    let part = body.frame().await.context("no body")??;
    let part = part.into_data().map_err(|_| anyhow::anyhow!("trailers"))?;
    Ok(format!("{} bytes", part.len()))
}

// Posts two bytes; `patience` is for the head of the answer and between its parts.
async fn post(url: &str, patience: Duration) -> Result<String> {
    let begun = Instant::now();
    let (scheme, rest) = url.split_once("://").context("no scheme")?;
    let (authority, _) = rest.split_once('/').context("no path")?;
    let nanoseconds = Some(u64::try_from(patience.as_nanos())?);
    let options = types::RequestOptions::new();
    let _set = options.set_first_byte_timeout(nanoseconds);
    let _set = options.set_between_bytes_timeout(nanoseconds);
    let (_no_trailers, trailers) = wit_future::new(|| Ok(None));
    let (mut writer, stream) = wit_stream::new();
    let fields = types::Fields::from_list(&[("content-length".to_string(), b"2".to_vec())])?;
    let (call, _sent) = types::Request::new(fields, Some(stream), trailers, Some(options));
    let _set = call.set_method(&types::Method::Post);
    let is_secure = scheme == "https";
    let scheme = if is_secure { types::Scheme::Https } else { types::Scheme::Http };
    let _set = call.set_scheme(Some(&scheme));
    let _set = call.set_authority(Some(authority));
    let _set = call.set_path_with_query(Some("/"));
    spin_sdk::wasip3::spawn(async move {
        let _left = writer.write_all(b"{}".to_vec()).await;
    });
    let told = match spin_sdk::wasip3::http::client::send(call).await {
        Err(error) => format!("{error:?}"),
        Ok(response) => {
            let status = response.get_status_code();
            let (_taken, taken) = wit_future::new(|| Ok(()));
            let (stream, trailers) = types::Response::consume_body(response, taken);
            let body = stream.collect().await;
            format!("{status} {} {:?}", body.len(), trailers.await.map(|_| ()))
        }
    };
    Ok(format!("{} {told}", begun.elapsed().as_millis()))
}

// Milliseconds since 1970 by the clock of WASI 0.2, and seconds by that of 0.3.
fn clock() -> Result<String> {
    let standard = std::time::SystemTime::UNIX_EPOCH.elapsed()?.as_millis();
    let seconds = spin_sdk::wasip3::clocks::system_clock::now().seconds;
    Ok(format!("{standard} {seconds}"))
}

// Every line of the body is a statement; all run on one connection, a kept one if `?kept=1`.
async fn sql(request: Request) -> Result<String> {
    let is_kept = value(request.uri(), "kept").is_ok();
    let statements = request.into_body().bytes().await?;
    let kept = KEPT.with_borrow(Clone::clone).filter(|_| is_kept);
    let connection = match kept {
        Some(connection) => connection,
        None => match Connection::open_default().await {
            Ok(connection) => Rc::new(connection),
            Err(error) => return Ok(format!("{error:?}")),
        },
    };
    if is_kept {
        KEPT.set(Some(Rc::clone(&connection)));
    }
    let mut body = String::new();
    for statement in String::from_utf8_lossy(&statements).lines() {
        let result = match connection.execute(statement, []).await {
            Ok(result) => result,
            Err(error) => {
                let _ = writeln!(body, "call: {error:?}");
                continue;
            }
        };
        let columns = result.columns().join(",");
        match result.collect().await {
            Ok(rows) => {
                let rows = rows
                    .iter()
                    .map(|row| row.values.iter().map(show).collect::<Vec<_>>().join(","));
                let _ = writeln!(body, "[{columns}] {}", rows.collect::<Vec<_>>().join(" "));
            }
            Err(error) => {
                let _ = writeln!(body, "[{columns}] {error:?}");
            }
        }
    }
    let _ = write!(body, "{} {}", connection.changes().await, connection.last_insert_rowid().await);
    Ok(body)
}

fn show(value: &Value) -> String {
    match value {
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => format!("{number:?}"),
        Value::Text(text) if text.len() < 100 => format!("'{text}'"),
        Value::Text(text) => format!("text of {}", text.len()),
        Value::Blob(blob) => format!("blob of {}", blob.len()),
        Value::Null => "null".to_string(),
    }
}

// Reads `read` of `rows` rows and then, without dropping the rest, runs a second statement.
async fn half(uri: &Uri) -> Result<String> {
    let connection = Connection::open_default().await?;
    let rows = value(uri, "rows")?.parse::<u32>()?;
    let read = value(uri, "read")?.parse::<u32>()?;
    let series = format!(
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < {rows}) \
         select i from n"
    );
    let mut first = connection.execute(series, []).await?;
    for _ in 0..read {
        first.next().await.context("too few rows")?;
    }
    let second = connection.execute("select 'second'", []).await?.collect().await?;
    let mut left = 0;
    while first.next().await.is_some() {
        left += 1;
    }
    first.result().await?;
    Ok(format!("{} second, {left} left", second.len()))
}

// Opens `count` connections at once and says how the last went.
async fn open(uri: &Uri) -> Result<String> {
    let count = value(uri, "count")?.parse::<usize>()?;
    let mut connections = Vec::new();
    while connections.len() < count {
        match Connection::open_default().await {
            Ok(connection) => connections.push(connection),
            Err(error) => return Ok(format!("{} and {error:?}", connections.len())),
        }
    }
    Ok(connections.len().to_string())
}

async fn key_value(deed: &str, uri: &Uri) -> Result<String> {
    let label = value(uri, "label").unwrap_or_else(|_| "default".to_string());
    let store = match Store::open(label).await {
        Ok(store) => store,
        Err(error) => return Ok(format!("{error:?}")),
    };
    if deed == "keys" {
        let mut keys = store.get_keys().await.collect().await?;
        keys.sort();
        return Ok(keys.join(","));
    }
    let key = value(uri, "key")?;
    match deed {
        "get" => {
            let value = store.get(key).await?;
            Ok(value.map_or("none".into(), |value| String::from_utf8_lossy(&value).into()))
        }
        "exists" => Ok(store.exists(key).await?.to_string()),
        "delete" => Ok(format!("{:?}", store.delete(key).await)),
        _ => Ok(format!("{:?}", store.set(key, value(uri, "value")?).await)),
    }
}
