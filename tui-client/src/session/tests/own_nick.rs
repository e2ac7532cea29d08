//! Our nick: had again when it is free, and not asked for without end.

use super::*;

#[test]
fn our_nick_is_had_again_when_our_old_link_goes() {
    let mut peer = Peer::new();
    peer.sent();
    peer.hear(&[":srv CAP * LS :", ":srv 433 * ada :in use"]);
    assert_eq!(peer.sent().last().unwrap(), "NICK ada_");
    peer.hear(&[
        ":srv 001 ada_ :Welcome",
        ":srv 005 ada_ CHANTYPES=# MONITOR=100 :are supported",
        ":srv 422 ada_ :no motd",
    ]);
    assert!(peer.sent().contains(&"MONITOR + ada".to_owned()));
    peer.events();
    peer.wait(20_000);
    assert_eq!(peer.sent(), ["NICK ada"]);
    peer.hear(&[":srv 433 ada_ ada :in use"]);
    assert!(peer.events().is_empty(), "that is known already");
    peer.hear(&[":srv 731 ada_ :ada!a@h"]);
    assert_eq!(peer.sent(), ["NICK ada"]);
    peer.hear(&[":ada_!a@h NICK ada"]);
    assert_eq!(peer.sent(), ["MONITOR - ada"]);
    peer.wait(20_000);
    assert!(peer.sent().is_empty());
}

#[test]
fn a_nick_that_somebody_else_has_is_not_asked_for_without_end() {
    let mut peer = Peer::new();
    peer.sent();
    peer.hear(&[
        ":srv 433 * ada :in use",
        ":srv 001 ada_ :Welcome",
        ":srv 422 ada_ :no motd",
    ]);
    peer.sent();
    let mut asked = 0;
    for _ in 0..60 {
        peer.wait(20_000);
        peer.hear(&["PING :x", ":srv 433 ada_ ada :in use"]);
        asked += peer
            .sent()
            .iter()
            .filter(|line| *line == "NICK ada")
            .count();
    }
    assert!((5..=9).contains(&asked), "{asked}");
    // When they go, it is ours.
    peer.hear(&[":ada!x@y QUIT :bye"]);
    assert_eq!(peer.sent(), ["NICK ada"]);
}

#[test]
fn a_nick_that_is_refused_is_not_wanted_any_longer() {
    let mut peer = Peer::settled("");
    let told = |peer: &mut Peer| -> Vec<String> {
        let told = peer.events().into_iter().filter_map(|event| match event {
            Event::ServerNotice { text, .. } => Some(text),
            _ => None,
        });
        told.collect()
    };
    let ask = |peer: &mut Peer, nick: &str| {
        peer.session.command(Command::Nick(nick.into()), peer.now);
        peer.sent()
    };
    assert_eq!(ask(&mut peer, "Grace"), ["NICK Grace"]);
    peer.hear(&[":srv 400 ada NICK :You must use your account name as your nickname"]);
    assert_eq!(
        told(&mut peer),
        ["That nick cannot be had: You must use your account name as your nickname"]
    );
    peer.wait(30_000);
    assert!(!peer.sent().contains(&"NICK Grace".to_owned()));
    ask(&mut peer, "lovelace");
    peer.hear(&[":ada!ada@host NICK lovelace"]);
    peer.relink();
    peer.sent();
    peer.greet("", "Guest1", "CHANTYPES=#");
    peer.wait(30_000);
    assert!(peer.sent().contains(&"NICK lovelace".to_owned()));
    peer.hear(&[":srv 400 Guest1 NICK :You must use your account name as your nickname"]);
    let told = told(&mut peer);
    assert_eq!(told, ["The server calls you Guest1, not lovelace."]);
    peer.wait(30_000);
    assert!(
        !peer.sent().contains(&"NICK lovelace".to_owned()),
        "it never will"
    );
}
