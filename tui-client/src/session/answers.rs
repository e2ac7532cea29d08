//! Answers to questions, as a person reads them: LIST, WHOIS, and all that has no handler of its own.
//! It must never drop a line that the server wrote for people.

use crate::session::event::{Event, Severity, Subject};
use crate::session::inquiries;
use crate::session::metadata;
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
    state.is_whowas = false;
    state.whois = Some(nick.to_owned());
    listed(state, Subject::Whois, text);
}

/// `312 <me> <nick> <server> :<info>`; of WHOWAS, where `<info>` is when they left.
pub(crate) fn whois_server(state: &mut State, line: &Line<'_>) {
    if state.is_whowas {
        return inquiries::left_server(state, line);
    }
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

/// `338 <me> <nick> <address> :actually using host`
pub(crate) fn whois_address(state: &mut State, line: &Line<'_>) {
    let address = line.rest(2).split_last().map_or(&[][..], |(_, rest)| rest);
    let text = format!("{} really comes from {}", line.param(1), address.join(", "));
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
pub(crate) fn whois_ended(state: &mut State, line: &Line<'_>) {
    if let Some(nick) = state.whois.take() {
        metadata::whois_ended(state, &nick, line.now);
    }
}

/// What everybody knows or nobody needs: greetings of the machine, ends of lists.
pub(crate) fn ignored(_: &mut State, _: &Line<'_>) {}

/// Any line without a handler: shown, because the server wrote it for people.
pub(crate) fn other(state: &mut State, line: &Line<'_>) {
    let Some(numeric) = line.msg.numeric() else {
        return;
    };
    let text = sentence(line.rest(1));
    let window = state.room_window(line.param(1));
    if is_refusal(numeric) {
        state.notice(Severity::Error, window, text, line.at);
    } else if state.is_ready() {
        // What is below a hundred is told unasked.
        let subject = if numeric < 100 {
            Subject::Text
        } else {
            Subject::Asked
        };
        state.emit(Event::Listed {
            subject,
            window,
            text,
        });
    } else {
        state.notice(Severity::Info, None, text, line.at);
    }
}

/// Whether a number says no: those of four and five hundred, and what servers added elsewhere: of MODE (696, 697, 742,
/// 743), of KNOCK (712 to 715), of operators (723).
fn is_refusal(numeric: u16) -> bool {
    matches!(numeric, 400..600 | 696 | 697 | 712..=715 | 723 | 742 | 743)
}

/// The parameters as one reads them: what it is about, and the words, which may go on in the same sentence.
pub(crate) fn sentence(params: &[&str]) -> String {
    let Some((words, about)) = params.split_last() else {
        return String::new();
    };
    let about = about.join(" ");
    let begins = words.chars().next();
    if about.is_empty() {
        (*words).to_owned()
    } else if begins.is_some_and(char::is_uppercase)
        && !about.starts_with(|c: char| c.is_ascii_digit())
    {
        format!("{about}: {words}")
    } else {
        format!("{about} {words}")
    }
}
