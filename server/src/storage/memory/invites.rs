//! Invites in memory. It never tells a token twice.

use std::collections::BTreeMap;

use server_core::invites::{
    Full, GOOD_PER_MAKER_MAX, GOOD_PER_ROOM_MAX, Guest, INVITES_MAX, Invite, InviteReply,
    InviteRequest, MARKS_MAX, OVER_PER_ROOM_MAX, Place, Refused,
};
use server_core::storage::StorageReply;

use crate::tokens;

/// All invites, by number.
#[derive(Debug, Default)]
pub(super) struct Invites {
    known: BTreeMap<u64, Kept>,
    last: u64,
}

#[derive(Debug)]
struct Kept {
    invite: Invite,
    /// What is kept of its token.
    digest: Vec<u8>,
    /// Which person has which mark.
    guests: BTreeMap<String, u32>,
}

impl Invites {
    /// Does what was asked.
    pub(super) fn answer(&mut self, request: InviteRequest) -> StorageReply {
        StorageReply::Invites(match request {
            InviteRequest::Make {
                place,
                maker,
                by,
                uses,
                until,
                now,
            } => {
                if let Some(full) = self.make_room(&place, &maker, now) {
                    return StorageReply::Invites(InviteReply::Full(full));
                }
                let token = match tokens::draw() {
                    Ok(token) => token,
                    Err(why) => return StorageReply::Failed(why),
                };
                self.last += 1;
                let id = self.last;
                let invite = Invite {
                    id,
                    place,
                    maker,
                    by,
                    uses,
                    used: 0,
                    until,
                    is_revoked: false,
                };
                let kept = Kept {
                    invite,
                    digest: tokens::digest(&token),
                    guests: BTreeMap::new(),
                };
                self.known.insert(id, kept);
                InviteReply::Made { id, token }
            }
            InviteRequest::List { place } => {
                let there = |invite: &&Invite| is_there(invite, place.as_ref());
                let all = self.known.values().map(|kept| &kept.invite);
                InviteReply::Listed(all.filter(there).cloned().collect())
            }
            InviteRequest::Revoke { id, place } => match self.known.get_mut(&id) {
                Some(kept) if is_there(&kept.invite, place.as_ref()) => {
                    kept.invite.is_revoked = true;
                    InviteReply::Revoked
                }
                _ => InviteReply::NoSuch,
            },
            InviteRequest::Redeem {
                token,
                guest,
                place,
                now,
            } => {
                let digest = tokens::digest(&token);
                let mut all = self.known.values_mut();
                match all.find(|kept| kept.digest == digest) {
                    Some(kept) => kept.redeem(&guest, place.as_ref(), now),
                    None => InviteReply::Refused(Refused::Unknown),
                }
            }
        })
    }

    /// Makes space for one more; what there is too much of, if there is none.
    fn make_room(&mut self, place: &Place, maker: &str, now: u64) -> Option<Full> {
        let is_good = |invite: &Invite| invite.over(now).is_none();
        let all = || self.known.values().map(|kept| &kept.invite);
        let there = || all().filter(|invite| invite.place.covers(place));
        if there().filter(|invite| is_good(invite)).count() >= GOOD_PER_ROOM_MAX {
            return Some(Full::Room);
        }
        let made = all().filter(|invite| *invite.maker == *maker && is_good(invite));
        if !maker.is_empty() && made.count() >= GOOD_PER_MAKER_MAX {
            return Some(Full::Maker);
        }
        let over = there().filter(|invite| !is_good(invite));
        let over: Vec<u64> = over.map(|invite| invite.id).collect();
        let oldest = over.len().saturating_sub(OVER_PER_ROOM_MAX);
        for id in over.into_iter().take(oldest) {
            self.known.remove(&id);
        }
        self.thin_out(|invite| !is_good(invite));
        // Those that guests made give way to those of people with a name, whatever their age.
        self.thin_out(|invite| invite.maker.starts_with('~'));
        (self.known.len() >= INVITES_MAX).then_some(Full::Server)
    }

    fn thin_out(&mut self, is_dispensable: impl Fn(&Invite) -> bool) {
        let excess = (self.known.len() + 1).saturating_sub(INVITES_MAX);
        let all = self.known.values().map(|kept| &kept.invite);
        let going = all.filter(|invite| is_dispensable(invite)).take(excess);
        for id in going.map(|invite| invite.id).collect::<Vec<_>>() {
            self.known.remove(&id);
        }
    }
}

fn is_there(invite: &Invite, place: Option<&Place>) -> bool {
    place.is_none_or(|place| invite.place.covers(place))
}

impl Kept {
    fn redeem(&mut self, guest: &Guest, place: Option<&Place>, now: u64) -> InviteReply {
        let marks = tokens::marks(guest);
        let known = marks.iter().find_map(|mark| self.guests.get(mark)).copied();
        if let Err(refused) = self.invite.judge(known.is_some(), place, now) {
            return InviteReply::Refused(refused);
        }
        let person = known.unwrap_or(self.invite.used);
        if known.is_none() {
            self.invite.used += 1;
        }
        for mark in marks {
            let own = self.guests.values().filter(|other| **other == person);
            if own.count() < MARKS_MAX {
                self.guests.entry(mark).or_insert(person);
            }
        }
        InviteReply::Admitted
    }
}
