//! What a key of the configuration is: its name, the place of its value, and what it does. It never reads a file.

use std::net::{IpAddr, SocketAddr};
use std::ops::RangeInclusive;

use super::shape::{MailTls, PasswordHash, Persistence, PlainStyle, Secret};
use crate::journal::LogFormat;
use crate::storage::Durability;

/// Where a key's value goes, and what it may be.
pub(crate) enum Place<'a> {
    /// Any text.
    Text(&'a mut String),
    /// Any text, which is never shown.
    Secret(&'a mut Secret),
    /// `true` or `false`.
    Flag(&'a mut bool),
    /// A whole number within bounds.
    Number(&'a mut u64, RangeInclusive<u64>),
    /// One of a few words.
    Choice(&'a mut dyn Choice),
    /// Addresses with ports, to listen on.
    Listen(&'a mut Vec<SocketAddr>),
    /// Addresses without ports.
    Hosts(&'a mut Vec<IpAddr>),
    /// Texts.
    Texts(&'a mut Vec<String>),
}

/// A value that is one of a few words.
pub(crate) trait Choice {
    /// The words.
    fn words(&self) -> &'static [&'static str];
    /// Which of them it is.
    fn chosen(&self) -> usize;
    /// Makes it another.
    fn choose(&mut self, index: usize);
}

/// Whoever goes through the keys: to set them from a file, or to write them down.
pub(crate) trait Visitor {
    /// A key of the section at hand.
    fn key(&mut self, name: &'static str, place: Place<'_>, does: &'static str);
    /// A section begins; the keys that follow are its own.
    fn section(&mut self, name: &'static str, does: &'static str);
    /// How many tables of this name the file has; each is gone through behind its `entry`.
    fn entries(&mut self, name: &'static str, does: &'static str) -> usize;
    /// The keys that follow are of this one of the tables.
    fn entry(&mut self, name: &'static str, index: usize);
}

/// Gives a type its words, in the order of its variants.
macro_rules! choice {
    ($kind:ty: $($word:literal = $variant:path),+) => {
        impl Choice for $kind {
            fn words(&self) -> &'static [&'static str] {
                &[$($word),+]
            }

            fn chosen(&self) -> usize {
                let all = [$($variant),+];
                all.iter().position(|one| one == self).unwrap_or(0)
            }

            fn choose(&mut self, index: usize) {
                let all = [$($variant),+];
                if let Some(one) = all.get(index) {
                    *self = *one;
                }
            }
        }
    };
}

choice!(PlainStyle: "join" = PlainStyle::Join, "nick" = PlainStyle::Nick);
choice!(LogFormat: "text" = LogFormat::Text, "json" = LogFormat::Json);
choice!(PasswordHash: "strong" = PasswordHash::Strong, "minimum" = PasswordHash::Minimum);
choice!(MailTls: "starttls" = MailTls::StartTls, "implicit" = MailTls::Implicit, "off" = MailTls::Off);
choice!(Durability: "disk" = Durability::Disk, "process" = Durability::Process);
choice!(Persistence: "disabled" = Persistence::Disabled, "opt-in" = Persistence::OptIn,
    "opt-out" = Persistence::OptOut, "mandatory" = Persistence::Mandatory);
