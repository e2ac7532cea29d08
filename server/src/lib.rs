//! The parts of `parlord`, so that `parlor` can host a room in its own process. It never decides what the core decides.
//!
//! [`config`] says what is wanted, [`run::start`] builds it; everything else is theirs.

pub mod accounts;
#[cfg(feature = "acme")]
mod acme;
pub mod bar;
mod batch;
pub mod certs;
pub mod cli;
pub mod config;
pub mod data_folder;
pub mod database;
mod delivery;
mod door;
mod doors;
pub mod errands;
pub mod files;
mod house;
mod hub;
mod inbox;
mod interpret;
pub mod invitation;
pub mod journal;
mod metrics;
mod outbox;
mod parts;
pub mod preflight;
pub mod renewal;
pub mod run;
mod service;
mod sessions;
mod settings;
mod shutdown;
pub mod storage;
pub mod telemetry;
mod tokens;
pub mod words;
