//! A click into the messages: it chooses, unfolds, opens a link, reacts, goes to what is answered.
//! It must never do to a message what its keys would not.

use ratatui::layout::{Position, Rect};

use crate::effect::Effect;
use crate::entry::Body;
use crate::ids::LineId;
use crate::model::Model;
use crate::rows::{Plain, Row};
use crate::text::wrap;
use crate::update::chosen;
use crate::{gestures, reading};

/// What stands where it was clicked.
enum Spot {
    /// A message, or what was done to it.
    Message,
    /// Coming and going in one line.
    Fold,
    /// What is answered.
    Quote,
    /// A link.
    Link(String),
    /// A reaction.
    Reaction(String),
}

/// Does what a click there means.
pub fn run(model: &mut Model, effects: &mut Vec<Effect>, pane: Rect, at: Position) {
    let Some((line, spot)) = spot(model, pane, at) else {
        model.chosen = None;
        return;
    };
    match spot {
        Spot::Message if model.chosen == Some(line) => model.chosen = None,
        Spot::Message => model.chosen = Some(line),
        Spot::Fold => {
            let window = model.here_mut();
            if let Some(entry) = window.and_then(|window| window.scrollback.by_id_mut(line)) {
                entry.tell_everybody();
            }
        }
        Spot::Quote => {
            model.chosen = Some(line);
            chosen::parent(model, effects);
        }
        Spot::Link(address) => gestures::open(model, effects, &address),
        Spot::Reaction(reaction) => gestures::react(model, effects, line, &reaction),
    }
}

fn spot(model: &Model, pane: Rect, at: Position) -> Option<(LineId, Spot)> {
    let rows = reading::rows(model)?;
    let shown = rows.page(&mut Plain).rows;
    let top = usize::from(pane.bottom()).checked_sub(shown.len())?;
    let (index, row) = shown.get(usize::from(at.y).checked_sub(top)?)?;
    let entry = rows.window.scrollback.get(*index)?;
    let Some(said) = entry.as_said() else {
        let is_fold = matches!(entry.body, Body::Presence(_)) && matches!(row, Row::Text { .. });
        return is_fold.then_some((entry.id, Spot::Fold));
    };
    let x = at.x - pane.x;
    let beside = x.checked_sub(rows.grid.text_x);
    let spot = match row {
        Row::Quote => Some(Spot::Quote),
        Row::Reactions { chips, .. } => {
            let reaction = beside.and_then(|x| said.reactions.at(chips.clone(), x));
            reaction.map(|reaction| Spot::Reaction(reaction.what.clone()))
        }
        Row::Givers { chip, .. } => {
            let all = said.reactions.by_count();
            let reaction = all.get(*chip);
            reaction.map(|reaction| Spot::Reaction(reaction.what.clone()))
        }
        Row::Text { range, .. } => {
            let cells = x.checked_sub(rows.grid.start(entry));
            let byte = cells.and_then(|x| wrap::byte_at(&entry.rich.text, range, x));
            let link = byte.and_then(|byte| entry.rich.link_at(byte));
            link.map(|(_, address)| Spot::Link(address.into_owned()))
        }
        _ => None,
    };
    Some((entry.id, spot.unwrap_or(Spot::Message)))
}
