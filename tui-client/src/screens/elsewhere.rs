//! The screens of what only servers of other makes do.
//! They must never be accepted without being looked at.

use crate::session::event::Event;
use crate::session::listing::Listing;
use crate::session::profile::{Described, Key};
use crate::session::whereabouts::{Member, Split, Surveyed};
use crate::stage::Stage;

const SIZES: &[(u16, u16)] = &[(40, 12), (80, 24), (120, 40)];

fn member(nick: &str, is_away: bool, is_bot: bool) -> Member {
    Member {
        nick: nick.into(),
        is_away,
        is_bot,
        ..Member::default()
    }
}

#[test]
fn programs_have_a_sign() {
    let mut stage = Stage::in_lobby();
    stage.come("rss");
    stage.come("a-very-long-program");
    stage.hear(Event::Surveyed(Surveyed {
        room: "#lobby".into(),
        members: vec![
            member("rss", false, true),
            member("a-very-long-program", false, true),
            member("linus", true, false),
        ],
        has_accounts: false,
    }));
    stage.say("14:02", "grace", "what is new?");
    stage.say("14:03", "rss", "ada: three things");
    stage.say("14:03", "a-very-long-program", "and a fourth");
    stage.say("14:04", "grace", "thanks");
    stage.check("bots", SIZES);
}

#[test]
fn what_people_tell_of_themselves_stands_behind_the_nick() {
    let mut stage = Stage::in_lobby();
    let tell = |stage: &mut Stage, nick: &str, key, value: &str| {
        stage.hear(Event::Described(Described {
            nick: nick.into(),
            key,
            value: Some(value.into()),
        }));
    };
    tell(&mut stage, "grace", Key::DisplayName, "Grace Hopper");
    tell(&mut stage, "grace", Key::Pronouns, "she/her");
    tell(
        &mut stage,
        "grace",
        Key::Status,
        "on the compiler\u{202e}\n",
    );
    tell(&mut stage, "ken", Key::DisplayName, "@ada \u{7}世界");
    tell(&mut stage, "linus", Key::Bot, "penguin 1.0");
    stage.say("14:02", "grace", "what is new?");
    stage.say("14:03", "ken", "nothing");
    stage.check("profiles", SIZES);
    stage.keys("/msg grace<enter>");
    stage.check("profiles-talk", SIZES);
}

fn room(name: &str, members: u32, topic: &str) -> Event {
    Event::Listing(Listing::Room {
        room: name.into(),
        members,
        topic: topic.into(),
    })
}

#[test]
fn the_rooms_of_a_network_are_a_list() {
    let mut stage = Stage::in_lobby();
    stage.keys("/list<enter>");
    stage.hear(Event::Listing(Listing::Asked { least: 20 }));
    stage.check("directory-asked", SIZES);
    let rooms = [
        (
            "#libera",
            1312,
            "Welcome to Libera Chat! | https://libera.chat/guides | Questions? Ask them here",
        ),
        ("#linux", 2040, "The Linux channel"),
        (
            "#rust",
            904,
            "The Rust programming language | play.rust-lang.org",
        ),
        ("##a-room-with-a-very-long-name-indeed", 31, ""),
        ("#世界", 22, "世界のニュース"),
    ];
    for (name, members, topic) in rooms {
        stage.hear(room(name, members, topic));
    }
    for number in 0..40 {
        let name = format!("#small{number:02}");
        stage.hear(room(&name, 20 + number, "one of many"));
    }
    stage.hear(Event::Listing(Listing::Ended(None)));
    stage.keys("<down><down>");
    stage.check("directory", SIZES);
    stage.keys("<tab>");
    stage.check("directory-by-name", SIZES);
    stage.keys("rust");
    stage.check("directory-typed", SIZES);
}

#[test]
fn a_netsplit_is_a_line_of_its_own() {
    let mut stage = Stage::in_lobby();
    let split = || Split {
        one: "tungsten.libera.chat".into(),
        other: "zinc.libera.chat".into(),
    };
    for number in 0..12 {
        stage.come(&format!("n{number}"));
    }
    stage.say("14:02", "ken", "all here?");
    stage.go("linus", "bye");
    for nick in (0..12)
        .map(|number| format!("n{number}"))
        .chain(["grace".into()])
    {
        let at = stage.now;
        stage.hear(Event::Quit {
            nick,
            reason: String::new(),
            split: Some(split()),
            at,
        });
    }
    stage.say("14:03", "ken", "grace: still there?");
    for number in 0..9 {
        stage.come(&format!("n{number}"));
    }
    stage.come("bo");
    stage.check("netsplit", SIZES);
}
