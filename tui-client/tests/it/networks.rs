//! One screen and two servers, joined in memory: each network lives by itself, and the screen has both.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use tui_client::effect::Effect;
use tui_client::ids::NetworkId;
use tui_client::keymap::Keymap;
use tui_client::model::Model;
use tui_client::model::network::{Network, Settings};
use tui_client::msg::Msg;
use tui_client::session::command::Command;
use tui_client::session::event::Event;
use tui_client::session::link::Link;
use tui_client::update::update;

use crate::world::World;

/// Ada's screen, and the servers behind it.
struct Both {
    model: Model,
    worlds: Vec<(NetworkId, World, usize)>,
    now: u64,
}

fn settings(name: &str) -> Settings {
    Settings {
        name: name.to_owned(),
        nick: "ada".to_owned(),
        ..Settings::default()
    }
}

impl Both {
    fn new() -> Self {
        let zone = jiff::tz::TimeZone::UTC;
        let mut model = Model::new(settings(""), Keymap::default(), zone, (80, 24));
        let away = model.add_network(settings("away")).unwrap();
        let mut worlds = Vec::new();
        for on in [NetworkId::FIRST, away] {
            let mut world = World::new();
            let ada = world.enter("ada");
            worlds.push((on, world, ada));
        }
        let mut both = Self {
            model,
            worlds,
            now: 1_767_268_800_000,
        };
        both.settle();
        both
    }

    fn tell(&mut self, msg: Msg) {
        self.now += 1;
        for effect in update(&mut self.model, self.now, msg) {
            if let Effect::Send(on, command) = effect {
                let place = self.worlds.iter_mut().find(|(known, ..)| *known == on);
                let (_, world, ada) = place.expect("a network that there is not");
                world.command(*ada, command);
            }
        }
    }

    /// Carries what the sessions report to the screen until nobody has anything left to say.
    fn settle(&mut self) {
        loop {
            let mut heard: Vec<(NetworkId, Event)> = Vec::new();
            for (on, world, ada) in &mut self.worlds {
                heard.extend(world.events(*ada).into_iter().map(|event| (*on, event)));
            }
            if heard.is_empty() {
                return;
            }
            for (on, event) in heard {
                self.tell(Msg::Network(on, event));
            }
        }
    }

    fn write(&mut self, text: &str) {
        let keys = text.chars().map(KeyCode::Char).chain([KeyCode::Enter]);
        for key in keys {
            self.tell(Msg::Pressed(KeyEvent::new(key, KeyModifiers::NONE)));
        }
        self.settle();
    }

    fn texts(&self, on: NetworkId, room: &str) -> Vec<String> {
        let window = self.model.named(on, room).expect("no such window");
        let said = window.scrollback.iter().filter_map(|entry| entry.as_said());
        said.map(|said| format!("{}: {}", said.nick, said.raw))
            .collect()
    }
}

#[test]
fn two_networks_live_side_by_side() {
    let mut both = Both::new();
    let (home, away) = (both.worlds[0].0, both.worlds[1].0);
    assert!(both.model.networks.iter().all(Network::is_connected));
    let grace = both.worlds[0].1.enter("grace");
    let bob = both.worlds[1].1.enter("bob");
    both.worlds[0].1.say(grace, 1, "at home");
    both.worlds[1].1.say(bob, 1, "ada: far away");
    both.settle();
    assert_eq!(both.texts(home, "#lobby"), ["grace: at home"]);
    assert_eq!(both.texts(away, "#lobby"), ["bob: ada: far away"]);

    // The next unread window is the other network's, and what is written there stays there.
    let f6 = KeyEvent::new(KeyCode::F(6), KeyModifiers::NONE);
    both.tell(Msg::Pressed(f6));
    assert_eq!(both.model.on(), away);
    both.write("hello bob");
    let heard = both.worlds[1].1.messages(bob);
    assert!(heard.iter().any(|message| message.text == "hello bob"));
    let heard = both.worlds[0].1.messages(grace);
    assert!(heard.iter().all(|message| message.text != "hello bob"));
    assert_eq!(both.texts(away, "#lobby").last().unwrap(), "ada: hello bob");
}

#[test]
fn a_network_that_is_lost_takes_no_other_with_it() {
    let mut both = Both::new();
    let (home, away) = (both.worlds[0].0, both.worlds[1].0);
    let grace = both.worlds[0].1.enter("grace");
    let bob = both.worlds[1].1.enter("bob");
    both.settle();
    let (_, world, ada) = &mut both.worlds[1];
    world.cut(*ada);
    world.say(bob, 1, "while you were out");
    both.settle();
    assert!(matches!(
        both.model.networks.get(away).link,
        Link::Lost { .. }
    ));
    assert!(both.model.networks.get(home).is_connected());
    both.worlds[0].1.say(grace, 1, "still here");
    both.settle();
    assert_eq!(both.texts(home, "#lobby"), ["grace: still here"]);
    let (_, world, ada) = &mut both.worlds[1];
    world.link(*ada);
    both.settle();
    assert!(both.model.networks.get(away).is_connected());
    assert_eq!(both.texts(away, "#lobby"), ["bob: while you were out"]);
}

#[test]
fn a_reaction_from_before_we_came_is_there() {
    let mut both = Both::new();
    let home = both.worlds[0].0;
    let (_, world, _) = &mut both.worlds[0];
    let grace = world.enter("grace");
    world.say(grace, 1, "look");
    let msgid = world.messages(grace)[0].msgid.clone().unwrap();
    let (target, reaction) = ("#lobby".to_owned(), "👍".to_owned());
    let react = Command::React {
        target,
        msgid: msgid.clone(),
        reaction,
        is_given: true,
    };
    let ken = world.enter("ken");
    world.command(ken, react);
    // Somebody who sees the room for the first time has it all from history.
    let mut late = Both::new();
    std::mem::swap(&mut late.worlds[0].1, &mut both.worlds[0].1);
    let eve = late.worlds[0].1.enter("eve");
    late.worlds[0].2 = eve;
    late.settle();
    let window = late.model.named(home, "#lobby").unwrap();
    let said = window
        .scrollback
        .by_msgid(&msgid)
        .and_then(|entry| entry.as_said());
    let reactions = &said.unwrap().reactions;
    assert!(reactions.is_from("👍", |giver| giver == "ken"));
}
