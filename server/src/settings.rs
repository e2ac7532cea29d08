//! The core's settings, made of the configuration. It never reads a file.

use protocol::Stamp;
use server_core::Settings;
use server_core::settings::{
    AccountSettings, Gateway, HistorySettings, Limits, Operator, Persistence, Sts,
};
use server_core::storage::{DAY_MS, Keep};

use crate::config::{self, Config};

/// What the core is told of the configuration.
pub(crate) fn settings(config: &Config, created: Stamp, cloak_key: [u8; 32]) -> Settings {
    Settings {
        name: config.name.clone(),
        description: config.description.clone(),
        network: config.network.clone(),
        created,
        motd: config.motd.lines().map(str::to_owned).collect(),
        password: config.password.0.clone(),
        default_user_modes: config.default_user_modes.clone(),
        cloak_key,
        limits: limits(&config.limits),
        accounts: AccountSettings {
            enabled: config.accounts.enabled,
            registration: config.accounts.registration,
            registration_before_connect: config.accounts.registration_before_connect,
            registration_requires_email: config.accounts.registration_requires_email,
            persistent: match config.accounts.persistent_sessions {
                config::Persistence::Disabled => Persistence::Disabled,
                config::Persistence::OptIn => Persistence::OptIn,
                config::Persistence::OptOut => Persistence::OptOut,
                config::Persistence::Mandatory => Persistence::Mandatory,
            },
            mechanisms: mechanisms(config),
        },
        history: HistorySettings {
            enabled: config.history.enabled,
            request_max: number(config.history.request_messages),
            keep: keep(&config.history),
            total_bytes: unless_zero(config.history.keep_total_mib).map(|most| most << 20),
        },
        sts: u16::try_from(config.tls.sts_port)
            .ok()
            .filter(|port| *port > 0)
            .map(|port| Sts {
                port,
                duration_s: config.tls.sts_days * 86_400,
            }),
        operators: config
            .operators
            .iter()
            .map(|operator| Operator {
                name: operator.name.clone(),
                password: operator.password.0.clone(),
            })
            .collect(),
        gateways: config
            .gateways
            .iter()
            .map(|gateway| Gateway {
                password: gateway.password.0.clone(),
                addresses: gateway.addresses.clone(),
            })
            .collect(),
        ..Settings::default()
    }
}

/// The SASL mechanisms that the keeper of accounts knows, the better ones first.
fn mechanisms(config: &Config) -> Vec<String> {
    let mut names = vec!["SCRAM-SHA-256".to_owned(), "PLAIN".to_owned()];
    if !config.tls.listen.is_empty() || !config.websocket.listen_tls.is_empty() {
        // By the certificate of a client, which only TLS can show.
        names.push("EXTERNAL".to_owned());
    }
    names
}

fn keep(from: &config::History) -> Keep {
    Keep {
        age_ms: unless_zero(from.keep_days).map(|days| days * DAY_MS),
        entries: unless_zero(from.keep_messages),
        bytes: unless_zero(from.keep_mib).map(|most| most << 20),
    }
}

fn unless_zero(number: u64) -> Option<u64> {
    Some(number).filter(|number| *number > 0)
}

fn limits(from: &config::Limits) -> Limits {
    Limits {
        nick_bytes_max: number(from.nick_length),
        channel_bytes_max: number(from.channel_length),
        topic_bytes_max: number(from.topic_length),
        channels_max: number(from.channels),
        list_max: number(from.list_entries),
        targets_max: number(from.targets),
        monitor_max: number(from.monitor),
        connections_per_address: number(from.connections_per_address),
        flood_control: from.flood_control,
        command_burst: u32::try_from(from.command_burst).unwrap_or(u32::MAX),
        commands_per_second: u32::try_from(from.commands_per_second).unwrap_or(u32::MAX),
        room_burst: u32::try_from(from.room_burst).unwrap_or(u32::MAX),
        room_messages_per_second: u32::try_from(from.room_messages_per_second).unwrap_or(u32::MAX),
        backlog_lines_max: number(from.backlog_lines),
        registration_timeout_ms: from.registration_timeout_s * 1000,
        ping_timeout_ms: from.ping_timeout_s * 1000,
        invite_ttl_ms: from.invite_hours * 3_600_000,
        ..Limits::default()
    }
}

fn number(value: u64) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}
