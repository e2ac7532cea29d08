//! The screens as a person sees them, drawn as text beside this file.
//! They must never be accepted without being looked at.

mod asking;
mod cursor;
mod elsewhere;
mod features;
mod kept;
mod networks;
mod soup;

use ratatui::style::{Color, Modifier};

use crate::effect::Effect;
use crate::ids::NetworkId;
use crate::model::network::Settings;
use crate::msg::Msg;
use crate::session::event::{Event, OwnId, Typing};
use crate::session::gap::Gap;
use crate::session::link::Link;
use crate::stage::{Stage, ada, at, message, text};
use crate::theme::{Depth, Role, Sheet, Theme};
use crate::width;

const SIZES: &[(u16, u16)] = &[(40, 12), (80, 24), (120, 40)];
const ALL: &[(u16, u16)] = &[(40, 12), (80, 24), (104, 22), (120, 40), (200, 60)];

/// An afternoon in #lobby, with something of everything.
fn afternoon() -> Stage {
    let mut stage = Stage::new(ada());
    stage.now = at("14:01");
    stage.connect(true);
    stage.enter("#lobby", &[("ada", "@"), ("grace", "+"), ("dennis", "")]);
    let topic = "Welcome! Say hello, read the house rules: https://parlor.example/rules";
    stage.hear(Event::TopicIs {
        room: "#lobby".into(),
        topic: topic.into(),
    });
    stage.enter("#ops", &[("ada", ""), ("grace", "")]);
    stage.enter("#random", &[("ada", ""), ("grace", "")]);
    stage.say("14:02", "ada", "morning all");
    stage.say("14:02", "grace", "hi! did the build pass?");
    stage.come("linus");
    stage.come("ken");
    stage.go("dennis", "");
    stage.say("14:05", "linus", "yes, see https://ci.example/42");
    let asked = message(
        "#lobby",
        "linus",
        "yes, see https://ci.example/42",
        at("14:05"),
    );
    let msgid = asked.msgid.unwrap();
    for nick in ["ada", "grace"] {
        let (msgid, reaction) = (msgid.clone(), "👍".to_owned());
        let (target, nick) = ("#lobby".to_owned(), nick.to_owned());
        stage.hear(Event::Reacted {
            target,
            msgid,
            nick,
            reaction,
            is_given: true,
        });
    }
    stage.now = at("14:06");
    let mut reply = message("#lobby", "ken", "nice! 世界 👩‍🚀 café", at("14:06"));
    reply.reply_to = Some(msgid);
    stage.hear(Event::Message(reply));
    stage.tell(Msg::Unfocused);
    stage.say("14:20", "grace", "lunch, ada?");
    stage.tell(Msg::Focused);
    elsewhere(&mut stage);
    stage.now = at("14:21");
    stage.keys("in ten minutes<enter>");
    stage.echo(1, "in ten minutes");
    stage.keys("or five<enter>bring the good coffee");
    stage.hear(Event::Typing {
        target: "#lobby".into(),
        nick: "grace".into(),
        state: Typing::Active,
        at: at("14:21"),
    });
    stage
}

/// What happens meanwhile in other rooms, and to linus.
fn elsewhere(stage: &mut Stage) {
    for number in 0..12 {
        let text = if number < 2 { "ada: look" } else { "something" };
        let heard = message("#random", "grace", text, at("14:20") + number);
        stage.hear(Event::Message(heard));
    }
    for number in 0..3 {
        let heard = message("#ops", "grace", "deploying", at("14:20") + number);
        stage.hear(Event::Message(heard));
    }
    stage.hear(Event::AwayChanged {
        nick: "linus".into(),
        message: Some("lunch".into()),
    });
}

#[test]
fn an_afternoon() {
    let mut stage = afternoon();
    let mut private = message("grace", "grace", "psst", at("14:21"));
    private.target = "grace".into();
    stage.hear(Event::Message(private));
    stage.check("afternoon", ALL);
}

#[test]
fn the_door() {
    let settings = Settings {
        nick: "ada_".into(),
        join_at_start: false,
        ..Settings::default()
    };
    let mut stage = Stage::new(settings);
    stage.check("connecting", SIZES);
    stage.hear(Event::Link(Link::Lost {
        reason: "This port is encrypted: connect to it with TLS (tls = \"on\")".into(),
        attempt: 2,
        retry_at: stage.now + 2_000,
    }));
    stage.check("unreached", SIZES);
    stage.connect(false);
    stage.names(
        "#lobby",
        &[("ada", "@"), ("grace", ""), ("ken", ""), ("linus", "")],
    );
    stage.check("door", ALL);
}

