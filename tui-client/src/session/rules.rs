//! What the server said about its rules (005), as the session needs it, with the usual defaults.
//! It must never trust a number from the wire without bounds.

use protocol::isupport::Token;
use protocol::mode::Kind;

use crate::session::link::{Facts, Quiets};

/// The longest piece of `:nick!user@host` behind the nick that is assumed until we have seen our own.
const USER_AND_HOST_BYTES_ASSUMED: usize = 1 + 11 + 1 + 63;
/// Bytes of `: PRIVMSG  :` and the line end around source, target and text.
const FRAME_BYTES: usize = ": PRIVMSG  :\r\n".len();

/// Modes with a parameter that every server takes in one line.
const MODES_MAX_ASSUMED: usize = 3;
/// The most that we put into one.
const MODES_MAX: usize = 12;

/// The most people who are watched: as many as conversations may be open, and our nick.
const WATCHED_MAX: usize = 201;

/// How names are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Casemap {
    Ascii,
    /// `{}|^` are the small letters of `[]\~`, as Scandinavia once typed them. It is what a server means that says
    /// nothing.
    #[default]
    Rfc1459,
}

/// The rules of the server at the other end.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    pub(crate) facts: Facts,
    pub(crate) network: String,
    pub(crate) statusmsg: String,
    /// Whether a message that comes twice under one id is known again.
    pub(crate) is_once: bool,
    /// Whether a bouncer has led us on to one of its networks.
    pub(crate) is_bound: bool,
    /// Whether it slows down whoever is too fast, and puts nobody out for it.
    pub(crate) keeps_pace: bool,
    /// Of how many people the server tells when they come and go; 0: of nobody.
    pub(crate) watched_max: usize,
    /// How many modes with a parameter one line may change.
    pub(crate) modes_max: usize,
    /// How many rooms the network has, if that was told.
    pub(crate) rooms_told: u32,
    /// Whether LIST takes a smallest number of members.
    pub(crate) lists_by_users: bool,
    /// Whether a long list does not end the link.
    pub(crate) lists_safely: bool,
    /// Whether the past can be asked for by ids of messages, not by times alone.
    pub(crate) has_ids: bool,
    /// How much of the past the server tells at a time.
    pub(crate) page_max: usize,
    /// Whether WHO takes a list of fields.
    pub(crate) has_whox: bool,
    /// Whether the server has told any rule.
    pub(crate) is_told: bool,
    /// The tags of clients that the server does not pass on.
    tags_denied: String,
    casemap: Casemap,
    chanmodes: [String; 4],
    /// What stands before bans that are about more than a mask, and their letters.
    extban: String,
    line_bytes_max: usize,
    user_and_host_bytes: usize,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            facts: Facts {
                member_prefixes: "@+".into(),
                member_modes: "ov".into(),
                room_prefixes: "#&".into(),
                is_rfc1459: true,
                ..Facts::default()
            },
            network: String::new(),
            statusmsg: String::new(),
            is_once: false,
            is_bound: false,
            keeps_pace: false,
            watched_max: 0,
            modes_max: MODES_MAX_ASSUMED,
            rooms_told: 0,
            lists_by_users: false,
            lists_safely: false,
            has_ids: true,
            page_max: usize::MAX,
            has_whox: false,
            is_told: false,
            casemap: Casemap::default(),
            tags_denied: String::new(),
            extban: String::new(),
            chanmodes: ["b".into(), "k".into(), "l".into(), "imnpst".into()],
            line_bytes_max: protocol::LINE_BYTES_MAX,
            user_and_host_bytes: USER_AND_HOST_BYTES_ASSUMED,
        }
    }
}

