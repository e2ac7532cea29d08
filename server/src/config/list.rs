//! The list of all keys of `[server]`, each with one line of what it does. It never says where values come from: a
//! visitor reads them from a file, and another writes `config.example.toml`.

use std::fmt::Write as _;

use super::key::{Place, Visitor};
use super::shape::{Config, Gateway, Limits, Operator};

/// Hands the visitor one key after the other: the field, what it may be, and what it does.
macro_rules! keys {
    ($visitor:ident, $section:expr; $($field:ident: $kind:ident $(($range:expr))?, $does:literal;)+) => {
        $($visitor.key(stringify!($field), Place::$kind(&mut $section.$field $(, $range)?), $does);)+
    };
}

/// Goes through every key, in the order of the example file.
pub(crate) fn visit(config: &mut Config, visitor: &mut dyn Visitor) {
    general(config, visitor);
    doors(config, visitor);
    limits(&mut config.limits, visitor);
    people(config, visitor);
    visitor.section(
        "server.metrics",
        "figures for Prometheus, as HTTP at /metrics",
    );
    keys! { visitor, config.metrics;
        listen: Listen, "where; loopback only";
    }
    visitor.section("server.log", "what parlord writes to standard error");
    keys! { visitor, config.log;
        format: Choice, "\"text\": for people; \"json\": one object a line, for programs";
    }
    entries(config, visitor);
}

fn general(config: &mut Config, visitor: &mut dyn Visitor) {
    visitor.section("server", "read by parlord, and by parlor when it hosts");
    keys! { visitor, config;
        name: Text, "the server's name on the wire; it has a dot";
        description: Text, "what WHOIS and LINKS say of it";
        network: Text, "the network's name";
        listen: Listen, "IRC, unencrypted";
        password: Secret, "what PASS must carry; empty: nothing";
        motd: Text, "the message of the day, one line or several";
        data_dir: Text, "what must outlast the program; empty: the user's data folder";
        default_user_modes: Text, "user modes that everybody starts with, such as \"i\"";
    }
}

fn doors(config: &mut Config, visitor: &mut dyn Visitor) {
    visitor.section("server.tls", "IRC over TLS");
    keys! { visitor, config.tls;
        listen: Listen, "where, such as [\"0.0.0.0:6697\"]";
        certificate: Text, "PEM file; empty: made at first start and kept in data_dir";
        key: Text, "PEM file of its private key";
        sts_port: Number(0..=65_535), "tell clients to come back encrypted at this port; 0: do not";
        sts_days: Number(1..=3650), "days for which they remember that";
        acme_hosts: Texts, "public names of this machine: get a certificate for them, and agree to its giver's terms";
        acme_email: Text, "where its giver may write to; may stay empty";
        acme_directory: Text, "who gives it (ACME, RFC 8555)";
        acme_root: Text, "PEM file with the root by which that one is known; empty: those of the system";
        acme_listen: Listen, "where it asks back over HTTP, a few seconds every other month: port 80 from outside";
    }
    visitor.section(
        "server.websocket",
        "IRC over WebSocket, for chat in a browser",
    );
    keys! { visitor, config.websocket;
        listen: Listen, "unencrypted, for a reverse proxy in front";
        listen_tls: Listen, "encrypted, with the certificate of [server.tls]";
        origins: Texts, "pages that may connect, such as \"https://chat.example.org\"; \"*\": every page";
    }
    visitor.section(
        "server.plain",
        "lines of text: nc, telnet, a school's first socket program",
    );
    keys! { visitor, config.plain;
        listen: Listen, "where, such as [\"127.0.0.1:5000\"]";
        room: Text, "the room that people come into";
        style: Choice, "\"join\": a name is given (USER and the port); \"nick\": the first line is the name";
    }
    visitor.section(
        "server.proxy",
        "reverse proxies that tell whom they speak for (PROXY protocol 1 and 2)",
    );
    keys! { visitor, config.proxy;
        trusted: Hosts, "their addresses; each of their connections must begin with it";
    }
}

fn limits(limits: &mut Limits, visitor: &mut dyn Visitor) {
    visitor.section(
        "server.limits",
        "so that nobody can spoil it for the others",
    );
    keys! { visitor, limits;
        nick_length: Number(4..=64), "bytes of a nick";
        channel_length: Number(4..=100), "bytes of a room's name";
        topic_length: Number(1..=390), "bytes of a topic";
        channels: Number(1..=10_000), "rooms one person may be in";
        list_entries: Number(1..=10_000), "bans, exceptions and invitations of one room";
        targets: Number(1..=100), "targets of one message";
        monitor: Number(1..=10_000), "names one client may watch";
        connections: Number(1..=10_000_000), "connections in all";
        connections_per_address: Number(0..=1_000_000), "from one address (IPv6: one /64); loopback exempt; 0: no limit";
        flood_control: Flag, "slow down whoever sends too fast";
        command_burst: Number(1..=10_000), "commands at once before that";
        commands_per_second: Number(1..=10_000), "commands a second after that";
        room_burst: Number(1..=100_000), "messages of people without voice to one room at once";
        room_messages_per_second: Number(1..=100_000), "a second after that; then its senders slow down";
        backlog_lines: Number(1..=100_000), "lines waiting meanwhile; more end the connection";
        registration_timeout_s: Number(1..=3600), "seconds in which a connection must be registered";
        ping_timeout_s: Number(5..=86_400), "seconds of silence that end a connection; it is asked after half of them";
        write_timeout_s: Number(1..=3600), "seconds in which a slow reader must take something";
        send_queue_bytes: Number(8192..=1 << 30), "what others said that may wait for a slow reader; more drops it";
        reply_queue_bytes: Number(65_536..=1 << 32), "everything that may wait for one connection";
        invite_hours: Number(1..=8760), "hours for which an invitation into a room holds";
    }
}

