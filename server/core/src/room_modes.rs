//! Changing a room's modes, letter by letter, told as one MODE. It never decides who is asked: SAMODE may skip that.

use protocol::mode::{Change, Kind, ModeString, parse};
use protocol::{name, numeric as n};

use crate::channel::{Channel, ListEntry};
use crate::handler::Ctx;
use crate::ids::{ChannelId, UserId};
use crate::keeping;
use crate::modes::{self, Rank, Ranks};
use crate::policy;
use crate::refusal::{self, Refusal};
use protocol::mask;

/// Applies changes one by one; what was applied is told as one MODE. `force` skips the question whether they may
/// (SAMODE).
pub fn change(
    ctx: &mut Ctx<'_>,
    id: ChannelId,
    letters: &str,
    params: &[&str],
    force: bool,
) -> Result<(), Refusal> {
    let mut applied = ModeString::default();
    let changes: Vec<Change<'_>> = parse(letters, params, modes::channel_kind).collect();
    let mut refused_rank = false;
    for change in changes {
        let asks_list = modes::channel_kind(change.letter) == Some(Kind::List)
            && change.param.is_none_or(str::is_empty);
        if asks_list {
            list(ctx, id, change.letter);
            continue;
        }
        match one(ctx, id, change, force) {
            Ok(Some(param)) => {
                applied.push(
                    change.set,
                    change.letter,
                    Some(&param).filter(|p| !p.is_empty()).map(String::as_str),
                );
            }
            Ok(None) => {}
            Err(Refusal::Numeric {
                code: n::ERR_CHANOPRIVSNEEDED,
                ..
            }) if refused_rank => {}
            Err(refusal) => {
                refused_rank |= matches!(
                    refusal,
                    Refusal::Numeric {
                        code: n::ERR_CHANOPRIVSNEEDED,
                        ..
                    }
                );
                ctx.refuse(refusal);
            }
        }
    }
    if applied.is_empty() {
        return Ok(());
    }
    if let Some(channel) = ctx.state.network.channel_mut(id) {
        channel.used = true;
    }
    keeping::save(ctx.state, id, ctx.effects);
    announce(ctx, id, &applied, force);
    Ok(())
}

fn announce(ctx: &mut Ctx<'_>, id: ChannelId, applied: &ModeString, by_server: bool) {
    let Some(channel) = ctx.state.network.channel(id) else {
        return;
    };
    let (name, log) = (channel.name.clone(), channel.log());
    let outside = !channel.has(ctx.user);
    let origin = if by_server && outside {
        ctx.origin_server()
    } else {
        ctx.origin()
    };
    let applied_ref = &applied;
    ctx.tell_channel(id, &[], |caps, batch, out| {
        let mut line = origin.line_in(caps, batch, out);
        line.command("MODE")
            .param(&name)
            .param(applied_ref.letters());
        for param in applied_ref.params() {
            line.param(param);
        }
        line.end();
    });
    let event = format!(
        "MODE {name} {} {}",
        applied.letters(),
        applied.params().join(" ")
    );
    ctx.keep_event(log, &origin, &name, event.trim_end());
}

/// Applies one change. Gives the parameter to be told (perhaps empty), or nothing where nothing changed.
fn one(
    ctx: &mut Ctx<'_>,
    id: ChannelId,
    change: Change<'_>,
    force: bool,
) -> Result<Option<String>, Refusal> {
    let mode = modes::channel_mode(change.letter)
        .ok_or_else(|| refusal::unknown_mode(&change.letter.to_string()))?;
    let channel = ctx.state.network.channel(id).ok_or(Refusal::Silent)?;
    let name = channel.name.clone();
    if let Some(rank) = Rank::from_letter(change.letter) {
        let nick = change
            .param
            .ok_or_else(|| refusal::need_more_params("MODE"))?;
        return give_rank(ctx, id, rank, change.set, nick, force);
    }
    if !force {
        policy::must_be(channel, ctx.user, Rank::HalfOperator)?;
    }
    if let Some(flag) = mode.flag {
        let channel = ctx.state.network.channel_mut(id).ok_or(Refusal::Silent)?;
        return Ok(channel.flags.put(flag, change.set).then(String::new));
    }
    match (change.letter, change.param) {
        ('k', param) => set_key(ctx, id, change.set, param),
        ('l', param) => set_limit(ctx, id, change.set, param),
        ('f', param) => set_forward(ctx, id, change.set, param),
        (letter, Some(param)) => set_entry(ctx, id, letter, change.set, param),
        (letter, None) => Err(refusal::bad_mode_param(&name, &letter.to_string(), "*")),
    }
}

