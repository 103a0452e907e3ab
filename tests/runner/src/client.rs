//! A small HTTP client for the tick, the demo and the tests: http only, connections kept alive.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, Result};
use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode, Uri, header, response::Parts};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use tokio::net::TcpStream;

use crate::guest::TokioIo;

/// Talks to one server; clones share its connections.
#[derive(Clone)]
pub struct Client {
    authority: Arc<str>,
    idle: Arc<Mutex<Vec<SendRequest<Full<Bytes>>>>>,
}

/// Everything the server said.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Client {
    /// A client for `base`, such as `http://127.0.0.1:3000`.
    pub fn new(base: &str) -> Result<Client> {
        let uri = base.parse::<Uri>().with_context(|| format!("\"{base}\" is not a URL"))?;
        let authority = uri.authority().with_context(|| format!("\"{base}\" names no host"))?;
        Ok(Client { authority: authority.as_str().into(), idle: Arc::default() })
    }

    /// Sends a request and reads the whole answer.
    pub async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Result<Answer> {
        let mut request = Request::builder().method(method).uri(path);
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            request = request.header(header::HOST, &*self.authority);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(body.into()))?;
        let mut sender = self.connection().await?;
        let response = sender.send_request(request).await?;
        let (Parts { status, headers, .. }, body) = response.into_parts();
        let body = body.collect().await?.to_bytes();
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(sender);
        Ok(Answer { status, headers, body })
    }

    async fn connection(&self) -> Result<SendRequest<Full<Bytes>>> {
        loop {
            let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let Some(mut sender) = idle else { break };
            // The server may have closed it meanwhile.
            if sender.ready().await.is_ok() {
                return Ok(sender);
            }
        }
        let stream = TcpStream::connect(&*self.authority)
            .await
            .with_context(|| format!("nobody listens at {}", self.authority))?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(async move {
            // The request that uses the connection reports its end.
            let _ = connection.await;
        });
        Ok(sender)
    }
}
