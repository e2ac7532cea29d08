//! What fails: it stands at its time, can be tried again, and hides nothing.
//! It must never look at cells; the screens have their own tests.

use super::{input, texts};
use crate::msg::Msg;
use crate::session::command::Command;
use crate::session::event::{Event, Message, OwnId};
use crate::stage::{Stage, at, message};

#[test]
fn a_failed_message_is_tried_again() {
    let mut stage = Stage::in_lobby();
    stage.keys("hey<enter>");
    stage.hear(Event::Refused {
        own_id: OwnId(1),
        reason: "no".into(),
    });
    stage.sent();
    stage.keys("<ctrl-up>r");
    let again = stage.sent();
    assert!(
        matches!(&again[..], [Command::Say(out)] if out.own_id == OwnId(1) && out.text == "hey")
    );
    stage.hear(Event::Confirmed {
        own_id: OwnId(1),
        msgid: Some("m".into()),
        at: at("14:03"),
    });
    assert_eq!(texts(&stage), ["ada: hey"]);
}

#[test]
fn what_failed_stands_at_its_time_and_hides_nothing_that_follows() {
    let mut stage = Stage::in_lobby();
    stage.keys("first<enter>second<enter>third<enter>");
    for number in 1..=2 {
        stage.hear(Event::Refused {
            own_id: OwnId(number),
            reason: "the room is quiet".into(),
        });
    }
    stage.say("14:04", "ben", "ada: are you there?");
    let order = [
        "ada: first",
        "ada: second",
        "ben: ada: are you there?",
        "ada: third",
    ];
    assert_eq!(texts(&stage), order, "what is being sent stays at the end");
    stage.echo(3, "third");
    stage.hear(Event::History {
        target: "#lobby".into(),
        messages: vec![message("#lobby", "eve", "later still", at("14:05"))],
        is_complete: false,
        gap: None,
    });
    assert_eq!(texts(&stage).last().unwrap(), "eve: later still");
    let picture = stage.picture(40, 12);
    assert!(picture.contains("later still"), "{picture}");
    // Tried again, it waits below all; and what is let go leaves nothing.
    stage.keys("<ctrl-up><ctrl-up><ctrl-up><ctrl-up><ctrl-up>r");
    assert_eq!(texts(&stage).last().unwrap(), "ada: first");
    stage.echo(1, "first");
    stage.keys("<esc><ctrl-up><ctrl-up><ctrl-up><ctrl-up><ctrl-up>d");
    let left = texts(&stage);
    assert!(!left.contains(&"ada: second".to_owned()), "{left:?}");
    assert_eq!(left.len(), 4, "{left:?}");
}

#[test]
fn what_failed_in_an_earlier_run_stands_where_it_was_written() {
    let mut stage = Stage::in_lobby();
    stage.say("14:04", "ben", "newest");
    stage.hear(Event::Waiting(Message {
        is_own: true,
        own_id: Some(OwnId(1 << 63)),
        ..message("#lobby", "ada", "failed long ago", at("13:30"))
    }));
    stage.hear(Event::Refused {
        own_id: OwnId(1 << 63),
        reason: "the room is quiet".into(),
    });
    stage.hear(Event::History {
        target: "#lobby".into(),
        messages: vec![
            message("#lobby", "eve", "before", at("13:29")),
            message("#lobby", "eve", "after", at("13:31")),
        ],
        is_complete: false,
        gap: None,
    });
    let order = [
        "eve: before",
        "ada: failed long ago",
        "eve: after",
        "ben: newest",
    ];
    assert_eq!(texts(&stage), order);
}

#[test]
fn what_was_refused_after_it_counted_as_sent_has_failed() {
    let mut stage = Stage::in_lobby();
    stage.keys("/msg nobody hello<enter>");
    let sent = stage.sent().into_iter().find_map(|command| match command {
        Command::Say(outgoing) => Some(outgoing.own_id),
        _ => None,
    });
    let own_id = sent.unwrap();
    let now = stage.now;
    stage.hear(Event::Confirmed {
        own_id,
        msgid: None,
        at: now,
    });
    let reason = "nobody of that name is here".to_owned();
    stage.hear(Event::Refused { own_id, reason });
    let picture = stage.picture(80, 24);
    assert!(picture.contains("nobody of that name is here"), "{picture}");
    stage.keys("<ctrl-up>r");
    let again = stage.sent();
    assert!(
        again
            .iter()
            .any(|command| matches!(command, Command::Say(one) if one.own_id == own_id)),
        "{again:?}"
    );
}

#[test]
fn words_at_the_door_stay_and_it_is_told_why() {
    let mut stage = Stage::in_lobby();
    stage.say("14:00", "grace", "hi");
    let at = stage.now;
    let kick = |stage: &mut Stage| {
        stage.hear(Event::Kicked {
            room: "#lobby".into(),
            nick: "ada".into(),
            by: "grace".into(),
            reason: "enough".into(),
            is_own: true,
            at,
        });
    };
    kick(&mut stage);
    for before in ["", "<pageup>"] {
        stage.keys(before);
        stage.sent();
        stage.keys("why?<enter>");
        let sent = stage.sent();
        let is_word = |command: &Command| matches!(command, Command::Say(_));
        assert!(!sent.iter().any(is_word), "{before}: {sent:?}");
        assert_eq!(input(&stage), "why?", "{before}");
        let picture = stage.picture(80, 24);
        assert!(picture.contains("outside this room"), "{picture}");
        stage.keys("<ctrl-u>");
    }
}