#[test]
fn after_leaving_and_after_being_put_out() {
    let mut stage = afternoon();
    stage.keys("<ctrl-u><f4>");
    stage.check("leave", SIZES);
    stage.keys("y");
    let (room, nick, at) = ("#lobby".to_owned(), "ada".to_owned(), stage.now);
    stage.hear(Event::Left {
        room,
        nick,
        reason: String::new(),
        is_own: true,
        at,
    });
    stage.check("left", SIZES);
    stage.keys("<f2>");
    stage.hear(Event::JoinRefused {
        room: "#lobby".into(),
        reason: "Only invited people may enter; ask somebody inside".into(),
    });
    stage.now += 10_000;
    stage.tell(Msg::Ticked);
    stage.check("refused", SIZES);
}

#[test]
fn a_silent_server() {
    let mut stage = afternoon();
    stage.hear(Event::Silent(Some(stage.now)));
    stage.now += 12_000;
    stage.tell(Msg::Ticked);
    stage.check("silent", SIZES);
}

#[test]
fn a_lost_link() {
    let mut stage = afternoon();
    stage.hear(Event::Link(Link::Lost {
        reason: "nothing heard for 60 s".into(),
        attempt: 2,
        retry_at: stage.now + 4_000,
    }));
    stage.check("lost", SIZES);
    stage.hear(Event::Link(Link::Connecting { attempt: 2 }));
    stage.connect(true);
    stage.hear(Event::GapFound {
        target: "#lobby".into(),
        gap: Gap::between(at("14:21"), stage.now),
    });
    stage.check("back", SIZES);
}

#[test]
fn a_message_that_failed() {
    let mut stage = afternoon();
    stage.hear(Event::Refused {
        own_id: OwnId(2),
        reason: "you may not speak here".into(),
    });
    stage.check("failed", SIZES);
    stage.keys("<ctrl-up>");
    stage.check("chosen", SIZES);
}

#[test]
fn hosting_and_quitting() {
    let mut stage = Stage::in_lobby();
    stage.tell(Msg::HostStarted {
        invite: None,
        address: "127.0.0.1:6667".into(),
    });
    stage.check("hosting", SIZES);
    stage.keys("/invite-link open<enter>");
    let (on, room) = (NetworkId::FIRST, "#lobby".to_owned());
    assert!(stage.effects.contains(&Effect::OpenDoor { on, room }));
    let door = "0.0.0.0:6697".parse().unwrap();
    stage.tell(Msg::DoorOpened { door });
    assert!(stage.effects.contains(&Effect::KeepDoor(door)));
    stage.check("door-opened", SIZES);
    stage.tell(Msg::HostGuestsChanged { count: 3 });
    stage.keys("<ctrl-z>");
    stage.check("sleep", SIZES);
    stage.keys("<esc><ctrl-q>");
    stage.check("quit", SIZES);
    // Enter was perhaps meant for the line below, and would cut the others off.
    stage.keys("<enter>");
    assert!(!stage.model.is_over && stage.model.overlay.is_some());
    stage.keys("y");
    assert!(stage.model.is_over);
}

#[test]
fn lists_and_prompts() {
    let mut stage = afternoon();
    stage.keys("<ctrl-t>");
    stage.check("switch", SIZES);
    stage.keys("ran");
    stage.check("switch-typed", SIZES);
    stage.keys("<ctrl-u>device");
    stage.check("switch-commands", SIZES);
    stage.keys("<esc><f2>rust");
    stage.check("join", SIZES);
    stage.keys("<esc><f1>");
    stage.check("help", SIZES);
    stage.keys("<pagedown><pagedown><esc><ctrl-u>/n<tab>");
    stage.check("complete", SIZES);
}

#[test]
fn panes_as_overlays() {
    let mut stage = afternoon();
    stage.picture(40, 12);
    stage.keys("<f8>");
    stage.check("members-narrow", &[(40, 12)]);
    stage.keys("<esc><f7>");
    stage.check("rooms-narrow", &[(40, 12)]);
    stage.keys("<esc>");
    stage.picture(80, 24);
    stage.keys("<f7><f8>");
    stage.check("without-panes", SIZES);
}

#[test]
fn scrolled_up_and_finding() {
    let mut stage = afternoon();
    stage.picture(40, 12);
    stage.keys("<pageup>");
    stage.check("scrolled", &[(40, 12)]);
    stage.keys("<esc><ctrl-f>build");
    stage.check("find", SIZES);
}

