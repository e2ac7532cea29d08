//! What being logged in changes: the session, its person, and those who are told. It never checks a password.

use protocol::capability::Capability as C;
use protocol::numeric as n;

use crate::accounts::{AccountsReply, AccountsRequest};
use crate::effect::Effect;
use crate::handler::{Ctx, NOBODY_WAITS};
use crate::notify;
use crate::refusal::{self, Refusal};

/// By what somebody has logged in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The account's password.
    Password,
    /// The key of a device.
    Key,
}

/// The session, and its person if there is one, is of this account from now on.
pub fn log_in(ctx: &mut Ctx<'_>, account: &str, by: By) {
    let changed = ctx.my_session().account.as_deref() != Some(account);
    if let Some(session) = ctx.state.network.session_mut(ctx.session) {
        session.account = Some(account.into());
        session.by_password = by == By::Password;
    }
    ctx.state.network.put_account(ctx.user, account);
    let registered = ctx.my_session().user().is_some();
    let mask = if registered {
        ctx.me().mask.clone()
    } else {
        format!("{}!*@{}", ctx.addressee(), ctx.my_session().host)
    };
    let text = format!("You are now logged in as {account}");
    ctx.reply(n::RPL_LOGGEDIN, &[&mask, account], &text);
    if registered && changed {
        let origin = ctx.origin();
        let mut audience = notify::acquainted(
            &ctx.state.network,
            ctx.user,
            Some(ctx.session),
            &[C::AccountNotify, C::ExtendedMonitor],
        );
        audience.add_user(ctx.me());
        let write = |caps: protocol::Caps, batch: Option<&str>, out: &mut Vec<u8>| {
            if caps.has(C::AccountNotify) {
                origin
                    .line_in(caps, batch, out)
                    .command("ACCOUNT")
                    .param(account)
                    .end();
            }
        };
        ctx.tell(audience, write);
    }
}

/// Ends a SASL exchange that is under way.
pub fn give_up(ctx: &mut Ctx<'_>) {
    if let Some(session) = ctx.state.network.session_mut(ctx.session)
        && let Some(exchange) = session.sasl.take()
    {
        let request = AccountsRequest::GiveUp {
            exchange: exchange.number,
        };
        ctx.effects.push(Effect::Accounts {
            ticket: NOBODY_WAITS,
            request,
        });
    }
}

/// Whether a nick may be had without asking the keeper of accounts: there are none, or it is the session's own.
pub fn is_own_nick(ctx: &Ctx<'_>, nick: &str) -> bool {
    let account = ctx.my_session().account.as_deref();
    !ctx.state.settings.accounts.are_kept()
        || account.is_some_and(|account| protocol::casemap::same(account, nick))
}

/// Why a nick cannot be had, if the keeper's answer says so.
pub fn kept_nick(nick: &str, reply: &AccountsReply) -> Option<Refusal> {
    match reply {
        AccountsReply::Known(None) => None,
        AccountsReply::Known(Some(_)) => Some(refusal::nick_is_kept(nick)),
        // Who cannot be asked about is not let in under a name that may be another's.
        _ => Some(refusal::nick_unavailable(nick)),
    }
}
