//! The client from end to end: joined to the server in memory, in real terminals, and the rules of this repository.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that cannot go on stops, and says where"
)]

mod bouncer;
mod cuts;
mod gaps;
mod harness;
mod house;
mod invited;
mod joined;
mod keys;
mod lines;
mod networks;
mod peers;
mod ranks;
mod safe;
mod stuck;
mod terminals;
mod tidy;
mod world;
