//! Tests of making and changing accounts.

use super::*;

fn verify(world: &World, code: &str) -> String {
    verify_from(world, "203.0.113.1", code)
}

fn verify_from(world: &World, address: &str, code: &str) -> String {
    world.ask(AccountsRequest::VerifyCode {
        account: "ada".into(),
        code: code.into(),
        address: address.parse().unwrap(),
    })
}

fn look(world: &World, name: &str) -> String {
    world.ask(AccountsRequest::Look {
        account: name.into(),
    })
}

#[test]
fn registration() {
    let world = world(false);
    assert_eq!(look(&world, "ada"), "known ");
    assert_eq!(world.register("Ada", "sesame"), "registered Ada");
    assert_eq!(look(&world, "aDA"), "known Ada");
    assert_eq!(world.register("ADA", "open sesame"), "ACCOUNT_EXISTS");
    assert_eq!(world.register("no nick", "sesame"), "BAD_ACCOUNT_NAME");
    assert_eq!(
        world.register(&"x".repeat(33), "sesame"),
        "BAD_ACCOUNT_NAME"
    );
    assert_eq!(world.register("bob", ""), "WEAK_PASSWORD");
    assert_eq!(world.register("bob", "fünf5"), "WEAK_PASSWORD");
    assert_eq!(
        world.register("bob", &"x".repeat(1025)),
        "UNACCEPTABLE_PASSWORD"
    );
    assert_eq!(
        world.register_with("bob", "sesame", Some("bob")),
        "INVALID_EMAIL"
    );
    assert_eq!(
        world.register_with("bob", "sesame", Some("b@b.c")),
        "registered bob"
    );
}

#[test]
fn an_account_is_finished_by_its_code() {
    let world = world(true);
    assert_eq!(world.register("Ada", "sesame"), "INVALID_EMAIL");
    assert_eq!(
        world.register_with("Ada", "sesame", Some("a@bad")),
        "UNACCEPTABLE_EMAIL"
    );
    assert_eq!(
        world.register_with("Ada", "sesame", Some("a@b.c")),
        "verify Ada"
    );
    let mail = lock(&world.mail).pop().unwrap();
    let code = mail.strip_prefix("a@b.c Ada ").unwrap();
    assert_eq!(
        world.desk.waiting_code("ada").unwrap().as_deref(),
        Some(code)
    );
    // Until then it is nobody's, and nobody else's.
    assert_eq!(world.plain("ada", "sesame"), WRONG);
    assert_eq!(look(&world, "ada"), "known ");
    assert_eq!(
        world.register_with("ada", "open sesame", Some("e@v.il")),
        "ACCOUNT_EXISTS"
    );
    assert_eq!(verify(&world, "wrong"), "INVALID_CODE");
    assert_eq!(
        verify(&world, &format!(" {} ", code.to_uppercase())),
        "registered Ada"
    );
    assert_eq!(verify(&world, code), "INVALID_CODE");
    assert_eq!(world.plain("ada", "sesame"), "in Ada");
}

#[test]
fn a_code_holds_for_a_day() {
    let world = world(true);
    let register = || world.register_with("ada", "sesame", Some("a@b.c"));
    assert_eq!(register(), "verify ada");
    world.pass(25 * 3_600_000);
    assert_eq!(register(), "verify ada");
    let code = world.desk.waiting_code("ada").unwrap().unwrap();
    world.pass(25 * 3_600_000);
    assert_eq!(verify(&world, &code), "INVALID_CODE");
    assert_eq!(register(), "verify ada");
}

#[test]
fn wrong_codes_slow_their_giver_down_and_end_nobodys_account() {
    let world = world(true);
    assert_eq!(
        world.register_with("ada", "sesame", Some("a@b.c")),
        "verify ada"
    );
    let code = world.desk.waiting_code("ada").unwrap().unwrap();
    let guess = || verify_from(&world, "198.51.100.7", "wrong");
    for _ in 0..10 {
        assert_eq!(guess(), "INVALID_CODE");
    }
    for _ in 0..200 {
        assert_eq!(guess(), "TEMPORARILY_UNAVAILABLE");
    }
    // The guesser would have to wait even with the right one; its owner, who is elsewhere, would not.
    assert_eq!(
        verify_from(&world, "198.51.100.7", &code),
        "TEMPORARILY_UNAVAILABLE"
    );
    assert_eq!(verify(&world, &code), "registered ada");
}

#[test]
fn passwords_change() {
    let world = world(false);
    world.register("ada", "sesame");
    let set = |old: Option<&str>, new: &str| {
        world.ask(AccountsRequest::SetPassword {
            account: "ada".into(),
            old: old.map(|old| Secret(old.into())),
            new: Secret(new.into()),
        })
    };
    assert_eq!(set(Some("wrong"), "open sesame"), "WRONG_PASSWORD");
    assert_eq!(set(None, "open sesame"), "WRONG_PASSWORD");
    assert_eq!(set(Some("sesame"), ""), "WEAK_PASSWORD");
    assert_eq!(set(Some("sesame"), "open sesame"), "changed");
    assert_eq!(world.plain("ada", "sesame"), WRONG);
    assert_eq!(world.plain("ada", "open sesame"), "in ada");
    assert_eq!(
        world.desk.reset_password("ADA", b"thirdly"),
        AccountsReply::Changed
    );
    assert_eq!(world.plain("ada", "thirdly"), "in ada");
    for _ in 0..40 {
        set(Some("guess"), "mine");
    }
    assert_eq!(set(Some("thirdly"), "sesame"), "TEMPORARILY_UNAVAILABLE");
}
