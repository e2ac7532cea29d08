//! The links by which people come into a room (`INVITELINK`, a verb of parlord): asked for, told, listed, taken back.
//! It must never ask for a token that no link could carry.

use protocol::Stamp;
use protocol::invite::{Invite, Token};

use crate::session::command::Links;
use crate::session::event::{Event, Millis, Severity, Subject};
use crate::session::link::NewLink;
use crate::session::state::{Line, State};

/// Asks.
pub(crate) fn ask(state: &mut State, room: &str, ask: &Links, now: Millis) {
    let mut terms = Vec::new();
    let what = match ask {
        Links::Make { uses, lasts, at } => {
            if let Err(why) = &state.offer {
                let text = format!("No link can be given: {why}");
                let window = state.room_window(room);
                return state.notice(Severity::Error, window, text, now);
            }
            state.link_host.clone_from(at);
            terms.extend(uses.map(|uses| format!("uses={uses}")));
            terms.extend(lasts.map(|lasts| format!("expires={lasts}")));
            "CREATE"
        }
        Links::List => {
            state.links = 0;
            "LIST"
        }
        Links::Revoke(number) => {
            terms.push(number.clone());
            "REVOKE"
        }
    };
    state.send(|line| {
        line.command("INVITELINK").param(what).param(room);
        for term in &terms {
            line.param(term);
        }
    });
}

/// `INVITELINK CREATED|LISTED|END|REVOKED <room> …`
pub(crate) fn told(state: &mut State, line: &Line<'_>) {
    let room = state.room_name(line.param(1));
    match line.param(0) {
        "CREATED" => made(state, line, room),
        "LISTED" => {
            state.links += 1;
            let until = Stamp::parse(line.param(5)).map_or_else(String::new, minute);
            let text = format!(
                "{}: {} of {} came in by it; {}, until {until} UTC; by {}",
                line.param(2),
                line.param(3),
                line.param(4),
                line.param(6).replace('-', " "),
                line.last()
            );
            row(state, room, text);
        }
        "END" if state.links == 0 => {
            let text = format!("There are no invite links into {room}; /invite-link makes one.");
            row(state, room, text);
        }
        "REVOKED" => {
            let number = line.param(2);
            let text = format!("Nobody comes into {room} by link {number} any more.");
            row(state, room, text);
        }
        _ => {}
    }
}

fn row(state: &mut State, room: String, text: String) {
    state.emit(Event::Listed {
        subject: Subject::Text,
        window: Some(room),
        text,
    });
}

/// `INVITELINK CREATED <room> <number> <token> <uses> <expires>`
fn made(state: &mut State, line: &Line<'_>, room: String) {
    let (Ok(base), Some(token)) = (&state.offer, Token::parse(line.param(3))) else {
        return;
    };
    let host = state.link_host.as_ref().unwrap_or(&base.host);
    let invite = Invite {
        host: host.clone(),
        room: Some(room.clone()),
        token: Some(token),
        ..base.clone()
    };
    state.emit(Event::LinkMade(NewLink {
        room,
        number: line.param(2).to_owned(),
        link: invite.to_string(),
        uses: line.param(4).to_owned(),
        until: Stamp::parse(line.param(5)).unwrap_or_default().0,
    }));
}

/// A moment in UTC, as far as a person cares.
fn minute(at: Stamp) -> String {
    let text = at.to_string();
    text.get(..16).unwrap_or(&text).replace('T', " ")
}
