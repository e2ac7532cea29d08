//! The shape of the configuration and its defaults. It never knows of files.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use crate::journal::LogFormat;
use crate::storage::Durability;

/// What an operator may choose: the `[server]` part of the file. Field for field what `config.example.toml` explains.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "`config/list.rs` says of each what it does, for the file as for the code"
)]
pub struct Config {
    pub name: String,
    pub description: String,
    pub network: String,
    pub listen: Vec<SocketAddr>,
    pub password: Secret,
    pub motd: String,
    pub data_dir: String,
    pub default_user_modes: String,
    pub tls: Tls,
    pub websocket: WebSocket,
    pub plain: Plain,
    pub proxy: Proxy,
    pub limits: Limits,
    pub accounts: Accounts,
    pub mail: Mail,
    pub history: History,
    pub metrics: Metrics,
    pub log: Log,
    pub operators: Vec<Operator>,
    pub gateways: Vec<Gateway>,
}

/// A text that nobody is to read. Its debug form shows nothing.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(pub String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(secret)")
    }
}

/// `[server.tls]`
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "see `config/list.rs`")]
pub struct Tls {
    pub listen: Vec<SocketAddr>,
    pub certificate: String,
    pub key: String,
    pub sts_port: u64,
    pub sts_days: u64,
    pub acme_hosts: Vec<String>,
    pub acme_email: String,
    pub acme_directory: String,
    pub acme_root: String,
    pub acme_listen: Vec<SocketAddr>,
}

/// The directory of Let's Encrypt, which gives certificates to every host name on the internet.
pub(crate) const LETS_ENCRYPT: &str = "https://acme-v02.api.letsencrypt.org/directory";

/// `[server.websocket]`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "see `config/list.rs`")]
pub struct WebSocket {
    pub listen: Vec<SocketAddr>,
    pub listen_tls: Vec<SocketAddr>,
    pub origins: Vec<String>,
}

/// `[server.plain]`
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "see `config/list.rs`")]
pub struct Plain {
    pub listen: Vec<SocketAddr>,
    pub room: String,
    pub style: PlainStyle,
}

/// The manners of the plain door.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PlainStyle {
    /// A name is given: `USER` and the port.
    #[default]
    Join,
    /// The first line is the name.
    Nick,
}

/// `[server.proxy]`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "see `config/list.rs`")]
pub struct Proxy {
    pub trusted: Vec<IpAddr>,
}

/// `[server.limits]`
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "see `config/list.rs`")]
pub struct Limits {
    pub nick_length: u64,
    pub channel_length: u64,
    pub topic_length: u64,
    pub channels: u64,
    pub list_entries: u64,
    pub targets: u64,
    pub monitor: u64,
    pub connections: u64,
    pub connections_per_address: u64,
    pub flood_control: bool,
    pub command_burst: u64,
    pub commands_per_second: u64,
    pub room_burst: u64,
    pub room_messages_per_second: u64,
    pub backlog_lines: u64,
    pub registration_timeout_s: u64,
    pub ping_timeout_s: u64,
    pub write_timeout_s: u64,
    pub send_queue_bytes: u64,
    pub reply_queue_bytes: u64,
    pub invite_hours: u64,
}

/// `[server.accounts]`
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "see `config/list.rs`")]
pub struct Accounts {
    pub enabled: bool,
    pub registration: bool,
    pub registration_before_connect: bool,
    pub registration_requires_email: bool,
    pub password_hash: PasswordHash,
    pub expire_days: u64,
    pub persistent_sessions: Persistence,
}

/// How dear a password is to check.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PasswordHash {
    /// As dear as it should be.
    #[default]
    Strong,
    /// As cheap as possible, for tests.
    Minimum,
}

/// Who stays a member without a client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Persistence {
    /// Nobody.
    Disabled,
    /// Who asks for it.
    #[default]
    OptIn,
    /// Everybody with an account who does not refuse.
    OptOut,
    /// Everybody with an account.
    Mandatory,
}

/// `[server.mail]`
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "see `config/list.rs`")]
pub struct Mail {
    pub relay: String,
    pub port: u64,
    pub tls: MailTls,
    pub root: String,
    pub user: String,
    pub password: Secret,
    pub from: String,
}

