//! What programs ask each other: our questions, and what is offered and not done.

use super::*;

fn ask(peer: &mut Peer, verb: &str) {
    let (nick, verb) = ("ken".to_owned(), verb.to_owned());
    peer.session.command(Command::Ctcp { nick, verb }, peer.now);
}

#[test]
fn an_answer_is_shown_where_one_asked_and_a_ping_is_measured() {
    let mut peer = Peer::settled(MODERN);
    ask(&mut peer, "ping");
    assert_eq!(peer.sent(), ["PRIVMSG ken :\u{1}PING 1000000\u{1}"]);
    ask(&mut peer, "VERSION");
    assert_eq!(peer.sent(), ["PRIVMSG ken :\u{1}VERSION\u{1}"]);
    peer.hear(&[":ada!ada@host PRIVMSG ken :\u{1}VERSION\u{1}"]);
    peer.now += 84;
    peer.hear(&[
        ":Ken!k@h NOTICE ada :\u{1}PING 1000000\u{1}",
        ":Ken!k@h NOTICE ada :\u{1}VERSION irssi 1.4\u{1}",
    ]);
    let expected = [
        "Ken answers PING after 84 ms",
        "Ken answers VERSION: irssi 1.4",
    ];
    assert_eq!(rows(&mut peer), expected);
    // Nobody asked for that one: it is no business of the open window.
    peer.hear(&[":ken!k@h NOTICE ada :\u{1}PING 1000000\u{1}"]);
    let events = peer.events();
    assert!(
        matches!(&events[..], [Event::ServerNotice { window: None, .. }]),
        "{events:?}"
    );
}

#[test]
fn what_is_offered_by_dcc_is_named_and_refused() {
    let mut peer = Peer::settled(MODERN);
    peer.hear(&[":ken!k@h PRIVMSG ada :\u{1}DCC SEND \"my cat.png\" 2130706433 5000 1234\u{1}"]);
    assert_eq!(
        peer.sent(),
        ["NOTICE ken :\u{1}DCC REJECT SEND my cat.png\u{1}"]
    );
    let told = "ken offers the file my cat.png by DCC. Parlor does not do that, and has said no.";
    assert_eq!(rows(&mut peer), [told]);
    peer.hear(&[":ken!k@h PRIVMSG ada :\u{1}DCC WHATEVER\u{1}"]);
    assert!(peer.sent().is_empty() && rows(&mut peer).is_empty());
}
