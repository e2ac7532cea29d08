//! The keys of the config file that can be set while the chat runs, as rows of the example file.
//! It must never know where the file is.

use toml_edit::{Array, DocumentMut, Item, Table, Value};

use crate::config;

/// Every key with its default and what it does; a test holds it to the code.
const EXAMPLE: &str = include_str!("../../../config.example.toml");
/// What no screen shows.
const HIDDEN: &[&str] = &["password", "server_password", "on_connect"];
/// Lists whose elements are lines, with spaces in them: what is written without brackets is one of these.
const OF_LINES: &[&str] = &["on_connect"];

/// A key that can be set: its name, its default as TOML, and what it does.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub(super) table: &'static str,
    name: &'static str,
    pub(super) default: &'static str,
    pub(super) help: &'static str,
}

/// All of them.
pub(super) fn rows() -> impl Iterator<Item = Row> {
    let mut table = "";
    EXAMPLE.lines().filter_map(move |line| {
        if let Some(name) = line.strip_prefix('[') {
            table = name.split(']').next().unwrap_or_default();
        }
        let (name, rest) = line.split_once(" = ")?;
        let (default, help) = rest.split_once(" # ")?;
        let is_ours = !name.starts_with('#') && matches!(table, "" | "keys");
        is_ours.then(|| Row {
            table,
            name,
            default: default.trim(),
            help: help.trim(),
        })
    })
}

impl Row {
    pub(super) fn full_name(self) -> String {
        match self.table {
            "" => self.name.to_owned(),
            table => format!("{table}.{}", self.name),
        }
    }

    /// Its value in a file, as it is written there.
    pub(super) fn value(self, document: &DocumentMut) -> Option<String> {
        let table: &Table = match self.table {
            "" => document.as_table(),
            table => document.get(table)?.as_table()?,
        };
        let mut value = table.get(self.name)?.as_value()?.clone();
        // The comment behind it.
        value.decor_mut().clear();
        Some(value.to_string())
    }

    /// Its value as people see it, with the default if it is that.
    pub(super) fn shown(self, document: &DocumentMut) -> String {
        let name = self.full_name();
        match self.value(document) {
            Some(_) if HIDDEN.contains(&self.name) => format!("{name} is set, and not shown"),
            Some(value) if value != self.default => {
                format!("{name} = {value} (default: {})", self.default)
            }
            _ => format!("{name} = {}", self.default),
        }
    }

    /// What it may be, where the example names each word.
    pub(super) fn words(self) -> Vec<String> {
        match self.default {
            "true" | "false" => vec!["true".to_owned(), "false".to_owned()],
            text if text.starts_with('"') => {
                let quoted = self.help.split('"').skip(1).step_by(2);
                quoted.map(str::to_owned).collect()
            }
            _ => Vec::new(),
        }
    }

    pub(super) fn counts_at_once(self) -> bool {
        self.table == "keys" || config::counts_at_once(self.name)
    }

    /// What was written as a value: the quotes and brackets that the key's kind needs may be left out.
    pub(super) fn parse(self, written: &str) -> Value {
        let has_form = |mark: char| self.default.starts_with(mark) && !written.starts_with(mark);
        if has_form('[') && OF_LINES.contains(&self.name) {
            return Value::Array(Array::from_iter([written]));
        }
        if has_form('[') {
            return Value::Array(written.split_whitespace().collect::<Array>());
        }
        let parsed = written.parse::<Value>().ok().filter(|_| !has_form('"'));
        parsed.unwrap_or_else(|| Value::from(written))
    }

    /// Puts a value into a file; what stands around the old one stays.
    pub(super) fn put(self, document: &mut DocumentMut, mut value: Value) -> Option<()> {
        let table: &mut Table = match self.table {
            "" => document.as_table_mut(),
            table => {
                let item = document.entry(table);
                item.or_insert(Item::Table(Table::new())).as_table_mut()?
            }
        };
        let old = table.get(self.name).and_then(Item::as_value);
        if let Some(old) = old {
            *value.decor_mut() = old.decor().clone();
        }
        // Not `insert`: that would lose the comment above the key.
        *table.entry(self.name).or_insert(Item::None) = Item::Value(value);
        Some(())
    }
}
