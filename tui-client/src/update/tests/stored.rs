//! Runs of the program with one local store: what an earlier run saw is there, and nothing doubles.
//! The store is real, but in memory.

use proptest::prelude::{Strategy, any, prop, prop_assert, proptest};

use super::texts;
use crate::effect::Effect;
use crate::entry::{Body, Delivery};
use crate::ids::NetworkId;
use crate::level::Level;
use crate::model::network::Settings;
use crate::model::overlay::Overlay;
use crate::model::scrollback::ENTRIES_MAX;
use crate::msg::Msg;
use crate::session::command::Command;
use crate::session::event::{Event, Kind, Message, Millis, OwnId};
use crate::session::gap::Gap;
use crate::session::link::{Connected, Facts, Link};
use crate::stage::{Shelf, Stage, at, message};
use crate::store::Reply;
use crate::window;

const OPEN: &str = "kept here; not up to date yet";
const MISSING: &str = "some messages may be missing here";

pub(super) fn settings() -> Settings {
    Settings {
        nick: "ada".into(),
        ..Settings::default()
    }
}

fn first() -> Stage {
    let mut stage = Stage::keeping(settings(), Shelf::new());
    stage.connect(false);
    stage.enter("#lobby", &[("ada", ""), ("ken", "")]);
    stage
}

/// The program ends and begins anew, without a link.
fn again(mut stage: Stage) -> Stage {
    let (now, shelf) = (stage.now, stage.shelf.take());
    let mut stage = Stage::keeping(settings(), shelf.unwrap());
    stage.now = now;
    stage
}

fn page(messages: Vec<Message>, is_complete: bool) -> Event {
    Event::History {
        target: "#lobby".into(),
        messages,
        is_complete,
        gap: None,
    }
}

fn ken(time: &str, text: &str) -> Message {
    message("#lobby", "ken", text, at(time))
}

#[test]
fn what_was_said_is_there_without_a_link_and_says_that_it_is_kept() {
    let mut stage = first();
    stage.say("14:01", "ken", "one");
    stage.say("14:02", "grace", "two");
    stage.keys("mine<enter>");
    stage.echo(1, "mine");
    let reacted = Event::Reacted {
        target: "#lobby".into(),
        msgid: ken("14:01", "one").msgid.unwrap(),
        nick: "grace".into(),
        reaction: "👍".into(),
        is_given: true,
    };
    stage.hear(reacted);
    let taken = Event::Redacted {
        target: "#lobby".into(),
        msgid: message("#lobby", "grace", "two", at("14:02"))
            .msgid
            .unwrap(),
        by: "grace".into(),
        reason: String::new(),
    };
    stage.hear(taken);

    let stage = again(stage);
    let shown = ["ken: one", "taken back by grace", "ada: mine", OPEN];
    assert_eq!(texts(&stage), shown);
    assert!(!stage.model.is_outside(), "no door hides it");
    let window = stage.model.here().unwrap();
    let one = window.scrollback.first().unwrap().as_said().unwrap();
    assert!(one.reactions.is_from("👍", |giver| giver == "grace"));
}

#[test]
fn what_is_taken_back_is_not_kept_though_its_window_is_closed() {
    let mut stage = first();
    let hush = message("ken", "ken", "hush", at("14:01"));
    stage.hear(Event::Message(hush.clone()));
    stage.keys("/query ken<enter>");
    assert_eq!(texts(&stage), ["ken: hush"]);
    stage.keys("/close<enter>");
    let taken = |target: &str| Event::Redacted {
        target: target.into(),
        msgid: hush.msgid.clone().unwrap(),
        by: "ken".into(),
        reason: String::new(),
    };
    stage.hear(taken("ken"));
    stage.hear(taken("nobody-we-know"));
    let mut stage = again(stage);
    stage.keys("/query ken<enter>");
    assert_eq!(texts(&stage)[0], "taken back by ken");
}

