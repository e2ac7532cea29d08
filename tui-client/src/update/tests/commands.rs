//! Commands that only pass on what was written, standings, masks, and commands of the user's own.

use super::*;
use crate::alias::Alias;
use crate::login::Secret;
use crate::session::command::Account;
use crate::session::link::{Facts, Quiets};

fn told(stage: &mut Stage, keys: &str) -> Vec<Command> {
    stage.keys(&format!("{keys}<enter>"));
    stage.sent()
}

fn mode(changes: &[&str]) -> Command {
    Command::Mode {
        target: "#lobby".into(),
        changes: changes.iter().map(|word| (*word).to_owned()).collect(),
    }
}

#[test]
fn what_the_server_is_asked_goes_under_its_verb() {
    let mut stage = Stage::in_lobby();
    for (keys, line) in [
        ("/whowas bo", "WHOWAS bo"),
        ("/motd", "MOTD"),
        ("/version irc.example", "VERSION irc.example"),
        ("/stats u", "STATS u"),
        ("/lusers", "LUSERS"),
        ("/setname Ada Lovelace", "SETNAME :Ada Lovelace"),
        ("/wallops tea is ready", "WALLOPS :tea is ready"),
    ] {
        assert_eq!(
            told(&mut stage, keys),
            [Command::Raw(line.into())],
            "{keys}"
        );
    }
    for keys in ["/whowas", "/setname", "/wallops", "/ping"] {
        assert_eq!(told(&mut stage, keys), [], "{keys} wants a word");
    }
    let ping = Command::Ctcp {
        nick: "bo".into(),
        verb: "PING".into(),
    };
    assert_eq!(told(&mut stage, "/ping bo"), [ping]);
}

#[test]
fn standings_are_given_where_there_are_such() {
    let mut stage = Stage::in_lobby();
    let facts = |modes: &str| Facts {
        member_modes: modes.into(),
        ..Facts::default()
    };
    stage.hear(Event::Facts(facts("ohv")));
    let sent = told(&mut stage, "/halfop bo grace");
    assert_eq!(sent, [mode(&["+hh", "bo", "grace"])]);
    stage.hear(Event::Facts(facts("ov")));
    assert_eq!(told(&mut stage, "/dehalfop bo"), []);
    assert_eq!(told(&mut stage, "/deop bo"), [mode(&["-o", "bo"])]);
    let texts = texts(&stage);
    assert_eq!(
        texts.last().unwrap(),
        "This server has no such standing; /dehalfop works on others."
    );
}

fn mask(change: &str, nick: &str) -> Command {
    Command::Mask {
        room: "#lobby".into(),
        change: change.into(),
        before: String::new(),
        nick: nick.into(),
    }
}

#[test]
fn somebody_is_quieted_in_the_servers_own_way() {
    let mut stage = Stage::in_lobby();
    let mut quiet = |quiets: Quiets, keys: &str| {
        stage.hear(Event::Facts(Facts {
            quiets,
            ..Facts::default()
        }));
        told(&mut stage, keys)
    };
    let banned = || Quiets::Banned("m:".into());
    assert_eq!(quiet(Quiets::Listed, "/quiet bo"), [mask("+q", "bo")]);
    assert_eq!(
        quiet(Quiets::Listed, "/quiet $a:bo"),
        [mode(&["+q", "$a:bo"])]
    );
    assert_eq!(quiet(Quiets::Listed, "/quiet"), [mode(&["+q"])]);
    assert_eq!(
        quiet(banned(), "/unquiet *!*@h"),
        [mode(&["-b", "m:*!*@h"])]
    );
    assert_eq!(quiet(Quiets::Never, "/quiet bo"), []);
}

#[test]
fn who_is_put_out_for_good_is_banned_first() {
    let mut stage = Stage::in_lobby();
    let kick = Command::Kick {
        room: "#lobby".into(),
        nick: "bo".into(),
        reason: "no more".into(),
    };
    let sent = told(&mut stage, "/kickban bo no more");
    assert_eq!(sent, [mask("+b", "bo"), kick]);
}

