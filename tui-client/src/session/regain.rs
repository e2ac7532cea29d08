//! Our nick, where somebody else has it: services that know our account are asked to give it to us, the server is asked
//! for it again while it may be our own old link, and when it becomes free.
//! It must never ask without end, nor tell the user of each refusal, nor take the nick from ourselves elsewhere twice.

use protocol::Capability;

use crate::session::event::Millis;
use crate::session::state::{Line, State};

/// How often our nick is asked for.
const REGAIN_MS: Millis = 20_000;
/// For how long after the greeting: longer than it takes a server to find out that our old link is dead.
const ASKED_MS: Millis = 180_000;

/// Who keeps nicks.
const SERVICES: &str = "NickServ";
/// By which words, in the order in which they are tried: Atheme's, Anope's, and that of Ergo and the old ones.
const VERBS: [&str; 3] = ["REGAIN", "RECOVER", "GHOST"];
/// So long services have for giving it to us.
const GIVEN_MS: Millis = 8_000;
/// How services say that they do not know a word, in small letters.
const UNKNOWN: [&str; 2] = ["unknown command", "invalid command"];
/// How a server says that somebody with our account wanted the nick, in small letters.
const TAKEN_BACK: &str = " command used by ";

/// Whether we have another nick than the one we want; a bouncer's network has the nick that the bouncer was told.
fn is_missing(state: &State) -> bool {
    let is_other = !state.is_self(&state.settings.nickname);
    state.is_ready() && !state.rules.is_bound && is_other && !is_called_by_account(state)
}

/// Whether the server calls everybody by their account, as Ergo does: no other nick is to be had there.
fn is_called_by_account(state: &State) -> bool {
    let account = state.login.account.as_ref();
    state.regain.is_given && account.is_some_and(|account| state.is_self(account))
}

/// The link is good.
pub(crate) fn ready(state: &mut State, now: Millis) {
    state.regain.is_asked = false;
    state.regain.at = now + REGAIN_MS;
    state.regain.verb = None;
    state.regain.given_until = 0;
    if is_missing(state) && state.rules.watched_max > 0 {
        watch(state, "+");
    }
    if state.greeting.nicks_refused > 0 {
        // Somebody has it.
        ask_services(state, now);
    }
}

/// Asks services for it, once on each link, where they know that we are who we say.
pub(crate) fn ask_services(state: &mut State, now: Millis) {
    let is_known = state.login.account.is_some() && !state.has(Capability::Device);
    let may = is_known && !state.settings.login.leaves_nick && !state.regain.is_outdone;
    if may && is_missing(state) && state.regain.verb.is_none() {
        say(state, 0, now);
    }
}

fn say(state: &mut State, verb: usize, now: Millis) {
    let Some(word) = VERBS.get(verb) else {
        return;
    };
    state.regain.verb = Some(verb);
    // By GHOST it only becomes free.
    state.regain.given_until = if *word == "GHOST" { 0 } else { now + GIVEN_MS };
    let text = format!("{word} {}", state.settings.nickname);
    state.send(|line| {
        line.command("PRIVMSG").param(SERVICES).trailing(&text);
    });
}

/// Services answer; whether it was only that they do not know the word.
pub(crate) fn answered(state: &mut State, line: &Line<'_>) -> bool {
    let Some(verb) = state.regain.verb.filter(|_| is_missing(state)) else {
        return false;
    };
    let text = line.last().to_lowercase();
    let is_theirs = line.nick().eq_ignore_ascii_case(SERVICES);
    let is_unknown = is_theirs && UNKNOWN.iter().any(|known| text.contains(known));
    if is_unknown {
        say(state, verb + 1, line.now);
    }
    is_unknown
}

/// Whether this is what we said to services, which nobody wrote.
pub(crate) fn is_ours(state: &State, target: &str, text: &str) -> bool {
    let word = state.regain.verb.and_then(|verb| VERBS.get(verb));
    let rest = word.and_then(|word| text.strip_prefix(word));
    target.eq_ignore_ascii_case(SERVICES)
        && rest.is_some_and(|rest| rest.trim() == state.settings.nickname)
}

/// The link ended with these words.
pub(crate) fn ended(state: &mut State, words: &str) {
    let words = words.to_lowercase();
    let is_it = VERBS
        .iter()
        .any(|verb| words.contains(&format!("{}{TAKEN_BACK}", verb.to_lowercase())));
    state.regain.is_outdone |= is_it;
}

/// Asks the server to tell when somebody with our nick goes, or no longer to.
fn watch(state: &mut State, sign: &str) {
    let wanted = state.settings.nickname.clone();
    state.send(|line| {
        line.command("MONITOR").param(sign).param(&wanted);
    });
}

/// Somebody has this nick no longer.
pub(crate) fn freed(state: &mut State, nick: &str, now: Millis) {
    let is_it = state.rules.same(nick, &state.settings.nickname);
    if !is_missing(state) || !is_it || state.regain.at == Millis::MAX {
        return;
    }
    if now < state.regain.given_until {
        state.regain.at = state.regain.given_until;
    } else {
        ask(state);
    }
}

/// We have another nick.
pub(crate) fn renamed(state: &mut State) {
    if state.is_ready() && !is_missing(state) && state.rules.watched_max > 0 {
        watch(state, "-");
    }
}

fn ask(state: &mut State) {
    state.regain.is_asked = true;
    let wanted = state.settings.nickname.clone();
    state.send(|line| {
        line.command("NICK").param(&wanted);
    });
}

/// `FAIL NICK <code> <nick> :…`; whether it is about what nobody asked for by hand: the nick is another account's.
pub(crate) fn refused(state: &mut State, line: &Line<'_>) -> bool {
    let is_ours = line.param(0) == "NICK" && state.nick_asked.is_none() && state.is_ready();
    let is_it = is_ours && std::mem::take(&mut state.regain.is_asked);
    if is_it {
        give_up(state);
    }
    is_it
}

/// The server will not give it to us, whoever has it.
pub(crate) fn give_up(state: &mut State) {
    state.regain.at = Millis::MAX;
}

/// When to ask again.
pub(crate) fn deadline(state: &State) -> Option<Millis> {
    let is_soon = state.regain.at <= state.since + ASKED_MS;
    (is_missing(state) && is_soon).then_some(state.regain.at)
}

/// Time has passed.
pub(crate) fn tick(state: &mut State, now: Millis) {
    if deadline(state).is_some_and(|at| now >= at) {
        state.regain.at = now + REGAIN_MS;
        ask(state);
    }
}
