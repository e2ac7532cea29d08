//! `INVITELINK CREATE <room> [uses=<n>] [expires=<seconds>]`, `INVITELINK LIST <room>` and
//! `INVITELINK REVOKE <room> <number>`: links by which a room's operator lets people in. No draft has them.
//!
//! ```text
//! INVITELINK CREATED <room> <number> <token> <uses> <expires>
//! INVITELINK LISTED <room> <number> <used> <uses> <expires> <good|expired|used-up|revoked> <by>
//! INVITELINK END <room>
//! INVITELINK REVOKED <room> <number>
//! ```

use protocol::{Message, Stamp};

use crate::admission;
use crate::handler::Ctx;
use crate::invites::{
    Invite, InviteReply, InviteRequest, LASTS_S_DEFAULT, LASTS_S_MAX, LASTS_S_MIN, Refused,
    USES_DEFAULT, USES_MAX,
};
use crate::modes::Rank;
use crate::pending::{AboutInvites, Purpose};
use crate::policy;
use crate::refusal::{self, Refusal};
use crate::storage::{StorageReply, StorageRequest};

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let what = message.param(0).unwrap_or_default().to_ascii_uppercase();
    let name = message.param(1).unwrap_or_default();
    let (_, channel) = ctx.visible_channel(name)?;
    policy::must_be_in(channel, ctx.user)?;
    policy::must_be(channel, ctx.user, Rank::Operator)?;
    let place = admission::place(channel);
    let room = channel.name.clone();
    let now = ctx.now.wall.seconds();
    let (request, about) = match what.as_str() {
        "CREATE" => {
            let terms = message.params().get(2..).unwrap_or_default();
            let (uses, lasts) = terms_of(terms)?;
            let until = now + lasts;
            let request = InviteRequest::Make {
                place,
                maker: ctx.me().identity().into(),
                by: ctx.me().nick.as_str().into(),
                uses,
                until,
                now,
            };
            (request, AboutInvites::Create { uses, until })
        }
        "LIST" => {
            let place = Some(place);
            (InviteRequest::List { place }, AboutInvites::List)
        }
        "REVOKE" => {
            let number = message.param(2).and_then(|number| number.parse().ok());
            let id = number.ok_or(wrong("REVOKE wants the number of an invite"))?;
            let place = Some(place);
            let request = InviteRequest::Revoke { id, place };
            (request, AboutInvites::Revoke { id })
        }
        _ => return Err(wrong("It is CREATE, LIST or REVOKE")),
    };
    let purpose = Purpose::InviteLink { room, about };
    ctx.store(StorageRequest::Invites(request), purpose);
    Ok(())
}

fn wrong(text: &'static str) -> Refusal {
    refusal::fail("INVITELINK", "INVALID_PARAMS", &[], text)
}

/// How many it lets in, and for how many seconds.
fn terms_of(terms: &[&str]) -> Result<(u32, u64), Refusal> {
    let (mut uses, mut lasts) = (USES_DEFAULT, LASTS_S_DEFAULT);
    for term in terms {
        match term.split_once('=') {
            Some(("uses", number)) => {
                let number = number.parse().ok();
                let number = number.filter(|uses| (1..=USES_MAX).contains(uses));
                uses = number.ok_or(wrong("uses is a number from 1 to 1000"))?;
            }
            Some(("expires", seconds)) => {
                let seconds = seconds.parse().ok();
                let seconds = seconds.filter(|s| (LASTS_S_MIN..=LASTS_S_MAX).contains(s));
                lasts = seconds.ok_or(wrong("expires is from a minute to a year, in seconds"))?;
            }
            _ => return Err(wrong("What can be said is uses= and expires=")),
        }
    }
    Ok((uses, lasts))
}

/// Storage has answered.
pub fn answered(
    ctx: &mut Ctx<'_>,
    room: &str,
    about: &AboutInvites,
    reply: StorageReply,
) -> Result<(), Refusal> {
    let fail = |code, text: String| Err(refusal::fail("INVITELINK", code, &[room], text));
    let reply = match reply {
        StorageReply::Invites(reply) => reply,
        StorageReply::Failed(why) => return fail("FAILED", format!("It could not be done: {why}")),
        _ => return fail("INTERNAL", "Mixed up".to_owned()),
    };
    match (about, reply) {
        (AboutInvites::Create { uses, until }, InviteReply::Made { id, token }) => {
            let mut line = ctx.line();
            line.command("INVITELINK").param("CREATED").param(room);
            line.param(&id.to_string()).param(token.as_str());
            line.param(&uses.to_string()).param(&moment(*until)).end();
        }
        (_, InviteReply::Full(full)) => return fail("TOO_MANY", full.text().to_owned()),
        (_, InviteReply::Listed(invites)) => {
            for invite in invites {
                list(ctx, room, &invite);
            }
            let mut line = ctx.line();
            line.command("INVITELINK").param("END").param(room).end();
        }
        (AboutInvites::Revoke { id }, InviteReply::Revoked) => {
            let mut line = ctx.line();
            line.command("INVITELINK").param("REVOKED").param(room);
            line.param(&id.to_string()).end();
        }
        (_, InviteReply::NoSuch) => {
            return fail("NO_SUCH_INVITE", "This room has no such invite".to_owned());
        }
        _ => return fail("INTERNAL", "Mixed up".to_owned()),
    }
    Ok(())
}

fn list(ctx: &mut Ctx<'_>, room: &str, invite: &Invite) {
    let standing = match invite.over(ctx.now.wall.seconds()) {
        None => "good",
        Some(Refused::Expired) => "expired",
        Some(Refused::UsedUp) => "used-up",
        Some(_) => "revoked",
    };
    let mut line = ctx.line();
    line.command("INVITELINK").param("LISTED").param(room);
    line.param(&invite.id.to_string());
    line.param(&invite.used.to_string());
    line.param(&invite.uses.to_string());
    line.param(&moment(invite.until)).param(standing);
    line.trailing(&invite.by).end();
}

/// A moment on the wire.
fn moment(seconds: u64) -> String {
    Stamp(seconds * 1000).to_string()
}
