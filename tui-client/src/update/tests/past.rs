//! What was said before: pages of history, gaps, and up to where it was read.
//! It must never look at cells, except to know what is in sight.

use super::texts;
use crate::effect::Effect;
use crate::ids::NetworkId;
use crate::model::PEOPLE_MAX;
use crate::msg::Msg;
use crate::session::command::Command;
use crate::session::event::{Event, Message, Millis, OwnId};
use crate::session::gap::Gap;
use crate::session::link::Link;
use crate::session::query::Query;
use crate::stage::{self, Stage, at, message};
use crate::window::Kind;

fn page(messages: Vec<Message>, gap: Option<(Millis, Millis)>) -> Event {
    let gap = gap.map(|(since, until)| Gap::between(since, until));
    stage::page("#lobby", messages, gap)
}

fn gap(since: Millis, until: Millis) -> Event {
    Event::GapFound {
        target: "#lobby".into(),
        gap: Gap::between(since, until),
    }
}

fn between(since: Millis, until: Millis) -> Command {
    Command::HistoryBetween {
        target: "#lobby".into(),
        gap: Gap::between(since, until),
        limit: 100,
        is_oldest: false,
    }
}

fn of(texts: &[&str], from: Millis) -> Vec<Message> {
    let said = texts.iter().zip(from..);
    said.map(|(text, at)| message("#lobby", "ken", text, at))
        .collect()
}

#[test]
fn a_gap_in_sight_is_filled_from_its_end() {
    let mut stage = Stage::in_lobby();
    stage.say("14:01", "grace", "before");
    stage.sent();
    let (since, until) = (at("14:01"), at("14:20"));
    stage.hear(page(of(&["y", "z"], until), None));
    stage.hear(gap(since, until));
    assert_eq!(stage.sent(), [between(since, until)]);
    assert_eq!(
        texts(&stage)[1],
        "some messages may be missing here",
        "it stands between what is known"
    );
    // It is asked for once, and again for what the page did not bring.
    stage.keys("a");
    stage.sent();
    stage.hear(page(of(&["w", "x"], at("14:10")), Some((since, until))));
    stage.hear(gap(since, at("14:10")));
    assert_eq!(stage.sent(), [between(since, at("14:10"))]);
    stage.hear(page(Vec::new(), Some((since, at("14:10")))));
    assert_eq!(
        texts(&stage),
        ["grace: before", "ken: w", "ken: x", "ken: y", "ken: z"]
    );
    stage.keys("b");
    assert!(
        !stage
            .sent()
            .iter()
            .any(|command| matches!(command, Command::HistoryBetween { .. }))
    );
}

