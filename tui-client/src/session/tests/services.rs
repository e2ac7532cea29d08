//! Networks whose accounts are kept by services: NickServ, and what is told to it.

use super::*;
use crate::login::{Mechanism, Secret};
use crate::session::link::Link;

const LOCAL: Wire = Wire {
    is_encrypted: false,
    is_local: true,
    has_key: false,
    random: [7; 18],
};

fn at_nickserv(account: &str) -> Login {
    Login {
        account: account.into(),
        password: Secret("pencil".into()),
        mechanism: Mechanism::NickServ,
        on_connect: vec![Secret("MODE ada +x".into())],
        ..Login::default()
    }
}

fn welcomed(login: Login, wire: Wire, nick: &str) -> Peer {
    let mut peer = Peer::with(login, wire);
    peer.hear(&[":srv CAP * LS :echo-message sasl=PLAIN"]);
    peer.hear(&[":srv CAP * ACK :echo-message"]);
    peer.sent();
    peer.hear(&[
        &format!(":srv 001 {nick} :Welcome"),
        &format!(":srv 422 {nick} :no motd"),
    ]);
    peer
}

#[test]
fn rooms_wait_until_nickserv_knows_us() {
    for known in [
        ":srv 900 ada ada!a@h ada :You are now logged in",
        ":NickServ!s@h MODE ada +r",
    ] {
        let mut peer = welcomed(at_nickserv(""), LOCAL, "ada");
        let asked = ["MODE ada +x", "PRIVMSG NickServ :IDENTIFY pencil"];
        assert_eq!(peer.sent(), asked);
        peer.events();
        peer.hear(&[":ada!a@h PRIVMSG NickServ :IDENTIFY pencil"]);
        assert_eq!(peer.events(), [], "it opens no conversation");
        let join = Command::Join {
            room: "#lobby".into(),
            key: None,
        };
        peer.session.command(join, peer.now);
        peer.hear(&[":NickServ!s@h NOTICE ada :This nickname is registered."]);
        assert_eq!(peer.sent(), [""; 0], "that is no answer yet");
        peer.hear(&[known]);
        assert_eq!(peer.sent(), ["JOIN #lobby"]);
        peer.wait(60_000);
        assert!(!peer.sent().contains(&"JOIN #lobby".to_owned()), "once");
    }
}

#[test]
fn services_that_are_away_hold_nobody_up() {
    let mut peer = welcomed(at_nickserv("Ada_L"), LOCAL, "ada_");
    let asked = ["MODE ada +x", "PRIVMSG NickServ :IDENTIFY Ada_L pencil"];
    assert_eq!(peer.sent(), asked);
    let mut gone = peer.session.clone();
    gone.feed(b":srv 401 ada_ NickServ :No such nick", peer.now);
    let sent = String::from_utf8(gone.take_output()).unwrap();
    assert!(sent.contains("JOIN #lobby"), "{sent}");
    let due = peer.session.deadline().unwrap();
    peer.wait(due - peer.now);
    assert!(peer.sent().contains(&"JOIN #lobby".to_owned()));
}

#[test]
fn no_password_goes_where_others_listen() {
    let mut peer = welcomed(at_nickserv(""), Wire::default(), "ada");
    assert_eq!(peer.sent(), ["MODE ada +x", "JOIN #lobby"]);
    let told = peer.events().into_iter().any(
        |event| matches!(event, Event::ServerNotice { text, .. } if text.contains("not encrypted")),
    );
    assert!(told);
}

#[test]
fn whoever_is_logged_in_late_has_the_nick_at_once() {
    let mut peer = welcomed(Login::default(), LOCAL, "Guest1");
    peer.sent();
    let events = peer.events();
    assert!(
        events
            .iter()
            .any(|event| matches!(event, Event::Link(Link::Connected(_))))
    );
    peer.wait(600_000);
    peer.sent();
    peer.hear(&[":srv 900 Guest1 Guest1!a@h ada :You are now logged in"]);
    peer.wait(0);
    assert_eq!(peer.sent(), ["NICK ada"]);
}

#[test]
fn a_password_told_to_services_is_neither_shown_nor_kept() {
    let mut peer = Peer::settled("batch echo-message labeled-response message-tags");
    let message = Outgoing {
        own_id: OwnId(1),
        target: "NickServ".into(),
        kind: Kind::Say,
        text: "IDENTIFY pencil".into(),
        reply_to: None,
    };
    peer.session.command(Command::Say(message), peer.now);
    let sent = peer.sent();
    assert!(
        sent[0].ends_with(" PRIVMSG NickServ :IDENTIFY pencil"),
        "{sent:?}"
    );
    let kept = peer.session.take_unsent().unwrap_or_default();
    assert!(!kept.contains("pencil"), "{kept}");
    peer.hear(&["@label=1.0 :ada!ada@host PRIVMSG NickServ :IDENTIFY pencil"]);
    let events = peer.events();
    let shown = events.iter().find_map(|event| match event {
        Event::Message(said) => Some((said.text.as_str(), said.own_id)),
        _ => None,
    });
    assert_eq!(shown, Some(("IDENTIFY •••", Some(OwnId(1)))));
}

#[test]
fn a_password_that_is_sent_first_where_others_can_read_it_is_told_of() {
    let told = |line: &str, wire: Wire| {
        let login = Login {
            on_connect: vec![Secret(line.into())],
            ..Login::default()
        };
        let mut peer = Peer::with(login, wire);
        peer.hear(&[
            ":srv CAP * LS :",
            ":srv 001 ada :Welcome",
            ":srv 422 ada :-",
        ]);
        assert!(peer.sent().contains(&line.to_owned()));
        let mut events = peer.events().into_iter();
        events
            .any(|event| matches!(event, Event::ServerNotice { text, .. } if text.contains("on_connect")))
    };
    let open = Wire {
        is_local: false,
        ..LOCAL
    };
    let line = "PRIVMSG Q@CServe.quakenet.org :AUTH ada secret";
    assert!(told(line, open));
    assert!(!told(line, LOCAL), "nobody listens there");
    assert!(!told("MODE ada +x", open));
}
