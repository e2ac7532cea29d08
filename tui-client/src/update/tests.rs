//! `(Model, Msgs) -> (Model, Effects)`: what keys and events come to.
//! It must never look at cells; the screens have their own tests.

mod asking;
mod attention;
mod browsing;
mod commands;
mod cursor;
mod elsewhere;
mod failing;
mod gestures;
mod habits;
mod missed;
mod networks;
mod next_start;
mod offline;
mod past;
mod reader;
mod renaming;
mod searching;
mod sight;
mod stored;
mod talking;
mod travel;
mod unread;
mod watching;

use crossterm::event::{MouseButton, MouseEventKind};

use super::*;
use crate::model::network::Settings;
use crate::session::command::Command;
use crate::session::event::{Event, Typing};
use crate::session::link::Link;
use crate::session::whereabouts::{Member, Standing};
use crate::stage::shelf::Shelf;
use crate::stage::{Stage, ada};

const OPEN: &str = "kept here; not up to date yet";
const MISSING: &str = "some messages may be missing here";

/// A first run with a store, in a room.
fn first() -> Stage {
    let mut stage = Stage::keeping(ada(), Shelf::new());
    stage.connect(false);
    stage.enter("#lobby", &[("ada", ""), ("ken", "")]);
    stage
}

/// The texts of the open window, oldest first.
fn texts(stage: &Stage) -> Vec<String> {
    let window = stage.model.here().unwrap();
    window
        .scrollback
        .iter()
        .map(|entry| match entry.as_said() {
            Some(said) => format!("{}: {}", said.nick, entry.rich.text),
            None => entry.rich.text.clone(),
        })
        .collect()
}

fn input(stage: &Stage) -> &str {
    stage.model.here().unwrap().input.text()
}

fn join(room: &str) -> Command {
    Command::Join {
        room: room.into(),
        key: None,
    }
}

#[test]
fn rooms_are_entered_at_the_first_good_link_only() {
    let settings = Settings {
        rooms: vec!["#a".into(), "#b".into()],
        ..Settings::default()
    };
    let mut stage = Stage::new(settings);
    stage.connect(false);
    assert_eq!(stage.sent(), [join("#a"), join("#b")]);
    stage.enter("#a", &[("ada", "")]);
    stage.enter("#b", &[("ada", "")]);
    stage.hear(Event::Link(Link::Lost {
        reason: "x".into(),
        attempt: 1,
        retry_at: 0,
    }));
    stage.connect(false);
    assert_eq!(stage.sent(), [], "the session enters again by itself");
}

#[test]
fn outside_the_key_enters_and_asks_before_it_leaves() {
    let mut stage = Stage::new(Settings {
        join_at_start: false,
        ..Settings::default()
    });
    stage.connect(false);
    assert_eq!(
        stage.sent(),
        [Command::Names {
            room: "#lobby".into()
        }]
    );
    assert!(stage.model.is_outside());
    stage.keys("hello<enter>");
    assert_eq!(
        (stage.sent(), input(&stage)),
        (vec![], "hello"),
        "nobody hears it outside"
    );
    stage.keys("<ctrl-o>");
    assert_eq!(stage.sent(), [join("#lobby")]);
    stage.enter("#lobby", &[("ada", "")]);
    assert!(!stage.model.is_outside());
    stage.keys("<f4>n<f4>");
    assert_eq!(stage.sent(), []);
    stage.keys("y");
    let leave = Command::Leave {
        room: "#lobby".into(),
        reason: String::new(),
    };
    assert_eq!(stage.sent(), [leave]);
}

#[test]
fn commands_and_their_nearest() {
    let mut stage = Stage::in_lobby();
    stage.effects.clear();
    stage.keys("/join rust key<enter>");
    let key = Some("key".to_owned());
    assert_eq!(
        stage.sent(),
        [Command::Join {
            room: "#rust".into(),
            key
        }]
    );
    stage.keys("<alt-/>/topic hi all<enter>/kick ken too loud<enter>/ban ken<enter>");
    stage.keys("/op ken linus<enter>/away lunch<enter>/back<enter>/raw PING x<enter>");
    let mode = |changes: &[&str]| Command::Mode {
        target: "#lobby".into(),
        changes: changes.iter().map(|change| (*change).to_owned()).collect(),
    };
    let room = || "#lobby".to_owned();
    assert_eq!(
        stage.sent(),
        [
            Command::Topic {
                room: room(),
                topic: Some("hi all".into())
            },
            Command::Kick {
                room: room(),
                nick: "ken".into(),
                reason: "too loud".into()
            },
            Command::Mask {
                room: room(),
                change: "+b".into(),
                before: String::new(),
                nick: "ken".into(),
            },
            mode(&["+oo", "ken", "linus"]),
            Command::Away {
                message: Some("lunch".into())
            },
            Command::Away { message: None },
            Command::Raw("PING x".into()),
        ]
    );
    stage.keys("/jion #x<enter>/xyzzy<enter>/kick<enter>");
    assert_eq!(
        texts(&stage),
        [
            "There is no /jion. Did you mean /join?",
            "There is no /xyzzy. /help lists the commands; //xyzzy says it.",
            "/kick NICK [WORDS]: put somebody out",
        ]
    );
    stage.sent();
    stage.keys("//shrug<enter>/me waves<enter>");
    assert_eq!(texts(&stage)[3..], ["ada: /shrug", "ada: ada waves"]);
}