#[test]
fn what_came_since_is_filled_in_and_a_gap_stays_a_gap() {
    let mut stage = first();
    stage.say("14:01", "ken", "one");
    let mut stage = again(stage);
    stage.connect(false);
    stage.enter("#lobby", &[("ada", "")]);
    // A page that reaches back to what is kept.
    stage.hear(page(vec![ken("14:01", "one"), ken("14:05", "two")], false));
    assert_eq!(texts(&stage), ["ken: one", "ken: two"]);

    // A page that does not: in between something may be missing, in this run and the next.
    let mut stage = again(stage);
    stage.connect(false);
    stage.enter("#lobby", &[("ada", "")]);
    stage.sent();
    stage.hear(page(vec![ken("14:30", "ten")], false));
    assert_eq!(texts(&stage), ["ken: one", "ken: two", MISSING, "ken: ten"]);
    let between = Command::HistoryBetween {
        target: "#lobby".into(),
        gap: Gap {
            before: Some(format!("ken-{}-3", at("14:30"))),
            ..Gap::between(at("14:05"), at("14:30"))
        },
        limit: 100,
    };
    assert_eq!(stage.sent(), std::slice::from_ref(&between));
    let mut stage = again(stage);
    assert_eq!(texts(&stage)[2..], [MISSING, "ken: ten", OPEN]);
    stage.connect(false);
    assert_eq!(stage.sent().last(), Some(&between), "seen, it is asked for");
    let filled = Event::History {
        target: "#lobby".into(),
        messages: vec![ken("14:10", "three")],
        is_complete: false,
        gap: Some(Gap::between(at("14:05"), at("14:30"))),
    };
    stage.hear(filled);
    stage.enter("#lobby", &[("ada", "")]);
    stage.hear(page(vec![ken("14:30", "ten")], false));
    let all = ["ken: one", "ken: two", "ken: three", "ken: ten"];
    assert_eq!(texts(&stage), all);
    assert_eq!(texts(&again(stage))[..4], all);
}

fn whispers(messages: Vec<Message>) -> Event {
    Event::History {
        target: "ken".into(),
        messages,
        is_complete: false,
        gap: None,
    }
}

fn whisper(source: &str, time: &str, text: &str) -> Message {
    message("ken", source, text, at(time))
}

#[test]
fn who_wrote_while_parlor_did_not_run_is_told_of_once() {
    let mut stage = first();
    stage.say("14:01", "ken", "one");
    stage.hear(Event::Message(whisper("ken", "14:02", "psst")));
    let mut stage = again(stage);
    let until = Command::HeardUntil { at: at("14:02") };
    assert!(stage.sent().contains(&until));
    stage.connect(false);
    stage.tell(Msg::Unfocused);
    stage.effects.clear();
    let missed = vec![
        whisper("ken", "15:00", "are you there?"),
        whisper("ken", "15:01", "call me"),
    ];
    stage.hear(whispers(missed.clone()));
    assert!(stage.effects.contains(&Effect::Ring));
    assert!(
        stage
            .effects
            .contains(&Effect::Notify("ken: call me".into()))
    );
    let talk = |stage: &Stage| stage.model.named(NetworkId::FIRST, "ken").cloned().unwrap();
    assert_eq!(
        talk(&stage).unread,
        3,
        "nobody has looked at the first either"
    );
    stage.effects.clear();
    stage.hear(whispers(missed));
    assert_eq!(talk(&stage).unread, 3);
    assert!(!stage.effects.contains(&Effect::Ring));
    assert!(
        again(stage)
            .sent()
            .contains(&Command::HeardUntil { at: at("15:01") })
    );
}

#[test]
fn a_server_that_kept_nothing_of_a_conversation_ends_the_doubt() {
    let mut stage = first();
    stage.hear(Event::Message(whisper("ken", "14:02", "psst")));
    let mut stage = again(stage);
    stage.connect(false);
    stage.keys("/window ken<enter>");
    assert!(
        texts(&stage).contains(&OPEN.to_owned()),
        "{:?}",
        texts(&stage)
    );
    let asked = stage.sent();
    let is_newest = |command: &Command| matches!(command, Command::HistoryLatest { .. });
    assert!(asked.iter().any(is_newest), "{asked:?}");
    stage.hear(Event::History {
        target: "ken".into(),
        messages: Vec::new(),
        is_complete: true,
        gap: None,
    });
    assert_eq!(texts(&stage), ["ken: psst"]);
}

