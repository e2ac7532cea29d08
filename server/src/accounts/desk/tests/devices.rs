//! Devices: keys that are names, codes for second ones, and how they are taken back.

use super::*;
use crate::accounts::book::CERTIFICATES_MAX;

const OTHER: &str = "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff";

impl World {
    #[track_caller]
    fn claim(&self, name: &str, certificate: &str, address: &str) -> String {
        self.ask(AccountsRequest::RegisterKey {
            account: name.into(),
            certificate: certificate.into(),
            address: address.parse().unwrap(),
        })
    }

    #[track_caller]
    fn external(&self, certificate: &str) -> String {
        self.step_from("192.0.2.1", "EXTERNAL", "", Some(certificate))
    }

    /// A code, as it is read from a screen.
    #[track_caller]
    fn code(&self, name: &str) -> String {
        let account = name.into();
        let made = self.ask(AccountsRequest::MakeCode { account });
        made.strip_prefix("600 ").expect(&made).to_owned()
    }

    #[track_caller]
    fn come(&self, name: &str, code: &str) -> String {
        self.ask(AccountsRequest::AddByCode {
            account: name.into(),
            certificate: OTHER.into(),
            code: Secret(code.into()),
            address: "192.0.2.1".parse().unwrap(),
        })
    }

    #[track_caller]
    fn remove(&self, name: &str, certificate: &str) -> String {
        self.ask(AccountsRequest::RemoveCertificate {
            account: name.into(),
            certificate: certificate.into(),
        })
    }

    #[track_caller]
    fn kept(&self, name: &str) -> String {
        let account = name.into();
        self.ask(AccountsRequest::Look { account })
    }
}

#[test]
fn the_first_key_has_the_name() {
    let world = world(false);
    assert_eq!(
        world.claim("Ada", FINGERPRINT, "192.0.2.1"),
        "registered Ada"
    );
    assert_eq!(world.claim("ada", OTHER, "192.0.2.1"), "ACCOUNT_EXISTS");
    assert_eq!(world.claim("bob", FINGERPRINT, "192.0.2.1"), "in Ada");
    assert_eq!(world.claim("1x", OTHER, "192.0.2.1"), "BAD_ACCOUNT_NAME");
    assert_eq!(world.kept("ADA"), "known Ada");
    assert_eq!(world.kept("bob"), "known ");
}

#[test]
fn new_names_from_one_address_are_slowed_down() {
    let world = world_of(HashCost::Strong, false);
    let claim = |n: u32| world.claim(&format!("n{n}"), &format!("{n:064}"), "192.0.2.1");
    for n in 0..5 {
        assert_eq!(claim(n), format!("registered n{n}"));
    }
    assert_eq!(claim(5), "TEMPORARILY_UNAVAILABLE");
    assert_eq!(world.claim("x", OTHER, "192.0.2.2"), "registered x");
    world.pass(3_600_000);
    assert_eq!(claim(5), "registered n5");
}

#[test]
fn with_a_needed_address_a_key_is_not_enough() {
    assert_eq!(
        world(true).claim("ada", FINGERPRINT, "::1"),
        "INVALID_EMAIL"
    );
}

#[test]
fn a_second_device_comes_by_a_code_that_holds_once() {
    let world = world(false);
    world.claim("Ada", FINGERPRINT, "::1");
    let code = world.code("ada");
    assert_eq!(code.len(), 9);
    assert_eq!(world.come("ada", "abcd-efgh"), "INVALID_CODE");
    assert_eq!(world.come("bob", &code), "INVALID_CODE");
    let typed = code.to_uppercase().replace('-', " ");
    assert_eq!(world.come("ADA", &typed), "in Ada");
    assert_eq!(world.external(OTHER), "in Ada");
    assert_eq!(world.come("ada", &code), "INVALID_CODE");
}

