//! A password that is asked for: it goes to the session, and nowhere else.
//! It must never look at cells.

use crate::effect::Effect;
use crate::login::Secret;
use crate::msg::Msg;
use crate::session::command::{Account, Command};
use crate::stage::shelf::Shelf;
use crate::stage::{Stage, ada};

fn secret(text: &str) -> Secret {
    Secret(text.to_owned())
}

/// What was asked of the session about the account.
fn asked(stage: &mut Stage) -> Vec<Account> {
    let sent = stage
        .sent()
        .into_iter()
        .filter_map(|command| match command {
            Command::Account(what) => Some(what),
            _ => None,
        });
    sent.collect()
}

#[test]
fn a_login_asks_for_its_password() {
    let mut stage = Stage::in_lobby();
    stage.keys("/login<enter>");
    stage.keys("<enter>horseshoe<backspace><ctrl-u>horse shoes<backspace><enter>");
    let (account, password) = (None, secret("horse shoe"));
    assert_eq!(asked(&mut stage), [Account::Login { account, password }]);
    assert_eq!(stage.model.overlay, None);
    stage.keys("/login grace<enter>");
    stage.tell(Msg::Pasted("from a manager\n".to_owned()));
    stage.keys("<enter>");
    let (account, password) = (Some("grace".to_owned()), secret("from a manager"));
    assert_eq!(asked(&mut stage), [Account::Login { account, password }]);
    stage.keys("/login<enter>never mind<esc>");
    assert_eq!(asked(&mut stage), []);
}

#[test]
fn a_new_password_is_asked_for_twice() {
    let mut stage = Stage::in_lobby();
    stage.keys("/register ada@example.org<enter>one<enter>two<enter>");
    assert_eq!(asked(&mut stage), [], "they differ");
    stage.keys("three<enter>three<enter>");
    let what = Account::Register {
        password: secret("three"),
        email: Some("ada@example.org".to_owned()),
    };
    assert_eq!(asked(&mut stage), [what]);
    for (keys, old) in [("three<enter>", Some(secret("three"))), ("<enter>", None)] {
        stage.keys("/password<enter>");
        stage.keys(keys);
        stage.keys("four<enter>four<enter>");
        let new = secret("four");
        assert_eq!(asked(&mut stage), [Account::Password { old, new }]);
    }
}

#[test]
fn what_is_typed_there_is_in_no_list_no_store_and_no_debug_form() {
    let settings = ada();
    let mut stage = Stage::keeping(settings, Shelf::new());
    stage.connect(true);
    stage.enter("#lobby", &[("ada", "")]);
    stage.keys("/password<enter>hunter1<enter>hunter2<ctrl-w><ctrl-y><ctrl-z>hunter2");
    let told = format!("{:?}{:?}", stage.model, stage.effects);
    assert!(!told.contains("hunter"), "it is in the value of the screen");
    stage.keys("<ctrl-w><enter><esc><ctrl-y><up>");
    let told = format!("{:?}{:?}", stage.model, stage.effects);
    assert!(!told.contains("hunter"), "it is left behind");
    assert_eq!(stage.model.here().unwrap().input.text(), "");
    let typing = |effect: &Effect| matches!(effect, Effect::Send(_, Command::Typing { .. }));
    assert!(!stage.effects.iter().any(typing));
}
