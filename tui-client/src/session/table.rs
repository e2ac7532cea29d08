//! The table: which handler takes which verb or number. Data, sorted, searched by halves.
//! It must never hold a decision.

use crate::session::state::{Line, State};
use crate::session::{
    account, alive, answers, batch, bots, bouncer, callers, directory, gesture, inquiries, links,
    login, masks, members, message, metadata, missed, negotiate, presence, refusal, room_state,
    watch, welcome,
};

/// What takes a line.
pub(crate) type Handler = fn(&mut State, &Line<'_>);

/// Verbs, sorted.
const VERBS: &[(&str, Handler)] = &[
    ("ACCOUNT", presence::account),
    ("AUTHENTICATE", login::authenticate),
    ("AWAY", presence::away),
    ("BATCH", batch::run),
    ("BOUNCER", bouncer::told),
    ("CAP", negotiate::run),
    ("CHATHISTORY", missed::target),
    ("CHGHOST", presence::chghost),
    ("DEVICE", account::device),
    ("ERASE", account::erased),
    ("ERROR", alive::error),
    ("FAIL", refusal::standard),
    ("INVITE", presence::invite),
    ("INVITELINK", links::told),
    ("JOIN", presence::join),
    ("KICK", presence::kick),
    ("MARKREAD", gesture::markread),
    ("METADATA", metadata::changed),
    ("MODE", room_state::mode),
    ("NICK", presence::nick),
    ("NOTE", refusal::standard),
    ("NOTICE", message::notice),
    ("PART", presence::part),
    ("PASSWD", account::password),
    ("PING", alive::ping),
    ("PONG", alive::pong),
    ("PRIVMSG", message::privmsg),
    ("QUIT", presence::quit),
    ("REDACT", gesture::redact),
    ("REGISTER", account::registered),
    ("RENAME", room_state::renamed),
    ("SETNAME", presence::setname),
    ("TAGMSG", gesture::tagmsg),
    ("TOPIC", room_state::topic),
    ("VERIFY", account::registered),
    ("WALLOPS", alive::wallops),
    ("WARN", refusal::standard),
];

/// Numbers, sorted.
const NUMERICS: &[(u16, Handler)] = &[
    (1, welcome::welcomed),
    (4, answers::ignored),
    (5, welcome::rules),
    (7, answers::ignored),
    (17, answers::ignored),
    (219, inquiries::stats_ended),
    (221, room_state::mode_is),
    (250, inquiries::words),
    (251, inquiries::words),
    (254, welcome::rooms_counted),
    (255, inquiries::words),
    (262, answers::ignored),
    (263, busy),
    (265, inquiries::words),
    (266, inquiries::words),
    (276, answers::whois_row),
    (281, callers::accepted),
    (282, answers::ignored),
    (301, presence::is_away),
    (305, presence::own_away),
    (306, presence::own_away),
    (307, answers::whois_row),
    (310, answers::whois_row),
    (311, answers::whois_user),
    (312, answers::whois_server),
    (313, answers::whois_row),
    (314, inquiries::was),
    (315, members::who_ended),
    (317, answers::whois_idle),
    (318, answers::whois_ended),
    (319, answers::whois_rooms),
    (320, answers::whois_row),
    (321, answers::ignored),
    (322, directory::room),
    (323, directory::ended),
    (324, room_state::mode_is),
    (328, room_state::page),
    (329, answers::ignored),
    (330, answers::whois_account),
    (331, room_state::topic_is),
    (332, room_state::topic_is),
    (333, answers::ignored),
    (335, bots::whois),
    (338, answers::whois_address),
    (341, presence::inviting),
    (344, answers::whois_row),
    (346, masks::row),
    (347, masks::end),
    (348, masks::row),
    (349, masks::end),
    (351, inquiries::version),
    (352, members::who),
    (353, members::names),
    (354, members::whox),
    (360, answers::whois_row),
    (364, inquiries::link),
    (365, answers::ignored),
    (366, members::names_ended),
    (367, masks::row),
    (368, masks::end),
    (369, inquiries::was_ended),
    (371, inquiries::words),
    (372, inquiries::motd),
    (374, answers::ignored),
    (376, welcome::motd_ended),
    (378, answers::whois_row),
    (379, answers::whois_row),
    (391, inquiries::time),
    (396, presence::own_host),
    (400, unknown),
    (401, refusal::message),
    (403, refusal::room),
    (404, refusal::message),
    (405, refusal::room),
    (407, refusal::message),
    (408, refusal::message),
    (411, refusal::message),
    (412, refusal::message),
    (415, refusal::message),
    (416, directory::cut),
    (417, refusal::too_long),
    (421, inquiries::unknown_verb),
    (422, welcome::motd_ended),
    (432, welcome::nick_refused),
    (433, welcome::nick_refused),
    (435, welcome::nick_refused),
    (436, welcome::nick_refused),
    (437, unavailable),
    (438, welcome::nick_refused),
    (441, refusal::message),
    (442, refusal::message),
    (443, refusal::already_in),
    (447, welcome::nick_refused),
    (464, welcome::shut_out),
    (465, welcome::shut_out),
    (470, refusal::forwarded),
    (471, refusal::room),
    (472, room_state::unknown_mode),
    (473, refusal::room),
    (474, refusal::room),
    (475, refusal::room),
    (476, refusal::room),
    (477, refusal::room),
    (479, refusal::room),
    (480, refusal::room),
    (482, refusal::message),
    (486, refusal::message),
    (489, refusal::room),
    (492, refusal::message),
    (494, refusal::message),
    (495, refusal::room),
    (520, refusal::room),
    (531, refusal::message),
    (671, answers::whois_row),
    (704, inquiries::words),
    (705, inquiries::words),
    (706, answers::ignored),
    (707, refusal::message),
    (710, callers::knocked),
    (711, callers::heard),
    (716, refusal::message),
    (717, callers::informed),
    (718, callers::calling),
    (721, inquiries::words),
    (722, answers::ignored),
    (728, masks::row),
    (729, masks::end),
    (730, watch::told),
    (731, watch::told),
    (734, watch::full),
    (760, metadata::whois),
    (761, metadata::value),
    (766, metadata::unset),
    (770, answers::ignored),
    (774, metadata::put_off),
    (900, login::logged_in),
    (901, login::logged_out),
    (902, login::failed),
    (903, login::succeeded),
    (904, login::failed),
    (905, login::failed),
    (906, login::failed),
    (907, login::already),
    (908, login::known),
];

/// The handler for a line.
pub(crate) fn handler_of(line: &Line<'_>) -> Handler {
    let found = match line.msg.numeric() {
        Some(numeric) => find(NUMERICS, &numeric).or_else(|| of_refusals(numeric)),
        None => find(VERBS, &line.msg.command.to_ascii_uppercase().as_str()),
    };
    found.unwrap_or(answers::other)
}

/// Numbers of five hundred and more say no; which of them do, each server has its own idea of.
fn of_refusals(numeric: u16) -> Option<Handler> {
    (500..600).contains(&numeric).then_some(refusal::other)
}

fn find<K: Ord>(table: &[(K, Handler)], key: &K) -> Option<Handler> {
    let place = table.binary_search_by(|(known, _)| known.cmp(key)).ok()?;
    table.get(place).map(|(_, handler)| *handler)
}

/// `263 <me> <verb> :Server load is temporarily too heavy. Please wait a while and try again.`
fn busy(state: &mut State, line: &Line<'_>) {
    match line.param(1).to_ascii_uppercase().as_str() {
        "WHO" => members::busy(state, line),
        "LIST" => directory::cut(state, line),
        _ => answers::other(state, line),
    }
}

/// `400 <me> <verb> :…` is about anything at all; Ergo says so of nicks that are not the account's.
fn unknown(state: &mut State, line: &Line<'_>) {
    if line.param(1).eq_ignore_ascii_case("NICK") && state.is_ready() {
        welcome::nick_refused(state, line);
    } else {
        answers::other(state, line);
    }
}

/// `437` is about a nick or about a room.
fn unavailable(state: &mut State, line: &Line<'_>) {
    if state.rules.is_room(line.param(1)) {
        refusal::room(state, line);
    } else {
        welcome::nick_refused(state, line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted() {
        assert!(VERBS.is_sorted_by(|a, b| a.0 < b.0));
        assert!(NUMERICS.is_sorted_by(|a, b| a.0 < b.0));
    }
}
