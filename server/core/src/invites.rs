//! The links by which people are invited, as a port: who made one, into which room, until when, for how many, and who
//! came in by it. It never keeps a token: storage draws it, tells it once, and keeps a hash.
//!
//! Storage does each request in one transaction, because several may come at once, and from other programs beside the
//! server. A guest who is told `Admitted` is counted already, and the count survives a crash.

use protocol::invite::Token;

use crate::ids::RoomId;
use crate::record;

/// How many people a link lets in, unless it is said: a few friends.
pub const USES_DEFAULT: u32 = 5;
/// Most people a link lets in: a lecture hall.
pub const USES_MAX: u32 = 1000;
/// Seconds for which a link is good, unless it is said: a week.
pub const LASTS_S_DEFAULT: u64 = 7 * 86_400;
/// Fewest seconds for which a link is good: what is shorter is over before anybody has typed it.
pub const LASTS_S_MIN: u64 = 60;
/// Most seconds for which a link is good: a year.
pub const LASTS_S_MAX: u64 = 365 * 86_400;
/// Links into one room that are good at a time.
pub const GOOD_PER_ROOM_MAX: usize = 50;
/// Links of one maker that are good at a time, in all rooms.
pub const GOOD_PER_MAKER_MAX: usize = 20;
/// Links into one room that are over and still known, so that their guests may come back; the oldest go first.
pub const OVER_PER_ROOM_MAX: usize = 100;
/// Links in all. Past it those that are over go, then those that guests made, the oldest first.
pub const INVITES_MAX: usize = 10_000;
/// By how many accounts, certificates and words one guest is known.
pub const MARKS_MAX: usize = 8;

/// A room as an invite means it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its id; `None` means whatever room has that name when somebody comes.
    pub room: Option<RoomId>,
    /// Its name, folded.
    pub name: Box<str>,
}

/// By what a guest is known again; whoever has one mark of a guest is that guest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Guest {
    /// The word that came with the token.
    pub word: Option<Token>,
    /// The account, folded.
    pub account: Option<Box<str>>,
    /// SHA-256 of the client's TLS certificate.
    pub certificate: Option<Box<str>>,
}

/// A question about invites. All moments are whole seconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InviteRequest {
    /// Make one. Answer: `Made` or `Full`.
    Make {
        /// Into which room.
        place: Place,
        /// The maker's identity; empty: whoever runs the server.
        maker: Box<str>,
        /// The maker's name, for people.
        by: Box<str>,
        /// How many people it lets in.
        uses: u32,
        /// From when on it lets in nobody new.
        until: u64,
        /// Now.
        now: u64,
    },
    /// All that are known, of one room or of all. Answer: `Listed`.
    List {
        /// Which room.
        place: Option<Place>,
    },
    /// Take one back: nobody comes in by it any more, its guests neither. Answer: `Revoked` or `NoSuch`.
    Revoke {
        /// Which one.
        id: u64,
        /// Only if it is into this room.
        place: Option<Place>,
    },
    /// Let somebody in. Answer: `Admitted` or `Refused`.
    Redeem {
        /// What they show.
        token: Token,
        /// Who they are.
        guest: Guest,
        /// Where they want in; `None`: only into the server.
        place: Option<Place>,
        /// Now.
        now: u64,
    },
}

/// An answer about invites.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InviteReply {
    /// It is made.
    Made {
        /// Its number.
        id: u64,
        /// What opens; told this once.
        token: Token,
    },
    /// It is not made: there are too many.
    Full(Full),
    /// Invites, the oldest first.
    Listed(Vec<Invite>),
    /// It lets in nobody any more.
    Revoked,
    /// There is none of that number there.
    NoSuch,
    /// Let them in.
    Admitted,
    /// Do not.
    Refused(Refused),
}

/// Of what there is too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Full {
    /// Good links into that room.
    Room,
    /// Good links of that maker.
    Maker,
    /// Links.
    Server,
}

impl Full {
    /// The reason in words.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Room => "This room has as many invite links as it may have: take some back",
            Self::Maker => "You have made as many invite links as you may have: take some back",
            Self::Server => "This server has as many invite links as it can keep",
        }
    }
}

/// Why a token opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Nobody here made it, or it is long over.
    Unknown,
    /// It is for another room.
    OtherRoom,
    /// It was taken back.
    Revoked,
    /// Its time is over.
    Expired,
    /// As many came as it was for.
    UsedUp,
}

impl Refused {
    /// The code for programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unknown => "INVITE_UNKNOWN",
            Self::OtherRoom => "INVITE_OTHER_ROOM",
            Self::Revoked => "INVITE_REVOKED",
            Self::Expired => "INVITE_EXPIRED",
            Self::UsedUp => "INVITE_USED_UP",
        }
    }

    /// The reason in words.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Unknown => {
                "This server does not know the invite: it is for another one, or long over"
            }
            Self::OtherRoom => "The invite is for another room",
            Self::Revoked => "The invite was taken back; ask for a new one",
            Self::Expired => "The invite has expired; ask for a new one",
            Self::UsedUp => "The invite has let in as many people as it was for; ask for a new one",
        }
    }
}

/// An invite as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invite {
    /// Its number; never another's.
    pub id: u64,
    /// Into which room.
    pub place: Place,
    /// The maker's identity.
    pub maker: Box<str>,
    /// The maker's name, for people.
    pub by: Box<str>,
    /// How many people it lets in.
    pub uses: u32,
    /// How many it has let in.
    pub used: u32,
    /// From when on it lets in nobody new, in seconds since 1970.
    pub until: u64,
    /// Whether it was taken back.
    pub is_revoked: bool,
}

impl Place {
    /// The room of a name, given its record on [`Shelf::Rooms`](crate::storage::Shelf::Rooms), where it has one under
    /// the folded name.
    pub fn named(name: &str, record: Option<&str>) -> Self {
        let id = record.and_then(|record| record::value(record, "room"));
        Self {
            room: id.and_then(|id| id.parse().ok()).map(RoomId),
            name: name.to_ascii_lowercase().into_boxed_str(),
        }
    }

    /// Whether an invite for this place is for `wanted`.
    pub fn covers(&self, wanted: &Self) -> bool {
        match (self.room, wanted.room) {
            (Some(room), Some(wanted)) => room == wanted,
            // Whoever runs the server may mean a name, whatever room has it by then.
            (None, _) | (_, None) => self.name == wanted.name,
        }
    }
}

impl Invite {
    /// Why it lets in nobody new; `None`: it is good.
    pub fn over(&self, now: u64) -> Option<Refused> {
        if self.is_revoked {
            Some(Refused::Revoked)
        } else if now >= self.until {
            Some(Refused::Expired)
        } else if self.used >= self.uses {
            Some(Refused::UsedUp)
        } else {
            None
        }
    }

    /// Whether somebody may come in by it. Whoever has come in by it before may come again until it is taken back:
    /// time and number are about new people.
    pub fn judge(&self, is_known: bool, place: Option<&Place>, now: u64) -> Result<(), Refused> {
        if place.is_some_and(|place| !self.place.covers(place)) {
            return Err(Refused::OtherRoom);
        }
        match self.over(now) {
            Some(Refused::Expired | Refused::UsedUp) if is_known => Ok(()),
            Some(refused) => Err(refused),
            None => Ok(()),
        }
    }
}
