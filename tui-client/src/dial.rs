//! Opens the wire to the server: TCP to the first address that answers, and TLS where it is wanted.
//! It must never give back a wire that is less safe than the one that was asked for.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use protocol::fingerprint::Fingerprint;
use ring::rand::{SecureRandom, SystemRandom};
use rustls::RootCertStore;
use socket2::{SockRef, TcpKeepalive};
use tokio::net::{TcpStream, lookup_host};
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use tokio_rustls::client::TlsStream;

use crate::address;
use crate::config::network::Tls;
use crate::keyring;
use crate::login::Key;
use crate::pins::Pins;
use crate::policies::Policies;
use crate::session::event::Millis;
use crate::session::link::{self, Policy};
use crate::tls::{self, Insecure, Sight};
use crate::trust::{Belief, Distrust, Expected, Known};

/// An address that does not answer is given up after this time, and the next one tried.
const DIAL_TIMEOUT: Duration = Duration::from_secs(10);

/// Where to go.
#[derive(Clone, Debug, Default)]
pub struct Target {
    /// What the user calls the network; empty for the one at the top of the config.
    pub name: String,
    /// The machine.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// When the link is encrypted.
    pub tls: Tls,
    /// The key and certificate that we show there.
    pub certificate: Key,
    /// The fingerprint of its key, from an invite.
    pub invited: Option<Fingerprint>,
    /// Whether a token of an invite will be shown to it.
    pub has_token: bool,
    /// The data folder, where the servers that we have met are kept.
    pub folder: Option<PathBuf>,
    /// Who may sign certificates; `None`: as the system says.
    pub roots: Option<Arc<RootCertStore>>,
}

/// An open wire.
#[derive(Debug)]
pub enum Wire {
    /// As it is.
    Plain(TcpStream),
    /// Encrypted.
    Encrypted(Encrypted),
}

/// An encrypted wire.
#[derive(Debug)]
pub struct Encrypted {
    /// It.
    pub stream: Box<TlsStream<TcpStream>>,
    /// Whether a key of ours was at hand for it.
    pub has_key: bool,
    /// What there is to tell the user about it.
    pub word: Option<String>,
    /// The certificate that was believed.
    pub sight: Sight,
}

/// Why there is none.
#[derive(Debug)]
pub enum Failure {
    /// The other end cannot be reached.
    Unreachable(io::Error),
    /// It can, and it is not safe; perhaps the next time.
    Insecure(String),
    /// It is not whom we expect: nothing changes that but the user.
    Distrusted(Distrust),
    /// What is known of it cannot be read: nothing changes that but the user.
    Unknowable(String),
    /// The key by which it knows us cannot be used: nothing changes that but the user.
    Keyless(String),
    /// The user no longer wants it.
    Abandoned,
    /// Whoever listens could take the invite's token: nothing changes that but the user.
    Exposed,
}

impl Target {
    /// Whether the link is to be encrypted.
    pub fn wants_tls(&self) -> bool {
        address::wants_tls(&self.host, self.tls)
    }

    /// The address as people write it.
    pub fn address(&self) -> String {
        address::shown(&self.host, self.port)
    }

    /// What the network is called in files, from one run to the next: its name, or else its address.
    pub fn key(&self) -> String {
        if self.name.is_empty() {
            self.address()
        } else {
            self.name.to_lowercase()
        }
    }

    /// What the session must know of a wire that was opened.
    pub fn footing(&self, is_encrypted: bool, has_key: bool) -> link::Wire {
        let mut random = [0; 18];
        // Without random bytes nothing could have been encrypted either; a nonce may be known, only not come twice.
        let _ = SystemRandom::new().fill(&mut random);
        link::Wire {
            is_encrypted,
            is_local: address::is_this_machine(&self.host),
            has_key,
            random,
        }
    }

    /// Takes over what the server said about encrypted links; whether it is to be dialled again at once, by one.
    ///
    /// # Errors
    /// When it cannot be remembered.
    pub fn heed(&mut self, policy: Policy, now: Millis) -> io::Result<bool> {
        match policy {
            Policy::Upgrade { port } => {
                self.port = port;
                self.tls = Tls::On;
                Ok(true)
            }
            Policy::Persist { duration_s } => {
                let until = now.saturating_add(duration_s.saturating_mul(1000));
                let policies = Policies::of(self.folder.as_deref());
                policies.keep(&self.host, self.port, until, now)?;
                Ok(false)
            }
        }
    }

    /// Goes by what the server said earlier: who is bound to encrypted links is never reached by another.
    ///
    /// # Errors
    /// When it cannot be known what was said.
    pub fn obey(&mut self, now: Millis) -> io::Result<()> {
        if self.wants_tls() || address::is_this_machine(&self.host) {
            return Ok(());
        }
        let policies = Policies::of(self.folder.as_deref());
        if let Some(port) = policies.find(&self.host, now)? {
            self.port = port;
            self.tls = Tls::On;
        }
        Ok(())
    }

    /// The servers that we have met.
    pub fn pins(&self) -> Pins {
        Pins::of(self.folder.as_deref())
    }

    /// The user says that this is the right certificate.
    ///
    /// # Errors
    /// When that cannot be kept, in a sentence.
    pub fn trust(&mut self, seen: &Fingerprint) -> Result<(), String> {
        self.invited = None;
        let known = Known::Pinned(seen.clone());
        let kept = self.pins().keep(&self.address(), &known);
        kept.map_err(|error| error.to_string())
    }

