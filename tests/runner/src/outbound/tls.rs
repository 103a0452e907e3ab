//! Whom components trust: Mozilla's authorities, unless the operator names others.

use std::{collections::BTreeMap, io, path::Path, sync::Arc};

use anyhow::{Context as _, Result, ensure};
use tokio_rustls::rustls::{
    self, ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject as _},
};

use crate::{guest::HttpError, runtime_config::ClientTls};

/// TLS settings by component and host.
pub(super) struct Trust {
    default: Arc<ClientConfig>,
    chosen: BTreeMap<(String, String), Arc<ClientConfig>>,
}

impl Trust {
    /// Reads the files that the settings name.
    pub(super) fn new(settings: ClientTls) -> Result<Trust> {
        let default = client(true, &settings.trusted_ca_files)?;
        let mut chosen = BTreeMap::new();
        for entry in settings.entries {
            let files = entry.ca_roots_file.as_slice();
            let client = client(entry.use_webpki_roots, files)?;
            for component in &entry.component_ids {
                for host in &entry.hosts {
                    // The first that matches counts, as in Spin.
                    let key = (component.clone(), host.to_ascii_lowercase());
                    chosen.entry(key).or_insert_with(|| Arc::clone(&client));
                }
            }
        }
        Ok(Trust { default, chosen })
    }

    /// What counts when `component` calls `host`.
    pub(super) fn of(&self, component: &str, host: &str) -> Arc<ClientConfig> {
        let key = (component.to_owned(), host.to_ascii_lowercase());
        Arc::clone(self.chosen.get(&key).unwrap_or(&self.default))
    }
}

fn client(use_webpki_roots: bool, files: &[impl AsRef<Path>]) -> Result<Arc<ClientConfig>> {
    let mut roots = RootCertStore::empty();
    if use_webpki_roots {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    for file in files {
        let file = file.as_ref();
        let told = || format!("cannot read certificates from {}", file.display());
        let found = CertificateDer::pem_file_iter(file).with_context(told)?;
        for certificate in found {
            roots.add(certificate.with_context(told)?).with_context(told)?;
        }
    }
    ensure!(!roots.is_empty(), "[[client_tls]] leaves nobody to trust");
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots);
    let mut config = config.with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// What a guest is told of a TLS failure; none where the connection itself broke.
pub(super) fn refused(error: &io::Error) -> Option<HttpError> {
    let error = error.get_ref()?.downcast_ref::<rustls::Error>()?;
    Some(match error {
        rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented => {
            HttpError::TlsCertificateError
        }
        rustls::Error::AlertReceived(alert) => HttpError::TlsAlertReceived {
            alert_id: Some(u8::from(*alert)),
            alert_message: Some(format!("{alert:?}")),
        },
        _ => HttpError::TlsProtocolError,
    })
}
