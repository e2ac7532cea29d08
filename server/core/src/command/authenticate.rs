//! `AUTHENTICATE <mechanism>|<base64>|*`: logs in (IRCv3 sasl 3.2). What a mechanism does is the keeper's business;
//! here is only the framing: 400 bytes a line, `+` for nothing.

use base64ct::{Base64, Encoding};
use protocol::{Message, numeric as n};

use crate::accounts::{AccountsReply, AccountsRequest, Secret};
use crate::handler::Ctx;
use crate::login::{self, By};
use crate::newcomer;
use crate::pending::Purpose;
use crate::refusal::Refusal;
use crate::session::Exchange;

/// Bytes of base64 in one line; exactly so many say that more comes.
const CHUNK_BYTES: usize = 400;
/// Most bytes of base64 in one response.
const RESPONSE_BYTES_MAX: usize = 8 * CHUNK_BYTES;

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let word = message.param(0).unwrap_or_default();
    if !ctx.state.settings.accounts.enabled {
        return Err(failed("SASL is not available"));
    }
    if word == "*" {
        login::give_up(ctx);
        return Err(numeric(n::ERR_SASLABORTED, "SASL authentication aborted"));
    }
    if ctx.my_session().sasl.is_some() {
        proceed(ctx, word)
    } else {
        begin(ctx, word)
    }
}

fn numeric(code: u16, text: &'static str) -> Refusal {
    Refusal::Numeric {
        code,
        params: Vec::new(),
        text: text.into(),
    }
}

fn failed(text: impl Into<std::borrow::Cow<'static, str>>) -> Refusal {
    Refusal::Numeric {
        code: n::ERR_SASLFAIL,
        params: Vec::new(),
        text: text.into(),
    }
}

fn begin(ctx: &mut Ctx<'_>, mechanism: &str) -> Result<(), Refusal> {
    if ctx.my_session().account.is_some() && ctx.my_session().user().is_none() {
        return Err(numeric(
            n::ERR_SASLALREADY,
            "You have already authenticated",
        ));
    }
    if !newcomer::may_log_in(ctx) {
        return Err(failed("This server wants its password first (PASS)"));
    }
    let mechanism = mechanism.to_ascii_uppercase();
    let settings = &ctx.state.settings.accounts;
    if !settings.mechanisms.contains(&mechanism) {
        let list = settings.mechanisms.join(",");
        ctx.reply(n::RPL_SASLMECHS, &[&list], "are available SASL mechanisms");
        return Err(failed("SASL authentication failed: unknown mechanism"));
    }
    if mechanism == "PLAIN" && !ctx.my_session().peer.is_unheard() {
        return Err(failed(
            "PLAIN would send your password unencrypted; connect with TLS",
        ));
    }
    let number = ctx.state.seed();
    if let Some(session) = ctx.state.network.session_mut(ctx.session) {
        session.sasl = Some(Exchange {
            number,
            mechanism,
            gathered: String::new(),
        });
    }
    ctx.response.line().command("AUTHENTICATE").param("+").end();
    Ok(())
}

fn proceed(ctx: &mut Ctx<'_>, chunk: &str) -> Result<(), Refusal> {
    let Some(session) = ctx.state.network.session_mut(ctx.session) else {
        return Ok(());
    };
    let Some(exchange) = &mut session.sasl else {
        return Ok(());
    };
    if chunk.len() > CHUNK_BYTES {
        login::give_up(ctx);
        return Err(numeric(n::ERR_SASLTOOLONG, "SASL message too long"));
    }
    if exchange.gathered.len() + chunk.len() > RESPONSE_BYTES_MAX {
        login::give_up(ctx);
        return Err(failed(
            "SASL authentication failed: the response is too long",
        ));
    }
    if chunk != "+" {
        exchange.gathered.push_str(chunk);
    }
    if chunk.len() == CHUNK_BYTES {
        return Ok(());
    }
    let gathered = std::mem::take(&mut exchange.gathered);
    let (number, mechanism) = (exchange.number, exchange.mechanism.as_str().into());
    let certificate = session.peer.certificate.as_deref().map(Into::into);
    let address = session.peer.address.to_canonical();
    let Ok(response) = Base64::decode_vec(&gathered) else {
        login::give_up(ctx);
        return Err(failed("SASL authentication failed: not base64"));
    };
    let response = Secret(response);
    let request = AccountsRequest::Authenticate {
        exchange: number,
        mechanism,
        response,
        certificate,
        address,
    };
    ctx.ask_accounts(request, Purpose::Authenticate);
    Ok(())
}

/// The keeper of accounts has answered.
pub fn answered(ctx: &mut Ctx<'_>, reply: AccountsReply) -> Result<(), Refusal> {
    match reply {
        AccountsReply::Challenge(bytes) => {
            let text = Base64::encode_string(&bytes);
            let mut rest = text.as_str();
            loop {
                let chunk = protocol::write::clip(rest, CHUNK_BYTES);
                let mut line = ctx.response.line();
                line.command("AUTHENTICATE")
                    .param(if chunk.is_empty() { "+" } else { chunk });
                line.end();
                rest = rest.get(chunk.len()..).unwrap_or_default();
                // A full last chunk is followed by an empty one.
                if rest.is_empty() && chunk.len() < CHUNK_BYTES {
                    return Ok(());
                }
            }
        }
        AccountsReply::LoggedIn { account } => {
            let session = ctx.state.network.session_mut(ctx.session);
            let exchange = session.and_then(|session| session.sasl.take());
            let by_key = exchange.is_some_and(|exchange| exchange.mechanism == "EXTERNAL");
            let by = if by_key { By::Key } else { By::Password };
            login::log_in(ctx, &account, by);
            ctx.reply(n::RPL_SASLSUCCESS, &[], "SASL authentication successful");
            Ok(())
        }
        AccountsReply::Refused { text, .. } => {
            if let Some(session) = ctx.state.network.session_mut(ctx.session) {
                session.sasl = None;
            }
            Err(failed(format!("SASL authentication failed: {text}")))
        }
        _ => Ok(()),
    }
}