/// What the row of a window says, and the lowest line.
fn row(stage: &mut Stage, name: &str) -> (String, String) {
    let picture = stage.picture(80, 24);
    let mut rows = picture.lines().filter_map(|line| line.split_once('│'));
    let row = rows.find_map(|(row, _)| Some(row.trim()).filter(|row| row.contains(name)));
    let row = row.unwrap().to_owned();
    (row, picture.lines().last().unwrap().to_owned())
}

fn refuse(stage: &mut Stage, number: u64) {
    stage.hear(Event::Refused {
        own_id: OwnId(number),
        reason: "the room is quiet".into(),
    });
}

#[test]
fn what_was_not_sent_is_counted_until_it_is_sent_or_forgotten() {
    let mut stage = Stage::in_lobby();
    stage.enter("#ops", &[("ada", "")]);
    stage.keys("/window #ops<enter>one<enter>two<enter>three<enter><alt-1>");
    assert_eq!(row(&mut stage, "#ops").0, "#ops", "they are on their way");
    for number in 1..=3 {
        refuse(&mut stage, number);
    }
    stage.now += 5_000;
    stage.tell(Msg::Ticked);
    let (ops, footer) = row(&mut stage, "#ops");
    assert_eq!(ops, "#ops        !3");
    assert!(footer.contains("F6 not sent"), "{footer}");
    assert!(footer.ends_with("3 not sent · connected"), "{footer}");
    // The key goes to the first of them, where it can be tried again, or forgotten.
    stage.keys("<f6>");
    assert_eq!(stage.chosen().as_deref(), Some("one"));
    stage.keys("r");
    let (ops, footer) = row(&mut stage, "▌#ops");
    assert_eq!(ops, "▌#ops        !2");
    assert!(footer.ends_with("2 not sent · connected"), "{footer}");
    stage.keys("<esc><f6>");
    assert_eq!(stage.chosen().as_deref(), Some("two"));
    stage.keys("d<esc><f6>d<esc>");
    let (ops, footer) = row(&mut stage, "▌#ops");
    assert_eq!(ops, "▌#ops");
    assert!(
        footer.contains("F2 join") && footer.ends_with(" connected"),
        "{footer}"
    );
    assert!(!footer.contains("not sent"), "{footer}");
    stage.keys("<f6>");
    let (_, footer) = row(&mut stage, "▌#ops");
    assert!(footer.contains("Nothing unread anywhere"), "{footer}");
}

#[test]
fn what_is_unread_goes_before_what_was_not_sent() {
    let mut stage = Stage::in_lobby();
    stage.enter("#ops", &[("ada", "")]);
    stage.enter("#random", &[("ada", "")]);
    stage.keys("/window #ops<enter>one<enter><alt-1>");
    refuse(&mut stage, 1);
    stage.hear(Event::Message(message("#random", "ben", "hm", stage.now)));
    stage.keys("<f6>");
    assert_eq!(stage.model.here().unwrap().name, "#random");
    stage.keys("<f6>");
    assert_eq!(stage.model.here().unwrap().name, "#ops");
    // The list has it first, after the window that we came from.
    stage.keys("<alt-1><ctrl-t>");
    let picture = stage.picture(80, 24);
    let place = |word: &str| picture.lines().position(|line| line.contains(word));
    assert!(picture.contains("!1 "), "{picture}");
    assert!(place(" #ops  ") < place(" #random  "), "{picture}");
}

#[test]
fn what_waits_for_the_link_is_not_sent_and_is_when_it_is_back() {
    let mut stage = Stage::in_lobby();
    stage.lose_link();
    stage.keys("one<enter>two<enter>");
    let (lobby, footer) = row(&mut stage, "▌#lobby");
    assert!(lobby.ends_with("!2"), "{lobby}");
    assert!(footer.contains("2 not sent · link lost"), "{footer}");
    stage.connect(false);
    stage.enter("#lobby", &[("ada", "")]);
    stage.echo(1, "one");
    stage.echo(2, "two");
    let (lobby, footer) = row(&mut stage, "▌#lobby");
    assert_eq!(lobby, "▌#lobby");
    assert!(!footer.contains("not sent"), "{footer}");
}

#[test]
fn what_failed_in_an_earlier_run_counts_as_not_sent() {
    let mut stage = Stage::in_lobby();
    stage.hear(Event::Waiting(Message {
        is_own: true,
        own_id: Some(OwnId(1 << 63)),
        ..message("ben", "ada", "failed long ago", at("13:30"))
    }));
    refuse(&mut stage, 1 << 63);
    assert_eq!(row(&mut stage, "ben").0, "ben         !1");
}