fn give_rank(
    ctx: &mut Ctx<'_>,
    id: ChannelId,
    rank: Rank,
    set: bool,
    nick: &str,
    force: bool,
) -> Result<Option<String>, Refusal> {
    let channel = ctx.state.network.channel(id).ok_or(Refusal::Silent)?;
    let own = channel.ranks(ctx.user);
    let target = ctx.state.network.find_user(nick);
    let gives_up = !set && target == Some(ctx.user) && own.has(rank);
    if !force && !gives_up {
        // One may give what is below one's own rank; operators may make operators.
        let needed = match rank {
            Rank::Voice => Rank::HalfOperator,
            Rank::HalfOperator | Rank::Operator => Rank::Operator,
            Rank::Protected | Rank::Founder => Rank::Founder,
        };
        let outranked =
            target.is_some_and(|target| !set && channel.ranks(target).highest() > own.highest());
        policy::must_be(channel, ctx.user, needed)?;
        if outranked {
            return Err(refusal::not_operator(&channel.name));
        }
    }
    let target = target.ok_or_else(|| refusal::no_such_nick(nick))?;
    let name = channel.name.clone();
    let person = ctx.state.network.user(target);
    let nick = person.nick.clone();
    let account = person
        .account
        .as_ref()
        .map(|a| a.to_ascii_lowercase().into_boxed_str());
    let channel = ctx.state.network.channel_mut(id).ok_or(Refusal::Silent)?;
    let member = channel
        .members
        .get_mut(&target)
        .ok_or_else(|| refusal::they_not_on_channel(&nick, &name))?;
    let changed = member.ranks.put(rank, set);
    let ranks = member.ranks;
    // Who is known by an account is known to the room the next time, too.
    if let Some(account) = account {
        if ranks == Ranks::default() {
            channel.standing.remove(&account);
        } else {
            channel.standing.insert(account, ranks);
        }
    }
    Ok(changed.then_some(nick))
}

fn set_key(
    ctx: &mut Ctx<'_>,
    id: ChannelId,
    set: bool,
    param: Option<&str>,
) -> Result<Option<String>, Refusal> {
    let most = ctx.state.settings.limits.key_bytes_max;
    let channel = ctx.state.network.channel_mut(id).ok_or(Refusal::Silent)?;
    if !set {
        return Ok(channel.key.take());
    }
    let key = param.ok_or_else(|| refusal::need_more_params("MODE"))?;
    let bad =
        key.is_empty() || key.len() > most || key.starts_with(':') || key.contains([' ', ',']);
    if bad || key.chars().any(name::is_unseen) {
        return Err(refusal::bad_channel_key(&channel.name));
    }
    channel.key = Some(key.to_owned());
    Ok(Some(key.to_owned()))
}

fn set_limit(
    ctx: &mut Ctx<'_>,
    id: ChannelId,
    set: bool,
    param: Option<&str>,
) -> Result<Option<String>, Refusal> {
    let channel = ctx.state.network.channel_mut(id).ok_or(Refusal::Silent)?;
    if !set {
        return Ok(channel.limit.take().map(|_| String::new()));
    }
    let text = param.ok_or_else(|| refusal::need_more_params("MODE"))?;
    let limit = text.parse::<u32>().ok().filter(|limit| *limit > 0);
    let limit = limit.ok_or_else(|| refusal::bad_mode_param(&channel.name, "l", text))?;
    channel.limit = Some(limit);
    Ok(Some(limit.to_string()))
}

