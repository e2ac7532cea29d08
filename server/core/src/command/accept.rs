//! `ACCEPT [-]<nick>{,…}`: from whom private messages are read in spite of the own mode +R.

use protocol::{Folded, Message, name};

use crate::handler::Ctx;
use crate::refusal::Refusal;
use crate::user::ACCEPTED_MAX;

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let nick_max = ctx.state.settings.limits.nick_bytes_max;
    let Some(user) = ctx.state.network.user_mut(ctx.user) else {
        return Ok(());
    };
    for word in message.param(0).unwrap_or_default().split(',') {
        match word.strip_prefix('-') {
            Some(nick) => {
                user.accepted.shift_remove(&Folded::new(nick));
            }
            None if user.accepted.len() < ACCEPTED_MAX
                && name::check_nick(word, nick_max).is_ok() =>
            {
                user.accepted.insert(Folded::new(word));
            }
            None => {}
        }
    }
    Ok(())
}
