//! Tests of the desk, as a client and the core see it.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use base64ct::{Base64, Encoding};
use protocol::Stamp;
use server_core::Now;
use server_core::accounts::Secret;

use super::*;
use crate::accounts::HashCost;
use crate::accounts::book::memory::MemoryBook;
use crate::accounts::password::scram_keys;
use crate::accounts::scram::{hash, hmac};

mod beside;
mod devices;
mod registration;

const FINGERPRINT: &str = "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF";

/// A desk with a clock that stands still until it is moved.
struct World {
    desk: Desk,
    clock: Arc<AtomicU64>,
    mail: Arc<Mutex<Vec<String>>>,
}

struct Sink(Arc<Mutex<Vec<String>>>);

impl Mailer for Sink {
    fn send_code(&self, address: &str, account: &str, code: &str) -> Result<(), String> {
        if address.ends_with("@bad") {
            return Err("no such host".to_owned());
        }
        lock(&self.0).push(format!("{address} {account} {code}"));
        Ok(())
    }
}

fn world(requires_email: bool) -> World {
    world_of(HashCost::Minimum, requires_email)
}

fn world_of(cost: HashCost, requires_email: bool) -> World {
    let settings = AccountsSettings {
        expire_ms: None,
        cost,
        requires_email,
        name_bytes_max: 32,
    };
    let clock = Arc::new(AtomicU64::new(1_000_000));
    let shared = Arc::clone(&clock);
    let now: Clock = Arc::new(move || {
        let ms = shared.load(Ordering::Relaxed);
        Now {
            wall: Stamp(ms),
            steady: ms,
        }
    });
    let mail = Arc::new(Mutex::new(Vec::new()));
    let mailer = Box::new(Sink(Arc::clone(&mail)));
    let desk = Desk::new(settings, Box::new(MemoryBook::new()), mailer, now).unwrap();
    World { desk, clock, mail }
}

impl World {
    #[track_caller]
    fn ask(&self, request: AccountsRequest) -> String {
        match self.desk.answer(request).unwrap() {
            AccountsReply::LoggedIn { account } => format!("in {account}"),
            AccountsReply::Registered { account } => format!("registered {account}"),
            AccountsReply::VerificationNeeded { account, .. } => format!("verify {account}"),
            AccountsReply::Challenge(bytes) => format!("> {}", String::from_utf8(bytes).unwrap()),
            AccountsReply::Changed => "changed".to_owned(),
            AccountsReply::Known(name) => format!("known {}", name.unwrap_or_default()),
            AccountsReply::Code { code, seconds } => {
                format!("{seconds} {}", String::from_utf8(code.0).unwrap())
            }
            AccountsReply::Devices(devices) => format!("{} devices", devices.len()),
            AccountsReply::Removed { .. } => "removed".to_owned(),
            AccountsReply::Closed { account } => format!("closed {account}"),
            AccountsReply::Refused { code: "", text } => format!("no: {text}"),
            AccountsReply::Refused { code, .. } => code.to_owned(),
        }
    }

    #[track_caller]
    fn register(&self, name: &str, password: &str) -> String {
        self.register_with(name, password, None)
    }

    #[track_caller]
    fn register_with(&self, name: &str, password: &str, email: Option<&str>) -> String {
        self.ask(AccountsRequest::Register {
            account: name.into(),
            password: Secret(password.into()),
            email: email.map(Into::into),
            address: std::net::Ipv4Addr::LOCALHOST.into(),
        })
    }

    #[track_caller]
    fn step(&self, mechanism: &str, response: &str) -> String {
        self.step_from("127.0.0.1", mechanism, response, None)
    }

    #[track_caller]
    fn step_from(
        &self,
        address: &str,
        mechanism: &str,
        response: &str,
        certificate: Option<&str>,
    ) -> String {
        let address: IpAddr = address.parse().unwrap();
        self.ask(AccountsRequest::Authenticate {
            exchange: 7,
            mechanism: mechanism.into(),
            response: Secret(response.into()),
            certificate: certificate.map(Into::into),
            address,
        })
    }

