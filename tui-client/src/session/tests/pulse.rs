//! Whether the server answers: what is told of its silence, and how often a slow way is measured.
//! It must never wake a link at rest.

use super::*;

const ECHO: &str = ":ada!ada@host PRIVMSG #lobby :hi";

fn silences(peer: &mut Peer) -> Vec<Option<Millis>> {
    let told = peer.events().into_iter().filter_map(|event| match event {
        Event::Silent(since) => Some(since),
        _ => None,
    });
    told.collect()
}

/// Waits until there is something to do, as the shell does.
fn wait_until_due(peer: &mut Peer) {
    let due = peer.session.deadline().unwrap();
    peer.wait(due - peer.now);
}

#[test]
fn a_silence_is_told_of_while_an_answer_is_due_and_not_before() {
    let mut peer = Peer::settled("echo-message");
    assert_eq!(peer.session.deadline(), None, "nothing is due");
    peer.wait(1_000);
    peer.say(1, "hi");
    let sent = peer.now;
    wait_until_due(&mut peer);
    assert_eq!(silences(&mut peer), [Some(sent)]);
    assert_eq!(peer.now, sent + 5_000);
    wait_until_due(&mut peer);
    assert_eq!(silences(&mut peer), [], "the screen counts by itself");
    peer.hear(&[ECHO]);
    assert_eq!(silences(&mut peer), [None], "and hears of the end at once");
}

#[test]
fn who_says_anything_is_not_silent() {
    let mut peer = Peer::settled("echo-message");
    peer.say(1, "hi");
    peer.wait(4_000);
    peer.hear(&[":grace!g@host PRIVMSG #lobby :hello"]);
    peer.wait(4_000);
    assert_eq!(silences(&mut peer), []);
    peer.wait(1_000);
    assert_eq!(silences(&mut peer), [Some(NOW + 4_000)]);
}

#[test]
fn a_lost_link_ends_the_silence_by_itself() {
    let mut peer = Peer::settled("echo-message");
    peer.say(1, "hi");
    peer.wait(6_000);
    assert_eq!(silences(&mut peer), [Some(NOW)]);
    peer.relink();
    peer.hear(&[":srv 001 ada :hi", ":srv 422 ada :no motd"]);
    assert_eq!(silences(&mut peer), [], "a new link is told of as such");
}

#[test]
fn a_slow_way_is_measured_again_until_it_is_good() {
    let mut peer = Peer::settled("echo-message");
    peer.say(1, "hi");
    peer.wait(4_000);
    peer.hear(&[ECHO]);
    peer.sent();
    for pause in [1_000, 2_000, 4_000] {
        let before = peer.now;
        wait_until_due(&mut peer);
        assert_eq!(peer.now - before, pause);
        let ping = peer.sent().pop().unwrap();
        let token = ping.strip_prefix("PING ").unwrap().to_owned();
        peer.now += if pause == 4_000 { 20 } else { 1_500 };
        peer.events();
        peer.hear(&[&format!(":srv PONG srv :{token}")]);
    }
    assert_eq!(peer.events(), [Event::LagMeasured(20)]);
    assert_eq!(peer.session.deadline(), None, "nobody is woken any more");
}

#[test]
fn a_way_that_is_slow_by_nature_wakes_nobody_at_rest() {
    let mut peer = Peer::settled("echo-message");
    peer.say(1, "hi");
    peer.wait(4_000);
    peer.hear(&[ECHO]);
    peer.sent();
    let mut pings = 0;
    while peer.session.deadline().is_some() && pings < 100 {
        wait_until_due(&mut peer);
        let Some(ping) = peer.sent().pop() else {
            continue;
        };
        pings += 1;
        let token = ping.strip_prefix("PING ").unwrap().to_owned();
        peer.now += 1_500;
        peer.hear(&[&format!(":srv PONG srv :{token}")]);
    }
    assert_eq!(pings, 6, "after 1, 2, 4, 8, 16 and 32 seconds");
}

#[test]
fn who_does_something_after_a_long_rest_hears_whether_the_link_holds() {
    let mut peer = Peer::settled("echo-message message-tags");
    let typing = || Command::Typing {
        target: "#lobby".into(),
        state: event::Typing::Active,
    };
    peer.session.command(typing(), peer.now);
    assert_eq!(peer.sent().len(), 1, "the link was just heard");
    peer.wait(40_000);
    peer.session.command(typing(), peer.now);
    let sent = peer.sent();
    assert!(
        sent.iter().any(|line| line.starts_with("PING ")),
        "{sent:?}"
    );
    let asked = peer.now;
    wait_until_due(&mut peer);
    assert_eq!(silences(&mut peer), [Some(asked)]);
}
