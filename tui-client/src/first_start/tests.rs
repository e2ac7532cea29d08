//! What the first start asks, takes and refuses, and its pictures.

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::*;
use crate::stage;
use crate::theme::{Depth, Sheet, Theme};

fn keys(first: &mut FirstStart, text: &str) -> Next {
    let mut next = Next::Ask;
    for char in text.chars() {
        let code = match char {
            '\n' => KeyCode::Enter,
            '\t' => KeyCode::Tab,
            '\x1b' => KeyCode::Esc,
            char => KeyCode::Char(char),
        };
        next = first.take(&Event::Key(KeyEvent::from(code)));
    }
    next
}

fn chosen(text: &str) -> Chosen {
    match keys(&mut FirstStart::new("ada", false), text) {
        Next::Begin(chosen) => *chosen,
        next => panic!("{text:?}: {next:?}"),
    }
}

fn check(name: &str, first: &FirstStart) {
    let theme = Theme::new(Sheet::built_in("dark").unwrap(), Depth::Full, true);
    let pictures = [(40, 12), (80, 24), (120, 40)].map(|(width, height)| {
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        let cursor = draw(first, theme, &mut buffer);
        assert!(
            cursor.is_some_and(|at| buffer.area.contains(at)),
            "{cursor:?}"
        );
        format!("== {width} × {height}\n{}\n", stage::text(&buffer))
    });
    stage::compare(name, &pictures.concat());
}

#[test]
fn one_enter_takes_what_is_offered() {
    let chosen = chosen("\n");
    assert_eq!(chosen.settings, [("nickname", "ada".to_owned())]);
    assert_eq!(chosen.cli.host, None);
    assert_eq!(
        keys(&mut FirstStart::new("ada", false), "x\x1b"),
        Next::Skip
    );
}

#[test]
fn a_link_that_is_followed_at_the_first_start_is_an_answer_to_its_questions() {
    let invite = "parlor://chat.example:7000/ops".parse().ok();
    let cli = Cli {
        invite,
        ..Cli::default()
    };
    let name = format!("parlor-followed-{}", std::process::id());
    let file = std::env::temp_dir().join(name).join("config.toml");
    let answer = Chosen::followed(&cli)
        .unwrap()
        .keep(&mut Preferences::at(Some(file.clone())));
    assert!(!answer.is_trouble, "{answer:?}");
    let written = std::fs::read_to_string(&file).unwrap();
    assert_eq!(
        written,
        "host = \"chat.example\"\nport = 7000\nrooms = [\"#ops\"]\n"
    );
    std::fs::remove_dir_all(file.parent().unwrap()).unwrap();
    let elsewhere = Cli {
        no_host: true,
        ..cli
    };
    assert_eq!(Chosen::followed(&elsewhere), None);
    assert_eq!(Chosen::followed(&Cli::default()), None);
}

#[test]
fn the_door_for_friends_is_opened_on_purpose() {
    let open = chosen("\t\t\n");
    assert!(open.is_open);
    assert_eq!(open.cli.host, None);
    assert!(!chosen("\t\n").is_open);
    assert!(!chosen("\t\t\t\t\t\n").is_open, "round and back");
    let hosted = &mut FirstStart::new("ada", true);
    assert_eq!(keys(hosted, "\t\t\n"), Next::Ask, "that is the address");
}

#[test]
fn an_address_or_a_link_says_where_to_go() {
    let there = |address: &str| chosen(&format!("\t\t\t{address}\n"));
    let chosen = there("chat.example");
    assert_eq!(chosen.cli.host.as_deref(), Some("chat.example"));
    assert_eq!(chosen.cli.port, None);
    assert_eq!(there("chat.example:7000").cli.port, Some(7000));
    assert_eq!(there("::1").cli.host.as_deref(), Some("::1"));
    assert_eq!(there("[::1]:7000").cli.host.as_deref(), Some("::1"));
    let chosen = there("parlor://chat.example:7000/ops");
    assert_eq!(chosen.cli.invite.unwrap().port, Some(7000));
    assert!(chosen.settings.contains(&("rooms", "#ops".to_owned())));
}

#[test]
fn who_writes_where_nothing_is_written_means_an_address() {
    assert_eq!(
        chosen("\tchat.example\n").cli.host.as_deref(),
        Some("chat.example")
    );
    let mut first = FirstStart::new("ada", true);
    keys(&mut first, "\t");
    first.take(&Event::Paste("parlor://chat.example:7000/ops\n".to_owned()));
    let Next::Begin(chosen) = keys(&mut first, "\n") else {
        panic!("{first:?}")
    };
    assert_eq!(chosen.cli.invite.unwrap().port, Some(7000));
}

#[test]
fn what_cannot_be_is_asked_about_again() {
    for text in [
        "\t\t\t\n",
        "\t\t\ta b\n",
        "\t\t\tchat.example:x\n",
        "\t\t\thttp://chat.example\n",
        " b\n",
    ] {
        let mut first = FirstStart::new("ada", false);
        assert_eq!(keys(&mut first, text), Next::Ask, "{text:?}");
        assert!(!first.wrong.is_empty(), "{text:?}");
    }
    let mut first = FirstStart::new("ada", false);
    keys(&mut first, "\t\t\tchat.example:99999\n");
    assert_eq!(first.wrong, "A port is a number from 1 to 65535");
}

#[test]
fn it_fits_every_screen() {
    let mut first = FirstStart::new("ada", false);
    check("first-start", &first);
    keys(&mut first, "\t\t\tchat.example:x\n");
    check("first-start-join", &first);
    check("first-start-hosted", &FirstStart::new("ada", true));
}