#[test]
fn people_come_and_go() {
    let mut stage = Stage::in_lobby();
    stage.come("bo");
    stage.go("bo", "");
    stage.go("ken", "bye \u{1b}[31mall");
    let at = stage.now;
    stage.hear(Event::Quit {
        nick: "linus".into(),
        reason: "gone".into(),
        split: None,
        at,
    });
    assert_eq!(
        texts(&stage),
        ["bo came and went, ken left (bye [31mall), linus left (gone)"]
    );
    stage.hear(Event::ModeChanged {
        target: "#lobby".into(),
        by: "ada".into(),
        text: "+o grace".into(),
        standings: vec![Standing {
            nick: "grace".into(),
            prefix: '@',
            is_given: true,
        }],
        at,
    });
    let window = stage.model.here().unwrap();
    assert_eq!(window.roster.get("grace").unwrap().prefixes, "@+");
    assert_eq!(texts(&stage)[1], "ada made grace an operator");
    stage.hear(Event::Kicked {
        room: "#lobby".into(),
        nick: "ada".into(),
        by: "grace".into(),
        reason: "enough".into(),
        is_own: true,
        at,
    });
    assert!(stage.model.is_outside());
    assert_eq!(
        stage.model.here().unwrap().why_outside,
        "grace put you out of #lobby (enough)"
    );
}

#[test]
fn the_keys_of_the_input() {
    let mut stage = Stage::in_lobby();
    stage.keys("one two three<ctrl-w><left><right><ctrl-w><ctrl-y>");
    assert_eq!(input(&stage), "one two ");
    stage.keys("<alt-y>");
    assert_eq!(input(&stage), "one three");
    stage.keys("<ctrl-_>");
    assert_eq!(input(&stage), "one two ", "one step");
    stage.keys("<alt-_>");
    assert_eq!(input(&stage), "one three");
    stage.keys("<ctrl-a><ctrl-k>");
    assert_eq!((input(&stage), stage.model.overlay.is_some()), ("", false));
    stage.keys("<ctrl-_>");
    assert_eq!(input(&stage), "one three");
    stage.keys("<end><ctrl-k>");
    assert!(
        stage.model.overlay.is_some(),
        "with nothing to cut it is the switcher"
    );
    stage.keys("<esc><enter>two<enter>dra<up><up><down><down>");
    assert_eq!(input(&stage), "dra");
    stage.keys("<ctrl-u>?");
    assert!(matches!(stage.model.overlay, Some(Overlay::Help { .. })));
    stage.keys("?");
    assert_eq!(input(&stage), "?");
}

#[test]
fn a_draft_for_each_window() {
    let mut stage = Stage::in_lobby();
    stage.enter("#ops", &[("ada", "")]);
    stage.keys("half a thou<ctrl-n>");
    assert_eq!(input(&stage), "");
    stage.keys("<ctrl-p>ght");
    assert_eq!(input(&stage), "half a thought");
}

#[test]
fn completion() {
    let mut stage = Stage::in_lobby();
    stage.say("14:01", "linus", "hi");
    stage.come("leo");
    stage.keys("l<tab>");
    assert_eq!(input(&stage), "linus: ");
    stage.keys("<tab>");
    assert_eq!(input(&stage), "leo: ");
    stage.keys("<shift-tab><esc>");
    assert_eq!(input(&stage), "l");
    stage.keys("<ctrl-u>so g<tab>");
    assert_eq!(input(&stage), "so grace ");
    stage.keys("<ctrl-u>/wh<tab>");
    assert_eq!(input(&stage), "/who ");
    stage.keys("<ctrl-u>/inv<tab>k<tab>");
    assert_eq!(input(&stage), "/invite ken ");
    stage.keys("<ctrl-u>in #lo<tab>");
    assert_eq!(input(&stage), "in #lobby ");
}

#[test]
fn the_clock_is_asked_for_only_while_something_runs_out() {
    let mut stage = Stage::in_lobby();
    assert_eq!(moment::deadline(&stage.model), None);
    let typing = Event::Typing {
        target: "#lobby".into(),
        nick: "grace".into(),
        state: Typing::Active,
        at: stage.now,
    };
    stage.hear(typing);
    let until = moment::deadline(&stage.model);
    assert!(until.is_some() && stage.effects.contains(&Effect::WakeAt(until)));
    stage.now = until.unwrap();
    stage.effects.clear();
    stage.tell(Msg::Ticked);
    assert_eq!(stage.effects, [Effect::Draw, Effect::WakeAt(None)]);
    stage.effects.clear();
    stage.tell(Msg::Ticked);
    assert_eq!(stage.effects, [], "nothing changed, nothing is drawn");
}

