//! What a file says, what is refused and how, and the example file.

use super::*;
use crate::storage::Durability;

#[track_caller]
fn refused(text: &str, words: &str) {
    let error = Config::parse(text, "parlor.toml").expect_err(text);
    assert_eq!(error.to_string(), words);
}

#[test]
fn an_empty_file_means_the_defaults() {
    assert_eq!(Config::parse("", "f").unwrap(), Config::default());
    let client_only = "host = \"x\"\n[keys]\nquit = \"ctrl-q\"\n";
    assert_eq!(Config::parse(client_only, "f").unwrap(), Config::default());
}

#[test]
fn the_example_says_what_the_code_does() {
    let example = example();
    assert_eq!(Config::parse(&example, "f").unwrap(), Config::default());
    let uncommented = example.replace("\n# ", "\n");
    let all = Config::parse(&uncommented, "f").unwrap();
    assert_eq!((all.operators.len(), all.gateways.len()), (1, 1));
}

#[test]
fn the_example_file_has_the_servers_part_word_for_word() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../config.example.toml");
    let file = std::fs::read_to_string(path).unwrap();
    assert!(
        file.contains(&example()),
        "config.example.toml needs this for its [server] part:\n\n{}",
        example()
    );
}

#[test]
fn everything_can_be_set() {
    let text = r#"
        [server]
        name = "chat.example.org"
        listen = ["0.0.0.0:6667", "[::]:6667"]
        [server.plain]
        listen = ["127.0.0.1:5000"]
        style = "nick"
        [server.limits]
        nick_length = 20
        flood_control = false
        [server.history]
        durability = "process"
        [server.accounts]
        persistent_sessions = "mandatory"
        [[server.operator]]
        name = "op"
        password = "secret"
        [[server.operator]]
        name = "second"
    "#;
    let config = Config::parse(text, "f").unwrap();
    assert_eq!(config.name, "chat.example.org");
    assert_eq!(config.listen.len(), 2);
    assert_eq!(config.plain.style, PlainStyle::Nick);
    assert_eq!(config.limits.nick_length, 20);
    assert!(!config.limits.flood_control);
    assert_eq!(config.history.durability, Durability::Process);
    assert_eq!(config.accounts.persistent_sessions, Persistence::Mandatory);
    let names: Vec<&str> = config.operators.iter().map(|o| o.name.as_str()).collect();
    assert_eq!(names, ["op", "second"]);
}

#[test]
fn a_typo_names_the_nearest_key() {
    refused(
        "[server]\nname = \"a.b\"\nlisen = []\n",
        "parlor.toml:3: `server.lisen` is no known key; right would be: `listen`",
    );
    refused(
        "[server.limits]\nnick_lenght = 9\n",
        "parlor.toml:2: `server.limits.nick_lenght` is no known key; right would be: `nick_length`",
    );
    refused(
        "[server.plian]\nroom = \"#a\"\n",
        "parlor.toml:1: `server.plian` is no known key; right would be: `plain`",
    );
    refused(
        "[sever]\n",
        "parlor.toml:1: `sever` is no known key; right would be: `server`",
    );
    refused(
        "[[server.operator]]\nnam = \"op\"\n",
        "parlor.toml:2: `server.operator.nam` is no known key; right would be: `name`",
    );
}

#[test]
fn a_wrong_value_says_what_would_be_right() {
    refused(
        "[server.limits]\n\nnick_length = \"9\"\n",
        "parlor.toml:3: `server.limits.nick_length` is \"9\"; right would be: a whole number from 4 to 64",
    );
    refused(
        "[server.limits]\nnick_length = 900\n",
        "parlor.toml:2: `server.limits.nick_length` is 900; right would be: a whole number from 4 to 64",
    );
    refused(
        "[server.plain]\nstyle = \"telnet\"\n",
        "parlor.toml:2: `server.plain.style` is \"telnet\"; right would be: one of \"join\", \"nick\"",
    );
    refused(
        "[server]\nlisten = [\n  \"127.0.0.1:6667\",\n  \"localhost\",\n]\n",
        "parlor.toml:4: `server.listen` is \"localhost\"; right would be: addresses with ports, such as [\"127.0.0.1:6667\"] or [\"[::1]:6667\"]",
    );
    refused(
        "[server.history]\nenabled = 1\n",
        "parlor.toml:2: `server.history.enabled` is 1; right would be: true or false, without quotes",
    );
    refused(
        "server = 3\n",
        "parlor.toml:1: `server` is a section; right would be: write [server]",
    );
    let error = Config::parse("[server\n", "parlor.toml").unwrap_err();
    assert_eq!(error.line, 1, "{error}");
}

#[test]
fn settings_that_contradict_each_other_are_refused() {
    refused(
        "[server.tls]\ncertificate = \"a.pem\"\n",
        "parlor.toml:1: `server.tls.key` and `certificate` go together; right would be: both, or neither",
    );
    refused(
        "[server]\nlisten = [\"127.0.0.1:6667\"]\n[server.plain]\nlisten = [\"127.0.0.1:6667\"]\n",
        "parlor.toml:4: `server.plain.listen` has 127.0.0.1:6667, and so has `server.listen`; right would be: an address of its own for each door",
    );
    refused(
        "[server]\nlisten = [\"0.0.0.0:6667\", \"[::]:6667\"]\n[server.plain]\nlisten = [\"127.0.0.1:6667\"]\n",
        "parlor.toml:4: `server.plain.listen` has 127.0.0.1:6667, and so has `server.listen`; right would be: an address of its own for each door",
    );
    refused(
        "[server.metrics]\nlisten = [\"0.0.0.0:9667\"]\n",
        "parlor.toml:2: `server.metrics.listen` is 0.0.0.0:9667: others could read it; right would be: a loopback address such as \"127.0.0.1:9667\"",
    );
    refused(
        "[server]\nname = \"nodot\"\n",
        "parlor.toml:2: `server.name` is no server's name; right would be: letters, digits, - and at least one dot",
    );
}

#[test]
fn no_secret_is_in_the_debug_form_of_a_configuration() {
    let text = "[server]\npassword = \"hunter2\"\n[[server.operator]]\nname = \"op\"\npassword = \"hunter2\"\n";
    let config = Config::parse(text, "f").unwrap();
    assert!(!format!("{config:?}").contains("hunter2"));
}
