//! Without a link: older pages, search and find go on in what is kept on this machine.
//! The store is real, but in memory.

use super::{MISSING, first, texts};
use crate::model::overlay::Overlay;
use crate::session::command::Command;
use crate::session::event::Event;
use crate::stage::{Stage, at, message};

/// The run after one in which so many lines were said.
fn after(count: u64) -> Stage {
    let mut stage = first();
    for number in 0..count {
        let mut one = message("#lobby", "ken", "", at("13:00") + number);
        one.text = format!("line {number}.");
        one.msgid = Some(format!("m{number}"));
        stage.hear(Event::Message(one));
    }
    let mut stage = stage.again();
    stage.picture(80, 24);
    stage
}

#[test]
fn older_pages_come_from_the_store_and_then_from_the_server() {
    let mut stage = after(250);
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
fn what_is_found_offline_stands_in_one_list_and_is_gone_to() {
    let mut stage = after(300);
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
    let mut stage = after(300);
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
