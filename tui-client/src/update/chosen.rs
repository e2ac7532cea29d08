//! Plain keys while a message is chosen: answer, try again, copy.
//! It must never take a key that it does not know: that one goes on writing.

use crate::deeds;
use crate::effect::Effect;
use crate::entry::Delivery;
use crate::model::Model;

/// Does what the key says; false if it says nothing here.
pub fn run(model: &mut Model, effects: &mut Vec<Effect>, key: char) -> bool {
    let Some(line) = model.chosen else {
        return false;
    };
    let id = model.current;
    let Some(window) = model.here_mut() else {
        return false;
    };
    let index = window.scrollback.index_of(line);
    let Some(entry) = index.and_then(|index| window.scrollback.get(index)) else {
        model.chosen = None;
        return false;
    };
    let Some(said) = entry.as_said() else {
        return false;
    };
    match key {
        'r' if matches!(said.delivery, Some(Delivery::Failed(_))) => {
            deeds::retry(model, effects, id, line);
            model.chosen = None;
        }
        'r' if said.msgid.is_some() => {
            window.reply_to = Some(line);
            window.anchor = None;
            model.chosen = None;
        }
        'r' => deeds::toast(
            model,
            "This message cannot be answered: the server gave it no id",
        ),
        'y' => {
            effects.push(Effect::Copy(entry.rich.text.clone()));
            deeds::toast(model, "Copied");
            model.chosen = None;
        }
        'o' => {
            let address = entry.rich.link().map(str::to_owned);
            match address {
                Some(address) => {
                    deeds::toast(model, format!("Opening {address}"));
                    effects.push(Effect::Open(address));
                    model.chosen = None;
                }
                None => deeds::toast(model, "There is no link in it"),
            }
        }
        _ => return false,
    }
    true
}
