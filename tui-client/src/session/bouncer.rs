//! Networks behind a bouncer (soju.im/bouncer-networks): told one by one, so that each gets a link of its own, and bound
//! to one of them (BOUNCER BIND) before the greeting ends.
//! It must never bind a link that was not made for a network: the one to the bouncer itself lists them.

use protocol::Capability;

use crate::session::event::Event;
use crate::session::link::Upstream;
use crate::session::state::{Line, State};

/// Whether this is the link to the bouncer itself.
pub(crate) fn is_root(state: &State) -> bool {
    state.has(Capability::BouncerNetworks)
        && state.settings.netid.is_none()
        && !state.rules.is_bound
}

/// The link is good: asks what networks there are, where the server does not tell it by itself.
pub(crate) fn ready(state: &mut State) {
    if state.settings.netid.is_some() && !state.has(Capability::BouncerNetworks) {
        let reason = "The bouncer no longer offers its networks one by one";
        return state.refuse_link(reason.to_owned());
    }
    if is_root(state) && !state.has(Capability::BouncerNetworksNotify) {
        state.send(|line| {
            line.command("BOUNCER").param("LISTNETWORKS");
        });
    }
}

/// `BOUNCER NETWORK <netid> <attributes>`, or `*` for one that is gone.
pub(crate) fn told(state: &mut State, line: &Line<'_>) {
    let netid = line.param(1).to_owned();
    if !line.param(0).eq_ignore_ascii_case("NETWORK") || netid.is_empty() || !is_root(state) {
        return;
    }
    if line.param(2) == "*" {
        return state.emit(Event::Bouncer(Upstream::Gone { netid }));
    }
    let value = |wanted: &str| {
        let mut pairs = line.param(2).split(';');
        let value = pairs.find_map(|pair| pair.strip_prefix(wanted)?.strip_prefix('='))?;
        Some(protocol::tags::unescape(value).into_owned())
    };
    state.emit(Event::Bouncer(Upstream::There {
        netid,
        name: value("name").or_else(|| value("host")),
        trouble: value("error").filter(|text| !text.is_empty()),
    }));
}

/// `FAIL BOUNCER <code> BIND …`; whether this was it.
pub(crate) fn refused(state: &mut State, line: &Line<'_>) -> bool {
    let is_bind = line.param(0) == "BOUNCER" && line.rest(2).contains(&"BIND");
    if is_bind {
        let reason = format!("The bouncer does not lead there: {}", line.last());
        state.refuse_link(reason);
    }
    is_bind
}
