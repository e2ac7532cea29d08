//! Every "no" as data, with its wording. It never reaches a socket: whoever asked gets it as a reply.

use std::borrow::Cow;

use protocol::numeric as n;

/// Why a command was not done, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A numeric.
    Numeric {
        /// Which one.
        code: u16,
        /// Its parameters between the nick and the text.
        params: Vec<String>,
        /// The text.
        text: Cow<'static, str>,
    },
    /// A standard reply (IRCv3 standard-replies).
    Fail {
        /// The command, or `*`.
        command: String,
        /// The code for programs.
        code: &'static str,
        /// What it is about.
        context: Vec<String>,
        /// The text for people.
        text: Cow<'static, str>,
    },
    /// Said nothing: NOTICE must never be answered (RFC 1459, 4.4.2), and what was said is said already.
    Silent,
}

fn numeric(code: u16, params: &[&str], text: impl Into<Cow<'static, str>>) -> Refusal {
    let params = params.iter().map(|param| (*param).to_owned()).collect();
    Refusal::Numeric {
        code,
        params,
        text: text.into(),
    }
}

/// A standard reply of refusal.
pub fn fail(
    command: &str,
    code: &'static str,
    context: &[&str],
    text: impl Into<Cow<'static, str>>,
) -> Refusal {
    let context = context.iter().map(|part| (*part).to_owned()).collect();
    Refusal::Fail {
        command: command.to_owned(),
        code,
        context,
        text: text.into(),
    }
}

macro_rules! refusals {
    ($($(#[doc = $doc:literal])* $name:ident($($param:ident),*) = $code:ident, $text:literal;)*) => {
        $($(#[doc = $doc])*
        pub fn $name($($param: &str),*) -> Refusal {
            numeric(n::$code, &[$($param),*], $text)
        })*
    };
}

refusals! {
    /// 401.
    no_such_nick(nick) = ERR_NOSUCHNICK, "No such nick or channel";
    /// 402.
    no_such_server(server) = ERR_NOSUCHSERVER, "No such server";
    /// 403.
    no_such_channel(channel) = ERR_NOSUCHCHANNEL, "No such channel";
    /// 404.
    cannot_speak(channel) = ERR_CANNOTSENDTOCHAN, "You may not speak in this channel";
    /// 404, for CTCP.
    no_ctcp_there(channel) = ERR_CANNOTSENDTOCHAN, "CTCP is not allowed in this channel (+C)";
    /// 405.
    too_many_channels(channel) = ERR_TOOMANYCHANNELS, "You have joined too many channels";
    /// 406.
    was_no_such_nick(nick) = ERR_WASNOSUCHNICK, "There was no such nickname";
    /// 407.
    too_many_targets(target) = ERR_TOOMANYTARGETS, "Too many targets";
    /// 409.
    no_origin() = ERR_NOORIGIN, "No origin specified";
    /// 410.
    invalid_cap_command(sub) = ERR_INVALIDCAPCMD, "Invalid CAP command";
    /// 411.
    no_recipient() = ERR_NORECIPIENT, "No recipient given";
    /// 412.
    no_text() = ERR_NOTEXTTOSEND, "No text to send";
    /// 417.
    too_long() = ERR_INPUTTOOLONG, "Input line was too long";
    /// 421.
    unknown_command(command) = ERR_UNKNOWNCOMMAND, "Unknown command";
    /// 422.
    no_motd() = ERR_NOMOTD, "There is no message of the day";
    /// 431.
    no_nick_given() = ERR_NONICKNAMEGIVEN, "No nickname given";
    /// 432.
    bad_nick(nick) = ERR_ERRONEUSNICKNAME, "Erroneous nickname";
    /// 433.
    nick_in_use(nick) = ERR_NICKNAMEINUSE, "Nickname is already in use";
    /// 433, by an account.
    nick_is_kept(nick) = ERR_NICKNAMEINUSE, "That nick belongs to an account: log in to use it";
    /// 437.
    nick_unavailable(nick) = ERR_UNAVAILRESOURCE, "That nick cannot be had right now: try again";
    /// 441.
    they_not_on_channel(nick, channel) = ERR_USERNOTINCHANNEL, "They aren't on that channel";
    /// 442.
    not_on_channel(channel) = ERR_NOTONCHANNEL, "You're not on that channel";
    /// 443.
    already_on_channel(nick, channel) = ERR_USERONCHANNEL, "is already on channel";
    /// 451.
    not_registered() = ERR_NOTREGISTERED, "You have not registered";
    /// 461.
    need_more_params(command) = ERR_NEEDMOREPARAMS, "Not enough parameters";
    /// 462.
    already_registered() = ERR_ALREADYREGISTERED, "You may not reregister";
    /// 464.
    wrong_password() = ERR_PASSWDMISMATCH, "Password incorrect";
    /// 471.
    channel_full(channel) = ERR_CHANNELISFULL, "Cannot join channel (+l)";
    /// 472.
    unknown_mode(letter) = ERR_UNKNOWNMODE, "is unknown mode char to me";
    /// 473.
    invite_only(channel) = ERR_INVITEONLYCHAN, "Cannot join channel (+i)";
    /// 474.
    banned(channel) = ERR_BANNEDFROMCHAN, "Cannot join channel (+b)";
    /// 475.
    bad_key(channel) = ERR_BADCHANNELKEY, "Cannot join channel (+k)";
    /// 477.
    need_account(channel) = ERR_NEEDREGGEDNICK, "Cannot join channel (+R): log in first";
    /// 478.
    list_full(channel, letter) = ERR_BANLISTFULL, "The list is full";
    /// 481.
    no_privileges() = ERR_NOPRIVILEGES, "Permission denied: you are not a server operator";
    /// 482.
    not_operator(channel) = ERR_CHANOPRIVSNEEDED, "You're not a channel operator";
    /// 491.
    no_oper_host() = ERR_NOOPERHOST, "No operator of that name, or a wrong password";
    /// 501.
    unknown_user_mode() = ERR_UMODEUNKNOWNFLAG, "Unknown mode flag";
    /// 502.
    not_your_modes() = ERR_USERSDONTMATCH, "Cannot change the modes of other people";
    /// 524.
    no_help(topic) = ERR_HELPNOTFOUND, "No help on this";
    /// 525.
    bad_channel_key(channel) = ERR_INVALIDKEY, "Key is not well-formed";
    /// 696.
    bad_mode_param(channel, letter, param) = ERR_INVALIDMODEPARAM, "Invalid parameter of this mode";
    /// 713.
    channel_open(channel) = ERR_CHANOPEN, "The channel is open: just join";
    /// 714.
    knock_on_own(channel) = ERR_KNOCKONCHAN, "You are already on that channel";
}

/// 407 or its standard reply: a list longer than its limit.
pub fn list_limit(command: &str, what: &str) -> Refusal {
    fail(command, "TOO_MANY", &[what], "Too many at once")
}
