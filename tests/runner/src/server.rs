//! The listener: from a connection to a component and back.

use std::{collections::BTreeMap, net::SocketAddr, sync::Arc};

use anyhow::{Context as _, Result, bail};
use bytes::Bytes;
use http::{
    HeaderName, HeaderValue, Request, Response, StatusCode, Uri, header,
    uri::{Authority, Scheme},
};
use http_body_util::{BodyExt as _, Empty, Full};
use hyper::service::service_fn;
use tokio::net::TcpListener;

use crate::{
    component::Component,
    guest::{Handler, HttpError, TokioIo, WasiBody},
    hosts,
    manifest::{StaticResponse, Target},
    routes::{Match, Router},
};

/// Paths that Spin answers itself.
const WELL_KNOWN: &str = "/.well-known/spin/";
/// The peer that a component called by another sees.
const CHAINED_PEER: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED), 0);

const PATH_INFO: HeaderName = HeaderName::from_static("spin-path-info");
const FULL_URL: HeaderName = HeaderName::from_static("spin-full-url");
const MATCHED_ROUTE: HeaderName = HeaderName::from_static("spin-matched-route");
const BASE_PATH: HeaderName = HeaderName::from_static("spin-base-path");
const RAW_COMPONENT_ROUTE: HeaderName = HeaderName::from_static("spin-raw-component-route");
const COMPONENT_ROUTE: HeaderName = HeaderName::from_static("spin-component-route");
const CLIENT_ADDR: HeaderName = HeaderName::from_static("spin-client-addr");

/// A loaded application.
pub(crate) struct App {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) address: SocketAddr,
    pub(crate) router: Router<(String, Target)>,
    pub(crate) components: BTreeMap<String, (Arc<Component>, Handler)>,
}

/// Accepts connections until the task is dropped.
pub(crate) async fn serve(app: Arc<App>, listener: TcpListener) {
    loop {
        // Too many open files, or a client that went away: others may still come.
        let Ok((stream, peer)) = listener.accept().await else {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            continue;
        };
        let app = Arc::clone(&app);
        tokio::spawn(async move {
            let service = service_fn(move |request: Request<hyper::body::Incoming>| {
                let app = Arc::clone(&app);
                async move {
                    let request = request.map(|body| body.map_err(HttpError::from).boxed_unsync());
                    app.answer(request, peer).await
                }
            });
            // As in Spin, TCP_NODELAY stays off: an answer without content-length must hurt here
            // as it does there.
            let connection = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service);
            // An error only says that the client went away or spoke no HTTP.
            let _ = connection.await;
        });
    }
}

impl App {
    /// Answers a request from outside. `Err` closes the connection without a response.
    async fn answer(
        &self,
        mut request: Request<WasiBody>,
        peer: SocketAddr,
    ) -> Result<Response<WasiBody>> {
        let headers = request.headers_mut();
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
        if host.is_some_and(|host| hosts::chained_component(host).is_some()) {
            headers.remove(header::HOST);
        }
        let path = request.uri().path();
        if let Some(name) = path.strip_prefix(WELL_KNOWN) {
            return Ok(self.well_known(name));
        }
        let Some(found) = self.router.find(path) else { return Ok(empty(StatusCode::NOT_FOUND)) };
        let Match { route, path_info, named } = found;
        let (_, target) = &route.target;
        let mut added = vec![
            (PATH_INFO, path_info),
            (MATCHED_ROUTE, route.raw.clone()),
            (RAW_COMPONENT_ROUTE, route.raw.clone()),
            (COMPONENT_ROUTE, route.prefix().to_string()),
            (CLIENT_ADDR, peer.to_string()),
        ];
        for (name, value) in named {
            let name = format!("spin-path-match-{}", name.to_ascii_lowercase());
            added.push((HeaderName::try_from(name)?, value));
        }
        set_authority(&mut request)?;
        match target {
            Target::Static(response) => fixed(response),
            Target::Component(id) => Ok(self.call(id, request, added).await),
        }
    }

