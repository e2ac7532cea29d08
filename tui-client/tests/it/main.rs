//! The client from end to end: joined to the server in memory, in real terminals, and the rules of this repository.

mod harness;
mod joined;
mod ranks;
mod terminals;
mod tidy;
mod world;
