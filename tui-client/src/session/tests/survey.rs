//! Transcripts of the survey of rooms: WHO and WHOX, and who is a bot.

use super::super::whereabouts::Surveyed;
use super::*;

const CAPS: &str = "away-notify account-notify message-tags batch";

/// A peer in #lobby at a server with these rules.
fn surveying(rules: &str) -> Peer {
    let mut peer = Peer::new();
    peer.hear(&[&format!(":srv CAP * LS :{CAPS}")]);
    peer.hear(&[&format!(":srv CAP * ACK :{CAPS}")]);
    peer.hear(&[
        ":srv 001 ada :Welcome",
        &format!(":srv 005 ada CHANTYPES=# {rules} :are supported"),
        ":srv 422 ada :no motd",
    ]);
    peer.sent();
    enter(&mut peer, "#lobby");
    peer
}

fn enter(peer: &mut Peer, room: &str) {
    peer.hear(&[
        &format!(":ada!ada@host JOIN {room}"),
        &format!(":srv 353 ada = {room} :@ada grace rss"),
        &format!(":srv 366 ada {room} :End"),
    ]);
}

fn found(peer: &mut Peer) -> Vec<Surveyed> {
    let events = peer.events().into_iter();
    let found = events.filter_map(|event| match event {
        Event::Surveyed(found) => Some(found),
        _ => None,
    });
    found.collect()
}

fn asked(peer: &mut Peer) -> Vec<String> {
    let sent = peer.sent().into_iter();
    sent.filter(|line| line.starts_with("WHO ")).collect()
}

#[test]
fn a_room_is_asked_for_away_accounts_and_bots_in_one_answer() {
    let mut peer = surveying("WHOX BOT=B");
    assert_eq!(asked(&mut peer), ["WHO #lobby %tcnfa,723"]);
    peer.hear(&[
        ":srv 354 ada 723 #lobby ada H@ ada",
        ":srv 354 ada 723 #lobby grace G 0",
        ":srv 354 ada 723 #lobby rss HB feeds",
        ":srv 315 ada #lobby :End of /WHO list.",
    ]);
    let told = found(&mut peer);
    let [one] = told.as_slice() else {
        panic!("{told:?}")
    };
    assert!(one.has_accounts);
    let told = one.members.iter();
    let told: Vec<_> = told
        .map(|member| {
            let account = member.account.as_deref().unwrap_or("-");
            format!(
                "{} {} {account} {}",
                member.nick, member.is_away, member.is_bot
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "ada false ada false",
            "grace true - false",
            "rss false feeds true"
        ]
    );
    // Rows that somebody asked for by hand are answers.
    peer.hear(&[":srv 354 ada 9 #lobby grace", ":srv 315 ada #lobby :End"]);
    let rows = peer.events();
    assert!(matches!(
        rows.as_slice(),
        [Event::Listed { .. }, Event::Listed { .. }]
    ));
}

#[test]
fn a_server_without_whox_is_asked_as_ever_and_says_nothing_of_accounts() {
    let mut peer = surveying("BOT=B");
    assert_eq!(asked(&mut peer), ["WHO #lobby"]);
    peer.hear(&[
        ":srv 352 ada #lobby u h srv grace G :0 Grace",
        ":srv 352 ada #lobby u h srv rss HB :0 News",
        ":srv 315 ada #lobby :End of /WHO list.",
    ]);
    let told = found(&mut peer);
    assert!(!told[0].has_accounts);
    assert!(told[0].members[0].is_away && told[0].members[1].is_bot);
}

#[test]
fn rooms_are_asked_about_one_at_a_time_and_slowly() {
    let mut peer = surveying("WHOX");
    for room in ["#one", "#two"] {
        enter(&mut peer, room);
    }
    assert_eq!(asked(&mut peer), ["WHO #lobby %tcnfa,723"]);
    peer.hear(&[":srv 315 ada #lobby :End"]);
    assert_eq!(asked(&mut peer), Vec::<String>::new());
    peer.wait(2_000);
    assert_eq!(asked(&mut peer), ["WHO #one %tcnfa,723"]);
    // A busy server is left alone for a while.
    peer.hear(&[":srv 263 ada WHO :This command could not be completed"]);
    peer.wait(29_000);
    assert_eq!(asked(&mut peer), Vec::<String>::new());
    peer.wait(1_000);
    assert_eq!(asked(&mut peer), ["WHO #one %tcnfa,723"]);
    // An answer that never ends holds nothing up for ever.
    peer.wait(60_000);
    assert_eq!(asked(&mut peer), ["WHO #two %tcnfa,723"]);
    peer.hear(&[":srv 315 ada #two :End"]);
    peer.session.lost("gone", 0, peer.now);
    assert_eq!(found(&mut peer).len(), 2);
}

#[test]
fn a_very_large_room_is_not_asked_about() {
    let mut peer = surveying("WHOX BOT=B");
    peer.hear(&[":srv 315 ada #lobby :End"]);
    peer.wait(5_000);
    peer.sent();
    peer.hear(&[":ada!ada@host JOIN #crowd"]);
    for number in 0..60 {
        let names: Vec<String> = (0..10).map(|one| format!("m{number}x{one}")).collect();
        peer.hear(&[&format!(":srv 353 ada = #crowd :{}", names.join(" "))]);
    }
    peer.hear(&[":srv 366 ada #crowd :End"]);
    peer.wait(5_000);
    assert_eq!(asked(&mut peer), Vec::<String>::new());
}

#[test]
fn a_program_is_told_of_once_until_somebody_else_has_its_nick() {
    let bots = |peer: &mut Peer| {
        let events = peer.events().into_iter();
        let bots = events.filter_map(|event| match event {
            Event::BotSeen(nick) => Some(nick),
            _ => None,
        });
        bots.collect::<Vec<_>>()
    };
    let mut peer = surveying("BOT=B");
    peer.hear(&[
        "@bot :rss!r@h PRIVMSG #lobby :news",
        "@bot :rss!r@h PRIVMSG #lobby :more",
    ]);
    assert_eq!(bots(&mut peer), ["rss"]);
    peer.hear(&[
        ":rss!r@h NICK feed",
        "@inspircd.org/bot :feed!r@h NOTICE #lobby :news",
        ":srv 335 ada tea :is a Bot on Net",
    ]);
    assert_eq!(bots(&mut peer), ["tea"]);
    peer.hear(&[
        ":feed!r@h QUIT :bye",
        "@bot :feed!r@h PRIVMSG #lobby :again",
    ]);
    assert_eq!(bots(&mut peer), ["feed"]);
}

#[test]
fn the_survey_of_another_parlor_behind_the_same_bouncer_is_not_shown() {
    let mut peer = surveying("WHOX BOT=B");
    let answer = [
        ":srv 354 ada 723 #lobby ada H@ ada",
        ":srv 354 ada 723 #lobby grace H 0",
        ":srv 315 ada #lobby :End of /WHO list.",
    ];
    peer.hear(&answer);
    peer.events();
    peer.hear(&answer);
    assert_eq!(peer.events(), []);
    // What somebody asks by hand afterwards has its end.
    peer.hear(&[
        ":srv 352 ada #lobby u h srv grace H :0 Grace",
        ":srv 315 ada #lobby :End",
    ]);
    assert_eq!(rows(&mut peer).len(), 2);
}
