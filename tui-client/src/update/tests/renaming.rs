//! A room that has another name, on the screen and in the store.
//! It must never look at cells.

use super::{input, texts};
use crate::effect::Effect;
use crate::session::event::Event;
use crate::session::whereabouts::RoomRenamed;
use crate::stage::{Stage, at};

fn rename(stage: &mut Stage, to: &str) {
    stage.hear(Event::RoomRenamed(RoomRenamed {
        from: "#lobby".into(),
        to: to.into(),
        by: "ken".into(),
        reason: "it grew".into(),
        at: at("14:05"),
    }));
}

#[test]
fn its_window_keeps_what_was_said_written_and_counted() {
    let mut stage = Stage::in_lobby();
    stage.enter("#hall", &[("ada", "")]);
    stage.say("14:01", "grace", "hello");
    stage.keys("half a sent");
    let id = stage.model.here().unwrap().id;
    rename(&mut stage, "#Hall");
    let window = stage.model.here().unwrap();
    assert_eq!((window.id, window.name.as_str()), (id, "#Hall"));
    assert_eq!(window.roster.len(), 4);
    let followed = Effect::RenameRoom {
        network: String::new(),
        from: "#lobby".into(),
        to: "#Hall".into(),
    };
    assert!(stage.effects.contains(&followed));
    let told = "ken renamed #lobby: it is #Hall now (it grew)";
    assert_eq!(texts(&stage), ["grace: hello", told]);
    assert_eq!(input(&stage), "half a sent");
    let same = stage.model.windows.iter();
    let same = same.filter(|window| window.name.eq_ignore_ascii_case("#hall"));
    assert_eq!(same.count(), 1);
    assert!(
        !stage
            .effects
            .iter()
            .any(|effect| matches!(effect, Effect::Keep(_)))
    );
}