    /// Opens the wire.
    ///
    /// # Errors
    /// Why it cannot be.
    pub async fn open(&self) -> Result<Wire, Failure> {
        if self.has_token && !self.wants_tls() && !address::is_this_machine(&self.host) {
            return Err(Failure::Exposed);
        }
        let stream = connect(&self.host, self.port).await;
        let stream = stream.map_err(Failure::Unreachable)?;
        if !self.wants_tls() {
            return Ok(Wire::Plain(stream));
        }
        let whose = if self.name.is_empty() {
            &self.host
        } else {
            &self.name
        };
        let own = keyring::find(&self.certificate, whose, self.folder.as_deref());
        let own = own.map_err(Failure::Keyless)?;
        let has_key = own.is_some();
        let known = self.pins().find(&self.address());
        let expected = Expected {
            known: known.map_err(|error| Failure::Unknowable(error.to_string()))?,
            invited: self.invited.clone(),
            has_token: self.has_token,
        };
        let roots = match &self.roots {
            Some(roots) => Arc::clone(roots),
            None => Arc::new(
                spawn_blocking(tls::system_roots)
                    .await
                    .unwrap_or_else(|_| RootCertStore::empty()),
            ),
        };
        let secured = tls::secure(stream, &self.host, &roots, expected.clone(), own).await;
        let (stream, sight) = secured.map_err(|insecure| match insecure {
            Insecure::Distrusted(distrust) => Failure::Distrusted(distrust),
            Insecure::Failed(why) => Failure::Insecure(why),
        })?;
        let word = self.remember(&sight, expected.known.as_ref());
        Ok(Wire::Encrypted(Encrypted {
            stream: Box::new(stream),
            has_key,
            word,
            sight,
        }))
    }

    /// Keeps what was seen, if it is new; what the user must know of it.
    fn remember(&self, sight: &Sight, known: Option<&Known>) -> Option<String> {
        let address = self.address();
        let now = match sight.belief {
            Belief::System => Known::System,
            Belief::Pinned => return None,
            Belief::Invited | Belief::FirstSeen => Known::Pinned(sight.fingerprint.clone()),
        };
        if known == Some(&now) {
            return None;
        }
        let unkept = self.pins().keep(&address, &now).err().map(|error| {
            format!(" It cannot be remembered, so that a change would not be seen ({error}).")
        });
        let word = match sight.belief {
            Belief::FirstSeen => Some(format!(
                "First link to {address}. Its certificate is its own, and its key has the fingerprint {}. From now on \
                 only this one counts; compare it with what the server's owner says if you must be sure.",
                sight.fingerprint
            )),
            Belief::Invited => Some(format!(
                "{address} is the server that the invite is for, with the fingerprint {}.",
                sight.fingerprint
            )),
            Belief::System | Belief::Pinned => None,
        };
        match (word, unkept) {
            (None, None) => None,
            (word, unkept) => Some(word.unwrap_or_default() + &unkept.unwrap_or_default()),
        }
    }
}

impl Failure {
    /// What happened, in plain words.
    pub fn explained(&self, address: &str) -> String {
        match self {
            Self::Unreachable(error) => explained(error),
            Self::Insecure(why) | Self::Keyless(why) => why.clone(),
            Self::Abandoned => "it is no longer wanted".to_owned(),
            Self::Distrusted(distrust) => distrust.explained(address),
            Self::Exposed => format!(
                "An invite to {address} is not followed over a link that is not encrypted: whoever listens could come in \
                 your place. Take tls = \"off\" out of the config"
            ),
            Self::Unknowable(why) => {
                format!(
                    "The servers that you have met cannot be looked up, so that nobody is trusted: {why}"
                )
            }
        }
    }
}

/// Opens a wire to the first of the host's addresses that answers.
async fn connect(host: &str, port: u16) -> io::Result<TcpStream> {
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    for address in lookup_host((host, port)).await? {
        match timeout(DIAL_TIMEOUT, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                prepare(&stream);
                return Ok(stream);
            }
            Ok(Err(error)) => last = error,
            Err(_) => last = io::ErrorKind::TimedOut.into(),
        }
    }
    Err(last)
}

/// A dead link at rest is found by the kernel, without waking us. What cannot be set is done without.
fn prepare(stream: &TcpStream) {
    let keepalive = TcpKeepalive::new()
        .with_time(Duration::from_secs(60))
        .with_interval(Duration::from_secs(15));
    let _ = stream.set_nodelay(true);
    let _ = SockRef::from(stream).set_tcp_keepalive(&keepalive);
}

/// What happened, in plain words.
pub fn explained(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => "nobody listens there".to_owned(),
        io::ErrorKind::TimedOut => "there was no answer".to_owned(),
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::UnexpectedEof => "the other end broke the link".to_owned(),
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
            "the machine cannot be reached from here".to_owned()
        }
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_link_is_told_in_words() {
        for kind in [
            io::ErrorKind::UnexpectedEof,
            io::ErrorKind::BrokenPipe,
            io::ErrorKind::ConnectionReset,
        ] {
            let error = io::Error::new(kind, "peer closed connection without sending close_notify");
            assert_eq!(explained(&error), "the other end broke the link");
        }
    }
}
