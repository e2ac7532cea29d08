//! What is told of what happens, as a transcript of lines.

use super::*;
use crate::msg::Msg;
use crate::preferences::Answer;
use crate::session::event::{Kind, OwnId, Subject};
use crate::session::listing::Listing;
use crate::stage::{Stage, at, message};
use crate::update::update;

struct Room {
    stage: Stage,
    teller: Teller,
    told: Vec<String>,
}

impl Room {
    fn new(has_reader: bool) -> Self {
        let mut stage = Stage::in_lobby();
        let mut teller = Teller::new(has_reader);
        teller.look(&mut stage.model);
        Self {
            stage,
            teller,
            told: Vec::new(),
        }
    }

    fn tell(&mut self, msg: Msg) {
        if let Msg::Network(on, event) = &msg {
            self.teller.hear(&self.stage.model, *on, event);
        }
        self.stage.tell(msg);
        let words = self.teller.look(&mut self.stage.model);
        self.told.extend(words.into_iter().map(|word| {
            let mark = if word.is_trouble { "! " } else { "" };
            format!("{mark}{}", word.text)
        }));
    }

    fn hear(&mut self, event: Event) {
        self.tell(Msg::Network(NetworkId::FIRST, event));
    }

    fn say(&mut self, room: &str, nick: &str, text: &str, time: &str) {
        self.stage.now = at(time);
        self.hear(Event::Message(message(room, nick, text, at(time))));
    }

    #[track_caller]
    fn check(&mut self, expected: &[&str]) {
        assert_eq!(std::mem::take(&mut self.told), expected);
    }
}

fn joined(nick: &str) -> Event {
    Event::Joined {
        room: "#lobby".to_owned(),
        nick: nick.to_owned(),
        account: None,
        is_own: false,
        at: at("14:01"),
    }
}

#[test]
fn each_thing_is_told_once_in_a_line_of_its_own() {
    let mut room = Room::new(true);
    room.hear(joined("dennis"));
    room.hear(joined("barbara"));
    // Who is there already has not come.
    room.hear(joined("barbara"));
    room.say("#lobby", "grace", "morning all", "14:02");
    room.say("#ops", "ken", "and here", "14:02");
    room.say("bjarne", "bjarne", "psst", "14:03");
    room.hear(Event::Quit {
        nick: "dennis".to_owned(),
        reason: "Quit: bye".to_owned(),
        split: None,
        at: at("14:03"),
    });
    room.hear(Event::Reacted {
        target: "#lobby".to_owned(),
        msgid: format!("grace-{}-11", at("14:02")),
        nick: "ken".to_owned(),
        reaction: "👍".to_owned(),
        is_given: true,
    });
    let mut deed = message("#lobby", "grace", "waves", at("14:04"));
    deed.kind = Kind::Action;
    room.hear(Event::Message(deed));
    room.tell(Msg::Wrote("/frobnicate".to_owned()));
    room.check(&[
        "dennis came in",
        "barbara came in",
        "14:02 grace: morning all",
        "14:02 #ops ken: and here",
        "14:03 private bjarne: psst",
        "dennis left (bye)",
        "ken reacted 👍 to grace: morning all",
        "14:04 * grace waves",
        "! There is no /frobnicate. /help lists the commands; //frobnicate says it.",
    ]);
}

#[test]
fn no_line_of_a_message_looks_like_somebody_elses() {
    let mut room = Room::new(true);
    room.say("#lobby", "ken", "one\n14:05 grace: I quit", "14:05");
    room.check(&["14:05 ken: one\n      14:05 grace: I quit"]);
}

#[test]
fn what_we_wrote_is_told_where_no_terminal_shows_it_and_when_the_server_has_it() {
    for (has_reader, told) in [(true, vec![]), (false, vec!["14:00 ada: hello"])] {
        let mut room = Room::new(has_reader);
        room.tell(Msg::Wrote("hello".to_owned()));
        room.check(&[]);
        let mut echo = message("#lobby", "ada", "hello", room.stage.now);
        echo.own_id = Some(OwnId(1));
        room.hear(Event::Message(echo));
        room.check(&told);
    }
}

#[test]
fn what_is_private_says_so_and_takes_nobody_along() {
    let mut room = Room::new(false);
    room.tell(Msg::Wrote("/msg ken psst".to_owned()));
    let mut echo = message("ken", "ada", "psst", room.stage.now);
    echo.own_id = Some(OwnId(1));
    room.hear(Event::Message(echo));
    assert_eq!(room.stage.model.here().unwrap().name, "#lobby");
    room.check(&["14:00 to ken ada: psst"]);
    room.tell(Msg::Wrote("/msg ken".to_owned()));
    room.tell(Msg::Wrote("and again".to_owned()));
    let mut echo = message("ken", "ada", "and again", room.stage.now);
    echo.own_id = Some(OwnId(2));
    room.hear(Event::Message(echo));
    room.say("ken", "ken", "yes?", "14:03");
    room.tell(Msg::Wrote("/window #lobby".to_owned()));
    room.check(&[
        "What you write goes to ken now.",
        "14:00 to ken ada: and again",
        "14:03 private ken: yes?",
        "What you write goes to #lobby now.",
    ]);
}

