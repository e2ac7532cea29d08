//! Logging in (IRCv3 sasl 3.2): which ways are tried, what the server says to them, and what a person is told.
//! It must never try a weaker way because a stronger one failed: whoever listens could have made it fail.

use base64ct::{Base64, Encoding};
use protocol::Capability;

use crate::login::{Key, Mechanism, Secret};
use crate::session::event::{Millis, Severity};
use crate::session::sasl::{Exchange, Way};
use crate::session::scram::Trouble;
use crate::session::state::{Line, State};

/// Bytes of base64 in one line; exactly so many say that more comes.
const CHUNK_BYTES: usize = 400;
/// Most bytes of base64 in one message of the server's.
const MESSAGE_BYTES_MAX: usize = 8 * CHUNK_BYTES;
/// How long after a login our nick is asked for where machines become known, too.
const REGAIN_MS: Millis = 2_000;

/// Whether we have anything to log in with.
pub(crate) fn is_wanted(state: &State) -> bool {
    let login = &state.settings.login;
    let has_any = !login.password.0.is_empty() || state.wire.has_key;
    has_any && !matches!(login.mechanism, Mechanism::None | Mechanism::NickServ)
}

/// Tries to log in, where the server can and that was not tried on this link.
pub(crate) fn begin(state: &mut State) {
    if state.login.has_begun || !is_wanted(state) {
        return;
    }
    if !state.has(Capability::Sasl) {
        let login = &state.settings.login;
        if !login.password.0.is_empty() && login.mechanism != Mechanism::NickServ {
            let text = "This server offers no login, so that your password was not used; where NickServ keeps \
                        accounts, mechanism = \"nickserv\" in the config logs in there.";
            tell(state, text.to_owned());
        }
        return;
    }
    start(state);
}

/// Tries the ways there are, from the beginning.
pub(crate) fn start(state: &mut State) {
    state.login.has_begun = true;
    let ways = ways(state);
    if ways.is_empty() && !state.settings.login.password.0.is_empty() {
        let known = state.login.known.as_ref().map(|known| known.join(", "));
        let known = known.unwrap_or_else(|| "none by name".to_owned());
        let text = format!(
            "Not logged in: none of the ways this server offers ({known}) is one that we may take over this link."
        );
        tell(state, text);
    }
    state.login.queue = ways.into();
    next(state);
}

/// The ways that we have what it takes for, that the server knows, and that are safe on this wire; the best first.
fn ways(state: &State) -> Vec<Way> {
    let login = &state.settings.login;
    let (wire, progress) = (state.wire, &state.login);
    let has_password = !login.password.0.is_empty();
    let is_key_chosen = matches!(login.key, Key::File(_));
    let ways: &[Way] = match login.mechanism {
        Mechanism::None | Mechanism::NickServ => &[],
        Mechanism::External => &[Way::External],
        Mechanism::Scram => &[Way::Scram],
        Mechanism::Plain => &[Way::Plain],
        // A key that parlor made is known only to servers that keep such keys; others would note a failed login.
        Mechanism::Auto if is_key_chosen || state.has(Capability::Device) => {
            &[Way::External, Way::Scram, Way::Plain]
        }
        Mechanism::Auto => &[Way::Scram, Way::Plain],
    };
    let is_good = |way: &&Way| match way {
        Way::External => wire.has_key,
        Way::Scram => has_password,
        // The password itself is sent only where there has never been anything better.
        Way::Plain => {
            let has_better = login.mechanism == Mechanism::Auto && progress.has_met_scram;
            has_password && wire.is_private() && !has_better
        }
    };
    let mut ways: Vec<Way> = ways.iter().filter(is_good).copied().collect();
    ways.retain(|way| progress.knows(*way));
    if progress.known.is_none() && ways.contains(&Way::Scram) {
        // The server does not say what it knows; PLAIN comes later, if it says that it knows no better.
        ways.retain(|way| *way != Way::Plain);
    }
    ways
}

fn next(state: &mut State) {
    state.login.gathered.clear();
    let Some(way) = state.login.queue.pop_front() else {
        return finish(state);
    };
    let login = &state.settings.login;
    let is_named = !login.account.is_empty();
    let account = if is_named {
        &login.account
    } else {
        &state.settings.nickname
    };
    let whose = (account.clone(), is_named);
    state.login.count += 1;
    let nonce = format!(
        "{}{}",
        Base64::encode_string(&state.wire.random),
        state.login.count
    );
    let exchange = Exchange::new(way, whose, login.password.clone(), nonce);
    state.login.exchange = Some(exchange);
    state.login.is_busy = true;
    send(state, way.name());
}

