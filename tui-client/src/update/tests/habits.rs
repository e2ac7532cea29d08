//! What the user likes, as the config has it: it counts as soon as it is told.
//! It must never look at cells.

use super::texts;
use crate::config::network::Network;
use crate::effect::Effect;
use crate::habits::{Comings, Habits, Notify, Typing};
use crate::ids::NetworkId;
use crate::keymap::Keymap;
use crate::msg::Msg;
use crate::preferences::{Answer, Counts};
use crate::session::command::Command;
use crate::session::event::{Event, Typing as State};
use crate::stage::{Stage, ada, at};

/// The config file says this now.
fn settle(stage: &mut Stage, habits: Habits, is_mouse_new: bool, networks: Vec<Network>) {
    let counts = Counts {
        keymap: Keymap::default(),
        sheet: None,
        habits,
        is_mouse_new,
        nick: None,
        rooms: Vec::new(),
        networks,
    };
    stage.tell(Msg::SettingsTold(Box::new(Answer {
        counts: Some(counts),
        ..Answer::default()
    })));
}

fn like(stage: &mut Stage, habits: Habits) {
    settle(stage, habits, false, Vec::new());
}

fn calls(stage: &mut Stage) -> Vec<&'static str> {
    let call = |effect| match effect {
        Effect::Ring => Some("bell"),
        Effect::Notify(_) => Some("terminal"),
        _ => None,
    };
    stage.effects.drain(..).filter_map(call).collect()
}

fn tells_typing(stage: &mut Stage) -> bool {
    let is_it = |command: &Command| matches!(command, Command::Typing { .. });
    stage.sent().iter().any(is_it)
}

#[test]
fn one_is_called_by_bell_and_terminal_as_one_likes() {
    let mut stage = Stage::in_lobby();
    stage.tell(Msg::Unfocused);
    for (time, notify, heard) in [
        ("14:01", Notify::Auto, ["bell", "terminal"].as_slice()),
        ("14:02", Notify::Bell, &["bell"]),
        ("14:03", Notify::Terminal, &["terminal"]),
        ("14:04", Notify::Off, &[]),
    ] {
        let habits = Habits {
            notify,
            ..Habits::default()
        };
        like(&mut stage, habits);
        stage.now += 2_000;
        stage.say(time, "ken", "ada: look");
        assert_eq!(calls(&mut stage), heard, "{notify:?}");
    }
    stage.hear(Event::Invited {
        room: "#ops".into(),
        by: "ken".into(),
        nick: "ada".into(),
        is_own: true,
        at: at("14:02"),
    });
    assert_eq!(calls(&mut stage), [""; 0], "nor by an invitation");
}

#[test]
fn a_word_of_ones_own_is_a_mention_and_a_part_of_one_is_not() {
    let mut stage = Stage::in_lobby();
    let habits = Habits {
        mention_words: vec!["Deploy".into(), "on call".into()],
        ..Habits::default()
    };
    like(&mut stage, habits);
    for (text, is_mention) in [
        ("the deploy is red", true),
        ("deployment is not it", false),
        ("who is on call?", true),
        ("ada?", true),
        ("nobody", false),
    ] {
        stage.say("14:02", "ken", text);
        let window = stage.model.here().unwrap();
        let newest = window.scrollback.iter().last().unwrap().as_said().unwrap();
        assert_eq!(newest.is_mention, is_mention, "{text}");
    }
}

#[test]
fn typing_is_told_and_shown_as_one_likes() {
    for (typing, is_told, is_shown) in [
        (Typing::On, true, true),
        (Typing::Shown, false, true),
        (Typing::Off, false, false),
    ] {
        let mut stage = Stage::in_lobby();
        let habits = Habits {
            typing,
            ..Habits::default()
        };
        like(&mut stage, habits);
        stage.keys("hello");
        assert_eq!(tells_typing(&mut stage), is_told, "{typing:?}");
        stage.hear(Event::Typing {
            target: "#lobby".into(),
            nick: "grace".into(),
            state: State::Active,
            at: at("14:02"),
        });
        let picture = stage.picture(80, 24);
        assert_eq!(picture.contains("grace is typing"), is_shown, "{typing:?}");
    }
}

