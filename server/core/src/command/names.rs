//! `NAMES [<room>{,<room>}]`: who is in a room.

use protocol::Message;
use protocol::capability::Capability as C;
use protocol::numeric as n;

use crate::handler::Ctx;
use crate::ids::ChannelId;
use crate::modes::Flag;
use crate::policy;
use crate::refusal::Refusal;

/// Bytes of names in one line.
const NAMES_BYTES_MAX: usize = 380;

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    match message.param(0).filter(|names| !names.is_empty()) {
        None => {
            // Without a room it would be everybody on the server; WHO asks for that.
            ctx.reply(n::RPL_ENDOFNAMES, &["*"], "End of NAMES list");
        }
        Some(names) => {
            for name in names.split(',') {
                match ctx.visible_channel(name) {
                    Ok(id) => tell(ctx, id),
                    Err(_) => ctx.reply(n::RPL_ENDOFNAMES, &[name], "End of NAMES list"),
                }
            }
        }
    }
    Ok(())
}

/// 353 and 366 of a room.
pub fn tell(ctx: &mut Ctx<'_>, id: ChannelId) {
    let Some(channel) = ctx.state.network.channel(id) else {
        return;
    };
    let name = channel.name.clone();
    let symbol = if channel.flags.has(Flag::Secret) {
        "@"
    } else {
        "="
    };
    let (all, hosts) = (ctx.has(C::MultiPrefix), ctx.has(C::UserhostInNames));
    let mut lines: Vec<String> = Vec::new();
    for (member, about) in &channel.members {
        let user = ctx.state.network.user(*member);
        let seen = policy::sees_member(channel, ctx.user, *member)
            && (channel.has(ctx.user) || policy::sees_user(&ctx.state.network, ctx.user, *member));
        if !seen {
            continue;
        }
        let shown = if hosts { &user.mask } else { &user.nick };
        let prefixes = about.ranks.prefixes(all);
        match lines.last_mut() {
            Some(line) if line.len() + shown.len() + 7 <= NAMES_BYTES_MAX => {
                line.push(' ');
                line.push_str(&prefixes);
                line.push_str(shown);
            }
            _ => lines.push(format!("{prefixes}{shown}")),
        }
    }
    for line in lines {
        ctx.reply(n::RPL_NAMREPLY, &[symbol, &name], &line);
    }
    ctx.reply(n::RPL_ENDOFNAMES, &[&name], "End of NAMES list");
}
