//! The `[[network]]` tables of a config file: found, added, taken out, a room of theirs renamed, with
//! everything around them as it was.
//! It must never change the networks that stay.

use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, Value, value};

use crate::address::is_this_machine;
use crate::config::network::{DEFAULT_PORT, DEFAULT_TLS_PORT};
use crate::model::network::Settings;

const NETWORK: &str = "network";
const ROOMS: &str = "rooms";

/// Whether a network of this name is there.
pub(super) fn has(document: &DocumentMut, name: &str) -> bool {
    let tables = document.get(NETWORK).and_then(Item::as_array_of_tables);
    tables.is_some_and(|tables| tables.iter().any(|table| is_called(table, name)))
}

fn is_called(table: &Table, name: &str) -> bool {
    let its = table.get("name").and_then(Item::as_str).unwrap_or_default();
    its.to_lowercase() == name.to_lowercase()
}

/// Adds a network behind all else; `None`: the file has its networks in another form.
pub(super) fn put(document: &mut DocumentMut, network: &Settings) -> Option<()> {
    let mut table = Table::new();
    table.insert("name", value(&network.name));
    table.insert("host", value(&network.host));
    let usual = if is_this_machine(&network.host) {
        DEFAULT_PORT
    } else {
        DEFAULT_TLS_PORT
    };
    if network.port != usual {
        table.insert("port", value(i64::from(network.port)));
    }
    if !network.rooms.is_empty() {
        table.insert("rooms", value(network.rooms.iter().collect::<Array>()));
    }
    let tables = document.entry(NETWORK);
    let tables = tables.or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
    tables.as_array_of_tables_mut()?.push(table);
    Some(())
}

/// Takes a network out; whether it was there. `None`: the file has its networks in another form.
pub(super) fn remove(document: &mut DocumentMut, name: &str) -> Option<bool> {
    let Some(tables) = document.get_mut(NETWORK) else {
        return Some(false);
    };
    let tables = tables.as_array_of_tables_mut()?;
    let before = tables.len();
    tables.retain(|table| !is_called(table, name));
    let (is_gone, is_empty) = (tables.len() < before, tables.is_empty());
    if is_empty {
        document.remove(NETWORK);
    }
    Some(is_gone)
}

/// Gives a room another name where a network enters it; whether it does. No name: the network at the top, whose rooms
/// are the `usual` ones where the file names none.
pub(super) fn rename_room(
    document: &mut DocumentMut,
    network: &str,
    (from, to): (&str, &str),
    usual: &str,
) -> bool {
    let table = if network.is_empty() {
        Some(document.as_table_mut())
    } else {
        let tables = document.get_mut(NETWORK);
        let tables = tables.and_then(Item::as_array_of_tables_mut);
        tables.and_then(|tables| tables.iter_mut().find(|table| is_called(table, network)))
    };
    let Some(table) = table else {
        return false;
    };
    if network.is_empty() && table.get(ROOMS).is_none() {
        let Ok(mut rooms) = usual.parse::<Value>() else {
            return false;
        };
        let is_there = rooms
            .as_array_mut()
            .is_some_and(|rooms| put_in(rooms, from, to));
        if is_there {
            table.insert(ROOMS, Item::Value(rooms));
        }
        return is_there;
    }
    let rooms = table.get_mut(ROOMS).and_then(Item::as_array_mut);
    rooms.is_some_and(|rooms| put_in(rooms, from, to))
}

/// Puts a name in the place of another, with what stands around it.
fn put_in(rooms: &mut Array, from: &str, to: &str) -> bool {
    let is_it = |room: &&mut Value| {
        room.as_str()
            .is_some_and(|name| name.to_lowercase() == from.to_lowercase())
    };
    let Some(room) = rooms.iter_mut().find(is_it) else {
        return false;
    };
    let around = room.decor().clone();
    *room = Value::from(to);
    *room.decor_mut() = around;
    true
}
