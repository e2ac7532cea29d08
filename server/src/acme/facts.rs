//! What a certificate says of itself. It never trusts it: whoever vouches for it is looked at by clients.

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer, X509Certificate};

/// What counts here of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Facts {
    /// From when it holds, in milliseconds since 1970.
    pub(super) since: u64,
    /// Until when.
    pub(super) until: u64,
    /// The names it is for.
    pub(super) names: Vec<String>,
    /// A byte of its own that nobody chose.
    pub(super) spice: u8,
}

impl Facts {
    /// Of the first certificate of a chain, as it stands in a file.
    pub(super) fn of_chain(pem: &[u8]) -> Result<Self, String> {
        let leaf = CertificateDer::pem_slice_iter(pem).next();
        let leaf = leaf
            .ok_or("there is no certificate in it")?
            .map_err(|error| error.to_string())?;
        let (_, parsed) = X509Certificate::from_der(&leaf).map_err(|error| error.to_string())?;
        let ms = |seconds: i64| u64::try_from(seconds).unwrap_or(0).saturating_mul(1000);
        let names = parsed
            .subject_alternative_name()
            .map_err(|error| error.to_string())?
            .map(|names| &names.value.general_names)
            .into_iter()
            .flatten()
            .filter_map(|name| match name {
                GeneralName::DNSName(name) => Some(name.to_ascii_lowercase()),
                _ => None,
            })
            .collect();
        Ok(Self {
            since: ms(parsed.validity().not_before.timestamp()),
            until: ms(parsed.validity().not_after.timestamp()),
            names,
            spice: leaf.last().copied().unwrap_or(0),
        })
    }

    /// Whether it is for all of these.
    pub(super) fn are_for(&self, hosts: &[String]) -> bool {
        hosts.iter().all(|host| self.names.contains(host))
    }
}
