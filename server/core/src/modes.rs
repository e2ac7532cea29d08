//! The modes of rooms and people: which letters there are and what each means. It never applies a change.

use protocol::mode::Kind;

/// A switch of a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Flag {
    /// `C`: no CTCP but ACTION.
    NoCtcp,
    /// `i`: only invited people enter.
    InviteOnly,
    /// `m`: only voiced people speak.
    Moderated,
    /// `M`: only voiced people and those with an account speak.
    RegisteredSpeak,
    /// `n`: only members speak.
    NoExternal,
    /// `R`: only people with an account enter.
    RegisteredOnly,
    /// `s`: not listed for strangers.
    Secret,
    /// `t`: only operators change the topic.
    TopicLocked,
    /// `u`: ordinary members are seen by operators only (auditorium).
    Auditorium,
    /// `U`: what silenced people say reaches the operators.
    OpModerated,
}

/// One row of the table of room modes.
#[derive(Clone, Copy, Debug)]
pub struct ChannelMode {
    /// The letter.
    pub letter: char,
    /// What it wants as its parameter.
    pub kind: Kind,
    /// The switch it is, if it is one.
    pub flag: Option<Flag>,
    /// What it does, for HELP and the reference.
    pub help: &'static str,
}

const fn row(letter: char, kind: Kind, flag: Option<Flag>, help: &'static str) -> ChannelMode {
    ChannelMode {
        letter,
        kind,
        flag,
        help,
    }
}

/// Every mode of a room. CHANMODES, PREFIX, RPL_MYINFO, HELP and the reference are made of it.
pub const CHANNEL_MODES: &[ChannelMode] = &[
    row(
        'b',
        Kind::List,
        None,
        "ban: a mask that may not enter or speak; m:mask may not speak",
    ),
    row(
        'e',
        Kind::List,
        None,
        "exception: a mask that bans do not touch",
    ),
    row(
        'I',
        Kind::List,
        None,
        "invitation: a mask that may enter in spite of +i",
    ),
    row(
        'k',
        Kind::Always,
        None,
        "key: a word that must be given to enter",
    ),
    row(
        'f',
        Kind::WhenSet,
        None,
        "forward: a room for those who cannot enter",
    ),
    row(
        'l',
        Kind::WhenSet,
        None,
        "limit: how many members there may be",
    ),
    row('C', Kind::Never, Some(Flag::NoCtcp), "no CTCP but ACTION"),
    row(
        'i',
        Kind::Never,
        Some(Flag::InviteOnly),
        "only invited people enter",
    ),
    row(
        'm',
        Kind::Never,
        Some(Flag::Moderated),
        "only voiced people speak",
    ),
    row(
        'M',
        Kind::Never,
        Some(Flag::RegisteredSpeak),
        "only voiced or logged-in people speak",
    ),
    row(
        'n',
        Kind::Never,
        Some(Flag::NoExternal),
        "only members speak",
    ),
    row(
        'R',
        Kind::Never,
        Some(Flag::RegisteredOnly),
        "only logged-in people enter",
    ),
    row(
        's',
        Kind::Never,
        Some(Flag::Secret),
        "not listed for strangers",
    ),
    row(
        't',
        Kind::Never,
        Some(Flag::TopicLocked),
        "only operators change the topic",
    ),
    row(
        'u',
        Kind::Never,
        Some(Flag::Auditorium),
        "ordinary members are seen by operators only",
    ),
    row(
        'U',
        Kind::Never,
        Some(Flag::OpModerated),
        "what silenced people say reaches operators",
    ),
    row('q', Kind::Prefix, None, "founder (~)"),
    row('a', Kind::Prefix, None, "protected (&)"),
    row('o', Kind::Prefix, None, "operator (@)"),
    row('h', Kind::Prefix, None, "half-operator (%)"),
    row('v', Kind::Prefix, None, "voice (+)"),
];

/// The row of a letter.
pub fn channel_mode(letter: char) -> Option<&'static ChannelMode> {
    CHANNEL_MODES.iter().find(|mode| mode.letter == letter)
}

/// The kind of a letter, as `protocol::mode::parse` asks for it.
pub fn channel_kind(letter: char) -> Option<Kind> {
    channel_mode(letter).map(|mode| mode.kind)
}

/// The letters of one kind, sorted.
pub fn letters_of(kind: Kind) -> String {
    let mut letters: Vec<char> = CHANNEL_MODES
        .iter()
        .filter(|mode| mode.kind == kind)
        .map(|mode| mode.letter)
        .collect();
    if kind != Kind::Prefix {
        letters.sort_unstable();
    }
    letters.into_iter().collect()
}

/// The switches that are on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags(u16);

impl Flags {
    /// Whether `flag` is on.
    pub const fn has(self, flag: Flag) -> bool {
        self.0 & (1 << flag as u8) != 0
    }

    /// Turns `flag` on or off; says whether that changed anything.
    pub const fn put(&mut self, flag: Flag, on: bool) -> bool {
        let before = self.0;
        if on {
            self.0 |= 1 << flag as u8;
        } else {
            self.0 &= !(1 << flag as u8);
        }
        before != self.0
    }
}

