//! Invites as the core's tests keep them: the tokens are `token1`, `token2` and so on.

use protocol::invite::Token;
use server_core::invites::{Guest, Invite, InviteReply, InviteRequest, Place, Refused};

/// All invites, and by what their guests are known.
#[derive(Default)]
pub(crate) struct Guestbook {
    invites: Vec<(Invite, Vec<Guest>)>,
}

impl Guestbook {
    pub(crate) fn answer(&mut self, request: InviteRequest) -> InviteReply {
        match request {
            InviteRequest::Make {
                place,
                maker,
                by,
                uses,
                until,
                ..
            } => {
                let id = self.invites.len() as u64 + 1;
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
                self.invites.push((invite, Vec::new()));
                let token = Token::parse(&format!("token{id}")).expect("a token");
                InviteReply::Made { id, token }
            }
            InviteRequest::List { place } => {
                let invites = self.invites.iter().map(|(invite, _)| invite);
                let there = |invite: &&Invite| is_there(invite, place.as_ref());
                InviteReply::Listed(invites.filter(there).cloned().collect())
            }
            InviteRequest::Revoke { id, place } => {
                let mut invites = self.invites.iter_mut().map(|(invite, _)| invite);
                match invites.find(|invite| invite.id == id && is_there(invite, place.as_ref())) {
                    Some(invite) => {
                        invite.is_revoked = true;
                        InviteReply::Revoked
                    }
                    None => InviteReply::NoSuch,
                }
            }
            InviteRequest::Redeem {
                token,
                guest,
                place,
                now,
            } => {
                let number = token.as_str().strip_prefix("token");
                let number = number.and_then(|number| number.parse::<u64>().ok());
                let mut invites = self.invites.iter_mut();
                match invites.find(|(invite, _)| Some(invite.id) == number) {
                    Some((invite, guests)) => redeem(invite, guests, guest, place.as_ref(), now),
                    None => InviteReply::Refused(Refused::Unknown),
                }
            }
        }
    }
}

fn is_there(invite: &Invite, place: Option<&Place>) -> bool {
    place.is_none_or(|place| invite.place.covers(place))
}

fn redeem(
    invite: &mut Invite,
    guests: &mut Vec<Guest>,
    guest: Guest,
    place: Option<&Place>,
    now: u64,
) -> InviteReply {
    let is_same = |known: &Guest| {
        (guest.word.is_some() && known.word == guest.word)
            || (guest.account.is_some() && known.account == guest.account)
    };
    let is_known = guests.iter().any(is_same);
    if let Err(refused) = invite.judge(is_known, place, now) {
        return InviteReply::Refused(refused);
    }
    if !is_known {
        invite.used += 1;
    }
    guests.push(guest);
    InviteReply::Admitted
}
