//! When a script ends, and with which sentence.

use jiff::tz::TimeZone;

use super::*;
use crate::keymap::Keymap;
use crate::model::network::Settings;
use crate::session::event::{Kind as MessageKind, Message, OwnId};
use crate::session::link::{Connected, Facts};

struct Script {
    linear: Linear,
    told: mpsc::Sender<Told>,
    lines: mpsc::Sender<String>,
    _requests: mpsc::Receiver<Request>,
    _words: mpsc::Receiver<Word>,
}

impl Script {
    /// The input ends, and the link says goodbye; how it ends.
    async fn end(self) -> Result<(), Option<String>> {
        let closed = Report::Events(vec![Event::Link(link::Link::Closed)]);
        self.told.send((NetworkId::FIRST, closed)).await.unwrap();
        drop((self.lines, self.told));
        Box::pin(self.linear.run(Signals::none())).await
    }
}

fn script() -> Script {
    let (mut wires, reports) = Wires::new(None);
    let (asked, told) = wires.stand_in(NetworkId::FIRST);
    let (sender, lines) = mpsc::channel(16);
    let (out, words) = mpsc::channel(64);
    let model = Model::new(
        Settings::default(),
        Keymap::default(),
        TimeZone::UTC,
        (80, 24),
    );
    Script {
        linear: Linear::new(model, (wires, reports), lines, out, (false, false)),
        told,
        lines: sender,
        _requests: asked,
        _words: words,
    }
}

fn entered() -> Report {
    let link = link::Link::Connected(Connected {
        nick: "ada".to_owned(),
        is_encrypted: false,
        server: "srv".to_owned(),
        network: "Net".to_owned(),
        has_echo: true,
    });
    let joined = Event::Joined {
        room: "#lobby".to_owned(),
        nick: "ada".to_owned(),
        account: None,
        is_own: true,
        at: 0,
    };
    Report::Events(vec![
        Event::Facts(Facts::default()),
        Event::Link(link),
        joined,
    ])
}

#[tokio::test]
async fn the_end_waits_for_the_last_confirmation() {
    let mut script = script();
    script.linear.take_report(NetworkId::FIRST, entered());
    assert!(script.linear.has_entered);
    script.linear.take_line("hello".to_owned());
    assert_eq!(script.linear.fate.waiting(), 1);
    let own_id = last_own(&script);
    let echo = Message {
        target: "#lobby".to_owned(),
        source: "ada".to_owned(),
        kind: MessageKind::Say,
        text: "hello".to_owned(),
        at: 1,
        msgid: Some("m".to_owned()),
        reply_to: None,
        is_own: true,
        own_id: Some(own_id),
    };
    script
        .told
        .send((NetworkId::FIRST, Report::Events(vec![Event::Message(echo)])))
        .await
        .unwrap();
    script.linear.is_ended = true;
    assert_eq!(script.end().await, Ok(()));
}

#[tokio::test]
async fn what_is_not_confirmed_in_time_fails() {
    let mut script = script();
    script.linear.take_report(NetworkId::FIRST, entered());
    script.linear.take_line("hello".to_owned());
    script.linear.is_ended = true;
    script.linear.give_up();
    let ended = script.end().await;
    assert!(
        ended
            .unwrap_err()
            .unwrap()
            .starts_with("\"hello\" was not confirmed")
    );
}

#[tokio::test]
async fn nothing_is_read_before_the_room_is_entered_and_that_has_its_time() {
    let mut script = script();
    assert!(!script.linear.may_read());
    assert!(script.linear.deadline().is_some());
    script.linear.give_up();
    let ended = script.end().await;
    assert!(ended.unwrap_err().unwrap().contains("was not reached"));
}

#[tokio::test]
async fn a_line_that_was_not_taken_before_a_signal_fails() {
    let mut script = script();
    script.linear.take_report(NetworkId::FIRST, entered());
    script.lines.try_send("too late".to_owned()).unwrap();
    script.linear.cut();
    let ended = script.end().await;
    let why = "\"too late\" was not sent: parlor was told to end";
    assert_eq!(ended, Err(Some(why.to_owned())));
}

#[tokio::test]
async fn a_line_that_nobody_can_take_fails() {
    let mut script = script();
    script.linear.take_report(NetworkId::FIRST, entered());
    script.linear.take_line("/leave".to_owned());
    let left = Event::Left {
        room: "#lobby".to_owned(),
        nick: "ada".to_owned(),
        reason: String::new(),
        is_own: true,
        at: 0,
    };
    script
        .linear
        .take_report(NetworkId::FIRST, Report::Events(vec![left]));
    script.linear.take_line("is anybody here?".to_owned());
    let hint = script.linear.model.toast.as_ref().expect("a hint");
    assert_eq!(hint.text, "You are outside this room; /join enters");
    let last = script.linear.words.back().unwrap();
    assert_eq!(last.text, "\"is anybody here?\" could not be sent");
    assert_eq!(script.end().await, Err(None), "that was told");
}

/// The number of what was written last.
fn last_own(script: &Script) -> OwnId {
    let window = script.linear.model.here().unwrap();
    let last = window.scrollback.iter().last().unwrap();
    last.as_said().unwrap().own_id.unwrap()
}

#[tokio::test]
async fn a_line_waits_for_the_room_that_the_one_before_it_enters() {
    let mut script = script();
    script.linear.take_report(NetworkId::FIRST, entered());
    script.linear.words.clear();
    assert!(script.linear.may_read());
    script.linear.take_line("/join #ops".to_owned());
    script.linear.words.clear();
    assert!(!script.linear.may_read());
    assert!(script.linear.deadline().is_some());
    script.linear.is_ended = true;
    assert!(!script.linear.is_done());
    let joined = |room: &str| Event::Joined {
        room: room.to_owned(),
        nick: "ada".to_owned(),
        account: None,
        is_own: true,
        at: 0,
    };
    script
        .linear
        .take_report(NetworkId::FIRST, Report::Events(vec![joined("#ops")]));
    assert!(script.linear.is_done());
    assert_eq!(script.end().await, Ok(()));
}

#[tokio::test]
async fn a_no_is_told_once_and_is_no_good_end() {
    let refused = |own_id| Event::Refused {
        own_id,
        reason: "the server is out of ink".to_owned(),
    };
    let mut script = script();
    script.linear.take_report(NetworkId::FIRST, entered());
    script.linear.take_line("/msg ken psst".to_owned());
    let window = script.linear.model.named(NetworkId::FIRST, "ken").unwrap();
    let said = window.scrollback.iter().last().unwrap().as_said().unwrap();
    let event = refused(said.own_id.unwrap());
    script.linear.words.clear();
    script
        .linear
        .take_report(NetworkId::FIRST, Report::Events(vec![event]));
    let words: Vec<&str> = script
        .linear
        .words
        .iter()
        .map(|word| word.text.as_str())
        .collect();
    assert_eq!(words, ["\"psst\" was not sent: the server is out of ink"]);
    assert_eq!(script.end().await, Err(None));

    let mut script = self::script();
    script.linear.take_report(NetworkId::FIRST, entered());
    let shut = Event::JoinRefused {
        room: "#ops".to_owned(),
        reason: "it is full".to_owned(),
    };
    script.linear.take_line("/join #ops".to_owned());
    script
        .linear
        .take_report(NetworkId::FIRST, Report::Events(vec![shut]));
    assert_eq!(script.end().await, Err(None));
}
