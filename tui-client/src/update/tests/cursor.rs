//! What can be done to a chosen message, by keys and by the mouse: also where the server has no ids, and where what is
//! answered is not loaded.

use crossterm::event::{MouseButton, MouseEventKind};

use crate::effect::Effect;
use crate::ids::NetworkId;
use crate::keymap::Keymap;
use crate::model::overlay::Overlay;
use crate::session::command::Command;
use crate::session::event::{Event, Message};
use crate::session::link::Facts;
use crate::stage::shelf::Shelf;
use crate::stage::{Stage, ada, at, message};

fn input(stage: &Stage) -> &str {
    stage.model.here().unwrap().input.text()
}

/// Clicks the first place where this stands.
#[track_caller]
fn click(stage: &mut Stage, size: (u16, u16), word: &str) {
    let picture = stage.picture(size.0, size.1);
    let (row, line) = picture
        .lines()
        .enumerate()
        .find(|(_, line)| line.contains(word))
        .unwrap_or_else(|| panic!("no {word} in\n{picture}"));
    let before = line.split(word).next().unwrap();
    let column = crate::width::of(before);
    let place = (column, u16::try_from(row).unwrap());
    stage.point(MouseEventKind::Down(MouseButton::Left), place);
}

fn answer(stage: &mut Stage, to: &str, text: &str) {
    let mut answer = message("#lobby", "ken", text, at("15:00"));
    answer.reply_to = Some(to.to_owned());
    stage.now = at("15:00");
    stage.hear(Event::Message(answer));
}

fn wanted(msgid: &str) -> Command {
    Command::Parent {
        target: "#lobby".into(),
        msgid: msgid.into(),
    }
}

fn told(stage: &mut Stage, message: Option<Message>) {
    stage.hear(Event::ParentTold {
        target: "#lobby".into(),
        msgid: "far-away".into(),
        message,
    });
}

#[test]
fn what_is_answered_further_up_is_asked_for_once_and_gone_to() {
    let mut stage = Stage::in_lobby();
    stage.picture(80, 24);
    answer(&mut stage, "far-away", "me");
    answer(&mut stage, "far-away", "me, too");
    assert_eq!(stage.sent(), [wanted("far-away")]);
    let mut asked = message("#lobby", "ada", "who broke it?", at("13:00"));
    asked.msgid = Some("far-away".into());
    told(&mut stage, Some(asked));
    let picture = stage.picture(80, 24);
    assert_eq!(picture.matches("╭ ada: who broke it?").count(), 2);
    let window = stage.model.here().unwrap();
    assert_eq!(window.scrollback.len(), 2, "it stands beside no page");
    let is_mention = |entry: &crate::entry::Entry| entry.as_said().unwrap().is_mention;
    assert!(window.scrollback.iter().all(is_mention));
    stage.keys("<ctrl-up>p");
    let around = Command::HistoryAround {
        target: "#lobby".into(),
        msgid: "far-away".into(),
        limit: crate::deeds::HISTORY_LIMIT,
    };
    assert_eq!(stage.sent(), [around]);
    let mut found = message("#lobby", "ada", "who broke it?", at("13:00"));
    found.msgid = Some("far-away".into());
    stage.hear(Event::History {
        target: "#lobby".into(),
        messages: vec![found],
        is_complete: false,
        gap: None,
    });
    assert_eq!(stage.chosen().as_deref(), Some("who broke it?"));
}

#[test]
fn what_nobody_has_is_said_to_be_nowhere() {
    let mut stage = Stage::in_lobby();
    stage.picture(80, 24);
    answer(&mut stage, "far-away", "me");
    told(&mut stage, None);
    stage.sent();
    stage.keys("<ctrl-up>p");
    assert_eq!(stage.sent(), []);
    assert!(
        stage
            .picture(80, 24)
            .contains("neither here nor on the server")
    );
}

#[test]
fn what_is_answered_is_looked_for_on_this_machine_first() {
    let mut stage = Stage::keeping(ada(), Shelf::new());
    stage.connect(false);
    stage.enter("#lobby", &[("ada", ""), ("ken", "")]);
    let mut first = message("#lobby", "grace", "the *first* word", at("13:00"));
    first.msgid = Some("far-away".into());
    stage.hear(Event::Message(first));
    for number in 0..300 {
        let text = format!("number {number}");
        stage.hear(Event::Message(message(
            "#lobby",
            "ken",
            &text,
            at("14:00") + number,
        )));
    }
    stage.restart(ada());
    stage.connect(false);
    stage.enter("#lobby", &[("ada", ""), ("ken", "")]);
    stage.picture(80, 24);
    stage.sent();
    answer(&mut stage, "far-away", "indeed");
    assert!(stage.picture(80, 24).contains("╭ grace: the *first* word"));
    stage.keys("<ctrl-up>p");
    assert_eq!(stage.sent(), []);
    assert_eq!(stage.chosen().as_deref(), Some("the *first* word"));
}

