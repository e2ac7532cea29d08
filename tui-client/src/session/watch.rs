//! Those with whom we talk alone: the server is asked to tell when they come and go (MONITOR).
//! It must never ask for more than the server takes, nor ask one that does not know how.

use crate::session::event::Event;
use crate::session::regain;
use crate::session::state::{Line, State};
use crate::session::whereabouts::Watched;

/// Bytes of nicks in one line.
const NICKS_BYTES_MAX: usize = 400;

/// These are all with whom we talk now.
pub(crate) fn set(state: &mut State, nicks: Vec<String>) {
    state.watchlist.wanted = nicks;
    if state.is_ready() {
        renew(state);
    }
}

/// The link is good, and the server knows of nobody yet.
pub(crate) fn ready(state: &mut State) {
    state.watchlist.clear();
    renew(state);
}

fn renew(state: &mut State) {
    // Our own nick, while another has it, is watched as well.
    let space = state.rules.watched_max.saturating_sub(1);
    let rules = &state.rules;
    let (gone, new) = state.watchlist.renew(space, |nick| rules.fold(nick));
    ask(state, "-", &gone);
    ask(state, "+", &new);
}

fn ask(state: &mut State, sign: &str, nicks: &[String]) {
    let mut listed = String::new();
    for nick in nicks {
        if !listed.is_empty() && listed.len() + nick.len() >= NICKS_BYTES_MAX {
            monitor(state, sign, &listed);
            listed.clear();
        }
        if !listed.is_empty() {
            listed.push(',');
        }
        listed.push_str(nick);
    }
    if !listed.is_empty() {
        monitor(state, sign, &listed);
    }
}

fn monitor(state: &mut State, sign: &str, nicks: &str) {
    state.send(|line| {
        line.command("MONITOR").param(sign).param(nicks);
    });
}

/// `730 <me> :nick!user@host[,…]` and `731 <me> :nick[,…]`: of those whom we watch, these are there, or are not.
pub(crate) fn told(state: &mut State, line: &Line<'_>) {
    let is_here = line.msg.numeric() == Some(730);
    for word in line.last().split(',') {
        let nick = word.split('!').next().unwrap_or(word);
        let folded = state.rules.fold(nick);
        if is_here {
            state.watchlist.meet(folded.clone());
        } else {
            regain::freed(state, nick, line.now);
            state.watchlist.miss(&folded);
        }
        if state.watchlist.has(&folded) {
            state.emit(Event::Watched(Watched {
                nick: nick.to_owned(),
                is_here,
                at: line.at,
            }));
        }
    }
}

/// `734 <me> <limit> <nicks> :Monitor list is full`: of these nothing is told; nobody has asked for it by hand.
pub(crate) fn full(state: &mut State, line: &Line<'_>) {
    for nick in line.param(2).split(',') {
        let folded = state.rules.fold(nick);
        state.watchlist.remove(&folded);
    }
}
