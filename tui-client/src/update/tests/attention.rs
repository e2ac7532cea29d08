//! What calls for attention, and what is kept from it.
//! It must never look at cells, except for the word that says so.

use super::texts;
use crate::effect::Effect;
use crate::ids::NetworkId;
use crate::msg::Msg;
use crate::session::event::{Event, Message};
use crate::stage::{Stage, at, message};

fn private(text: &str) -> Message {
    let mut private = message("grace", "grace", text, at("14:01"));
    private.target = "grace".into();
    private
}

fn calls(stage: &mut Stage) -> Vec<Effect> {
    let is_call = |effect: &Effect| matches!(effect, Effect::Ring | Effect::Notify(_));
    stage.effects.drain(..).filter(is_call).collect()
}

#[test]
fn a_mention_rings_and_behind_other_windows_it_is_shown() {
    let mut stage = Stage::in_lobby();
    stage.hear(Event::Message(private("psst")));
    assert_eq!(
        calls(&mut stage),
        [Effect::Ring],
        "the terminal is in front"
    );
    stage.tell(Msg::Unfocused);
    stage.say("14:02", "ken", "nothing for us");
    assert_eq!(calls(&mut stage), []);
    stage.say("14:03", "ken", "ada: \u{1b}[31mlook");
    let shown = Effect::Notify("ken in #lobby: ada: [31mlook".into());
    assert_eq!(calls(&mut stage), [Effect::Ring, shown]);
    stage.hear(Event::Message(private("and")));
    assert_eq!(calls(&mut stage), [], "not twice in a moment");
    stage.now += 2_000;
    stage.hear(Event::Message(private("so?")));
    let shown = Effect::Notify("grace: so?".into());
    assert_eq!(calls(&mut stage), [Effect::Ring, shown]);
}

#[test]
fn a_muted_room_says_so_and_counts_only_mentions() {
    let mut stage = Stage::in_lobby();
    stage.enter("#ops", &[("ada", ""), ("grace", "")]);
    stage.keys("/mute #ops<enter>");
    let said = |text: &str| Event::Message(message("#ops", "grace", text, at("14:01")));
    stage.hear(said("noise"));
    assert!(stage.picture(80, 24).contains("#ops     muted"));
    stage.keys("<f6>");
    assert_eq!(stage.model.here().unwrap().name, "#lobby", "nothing calls");
    stage.hear(said("ada: fire"));
    assert_eq!(calls(&mut stage), []);
    assert!(stage.picture(80, 24).contains("#ops        @1"));
    stage.keys("<f6>/mute<enter>");
    assert_eq!(stage.model.here().unwrap().level, crate::level::Level::All);
}

#[test]
fn nothing_is_heard_of_the_ignored() {
    let mut stage = Stage::in_lobby();
    stage.keys("/ignore Ken<enter>");
    stage.say("14:01", "ken", "ada: spam");
    stage.hear(Event::History {
        target: "#lobby".into(),
        messages: vec![message("#lobby", "ken", "old spam", at("13:00"))],
        is_complete: true,
        gap: None,
    });
    assert_eq!(texts(&stage).len(), 1, "only the word that he is ignored");
    stage.keys("/ignore ken<enter>");
    stage.say("14:02", "ken", "sorry");
    assert_eq!(texts(&stage).last().unwrap(), "ken: sorry");
}

#[test]
fn the_ignored_stay_so_under_another_nick_and_patterns_are_of_nicks() {
    let mut stage = Stage::in_lobby();
    stage.keys("/ignore ken<enter>/ignore spam*<enter>/ignore *!*@host<enter>/ignore *<enter>");
    assert_eq!(texts(&stage).len(), 4);
    assert!(texts(&stage)[2].contains("addresses are not looked at"));
    assert!(texts(&stage)[3].contains("cannot be ignored"));
    stage.hear(Event::Renamed {
        from: "ken".into(),
        to: "kenny".into(),
        is_own: false,
        at: at("14:01"),
    });
    for nick in ["kenny", "Spammer", "ken"] {
        stage.say("14:01", nick, "buy");
    }
    stage.say("14:01", "grace", "hello");
    let said: Vec<String> = texts(&stage).split_off(4);
    assert_eq!(said.last().unwrap(), "grace: hello");
    assert!(!said.iter().any(|text| text.contains("buy")), "{said:?}");
}

fn rename(stage: &mut Stage, from: &str, to: &str) {
    stage.hear(Event::Renamed {
        from: from.into(),
        to: to.into(),
        is_own: false,
        at: at("14:01"),
    });
}

