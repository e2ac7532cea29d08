//! The `[[network]]` tables of a config file: found, added, taken out, with everything around them as it was.
//! It must never change the networks that stay.

use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, value};

use crate::address::is_this_machine;
use crate::config::network::{DEFAULT_PORT, DEFAULT_TLS_PORT};
use crate::model::network::Settings;

const NETWORK: &str = "network";

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