fn people(config: &mut Config, visitor: &mut dyn Visitor) {
    visitor.section("server.accounts", "names with a password");
    keys! { visitor, config.accounts;
        enabled: Flag, "whether there are any";
        registration: Flag, "people may make their own";
        registration_before_connect: Flag, "also before they are connected";
        registration_requires_email: Flag, "only with an e-mail address that is verified";
        password_hash: Choice, "\"strong\"; \"minimum\": for tests only";
        expire_days: Number(0..=36_500), "days without a login after which an account's nick is free for others; 0: never";
        persistent_sessions: Choice, "who stays a member without a client: \"disabled\", \"opt-in\", \"opt-out\", \"mandatory\"";
    }
    visitor.section("server.mail", "codes for accounts, sent through a relay");
    keys! { visitor, config.mail;
        relay: Text, "its host (SMTP); empty: nothing is sent";
        port: Number(1..=65_535), "its port: 587 with \"starttls\", 465 with \"implicit\", 25 with \"off\"";
        tls: Choice, "\"starttls\"; \"implicit\"; \"off\": for a relay on this machine";
        root: Text, "PEM file with the root by which it is known; empty: those of the system";
        user: Text, "who logs in to it; empty: nobody";
        password: Secret, "their password";
        from: Text, "the sender, such as \"chat@example.org\"";
    }
    visitor.section("server.history", "what was said, for those who come later");
    keys! { visitor, config.history;
        enabled: Flag, "whether messages are kept";
        durability: Choice, "\"disk\": on the disk before it counts as sent; \"process\": survives a crash of parlord, not of the machine";
        request_messages: Number(1..=100_000), "most messages one request is answered with";
        keep_days: Number(0..=36_500), "days for which messages are kept; 0: for ever";
        keep_messages: Number(0..=1_000_000_000), "messages kept of each room, joins and leaves included; 0: all";
        keep_mib: Number(0..=1 << 20), "MiB of texts kept of each room; 0: all";
        keep_total_mib: Number(0..=1 << 24), "MiB of the database past which the oldest messages go, of whatever room; 0: never";
    }
}

fn entries(config: &mut Config, visitor: &mut dyn Visitor) {
    let does = "who may become an operator with OPER; as many as you like";
    let count = visitor.entries("server.operator", does);
    config.operators.resize_with(count, Operator::default);
    for (index, operator) in config.operators.iter_mut().enumerate() {
        visitor.entry("server.operator", index);
        keys! { visitor, operator;
            name: Text, "the name given to OPER";
            password: Secret, "the password given to OPER; empty: nobody can";
        }
    }
    let does = "web gateways whose WEBIRC is believed; as many as you like";
    let count = visitor.entries("server.gateway", does);
    config.gateways.resize_with(count, Gateway::default);
    for (index, gateway) in config.gateways.iter_mut().enumerate() {
        visitor.entry("server.gateway", index);
        keys! { visitor, gateway;
            password: Secret, "what WEBIRC must carry; empty: nobody is believed";
            addresses: Hosts, "where the gateway connects from";
        }
    }
}

/// The `[server]` part of `config.example.toml`: every key with its default and what it does.
pub fn example() -> String {
    let mut writer = Writer::default();
    visit(&mut Config::default(), &mut writer);
    writer.text
}

/// Writes the keys down. A table that may come several times is shown once, as a comment: by default there is none.
#[derive(Default)]
struct Writer {
    text: String,
    commented: bool,
}

impl Visitor for Writer {
    fn key(&mut self, name: &'static str, place: Place<'_>, does: &'static str) {
        let setting = format!("{name} = {}", value(&place));
        let mark = if self.commented { "# " } else { "" };
        let _ = writeln!(self.text, "{mark}{setting:<36} # {does}");
    }

    fn section(&mut self, name: &'static str, does: &'static str) {
        let gap = if self.text.is_empty() { "" } else { "\n" };
        let header = format!("[{name}]");
        let _ = writeln!(self.text, "{gap}{header:<36} # {does}");
    }

    fn entries(&mut self, name: &'static str, does: &'static str) -> usize {
        self.commented = true;
        let header = format!("[[{name}]]");
        let _ = writeln!(self.text, "\n# {header:<36} # {does}");
        1
    }

    fn entry(&mut self, _name: &'static str, _index: usize) {}
}

/// A value as the file has it.
pub(super) fn value(place: &Place<'_>) -> String {
    match place {
        Place::Text(text) => toml::Value::from(text.as_str()).to_string(),
        Place::Secret(secret) => toml::Value::from(secret.0.as_str()).to_string(),
        Place::Flag(flag) => flag.to_string(),
        Place::Number(number, _) => number.to_string(),
        Place::Choice(choice) => {
            let word = choice.words().get(choice.chosen()).copied().unwrap_or("");
            format!("\"{word}\"")
        }
        Place::Listen(list) => array(list.iter()),
        Place::Hosts(list) => array(list.iter()),
        Place::Texts(list) => array(list.iter()),
    }
}

fn array(items: impl Iterator<Item = impl ToString>) -> String {
    let items: Vec<String> = items
        .map(|item| format!("\"{}\"", item.to_string()))
        .collect();
    format!("[{}]", items.join(", "))
}
