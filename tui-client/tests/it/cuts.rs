//! Links cut, and programs ended, at every point between a message and its echo: it is in the log exactly once, in the
//! order in which it was said, and its sender learns of it.

use tui_client::session::command::{Command, Outgoing};
use tui_client::session::event::{Event, Kind, OwnId};

use crate::world::World;

/// More lines than pass a link while three messages are said and echoed.
const POINTS: usize = 40;

fn out(own_id: u64, kind: Kind, text: &str) -> Command {
    Command::Say(Outgoing {
        own_id: OwnId(own_id),
        target: "#lobby".to_owned(),
        kind,
        text: text.to_owned(),
        reply_to: None,
    })
}

/// One line, several lines, and one that is too long for a line.
fn say_all(world: &mut World, client: usize) -> Vec<String> {
    let long = "words ".repeat(120);
    let said = [
        (Kind::Say, "first"),
        (Kind::Say, "second\nwith another line\nand a third"),
        (Kind::Action, long.trim_end()),
    ];
    for (number, (kind, text)) in said.into_iter().enumerate() {
        world.command(client, out(number as u64 + 1, kind, text));
    }
    said.map(|(_, text)| text.to_owned()).to_vec()
}

/// What a room's log holds, as somebody reads it who comes late; pieces of a long message put together.
fn log(world: &mut World) -> Vec<String> {
    let reader = world.enter("reader");
    let events = world.events(reader);
    let history = events.into_iter().find_map(|event| match event {
        Event::History { messages, .. } => Some(messages),
        _ => None,
    });
    joined(
        history
            .unwrap()
            .into_iter()
            .map(|said| (said.kind, said.text)),
    )
}

fn joined(said: impl Iterator<Item = (Kind, String)>) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    let mut was_action = false;
    for (kind, text) in said {
        let is_action = kind == Kind::Action;
        match texts.last_mut() {
            Some(last) if is_action && was_action => {
                last.push(' ');
                last.push_str(&text);
            }
            _ => texts.push(text),
        }
        was_action = is_action;
    }
    texts
}

fn heard(world: &mut World, client: usize) -> Vec<String> {
    let said = world.messages(client).into_iter();
    joined(said.map(|said| (said.kind, said.text)))
}

#[test]
fn a_link_that_breaks_anywhere_loses_nothing_and_doubles_nothing() {
    for point in 0..POINTS {
        let mut world = World::new();
        let (ada, grace) = (world.enter("ada"), world.enter("grace"));
        world.limit = Some((ada, point));
        let said = say_all(&mut world, ada);
        world.limit = None;
        world.cut(ada);
        world.link(ada);
        world.pass(10_000);
        let echoed: Vec<OwnId> = world
            .messages(ada)
            .into_iter()
            .filter_map(|said| said.own_id)
            .collect();
        assert_eq!(echoed, [1, 2, 3].map(OwnId), "cut after {point} lines");
        assert_eq!(heard(&mut world, grace), said, "cut after {point} lines");
        assert_eq!(log(&mut world), said, "cut after {point} lines");
    }
}

#[test]
fn a_link_that_breaks_twice_is_no_worse() {
    for point in 0..POINTS {
        let mut world = World::new();
        let (ada, grace) = (world.enter("ada"), world.enter("grace"));
        world.limit = Some((ada, point));
        let said = say_all(&mut world, ada);
        world.cut(ada);
        world.limit = Some((ada, 3 * point));
        world.link(ada);
        world.pass(10_000);
        world.cut(ada);
        world.limit = None;
        world.link(ada);
        world.pass(10_000);
        assert_eq!(heard(&mut world, grace), said, "cut after {point} lines");
        assert_eq!(log(&mut world), said, "cut after {point} lines");
    }
}

#[test]
fn a_program_that_ends_anywhere_says_it_when_it_is_back() {
    for point in 0..POINTS {
        let mut world = World::new();
        let (ada, grace) = (world.enter("ada"), world.enter("grace"));
        world.limit = Some((ada, point));
        let said = say_all(&mut world, ada);
        world.limit = None;
        world.restart(ada, "ada");
        world.link(ada);
        world.pass(10_000);
        let refused = |event: &Event| matches!(event, Event::Refused { .. });
        assert!(!world.events(ada).iter().any(refused));
        assert_eq!(heard(&mut world, grace), said, "ended after {point} lines");
        assert_eq!(log(&mut world), said, "ended after {point} lines");
    }
}

#[test]
fn what_was_sent_under_a_nick_waits_until_the_server_gives_it_back() {
    for point in 0..POINTS {
        let mut world = World::new();
        let (ada, grace) = (world.enter("ada"), world.enter("grace"));
        world.limit = Some((ada, point));
        let said = say_all(&mut world, ada);
        world.limit = None;
        let ghost = world.vanish(ada);
        world.link(ada);
        let taken = |event: &Event| matches!(event, Event::NickTaken { .. });
        assert!(world.events(ada).iter().any(taken));
        world.pass(25_000);
        assert!(!world.events(ada).iter().any(taken), "it asks quietly");
        world.bury(ghost);
        world.pass(25_000);
        world.pass(10_000);
        let mut heard = heard(&mut world, grace);
        let mut log = log(&mut world);
        // What never was on the wire need not wait, and may come before what was.
        for texts in [&mut heard, &mut log] {
            texts.sort();
        }
        let mut said = said;
        said.sort();
        assert_eq!(heard, said, "cut after {point} lines");
        assert_eq!(log, said, "cut after {point} lines");
    }
}

#[test]
fn what_is_written_without_a_link_is_said_when_it_is_back() {
    let mut world = World::new();
    let (ada, grace) = (world.enter("ada"), world.enter("grace"));
    world.cut(ada);
    let said = say_all(&mut world, ada);
    let refused = |event: &Event| matches!(event, Event::Refused { .. });
    assert!(!world.events(ada).iter().any(refused));
    world.link(ada);
    world.pass(10_000);
    assert_eq!(heard(&mut world, grace), said);
    assert_eq!(log(&mut world), said);
}
