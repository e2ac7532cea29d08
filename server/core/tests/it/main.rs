//! The core, tested as transcripts: who sends what, who reads what, with a fake clock and a log in memory.

#![expect(
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that fails panics"
)]

mod guestbook;
mod random;
mod transcript;
mod world;
