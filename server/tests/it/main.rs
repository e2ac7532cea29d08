//! The server from outside: real sockets, real files, one binary. No test sleeps; each read has a deadline.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on stops, and says where"
)]

#[cfg(feature = "acme")]
mod acme;
mod bad_input;
#[cfg(target_os = "linux")]
mod disk;
mod drill;
mod encrypted;
mod errands;
mod foreign;
mod foreign_logins;
#[cfg(target_os = "linux")]
mod hostile;
mod invites;
#[cfg(feature = "mail")]
mod mail;
mod own_words;
mod peers;
mod program;
mod reference;
mod reload;
mod slow;
mod smoke;
mod swept;
mod terminal;
mod websocket;
mod world;
#[cfg(target_os = "linux")]
mod year;
