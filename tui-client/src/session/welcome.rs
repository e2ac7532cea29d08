//! The end of the greeting: 001, the rules, the end of the MOTD, and what to do when the nick is taken.
//! It must never give up because of a nick while there is another to try.

use protocol::Capability;
use protocol::write::clip;

use crate::session::event::{Event, Millis, Severity};
use crate::session::link::{Connected, Link};
use crate::session::login;
use crate::session::metadata;
use crate::session::missed;
use crate::session::negotiate;
use crate::session::regain;
use crate::session::state::{Line, Phase, State};
use crate::session::{admission, again, answers, bouncer, gestured, inquiries, services, watch};

/// Nicks that are tried before we ask the user.
const NICKS_TRIED_MAX: u32 = 12;

/// `001 <nick> :Welcome …`
pub(crate) fn welcomed(state: &mut State, line: &Line<'_>) {
    if state.phase != Phase::Greeting {
        return;
    }
    state.enter(Phase::Welcomed, line.now);
    admission::let_in_anyway(state, line);
    line.nick().clone_into(&mut state.server);
    let nick = line.param(0).to_owned();
    if nick != state.settings.nickname {
        let wanted = state.settings.nickname.clone();
        let now = nick.clone();
        if state.greeting.nicks_refused > 0 {
            state.emit(Event::NickTaken { wanted, now });
        } else {
            let text = format!("The server calls you {now}, not {wanted}.");
            state.notice(Severity::Info, None, text, line.at);
        }
    }
    state.regain.is_given = !state.is_self(&nick);
    state.nick = nick;
    // Some servers end the sentence with `nick!user@host` as others see it.
    let seen = line.last().rsplit(' ').next().unwrap_or("");
    let tail = seen.strip_prefix(state.nick.as_str());
    let bytes = tail.filter(|tail| tail.starts_with('!')).map(str::len);
    state.rules.measure(&state.nick, bytes);
}

/// `005 <nick> <token>… :are supported by this server`
pub(crate) fn rules(state: &mut State, line: &Line<'_>) {
    let tokens = line.rest(1);
    let count = tokens.len().saturating_sub(1);
    for token in tokens.iter().take(count) {
        state.rules.take(token);
    }
    let nick = state.nick.clone();
    state.rules.measure(&nick, None);
    negotiate::weigh_tags(state);
    if state.is_ready() {
        let facts = state.rules.facts.clone();
        state.emit(Event::Facts(facts));
    }
}

/// `376` and `422`: the welcome is over.
pub(crate) fn motd_ended(state: &mut State, line: &Line<'_>) {
    if state.phase == Phase::Welcomed {
        become_ready(state, line.now);
    } else if line.msg.numeric() == Some(422) {
        inquiries::told(
            state,
            line,
            "The server has no message of the day.".to_owned(),
        );
    }
}

/// Messages can go out from here on; the rooms are entered.
pub(crate) fn become_ready(state: &mut State, now: Millis) {
    state.enter(Phase::Ready, now);
    state.pace.is_theirs = state.rules.keeps_pace && state.has(Capability::EchoMessage);
    let network = if state.rules.network.is_empty() {
        state.server.clone()
    } else {
        state.rules.network.clone()
    };
    state.rules.facts.is_bouncer = bouncer::is_root(state);
    let facts = state.rules.facts.clone();
    state.emit(Event::Facts(facts));
    state.emit(Event::Link(Link::Connected(Connected {
        nick: state.nick.clone(),
        is_encrypted: state.wire.is_encrypted,
        server: state.server.clone(),
        network,
        has_echo: state.has(Capability::EchoMessage),
    })));
    metadata::ready(state);
    services::welcomed(state, now);
    login::welcomed(state);
    bouncer::ready(state);
    again::resume(state, now);
    gestured::resume(state);
    regain::ready(state, now);
    watch::ready(state);
    missed::ready(state, now);
}

/// `432`, `433`, `436`, `437 <nick> <wanted> :reason`
pub(crate) fn nick_refused(state: &mut State, line: &Line<'_>) {
    let refused = line.param(1);
    if state.phase != Phase::Greeting {
        return nick_change_refused(state, line);
    }
    state.greeting.nicks_refused += 1;
    let tried = state.greeting.nicks_refused;
    if tried > NICKS_TRIED_MAX {
        let reason = format!(
            "The server takes no nick of ours; it says: {}. Choose another with nickname in the config or --nick",
            line.last()
        );
        return state.refuse_link(reason);
    }
    let is_bad = line.msg.numeric() == Some(432);
    let next = another(&state.settings.nickname, refused, tried, is_bad);
    state.nick.clone_from(&next);
    state.send(|line| {
        line.command("NICK").param(&next);
    });
}

fn nick_change_refused(state: &mut State, line: &Line<'_>) {
    let refused = line.param(1);
    if state.nick_asked.take().is_none() && std::mem::take(&mut state.regain.is_asked) {
        if line.msg.numeric() == Some(400) {
            regain::give_up(state);
        } else if line.msg.numeric() == Some(433) {
            regain::ask_services(state, line.now);
        }
        return;
    }
    if line.msg.numeric() == Some(433) {
        let wanted = refused.to_owned();
        let now = state.nick.clone();
        state.emit(Event::NickTaken { wanted, now });
    } else {
        let which = if refused == "NICK" {
            "That nick".to_owned()
        } else {
            format!("The nick {refused}")
        };
        let text = format!("{which} cannot be had: {}", line.last());
        state.notice(Severity::Error, None, text, line.at);
    }
}

/// The nick to try after `tried` refusals: `ada`, `ada_`, `ada__`, then short ones with a number.
fn another(wanted: &str, refused: &str, tried: u32, is_bad: bool) -> String {
    let plain = protocol::name::nick_from(wanted, 32);
    if is_bad && plain != refused && tried == 1 {
        return plain;
    }
    if tried <= 3 && !is_bad {
        return format!("{plain}{}", "_".repeat(tried as usize));
    }
    // Nine characters are what the oldest servers allow.
    format!("{}{}", clip(&plain, 6), tried * 37 % 900 + 10)
}

/// `464`, `465`: nothing will change by trying again.
pub(crate) fn shut_out(state: &mut State, line: &Line<'_>) {
    if state.is_ready() {
        // It is of OPER then.
        return answers::other(state, line);
    }
    let reason = match line.msg.numeric() {
        Some(464) => match state.greeting.invite_refused.take() {
            Some(why) => format!("The server does not let us in: {why}"),
            None => format!("The server wants another password: {}", line.last()),
        },
        _ => format!("The server does not let us in: {}", line.last()),
    };
    state.refuse_link(reason);
}

/// `254 <me> <count> :channels formed`
pub(crate) fn rooms_counted(state: &mut State, line: &Line<'_>) {
    state.rules.rooms_told = line.param(1).parse().unwrap_or_default();
    answers::other(state, line);
}
