//! Saying and hearing: what becomes of messages, ours and theirs.
//! It must never look at cells; the screens have their own tests.

use super::{input, texts};
use crate::effect::Effect;
use crate::entry::Delivery;
use crate::ids::NetworkId;
use crate::model::overlay::{Overlay, Question};
use crate::msg::Msg;
use crate::session::command::{Command, Outgoing};
use crate::session::event::{Event, OwnId, Typing};
use crate::session::gap::Gap;
use crate::session::link::Facts;
use crate::stage::{Stage, at, message};

#[test]
fn a_message_is_sending_then_sent_in_the_order_of_the_server() {
    let mut stage = Stage::in_lobby();
    stage.keys("one<enter>two<enter>");
    let said: Vec<Command> = stage
        .sent()
        .into_iter()
        .filter(|c| matches!(c, Command::Say(_)))
        .collect();
    let outgoing = |id, text: &str| {
        Command::Say(Outgoing {
            own_id: OwnId(id),
            target: "#lobby".into(),
            kind: crate::session::event::Kind::Say,
            text: text.into(),
            reply_to: None,
        })
    };
    assert_eq!(said, [outgoing(1, "one"), outgoing(2, "two")]);
    stage.say("14:01", "grace", "zero");
    assert_eq!(texts(&stage), ["grace: zero", "ada: one", "ada: two"]);
    stage.echo(2, "two");
    stage.echo(1, "one");
    assert_eq!(texts(&stage), ["grace: zero", "ada: two", "ada: one"]);
    let window = stage.model.here().unwrap();
    let last = window.scrollback.iter().next_back().unwrap();
    assert_eq!(last.as_said().unwrap().delivery, Some(Delivery::Sent));
    assert_eq!(window.last_sent, Some(last.id));
}

#[test]
fn an_echo_in_other_words_is_drawn_whole() {
    let mut stage = Stage::in_lobby();
    stage.hear(Event::Facts(Facts {
        has_multiline: true,
        ..Facts::default()
    }));
    stage.keys("aaa<ctrl-j><ctrl-j><ctrl-j>bbb<enter>");
    assert!(stage.picture(80, 24).contains("bbb"));
    stage.echo(1, "aaa\nbbb");
    let picture = stage.picture(80, 24);
    assert!(
        picture.contains("aaa") && picture.contains("bbb"),
        "{picture}"
    );
}

#[test]
fn long_and_many_lines() {
    let mut stage = Stage::in_lobby();
    stage.hear(Event::Facts(Facts {
        target_and_text_bytes_max: 16,
        ..Facts::default()
    }));
    stage.keys("hello there friend<enter>");
    assert_eq!(texts(&stage), ["ada: hello", "ada: there", "ada: friend"]);
    stage.tell(Msg::Pasted("1\n2\r\n3\n4\n5\n6\n".into()));
    assert_eq!(input(&stage), "1\n2\n3\n4\n5\n6");
    stage.keys("<enter>");
    assert!(matches!(
        stage.model.overlay,
        Some(Overlay::Question(Question::Many {
            lines: 6,
            messages: 6
        }))
    ));
    stage.keys("y");
    assert_eq!((input(&stage), texts(&stage).len()), ("", 9));
}

#[test]
fn how_many_messages_a_long_text_makes_is_asked_about() {
    let mut stage = Stage::in_lobby();
    stage.hear(Event::Facts(Facts {
        has_multiline: true,
        ..Facts::default()
    }));
    let question = |stage: &Stage| match stage.model.overlay {
        Some(Overlay::Question(Question::Many { lines, messages })) => Some((lines, messages)),
        _ => None,
    };
    stage.tell(Msg::Pasted("x\n".repeat(3_000)));
    stage.keys("<enter>");
    assert_eq!(question(&stage), Some((3_000, 50)));
    assert!(stage.picture(80, 24).contains("3000 lines, in 50 messages"));
    stage.keys("<esc><ctrl-u>");
    let mut stage = Stage::in_lobby();
    stage.tell(Msg::Pasted("word ".repeat(2_000)));
    stage.keys("<enter>");
    assert!(question(&stage).is_some_and(|(lines, messages)| lines == 1 && messages > 20));
}

