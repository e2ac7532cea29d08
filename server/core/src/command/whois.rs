//! `WHOIS [<server>] <nick>`: all that may be known of somebody.

use protocol::capability::Capability as C;
use protocol::{Message, numeric as n};

use crate::handler::Ctx;
use crate::ids::UserId;
use crate::modes::UserMode;
use crate::policy;
use crate::refusal::{self, Refusal};
use protocol::mask;

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let nick = match message.params() {
        [nick] => *nick,
        [server, nick, ..] => {
            let here = mask::matches(server, &ctx.state.settings.name)
                || ctx.state.network.find_user(server).is_some();
            if !here {
                return Err(refusal::no_such_server(server));
            }
            *nick
        }
        [] => return Err(refusal::no_nick_given()),
    };
    let nick = nick.split(',').next().unwrap_or_default();
    match ctx.state.network.find_user(nick) {
        Some(user) => tell(ctx, user),
        None => ctx.refuse(refusal::no_such_nick(nick)),
    }
    ctx.reply(n::RPL_ENDOFWHOIS, &[nick], "End of WHOIS list");
    Ok(())
}

fn tell(ctx: &mut Ctx<'_>, id: UserId) {
    let user = ctx.state.network.user(id).clone();
    let nick = user.nick.as_str();
    let entitled = ctx.me().modes.has(UserMode::Operator) || id == ctx.user;
    ctx.reply(
        n::RPL_WHOISUSER,
        &[nick, &user.ident, &user.host, "*"],
        &user.realname,
    );
    let rooms = rooms_of(ctx, id);
    for some in rooms.chunks(8) {
        ctx.reply(n::RPL_WHOISCHANNELS, &[nick], &some.join(" "));
    }
    let (server, about) = (ctx.server_name(), ctx.state.settings.description.clone());
    ctx.reply(n::RPL_WHOISSERVER, &[nick, &server], &about);
    if let Some(away) = &user.away {
        ctx.reply(n::RPL_AWAY, &[nick], away);
    }
    if user.modes.has(UserMode::Operator) {
        ctx.reply(n::RPL_WHOISOPERATOR, &[nick], "is a server operator");
    }
    if entitled {
        let address = user.address.to_string();
        ctx.reply(
            n::RPL_WHOISACTUALLY,
            &[nick, &address],
            "is actually using this address",
        );
        let text = format!("is using modes {}", user.modes.text());
        ctx.reply(n::RPL_WHOISMODES, &[nick], &text);
        if let Some(certificate) = &user.certificate {
            let text = format!("has client certificate fingerprint {certificate}");
            ctx.reply(n::RPL_WHOISCERTFP, &[nick], &text);
        }
    }
    if let Some(account) = &user.account {
        ctx.reply(n::RPL_WHOISACCOUNT, &[nick, account], "is logged in as");
    }
    if user.modes.has(UserMode::Bot) {
        ctx.reply(n::RPL_WHOISBOT, &[nick], "is a bot");
    }
    if user.modes.has(UserMode::Secure) {
        ctx.reply(n::RPL_WHOISSECURE, &[nick], "is using a secure connection");
    }
    if ctx.has(C::Metadata2) || ctx.has(C::Metadata3) {
        for (key, value) in &user.metadata {
            let mut line = ctx.numeric(n::RPL_WHOISKEYVALUE);
            line.param(nick).param(key).param("*").trailing(value).end();
        }
    }
    let idle = (ctx.now.wall.0.saturating_sub(user.active.0) / 1000).to_string();
    let since = user.signed_on.seconds().to_string();
    ctx.reply(
        n::RPL_WHOISIDLE,
        &[nick, &idle, &since],
        "seconds idle, signon time",
    );
}

/// The rooms of somebody that the asker may know of, with the signs of the ranks.
fn rooms_of(ctx: &Ctx<'_>, id: UserId) -> Vec<String> {
    let network = &ctx.state.network;
    let user = network.user(id);
    let hidden = user.modes.has(UserMode::Invisible) && !ctx.me().modes.has(UserMode::Operator);
    let all = ctx.has(C::MultiPrefix);
    user.channels
        .iter()
        .filter_map(|channel| network.channel(*channel))
        .filter(|channel| policy::sees_channel(network, channel, ctx.user))
        .filter(|channel| !hidden || id == ctx.user || channel.has(ctx.user))
        .filter(|channel| policy::sees_member(channel, ctx.user, id))
        .map(|channel| format!("{}{}", channel.ranks(id).prefixes(all), channel.name))
        .collect()
}