impl Rules {
    /// Takes one token of 005 in.
    pub(crate) fn take(&mut self, token: &str) {
        self.is_told = true;
        let token = Token::parse(token);
        if token.negated {
            return;
        }
        let value = token.value.unwrap_or_default();
        match token.name.as_str() {
            "NETWORK" => self.network = value,
            "CHANTYPES" => self.facts.room_prefixes = value,
            "STATUSMSG" => self.statusmsg = value,
            "PARLOR" => {
                self.is_once = value.split(',').any(|word| word == "once");
                self.keeps_pace = true;
            }
            "BOUNCER_NETID" => self.is_bound = !value.is_empty(),
            "MONITOR" => {
                self.watched_max = bounded(&value, 1, WATCHED_MAX, WATCHED_MAX);
                self.facts.has_monitor = true;
            }
            "ELIST" => self.lists_by_users = value.contains(['U', 'u']),
            "SAFELIST" => self.lists_safely = true,
            "MSGREFTYPES" => self.has_ids = value.split(',').any(|word| word == "msgid"),
            "CHATHISTORY" => {
                let most = value.parse().ok().filter(|most| *most > 0);
                self.page_max = most.unwrap_or(usize::MAX);
            }
            "CLIENTTAGDENY" => self.tags_denied = value,
            "WHOX" => self.has_whox = true,
            "BOT" => self.facts.bot_mode = value.chars().next(),
            "MODES" => self.modes_max = bounded(&value, 1, MODES_MAX, MODES_MAX),
            "PREFIX" => {
                self.take_prefix(&value);
                self.learn_quiets();
            }
            "CHANMODES" => {
                for (kind, letters) in self.chanmodes.iter_mut().zip(value.split(',')) {
                    letters.clone_into(kind);
                }
                self.learn_quiets();
            }
            "EXTBAN" => {
                self.extban = value;
                self.learn_quiets();
            }
            "CASEMAPPING" => {
                self.casemap = if value.starts_with("rfc1459") || value.starts_with("strict") {
                    Casemap::Rfc1459
                } else {
                    Casemap::Ascii
                };
                self.facts.is_rfc1459 = self.casemap == Casemap::Rfc1459;
            }
            "NICKLEN" => self.facts.nick_length_max = bounded(&value, 1, 1000, 9),
            "TOPICLEN" => self.facts.topic_length_max = bounded(&value, 1, 8000, 390),
            "LINELEN" => self.line_bytes_max = bounded(&value, 512, 8192, 512),
            _ => {}
        }
    }

    /// `(ov)@+`: letters and characters stand in the same order. An empty value means no ranks at all.
    fn take_prefix(&mut self, value: &str) {
        let Some((modes, prefixes)) = value.strip_prefix('(').and_then(|v| v.split_once(')'))
        else {
            self.facts.member_modes.clear();
            self.facts.member_prefixes.clear();
            return;
        };
        if modes.chars().count() == prefixes.chars().count() {
            modes.clone_into(&mut self.facts.member_modes);
            prefixes.clone_into(&mut self.facts.member_prefixes);
        }
    }

    /// Whether the server passes this tag of clients on: `CLIENTTAGDENY=*,-typing` keeps back all but typing.
    pub(crate) fn passes(&self, tag: &str) -> bool {
        let mut denied = self.tags_denied.split(',');
        if denied.next() == Some("*") {
            denied.any(|name| name.strip_prefix('-') == Some(tag))
        } else {
            !self.tags_denied.split(',').any(|name| name == tag)
        }
    }

    /// How somebody is quieted: by the list `q`, where that is no rank; by the ban `m:` of InspIRCd and Ergo, or the
    /// `~q:` of UnrealIRCd, which has another `m`.
    fn learn_quiets(&mut self) {
        let is_list = self
            .chanmodes
            .first()
            .is_some_and(|list| list.contains('q'));
        let is_rank = self.facts.member_modes.contains('q');
        let (before, letters) = self.extban.split_once(',').unwrap_or_default();
        self.facts.quiets = match before {
            _ if is_list && !is_rank => Quiets::Listed,
            "" if letters.contains('m') => Quiets::Banned("m:".to_owned()),
            "~" if letters.contains('q') => Quiets::Banned("~q:".to_owned()),
            _ => Quiets::Never,
        };
    }

    /// Learns how others see us, and with it what fits into a line of ours.
    pub(crate) fn measure(&mut self, nick: &str, user_and_host: Option<usize>) {
        if let Some(bytes) = user_and_host {
            self.user_and_host_bytes = bytes;
        }
        let source = nick.len() + self.user_and_host_bytes;
        self.facts.target_and_text_bytes_max = self
            .line_bytes_max
            .saturating_sub(FRAME_BYTES + source)
            .max(64);
    }

    /// The form in which names are compared.
    pub(crate) fn fold(&self, name: &str) -> String {
        let mut folded = name.to_ascii_lowercase();
        if self.casemap == Casemap::Rfc1459 {
            folded = folded
                .chars()
                .map(|c| match c {
                    '[' => '{',
                    ']' => '}',
                    '\\' => '|',
                    '~' => '^',
                    same => same,
                })
                .collect();
        }
        folded
    }

