//! Commands for what other networks have: bouncers, services, ranks, doors.
//! It must never look at cells.

use super::{input, texts};
use crate::ids::NetworkId;
use crate::model::network::Settings;
use crate::session::command::{Bouncer, Command};
use crate::session::event::{Event, Kind, OwnId};
use crate::session::link::{Facts, Upstream};
use crate::slash;
use crate::stage::{Stage, at, message, page};

/// Ada at a bouncer with one network.
fn bounced() -> Stage {
    let mut stage = Stage::in_lobby();
    stage.hear(Event::Facts(Facts {
        is_bouncer: true,
        ..Facts::default()
    }));
    stage.hear(Event::Bouncer(Upstream::There {
        netid: "7".into(),
        name: Some("libera".into()),
        trouble: None,
    }));
    stage.effects.clear();
    stage
}

fn told(stage: &mut Stage, keys: &str) -> Vec<Command> {
    stage.keys(&format!("{keys}<enter>"));
    stage.sent()
}

#[test]
fn a_bouncer_is_told_of_networks_by_command() {
    let mut stage = bounced();
    let sent = told(
        &mut stage,
        "/bouncer add irc.oftc.net:6697 oftc tls=on realname=Ada Lovelace",
    );
    let [Command::Bouncer(Bouncer::Add { attributes })] = sent.as_slice() else {
        panic!("{sent:?}")
    };
    let shown: Vec<String> = attributes
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    assert_eq!(
        shown,
        [
            "tls=1",
            "realname=Ada Lovelace",
            "name=oftc",
            "host=irc.oftc.net",
            "port=6697"
        ]
    );
    let sent = told(&mut stage, "/bouncer change libera nickname=ada_");
    let netid = || "7".to_owned();
    let attributes = vec![("nickname".to_owned(), "ada_".to_owned())];
    assert_eq!(
        sent,
        [Command::Bouncer(Bouncer::Change {
            netid: netid(),
            attributes
        })]
    );
    assert_eq!(told(&mut stage, "/bouncer remove libera"), []);
    let sent = told(&mut stage, "/bouncer remove libera yes");
    assert_eq!(sent, [Command::Bouncer(Bouncer::Remove { netid: netid() })]);
    assert_eq!(told(&mut stage, "/bouncer change libera colour=red"), []);
    assert_eq!(told(&mut stage, "/bouncer remove nowhere"), []);
    let texts = texts(&stage);
    assert!(
        texts[0].starts_with("This takes libera from the bouncer for good"),
        "{texts:?}"
    );
    assert!(
        texts[1].ends_with("realname, pass of a network, and not colour."),
        "{texts:?}"
    );
    assert_eq!(
        texts[2],
        "The bouncer has no network nowhere; /bouncer lists them."
    );
}

#[test]
fn a_page_without_ids_has_no_second_copy_of_what_we_said() {
    let mut stage = Stage::in_lobby();
    stage.keys("hello<enter>");
    let own_id = stage.sent().into_iter().find_map(|command| match command {
        Command::Say(outgoing) => Some(outgoing.own_id),
        _ => None,
    });
    let mut echo = message("#lobby", "ada", "hello", at("14:05"));
    echo.msgid = None;
    echo.is_own = true;
    let told = echo.clone();
    echo.own_id = own_id;
    stage.hear(Event::Message(echo));
    let mut other = message("#lobby", "bo", "hi", at("14:06"));
    other.msgid = None;
    stage.hear(page("#lobby", vec![told, other], None));
    assert_eq!(texts(&stage), ["ada: hello", "bo: hi"]);
}

#[test]
fn its_words_are_completed_and_a_password_is_not_kept() {
    let mut stage = bounced();
    stage.keys("/bouncer ch<tab>l<tab>nick<tab>");
    assert_eq!(input(&stage), "/bouncer change libera nickname=");
    assert!(slash::is_secret("bouncer add h n pass=sesame"));
    assert!(slash::is_secret("msg NickServ identify sesame"));
    assert!(!slash::is_secret("msg NickServ help"));
    assert!(slash::is_secret("raw PRIVMSG Q@CServe :AUTH ada sesame"));
    assert!(slash::is_secret("set on_connect OPER ada sesame"));
}