#[test]
fn of_the_past_the_last_few_are_told_once_and_later_what_was_missed() {
    let page = |from: u32, to: u32| Event::History {
        target: "#lobby".to_owned(),
        messages: (from..to)
            .map(|minute| {
                let time = at(&format!("13:{minute:02}"));
                message("#lobby", "grace", &format!("number {minute}"), time)
            })
            .collect(),
        is_complete: true,
        gap: None,
    };
    let mut room = Room::new(true);
    room.hear(page(10, 40));
    assert_eq!(room.told.len(), PAST_MAX);
    assert_eq!(room.told.first().unwrap(), "13:30 grace: number 30");
    room.told.clear();
    // After a lost link: the end of what is known, and what was missed; and older pages are nobody's news.
    room.hear(page(38, 42));
    room.hear(page(0, 10));
    room.check(&["13:40 grace: number 40", "13:41 grace: number 41"]);

    let mut script = Room::new(false);
    script.hear(page(10, 40));
    script.check(&[]);
}

#[test]
fn a_host_with_guests_is_asked_before_the_end() {
    let mut room = Room::new(true);
    let (address, invite) = ("127.0.0.1:6667".to_owned(), None);
    room.tell(Msg::HostStarted { address, invite });
    room.told.clear();
    let quit = || Msg::Wrote("/quit".to_owned());
    room.tell(quit());
    room.check(&["3 others are connected to you. /quit again ends it all the same."]);
    assert!(!room.stage.model.is_over);
    let effects = update(&mut room.stage.model, at("14:09"), quit());
    assert!(room.stage.model.is_over, "{effects:?}");
}

#[test]
fn the_rooms_of_a_network_are_lines() {
    let mut room = Room::new(true);
    room.tell(Msg::Wrote("/list".to_owned()));
    room.hear(Event::Listing(Listing::Asked { least: 0 }));
    for (name, text) in [("#tea", "#tea  12  four o'clock"), ("#cake", "#cake  3  ")] {
        room.hear(Event::Listing(Listing::Room {
            room: name.to_owned(),
            members: 3,
            topic: String::new(),
        }));
        room.hear(Event::Listed {
            subject: Subject::Rooms,
            window: None,
            text: text.to_owned(),
        });
    }
    room.hear(Event::Listing(Listing::Ended(None)));
    room.check(&["#tea  12  four o'clock", "#cake  3  "]);
    assert!(room.stage.model.overlay.is_none());
}

#[test]
fn an_answer_names_once_whom_it_answers() {
    let mut room = Room::new(true);
    room.say("#lobby", "grace", "shall we?", "14:01");
    let mut answer = message("#lobby", "ken", "grace: yes", at("14:02"));
    answer.reply_to = message("#lobby", "grace", "shall we?", at("14:01")).msgid;
    room.hear(Event::Message(answer));
    room.check(&["14:01 grace: shall we?", "14:02 ken, answering grace: yes"]);
}

#[test]
fn outside_a_room_every_answer_is_told_and_what_we_do_is_told_once() {
    let mut room = Room::new(true);
    room.stage.model.is_linear = true;
    room.hear(Event::OwnAwayChanged { is_away: true });
    room.hear(Event::OwnAwayChanged { is_away: false });
    room.check(&["You are away.", "You are back."]);
    room.hear(Event::Left {
        room: "#lobby".to_owned(),
        nick: "ada".to_owned(),
        reason: String::new(),
        is_own: true,
        at: at("14:01"),
    });
    room.told.clear();
    room.hear(Event::Names {
        room: "#lobby".to_owned(),
        members: Vec::new(),
    });
    room.tell(Msg::Wrote("/leave".to_owned()));
    room.tell(Msg::Wrote("/oper root".to_owned()));
    room.tell(Msg::Wrote("/leave #notin".to_owned()));
    room.check(&[
        "! You are not in #lobby.",
        "Nothing can be hidden here: /oper NAME PASSWORD takes it in the open.",
        "! You are not in #notin.",
    ]);
    let words = ["one", "two"].map(str::to_owned).to_vec();
    room.tell(Msg::SettingsTold(Box::new(Answer {
        words,
        ..Answer::default()
    })));
    room.check(&["one", "two"]);
    let server = room.stage.model.server(NetworkId::FIRST);
    room.stage.model.current = server;
    room.hear(Event::Link(Link::Refused {
        reason: "gone".to_owned(),
    }));
    room.told.clear();
    room.tell(Msg::Wrote("/network".to_owned()));
    assert_eq!(
        room.told.len(),
        1,
        "also before a link is there: {:?}",
        room.told
    );
}
