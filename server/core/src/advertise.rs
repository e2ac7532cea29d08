//! What this server says it can do: capabilities and ISUPPORT tokens, made of the settings and the mode tables.
//! It never promises what no code does.

use protocol::capability::Capability as C;
use protocol::isupport::token;
use protocol::mode::Kind;
use protocol::{Caps, LINE_BYTES_MAX};

use crate::modes::{Rank, letters_of};
use crate::settings::{Persistence, Settings};

/// The capabilities on offer.
pub fn caps(settings: &Settings) -> Caps {
    let mut caps = Caps::of(&[
        C::AccountNotify,
        C::AccountTag,
        C::AwayNotify,
        C::Batch,
        C::CapNotify,
        C::ChannelRename,
        C::ChgHost,
        C::EchoMessage,
        C::ExtendedIsupport,
        C::ExtendedJoin,
        C::ExtendedMonitor,
        C::InviteNotify,
        C::LabeledResponse,
        C::MessageTags,
        C::Metadata2,
        C::Metadata3,
        C::MultiPrefix,
        C::Multiline,
        C::NoImplicitNames,
        C::NoImplicitNamesDraft,
        C::PreAway,
        C::ReadMarker,
        C::ServerTime,
        C::SetName,
        C::StandardReplies,
        C::UserhostInNames,
    ]);
    if settings.sts.is_some() {
        caps.insert(C::Sts);
    }
    if settings.history.enabled {
        for cap in [
            C::ChatHistory,
            C::EventPlayback,
            C::MessageRedaction,
            C::Search,
        ] {
            caps.insert(cap);
        }
    }
    if settings.accounts.enabled && !settings.accounts.mechanisms.is_empty() {
        caps.insert(C::Sasl);
        if settings.accounts.has("EXTERNAL") {
            caps.insert(C::Device);
        }
        if settings.accounts.persistent != Persistence::Disabled {
            caps.insert(C::Persistence);
        }
        if settings.accounts.registration {
            caps.insert(C::AccountRegistration);
        }
    }
    caps
}

/// A capability as clients read it that asked for CAP LS 302.
pub fn cap_with_value(settings: &Settings, cap: C, secure: bool) -> String {
    match cap_value(settings, cap, secure) {
        Some(value) if !value.is_empty() => format!("{}={value}", cap.name()),
        _ => cap.name().to_owned(),
    }
}

/// The value of a capability.
fn cap_value(settings: &Settings, cap: C, secure: bool) -> Option<String> {
    let limits = &settings.limits;
    match cap {
        // Who is unencrypted is told the port, who is encrypted for how long to remember (IRCv3 sts).
        C::Sts => settings.sts.map(|sts| {
            if secure {
                format!("duration={}", sts.duration_s)
            } else {
                format!("port={}", sts.port)
            }
        }),
        C::Sasl => Some(mechanisms(settings, secure)),
        // Whether a key that is not known may have a name of its own.
        C::Device if settings.accounts.takes_keys() => Some("register".to_owned()),
        C::Multiline => Some(format!(
            "max-bytes={},max-lines={}",
            limits.multiline_bytes_max, limits.multiline_lines_max
        )),
        C::Metadata2 | C::Metadata3 => Some(format!(
            "before-connect,max-subs={},max-keys={},max-value-bytes={}",
            limits.metadata_subs_max, limits.metadata_keys_max, limits.metadata_value_bytes_max
        )),
        C::AccountRegistration => {
            let mut parts = Vec::new();
            if settings.accounts.registration_before_connect {
                parts.push("before-connect");
            }
            if settings.accounts.registration_requires_email {
                parts.push("email-required");
            }
            parts.push("custom-account-name");
            Some(parts.join(","))
        }
        _ => None,
    }
}

/// Tokens in one line of ISUPPORT: clients take no more than 13 and a text ("Modern IRC", `RPL_ISUPPORT`).
pub const TOKENS_PER_LINE: usize = 12;

/// The ways to log in; by a certificate only where one can be shown.
fn mechanisms(settings: &Settings, secure: bool) -> String {
    let offered = settings.accounts.mechanisms.iter();
    let offered = offered.filter(|name| secure || *name != "EXTERNAL");
    let offered: Vec<&str> = offered.map(String::as_str).collect();
    offered.join(",")
}

/// The tokens of RPL_ISUPPORT, sorted by name.
pub fn isupport(settings: &Settings) -> Vec<String> {
    let limits = &settings.limits;
    let prefixes: String = Rank::ALL.into_iter().map(Rank::prefix).collect();
    let ranks: String = Rank::ALL.into_iter().map(Rank::letter).collect();
    let chanmodes = [Kind::List, Kind::Always, Kind::WhenSet, Kind::Never].map(letters_of);
    let t = limits.targets_max;
    let mut tokens = vec![
        token("ACCOUNTEXTBAN", "a"),
        token("AWAYLEN", &limits.away_bytes_max.to_string()),
        token("BOT", "B"),
        token("CASEMAPPING", "ascii"),
        token("CHANLIMIT", &format!("#:{}", limits.channels_max)),
        token("CHANMODES", &chanmodes.join(",")),
        token("CHANNELLEN", &limits.channel_bytes_max.to_string()),
        token("CHANTYPES", "#"),
        token("ELIST", "CMNTU"),
        token("EXCEPTS", ""),
        token("EXTBAN", ",am"),
        token("INVEX", ""),
        token("KEYLEN", &limits.key_bytes_max.to_string()),
        token("KICKLEN", &limits.kick_bytes_max.to_string()),
        token("LINELEN", &LINE_BYTES_MAX.to_string()),
        token("MAXLIST", &format!("beI:{}", limits.list_max)),
        token("MAXTARGETS", &t.to_string()),
        token("MODES", ""),
        token("MONITOR", &limits.monitor_max.to_string()),
        token("NAMELEN", &limits.realname_bytes_max.to_string()),
        token("NETWORK", &settings.network),
        token("NICKLEN", &limits.nick_bytes_max.to_string()),
        token("PREFIX", &format!("({ranks}){prefixes}")),
        token("SAFELIST", ""),
        token("STATUSMSG", &prefixes),
        token(
            "TARGMAX",
            &format!(
                "KICK:,LIST:,NAMES:,NOTICE:{t},PRIVMSG:{t},TAGMSG:{t},WHOIS:1,WHOWAS:,MONITOR:"
            ),
        ),
        token("TOPICLEN", &limits.topic_bytes_max.to_string()),
        token("UTF8ONLY", ""),
        token("WHOX", ""),
    ];
    if settings.history.enabled {
        tokens.push(token(
            "CHATHISTORY",
            &settings.history.request_max.to_string(),
        ));
        tokens.push(token("MSGREFTYPES", "msgid,timestamp"));
        // A message that comes twice under one `+parlor.chat/id` is known again.
        tokens.push(token("PARLOR", "once"));
    }
    if !limits.flood_control {
        tokens.push(token("SAFERATE", ""));
    }
    tokens.sort();
    tokens
}
