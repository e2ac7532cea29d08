//! Those with whom we talk alone, as the server is asked to watch them.

use super::super::whereabouts::Watched;
use super::*;

/// A peer on a server that says this of its MONITOR.
fn on(rule: &str) -> Peer {
    let mut peer = Peer::new();
    greet(&mut peer, rule);
    peer
}

fn greet(peer: &mut Peer, rule: &str) {
    peer.hear(&[
        ":srv CAP * LS :",
        ":srv 001 ada :Welcome",
        &format!(":srv 005 ada CHANTYPES=# {rule} :are supported"),
        ":srv 422 ada :no motd",
        ":ada!ada@host JOIN #lobby",
    ]);
}

fn watch(peer: &mut Peer, nicks: &[&str]) {
    let nicks = nicks.iter().map(|nick| (*nick).to_owned()).collect();
    peer.session.command(Command::Watch { nicks }, NOW);
}

fn seen(peer: &mut Peer) -> Vec<(String, bool)> {
    let seen = peer.events().into_iter().filter_map(|event| match event {
        Event::Watched(Watched { nick, is_here, .. }) => Some((nick, is_here)),
        _ => None,
    });
    seen.collect()
}

#[test]
fn whom_we_talk_with_is_watched_as_long_as_we_do() {
    let mut peer = on("MONITOR=100");
    peer.sent();
    watch(&mut peer, &["ken", "grace"]);
    assert_eq!(peer.sent(), ["MONITOR + grace,ken"]);
    watch(&mut peer, &["Ken", "bo"]);
    assert_eq!(peer.sent(), ["MONITOR - grace", "MONITOR + bo"]);
    peer.events();
    peer.hear(&[
        ":srv 730 ada :ken!k@h",
        ":srv 731 ada :bo,somebody",
        ":srv 731 ada :grace",
    ]);
    let told = [("ken".to_owned(), true), ("bo".to_owned(), false)];
    assert_eq!(seen(&mut peer), told);
}

#[test]
fn the_next_link_watches_anew() {
    let mut peer = on("MONITOR");
    watch(&mut peer, &["ken"]);
    peer.session.lost("cut", 0, NOW);
    watch(&mut peer, &["ken", "bo"]);
    peer.session.opened(Wire::default(), NOW);
    peer.sent();
    greet(&mut peer, "MONITOR=100");
    assert!(peer.sent().contains(&"MONITOR + bo,ken".to_owned()));
}

#[test]
fn nobody_is_watched_beyond_the_limit_or_where_the_server_cannot() {
    let mut peer = on("NICKLEN=20");
    peer.sent();
    watch(&mut peer, &["ken"]);
    assert!(peer.sent().is_empty());
    let mut peer = on("MONITOR=3");
    peer.sent();
    watch(&mut peer, &["ken", "bo", "grace"]);
    assert_eq!(peer.sent(), ["MONITOR + bo,ken"], "one is for our own nick");
    peer.events();
    peer.hear(&[
        ":srv 734 ada 3 bo :Monitor list is full",
        ":srv 731 ada :bo",
    ]);
    assert!(peer.events().is_empty());
}

#[test]
fn many_nicks_go_in_several_lines() {
    let mut peer = on("MONITOR=200");
    peer.sent();
    let nicks: Vec<String> = (0..60)
        .map(|number| format!("somebody{number:02}"))
        .collect();
    let nicks: Vec<&str> = nicks.iter().map(String::as_str).collect();
    watch(&mut peer, &nicks);
    let sent = peer.sent();
    assert_eq!(sent.len(), 2);
    assert!(sent.iter().all(|line| line.len() <= 510));
    let count: usize = sent.iter().map(|line| line.split(',').count()).sum();
    assert_eq!(count, 60);
}
