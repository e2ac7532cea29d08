//! What each ISUPPORT token tells a client. It never says its value: the server does.

/// The meaning of a token. A token that is announced must have one.
#[track_caller]
pub(super) fn meaning(name: &str) -> &'static str {
    match name {
        "ACCOUNTEXTBAN" => "letters of the extended ban that matches an account",
        "AWAYLEN" => "bytes of an AWAY text",
        "BOT" => "the user mode of bots",
        "CASEMAPPING" => "how names are compared: only A to Z have two cases",
        "CHANLIMIT" => "rooms one person may be in",
        "CHANMODES" => "room modes: lists, always with a parameter, with one when set, without",
        "CHANNELLEN" => "bytes of a room's name",
        "CHANTYPES" => "what the name of a room begins with",
        "CHATHISTORY" => "most messages one CHATHISTORY answers with",
        "CLIENTTAGDENY" => "client tags that are not passed on",
        "ELIST" => "filters of LIST",
        "EXCEPTS" => "there are ban exceptions, mode e",
        "EXTBAN" => "extended bans: their prefix (none) and letters",
        "INVEX" => "there are standing invitations, mode I",
        "KEYLEN" => "bytes of a room's key",
        "KICKLEN" => "bytes of a reason for KICK",
        "LINELEN" => "bytes of a line without its tags, line end included",
        "MAXLIST" => "entries of these lists of a room together",
        "MAXTARGETS" => "targets of one message",
        "MODES" => "changes with a parameter in one MODE; no value: as many as fit",
        "MONITOR" => "names one client may watch",
        "MSGREFTYPES" => "how CHATHISTORY may refer to a message",
        "NAMELEN" => "bytes of a real name",
        "PARLOR" => "once: a message sent again with its `+parlor.chat/id` is recognised",
        "NETWORK" => "the network's name",
        "NICKLEN" => "bytes of a nick",
        "PREFIX" => "ranks in a room and their signs, highest first",
        "SAFELIST" => "LIST never ends a connection by its length",
        "SAFERATE" => "nobody is slowed down for sending fast",
        "STATUSMSG" => "signs before a room's name that limit a message to these ranks",
        "TARGMAX" => "targets of one command; no number: as many as fit",
        "TOPICLEN" => "bytes of a topic",
        "UTF8ONLY" => "only UTF-8 is taken",
        "WHOX" => "WHO may be asked for chosen fields",
        _ => panic!("say in {} what the token {name} means", file!()),
    }
}
