//! Reads the `[server]` part of a file strictly: what it does not know is an error. It never guesses a value.

use std::fmt::Display;
use std::str::FromStr;

use toml::de::{DeTable, DeValue};
use toml::{Spanned, de::DeArray};

use super::check::{self, ConfigError, Place as Where, Seen, nearest};
use super::key::{Place, Visitor};
use super::list;
use super::shape::Config;

/// The keys at the top of the file that are the client's. It checks them; here they only must not be typos.
pub const CLIENT_KEYS: &[&str] = &[
    "host",
    "port",
    "nickname",
    "rooms",
    "join_at_start",
    "tls",
    "server_password",
    "account",
    "password",
    "password_command",
    "mechanism",
    "on_connect",
    "regain_nick",
    "certificate",
    "mouse",
    "typing",
    "notify",
    "mention_words",
    "comings",
    "reply_names",
    "theme",
    "time_format",
    "network",
    "store",
    "aliases",
    "keys",
];

/// Sets in `config` what the text says.
pub(crate) fn read(config: &mut Config, text: &str, file: &str) -> Result<(), ConfigError> {
    let at = Where { file, text };
    let document = DeTable::parse(text).map_err(|error| {
        at.error(
            error.span().map_or(0, |span| span.start),
            "",
            error.message(),
            "",
        )
    })?;
    for (key, _) in document.get_ref() {
        let name = key.get_ref().as_ref();
        if name != "server" && !CLIENT_KEYS.contains(&name) {
            let known = CLIENT_KEYS.iter().copied().chain(["server"]);
            return Err(at.unknown(key.span().start, name, nearest(name, known)));
        }
    }
    let mut reader = Reader {
        at,
        root: document.get_ref(),
        section: String::new(),
        table: None,
        seen: Vec::new(),
        sections: Vec::new(),
        error: None,
    };
    list::visit(config, &mut reader);
    reader.close();
    reader.check_sections();
    let places = reader.seen;
    match reader.error {
        Some(error) => Err(error),
        None => check::check(config, &at, &places),
    }
}

const LISTEN: &str = "addresses with ports, such as [\"127.0.0.1:6667\"] or [\"[::1]:6667\"]";
const HOSTS: &str = "addresses, such as [\"127.0.0.1\", \"::1\"]";
const TEXTS: &str = "texts, such as [\"a\", \"b\"]";

struct Reader<'t> {
    at: Where<'t>,
    root: &'t DeTable<'t>,
    /// The section at hand, as people write it.
    section: String,
    table: Option<&'t DeTable<'t>>,
    /// Every key that was asked for, with its place if it is in the file.
    seen: Vec<Seen>,
    sections: Vec<&'static str>,
    error: Option<ConfigError>,
}

impl<'t> Reader<'t> {
    fn fail(&mut self, error: ConfigError) {
        // The first in the file is the one to mend first.
        if self
            .error
            .as_ref()
            .is_none_or(|other| error.line < other.line)
        {
            self.error = Some(error);
        }
    }

