//! Coming in by an invite link: asked of storage at the door (in place of the server's password) or at a room (in place
//! of its key). It never overrules a ban.

use protocol::invite::Credential;

use crate::channel::Channel;
use crate::handler::Ctx;
use crate::invites::{Guest, InviteReply, InviteRequest, Place};
use crate::leave;
use crate::pending::Purpose;
use crate::refusal::{self, Refusal};
use crate::session::Shown;
use crate::storage::{StorageReply, StorageRequest};

/// A room as an invite means it: this one, never the next of its name, whose people have invited nobody. Without a
/// history that is as long as somebody is in it.
pub fn place(channel: &Channel) -> Place {
    Place {
        room: Some(channel.room),
        name: channel.name.to_ascii_lowercase().into_boxed_str(),
    }
}

/// Whether the door waits for an answer about the invite that was shown; if need be it is asked now.
pub fn is_awaited(ctx: &mut Ctx<'_>) -> bool {
    let session = ctx.my_session();
    let Some(Shown::Invite(credential)) = session.registering().map(|known| known.shown.clone())
    else {
        return false;
    };
    ask(ctx, *credential, None, Purpose::Admit);
    true
}

/// Asks for a room.
pub fn ask_for_room(ctx: &mut Ctx<'_>, credential: Credential, name: &str, place: Place) {
    let purpose = Purpose::AdmitToRoom {
        room: name.to_owned(),
        place: place.clone(),
    };
    ask(ctx, credential, Some(place), purpose);
}

fn ask(ctx: &mut Ctx<'_>, credential: Credential, place: Option<Place>, purpose: Purpose) {
    let session = ctx.my_session();
    let account = session.account.as_deref();
    let certificate = session.peer.certificate.as_deref();
    let guest = Guest {
        word: credential.word,
        account: account.map(|name| name.to_ascii_lowercase().into_boxed_str()),
        certificate: certificate.map(Into::into),
    };
    let now = ctx.now.wall.seconds();
    let token = credential.token;
    let request = InviteRequest::Redeem {
        token,
        guest,
        place,
        now,
    };
    ctx.store(StorageRequest::Invites(request), purpose);
}

/// Storage has answered about the invite that was shown at the door.
pub fn answered(ctx: &mut Ctx<'_>, reply: StorageReply) -> Result<(), Refusal> {
    let verdict = verdict("PASS", &[], reply);
    let is_unknowable = matches!(verdict, Verdict::Unknowable(_));
    let (shown, refusal) = match verdict {
        Verdict::Admitted => (Shown::Admitted, None),
        Verdict::Refused(refusal) | Verdict::Unknowable(refusal) => (Shown::Nothing, Some(refusal)),
    };
    if let Some(session) = ctx.state.network.session_mut(ctx.session)
        && let Some(registering) = session.registering_mut()
    {
        registering.shown = shown;
    }
    let Some(refusal) = refusal else {
        return Ok(());
    };
    if is_unknowable && !ctx.state.settings.password.is_empty() {
        // Another time it may be let in: that is no wrong password.
        ctx.refuse(refusal);
        ctx.flush();
        let reason = "Your invite cannot be checked right now";
        leave::dismiss(ctx.state, ctx.now, ctx.session, reason, ctx.effects);
        return Ok(());
    }
    Err(refusal)
}

/// What storage says of an invite that was shown.
#[derive(Debug)]
pub enum Verdict {
    /// It opens.
    Admitted,
    /// It does not.
    Refused(Refusal),
    /// Nobody knows right now.
    Unknowable(Refusal),
}

/// Reads an answer of storage, worded for `command`.
pub fn verdict(command: &str, context: &[&str], reply: StorageReply) -> Verdict {
    match reply {
        StorageReply::Invites(InviteReply::Admitted) => Verdict::Admitted,
        StorageReply::Invites(InviteReply::Refused(why)) => {
            Verdict::Refused(refusal::fail(command, why.code(), context, why.text()))
        }
        StorageReply::Failed(why) => {
            let text = format!("The invite cannot be checked right now: {why}");
            Verdict::Unknowable(refusal::fail(command, "INVITE_UNCHECKED", context, text))
        }
        _ => Verdict::Unknowable(refusal::fail(command, "INTERNAL", context, "Mixed up")),
    }
}