#[test]
fn what_was_read_or_answered_elsewhere_calls_nobody() {
    let read = Event::ReadElsewhere {
        target: "ken".into(),
        at: at("15:01"),
    };
    let answered = whisper("ada", "15:02", "here");
    for (first, messages) in [(Some(read), Vec::new()), (None, vec![answered])] {
        let mut stage = again(self::first());
        stage.connect(false);
        stage.effects.clear();
        if let Some(event) = first {
            stage.hear(event);
        }
        let mut all = vec![whisper("ken", "15:00", "are you there?")];
        all.extend(messages);
        stage.hear(whispers(all));
        let talk = stage.model.named(NetworkId::FIRST, "ken").unwrap();
        assert_eq!(talk.unread, 0);
        assert!(!stage.effects.contains(&Effect::Ring));
    }
}

#[test]
fn notices_that_were_missed_open_no_conversation() {
    let mut stage = first();
    let notice = Message {
        kind: Kind::Notice,
        ..whisper("ken", "15:00", "you are identified")
    };
    stage.hear(whispers(vec![notice]));
    assert!(stage.model.named(NetworkId::FIRST, "ken").is_none());
}

#[test]
fn a_store_that_answers_late_changes_nothing() {
    let mut stage = first();
    stage.say("14:01", "ken", "one");
    stage.say("14:02", "ken", "two");
    let mut shelf = stage.shelf.take().unwrap();
    shelf.is_slow = true;
    let mut stage = Stage::keeping(settings(), shelf);
    stage.connect(false);
    stage.enter("#lobby", &[("ada", "")]);
    let pages = vec![ken("14:02", "two"), ken("14:03", "three")];
    stage.hear(page(pages, false));
    stage.say("14:04", "ken", "four");
    stage.deliver();
    let all = ["ken: one", "ken: two", "ken: three", "ken: four"];
    assert_eq!(texts(&stage), all);
    stage.shelf.as_mut().unwrap().is_slow = true;
    // And where the page does not reach back.
    let mut shelf = stage.shelf.take().unwrap();
    shelf.is_slow = true;
    let mut stage = Stage::keeping(settings(), shelf);
    stage.connect(false);
    stage.enter("#lobby", &[("ada", "")]);
    stage.hear(page(vec![ken("14:30", "ten")], false));
    stage.deliver();
    assert_eq!(texts(&stage)[3..], ["ken: four", MISSING, "ken: ten"]);
}

#[test]
fn a_server_without_history_leaves_a_gap_that_nobody_asks_about() {
    let plain = |stage: &mut Stage| {
        stage.hear(Event::Facts(Facts::default()));
        stage.hear(Event::Link(Link::Connected(Connected {
            nick: "ada".into(),
            is_encrypted: false,
            server: "irc.example".into(),
            network: String::new(),
            has_echo: false,
        })));
        stage.enter("#lobby", &[("ada", "")]);
    };
    let bare = |time: &str, text: &str| Message {
        msgid: None,
        ..ken(time, text)
    };
    let mut stage = Stage::keeping(settings(), Shelf::new());
    plain(&mut stage);
    stage.hear(Event::Message(bare("14:01", "one")));
    stage.keys("mine<enter>");
    stage.hear(Event::Confirmed {
        own_id: OwnId(1),
        msgid: None,
        at: at("14:02"),
    });
    let mut stage = again(stage);
    assert_eq!(texts(&stage), ["ken: one", "ada: mine", OPEN]);
    stage.now = at("14:10");
    stage.sent();
    plain(&mut stage);
    // A bouncer plays back what was heard already, and more.
    stage.hear(Event::Message(bare("14:01", "one")));
    stage.hear(Event::Message(bare("14:20", "two")));
    let all = ["ken: one", "ada: mine", MISSING, "ken: two"];
    assert_eq!(texts(&stage), all);
    let asks = |command: &Command| matches!(command, Command::HistoryBetween { .. });
    assert!(!stage.sent().iter().any(asks));
    assert_eq!(texts(&again(stage))[..4], all);
}