    /// Whether two names are the same.
    pub(crate) fn same(&self, a: &str, b: &str) -> bool {
        a == b || (a.len() == b.len() && self.fold(a) == self.fold(b))
    }

    /// Whether a name is that of a room.
    pub(crate) fn is_room(&self, name: &str) -> bool {
        name.starts_with(|c| self.facts.room_prefixes.contains(c))
    }

    /// The room of `@#room`, to which only the ranks above listen.
    pub(crate) fn without_status<'a>(&self, target: &'a str) -> &'a str {
        let known = if self.statusmsg.is_empty() {
            &self.facts.member_prefixes
        } else {
            &self.statusmsg
        };
        let bare = target.trim_start_matches(|c| known.contains(c));
        if self.is_room(bare) { bare } else { target }
    }

    /// What a mode letter of a room wants.
    pub(crate) fn kind_of(&self, letter: char) -> Option<Kind> {
        if self.facts.member_modes.contains(letter) {
            return Some(Kind::Prefix);
        }
        let kinds = [Kind::List, Kind::Always, Kind::WhenSet, Kind::Never];
        self.chanmodes
            .iter()
            .zip(kinds)
            .find_map(|(letters, kind)| letters.contains(letter).then_some(kind))
    }

    /// The prefix that stands for a mode letter.
    pub(crate) fn prefix_of(&self, letter: char) -> Option<char> {
        self.facts
            .member_modes
            .chars()
            .zip(self.facts.member_prefixes.chars())
            .find_map(|(mode, prefix)| (mode == letter).then_some(prefix))
    }
}

fn bounded(value: &str, low: usize, high: usize, default: usize) -> usize {
    value
        .parse()
        .map_or(default, |number: usize| number.clamp(low, high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_become_rules() {
        let mut rules = Rules::default();
        for token in
            "NICKLEN=20 PREFIX=(qov)~@+ CHANMODES=b,k,l,mt NETWORK=My\\x20Net CASEMAPPING=ascii \
                      TOPICLEN=x LINELEN=99999"
                .split(' ')
        {
            rules.take(token);
        }
        assert_eq!(rules.facts.nick_length_max, 20);
        assert_eq!(rules.facts.topic_length_max, 390);
        assert_eq!(rules.network, "My Net");
        assert_eq!(rules.prefix_of('q'), Some('~'));
        assert_eq!(rules.kind_of('l'), Some(Kind::WhenSet));
        assert!(!rules.same("[a]", "{a}"));
        assert_eq!(rules.line_bytes_max, 8192);
    }

    #[test]
    fn tags_that_are_denied_are_not_passed_on() {
        let mut rules = Rules::default();
        assert!(rules.passes("typing"));
        for (denied, typing, reply) in [
            ("*", false, false),
            ("*,-draft/reply,-draft/react", false, true),
            ("typing", false, true),
            ("", true, true),
        ] {
            rules.take(&format!("CLIENTTAGDENY={denied}"));
            let passes = (rules.passes("typing"), rules.passes("draft/reply"));
            assert_eq!(passes, (typing, reply), "{denied}");
        }
    }

    #[test]
    fn each_make_of_server_quiets_in_its_own_way() {
        let quiets = |tokens: &str| {
            let mut rules = Rules::default();
            for token in tokens.split(' ') {
                rules.take(token);
            }
            rules.facts.quiets
        };
        assert_eq!(quiets("CHANMODES=eIbq,k,flj,C"), Quiets::Listed);
        let banned = |before: &str| Quiets::Banned(before.to_owned());
        let inspircd = "CHANMODES=IXbegw,k,l,m EXTBAN=,ACNOQRSTUacmnprsw PREFIX=(qov)~@+";
        assert_eq!(quiets(inspircd), banned("m:"));
        let unreal = "EXTBAN=~,GLacmqrt PREFIX=(qaohv)~&@%+ CHANMODES=beI,fkL,lH,c";
        assert_eq!(quiets(unreal), banned("~q:"));
        assert_eq!(quiets("CHANMODES=beI,k,l,m EXTBAN=$,a"), Quiets::Never);
    }

    #[test]
    fn silence_means_rfc1459() {
        assert!(Rules::default().same("Ada[a]", "ada{A}"));
        let mut rules = Rules::default();
        rules.measure("ada", Some("!ada@localhost".len()));
        assert_eq!(
            rules.facts.target_and_text_bytes_max,
            512 - ":ada!ada@localhost PRIVMSG  :\r\n".len()
        );
    }
}
