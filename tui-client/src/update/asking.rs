//! Keys while a password is asked for, and what is done with it then.
//! It must never let a key through to a line that is kept, nor put what is cut where it could be had again.

use crate::action::Action;
use crate::effect::Effect;
use crate::model::Model;
use crate::model::asking::{Asking, Errand};
use crate::model::overlay::Overlay;
use crate::session::command::{Account, Command};

/// Takes a key.
pub fn key(
    model: &mut Model,
    effects: &mut Vec<Effect>,
    mut asking: Asking,
    action: Option<Action>,
    typed: Option<char>,
) {
    match (action, typed) {
        (_, Some(char)) => asking.typed.insert(char.encode_utf8(&mut [0; 4])),
        (Some(Action::DeleteBack), _) => asking.typed.delete(),
        (Some(Action::KillToStart | Action::KillWordBack), _) => asking.typed.clear(),
        (Some(Action::Send | Action::Next), _) => asking.go_on(),
        (Some(Action::Quit), _) => return,
        _ => {}
    }
    match done(&mut asking) {
        Some(what) => effects.push(Effect::Send(asking.on, Command::Account(what))),
        None => model.overlay = Some(Overlay::Asking(asking)),
    }
}

/// What the answers make, once all are there.
fn done(asking: &mut Asking) -> Option<Account> {
    let mut given = asking.take()?.into_iter();
    let first = given.next()?;
    Some(match &asking.errand {
        Errand::Login { account } => Account::Login {
            account: account.clone(),
            password: first,
        },
        Errand::Register { email } => Account::Register {
            password: first,
            email: email.clone(),
        },
        Errand::Oper { name } => Account::Oper {
            name: name.clone(),
            password: first,
        },
        Errand::Password => Account::Password {
            old: (!first.0.is_empty()).then_some(first),
            new: given.next()?,
        },
    })
}
