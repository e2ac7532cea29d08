//! Our account and its devices: what is asked about them, and what a person is told of the answers.
//! It must never show a password.

use protocol::{Capability, LineWriter};

use crate::login::{Mechanism, Secret};
use crate::session::command::Account;
use crate::session::event::{Event, Millis, Severity, Subject};
use crate::session::login;
use crate::session::state::{Line, Phase, State};

/// Characters of a fingerprint that are shown: enough to tell a person's devices apart.
const FINGERPRINT_SHOWN: usize = 12;

/// Asks for something.
pub(crate) fn ask(state: &mut State, what: Account, now: Millis) {
    match what {
        Account::Login { account, password } => login::log_in(state, account, password),
        Account::Register { password, email } => {
            let email = email.unwrap_or_else(|| "*".to_owned());
            secret(state, &["REGISTER", "*", &email], &password, now);
            state.login.registering = Some(password);
        }
        Account::Verify { code } => {
            let nick = state.nick.clone();
            send(state, &["VERIFY", &nick, &code]);
        }
        Account::Password { old, new } => {
            let old = old.map_or_else(|| "*".to_owned(), |old| old.0);
            secret(state, &["PASSWD", &old], &new, now);
        }
        Account::Oper { name, password } => secret(state, &["OPER", &name], &password, now),
        Account::Erase { account } => erase(state, account.as_deref(), now),
        other if !state.has(Capability::Device) => {
            let text = "This server tells no devices apart on this link. A parlord does over TLS, to which this machine \
                        shows its key; /login logs in with a password.";
            state.notice(Severity::Error, None, text.to_owned(), now);
            drop(other);
        }
        Account::MakeCode => send(state, &["DEVICE", "CODE"]),
        Account::AddDevice { account, code } => {
            let account = account.unwrap_or_else(|| state.settings.nickname.clone());
            send(state, &["DEVICE", "ADD", &account, &code.0]);
        }
        Account::Devices => send(state, &["DEVICE", "LIST"]),
        Account::RemoveDevice { fingerprint } => {
            send(state, &["DEVICE", "REMOVE", &fingerprint]);
        }
    }
}

fn send(state: &mut State, words: &[&str]) {
    state.send(|line| write(line, words));
}

/// A command and what it takes.
fn write(line: &mut LineWriter<'_>, words: &[&str]) {
    let mut words = words.iter();
    if let Some(command) = words.next() {
        line.command(command);
    }
    for word in words {
        line.param(word);
    }
}

/// A line that ends with a password, which goes only where nobody can listen.
fn secret(state: &mut State, words: &[&str], password: &Secret, now: Millis) {
    if !state.wire.is_private() {
        let text = "The link is not encrypted: your password was not sent.";
        return state.notice(Severity::Error, None, text.to_owned(), now);
    }
    state.send(|line| {
        write(line, words);
        line.trailing(&password.0);
    });
}

/// The name is the confirmation: the server does nothing without it.
fn erase(state: &mut State, account: Option<&str>, now: Millis) {
    if let Some(account) = account {
        return send(state, &["ERASE", account]);
    }
    let text = match &state.login.account {
        None => {
            "Only what was said under an account can be erased whole, and you are in none here."
                .to_owned()
        }
        Some(account) => format!(
            "This closes your account {account} for ever and erases all that you said under it, in every room and \
             conversation here. Whoever runs the server can give you a copy before (parlord account export {account}); \
             /clear kept empties this machine. To do it: /erase {account}"
        ),
    };
    state.notice(Severity::Error, None, text, now);
}

/// A row of an answer, in the open window.
fn listed(state: &mut State, text: String) {
    state.emit(Event::Listed {
        subject: Subject::Whois,
        window: None,
        text,
    });
}

/// `DEVICE ADDED|CODE|ITEM|END|REMOVED …`
pub(crate) fn device(state: &mut State, line: &Line<'_>) {
    match line.param(0) {
        "ADDED" => added(state, line),
        "CODE" => {
            let minutes = line.param(3).parse::<u64>().unwrap_or(600) / 60;
            let text = format!(
                "On the other machine, within {minutes} minutes: /device {} {}  (it works once)",
                line.param(1),
                line.param(2)
            );
            listed(state, text);
        }
        "ITEM" => {
            let day = |stamp: &str| stamp.split('T').next().unwrap_or_default().to_owned();
            let own = if line.last().is_empty() {
                ""
            } else {
                ", this one"
            };
            let text = format!(
                "{}  since {}, last here {}{own}",
                shown(line.param(1)),
                day(line.param(2)),
                day(line.param(3))
            );
            listed(state, text);
        }
        "END" => listed(state, "/device remove BEGINNING takes one back.".to_owned()),
        "REMOVED" => {
            let text = format!("{} logs in no longer.", shown(line.param(1)));
            listed(state, text);
        }
        _ => {}
    }
}

