//! A reader's screen joined to a server's core: bursts in one millisecond, broken links, pages of any cut. After all of
//! it was read, the reader has exactly what the server has, in its order.

use crossterm::event::{KeyCode, KeyEvent};
use jiff::tz::TimeZone;
use proptest::prelude::*;
use tui_client::effect::Effect;
use tui_client::entry::Body;
use tui_client::ids::NetworkId;
use tui_client::keymap::Keymap;
use tui_client::model::Model;
use tui_client::model::network::Settings;
use tui_client::msg::Msg;
use tui_client::update::update;
use tui_client::window::Window;

use crate::world::World;

/// What happens to a room and its reader.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// So many messages, of which so many share each millisecond.
    Said(u64, u64),
    Broke,
    Linked,
    Up,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (0u8..8, 1u64..150, 1u64..160).prop_map(|(sort, count, together)| match sort {
        0..=2 => Step::Said(count, together),
        3 | 4 => Step::Broke,
        5 | 6 => Step::Linked,
        _ => Step::Up,
    });
    prop::collection::vec(step, 1..10)
}

struct Reader {
    model: Model,
    client: usize,
    is_linked: bool,
}

impl Reader {
    fn window(&self) -> &Window {
        let window = self.model.named(NetworkId::FIRST, "#lobby");
        window.expect("the room was never entered")
    }

    /// Takes in what came, and asks what the screen wants to know, until it wants no more.
    fn read(&mut self, world: &mut World, first: Option<Msg>) {
        let mut msgs: Vec<Msg> = first.into_iter().collect();
        for _ in 0..400 {
            let came = world.events(self.client).into_iter();
            msgs.extend(came.map(|event| Msg::Network(NetworkId::FIRST, event)));
            if msgs.is_empty() {
                return;
            }
            for msg in msgs.drain(..) {
                for effect in update(&mut self.model, 0, msg) {
                    if let Effect::Send(_, command) = effect {
                        world.command(self.client, command);
                    }
                }
            }
        }
        panic!("it asks without end");
    }

    fn press(&mut self, world: &mut World, key: KeyCode) {
        self.read(world, Some(Msg::Pressed(KeyEvent::from(key))));
    }

    /// Scrolls to the oldest message and back, filling every gap on the way.
    fn read_all(&mut self, world: &mut World) {
        // A page that ends where something is known cannot always tell, and leaves a gap above what is in sight.
        let (up, down) = (KeyCode::PageUp, KeyCode::PageDown);
        for key in [up, down, up, down] {
            for _ in 0..80 {
                self.press(world, key);
            }
        }
    }

    fn texts(&self) -> Vec<String> {
        let entries = self.window().scrollback.iter();
        let texts = entries.filter_map(|entry| match &entry.body {
            Body::Said(said) => Some(said.raw.clone()),
            Body::Gap { gap, .. } => Some(format!("{gap:?}")),
            Body::Presence(_) | Body::Note(_) => None,
        });
        texts.collect()
    }
}

proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(24))]

    #[test]
    fn whoever_reads_everything_has_everything_once_and_in_order(steps in steps()) {
        let mut world = World::new();
        let writer = world.enter("ken");
        let client = world.enter("erin");
        let model = Model::new(Settings::default(), Keymap::default(), TimeZone::UTC, (80, 24));
        let mut reader = Reader { model, client, is_linked: true };
        let mut log: Vec<String> = Vec::new();
        reader.read(&mut world, None);
        for step in steps {
            match step {
                Step::Said(count, together) => for number in 0..count {
                    world.pass(u64::from(number % together == 0));
                    log.push(log.len().to_string());
                    world.say(writer, log.len() as u64, log.last().unwrap());
                },
                Step::Broke if reader.is_linked => {
                    world.cut(client);
                    reader.is_linked = false;
                }
                Step::Linked if !reader.is_linked => {
                    world.link(client);
                    reader.is_linked = true;
                }
                Step::Broke | Step::Linked => {}
                Step::Up => reader.press(&mut world, KeyCode::PageUp),
            }
            reader.read(&mut world, None);
            world.events(writer);
        }
        if !reader.is_linked {
            world.link(client);
            reader.read(&mut world, None);
        }
        reader.read_all(&mut world);
        prop_assert_eq!(reader.texts(), log);
    }
}
