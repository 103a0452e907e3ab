//! Where a request goes: a name resolved once, its addresses checked, one of them connected to.

use std::{io::ErrorKind, net::SocketAddr, sync::Arc, time::Duration};

use http::uri::Authority;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpStream, lookup_host},
    time::timeout,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, pki_types::ServerName},
};

use super::{
    failed,
    pool::{Connection, Key},
    tls,
};
use crate::{
    guest::{HttpError, TokioIo},
    networks::Blocked,
};

/// The other side of a request.
pub(super) struct Destination {
    host: String,
    port: Option<u16>,
    tls: Option<Arc<ClientConfig>>,
}

impl Destination {
    /// Over TLS where `tls` is given.
    pub(super) fn new(authority: &Authority, tls: Option<Arc<ClientConfig>>) -> Destination {
        let host = authority.host().to_ascii_lowercase();
        Destination { host, port: authority.port_u16(), tls }
    }

    /// The value of the header `Host`: without what may stand before an @.
    pub(super) fn host_header(&self) -> String {
        match self.port {
            Some(port) => format!("{}:{port}", self.host),
            None => self.host.clone(),
        }
    }

    fn port(&self) -> u16 {
        self.port.unwrap_or(if self.tls.is_some() { 443 } else { 80 })
    }

    /// Connections with the same key are as good as each other.
    pub(super) fn key(&self) -> Key {
        // Components may trust different authorities.
        let trust = self.tls.as_ref().map(|config| Arc::as_ptr(config).addr());
        (trust, self.host.clone(), self.port())
    }

    /// Connects to an address that is not blocked, the very one that was checked.
    pub(super) async fn connect(
        &self,
        blocked: &Blocked,
        patience: Duration,
    ) -> Result<Connection, HttpError> {
        let addresses = self.resolve(blocked).await?;
        let stream = timeout(patience, TcpStream::connect(&*addresses)).await;
        let stream = stream.map_err(|_| HttpError::ConnectionTimeout)?;
        let stream = stream.map_err(|error| match error.kind() {
            ErrorKind::AddrNotAvailable => unknown(),
            ErrorKind::TimedOut => HttpError::ConnectionTimeout,
            _ => HttpError::ConnectionRefused,
        })?;
        let Some(config) = &self.tls else { return handshake(stream).await };
        let name = ServerName::try_from(self.name().to_owned()).map_err(|_| unknown())?;
        let stream = TlsConnector::from(Arc::clone(config)).connect(name, stream).await;
        handshake(
            stream
                .map_err(|error| tls::refused(&error).unwrap_or(HttpError::ConnectionTerminated))?,
        )
        .await
    }

    async fn resolve(&self, blocked: &Blocked) -> Result<Vec<SocketAddr>, HttpError> {
        let found = lookup_host((self.name(), self.port())).await.map_err(|_| unknown())?;
        let mut addresses = found.collect::<Vec<_>>();
        if addresses.is_empty() {
            return Err(unknown());
        }
        addresses.retain(|address| !blocked.contains(address.ip()));
        match addresses.is_empty() {
            true => Err(HttpError::DestinationIpProhibited),
            false => Ok(addresses),
        }
    }

    /// The host without the brackets of an IPv6 address.
    fn name(&self) -> &str {
        self.host.trim_matches(['[', ']'])
    }
}

fn unknown() -> HttpError {
    // As Spin says it.
    HttpError::DnsError { rcode: Some("address not available".to_string()), info_code: Some(0) }
}

async fn handshake<S>(stream: S) -> Result<Connection, HttpError>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let made = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await;
    let (sender, connection) = made.map_err(failed)?;
    let task = tokio::spawn(async move {
        // What breaks a connection shows in the request that uses it.
        let _ = connection.await;
    });
    Ok(Connection::new(sender, task))
}
