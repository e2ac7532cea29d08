//! Tests of what is done between questions.

use server_core::News;

use super::*;

fn erase(world: &World, name: &str) -> String {
    world.ask(AccountsRequest::Erase {
        account: name.into(),
    })
}

#[test]
fn a_closed_account_lets_nobody_in_and_its_name_is_nobodys() {
    let world = world(false);
    world.register("Ada", "sesame");
    // Somebody is half-way in.
    let first = world.step("SCRAM-SHA-256", "n,,n=ada,r=abc");
    assert_eq!(erase(&world, "bob"), "ACCOUNT_REQUIRED");
    assert_eq!(erase(&world, "ada"), "closed ada");
    let proof = proof("ada", "sesame", &first);
    assert!(!world.step("SCRAM-SHA-256", &proof).starts_with("> v="));
    assert_eq!(world.plain("ada", "sesame"), WRONG);
    assert_eq!(world.register("ada", "another"), "ACCOUNT_EXISTS");
    assert_eq!(*world.desk.erasures().unwrap(), ["ada".into()]);
    world.desk.erased("ADA").unwrap();
    assert_eq!(*world.desk.erasures().unwrap(), []);
}

#[test]
fn who_is_half_way_in_with_an_old_password_is_not_let_in_by_it() {
    let world = world(false);
    world.register("ada", "sesame");
    let change = |old: &str, new: &str| {
        world.ask(AccountsRequest::SetPassword {
            account: "ada".into(),
            old: Some(Secret(old.into())),
            new: Secret(new.into()),
        })
    };
    let first = world.step("SCRAM-SHA-256", "n,,n=ada,r=abc");
    assert_eq!(change("sesame", "open sesame"), "changed");
    let answer = world.step("SCRAM-SHA-256", &proof("ada", "sesame", &first));
    assert!(!answer.starts_with("> v="), "{answer}");
    assert_eq!(*world.desk.news().unwrap(), [], "the core knows it already");
    // At the command line: who runs the server is told, once.
    world.desk.reset_password("ADA", b"thirdly");
    let account = "ada".into();
    assert_eq!(
        *world.desk.news().unwrap(),
        [News::PasswordChanged { account }]
    );
    assert_eq!(*world.desk.news().unwrap(), []);
}

#[test]
fn a_letter_that_no_relay_took_is_sent_at_the_next_start_while_its_code_holds() {
    let world = world(true);
    for name in ["ada", "bob"] {
        let email = format!("{name}@b.c");
        assert_eq!(
            world.register_with(name, "sesame", Some(&email)),
            format!("verify {name}")
        );
    }
    lock(&world.mail).clear();
    lock(&world.desk.book).letter_sent("Bob").unwrap();
    world.desk.send_letters_again().unwrap();
    let code = world.desk.waiting_code("ada").unwrap().unwrap();
    assert_eq!(*lock(&world.mail), [format!("ada@b.c ada {code}")]);
    world.pass(25 * 3_600_000);
    lock(&world.mail).clear();
    world.desk.send_letters_again().unwrap();
    assert!(lock(&world.mail).is_empty());
}
