//! Links that let people in, as the session asks for them and tells of them.

use super::super::command::Links;
use super::super::link::NewLink;
use super::*;

fn ask(peer: &mut Peer, ask: Links) {
    let room = "#lobby".to_owned();
    peer.session.command(Command::Links { room, ask }, NOW);
}

#[test]
fn a_link_is_put_together_of_the_server_the_room_and_the_token() {
    let mut peer = Peer::settled(MODERN);
    let base = "parlor://chat.example:7000?key=".to_owned() + &"ab".repeat(32);
    peer.session.offer(base.parse().map_err(|_| String::new()));
    let (uses, lasts) = (Some(3), Some(60));
    let at = None;
    ask(&mut peer, Links::Make { uses, lasts, at });
    assert_eq!(peer.sent(), ["INVITELINK CREATE #lobby uses=3 expires=60"]);
    peer.hear(&[":srv INVITELINK CREATED #lobby 7 tok-en 3 1970-01-01T00:17:40.000Z"]);
    let link = base.replace("?key", "/lobby?key") + "&token=tok-en";
    let made = NewLink {
        room: "#lobby".to_owned(),
        number: "7".to_owned(),
        link,
        uses: "3".to_owned(),
        until: 1_060_000,
    };
    assert_eq!(peer.events(), [Event::LinkMade(made)]);
}

#[test]
fn where_no_link_can_be_given_no_token_is_asked_for() {
    let mut peer = Peer::settled(MODERN);
    let why = "this link is not encrypted".to_owned();
    peer.session.offer(Err(why));
    let (uses, lasts, at) = (None, None, None);
    ask(&mut peer, Links::Make { uses, lasts, at });
    assert!(peer.sent().is_empty());
    let told = rows(&mut peer);
    assert_eq!(told, ["No link can be given: this link is not encrypted"]);
}

#[test]
fn links_are_listed_and_taken_back() {
    let mut peer = Peer::settled(MODERN);
    ask(&mut peer, Links::List);
    assert_eq!(peer.sent(), ["INVITELINK LIST #lobby"]);
    peer.hear(&[
        ":srv INVITELINK LISTED #lobby 7 1 3 2026-01-01T12:00:00.000Z used-up :ada",
        ":srv INVITELINK END #lobby",
    ]);
    let row = "7: 1 of 3 came in by it; used up, until 2026-01-01 12:00 UTC; by ada";
    assert_eq!(rows(&mut peer), [row]);
    ask(&mut peer, Links::List);
    peer.hear(&[":srv INVITELINK END #lobby"]);
    let none = "There are no invite links into #lobby; /invite-link makes one.";
    assert_eq!(rows(&mut peer), [none]);
    peer.sent();
    ask(&mut peer, Links::Revoke("7".to_owned()));
    assert_eq!(peer.sent(), ["INVITELINK REVOKE #lobby 7"]);
    peer.hear(&[":srv INVITELINK REVOKED #lobby 7"]);
    let over = "Nobody comes into #lobby by link 7 any more.";
    assert_eq!(rows(&mut peer), [over]);
    peer.hear(&[":srv FAIL INVITELINK NO_SUCH_INVITE #lobby :This room has no such invite"]);
    assert_eq!(rows(&mut peer), ["This room has no such invite"]);
}
