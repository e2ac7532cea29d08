//! How the next start finds the screen: rooms, conversations, drafts, what was sent; and no password.
//! The store is real, but in memory.

use super::first;
use crate::ids::NetworkId;
use crate::level::Level;
use crate::model::network::Settings;
use crate::msg::Msg;
use crate::session::command::Command;
use crate::session::event::Event;
use crate::stage::{Stage, ada, at, message};
use crate::window;

#[test]
fn the_screen_is_as_it_was_left() {
    let mut stage = first();
    stage.enter("#ops", &[("ada", "")]);
    stage.keys("/join #ops<enter>");
    stage.keys("/notify mentions<enter>/ignore troll<enter><f7>half a sentence");
    stage.keys("<alt-1>");
    stage.keys("sent<enter>/login ada secret<enter>/login ada secret");
    stage.model.panes.rooms = Some(19);
    stage.keys("<ctrl-u>draft here");
    let wanted = Settings {
        rooms: vec!["#ops".into(), "#lobby".into()],
        ..ada()
    };
    let shelf = stage.shelf.take().unwrap();
    let mut stage = Stage::keeping(wanted, shelf);
    let here = stage.model.here().unwrap();
    assert_eq!(
        (here.name.as_str(), here.input.text()),
        ("#lobby", "draft here")
    );
    assert!(!stage.model.has_rooms);
    assert_eq!(stage.model.panes.rooms, Some(19));
    stage.keys("<ctrl-u><up>");
    assert_eq!(stage.model.here().unwrap().input.text(), "sent");
    let ops = stage.model.windows.iter().find(|one| one.name == "#ops");
    assert_eq!(ops.unwrap().level, Level::Mentions);
    assert_eq!(ops.unwrap().input.text(), "half a sentence");
    assert!(stage.model.network().ignored.contains("troll"));
    stage.keys("<ctrl-u>/ignore troll<enter>");
    let stage = stage.again();
    assert!(stage.model.network().ignored.is_empty());
}

#[test]
fn conversations_are_open_again_until_they_are_closed() {
    let mut stage = first();
    let psst = message("ken", "ken", "psst", at("14:02"));
    stage.hear(Event::Message(psst));
    stage.keys("/msg troll<enter>/close<enter>/msg ken<enter>");
    let mut stage = stage.again();
    let here = stage.model.here().unwrap();
    assert_eq!(
        (here.name.as_str(), here.kind),
        ("ken", window::Kind::Person)
    );
    assert!(stage.model.named(NetworkId::FIRST, "troll").is_none());
    stage.keys("/close<enter>");
    let stage = stage.again();
    assert!(stage.model.named(NetworkId::FIRST, "ken").is_none());
}

/// The rooms that are asked for on a new link.
fn entered(stage: &mut Stage) -> Vec<String> {
    stage.effects.clear();
    stage.connect(false);
    let joins = stage
        .sent()
        .into_iter()
        .filter_map(|command| match command {
            Command::Join { room, .. } => Some(room),
            _ => None,
        });
    joins.collect()
}

#[test]
fn rooms_are_entered_again_until_they_are_left() {
    let mut stage = first();
    stage.enter("#ops", &[("ada", ""), ("ken", "")]);
    // A run without a link forgets nothing.
    let mut stage = stage.again().again();
    assert_eq!(entered(&mut stage), ["#lobby", "#ops"]);
    stage.enter("#lobby", &[("ada", "")]);
    stage.enter("#ops", &[("ada", "")]);
    stage.hear(Event::Left {
        room: "#ops".into(),
        nick: "ada".into(),
        reason: String::new(),
        is_own: true,
        at: at("14:05"),
    });
    // It is kept with the next thing that the user does.
    stage.keys("<esc>");
    let mut stage = stage.again();
    assert_eq!(entered(&mut stage), ["#lobby"]);
    assert!(stage.model.named(NetworkId::FIRST, "#ops").is_none());
}

#[test]
fn who_is_not_let_in_once_tries_again_at_the_next_start() {
    let mut stage = first();
    stage.enter("#ops", &[("ada", ""), ("ken", "")]);
    let mut stage = stage.again();
    assert_eq!(entered(&mut stage), ["#lobby", "#ops"]);
    stage.hear(Event::JoinRefused {
        room: "#ops".into(),
        reason: "only for those who are logged in".into(),
    });
    stage.keys("<esc>");
    let mut stage = stage.again();
    assert_eq!(entered(&mut stage), ["#lobby", "#ops"]);
    stage.hear(Event::JoinRefused {
        room: "#ops".into(),
        reason: "only for those who are logged in".into(),
    });
    stage.keys("/window #ops<enter>/close<enter>");
    let mut stage = stage.again();
    assert_eq!(entered(&mut stage), ["#lobby"]);
}

#[test]
fn a_store_that_opens_after_the_link_enters_them_as_well() {
    let mut stage = first();
    stage.enter("#ops", &[("ada", ""), ("ken", "")]);
    let (now, shelf) = (stage.now, stage.shelf.take().unwrap());
    let opened = shelf.opened();
    let mut stage = Stage::new(ada());
    stage.now = now;
    stage.model.keeping.is_on = true;
    assert_eq!(entered(&mut stage), ["#lobby"]);
    stage.shelf = Some(shelf);
    stage.tell(Msg::Stored(opened));
    let join = Command::Join {
        room: "#ops".into(),
        key: None,
    };
    assert!(stage.sent().contains(&join));
}

#[test]
fn who_wants_to_start_outside_sees_the_rooms_and_is_in_none() {
    let mut stage = first();
    stage.enter("#ops", &[("ada", ""), ("ken", "")]);
    let mut stage = stage.again();
    let first = stage.model.networks.get_mut(NetworkId::FIRST);
    first.settings.join_at_start = false;
    assert_eq!(entered(&mut stage), [""; 0]);
    assert!(stage.model.named(NetworkId::FIRST, "#ops").is_some());
}

#[test]
fn a_password_in_a_command_is_never_kept() {
    let mut stage = first();
    stage.keys("hello<enter>/login ada hunter2<enter>/password hunter2");
    let mut stage = stage.again();
    assert_eq!(stage.model.here().unwrap().input.text(), "");
    stage.keys("<up>");
    assert_eq!(stage.model.here().unwrap().input.text(), "hello");
    for written in [
        "/raw oper op hunter2",
        "/quote VERIFY ada hunter2",
        "/set server_password hunter2",
        "/logn hunter2",
    ] {
        stage.keys(&format!("<ctrl-u>{written}<enter>"));
    }
    // What was misspelt can be mended, as long as this run lasts.
    stage.keys("<ctrl-u><up>");
    assert_eq!(stage.model.here().unwrap().input.text(), "/logn hunter2");
    stage.keys("<ctrl-u>/raw VERSION<enter>");
    let mut stage = stage.again();
    stage.keys("<up>");
    assert_eq!(stage.model.here().unwrap().input.text(), "/raw VERSION");
    stage.keys("<up>");
    assert_eq!(stage.model.here().unwrap().input.text(), "hello");
}
