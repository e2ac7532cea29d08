//! Answers to questions, as a person reads them: LIST, WHOIS, and all that has no handler of its own.
//! It must never drop a line that the server wrote for people.

use crate::session::event::{Event, Severity, Subject};
use crate::session::state::{Line, State};

fn listed(state: &mut State, subject: Subject, text: String) {
    state.emit(Event::Listed {
        subject,
        window: None,
        text,
    });
}

/// `311 <me> <nick> <user> <host> * :<realname>`
pub(crate) fn whois_user(state: &mut State, line: &Line<'_>) {
    let (nick, user, host) = (line.param(1), line.param(2), line.param(3));
    let text = format!("{nick} is {user}@{host} ({})", line.last());
    state.whois = Some(nick.to_owned());
    listed(state, Subject::Whois, text);
}

/// `312 <me> <nick> <server> :<info>`
pub(crate) fn whois_server(state: &mut State, line: &Line<'_>) {
    let text = format!(
        "{} is on {} ({})",
        line.param(1),
        line.param(2),
        line.last()
    );
    listed(state, Subject::Whois, text);
}

/// `317 <me> <nick> <seconds> [<signon>] :…`
pub(crate) fn whois_idle(state: &mut State, line: &Line<'_>) {
    let seconds: u64 = line.param(2).parse().unwrap_or(0);
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    let span = match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, _) => format!("{minutes} min"),
        (0, _, _) => format!("{hours} h {minutes} min"),
        _ => format!("{days} d {hours} h"),
    };
    let text = format!("{} has been silent for {span}", line.param(1));
    listed(state, Subject::Whois, text);
}

/// `319 <me> <nick> :<rooms>`
pub(crate) fn whois_rooms(state: &mut State, line: &Line<'_>) {
    let text = format!("{} is in {}", line.param(1), line.last());
    listed(state, Subject::Whois, text);
}

/// `330 <me> <nick> <account> :is logged in as`
pub(crate) fn whois_account(state: &mut State, line: &Line<'_>) {
    let text = format!("{} is logged in as {}", line.param(1), line.param(2));
    listed(state, Subject::Whois, text);
}

/// Every other row of WHOIS: `<numeric> <me> <nick> … :<words>`
pub(crate) fn whois_row(state: &mut State, line: &Line<'_>) {
    listed(state, Subject::Whois, line.rest(1).join(" "));
}

/// `335 <me> <nick> :is a bot`
pub(crate) fn whois_bot(state: &mut State, line: &Line<'_>) {
    listed(state, Subject::Whois, format!("{} is a bot", line.param(1)));
}

/// `318 <me> <nick> :End of /WHOIS list`
pub(crate) fn whois_ended(state: &mut State, _: &Line<'_>) {
    state.whois = None;
}

/// What everybody knows or nobody needs: greetings of the machine, ends of lists.
pub(crate) fn ignored(_: &mut State, _: &Line<'_>) {}

/// Any line without a handler: shown, because the server wrote it for people.
pub(crate) fn other(state: &mut State, line: &Line<'_>) {
    let Some(numeric) = line.msg.numeric() else {
        return;
    };
    let text = line.rest(1).join(" ");
    let window = state.room_window(line.param(1));
    if (400..600).contains(&numeric) {
        state.notice(Severity::Error, window, text, line.at);
    } else if state.is_ready() {
        state.emit(Event::Listed {
            subject: Subject::Text,
            window,
            text,
        });
    } else {
        state.notice(Severity::Info, None, text, line.at);
    }
}