#[test]
fn seconds_of_silence_are_counted_only_while_they_are_shown() {
    let mut stage = Stage::in_lobby();
    let since = stage.now;
    stage.now += 5_000;
    stage.hear(Event::Silent(Some(since)));
    assert_eq!(moment::deadline(&stage.model), Some(since + 6_000));
    stage.now += 1_000;
    stage.effects.clear();
    stage.tell(Msg::Ticked);
    let next = Effect::WakeAt(Some(since + 7_000));
    assert_eq!(stage.effects, [Effect::Draw, next]);
    stage.hear(Event::Silent(None));
    assert_eq!(moment::deadline(&stage.model), None);
}

#[test]
fn quitting() {
    let mut stage = Stage::in_lobby();
    stage.keys("draft<ctrl-c><ctrl-c>");
    assert!(!stage.model.is_over);
    stage.now += 10_000;
    stage.keys("<ctrl-c>");
    assert!(!stage.model.is_over, "the first was too long ago");
    stage.keys("<ctrl-c>");
    assert!(stage.model.is_over && stage.effects.contains(&Effect::Quit));

    let mut stage = Stage::in_lobby();
    stage.keys("<ctrl-c>def<enter>");
    assert_eq!(stage.model.toast, None, "the hint goes with what it says");
    stage.keys("<ctrl-c>");
    assert!(!stage.model.is_over, "something else was done between");

    let mut host = Stage::in_lobby();
    host.tell(Msg::HostStarted {
        invite: None,
        address: "127.0.0.1:6667".into(),
    });
    host.tell(Msg::HostGuestsChanged { count: 1 });
    host.keys("<ctrl-q><esc>");
    assert!(!host.model.is_over);
    host.keys("/quit<enter>");
    assert!(!host.model.is_over, "the command asks too");
    host.keys("<esc>");
    host.tell(Msg::HostGuestsChanged { count: 0 });
    host.keys("<ctrl-q>");
    assert!(
        host.model.overlay.is_some(),
        "grace, ken and linus are seen"
    );
    host.keys("y");
    assert!(host.model.is_over);
}

#[test]
fn the_mouse_does_what_keys_do() {
    let mut stage = Stage::in_lobby();
    stage.enter("#ops", &[("ada", "")]);
    stage.say("14:01", "grace", "hello");
    stage.picture(80, 24);
    let click = |stage: &mut Stage, column, row| {
        let kind = MouseEventKind::Down(MouseButton::Left);
        stage.point(kind, (column, row));
    };
    click(&mut stage, 2, 3);
    assert_eq!(stage.model.here().unwrap().name, "#ops");
    click(&mut stage, 2, 2);
    assert_eq!(stage.model.here().unwrap().name, "#lobby");
    click(&mut stage, 30, 20);
    assert!(stage.model.chosen.is_some());
    stage.keys("y");
    assert!(stage.effects.contains(&Effect::Copy("hello".into())));
    click(&mut stage, 70, 3);
    assert_eq!(stage.model.here().unwrap().name, "grace");
}

#[test]
fn who_is_away_stands_below() {
    let mut stage = Stage::in_lobby();
    let away = Event::AwayChanged {
        nick: "ada".into(),
        message: Some("x".into()),
    };
    stage.hear(away);
    let order: Vec<&Member> = stage.model.here().unwrap().roster.iter().collect();
    assert_eq!(order.last().map(|member| member.nick.as_str()), Some("ada"));
}

#[test]
fn who_goes_away_sees_it_in_the_list_too() {
    let mut stage = Stage::in_lobby();
    stage.hear(Event::OwnAwayChanged { is_away: true });
    let is_away = |stage: &Stage| {
        let roster = &stage.model.here().unwrap().roster;
        roster.get("ada").unwrap().is_away
    };
    assert!(is_away(&stage));
    stage.hear(Event::OwnAwayChanged { is_away: false });
    assert!(!is_away(&stage));
}

#[test]
fn a_taken_nick_is_told_where_one_comes_in() {
    let mut stage = Stage::new(Settings::default());
    stage.hear(Event::NickTaken {
        wanted: "ada".into(),
        now: "ada_".into(),
    });
    assert!(stage.model.toast.is_some());
    stage.connect(false);
    stage.enter("#lobby", &[("ada", "")]);
    assert!(
        stage.model.toast.is_none(),
        "what was said outside is over inside"
    );
    assert!(texts(&stage).concat().contains("You are ada_ for now"));
}
