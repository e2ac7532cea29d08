//! Logging in, as both ends see it on the wire.

use base64ct::{Base64, Encoding};

use super::super::command::Account;
use super::super::link::Link;
use super::*;
use crate::login::{Key, Mechanism, Secret};

const ENCRYPTED: Wire = Wire {
    is_encrypted: true,
    is_local: false,
    has_key: false,
    random: [7; 18],
};

fn with_password() -> Login {
    Login {
        password: Secret("pencil".into()),
        ..Login::default()
    }
}

/// A peer that has asked for `sasl`, on a server that offers these ways.
fn offered(login: Login, wire: Wire, sasl: &str) -> Peer {
    let mut peer = Peer::with(login, wire);
    peer.sent();
    peer.hear(&[&format!(":srv CAP * LS :{sasl}")]);
    assert_eq!(peer.sent(), ["CAP REQ :sasl"]);
    peer.hear(&[":srv CAP * ACK :sasl"]);
    peer
}

fn base64(text: &str) -> String {
    Base64::encode_string(text.as_bytes())
}

/// What was told of the login, in words.
fn told(peer: &mut Peer) -> Vec<String> {
    let told = peer.events().into_iter().filter_map(|event| match event {
        Event::ServerNotice { text, .. } | Event::Link(Link::Refused { reason: text }) => {
            Some(text)
        }
        _ => None,
    });
    told.collect()
}

#[test]
fn plain_goes_out_where_nobody_listens_and_ends_the_greeting() {
    let mut peer = offered(with_password(), ENCRYPTED, "sasl=PLAIN,EXTERNAL");
    assert_eq!(peer.sent(), ["AUTHENTICATE PLAIN"]);
    peer.hear(&["AUTHENTICATE +"]);
    let said = base64("\0ada\0pencil");
    assert_eq!(peer.sent(), [format!("AUTHENTICATE {said}")]);
    peer.events();
    peer.hear(&[
        ":srv 900 ada ada!ada@host Ada :You are now logged in as Ada",
        ":srv 903 ada :done",
    ]);
    assert_eq!(peer.sent(), ["CAP END"]);
    assert_eq!(told(&mut peer), ["You are logged in as Ada."]);
}

#[test]
fn a_password_is_never_sent_where_others_could_listen() {
    let open = Wire {
        is_encrypted: false,
        ..ENCRYPTED
    };
    let mut peer = offered(with_password(), open, "sasl=PLAIN");
    assert_eq!(peer.sent(), ["CAP END"]);
    assert!(told(&mut peer).concat().contains("none of the ways"));
    let here = Wire {
        is_local: true,
        ..open
    };
    let mut peer = offered(with_password(), here, "sasl=PLAIN");
    assert_eq!(peer.sent(), ["AUTHENTICATE PLAIN"]);
}

