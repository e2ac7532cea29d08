//! Transcripts of what people tell of themselves: subscribed to, told, asked for, set.

use super::super::profile::{Described, Key};
use super::*;

const EARLY: &str = "batch draft/metadata-2=before-connect,max-subs=3,max-keys=9";
const LATE: &str = "batch draft/metadata-2=maxsub=50";

fn asked(peer: &mut Peer) -> Vec<String> {
    let sent = peer.sent().into_iter();
    sent.filter(|line| line.starts_with("METADATA")).collect()
}

fn described(peer: &mut Peer) -> Vec<String> {
    let told = peer.events().into_iter().filter_map(|event| match event {
        Event::Described(Described { nick, key, value }) => {
            let value = value.unwrap_or_else(|| "-".to_owned());
            Some(format!("{nick} {}={value}", key.name()))
        }
        _ => None,
    });
    told.collect()
}

fn set(peer: &mut Peer, key: &str, value: &str) {
    let (key, value) = (key.to_owned(), value.to_owned());
    let now = peer.now;
    peer.session.command(Command::Metadata { key, value }, now);
}

/// A peer at a server that offers this, with what it sent since its capabilities were given.
fn greeted(offer: &str) -> (Peer, Vec<String>) {
    let mut peer = Peer::new();
    peer.hear(&[&format!(":srv CAP * LS :{offer}")]);
    let names = offer.split(' ').map(|word| word.split('=').next().unwrap());
    let names: Vec<&str> = names.collect();
    let names = names.join(" ");
    let request = peer.sent().pop().unwrap();
    assert_eq!(request, format!("CAP REQ :{names}"));
    peer.hear(&[&format!(":srv CAP * ACK :{names}")]);
    peer.hear(&[
        ":srv 001 ada :Welcome ada!ada@host",
        &format!(":srv 005 ada {RULES} :are supported"),
        ":srv 422 ada :no motd",
    ]);
    let sent = peer.sent();
    (peer, sent)
}

#[test]
fn what_matters_most_is_subscribed_to_in_the_greeting_as_far_as_the_server_takes_it() {
    let (_, sent) = greeted(EARLY);
    assert_eq!(
        sent,
        [
            "METADATA * SUB display-name status pronouns",
            "CAP END",
            "JOIN #lobby"
        ]
    );
}

#[test]
fn a_server_that_takes_it_only_afterwards_is_asked_before_the_rooms_are_entered() {
    let (mut peer, sent) = greeted(LATE);
    let all = "METADATA * SUB display-name status pronouns bot homepage avatar color";
    assert_eq!(sent, ["CAP END", all, "JOIN #lobby"]);
    peer.relink();
    peer.greet(LATE, "ada", RULES);
    assert_eq!(asked(&mut peer), [all]);
}

#[test]
fn of_two_editions_one_is_asked_for_and_without_batches_none() {
    let mut peer = Peer::new();
    peer.hear(&[":srv CAP * LS :batch draft/metadata-2 draft/metadata-3"]);
    assert_eq!(
        peer.sent().pop().unwrap(),
        "CAP REQ :batch draft/metadata-3"
    );
    let mut peer = Peer::new();
    peer.hear(&[":srv CAP * LS :draft/metadata-2"]);
    assert_eq!(peer.sent().pop().unwrap(), "CAP END");
    set(&mut peer, "status", "here");
    assert_eq!(peer.sent(), [""; 0]);
}

#[test]
fn what_is_told_is_told_on_and_what_nobody_knows_is_not() {
    let mut peer = Peer::settled(EARLY);
    peer.hear(&[
        ":srv BATCH +m metadata grace",
        "@batch=m :srv METADATA grace display-name * :Grace Hopper",
        "@batch=m :srv METADATA grace x-secret * :1",
        "@batch=m :srv METADATA #lobby url * :https://lobby.example",
        ":srv BATCH -m",
        ":srv 761 ada ken PRONOUNS * :he/him",
        ":srv 766 ada ken status :key not set",
        ":srv METADATA grace display-name * :",
        ":srv 761 * * status * :writing",
    ]);
    assert_eq!(
        described(&mut peer),
        [
            "grace display-name=Grace Hopper",
            "ken pronouns=he/him",
            "ken status=-",
            "grace display-name=-",
            "ada status=writing",
        ]
    );
}

