//! Transcripts of a bouncer that is told to have other networks.

use super::super::command::Bouncer;
use super::super::link::Upstream;
use super::*;

fn root(caps: &str) -> Peer {
    let mut peer = Peer::settled(caps);
    peer.events();
    peer.sent();
    peer
}

fn ask(peer: &mut Peer, what: Bouncer) -> Vec<String> {
    peer.session.command(Command::Bouncer(what), peer.now);
    peer.sent()
}

fn pairs(of: &[(&str, &str)]) -> Vec<(String, String)> {
    let pairs = of.iter();
    pairs
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect()
}

fn notices(peer: &mut Peer) -> Vec<String> {
    let events = peer.events().into_iter();
    let notices = events.filter_map(|event| match event {
        Event::ServerNotice { text, .. } => Some(text),
        _ => None,
    });
    notices.collect()
}

#[test]
fn networks_are_added_changed_and_taken_away_there() {
    let mut peer = root("batch soju.im/bouncer-networks soju.im/bouncer-networks-notify");
    let attributes = pairs(&[("name", "My Net"), ("host", "irc.example"), ("pass", "a;b")]);
    assert_eq!(
        ask(&mut peer, Bouncer::Add { attributes }),
        ["BOUNCER ADDNETWORK name=My\\sNet;host=irc.example;pass=a\\:b"]
    );
    peer.hear(&[
        ":b BOUNCER ADDNETWORK 7",
        ":b BOUNCER NETWORK 7 name=My\\sNet",
    ]);
    let events = peer.events();
    assert!(matches!(&events[0], Event::ServerNotice { text, .. } if text.contains("one more")));
    assert!(matches!(&events[1], Event::Bouncer(Upstream::There { netid, .. }) if netid == "7"));
    let change = Bouncer::Change {
        netid: "7".into(),
        attributes: pairs(&[("nickname", "ada")]),
    };
    assert_eq!(
        ask(&mut peer, change),
        ["BOUNCER CHANGENETWORK 7 nickname=ada"]
    );
    let remove = || Bouncer::Remove { netid: "7".into() };
    assert_eq!(ask(&mut peer, remove()), ["BOUNCER DELNETWORK 7"]);
    assert_eq!(peer.sent(), Vec::<String>::new());
    // Where nobody tells of changes they are asked for.
    let mut peer = root("batch soju.im/bouncer-networks");
    peer.hear(&[":b BOUNCER ADDNETWORK 7"]);
    assert_eq!(peer.sent(), ["BOUNCER LISTNETWORKS"]);
    peer.events();
    peer.hear(&[":b BOUNCER DELNETWORK 7"]);
    let gone = Event::Bouncer(Upstream::Gone { netid: "7".into() });
    assert_eq!(peer.events().last(), Some(&gone));
}

#[test]
fn what_it_refuses_is_said_in_plain_words() {
    let mut peer = root("batch standard-replies soju.im/bouncer-networks");
    peer.hear(&[
        ":b FAIL BOUNCER INVALID_NETID DELNETWORK 9 :Invalid network ID",
        ":b FAIL BOUNCER UNKNOWN_ATTRIBUTE ADDNETWORK * colour :Unknown attribute",
        ":b FAIL BOUNCER READ_ONLY_ATTRIBUTE CHANGENETWORK 7 state :Read-only",
        ":b FAIL BOUNCER NEED_ATTRIBUTE ADDNETWORK * host :Missing",
        ":b FAIL BOUNCER INVALID_ATTRIBUTE ADDNETWORK * port :not a number",
        ":b FAIL BOUNCER UNKNOWN_ERROR ADDNETWORK :too many networks",
    ]);
    assert_eq!(
        notices(&mut peer),
        [
            "The network was not taken away: the bouncer has no such network.",
            "The network was not added: this bouncer does not know colour.",
            "The network was not changed: state cannot be changed.",
            "The network was not added: host is missing.",
            "The network was not added: port cannot be that (not a number).",
            "The network was not added: too many networks.",
        ]
    );
}
