//! What an operator may choose, and every limit with its reason. It never reads a file: the shell does.

use std::net::IpAddr;

use protocol::Stamp;

use crate::storage::Keep;

/// The server's settings; the shell makes them of the configuration.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The server's name on the wire.
    pub name: String,
    /// What WHOIS and LINKS say of it.
    pub description: String,
    /// The network's name.
    pub network: String,
    /// The program's name and version.
    pub version: String,
    /// When this server started.
    pub created: Stamp,
    /// The message of the day, a line each.
    pub motd: Vec<String>,
    /// What PASS must carry; empty: nothing.
    pub password: String,
    /// The letters of the user modes everybody starts with.
    pub default_user_modes: String,
    /// A secret of this server from which cloaked addresses are made.
    pub cloak_key: [u8; 32],
    /// Every cap.
    pub limits: Limits,
    /// Accounts.
    pub accounts: AccountSettings,
    /// History.
    pub history: HistorySettings,
    /// Where clients are told to come back encrypted, if they are (IRCv3 sts).
    pub sts: Option<Sts>,
    /// Who may become an operator.
    pub operators: Vec<Operator>,
    /// Gateways that may speak for others (WEBIRC): password and addresses.
    pub gateways: Vec<Gateway>,
}

/// Strict transport security: only with a certificate that every client trusts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sts {
    /// The encrypted port.
    pub port: u16,
    /// Seconds for which a client remembers to come back encrypted.
    pub duration_s: u64,
}

/// Who may become an operator with OPER.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operator {
    /// The name given to OPER.
    pub name: String,
    /// The password given to OPER. Empty: nobody can.
    pub password: String,
}

/// A gateway whose WEBIRC is believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gateway {
    /// What WEBIRC must carry.
    pub password: String,
    /// From where.
    pub addresses: Vec<IpAddr>,
}

/// Settings of accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountSettings {
    /// Whether there are any.
    pub enabled: bool,
    /// Whether people may make their own.
    pub registration: bool,
    /// Whether they may before they are connected.
    pub registration_before_connect: bool,
    /// Whether an e-mail address must be verified.
    pub registration_requires_email: bool,
    /// Whether people stay members while none of their clients is connected.
    pub persistent: Persistence,
    /// The SASL mechanisms on offer, in order of preference.
    pub mechanisms: Vec<String>,
}

impl AccountSettings {
    /// Whether there are accounts at all.
    pub fn are_kept(&self) -> bool {
        self.enabled && !self.mechanisms.is_empty()
    }

    /// Whether people can log in that way.
    pub fn has(&self, mechanism: &str) -> bool {
        self.enabled && self.mechanisms.iter().any(|name| name == mechanism)
    }

    /// Whether a key that is not known may have an account made for it.
    pub fn takes_keys(&self) -> bool {
        self.registration && self.registration_before_connect && !self.registration_requires_email
    }
}

/// Who stays a member without a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Persistence {
    /// Nobody.
    Disabled,
    /// Who asks for it.
    OptIn,
    /// Everybody with an account who does not refuse.
    OptOut,
    /// Everybody with an account.
    Mandatory,
}

/// Settings of the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistorySettings {
    /// Whether messages are kept.
    pub enabled: bool,
    /// Most messages one CHATHISTORY answers with.
    pub request_max: usize,
    /// What is kept of each log.
    pub keep: Keep,
    /// Bytes of storage in all past which the oldest messages go.
    pub total_bytes: Option<u64>,
}