    #[track_caller]
    fn plain(&self, name: &str, password: &str) -> String {
        self.step("PLAIN", &format!("\0{name}\0{password}"))
    }

    fn pass(&self, ms: u64) {
        self.clock.fetch_add(ms, Ordering::Relaxed);
    }
}

const WRONG: &str = "no: the account or its password is wrong";

/// What a client answers to a challenge.
fn proof(name: &str, password: &str, challenge: &str) -> String {
    let challenge = challenge.strip_prefix("> ").unwrap();
    let part = |key: &str| {
        let mut parts = challenge.split(',');
        parts.find_map(|part| part.strip_prefix(key)).unwrap()
    };
    let salt = Base64::decode_vec(part("s=")).unwrap();
    let rounds: NonZeroU32 = part("i=").parse().unwrap();
    let unproven = format!("c=biws,r={}", part("r="));
    let signed = format!("n={name},r=abc,{challenge},{unproven}");
    // The client's key is not kept; here it is made as a client makes it.
    let mut salted = [0; 32];
    let algorithm = ring::pbkdf2::PBKDF2_HMAC_SHA256;
    ring::pbkdf2::derive(algorithm, rounds, &salt, password.as_bytes(), &mut salted);
    let client_key = hmac(&salted, b"Client Key");
    let keys = scram_keys(password.as_bytes(), &salt, rounds);
    assert_eq!(hash(&client_key), keys.stored_key);
    let signature = hmac(&keys.stored_key, signed.as_bytes());
    let proof: Vec<u8> = client_key
        .iter()
        .zip(signature)
        .map(|(a, b)| a ^ b)
        .collect();
    format!("{unproven},p={}", Base64::encode_string(&proof))
}

#[test]
fn plain() {
    let world = world(false);
    assert_eq!(world.register("Ada", "sesame"), "registered Ada");
    assert_eq!(world.plain("ada", "sesame"), "in Ada");
    assert_eq!(world.plain("ada", "Sesame"), WRONG);
    assert_eq!(world.plain("bob", "sesame"), WRONG);
    assert_eq!(world.plain("no nick", "sesame"), WRONG);
    let long = "x".repeat(2000);
    assert_eq!(world.plain("ada", &long), WRONG);
    assert_eq!(world.step("plain", "ADA\0ada\0sesame"), "in Ada");
    let malformed = "no: your client's message could not be understood";
    assert_eq!(world.step("PLAIN", "bob\0ada\0sesame"), malformed);
    assert_eq!(world.step("PLAIN", ""), malformed);
    assert_eq!(
        world.step("MAGIC", ""),
        "no: that way to log in is not known"
    );
}

#[test]
fn scram() {
    let world = world(false);
    world.register("Ada", "sesame");
    let first = world.step("SCRAM-SHA-256", "n,,n=ada,r=abc");
    assert!(first.starts_with("> r=abc"), "{first}");
    let shown = world.step("SCRAM-SHA-256", &proof("ada", "sesame", &first));
    assert!(shown.starts_with("> v="), "{shown}");
    assert_eq!(world.step("SCRAM-SHA-256", ""), "in Ada");
    // Wrong passwords and names fail alike, and only at the proof.
    for name in ["ada", "nobody"] {
        let first = world.step("SCRAM-SHA-256", &format!("n,,n={name},r=abc"));
        assert!(first.ends_with(",i=4096"), "{first}");
        assert_eq!(
            world.step("SCRAM-SHA-256", &proof(name, "open sesame", &first)),
            WRONG
        );
    }
    // The salt of nobody stays the same.
    let salt = || {
        let first = world.step("SCRAM-SHA-256", "n,,n=nobody,r=abc");
        world.desk.answer(AccountsRequest::GiveUp { exchange: 7 });
        first.split(',').nth(1).unwrap().to_owned()
    };
    assert_eq!(salt(), salt());
    // A given-up exchange begins anew; nobody is in without a proof.
    let malformed = "no: your client's message could not be understood";
    assert_eq!(world.step("SCRAM-SHA-256", ""), malformed);
    let first = world.step("SCRAM-SHA-256", "n,,n=ada,r=abc");
    world.step("SCRAM-SHA-256", &proof("ada", "sesame", &first));
    assert_eq!(world.step("SCRAM-SHA-256", "x"), malformed);
    assert_eq!(world.step("SCRAM-SHA-256", ""), malformed);
}

