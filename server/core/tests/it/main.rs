//! The core, tested as transcripts: who sends what, who reads what, with a fake clock and a log in memory.

mod random;
mod transcript;
mod world;
