//! The ways of SASL that we know, one exchange of each, and how far logging in has come.
//! It must never choose a way: `login` does.

use std::collections::VecDeque;

use crate::login::Secret;
use crate::session::event::Millis;
use crate::session::scram::{self, Scram, Trouble};

/// A way to log in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// By the key of the TLS link.
    External,
    /// By a password that is not sent.
    Scram,
    /// By a password that is sent.
    Plain,
}

impl Way {
    /// Its name on the wire.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::External => "EXTERNAL",
            Self::Scram => "SCRAM-SHA-256",
            Self::Plain => "PLAIN",
        }
    }
}

/// One exchange.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Exchange {
    pub(crate) way: Way,
    /// Whose account.
    pub(crate) account: String,
    /// Whether that account was named, rather than assumed from the nick.
    pub(crate) is_named: bool,
    password: Secret,
    nonce: String,
    scram: Option<Scram>,
    has_begun: bool,
}

impl Exchange {
    /// An exchange that waits for the server's first word. `nonce` is fresh.
    pub(crate) fn new(way: Way, whose: (String, bool), password: Secret, nonce: String) -> Self {
        Self {
            way,
            account: whose.0,
            is_named: whose.1,
            password,
            nonce,
            scram: None,
            has_begun: false,
        }
    }

    /// Takes what the server says; what we say to that.
    pub(crate) fn hear(&mut self, message: &[u8]) -> Result<Vec<u8>, Trouble> {
        if !self.has_begun {
            self.has_begun = true;
            return Ok(self.first());
        }
        let Some(scram) = &mut self.scram else {
            return Err(Trouble::Garbled);
        };
        let message = std::str::from_utf8(message).map_err(|_| Trouble::Garbled)?;
        Ok(scram.hear(message, &self.password.0)?.into_bytes())
    }

    fn first(&mut self) -> Vec<u8> {
        match self.way {
            Way::External if self.is_named => self.account.clone().into_bytes(),
            Way::External => Vec::new(),
            Way::Plain => format!("\0{}\0{}", self.account, self.password.0).into_bytes(),
            Way::Scram => {
                let (scram, message) = scram::begin(&self.account, &self.nonce);
                self.scram = Some(scram);
                message.into_bytes()
            }
        }
    }

    /// Whether the server has shown all that it has to show before it is believed that we are logged in.
    pub(crate) fn is_proven(&self) -> bool {
        self.way != Way::Scram || self.scram == Some(Scram::Trusted)
    }

    /// Whether the server has let it begin.
    pub(crate) fn has_begun(&self) -> bool {
        self.has_begun
    }
}

/// How far logging in has come on this link.
#[derive(Clone, Debug, Default)]
pub(crate) struct Progress {
    /// The ways that the server knows, if it says so.
    pub(crate) known: Option<Vec<String>>,
    /// The ways still to be tried, best first.
    pub(crate) queue: VecDeque<Way>,
    /// The exchange under way.
    pub(crate) exchange: Option<Exchange>,
    /// What has come of a message that is longer than one line.
    pub(crate) gathered: String,
    /// Whether it was tried.
    pub(crate) has_begun: bool,
    /// Whether the server has said that it does not know the way under way: that it fails is no verdict.
    pub(crate) is_unknown: bool,
    /// Whether the user asked for it, on this link.
    pub(crate) is_asked_for: bool,
    /// Whether the end of the greeting waits for something.
    pub(crate) is_busy: bool,
    /// Whether the server makes an account for a key that it does not know.
    pub(crate) takes_keys: bool,
    /// Whether the nick was asked to be kept for our key.
    pub(crate) is_claiming: bool,
    /// Whether that is to be asked once we are welcome.
    pub(crate) claims_later: bool,
    /// Whether a password, not the key, has logged us in.
    pub(crate) came_by_password: bool,
    /// Until when the rooms wait for NickServ, if they do.
    pub(crate) is_awaited_until: Option<Millis>,
    /// The password of an account that we asked for and that is not made yet.
    pub(crate) registering: Option<Secret>,
    /// The account that we are logged in to.
    pub(crate) account: Option<String>,
    /// Exchanges so far, so that no nonce comes twice.
    pub(crate) count: u32,
    /// Whether this server has ever offered SCRAM: then nobody talks us into sending the password.
    pub(crate) has_met_scram: bool,
}

impl Progress {
    /// The progress on a new link: nothing but what must not be forgotten.
    pub(crate) fn anew(&self) -> Self {
        Self {
            has_met_scram: self.has_met_scram,
            ..Self::default()
        }
    }

    /// Whether the server knows a way, as far as it says.
    pub(crate) fn knows(&self, way: Way) -> bool {
        let known = self.known.as_ref();
        known.is_none_or(|known| {
            known
                .iter()
                .any(|name| name.eq_ignore_ascii_case(way.name()))
        })
    }

    /// Takes the list of the ways in.
    pub(crate) fn learn(&mut self, list: &str) {
        let known: Vec<String> = list
            .split(',')
            .filter(|name| !name.is_empty())
            .take(50)
            .map(str::to_owned)
            .collect();
        self.known = (!known.is_empty()).then_some(known);
        self.has_met_scram |= self.known.is_some() && self.knows(Way::Scram);
    }
}
