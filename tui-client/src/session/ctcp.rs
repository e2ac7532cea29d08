//! CTCP: what programs ask each other inside of messages, and what they answer.
//! It must never answer without a pace, nor show an answer where nobody asked.

use crate::session::event::{Event, Kind, Millis, Severity, Subject};
use crate::session::state::{Line, State};

/// Questions of ours that may be without an answer; the oldest are forgotten.
const ASKED_MAX: usize = 8;

/// Asks somebody's program something.
pub(crate) fn ask(state: &mut State, nick: &str, verb: &str, now: Millis) {
    let verb = verb.to_ascii_uppercase();
    // What is sent with PING comes back, and says how long that took.
    let text = match verb.as_str() {
        "PING" => format!("\u{1}PING {now}\u{1}"),
        _ => format!("\u{1}{verb}\u{1}"),
    };
    state.send(|line| {
        line.command("PRIVMSG").param(nick).trailing(&text);
    });
    if state.ctcp_asked.len() >= ASKED_MAX {
        state.ctcp_asked.pop_front();
    }
    let nick = state.rules.fold(nick);
    state.ctcp_asked.push_back((nick, verb));
}

/// A program asks, or answers.
pub(crate) fn heard(state: &mut State, line: &Line<'_>, kind: Kind, (verb, rest): (&str, &str)) {
    if state.is_self(line.nick()) {
        // The echo of our own question.
        return;
    }
    let verb = verb.to_ascii_uppercase();
    match (kind, verb.as_str()) {
        (Kind::Notice, _) => answered(state, line, &verb, rest),
        (_, "DCC") => offered(state, line, rest),
        _ => asked(state, line, &verb, rest),
    }
}

fn answered(state: &mut State, line: &Line<'_>, verb: &str, rest: &str) {
    let nick = line.nick();
    let folded = state.rules.fold(nick);
    let mut asked = state.ctcp_asked.iter();
    let place = asked.position(|(whom, what)| *whom == folded && what == verb);
    let Some(place) = place else {
        let text = format!("{nick} answers {verb}: {rest}");
        return state.notice(Severity::Info, None, text, line.at);
    };
    state.ctcp_asked.remove(place);
    let sent = rest.trim().parse::<Millis>().ok();
    let text = match sent.filter(|sent| verb == "PING" && *sent <= line.now) {
        Some(sent) => format!("{nick} answers PING after {} ms", line.now - sent),
        None => format!("{nick} answers {verb}: {rest}"),
    };
    state.emit(Event::Listed {
        subject: Subject::Whois,
        window: None,
        text,
    });
}

fn asked(state: &mut State, line: &Line<'_>, verb: &str, rest: &str) {
    let answer = match verb {
        "VERSION" => state.settings.version.clone(),
        "PING" => rest.to_owned(),
        "TIME" => protocol::Stamp(line.now).to_string(),
        "CLIENTINFO" => "ACTION CLIENTINFO PING TIME VERSION".to_owned(),
        _ => return,
    };
    answer_with(state, line, &format!("{verb} {answer}"));
}

/// Whether there was time to answer. Answers are never held back for later: who asks too often is not answered.
fn answer_with(state: &mut State, line: &Line<'_>, text: &str) -> bool {
    let is_soon = !state.is_ready() || !state.pace.spend(line.now);
    if !is_soon {
        let text = format!("\u{1}{text}\u{1}");
        state.send(|out| {
            out.command("NOTICE").param(line.nick()).trailing(&text);
        });
    }
    !is_soon
}

/// `DCC SEND <file> …` and `DCC CHAT …`: a link from machine to machine, which tells each where the other is.
fn offered(state: &mut State, line: &Line<'_>, rest: &str) {
    let (what, rest) = rest.split_once(' ').unwrap_or((rest, ""));
    let what = what.to_ascii_uppercase();
    let name = match rest.strip_prefix('"').and_then(|rest| rest.split_once('"')) {
        Some((quoted, _)) => quoted,
        None => rest.split(' ').next().unwrap_or(""),
    };
    let offer = match what.as_str() {
        "SEND" => format!("the file {name}"),
        "CHAT" => "a talk from machine to machine".to_owned(),
        _ => return,
    };
    if answer_with(state, line, &format!("DCC REJECT {what} {name}")) {
        let nick = line.nick().to_owned();
        let text =
            format!("{nick} offers {offer} by DCC. Parlor does not do that, and has said no.");
        state.notice(Severity::Info, Some(nick), text, line.at);
    }
}
