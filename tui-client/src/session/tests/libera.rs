//! Transcripts of what solanum, as on Libera.Chat, and Ergo say that parlord does not.

use super::*;

fn told(peer: &mut Peer) -> Vec<(Option<String>, String)> {
    let events = peer.events().into_iter();
    let told = events.filter_map(|event| match event {
        Event::ServerNotice { window, text, .. } | Event::Listed { window, text, .. } => {
            Some((window, text))
        }
        _ => None,
    });
    told.collect()
}

fn lost(peer: &mut Peer) -> (Option<Millis>, Vec<Event>) {
    let pause = peer.session.lost("the server closed the link", 0, peer.now);
    (pause, peer.events())
}

fn again(peer: &mut Peer) {
    peer.session.opened(Wire::default(), peer.now);
    peer.hear(&[":srv 001 ada :Welcome", ":srv 422 ada :no motd"]);
}

#[test]
fn many_rooms_are_entered_by_few_lines() {
    let mut peer = Peer::settled("");
    let rooms = (0..24).map(|number| (format!("#room{number:02}"), None));
    let locked = [("#locked".to_owned(), Some("key".to_owned()))];
    for (room, key) in rooms.chain(locked) {
        peer.session.command(Command::Join { room, key }, peer.now);
    }
    peer.sent();
    lost(&mut peer);
    again(&mut peer);
    let sent = peer.sent().into_iter();
    let joins: Vec<String> = sent.filter(|line| line.starts_with("JOIN ")).collect();
    assert_eq!(joins.len(), 4, "{joins:?}");
    assert!(joins[0].starts_with("JOIN #lobby,#room00,#room01,"));
    assert_eq!(joins[3], "JOIN #locked key");
}

#[test]
fn a_room_for_accounts_lets_us_in_once_we_have_one() {
    let mut peer = Peer::settled("");
    let room = "#members".to_owned();
    peer.session
        .command(Command::Join { room, key: None }, peer.now);
    peer.sent();
    peer.hear(&[":srv 477 ada #members :Cannot join channel (+r)"]);
    let events = peer.events();
    assert!(
        matches!(&events[0], Event::JoinRefused { reason, .. } if reason.contains("logged in"))
    );
    peer.hear(&[":srv 900 ada ada!a@h ada :You are now logged in as ada."]);
    assert_eq!(peer.sent(), ["JOIN #members"]);
    peer.hear(&[":srv 900 ada ada!a@h ada2 :You are now logged in as ada2."]);
    assert_eq!(peer.sent(), Vec::<String>::new(), "once");
}

#[test]
fn another_host_leaves_other_space_for_text() {
    let mut peer = Peer::settled("");
    peer.hear(&[":srv 396 ada user/ada :is now your hidden host (set by services.)"]);
    let events = peer.events();
    let facts = events.iter().find_map(|event| match event {
        Event::Facts(facts) => Some(facts.target_and_text_bytes_max),
        _ => None,
    });
    let frame = ":ada!~ada@user/ada PRIVMSG  :\r\n".len();
    assert_eq!(facts, Some(512 - frame));
}

#[test]
fn what_is_about_a_room_stands_in_it() {
    let mut peer = Peer::settled("");
    peer.hear(&[
        ":services. 328 ada #lobby :https://tea.example",
        ":srv 710 ada #lobby bo!b@h :has asked for an invite.",
        ":srv 742 ada #lobby n n :MODE cannot be set due to channel having an active MLOCK",
    ]);
    let told = told(&mut peer);
    assert!(
        told.iter()
            .all(|(window, _)| window.as_deref() == Some("#lobby")),
        "{told:?}"
    );
    let texts: Vec<&str> = told.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(
        texts,
        [
            "#lobby has a page: https://tea.example",
            "bo asks to be let in; /invite bo does it",
            "#lobby n n: MODE cannot be set due to channel having an active MLOCK",
        ]
    );
}

#[test]
fn who_may_not_write_to_us_is_told_of_and_how_to_let_them() {
    let mut peer = Peer::settled("");
    peer.hear(&[
        ":srv 718 ada bo b@h :is messaging you, and you have umode +g.",
        ":srv 717 ada carol :has been informed that you messaged them.",
        ":srv 281 ada bo",
        ":srv 282 ada :End of /ACCEPT list.",
    ]);
    assert_eq!(
        told(&mut peer),
        [
            (
                None,
                "bo wants to write to you; /accept bo lets them".to_owned()
            ),
            (
                Some("carol".to_owned()),
                "carol was told that you want to write to them".to_owned()
            ),
            (None, "They may write to you: bo".to_owned()),
        ]
    );
}

#[test]
fn a_message_that_was_dropped_has_failed() {
    let mut peer = Peer::settled("");
    peer.say(1, "hello");
    peer.hear(&[":srv 707 ada #lobby :Targets changing too fast, message dropped"]);
    let is_it = |event: &Event| matches!(event, Event::Refused { reason, .. } if reason.contains("too many people"));
    assert!(peer.events().iter().any(is_it));
}

#[test]
fn who_is_banned_stays_away_until_the_user_tries_again() {
    let mut peer = Peer::settled("");
    peer.hear(&["ERROR :Closing Link: 192.0.2.1 (K-Lined)"]);
    let (pause, events) = lost(&mut peer);
    assert_eq!(pause, None);
    assert!(
        matches!(events.last(), Some(Event::Link(Link::Refused { reason }))
        if reason.contains("K-Lined") && reason.contains("/connect"))
    );
}

#[test]
fn who_was_too_fast_waits_longer() {
    let mut peer = Peer::settled("");
    peer.hear(&["ERROR :Closing Link: h (Excess Flood)"]);
    assert!(lost(&mut peer).0 >= Some(60_000));
}

#[test]
fn a_link_that_ends_soon_each_time_is_made_less_and_less_often() {
    let mut peer = Peer::settled("");
    peer.now += 3_600_000;
    let mut pauses = Vec::new();
    for _ in 0..4 {
        pauses.extend(lost(&mut peer).0);
        again(&mut peer);
        peer.now += 5_000;
    }
    assert_eq!(pauses, [1_000, 2_000, 4_000, 8_000]);
    peer.now += 60_000;
    assert_eq!(lost(&mut peer).0, Some(1_000));
}