#[test]
fn where_there_are_no_ids_answers_begin_with_the_nick() {
    let mut stage = Stage::in_lobby();
    stage.hear(Event::Facts(Facts::default()));
    let mut bare = message("#lobby", "grace", "hello", at("14:01"));
    bare.msgid = None;
    stage.hear(Event::Message(bare));
    stage.keys("<ctrl-up>");
    let footer = stage.picture(80, 24).lines().last().unwrap().to_owned();
    assert!(footer.contains("r reply") && footer.contains("y copy"));
    assert!(!footer.contains("react") && !footer.contains("take back"));
    stage.keys("+");
    assert!(stage.model.overlay.is_none());
    assert!(stage.picture(80, 24).contains("Reactions reach nobody"));
    stage.keys("d");
    assert!(stage.picture(80, 24).contains("takes no message back"));
    stage.keys("rhi<enter>");
    assert_eq!(stage.model.chosen, None);
    let said = stage.sent().into_iter().find_map(|command| match command {
        Command::Say(said) => Some((said.text, said.reply_to)),
        _ => None,
    });
    assert_eq!(said, Some(("grace: hi".to_owned(), None)));
}

#[test]
fn an_answer_names_whom_it_answers_unless_told_otherwise() {
    let mut stage = Stage::in_lobby();
    stage.say("14:01", "grace", "hello");
    stage.say("14:02", "ada", "and good-bye");
    stage.keys("<ctrl-up>r");
    assert_eq!(input(&stage), "", "nobody calls themselves");
    stage.keys("<esc><ctrl-up><ctrl-up>r");
    assert_eq!(input(&stage), "grace: ");
    assert!(stage.model.here().unwrap().reply_to.is_some());
    stage.keys("<esc>");
    assert_eq!(input(&stage), "", "the name goes with the answer");
    stage.model.habits.omits_reply_names = true;
    stage.keys("<ctrl-up><ctrl-up>r");
    assert_eq!(input(&stage), "");
    assert!(stage.model.here().unwrap().reply_to.is_some());
}

#[test]
fn an_answer_names_once_whom_it_answers_and_keeps_its_words() {
    let mut stage = Stage::in_lobby();
    let drawn = |stage: &mut Stage| {
        let picture = stage.picture(80, 24);
        let rows = picture.lines().filter_map(|row| row.split('│').nth(1));
        let last = rows.map(str::trim).rfind(|row| row.contains("ken "));
        last.unwrap_or_default().to_owned()
    };
    let mut asked = message("#lobby", "ada", "shall we?", at("14:01"));
    let msgid = "far-away";
    asked.msgid = Some(msgid.into());
    answer(&mut stage, msgid, "ada: yes");
    assert_eq!(drawn(&mut stage), "▌15:00     ken  ada: yes", "of whom?");
    told(&mut stage, Some(asked));
    assert_eq!(drawn(&mut stage), "▌15:00     ken  yes");
    let said = stage.model.here().unwrap().scrollback.iter().last();
    assert!(said.unwrap().as_said().unwrap().is_mention);
    stage.keys("<ctrl-up>y");
    assert!(stage.effects.contains(&Effect::Copy("ada: yes".into())));
    stage.keys("<ctrl-f>ada: y");
    assert!(drawn(&mut stage).starts_with('▸'), "it is found");
    stage.keys("<esc>");
    for (text, shown) in [
        ("ada, tomorrow", "tomorrow"),
        ("ada: ", "ada:"),
        ("adam: no", "adam: no"),
        ("ada:no", "ada:no"),
        ("grace: and you?", "grace: and you?"),
    ] {
        answer(&mut stage, msgid, text);
        assert!(drawn(&mut stage).ends_with(&format!("  {shown}")), "{text}");
    }
}

