//! The client's part of the config file: what it says, what is refused and how, and the example file.

use super::*;
use crate::config::network::Tls;

fn wrong(text: &str) -> String {
    Config::parse(text, "c.toml").unwrap_err().to_string()
}

#[test]
fn a_file_says_what_it_says() {
    let text = "host = \"chat.example\"\nport = 0x1a0b\nnickname = \"ada\"\nrooms = [\"#a\", \"&b\"]\n\
                join_at_start = false\ntls = \"off\"\ntheme = \"light\"\n[keys]\njoin = \"F3\"\n[server]\nname = \"x.y\"\n";
    let config = Config::parse(text, "c.toml").unwrap();
    assert_eq!(config.first.host, "chat.example");
    assert_eq!(config.first.port, 6667);
    assert_eq!(config.first.nickname, "ada");
    assert_eq!(config.first.rooms, ["#a", "&b"]);
    assert!(!config.first.join_at_start);
    assert_eq!(config.first.tls, Tls::Off);
    assert_eq!(config.theme, "light");
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
        "theme = \"../pink\"",
        "mouse = 1",
        "typing = true",
        "notify = \"loud\"",
        "mention_words = \"deploy\"",
        "mention_words = [\" \"]",
        "comings = \"never\"",
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
fn further_networks_have_tables_of_their_own() {
    let text = "nickname = \"ada\"\n[[network]]\nname = \"libera\"\nhost = \"irc.libera.chat\"\n\
                rooms = [\"#rust\"]\n[[network]]\nname = \"oftc\"\nhost = \"irc.oftc.net\"\nport = 7000\n\
                nickname = \"ada2\"\njoin_at_start = false\ntls = \"on\"\n";
    let config = Config::parse(text, "c.toml").unwrap();
    assert_eq!(config.first.host, "127.0.0.1");
    let [libera, oftc] = config.others.as_slice() else {
        panic!("{:?}", config.others);
    };
    assert_eq!((libera.name.as_str(), libera.port), ("libera", 6667));
    assert_eq!(libera.rooms, ["#rust"]);
    assert_eq!((oftc.nickname.as_str(), oftc.port), ("ada2", 7000));
    assert_eq!((oftc.join_at_start, oftc.tls), (false, Tls::On));
    assert!(oftc.rooms.is_empty(), "nobody asked for a room there");
}

#[test]
fn what_is_wrong_with_a_network_is_said_with_its_line() {
    assert_eq!(
        wrong("[[network]]\nname = \"a\"\nhots = \"h\"\n"),
        "c.toml:3: `network.hots` is no known key; right would be: `host`"
    );
    for (text, about) in [
        ("[[network]]\nname = \"a\"\n", "`network.host` is missing"),
        ("[[network]]\nhost = \"h\"\n", "`network.name` is missing"),
        (
            "[[network]]\nname = \"a b\"\nhost = \"h\"\n",
            "`network.name`",
        ),
        (
            "[[network]]\nname = \"a\"\nhost = \"h\"\ntheme = \"dark\"\n",
            "`network.theme`",
        ),
        (
            "[[network]]\nname = \"a\"\nhost = \"h\"\n[[network]]\nname = \"A\"\nhost = \"g\"\n",
            "is there twice",
        ),
        ("network = 1\n", "is no list of tables"),
        ("[network]\nname = \"a\"\n", "is no list of tables"),
        (
            "[[network]]\nname = \"a\"\nhost = \"h\"\nport = 0\n",
            "`network.port`",
        ),
    ] {
        let told = wrong(text);
        assert!(told.contains(about), "{text}: {told}");
    }
    let many: Vec<String> = (0..16)
        .map(|number| format!("[[network]]\nname = \"n{number}\"\nhost = \"h\"\n"))
        .collect();
    assert!(wrong(&many.concat()).contains("is one too many"));
}

#[test]
fn what_is_wrong_with_a_command_of_ones_own_is_said_with_file_line_and_key() {
    assert_eq!(
        wrong("# mine\n[aliases]\nwii = \"whois $1 $1\"\nhi = \"mgs $1 hello\"\n"),
        "c.toml:4: `aliases.hi` has a value it cannot have; right would be: a line that begins with a command, such as \"msg $1\""
    );
    for (text, about) in [
        ("aliases = 1\n", "c.toml:1: `aliases` is no table"),
        ("[aliases]\n\nhi = 1\n", "c.toml:3: `aliases.hi`"),
        (
            "[aliases]\njoin = \"whois $1\"\n",
            "/join is a command of parlor's",
        ),
        ("[aliases]\n\"a b\" = \"whois $1\"\n", "a name of letters"),
        (
            "[aliases]\nhi = \"whois a\"\nHI = \"whois b\"\n",
            "is there twice",
        ),
    ] {
        let told = wrong(text);
        assert!(told.contains(about), "{text}: {told}");
    }
    let many: Vec<String> = (0..201)
        .map(|number| format!("a{number} = \"whois b\"\n"))
        .collect();
    let told = wrong(&format!("[aliases]\n{}", many.concat()));
    assert!(told.contains("is one too many"), "{told}");
}

#[test]
fn the_server_knows_which_keys_are_ours() {
    let ours = network::KEYS.iter().map(|key| key.name);
    let ours = ours.chain(top_keys());
    for name in ours.chain(TABLES.iter().copied()) {
        let is_known = name == "server" || server::config::CLIENT_KEYS.contains(&name);
        assert!(is_known, "parlord would refuse a file with {name}");
    }
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
    let names = network::KEYS.iter().map(|key| key.name);
    for name in names.chain(top_keys()) {
        let start = format!("{name} = ");
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

#[test]
fn a_theme_is_one_that_comes_along_or_a_file_beside_the_config() {
    let folder = std::env::temp_dir().join(format!("parlor-skin-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("themes")).unwrap();
    let config = folder.join("config.toml");
    let load = |text: &str| {
        std::fs::write(&config, text).unwrap();
        Both::load(Some(&config))
    };
    let mine = folder.join("themes/mine.toml");
    std::fs::write(&mine, "accent = \"bold red\"\n").unwrap();
    assert_eq!(load("").unwrap().sheet, None);
    assert_eq!(load("theme = \"auto\"").unwrap().sheet, None);
    let light = Sheet::built_in("light");
    assert_eq!(load("theme = \"light\"").unwrap().sheet, light);
    let sheet = load("theme = \"mine\"").unwrap().sheet;
    assert_eq!(sheet, Sheet::parse("accent = \"bold red\"").ok());
    let wrong = load("port = 1\ntheme = \"lihgt\"").unwrap_err().to_string();
    assert!(
        wrong.contains("config.toml:2: `theme` = \"lihgt\""),
        "{wrong}"
    );
    assert!(wrong.ends_with("right would be: \"light\""), "{wrong}");
    std::fs::write(&mine, "\nacent = \"bold red\"\n").unwrap();
    let wrong = load("theme = \"mine\"").unwrap_err().to_string();
    assert!(wrong.contains("mine.toml:2: `acent` is no role"), "{wrong}");
    std::fs::remove_dir_all(folder).unwrap();
}
