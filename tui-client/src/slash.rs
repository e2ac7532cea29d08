//! The commands that are written: their names, what they take, what they do.
//! It must never run one; help, completion and the nearest name all read this table.

pub mod misspelt;

use crate::discreet;

/// One command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slash {
    /// `/join`
    Join,
    /// `/leave`
    Leave,
    /// `/close`
    Close,
    /// `/window`
    Window,
    /// `/nick`
    Nick,
    /// `/say`
    Say,
    /// `/format`
    Format,
    /// `/me`
    Me,
    /// `/msg`
    Msg,
    /// `/notice`
    Notice,
    /// `/topic`
    Topic,
    /// `/names`
    Names,
    /// `/list`
    List,
    /// `/who`
    Who,
    /// `/whois`
    Whois,
    /// `/away`
    Away,
    /// `/back`
    Back,
    /// `/metadata`
    Metadata,
    /// `/ctcp`
    Ctcp,
    /// `/ping`
    Ping,
    /// `/oper`
    Oper,
    /// What the server is asked or told as it is written, under this verb.
    Through(
        /// The verb.
        &'static str,
        /// What follows it.
        Words,
    ),
    /// `/invite`
    Invite,
    /// `/invite-link`
    InviteLink,
    /// `/kick`
    Kick,
    /// `/kickban`
    KickBan,
    /// `/cycle`
    Cycle,
    /// `/ban`
    Ban,
    /// `/unban`
    Unban,
    /// `/quiet`
    Quiet,
    /// `/unquiet`
    Unquiet,
    /// `/op`, `/voice` and their kin: this standing in the room is given, or taken.
    Stand(
        /// `+` or `-`.
        char,
        /// The letter of the mode.
        char,
    ),
    /// `/mode`
    Mode,
    /// `/bot`
    Bot,
    /// `/search`
    Search,
    /// `/mute`
    Mute,
    /// `/notify`
    Notify,
    /// `/ignore`
    Ignore,
    /// `/clear`
    Clear,
    /// `/trust`
    Trust,
    /// `/device`
    Device,
    /// `/login`
    Login,
    /// `/password`
    Password,
    /// `/register`
    Register,
    /// `/verify`
    Verify,
    /// `/erase`
    Erase,
    /// `/connect`
    Connect,
    /// `/disconnect`
    Disconnect,
    /// `/network`
    Network,
    /// `/bouncer`
    Bouncer,
    /// `/knock`
    Knock,
    /// `/accept`
    Accept,
    /// `/edit`
    Edit,
    /// `/set`
    Set,
    /// `/raw`
    Raw,
    /// `/help`
    Help,
    /// `/quit`
    Quit,
}

/// What follows the verb of a line that goes to the server as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Words {
    /// Words, or none.
    Any,
    /// Words, one at least.
    Some,
    /// One text, which must be there.
    Text,
}

/// What the first argument is, for completion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Nothing that could be completed.
    Words,
    /// A room.
    Room,
    /// Somebody.
    Nick,
    /// A command.
    Command,
    /// A network.
    Network,
    /// A window: a room, somebody, a network.
    Window,
    /// What is to be done with a bouncer's networks.
    Bouncer,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A setting, and then its value.
    Setting,
}

/// A command with all that is said about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Described {
    /// The command.
    pub slash: Slash,
    /// Its name.
    pub name: &'static str,
    /// Its other names.
    pub aliases: &'static [&'static str],
    /// What it takes, as help writes it.
    pub args: &'static str,
    /// What it does.
    pub help: &'static str,
    /// What its first argument is.
    pub takes: Takes,
}