#[test]
fn ranks_doors_and_callers_have_their_words() {
    let mut stage = Stage::in_lobby();
    for (keys, line) in [
        ("/knock #closed let me in", "KNOCK #closed :let me in"),
        ("/accept bo", "ACCEPT bo"),
        ("/accept", "ACCEPT *"),
    ] {
        let line = Command::Raw(line.into());
        assert_eq!(told(&mut stage, keys), [line], "{keys}");
    }
}

/// What is to be said: to whom, in which way, and in which words.
fn said(commands: Vec<Command>) -> Vec<(String, Kind, String)> {
    let said = commands.into_iter().filter_map(|command| match command {
        Command::Say(one) => Some((one.target, one.kind, one.text)),
        _ => None,
    });
    said.collect()
}

#[test]
fn what_is_said_to_those_with_a_rank_stands_in_the_room_and_is_tried_again_there() {
    let mut stage = Stage::in_lobby();
    let to_ranks = |kind, text: &str| ("@#lobby".to_owned(), kind, text.to_owned());
    let sent = said(told(&mut stage, "/notice @#lobby tea"));
    assert_eq!(sent, [to_ranks(Kind::Notice, "tea")]);
    let sent = said(told(&mut stage, "/msg @#lobby who has the keys?"));
    assert_eq!(sent, [to_ranks(Kind::Say, "who has the keys?")]);
    assert!(stage.model.named(NetworkId::FIRST, "@#lobby").is_none());
    let picture = stage.picture(80, 24);
    assert!(
        picture.contains("[@] who has the keys?   sending…"),
        "{picture}"
    );
    stage.hear(Event::Refused {
        own_id: OwnId(2),
        reason: "you may not write there".into(),
    });
    stage.sent();
    stage.keys("<ctrl-up><ctrl-up>r");
    let again = said(stage.sent());
    assert_eq!(
        again,
        [to_ranks(Kind::Say, "who has the keys?")],
        "to the same"
    );
    assert_eq!(said(told(&mut stage, "/msg @#closed tea?")), []);
    // What waited when an earlier run ended, before anything is known of the server.
    let mut stage = Stage::new(Settings::default());
    let mut waited = message("@#lobby", "ada", "who has the keys?", stage.now);
    waited.own_id = Some(OwnId(1));
    stage.hear(Event::Waiting(waited));
    let own_id = OwnId(1);
    let reason = "too late".to_owned();
    stage.hear(Event::Refused { own_id, reason });
    stage.connect(false);
    stage.enter("#lobby", &[("ada", "@")]);
    let picture = stage.picture(80, 24);
    assert!(picture.contains("[@] who has the keys?"), "{picture}");
    stage.keys("<ctrl-up>r");
    assert_eq!(
        said(stage.sent()),
        [to_ranks(Kind::Say, "who has the keys?")]
    );
}

#[test]
fn what_is_stressed_goes_out_in_codes_when_told_to() {
    let mut stage = Stage::in_lobby();
    let sent = said(told(&mut stage, "/format **do** read `this`"));
    let text = "\u{2}do\u{2} read \u{11}this\u{11}".to_owned();
    assert_eq!(sent, [("#lobby".to_owned(), Kind::Say, text)]);
    let picture = stage.picture(80, 24);
    assert!(picture.contains("ada  do read this"), "{picture}");
}

#[test]
fn a_long_text_to_those_with_a_rank_is_cut_nowhere() {
    let mut stage = Stage::in_lobby();
    let most = stage.model.network().text_bytes_max("@#lobby");
    let long = "a".repeat(most + 10);
    let sent = said(told(&mut stage, &format!("/msg @#lobby {long}")));
    assert_eq!(sent.len(), 2);
    let whole: String = sent.into_iter().map(|(_, _, text)| text).collect();
    assert_eq!(whole, long);
}

#[test]
fn a_program_says_that_it_is_one_where_the_server_has_a_sign() {
    let mut stage = Stage::in_lobby();
    assert_eq!(told(&mut stage, "/bot on"), []);
    stage.hear(Event::Facts(Facts {
        bot_mode: Some('B'),
        ..Facts::default()
    }));
    let mode = Command::Mode {
        target: "ada".into(),
        changes: vec!["+B".into()],
    };
    assert_eq!(told(&mut stage, "/bot on"), [mode]);
    stage.hear(Event::ModeChanged {
        target: "ada".into(),
        by: "ada".into(),
        text: "+B".into(),
        standings: Vec::new(),
        at: stage.now,
    });
    assert!(stage.model.network().is_bot("ada"));
}
