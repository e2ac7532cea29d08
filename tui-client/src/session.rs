//! The client's side of IRC, without any I/O: lines in, events and lines out.
//! It must never touch a socket, a clock or the screen.

pub mod command;
pub mod event;
