//! The list of a network's rooms: opened by `/list`, filled as the server answers, and the keys in it.
//! It must never enter a room that nobody chose.

use crate::action::Action;
use crate::deeds;
use crate::effect::Effect;
use crate::ids::NetworkId;
use crate::model::Model;
use crate::model::browse::{Browse, Order};
use crate::model::overlay::Overlay;
use crate::sanitise;
use crate::session::command::Command;
use crate::session::listing::Listing;
use crate::update::call::Call;
use crate::update::edit;

/// Rows that are neither rooms nor their topics: the box, what is typed, the chosen topic.
const FRAME_ROWS: usize = 5;

/// Asks for the rooms, and opens the list.
pub fn list(call: Call<'_>) {
    let on = call.model.on();
    let mask = call.rest.to_owned();
    if call.model.network().is_connected() {
        let directory = &mut call.model.networks.get_mut(on).directory;
        (directory.is_shown, directory.is_arriving) = (true, true);
        call.model.overlay = Some(Overlay::Directory(Browse::new(on, directory)));
    }
    call.send(Command::List { mask });
}

/// Takes what the server tells of its rooms.
pub fn told(model: &mut Model, on: NetworkId, listing: Listing) {
    let directory = &mut model.networks.get_mut(on).directory;
    let is_whole = match listing {
        Listing::Asked { least } => {
            directory.begin(least);
            true
        }
        Listing::Room {
            room,
            members,
            topic,
        } => {
            directory.insert(sanitise::name(&room), members, &sanitise::line(&topic));
            false
        }
        Listing::Ended(trouble) => {
            directory.is_arriving = false;
            directory.trouble = sanitise::line(&trouble.unwrap_or_default());
            true
        }
    };
    if let Some(Overlay::Directory(browse)) = &mut model.overlay
        && browse.on == on
    {
        if is_whole {
            browse.fill(directory);
        } else {
            browse.grew(directory);
        }
    }
}

/// A row of the answer as words: whether it is to be told.
pub fn is_spoken(model: &mut Model, on: NetworkId) -> bool {
    let directory = &mut model.networks.get_mut(on).directory;
    let is_shown = directory.is_shown;
    // The last row comes behind the end.
    directory.is_shown &= directory.is_arriving;
    !is_shown
}

/// Takes a key while the list is open.
pub fn key(
    model: &mut Model,
    effects: &mut Vec<Effect>,
    mut browse: Browse,
    action: Option<Action>,
    typed: Option<char>,
) {
    let page = usize::from(model.layout().area.height)
        .saturating_sub(FRAME_ROWS + 1)
        .max(1);
    let directory = &model.networks.get(browse.on).directory;
    let last = browse.names.len() + usize::from(browse.may_ask(directory));
    let last = last.saturating_sub(1);
    match (action, typed) {
        (_, Some(char)) => {
            browse.query.insert(&char.to_string());
            browse.chosen = 0;
            browse.fill(directory);
        }
        (Some(Action::Send), _) => return take(model, effects, &browse),
        (Some(Action::Complete), _) => {
            browse.order = match browse.order {
                Order::Members => Order::Name,
                Order::Name => Order::Members,
            };
            browse.fill(directory);
        }
        (Some(Action::Next | Action::NextWindow), _) => {
            browse.chosen = if browse.chosen < last {
                browse.chosen + 1
            } else {
                0
            };
        }
        (Some(Action::Previous | Action::PreviousWindow), _) => {
            browse.chosen = browse.chosen.checked_sub(1).unwrap_or(last);
        }
        (Some(Action::PageDown), _) => browse.chosen = (browse.chosen + page).min(last),
        (Some(Action::PageUp), _) => browse.chosen = browse.chosen.saturating_sub(page),
        (Some(Action::Top), _) => browse.chosen = 0,
        (Some(Action::Bottom), _) => browse.chosen = last,
        (Some(Action::Quit), _) => return,
        (Some(action), _) => {
            let before = browse.query.text().to_owned();
            if action != Action::Newline {
                edit::run(action, &mut browse.query, &mut model.kills);
            }
            if browse.query.text() != before {
                browse.chosen = 0;
                browse.fill(&model.networks.get(browse.on).directory);
            }
        }
        (None, None) => {}
    }
    model.overlay = Some(Overlay::Directory(browse));
}

/// Enters the chosen room; on the row below the last one, asks the server for more that fits.
fn take(model: &mut Model, effects: &mut Vec<Effect>, browse: &Browse) {
    let on = browse.on;
    if let Some(room) = browse.names.get(browse.chosen) {
        return deeds::enter(model, effects, (on, room), None);
    }
    let directory = &mut model.networks.get_mut(on).directory;
    if browse.may_ask(directory) {
        directory.is_shown = true;
        let mask = format!("*{}*", browse.query.text().trim());
        effects.push(Effect::Send(on, Command::List { mask }));
        model.overlay = Some(Overlay::Directory(browse.clone()));
    }
}
