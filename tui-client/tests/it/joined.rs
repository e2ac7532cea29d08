//! The client's session and the server's core, joined in memory: what one says, the other understands.

use tui_client::session::command::Command;
use tui_client::session::event::{Event, OwnId};
use tui_client::session::gap::Gap;
use tui_client::session::link::Link;
use tui_client::session::query::Query;

use crate::world::World;

fn names(events: &[Event]) -> Vec<String> {
    let list = events.iter().rev().find_map(|event| match event {
        Event::Names { members, .. } => Some(members),
        _ => None,
    });
    let mut names: Vec<String> = list
        .expect("no list of names came")
        .iter()
        .map(|member| format!("{}{}", member.prefixes, member.nick))
        .collect();
    names.sort();
    names
}

#[test]
fn two_meet_and_talk() {
    let mut world = World::new();
    let ada = world.enter("ada");
    let events = world.events(ada);
    let connected = events.iter().find_map(|event| match event {
        Event::Link(Link::Connected(link)) => Some(link),
        _ => None,
    });
    assert!(connected.unwrap().has_echo);
    let first = names(&events);
    assert!(
        matches!(&first[..], [name] if name.ends_with("@ada")),
        "{first:?}"
    );
    let grace = world.enter("grace");
    assert_eq!(names(&world.events(grace)).len(), 2);
    let came = |event: &Event| matches!(event, Event::Joined { nick, .. } if nick == "grace");
    assert!(world.events(ada).iter().any(came));

    world.say(ada, 7, "hello 世界 👩‍🚀");
    let heard = world.messages(grace);
    assert_eq!(heard.len(), 1);
    assert_eq!(heard[0].text, "hello 世界 👩‍🚀");
    assert!(heard[0].msgid.is_some() && !heard[0].is_own);
    let echo = world.messages(ada);
    assert_eq!(echo[0].own_id, Some(OwnId(7)));
    assert_eq!(echo[0].msgid, heard[0].msgid);
    assert_eq!(echo[0].at, heard[0].at);
}

#[test]
fn everybody_has_the_same_order() {
    let mut world = World::new();
    let people = ["ada", "grace", "ken"].map(|nick| world.enter(nick));
    for round in 0..8 {
        for person in people {
            world.say(person, round, &format!("{person}-{round}"));
        }
    }
    let heard = people.map(|person| {
        let said = world.messages(person).into_iter();
        said.map(|message| message.text).collect::<Vec<_>>()
    });
    assert_eq!(heard[2].len(), 24);
    assert_eq!(heard[0][heard[0].len() - 24..], heard[2]);
    assert_eq!(heard[1][heard[1].len() - 24..], heard[2]);
}

#[test]
fn a_taken_nick_gets_another() {
    let mut world = World::new();
    world.enter("ada");
    let second = world.enter("ada");
    let taken = Event::NickTaken {
        wanted: "ada".to_owned(),
        now: "ada_".to_owned(),
    };
    assert!(world.events(second).contains(&taken));
}

#[test]
fn a_long_message_of_many_lines_arrives_whole() {
    let mut world = World::new();
    let ada = world.enter("ada");
    let grace = world.enter("grace");
    let text = format!("one\n{}\nthree", "wörter ".repeat(120).trim_end());
    world.say(ada, 1, &text);
    let heard = world.messages(grace);
    assert_eq!(heard.len(), 1);
    assert_eq!(heard[0].text, text);
    assert_eq!(world.messages(ada)[0].own_id, Some(OwnId(1)));
}

#[test]
fn what_is_refused_is_known_by_its_message() {
    let mut world = World::new();
    world.enter("ada");
    let grace = world.enter("grace");
    let mode = Command::Mode {
        target: "#lobby".to_owned(),
        changes: vec!["+m".to_owned()],
    };
    world.command(0, mode);
    world.events(grace);
    world.say(grace, 5, "may I?");
    let refused = |event: &Event| {
        matches!(
            event,
            Event::Refused {
                own_id: OwnId(5),
                ..
            }
        )
    };
    assert!(world.events(grace).iter().any(refused));
}

#[test]
fn a_lost_link_enters_the_rooms_again_and_learns_what_was_sent() {
    let mut world = World::new();
    let ada = world.enter("ada");
    let grace = world.enter("grace");
    world.is_deaf = true;
    world.say(ada, 9, "did you hear?");
    world.is_deaf = false;
    world.cut(ada);
    let echo =
        |event: &Event| matches!(event, Event::Message(said) if said.own_id == Some(OwnId(9)));
    world.events(grace);
    world.link(ada);
    let events = world.events(ada);
    assert!(events.iter().any(echo));
    assert_eq!(names(&events).len(), 2);
    let back = |event: &Event| matches!(event, Event::Joined { nick, .. } if nick == "ada");
    assert!(world.events(grace).iter().any(back));
}