#[test]
fn a_long_input() {
    let mut stage = Stage::in_lobby();
    stage.keys("first line<alt-enter>and a second one that is long enough to need two rows ");
    stage.keys("on a narrow screen, 世界 included");
    stage.check("long-input", SIZES);
}

#[test]
fn answers_and_trouble() {
    let mut stage = Stage::in_lobby();
    stage.keys("/tpoic x<enter>/help kick<enter>/names<enter>/me waves at everybody<enter>");
    stage.hear(Event::OwnAwayChanged { is_away: true });
    stage.check("answers", SIZES);
}

#[test]
fn colour_says_again_what_the_words_say() {
    let theme = Theme::new(Sheet::built_in("dark").unwrap(), Depth::Full, true);
    let mut stage = afternoon();
    stage.hear(Event::Refused {
        own_id: OwnId(2),
        reason: "no".into(),
    });
    let buffer = stage.buffer(80, 24);
    let drawn = text(&buffer);
    let style_at = |word: &str| {
        let row = drawn.lines().position(|line| line.contains(word)).unwrap();
        let line = drawn.lines().nth(row).unwrap();
        let (before, _) = line.split_once(word).unwrap();
        buffer[(width::of(before), u16::try_from(row).unwrap())].style()
    };
    assert_eq!(style_at("lunch, ada?").bg, theme.style(Role::Mention).bg);
    assert_eq!(style_at("failed").fg, theme.style(Role::Failed).fg);
    assert_eq!(style_at("new ──").fg, theme.style(Role::Accent).fg);
    assert_eq!(style_at("grace  hi!").fg, theme.nick("grace").fg);
    assert_eq!(style_at("came in").fg, theme.style(Role::Dim).fg);
    let link = style_at("https://ci").add_modifier;
    assert!(link.contains(Modifier::UNDERLINED));
}

#[test]
fn formatting_is_shown_and_codes_are_not() {
    let mut stage = Stage::in_lobby();
    stage.say(
        "14:01",
        "grace",
        "\u{2}bold\u{2} \u{3}4red\u{3} \u{1b}[31mplain\u{202e}",
    );
    let buffer = stage.buffer(80, 24);
    let drawn = text(&buffer);
    let row = drawn
        .lines()
        .position(|line| line.contains("bold"))
        .unwrap();
    let line = drawn.lines().nth(row).unwrap();
    assert!(line.contains("bold red [31mplain "), "{line}");
    let (before, _) = line.split_once("bold").unwrap();
    let (x, y) = (width::of(before), u16::try_from(row).unwrap());
    assert!(buffer[(x, y)].modifier.contains(Modifier::BOLD));
    assert_eq!(buffer[(x + 5, y)].fg, Color::Rgb(255, 0, 0));
    assert!(!buffer[(x + 9, y)].modifier.contains(Modifier::BOLD));
}

#[test]
fn what_became_of_it_takes_no_room_from_what_we_say() {
    let mut stage = Stage::in_lobby();
    let text = "this is as long as it ever was";
    stage.keys(&format!("{text}<enter>"));
    let picture = stage.picture(80, 24);
    assert!(picture.contains(&format!("{text} … │")), "{picture}");
    stage.echo(1, text);
    let picture = stage.picture(80, 24);
    assert!(picture.contains(&format!("{text} ✓ │")), "{picture}");
    stage.keys("short<enter>");
    stage.echo(2, "short");
    let picture = stage.picture(80, 24);
    assert!(picture.contains("  sent │"), "{picture}");
    // The word never reads as if it were a part of the sentence.
    stage.keys("it has one cell left to go.<enter>");
    stage.echo(3, "it has one cell left to go.");
    let picture = stage.picture(80, 24);
    assert!(picture.contains("left to go.    ✓ │"), "{picture}");
}

#[test]
fn the_cursor_stands_where_writing_goes() {
    let mut stage = Stage::in_lobby();
    stage.keys("世界 ok<left><left>");
    assert_eq!(stage.cursor(80, 24), (12, 22));
    stage.keys("<ctrl-t>x");
    let (x, y) = stage.cursor(80, 24);
    assert!(x > 0 && y < 22, "in the switcher: {x} {y}");
}

#[test]
fn hardly_any_room() {
    let mut stage = afternoon();
    stage.check("tiny", &[(20, 6), (12, 4), (5, 3), (2, 2), (1, 1)]);
}
