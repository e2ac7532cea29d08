//! The doors for encrypted links in a config file, `listen` of `[server.tls]`: one more is written.
//! It must never take one away.

use std::net::SocketAddr;

use toml_edit::{Array, DocumentMut, Item, Table, Value, value};

/// Adds a door; whether it was not there yet. `None`: the file has its doors in a form that cannot be changed.
pub(super) fn put(document: &mut DocumentMut, door: SocketAddr) -> Option<bool> {
    let door = door.to_string();
    // What the file does not have yet needs no head of its own.
    let tables = || {
        let mut table = Table::new();
        table.set_implicit(true);
        Item::Table(table)
    };
    let server = document.entry("server").or_insert_with(tables);
    let tls = server
        .as_table_like_mut()?
        .entry("tls")
        .or_insert_with(tables);
    let doors = tls.as_table_like_mut()?.entry("listen");
    let doors = doors
        .or_insert_with(|| value(Array::new()))
        .as_array_mut()?;
    if doors.iter().any(|known| known.as_str() == Some(&door)) {
        return Some(false);
    }
    doors.push(Value::from(door));
    Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put_into(text: &str) -> (Option<bool>, String) {
        let mut document: DocumentMut = text.parse().unwrap();
        let done = put(&mut document, "0.0.0.0:6697".parse().unwrap());
        (done, document.to_string())
    }

    #[test]
    fn a_door_is_added_and_all_else_stays() {
        let written = "[server.tls]\nlisten = [\"0.0.0.0:6697\"]\n";
        assert_eq!(put_into(""), (Some(true), written.to_owned()));
        assert_eq!(put_into(written), (Some(false), written.to_owned()));
        let ours = "# mine\nnickname = \"ada\"\n\n[server] # all of it\nmotd = \"hi\"\n";
        let (done, text) = put_into(ours);
        assert_eq!(done, Some(true));
        assert_eq!(text, format!("{ours}\n{written}"));
        let loopback = "[server.tls]\nlisten = [\"127.0.0.1:7000\"] # a tunnel\n";
        let (_, text) = put_into(loopback);
        assert_eq!(
            text,
            "[server.tls]\nlisten = [\"127.0.0.1:7000\", \"0.0.0.0:6697\"] # a tunnel\n"
        );
        assert_eq!(put_into("server = 3\n").0, None);
    }
}