#[test]
fn the_keys_of_the_cursor_can_be_others() {
    let mut stage = Stage::in_lobby();
    let keys = [("reply", "a"), ("copy", "ctrl-x")];
    let keys = keys.map(|(name, key)| (name.to_owned(), vec![key.to_owned()]));
    stage.model.keymap = Keymap::remapped(&keys.into_iter().collect()).unwrap();
    stage.say("14:01", "grace", "hello");
    stage.keys("<ctrl-up>");
    assert!(stage.picture(80, 24).contains("a reply  + react  ^X copy"));
    stage.keys("a");
    assert_eq!(input(&stage), "grace: ");
    stage.keys("a<ctrl-x>");
    assert_eq!(input(&stage), "grace: a", "nothing is chosen, so it writes");
    stage.keys("<ctrl-up><ctrl-x>");
    assert!(stage.effects.contains(&Effect::Copy("hello".into())));
    stage.keys("<f1>");
    assert!(
        stage
            .picture(120, 70)
            .contains("chosen: reply, or try again")
    );
}

#[test]
fn of_several_links_one_is_chosen() {
    let mut stage = Stage::in_lobby();
    stage.say("14:01", "grace", "https://a.example/1 or (www.b.example)");
    stage.keys("<ctrl-up>o");
    let picture = stage.picture(80, 24);
    assert!(picture.contains("https://a.example/1") && picture.contains("https://www.b.example"));
    stage.keys("<down><enter>");
    assert!(
        stage
            .effects
            .contains(&Effect::Open("https://www.b.example".into()))
    );
    assert_eq!(
        (stage.model.chosen, stage.model.overlay.is_some()),
        (None, false)
    );
    stage.say(
        "14:02",
        "grace",
        "www. is no link, nor is www.x, but www.c.example is",
    );
    stage.keys("<ctrl-up>o");
    assert!(
        stage
            .effects
            .contains(&Effect::Open("https://www.c.example".into()))
    );
}

#[test]
fn the_mouse_takes_rows_of_what_is_open_and_closes_it_beside() {
    for size in [(40, 12), (80, 24)] {
        let mut stage = Stage::in_lobby();
        stage.enter("#ops", &[("ada", ""), ("grace", "")]);
        stage.keys("<ctrl-t>ops");
        click(&mut stage, size, "#ops");
        assert_eq!(stage.model.overlay, None);
        stage.keys("<ctrl-t>");
        click(&mut stage, size, "#lobby");
        stage.keys("<ctrl-t>lobb<esc><ctrl-t>ops");
        stage.picture(size.0, size.1);
        stage.point(MouseEventKind::ScrollDown, (20, 5));
        let picked = |stage: &Stage| match &stage.model.overlay {
            Some(Overlay::Picker(picker)) => picker.chosen,
            _ => 0,
        };
        assert!(picked(&stage) > 0);
        stage.point(MouseEventKind::ScrollUp, (20, 5));
        assert_eq!(picked(&stage), 0);
        stage.point(MouseEventKind::Down(MouseButton::Left), (0, size.1 - 1));
        assert_eq!(stage.model.overlay, None);
        stage.keys("gr<tab>");
        assert_eq!(input(&stage), "grace: ");
        stage.keys("<ctrl-u>/t<tab>");
        let typed = input(&stage).to_owned();
        stage.point(MouseEventKind::ScrollDown, (20, 5));
        assert_ne!(input(&stage), typed);
    }
}

#[test]
fn a_candidate_is_clicked() {
    let mut stage = Stage::in_lobby();
    stage.keys("/n<tab>");
    click(&mut stage, (40, 12), "/notice");
    assert_eq!(input(&stage).trim_end(), "/notice");
    assert_eq!(stage.model.completion, None);
}

#[test]
fn lists_on_narrow_screens_are_clicked() {
    let mut stage = Stage::in_lobby();
    stage.enter("#ops", &[("ada", ""), ("grace", "")]);
    stage.picture(40, 12);
    stage.keys("<f7>");
    click(&mut stage, (40, 12), "#lobby");
    assert_eq!(stage.model.here().unwrap().name, "#lobby");
    stage.picture(40, 12);
    stage.keys("<f8>");
    click(&mut stage, (40, 12), "ken");
    assert_eq!(stage.model.here().unwrap().name, "ken");
    assert_eq!(stage.model.overlay, None);
}