#[test]
fn what_is_no_answer_closes_the_question_and_counts() {
    let mut stage = Stage::in_lobby();
    stage.keys("<f4>");
    assert!(stage.model.overlay.is_some());
    stage.keys("/join #i<enter>");
    let sent = stage.sent();
    assert!(
        matches!(&sent[..], [.., Command::Join { room, .. }] if room == "#i"),
        "{sent:?}"
    );
    let is_word = |command: &Command| matches!(command, Command::Say(_) | Command::Leave { .. });
    assert!(!sent.iter().any(is_word), "{sent:?}");
    let mut stage = Stage::in_lobby();
    stage.keys("hi<f4>n");
    assert_eq!(
        (input(&stage), stage.model.overlay.is_some()),
        ("hi", false)
    );
    stage.keys("<f4>");
    assert!(stage.model.overlay.is_some());
    stage.tell(Msg::Pasted(" there".into()));
    assert_eq!(
        (input(&stage), stage.model.overlay.is_some()),
        ("hi there", false)
    );
}

#[test]
fn private_conversations() {
    let mut stage = Stage::in_lobby();
    stage.keys("/msg grace hello you<enter>");
    assert_eq!(stage.model.here().unwrap().name, "grace");
    assert_eq!(texts(&stage), ["ada: hello you"]);
    stage.keys("<ctrl-p>");
    stage.effects.clear();
    let mut reply = message("grace", "grace", "hello ada", at("14:02"));
    reply.target = "Grace".into();
    stage.hear(Event::Message(reply));
    assert!(stage.effects.contains(&Effect::Ring));
    assert_eq!(
        stage
            .model
            .named(NetworkId::FIRST, "grace")
            .map(|window| window.mentions),
        Some(1)
    );
    stage.hear(Event::Renamed {
        from: "grace".into(),
        to: "hopper".into(),
        is_own: false,
        at: at("14:03"),
    });
    assert!(stage.model.named(NetworkId::FIRST, "hopper").is_some());
    stage.keys("<f6>");
    assert!(texts(&stage).contains(&"grace is now hopper".to_owned()));
    assert_eq!(stage.model.here().unwrap().unread, 0);
    stage.keys("/close<enter>");
    assert!(stage.model.named(NetworkId::FIRST, "hopper").is_none());
    assert_eq!(stage.model.here().unwrap().name, "#lobby");
}

#[test]
fn unread_and_mentions() {
    let mut stage = Stage::in_lobby();
    stage.enter("#ops", &[("ada", "")]);
    for (text, source) in [("hi", "grace"), ("ADA: look", "grace"), ("adamant", "ken")] {
        stage.hear(Event::Message(message("#ops", source, text, at("14:01"))));
    }
    let ops = stage.model.named(NetworkId::FIRST, "#ops").unwrap();
    assert_eq!((ops.unread, ops.mentions), (3, 1));
    stage.keys("<alt-a>");
    let ops = stage.model.here().unwrap();
    assert_eq!((ops.name.as_str(), ops.unread), ("#ops", 0));
    let first = ops.scrollback.iter().next().unwrap().id;
    assert_eq!(
        ops.unread_from,
        Some(first),
        "the line stays while one reads"
    );
    stage.keys("<alt-a><alt-1>");
    assert_eq!(
        stage
            .model
            .named(NetworkId::FIRST, "#ops")
            .unwrap()
            .unread_from,
        None
    );
    stage.tell(Msg::Unfocused);
    stage.say("14:02", "grace", "anybody?");
    assert_eq!(stage.model.here().unwrap().unread, 1);
    stage.tell(Msg::Focused);
    assert_eq!(stage.model.here().unwrap().unread, 0);
}

#[test]
fn nobody_is_told_twice_that_we_write() {
    let mut stage = Stage::in_lobby();
    stage.keys("/away");
    assert_eq!(stage.sent(), [], "commands are nobody's business");
    stage.keys("<ctrl-u>hi there");
    let typing = |state| Command::Typing {
        target: "#lobby".into(),
        state,
    };
    assert_eq!(stage.sent(), [typing(Typing::Active)]);
    stage.now += 4_000;
    stage.keys("!<ctrl-u>");
    assert_eq!(stage.sent(), [typing(Typing::Active), typing(Typing::Done)]);
}

