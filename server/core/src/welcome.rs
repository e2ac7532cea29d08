//! Registration is complete: the person comes to be, or one's own session joins it, and reads the welcome. It never
//! decides what a complete registration is beyond NICK, USER, PASS (a password or an invite) and CAP END.

use indexmap::IndexSet;
use protocol::numeric as n;

use crate::accounts::{AccountsReply, AccountsRequest};
use crate::admission;
use crate::deadline;
use crate::effect::Record;
use crate::expel;
use crate::greeting;
use crate::handler::Ctx;
use crate::ids::UserId;
use crate::leave;
use crate::login;
use crate::membership;
use crate::metadata;
use crate::modes::{UserMode, UserModes};
use crate::network::Holder;
use crate::newcomer;
use crate::pending::Purpose;
use crate::people;
use crate::refusal::Refusal;
use crate::session::{Phase, Registering};
use crate::user::{User, Voice};

/// Completes the registration of the session if nothing is missing.
pub fn if_complete(ctx: &mut Ctx<'_>) {
    let session = ctx.my_session();
    let Some(registering) = session.registering().cloned() else {
        return;
    };
    if registering.negotiating || session.waiting.others > 0 {
        return;
    }
    let Some((ident, realname)) = registering.user.clone() else {
        return;
    };
    // An invite is asked about once everything else is right: being here counts.
    if !newcomer::may_log_in(ctx) {
        let (session, now) = (ctx.session, ctx.now);
        ctx.refuse(crate::refusal::wrong_password());
        ctx.flush();
        let reason = "This server wants a password (PASS)";
        return leave::dismiss(ctx.state, now, session, reason, ctx.effects);
    }
    if ctx.my_session().sasl.is_some() {
        // Who completes the registration first is registered without an account (IRCv3 sasl 3.1).
        login::give_up(ctx);
        ctx.reply(n::ERR_SASLABORTED, &[], "SASL authentication aborted");
    }
    if let Some(nick) = &registering.attach {
        return attach(ctx, nick);
    }
    if let Some(nick) = registering.nick.clone() {
        let is_free = registering.is_free || login::is_own_nick(ctx, &nick);
        if !is_free {
            let account = nick.as_str().into();
            let request = AccountsRequest::Look { account };
            return ctx.ask_accounts(request, Purpose::Arrive { nick });
        }
        arrive(ctx, nick, ident, realname, registering);
    }
}

/// The keeper of accounts has said whether an account keeps the nick.
pub fn looked(ctx: &mut Ctx<'_>, nick: &str, reply: &AccountsReply) -> Result<(), Refusal> {
    let refusal = login::kept_nick(nick, reply);
    let id = ctx.session;
    let session = ctx.state.network.session_mut(id);
    let Some(registering) = session.and_then(|session| session.registering_mut()) else {
        return Ok(());
    };
    if refusal.is_none() {
        registering.is_free = true;
        return Ok(());
    }
    registering.refused = registering.nick.take();
    ctx.state.network.free_nick(nick);
    refusal.map_or(Ok(()), Err)
}

fn arrive(ctx: &mut Ctx<'_>, nick: String, ident: String, realname: String, from: Registering) {
    let now = ctx.state.stamp(ctx.now);
    let (preference, persistent) = preference(ctx);
    let guest_id = format!("~{}", ctx.state.mint_msgid(ctx.now)).into_boxed_str();
    let session = ctx.my_session();
    let mut user = User {
        guest_id,
        nick,
        ident,
        host: session.host.clone(),
        mask: String::new(),
        realname,
        address: session.peer.address.to_canonical(),
        door: session.peer.door,
        account: session.account.clone(),
        away: from.away,
        modes: UserModes::default(),
        accepted: IndexSet::new(),
        channels: IndexSet::new(),
        voices: vec![Voice {
            session: ctx.session,
            caps: session.caps,
        }],
        signed_on: now,
        active: now,
        certificate: session.peer.certificate.clone(),
        metadata: from.metadata,
        awaited: 0,
        persistent,
        preference,
    };
    for letter in ctx.state.settings.default_user_modes.chars() {
        if let Some(mode) = UserMode::from_letter(letter) {
            user.modes.put(mode, mode != UserMode::Operator);
        }
    }
    user.modes.put(UserMode::Secure, session.peer.secure);
    user.remask();
    if let Some(reason) = expel::expelled(ctx.state, ctx.now, &user) {
        ctx.reply(n::ERR_YOUREBANNEDCREEP, &[], &reason);
        ctx.flush();
        return leave::dismiss(ctx.state, ctx.now, ctx.session, &reason, ctx.effects);
    }
    if admission::is_awaited(ctx) {
        return;
    }
    let session = ctx.my_session();
    let came = Record::Came {
        nick: user.nick.clone(),
        address: format!("{}:{}", user.address, session.peer.port),
        door: user.door,
    };
    let (nick, mask) = (user.nick.clone(), user.mask.clone());
    let id = ctx.state.network.add_user(user);
    become_registered(ctx, id);
    ctx.log(came);
    burst(ctx);
    let own = ctx.me().metadata.clone();
    if !own.is_empty() {
        metadata::batch(ctx, &nick, &own);
    }
    leave::tell_watchers(ctx.state, &nick, Some(&mask), ctx.effects);
}