#[test]
fn who_stops_telling_that_they_type_takes_it_back_and_forgets_who_does() {
    let mut stage = Stage::in_lobby();
    stage.keys("hello");
    stage.hear(Event::Typing {
        target: "#lobby".into(),
        nick: "grace".into(),
        state: State::Active,
        at: at("14:02"),
    });
    stage.effects.clear();
    let habits = Habits {
        typing: Typing::Off,
        ..Habits::default()
    };
    like(&mut stage, habits);
    let over = Command::Typing {
        target: "#lobby".into(),
        state: State::Done,
    };
    assert_eq!(stage.sent(), [over]);
    assert!(!stage.picture(80, 24).contains("is typing"));
}

#[test]
fn comings_can_be_hidden_and_the_members_are_right_all_the_same() {
    let mut stage = Stage::in_lobby();
    let habits = Habits {
        comings: Comings::Hidden,
        ..Habits::default()
    };
    like(&mut stage, habits);
    stage.hear(Event::Joined {
        room: "#lobby".into(),
        nick: "dennis".into(),
        account: None,
        is_own: false,
        at: at("14:01"),
    });
    stage.hear(Event::Quit {
        nick: "ken".into(),
        reason: "bye".into(),
        split: None,
        at: at("14:01"),
    });
    assert_eq!(texts(&stage), [""; 0]);
    let roster = &stage.model.here().unwrap().roster;
    assert!(roster.get("dennis").is_some() && roster.get("ken").is_none());
}

#[test]
fn the_key_for_the_mouse_has_the_last_word_until_the_file_says_another() {
    let mut stage = Stage::in_lobby();
    stage.keys("<f10>");
    stage.effects.clear();
    like(&mut stage, Habits::default());
    assert!(stage.model.habits.leaves_mouse, "the file spoke of others");
    settle(&mut stage, Habits::default(), true, Vec::new());
    assert!(!stage.model.habits.leaves_mouse);
    assert!(stage.effects.contains(&Effect::Point(true)));
}

#[test]
fn a_network_that_is_new_in_the_file_is_dialled_once() {
    let mut stage = Stage::in_lobby();
    let libera = Network {
        name: "libera".into(),
        host: "irc.libera.chat".into(),
        ..Network::blank()
    };
    for _ in 0..2 {
        settle(&mut stage, Habits::default(), false, vec![libera.clone()]);
    }
    let dialled = stage.effects.iter().filter_map(|effect| match effect {
        Effect::Dial(_, settings) => Some((settings.host.as_str(), settings.nick.as_str())),
        _ => None,
    });
    let dialled: Vec<_> = dialled.collect();
    assert_eq!(dialled, [("irc.libera.chat", "ada")]);
    assert_eq!(stage.model.here().unwrap().name, "#lobby");
}

/// The config file has this nick and these rooms, which it had not.
fn settle_first(stage: &mut Stage, nick: &str, rooms: &[&str]) {
    let counts = Counts {
        keymap: Keymap::default(),
        sheet: None,
        habits: Habits::default(),
        is_mouse_new: false,
        nick: Some(nick.to_owned()),
        rooms: rooms.iter().map(ToString::to_string).collect(),
        networks: Vec::new(),
    };
    stage.tell(Msg::SettingsTold(Box::new(Answer {
        counts: Some(counts),
        ..Answer::default()
    })));
}

#[test]
fn rooms_and_nick_that_are_new_in_the_file_count_at_once() {
    let join = Command::Join {
        room: "#ops".into(),
        key: None,
    };
    let mut stage = Stage::in_lobby();
    settle_first(&mut stage, "lovelace", &["#Lobby", "#ops"]);
    assert_eq!(
        stage.sent(),
        [Command::Nick("lovelace".into()), join.clone()]
    );
    assert_eq!(stage.model.here().unwrap().name, "#lobby");
    assert_eq!(stage.model.network().settings.nick, "lovelace");
    // It is under way, and we are called so already.
    settle_first(&mut stage, "ada", &["#ops"]);
    assert_eq!(stage.sent(), []);
    // Before the first good link, that one enters it.
    let mut stage = Stage::new(ada());
    settle_first(&mut stage, "ada", &["#ops"]);
    assert!(!stage.sent().contains(&join));
    stage.connect(false);
    assert!(stage.sent().contains(&join));
}

#[test]
fn who_wants_to_start_outside_has_a_new_room_in_the_list_only() {
    let mut stage = Stage::in_lobby();
    let first = stage.model.networks.get_mut(NetworkId::FIRST);
    first.settings.join_at_start = false;
    settle_first(&mut stage, "ada", &["#ops"]);
    assert_eq!(stage.sent(), []);
    assert!(stage.model.named(NetworkId::FIRST, "#ops").is_some());
}