#[test]
fn a_code_ends_with_time_with_guesses_and_with_the_next_one() {
    let world = world(false);
    world.claim("ada", FINGERPRINT, "::1");
    let late = world.code("ada");
    world.pass(600_000);
    assert_eq!(world.come("ada", &late), "INVALID_CODE");
    let guessed = world.code("ada");
    for _ in 0..5 {
        assert_eq!(world.come("ada", "aaaaaaaa"), "INVALID_CODE");
    }
    assert_eq!(world.come("ada", &guessed), "INVALID_CODE");
    let (old, new) = (world.code("ada"), world.code("ada"));
    world.pass(60_000);
    assert_eq!(world.come("ada", &old), "INVALID_CODE");
    assert_eq!(world.come("ada", &new), "in ada");
    let nobody = AccountsRequest::MakeCode {
        account: "nobody".into(),
    };
    assert_eq!(world.ask(nobody), "ACCOUNT_REQUIRED");
    for _ in 0..20 {
        world.come("ada", "aaaaaaaa");
    }
    assert_eq!(world.come("ada", "aaaaaaaa"), "TEMPORARILY_UNAVAILABLE");
}

#[test]
fn a_device_that_had_a_name_of_its_own_comes_over() {
    let world = world(false);
    world.claim("ada", FINGERPRINT, "::1");
    world.claim("lovelace", OTHER, "::1");
    let code = world.code("ada");
    assert_eq!(world.come("ada", &code), "in ada");
    assert_eq!(world.external(OTHER), "in ada");
    assert_eq!(world.kept("lovelace"), "known lovelace");
}

#[test]
fn a_device_that_may_not_come_over_keeps_its_own_name() {
    let world = world(false);
    world.claim("ada", FINGERPRINT, "::1");
    world.claim("lovelace", OTHER, "::1");
    for n in 1..CERTIFICATES_MAX {
        let add = AccountsRequest::AddCertificate {
            account: "ada".into(),
            certificate: format!("{n:064}").into(),
        };
        assert_eq!(world.ask(add), "changed");
    }
    let code = world.code("ada");
    assert_eq!(world.come("ada", &code), "UNACCEPTABLE_KEY");
    assert_eq!(world.external(OTHER), "in lovelace");
}

#[test]
fn devices_are_taken_back_but_never_the_last_way_in() {
    let world = world(false);
    world.claim("ada", FINGERPRINT, "::1");
    assert_eq!(world.remove("ada", "00112233"), "LAST_DEVICE");
    let code = world.code("ada");
    world.come("ada", &code);
    let account = "ada".into();
    assert_eq!(world.ask(AccountsRequest::Devices { account }), "2 devices");
    assert_eq!(world.remove("ada", ""), "NO_SUCH_DEVICE");
    assert_eq!(world.remove("ada", "ff"), "NO_SUCH_DEVICE");
    assert_eq!(world.remove("bob", "ffff"), "ACCOUNT_REQUIRED");
    assert_eq!(world.remove("ada", "FFFF"), "removed");
    assert!(world.external(OTHER).starts_with("no: "));
    let set = AccountsRequest::SetPassword {
        account: "ada".into(),
        old: None,
        new: Secret(b"open sesame".to_vec()),
    };
    assert_eq!(world.ask(set), "changed");
    assert_eq!(world.remove("ada", "0011"), "removed");
    assert!(world.external(FINGERPRINT).starts_with("no: "));
    // The password is the way back: whoever is logged in adds the key that they came with.
    assert_eq!(world.plain("ada", "open sesame"), "in ada");
    let add = AccountsRequest::AddCertificate {
        account: "ada".into(),
        certificate: FINGERPRINT.into(),
    };
    assert_eq!(world.ask(add.clone()), "changed");
    assert_eq!(world.ask(add), "changed");
    assert_eq!(world.external(FINGERPRINT), "in ada");
}

#[test]
fn an_account_that_is_not_used_gives_its_nick_up_and_nothing_else() {
    let mut world = world(false);
    world.desk.settings.expire_ms = Some(10_000);
    world.claim("ada", FINGERPRINT, "::1");
    world.pass(9_999);
    assert_eq!(world.kept("ada"), "known ada");
    world.pass(1);
    assert_eq!(world.kept("ada"), "known ");
    assert_eq!(world.claim("ada", OTHER, "::1"), "ACCOUNT_EXISTS");
    world.pass(3_600_000);
    assert_eq!(world.external(FINGERPRINT), "in ada");
    assert_eq!(world.kept("ada"), "known ada");
}
