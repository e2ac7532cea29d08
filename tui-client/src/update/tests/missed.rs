//! What was said while no parlor ran: it is counted and told of, once, unless it was read elsewhere.
//! The store is real, but in memory.

use super::{MISSING, OPEN, first, texts};
use crate::effect::Effect;
use crate::ids::NetworkId;
use crate::msg::Msg;
use crate::session::command::Command;
use crate::session::event::{Event, Kind, Message};
use crate::session::link::Facts;
use crate::stage::{Stage, ada, at, first_page, message, page};

fn whisper(source: &str, time: &str, text: &str) -> Message {
    message("ken", source, text, at(time))
}

#[test]
fn who_wrote_while_parlor_did_not_run_is_told_of_once() {
    let mut stage = first();
    stage.say("14:01", "ken", "one");
    stage.hear(Event::Message(whisper("ken", "14:02", "psst")));
    let mut stage = stage.again();
    let until = Command::HeardUntil { at: at("14:02") };
    assert!(stage.sent().contains(&until));
    stage.connect(false);
    stage.tell(Msg::Unfocused);
    stage.effects.clear();
    let missed = vec![
        whisper("ken", "15:00", "are you there?"),
        whisper("ken", "15:01", "call me"),
    ];
    stage.hear(page("ken", missed.clone(), None));
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
    stage.hear(page("ken", missed, None));
    assert_eq!(talk(&stage).unread, 3);
    assert!(!stage.effects.contains(&Effect::Ring));
    assert!(
        stage
            .again()
            .sent()
            .contains(&Command::HeardUntil { at: at("15:01") })
    );
}

#[test]
fn a_server_that_kept_nothing_of_a_conversation_ends_the_doubt() {
    let mut stage = first();
    stage.hear(Event::Message(whisper("ken", "14:02", "psst")));
    let mut stage = stage.again();
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
    stage.hear(first_page("ken", Vec::new()));
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
        let mut stage = self::first().again();
        stage.connect(false);
        stage.effects.clear();
        if let Some(event) = first {
            stage.hear(event);
        }
        let mut all = vec![whisper("ken", "15:00", "are you there?")];
        all.extend(messages);
        stage.hear(page("ken", all, None));
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
    stage.hear(page("ken", vec![notice], None));
    assert!(stage.model.named(NetworkId::FIRST, "ken").is_none());
}

#[test]
fn who_writes_again_in_a_conversation_that_is_open_again_rings_once() {
    let mut stage = first();
    stage.hear(Event::Message(whisper("ken", "14:02", "psst")));
    stage.keys("/msg ken<enter>/window lobby<enter>");
    let mut stage = stage.again();
    let unread = |stage: &Stage| {
        let talk = stage.model.named(NetworkId::FIRST, "ken");
        talk.unwrap().unread
    };
    assert_eq!(unread(&stage), 0, "it was looked at");
    stage.connect(false);
    stage.tell(Msg::Unfocused);
    stage.effects.clear();
    let missed = vec![whisper("ken", "15:00", "are you there?")];
    stage.hear(page("ken", missed.clone(), None));
    assert_eq!(unread(&stage), 1);
    assert!(stage.effects.contains(&Effect::Ring));
    stage.effects.clear();
    stage.hear(page("ken", missed, None));
    assert_eq!(unread(&stage), 1);
    assert!(!stage.effects.contains(&Effect::Ring));
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
    let mut stage = stage.again();
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

/// The room on a bouncer, which keeps no history and gives no ids.
fn behind_a_bouncer(stage: &mut Stage) {
    stage.connect(false);
    stage.hear(Event::Facts(Facts::default()));
    stage.enter("#lobby", &[("ada", ""), ("ken", "")]);
}

fn unnamed(source: &str, time: &str, text: &str) -> Event {
    Event::Message(Message {
        msgid: None,
        ..message("#lobby", source, text, at(time))
    })
}

#[test]
fn what_a_bouncer_plays_back_on_the_next_link_is_what_was_heard_on_the_first() {
    for is_kept in [true, false] {
        let mut stage = if is_kept { first() } else { Stage::new(ada()) };
        behind_a_bouncer(&mut stage);
        let said = [
            unnamed("ken", "14:01", "one"),
            unnamed("ken", "14:01", "ada: look"),
            unnamed("ada", "14:02", "mine"),
        ];
        for one in said.clone() {
            stage.hear(one);
        }
        // On one link the same words in the same millisecond are two messages.
        stage.hear(unnamed("ken", "14:03", "yes"));
        stage.hear(unnamed("ken", "14:03", "yes"));
        let heard = [
            "ken: one",
            "ken: ada: look",
            "ada: mine",
            "ken: yes",
            "ken: yes",
        ];
        assert_eq!(texts(&stage), heard);
        stage.lose_link();
        stage.now = at("14:10");
        behind_a_bouncer(&mut stage);
        let is_gap = |text: &String| text == MISSING;
        assert_eq!(texts(&stage).iter().any(is_gap), is_kept);
        for one in said {
            stage.hear(one);
        }
        stage.hear(unnamed("ken", "14:03", "yes"));
        stage.hear(unnamed("ken", "14:05", "meanwhile"));
        let texts = texts(&stage);
        let talk = texts.iter().filter(|text| text.contains(": "));
        let talk: Vec<&str> = talk.map(String::as_str).collect();
        let mut all = heard.to_vec();
        all.push("ken: meanwhile");
        assert_eq!(talk, all);
        assert!(!texts.iter().any(is_gap), "the bouncer heard all of it");
    }
}