/// Every cap of the core, in one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a nick.
    pub nick_bytes_max: usize,
    /// Bytes of a room's name: what leaves room for a text beside it in a line.
    pub channel_bytes_max: usize,
    /// Bytes of a topic.
    pub topic_bytes_max: usize,
    /// Bytes of a reason for KICK.
    pub kick_bytes_max: usize,
    /// Bytes of an AWAY text.
    pub away_bytes_max: usize,
    /// Bytes of a real name.
    pub realname_bytes_max: usize,
    /// Bytes of a room's key.
    pub key_bytes_max: usize,
    /// Rooms one person may be in: each costs every member something.
    pub channels_max: usize,
    /// Entries of all lists (b, e, I) of a room together: each is matched at every message of a stranger.
    pub list_max: usize,
    /// Targets of one PRIVMSG, NOTICE or TAGMSG.
    pub targets_max: usize,
    /// Names on one session's MONITOR list.
    pub monitor_max: usize,
    /// Departed people that WHOWAS remembers, in all.
    pub whowas_max: usize,
    /// Connections from one address (IPv6: one /64) at a time; loopback is exempt. 0: no limit.
    pub connections_per_address: usize,
    /// Whether senders are slowed down.
    pub flood_control: bool,
    /// Commands that a session may send at once; the bucket that one more is taken from.
    pub command_burst: u32,
    /// Commands a second that fill the bucket.
    pub commands_per_second: u32,
    /// Messages that people without voice may send to one room at once; the bucket that one more is taken from.
    pub room_burst: u32,
    /// Messages a second that fill a room's bucket. While it is empty each message costs its sender as much as
    /// several.
    pub room_messages_per_second: u32,
    /// Lines a session may have waiting while it is slowed down or an answer is awaited; more end it.
    pub backlog_lines_max: usize,
    /// Milliseconds within which a connection must be registered.
    pub registration_timeout_ms: u64,
    /// Milliseconds of silence after which a session is dropped; it is asked (PING) after half of it.
    pub ping_timeout_ms: u64,
    /// Milliseconds for which an invitation into a room holds.
    pub invite_ttl_ms: u64,
    /// Bytes of a multiline message in all.
    pub multiline_bytes_max: usize,
    /// Lines of a multiline message.
    pub multiline_lines_max: usize,
    /// Keys of metadata a person or room may have.
    pub metadata_keys_max: usize,
    /// Bytes of one value of metadata.
    pub metadata_value_bytes_max: usize,
    /// Keys a session may subscribe to.
    pub metadata_subs_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            nick_bytes_max: 32,
            channel_bytes_max: 64,
            topic_bytes_max: 390,
            kick_bytes_max: 390,
            away_bytes_max: 390,
            realname_bytes_max: 150,
            key_bytes_max: 64,
            channels_max: 100,
            list_max: 100,
            targets_max: 4,
            monitor_max: 100,
            whowas_max: 1000,
            connections_per_address: 16,
            flood_control: true,
            command_burst: 20,
            commands_per_second: 4,
            room_burst: 100,
            room_messages_per_second: 25,
            backlog_lines_max: 256,
            registration_timeout_ms: 60_000,
            ping_timeout_ms: 150_000,
            invite_ttl_ms: 24 * 3_600_000,
            multiline_bytes_max: 4096,
            multiline_lines_max: 100,
            metadata_keys_max: 32,
            metadata_value_bytes_max: 300,
            metadata_subs_max: 50,
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            name: "parlor.local".to_owned(),
            description: "Parlor".to_owned(),
            network: "Parlor".to_owned(),
            version: concat!("parlord-", env!("CARGO_PKG_VERSION")).to_owned(),
            created: Stamp(0),
            motd: Vec::new(),
            password: String::new(),
            default_user_modes: String::new(),
            cloak_key: [0; 32],
            limits: Limits::default(),
            accounts: AccountSettings {
                enabled: true,
                registration: true,
                registration_before_connect: true,
                registration_requires_email: false,
                persistent: Persistence::OptIn,
                mechanisms: Vec::new(),
            },
            history: HistorySettings {
                enabled: true,
                request_max: 1000,
                keep: Keep::default(),
                total_bytes: None,
            },
            sts: None,
            operators: Vec::new(),
            gateways: Vec::new(),
        }
    }
}
