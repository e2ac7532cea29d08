//! What is done to a chosen message: reactions, answers, taking back; and the list of mentions.
//! It must never look at cells, except for who reacted.

use super::texts;
use crate::model::overlay::Overlay;
use crate::session::command::Command;
use crate::session::event::Event;
use crate::stage::shelf::Shelf;
use crate::stage::{Stage, ada, at, message};

fn id(stage: &Stage, index: usize) -> String {
    let window = stage.model.here().unwrap();
    let said = window.scrollback.get(index).unwrap().as_said().unwrap();
    said.msgid.clone().unwrap()
}

fn reacted(stage: &mut Stage, nick: &str, msgid: &str, reaction: &str) {
    stage.hear(Event::Reacted {
        target: "#lobby".into(),
        msgid: msgid.into(),
        nick: nick.into(),
        reaction: reaction.into(),
        is_given: true,
    });
}

#[test]
fn a_reaction_is_found_by_name_and_taken_back_by_the_same_way() {
    let mut stage = Stage::in_lobby();
    stage.say("14:01", "grace", "it works");
    let msgid = id(&stage, 0);
    let react = |is_given| Command::React {
        target: "#lobby".into(),
        msgid: msgid.clone(),
        reaction: "🎉".into(),
        is_given,
    };
    stage.sent();
    stage.keys("<ctrl-up>+tad<enter>");
    assert_eq!(stage.sent(), [react(true)]);
    assert_eq!(stage.model.chosen, None);
    reacted(&mut stage, "ada", &msgid, "🎉");
    reacted(&mut stage, "ken", &msgid, "🎉");
    assert!(stage.picture(80, 24).contains("🎉 2"));
    stage.keys("<ctrl-up>");
    assert!(
        stage.picture(80, 24).contains("🎉 ada and ken"),
        "who reacted"
    );
    stage.keys("+tada<enter>");
    assert_eq!(stage.sent(), [react(false)]);
}

#[test]
fn without_ids_an_answer_names_whom_it_is_for_and_the_rest_says_why_not() {
    let mut stage = Stage::in_lobby();
    let mut bare = message("#lobby", "grace", "an old server", at("14:01"));
    bare.msgid = None;
    stage.hear(Event::Message(bare));
    stage.sent();
    let toast = |stage: &Stage| stage.model.toast.clone().unwrap().text;
    stage.keys("<ctrl-up>+");
    assert_eq!(stage.model.overlay, None);
    assert!(toast(&stage).contains("no id to react to"));
    stage.keys("d");
    assert!(toast(&stage).contains("no id"), "{}", toast(&stage));
    stage.keys("rindeed");
    assert_eq!(stage.model.here().unwrap().input.text(), "grace: indeed");
    assert_eq!(stage.sent().len(), 1, "only that we write");
    let facts = crate::session::link::Facts::default();
    stage.hear(Event::Facts(facts));
    stage.keys("<ctrl-u><ctrl-up>d");
    assert_eq!(toast(&stage), "This server takes no message back");
    assert_eq!(stage.model.overlay, None, "nobody is asked in vain");
}

#[test]
fn an_answer_leads_to_what_it_answers_and_counts_as_a_mention() {
    let mut stage = Stage::in_lobby();
    stage.say("14:00", "ada", "who broke it?");
    stage.say("14:01", "grace", "…");
    let mut answer = message("#lobby", "ken", "me", at("14:02"));
    answer.reply_to = Some(id(&stage, 0));
    stage.hear(Event::Message(answer));
    let window = stage.model.here().unwrap();
    let asked = window.scrollback.get(0).unwrap().id;
    assert!(
        window
            .scrollback
            .get(2)
            .unwrap()
            .as_said()
            .unwrap()
            .is_mention
    );
    stage.keys("<ctrl-up>p");
    assert_eq!(stage.model.chosen, Some(asked));
    stage.keys("p");
    assert!(stage.picture(80, 24).contains("answers none"));
}

