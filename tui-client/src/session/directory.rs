//! Which rooms there are (LIST): asked so that the largest networks answer with what somebody can read.
//! It must never ask for everything where that could end the link.

use crate::session::event::{Event, Millis, Severity, Subject};
use crate::session::listing::Listing;
use crate::session::state::{Line, State};

/// In a network of so many rooms and more, those with more than so many members are asked for (ELIST `U`).
const LADDER: [(u32, u32); 3] = [(15_000, 19), (5_000, 9), (1_000, 3)];
/// With more rooms than this a server that cannot be asked for a part, and does not say that the answer is safe, is
/// asked for a pattern only.
const UNSAFE_MIN: u32 = 5_000;

/// Asks for the rooms that fit a pattern; none: for all, or the largest.
pub(crate) fn ask(state: &mut State, mask: &str, now: Millis) {
    let rooms = state.rules.rooms_told;
    let mut asked = mask.to_owned();
    let mut least = 0;
    if mask.is_empty() {
        let step = LADDER.iter().find(|(from, _)| rooms >= *from);
        if let Some((_, more_than)) = step.filter(|_| state.rules.lists_by_users) {
            asked = format!(">{more_than}");
            least = more_than + 1;
        } else if rooms >= UNSAFE_MIN && !state.rules.lists_safely {
            let text = format!(
                "This network has {rooms} rooms, and its server would end the link over such a list. \
                 /list *WORD* asks for those with a word in their names."
            );
            state.notice(Severity::Error, None, text.clone(), now);
            return state.emit(Event::Listing(Listing::Ended(Some(text))));
        }
    }
    state.emit(Event::Listing(Listing::Asked { least }));
    state.send(|line| {
        line.command("LIST");
        if !asked.is_empty() {
            line.param(&asked);
        }
    });
}

/// `322 <me> <room> <members> :<topic>`
pub(crate) fn room(state: &mut State, line: &Line<'_>) {
    let room = line.param(1).to_owned();
    let members = line.param(2).parse().unwrap_or(0);
    // InspIRCd puts the modes in brackets in front of the topic.
    let topic = line.param(3).to_owned();
    let text = format!("{room}  {members}  {topic}");
    state.emit(Event::Listing(Listing::Room {
        room,
        members,
        topic,
    }));
    told(state, text);
}

/// `323 <me> :End of /LIST`
pub(crate) fn ended(state: &mut State, _: &Line<'_>) {
    state.emit(Event::Listing(Listing::Ended(None)));
    told(state, "These are all the rooms.".to_owned());
}

/// `416 <me> LIST :output too large, truncated`, and `263` for LIST.
pub(crate) fn cut(state: &mut State, line: &Line<'_>) {
    let why = line.last().to_owned();
    state.emit(Event::Listing(Listing::Ended(Some(why.clone()))));
    told(state, format!("The list of rooms ends here: {why}"));
}

fn told(state: &mut State, text: String) {
    state.emit(Event::Listed {
        subject: Subject::Rooms,
        window: None,
        text,
    });
}
