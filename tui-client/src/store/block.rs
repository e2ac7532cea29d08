//! Messages of one place as bytes, one after the other: what comes faster than rows can be made of it.
//! It must never change their order, nor need more than the bytes to give each of them back whole.

use crate::session::event::{Kind, Message, Millis};
use crate::store::Place;

/// Messages of one block: what a page that is looked at costs, when rows are made of it.
pub(crate) const MESSAGES_MAX: u32 = 256;
/// Bytes after which a block takes no more.
const BYTES_MAX: usize = 32 * 1024;

/// Bits of a message's first byte: the sort of it, and what follows.
const KIND: u8 = 0b11;
const IS_OWN: u8 = 0b100;
const HAS_ID: u8 = 0b1000;
const IS_REPLY: u8 = 0b1_0000;

/// Messages of one place that were heard one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Where.
    pub place: Place,
    pub(crate) bytes: Vec<u8>,
    pub(crate) count: u32,
    /// When the first of them was said, and the last.
    pub(crate) first: Millis,
    pub(crate) last: Millis,
    /// Whether no message is older than the one before it.
    pub(crate) is_rising: bool,
}

impl Block {
    /// None yet.
    pub fn new(place: Place) -> Self {
        Self {
            place,
            bytes: Vec::new(),
            count: 0,
            first: 0,
            last: 0,
            is_rising: true,
        }
    }

    /// Whether another message, or another block, belongs into the next one.
    pub(crate) fn is_full(&self) -> bool {
        self.count >= MESSAGES_MAX || self.bytes.len() >= BYTES_MAX
    }

    /// Takes a message, after the others.
    pub(crate) fn push(&mut self, message: &Message) {
        self.heard(message.at, message.at);
        self.count += 1;
        let (id, reply) = (message.msgid.as_deref(), message.reply_to.as_deref());
        let mut first = kind_bits(message.kind);
        for (is_so, bit) in [
            (message.is_own, IS_OWN),
            (id.is_some(), HAS_ID),
            (reply.is_some(), IS_REPLY),
        ] {
            first |= if is_so { bit } else { 0 };
        }
        self.bytes.push(first);
        number(&mut self.bytes, message.at);
        let words = [Some(message.source.as_str()), id, reply];
        for word in words.into_iter().flatten().chain([message.text.as_str()]) {
            number(&mut self.bytes, word.len() as u64);
            self.bytes.extend_from_slice(word.as_bytes());
        }
    }

    /// Takes all of another block of the same place, after its own.
    pub(crate) fn append(&mut self, other: &Self) {
        self.is_rising &= other.is_rising;
        self.heard(other.first, other.last);
        self.count += other.count;
        self.bytes.extend_from_slice(&other.bytes);
    }

    fn heard(&mut self, first: Millis, last: Millis) {
        if self.count == 0 {
            self.first = first;
        } else {
            self.is_rising &= self.last <= first;
        }
        self.last = last;
    }
}

/// A message in a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Record<'a> {
    pub(crate) kind: Kind,
    pub(crate) at: Millis,
    pub(crate) nick: &'a str,
    pub(crate) msgid: Option<&'a str>,
    pub(crate) reply_to: Option<&'a str>,
    pub(crate) text: &'a str,
    pub(crate) is_own: bool,
}

impl Record<'_> {
    /// As the rest of the program has messages.
    pub(crate) fn message(self, target: &str) -> Message {
        Message {
            target: target.to_owned(),
            source: self.nick.to_owned(),
            kind: self.kind,
            text: self.text.to_owned(),
            at: self.at,
            msgid: self.msgid.map(str::to_owned),
            reply_to: self.reply_to.map(str::to_owned),
            is_own: self.is_own,
            own_id: None,
        }
    }
}

/// The messages of a block, in order; what cannot be read ends it.
pub(crate) fn records(bytes: &[u8]) -> impl Iterator<Item = Record<'_>> {
    let mut reader = Reader(bytes);
    std::iter::from_fn(move || reader.record())
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn record(&mut self) -> Option<Record<'a>> {
        let first = self.byte()?;
        let at = self.number()?;
        let nick = self.word()?;
        let mut optional = |bit| match first & bit {
            0 => Some(None),
            _ => self.word().map(Some),
        };
        let (msgid, reply_to) = (optional(HAS_ID)?, optional(IS_REPLY)?);
        Some(Record {
            kind: kind(first),
            at,
            nick,
            msgid,
            reply_to,
            text: self.word()?,
            is_own: first & IS_OWN != 0,
        })
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..u64::BITS).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn word(&mut self) -> Option<&'a str> {
        let length = usize::try_from(self.number()?).ok()?;
        let (word, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        std::str::from_utf8(word).ok()
    }
}

/// Seven bits a byte, the lowest first; the highest bit says that more follow.
fn number(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    bytes.push(number.to_le_bytes()[0]);
}

/// Once given, never another's.
fn kind_bits(kind: Kind) -> u8 {
    match kind {
        Kind::Say => 0,
        Kind::Action => 1,
        Kind::Notice => 2,
    }
}

fn kind(first: u8) -> Kind {
    match first & KIND {
        1 => Kind::Action,
        2 => Kind::Notice,
        _ => Kind::Say,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn place() -> Place {
        Place {
            network: "net".to_owned(),
            name: "#lobby".to_owned(),
        }
    }

    fn message() -> impl Strategy<Value = Message> {
        let kind = prop_oneof![Just(Kind::Say), Just(Kind::Action), Just(Kind::Notice)];
        let id = || proptest::option::of(".{0,200}");
        (any::<u64>(), kind, any::<bool>(), id(), id(), ".*", ".*").prop_map(
            |(at, kind, is_own, msgid, reply_to, source, text)| Message {
                target: "#lobby".to_owned(),
                source,
                kind,
                text,
                at,
                msgid,
                reply_to,
                is_own,
                own_id: None,
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn every_message_comes_back_whole_and_in_order(
            said in proptest::collection::vec(message(), 1..20), cut in 0usize..20
        ) {
            let (mut block, mut rest) = (Block::new(place()), Block::new(place()));
            for (index, message) in said.iter().enumerate() {
                if index < cut.max(1) { block.push(message) } else { rest.push(message) }
            }
            if rest.count > 0 {
                block.append(&rest);
            }
            let back: Vec<Message> = records(&block.bytes).map(|one| one.message("#lobby")).collect();
            prop_assert_eq!(&back, &said);
            prop_assert_eq!(block.count as usize, said.len());
            prop_assert_eq!(block.is_rising, said.is_sorted_by_key(|one| one.at));
        }

        #[test]
        fn bytes_of_any_sort_are_read_to_an_end(bytes in any::<Vec<u8>>()) {
            prop_assert!(records(&bytes).count() <= bytes.len());
        }
    }
}