fn become_registered(ctx: &mut Ctx<'_>, id: UserId) {
    if let Some(session) = ctx.state.network.session_mut(ctx.session) {
        session.phase = Phase::Registered(id);
        session.heard = ctx.now.steady;
    }
    ctx.state.network.strangers -= 1;
    ctx.user = id;
    deadline::rearm(ctx.state, ctx.now, ctx.session);
}

/// What somebody of this session's account has said about staying without a client, and whether they do.
fn preference(ctx: &Ctx<'_>) -> (Option<bool>, bool) {
    let Some(account) = &ctx.my_session().account else {
        return (None, false);
    };
    let said = ctx
        .state
        .network
        .preferences
        .get(&account.to_ascii_lowercase())
        .copied();
    let stays = people::stays(ctx.state.settings.accounts.persistent, said);
    // One person of an account stays; more would squat on nicks.
    (
        said,
        stays && ctx.state.network.persistent_of(account).is_none(),
    )
}

/// One more session of somebody who is here already: it finds itself in all the rooms.
fn attach(ctx: &mut Ctx<'_>, nick: &str) {
    let account = ctx.my_session().account.clone();
    let caps = ctx.my_session().caps;
    let voice = Voice {
        session: ctx.session,
        caps,
    };
    let found = match ctx.state.network.holder(nick) {
        Some(Holder::User(id)) => Some(id),
        Some(Holder::Registering(_)) | None => None,
    };
    let owner =
        found.filter(|id| account.is_some() && ctx.state.network.user(*id).account == account);
    let Some(id) = owner else {
        // The person went while this session was on its way: it is like anybody else now.
        if let Some(registering) = ctx
            .state
            .network
            .session_mut(ctx.session)
            .and_then(|s| s.registering_mut())
        {
            registering.attach = None;
        }
        return ctx.refuse(crate::refusal::nick_in_use(nick));
    };
    let mut probe = ctx.state.network.user(id).clone();
    let session = ctx.my_session();
    probe.host.clone_from(&session.host);
    probe.address = session.peer.address.to_canonical();
    if let Some((ident, _)) = session.registering().and_then(|known| known.user.clone()) {
        probe.ident = ident;
    }
    if let Some(reason) = expel::expelled(ctx.state, ctx.now, &probe) {
        ctx.reply(n::ERR_YOUREBANNEDCREEP, &[], &reason);
        ctx.flush();
        return leave::dismiss(ctx.state, ctx.now, ctx.session, &reason, ctx.effects);
    }
    if admission::is_awaited(ctx) {
        return;
    }
    if let Some(user) = ctx.state.network.user_mut(id) {
        user.voices.push(voice);
        if user.away.as_deref() == Some(people::AWAY_TEXT) {
            user.away = None;
        }
    }
    become_registered(ctx, id);
    burst(ctx);
    let channels: Vec<_> = ctx.me().channels.iter().copied().collect();
    for channel in channels {
        membership::show(ctx, channel);
    }
}

/// What somebody reads first: 001 to 005, LUSERS, the message of the day, the own modes.
fn burst(ctx: &mut Ctx<'_>) {
    let settings = &ctx.state.settings;
    let (name, network, version) = (
        settings.name.clone(),
        settings.network.clone(),
        settings.version.clone(),
    );
    let created = settings.created;
    let nick = ctx.me().nick.clone();
    ctx.reply(
        n::RPL_WELCOME,
        &[],
        &format!("Welcome to {network}, {nick}"),
    );
    if ctx.my_session().plain {
        return;
    }
    let text = format!("Your host is {name}, running {version}");
    ctx.reply(n::RPL_YOURHOST, &[], &text);
    ctx.reply(
        n::RPL_CREATED,
        &[],
        &format!("This server started {created}"),
    );
    let users: String = UserMode::ALL.iter().map(|(_, letter, _)| *letter).collect();
    let mut modes: Vec<char> = crate::modes::CHANNEL_MODES
        .iter()
        .map(|mode| mode.letter)
        .collect();
    modes.sort_unstable();
    let with_param: String = crate::modes::CHANNEL_MODES
        .iter()
        .filter(|mode| mode.kind != protocol::mode::Kind::Never)
        .map(|mode| mode.letter)
        .collect();
    let modes: String = modes.into_iter().collect();
    let mut line = ctx.numeric(n::RPL_MYINFO);
    line.param(&name)
        .param(&version)
        .param(&users)
        .param(&modes)
        .param(&with_param)
        .end();
    greeting::isupport(ctx);
    greeting::lusers(ctx);
    greeting::motd(ctx);
    let modes = ctx.me().modes.text();
    if modes != "+" {
        let mut line = ctx.response.line();
        line.source(&nick)
            .command("MODE")
            .param(&nick)
            .param(&modes)
            .end();
    }
}