#[test]
fn a_gap_out_of_sight_waits_until_it_is_seen_and_nothing_jumps() {
    let mut stage = Stage::in_lobby();
    stage.picture(80, 24);
    stage.say("14:01", "grace", "before");
    let (since, until) = (at("14:01"), at("14:20"));
    let many: Vec<String> = (0..60).map(|number| format!("line {number}.")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    stage.hear(page(of(&many, until), None));
    stage.keys("<pageup>");
    stage.sent();
    stage.hear(gap(since, until));
    assert_eq!(stage.sent(), [], "while somebody scrolls");
    stage.keys("<ctrl-home>");
    let asked = stage.sent();
    assert!(
        matches!(&asked[..], [Command::HistoryBefore { .. }]),
        "one page at a time: {asked:?}"
    );
    stage.hear(page(Vec::new(), None));
    let asked = stage.sent();
    let is_oldest = |command: &Command| matches!(command, Command::HistoryBetween { gap, is_oldest: true, .. } if gap.span() == (since, until));
    assert!(
        asked.len() == 1 && asked.iter().all(is_oldest),
        "who comes from above reads on with the oldest: {asked:?}"
    );
    let before = stage.picture(80, 24);
    let missed: Vec<String> = (0..40).map(|number| format!("missed {number}.")).collect();
    let missed: Vec<&str> = missed.iter().map(String::as_str).collect();
    stage.hear(page(of(&missed, at("14:05")), Some((since, until))));
    let after = stage.picture(80, 24);
    assert!(before.contains("before") && after.contains("before"));
    assert!(after.contains("missed 0.") && !after.contains("missing"));
}

#[test]
fn read_marks_are_sent_once_and_honoured() {
    let mut stage = Stage::in_lobby();
    stage.say("14:01", "grace", "one");
    stage.tell(Msg::Unfocused);
    let read = |time: &str| Command::MarkRead {
        target: "#lobby".into(),
        at: at(time),
    };
    assert_eq!(stage.sent(), [read("14:01")], "what was seen is read");
    stage.tell(Msg::Focused);
    assert_eq!(stage.sent(), [], "nothing new to tell");
    stage.tell(Msg::Unfocused);
    stage.say("14:02", "grace", "two, ada");
    stage.say("14:03", "ken", "three");
    let counts = |stage: &Stage| {
        let window = stage.model.here().unwrap();
        (window.unread, window.mentions)
    };
    assert_eq!(counts(&stage), (2, 1));
    let elsewhere = |time: &str| Event::ReadElsewhere {
        target: "#lobby".into(),
        at: at(time),
    };
    stage.hear(elsewhere("14:02"));
    assert_eq!(counts(&stage), (1, 0));
    stage.hear(elsewhere("14:01"));
    assert_eq!(counts(&stage), (1, 0), "marks never move back");
    stage.hear(elsewhere("14:03"));
    assert_eq!(counts(&stage), (0, 0));
    stage.tell(Msg::Focused);
    assert_eq!(stage.sent(), [], "the other device has told it");
}

#[test]
fn what_is_read_as_it_comes_is_told_to_our_other_devices() {
    let mut stage = Stage::in_lobby();
    let read = |at| Command::MarkRead {
        target: "#lobby".into(),
        at,
    };
    stage.say("14:01", "grace", "one");
    stage.say("14:01", "ken", "two");
    assert_eq!(stage.sent(), [], "not each message by itself");
    let due = stage.model.here().unwrap().mark_due.unwrap();
    stage.now = due;
    stage.tell(Msg::Ticked);
    assert_eq!(stage.sent(), [read(at("14:01"))]);
    assert_eq!(stage.model.here().unwrap().mark_due, None, "at rest again");
    stage.tell(Msg::Unfocused);
    stage.say("14:02", "grace", "three");
    stage.now = at("14:03");
    stage.tell(Msg::Ticked);
    assert_eq!(stage.sent(), [], "nobody looks");
}

#[test]
fn gaps_that_follow_each_other_look_like_one() {
    let mut stage = Stage::in_lobby();
    stage.say("14:01", "grace", "before");
    stage.hear(gap(at("14:01"), at("14:20")));
    stage.hear(gap(at("14:20"), at("14:40")));
    stage.say("14:41", "grace", "after");
    let picture = stage.picture(80, 24);
    assert_eq!(
        picture.matches("may be missing here").count(),
        1,
        "{picture}"
    );
}

#[test]
fn history_after_the_mark_is_unread() {
    let mut stage = Stage::in_lobby();
    stage.tell(Msg::Unfocused);
    stage.hear(Event::ReadElsewhere {
        target: "#lobby".into(),
        at: at("13:01"),
    });
    let mut messages = of(&["old"], at("13:00"));
    messages.extend(of(&["new, ada", "newer"], at("13:02")));
    stage.hear(page(messages, None));
    let window = stage.model.here().unwrap();
    assert_eq!((window.unread, window.mentions), (2, 1));
    assert!(stage.picture(80, 24).contains("── new ──"));
}

#[test]
fn a_search_finds_what_is_loaded_and_what_is_not_and_leads_there() {
    let mut stage = Stage::in_lobby();
    stage.say("14:01", "grace", "the Needle is here");
    stage.say("14:02", "grace", "and hay");
    stage.sent();
    stage.keys("/search needle<enter>");
    let query = Query {
        text: "needle".into(),
        named_in: None,
    };
    let search = Command::Search {
        query: query.clone(),
        after: None,
        before: None,
        limit: 100,
    };
    assert_eq!(stage.sent(), [search]);
    let old = message("#lobby", "ken", "an old needle", at("09:00"));
    let loaded = message("#lobby", "grace", "the Needle is here", at("14:01"));
    let messages = vec![old.clone(), loaded];
    stage.hear(Event::Found {
        query,
        is_part: false,
        messages,
    });
    stage.check("found", &[(40, 12), (80, 24), (120, 40)]);
    stage.keys("<down><enter>");
    let around = Command::HistoryAround {
        target: "#lobby".into(),
        msgid: old.msgid.clone().unwrap(),
        limit: 100,
    };
    assert!(stage.sent().contains(&around));
    let mut messages = of(&["before"], at("08:59"));
    messages.push(old);
    messages.extend(of(&["after"], at("09:01")));
    stage.hear(page(messages, None));
    assert_eq!(
        texts(&stage)[..4],
        [
            "ken: before",
            "ken: an old needle",
            "ken: after",
            "some messages may be missing here"
        ]
    );
    let window = stage.model.here().unwrap();
    assert_eq!(stage.model.chosen, window.scrollback.get(1).map(|e| e.id));
    let Command::HistoryBetween { gap, .. } = &stage.sent()[0] else {
        panic!("the gap in sight is asked for");
    };
    assert_eq!(gap.span(), (at("09:01"), at("14:01")));
}

#[test]
fn a_lost_link_stops_waiting_for_history() {
    let mut stage = Stage::in_lobby();
    stage.say("14:01", "grace", "a");
    stage.hear(gap(at("14:01"), at("14:05")));
    stage.sent();
    stage.hear(Event::Link(Link::Lost {
        reason: "x".into(),
        attempt: 1,
        retry_at: 0,
    }));
    assert_eq!(stage.sent(), []);
    stage.connect(false);
    assert!(stage.sent().contains(&between(at("14:01"), at("14:05"))));
}

#[test]
fn a_conversation_begins_with_what_was_said_before() {
    let mut stage = Stage::in_lobby();
    stage.keys("/msg grace<enter>");
    let latest = Command::HistoryLatest {
        target: "grace".into(),
        limit: 100,
    };
    assert_eq!(stage.sent(), [latest]);
    stage.hear(Event::History {
        target: "grace".into(),
        messages: vec![message("grace", "grace", "hello", at("13:00"))],
        is_complete: true,
        gap: None,
    });
    assert_eq!(texts(&stage), ["grace: hello"]);
    stage.keys("<alt-/><alt-/>");
    let sent = stage.sent();
    let asks = sent
        .iter()
        .filter(|command| matches!(command, Command::HistoryLatest { .. }));
    assert_eq!(asks.count(), 0, "it is asked for once");
}

#[test]
fn whoever_speaks_or_is_spoken_to_after_coming_in_is_told_of_alone() {
    let mut stage = Stage::in_lobby();
    for nick in ["bo", "cy", "di", "ed", "flo"] {
        stage.come(nick);
    }
    assert_eq!(texts(&stage), ["bo, cy, di, ed and flo came in"]);
    stage.say("14:00", "cy", "hello");
    stage.say("14:00", "grace", "di: welcome");
    let folded = [
        "bo, ed and flo came in",
        "cy came in",
        "cy: hello",
        "di came in",
        "grace: di: welcome",
    ];
    assert_eq!(texts(&stage), folded);
    stage.say("14:00", "cy", "again");
    assert_eq!(texts(&stage).len(), folded.len() + 1, "once");
    stage.say("15:00", "ed", "late");
    assert_eq!(
        texts(&stage)[0],
        "bo, ed and flo came in",
        "that was long ago"
    );
}

fn older(stage: &mut Stage, target: &str, texts: &[(&str, &str, u64)]) {
    let messages = texts.iter().map(|(source, text, at)| {
        let mut said = message(target, source, text, *at);
        said.msgid = Some((*text).to_owned());
        said
    });
    let messages = messages.collect();
    stage.hear(Event::History {
        target: target.to_owned(),
        messages,
        is_complete: false,
        gap: None,
    });
}

fn reacted(stage: &mut Stage, msgid: &str, reaction: &str, is_given: bool) {
    stage.hear(Event::Reacted {
        target: "#lobby".into(),
        msgid: msgid.into(),
        nick: "ken".into(),
        reaction: reaction.into(),
        is_given,
    });
}

#[test]
fn what_was_done_to_older_messages_is_there_when_they_come() {
    let mut stage = Stage::in_lobby();
    // The newest page first: what was done stands in it, the messages in the one before.
    reacted(&mut stage, "one", "👍", true);
    reacted(&mut stage, "two", "🎉", false);
    stage.hear(Event::Redacted {
        target: "#lobby".into(),
        msgid: "three".into(),
        by: "grace".into(),
        reason: String::new(),
    });
    let said = [
        ("grace", "one", 1),
        ("grace", "two", 2),
        ("grace", "three", 3),
    ];
    older(&mut stage, "#lobby", &said);
    reacted(&mut stage, "two", "🎉", true);
    let window = stage.model.here().unwrap();
    let reactions = |msgid: &str| {
        let said = window.scrollback.by_msgid(msgid).unwrap().as_said();
        said.unwrap().reactions.by_count().len()
    };
    assert_eq!((reactions("one"), reactions("two")), (1, 0));
    assert_eq!(texts(&stage)[2], "taken back by grace");
    assert!(window.early.is_empty());
}

#[test]
fn deeds_without_messages_have_a_bound() {
    let mut stage = Stage::in_lobby();
    for number in 0..2_000 {
        reacted(&mut stage, &format!("m{number}"), "x", true);
    }
    assert_eq!(stage.model.here().unwrap().early.len(), 500);
}

#[test]
fn who_wrote_while_there_was_no_link_is_unread() {
    let mut stage = Stage::in_lobby();
    older(&mut stage, "hopper", &[("hopper", "are you there?", 5)]);
    let window = stage.model.named(NetworkId::FIRST, "hopper").unwrap();
    assert_eq!((window.unread, window.mentions), (1, 1));
    assert!(stage.effects.contains(&Effect::Ring));
}

#[test]
fn pages_that_nobody_asked_for_open_no_windows_without_end() {
    let mut stage = Stage::in_lobby();
    for number in 0..1_000 {
        let nick = format!("eve{number}");
        older(&mut stage, &nick, &[(&nick, "hi", 5)]);
    }
    let people = stage.model.windows.iter();
    let people = people.filter(|window| window.kind == Kind::Person).count();
    assert_eq!(people, PEOPLE_MAX);
}

#[test]
fn what_we_said_before_the_link_broke_is_sent_and_not_new() {
    let mut stage = Stage::in_lobby();
    stage.say("14:01", "grace", "before");
    stage.keys("waited<enter>");
    let mut ours = message("#lobby", "ada", "waited", at("14:02"));
    ours.own_id = Some(OwnId(1));
    let theirs = message("#lobby", "grace", "waited, too", at("14:03"));
    stage.now = at("14:04");
    stage.hear(page(vec![ours.clone(), theirs], None));
    let window = stage.model.here().unwrap();
    let entry = |text: &str| {
        let mut entries = window.scrollback.iter();
        entries.find(|entry| entry.rich.text == text).unwrap()
    };
    assert_eq!(window.last_sent, Some(entry("waited").id));
    assert_eq!(window.unread_from, Some(entry("waited, too").id));
    let picture = stage.picture(80, 24);
    let row = picture.lines().find(|row| row.contains("ada  waited"));
    assert!(row.unwrap().contains(" sent "), "{picture}");

    // Where only the echo tells that it was ours, what the page told counts no more.
    stage.keys("once more<enter>");
    stage.tell(Msg::Unfocused);
    let mut foreign = message("#lobby", "ada_", "once more", at("14:05"));
    stage.hear(page(vec![foreign.clone()], None));
    let window = stage.model.here().unwrap();
    assert_eq!(
        window.unread_from,
        window.scrollback.iter().nth_back(1).map(|entry| entry.id)
    );
    (foreign.is_own, foreign.own_id) = (true, Some(OwnId(2)));
    stage.hear(Event::Message(foreign));
    let window = stage.model.here().unwrap();
    let last = window.scrollback.iter().last().unwrap();
    assert_eq!(
        (last.rich.text.as_str(), window.last_sent),
        ("once more", Some(last.id))
    );
    assert_eq!(window.unread_from, None);
}

#[test]
fn what_was_missed_in_a_window_that_is_not_open_is_fetched_for_its_counts() {
    let mut stage = Stage::in_lobby();
    stage.say("14:01", "grace", "before");
    stage.keys("/join #ops<enter>");
    stage.enter("#ops", &[("ada", "")]);
    stage.sent();
    let lobby = |stage: &Stage| {
        let window = stage.model.named(NetworkId::FIRST, "#lobby").unwrap();
        (window.unread, window.mentions)
    };
    let (since, until) = (at("14:01"), at("14:20"));
    stage.hear(page(of(&["y", "z"], until), None));
    stage.hear(gap(since, until));
    assert_eq!(stage.sent(), [between(since, until)], "though nobody looks");
    stage.hear(page(
        of(&["ada: look", "x"], at("14:10")),
        Some((since, until)),
    ));
    stage.hear(gap(since, at("14:10")));
    assert_eq!(lobby(&stage), (4, 1));
    assert_eq!(stage.sent(), [between(since, at("14:10"))]);
    stage.hear(page(of(&["w"], at("14:05")), Some((since, at("14:10")))));
    assert_eq!((lobby(&stage), stage.sent().len()), ((5, 1), 0));

    // A room of which there is no end is not fetched without one.
    let mut pages = 0;
    stage.hear(gap(at("15:00"), at("23:00")));
    let is_page = |command: &Command| matches!(command, Command::HistoryBetween { .. });
    while stage.sent().iter().any(is_page) {
        pages += 1;
        let until = at("23:00") - pages;
        stage.hear(page(of(&["more"], until), Some((at("15:00"), until + 1))));
        stage.hear(gap(at("15:00"), until));
    }
    assert_eq!(pages, 8, "ten pages for each link");
}
