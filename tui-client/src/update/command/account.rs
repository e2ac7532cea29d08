//! Commands about our account and its devices.
//! They must never put a password where it stays: not into the list of what was typed, nor onto the screen.

use crate::login::Secret;
use crate::model::asking::{Asking, Errand};
use crate::model::overlay::Overlay;
use crate::session::command::{Account, Command};
use crate::update::call::{Call, split};

fn send(call: Call<'_>, what: Account) {
    call.send(Command::Account(what));
}

fn secret(word: &str) -> Secret {
    Secret(word.to_owned())
}

/// Asks for what nobody should see typed.
fn ask(call: Call<'_>, errand: Errand) {
    let asking = Asking::new(errand, call.model.on());
    call.model.overlay = Some(Overlay::Asking(asking));
}

/// `/device`, on the first machine and on the second one.
pub fn device(call: Call<'_>) {
    let what = match split(call.rest) {
        ("", _) => Account::MakeCode,
        ("list", "") => Account::Devices,
        ("remove", "") => return call.usage(),
        ("remove", fingerprint) => Account::RemoveDevice {
            fingerprint: split(fingerprint).0.to_owned(),
        },
        (code, "") => Account::AddDevice {
            account: None,
            code: secret(code),
        },
        (account, code) => Account::AddDevice {
            account: Some(account.to_owned()),
            code: secret(split(code).0),
        },
    };
    send(call, what);
}

/// `/login`
pub fn login(call: Call<'_>) {
    let (account, password) = split(call.rest);
    let account = (!account.is_empty()).then(|| account.to_owned());
    if password.is_empty() {
        return ask(call, Errand::Login { account });
    }
    let password = secret(password);
    send(call, Account::Login { account, password });
}

/// `/oper`
pub fn oper(call: Call<'_>) {
    let (name, password) = split(call.rest);
    if name.is_empty() {
        return call.usage();
    }
    let name = name.to_owned();
    if password.is_empty() {
        return ask(call, Errand::Oper { name });
    }
    let password = secret(password);
    send(call, Account::Oper { name, password });
}

/// `/password`
pub fn password(call: Call<'_>) {
    let (old, new) = match split(call.rest) {
        ("", _) => return ask(call, Errand::Password),
        (new, "") => (None, secret(new)),
        (old, new) => (Some(secret(old)), secret(new)),
    };
    send(call, Account::Password { old, new });
}

/// `/erase`
pub fn erase(call: Call<'_>) {
    let (account, _) = split(call.rest);
    let account = (!account.is_empty()).then(|| account.to_owned());
    send(call, Account::Erase { account });
}

/// `/register`
pub fn register(call: Call<'_>) {
    let (password, email) = match split(call.rest) {
        (email, "") if email.is_empty() || email.contains('@') => ("", email),
        given => given,
    };
    let email = (!email.is_empty()).then(|| split(email).0.to_owned());
    if password.is_empty() {
        return ask(call, Errand::Register { email });
    }
    let password = secret(password);
    send(call, Account::Register { password, email });
}