#[test]
fn taking_back_asks_first_and_only_for_what_is_ours() {
    let mut stage = Stage::in_lobby();
    stage.names("#lobby", &[("ada", ""), ("grace", "@")]);
    stage.say("14:00", "ada", "secret");
    stage.say("14:01", "grace", "what?");
    let msgid = id(&stage, 0);
    stage.sent();
    stage.keys("<ctrl-up>d");
    assert!(stage.model.overlay.is_none(), "not ours");
    stage.keys("<ctrl-up>d");
    assert!(matches!(stage.model.overlay, Some(Overlay::Question(_))));
    stage.keys("<esc>d");
    assert_eq!(stage.sent(), []);
    stage.keys("y");
    let redact = Command::Redact {
        target: "#lobby".into(),
        msgid: msgid.clone(),
    };
    assert_eq!(stage.sent(), [redact]);
    stage.hear(Event::Redacted {
        target: "#lobby".into(),
        msgid,
        by: "ada".into(),
        reason: String::new(),
    });
    assert_eq!(texts(&stage), ["taken back by ada", "grace: what?"]);
}

#[test]
fn mentions_of_all_rooms_are_in_one_list() {
    let mut stage = Stage::in_lobby();
    stage.enter("#ops", &[("ada", ""), ("grace", "")]);
    stage.say("14:01", "grace", "ada: one");
    let two = message("#ops", "grace", "two, ada", at("14:02"));
    stage.hear(Event::Message(two));
    stage.keys("<alt-i>");
    stage.check("mentions", &[(40, 12), (80, 24), (120, 40)]);
    stage.keys("<enter>");
    assert_eq!(stage.model.here().unwrap().name, "#ops");
    assert!(stage.model.chosen.is_some());
    stage.keys("<esc><alt-i>one<enter>");
    assert_eq!(stage.model.here().unwrap().name, "#lobby");
}

#[test]
fn what_was_taken_back_stands_nowhere() {
    let mut stage = Stage::keeping(ada(), Shelf::new());
    stage.connect(false);
    stage.enter("#lobby", &[("ada", ""), ("ken", "@")]);
    stage.keys("and another<enter>hunter2<enter>");
    stage.echo(2, "hunter2");
    let mut answer = message("#lobby", "ken", "is it that?", stage.now + 1);
    answer.reply_to = Some("own-2".into());
    stage.hear(Event::Message(answer));
    stage.keys("/search hunter2<enter>");
    assert!(stage.picture(80, 24).contains("ada: hunter2"));
    stage.keys("<esc><ctrl-up>");
    assert!(stage.picture(80, 24).contains("╭ ada: hunter2"));
    stage.keys("<esc><ctrl-r>");
    stage.hear(Event::Redacted {
        target: "#lobby".into(),
        msgid: "own-2".into(),
        by: "ken".into(),
        reason: String::new(),
    });
    let shelf = stage.shelf.as_ref().unwrap();
    assert_eq!(shelf.kept_words("hunter2"), [""; 0], "in client.db");
    let picture = stage.picture(80, 24);
    assert!(picture.contains("╭ a message that was taken back"));
    stage.keys("<esc><up>");
    assert_eq!(stage.model.here().unwrap().input.text(), "and another");
    assert!(!stage.picture(80, 24).contains("ada: hunter2"));
}

#[test]
fn a_word_that_is_no_emoji_is_not_shown_to_everybody() {
    let mut stage = Stage::in_lobby();
    stage.say("14:01", "grace", "it works");
    stage.sent();
    stage.keys("<ctrl-up>+thx<enter><esc>");
    assert_eq!(stage.sent(), []);
    stage.keys("<ctrl-up>+thumb<enter>");
    assert!(
        matches!(&stage.sent()[..], [Command::React { reaction, .. }] if reaction == "👍"),
        "by its other name"
    );
    stage.keys("<ctrl-up>+🦩<enter>");
    assert!(
        matches!(&stage.sent()[..], [Command::React { reaction, .. }] if reaction == "🦩"),
        "also one that has no name here"
    );
}
