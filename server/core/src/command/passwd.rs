//! `PASSWD <old password>|* :<new password>`: changes the password of one's account, or gives it its first (`*`). Other
//! sessions that logged in by the old one end: it may have been changed because somebody else knew it. Devices stay.

use protocol::Message;

use crate::accounts::{AccountsReply, AccountsRequest, Secret};
use crate::aftermath;
use crate::handler::Ctx;
use crate::newcomer;
use crate::pending::Purpose;
use crate::refusal::{self, Refusal};

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let Some(account) = ctx.me().account.clone() else {
        let text = "Log in to your account first";
        return Err(refusal::fail("PASSWD", "ACCOUNT_REQUIRED", &[], text));
    };
    newcomer::must_be_unheard(ctx, "PASSWD", &account)?;
    let old = message.param(0).filter(|old| *old != "*");
    let request = AccountsRequest::SetPassword {
        account,
        old: old.map(|old| Secret(old.as_bytes().to_vec())),
        new: Secret(message.param(1).unwrap_or_default().as_bytes().to_vec()),
    };
    ctx.ask_accounts(request, Purpose::Passwd);
    Ok(())
}

/// The keeper of accounts has answered.
pub fn answered(ctx: &mut Ctx<'_>, reply: &AccountsReply) -> Result<(), Refusal> {
    let account = ctx.me().account.clone().unwrap_or_default();
    match reply {
        AccountsReply::Changed => {
            let mut line = ctx.line();
            line.command("PASSWD").param("SUCCESS").param(&account);
            line.trailing("The password is changed").end();
            let me = ctx.session;
            aftermath::password_changed(ctx.state, ctx.now, &account, Some(me), ctx.effects);
            Ok(())
        }
        AccountsReply::Refused { code, text } => {
            Err(refusal::fail("PASSWD", code, &[&account], text.clone()))
        }
        _ => Ok(()),
    }
}
