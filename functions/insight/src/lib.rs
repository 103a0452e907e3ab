//! What complaints, call-backs and customers' own words come to, as pages.
//!
//! | path | method | |
//! |---|---|---|
//! | `/dashboard/voice` | GET | what customers say |
//! | `/dashboard/complaints` | GET | complaints: figures, causes, who works on them |
//! | `/dashboard/callbacks` | GET | call-backs: promises, waits, attempts |
//!
//! Every number is what a neighbour answers to whoever looks. What one of them does not answer is
//! said in its place, and the rest holds.

mod callbacks;
mod causes;
mod complaints;
mod course;
mod cut;
mod told;
mod voice;

use app::cache;
use board::Signed;
use http::Method;
use ports::Env;
use web::{Problem, Request, Response};

use told::Answers;
use voice::Wanted;

#[cfg(target_family = "wasm")]
edge::service!(web::request::JSON_BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let page = match request.path().as_slice() {
        ["dashboard", page @ ("voice" | "complaints" | "callbacks")] => *page,
        _ => return Err(Problem::not_found()),
    };
    if *request.method() != Method::GET {
        return Err(Problem::method_not_allowed("GET, HEAD"));
    }
    // What customers wrote is read anew each time: nobody who is erased is shown a moment longer.
    match page {
        "voice" => show(env, &request, page).await,
        page => cache::recent(env, &request, async || show(env, &request, page).await).await,
    }
}

async fn show(env: &impl Env, request: &Request, page: &str) -> Result<Response, Problem> {
    let mut opened = match board::open(env, request).await? {
        Signed::In(opened) => opened,
        Signed::Out(answer) => return Ok(answer),
    };
    // Each page says what it asks and draws what was told. Asking is here alone: whatever waits is
    // more code than what does not.
    let wanted = match page {
        "voice" => Wanted::read(request, &mut opened),
        _ => Wanted::default(),
    };
    let asked = match page {
        "voice" => voice::asks(&mut opened, &wanted),
        "complaints" => complaints::asks(&mut opened),
        _ => callbacks::asks(&mut opened),
    };
    let told = Answers::of(env, request, opened.lang, &asked).await;
    match page {
        "voice" => voice::draw(request, opened, &wanted, told),
        "complaints" => complaints::draw(request, &opened, told),
        _ => callbacks::draw(request, &opened, told),
    }
}

#[cfg(test)]
mod tests;
