//! Every function as a module, and one list of their handlers over a world of tests.
#![expect(private_interfaces, reason = "what a build script writes is public in its own crate")]

use std::pin::Pin;

use testkit::World;
use web::{Problem, Request, Response, Rest, Streamed};

include!(concat!(env!("OUT_DIR"), "/functions.rs"));

/// What a handler is about to answer.
pub type Answering<'a> = Pin<Box<dyn Future<Output = Result<Response, Problem>> + 'a>>;
/// The handler of a function.
pub type Handle = for<'a> fn(&'a World, Request) -> Answering<'a>;

fn whole<'a>(
    _: &'a World,
    answering: impl Future<Output = Result<Response, Problem>> + 'a,
) -> Answering<'a> {
    Box::pin(answering)
}

/// An answer that streams, to its end.
fn streamed<'a, R: Rest + 'a>(
    world: &'a World,
    answering: impl Future<Output = Result<Streamed<R>, Problem>> + 'a,
) -> Answering<'a> {
    Box::pin(async move {
        let Streamed { mut first, mut rest } = answering.await?;
        while let Some(it) = &mut rest {
            let Some(part) = it.next(world).await? else { break };
            first.body_mut().extend(part);
        }
        Ok(first)
    })
}
