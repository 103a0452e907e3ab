//! Answers every request with an empty 200: what the engine itself costs, and nothing else.
#![cfg(target_family = "wasm")]

use spin_sdk::wasip3;
use wasip3::exports::http::handler::Guest;
use wasip3::http::types::{ErrorCode, Fields, Request, Response};

struct Empty;

wasip3::http::service::export!(Empty);

impl Guest for Empty {
    async fn handle(_: Request) -> Result<Response, ErrorCode> {
        let headers = Fields::from_list(&[("content-length".to_owned(), b"0".to_vec())]);
        let headers = headers.map_err(|_| ErrorCode::InternalError(None))?;
        let (_, trailers) = wasip3::wit_future::new(|| Ok(None));
        let (response, _sent) = Response::new(headers, None, trailers);
        Ok(response)
    }
}
