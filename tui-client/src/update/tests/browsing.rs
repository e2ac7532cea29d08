//! The list of a network's rooms: its keys, and what is asked of the server.
//! It must never look at cells.

use super::texts;
use crate::model::overlay::Overlay;
use crate::msg::Msg;
use crate::session::command::Command;
use crate::session::event::{Event, Subject};
use crate::session::listing::Listing;
use crate::stage::Stage;

fn row(stage: &mut Stage, name: &str, members: u32, topic: &str) {
    stage.hear(Event::Listing(Listing::Room {
        room: name.into(),
        members,
        topic: topic.into(),
    }));
    stage.hear(Event::Listed {
        subject: Subject::Rooms,
        window: None,
        text: format!("{name}  {members}  {topic}"),
    });
}

fn ended(stage: &mut Stage) {
    stage.hear(Event::Listing(Listing::Ended(None)));
    stage.hear(Event::Listed {
        subject: Subject::Rooms,
        window: None,
        text: "These are all the rooms.".into(),
    });
}

/// A list of three rooms of a large network.
fn listed() -> Stage {
    let mut stage = Stage::in_lobby();
    stage.keys("/list<enter>");
    stage.hear(Event::Listing(Listing::Asked { least: 4 }));
    row(&mut stage, "#cake", 7, "with tea");
    row(&mut stage, "#tea", 90, "");
    row(&mut stage, "#bread", 40, "");
    ended(&mut stage);
    stage.sent();
    stage
}

fn shown(stage: &Stage) -> Vec<&str> {
    let Some(Overlay::Directory(browse)) = &stage.model.overlay else {
        panic!("no list is open");
    };
    browse.names.iter().map(String::as_str).collect()
}

#[test]
fn the_largest_come_first_or_the_names_and_enter_goes_in() {
    let mut stage = listed();
    assert_eq!(shown(&stage), ["#tea", "#bread", "#cake"]);
    stage.keys("<down><tab>");
    assert_eq!(shown(&stage), ["#bread", "#cake", "#tea"]);
    stage.keys("<enter>");
    assert!(stage.model.overlay.is_none());
    let joined = stage.sent();
    assert!(
        matches!(joined.as_slice(), [Command::Join { room, .. }] if room == "#bread"),
        "the chosen room stays chosen when the order changes: {joined:?}"
    );
    assert!(texts(&stage).is_empty(), "no row is told in the room");
}

#[test]
fn names_and_topics_are_searched_and_the_server_is_asked_for_more() {
    let mut stage = listed();
    stage.keys("tea");
    assert_eq!(shown(&stage), ["#tea", "#cake"]);
    stage.keys("<up><enter>");
    let asked = stage.sent();
    assert_eq!(
        asked,
        [Command::List {
            mask: "*tea*".into()
        }]
    );
    // What the server has of it takes the place of what was there.
    stage.hear(Event::Listing(Listing::Asked { least: 0 }));
    row(&mut stage, "#teapot", 2, "");
    ended(&mut stage);
    assert_eq!(shown(&stage), ["#teapot"]);
    stage.keys("<backspace><backspace><backspace>xyz<enter>");
    assert_eq!(stage.sent(), [], "nothing fits, and there is no more");
    stage.keys("/list<enter>");
    stage.tell(Msg::Pasted("pot".into()));
    assert_eq!(shown(&stage), ["#teapot"]);
}

#[test]
fn rows_that_come_when_it_is_closed_disturb_nobody() {
    let mut stage = Stage::in_lobby();
    stage.keys("/list<enter><esc>");
    row(&mut stage, "#late", 9, "");
    ended(&mut stage);
    assert!(texts(&stage).is_empty());
    // By hand it is an answer as any other.
    row(&mut stage, "#raw", 9, "");
    assert_eq!(texts(&stage), ["#raw  9  "]);
}