#[test]
fn older_pages_come_from_the_store_and_then_from_the_server() {
    let mut stage = first();
    let many = (0..250).map(|number| {
        let mut one = message("#lobby", "ken", "", at("13:00") + number);
        one.text = format!("line {number}.");
        one.msgid = Some(format!("m{number}"));
        one
    });
    for one in many {
        stage.hear(Event::Message(one));
    }
    let mut stage = again(stage);
    stage.picture(80, 24);
    assert_eq!(texts(&stage).len(), 101);
    stage.keys("<ctrl-home>");
    assert_eq!(texts(&stage)[0], "ken: line 50.");
    stage.keys("<ctrl-home>");
    assert_eq!(texts(&stage)[0], "ken: line 0.");
    assert_eq!(texts(&stage).len(), 251, "each once");
    stage.connect(false);
    stage.sent();
    stage.keys("<ctrl-home>");
    let asks = |command: &Command| {
        let first = Some("m0");
        matches!(command, Command::HistoryBefore { msgid, .. } if msgid.as_deref() == first)
    };
    assert!(stage.sent().iter().any(asks));
}

#[test]
fn one_scrolls_further_than_a_window_holds_and_comes_back() {
    let mut stage = first();
    let all = ENTRIES_MAX as u64 + 500;
    for number in 0..all {
        let mut one = message("#lobby", "ken", "", at("10:00") + number);
        one.text = number.to_string();
        one.msgid = Some(format!("m{number}"));
        stage.hear(Event::Message(one));
    }
    stage.picture(80, 24);
    for _ in 0..8 {
        stage.keys("<ctrl-home>");
    }
    // At last the server is asked, and has nothing older.
    stage.hear(page(Vec::new(), true));
    assert_eq!(fault(&stage), None);
    assert_eq!(texts(&stage)[0], "ken: 0");
    assert_eq!(texts(&stage).last().unwrap(), MISSING);
    stage.say("14:30", "ken", &all.to_string());
    for _ in 0..4 {
        stage.keys("<ctrl-end>");
        assert_eq!(fault(&stage), None);
    }
    let last: Vec<String> = (all - 50..=all)
        .map(|number| format!("ken: {number}"))
        .collect();
    let shown = texts(&stage);
    assert_eq!(shown[shown.len() - last.len()..], last);
}

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
        ..settings()
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
    let stage = again(stage);
    assert!(stage.model.network().ignored.is_empty());
}

#[test]
fn conversations_are_open_again_until_they_are_closed() {
    let mut stage = first();
    stage.hear(Event::Message(whisper("ken", "14:02", "psst")));
    stage.keys("/msg troll<enter>/close<enter>/msg ken<enter>");
    let mut stage = again(stage);
    let here = stage.model.here().unwrap();
    assert_eq!(
        (here.name.as_str(), here.kind),
        ("ken", window::Kind::Person)
    );
    assert!(stage.model.named(NetworkId::FIRST, "troll").is_none());
    stage.keys("/close<enter>");
    let stage = again(stage);
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
    let mut stage = again(again(stage));
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
    let mut stage = again(stage);
    assert_eq!(entered(&mut stage), ["#lobby"]);
    assert!(stage.model.named(NetworkId::FIRST, "#ops").is_none());
}

#[test]
fn who_is_not_let_in_once_tries_again_at_the_next_start() {
    let mut stage = first();
    stage.enter("#ops", &[("ada", ""), ("ken", "")]);
    let mut stage = again(stage);
    assert_eq!(entered(&mut stage), ["#lobby", "#ops"]);
    stage.hear(Event::JoinRefused {
        room: "#ops".into(),
        reason: "only for those who are logged in".into(),
    });
    stage.keys("<esc>");
    let mut stage = again(stage);
    assert_eq!(entered(&mut stage), ["#lobby", "#ops"]);
    stage.hear(Event::JoinRefused {
        room: "#ops".into(),
        reason: "only for those who are logged in".into(),
    });
    stage.keys("/window #ops<enter>/close<enter>");
    let mut stage = again(stage);
    assert_eq!(entered(&mut stage), ["#lobby"]);
}

