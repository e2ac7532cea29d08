//! A reader's screen joined to a server's core: bursts in one millisecond, broken links, pages of any cut, answers to
//! what is not loaded, and a screen that speaks while lines are on their way. After all of it was read, the reader has exactly what the server has, in its order.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
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
    /// An answer to the message that is so many before it.
    Answered(usize),
    Broke,
    Linked,
    Up,
    FirstUnread,
}

/// What happens, and after how many ways to the server and back the next thing happens.
fn steps() -> impl Strategy<Value = Vec<(Step, usize)>> {
    let step = (0u8..11, 1u64..150, 1u64..160).prop_map(|(sort, count, together)| match sort {
        0..=2 => Step::Said(count, together),
        3 | 4 => Step::Broke,
        5 | 6 => Step::Linked,
        7 | 8 => Step::Answered(usize::try_from(count).unwrap()),
        9 => Step::FirstUnread,
        _ => Step::Up,
    });
    let ways = prop_oneof![0usize..8, Just(ALL)];
    prop::collection::vec((step, ways), 1..16)
}

/// More ways than anything takes.
const ALL: usize = 400;

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

    /// Takes in what came, and asks what the screen wants to know, until it wants no more or so many ways are gone.
    fn read(&mut self, world: &mut World, first: Option<Msg>, ways: usize) {
        let mut msgs: Vec<Msg> = first.into_iter().collect();
        for _ in 0..=ways {
            let came = world.events(self.client).into_iter();
            msgs.extend(came.map(|event| Msg::Network(NetworkId::FIRST, event)));
            if msgs.is_empty() && !world.turn() {
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
        assert!(ways < ALL, "it asks without end");
    }

    fn press(&mut self, world: &mut World, key: KeyCode) {
        self.read(world, Some(Msg::Pressed(KeyEvent::from(key))), ALL);
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
        let mut msgids: Vec<String> = Vec::new();
        world.is_slow = true;
        reader.read(&mut world, None, ALL);
        for (step, ways) in steps {
            match step {
                Step::Said(count, together) => for number in 0..count {
                    world.pass(u64::from(number % together == 0));
                    log.push(log.len().to_string());
                    world.say(writer, log.len() as u64, log.last().unwrap());
                },
                Step::Answered(back) => {
                    world.pass(1);
                    let answered = msgids.len().checked_sub(back);
                    let msgid = answered.map(|place| msgids[place].clone());
                    log.push(log.len().to_string());
                    world.answer(writer, log.len() as u64, log.last().unwrap(), msgid);
                }
                Step::Broke if reader.is_linked => {
                    world.cut(client);
                    reader.is_linked = false;
                }
                Step::Linked if !reader.is_linked => {
                    world.link(client);
                    reader.is_linked = true;
                }
                Step::Broke | Step::Linked => {}
                Step::Up => {
                    let key = KeyEvent::from(KeyCode::PageUp);
                    reader.read(&mut world, Some(Msg::Pressed(key)), ways);
                }
                Step::FirstUnread => {
                    let key = KeyEvent::new(KeyCode::Char('u'), KeyModifiers::ALT);
                    reader.read(&mut world, Some(Msg::Pressed(key)), ways);
                }
            }
            reader.read(&mut world, None, ways);
            let said = world.messages(writer).into_iter();
            msgids.extend(said.filter_map(|message| message.msgid));
        }
        if !reader.is_linked {
            world.link(client);
        }
        reader.read(&mut world, None, ALL);
        reader.read_all(&mut world);
        prop_assert_eq!(reader.texts(), log);
    }
}
