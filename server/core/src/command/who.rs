//! `WHO <mask> [o][%<fields>[,<token>]]`: who is in a room, or matches a mask; with fields it is WHOX
//! (IRCv3 whox).

use protocol::capability::Capability as C;
use protocol::{Message, numeric as n};

use crate::channel::Channel;
use crate::handler::Ctx;
use crate::ids::{ChannelId, UserId};
use crate::modes::UserMode;
use crate::policy;
use crate::refusal::Refusal;
use protocol::mask;

/// The order in which WHOX fields are told.
const FIELDS: &str = "tcuihsnfdlaor";
/// Most people one WHO with a mask tells of: it looks at everybody.
const MATCHES_MAX: usize = 500;

struct Asked<'a> {
    operators_only: bool,
    fields: Option<(&'a str, &'a str)>,
}

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let mask = message.param(0).unwrap_or_default();
    let options = message.param(1).unwrap_or_default();
    let (flags, fields) = match options.split_once('%') {
        Some((flags, fields)) => (flags, Some(fields.split_once(',').unwrap_or((fields, "")))),
        None => (options, None),
    };
    let asked = Asked {
        operators_only: flags.contains('o'),
        fields,
    };
    if protocol::name::is_channel(mask) {
        if let Ok((id, _)) = ctx.visible_channel(mask) {
            channel(ctx, id, &asked);
        }
    } else if !mask.is_empty() {
        people(ctx, mask, &asked);
    }
    ctx.reply(n::RPL_ENDOFWHO, &[mask], "End of WHO list");
    Ok(())
}

fn channel(ctx: &mut Ctx<'_>, id: ChannelId, asked: &Asked<'_>) {
    let Some(channel) = ctx.state.network.channel(id) else {
        return;
    };
    let inside = channel.has(ctx.user);
    let members: Vec<UserId> = channel
        .members
        .keys()
        .copied()
        .filter(|member| policy::sees_member(channel, ctx.user, *member))
        .filter(|member| inside || policy::sees_user(&ctx.state.network, ctx.user, *member))
        .collect();
    for member in members {
        tell(ctx, member, Some(id), asked);
    }
}

fn people(ctx: &mut Ctx<'_>, wanted: &str, asked: &Asked<'_>) {
    let exact = ctx.state.network.find_user(wanted);
    let found: Vec<UserId> = match exact {
        Some(user) => vec![user],
        None => {
            let wanted = if wanted == "0" { "*" } else { wanted };
            ctx.state
                .network
                .users()
                .filter(|(_, user)| {
                    mask::matches(wanted, &user.nick)
                        || mask::matches(wanted, &user.host)
                        || mask::matches(wanted, &user.mask)
                })
                .map(|(id, _)| id)
                .filter(|id| policy::sees_user(&ctx.state.network, ctx.user, *id))
                .take(MATCHES_MAX)
                .collect()
        }
    };
    for user in found {
        let shared = shared_channel(ctx, user);
        tell(ctx, user, shared, asked);
    }
}

/// A room of somebody that the asker may know of, one they share first.
fn shared_channel(ctx: &Ctx<'_>, user: UserId) -> Option<ChannelId> {
    let network = &ctx.state.network;
    network.user(user).channels.iter().copied().find(|id| {
        network.channel(*id).is_some_and(|channel: &Channel| {
            channel.has(ctx.user) && policy::sees_member(channel, ctx.user, user)
        })
    })
}

fn tell(ctx: &mut Ctx<'_>, id: UserId, channel: Option<ChannelId>, asked: &Asked<'_>) {
    let user = ctx.state.network.user(id);
    let is_operator = user.modes.has(UserMode::Operator);
    if asked.operators_only && !is_operator {
        return;
    }
    let channel = channel.and_then(|id| ctx.state.network.channel(id));
    let mut flags = String::from(if user.away.is_some() { "G" } else { "H" });
    if is_operator {
        flags.push('*');
    }
    if user.modes.has(UserMode::Bot) {
        flags.push('B');
    }
    if let Some(channel) = channel {
        flags.push_str(&channel.ranks(id).prefixes(ctx.has(C::MultiPrefix)));
    }
    let name = channel.map_or_else(|| "*".to_owned(), |channel| channel.name.clone());
    let server = ctx.server_name();
    let Some((fields, token)) = asked.fields else {
        let (ident, host, nick) = (user.ident.clone(), user.host.clone(), user.nick.clone());
        let text = format!("0 {}", user.realname);
        let params = [&*name, &ident, &host, &server, &nick, &flags];
        return ctx.reply(n::RPL_WHOREPLY, &params, &text);
    };
    let idle = ctx.now.wall.0.saturating_sub(user.active.0) / 1000;
    let real = ctx.me().modes.has(UserMode::Operator) || id == ctx.user;
    let values: Vec<(char, String)> = FIELDS
        .chars()
        .filter(|field| fields.contains(*field))
        .map(|field| {
            let value = match field {
                't' => token.to_owned(),
                'c' => name.clone(),
                'u' => user.ident.clone(),
                'i' if real => user.address.to_string(),
                'i' => "255.255.255.255".to_owned(),
                'h' => user.host.clone(),
                's' => server.clone(),
                'n' => user.nick.clone(),
                'f' => flags.clone(),
                'd' => "0".to_owned(),
                'l' => idle.to_string(),
                'a' => user.account.as_deref().unwrap_or("0").to_owned(),
                'o' => "n/a".to_owned(),
                _ => user.realname.clone(),
            };
            (field, value)
        })
        .collect();
    let mut line = ctx.numeric(n::RPL_WHOSPCRPL);
    for (field, value) in values {
        if field == 'r' {
            line.trailing(&value);
        } else {
            line.param(&value);
        }
    }
    line.end();
}