fn shown(fingerprint: &str) -> &str {
    protocol::write::clip(fingerprint, FINGERPRINT_SHOWN)
}

fn added(state: &mut State, line: &Line<'_>) {
    let account = line.param(1).to_owned();
    let text = if std::mem::take(&mut state.login.is_claiming) {
        format!(
            "The nick {account} is yours here: this machine's key is its name. /device adds another machine, \
             /password sets a password for the day on which this one is lost."
        )
    } else {
        format!("This machine is known as one of {account}'s from now on.")
    };
    state.notice(Severity::Info, None, text, line.at);
    let is_other = state.is_ready() && !state.rules.same(&account, &state.nick);
    if is_other && state.rules.same(&account, &state.settings.nickname) {
        // Whoever is here under that nick is ourselves on another device: a new link joins them.
        state.close = Some(format!("coming back as {account}"));
    }
    if state.login.exchange.is_none() {
        login::done(state);
    }
}

/// `FAIL DEVICE <code> … :<words>`; whether that was about keeping our nick, and is told.
pub(crate) fn device_refused(state: &mut State, line: &Line<'_>) -> bool {
    if !state.login.is_busy || !std::mem::take(&mut state.login.is_claiming) {
        return false;
    }
    let nick = state.settings.nickname.clone();
    let words = line.last().trim_end_matches('.');
    let is_early = state.phase == Phase::Greeting;
    let text = match line.param(1) {
        "COMPLETE_CONNECTION_REQUIRED" if is_early => {
            // An invite, for one, is looked at only when everything else is right.
            state.login.claims_later = true;
            login::done(state);
            return true;
        }
        "ACCOUNT_EXISTS" if state.closed_account.as_ref() == Some(&nick) => format!(
            "The nick {nick} was that of the account you closed, and you are a guest. /set nickname NAME gives you another, \
             which is kept for you from the next start on."
        ),
        "ACCOUNT_EXISTS" => format!(
            "The nick {nick} is somebody else's here. If that is you on another machine, /device there shows a code \
             for here."
        ),
        "TEMPORARILY_UNAVAILABLE" => {
            format!("The nick {nick} is not kept for you yet ({words}); the next link asks again.")
        }
        _ => format!("The nick {nick} cannot be kept for you: {words}."),
    };
    state.notice(Severity::Error, None, text, line.at);
    login::done(state);
    true
}

/// `REGISTER|VERIFY SUCCESS|VERIFICATION_REQUIRED <account> :<words>`
pub(crate) fn registered(state: &mut State, line: &Line<'_>) {
    let account = line.param(1);
    let is_made = line.param(0) == "SUCCESS";
    let is_remembered = is_made && remember(state, account);
    let text = if !is_made {
        format!(
            "{}. /verify CODE finishes the account {account}.",
            line.last()
        )
    } else if is_remembered && !(state.has(Capability::Device) && state.wire.has_key) {
        format!(
            "The account {account} is yours, and parlor logs in to it until you quit. At the next start /login {account} \
             does; or /set account {account}, and password_command in the config for the password."
        )
    } else {
        format!("The account {account} is yours.")
    };
    if is_remembered && state.has(Capability::Device) && state.wire.has_key {
        // At the next start this machine's key logs in.
        login::add_device(state);
    }
    listed(state, text);
}

/// An account is made: the next link logs in to it, by the password that made it; whether there is one.
fn remember(state: &mut State, account: &str) -> bool {
    let Some(password) = state.login.registering.take() else {
        return false;
    };
    let login = &mut state.settings.login;
    account.clone_into(&mut login.account);
    login.password = password;
    if login.mechanism == Mechanism::None {
        login.mechanism = Mechanism::Auto;
    }
    true
}

/// `PASSWD SUCCESS <account> :<words>`
pub(crate) fn password(state: &mut State, line: &Line<'_>) {
    let text = format!("The password of {} is changed.", line.param(1));
    listed(state, text);
}

/// `ERASE SUCCESS <account> :<words>`
pub(crate) fn erased(state: &mut State, line: &Line<'_>) {
    let account = line.param(1);
    let text = format!(
        "The account {account} is closed, and what you said under it is being erased. The server ends this link; parlor \
         comes back as a guest, under another nick, because nobody gets this one again."
    );
    state.closed_account = Some(account.to_owned());
    listed(state, text);
}