/// Runs SCRAM up to our proof, with the challenge of RFC 7677 behind our own nonce.
fn proven(sasl: &str) -> Peer {
    let mut peer = offered(with_password(), ENCRYPTED, sasl);
    assert_eq!(peer.sent(), ["AUTHENTICATE SCRAM-SHA-256"]);
    peer.hear(&["AUTHENTICATE +"]);
    let first = peer.sent().concat();
    let first = first.strip_prefix("AUTHENTICATE ").unwrap();
    let first = String::from_utf8(Base64::decode_vec(first).unwrap()).unwrap();
    let nonce = first.strip_prefix("n,,n=ada,r=").unwrap();
    let challenge = format!("r={nonce}xyz,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
    peer.hear(&[&format!("AUTHENTICATE {}", base64(&challenge))]);
    let proof = peer.sent().concat();
    let proof = Base64::decode_vec(proof.strip_prefix("AUTHENTICATE ").unwrap()).unwrap();
    assert!(String::from_utf8(proof).unwrap().starts_with("c=biws,r="));
    peer.events();
    peer
}

#[test]
fn scram_is_taken_before_plain_and_its_failure_is_final() {
    let mut peer = proven("sasl=PLAIN,SCRAM-SHA-256");
    peer.hear(&[":srv 904 ada :SASL authentication failed"]);
    assert_eq!(peer.sent(), ["CAP END"]);
    let told = told(&mut peer);
    assert_eq!(told.len(), 1);
    assert!(
        told[0]
            .starts_with("Not logged in as ada: the account or the password is not the right one.")
    );
    // Nor does a server that offers less the next time get the password itself.
    peer.session.lost("cut", 0, NOW);
    peer.session.opened(ENCRYPTED, NOW);
    peer.hear(&[":srv CAP * LS :sasl=PLAIN", ":srv CAP * ACK :sasl"]);
    let sent = peer.sent();
    assert!(
        !sent.iter().any(|line| line.starts_with("AUTHENTICATE")),
        "{sent:?}"
    );
}

#[test]
fn a_server_that_does_not_know_the_password_is_left() {
    let mut peer = proven("sasl=SCRAM-SHA-256");
    peer.hear(&[&format!(
        "AUTHENTICATE {}",
        base64("v=rmF9pqV8S7suAoZWja4dJRkFsKQ=")
    )]);
    assert_eq!(peer.sent(), [""; 0]);
    assert!(told(&mut peer).concat().contains("could not prove"));
    assert!(peer.session.take_close().is_some());
    assert_eq!(peer.session.lost("", 0, NOW), None, "nor is it tried again");
}

#[test]
fn a_server_that_believes_us_without_a_proof_is_left() {
    let mut peer = proven("sasl=SCRAM-SHA-256");
    peer.hear(&[
        ":srv 900 ada ada!a@h ada :You are now logged in",
        ":srv 903 ada :done",
    ]);
    assert_eq!(peer.sent(), [""; 0]);
    assert!(told(&mut peer).concat().contains("could not prove"));
    assert!(peer.session.take_close().is_some());
}

#[test]
fn a_server_that_names_no_ways_is_asked_for_scram_and_then_for_what_it_knows() {
    let mut peer = offered(with_password(), ENCRYPTED, "sasl");
    assert_eq!(peer.sent(), ["AUTHENTICATE SCRAM-SHA-256"]);
    peer.events();
    peer.hear(&[
        ":srv 908 ada EXTERNAL,PLAIN :are available",
        ":srv 904 ada :SASL authentication failed",
    ]);
    assert_eq!(peer.sent(), ["AUTHENTICATE PLAIN"]);
    assert_eq!(told(&mut peer), [""; 0], "that is no verdict");
    peer.hear(&[":srv 904 ada :no"]);
    assert_eq!(peer.sent(), ["CAP END"]);
}

#[test]
fn a_chosen_key_logs_in_and_the_password_follows_if_it_does_not() {
    let login = Login {
        key: Key::File("key.pem".into()),
        account: "lovelace".into(),
        ..with_password()
    };
    let wire = Wire {
        has_key: true,
        ..ENCRYPTED
    };
    let mut peer = offered(login, wire, "sasl=EXTERNAL,SCRAM-SHA-256");
    assert_eq!(peer.sent(), ["AUTHENTICATE EXTERNAL"]);
    peer.hear(&["AUTHENTICATE +"]);
    assert_eq!(
        peer.sent(),
        [format!("AUTHENTICATE {}", base64("lovelace"))]
    );
    peer.events();
    peer.hear(&[":srv 904 ada :no such key"]);
    assert_eq!(peer.sent(), ["AUTHENTICATE SCRAM-SHA-256"]);
    assert_eq!(told(&mut peer), [""; 0]);
}

#[test]
fn without_a_way_in_nothing_is_asked_for() {
    for login in [
        Login::default(),
        Login {
            mechanism: Mechanism::None,
            ..with_password()
        },
    ] {
        let mut peer = Peer::with(login, ENCRYPTED);
        peer.sent();
        peer.hear(&[":srv CAP * LS :sasl=PLAIN"]);
        assert_eq!(peer.sent(), ["CAP END"]);
    }
}

#[test]
fn sasl_that_appears_later_is_used() {
    let mut peer = Peer::with(with_password(), ENCRYPTED);
    peer.sent();
    peer.hear(&[
        ":srv CAP * LS :cap-notify",
        ":srv CAP * ACK :cap-notify",
        ":srv 001 ada :hi",
        ":srv 422 ada :no motd",
    ]);
    assert!(told(&mut peer).concat().contains("offers no login"));
    peer.sent();
    peer.hear(&[":srv CAP ada NEW :sasl=SCRAM-SHA-256"]);
    assert_eq!(peer.sent(), ["CAP REQ :sasl"]);
    peer.hear(&[":srv CAP ada ACK :sasl"]);
    assert_eq!(peer.sent(), ["AUTHENTICATE SCRAM-SHA-256"]);
}

#[test]
fn nonsense_from_the_server_ends_the_exchange_and_not_the_link() {
    let mut peer = offered(with_password(), ENCRYPTED, "sasl=SCRAM-SHA-256");
    peer.hear(&["AUTHENTICATE +"]);
    peer.sent();
    peer.hear(&["AUTHENTICATE !!!"]);
    assert_eq!(peer.sent(), ["AUTHENTICATE *"]);
    peer.events();
    peer.hear(&[":srv 906 ada :aborted"]);
    assert_eq!(peer.sent(), ["CAP END"]);
    assert_eq!(told(&mut peer), [""; 0]);
    assert!(peer.session.take_close().is_none());
}

#[test]
fn a_long_message_goes_in_lines_of_four_hundred_bytes() {
    let login = Login {
        password: Secret("x".repeat(295)),
        ..Login::default()
    };
    let mut peer = offered(login, ENCRYPTED, "sasl=PLAIN");
    peer.sent();
    peer.hear(&["AUTHENTICATE +"]);
    let sent = peer.sent();
    let lengths: Vec<usize> = sent
        .iter()
        .map(|line| line.len() - "AUTHENTICATE ".len())
        .collect();
    assert_eq!(
        lengths,
        [400, 1],
        "a full last line is followed by an empty one"
    );
    assert_eq!(sent[1], "AUTHENTICATE +");
}

const WITH_KEY: Wire = Wire {
    has_key: true,
    ..ENCRYPTED
};

/// A peer with a key on a Parlor server, where EXTERNAL was refused because the key is not known.
fn unknown(login: Login) -> Peer {
    let mut peer = Peer::with(login, WITH_KEY);
    peer.sent();
    peer.hear(&[
        ":srv CAP * LS :parlor.chat/device=register sasl=SCRAM-SHA-256,EXTERNAL",
        ":srv CAP * ACK :parlor.chat/device sasl",
    ]);
    assert_eq!(peer.sent().last().unwrap(), "AUTHENTICATE EXTERNAL");
    peer.hear(&["AUTHENTICATE +"]);
    assert_eq!(peer.sent(), ["AUTHENTICATE +"]);
    peer.events();
    peer.hear(&[":srv 904 ada :no such key"]);
    peer
}

#[test]
fn a_key_that_is_not_known_asks_for_its_nick_to_be_kept() {
    let mut peer = unknown(Login::default());
    assert_eq!(peer.sent(), ["DEVICE ADD"]);
    peer.hear(&[
        ":srv DEVICE ADDED ada :yours",
        ":srv 900 ada ada!*@h ada :in",
    ]);
    assert_eq!(peer.sent(), ["CAP END"]);
    let told = told(&mut peer);
    assert!(
        told[0].starts_with("The nick ada is yours here"),
        "{told:?}"
    );
    assert_eq!(told[1], "You are logged in as ada.");
}

#[test]
fn a_nick_that_stands_in_for_ours_is_not_asked_to_be_kept() {
    let mut peer = Peer::with(Login::default(), WITH_KEY);
    peer.hear(&[
        ":srv CAP * LS :parlor.chat/device=register sasl=EXTERNAL",
        ":srv 433 * ada :in use",
        ":srv CAP * ACK :parlor.chat/device sasl",
        "AUTHENTICATE +",
    ]);
    peer.sent();
    // Else it would be this key's name for good, only because somebody was faster today.
    peer.hear(&[":srv 904 ada_ :no such key"]);
    assert_eq!(peer.sent(), ["CAP END"]);
}

#[test]
fn the_nick_of_an_account_that_we_closed_is_nobody_elses() {
    let mut peer = unknown(Login::default());
    peer.hear(&[":srv ERASE SUCCESS ada :Your account is closed"]);
    let said = peer.events();
    let is_said =
        |event: &Event| matches!(event, Event::Listed { text, .. } if text.contains("as a guest"));
    assert!(said.iter().any(is_said), "{said:?}");
    peer.hear(&[":srv FAIL DEVICE ACCOUNT_EXISTS ada :there is such an account already"]);
    let told = told(&mut peer);
    assert!(told[0].contains("the account you closed"), "{told:?}");
}

#[test]
fn a_nick_that_is_anothers_is_told_and_holds_nothing_up() {
    let mut peer = unknown(Login::default());
    peer.sent();
    peer.hear(&[":srv FAIL DEVICE ACCOUNT_EXISTS ada :there is such an account already"]);
    assert_eq!(peer.sent(), ["CAP END"]);
    let told = told(&mut peer);
    assert!(
        told[0].starts_with("The nick ada is somebody else's here."),
        "{told:?}"
    );
    peer.hear(&[":srv 433 * ada :That nick belongs to an account"]);
    assert_eq!(peer.sent(), ["NICK ada_"]);
}

#[test]
fn a_server_that_keeps_nicks_of_those_who_are_in_is_asked_when_we_are() {
    let mut peer = unknown(Login::default());
    peer.sent();
    peer.hear(&[":srv FAIL DEVICE COMPLETE_CONNECTION_REQUIRED ada :later"]);
    assert_eq!(peer.sent(), ["CAP END"]);
    peer.hear(&[":srv 001 ada :Welcome", ":srv 422 ada :no MOTD"]);
    assert_eq!(peer.sent(), ["JOIN #lobby", "DEVICE ADD"]);
    peer.events();
    peer.hear(&[":srv FAIL DEVICE COMPLETE_CONNECTION_REQUIRED ada :later still"]);
    let told = told(&mut peer).concat();
    assert!(
        told.contains("cannot be kept for you: later still"),
        "{told}"
    );
    assert_eq!(peer.sent(), [""; 0]);
}

#[test]
fn who_comes_by_a_password_has_the_new_key_added() {
    let mut peer = unknown(with_password());
    assert_eq!(peer.sent(), ["AUTHENTICATE SCRAM-SHA-256"]);
    peer.hear(&[":srv 904 ada :no"]);
    assert_eq!(
        peer.sent(),
        ["CAP END"],
        "nothing is claimed for who has an account"
    );
    let mut peer = unknown(Login {
        mechanism: Mechanism::External,
        ..with_password()
    });
    assert_eq!(peer.sent(), ["CAP END"]);
}

#[test]
fn a_code_brings_the_second_device_under_the_first_ones_nick() {
    let mut peer = Peer::settled("parlor.chat/device");
    peer.hear(&[":ada!a@h NICK ada_"]);
    peer.session.command(
        Command::Account(Account::AddDevice {
            account: None,
            code: Secret("abcd-efgh".into()),
        }),
        NOW,
    );
    assert_eq!(peer.sent(), ["DEVICE ADD ada abcd-efgh"]);
    peer.hear(&[":srv DEVICE ADDED ada :known"]);
    assert!(
        peer.session
            .take_close()
            .unwrap()
            .contains("coming back as ada")
    );
}

#[test]
fn an_account_is_erased_only_with_its_name_written_out() {
    let mut peer = offered(with_password(), ENCRYPTED, "sasl=PLAIN");
    peer.hear(&[
        ":srv 900 ada ada!ada@host Ada :You are now logged in as Ada",
        ":srv 903 ada :done",
        ":srv 001 ada :Welcome",
        ":srv 422 ada :no motd",
    ]);
    peer.sent();
    told(&mut peer);
    let mut erase = |account: Option<&str>| {
        let account = account.map(str::to_owned);
        let command = Command::Account(Account::Erase { account });
        peer.session.command(command, NOW);
        (peer.sent(), told(&mut peer).join(" "))
    };
    let (sent, said) = erase(None);
    assert!(
        sent.is_empty() && said.contains("/erase Ada"),
        "{sent:?} {said}"
    );
    assert_eq!(erase(Some("Ada")).0, ["ERASE Ada"]);
    peer.hear(&[":srv ERASE SUCCESS Ada :gone"]);
    let listed = peer.events().into_iter().any(|event| match event {
        Event::Listed { text, .. } => text.contains("The account Ada is closed"),
        _ => false,
    });
    assert!(listed);
}

#[test]
fn a_login_that_comes_too_late_comes_back_by_a_new_link() {
    let sasl = "sasl=PLAIN,EXTERNAL,SCRAM-SHA-256";
    let mut peer = Peer::settled("");
    peer.session.opened(ENCRYPTED, NOW);
    let greeting = [
        &format!(":srv CAP * LS :{sasl}"),
        ":srv CAP * ACK :sasl",
        ":srv 001 ada :hi",
        ":srv 422 ada :no motd",
    ];
    peer.hear(&greeting);
    peer.sent();
    let login = Account::Login {
        account: Some("eva".into()),
        password: Secret("pencil".into()),
    };
    peer.session.command(Command::Account(login), NOW);
    if peer.sent().concat().starts_with("CAP REQ") {
        peer.hear(&[":srv CAP ada ACK :sasl"]);
    }
    peer.events();
    peer.hear(&[":srv 904 ada :SASL is only allowed before connection registration"]);
    assert_eq!(told(&mut peer), [""; 0], "the password is not to blame");
    let reason = peer.session.take_close().unwrap();
    assert!(reason.contains("tried now, as eva"), "{reason}");
    // There the same answer is one about the account and the password, and nobody comes back once more.
    peer.session.lost(&reason, 0, NOW);
    peer.session.opened(ENCRYPTED, NOW);
    peer.sent();
    peer.hear(&[&format!(":srv CAP * LS :{sasl}"), ":srv CAP * ACK :sasl"]);
    assert_eq!(peer.sent(), ["CAP REQ :sasl", "AUTHENTICATE SCRAM-SHA-256"]);
    peer.hear(&["AUTHENTICATE +"]);
    let first = peer.sent().concat();
    let first = Base64::decode_vec(first.strip_prefix("AUTHENTICATE ").unwrap()).unwrap();
    assert!(first.starts_with(b"n,,n=eva,r="));
    peer.hear(&[":srv 904 ada :SASL authentication failed"]);
    assert_eq!(peer.session.take_close(), None);
    assert!(told(&mut peer).concat().contains("Perhaps the password"));
}

#[test]
fn an_account_that_was_just_made_is_logged_in_to_on_the_next_link() {
    let mut peer = Peer::with(Login::default(), ENCRYPTED);
    peer.greet("draft/account-registration sasl=PLAIN", "ada", RULES);
    let register = Account::Register {
        password: Secret("pencil".into()),
        email: None,
    };
    peer.session.command(Command::Account(register), NOW);
    peer.hear(&[
        ":srv REGISTER SUCCESS ada :Account created",
        ":srv 900 ada ada!a@h ada :You are now logged in as ada",
    ]);
    assert!(rows(&mut peer).concat().contains("/login ada"));
    peer.session.lost("cut", 0, NOW);
    peer.sent();
    peer.session.opened(ENCRYPTED, NOW);
    peer.hear(&[":srv CAP * LS :sasl=PLAIN", ":srv CAP * ACK :sasl"]);
    assert!(peer.sent().contains(&"AUTHENTICATE PLAIN".to_owned()));
}
