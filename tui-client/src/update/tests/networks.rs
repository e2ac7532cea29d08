//! Several networks at once: what happens on one leaves the others alone.
//! It must never look at cells; the screens have their own tests.

use super::texts;
use crate::effect::Effect;
use crate::ids::NetworkId;
use crate::model::network::{NETWORKS_MAX, Settings};
use crate::msg::Msg;
use crate::session::command::Command;
use crate::session::event::{Event, OwnId, Severity};
use crate::session::link::{Connected, Facts, Link, Upstream};
use crate::stage::{Stage, message};
use crate::window::{Kind, Place};

fn settings(name: &str) -> Settings {
    Settings {
        name: name.into(),
        host: format!("irc.{name}.example"),
        port: 6697,
        nick: "ada".into(),
        rooms: vec!["#lobby".into()],
        join_at_start: true,
        bound: None,
    }
}

fn up(stage: &mut Stage, on: NetworkId, nick: &str) {
    stage.hear_on(
        on,
        Event::Facts(Facts {
            has_history: true,
            ..Facts::default()
        }),
    );
    linked(stage, on, nick);
}

fn linked(stage: &mut Stage, on: NetworkId, nick: &str) {
    stage.hear_on(
        on,
        Event::Link(Link::Connected(Connected {
            nick: nick.into(),
            is_encrypted: true,
            server: "srv".into(),
            network: "Net".into(),
            has_echo: true,
        })),
    );
}

fn two() -> (Stage, NetworkId) {
    let mut stage = Stage::in_lobby();
    let on = stage.model.add_network(settings("libera")).unwrap();
    (stage, on)
}

fn go(stage: &mut Stage, on: NetworkId, room: &str) {
    let id = stage.model.named(on, room).unwrap().id;
    crate::deeds::go(&mut stage.model, &mut stage.effects, id);
}

/// To whom each effect goes, of those that go to a network.
fn asked(stage: &mut Stage) -> Vec<(NetworkId, Command)> {
    let asked = stage.effects.drain(..).filter_map(|effect| match effect {
        Effect::Send(on, command) => Some((on, command)),
        _ => None,
    });
    asked.collect()
}

#[test]
fn each_network_enters_its_own_rooms() {
    let (mut stage, on) = two();
    up(&mut stage, on, "ada_");
    let room = "#lobby".to_owned();
    let join = Command::Join { room, key: None };
    assert_eq!(asked(&mut stage), [(on, join)]);
    assert_eq!(stage.model.networks.get(on).nick, "ada_");
    assert_eq!(stage.model.networks.get(NetworkId::FIRST).nick, "ada");
    let here = stage.model.named(NetworkId::FIRST, "#lobby").unwrap();
    assert_eq!(here.place, Place::Inside, "that is another #lobby");
}

#[test]
fn rooms_and_people_of_one_name_are_not_mixed() {
    let (mut stage, on) = two();
    up(&mut stage, on, "ada");
    stage.say("14:02", "grace", "here");
    let now = stage.now;
    for (on, text) in [(on, "there"), (NetworkId::FIRST, "psst")] {
        let target = if text == "psst" { "grace" } else { "#lobby" };
        stage.hear_on(on, Event::Message(message(target, "grace", text, now)));
    }
    assert_eq!(texts(&stage), ["grace: here"]);
    let there = stage.model.named(on, "#lobby").unwrap();
    assert_eq!((there.unread, there.network), (1, on));
    assert!(stage.model.named(on, "grace").is_none());
    assert!(stage.model.named(NetworkId::FIRST, "grace").is_some());
    stage.hear_on(
        on,
        Event::Quit {
            nick: "ken".into(),
            reason: String::new(),
            split: None,
            at: now,
        },
    );
    let here = stage.model.named(NetworkId::FIRST, "#lobby").unwrap();
    assert!(here.roster.get("ken").is_some(), "another ken went");
}

#[test]
fn what_is_written_goes_to_the_network_of_the_open_window() {
    let (mut stage, on) = two();
    up(&mut stage, on, "ada");
    stage.hear_on(
        on,
        Event::Joined {
            room: "#lobby".into(),
            nick: "ada".into(),
            account: None,
            is_own: true,
            at: 0,
        },
    );
    go(&mut stage, on, "#lobby");
    stage.effects.clear();
    stage.keys("hi<enter>/nick eve<enter>/ignore ken<enter>");
    let asked = asked(&mut stage);
    assert!(
        matches!(&asked[..], [(one, Command::Say(_)), (two, Command::Nick(_))]
        if *one == on && *two == on)
    );
    assert!(stage.model.networks.get(on).ignored.contains("ken"));
    let home = stage.model.networks.get(NetworkId::FIRST);
    assert!(home.ignored.is_empty());
    // Numbers of earlier runs begin alike on every network.
    let reason = "no".to_owned();
    let own_id = OwnId(1);
    stage.hear_on(NetworkId::FIRST, Event::Refused { own_id, reason });
    assert!(stage.model.toast.is_none(), "it is not theirs");
}