/// No way is left to be tried on this link.
fn finish(state: &mut State) {
    state.login.exchange = None;
    if may_claim(state) {
        return claim(state);
    }
    if state.login.came_by_password && state.wire.has_key && state.has(Capability::Device) {
        // The password is the way back for who has lost a key: the new one is known from now on.
        state.login.came_by_password = false;
        add_device(state);
    }
    done(state);
}

/// Whether the nick is to be kept for our key: nobody is logged in, no account was named, and the server keeps such
/// names.
fn may_claim(state: &State) -> bool {
    let (login, progress) = (&state.settings.login, &state.login);
    progress.takes_keys
        && state.wire.has_key
        && state.has(Capability::Device)
        && !progress.is_claiming
        && progress.account.is_none()
        && login.account.is_empty()
        && login.password.0.is_empty()
        && !state.greeting.is_ended
        && has_own_nick(state)
}

/// A nick that we had to take instead of ours is not ours to keep: it would be the key's name for good.
fn has_own_nick(state: &State) -> bool {
    state.rules.same(&state.nick, &state.settings.nickname)
}

fn claim(state: &mut State) {
    state.login.is_claiming = true;
    state.login.is_busy = true;
    add_device(state);
}

/// We are welcome, which the server wanted first.
pub(crate) fn welcomed(state: &mut State) {
    let is_due = std::mem::take(&mut state.login.claims_later);
    if is_due && has_own_nick(state) && state.login.account.is_none() {
        claim(state);
    }
}

/// Has the key of this machine known as one of the account's.
pub(crate) fn add_device(state: &mut State) {
    state.send(|line| {
        line.command("DEVICE").param("ADD");
    });
}

/// The greeting need not wait for the login any longer.
pub(crate) fn done(state: &mut State) {
    state.login.is_busy = false;
    state.end_greeting();
}

fn send(state: &mut State, word: &str) {
    state.send(|line| {
        line.command("AUTHENTICATE").param(word);
    });
}

/// `AUTHENTICATE +|<base64>`
pub(crate) fn authenticate(state: &mut State, line: &Line<'_>) {
    let chunk = line.param(0);
    let Some(exchange) = &mut state.login.exchange else {
        return;
    };
    if chunk.len() > CHUNK_BYTES || state.login.gathered.len() + chunk.len() > MESSAGE_BYTES_MAX {
        return give_up(state, Trouble::Garbled, line.at);
    }
    if chunk != "+" {
        state.login.gathered.push_str(chunk);
    }
    if chunk.len() == CHUNK_BYTES {
        return;
    }
    let whole = std::mem::take(&mut state.login.gathered);
    let answer = Base64::decode_vec(&whole)
        .map_err(|_| Trouble::Garbled)
        .and_then(|message| exchange.hear(&message));
    match answer {
        Ok(answer) => say(state, &answer),
        Err(trouble) => give_up(state, trouble, line.at),
    }
}

/// Sends a message, in lines of which a shorter one is the last.
fn say(state: &mut State, message: &[u8]) {
    let text = Base64::encode_string(message);
    let mut rest = text.as_str();
    loop {
        let chunk = protocol::write::clip(rest, CHUNK_BYTES);
        send(state, if chunk.is_empty() { "+" } else { chunk });
        rest = rest.get(chunk.len()..).unwrap_or_default();
        if rest.is_empty() && chunk.len() < CHUNK_BYTES {
            return;
        }
    }
}

fn give_up(state: &mut State, trouble: Trouble, at: Millis) {
    match trouble {
        Trouble::Impostor => impostor(state),
        Trouble::Garbled => {
            state.login.queue.clear();
            let text = "Not logged in: what the server says about it makes no sense.";
            state.notice(Severity::Error, None, text.to_owned(), at);
            // It answers with 906, and the exchange ends there.
            send(state, "*");
        }
    }
}

/// A server that does not know the password, or believes us without a proof, is not the one we have the account at.
fn impostor(state: &mut State) {
    state.login.exchange = None;
    let reason = "This server could not prove that it knows your password, so that it may be another than it says. \
                  Nothing more is sent to it; ask its owner, and if you are sure, log in anew";
    state.refuse_link(reason.to_owned());
}

/// `900 <me> <mask> <account> :You are now logged in as …`
pub(crate) fn logged_in(state: &mut State, line: &Line<'_>) {
    let account = line.param(2).to_owned();
    let is_proven = state
        .login
        .exchange
        .as_ref()
        .is_none_or(Exchange::is_proven);
    if is_proven && state.login.account.as_ref() != Some(&account) {
        let text = format!("You are logged in as {account}.");
        state.notice(Severity::Info, None, text, line.at);
        state.login.account = Some(account);
        enter_closed(state);
    }
    state.login.is_awaited_until = state.login.is_awaited_until.map(|_| 0);
    // Whoever keeps our nick for us gives it to us now; where this machine becomes known, a new link has it anyway.
    state.regain.at = if state.has(Capability::Device) {
        line.now + REGAIN_MS
    } else {
        0
    };
}