#[test]
fn a_store_that_opens_after_the_link_enters_them_as_well() {
    let mut stage = first();
    stage.enter("#ops", &[("ada", ""), ("ken", "")]);
    let (now, shelf) = (stage.now, stage.shelf.take().unwrap());
    let opened = shelf.opened();
    let mut stage = Stage::new(settings());
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
fn what_is_said_in_a_room_that_was_empty_at_the_end_of_a_run_is_unread() {
    let mut stage = first();
    stage.enter("#side", &[("ada", ""), ("ken", "")]);
    let side = |messages: Vec<Message>, is_complete, gap| Event::History {
        target: "#side".into(),
        messages,
        is_complete,
        gap,
    };
    stage.hear(side(Vec::new(), true, None));
    stage.keys("<ctrl-q>");
    let mut stage = again(stage);
    stage.connect(false);
    stage.enter("#side", &[("ada", ""), ("ken", "")]);
    stage.keys("/window lobby<enter>");
    stage.sent();
    let said = |text: &str, time: &str| message("#side", "ken", text, at(time));
    stage.hear(side(
        vec![said("ada: and?", "15:00"), said("so", "15:01")],
        false,
        None,
    ));
    let counts = |stage: &Stage| {
        let side = stage.model.named(NetworkId::FIRST, "#side").unwrap();
        (side.unread, side.mentions)
    };
    assert_eq!(counts(&stage), (2, 1));
    // What is further back is unread as well, and asked for.
    let asked = stage.sent().into_iter().find_map(|command| match command {
        Command::HistoryBetween { gap, .. } => Some(gap),
        _ => None,
    });
    assert!(asked.is_some());
    stage.hear(side(vec![said("first of all", "14:59")], true, asked));
    assert_eq!(counts(&stage), (3, 1));
}

#[test]
fn who_wants_to_start_outside_sees_the_rooms_and_is_in_none() {
    let mut stage = first();
    stage.enter("#ops", &[("ada", ""), ("ken", "")]);
    let mut stage = again(stage);
    let first = stage.model.networks.get_mut(NetworkId::FIRST);
    first.settings.join_at_start = false;
    assert_eq!(entered(&mut stage), [""; 0]);
    assert!(stage.model.named(NetworkId::FIRST, "#ops").is_some());
}

#[test]
fn who_writes_again_in_a_conversation_that_is_open_again_rings_once() {
    let mut stage = first();
    stage.hear(Event::Message(whisper("ken", "14:02", "psst")));
    stage.keys("/msg ken<enter>/window lobby<enter>");
    let mut stage = again(stage);
    let unread = |stage: &Stage| {
        let talk = stage.model.named(NetworkId::FIRST, "ken");
        talk.unwrap().unread
    };
    assert_eq!(unread(&stage), 0, "it was looked at");
    stage.connect(false);
    stage.tell(Msg::Unfocused);
    stage.effects.clear();
    let missed = vec![whisper("ken", "15:00", "are you there?")];
    stage.hear(whispers(missed.clone()));
    assert_eq!(unread(&stage), 1);
    assert!(stage.effects.contains(&Effect::Ring));
    stage.effects.clear();
    stage.hear(whispers(missed));
    assert_eq!(unread(&stage), 1);
    assert!(!stage.effects.contains(&Effect::Ring));
}

#[test]
fn a_password_in_a_command_is_never_kept() {
    let mut stage = first();
    stage.keys("hello<enter>/login ada hunter2<enter>/password hunter2");
    let mut stage = again(stage);
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
    let mut stage = again(stage);
    stage.keys("<up>");
    assert_eq!(stage.model.here().unwrap().input.text(), "/raw VERSION");
    stage.keys("<up>");
    assert_eq!(stage.model.here().unwrap().input.text(), "hello");
}

#[test]
fn what_is_found_offline_stands_in_one_list_and_is_gone_to() {
    let mut stage = first();
    for number in 0..300u64 {
        let mut one = message("#lobby", "ken", "", at("13:00") + number);
        one.text = format!("line {number}.");
        one.msgid = Some(format!("m{number}"));
        stage.hear(Event::Message(one));
    }
    let mut stage = again(stage);
    stage.picture(80, 24);
    stage.keys("/search line<enter>");
    let Some(Overlay::Picker(picker)) = &stage.model.overlay else {
        panic!("{:?}", stage.model.overlay);
    };
    let labels: Vec<&str> = picker.rows.iter().map(|row| row.label.as_str()).collect();
    let newest: Vec<String> = (100..300)
        .rev()
        .map(|n| format!("ken: line {n}."))
        .collect();
    assert_eq!(labels, newest, "once each, newest first");
    // The server finds them, too, when there is a link; they stay single.
    stage.keys("<esc>");
    stage.keys("/search line 7.<enter>");
    stage.keys("<enter>");
    let chosen = stage.model.chosen.unwrap();
    let window = stage.model.here().unwrap();
    let at = window.scrollback.index_of(chosen).unwrap();
    assert_eq!(window.scrollback.get(at).unwrap().rich.text, "line 7.");
    // Between that page and the newest ones the store fills the gap on sight.
    assert_eq!(texts(&stage)[0], "ken: line 0.");
    assert!(texts(&stage).contains(&MISSING.to_owned()));
    for _ in 0..40 {
        stage.keys("<pagedown>");
    }
    let expected: Vec<String> = (0..300).map(|n| format!("ken: line {n}.")).collect();
    assert_eq!(texts(&stage)[..300], expected);
}

#[test]
fn find_goes_on_in_the_store() {
    let mut stage = first();
    for number in 0..300u64 {
        let mut one = message("#lobby", "ken", "", at("13:00") + number);
        one.text = format!("line {number}.");
        one.msgid = Some(format!("m{number}"));
        stage.hear(Event::Message(one));
    }
    let mut stage = again(stage);
    stage.picture(80, 24);
    stage.keys("<ctrl-f>LINE 42.");
    let hit = |stage: &Stage| {
        let line = stage.model.find.as_ref().unwrap().hit?;
        let window = stage.model.here().unwrap();
        let at = window.scrollback.index_of(line)?;
        Some(window.scrollback.get(at)?.rich.text.clone())
    };
    assert_eq!(hit(&stage).as_deref(), Some("line 42."));
    stage.keys("<ctrl-u>line 999.");
    assert_eq!(hit(&stage), None);
    assert!(stage.model.find.as_ref().unwrap().is_missing);
}

#[test]
fn a_store_that_fails_is_told_of_and_missed_by_nobody() {
    let mut stage = first();
    stage.say("14:01", "ken", "one");
    stage.tell(Msg::Stored(Reply::Failed("The disk is full.".into())));
    assert!(stage.picture(80, 24).contains("The disk is full."));
    stage.say("14:02", "ken", "two");
    stage.sent();
    stage.keys("<ctrl-home>");
    assert!(matches!(stage.sent()[..], [Command::HistoryBefore { .. }]));
    let server = stage.model.windows.last().unwrap();
    let text = server.scrollback.iter().last().unwrap().rich.text.clone();
    assert_eq!(text, "The disk is full.");
    assert_eq!(texts(&stage), ["ken: one", "ken: two"]);
}

#[test]
fn clear_empties_the_screen_and_what_is_kept_only_when_told_to() {
    let mut stage = first();
    stage.say("14:01", "ken", "one");
    stage.keys("/clear<enter>");
    assert_eq!(texts(&stage), [""; 0]);
    let mut stage = again(stage);
    assert_eq!(texts(&stage)[0], "ken: one");
    stage.keys("/clear kept<enter>");
    assert_eq!(texts(&again(stage)), [""; 0]);
}

#[test]
fn a_break_stays_a_gap_where_the_server_keeps_nothing() {
    let mut stage = first();
    stage.hear(Event::Facts(Facts::default()));
    stage.say("14:01", "ken", "one");
    stage.hear(Event::Link(Link::Lost {
        reason: "gone".into(),
        retry_at: 0,
        attempt: 1,
    }));
    stage.now = at("14:10");
    stage.hear(Event::Link(Link::Connected(Connected {
        nick: "ada".into(),
        is_encrypted: false,
        server: "old.example".into(),
        network: "Old".into(),
        has_echo: false,
    })));
    stage.enter("#lobby", &[("ada", ""), ("ken", "")]);
    stage.say("14:11", "ken", "two");
    let said = |stage: &Stage| {
        let texts = texts(stage).into_iter();
        let said = texts.filter(|text| text.starts_with("ken") || text == MISSING);
        said.collect::<Vec<_>>()
    };
    let all = ["ken: one", MISSING, "ken: two"];
    assert_eq!(said(&stage), all);
    assert_eq!(said(&again(stage)), all, "in the next run, too");
}

/// What happens to somebody who reads a room.
#[derive(Clone, Copy, Debug)]
enum Step {
    Said(u64),
    Broke,
    Linked,
    Restarted,
    Up,
    Down,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (0u8..10, 1u64..70).prop_map(|(sort, count)| match sort {
        0..=3 => Step::Said(count),
        4 => Step::Broke,
        5 | 6 => Step::Linked,
        7 => Step::Restarted,
        8 => Step::Up,
        _ => Step::Down,
    });
    prop::collection::vec(step, 1..25)
}

/// A room's log on the server, and a session that does as the real one: pages of a few messages.
pub(super) struct Room {
    pub(super) log: Vec<Message>,
    pub(super) is_linked: bool,
    pub(super) seen: Option<Millis>,
    /// So many are said in one millisecond.
    pub(super) together: u64,
}

const ROOM_PAGE: usize = 20;

impl Room {
    pub(super) fn say(&mut self, stage: &mut Stage, count: u64) {
        for _ in 0..count {
            let number = self.log.len() as u64;
            let mut one = message("#lobby", "ken", "", at("10:00") + number / self.together);
            one.text = number.to_string();
            one.msgid = Some(format!("m{number}"));
            self.log.push(one.clone());
            if self.is_linked {
                self.seen = Some(one.at);
                stage.hear(Event::Message(one));
                self.serve(stage);
            }
        }
    }

    pub(super) fn link(&mut self, stage: &mut Stage) {
        if std::mem::replace(&mut self.is_linked, true) {
            return;
        }
        stage.connect(false);
        stage.enter("#lobby", &[("ada", "")]);
        let since = self.seen;
        self.seen = self.log.last().map(|one| one.at).or(self.seen);
        let newest = self.log.iter().filter(|one| Some(one.at) >= since);
        let (page, is_full) = last(newest);
        let first = page.first().cloned();
        tell_page(stage, page, !is_full && since.is_none(), None);
        if let (true, Some(since), Some(first)) = (is_full, since, first) {
            missing(stage, since, &first);
        }
        self.serve(stage);
    }

    /// How many messages stand before this one.
    fn place(&self, msgid: Option<&str>) -> Option<usize> {
        let place = |msgid| {
            let mut log = self.log.iter();
            log.position(|one| one.msgid.as_deref() == Some(msgid))
        };
        msgid.and_then(place)
    }

    /// Answers what is asked, until nothing is.
    pub(super) fn serve(&self, stage: &mut Stage) {
        for _ in 0..200 {
            let asked = stage.sent();
            if asked.is_empty() || !self.is_linked {
                return;
            }
            for command in asked {
                match command {
                    Command::HistoryBefore { msgid, .. } => {
                        let place = self.place(msgid.as_deref()).unwrap();
                        let (page, is_full) = last(self.log.iter().take(place));
                        tell_page(stage, page, !is_full, None);
                    }
                    Command::HistoryBetween { gap, .. } => {
                        let place = self.place(gap.before.as_deref());
                        let all = self.log.iter().take(place.unwrap_or(usize::MAX));
                        let is_in = |one: &&Message| one.at >= gap.since && one.at <= gap.until;
                        let (page, is_full) = last(all.filter(is_in));
                        let first = page.first().cloned();
                        let since = gap.since;
                        tell_page(stage, page, false, Some(gap));
                        if let (true, Some(first)) = (is_full, first) {
                            missing(stage, since, &first);
                        }
                    }
                    _ => {}
                }
            }
        }
        panic!("it asks without end");
    }
}

/// The last of these as a page, and whether it is full.
fn last<'a>(all: impl Iterator<Item = &'a Message>) -> (Vec<Message>, bool) {
    let mut page: Vec<Message> = all.cloned().collect();
    page.drain(..page.len().saturating_sub(ROOM_PAGE));
    let is_full = page.len() == ROOM_PAGE;
    (page, is_full)
}

