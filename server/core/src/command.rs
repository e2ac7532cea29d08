//! The table of commands: every verb with its conditions, its handler and its help. There is no other list of
//! verbs.

pub mod accept;
pub mod authenticate;
pub mod away;
pub mod ban;
pub mod batch;
pub mod cap;
pub mod chathistory;
pub mod chghost;
pub mod device;
pub mod erase;
pub mod help;
pub mod info;
pub mod invite;
pub mod invitelink;
pub mod join;
pub mod kick;
pub mod kill;
pub mod knock;
pub mod list;
pub mod lusers;
pub mod markread;
pub mod message;
pub mod metadata;
pub mod mode;
pub mod monitor;
pub mod motd;
pub mod names;
pub mod nick;
pub mod oper;
pub mod part;
pub mod passwd;
pub mod persistence;
pub mod ping;
pub mod quit;
pub mod redact;
pub mod register;
pub mod rehash;
pub mod rename;
pub mod samode;
pub mod search;
pub mod setname;
pub mod stats;
pub mod topic;
pub mod user;
pub mod userhost;
pub mod wallops;
pub mod webirc;
pub mod who;
pub mod whois;
pub mod whowas;

use protocol::Message;

use crate::handler::Phase::{After, Always, Before, Operator};
use crate::handler::{CommandSpec, Ctx, Phase, Touched};
use crate::refusal::Refusal;
use crate::touched;

type Run = fn(&mut Ctx<'_>, &Message<'_>) -> Result<(), Refusal>;

const fn row(
    verb: &'static str,
    params_min: usize,
    phase: Phase,
    run: Run,
    help: &'static str,
) -> CommandSpec {
    CommandSpec {
        verb,
        params_min,
        phase,
        run,
        help,
        touched: None,
    }
}

impl CommandSpec {
    /// The same, done once the words of these people have been heard.
    const fn after(self, touched: Touched) -> Self {
        let touched = Some(touched);
        Self { touched, ..self }
    }
}

