//! Those with whom we talk alone: who is watched, and what is told of them.
//! It must never look at cells but for the one word that says that somebody is gone.

use crate::entry::Body;
use crate::session::command::Command;
use crate::session::event::Event;
use crate::session::link::{Facts, Link};
use crate::session::whereabouts::Watched;
use crate::stage::{Stage, at};

fn watching() -> Stage {
    let mut stage = Stage::in_lobby();
    stage.hear(Event::Facts(Facts {
        has_monitor: true,
        ..Facts::default()
    }));
    stage.keys("/msg bo hi<enter>");
    stage
}

fn see(stage: &mut Stage, is_here: bool) {
    let (nick, at) = ("bo".to_owned(), at("14:05"));
    stage.hear(Event::Watched(Watched { nick, is_here, at }));
}

fn watched(stage: &mut Stage) -> Vec<Vec<String>> {
    let sent = stage
        .sent()
        .into_iter()
        .filter_map(|command| match command {
            Command::Watch { nicks } => Some(nicks),
            _ => None,
        });
    sent.collect()
}

fn told(stage: &Stage) -> Vec<String> {
    let entries = stage.model.here().unwrap().scrollback.iter();
    let told = entries.filter(|entry| matches!(entry.body, Body::Presence(_)));
    told.map(|entry| entry.rich.text.clone()).collect()
}

#[test]
fn a_talk_is_watched_while_its_window_is_open() {
    let mut stage = watching();
    assert_eq!(watched(&mut stage), [["bo"]]);
    stage.keys("/close<enter>");
    assert_eq!(watched(&mut stage), [Vec::<String>::new()]);
    let mut stage = Stage::in_lobby();
    stage.keys("/msg bo hi<enter>");
    assert!(watched(&mut stage).is_empty(), "the server cannot");
}

#[test]
fn going_and_coming_back_is_told_once_and_folded() {
    let mut stage = watching();
    see(&mut stage, true);
    assert!(told(&stage).is_empty(), "that is no news");
    see(&mut stage, false);
    assert_eq!(told(&stage), ["bo left"]);
    let drawn = stage.picture(80, 24);
    assert_eq!(drawn.matches("gone").count(), 2, "{drawn}");
    stage.go("bo", "bye");
    assert_eq!(told(&stage), ["bo left"], "a QUIT tells it a second time");
    see(&mut stage, true);
    assert_eq!(told(&stage), ["bo is back"]);
    assert!(!stage.picture(80, 24).contains("gone"));
}

#[test]
fn nothing_is_known_of_them_after_the_link_was_lost() {
    let mut stage = watching();
    see(&mut stage, true);
    stage.hear(Event::Link(Link::Lost {
        reason: "cut".into(),
        attempt: 1,
        retry_at: at("14:06"),
    }));
    see(&mut stage, false);
    assert!(told(&stage).is_empty());
}