#[test]
fn who_is_ignored_cannot_make_us_ignore_others() {
    let mut stage = Stage::in_lobby();
    stage.keys("/ignore ken<enter>");
    for (from, to) in [("ken", "grace"), ("grace", "linus"), ("linus", "troll")] {
        rename(&mut stage, from, to);
    }
    let heard = |stage: &mut Stage, nick: &str| {
        let before = texts(stage).len();
        stage.say("14:01", nick, "hello");
        texts(stage).len() > before
    };
    assert!(heard(&mut stage, "grace") && heard(&mut stage, "linus"));
    assert!(!heard(&mut stage, "troll") && !heard(&mut stage, "ken"));
    stage.keys("/ignore<enter>");
    assert!(
        texts(&stage)
            .last()
            .unwrap()
            .contains("You ignore ken (now troll).")
    );
    assert_eq!(
        stage.model.network().ignored.len(),
        1,
        "nothing is kept of it"
    );
    stage.hear(Event::Quit {
        nick: "troll".into(),
        reason: String::new(),
        split: None,
        at: at("14:02"),
    });
    assert!(heard(&mut stage, "troll"), "that is somebody else");
    rename(&mut stage, "ken", "kenny");
    stage.keys("/ignore kenny<enter>");
    assert!(heard(&mut stage, "kenny") && heard(&mut stage, "ken"));
}

#[test]
fn why_somebody_cannot_be_ignored_is_said() {
    let mut stage = Stage::in_lobby();
    for (typed, word) in [("ada", "that is you"), ("**", "it is everybody")] {
        stage.keys(&format!("/ignore {typed}<enter>"));
        assert!(texts(&stage).last().unwrap().contains(word));
    }
    let network = stage.model.networks.get_mut(NetworkId::FIRST);
    network.ignored = (0..500).map(|number| format!("n{number}")).collect();
    stage.keys("/ignore ken<enter>");
    assert!(
        texts(&stage)
            .last()
            .unwrap()
            .contains("You ignore 500 already")
    );
}

#[test]
fn what_a_command_takes_is_completed_and_settings_with_their_values() {
    let mut stage = Stage::in_lobby();
    for (typed, whole) in [
        ("/notify m<tab>", "/notify mentions "),
        ("/network a<tab>", "/network add "),
        ("/set typ<tab>", "/set typing "),
        ("/set typing sh<tab>", "/set typing shown "),
        ("/set mouse f<tab>", "/set mouse false "),
        ("/set keys.joi<tab>", "/set keys.join "),
    ] {
        stage.keys(&format!("<ctrl-u>{typed}"));
        assert_eq!(stage.model.here().unwrap().input.text(), whole);
    }
}

#[test]
fn whoever_was_put_out_can_read_what_was_said() {
    let mut stage = Stage::in_lobby();
    for number in 0..60 {
        stage.say("14:01", "ken", &format!("line {number}"));
    }
    stage.picture(80, 24);
    stage.hear(Event::Kicked {
        room: "#lobby".into(),
        nick: "ada".into(),
        by: "ken".into(),
        reason: "enough".into(),
        is_own: true,
        at: at("14:02"),
    });
    let door = stage.picture(80, 24);
    assert!(door.contains("PgUp reads what was said") && !door.contains("line 59"));
    stage.keys("<pageup>");
    let read = stage.picture(80, 24);
    assert!(
        read.contains("line 59") && !read.contains("reads what was said"),
        "{read}"
    );
    stage.keys("<pageup>");
    let older = stage.picture(80, 24);
    assert!(
        older.contains("line 30") && !older.contains("line 59"),
        "{older}"
    );
    stage.keys("<pagedown><pagedown>");
    assert!(stage.picture(80, 24).contains("line 59"));
    stage.keys("<esc>");
    assert!(stage.picture(80, 24).contains("PgUp reads what was said"));
}

#[test]
fn emoji_are_completed_by_name() {
    let mut stage = Stage::in_lobby();
    stage.keys("well done :tad<tab>");
    assert_eq!(stage.model.here().unwrap().input.text(), "well done 🎉 ");
    stage.keys("<ctrl-u>:heart<tab><tab>");
    assert_eq!(stage.model.here().unwrap().input.text(), "😍 ");
}

#[test]
fn after_the_last_mention_here_comes_the_first_unread_one_elsewhere() {
    let mut stage = Stage::in_lobby();
    stage.enter("#ops", &[("ada", ""), ("ken", "")]);
    for text in ["nothing", "ada: first", "ada: second"] {
        let at = at("14:02");
        stage.hear(Event::Message(message("#ops", "ken", text, at)));
    }
    stage.keys("<alt-n>");
    assert_eq!(stage.model.here().unwrap().name, "#ops");
    let chosen = |stage: &Stage| {
        let window = stage.model.here().unwrap();
        let index = window.scrollback.index_of(stage.model.chosen.unwrap());
        window
            .scrollback
            .get(index.unwrap())
            .unwrap()
            .rich
            .text
            .clone()
    };
    assert_eq!(chosen(&stage), "ada: first");
    stage.keys("<alt-n>");
    assert_eq!(chosen(&stage), "ada: second");
    stage.keys("<alt-n>");
    assert!(stage.model.toast.is_some(), "there is none left");
}
