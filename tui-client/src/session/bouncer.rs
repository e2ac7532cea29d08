//! Networks behind a bouncer (soju.im/bouncer-networks): told one by one, so that each gets a link of its own, and bound
//! to one of them (BOUNCER BIND) before the greeting ends.
//! They are also added, changed and removed there (ADDNETWORK, CHANGENETWORK, DELNETWORK).
//! It must never bind a link that was not made for a network: the one to the bouncer itself lists them.

use protocol::Capability;

use crate::session::command::Bouncer;
use crate::session::event::{Event, Severity};
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
    if netid.is_empty() || !is_root(state) {
        return;
    }
    if !line.param(0).eq_ignore_ascii_case("NETWORK") {
        return done(state, line, netid);
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

/// `BOUNCER ADDNETWORK|CHANGENETWORK|DELNETWORK <netid>`: it is done.
fn done(state: &mut State, line: &Line<'_>, netid: String) {
    let text = match line.param(0).to_ascii_uppercase().as_str() {
        "ADDNETWORK" => "The bouncer has one more network.",
        "CHANGENETWORK" => "The bouncer has changed it.",
        "DELNETWORK" => "The bouncer has taken it away.",
        _ => return,
    };
    state.notice(Severity::Info, None, text.to_owned(), line.at);
    if state.has(Capability::BouncerNetworksNotify) {
        return;
    }
    // Nobody tells of it: it is asked for, or known.
    if line.param(0).eq_ignore_ascii_case("DELNETWORK") {
        return state.emit(Event::Bouncer(Upstream::Gone { netid }));
    }
    state.send(|line| {
        line.command("BOUNCER").param("LISTNETWORKS");
    });
}

/// Asks for what the user wants of it.
pub(crate) fn ask(state: &mut State, what: &Bouncer) {
    let (verb, netid, attributes) = match what {
        Bouncer::Add { attributes } => ("ADDNETWORK", None, attributes.as_slice()),
        Bouncer::Change { netid, attributes } => {
            ("CHANGENETWORK", Some(netid), attributes.as_slice())
        }
        Bouncer::Remove { netid } => ("DELNETWORK", Some(netid), [].as_slice()),
    };
    let mut written = Vec::new();
    for (key, value) in attributes {
        if !written.is_empty() {
            written.push(b';');
        }
        written.extend_from_slice(key.as_bytes());
        written.push(b'=');
        protocol::tags::escape_into(&mut written, value);
    }
    let written = String::from_utf8_lossy(&written).into_owned();
    state.send(|line| {
        line.command("BOUNCER").param(verb);
        if let Some(netid) = netid {
            line.param(netid);
        }
        if !written.is_empty() {
            line.param(&written);
        }
    });
}

/// `FAIL BOUNCER <code> <subcommand> [<netid>] [<attribute>] :<description>`; whether this was it.
pub(crate) fn refused(state: &mut State, line: &Line<'_>) -> bool {
    if line.param(0) != "BOUNCER" {
        return false;
    }
    let context = line.rest(2);
    if context.contains(&"BIND") {
        let reason = format!("The bouncer does not lead there: {}", line.last());
        state.refuse_link(reason);
        return true;
    }
    let what = match line.param(2) {
        "ADDNETWORK" => "The network was not added",
        "CHANGENETWORK" => "The network was not changed",
        "DELNETWORK" => "The network was not taken away",
        _ => "The bouncer says no",
    };
    // The description comes last, the attribute before it.
    let attribute = context.len().checked_sub(2).and_then(|at| context.get(at));
    let attribute = attribute.map_or("that", |attribute| *attribute);
    let why = match line.param(1) {
        "ACCOUNT_REQUIRED" => "log in to the bouncer first".to_owned(),
        "INVALID_NETID" => "the bouncer has no such network".to_owned(),
        "INVALID_ATTRIBUTE" => format!("{attribute} cannot be that ({})", line.last()),
        "READ_ONLY_ATTRIBUTE" => format!("{attribute} cannot be changed"),
        "UNKNOWN_ATTRIBUTE" => format!("this bouncer does not know {attribute}"),
        "NEED_ATTRIBUTE" => format!("{attribute} is missing"),
        _ => line.last().to_owned(),
    };
    state.notice(Severity::Error, None, format!("{what}: {why}."), line.at);
    true
}
