//! Coming in by an invite, as both ends see it on the wire.

use super::super::link::Link;
use super::*;
use crate::admissions::Admission;

const PRIVATE: Wire = Wire {
    is_encrypted: true,
    is_local: false,
    has_key: false,
    random: [7; 18],
};

fn token(text: &str) -> Token {
    Token::parse(text).unwrap()
}

fn invited(rooms: &[&str]) -> Login {
    let admission = |room: &&str| Admission {
        room: (*room).to_owned(),
        token: token(&room.replace('#', "for-")),
        word: Some(token("mine")),
    };
    Login {
        admissions: rooms.iter().map(admission).collect(),
        ..Login::default()
    }
}

fn greeted(peer: &mut Peer) {
    peer.hear(&[
        ":srv 001 ada :Welcome ada!ada@host",
        ":srv 422 ada :no motd",
    ]);
}

fn told(peer: &mut Peer) -> Vec<String> {
    let told = peer.events().into_iter().filter_map(|event| match event {
        Event::ServerNotice { text, .. } => Some(text),
        Event::Link(Link::Refused { reason }) => Some(format!("refused: {reason}")),
        Event::JoinRefused { room, reason } => Some(format!("{room}: {reason}")),
        _ => None,
    });
    told.collect()
}

#[test]
fn the_newest_opens_the_door_and_each_its_room_after_every_lost_link() {
    let mut peer = Peer::with(invited(&["#LOBBY", "#den"]), PRIVATE);
    for _ in 0..2 {
        let sent = peer.sent();
        assert_eq!(sent[1], "PASS parlor.chat/invite:for-den:mine");
        greeted(&mut peer);
        let sent = peer.sent();
        let joins: Vec<_> = sent
            .iter()
            .filter(|line| line.starts_with("JOIN"))
            .collect();
        assert_eq!(joins, ["JOIN #lobby parlor.chat/invite:for-LOBBY:mine"]);
        let room = "#DEN".to_owned();
        peer.session.command(Command::Join { room, key: None }, NOW);
        assert_eq!(peer.sent(), ["JOIN #DEN parlor.chat/invite:for-den:mine"]);
        let room = "#DEN".to_owned();
        let reason = String::new();
        peer.session.command(Command::Leave { room, reason }, NOW);
        peer.session.lost("cut", 0, NOW);
        peer.session.opened(PRIVATE, NOW);
    }
}

#[test]
fn where_others_could_listen_no_token_is_shown() {
    let open = Wire {
        is_encrypted: false,
        ..PRIVATE
    };
    let mut peer = Peer::with(invited(&["#lobby"]), open);
    greeted(&mut peer);
    assert!(!peer.sent().concat().contains("invite"));
}

#[test]
fn a_password_and_a_key_that_the_user_gave_come_first() {
    let mut login = invited(&["#lobby"]);
    login.server_password = crate::login::Secret("sesame".to_owned());
    let mut peer = Peer::with(login, PRIVATE);
    assert_eq!(peer.sent()[1], "PASS sesame");
    greeted(&mut peer);
    peer.sent();
    let (room, key) = ("#lobby".to_owned(), Some("mellon".to_owned()));
    peer.session.command(Command::Join { room, key }, NOW);
    assert_eq!(peer.sent(), ["JOIN #lobby mellon"]);
}

#[test]
fn a_door_that_stays_shut_is_not_tried_again() {
    let why = "The invite has expired; ask for a new one";
    let mut peer = Peer::with(invited(&["#lobby"]), PRIVATE);
    peer.events();
    peer.hear(&[
        &format!(":srv FAIL PASS INVITE_EXPIRED :{why}"),
        ":srv 464 ada :Password incorrect",
        "ERROR :This server wants a password (PASS)",
    ]);
    assert_eq!(peer.session.take_spent(), [token("for-lobby")]);
    let refused = format!("refused: The server does not let us in: {why}");
    assert_eq!(told(&mut peer), [refused], "and once");
    assert_eq!(peer.session.lost("closed", 0, NOW), None);
    // Where the user tries it all the same, the token is not shown again.
    peer.session.opened(PRIVATE, NOW);
    assert!(!peer.sent().concat().contains("PASS"));
}

#[test]
fn where_no_password_is_wanted_a_bad_invite_is_only_told() {
    let mut peer = Peer::with(invited(&["#lobby"]), PRIVATE);
    peer.hear(&[":srv FAIL PASS INVITE_UNKNOWN :This server does not know the invite"]);
    peer.events();
    greeted(&mut peer);
    let text = "This server does not know the invite";
    assert_eq!(told(&mut peer).first().map(String::as_str), Some(text));
    assert!(peer.sent().contains(&"JOIN #lobby".to_owned()));
}

#[test]
fn what_cannot_be_checked_is_tried_again() {
    let mut peer = Peer::with(invited(&["#lobby"]), PRIVATE);
    peer.hear(&[
        ":srv FAIL PASS INVITE_UNCHECKED :The invite cannot be checked right now: the disk is full",
        "ERROR :Your invite cannot be checked right now",
    ]);
    assert!(peer.session.take_spent().is_empty());
    assert!(peer.session.lost("closed", 0, NOW).is_some());
    peer.session.opened(PRIVATE, NOW);
    assert!(peer.sent().concat().contains("PASS parlor.chat/invite"));
}

#[test]
fn a_room_that_stays_shut_says_why_and_is_not_tried_again() {
    let mut peer = Peer::with(invited(&["#den", "#lobby"]), PRIVATE);
    greeted(&mut peer);
    peer.events();
    let why = "The invite was taken back; ask for a new one";
    peer.hear(&[&format!(":srv FAIL JOIN INVITE_REVOKED #lobby :{why}")]);
    assert_eq!(told(&mut peer), [format!("#lobby: {why}")]);
    assert_eq!(peer.session.take_spent(), [token("for-lobby")]);
    peer.session.lost("cut", 0, NOW);
    peer.session.opened(PRIVATE, NOW);
    peer.sent();
    greeted(&mut peer);
    assert!(!peer.sent().concat().contains("JOIN"));
}
