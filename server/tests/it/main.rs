//! The server from outside: real sockets, real files, one binary. No test sleeps; each read has a deadline.

mod bad_input;
mod program;
mod slow;
mod smoke;
mod world;