#[test]
fn a_room_is_left_and_entered_again() {
    let mut stage = Stage::in_lobby();
    let leave = Command::Leave {
        room: "#lobby".into(),
        reason: "back soon".into(),
    };
    let sent = told(&mut stage, "/cycle back soon");
    assert_eq!(sent, [leave, join("#lobby")]);
}

#[test]
fn an_operators_password_is_asked_for_and_not_kept() {
    let mut stage = Stage::in_lobby();
    stage.keys("/oper ada<enter>sesame<enter>");
    let oper = || {
        Command::Account(Account::Oper {
            name: "ada".into(),
            password: Secret("sesame".into()),
        })
    };
    assert_eq!(stage.sent(), [oper()]);
    assert_eq!(told(&mut stage, "/oper ada sesame"), [oper()]);
    stage.keys("<up>");
    assert!(!input(&stage).contains("sesame"));
}

fn alias(name: &str, line: &str) -> Alias {
    Alias::new(name, line).unwrap()
}

#[test]
fn commands_of_ones_own_are_run_completed_and_explained() {
    let mut stage = Stage::in_lobby();
    stage.model.habits.aliases = vec![
        alias("wii", "whois $1 $1"),
        alias("opme", "msg ChanServ op $channel $nick"),
        alias("ident", "msg NickServ identify $1"),
    ];
    let whois = Command::Whois { nick: "bo".into() };
    assert_eq!(told(&mut stage, "/wii bo"), [whois]);
    assert_eq!(told(&mut stage, "/wii"), []);
    let last = || "/wii (/whois $1 $1): it wants a word behind it.".to_owned();
    assert_eq!(texts(&stage).pop(), Some(last()));
    assert_eq!(told(&mut stage, "/help wii"), []);
    assert_eq!(texts(&stage).pop().unwrap(), "/wii is yours: /whois $1 $1");
    stage.keys("/wi<tab>");
    let shown = stage.model.completion.as_ref().unwrap();
    let labels: Vec<&str> = shown
        .candidates
        .iter()
        .map(|one| one.label.as_str())
        .collect();
    assert!(labels.contains(&"/wii"), "{labels:?}");
    stage.keys("<ctrl-u>");
    told(&mut stage, "/ident sesame");
    stage.keys("<up>");
    assert!(!input(&stage).contains("sesame"));
}

#[test]
fn a_window_is_closed_by_its_name_and_no_other_is() {
    let mut stage = Stage::in_lobby();
    stage.enter("#other", &[("ada", "")]);
    stage.effects.clear();
    stage.keys("/window #lobby<enter>");
    let sent = told(&mut stage, "/close #nowhere");
    assert_eq!(sent, []);
    let left = told(&mut stage, "/close #other");
    let leave = Command::Leave {
        room: "#other".into(),
        reason: String::new(),
    };
    assert!(left.contains(&leave), "{left:?}");
    assert!(stage.model.named(stage.model.on(), "#other").is_none());
    assert_eq!(stage.model.here().unwrap().name, "#lobby");
}

#[test]
fn a_command_takes_one_line() {
    let mut stage = Stage::in_lobby();
    stage.model.habits.aliases = [Alias::new("st", "topic Status: $*").unwrap()].into();
    for written in [
        "/topic first\nIMPORTANT second",
        "/away pasted\na\nb\nc",
        "/nick\nline two",
        "/st one\ntwo",
    ] {
        stage.tell(Msg::Pasted(written.into()));
        assert_eq!(told(&mut stage, ""), [], "{written}");
        assert_eq!(input(&stage), written, "it can be mended");
        assert!(stage.model.toast.take().is_some(), "{written}");
        stage.keys("<ctrl-c>");
    }
    stage.tell(Msg::Pasted("/msg bo one\ntwo\n".into()));
    let said = told(&mut stage, "");
    assert!(
        matches!(&said[..], [Command::Say(said), ..] if said.text == "one\ntwo")
            || said
                .iter()
                .filter(|it| matches!(it, Command::Say(_)))
                .count()
                == 2,
        "{said:?}"
    );
    stage.tell(Msg::Pasted("/away pasted\n".into()));
    assert_eq!(told(&mut stage, "").len(), 1, "a line end alone is no line");
}

