//! Sends codes through an SMTP relay, on a thread of its own that sleeps while there is nothing to send. It never writes
//! a code into the log, nor an address, but where the relay's own words are asked for (`debug`).

use std::io;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{Error, SmtpTransport};
use lettre::{Message, Transport};

use super::Mailer;
use super::queue::{Letter, Next, Queue};
use crate::accounts::Clock;
use crate::config::{Config, MailTls};

/// How long the relay may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// An SMTP relay, with the letters that wait for it. The thread ends when this is dropped.
pub struct Relay(Arc<Post>);

struct Post {
    state: Mutex<State>,
    changed: Condvar,
    clock: Clock,
}

#[derive(Default)]
struct State {
    queue: Queue,
    is_over: bool,
}

/// How letters are written, and where they go.
struct Writer {
    transport: SmtpTransport,
    from: Mailbox,
    network: String,
    host: String,
}

impl Relay {
    /// Starts the thread for the relay of the configuration; it connects when there is something to send.
    pub fn start(config: &Config, clock: Clock) -> Result<Self, String> {
        let writer = Writer::new(config)?;
        let post = Arc::new(Post {
            state: Mutex::default(),
            changed: Condvar::new(),
            clock,
        });
        let theirs = Arc::clone(&post);
        std::thread::Builder::new()
            .name("mail".to_owned())
            .spawn(move || work(&theirs, &writer))
            .map_err(|error| format!("cannot start a thread: {error}"))?;
        Ok(Self(post))
    }
}

impl Mailer for Relay {
    fn send_code(&self, address: &str, account: &str, code: &str) -> Result<(), String> {
        let letter = Letter {
            address: address.to_owned(),
            account: account.to_owned(),
            code: code.to_owned(),
        };
        self.0.lock().queue.add(letter, self.0.now())?;
        self.0.changed.notify_one();
        Ok(())
    }

    fn has_given_up(&self, account: &str) -> bool {
        self.0.lock().queue.has_given_up(account)
    }

    fn taken(&self) -> Vec<String> {
        self.0.lock().queue.taken()
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.0.lock().is_over = true;
        self.0.changed.notify_one();
    }
}

impl Post {
    fn lock(&self) -> MutexGuard<'_, State> {
        // It is whole even if a thread failed while it held it: each change is one call.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> u64 {
        (self.clock)().steady
    }

    /// Waits for the next letter; `None` when it is all over.
    fn next(&self) -> Option<Letter> {
        let mut state = self.lock();
        loop {
            if state.is_over {
                return None;
            }
            state = match state.queue.next(self.now()) {
                Next::Send(letter) => return Some(letter),
                Next::Rest => self
                    .changed
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner),
                Next::Wait(ms) => {
                    let waited = self.changed.wait_timeout(state, Duration::from_millis(ms));
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }
}

fn work(post: &Post, writer: &Writer) {
    while let Some(letter) = post.next() {
        let sent = writer.send(&letter);
        let now = post.now();
        let mut state = post.lock();
        match sent {
            Ok(()) => state.queue.sent(&letter),
            Err(failure) => {
                let rest = state.queue.failed(&letter, failure.is_final, now);
                drop(state);
                tracing::debug!("the relay says: {}", failure.said);
                match rest {
                    Some(rest) => tracing::warn!(
                        "a code could not be sent: {}; it is tried again in {} minutes",
                        failure.kind,
                        rest / 60_000
                    ),
                    None => tracing::warn!(
                        "a code could not be sent: {}; its account can be registered anew",
                        failure.kind
                    ),
                }
            }
        }
    }
}

/// Why a letter was not taken.
struct Failure {
    /// Without anything of the letter.
    kind: String,
    /// In the relay's own words, which may hold the address.
    said: String,
    /// Whether it would never be.
    is_final: bool,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let kind = match error.status() {
            Some(code) if error.is_permanent() => format!("the relay refuses it ({code})"),
            Some(code) => format!("the relay does not take it now ({code})"),
            None if error.is_timeout() => "the relay takes too long".to_owned(),
            None if error.is_tls() => {
                "no TLS with the relay: see `tls` and `root` of [server.mail]".to_owned()
            }
            None => "the relay of [server.mail] is not reached".to_owned(),
        };
        // A refused login (5.7.8) is for the operator to mend, and no fault of the letter.
        let is_login = error
            .status()
            .is_some_and(|code| matches!(u16::from(code), 530 | 534 | 535 | 538));
        Self {
            is_final: error.is_permanent() && !is_login,
            kind,
            said: error.to_string(),
        }
    }
}

