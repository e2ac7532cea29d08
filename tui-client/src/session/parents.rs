//! Messages that answers were seen to: asked for one at a time in each window, and told apart from pages of history.
//! It must never ask for more than a window can show, nor hold up a page.

use protocol::Capability;

use crate::session::page;
use crate::session::rooms::Ask;
use crate::session::state::State;
use crate::session::told;

/// Messages that may wait to be asked for: a tall screen full of answers.
const WAITING_MAX: usize = 128;
/// Messages around the one that is meant: servers count differently, and with one some send its neighbour.
const AROUND: usize = 3;

/// Asks for one message of a window.
pub(crate) fn ask(state: &mut State, target: String, msgid: String) {
    if !state.has(Capability::ChatHistory) || state.parents.len() >= WAITING_MAX {
        return state.emit(told::parent(target, msgid, Vec::new()));
    }
    state.parents.push_back((target, msgid));
    next(state);
}

/// Asks for those whose windows wait for nothing else: pages go first.
pub(crate) fn next(state: &mut State) {
    page::next(state);
    for (target, msgid) in std::mem::take(&mut state.parents) {
        if !page::is_free(state, &target) {
            state.parents.push_back((target, msgid));
            continue;
        }
        let bound = page::reference(0, Some(&msgid));
        let ask = Ask {
            limit: AROUND,
            is_inside: true,
            parent: Some(msgid),
            ..Ask::default()
        };
        page::ask(state, "AROUND", &target, &[&bound], ask);
    }
}
