//! `ERASE <account>`: closes one's own account for ever and erases all that was said under it. The account's name, written
//! out, is the confirmation: nobody writes that by mistake.

use protocol::{Message, casemap};

use crate::accounts::{AccountsReply, AccountsRequest};
use crate::aftermath;
use crate::handler::Ctx;
use crate::pending::Purpose;
use crate::refusal::{self, Refusal};

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let Some(account) = ctx.my_session().account.clone() else {
        let text = "Only what was said under an account can be erased; take single messages back with REDACT";
        return Err(fail("ACCOUNT_REQUIRED", "*", text));
    };
    let given = message.param(0).unwrap_or_default();
    if !casemap::same(given, &account) {
        let text = "This closes your account for ever and erases all that you said under it, in every room and \
                    conversation; to do so, send ERASE with the account's name (its operator can give you a copy before)";
        return Err(fail("CONFIRM", &account, text));
    }
    ctx.ask_accounts(AccountsRequest::Erase { account }, Purpose::Erase);
    Ok(())
}

fn fail(code: &'static str, account: &str, text: &'static str) -> Refusal {
    refusal::fail("ERASE", code, &[account], text)
}

/// The keeper of accounts has answered.
pub fn answered(ctx: &mut Ctx<'_>, reply: AccountsReply) -> Result<(), Refusal> {
    match reply {
        AccountsReply::Closed { account } => {
            let mut line = ctx.line();
            line.command("ERASE").param("SUCCESS").param(&account);
            line.trailing("Your account is closed, and what you said is being erased")
                .end();
            ctx.flush();
            aftermath::account_closed(ctx.state, ctx.now, &account, ctx.effects);
            Ok(())
        }
        AccountsReply::Refused { code, text } => {
            let account = ctx.my_session().account.clone().unwrap_or_default();
            Err(refusal::fail("ERASE", code, &[&account], text))
        }
        _ => Ok(()),
    }
}
