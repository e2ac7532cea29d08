//! What is written into the config file, and what is not.

use super::*;
use crate::action::Action;
use crate::effect::Effect;
use crate::msg::Msg;
use crate::session::command::Command;
use crate::stage::Stage;

struct Home(PathBuf);

impl Home {
    fn new(name: &str, text: &str) -> Self {
        let folder = format!("parlor-preferences-{name}-{}", std::process::id());
        let home = Self(std::env::temp_dir().join(folder));
        home.write(text);
        home
    }

    fn path(&self) -> PathBuf {
        self.0.join("config.toml")
    }

    fn write(&self, text: &str) {
        folder::write(&self.path(), text).unwrap();
    }

    fn text(&self) -> String {
        std::fs::read_to_string(self.path()).unwrap()
    }

    fn preferences(&self) -> Preferences {
        Preferences::at(Some(self.path()))
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_value_is_written_back_and_every_comment_stays() {
    let home = Home::new(
        "set",
        "# mine\nport = 7000 # not the usual one\n\n# by day\ntheme = \"light\" # or dark\n\n[server]\nmotd = \"hi\" # short\n",
    );
    let mut preferences = home.preferences();
    let answer = preferences.set("theme", "dark");
    assert_eq!(answer.words, ["theme = \"dark\" (default: \"auto\")"]);
    assert_eq!(answer.counts.unwrap().sheet, Sheet::built_in("dark"));
    let answer = preferences.set("rooms", "#a #b");
    assert_eq!(
        answer.words,
        ["rooms = [\"#a\", \"#b\"] (default: [\"#lobby\"])"]
    );
    assert_eq!(answer.counts.unwrap().rooms, ["#a", "#b"]);
    let answer = preferences.set("port", "7000");
    assert!(answer.words[0].ends_with("; this counts when parlor is started again"));
    let answer = preferences.set("keys.join", "f3");
    let keymap = answer.counts.unwrap().keymap;
    assert_eq!(keymap.first(Action::Join).as_deref(), Some("F3"));
    assert_eq!(
        home.text(),
        "# mine\nport = 7000 # not the usual one\n\n# by day\ntheme = \"dark\" # or dark\nrooms = [\"#a\", \"#b\"]\n\n[server]\nmotd = \"hi\" # short\n\n[keys]\njoin = [\"f3\"]\n"
    );
}

#[test]
fn what_is_wrong_is_refused_and_nothing_is_written() {
    let home = Home::new("refused", "port = 7000\n");
    let mut preferences = home.preferences();
    for (name, value, why) in [
        (
            "port",
            "many",
            "port has a value it cannot have; right would be: a number",
        ),
        ("theme", "lihgt", "right would be: \"light\""),
        (
            "theme",
            "nonsense",
            "right would be: one of auto, dark, light, ansi, contrast, mono",
        ),
        ("keys.join", "f4", "already"),
        (
            "thme",
            "dark",
            "There is no setting thme. Did you mean theme?",
        ),
        (
            "bogus",
            "1",
            "There is no setting bogus. /set shows all there are.",
        ),
    ] {
        let answer = preferences.set(name, value);
        assert!(
            answer.is_trouble && answer.words[0].contains(why),
            "{answer:?}"
        );
    }
    assert_eq!(home.text(), "port = 7000\n");
}

#[test]
fn settings_are_shown_with_their_defaults_and_secrets_are_not() {
    let home = Home::new("shown", "port = 7000\npassword = \"sesame\"\n");
    let mut preferences = home.preferences();
    let all = preferences.set("", "").words;
    assert!(
        all.contains(&"port = 7000 (default: 6667)".to_owned()),
        "{all:?}"
    );
    assert!(all.contains(&"theme = \"auto\"".to_owned()), "{all:?}");
    assert!(!all.iter().any(|line| line.contains("sesame")), "{all:?}");
    let one = preferences.set("keys.quit", "").words;
    assert_eq!(one, ["keys.quit = [\"ctrl-q\"]: quit"]);
    let mut nowhere = Preferences::at(None);
    assert!(nowhere.set("port", "7000").is_trouble);
}

#[test]
fn a_line_that_is_sent_first_is_set_whole_and_not_shown() {
    let home = Home::new("first", "");
    let answer = home
        .preferences()
        .set("on_connect", "PRIVMSG Q :AUTH ada sesame");
    assert_eq!(
        home.text(),
        "on_connect = [\"PRIVMSG Q :AUTH ada sesame\"]\n"
    );
    assert!(
        !answer.is_trouble && !answer.words[0].contains("sesame"),
        "{answer:?}"
    );
}

#[test]
fn a_change_from_outside_counts_and_one_that_cannot_be_read_does_not() {
    let home = Home::new("reload", "");
    let mut preferences = home.preferences();
    home.write("theme = \"light\"\nport = 7000\n");
    let answer = preferences.reload().unwrap();
    assert_eq!(answer.counts.unwrap().sheet, Sheet::built_in("light"));
    assert_eq!(answer.words.len(), 2);
    home.write("prot = 1\n");
    let answer = preferences.reload().unwrap();
    assert!(answer.is_trouble && answer.counts.is_none());
    assert!(
        answer.words[0].contains("config.toml:1: `prot`"),
        "{answer:?}"
    );
}

#[test]
fn a_command_of_ones_own_counts_as_soon_as_it_is_written() {
    let home = Home::new("aliases", "");
    let mut preferences = home.preferences();
    let mut stage = Stage::in_lobby();
    let mut take = |stage: &mut Stage, text: &str| {
        home.write(text);
        let answer = preferences.reload().unwrap();
        let words = answer.words.clone();
        stage.tell(Msg::SettingsTold(Box::new(answer)));
        words
    };
    let asked = |stage: &mut Stage| {
        stage.effects.clear();
        stage.keys("/wii bo<enter>");
        stage.effects.iter().any(|effect| match effect {
            Effect::Send(_, Command::Whois { nick }) => nick == "bo",
            _ => false,
        })
    };
    assert!(!asked(&mut stage), "nobody knows it yet");
    let words = take(&mut stage, "[aliases]\nwii = \"whois $1 $1\"\n");
    assert_eq!(words, [""; 0]);
    assert!(asked(&mut stage));
    // What cannot be read leaves what was there.
    let words = take(&mut stage, "[aliases]\nwii = \"whios $1\"\n");
    assert!(words[0].contains(":2: `aliases.wii`"), "{words:?}");
    assert!(asked(&mut stage));
    take(&mut stage, "");
    assert!(!asked(&mut stage));
}

#[test]
fn a_mended_file_is_compared_with_what_counts_and_networks_that_change_are_told_of() {
    let one =
        "port = 7000\nrooms = [\"#a\"]\n\n[[network]]\nname = \"oftc\"\nhost = \"irc.oftc.net\"\n";
    let home = Home::new("mended", one);
    let mut preferences = home.preferences();
    for broken in ["port = \n", "prot = 1\n"] {
        home.write(broken);
        assert!(preferences.reload().unwrap().is_trouble);
        home.write(one);
        let answer = preferences.reload().unwrap();
        assert_eq!(answer.words, [""; 0]);
        assert!(answer.counts.is_some());
    }
    home.write(&format!("{one}rooms = [\"#debian\"]\n"));
    assert_eq!(
        preferences.reload().unwrap().words,
        [
            "The network oftc is another in the config file now; this counts when parlor is started again"
        ]
    );
    home.write("port = 7000\nrooms = [\"#a\"]\n");
    assert_eq!(
        preferences.reload().unwrap().words,
        [
            "The network oftc is no longer in the config file; this counts when parlor is started again"
        ]
    );
}

fn network(name: &str, host: &str, port: u16) -> Settings {
    Settings {
        name: name.to_owned(),
        host: host.to_owned(),
        port,
        rooms: Vec::new(),
        ..Settings::default()
    }
}

#[test]
fn networks_are_written_and_taken_out_with_the_comments_kept() {
    let text = "# mine\nport = 7000 # not the usual one\n\n[server] # when I host\nmotd = \"hi\"\n\n[server.tls]\nlisten = []\n";
    let home = Home::new("networks", text);
    let mut preferences = home.preferences();
    let libera = Settings {
        rooms: vec!["#rust".to_owned()],
        ..network("libera", "irc.libera.chat", 6697)
    };
    let answer = preferences.keep_network(&libera);
    assert_eq!(answer.words, ["libera is in the config file now."]);
    let with_one = format!(
        "{text}\n[[network]]\nname = \"libera\"\nhost = \"irc.libera.chat\"\nrooms = [\"#rust\"]\n"
    );
    assert_eq!(home.text(), with_one);
    assert!(
        preferences.reload().unwrap().words.is_empty(),
        "our own change is no news"
    );
    let again = preferences.keep_network(&network("Libera", "h.example", 1));
    assert_eq!(again.words, ["Libera is in the config file already."]);
    let commented = with_one.replace("[[network]]", "# the big one\n[[network]]");
    home.write(&commented);
    preferences.keep_network(&network("near", "127.0.0.1", 7001));
    assert_eq!(
        home.text(),
        format!("{commented}\n[[network]]\nname = \"near\"\nhost = \"127.0.0.1\"\nport = 7001\n")
    );
    let read = Both::parse(&home.text(), &home.path()).unwrap();
    assert_eq!(read.client.others.len(), 2);
    assert_eq!(read.client.others[0].rooms, ["#rust"]);

    assert!(!preferences.drop_network("near").is_trouble);
    assert_eq!(home.text(), commented);
    let gone = preferences.drop_network("LIBERA");
    assert_eq!(gone.words, ["LIBERA is no longer in the config file."]);
    assert_eq!(home.text(), text);
    assert_eq!(preferences.drop_network("libera"), Answer::default());
}

#[test]
fn networks_that_cannot_be_kept_say_why() {
    let home = Home::new(
        "fixed",
        "network = [{ name = \"a\", host = \"a.example\" }]\n",
    );
    let mut preferences = home.preferences();
    let answer = preferences.keep_network(&network("b", "b.example", 6697));
    assert!(
        answer.is_trouble && answer.words[0].contains("in a form"),
        "{answer:?}"
    );
    let answer = Preferences::at(None).keep_network(&network("b", "b.example", 6697));
    assert!(answer.words[0].starts_with("b is here until parlor ends. There is no place"));
}

#[test]
fn a_room_that_is_renamed_is_so_in_the_file() {
    let text = "# mine\nrooms = [\n  \"#Lobby\", # the hall\n  \"#tea\",\n]\n\n[[network]]\nname = \"libera\"\nhost = \"irc.libera.chat\"\nrooms = [\"#lobby\", \"#rust\"] # both\n";
    let home = Home::new("renamed", text);
    let mut preferences = home.preferences();
    let answer = preferences.rename_room("", "#lobby", "#hall");
    assert_eq!(
        answer.words,
        ["The config file has #hall in place of #lobby now."]
    );
    preferences.rename_room("Libera", "#rust", "##rust");
    let renamed = text.replace("#Lobby", "#hall").replace("#rust", "##rust");
    assert_eq!(home.text(), renamed);
    // A room, or a network, that the file does not have.
    assert_eq!(preferences.rename_room("", "#ops", "#x"), Answer::default());
    assert_eq!(
        preferences.rename_room("oftc", "#lobby", "#x"),
        Answer::default()
    );
    assert_eq!(home.text(), renamed);
    // The room that is entered without any file.
    let home = Home::new("renamed-usual", "port = 7000\n");
    home.preferences().rename_room("", "#lobby", "#hall");
    assert_eq!(home.text(), "port = 7000\nrooms = [\"#hall\"]\n");
    // Why not.
    home.write("rooms = [");
    let answer = home.preferences().rename_room("", "#hall", "#lobby");
    assert!(answer.is_trouble);
    assert!(answer.words[0].starts_with("At the next start it is #hall that parlor enters."));
}

#[test]
fn a_theme_beside_a_linked_file_counts_and_its_mistakes_have_their_place() {
    let home = Home::new("linked", "");
    let real = home.0.join("dotfiles/parlor.toml");
    folder::write(&real, "theme = \"mine\"\n").unwrap();
    std::fs::remove_file(home.path()).unwrap();
    std::os::unix::fs::symlink(&real, home.path()).unwrap();
    let theme = home.0.join("themes/mine.toml");
    folder::write(&theme, "accent = \"red\"\n").unwrap();
    let mut preferences = home.preferences();
    let sheet = |answer: Answer| answer.counts.unwrap().sheet;
    let red = Sheet::parse("accent = \"red\"").ok();
    assert_eq!(sheet(preferences.set("mouse", "false")), red);
    assert!(home.path().is_symlink(), "the link stays one");
    assert!(std::fs::read_to_string(&real).unwrap().contains("mouse"));

    folder::write(&theme, "accent = \"blue\"\n").unwrap();
    let answer = preferences.reload().unwrap();
    assert!(answer.words.is_empty(), "one sees it");
    assert_eq!(sheet(answer), Sheet::parse("accent = \"blue\"").ok());

    folder::write(&theme, "# mine\nacent = \"red\"\n").unwrap();
    let place = "themes/mine.toml:2: `acent` is no role; right would be: `accent`";
    for answer in [
        preferences.reload().unwrap(),
        preferences.set("mouse", "true"),
    ] {
        assert!(
            answer.is_trouble && answer.counts.is_none() && answer.words[0].contains(place),
            "{answer:?}"
        );
    }
}

#[test]
fn what_the_file_says_of_nick_and_rooms_counts_once() {
    let home = Home::new("first-network", "rooms = [\"#lobby\"]\n");
    let mut preferences = home.preferences();
    let mut told = |text: &str| {
        home.write(text);
        let counts = preferences.reload().unwrap().counts.unwrap();
        (counts.nick, counts.rooms)
    };
    let both = "nickname = \"ada\"\nrooms = [\"#Lobby\", \"#ops\"]\n";
    assert_eq!(
        told(both),
        (Some("ada".to_owned()), vec!["#ops".to_owned()])
    );
    assert_eq!(told(both), (None, Vec::new()));
    assert_eq!(told("rooms = []\n"), (None, Vec::new()));
    assert_eq!(told("").1, ["#lobby"]);
}