#[test]
fn whois_tells_it_and_where_it_does_not_it_is_asked_for() {
    let mut peer = Peer::settled(EARLY);
    peer.hear(&[
        ":srv 311 ada grace g host * :Grace",
        ":srv 760 ada grace pronouns * :she/her",
        ":srv 760 ada grace im.xmpp * :grace@example.org",
        ":srv 318 ada grace :End",
    ]);
    assert_eq!(
        rows(&mut peer),
        [
            "grace is g@host (Grace)",
            "grace goes by she/her",
            "grace tells as im.xmpp: grace@example.org",
        ]
    );
    assert_eq!(asked(&mut peer), [""; 0]);
    peer.hear(&[":srv 311 ada ken k host * :Ken", ":srv 318 ada ken :End"]);
    assert_eq!(asked(&mut peer), ["METADATA ken LIST"]);
    peer.events();
    peer.hear(&[
        ":srv BATCH +l metadata ken",
        "@batch=l :srv 761 ada ken homepage * :https://ken.example",
        ":srv BATCH -l",
        // News, which nobody asked for.
        ":srv 761 ada ken status * :away from it all",
    ]);
    assert_eq!(rows(&mut peer), ["ken has a page: https://ken.example"]);
}

#[test]
fn ones_own_is_set_taken_away_and_listed() {
    let mut peer = Peer::settled(EARLY);
    set(&mut peer, "status", "reading: all of it");
    set(&mut peer, "status", "");
    set(&mut peer, "", "");
    assert_eq!(
        asked(&mut peer),
        [
            "METADATA * SET status :reading: all of it",
            "METADATA * SET status",
            "METADATA * LIST"
        ]
    );
    peer.hear(&[
        ":srv 761 ada * status * :reading: all of it",
        ":srv 766 ada ada status :key not set",
        ":srv FAIL METADATA KEY_NO_PERMISSION * avatar :You may not change that",
    ]);
    assert_eq!(
        rows(&mut peer),
        [
            "ada does this just now: reading: all of it",
            "ada tells no status",
            "avatar: You may not change that",
        ]
    );
}

#[test]
fn what_is_refused_and_nobody_asked_for_is_not_spoken_of() {
    let mut peer = Peer::settled(EARLY);
    peer.hear(&[
        ":srv FAIL METADATA TOO_MANY_SUBS pronouns :Too many subscriptions",
        ":srv 770 ada display-name status",
    ]);
    assert_eq!(rows(&mut peer), [""; 0]);
}

#[test]
fn what_the_server_puts_off_is_asked_for_when_it_says_and_never_faster_than_in_steps() {
    let mut peer = Peer::settled(EARLY);
    peer.hear(&[":srv 774 * *ALL 0 :Try again later"]);
    assert_eq!(asked(&mut peer), ["METADATA *ALL SYNC"]);
    peer.hear(&[
        ":srv 774 * *ALL 0 :Try again later",
        ":srv 774 ada #lobby 4",
        ":srv 774 ada #elsewhere",
    ]);
    assert_eq!(asked(&mut peer), [""; 0]);
    peer.wait(1_999);
    assert_eq!(asked(&mut peer), [""; 0]);
    peer.wait(1);
    assert_eq!(asked(&mut peer), ["METADATA *ALL SYNC"]);
    peer.wait(2_000);
    assert_eq!(asked(&mut peer), ["METADATA #lobby SYNC"]);
    peer.wait(60_000);
    assert_eq!(asked(&mut peer), [""; 0]);
}

#[test]
fn every_key_has_a_name_of_its_own() {
    for key in Key::ALL {
        assert_eq!(Key::from_name(key.name()), Some(key));
    }
}
