//! Transcripts of what servers say again and again, or twice, and what is to be remembered of what they say.

use super::*;

#[test]
fn that_somebody_is_away_is_told_until_it_changes() {
    let mut peer = Peer::settled("away-notify");
    let gone = ":srv 301 ada bob :gone";
    peer.hear(&[gone, gone]);
    assert_eq!(rows(&mut peer), ["bob is away: gone"]);
    peer.hear(&[":srv 301 ada bob :at lunch", ":srv 301 ada bob :at lunch"]);
    assert_eq!(rows(&mut peer), ["bob is away: at lunch"]);
    peer.hear(&[
        ":bob!b@h AWAY",
        ":bob!b@h AWAY :at lunch",
        ":srv 301 ada bob :at lunch",
    ]);
    assert_eq!(rows(&mut peer), ["bob is away: at lunch"]);
}

#[test]
fn an_invitation_of_ours_is_told_once_whichever_line_comes_first() {
    let (answer, told) = (":srv 341 ada eve #lobby", ":ada!a@h INVITE eve #lobby");
    for lines in [[answer, told], [told, answer]] {
        let mut peer = Peer::settled("invite-notify");
        peer.hear(&lines);
        assert_eq!(peer.events().len(), 1, "{lines:?}");
        // The next one is another.
        peer.hear(&lines);
        assert_eq!(peer.events().len(), 1, "{lines:?}");
    }
}

#[test]
fn an_unknown_mode_is_told_once_in_words() {
    let mut peer = Peer::settled("");
    let unknown = ":srv 472 ada z :is an unknown mode character to me";
    peer.hear(&[unknown, unknown, unknown]);
    assert_eq!(rows(&mut peer), ["The server knows no mode z of rooms."]);
}

#[test]
fn the_key_of_a_room_that_was_seen_opens_it_after_a_lost_link() {
    let rules = "CHANTYPES=# PREFIX=(ov)@+ CHANMODES=b,k,l,mt";
    for (seen, joined) in [
        (
            ":ada!ada@host MODE #lobby +ok grace sesame",
            "JOIN #lobby sesame",
        ),
        (":srv 324 ada #lobby +ntk sesame", "JOIN #lobby sesame"),
        (":srv 324 ada #lobby +ntk *", "JOIN #lobby"),
    ] {
        let mut peer = Peer::new();
        peer.greet("", "ada", rules);
        peer.hear(&[":ada!ada@host JOIN #lobby", seen]);
        peer.relink();
        peer.sent();
        peer.greet("", "ada", rules);
        assert!(peer.sent().contains(&joined.to_owned()), "{seen}");
    }
    let mut peer = Peer::new();
    peer.greet("", "ada", rules);
    peer.hear(&[
        ":ada!ada@host JOIN #lobby",
        ":ada!ada@host MODE #lobby +k sesame",
        ":ada!ada@host MODE #lobby -k sesame",
    ]);
    peer.relink();
    peer.sent();
    peer.greet("", "ada", rules);
    assert!(peer.sent().contains(&"JOIN #lobby".to_owned()));
}

#[test]
fn a_ban_is_for_where_somebody_comes_from_if_that_is_known() {
    let mut peer = Peer::settled("");
    let mut ban = |lines: &[&str], change: &str, nick: &str| {
        peer.hear(lines);
        let mask = Command::Mask {
            room: "#lobby".into(),
            change: change.into(),
            before: "m:".into(),
            nick: nick.into(),
        };
        peer.session.command(mask, peer.now);
        peer.wait(10_000);
        let sent = peer.sent().into_iter();
        let sent: Vec<String> = sent.filter(|line| line.starts_with("MODE")).collect();
        sent
    };
    // Of whom only the nick was heard, only the nick is known.
    assert_eq!(ban(&[], "+b", "grace"), ["MODE #lobby +b m:grace!*@*"]);
    let spoke = [
        ":Bo!b@h.example PRIVMSG #lobby :hi",
        ":Bo!b@h.example NICK bot",
    ];
    assert_eq!(ban(&spoke, "+b", "Bot"), ["MODE #lobby +b m:*!*@h.example"]);
    let gone = [":bot!b@h.example QUIT :bye"];
    let off = ["MODE #lobby -b m:*!*@h.example", "MODE #lobby -b m:Bot!*@*"];
    assert_eq!(ban(&gone, "-b", "Bot"), off);
    assert_eq!(ban(&[], "+b", "Bo"), ["MODE #lobby +b m:Bo!*@*"]);
}