/// Rooms that wanted an account let us in now.
fn enter_closed(state: &mut State) {
    if !state.is_ready() {
        return;
    }
    for room in state.rooms.take_closed() {
        state.send(|line| {
            line.command("JOIN").param(&room);
        });
    }
}

/// `901 <me> <mask> :You are now logged out`
pub(crate) fn logged_out(state: &mut State, line: &Line<'_>) {
    state.login.account = None;
    let text = "You are logged out: you are a guest now.";
    state.notice(Severity::Info, None, text.to_owned(), line.at);
}

/// `907 <me> :…`: we are logged in already.
pub(crate) fn already(state: &mut State, _: &Line<'_>) {
    state.login.queue.clear();
    if state.login.exchange.take().is_some() {
        finish(state);
    }
}

/// `903 <me> :…`
pub(crate) fn succeeded(state: &mut State, _: &Line<'_>) {
    match &state.login.exchange {
        Some(exchange) if !exchange.is_proven() => impostor(state),
        Some(exchange) => {
            state.login.came_by_password = exchange.way != Way::External;
            state.login.queue.clear();
            finish(state);
        }
        None => {}
    }
}

/// `902`, `904`, `905`, `906 <me> :…`
pub(crate) fn failed(state: &mut State, line: &Line<'_>) {
    let is_unknown = std::mem::take(&mut state.login.is_unknown);
    let Some(exchange) = state.login.exchange.take() else {
        return;
    };
    let words = match line.last().trim_end_matches('.') {
        // As solanum and InspIRCd say it.
        "SASL authentication failed" => "the account or the password is not the right one",
        words => words,
    };
    let account = &exchange.account;
    let is_last = state.login.queue.is_empty();
    let text = match exchange.way {
        // Something else follows, and tells more; or nobody asked for it.
        Way::External if !is_last || !exchange.is_named => None,
        Way::External => Some(format!("Your key does not log in here: {words}.")),
        Way::Scram | Way::Plain if line.msg.numeric() == Some(906) => None,
        // The next one is of those that the server knows.
        Way::Scram | Way::Plain if is_unknown && !is_last => None,
        Way::Scram | Way::Plain => Some(format!(
            "Not logged in as {account}: {words}. Perhaps the password is another; you are a guest for now, and /login tries again."
        )),
    };
    if is_last && comes_too_late(state, &exchange) {
        // Whether the password is right is seen in the greeting of the next link.
        let reason = "this server takes a login only at the beginning of a link; it is tried now";
        state.close = Some(format!("{reason}, as {account}"));
        return;
    }
    if let Some(text) = text {
        state.notice(Severity::Error, None, text, line.at);
    }
    if exchange.way != Way::External {
        // What failed may have been made to fail: nothing weaker follows, and the password is not tried twice.
        state.login.queue.retain(|way| {
            exchange.way == Way::Scram && *way == Way::Plain && !exchange.has_begun()
        });
    }
    next(state);
}

/// Whether the server did not even let it begin, now that we are in: Ergo takes logins only in the greeting.
fn comes_too_late(state: &State, exchange: &Exchange) -> bool {
    state.login.is_asked_for
        && state.is_ready()
        && exchange.way != Way::External
        && !exchange.has_begun()
}

/// The user logs in, or as somebody else.
pub(crate) fn log_in(state: &mut State, account: Option<String>, password: Secret) {
    let login = &mut state.settings.login;
    login.account = account.unwrap_or_else(|| login.account.clone());
    login.password = password;
    if login.mechanism == Mechanism::None {
        login.mechanism = Mechanism::Auto;
    }
    state.login.has_begun = false;
    state.login.is_asked_for = true;
    if state.greeting.offered.has(Capability::Sasl) && !state.has(Capability::Sasl) {
        state.greeting.requests += 1;
        return state.send(|line| {
            line.command("CAP").param("REQ").trailing("sasl");
        });
    }
    begin(state);
}

/// `908 <me> <ways> :are available SASL mechanisms`: the way we asked for is none of these.
pub(crate) fn known(state: &mut State, line: &Line<'_>) {
    let was_silent = state.login.known.is_none();
    state.login.learn(line.param(1));
    let has_begun = state
        .login
        .exchange
        .as_ref()
        .is_some_and(Exchange::has_begun);
    let way = state.login.exchange.as_ref().map(|exchange| exchange.way);
    if !has_begun {
        state.login.is_unknown = way.is_some_and(|way| !state.login.knows(way));
    }
    if was_silent && !has_begun {
        state.login.queue = ways(state).into();
    }
}

fn tell(state: &mut State, text: String) {
    state.notice(Severity::Error, None, text, 0);
}
