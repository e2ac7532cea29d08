//! Where the random play begins, and the ways into all that can be opened: without them it would rarely get there.
//! It must never decide what happens then.

use proptest::prelude::*;
use proptest::sample::select;

use super::happenings::{line, listed};
use crate::ids::NetworkId;
use crate::model::network::Settings;
use crate::session::event::{Event, Message};
use crate::stage::shelf::Shelf;
use crate::stage::{Stage, ada};

/// What is there at the beginning.
#[derive(Clone, Debug)]
pub(super) struct Scene {
    networks: u16,
    /// Whether there is a store, and whether it is slow.
    shelf: Option<bool>,
    /// What was said in a room of each network.
    said: Vec<Message>,
    /// What is known of the rooms there are.
    rooms: Vec<Event>,
}

pub(super) fn scene() -> impl Strategy<Value = Scene> {
    let said = prop::collection::vec(line(), 0..30);
    let rooms = prop::collection::vec(listed(), 0..40);
    let shelf = prop::option::of(any::<bool>());
    (1_u16..4, shelf, said, rooms).prop_map(|(networks, shelf, said, rooms)| Scene {
        networks,
        shelf,
        said,
        rooms,
    })
}

impl Scene {
    pub(super) fn begin(self) -> Stage {
        let mut stage = match self.shelf {
            Some(_) => Stage::keeping(ada(), Shelf::new()),
            None => Stage::new(ada()),
        };
        if let Some(kept) = &mut stage.shelf {
            kept.is_slow = self.shelf == Some(true);
        }
        for number in 1..self.networks {
            let name = format!("net{number}");
            stage.model.add_network(Settings { name, ..ada() });
        }
        for on in (0..self.networks).map(NetworkId) {
            stage.connect_on(on, false);
            stage.enter_on(on, "#lobby", &[("ada", "@"), ("grace", "")]);
            for message in &self.said {
                stage.hear_on(on, Event::Message(message.clone()));
            }
            for room in &self.rooms {
                stage.hear_on(on, room.clone());
            }
        }
        stage.enter("#ops", &[("ada", "@"), ("grace", "")]);
        stage
    }
}

/// Keys that open something: each list, box, question and mode that there is, and some things in them.
pub(super) fn opening() -> impl Strategy<Value = &'static str> {
    select(vec![
        "<ctrl-up>",
        "<ctrl-up><ctrl-up><ctrl-up>",
        "<ctrl-up>r",
        "<ctrl-up>+",
        "<ctrl-up>o",
        "<ctrl-up>p",
        "<ctrl-up>d",
        "gr<tab>",
        "/l<tab>",
        "/join #<tab>",
        "/set <tab>",
        ":sm<tab>",
        "/list<enter>",
        "/list<enter>o<tab>",
        "/login<enter>",
        "/register<enter>",
        "/password<enter>secret<enter>",
        "<ctrl-f>a",
        "<f9>",
        "<ctrl-r>",
        "<ctrl-t>",
        "<f1>",
        "<f2>",
        "<f4>",
        "<f7>",
        "<f8>",
        "/search a<enter>",
        "/query grace<enter>",
        "/window 1<enter>",
        "/window 3<enter>",
        "/window net1<enter>",
        "one<enter>two<enter>",
    ])
}
