//! The state of the link, and what is known about a good one: the server, and its rules.
//! It must never hold what changes with each line; only what the whole screen depends on.

/// A way to the server and back that takes so many milliseconds is worth telling, and measured again.
pub const SLOW_MS: u64 = 1_000;

/// The state of the link to the server.
///
/// ```text
/// Idle -> Connecting -> Registering -> Connected
/// Connecting | Registering | Connected -> Lost -> Connecting
/// any -> Refused            (nothing will be tried again by itself)
/// any -> Closed             (we said goodbye)
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// Nothing has been tried yet.
    Idle,
    /// Dialling; `attempt` counts from 1 since the last good link.
    Connecting {
        /// Which attempt this is.
        attempt: u32,
    },
    /// The wire is open and the greeting is under way.
    Registering,
    /// Registered: messages can go out.
    Connected(Connected),
    /// The link broke or could not be made; it is tried again at `retry_at`.
    Lost {
        /// What happened, in words for people, without a final full stop.
        reason: String,
        /// Which attempt comes next.
        attempt: u32,
        /// When the next attempt is made, in milliseconds since 1970.
        retry_at: u64,
    },
    /// The server or the user's own settings forbid the link; only the user can change that.
    Refused {
        /// What happened and what to do about it.
        reason: String,
    },
    /// The session said goodbye and the server knows.
    Closed,
}

/// What the shell knows of a wire that has just been opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wire {
    /// Whether everything on it is encrypted.
    pub is_encrypted: bool,
    /// Whether it stays on this machine.
    pub is_local: bool,
    /// Whether a key of ours was shown on it.
    pub has_key: bool,
    /// Random bytes, new for each wire.
    pub random: [u8; 18],
}

impl Wire {
    /// Whether what is sent on it is read by nobody but the server.
    pub fn is_private(self) -> bool {
        self.is_encrypted || self.is_local
    }
}

/// A link was made by which people come into a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLink {
    /// The room.
    pub room: String,
    /// Its number, by which it is taken back.
    pub number: String,
    /// The link.
    pub link: String,
    /// How many people it lets in.
    pub uses: String,
    /// Until when, in milliseconds since 1970.
    pub until: u64,
}

/// What a server said about encrypted links (the `sts` capability).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// On a link that anybody can read: come back encrypted, at this port.
    Upgrade {
        /// The port.
        port: u16,
    },
    /// On an encrypted link: for so long come encrypted only; 0: no longer bound.
    Persist {
        /// Seconds from now.
        duration_s: u64,
    },
}

/// What is known about a good link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connected {
    /// The nick we have now.
    pub nick: String,
    /// Whether everything on the wire is encrypted.
    pub is_encrypted: bool,
    /// The server's own name.
    pub server: String,
    /// The name of the network, for the heading of the server window.
    pub network: String,
    /// Whether this server echoes what we say, so that *sent* can be trusted to mean stored.
    pub has_echo: bool,
}

/// What a bouncer tells of a network behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Upstream {
    /// It has this network, or something about it changed.
    There {
        /// How the bouncer names it, for ever.
        netid: String,
        /// How people do, if that is told.
        name: Option<String>,
        /// Why the bouncer has no link there, if that is told.
        trouble: Option<String>,
    },
    /// It no longer has this network.
    Gone {
        /// How the bouncer named it.
        netid: String,
    },
}

/// How somebody is kept from speaking in a room, who may stay in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Quiets {
    /// Not at all.
    #[default]
    Never,
    /// By a list of their own: `+q mask`.
    Listed,
    /// By a ban that begins so: `+b m:mask`.
    Banned(
        /// How.
        String,
    ),
}

/// What the server said about its rules (005), with the usual defaults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// First characters of room names.
    pub room_prefixes: String,
    /// Status prefixes of members, highest first, as in `~&@%+`.
    pub member_prefixes: String,
    /// The mode letters that stand for `member_prefixes`, in the same order.
    pub member_modes: String,
    /// The longest nick, in bytes or characters as the server counts.
    pub nick_length_max: usize,
    /// The longest topic.
    pub topic_length_max: usize,
    /// Bytes of one line that are free for target and text together:
    /// 512 less `:nick!user@host PRIVMSG  :` and the line end, as others receive it.
    pub target_and_text_bytes_max: usize,
    /// Whether `[]\~` are the capitals of `{}|^` in names.
    pub is_rfc1459: bool,
    /// Whether one message may hold several lines.
    pub has_multiline: bool,
    /// Whether typing, replies and reactions reach anybody (message-tags).
    pub has_tags: bool,
    /// Whether a message can be taken back.
    pub has_redaction: bool,
    /// Whether the server tells who comes and goes, of those for whom it was asked.
    pub has_monitor: bool,
    /// The mode by which a program says that it is one, where the server has it.
    pub bot_mode: Option<char>,
    /// How somebody is kept from speaking.
    pub quiets: Quiets,
    /// Whether older messages can be asked for.
    pub has_history: bool,
    /// Whether it is a bouncer, whose networks have the rooms.
    pub is_bouncer: bool,
}

impl Default for Facts {
    fn default() -> Self {
        Self {
            room_prefixes: "#".into(),
            member_prefixes: "~&@%+".into(),
            member_modes: "qaohv".into(),
            nick_length_max: 32,
            topic_length_max: 390,
            target_and_text_bytes_max: 400,
            is_rfc1459: false,
            has_multiline: false,
            has_tags: false,
            has_redaction: false,
            has_monitor: false,
            bot_mode: None,
            quiets: Quiets::Never,
            has_history: false,
            is_bouncer: false,
        }
    }
}
