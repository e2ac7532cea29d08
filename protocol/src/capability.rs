//! The capabilities of IRCv3 by name, and sets of them. It never negotiates: that is a session's business.

macro_rules! capabilities {
    ($($(#[doc = $doc:literal])* $variant:ident = $name:literal,)*) => {
        /// A capability that either end of Parlor knows.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Capability { $($(#[doc = $doc])* $variant,)* }

        impl Capability {
            /// Every capability, in the order in which they are announced.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name on the wire.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

capabilities! {
    /// Logins and logouts of co-members are told.
    AccountNotify = "account-notify",
    /// Messages carry their sender's account.
    AccountTag = "account-tag",
    /// Co-members' going away and coming back is told.
    AwayNotify = "away-notify",
    /// Several lines may be wrapped as one.
    Batch = "batch",
    /// Changes of this list are told.
    CapNotify = "cap-notify",
    /// Changes of user or host are told.
    ChgHost = "chghost",
    /// Register an account in the protocol.
    AccountRegistration = "draft/account-registration",
    /// Rooms may be renamed.
    ChannelRename = "draft/channel-rename",
    /// History on request.
    ChatHistory = "draft/chathistory",
    /// History tells joins and leaves, too.
    EventPlayback = "draft/event-playback",
    /// ISUPPORT on request, and as a batch.
    ExtendedIsupport = "draft/extended-isupport",
    /// Messages may be withdrawn.
    MessageRedaction = "draft/message-redaction",
    /// Keys and values for people and rooms.
    Metadata2 = "draft/metadata-2",
    /// The same, third edition.
    Metadata3 = "draft/metadata-3",
    /// One message of many lines.
    Multiline = "draft/multiline",
    /// JOIN brings no NAMES (draft name).
    NoImplicitNamesDraft = "draft/no-implicit-names",
    /// Staying a member without a client.
    Persistence = "draft/persistence",
    /// AWAY before registration is done.
    PreAway = "draft/pre-away",
    /// Read up to where, shared by all of an account's clients.
    ReadMarker = "draft/read-marker",
    /// One's own messages come back.
    EchoMessage = "echo-message",
    /// JOIN tells account and real name.
    ExtendedJoin = "extended-join",
    /// MONITOR tells away, account and name changes, too.
    ExtendedMonitor = "extended-monitor",
    /// Invitations of others are told.
    InviteNotify = "invite-notify",
    /// Replies carry the label of their question.
    LabeledResponse = "labeled-response",
    /// Tags on messages, and TAGMSG.
    MessageTags = "message-tags",
    /// All prefixes of a member, not only the highest.
    MultiPrefix = "multi-prefix",
    /// JOIN brings no NAMES.
    NoImplicitNames = "no-implicit-names",
    /// Keys as names: DEVICE.
    Device = "parlor.chat/device",
    /// Log in.
    Sasl = "sasl",
    /// Messages carry their time.
    ServerTime = "server-time",
    /// The real name may be changed.
    SetName = "setname",
    /// FAIL, WARN and NOTE.
    StandardReplies = "standard-replies",
    /// Full-text search of the history.
    Search = "soju.im/search",
    /// The networks behind a bouncer, one by one.
    BouncerNetworks = "soju.im/bouncer-networks",
    /// Changes of them are told.
    BouncerNetworksNotify = "soju.im/bouncer-networks-notify",
    /// Strict transport security.
    Sts = "sts",
    /// NAMES tells users and hosts.
    UserhostInNames = "userhost-in-names",
}

impl Capability {
    /// The capability of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|cap| cap.name() == name)
    }

    const fn bit(self) -> u64 {
        1 << self as u8
    }
}

/// A set of capabilities.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Caps(u64);

impl Caps {
    /// No capability.
    pub const NONE: Self = Self(0);

    /// The set of all that are listed.
    pub const fn of(list: &[Capability]) -> Self {
        let mut bits = 0;
        let mut rest = list;
        while let [first, tail @ ..] = rest {
            bits |= first.bit();
            rest = tail;
        }
        Self(bits)
    }

    /// Whether `cap` is in the set.
    pub const fn has(self, cap: Capability) -> bool {
        self.0 & cap.bit() != 0
    }

    /// Puts `cap` in.
    pub const fn insert(&mut self, cap: Capability) {
        self.0 |= cap.bit();
    }

    /// Takes `cap` out.
    pub const fn remove(&mut self, cap: Capability) {
        self.0 &= !cap.bit();
    }

    /// What is in both sets.
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What is in either set.
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in this set and not in the other.
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether it is empty.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The members, in the order of announcement.
    pub fn iter(self) -> impl Iterator<Item = Capability> {
        Capability::ALL
            .iter()
            .copied()
            .filter(move |cap| self.has(*cap))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_sets_agree() {
        for cap in Capability::ALL {
            assert_eq!(Capability::from_name(cap.name()), Some(*cap));
        }
        let mut caps = Caps::of(&[Capability::Batch, Capability::Sasl]);
        assert!(caps.has(Capability::Sasl) && !caps.has(Capability::EchoMessage));
        caps.remove(Capability::Sasl);
        assert_eq!(caps.iter().collect::<Vec<_>>(), [Capability::Batch]);
    }
}
