//! The screens of several networks at once.
//! They must never be accepted without being looked at.

use crate::ids::NetworkId;
use crate::model::network::Settings;
use crate::msg::Msg;
use crate::session::event::Event;
use crate::session::link::{Connected, Facts, Link};
use crate::session::whereabouts::Member;
use crate::stage::{Stage, at, message};

const SIZES: &[(u16, u16)] = &[(40, 12), (80, 24), (120, 40)];

fn up(stage: &mut Stage, on: NetworkId, network: &str) {
    stage.hear_on(on, Event::Facts(Facts::default()));
    let connected = Connected {
        nick: "ada".into(),
        is_encrypted: true,
        server: "srv".into(),
        network: network.into(),
        has_echo: true,
    };
    stage.hear_on(on, Event::Link(Link::Connected(connected)));
}

fn enter(stage: &mut Stage, on: NetworkId, room: &str, nicks: &[&str]) {
    let at = stage.now;
    stage.hear_on(
        on,
        Event::Joined {
            room: room.into(),
            nick: "ada".into(),
            account: None,
            is_own: true,
            at,
        },
    );
    let members = nicks.iter().map(|nick| Member {
        nick: (*nick).into(),
        ..Member::default()
    });
    let members = members.collect();
    let room = room.to_owned();
    stage.hear_on(on, Event::Names { room, members });
}

fn say(stage: &mut Stage, on: NetworkId, target: &str, source: &str, text: &str) {
    let now = stage.now;
    stage.hear_on(on, Event::Message(message(target, source, text, now)));
}

/// Ada at home and in #rust, where somebody wants her.
fn two() -> (Stage, NetworkId) {
    let mut stage = Stage::in_lobby();
    stage.say("14:02", "grace", "morning all");
    let settings = Settings {
        name: "libera".into(),
        host: "irc.libera.chat".into(),
        port: 6697,
        nick: "ada".into(),
        rooms: vec!["#rust".into(), "#lobby".into()],
        join_at_start: true,
        bound: None,
    };
    let on = stage.model.add_network(settings).unwrap();
    up(&mut stage, on, "Libera.Chat");
    enter(&mut stage, on, "#rust", &["ada", "ferris", "carol"]);
    enter(&mut stage, on, "#lobby", &["ada", "ferris"]);
    stage.now = at("14:03");
    say(
        &mut stage,
        on,
        "#rust",
        "ferris",
        "the borrow checker is right",
    );
    say(&mut stage, on, "#rust", "carol", "ada: as always");
    say(&mut stage, on, "#lobby", "ferris", "this is another lobby");
    say(
        &mut stage,
        on,
        "grace",
        "grace",
        "I am not the grace you know",
    );
    (stage, on)
}

#[test]
fn rooms_stand_below_their_network() {
    let (mut stage, _) = two();
    stage.check("networks", SIZES);
}

#[test]
fn the_title_says_where_a_room_is() {
    let (mut stage, _) = two();
    stage.keys("<alt-4>");
    stage.check("networks_other", SIZES);
}

#[test]
fn what_is_lost_elsewhere_is_seen() {
    let (mut stage, on) = two();
    let retry_at = stage.now + 4_000;
    stage.hear_on(
        on,
        Event::Link(Link::Lost {
            reason: "the server closed the link".into(),
            attempt: 1,
            retry_at,
        }),
    );
    stage.check("networks_lost", SIZES);
}

#[test]
fn the_switcher_finds_rooms_of_all() {
    let (mut stage, _) = two();
    stage.keys("<ctrl-t>lob");
    stage.check("networks_switch", SIZES);
}

#[test]
fn narrow_screens_have_the_list_by_its_key() {
    let (mut stage, _) = two();
    stage.tell(Msg::Resized(40, 12));
    stage.keys("<f7><down>");
    stage.check("networks_narrow", &[(40, 12)]);
}