#[test]
fn leaving_and_coming_back_is_heard() {
    let mut world = World::new();
    let ada = world.enter("ada");
    let grace = world.enter("grace");
    let room = "#lobby".to_owned();
    let reason = "lunch".to_owned();
    world.events(ada);
    world.command(
        grace,
        Command::Leave {
            room: room.clone(),
            reason,
        },
    );
    let left = |event: &Event| matches!(event, Event::Left { nick, reason, .. } if nick == "grace" && reason == "lunch");
    assert!(world.events(ada).iter().any(left));
    world.command(grace, Command::Join { room, key: None });
    let came = |event: &Event| matches!(event, Event::Joined { nick, .. } if nick == "grace");
    assert!(world.events(ada).iter().any(came));
}

#[test]
fn who_comes_late_is_told_what_was_said() {
    let mut world = World::new();
    let ada = world.enter("ada");
    world.say(ada, 1, "first");
    world.say(ada, 2, "second");
    let grace = world.enter("grace");
    let history = world
        .events(grace)
        .into_iter()
        .find_map(|event| match event {
            Event::History { messages, .. } => Some(messages),
            _ => None,
        });
    let texts: Vec<_> = history
        .unwrap()
        .into_iter()
        .map(|message| message.text)
        .collect();
    assert_eq!(texts, ["first", "second"]);
}

#[test]
fn what_was_said_is_found_and_a_gap_is_filled_from_its_end() {
    let mut world = World::new();
    let ada = world.enter("ada");
    for number in 0..6 {
        world.say(ada, number, &format!("word number{number}; and more"));
    }
    let said = world.messages(ada);
    let search = Command::Search {
        query: Query {
            text: "number3; and".to_owned(),
            named_in: None,
        },
        after: None,
        before: None,
        limit: 10,
    };
    world.command(ada, search);
    let found = world.events(ada).into_iter().find_map(|event| match event {
        Event::Found { messages, .. } => Some(messages),
        _ => None,
    });
    let found = found.expect("nothing was answered");
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].msgid, said[3].msgid);

    let target = || "#lobby".to_owned();
    let around = Command::HistoryAround {
        target: target(),
        msgid: said[3].msgid.clone().unwrap(),
        limit: 3,
    };
    world.command(ada, around);
    let page = world.events(ada).into_iter().find_map(|event| match event {
        Event::History { messages, .. } => Some(messages),
        _ => None,
    });
    let page = page.expect("no page came");
    assert!(page.iter().any(|message| message.msgid == said[3].msgid));

    // The clock stands still here: all of it is of one millisecond.
    let gap = Gap::between(said[0].at, said[5].at);
    let between = Command::HistoryBetween {
        target: target(),
        gap: gap.clone(),
        limit: 2,
        is_oldest: false,
    };
    world.command(ada, between);
    let events = world.events(ada);
    let texts = events.iter().find_map(|event| match event {
        Event::History { messages, gap, .. } => Some((messages.clone(), gap.clone())),
        _ => None,
    });
    let (messages, asked) = texts.expect("the gap was not answered");
    assert_eq!(asked, Some(gap.clone()));
    assert_eq!(
        messages.last().unwrap().msgid,
        said[5].msgid,
        "its end first"
    );
    let rest = |event: &Event| matches!(event, Event::GapFound { gap: rest, .. } if rest.since == gap.since);
    assert!(
        events.iter().any(rest),
        "and the rest is still a gap: {events:?}"
    );
}

#[test]
fn one_message_is_asked_for_alone() {
    let mut world = World::new();
    let ada = world.enter("ada");
    for number in 0..60 {
        world.say(ada, number, &format!("number {number}"));
    }
    let said = world.messages(ada);
    let grace = world.enter("grace");
    world.events(grace);
    let mut ask = |msgid: &str| {
        let (target, msgid) = ("#lobby".to_owned(), msgid.to_owned());
        world.command(grace, Command::Parent { target, msgid });
        let events = world.events(grace);
        assert_eq!(events.len(), 1, "{events:?}");
        events.into_iter().find_map(|event| match event {
            Event::ParentTold { message, .. } => Some(message.map(|message| message.text)),
            _ => None,
        })
    };
    for place in [0, 1, 30, 59] {
        let msgid = said[place].msgid.as_deref().unwrap();
        assert_eq!(ask(msgid), Some(Some(format!("number {place}"))));
    }
    assert_eq!(ask("nowhere"), Some(None));
}