/// What a member is in a room, highest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Rank {
    /// `+v`.
    Voice,
    /// `+h`.
    HalfOperator,
    /// `+o`.
    Operator,
    /// `+a`.
    Protected,
    /// `+q`.
    Founder,
}

impl Rank {
    /// Every rank, highest first.
    pub const ALL: [Self; 5] = [
        Self::Founder,
        Self::Protected,
        Self::Operator,
        Self::HalfOperator,
        Self::Voice,
    ];

    /// The mode's letter.
    pub const fn letter(self) -> char {
        match self {
            Self::Founder => 'q',
            Self::Protected => 'a',
            Self::Operator => 'o',
            Self::HalfOperator => 'h',
            Self::Voice => 'v',
        }
    }

    /// The sign before a nick.
    pub const fn prefix(self) -> char {
        match self {
            Self::Founder => '~',
            Self::Protected => '&',
            Self::Operator => '@',
            Self::HalfOperator => '%',
            Self::Voice => '+',
        }
    }

    /// The rank of a letter.
    pub fn from_letter(letter: char) -> Option<Self> {
        Self::ALL.into_iter().find(|rank| rank.letter() == letter)
    }

    /// The rank of a sign.
    pub fn from_prefix(prefix: char) -> Option<Self> {
        Self::ALL.into_iter().find(|rank| rank.prefix() == prefix)
    }
}

/// The ranks a member has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ranks(u8);

impl Ranks {
    /// Exactly one rank.
    pub const fn only(rank: Rank) -> Self {
        Self(1 << rank as u8)
    }

    /// The ranks of both.
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether it has `rank`.
    pub const fn has(self, rank: Rank) -> bool {
        self.0 & (1 << rank as u8) != 0
    }

    /// Gives or takes `rank`; says whether that changed anything.
    pub const fn put(&mut self, rank: Rank, on: bool) -> bool {
        let before = self.0;
        if on {
            self.0 |= 1 << rank as u8;
        } else {
            self.0 &= !(1 << rank as u8);
        }
        before != self.0
    }

    /// The highest rank.
    pub fn highest(self) -> Option<Rank> {
        Rank::ALL.into_iter().find(|rank| self.has(*rank))
    }

    /// Whether the highest rank is at least `rank`.
    pub fn at_least(self, rank: Rank) -> bool {
        self.highest() >= Some(rank)
    }

    /// The signs before a nick: all of them, or the highest only.
    pub fn prefixes(self, all: bool) -> String {
        let mut signs = Rank::ALL
            .into_iter()
            .filter(|rank| self.has(*rank))
            .map(Rank::prefix);
        if all {
            signs.collect()
        } else {
            signs.next().into_iter().collect()
        }
    }
}

/// A mode of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum UserMode {
    /// `B`: a bot.
    Bot,
    /// `i`: strangers do not see it in WHO and NAMES.
    Invisible,
    /// `o`: a server operator.
    Operator,
    /// `R`: only people with an account may write to it.
    RegisteredOnly,
    /// `s`: reads server notices.
    ServerNotices,
    /// `T`: no CTCP but ACTION.
    NoCtcp,
    /// `w`: reads WALLOPS.
    Wallops,
    /// `Z`: its connection is encrypted.
    Secure,
}

impl UserMode {
    /// Every mode of a person with its letter and what it does, sorted by letter.
    pub const ALL: &[(Self, char, &'static str)] = &[
        (Self::Bot, 'B', "this is a bot"),
        (Self::Invisible, 'i', "not seen by people who share no room"),
        (Self::Operator, 'o', "server operator; given by OPER"),
        (
            Self::RegisteredOnly,
            'R',
            "only logged-in people may write to you",
        ),
        (Self::ServerNotices, 's', "server notices, for operators"),
        (Self::NoCtcp, 'T', "no CTCP but ACTION"),
        (Self::Wallops, 'w', "reads WALLOPS"),
        (
            Self::Secure,
            'Z',
            "the connection is encrypted; set by the server",
        ),
    ];

    /// The mode of a letter.
    pub fn from_letter(letter: char) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, l, _)| *l == letter)
            .map(|(mode, _, _)| *mode)
    }
}

/// The modes a person has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UserModes(u8);

impl UserModes {
    /// Whether `mode` is on.
    pub const fn has(self, mode: UserMode) -> bool {
        self.0 & (1 << mode as u8) != 0
    }

    /// Turns `mode` on or off; says whether that changed anything.
    pub const fn put(&mut self, mode: UserMode, on: bool) -> bool {
        let before = self.0;
        if on {
            self.0 |= 1 << mode as u8;
        } else {
            self.0 &= !(1 << mode as u8);
        }
        before != self.0
    }

    /// The letters with a plus sign; `+` alone where there are none.
    pub fn text(self) -> String {
        let letters = UserMode::ALL.iter().filter(|(mode, _, _)| self.has(*mode));
        std::iter::once('+')
            .chain(letters.map(|(_, letter, _)| *letter))
            .collect()
    }
}
