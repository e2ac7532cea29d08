//! Transcripts of the list of rooms: what is asked of which server.

use super::super::listing::Listing;
use super::*;

/// A peer at a server with these rules and so many rooms.
fn at(rules: &str, rooms: u32) -> Peer {
    let mut peer = Peer::new();
    peer.hear(&[
        ":srv CAP * LS :batch",
        ":srv CAP * ACK :batch",
        ":srv 001 ada :Welcome",
        &format!(":srv 005 ada CHANTYPES=# {rules} :are supported"),
        &format!(":srv 254 ada {rooms} :channels formed"),
        ":srv 422 ada :no motd",
    ]);
    peer.sent();
    peer.events();
    peer
}

fn ask(peer: &mut Peer, mask: &str) -> Vec<String> {
    let mask = mask.to_owned();
    peer.session.command(Command::List { mask }, peer.now);
    peer.sent()
}

fn told(peer: &mut Peer) -> Vec<Listing> {
    let events = peer.events().into_iter();
    let told = events.filter_map(|event| match event {
        Event::Listing(listing) => Some(listing),
        _ => None,
    });
    told.collect()
}

#[test]
fn a_small_network_is_asked_for_all() {
    let mut peer = at("ELIST=CMNTU SAFELIST", 900);
    assert_eq!(ask(&mut peer, ""), ["LIST"]);
    peer.hear(&[
        ":srv 321 ada Channel :Users Name",
        ":srv 322 ada #tea 12 :[+nt] four o'clock",
        ":srv 322 ada #quiet x",
        ":srv 323 ada :End of /LIST",
    ]);
    let room = |room: &str, members, topic: &str| Listing::Room {
        room: room.to_owned(),
        members,
        topic: topic.to_owned(),
    };
    assert_eq!(
        told(&mut peer),
        [
            Listing::Asked { least: 0 },
            room("#tea", 12, "[+nt] four o'clock"),
            room("#quiet", 0, ""),
            Listing::Ended(None),
        ]
    );
}

#[test]
fn a_large_network_is_asked_for_its_largest_rooms_unless_a_pattern_is_given() {
    let mut peer = at("ELIST=CMNTU SAFELIST", 22_123);
    assert_eq!(ask(&mut peer, ""), ["LIST >19"]);
    assert_eq!(told(&mut peer), [Listing::Asked { least: 20 }]);
    assert_eq!(ask(&mut peer, "*rust*"), ["LIST *rust*"]);
    assert_eq!(told(&mut peer), [Listing::Asked { least: 0 }]);
    assert_eq!(ask(&mut at("ELIST=U", 6_000), ""), ["LIST >9"]);
    assert_eq!(ask(&mut at("ELIST=MN SAFELIST", 22_123), ""), ["LIST"]);
}

#[test]
fn a_server_that_would_end_the_link_is_not_asked_for_everything() {
    let mut peer = at("", 22_123);
    assert_eq!(ask(&mut peer, ""), Vec::<String>::new());
    assert!(
        matches!(told(&mut peer).as_slice(), [Listing::Ended(Some(why))] if why.contains("/list *WORD*"))
    );
    assert_eq!(ask(&mut peer, "*tea*"), ["LIST *tea*"]);
}

#[test]
fn a_list_that_ends_early_says_why() {
    for line in [
        ":srv 416 ada LIST :output too large, truncated",
        ":srv 263 ada LIST :output too large, truncated",
    ] {
        let mut peer = at("", 10);
        ask(&mut peer, "");
        peer.hear(&[line]);
        let why = Listing::Ended(Some("output too large, truncated".to_owned()));
        assert_eq!(told(&mut peer).last(), Some(&why));
    }
}