#[test]
fn a_login_that_was_under_way_does_not_bring_back_the_password_before() {
    let world = world(false);
    world.register("ada", "sesame");
    world.pass(SEEN_EVERY_MS);
    let first = world.step("SCRAM-SHA-256", "n,,n=ada,r=abc");
    world.step("SCRAM-SHA-256", &proof("ada", "sesame", &first));
    let set = AccountsRequest::SetPassword {
        account: "ada".into(),
        old: Some(Secret(b"sesame".to_vec())),
        new: Secret(b"open sesame".to_vec()),
    };
    assert_eq!(world.ask(set), "changed");
    // Nor does it let in by it.
    assert_ne!(world.step("SCRAM-SHA-256", ""), "in ada");
    assert_eq!(world.plain("ada", "sesame"), WRONG);
    assert_eq!(world.plain("ada", "open sesame"), "in ada");
}

#[test]
fn external() {
    let world = world(false);
    let register = AccountsRequest::RegisterKey {
        account: "Ada".into(),
        certificate: FINGERPRINT.into(),
        address: std::net::Ipv4Addr::LOCALHOST.into(),
    };
    assert_eq!(world.ask(register.clone()), "registered Ada");
    assert_eq!(world.ask(register), "in Ada");
    let lower = FINGERPRINT.to_ascii_lowercase();
    let step = |whom: &str, certificate: Option<&str>| {
        world.step_from("192.0.2.1", "EXTERNAL", whom, certificate)
    };
    assert_eq!(step("", Some(&lower)), "in Ada");
    assert_eq!(step("ADA", Some(&lower)), "in Ada");
    let none = "no: your client's certificate belongs to no such account";
    assert_eq!(step("bob", Some(&lower)), none);
    assert_eq!(step("", Some(&"0".repeat(64))), none);
    assert_eq!(step("", None), "no: your client sent no certificate");
    assert_eq!(step("", Some("x")), "UNACCEPTABLE_KEY");
    // An account without a password has none that is right.
    assert_eq!(world.plain("ada", ""), WRONG);
    let first = world.step("SCRAM-SHA-256", "n,,n=ada,r=abc");
    assert_eq!(
        world.step("SCRAM-SHA-256", &proof("ada", "", &first)),
        WRONG
    );
}

#[test]
fn guessing_is_slowed_down() {
    let world = world(false);
    world.register("ada", "sesame");
    let guess = |address: &str| world.step_from(address, "PLAIN", "\0ada\0guess", None);
    let right = |address: &str| world.step_from(address, "PLAIN", "\0ada\0sesame", None);
    for _ in 0..10 {
        assert_eq!(guess("192.0.2.1"), WRONG);
    }
    assert_eq!(guess("192.0.2.1"), "TEMPORARILY_UNAVAILABLE");
    // Not even the right one is looked at now; from elsewhere it is.
    assert_eq!(right("192.0.2.1"), "TEMPORARILY_UNAVAILABLE");
    assert_eq!(right("192.0.2.2"), "in ada");
    let scram = world.step_from("192.0.2.1", "SCRAM-SHA-256", "n,,n=ada,r=abc", None);
    assert_eq!(scram, "TEMPORARILY_UNAVAILABLE");
    world.pass(30_000);
    assert_eq!(right("192.0.2.1"), "in ada");
    // Guessing from everywhere is slowed down by the account.
    let mut wrong = 0;
    for last in 10..110 {
        wrong += u32::from(guess(&format!("192.0.2.{last}")) == WRONG);
    }
    assert!((20..=33).contains(&wrong), "{wrong}");
}