#[test]
fn trouble_of_another_network_stays_in_its_own_window() {
    let (mut stage, on) = two();
    up(&mut stage, on, "ada");
    stage.hear_on(
        on,
        Event::ServerNotice {
            severity: Severity::Error,
            window: None,
            text: "No such nick".into(),
            at: 0,
        },
    );
    stage.hear_on(
        on,
        Event::Link(Link::Lost {
            reason: "it fell".into(),
            attempt: 1,
            retry_at: 0,
        }),
    );
    assert!(texts(&stage).is_empty());
    assert!(stage.model.network().is_connected());
    let server = stage.model.server(on);
    let window = stage.model.window(server).unwrap();
    assert_eq!(window.scrollback.len(), 2);
}

#[test]
fn windows_stand_by_network_and_one_network_is_as_before() {
    let (mut stage, on) = two();
    let kinds = |stage: &Stage| -> Vec<(NetworkId, Kind)> {
        let windows = stage.model.windows.iter();
        windows
            .map(|window| (window.network, window.kind))
            .collect()
    };
    let first = NetworkId::FIRST;
    let both = [
        (first, Kind::Server),
        (first, Kind::Room),
        (on, Kind::Server),
        (on, Kind::Room),
    ];
    assert_eq!(kinds(&stage), both);
    go(&mut stage, on, "#lobby");
    stage.keys("/network remove LIBERA<enter>");
    assert!(stage.effects.contains(&Effect::Forget(on)));
    assert_eq!(kinds(&stage), [(first, Kind::Room), (first, Kind::Server)]);
    assert_eq!(stage.model.on(), first);
    up(&mut stage, on, "eve");
    assert_eq!(
        stage.model.network().nick,
        "ada",
        "its last words mean nothing"
    );
}

#[test]
fn networks_are_added_and_left_by_commands() {
    let mut stage = Stage::in_lobby();
    stage.keys("/connect irc.libera.chat<enter>");
    let on = stage.model.on();
    assert_ne!(on, NetworkId::FIRST);
    let dialled = stage.effects.iter().find_map(|effect| match effect {
        Effect::Dial(on, settings) => Some((*on, settings.host.clone(), settings.port)),
        _ => None,
    });
    assert_eq!(dialled, Some((on, "irc.libera.chat".into(), 6697)));
    up(&mut stage, on, "ada");
    stage.effects.clear();
    stage.keys("/disconnect<enter>");
    assert!(stage.effects.contains(&Effect::HangUp(on)));
    stage.hear_on(on, Event::Link(Link::Closed));
    assert!(
        texts(&stage)
            .last()
            .unwrap()
            .contains("/connect irc.libera.chat")
    );
    stage.keys("/connect<enter>");
    assert!(stage.effects.contains(&Effect::Connect(on)));
    stage.keys("/network add oftc [2001:db8::1]:7000<enter>");
    let oftc = stage.model.network().settings.clone();
    assert_eq!((oftc.host.as_str(), oftc.port), ("2001:db8::1", 7000));
    assert!(stage.effects.contains(&Effect::KeepNetwork(oftc)));
    stage.keys("/network add near localhost #a #b<enter>");
    assert_eq!(stage.model.network().settings.rooms, ["#a", "#b"]);
    stage.keys("/network remove NEAR<enter>");
    assert!(stage.effects.contains(&Effect::DropNetwork("near".into())));
    stage.keys("/network keep irc.libera.chat<enter>");
    let libera = stage.model.networks.get(on).settings.clone();
    assert!(stage.effects.contains(&Effect::KeepNetwork(libera)));
    stage.keys("/connect a:b<enter>");
    assert!(texts(&stage).last().unwrap().contains("That is no network"));
    stage.keys("/disconnect nowhere<enter>");
    assert!(
        texts(&stage)
            .last()
            .unwrap()
            .contains("There is no network")
    );
    stage.keys("/network<enter>");
    assert!(
        texts(&stage)
            .iter()
            .any(|text| text.starts_with("oftc: 2001:db8::1:7000"))
    );
}