/// How the way to the relay is encrypted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MailTls {
    /// From the first command on that could tell anything (RFC 3207), or not at all.
    #[default]
    StartTls,
    /// From the first byte (RFC 8314).
    Implicit,
    /// Not at all: for a relay on this machine.
    Off,
}

/// `[server.history]`
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "see `config/list.rs`")]
pub struct History {
    pub enabled: bool,
    pub durability: Durability,
    pub request_messages: u64,
    pub keep_days: u64,
    pub keep_messages: u64,
    pub keep_mib: u64,
    pub keep_total_mib: u64,
}

/// `[server.metrics]`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "see `config/list.rs`")]
pub struct Metrics {
    pub listen: Vec<SocketAddr>,
}

/// `[server.log]`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "see `config/list.rs`")]
pub struct Log {
    pub format: LogFormat,
}

/// `[[server.operator]]`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "see `config/list.rs`")]
pub struct Operator {
    pub name: String,
    pub password: Secret,
}

/// `[[server.gateway]]`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "see `config/list.rs`")]
pub struct Gateway {
    pub password: Secret,
    pub addresses: Vec<IpAddr>,
}

impl Default for Config {
    fn default() -> Self {
        let core = server_core::Settings::default();
        Self {
            name: core.name,
            description: core.description,
            network: core.network,
            listen: vec![SocketAddr::from(([127, 0, 0, 1], 6667))],
            password: Secret::default(),
            motd: String::new(),
            data_dir: String::new(),
            default_user_modes: String::new(),
            tls: Tls {
                listen: Vec::new(),
                certificate: String::new(),
                key: String::new(),
                sts_port: 0,
                sts_days: 30,
                acme_hosts: Vec::new(),
                acme_email: String::new(),
                acme_directory: LETS_ENCRYPT.to_owned(),
                acme_root: String::new(),
                acme_listen: vec![
                    SocketAddr::from((Ipv4Addr::UNSPECIFIED, 80)),
                    SocketAddr::from((Ipv6Addr::UNSPECIFIED, 80)),
                ],
            },
            websocket: WebSocket::default(),
            plain: Plain {
                listen: Vec::new(),
                room: "#lobby".to_owned(),
                style: PlainStyle::Join,
            },
            proxy: Proxy::default(),
            limits: Limits::default(),
            accounts: Accounts {
                enabled: true,
                registration: true,
                registration_before_connect: true,
                registration_requires_email: false,
                expire_days: 0,
                password_hash: PasswordHash::Strong,
                persistent_sessions: Persistence::OptIn,
            },
            mail: Mail {
                relay: String::new(),
                port: 587,
                tls: MailTls::StartTls,
                root: String::new(),
                user: String::new(),
                password: Secret::default(),
                from: String::new(),
            },
            history: History {
                enabled: true,
                durability: Durability::Disk,
                request_messages: core.history.request_max as u64,
                keep_days: 0,
                keep_messages: 0,
                keep_mib: 0,
                keep_total_mib: 0,
            },
            metrics: Metrics::default(),
            log: Log::default(),
            operators: Vec::new(),
            gateways: Vec::new(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        let core = server_core::settings::Limits::default();
        Self {
            nick_length: core.nick_bytes_max as u64,
            channel_length: core.channel_bytes_max as u64,
            topic_length: core.topic_bytes_max as u64,
            channels: core.channels_max as u64,
            list_entries: core.list_max as u64,
            targets: core.targets_max as u64,
            monitor: core.monitor_max as u64,
            connections: 100_000,
            connections_per_address: core.connections_per_address as u64,
            flood_control: core.flood_control,
            command_burst: u64::from(core.command_burst),
            commands_per_second: u64::from(core.commands_per_second),
            room_burst: u64::from(core.room_burst),
            room_messages_per_second: u64::from(core.room_messages_per_second),
            backlog_lines: core.backlog_lines_max as u64,
            registration_timeout_s: core.registration_timeout_ms / 1000,
            ping_timeout_s: core.ping_timeout_ms / 1000,
            write_timeout_s: 10,
            send_queue_bytes: 1024 * 1024,
            reply_queue_bytes: 16 * 1024 * 1024,
            invite_hours: core.invite_ttl_ms / 3_600_000,
        }
    }
}