const fn row(
    slash: Slash,
    names: (&'static str, &'static [&'static str]),
    args: &'static str,
    takes: Takes,
    help: &'static str,
) -> Described {
    Described {
        slash,
        name: names.0,
        aliases: names.1,
        args,
        help,
        takes,
    }
}

/// The command, without its slash, if this is one and no message.
pub fn command_of(written: &str) -> Option<&str> {
    let command = written.strip_prefix('/')?;
    (!command.starts_with('/')).then_some(command)
}

/// Whether a command takes what somebody says, of however many lines; all others take one.
pub fn takes_lines(slash: Slash) -> bool {
    matches!(
        slash,
        Slash::Say | Slash::Format | Slash::Me | Slash::Msg | Slash::Notice | Slash::Edit
    )
}

/// Whether a command, given without its slash, carries a secret, which no list of what was typed may keep.
pub fn is_secret(command: &str) -> bool {
    let (name, rest) = command.split_once(' ').unwrap_or((command, ""));
    let slash = named(name).map(|row| row.slash);
    let secret = [
        Slash::Device,
        Slash::Login,
        Slash::Oper,
        Slash::Password,
        Slash::Register,
    ];
    let sets_secret = || {
        let about = rest.split_whitespace().next().unwrap_or_default();
        let about = about.to_ascii_lowercase();
        about.ends_with("password") || about == "on_connect"
    };
    slash.is_some_and(|slash| secret.contains(&slash))
        || slash == Some(Slash::Bouncer) && command.contains("pass=")
        || slash == Some(Slash::Set) && sets_secret()
        || matches!(slash, Some(Slash::Msg | Slash::Notice)) && {
            discreet::is_secret_line(&format!("PRIVMSG {rest}"))
        }
        || slash == Some(Slash::Raw) && discreet::is_secret_line(rest)
}

/// Whether what was written may be kept for the next run. A command that nobody knows may be one with a password,
/// misspelt: it can be mended now, and is forgotten then.
pub fn may_outlast(written: &str) -> bool {
    command_of(written).is_none_or(|command| {
        let name = command.split_whitespace().next().unwrap_or_default();
        named(name).is_some() && !is_secret(command)
    })
}

/// Every command, in the order in which help lists them.
#[rustfmt::skip]
pub const ALL: &[Described] = &[
    row(Slash::Join, ("join", &["j"]), "#ROOM [KEY]", Takes::Room, "enter a room"),
    row(Slash::Leave, ("leave", &["part"]), "[#ROOM] [WORDS]", Takes::Room, "leave a room"),
    row(Slash::Cycle, ("cycle", &["rejoin", "hop"]), "[#ROOM]", Takes::Room, "leave a room and come back"),
    row(Slash::Close, ("close", &["wc"]), "[#ROOM or NICK]", Takes::Room, "leave, and close the window"),
    row(Slash::Window, ("window", &["buffer", "win", "go"]), "[NUMBER or NAME]", Takes::Window, "go to a window"),
    row(Slash::Msg, ("msg", &["query", "m"]), "NICK [TEXT]", Takes::Nick, "talk to one person"),
    row(Slash::Say, ("say", &[]), "TEXT", Takes::Words, "say it here, whatever it begins with"),
    row(Slash::Format, ("format", &[]), "TEXT", Takes::Words, "say it with **bold**, *slanted*, ~~struck~~ and `code` as IRC's own formatting"),
    row(Slash::Me, ("me", &["action"]), "TEXT", Takes::Words, "say what you do: * ada waves"),
    row(Slash::Notice, ("notice", &[]), "TARGET TEXT", Takes::Nick, "send a notice"),
    row(Slash::Nick, ("nick", &[]), "NICK", Takes::Words, "change your name"),
    row(Slash::Away, ("away", &[]), "[WORDS]", Takes::Words, "tell that you are away; again without words: back"),
    row(Slash::Back, ("back", &[]), "", Takes::Words, "tell that you are back"),
    row(Slash::Metadata, ("metadata", &["profile"]), "[KEY [VALUE]]", Takes::OneOf(&["avatar", "color", "display-name", "homepage", "pronouns", "status"]), "what you tell of yourself; with a KEY alone: no longer"),
    row(Slash::Topic, ("topic", &["t"]), "[TEXT]", Takes::Words, "show or change the topic"),
    row(Slash::Names, ("names", &["n"]), "[#ROOM]", Takes::Room, "who is in a room"),
    row(Slash::List, ("list", &["rooms"]), "[PATTERN]", Takes::Words, "which rooms there are, in a list to choose from"),
    row(Slash::Who, ("who", &[]), "[PATTERN]", Takes::Nick, "who matches"),
    row(Slash::Whois, ("whois", &["wi"]), "NICK", Takes::Nick, "who somebody is"),
    row(Slash::Through("WHOWAS", Words::Some), ("whowas", &[]), "NICK", Takes::Nick, "who somebody was that has left"),
    row(Slash::Ping, ("ping", &[]), "NICK", Takes::Nick, "how far away somebody's program is"),
    row(Slash::Ctcp, ("ctcp", &[]), "NICK VERSION|PING|TIME", Takes::Nick, "ask somebody's program what it is, how far, how late"),
    row(Slash::Invite, ("invite", &[]), "NICK [#ROOM]", Takes::Nick, "ask somebody in"),
    row(Slash::Knock, ("knock", &[]), "#ROOM [WORDS]", Takes::Room, "ask those in a closed room to let you in"),
    row(Slash::Accept, ("accept", &[]), "[NICK]", Takes::Nick, "let somebody write to you who may not (caller id)"),
    row(Slash::InviteLink, ("invite-link", &[]), "[#ROOM] [uses N] [expires 7d] [at HOST], or open, or list, or revoke N", Takes::Room, "a link that lets friends in"),
    row(Slash::Kick, ("kick", &[]), "NICK [WORDS]", Takes::Nick, "put somebody out"),
    row(Slash::KickBan, ("kickban", &["kb"]), "NICK [WORDS]", Takes::Nick, "put somebody out, and keep them out"),
    row(Slash::Ban, ("ban", &[]), "[NICK or MASK]", Takes::Nick, "keep somebody out; without a name: who is banned"),
    row(Slash::Unban, ("unban", &[]), "NICK or MASK", Takes::Nick, "let somebody in again"),
    row(Slash::Quiet, ("quiet", &[]), "[NICK or MASK]", Takes::Nick, "let somebody stay and say nothing; without a name: who may not speak"),
    row(Slash::Unquiet, ("unquiet", &[]), "NICK or MASK", Takes::Nick, "let somebody speak again"),
    row(Slash::Stand('+', 'o'), ("op", &[]), "NICK…", Takes::Nick, "make operator"),
    row(Slash::Stand('-', 'o'), ("deop", &[]), "NICK…", Takes::Nick, "no longer operator"),
    row(Slash::Stand('+', 'h'), ("halfop", &[]), "NICK…", Takes::Nick, "make half-operator, where there are such"),
    row(Slash::Stand('-', 'h'), ("dehalfop", &[]), "NICK…", Takes::Nick, "no longer half-operator"),
    row(Slash::Stand('+', 'v'), ("voice", &[]), "NICK…", Takes::Nick, "give voice"),
    row(Slash::Stand('-', 'v'), ("devoice", &[]), "NICK…", Takes::Nick, "take voice"),
    row(Slash::Mode, ("mode", &[]), "[MODES]", Takes::Words, "show or change the room's modes"),
    row(Slash::Bot, ("bot", &[]), "on|off", Takes::OneOf(&["on", "off"]), "tell everybody that you are a program, or no longer"),
    row(Slash::Search, ("search", &["grep"]), "TEXT", Takes::Words, "find in all rooms, here and on the server"),
    row(Slash::Mute, ("mute", &["unmute"]), "[#ROOM]", Takes::Room, "let only mentions count here, or all again"),
    row(Slash::Notify, ("notify", &[]), "[all|mentions|none]", Takes::OneOf(&["all", "mentions", "none"]), "say what counts and rings in this window"),
    row(Slash::Ignore, ("ignore", &["unignore"]), "[NICK]", Takes::Nick, "hear nothing of somebody, or hear them again"),
    row(Slash::Clear, ("clear", &[]), "[kept]", Takes::OneOf(&["kept"]), "empty this window on your screen; with kept also on this machine"),
    row(Slash::Device, ("device", &[]), "[[ACCOUNT] CODE | list | remove BEGINNING]", Takes::OneOf(&["list", "remove"]), "a code for your other machine; there it is given"),
    row(Slash::Login, ("login", &["identify"]), "[ACCOUNT] [PASSWORD]", Takes::Words, "log in to your account; a box asks for the password"),
    row(Slash::Register, ("register", &[]), "[PASSWORD] [EMAIL]", Takes::Words, "make an account of your nick; a box asks for the password"),
    row(Slash::Verify, ("verify", &[]), "CODE", Takes::Words, "finish it with the code that was sent"),
    row(Slash::Password, ("password", &[]), "[[OLD] NEW]", Takes::Words, "set or change your password; a box asks for it"),
    row(Slash::Erase, ("erase", &[]), "[ACCOUNT]", Takes::Words, "close your account for ever and erase all you said under it"),
    row(Slash::Trust, ("trust", &[]), "", Takes::Words, "take the server's new certificate for the right one"),
    row(Slash::Connect, ("connect", &["server"]), "[NETWORK|HOST:PORT]", Takes::Network, "connect to a network"),
    row(Slash::Disconnect, ("disconnect", &[]), "[NETWORK]", Takes::Network, "leave a network, and stay away from it"),
    row(Slash::Bouncer, ("bouncer", &[]), "[add HOST [NAME]|change NAME KEY=VALUE…|remove NAME]", Takes::Bouncer, "the networks that your bouncer has"),
    row(Slash::Network, ("network", &["networks"]), "[add|keep|remove NAME]", Takes::OneOf(&["add", "keep", "list", "remove"]), "list the networks; add NAME HOST[:PORT] [#ROOM…]"),
    row(Slash::Edit, ("edit", &[]), "[WORDS]", Takes::Words, "write a message in your own editor"),
    row(Slash::Set, ("set", &["settings"]), "[KEY [VALUE]]", Takes::Setting, "show or change your settings"),
    row(Slash::Through("SETNAME", Words::Text), ("setname", &[]), "WORDS", Takes::Words, "change your real name, where the server lets you"),
    row(Slash::Through("MOTD", Words::Any), ("motd", &[]), "[SERVER]", Takes::Words, "the server's message of the day"),
    row(Slash::Through("VERSION", Words::Any), ("version", &[]), "[SERVER]", Takes::Words, "what the server runs"),
    row(Slash::Through("TIME", Words::Any), ("time", &[]), "[SERVER]", Takes::Words, "how late it is at the server"),
    row(Slash::Through("INFO", Words::Any), ("info", &[]), "[SERVER]", Takes::Words, "about the server's program"),
    row(Slash::Through("ADMIN", Words::Any), ("admin", &[]), "[SERVER]", Takes::Words, "who runs the server"),
    row(Slash::Through("LUSERS", Words::Any), ("lusers", &["users"]), "", Takes::Words, "how many people and rooms there are"),
    row(Slash::Through("STATS", Words::Any), ("stats", &[]), "[LETTER [SERVER]]", Takes::Words, "what the server counts"),
    row(Slash::Through("LINKS", Words::Any), ("links", &[]), "[PATTERN]", Takes::Words, "the servers of the network"),
    row(Slash::Through("MAP", Words::Any), ("map", &[]), "", Takes::Words, "how they hang together"),
    row(Slash::Oper, ("oper", &[]), "NAME", Takes::Words, "become the network's operator; a box asks for the password"),
    row(Slash::Through("WALLOPS", Words::Text), ("wallops", &[]), "TEXT", Takes::Words, "tell all operators of the network"),
    row(Slash::Raw, ("raw", &["quote"]), "LINE", Takes::Words, "send a line as it is"),
    row(Slash::Help, ("help", &["h", "?"]), "[COMMAND]", Takes::Command, "keys and commands"),
    row(Slash::Quit, ("quit", &["exit", "q"]), "[WORDS]", Takes::Words, "say goodbye"),
];

/// The command with this name, written without its slash.
pub fn named(name: &str) -> Option<Described> {
    let name = name.to_ascii_lowercase();
    let fits = |row: &&Described| row.name == name || row.aliases.contains(&name.as_str());
    ALL.iter().find(fits).copied()
}