#[test]
fn what_is_said_of_the_server_here_and_of_rooms_elsewhere_is_not_mixed() {
    let (mut stage, on) = two();
    up(&mut stage, on, "ada");
    go(&mut stage, on, "#lobby");
    stage.tell(Msg::HostStarted {
        invite: None,
        address: "127.0.0.1:6667".into(),
    });
    let has = |stage: &Stage, on, name: &str, words: &str| {
        let window = stage.model.named(on, name).unwrap();
        let mut entries = window.scrollback.iter();
        entries.any(|entry| entry.rich.text.contains(words))
    };
    assert!(has(
        &stage,
        NetworkId::FIRST,
        "#lobby",
        "You host the rooms here"
    ));
    assert!(!has(&stage, on, "#lobby", "You host"));
    let lost = Link::Lost {
        reason: "cut".into(),
        attempt: 1,
        retry_at: stage.now + 5000,
    };
    stage.hear_on(on, Event::Link(lost));
    go(&mut stage, NetworkId::FIRST, "#lobby");
    let footer = stage.picture(120, 40);
    let footer = footer.lines().last().unwrap();
    assert!(footer.ends_with("hosting · libera: link lost"), "{footer}");
    stage.hear_on(
        on,
        Event::Invited {
            room: "#den".into(),
            by: "ken".into(),
            nick: "ada".into(),
            is_own: true,
            at: stage.now,
        },
    );
    assert!(!has(&stage, NetworkId::FIRST, "#lobby", "/join #den"));
    let toast = stage.model.toast.as_ref().unwrap();
    assert_eq!(toast.text, "ken asks you into #den on libera");
}

fn behind(netid: &str, name: Option<&str>) -> Event {
    Event::Bouncer(Upstream::There {
        netid: netid.into(),
        name: name.map(str::to_owned),
        trouble: None,
    })
}

#[test]
fn each_network_of_a_bouncer_is_one_here_as_long_as_it_has_it() {
    let (mut stage, on) = two();
    stage.hear_on(
        on,
        Event::Facts(Facts {
            is_bouncer: true,
            ..Facts::default()
        }),
    );
    stage.effects.clear();
    linked(&mut stage, on, "ada");
    let joins = asked(&mut stage);
    assert!(joins.is_empty(), "a bouncer has no rooms: {joins:?}");
    stage.hear_on(on, behind("42", Some("My Net")));
    stage.hear_on(on, behind("43", Some("libera")));
    stage.hear_on(on, behind("44", None));
    let dialled: Vec<(NetworkId, Settings)> = stage
        .effects
        .drain(..)
        .filter_map(|effect| match effect {
            Effect::Dial(on, settings) => Some((on, settings)),
            _ => None,
        })
        .collect();
    let names: Vec<&str> = dialled.iter().map(|(_, new)| new.name.as_str()).collect();
    assert_eq!(names, ["My-Net", "libera-43"], "44 says nothing of itself");
    let first = dialled[0].1.clone();
    assert_eq!(
        (first.host.as_str(), first.port),
        ("irc.libera.example", 6697)
    );
    assert_eq!(first.bound.map(|bound| bound.netid), Some("42".into()));

    stage.hear_on(on, behind("42", Some("Mine")));
    assert_eq!(stage.model.networks.get(dialled[0].0).label, "Mine");
    stage.hear_on(on, Event::Bouncer(Upstream::Gone { netid: "42".into() }));
    assert!(stage.effects.contains(&Effect::Forget(dialled[0].0)));
    assert!(!stage.model.networks.has(dialled[0].0));
    stage.keys("/network remove libera<enter>");
    assert!(!stage.model.networks.has(dialled[1].0));
    assert_eq!(stage.model.networks.count(), 1);
}

#[test]
fn networks_have_a_bound() {
    let mut stage = Stage::in_lobby();
    for number in 1..NETWORKS_MAX {
        let name = format!("n{number}");
        assert!(stage.model.add_network(settings(&name)).is_some());
    }
    stage.keys("/network add more h.example<enter>");
    assert!(texts(&stage).last().unwrap().contains("There can be"));
    assert_eq!(stage.model.networks.count(), NETWORKS_MAX);
}

#[test]
fn unread_rooms_mentions_and_the_goodbye_are_of_all() {
    let (mut stage, on) = two();
    up(&mut stage, on, "ada");
    let now = stage.now;
    let text = message("#lobby", "ferris", "ada: there", now);
    stage.hear_on(on, Event::Message(text));
    stage.keys("<f6>");
    assert_eq!(stage.model.on(), on);
    stage.keys("<alt-1><f9>there<enter>");
    assert_eq!(stage.model.on(), on, "the list of mentions led there");
    stage.effects.clear();
    stage.keys("/quit<enter>");
    let quits = asked(&mut stage);
    assert_eq!(quits.len(), 2);
    assert!(
        quits
            .iter()
            .all(|(_, command)| matches!(command, Command::Quit { .. }))
    );
}

#[test]
fn names_are_the_same_as_each_network_folds_them() {
    let (mut stage, on) = two();
    stage.hear_on(
        on,
        Event::Facts(Facts {
            is_rfc1459: true,
            ..Facts::default()
        }),
    );
    let now = stage.now;
    let said = |nick: &str| Event::Message(message(nick, nick, "hi", now));
    for on in [on, NetworkId::FIRST] {
        stage.hear_on(on, said("bob[x]"));
        stage.hear_on(on, said("BOB{X}"));
    }
    let people = |on| {
        let windows = stage.model.windows.iter();
        windows
            .filter(|window| window.network == on && window.kind == Kind::Person)
            .count()
    };
    assert_eq!((people(on), people(NetworkId::FIRST)), (1, 2));
}