#[test]
fn a_host_sleeps_unasked_only_when_nobody_else_is_here() {
    let mut host = Stage::new(ada());
    host.connect(false);
    host.tell(Msg::HostStarted {
        invite: None,
        address: "127.0.0.1:6667".into(),
    });
    let slept = |host: &mut Stage, keys: &str| {
        host.effects.clear();
        host.keys(keys);
        host.effects.contains(&Effect::Suspend)
    };
    assert!(slept(&mut host, "<ctrl-z>"));
    host.tell(Msg::HostGuestsChanged { count: 1 });
    assert!(!slept(&mut host, "<ctrl-z>"));
    assert!(!slept(&mut host, "<esc>"));
    assert!(!slept(&mut host, "<f1><ctrl-z>"), "also from the help");
    assert!(slept(&mut host, "y"));
    assert!(slept(&mut host, "<ctrl-z><ctrl-z>"), "as with quitting");
}

#[test]
fn what_is_cut_at_once_is_put_back_at_once() {
    let mut stage = Stage::in_lobby();
    stage.keys("aa bb cc dd<ctrl-w><ctrl-w><ctrl-w><ctrl-y>");
    assert_eq!(input(&stage), "aa bb cc dd");
    stage.keys("<ctrl-w><ctrl-a><ctrl-k><ctrl-y>");
    assert_eq!(
        input(&stage),
        "aa bb cc ",
        "something else was done between"
    );
    stage.keys("<ctrl-a><alt-d><alt-d><ctrl-y>");
    assert_eq!(input(&stage), "aa bb cc ");
    stage.keys("x<ctrl-w>y<ctrl-w><ctrl-y>");
    assert_eq!(input(&stage), "aa y cc ");
}

#[test]
fn what_is_known_is_told_without_asking_anybody() {
    let mut stage = Stage::in_lobby();
    stage.hear(Event::TopicIs {
        room: "#lobby".into(),
        topic: "tea at four".into(),
    });
    let mut answer = |keys: &str| {
        assert_eq!(told(&mut stage, keys), [], "{keys}");
        texts(&stage).pop().unwrap()
    };
    assert_eq!(answer("/topic"), "The topic of #lobby: tea at four");
    assert_eq!(answer("/leave #notin"), "You are not in #notin.");
    let unknown = "There is no /nonsense. /help lists the commands; //nonsense says it.";
    assert_eq!(answer("/help nonsense"), unknown);
    assert_eq!(
        answer("/help hlep"),
        "There is no /hlep. Did you mean /help?"
    );
    stage.hear(Event::TopicIs {
        room: "#lobby".into(),
        topic: String::new(),
    });
    assert_eq!(told(&mut stage, "/topic"), []);
    assert_eq!(texts(&stage).pop().unwrap(), "#lobby has no topic.");
}

#[test]
fn an_emoji_by_its_whole_name_takes_the_names_place() {
    let mut stage = Stage::in_lobby();
    stage.keys("so :tada:");
    assert_eq!(input(&stage), "so 🎉");
    stage.keys("<ctrl-_>");
    assert_eq!(input(&stage), "so :tada:");
    stage.keys("<ctrl-u>at 10:30: x:tada: :nobody: ::");
    assert_eq!(input(&stage), "at 10:30: x:tada: :nobody: ::");
}

#[test]
fn what_a_command_takes_is_said_where_there_is_nothing_to_choose() {
    let mut stage = Stage::in_lobby();
    for (keys, written) in [("/topi<tab>", "/topic "), ("zz<tab>", "/topic zz")] {
        stage.model.toast = None;
        stage.keys(keys);
        assert_eq!(input(&stage), written);
        let toast = stage.model.toast.as_ref().map(|toast| toast.text.as_str());
        assert_eq!(toast, Some("/topic [TEXT]  show or change the topic"));
    }
    stage.keys("<ctrl-u>/<tab>");
    let picture = stage.picture(80, 24);
    assert!(picture.contains("enter a room"), "{picture}");
    stage.keys("<esc>in<tab>");
    let picture = stage.picture(80, 24);
    assert!(picture.contains("…  a link that"), "{picture}");
}