    /// Answers a request of one component to another.
    pub(crate) async fn chain(
        &self,
        id: &str,
        mut request: Request<WasiBody>,
    ) -> Result<Response<WasiBody>> {
        let added = vec![
            (PATH_INFO, request.uri().path().to_string()),
            (MATCHED_ROUTE, "/...".to_string()),
            (RAW_COMPONENT_ROUTE, "/...".to_string()),
            (COMPONENT_ROUTE, String::new()),
            (CLIENT_ADDR, CHAINED_PEER.to_string()),
        ];
        set_authority(&mut request)?;
        if !self.components.contains_key(id) {
            bail!("there is no component \"{id}\"");
        }
        Ok(self.call(id, request, added).await)
    }

    // Every failure of a component is an empty 500; the reason is in its log.
    async fn call(
        &self,
        id: &str,
        mut request: Request<WasiBody>,
        added: Vec<(HeaderName, String)>,
    ) -> Response<WasiBody> {
        let Some((component, handler)) = self.components.get(id) else {
            return empty(StatusCode::INTERNAL_SERVER_ERROR);
        };
        let response = match append(&mut request, added) {
            Ok(()) => handler.handle((), request).await.map_err(anyhow::Error::from),
            Err(error) => Err(error),
        };
        response.unwrap_or_else(|error| {
            component.complain(&format!("a request failed: {error:#}"));
            empty(StatusCode::INTERNAL_SERVER_ERROR)
        })
    }

    fn well_known(&self, name: &str) -> Response<WasiBody> {
        match name {
            "health" => Response::new(full("OK".into())),
            "info" => {
                let info = serde_json::json!({ "name": self.name, "version": self.version });
                let mut response = Response::new(full(info.to_string().into()));
                let json = HeaderValue::from_static("application/json");
                response.headers_mut().insert(header::CONTENT_TYPE, json);
                response
            }
            _ => empty(StatusCode::NOT_FOUND),
        }
    }
}

// Behind the client's own, so that the last value of a name is the true one.
fn append(request: &mut Request<WasiBody>, added: Vec<(HeaderName, String)>) -> Result<()> {
    let full_url = full_url(request);
    let headers = request.headers_mut();
    for value in headers.values() {
        std::str::from_utf8(value.as_bytes()).context("a header is not UTF-8")?;
    }
    headers.append(BASE_PATH, HeaderValue::from_static("/"));
    for (name, value) in added.into_iter().chain([(FULL_URL, full_url)]) {
        headers.append(name, HeaderValue::from_maybe_shared(Bytes::from(value))?);
    }
    Ok(())
}

fn full_url<B>(request: &Request<B>) -> String {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let path = request.uri().path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    format!("http://{}{path}", host.unwrap_or("localhost"))
}

fn set_authority(request: &mut Request<WasiBody>) -> Result<()> {
    let mut parts = request.uri().clone().into_parts();
    let host = request.headers().get(header::HOST);
    let host = host.map(|host| Ok::<_, anyhow::Error>(host.to_str()?.parse::<Authority>()?));
    let authority = match (host.transpose()?, parts.authority) {
        (None, None) => bail!("a request must say for which host it is"),
        (Some(host), Some(authority)) if host != authority => bail!("two different hosts"),
        (Some(authority), _) | (None, Some(authority)) => authority,
    };
    parts.authority = Some(authority);
    parts.scheme = Some(Scheme::HTTP);
    parts.path_and_query.get_or_insert(http::uri::PathAndQuery::from_static("/"));
    *request.uri_mut() = Uri::from_parts(parts)?;
    Ok(())
}

fn fixed(fixed: &StaticResponse) -> Result<Response<WasiBody>> {
    let mut response = Response::builder().status(fixed.status_code);
    for (name, value) in &fixed.headers {
        response = response.header(name, value);
    }
    Ok(response.body(full(fixed.body.clone().into()))?)
}

fn full(body: Bytes) -> WasiBody {
    Full::new(body).map_err(HttpError::from).boxed_unsync()
}

fn empty(status: StatusCode) -> Response<WasiBody> {
    let mut response = Response::new(Empty::new().map_err(HttpError::from).boxed_unsync());
    *response.status_mut() = status;
    response
}
