//! `JOIN <room>{,<room>} [<key>{,<key>}]` enters rooms; the first one in is a room's operator. A key may be an invite.

use protocol::invite::Credential;
use protocol::{Message, name};

use crate::admission::{self, Verdict};
use crate::channel::Channel;
use crate::handler::Ctx;
use crate::invites::Place;
use crate::keeping;
use crate::membership;
use crate::modes::{Flag, Flags, Rank, Ranks};
use crate::policy::{self, Pass};
use crate::refusal::{self, Refusal};
use crate::storage::StorageReply;

/// How many rooms may send somebody on (+f) one after the other.
const FORWARDS_MAX: usize = 3;

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let names = message.param(0).unwrap_or_default();
    if names == "0" {
        membership::leave_all(ctx);
        return Ok(());
    }
    ctx.pay_for(names);
    let mut keys = message.param(1).unwrap_or_default().split(',');
    for name in names.split(',') {
        let pass = Pass::Key(keys.next().filter(|key| !key.is_empty()));
        if let Err(refusal) = one(ctx, name, pass, FORWARDS_MAX) {
            ctx.refuse(refusal);
        }
    }
    Ok(())
}

fn one(ctx: &mut Ctx<'_>, name: &str, pass: Pass<'_>, forwards: usize) -> Result<(), Refusal> {
    let limits = &ctx.state.settings.limits;
    let (name_max, channels_max) = (limits.channel_bytes_max, limits.channels_max);
    name::check_channel(name, name_max).map_err(|_| refusal::no_such_channel(name))?;
    if let Some(id) = ctx.state.network.find_channel(name) {
        let Some(channel) = ctx.state.network.channel(id) else {
            return Ok(());
        };
        if channel.has(ctx.user) {
            return Ok(());
        }
        room_left(ctx, name, channels_max)?;
        let may = policy::may_join(&ctx.state.network, channel, ctx.user, pass, ctx.now.steady);
        if let Err(refusal) = may {
            if let Some((credential, place)) = invited_into(ctx, channel, pass)? {
                admission::ask_for_room(ctx, credential, name, place);
                return Ok(());
            }
            let Some(forward) = channel.forward.clone().filter(|_| forwards > 0) else {
                return Err(refusal);
            };
            let room = channel.name.clone();
            let text = "Forwarding to another channel";
            ctx.reply(470, &[&room, &forward], text);
            return one(ctx, &forward, Pass::Key(None), forwards - 1);
        }
        membership::enter(ctx, ctx.user, id, Ranks::default());
        return Ok(());
    }
    room_left(ctx, name, channels_max)?;
    begin(ctx, name, pass)
}

/// The invite that was shown and where it is to open, if one was. What it could not open, such as a ban, is refused
/// before it is used.
fn invited_into(
    ctx: &Ctx<'_>,
    channel: &Channel,
    pass: Pass<'_>,
) -> Result<Option<(Credential, Place)>, Refusal> {
    let Pass::Key(Some(key)) = pass else {
        return Ok(None);
    };
    let Some(credential) = Credential::parse(key) else {
        return Ok(None);
    };
    let network = &ctx.state.network;
    policy::may_join(network, channel, ctx.user, Pass::Invite, ctx.now.steady)?;
    Ok(Some((credential, admission::place(channel))))
}

/// Storage has answered about an invite. The room may have changed meanwhile, so that everything is asked anew.
pub fn admitted(
    ctx: &mut Ctx<'_>,
    name: &str,
    place: &Place,
    reply: StorageReply,
) -> Result<(), Refusal> {
    let network = &ctx.state.network;
    if !network.has_user(ctx.user) {
        return Ok(());
    }
    if network
        .room(name)
        .is_some_and(|room| admission::place(room) != *place)
    {
        // Another room has the name by now.
        return one(ctx, name, Pass::Key(None), FORWARDS_MAX);
    }
    match admission::verdict("JOIN", &[name], reply) {
        Verdict::Admitted => one(ctx, name, Pass::Invite, 0),
        Verdict::Refused(refusal) | Verdict::Unknowable(refusal) => Err(refusal),
    }
}

/// Takes up a room that rests, or begins a new one. Whoever comes first into a room that nobody has a standing in is
/// its operator.
fn begin(ctx: &mut Ctx<'_>, name: &str, pass: Pass<'_>) -> Result<(), Refusal> {
    let folded = protocol::Folded::new(name);
    let account = ctx.me().account.clone();
    let mut channel = match ctx.state.network.resting.get(&folded) {
        Some(resting) => {
            let may = policy::may_join(&ctx.state.network, resting, ctx.user, pass, ctx.now.steady);
            if let Err(refusal) = may {
                let Some((credential, place)) = invited_into(ctx, resting, pass)? else {
                    return Err(refusal);
                };
                admission::ask_for_room(ctx, credential, name, place);
                return Ok(());
            }
            Channel::clone(resting)
        }
        None => {
            let room = ctx.state.mint_room(ctx.now);
            let mut flags = Flags::default();
            flags.put(Flag::NoExternal, true);
            flags.put(Flag::TopicLocked, true);
            let created = ctx.state.stamp(ctx.now);
            let mut channel = Channel::new(name, room, created, flags);
            channel.founder.clone_from(&account);
            if let Some(account) = &account {
                let account = account.to_ascii_lowercase().into_boxed_str();
                channel
                    .standing
                    .insert(account, Ranks::only(Rank::Operator));
            }
            channel
        }
    };
    ctx.state.network.resting.shift_remove(&folded);
    channel.invited.clear();
    let ranks = if channel.standing.is_empty() {
        Ranks::only(Rank::Operator)
    } else {
        Ranks::default()
    };
    let id = ctx.state.network.add_channel(channel);
    membership::enter(ctx, ctx.user, id, ranks);
    keeping::save(ctx.state, id, ctx.effects);
    Ok(())
}

fn room_left(ctx: &Ctx<'_>, name: &str, most: usize) -> Result<(), Refusal> {
    if ctx.me().channels.len() >= most {
        Err(refusal::too_many_channels(name))
    } else {
        Ok(())
    }
}
