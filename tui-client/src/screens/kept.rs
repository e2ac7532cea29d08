//! The screen after a restart: what is kept on this machine, what came since, and what is missing in between.
//! They must never be accepted without being looked at.

use super::SIZES;
use crate::session::event::Event;
use crate::session::gap::Gap;
use crate::session::link::Link;
use crate::stage::shelf::Shelf;
use crate::stage::{Stage, ada, at, message, page};

#[test]
fn the_talk_of_the_last_run_stands_there_at_once() {
    let mut stage = Stage::keeping(ada(), Shelf::new());
    stage.connect(true);
    stage.enter("#lobby", &[("ada", "@"), ("grace", "")]);
    stage.say("14:01", "grace", "the release is tomorrow");
    stage.keys("good, I will be there<enter>");
    stage.echo(1, "good, I will be there");
    stage.say("14:03", "grace", "so will ken");
    stage.keys("what about ");
    stage.restart(ada());
    stage.now = at("14:40");
    stage.hear(Event::Link(Link::Lost {
        reason: "the server does not answer".into(),
        attempt: 2,
        retry_at: at("14:40") + 4_000,
    }));
    stage.check("kept-offline", SIZES);

    stage.connect(true);
    stage.enter("#lobby", &[("ada", "@"), ("grace", ""), ("ken", "")]);
    let missed = message("#lobby", "ken", "see you at nine", at("14:30"));
    stage.hear(page("#lobby", vec![missed], None));
    stage.check("kept-gap", SIZES);

    let between = message("#lobby", "ken", "I bring the cake", at("14:20"));
    let gap = Gap::between(at("14:03"), at("14:30"));
    stage.hear(page("#lobby", vec![between], Some(gap)));
    stage.check("kept-filled", SIZES);
}
