//! Going from message to message: from where one looks, and not away from it.
//! It must never look at cells, except for what is seen.

use crate::session::event::Event;
use crate::stage::{Stage, at, message};

/// Two hundred messages in a pane of eighteen rows; those with these numbers name us.
fn long_talk(mentions: &[usize]) -> Stage {
    let mut stage = Stage::in_lobby();
    stage.picture(80, 24);
    for number in 0..200 {
        let minute = number / 4;
        let text = if mentions.contains(&number) {
            format!("ada: number {number}")
        } else {
            format!("number {number}")
        };
        let time = at(&format!("14:{minute:02}"));
        stage.now = time + number as u64;
        stage.hear(Event::Message(message("#lobby", "grace", &text, stage.now)));
    }
    stage
}

fn number(stage: &Stage) -> usize {
    let text = stage.chosen().unwrap();
    text.rsplit(' ').next().unwrap().parse().unwrap()
}

/// The numbers on the screen.
fn seen(stage: &mut Stage) -> Vec<usize> {
    let picture = stage.picture(80, 24);
    let words = picture.split("number ").skip(1);
    let digits = |word: &str| word.split(' ').next().unwrap().parse().unwrap();
    // The line over the input may tell the newest again.
    let pane = picture.lines().take(21).count();
    assert_eq!(pane, 21);
    let mut all: Vec<usize> = words.map(digits).collect();
    all.sort_unstable();
    all.dedup();
    all
}

#[test]
fn choosing_begins_with_what_is_on_the_screen() {
    let mut stage = long_talk(&[]);
    stage.keys("<pageup><pageup><pageup>");
    let shown = seen(&mut stage);
    let lowest = shown.into_iter().rfind(|number| *number != 199).unwrap();
    stage.keys("<ctrl-up>");
    let chosen = number(&stage);
    assert!(
        (lowest - 1..=lowest).contains(&chosen),
        "{chosen}, {lowest}"
    );
    stage.keys("<esc>");
    let topmost = seen(&mut stage)[0];
    stage.keys("<ctrl-down>");
    let chosen = number(&stage);
    assert!(
        (topmost..=topmost + 1).contains(&chosen),
        "{chosen}, {topmost}"
    );
}

#[test]
fn mentions_are_sought_from_where_one_looks() {
    let mut stage = long_talk(&[20, 60, 150, 190]);
    stage.keys("<ctrl-home>");
    stage.keys("<alt-n>");
    assert_eq!(number(&stage), 20);
    stage.keys("<alt-n>");
    assert_eq!(number(&stage), 60);
    stage.keys("<pageup><pageup>");
    assert_eq!(stage.model.chosen, None, "it was scrolled out of sight");
    stage.keys("<alt-n>");
    assert!([20, 60].contains(&number(&stage)));
    stage.keys("<esc><esc><pageup><pageup><pageup>");
    let lowest = seen(&mut stage).into_iter().rfind(|number| *number != 199);
    stage.keys("<alt-p>");
    assert!(Some(number(&stage)) <= lowest, "never downwards");
}

#[test]
fn what_comes_does_not_push_the_chosen_one_out() {
    let mut stage = long_talk(&[]);
    stage.keys("<ctrl-up><ctrl-up><ctrl-up>");
    assert_eq!(number(&stage), 197);
    let before = stage.picture(80, 24);
    for number in 0..30 {
        let at = stage.now + number;
        let text = format!("news {number}");
        stage.hear(Event::Message(message("#lobby", "ken", &text, at)));
    }
    let after = stage.picture(80, 24);
    let pane = |picture: &str| picture.lines().take(20).collect::<Vec<_>>().join("\n");
    assert_eq!(pane(&before), pane(&after));
    assert!(after.contains("▸") && after.contains("30 below"), "{after}");
    stage.keys("<esc><esc>");
    assert!(stage.picture(80, 24).contains("news 29"));
}

#[test]
fn nothing_acts_on_a_message_that_was_scrolled_out_of_sight() {
    let mut stage = long_talk(&[]);
    stage.keys("<ctrl-up><pageup><pageup>");
    assert_eq!(stage.model.chosen, None);
    stage.keys("r");
    let window = stage.model.here().unwrap();
    assert_eq!((window.input.text(), window.reply_to), ("r", None));
}
