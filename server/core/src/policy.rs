//! May they? Questions of permission, answered from the state alone. It never changes anything and never words
//! a reply beyond the refusal's own.

use crate::channel::{Channel, ListEntry};
use crate::ids::UserId;
use crate::modes::{Flag, Rank, UserMode};
use crate::network::Network;
use crate::refusal::{self, Refusal};
use crate::user::User;
use protocol::mask;

/// Whether a list has an entry for somebody. `mute` asks for `m:` entries only, else they do not count.
fn listed(list: &[ListEntry], user: &User, mute: bool) -> bool {
    if list.is_empty() {
        return false;
    }
    let masks = user.masks();
    list.iter().any(|entry| match mask::extended(&entry.mask) {
        Some((mask::Extended::Mute, rest)) => mute && mask_fits(rest, user, &masks),
        Some((mask::Extended::Account, rest)) => !mute && account_fits(rest, user),
        None => !mute && masks.iter().any(|own| mask::matches(&entry.mask, own)),
    })
}

fn mask_fits(rest: &str, user: &User, masks: &[String; 2]) -> bool {
    match mask::extended(rest) {
        Some((mask::Extended::Account, account)) => account_fits(account, user),
        _ => masks.iter().any(|own| mask::matches(rest, own)),
    }
}

fn account_fits(rest: &str, user: &User) -> bool {
    user.account
        .as_ref()
        .is_some_and(|account| mask::matches(rest, account))
}

/// Whether somebody is banned from a room and not excepted.
pub fn is_banned(channel: &Channel, user: &User) -> bool {
    listed(&channel.bans, user, false) && !listed(&channel.exceptions, user, false)
}

/// Whether somebody may not speak in a room by a ban of that kind.
fn is_muted(channel: &Channel, user: &User) -> bool {
    listed(&channel.bans, user, true)
        && !listed(&channel.exceptions, user, true)
        && !listed(&channel.exceptions, user, false)
}

/// What somebody shows to be let into a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass<'p> {
    /// A key, or nothing.
    Key(Option<&'p str>),
    /// An invite link that storage has found good. An operator's word lies in it, as in INVITE, so that it stands for
    /// an invitation, an account (+R), a key, and a place; but a ban is the later word.
    Invite,
}

/// Whether somebody may enter; `now` is steady milliseconds.
pub fn may_join(
    network: &Network,
    channel: &Channel,
    id: UserId,
    pass: Pass<'_>,
    now: u64,
) -> Result<(), Refusal> {
    let user = network.user(id);
    let name = channel.name.as_str();
    if user.modes.has(UserMode::Operator) {
        return Ok(());
    }
    let folded = protocol::Folded::new(&user.identity());
    let invited = channel
        .invited
        .get(&folded)
        .is_some_and(|until| *until > now);
    if invited {
        return Ok(());
    }
    let (key, is_invited) = match pass {
        Pass::Key(key) => (key, false),
        Pass::Invite => (None, true),
    };
    let is_listed = || listed(&channel.invitations, user, false);
    if channel.flags.has(Flag::InviteOnly) && !is_invited && !is_listed() {
        return Err(refusal::invite_only(name));
    }
    if channel.flags.has(Flag::RegisteredOnly) && !is_invited && user.account.is_none() {
        return Err(refusal::need_account(name));
    }
    if is_banned(channel, user) && !is_listed() {
        return Err(refusal::banned(name));
    }
    if is_invited {
        return Ok(());
    }
    if channel.key.is_some() && channel.key.as_deref() != key {
        return Err(refusal::bad_key(name));
    }
    if channel
        .limit
        .is_some_and(|limit| channel.members.len() >= limit as usize)
    {
        return Err(refusal::channel_full(name));
    }
    Ok(())
}

/// How somebody may speak in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voicing {
    /// To everybody.
    Everybody,
    /// To the operators only (+U).
    Operators,
}

/// Whether somebody may speak in a room.
pub fn may_speak(channel: &Channel, id: UserId, user: &User) -> Result<Voicing, Refusal> {
    let ranks = channel.ranks(id);
    let no = || refusal::cannot_speak(&channel.name);
    if ranks.at_least(Rank::Voice) {
        return Ok(Voicing::Everybody);
    }
    if channel.flags.has(Flag::NoExternal) && !channel.has(id) {
        return Err(no());
    }
    let silenced = channel.flags.has(Flag::Moderated)
        || (channel.flags.has(Flag::RegisteredSpeak) && user.account.is_none())
        || is_banned(channel, user)
        || is_muted(channel, user);
    if !silenced {
        return Ok(Voicing::Everybody);
    }
    if channel.flags.has(Flag::OpModerated) && !is_banned(channel, user) {
        return Ok(Voicing::Operators);
    }
    Err(no())
}

/// Whether somebody is at least of `rank` in a room.
pub fn must_be(channel: &Channel, id: UserId, rank: Rank) -> Result<(), Refusal> {
    if channel.ranks(id).at_least(rank) {
        Ok(())
    } else {
        Err(refusal::not_operator(&channel.name))
    }
}

/// Whether somebody is in a room.
pub fn must_be_in(channel: &Channel, id: UserId) -> Result<(), Refusal> {
    if channel.has(id) {
        Ok(())
    } else {
        Err(refusal::not_on_channel(&channel.name))
    }
}

/// Whether somebody may know that a room exists.
pub fn sees_channel(network: &Network, channel: &Channel, viewer: UserId) -> bool {
    !channel.flags.has(Flag::Secret)
        || channel.has(viewer)
        || network.user(viewer).modes.has(UserMode::Operator)
}

/// Whether `viewer` may know that `member` is in the room (+u: ordinary members are seen by operators only).
pub fn sees_member(channel: &Channel, viewer: UserId, member: UserId) -> bool {
    !channel.flags.has(Flag::Auditorium)
        || viewer == member
        || channel.ranks(viewer).at_least(Rank::HalfOperator)
        || channel.ranks(member).at_least(Rank::Voice)
}

/// Whether `viewer` may find somebody without knowing the nick: it is visible, or they share a room.
pub fn sees_user(network: &Network, viewer: UserId, target: UserId) -> bool {
    let user = network.user(target);
    viewer == target
        || !user.modes.has(UserMode::Invisible)
        || network.user(viewer).modes.has(UserMode::Operator)
        || shares_room(network, viewer, target)
}

/// Whether two people share a room in which the first sees the second.
pub fn shares_room(network: &Network, viewer: UserId, target: UserId) -> bool {
    let (few, many) = (
        &network.user(viewer).channels,
        &network.user(target).channels,
    );
    few.iter().any(|channel| {
        many.contains(channel)
            && network
                .channel(*channel)
                .is_some_and(|room| sees_member(room, viewer, target))
    })
}