fn tell_page(stage: &mut Stage, messages: Vec<Message>, is_complete: bool, gap: Option<Gap>) {
    stage.hear(Event::History {
        target: "#lobby".into(),
        messages,
        is_complete,
        gap,
    });
}

fn missing(stage: &mut Stage, since: Millis, first: &Message) {
    let gap = Gap {
        before: first.msgid.clone(),
        ..Gap::between(since, first.at)
    };
    stage.hear(Event::GapFound {
        target: "#lobby".into(),
        gap,
    });
}

/// What is wrong with what a window shows of a log, if anything.
pub(super) fn fault(stage: &Stage) -> Option<String> {
    let window = stage.model.named(NetworkId::FIRST, "#lobby")?;
    let mut last: Option<u64> = None;
    let mut is_gap = false;
    for entry in window.scrollback.iter() {
        match &entry.body {
            Body::Gap { .. } => is_gap = true,
            Body::Said(said) if said.delivery != Some(Delivery::Sending) => {
                let number: u64 = said.raw.parse().unwrap();
                let is_next = last.is_none_or(|last| number == last + 1);
                let is_later = last.is_none_or(|last| number > last);
                if !is_later || (!is_next && !is_gap) {
                    return Some(format!("{number} after {last:?}, gap: {is_gap}"));
                }
                (last, is_gap) = (Some(number), false);
            }
            _ => {}
        }
    }
    None
}

