//! Runs of the program with one local store: what an earlier run saw of a room is there, and nothing doubles.
//! The store is real, but in memory.

use proptest::prelude::{Strategy, any, prop, prop_assert, proptest};

use super::reader::{Reader, Step, fault};
use super::{MISSING, OPEN, first, texts};
use crate::model::scrollback::ENTRIES_MAX;
use crate::msg::Msg;
use crate::session::command::Command;
use crate::session::event::{Event, Message, OwnId};
use crate::session::gap::Gap;
use crate::session::link::{Connected, Facts, Link};
use crate::stage::shelf::Shelf;
use crate::stage::{Stage, ada, at, first_page, message, page};
use crate::store::Reply;

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

    let stage = stage.again();
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
    let mut stage = stage.again();
    stage.keys("/query ken<enter>");
    assert_eq!(texts(&stage)[0], "taken back by ken");
}

#[test]
fn what_came_since_is_filled_in_and_a_gap_stays_a_gap() {
    let mut stage = first();
    stage.say("14:01", "ken", "one");
    let mut stage = stage.again();
    stage.connect(false);
    stage.enter("#lobby", &[("ada", "")]);
    // A page that reaches back to what is kept.
    stage.hear(page(
        "#lobby",
        vec![ken("14:01", "one"), ken("14:05", "two")],
        None,
    ));
    assert_eq!(texts(&stage), ["ken: one", "ken: two"]);

    // A page that does not: in between something may be missing, in this run and the next.
    let mut stage = stage.again();
    stage.connect(false);
    stage.enter("#lobby", &[("ada", "")]);
    stage.sent();
    stage.hear(page("#lobby", vec![ken("14:30", "ten")], None));
    assert_eq!(texts(&stage), ["ken: one", "ken: two", MISSING, "ken: ten"]);
    let between = Command::HistoryBetween {
        target: "#lobby".into(),
        gap: Gap {
            before: Some(format!("ken-{}-3", at("14:30"))),
            ..Gap::between(at("14:05"), at("14:30"))
        },
        limit: 100,
        is_oldest: false,
    };
    assert_eq!(stage.sent(), std::slice::from_ref(&between));
    let mut stage = stage.again();
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
    stage.hear(page("#lobby", vec![ken("14:30", "ten")], None));
    let all = ["ken: one", "ken: two", "ken: three", "ken: ten"];
    assert_eq!(texts(&stage), all);
    assert_eq!(texts(&stage.again())[..4], all);
}

#[test]
fn a_store_that_answers_late_changes_nothing() {
    let mut stage = first();
    stage.say("14:01", "ken", "one");
    stage.say("14:02", "ken", "two");
    let mut shelf = stage.shelf.take().unwrap();
    shelf.is_slow = true;
    let mut stage = Stage::keeping(ada(), shelf);
    stage.connect(false);
    stage.enter("#lobby", &[("ada", "")]);
    let pages = vec![ken("14:02", "two"), ken("14:03", "three")];
    stage.hear(page("#lobby", pages, None));
    stage.say("14:04", "ken", "four");
    stage.deliver();
    let all = ["ken: one", "ken: two", "ken: three", "ken: four"];
    assert_eq!(texts(&stage), all);
    stage.shelf.as_mut().unwrap().is_slow = true;
    // And where the page does not reach back.
    let mut shelf = stage.shelf.take().unwrap();
    shelf.is_slow = true;
    let mut stage = Stage::keeping(ada(), shelf);
    stage.connect(false);
    stage.enter("#lobby", &[("ada", "")]);
    stage.hear(page("#lobby", vec![ken("14:30", "ten")], None));
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
    let mut stage = Stage::keeping(ada(), Shelf::new());
    plain(&mut stage);
    stage.hear(Event::Message(bare("14:01", "one")));
    stage.keys("mine<enter>");
    stage.hear(Event::Confirmed {
        own_id: OwnId(1),
        msgid: None,
        at: at("14:02"),
    });
    let mut stage = stage.again();
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
    assert_eq!(texts(&stage.again())[..4], all);
}

#[test]
fn a_break_stays_a_gap_where_the_server_keeps_nothing() {
    let mut stage = first();
    stage.hear(Event::Facts(Facts::default()));
    stage.say("14:01", "ken", "one");
    stage.lose_link();
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
    assert_eq!(said(&stage.again()), all, "in the next run, too");
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
    let mut stage = stage.again();
    assert_eq!(texts(&stage)[0], "ken: one");
    stage.keys("/clear kept<enter>");
    assert_eq!(texts(&stage.again()), [""; 0]);
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
    stage.hear(first_page("#lobby", Vec::new()));
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

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (0u8..10, 1u64..70).prop_map(|(sort, count)| match sort {
        0..=3 => Step::Said(count),
        4 => Step::Cut,
        5 | 6 => Step::Linked,
        7 => Step::Restarted,
        8 => Step::Top,
        _ => Step::Down,
    });
    prop::collection::vec(step, 1..25)
}

/// Plays them; what is wrong after the first step that left something wrong.
fn play(steps: impl IntoIterator<Item = Step>, is_slow: bool, together: u64) -> Option<String> {
    let mut reader = Reader::new();
    (reader.is_slow, reader.together) = (is_slow, together);
    steps.into_iter().find_map(|step| {
        reader.take(step);
        let fault = reader.fault()?;
        Some(format!("{step:?}: {fault}"))
    })
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
        Step::Cut,
        Step::Top,
        Step::Said(54),
        Step::Said(7),
        Step::Linked,
        Step::Down,
    ];
    assert_eq!(play(steps, false, 10), None);
}

#[test]
fn what_was_refused_after_it_counted_as_sent_is_not_kept_as_said() {
    let mut stage = first();
    stage.say("14:01", "ken", "one");
    stage.keys("mine<enter>another<enter>");
    for number in [1, 2] {
        stage.hear(Event::Confirmed {
            own_id: OwnId(number),
            msgid: None,
            at: stage.now + number,
        });
    }
    assert_eq!(
        stage.shelf.as_ref().unwrap().said(),
        ["one", "mine", "another"]
    );
    stage.hear(Event::Refused {
        own_id: OwnId(1),
        reason: "you may not write there".into(),
    });
    assert_eq!(stage.shelf.as_ref().unwrap().said(), ["one", "another"]);
    let stage = stage.again();
    assert_eq!(texts(&stage), ["ken: one", "ada: another", OPEN]);
}
