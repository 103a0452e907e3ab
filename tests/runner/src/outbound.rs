//! Requests that leave a component: to its neighbours, to its own application, to the world.
//!
//! What `allowed_outbound_hosts` does not name is denied. `http://<component>.spin.internal/`
//! is answered in this process, without a socket; `http://self.alt/` goes to the runner's own
//! address. As in Spin, connections are kept (`pool`), every address is checked after its name
//! was resolved (`connect`), and `TCP_NODELAY` stays off. Unlike Spin: HTTP/1.1 alone, kept
//! connections are dropped earlier, and errors tell more (Spin reports every failed handshake as
//! `TlsProtocolError` and every broken connection as `HttpProtocolError`).

use std::{error::Error as _, io, sync::Arc, time::Duration};

use http::{Uri, header, uri::Authority};
use http_body_util::BodyExt as _;
use tokio::time::timeout;

use crate::{
    component::Component,
    guest::{HttpError, WasiBody},
    hosts,
    runtime_config::RuntimeConfig,
};

mod connect;
mod pool;
mod tls;

use connect::Destination;
use pool::{Connection, Key, Pool};

/// Spin's default for every timeout of an outgoing request.
const TIMEOUT: Duration = Duration::from_secs(600);

/// How long an outgoing request may take where.
pub(crate) struct Timeouts {
    /// To connect, without the TLS handshake.
    pub(crate) connect: Option<Duration>,
    /// All of it up to the head of the answer.
    pub(crate) first_byte: Option<Duration>,
    /// Between two parts of the answer's body.
    pub(crate) between_bytes: Option<Duration>,
}

/// What the outgoing requests of all components share.
pub(crate) struct Outbound {
    blocked: crate::networks::Blocked,
    trust: tls::Trust,
    pool: Arc<Pool>,
}

impl Outbound {
    /// Nothing kept yet; must be called inside the runtime.
    pub(crate) fn new(config: RuntimeConfig) -> anyhow::Result<Outbound> {
        let pool = Arc::new(Pool::default());
        tokio::spawn(pool::sweep(Arc::downgrade(&pool)));
        Ok(Outbound { blocked: config.blocked, trust: tls::Trust::new(config.client_tls)?, pool })
    }
}

/// Sends a request for `component`.
pub(crate) async fn send(
    component: &Component,
    mut request: http::Request<WasiBody>,
    timeouts: Timeouts,
) -> Result<http::Response<WasiBody>, HttpError> {
    let uri = request.uri().clone();
    let host = uri.host().unwrap_or_default();
    let is_own = host.is_empty() || host == "self.alt";
    let is_allowed = match is_own {
        true => component.allowed_hosts.allow_self(),
        false => component.allowed_hosts.allow(&uri),
    };
    let scheme = uri.scheme_str().unwrap_or("http");
    if !is_allowed {
        // The path may carry what is nobody's business.
        let authority = uri.authority().map_or("self", Authority::as_str);
        let id = &component.id;
        component.complain(&format!(
            "{id} may not call {scheme}://{authority}: add it to allowed_outbound_hosts"
        ));
        return Err(HttpError::HttpRequestDenied);
    }
    let app = component.shared.app.get().and_then(std::sync::Weak::upgrade);
    let app = app.ok_or(HttpError::DestinationUnavailable)?;
    if let Some(target) = hosts::chained_component(host) {
        request.headers_mut().remove(header::HOST);
        let response = app.chain(target, request).await;
        return response.map_err(|error| HttpError::InternalError(Some(error.to_string())));
    }
    let outbound = &component.shared.outbound;
    let authority = match is_own {
        true => app.address.to_string().parse::<Authority>(),
        false => uri.authority().map_or("", Authority::as_str).parse(),
    };
    let authority = authority.map_err(|_| HttpError::HttpRequestUriInvalid)?;
    let tls = match scheme {
        "https" if !is_own => Some(outbound.trust.of(&component.id, authority.host())),
        "http" | "https" => None,
        _ => return Err(HttpError::HttpRequestUriInvalid),
    };
    let destination = Destination::new(&authority, tls);
    over_the_network(outbound, request, &destination, timeouts).await
}

async fn over_the_network(
    outbound: &Outbound,
    mut request: http::Request<WasiBody>,
    destination: &Destination,
    timeouts: Timeouts,
) -> Result<http::Response<WasiBody>, HttpError> {
    let value = destination.host_header().parse();
    let value = value.map_err(|_| HttpError::HttpRequestUriInvalid)?;
    request.headers_mut().insert(header::HOST, value);
    let path = request.uri().path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    *request.uri_mut() = path.parse::<Uri>().map_err(|_| HttpError::HttpRequestUriInvalid)?;
    let key = destination.key();
    let exchange = exchange(outbound, request, destination, &key, timeouts.connect);
    let (response, connection) = timeout(timeouts.first_byte.unwrap_or(TIMEOUT), exchange)
        .await
        .map_err(|_| HttpError::ConnectionReadTimeout)??;
    let between = timeouts.between_bytes.unwrap_or(TIMEOUT);
    let pool = Arc::clone(&outbound.pool);
    Ok(response.map(|body| pool::Body::new(body, connection, pool, key, between).boxed_unsync()))
}

async fn exchange(
    outbound: &Outbound,
    mut request: http::Request<WasiBody>,
    destination: &Destination,
    key: &Key,
    connect_timeout: Option<Duration>,
) -> Result<(http::Response<hyper::body::Incoming>, Connection), HttpError> {
    while let Some(mut connection) = outbound.pool.take(key) {
        match connection.sender.try_send_request(request).await {
            Ok(response) => return Ok((response, connection)),
            Err(mut error) => match error.take_message() {
                // The other side closed it meanwhile; nothing was sent.
                Some(unsent) => request = unsent,
                None => return Err(failed(error.into_error())),
            },
        }
    }
    let connect_timeout = connect_timeout.unwrap_or(TIMEOUT);
    let mut connection = destination.connect(&outbound.blocked, connect_timeout).await?;
    let response = connection.sender.send_request(request).await.map_err(failed)?;
    Ok((response, connection))
}

// What a guest is told of an exchange that broke before the head of the answer.
fn failed(error: hyper::Error) -> HttpError {
    if error.is_parse() {
        return HttpError::HttpProtocolError;
    }
    if error.is_incomplete_message() || error.is_canceled() || error.is_closed() {
        return HttpError::ConnectionTerminated;
    }
    let mut source = error.source();
    while let Some(cause) = source {
        if let Some(cause) = cause.downcast_ref::<io::Error>() {
            return tls::refused(cause).unwrap_or(HttpError::ConnectionTerminated);
        }
        source = cause.source();
    }
    HttpError::Hyper(error)
}