impl Writer {
    fn new(config: &Config) -> Result<Self, String> {
        let mail = &config.mail;
        let parameters = || {
            let mut parameters = TlsParameters::builder(mail.relay.clone());
            if !mail.root.is_empty() {
                let root = root(Path::new(&mail.root));
                let root = root.map_err(|why| format!("{}: {why}", mail.root))?;
                parameters = parameters.add_root_certificate(root);
            }
            parameters.build().map_err(|error| error.to_string())
        };
        let tls = match mail.tls {
            MailTls::StartTls => Tls::Required(parameters()?),
            MailTls::Implicit => Tls::Wrapper(parameters()?),
            MailTls::Off => Tls::None,
        };
        let mut transport = SmtpTransport::builder_dangerous(&mail.relay)
            .port(u16::try_from(mail.port).unwrap_or(587))
            .hello_name(ClientId::Domain(config.name.clone()))
            .timeout(Some(PATIENCE))
            .tls(tls);
        if !mail.user.is_empty() {
            let secret = Credentials::new(mail.user.clone(), mail.password.0.clone());
            transport = transport.credentials(secret);
        }
        let from = mail.from.parse();
        let from = from.map_err(|error| format!("`from` of [server.mail]: {error}"))?;
        Ok(Self {
            transport: transport.build(),
            from: Mailbox::new(Some(config.network.clone()), from),
            network: config.network.clone(),
            host: config.name.clone(),
        })
    }

    fn send(&self, letter: &Letter) -> Result<(), Failure> {
        let unwritable = |why: String| Failure {
            kind: "it cannot be written".to_owned(),
            said: why,
            is_final: true,
        };
        let message = self.write(letter).map_err(unwritable)?;
        self.transport.send(&message)?;
        Ok(())
    }

    fn write(&self, letter: &Letter) -> Result<Message, String> {
        let Letter {
            address,
            account,
            code,
        } = letter;
        let network = &self.network;
        let to = address.parse().map_err(|_| "no address".to_owned())?;
        let mut number = [0; 16];
        getrandom::fill(&mut number).map_err(|error| error.to_string())?;
        let id = format!("<{:032x}@{}>", u128::from_ne_bytes(number), self.host);
        // Nobody's holiday answers to it (RFC 3834).
        let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(format!("Your code for {account} on {network}"))
            .message_id(Some(id))
            .raw_header(HeaderValue::new(automatic, "auto-generated".to_owned()))
            .header(ContentType::TEXT_PLAIN)
            .body(format!(
                "Hello {account},\n\
                 \n\
                 somebody, most likely you, wants to be called {account} on {network}, a chat server,\n\
                 and has given this address. This code finishes it:\n\
                 \n    {code}\n\
                 \n\
                 Go back to where you chat and send\n\
                 \n    VERIFY {account} {code}\n\
                 \n\
                 (in most programs as /quote VERIFY {account} {code}). The code holds for a day.\n\
                 \n\
                 If it was not you, there is nothing to do: without the code nothing comes of it.\n\
                 \n\
                 See you there!\n"
            ))
            .map_err(|error| error.to_string())
    }
}

fn root(path: &Path) -> io::Result<Certificate> {
    let pem = std::fs::read(path)?;
    Certificate::from_pem(&pem).map_err(io::Error::other)
}

/// Why no letter could be sent as the configuration says.
pub(crate) fn look_at(config: &Config) -> Result<(), String> {
    Writer::new(config).map(drop)
}

#[cfg(test)]
mod tests;
