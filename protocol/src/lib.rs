//! The words of IRC: bytes to messages and back. It never does I/O, reads a clock, or knows who is speaking.
//!
//! Follows the "Modern IRC" document and the IRCv3 specifications; each module names the clause it implements.
//! In reading order: [`frame`] cuts bytes into lines, [`message`] takes a line apart, [`tags`] and [`source`] its
//! pieces, [`write`] puts one together; then the vocabularies.

pub mod capability;
pub mod casemap;
pub mod fingerprint;
pub mod frame;
pub mod invite;
pub mod isupport;
pub mod mask;
pub mod message;
pub mod mode;
pub mod name;
pub mod numeric;
pub mod source;
pub mod span;
pub mod stamp;
pub mod tags;
pub mod write;

pub use capability::{Capability, Caps};
pub use casemap::Folded;
pub use message::{Message, ParseError};
pub use source::Source;
pub use stamp::Stamp;
pub use write::LineWriter;

/// Longest line without its tags, CR and LF included, in bytes (Modern IRC, "Messages").
pub const LINE_BYTES_MAX: usize = 512;
/// Longest tag section a client may send, from `@` to the space, in bytes (IRCv3 message-tags, "Size limit").
pub const CLIENT_TAG_BYTES_MAX: usize = 4096;
/// Longest tag section a line may carry when client and server tags are added up (IRCv3 message-tags).
pub const TAG_BYTES_MAX: usize = 8191;
/// Most parameters a message has; the last takes the rest of the line (RFC 1459, 2.3).
pub const PARAMS_MAX: usize = 15;
