//! Transcripts of our nick that somebody else has, on networks whose services know that it is ours.

use super::*;
use crate::login::Secret;

const LOCAL: Wire = Wire {
    is_encrypted: false,
    is_local: true,
    has_key: false,
    random: [7; 18],
};

/// A peer whose nick is taken, logged in as ada, unless the config says that the nick is left.
fn named_otherwise(leaves_nick: bool) -> Peer {
    let login = Login {
        password: Secret("pencil".into()),
        leaves_nick,
        ..Login::default()
    };
    let mut peer = Peer::with(login, LOCAL);
    greet(&mut peer);
    peer
}

fn greet(peer: &mut Peer) {
    peer.hear(&[
        ":srv CAP * LS :echo-message sasl=PLAIN",
        ":srv 433 * ada :Nickname is already in use.",
        ":srv CAP * ACK :echo-message sasl",
        "AUTHENTICATE +",
        ":srv 900 ada_ ada_!a@h ada :You are now logged in as ada",
        ":srv 903 ada_ :SASL authentication successful",
        ":srv 001 ada_ :Welcome",
        ":srv 005 ada_ MONITOR=100 :are supported",
    ]);
    peer.sent();
    peer.hear(&[":srv 422 ada_ :no motd"]);
    peer.events();
}

fn to_services(peer: &mut Peer) -> Vec<String> {
    let sent = peer.sent().into_iter();
    sent.filter(|line| line.starts_with("PRIVMSG NickServ") || line.starts_with("NICK "))
        .collect()
}

#[test]
fn services_are_asked_for_it_once() {
    let mut peer = named_otherwise(false);
    assert_eq!(to_services(&mut peer), ["PRIVMSG NickServ :REGAIN ada"]);
    peer.hear(&[":ada_!a@h PRIVMSG NickServ :REGAIN ada"]);
    assert_eq!(peer.events(), [], "it opens no conversation");
    peer.hear(&[":ada_!a@h NICK ada"]);
    peer.wait(60_000);
    assert_eq!(to_services(&mut peer), [""; 0]);
}

#[test]
fn who_is_given_the_nick_does_not_ask_for_it_meanwhile() {
    let mut peer = named_otherwise(false);
    peer.sent();
    // Atheme renames the other, and then us: a NICK of ours between the two would be a collision, and end the link.
    peer.hear(&[":srv 731 ada_ :ada"]);
    assert_eq!(to_services(&mut peer), [""; 0]);
    peer.wait(9_000);
    assert_eq!(to_services(&mut peer), ["NICK ada"], "services did not");
}

#[test]
fn a_bouncers_network_keeps_the_nick_that_the_bouncer_was_told() {
    let mut peer = Peer::new();
    peer.hear(&[
        ":srv 001 adab :Welcome",
        ":srv 005 adab BOUNCER_NETID=1 MONITOR=5 :are supported",
    ]);
    peer.sent();
    peer.hear(&[":srv 422 adab :no motd"]);
    let sent = peer.sent();
    assert!(
        !sent.iter().any(|line| line.contains("MONITOR")),
        "{sent:?}"
    );
    peer.wait(60_000);
    assert_eq!(to_services(&mut peer), [""; 0]);
}

#[test]
fn each_make_of_services_has_its_word() {
    let mut peer = named_otherwise(false);
    peer.sent();
    peer.hear(&[":NickServ!s@h NOTICE ada_ :Unknown command REGAIN."]);
    assert_eq!(to_services(&mut peer), ["PRIVMSG NickServ :RECOVER ada"]);
    peer.hear(&[":NickServ!s@h NOTICE ada_ :Invalid command. Use /msg NickServ help."]);
    assert_eq!(to_services(&mut peer), ["PRIVMSG NickServ :GHOST ada"]);
    assert_eq!(peer.events(), [], "nobody asked");
    peer.hear(&[
        ":NickServ!s@h NOTICE ada_ :ada has been ghosted.",
        ":srv 731 ada_ :ada",
    ]);
    assert_eq!(to_services(&mut peer), ["NICK ada"]);
    assert!(matches!(&peer.events()[..], [Event::Message(_)]));
}

#[test]
fn what_the_config_leaves_is_left_and_a_guest_asks_nobody() {
    let mut peer = named_otherwise(true);
    assert_eq!(to_services(&mut peer), [""; 0]);
    let mut peer = Peer::new();
    peer.hear(&[
        ":srv 433 * ada :Nickname is already in use.",
        ":srv 001 ada_ :Welcome",
        ":srv 422 ada_ :no motd",
    ]);
    peer.hear(&[":NickServ!s@h NOTICE ada_ :Unknown command X."]);
    assert!(
        to_services(&mut peer)
            .iter()
            .all(|line| line.starts_with("NICK"))
    );
}

#[test]
fn two_programs_of_one_person_do_not_put_each_other_out_for_ever() {
    let mut peer = named_otherwise(false);
    peer.hear(&[
        ":ada_!a@h NICK ada",
        "ERROR :Closing Link: h (Killed (NickServ (GHOST command used by ada_)))",
    ]);
    peer.session.lost("gone", 0, peer.now);
    peer.sent();
    peer.session.opened(LOCAL, peer.now);
    greet(&mut peer);
    assert_eq!(to_services(&mut peer), [""; 0]);
}

#[test]
fn a_nick_that_is_the_account_by_the_servers_rule_is_left_as_it_is() {
    let login = Login {
        account: "pia".into(),
        password: Secret("pencil".into()),
        ..Login::default()
    };
    for refusal in ["", ":srv 433 * ada :Nickname is already in use."] {
        let mut peer = Peer::with(login.clone(), LOCAL);
        peer.hear(&[":srv CAP * LS :sasl=PLAIN"]);
        if !refusal.is_empty() {
            peer.hear(&[refusal]);
        }
        peer.hear(&[
            ":srv CAP * ACK :sasl",
            "AUTHENTICATE +",
            ":srv 900 * * pia :You are now logged in as pia",
            ":srv 903 * :SASL authentication successful",
            ":srv 001 pia :Welcome",
            ":srv 005 pia MONITOR=100 :are supported",
        ]);
        peer.sent();
        peer.hear(&[":srv 422 pia :no motd", ":srv 731 pia ada"]);
        peer.wait(60_000);
        assert_eq!(to_services(&mut peer), [""; 0]);
        // What somebody asks for by hand is another matter.
        assert_eq!(peer.session.state.nick, "pia");
    }
}

#[test]
fn a_nick_that_is_another_accounts_is_asked_for_once_and_without_a_word() {
    let mut peer = Peer::new();
    peer.hear(&[
        ":srv 433 * ada :Nickname is already in use.",
        ":srv 001 ada_ :Welcome",
        ":srv 005 ada_ MONITOR=100 :are supported",
        ":srv 422 ada_ :no motd",
    ]);
    peer.sent();
    peer.hear(&[":srv 731 ada_ ada"]);
    assert_eq!(to_services(&mut peer), ["NICK ada"]);
    peer.events();
    peer.hear(&[
        ":srv FAIL NICK NICKNAME_RESERVED ada :Nickname is reserved by a different account",
    ]);
    assert_eq!(peer.events(), []);
    peer.hear(&[":srv 731 ada_ ada"]);
    peer.wait(60_000);
    assert_eq!(to_services(&mut peer), [""; 0]);
}
