//! The message cursor: one screen for each thing that it shows, at each size.
//! They must never be accepted without being looked at.

use super::SIZES;
use crate::session::event::Event;
use crate::stage::{Stage, at, message};

/// A message that everybody liked.
fn liked() -> Stage {
    let mut stage = Stage::in_lobby();
    stage.say("14:01", "grace", "shall we?");
    let praised = message("#lobby", "ken", "it is out, look: 1.0", at("14:02"));
    let msgid = praised.msgid.clone().unwrap();
    stage.now = at("14:02");
    stage.hear(Event::Message(praised));
    let mut react = |nick: &str, reaction: &str| {
        stage.hear(Event::Reacted {
            target: "#lobby".into(),
            msgid: msgid.clone(),
            nick: nick.into(),
            reaction: reaction.into(),
            is_given: true,
        });
    };
    react("friend0", ":shipit:");
    for one in ["🎉", "👀", "🚀", "💯", "🙏", "🔥"] {
        react("friend1", one);
    }
    for number in 0..10 {
        react(&format!("friend{number}"), "👍");
    }
    react("friend0", "❤️");
    react("friend12", "❤️");
    stage
}

#[test]
fn reactions_by_count_and_who_gave_them() {
    let mut stage = liked();
    stage.check("reactions", SIZES);
    stage.keys("<ctrl-up>");
    stage.check("reactions-chosen", SIZES);
}
