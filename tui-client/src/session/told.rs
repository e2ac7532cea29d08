//! What a page of history, or a refusal of one, tells as events.
//! It must never ask for anything.

use crate::session::event::{Event, Message, Millis};
use crate::session::gap::Gap;
use crate::session::rooms::Ask;

/// What the pages before it brought follows on a page, each message once.
pub(crate) fn take_held(asked: &mut Ask, messages: &mut Vec<Message>, others: &mut Vec<Event>) {
    let (held, done) = std::mem::take(&mut asked.held);
    messages.retain(|message| !held.contains(message));
    messages.extend(held);
    others.extend(done);
}

/// Of a page that was asked for by time alone, what is before the message that ends the gap.
pub(crate) fn up_to_gap(mut page: Vec<Message>, gap: Option<&Gap>) -> Vec<Message> {
    if let Some(msgid) = gap.and_then(|gap| gap.before.as_ref()) {
        let end = page
            .iter()
            .position(|message| message.msgid.as_ref() == Some(msgid));
        page.truncate(end.unwrap_or(page.len()));
    }
    page
}

/// What was said at that time beyond one page can be had from nobody.
pub(crate) fn lost(target: &str, at: Millis) -> Event {
    Event::GapFound {
        target: target.to_owned(),
        gap: Gap {
            is_lost: true,
            ..Gap::between(at, at)
        },
    }
}

/// What came of asking for one message.
pub(crate) fn parent(target: String, msgid: String, page: Vec<Message>) -> Event {
    let is_it = |message: &Message| message.msgid.as_ref() == Some(&msgid);
    let message = page.into_iter().find(is_it);
    Event::ParentTold {
        target,
        msgid,
        message,
    }
}