    /// The section is over: what is in it and was not asked for is unknown.
    fn close(&mut self) {
        let Some(table) = self.table.take() else {
            return;
        };
        let prefix = format!("{}.", self.section);
        let known: Vec<String> = self
            .seen
            .iter()
            .filter_map(|(key, _)| key.strip_prefix(&prefix).map(str::to_owned))
            .collect();
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            if known.iter().any(|one| one == name) {
                continue;
            }
            let is_section = matches!(value.get_ref(), DeValue::Table(_) | DeValue::Array(_));
            if self.section == "server" && is_section && has_section(name, value) {
                continue;
            }
            let sections = list_sections();
            let near = if self.section == "server" {
                let inner = sections
                    .iter()
                    .filter_map(|one| one.strip_prefix("server."));
                nearest(name, known.iter().map(String::as_str).chain(inner))
            } else {
                nearest(name, known.iter().map(String::as_str))
            };
            let error =
                self.at
                    .unknown(key.span().start, &format!("{}.{name}", self.section), near);
            self.fail(error);
        }
    }

    /// Whatever is called a section must be one.
    fn check_sections(&mut self) {
        if let Some(server) = self.root.get("server")
            && server.get_ref().as_table().is_none()
        {
            let error = self.at.error(
                server.span().start,
                "server",
                "is a section",
                "write [server]",
            );
            self.fail(error);
        }
    }

    fn find(&self, name: &str) -> Option<&'t DeTable<'t>> {
        let mut table = self.root;
        for part in name.split('.') {
            table = table.get(part)?.get_ref().as_table()?;
        }
        Some(table)
    }

    fn list(&self, name: &str) -> Option<&'t DeArray<'t>> {
        let inner = name.strip_prefix("server.")?;
        self.find("server")?.get(inner)?.get_ref().as_array()
    }

    fn wrong(&mut self, value: &Spanned<DeValue<'_>>, name: &str, wanted: &str) {
        let got = match value.get_ref() {
            DeValue::String(text) => format!("\"{text}\""),
            DeValue::Integer(number) => number.to_string(),
            DeValue::Boolean(flag) => flag.to_string(),
            other => format!("{} {}", article(other.type_str()), other.type_str()),
        };
        let key = format!("{}.{name}", self.section);
        let error = self
            .at
            .error(value.span().start, &key, &format!("is {got}"), wanted);
        self.fail(error);
    }

    fn set(&mut self, name: &str, place: Place<'_>, value: &Spanned<DeValue<'_>>) {
        let inner = value.get_ref();
        let wanted = match place {
            Place::Text(text) => put(inner.as_str().map(str::to_owned), text, "a text in quotes"),
            Place::Secret(secret) => {
                let given = inner.as_str().map(str::to_owned);
                if given.is_none() {
                    // What stands there may be the secret without its quotes.
                    let key = format!("{}.{name}", self.section);
                    let error =
                        self.at
                            .error(value.span().start, &key, "is no text", "a text in quotes");
                    self.fail(error);
                }
                put(given, &mut secret.0, "");
                return;
            }
            Place::Flag(flag) => put(inner.as_bool(), flag, "true or false, without quotes"),
            Place::Number(number, range) => {
                let given = inner
                    .as_integer()
                    .and_then(|i| u64::from_str_radix(i.as_str(), i.radix()).ok())
                    .filter(|given| range.contains(given));
                let (least, most) = (range.start(), range.end());
                put(
                    given,
                    number,
                    &format!("a whole number from {least} to {most}"),
                )
            }
            Place::Choice(choice) => {
                let words = choice.words();
                let given = inner.as_str();
                let found = words.iter().position(|word| Some(*word) == given);
                if let Some(index) = found {
                    choice.choose(index);
                    return;
                }
                Some(format!("one of \"{}\"", words.join("\", \"")))
            }
            Place::Listen(list) => return self.items(name, list, value, LISTEN),
            Place::Hosts(list) => return self.items(name, list, value, HOSTS),
            Place::Texts(list) => return self.items(name, list, value, TEXTS),
        };
        if let Some(wanted) = wanted {
            self.wrong(value, name, &wanted);
        }
    }

    fn items<T: FromStr>(
        &mut self,
        name: &str,
        list: &mut Vec<T>,
        value: &Spanned<DeValue<'_>>,
        wanted: &str,
    ) where
        T::Err: Display,
    {
        let Some(array) = value.get_ref().as_array() else {
            return self.wrong(value, name, &format!("a list of {wanted}"));
        };
        list.clear();
        for item in array {
            match item.get_ref().as_str().map(str::parse) {
                Some(Ok(item)) => list.push(item),
                Some(Err(_)) | None => self.wrong(item, name, wanted),
            }
        }
    }
}

impl Visitor for Reader<'_> {
    fn key(&mut self, name: &'static str, place: Place<'_>, _does: &'static str) {
        let full = format!("{}.{name}", self.section);
        let value = self.table.and_then(|table| table.get(name));
        self.seen
            .push((full, value.map_or(0, |value| value.span().start)));
        if let Some(value) = value {
            self.set(name, place, value);
        }
    }

    fn section(&mut self, name: &'static str, _does: &'static str) {
        self.close();
        self.sections.push(name);
        name.clone_into(&mut self.section);
        self.table = self.find(name);
    }

    fn entries(&mut self, name: &'static str, _does: &'static str) -> usize {
        self.close();
        self.sections.push(name);
        self.list(name).map_or(0, |list| list.len())
    }

    fn entry(&mut self, name: &'static str, index: usize) {
        self.close();
        name.clone_into(&mut self.section);
        self.table = self
            .list(name)
            .and_then(|list| list.get(index)?.get_ref().as_table());
    }
}

/// Puts a value in its place, or says what it should have been.
fn put<T>(given: Option<T>, place: &mut T, wanted: &str) -> Option<String> {
    let Some(given) = given else {
        return Some(wanted.to_owned());
    };
    *place = given;
    None
}

/// Whether there is such a section, and it is written as one.
fn has_section(name: &str, value: &Spanned<DeValue<'_>>) -> bool {
    let full = format!("server.{name}");
    let is_table = matches!(value.get_ref(), DeValue::Table(_));
    let entries = full == "server.operator" || full == "server.gateway";
    list_sections().contains(&full) && is_table != entries
}

/// The names of all sections.
fn list_sections() -> Vec<String> {
    #[derive(Default)]
    struct Names(Vec<String>);
    impl Visitor for Names {
        fn key(&mut self, _name: &'static str, _place: Place<'_>, _does: &'static str) {}
        fn section(&mut self, name: &'static str, _does: &'static str) {
            self.0.push(name.to_owned());
        }
        fn entries(&mut self, name: &'static str, _does: &'static str) -> usize {
            self.0.push(name.to_owned());
            0
        }
        fn entry(&mut self, _name: &'static str, _index: usize) {}
    }
    let mut names = Names::default();
    list::visit(&mut Config::default(), &mut names);
    names.0
}

fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    }
}