#[test]
fn reading_is_not_disturbed() {
    let mut stage = Stage::in_lobby();
    for number in 0..100 {
        stage.say("14:01", "grace", &format!("line {number}"));
    }
    stage.picture(80, 24);
    stage.keys("<pageup><pageup>");
    let before = stage.picture(80, 24);
    let shown: Vec<&str> = before
        .lines()
        .filter(|line| line.contains("line "))
        .collect();
    let first = shown[0]
        .split("line ")
        .nth(1)
        .unwrap()
        .split(' ')
        .next()
        .unwrap()
        .to_owned();
    stage.say("14:02", "grace", "new");
    let older = (0..50).map(|number| {
        message(
            "#lobby",
            "ken",
            &format!("old {number}"),
            at("13:00") + number,
        )
    });
    let messages = older.collect();
    stage.hear(Event::History {
        target: "#lobby".into(),
        messages,
        is_complete: true,
        gap: None,
    });
    for (width, height) in [(80, 24), (120, 24), (80, 24)] {
        let after = stage.picture(width, height);
        let line = after.lines().find(|line| line.contains("line ")).unwrap();
        assert!(line.contains(&format!("line {first} ")), "{first}: {after}");
    }
    assert!(stage.picture(80, 24).contains("below ↓"));
    stage.keys("<esc>");
    assert!(!stage.picture(80, 24).contains("below ↓"));
    stage.keys("<ctrl-home>");
    assert!(stage.picture(80, 24).contains("old 0"));
}

#[test]
fn history_doubles_nothing_and_fills_gaps() {
    let mut stage = Stage::in_lobby();
    stage.say("14:01", "grace", "a");
    stage.hear(Event::GapFound {
        target: "#lobby".into(),
        gap: Gap::between(at("14:01"), at("14:05")),
    });
    stage.say("14:05", "grace", "c");
    let messages = vec![
        message("#lobby", "grace", "a", at("14:01")),
        message("#lobby", "ken", "b", at("14:03")),
        message("#lobby", "grace", "c", at("14:05")),
    ];
    stage.hear(Event::History {
        target: "#lobby".into(),
        messages,
        is_complete: false,
        gap: None,
    });
    assert_eq!(texts(&stage), ["grace: a", "ken: b", "grace: c"]);
}

#[test]
fn the_editor_is_had_by_a_command_too() {
    let mut stage = Stage::in_lobby();
    stage.keys("/edit it was like this<enter>");
    let wanted = Effect::Edit("it was like this".to_owned());
    assert!(stage.effects.contains(&wanted));
}

#[test]
fn away_without_words_goes_and_comes_back() {
    let mut stage = Stage::in_lobby();
    let told = |stage: &mut Stage| {
        stage.keys("/away<enter>");
        let sent = stage.sent().into_iter();
        let told = sent.filter_map(|command| match command {
            Command::Away { message } => Some(message),
            _ => None,
        });
        told.collect::<Vec<_>>()
    };
    assert_eq!(told(&mut stage), [Some("away".to_owned())]);
    stage.hear(Event::OwnAwayChanged { is_away: true });
    assert_eq!(told(&mut stage), [None]);
}

#[test]
fn a_window_is_gone_to_by_number_name_or_a_part_of_it() {
    let mut stage = Stage::in_lobby();
    stage.enter("#ops", &[("ada", "")]);
    let there = |stage: &mut Stage, keys: &str| {
        stage.keys(keys);
        stage
            .model
            .here()
            .map(|window| window.name.clone())
            .unwrap()
    };
    assert_eq!(there(&mut stage, "/window 2<enter>"), "#ops");
    assert_eq!(there(&mut stage, "/buffer #lobby<enter>"), "#lobby");
    assert_eq!(there(&mut stage, "/window op<enter>"), "#ops");
    assert_eq!(there(&mut stage, "/window zzz<enter>"), "#ops");
    assert!(stage.picture(80, 24).contains("no window like zzz"));
}
