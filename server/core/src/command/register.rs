//! `REGISTER <account|*> <email|*> <password>` and `VERIFY <account> <code>`: makes an account
//! (draft/account-registration).

use protocol::{Message, casemap};

use crate::accounts::{AccountsReply, AccountsRequest, Secret};
use crate::handler::Ctx;
use crate::login::{self, By};
use crate::newcomer;
use crate::pending::Purpose;
use crate::refusal::{self, Refusal};

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let settings = ctx.state.settings.accounts.clone();
    let account = newcomer::name(ctx, message.param(0).unwrap_or_default());
    let fail = |code, text: &'static str| Err(refusal::fail("REGISTER", code, &[&account], text));
    if ctx.my_session().account.is_some() {
        return fail("ALREADY_AUTHENTICATED", "You are logged in already");
    }
    newcomer::may_register(ctx, "REGISTER", &account)?;
    newcomer::must_be_unheard(ctx, "REGISTER", &account)?;
    let email = message
        .param(1)
        .filter(|email| *email != "*" && !email.is_empty());
    let plausible = email.is_some_and(|email| {
        email
            .split_once('@')
            .is_some_and(|(user, host)| !user.is_empty() && host.contains('.'))
    });
    if settings.registration_requires_email && !plausible {
        return fail("INVALID_EMAIL", "An e-mail address is needed");
    }
    let password = message.param(2).unwrap_or_default();
    if password.is_empty() {
        return fail("INVALID_PASSWORD", "The password is empty");
    }
    let request = AccountsRequest::Register {
        account: account.as_str().into(),
        password: Secret(password.as_bytes().to_vec()),
        email: email.map(Into::into),
        address: ctx.my_session().peer.address.to_canonical(),
    };
    ctx.ask_accounts(
        request,
        Purpose::Register {
            verify: false,
            account,
        },
    );
    Ok(())
}

/// VERIFY.
pub fn verify(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let account = message.param(0).unwrap_or_default();
    if ctx.my_session().account.is_some() {
        let text = "You are logged in already";
        return Err(refusal::fail(
            "VERIFY",
            "ALREADY_AUTHENTICATED",
            &[account],
            text,
        ));
    }
    newcomer::must_be_let_in(ctx, "VERIFY", account)?;
    let code = message.param(1).unwrap_or_default();
    let request = AccountsRequest::VerifyCode {
        account: account.into(),
        code: code.into(),
        address: ctx.my_session().peer.address.to_canonical(),
    };
    ctx.ask_accounts(
        request,
        Purpose::Register {
            verify: true,
            account: account.to_owned(),
        },
    );
    Ok(())
}

/// The keeper of accounts has answered.
pub fn answered(
    ctx: &mut Ctx<'_>,
    verify: bool,
    asked: &str,
    reply: AccountsReply,
) -> Result<(), Refusal> {
    let command = if verify { "VERIFY" } else { "REGISTER" };
    match reply {
        AccountsReply::Registered { account } => {
            debug_assert!(
                casemap::same(&account, asked),
                "the account asked for was made"
            );
            let mut line = ctx.line();
            line.command(command).param("SUCCESS").param(&account);
            line.trailing("Account created; you are logged in").end();
            login::log_in(ctx, &account, By::Password);
        }
        AccountsReply::VerificationNeeded { account, text } => {
            let mut line = ctx.line();
            line.command(command)
                .param("VERIFICATION_REQUIRED")
                .param(&account);
            line.trailing(&text).end();
        }
        AccountsReply::Refused { code, text } => {
            let code = if code.is_empty() {
                "UNACCEPTABLE_ACCOUNT_NAME"
            } else {
                code
            };
            return Err(refusal::fail(command, code, &[asked], text));
        }
        _ => {}
    }
    Ok(())
}