/// Every command, sorted by verb.
#[rustfmt::skip]
pub const COMMANDS: &[CommandSpec] = &[
    row("ACCEPT", 1, After, accept::run, "ACCEPT [-]<nick>{,[-]<nick>}\nReads private messages of these people in spite of your mode +R."),
    row("ADMIN", 0, After, info::admin, "ADMIN [<server>]\nWho looks after this server."),
    row("AUTHENTICATE", 1, Always, authenticate::run, "AUTHENTICATE <mechanism>|<base64>|*\nLogs in to an account (SASL)."),
    row("AWAY", 0, Always, away::run, "AWAY [:<text>]\nSays that you are away; without a text, that you are back."),
    row("BATCH", 1, After, batch::run, "BATCH +<reference> draft/multiline <target>, then BATCH -<reference>\nSends one message of many lines."),
    row("CAP", 1, Always, cap::run, "CAP LS|LIST|REQ|END [:<capabilities>]\nNegotiates capabilities."),
    row("CHATHISTORY", 2, After, chathistory::run, "CHATHISTORY LATEST|BEFORE|AFTER|AROUND|BETWEEN|TARGETS …\nReads the history of a room or a conversation."),
    row("CHGHOST", 3, Operator, chghost::run, "CHGHOST <nick> <user> <host>\nGives somebody another user name and host, as others see them."),
    row("DEVICE", 1, Always, device::run, "DEVICE ADD [<account> <code>], DEVICE CODE, DEVICE LIST, DEVICE REMOVE <fingerprint>\nThe devices that log in to your account by their keys; ADD alone keeps your nick for the key of this one."),
    row("DLINE", 1, Operator, ban::dline, "DLINE [<minutes>] <address> [:<reason>]\nBans an address from the server."),
    row("ERASE", 0, After, erase::run, "ERASE <account>\nCloses your account for ever and erases all that you said under it.").after(touched::oneself),
    row("HELP", 0, After, help::run, "HELP [<command>]\nSays what commands there are, and what one does."),
    row("HELPOP", 0, After, help::run, "HELPOP [<command>]\nThe same as HELP."),
    row("INFO", 0, After, info::run, "INFO [<server>]\nAbout this server."),
    row("INVITE", 0, After, invite::run, "INVITE [<nick> <room>]\nAsks somebody into a room; alone it lists where you are invited."),
    row("INVITELINK", 2, After, invitelink::run, "INVITELINK CREATE <room> [uses=<n>] [expires=<seconds>], INVITELINK LIST <room>, INVITELINK REVOKE <room> <number>\nLinks by which a room's operator lets people in (parlor.chat)."),
    row("ISON", 1, After, userhost::ison, "ISON <nick>…\nWho of these is here."),
    row("ISUPPORT", 0, Always, info::isupport, "ISUPPORT\nWhat this server supports."),
    row("JOIN", 1, After, join::run, "JOIN <room>{,<room>} [<key>{,<key>}]\nEnters rooms; JOIN 0 leaves all. A key may be an invite: parlor.chat/invite:<token>[:<own word>].").after(touched::oneself),
    row("KICK", 2, After, kick::run, "KICK <room> <nick>{,<nick>} [:<reason>]\nPuts somebody out of a room.").after(touched::oneself_and_second),
    row("KILL", 1, Operator, kill::run, "KILL <nick> :<reason>\nEnds somebody's connection.").after(touched::first),
    row("KLINE", 1, Operator, ban::kline, "KLINE [<minutes>] <user@host> [:<reason>]\nBans a mask from the server."),
    row("KNOCK", 1, After, knock::run, "KNOCK <room>\nAsks the operators of a closed room to be let in."),
    row("LINKS", 0, After, info::links, "LINKS\nWhich servers are linked."),
    row("LIST", 0, After, list::run, "LIST [<filter>{,<filter>}]\nWhich rooms there are. Filters: name, mask, !mask, >n, <n members, C>n, C<n, T>n, T<n minutes."),
    row("LUSERS", 0, After, lusers::run, "LUSERS\nHow many people and rooms there are."),
    row("MARKREAD", 0, After, markread::run, "MARKREAD <target> [timestamp=<time>]\nSays up to where you have read."),
    row("METADATA", 2, Always, metadata::run, "METADATA <target>|* GET|LIST|SET|CLEAR|SUB|UNSUB|SUBS|SYNC …\nKeys and values of people and rooms, such as display-name and avatar."),
    row("MODE", 1, After, mode::run, "MODE <room>|<nick> [<letters> [<parameters>]]\nReads or changes modes.").after(touched::oneself),
    row("MONITOR", 1, After, monitor::run, "MONITOR +|-|C|L|S [<nick>{,<nick>}]\nTells you when these people come and go."),
    row("MOTD", 0, After, motd::run, "MOTD [<server>]\nThe message of the day."),
    row("NAMES", 0, After, names::run, "NAMES <room>{,<room>}\nWho is in a room."),
    row("NICK", 0, Always, nick::run, "NICK <nick>\nTakes a nick.").after(nick::touched),
    row("NOTICE", 0, After, message::notice, "NOTICE <target>{,<target>} :<text>\nSays something that is never answered automatically."),
    row("OPER", 2, After, oper::run, "OPER <name> <password>\nMakes you a server operator."),
    row("PART", 1, After, part::run, "PART <room>{,<room>} [:<reason>]\nLeaves rooms.").after(touched::oneself),
    row("PASS", 1, Before, user::pass, "PASS <password>|parlor.chat/invite:<token>[:<own word>]\nGives the server's password, or an invite, before NICK and USER."),
    row("PASSWD", 2, After, passwd::run, "PASSWD <old password>|* :<new password>\nChanges the password of your account; * where it has none."),
    row("PERSISTENCE", 1, After, persistence::run, "PERSISTENCE GET, PERSISTENCE SET ON|OFF|DEFAULT\nWhether you stay a member while none of your clients is connected."),
    row("PING", 0, Always, ping::run, "PING <token>\nIs answered with PONG."),
    row("PONG", 0, Always, ping::pong, "PONG <token>\nAnswers a PING."),
    row("PRIVMSG", 0, After, message::privmsg, "PRIVMSG <target>{,<target>} :<text>\nSays something to a room or a person."),
    row("QUIT", 0, Always, quit::run, "QUIT [:<reason>]\nLeaves the server."),
    row("REDACT", 2, After, redact::run, "REDACT <target> <msgid> [:<reason>]\nWithdraws a message."),
    row("REGISTER", 3, Always, register::run, "REGISTER <account>|* <email>|* <password>\nMakes an account."),
    row("REHASH", 0, Operator, rehash::run, "REHASH\nReads the configuration again."),
    row("RENAME", 2, After, rename::run, "RENAME <room> <new name> [:<reason>]\nGives a room another name.").after(touched::members),
    row("SAJOIN", 1, Operator, samode::sajoin, "SAJOIN [<nick>] <room>\nPuts somebody into a room."),
    row("SAMODE", 2, Operator, samode::run, "SAMODE <room> <letters> [<parameters>]\nChanges modes without being asked for a rank.").after(touched::oneself),
    row("SANICK", 2, Operator, samode::sanick, "SANICK <nick> <new nick>\nGives somebody another nick.").after(touched::first),
    row("SEARCH", 1, After, search::run, "SEARCH <attributes>\nSearches the history: in, from, after, before, text, limit."),
    row("SETNAME", 1, After, setname::run, "SETNAME :<real name>\nChanges your real name."),
    row("STATS", 0, After, stats::run, "STATS <letter>\nm: commands, k and d: bans, o: operators, u: uptime."),
    row("TAGMSG", 1, After, message::tagmsg, "TAGMSG <target>{,<target>}\nSends tags alone, such as a reaction."),
    row("TIME", 0, After, info::time, "TIME [<server>]\nThe server's time."),
    row("TOPIC", 1, After, topic::run, "TOPIC <room> [:<words>]\nReads or sets what a room is about.").after(touched::oneself),
    row("UNDLINE", 1, Operator, ban::undline, "UNDLINE <address>\nTakes a DLINE back."),
    row("UNKLINE", 1, Operator, ban::unkline, "UNKLINE <user@host>\nTakes a KLINE back."),
    row("USER", 4, Before, user::run, "USER <name> 0 * :<real name>\nSays who is coming."),
    row("USERHOST", 1, After, userhost::run, "USERHOST <nick>…\nUser and host of up to five people."),
    row("VERIFY", 2, Always, register::verify, "VERIFY <account> <code>\nFinishes making an account."),
    row("VERSION", 0, After, info::version, "VERSION [<server>]\nWhich program this is, and what it supports."),
    row("WALLOPS", 1, Operator, wallops::run, "WALLOPS :<text>\nTo everybody with mode +w."),
    row("WEBIRC", 4, Before, webirc::run, "WEBIRC <password> <gateway> <hostname> <ip>\nFor trusted gateways."),
    row("WHO", 1, After, who::run, "WHO <mask> [o][%<fields>[,<token>]]\nWho is in a room, or matches a mask."),
    row("WHOIS", 1, After, whois::run, "WHOIS [<server>] <nick>\nAll that may be known of somebody."),
    row("WHOWAS", 0, After, whowas::run, "WHOWAS <nick>{,<nick>} [<count>]\nWho had a nick before."),
];

/// The row of a verb, whatever its case, with its place in the table.
pub fn find(verb: &str) -> Option<(usize, &'static CommandSpec)> {
    let order = |spec: &CommandSpec| {
        let given = verb.bytes().map(|byte| byte.to_ascii_uppercase());
        spec.verb.bytes().cmp(given)
    };
    let place = COMMANDS.binary_search_by(order).ok()?;
    Some((place, COMMANDS.get(place)?))
}
