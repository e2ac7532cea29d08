//! `MODE <nick>`: reading and changing one's own modes, told to all of one's sessions. It never touches anybody
//! else's.

use protocol::mode::{Kind, ModeString, parse};
use protocol::{Message, numeric as n};

use crate::handler::Ctx;
use crate::modes::UserMode;
use crate::refusal::{self, Refusal};

/// Reads or changes.
pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let nick = message.param(0).unwrap_or_default();
    let target = ctx
        .state
        .network
        .find_user(nick)
        .ok_or_else(|| refusal::no_such_nick(nick))?;
    if target != ctx.user {
        return Err(refusal::not_your_modes());
    }
    let Some(letters) = message.param(1) else {
        let modes = ctx.me().modes.text();
        ctx.numeric(n::RPL_UMODEIS).param(&modes).end();
        return Ok(());
    };
    let mut applied = ModeString::default();
    let mut unknown = false;
    for change in parse(letters, &[], |_| Some(Kind::Never)) {
        match UserMode::from_letter(change.letter) {
            None => unknown = true,
            // Given by OPER and by the door alone.
            Some(UserMode::Operator) if change.set => {}
            Some(UserMode::Secure) => {}
            Some(mode) => {
                if put(ctx, mode, change.set) {
                    applied.push(change.set, change.letter, None);
                }
            }
        }
    }
    if unknown {
        ctx.refuse(refusal::unknown_user_mode());
    }
    announce(ctx, &applied);
    Ok(())
}

/// Turns a mode of the own person on or off.
pub fn put(ctx: &mut Ctx<'_>, mode: UserMode, on: bool) -> bool {
    ctx.state.network.put_mode(ctx.user, mode, on)
}

/// Tells all sessions of this person what changed.
pub fn announce(ctx: &mut Ctx<'_>, applied: &ModeString) {
    if applied.is_empty() {
        return;
    }
    let nick = ctx.me().nick.clone();
    let origin = ctx.origin();
    let mut audience = ctx.audience(&[]);
    audience.add_user(ctx.me());
    ctx.tell(audience, |caps, batch, out| {
        let mut line = origin.line_in(caps, batch, out);
        line.command("MODE")
            .param(&nick)
            .param(applied.letters())
            .end();
    });
}
