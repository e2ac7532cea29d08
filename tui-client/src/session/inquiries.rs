//! Answers to what is asked about the server, and about who has left it, as a person reads them.
//! It must never be asked whether somebody asked; an answer is one.

use crate::session::event::{Event, Severity, Subject};
use crate::session::state::{Line, State};

/// Tells it where one looks; before the link is good it is a part of the greeting.
pub(crate) fn told(state: &mut State, line: &Line<'_>, text: String) {
    if state.is_ready() {
        state.emit(Event::Listed {
            subject: Subject::Asked,
            window: None,
            text,
        });
    } else {
        state.notice(Severity::Info, None, text, line.at);
    }
}

/// Rows whose words say it all: INFO (371), LUSERS (250, 251, 255, 265, 266), HELP (704, 705), an operator's message of
/// the day (721).
pub(crate) fn words(state: &mut State, line: &Line<'_>) {
    told(state, line, line.last().to_owned());
}

/// `372 <me> :- <text>`: a row of the message of the day.
pub(crate) fn motd(state: &mut State, line: &Line<'_>) {
    let text = line.last();
    let text = text.strip_prefix("- ").unwrap_or(text);
    let text = if text == "-" { "" } else { text };
    told(state, line, text.to_owned());
}

/// `314 <me> <nick> <user> <host> * :<realname>`
pub(crate) fn was(state: &mut State, line: &Line<'_>) {
    state.is_whowas = true;
    let (nick, user, host) = (line.param(1), line.param(2), line.param(3));
    let text = format!("{nick} was {user}@{host} ({})", line.last());
    told(state, line, text);
}

/// `312` after `314`: where they were, and when they left.
pub(crate) fn left_server(state: &mut State, line: &Line<'_>) {
    let (nick, server, when) = (line.param(1), line.param(2), line.last());
    told(state, line, format!("{nick} was on {server}, until {when}"));
}

/// `369 <me> <nick> :End of WHOWAS`
pub(crate) fn was_ended(state: &mut State, _: &Line<'_>) {
    state.is_whowas = false;
}

/// `351 <me> <version> <server> :<comments>`
pub(crate) fn version(state: &mut State, line: &Line<'_>) {
    let (version, server) = (line.param(1), line.param(2));
    let more = match line.rest(3).join(" ") {
        more if more.is_empty() => more,
        more => format!(" ({more})"),
    };
    told(state, line, format!("{server} runs {version}{more}"));
}

/// `391 <me> <server> [<timestamp> <offset>] :<words>`
pub(crate) fn time(state: &mut State, line: &Line<'_>) {
    let text = format!("{} at {}", line.last(), line.param(1));
    told(state, line, text);
}

/// `364 <me> <server> <server that it hangs on> :<hops> <info>`
pub(crate) fn link(state: &mut State, line: &Line<'_>) {
    let (server, behind) = (line.param(1), line.param(2));
    let (hops, info) = line.last().split_once(' ').unwrap_or((line.last(), ""));
    let text = match hops {
        "0" => format!("{server} ({info})"),
        _ => format!("{server} ({info}), by way of {behind}, {hops} away"),
    };
    told(state, line, text);
}

/// `219 <me> <letter> :End of /STATS report`
pub(crate) fn stats_ended(state: &mut State, line: &Line<'_>) {
    let text = format!("That is all of STATS {}.", line.param(1));
    told(state, line, text);
}

/// `421 <me> <verb> :Unknown command`
pub(crate) fn unknown_verb(state: &mut State, line: &Line<'_>) {
    let text = match line.param(1) {
        "REGISTER" => "Accounts are kept by services here, if at all: /msg NickServ REGISTER PASSWORD EMAIL makes one."
            .to_owned(),
        verb => format!("The server does not know {verb}."),
    };
    state.notice(Severity::Error, None, text, line.at);
}
