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

#[test]
fn a_bouncer_lists_its_networks_and_leads_to_one_before_the_greeting_ends() {
    const CAPS: &str = "batch soju.im/bouncer-networks soju.im/bouncer-networks-notify";
    let mut peer = Peer::new();
    peer.sent();
    peer.greet(CAPS, "ada", "CHANTYPES=#");
    assert!(!peer.sent().iter().any(|line| line.starts_with("BOUNCER")));
    assert!(
        peer.events()
            .iter()
            .any(|event| matches!(event, Event::Facts(facts) if facts.is_bouncer))
    );
    peer.hear(&[
        ":b BATCH +1 soju.im/bouncer-networks",
        "@batch=1 :b BOUNCER NETWORK 42 name=My\\sNet;state=connected;new=x",
        "@batch=1 :b BOUNCER NETWORK 43 host=irc.example;state=disconnected;error=no\\sroute",
        ":b BATCH -1",
        ":b BOUNCER NETWORK 42 *",
    ]);
    let told = |netid: &str, name: &str, trouble: Option<&str>| {
        Event::Bouncer(Upstream::There {
            netid: netid.into(),
            name: Some(name.into()),
            trouble: trouble.map(str::to_owned),
        })
    };
    assert_eq!(
        peer.events(),
        [
            told("42", "My Net", None),
            told("43", "irc.example", Some("no route")),
            Event::Bouncer(Upstream::Gone { netid: "42".into() }),
        ]
    );

    // Without the notices it is asked, and where a name has led us on already nothing is.
    let mut peer = Peer::new();
    peer.greet("batch soju.im/bouncer-networks", "ada", "CHANTYPES=#");
    assert!(peer.sent().contains(&"BOUNCER LISTNETWORKS".to_owned()));
    let mut peer = Peer::new();
    peer.greet(CAPS, "ada", "CHANTYPES=# BOUNCER_NETID=7");
    peer.sent();
    peer.events();
    peer.hear(&[":b BOUNCER NETWORK 42 name=a"]);
    assert!(peer.events().is_empty());

    let mut peer = Peer::new();
    peer.session.state.settings.netid = Some("42".into());
    peer.sent();
    peer.hear(&[&format!(":srv CAP * LS :{CAPS}")]);
    assert_eq!(peer.sent(), ["CAP REQ :batch soju.im/bouncer-networks"]);
    peer.hear(&[":srv CAP * ACK :batch soju.im/bouncer-networks"]);
    assert_eq!(peer.sent(), ["BOUNCER BIND 42", "CAP END"]);
    peer.hear(&[":b FAIL BOUNCER INVALID_NETID BIND 42 :Network not found"]);
    assert!(
        peer.session
            .take_close()
            .unwrap()
            .contains("Network not found")
    );
}