#[test]
fn what_stands_among_the_messages_is_clicked() {
    const SIZE: (u16, u16) = (80, 24);
    let mut stage = Stage::in_lobby();
    for number in 0..12 {
        stage.come(&format!("friend{number}"));
    }
    stage.say("14:01", "grace", "see https://a.example/1, all");
    let praised = message(
        "#lobby",
        "grace",
        "see https://a.example/1, all",
        at("14:01"),
    );
    let msgid = praised.msgid.unwrap();
    answer(&mut stage, &msgid, "nice");
    click(&mut stage, SIZE, "and 5 more");
    assert!(stage.picture(80, 24).contains("friend11"));
    click(&mut stage, SIZE, "friend0, friend1");
    assert!(stage.picture(80, 24).contains("and 5 more"));
    click(&mut stage, SIZE, "a.example/1, all");
    assert!(
        stage
            .effects
            .contains(&Effect::Open("https://a.example/1".into()))
    );
    click(&mut stage, SIZE, "╭ grace");
    assert_eq!(
        stage.chosen().as_deref(),
        Some("see https://a.example/1, all")
    );
    stage.keys("<esc>");
    stage.sent();
    for (nick, is_given) in [("ken", false), ("ada", true)] {
        stage.hear_on(
            NetworkId::FIRST,
            Event::Reacted {
                target: "#lobby".into(),
                msgid: msgid.clone(),
                nick: nick.into(),
                reaction: "👍".into(),
                is_given: true,
            },
        );
        click(&mut stage, SIZE, "👍");
        let react = Command::React {
            target: "#lobby".into(),
            msgid: msgid.clone(),
            reaction: "👍".into(),
            is_given: !is_given,
        };
        assert_eq!(stage.sent(), [react]);
    }
}

#[test]
fn who_came_in_short_is_unfolded_by_a_key() {
    let mut stage = Stage::in_lobby();
    for number in 0..12 {
        stage.come(&format!("n{number}"));
    }
    stage.say("14:02", "ken", "all here?");
    stage.keys("half a thought<ctrl-up><ctrl-up>");
    let picture = stage.picture(80, 24);
    assert!(
        picture.contains("more came in") && picture.contains("Enter unfold"),
        "{picture}"
    );
    stage.keys("<enter>");
    let picture = stage.picture(80, 24);
    assert!(
        !picture.contains("more came in") && !picture.contains("unfold"),
        "{picture}"
    );
    let is_said = |command: &Command| matches!(command, Command::Say(_));
    assert!(!stage.sent().iter().any(is_said), "it is no message");
    assert_eq!(input(&stage), "half a thought");
    // Where there is nothing to unfold, there is nothing to choose.
    stage.say("14:03", "ken", "fine");
    stage.come("bo");
    stage.keys("<esc><ctrl-up>");
    assert_eq!(stage.chosen().as_deref(), Some("fine"));
}

#[test]
fn the_key_that_joins_has_rooms_to_offer_or_asks_for_one() {
    let mut stage = Stage::new(crate::model::network::Settings {
        nick: "ada".into(),
        rooms: vec!["#ops".into()],
        ..Default::default()
    });
    stage.connect(false);
    stage.enter("#ops", &[("ada", "")]);
    stage.keys("<f2>");
    assert!(stage.picture(80, 24).contains("#lobby"));
    stage.keys("<esc>");
    stage.enter("#lobby", &[("ada", "")]);
    stage.keys("<f2>");
    assert!(stage.picture(40, 12).contains("write a room's name"));
    stage.keys("zzz9<backspace>");
    assert!(!stage.picture(40, 12).contains("write a room's name"));
}

#[test]
fn of_a_tall_chosen_message_as_much_is_seen_as_there_is_space_for() {
    let mut stage = Stage::in_lobby();
    stage.picture(40, 12);
    stage.say("14:01", "ken", "first");
    stage.say("14:01", "linus", &"many words, ".repeat(14));
    let wanted = message("#lobby", "grace", "shall we?", at("14:02"));
    let msgid = wanted.msgid.clone().unwrap();
    stage.say("14:02", "grace", "shall we?");
    for number in 0..20 {
        stage.hear(Event::Reacted {
            target: "#lobby".into(),
            msgid: msgid.clone(),
            nick: format!("friend{number}"),
            reaction: "+1".into(),
            is_given: true,
        });
    }
    for number in 0..9 {
        stage.say("14:03", "ken", &format!("later {number}"));
    }
    for _ in 0..10 {
        stage.keys("<ctrl-up>");
    }
    assert_eq!(stage.chosen().as_deref(), Some("shall we?"));
    let picture = stage.picture(40, 12);
    assert!(
        picture.contains("▸grace") && picture.contains("friend19"),
        "{picture}"
    );
}

#[test]
fn what_is_said_for_a_moment_has_the_row_for_itself_where_it_needs_that() {
    let mut stage = Stage::in_lobby();
    stage.picture(40, 12);
    stage.hear(Event::OwnAwayChanged { is_away: true });
    stage.model.toast = None;
    assert!(stage.picture(40, 12).contains("away"));
    crate::deeds::toast(&mut stage.model, "You are outside already; come in?");
    assert!(stage.picture(40, 12).contains("outside already; come in?"));
    assert!(stage.picture(80, 24).contains("away · connected"));
}
