//! `DEVICE ADD [<account> <code>]`, `DEVICE CODE`, `DEVICE LIST`, `DEVICE REMOVE <fingerprint>`: the keys by which an
//! account knows its owner's devices (parlor.chat/device). A key is the certificate that a client shows by TLS.
//!
//! Nobody gets an account by surprise: only who says DEVICE ADD does, and then the nick is theirs without a password.

use protocol::Message;

use crate::accounts::{AccountsReply, AccountsRequest, Device, Secret};
use crate::handler::Ctx;
use crate::ids::SessionId;
use crate::leave;
use crate::login::{self, By};
use crate::newcomer;
use crate::pending::Purpose;
use crate::refusal::{self, Refusal};

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    if !ctx.state.settings.accounts.are_kept() {
        return Err(fail("DISALLOWED", "There are no accounts here"));
    }
    let sub = message.param(0).unwrap_or_default();
    let request = match (sub.to_ascii_uppercase().as_str(), message.param(1)) {
        ("ADD", None) => add(ctx)?,
        ("ADD", Some(account)) => {
            newcomer::must_be_let_in(ctx, "DEVICE", account)?;
            AccountsRequest::AddByCode {
                account: account.into(),
                certificate: certificate(ctx)?,
                code: Secret(message.param(2).unwrap_or_default().as_bytes().to_vec()),
                address: ctx.my_session().peer.address.to_canonical(),
            }
        }
        ("CODE", _) => AccountsRequest::MakeCode {
            account: account(ctx)?,
        },
        ("LIST", _) => AccountsRequest::Devices {
            account: account(ctx)?,
        },
        ("REMOVE", Some(fingerprint)) => AccountsRequest::RemoveCertificate {
            account: account(ctx)?,
            certificate: fingerprint.into(),
        },
        _ => return Err(fail("INVALID_PARAMS", "It is ADD, CODE, LIST or REMOVE")),
    };
    ctx.ask_accounts(request, Purpose::Device);
    Ok(())
}

/// This key for the account that is logged in; else an account of the nick for this key.
fn add(ctx: &Ctx<'_>) -> Result<AccountsRequest, Refusal> {
    let certificate = certificate(ctx)?;
    if let Some(account) = ctx.my_session().account.clone() {
        return Ok(AccountsRequest::AddCertificate {
            account,
            certificate,
        });
    }
    let name = newcomer::name(ctx, "*");
    newcomer::may_register(ctx, "DEVICE", &name)?;
    Ok(AccountsRequest::RegisterKey {
        account: name.into(),
        certificate,
        address: ctx.my_session().peer.address.to_canonical(),
    })
}

fn certificate(ctx: &Ctx<'_>) -> Result<Box<str>, Refusal> {
    let shown = ctx.my_session().peer.certificate.as_deref();
    let text = "Your client shows no certificate; that needs TLS";
    shown.map(Into::into).ok_or_else(|| fail("NO_KEY", text))
}

fn account(ctx: &Ctx<'_>) -> Result<Box<str>, Refusal> {
    let account = ctx.my_session().account.clone();
    account.ok_or_else(|| fail("ACCOUNT_REQUIRED", "Log in to your account first"))
}

fn fail(code: &'static str, text: &'static str) -> Refusal {
    refusal::fail("DEVICE", code, &[], text)
}

/// The keeper of accounts has answered.
pub fn answered(ctx: &mut Ctx<'_>, reply: AccountsReply) -> Result<(), Refusal> {
    let known = "This device is known from now on";
    match reply {
        AccountsReply::Registered { account } => {
            let text = "The nick is yours: this key is its name from now on";
            tell(ctx, &["ADDED", &account], text);
            login::log_in(ctx, &account, By::Key);
        }
        AccountsReply::LoggedIn { account } => {
            tell(ctx, &["ADDED", &account], known);
            login::log_in(ctx, &account, By::Key);
        }
        AccountsReply::Changed => {
            if let Some(session) = ctx.state.network.session_mut(ctx.session) {
                session.by_password = false;
            }
            let account = ctx.my_session().account.clone().unwrap_or_default();
            tell(ctx, &["ADDED", &account], known);
        }
        AccountsReply::Code { code, seconds } => {
            let code = String::from_utf8_lossy(&code.0).into_owned();
            let account = ctx.my_session().account.clone().unwrap_or_default();
            let text = "Give this code on the other device; it holds once";
            tell(ctx, &["CODE", &account, &code, &seconds.to_string()], text);
        }
        AccountsReply::Devices(devices) => list(ctx, &devices),
        AccountsReply::Removed { certificate } => removed(ctx, &certificate),
        AccountsReply::Refused { code, text } => {
            let code = if code.is_empty() { "REFUSED" } else { code };
            return Err(refusal::fail("DEVICE", code, &[], text));
        }
        _ => {}
    }
    Ok(())
}

fn tell(ctx: &mut Ctx<'_>, words: &[&str], text: &str) {
    let mut line = ctx.line();
    line.command("DEVICE");
    for word in words {
        line.param(word);
    }
    line.trailing(text).end();
}

fn list(ctx: &mut Ctx<'_>, devices: &[Device]) {
    let own = ctx.my_session().peer.certificate.clone();
    for device in devices {
        let is_own = own.as_deref() == Some(&*device.certificate);
        let (added, seen) = (device.added.to_string(), device.seen.to_string());
        let text = if is_own { "this device" } else { "" };
        tell(ctx, &["ITEM", &device.certificate, &added, &seen], text);
    }
    tell(ctx, &["END"], "These are all your devices");
}

/// A device that is taken back may be in other hands: its sessions end.
fn removed(ctx: &mut Ctx<'_>, certificate: &str) {
    tell(
        ctx,
        &["REMOVED", certificate],
        "This device logs in no longer",
    );
    let account = ctx.my_session().account.clone();
    let theirs: Vec<SessionId> = ctx
        .state
        .network
        .sessions()
        .filter(|session| session.id != ctx.session && session.account == account)
        .filter(|session| session.peer.certificate.as_deref() == Some(certificate))
        .map(|session| session.id)
        .collect();
    for id in theirs {
        let reason = "This device was removed from its account";
        leave::dismiss(ctx.state, ctx.now, id, reason, ctx.effects);
    }
}