/// `+f` wants a room that exists and in which whoever sets it is an operator: nobody is sent to where they are
/// not wanted.
fn set_forward(
    ctx: &mut Ctx<'_>,
    id: ChannelId,
    set: bool,
    param: Option<&str>,
) -> Result<Option<String>, Refusal> {
    let user = ctx.user;
    if !set {
        let channel = ctx.state.network.channel_mut(id).ok_or(Refusal::Silent)?;
        return Ok(channel.forward.take().map(|_| String::new()));
    }
    let name = ctx
        .state
        .network
        .channel(id)
        .map_or(String::new(), |c| c.name.clone());
    let wanted = param.ok_or_else(|| refusal::need_more_params("MODE"))?;
    let other = ctx
        .state
        .network
        .find_channel(wanted)
        .filter(|other| *other != id)
        .and_then(|other| ctx.state.network.channel(other))
        .ok_or_else(|| refusal::bad_mode_param(&name, "f", wanted))?;
    policy::must_be(other, user, Rank::Operator)?;
    let other = other.name.clone();
    let channel = ctx.state.network.channel_mut(id).ok_or(Refusal::Silent)?;
    channel.forward = Some(other.clone());
    Ok(Some(other))
}

fn set_entry(
    ctx: &mut Ctx<'_>,
    id: ChannelId,
    letter: char,
    set: bool,
    param: &str,
) -> Result<Option<String>, Refusal> {
    let most = ctx.state.settings.limits.list_max;
    let entry = ListEntry {
        mask: mask::complete(param),
        setter: ctx.me().mask.clone(),
        time: ctx.state.stamp(ctx.now),
    };
    let channel = ctx.state.network.channel_mut(id).ok_or(Refusal::Silent)?;
    let name = channel.name.clone();
    let total = channel.bans.len() + channel.exceptions.len() + channel.invitations.len();
    let list = channel.list_mut(letter).ok_or(Refusal::Silent)?;
    let place = list
        .iter()
        .position(|old| old.mask.eq_ignore_ascii_case(&entry.mask));
    match (set, place) {
        (true, Some(_)) | (false, None) => Ok(None),
        (true, None) if total >= most => Err(refusal::list_full(&name, &letter.to_string())),
        (true, None) => {
            let mask = entry.mask.clone();
            list.push(entry);
            Ok(Some(mask))
        }
        (false, Some(place)) => Ok(Some(list.remove(place).mask)),
    }
}

/// Tells a list: bans to everybody who sees the room, the others to operators.
fn list(ctx: &mut Ctx<'_>, id: ChannelId, letter: char) {
    let (one, end, title) = match letter {
        'e' => (
            n::RPL_EXCEPTLIST,
            n::RPL_ENDOFEXCEPTLIST,
            "End of channel exception list",
        ),
        'I' => (
            n::RPL_INVEXLIST,
            n::RPL_ENDOFINVEXLIST,
            "End of channel invite exception list",
        ),
        _ => (
            n::RPL_BANLIST,
            n::RPL_ENDOFBANLIST,
            "End of channel ban list",
        ),
    };
    let Some(channel) = ctx.state.network.channel(id) else {
        return;
    };
    let name = channel.name.clone();
    if letter != 'b' && !may_read_list(channel, ctx.user) {
        return ctx.refuse(refusal::not_operator(&name));
    }
    let entries = channel.list(letter).cloned().unwrap_or_default();
    for entry in entries {
        let mut line = ctx.numeric(one);
        line.param(&name).param(&entry.mask).param(&entry.setter);
        line.param(&entry.time.seconds().to_string()).end();
    }
    ctx.reply(end, &[&name], title);
}

fn may_read_list(channel: &Channel, user: UserId) -> bool {
    channel.ranks(user).at_least(Rank::HalfOperator)
}