/// Plays them; what is wrong after the first step that left something wrong.
fn play(steps: impl IntoIterator<Item = Step>, is_slow: bool, together: u64) -> Option<String> {
    let mut stage = Stage::keeping(settings(), Shelf::new());
    let mut room = Room {
        log: Vec::new(),
        is_linked: false,
        seen: None,
        together,
    };
    stage.picture(80, 24);
    for step in steps {
        match step {
            Step::Said(count) => room.say(&mut stage, count),
            Step::Broke if room.is_linked => {
                room.is_linked = false;
                stage.hear(Event::Link(Link::Lost {
                    reason: "gone".into(),
                    retry_at: 0,
                    attempt: 1,
                }));
                stage.sent();
            }
            Step::Broke => {}
            Step::Linked => room.link(&mut stage),
            Step::Restarted => {
                let mut shelf = stage.shelf.take().unwrap();
                shelf.is_slow = is_slow;
                stage = Stage::keeping(settings(), shelf);
                stage.picture(80, 24);
                (room.is_linked, room.seen) = (false, None);
                if is_slow {
                    room.link(&mut stage);
                    stage.deliver();
                    room.serve(&mut stage);
                }
            }
            Step::Up => {
                stage.keys("<ctrl-home>");
                room.serve(&mut stage);
            }
            Step::Down => {
                stage.keys("<pagedown>");
                room.serve(&mut stage);
            }
        }
        if let Some(fault) = fault(&stage) {
            return Some(format!("{step:?}: {fault}"));
        }
    }
    None
}

proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(64))]

    // A page holds what was said in one millisecond, as it does on servers.
    #[test]
    fn store_and_history_never_double_reorder_or_hide_a_gap(
        steps in steps(), is_slow in any::<bool>(), together in 1u64..12
    ) {
        let fault = play(steps, is_slow, together);
        prop_assert!(fault.is_none(), "{fault:?}");
    }
}

#[test]
fn what_came_in_the_millisecond_in_which_the_link_broke_is_no_gap_nor_lost() {
    let steps = [
        Step::Said(19),
        Step::Linked,
        Step::Said(15),
        Step::Broke,
        Step::Up,
        Step::Said(54),
        Step::Said(7),
        Step::Linked,
        Step::Down,
    ];
    assert_eq!(play(steps, false, 10), None);
}
