//! What the afternoon does not show: one screen for each feature, at each size.
//! They must never be accepted without being looked at.

use super::{SIZES, afternoon};
use crate::msg::Msg;
use crate::session::event::Event;
use crate::stage::{Stage, at, message};
use crate::times::TimeFormat;

/// A talk that is longer than every screen.
fn long_talk() -> Stage {
    let mut stage = Stage::in_lobby();
    for number in 0..90 {
        let (minute, nick) = (number / 2, ["grace", "ken", "linus"][number % 3]);
        let time = format!("14:{minute:02}");
        stage.say(&time, nick, &format!("thought number {number}"));
    }
    stage
}

#[test]
fn what_comes_while_one_reads_further_up() {
    let mut stage = long_talk();
    stage.picture(80, 24);
    stage.keys("<pageup>");
    stage.say("14:50", "ken", "and this is new");
    stage.check("below", SIZES);
}

#[test]
fn the_first_unread_message() {
    let mut stage = long_talk();
    stage.tell(Msg::Unfocused);
    for number in 0..50 {
        stage.say("14:51", "grace", &format!("while you were away, {number}"));
    }
    stage.tell(Msg::Focused);
    stage.picture(80, 24);
    stage.keys("<alt-u>");
    stage.check("first-unread", SIZES);
}

#[test]
fn who_speaks_is_told_of_alone() {
    let mut stage = Stage::in_lobby();
    for nick in ["barbara", "edsger", "tony", "alan", "niklaus"] {
        stage.come(nick);
    }
    stage.go("edsger", "bye");
    stage.check("folded", SIZES);
    stage.say("14:01", "barbara", "good afternoon");
    stage.check("unfolded", SIZES);
}

#[test]
fn services_that_talk_on_and_on_are_named_once() {
    let mut stage = afternoon();
    let notice = |source: &str, target: &str, text: &str| {
        let mut notice = message(target, source, text, at("14:30"));
        notice.kind = crate::session::event::Kind::Notice;
        Event::Message(notice)
    };
    stage.keys("<ctrl-u>");
    stage.hear(notice("ChanServ", "ChanServ", "[#random] Welcome back!"));
    stage.hear(notice(
        "NickServ",
        "NickServ",
        "This nickname is registered.",
    ));
    stage.hear(notice("grace", "#lobby", "the build is red"));
    stage.check("notices-here", SIZES);
    stage.keys("/msg NickServ identify ada pencil<enter>");
    for text in [
        "Password accepted.",
        "You have two memos; /msg MemoServ READ NEW shows them to you at once.",
    ] {
        stage.hear(notice("NickServ", "NickServ", text));
    }
    stage.check("services", SIZES);
}

#[test]
fn rooms_call_as_loudly_as_one_likes() {
    let mut stage = afternoon();
    stage.keys("<ctrl-u>/mute #random<enter>/ignore ken<enter>/notify mentions<enter>");
    let shout = message("#random", "ken", "buy, ada!", at("14:30"));
    stage.hear(Event::Message(shout));
    stage.check("levels", SIZES);
}

#[test]
fn nicks_rooms_and_emoji_are_completed() {
    let mut stage = afternoon();
    stage.keys("<ctrl-u>hey <tab>");
    stage.check("complete-nick", SIZES);
    stage.keys("<esc><ctrl-u>see #<tab>");
    stage.check("complete-room", SIZES);
    stage.keys("<esc><ctrl-u>:s<tab>");
    stage.check("complete-emoji", SIZES);
}

#[test]
fn times_are_written_as_one_likes() {
    let mut stage = afternoon();
    stage.keys("<ctrl-u>");
    stage.model.habits.time = TimeFormat::new("%H:%M:%S").unwrap();
    stage.check("times", SIZES);
    // What takes the words their room gives way; without times their column goes, too.
    stage.model.habits.time = TimeFormat::new("%Y-%m-%d %H:%M:%S").unwrap();
    stage.check("times-wide", &[(62, 16), (80, 24)]);
    stage.model.habits.time = TimeFormat::new("").unwrap();
    stage.check("times-none", SIZES);
}

#[test]
fn many_lines_are_asked_about() {
    let mut stage = Stage::in_lobby();
    let lines: Vec<String> = (1..=40).map(|line| format!("line {line}")).collect();
    stage.tell(Msg::Pasted(lines.join("\n")));
    stage.check("pasted", SIZES);
    stage.keys("<enter>");
    stage.check("paste-asked", SIZES);
}

#[test]
fn what_does_not_fit_is_marked() {
    let mut stage = Stage::in_lobby();
    let long = "this goes on and on, ".repeat(24);
    stage.tell(Msg::Pasted(long));
    stage.check("beyond", SIZES);
}

#[test]
fn a_chosen_message_is_answered_reacted_to_and_taken_back() {
    let mut stage = afternoon();
    stage.keys("<ctrl-u>");
    let link = "yes, see https://ci.example/42";
    for _ in 0..8 {
        let chosen = stage.chosen();
        if chosen.as_deref() == Some(link) {
            break;
        }
        stage.keys("<ctrl-up>");
    }
    assert_eq!(stage.chosen().as_deref(), Some(link));
    stage.check("reactors", SIZES);
    stage.keys("+");
    stage.check("reacting", SIZES);
    stage.keys("<esc>r");
    stage.check("answering", SIZES);
    stage.keys("<esc><ctrl-up><ctrl-up>d");
    stage.check("take-back", SIZES);
}

#[test]
fn words_links_and_wide_characters() {
    let mut stage = Stage::in_lobby();
    let said = [
        "run `cargo test` *before* you push, **please**, ~~never~~ after",
        "\u{2}bold\u{2} \u{1d}slanted\u{1d} \u{3}4red\u{3} as IRC has it",
        "a long link stays one: https://ci.example/job/parlor/branches/main/runs/4711/log?step=7",
        "世界 こんにちは 👩‍🚀 🇩🇪 👍🏽 ❤\u{fe0f} 1\u{fe0f}\u{20e3} e\u{301} क्षि شكرا",
    ];
    for text in said {
        stage.say("14:01", "grace", text);
    }
    stage.check("words", SIZES);
}

#[test]
fn a_command_of_the_palette_and_the_settings() {
    let mut stage = afternoon();
    stage.keys("<ctrl-u><ctrl-t>top");
    stage.check("palette", SIZES);
    stage.keys("<esc>what<enter><ctrl-r>wh");
    stage.check("recall", SIZES);
}

/// The list beside the screens names each of them, each has all sizes, and none of it is made up.
#[test]
fn every_feature_has_its_screens() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/screens");
    let list = std::fs::read_to_string(format!("{folder}/README.md")).unwrap();
    let named: Vec<&str> = list.split('`').skip(1).step_by(2).collect();
    let files = std::fs::read_dir(folder).unwrap();
    let files = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let drawn: Vec<String> = files
        .filter_map(|name| Some(name.strip_suffix(".txt")?.to_owned()))
        .collect();
    for name in &drawn {
        assert!(
            named.contains(&name.as_str()),
            "README.md does not say what {name} is for"
        );
    }
    for row in list.lines().filter(|row| row.starts_with("| ")) {
        let screens: Vec<&str> = row.split('`').skip(1).step_by(2).collect();
        let texts = screens.iter().map(|name| {
            let path = format!("{folder}/{name}.txt");
            std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("there is no {path}"))
        });
        let all: String = texts.collect();
        for (width, height) in SIZES {
            let size = format!("== {width} × {height}\n");
            assert!(
                screens.is_empty() || all.contains(&size),
                "{size} is missing: {row}"
            );
        }
    }
}
