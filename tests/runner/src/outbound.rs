//! Requests that leave a component: to its neighbours, to its own application, to the world.
//!
//! What `allowed_outbound_hosts` does not name is denied. `http://<component>.spin.internal/`
//! is answered in this process, without a socket; `http://self.alt/` goes to the runner's own
//! address. Not copied from Spin: TLS (an https request fails) and its pool of connections.

use std::time::Duration;

use http::{Uri, header, uri::Authority};
use http_body_util::BodyExt as _;
use tokio::{net::TcpStream, time::timeout};

use crate::{
    component::Component,
    guest::{HttpError, TokioIo, WasiBody},
    hosts,
};

/// Spin's default for every timeout of an outgoing request.
const TIMEOUT: Duration = Duration::from_secs(600);

/// Sends a request for `component`; the timeouts are for connecting and for the first byte.
pub(crate) async fn send(
    component: &Component,
    mut request: http::Request<WasiBody>,
    timeouts: (Option<Duration>, Option<Duration>),
) -> Result<http::Response<WasiBody>, HttpError> {
    let uri = request.uri().clone();
    let host = uri.host().unwrap_or_default();
    let is_own = host.is_empty() || host == "self.alt";
    let is_allowed = match is_own {
        true => component.allowed_hosts.allow_self(),
        false => component.allowed_hosts.allow(&uri),
    };
    if !is_allowed {
        // The path may carry what is nobody's business.
        let scheme = uri.scheme_str().unwrap_or("http");
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
    let authority = match is_own {
        true => app.address.to_string().parse::<Authority>(),
        false => uri.authority().map_or("", Authority::as_str).parse(),
    };
    let authority = authority.map_err(|_| HttpError::HttpRequestUriInvalid)?;
    if !is_own && uri.scheme_str() != Some("http") {
        return Err(HttpError::TlsProtocolError);
    }
    over_the_network(request, &authority, timeouts).await
}

async fn over_the_network(
    mut request: http::Request<WasiBody>,
    authority: &Authority,
    (connect, first_byte): (Option<Duration>, Option<Duration>),
) -> Result<http::Response<WasiBody>, HttpError> {
    let port = authority.port_u16().unwrap_or(80);
    let host = authority.host().trim_matches(['[', ']']);
    let stream = timeout(connect.unwrap_or(TIMEOUT), TcpStream::connect((host, port)))
        .await
        .map_err(|_| HttpError::ConnectionTimeout)?
        .map_err(HttpError::Connect)?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(async move {
        // A broken connection shows in the response's body.
        let _ = connection.await;
    });
    let value = authority.as_str().parse().map_err(|_| HttpError::HttpRequestUriInvalid)?;
    request.headers_mut().insert(header::HOST, value);
    let path = request.uri().path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    *request.uri_mut() = path.parse::<Uri>().map_err(|_| HttpError::HttpRequestUriInvalid)?;
    let response = timeout(first_byte.unwrap_or(TIMEOUT), sender.send_request(request))
        .await
        .map_err(|_| HttpError::ConnectionReadTimeout)??;
    Ok(response.map(|body| body.map_err(HttpError::from).boxed_unsync()))
}
