//! The keys by which servers know us again: each a file in the data folder that parlor makes when it first meets a
//! server, or one that the user names. It must never show one server's key to another, nor replace a key that it
//! cannot read: with the key the name would be gone.
//!
//! A key for each network, because a key is a name: with one for all, two networks could tell that the same person is
//! on both. A network goes by its name in the config, else by its host; the port is no part of it, so that a server
//! that moves to another door still knows us. With TLS 1.3 nobody but the server sees the certificate; with 1.2 who
//! listens sees that the same client comes again, though not who it is.

use std::io;
use std::path::{Path, PathBuf};

use rcgen::{CertificateParams, DnType, KeyPair};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::folder;
use crate::login::Key;

/// A certificate with the key that belongs to it.
#[derive(Debug, PartialEq, Eq)]
pub struct Pair {
    /// The certificate, and those that vouch for it.
    pub chain: Vec<CertificateDer<'static>>,
    /// Its key.
    pub key: PrivateKeyDer<'static>,
}

/// The pair to show to a network, by its name or host; `None`: we show none, because none is wanted or there is no folder to keep it in.
///
/// # Errors
/// When there is a key and it cannot be used, in a sentence.
pub fn find(key: &Key, network: &str, folder: Option<&Path>) -> Result<Option<Pair>, String> {
    let path = match (key, folder) {
        (Key::None, _) | (Key::Own, None) => return Ok(None),
        (Key::File(path), _) => path.clone(),
        (Key::Own, Some(folder)) => {
            let path = place(folder, network);
            if !path.exists() {
                // What cannot be kept is no name: then we come without one.
                let made = make().map(|text| folder::write_new(&path, &text));
                if !matches!(made, Ok(Ok(()))) {
                    return Ok(None);
                }
            }
            path
        }
    };
    let pair = read(&path).map_err(|why| {
        format!(
            "The key by which this server knows you cannot be used: {}: {why}. Mend the file, or take it away and \
             come as somebody new",
            path.display()
        )
    })?;
    Ok(Some(pair))
}

/// The file of a network's key.
fn place(folder: &Path, network: &str) -> PathBuf {
    let network = network.trim_end_matches('.').to_ascii_lowercase();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let name: String = network
        .chars()
        .map(|c| if plain(c) { c } else { '_' })
        .collect();
    folder.join(format!("key-{name}.pem"))
}

fn read(path: &Path) -> Result<Pair, String> {
    let text = match folder::read(path) {
        Ok(Some(text)) => text,
        Ok(None) => return Err("there is no such file".to_owned()),
        Err(error) => return Err(error.to_string()),
    };
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(text.as_bytes()).collect();
    let chain = chain.map_err(|error| error.to_string())?;
    if chain.is_empty() {
        return Err("there is no certificate in it".to_owned());
    }
    let key = PrivateKeyDer::from_pem_slice(text.as_bytes());
    let key = key.map_err(|_| "there is no key in it".to_owned())?;
    Ok(Pair { chain, key })
}

/// A new key and a certificate for it, which says nothing of anybody.
fn make() -> io::Result<String> {
    let other = |error: rcgen::Error| io::Error::other(error.to_string());
    let key = KeyPair::generate().map_err(other)?;
    let mut params = CertificateParams::new(Vec::new()).map_err(other)?;
    params.distinguished_name.push(DnType::CommonName, "parlor");
    let certificate = params.self_signed(&key).map_err(other)?;
    Ok(format!("{}{}", certificate.pem(), key.serialize_pem()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_for_each_network_and_is_ours_alone() {
        let name = format!("parlor-keyring-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let own = |host| find(&Key::Own, host, Some(&folder)).unwrap().unwrap();
        let first = own("Chat.example");
        assert_eq!(own("chat.example."), first);
        assert_ne!(own("other.example"), first);
        assert_eq!(find(&Key::Own, "chat.example", None), Ok(None));
        assert_eq!(find(&Key::None, "chat.example", Some(&folder)), Ok(None));
        let path = folder.join("key-chat.example.pem");
        assert_eq!(find(&Key::File(path.clone()), "h", None), Ok(Some(first)));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        std::fs::write(&path, "garbled").unwrap();
        let why = find(&Key::Own, "chat.example", Some(&folder)).unwrap_err();
        assert!(why.contains("no certificate"), "{why}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "garbled");
        std::fs::remove_dir_all(folder).unwrap();
    }
}
