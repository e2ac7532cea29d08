//! The parts of `parlord`, so that `parlor` can host a room in its own process. It never decides what the core decides.

pub mod accounts;
pub mod database;
pub mod storage;
pub mod words;
