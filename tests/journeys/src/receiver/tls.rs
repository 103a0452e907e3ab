//! Certificates of receivers, and the authority that gives them.

use std::fs;
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::{DEFAULT_VERSIONS, ServerConfig, ServerConnection, StreamOwned};

use super::Behaviour;
use crate::server::Temporary;

/// An authority made for one journey, known to whoever is given its file.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    directory: Temporary,
}

impl Authority {
    /// A new one.
    pub fn new() -> Authority {
        let directory = Temporary::new();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        // No two have the same name, or one would pass for a forger and not for a stranger.
        let name = directory.path().to_string_lossy().into_owned();
        params.distinguished_name.push(DnType::CommonName, name);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        fs::write(directory.path().join("ca.pem"), issuer.pem()).unwrap();
        Authority { issuer, directory }
    }

    /// Its certificate: for the runner's `Options::trusted_ca_files`. It lives as long as this.
    pub fn file(&self) -> PathBuf {
        self.directory.path().join("ca.pem")
    }

    fn certify(&self, names: &[&str]) -> Arc<ServerConfig> {
        let key = KeyPair::generate().unwrap();
        let names: Vec<String> = names.iter().map(|&it| it.to_owned()).collect();
        let certificate = CertificateParams::new(names).unwrap().signed_by(&key, &self.issuer);
        let chain = vec![certificate.unwrap().der().clone()];
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(DEFAULT_VERSIONS)
            .unwrap();
        Arc::new(config.with_no_client_auth().with_single_cert(chain, key).unwrap())
    }
}

impl Default for Authority {
    fn default() -> Authority {
        Authority::new()
    }
}

/// What a receiver may show.
pub(super) struct Secured {
    good: Arc<ServerConfig>,
    other_name: Arc<ServerConfig>,
    unknown: Arc<ServerConfig>,
}

impl Secured {
    /// Certificates for this machine, and bad ones.
    pub(super) fn new(authority: &Authority) -> Secured {
        let ours = ["127.0.0.1", "localhost"];
        Secured {
            good: authority.certify(&ours),
            other_name: authority.certify(&["other.example"]),
            unknown: Authority::new().certify(&ours),
        }
    }

    /// The handshake comes with the first read.
    pub(super) fn wrap(
        &self,
        stream: TcpStream,
        behaviour: &Behaviour,
    ) -> StreamOwned<ServerConnection, TcpStream> {
        let config = match behaviour {
            Behaviour::OtherName => &self.other_name,
            Behaviour::UnknownAuthority => &self.unknown,
            _ => &self.good,
        };
        StreamOwned::new(ServerConnection::new(Arc::clone(config)).unwrap(), stream)
    }
}
