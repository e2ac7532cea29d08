//! `OPER <name> <password>`: becomes a server operator.

use protocol::mode::ModeString;
use protocol::{Message, numeric as n};

use crate::effect::Record;
use crate::handler::Ctx;
use crate::modes::UserMode;
use crate::own_modes;
use crate::refusal::{self, Refusal};
use crate::secret;

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let name = message.param(0).unwrap_or_default();
    let password = message.param(1).unwrap_or_default();
    let known = ctx
        .state
        .settings
        .operators
        .iter()
        .find(|operator| operator.name == name);
    let right = known.is_some_and(|operator| {
        !operator.password.is_empty()
            && secret::is_same(operator.password.as_bytes(), password.as_bytes())
    });
    let exists = known.is_some();
    let who = ctx.me().mask.clone();
    if !right {
        ctx.log(Record::Notice(format!(
            "{who} failed to become operator {name}"
        )));
        return Err(if exists {
            refusal::wrong_password()
        } else {
            refusal::no_oper_host()
        });
    }
    ctx.reply(n::RPL_YOUREOPER, &[], "You are now a server operator");
    let mut applied = ModeString::default();
    for (mode, letter) in [(UserMode::Operator, 'o'), (UserMode::ServerNotices, 's')] {
        if own_modes::put(ctx, mode, true) {
            applied.push(true, letter, None);
        }
    }
    own_modes::announce(ctx, &applied);
    ctx.log(Record::Notice(format!("{who} is now operator {name}")));
    Ok(())
}
