//! The client's part of the config file: what it says, what is refused and how, and the example file.

use super::*;

fn wrong(text: &str) -> String {
    Config::parse(text, "c.toml").unwrap_err().to_string()
}

#[test]
fn a_file_says_what_it_says() {
    let text = "host = \"chat.example\"\nport = 0x1a0b\nnickname = \"ada\"\nrooms = [\"#a\", \"&b\"]\n\
                join_at_start = false\ntls = \"off\"\ntheme = \"light\"\n[keys]\njoin = \"F3\"\n[server]\nname = \"x.y\"\n";
    let config = Config::parse(text, "c.toml").unwrap();
    assert_eq!(config.host, "chat.example");
    assert_eq!(config.port, 6667);
    assert_eq!(config.nickname, "ada");
    assert_eq!(config.rooms, ["#a", "&b"]);
    assert!(!config.join_at_start);
    assert_eq!(config.tls, Tls::Off);
    assert_eq!(config.theme, theme::Choice::Light);
    assert_ne!(config.keymap, Keymap::default());
    assert_eq!(Config::parse("", "c.toml").unwrap(), Config::default());
}

#[test]
fn what_is_wrong_is_said_with_file_line_key_and_what_would_be_right() {
    assert_eq!(
        wrong("# hi\n\nprot = 1\n"),
        "c.toml:3: `prot` is no known key; right would be: `port`"
    );
    assert_eq!(
        wrong("port = 70000"),
        "c.toml:1: `port` has a value it cannot have; right would be: a number from 1 to 65535, such as 6667"
    );
    for text in [
        "host = \"\"",
        "host = \"a b\"",
        "nickname = \"1a\"",
        "rooms = \"#a\"",
        "rooms = [\"lobby\"]",
        "rooms = [\"#a b\"]",
        "join_at_start = 1",
        "tls = \"maybe\"",
        "theme = \"pink\"",
        "keys = 1",
        "[keys]\njoin = 3",
        "[keys]\njion = \"F2\"",
        "[keys]\njoin = \"Hyper-Q\"",
        "port =",
        "port = 1\nport = 2",
    ] {
        assert!(wrong(text).starts_with("c.toml:"), "{text}");
    }
    assert!(wrong("\n[keys]\njion = \"F2\"").contains(":3: `keys.jion`"));
}

#[test]
fn two_actions_cannot_share_a_key() {
    let text = wrong("[keys]\nleave = \"F4\"\njoin = \"F4\"\n");
    assert!(text.contains("already"), "{text}");
}

#[test]
fn the_example_holds_every_key_with_its_default() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../config.example.toml");
    let text = std::fs::read_to_string(path).unwrap();
    assert_eq!(Config::parse(&text, path).unwrap(), Config::default());
    let client: Vec<&str> = text
        .lines()
        .take_while(|line| !line.starts_with('['))
        .collect();
    for key in KEYS {
        let start = format!("{} = ", key.name);
        assert!(
            client.iter().any(|line| line.starts_with(&start)),
            "{start}"
        );
    }
    for described in crate::action::ALL {
        let start = format!("{} = ", described.name);
        assert!(text.lines().any(|line| line.starts_with(&start)), "{start}");
    }
}
