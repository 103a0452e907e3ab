//! Somebody else's server, as good or bad as a test wants it.

use std::{
    fs,
    io::{self, BufRead as _, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    time::Duration,
};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio_rustls::rustls::{
    self, ServerConfig, ServerConnection, StreamOwned, crypto::ring, pki_types::PrivateKeyDer,
};

use crate::host::Temporary;

/// What a peer talks over.
pub(crate) trait Stream: Read + Write {}

impl<T: Read + Write> Stream for T {}

/// A listening peer.
pub(crate) struct Peer {
    pub(crate) address: SocketAddr,
    connections: Arc<AtomicUsize>,
    ends: mpsc::Receiver<()>,
}

impl Peer {
    /// Treats each connection in a thread of its own.
    pub(crate) fn start(
        treat: impl Fn(TcpStream) -> io::Result<()> + Send + Sync + 'static,
    ) -> Peer {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let (ended, ends) = mpsc::channel();
        let (counted, treat) = (Arc::clone(&connections), Arc::new(treat));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                counted.fetch_add(1, Ordering::SeqCst);
                let (treat, ended) = (Arc::clone(&treat), ended.clone());
                std::thread::spawn(move || {
                    // Clients that go away are what some tests are about.
                    let _ = treat(stream.unwrap());
                    let _ = ended.send(());
                });
            }
        });
        Peer { address, connections, ends }
    }

    /// Answers every request of a connection.
    pub(crate) fn good() -> Peer {
        Peer::start(|stream| answer(stream, usize::MAX))
    }

    /// The same over TLS.
    pub(crate) fn secure(config: Arc<ServerConfig>) -> Peer {
        Peer::start(move |stream| answer(wrap(stream, &config), usize::MAX))
    }

    /// The URL of the peer, by the name that its certificate has.
    pub(crate) fn url(&self, scheme: &str) -> String {
        format!("{scheme}://localhost:{}/", self.address.port())
    }

    /// How many connections were made.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// Whether a connection ends within this time.
    pub(crate) fn ends_within(&self, time: Duration) -> bool {
        self.ends.recv_timeout(time).is_ok()
    }
}

fn wrap(stream: TcpStream, config: &Arc<ServerConfig>) -> impl Stream {
    StreamOwned::new(ServerConnection::new(Arc::clone(config)).unwrap(), stream)
}

/// Answers `requests` requests, each when its head is there, and closes.
pub(crate) fn answer(stream: impl Stream, requests: usize) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    for _ in 0..requests {
        read_head(&mut stream)?;
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello";
        stream.get_mut().write_all(answer)?;
        stream.get_mut().flush()?;
    }
    Ok(())
}

/// Reads up to the empty line; an error at the end of the connection.
pub(crate) fn read_head(stream: &mut BufReader<impl Stream>) -> io::Result<()> {
    loop {
        let mut line = String::new();
        match stream.read_line(&mut line)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            2 => return Ok(()),
            _ => {}
        }
    }
}

/// An authority that nobody knows but who reads its file.
pub(crate) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    directory: Temporary,
}

impl Authority {
    pub(crate) fn new() -> Authority {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let directory = Temporary::new();
        fs::write(directory.path().join("ca.pem"), issuer.pem()).unwrap();
        Authority { issuer, directory }
    }

    /// Its own certificate.
    pub(crate) fn file(&self) -> PathBuf {
        self.directory.path().join("ca.pem")
    }

    /// What a server called `name` needs.
    pub(crate) fn server(&self, name: &str) -> Arc<ServerConfig> {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![name.to_string()]).unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(rustls::DEFAULT_VERSIONS)
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        Arc::new(config)
    }
}
