//! How we log in at a server: the account, its password, and which ways we take.
//! It must never show a password, nor log in by itself.

use std::fmt;
use std::path::PathBuf;

use crate::admissions::Admission;

/// A password. Its debug form shows nothing.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

/// Which way of SASL is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mechanism {
    /// The best one that the server offers and that we have what it takes for.
    #[default]
    Auto,
    /// By the key that the TLS link shows.
    External,
    /// By a password that never leaves this machine.
    Scram,
    /// By a password that is sent; only where nobody can listen.
    Plain,
    /// By a message to NickServ, on networks whose servers know no better; the password is sent.
    NickServ,
    /// None: we are a guest.
    None,
}

/// The words for the ways in the config.
pub const MECHANISMS: &[(&str, Mechanism)] = &[
    ("auto", Mechanism::Auto),
    ("external", Mechanism::External),
    ("scram-sha-256", Mechanism::Scram),
    ("plain", Mechanism::Plain),
    ("nickserv", Mechanism::NickServ),
    ("none", Mechanism::None),
];

/// The key that we show to a server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Key {
    /// One that parlor makes, for each server another.
    #[default]
    Own,
    /// None.
    None,
    /// That of this file: a certificate and its key, as PEM.
    File(PathBuf),
}

/// All that has to do with logging in at one server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Login {
    /// The account; empty: the nick.
    pub account: String,
    /// Its password; empty: none.
    pub password: Secret,
    /// The program, with its words, that prints the password.
    pub password_command: Vec<String>,
    /// Which way is taken.
    pub mechanism: Mechanism,
    /// What the server wants of everybody who comes in (PASS); empty: nothing.
    pub server_password: Secret,
    /// Lines that are sent as they are once the server has let us in.
    pub on_connect: Vec<Secret>,
    /// Whether our nick is left to whoever has it, though services know that it is ours.
    pub leaves_nick: bool,
    /// The key that is shown.
    pub key: Key,
    /// The invites that let us in, the newest last.
    pub admissions: Vec<Admission>,
}

impl Login {
    /// Whether it is for a server that is somewhere already, such as a bouncer: it names an account, a password, or a way
    /// to log in.
    pub fn is_of_a_server(&self) -> bool {
        let is_named = !self.account.is_empty() || !self.password.0.is_empty();
        let is_asked_for = !self.password_command.is_empty() || !self.server_password.0.is_empty();
        let has_way = !matches!(self.mechanism, Mechanism::Auto | Mechanism::None);
        is_named || is_asked_for || has_way
    }
}
