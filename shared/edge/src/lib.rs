//! The adapter to Spin, and the only shared crate that names its SDK.
//!
//! Natively it is empty: functions are tested over `testkit` instead.
#![cfg(target_family = "wasm")]

mod cache;
mod gather;
mod outbound;
mod serve;
mod sql;
mod turn;

pub use serve::{serve, serve_stream};
#[doc(hidden)]
pub use spin_sdk::wasip3;
#[doc(hidden)]
pub use spin_sdk::wasip3::http::types::{ErrorCode, Request as Incoming, Response as Outgoing};
#[doc(hidden)]
pub use sql::once;

use std::cell::RefCell;
use std::time::{SystemTime, UNIX_EPOCH};

use ports::{Answer, Env, Unanswered};
use spin_sdk::key_value::Store;
use spin_sdk::wasip3::random::random::get_random_u64;

use crate::sql::Pool;

/// Makes `handle` the service of a component that takes bodies of at most so many bytes.
#[macro_export]
macro_rules! service {
    ($body_bytes_max:expr, $handle:path) => {
        $crate::serve_with!($crate::serve, $body_bytes_max, $handle);
    };
}

/// The same for a `handle` whose answers stream: it returns a `web::Streamed`.
#[macro_export]
macro_rules! stream_service {
    ($body_bytes_max:expr, $handle:path) => {
        $crate::serve_with!($crate::serve_stream, $body_bytes_max, $handle);
    };
}

/// What both have in common.
///
/// `spin_sdk::http_service` would do the same over types of the `http` crate, for 40 kB more.
#[doc(hidden)]
#[macro_export]
macro_rules! serve_with {
    ($serve:path, $body_bytes_max:expr, $handle:path) => {
        struct Service;
        $crate::wasip3::http::service::export!(Service);
        impl $crate::wasip3::exports::http::handler::Guest for Service {
            async fn handle(
                incoming: $crate::Incoming,
            ) -> Result<$crate::Outgoing, $crate::ErrorCode> {
                Ok($serve(incoming, $body_bytes_max, $handle).await)
            }
        }
    };
}

/// What Spin gives a component, as a port.
pub struct Spin {
    sql: Pool,
}

thread_local! {
    // Settings are read once an instance; a host changes them by restarting the application.
    static SETTINGS: RefCell<Vec<(&'static str, Option<String>)>> =
        const { RefCell::new(Vec::new()) };
}

impl Env for Spin {
    fn now(&self) -> i64 {
        let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX)
    }

    fn random(&self) -> [u8; 16] {
        (u128::from(get_random_u64()) << 64 | u128::from(get_random_u64())).to_be_bytes()
    }

    fn sql(&self) -> &impl ports::Sql {
        &self.sql
    }

    async fn recall(&self, name: &str) -> Option<Vec<u8>> {
        cache::soon(async { Store::open_default().await.ok()?.get(name).await.ok() }).await?
    }

    async fn keep(&self, name: &str, value: &[u8]) {
        // A cache that cannot be written is only slow.
        let _kept =
            cache::soon(async { Store::open_default().await.ok()?.set(name, value).await.ok() })
                .await;
    }

    async fn setting(&self, name: &'static str) -> Option<String> {
        let known = SETTINGS.with_borrow(|settings| {
            settings.iter().find(|(it, _)| *it == name).map(|(_, value)| value.clone())
        });
        if let Some(value) = known {
            return value;
        }
        let value = spin_sdk::variables::get(name).await.ok();
        SETTINGS.with_borrow_mut(|settings| settings.push((name, value.clone())));
        value
    }

    async fn call(&self, call: ports::Outgoing) -> Result<Answer, Unanswered> {
        outbound::send(call).await
    }

    fn hurry(&self, component: &'static str) {
        outbound::hurry(component);
    }
}

/// Applies the migrations that are missing: the service of the component `migrate`.
pub async fn migrate(_env: &Spin, _request: web::Request) -> Result<web::Response, web::Problem> {
    sql::migrate().await?;
    Ok(web::no_content())
}
