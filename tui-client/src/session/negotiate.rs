//! Agrees on capabilities (CAP LS 302, REQ, ACK, NAK, NEW, DEL) and sends the greeting.
//! It must never hold the greeting up: servers that know no CAP get NICK and USER all the same.

use protocol::{Capability, Caps};

use crate::session::state::{Line, State};
use crate::session::sts;
use crate::session::{admission, login, metadata};

/// What we make use of, where it is offered.
const WANTED: Caps = Caps::of(&[
    Capability::AccountNotify,
    Capability::AccountTag,
    Capability::AwayNotify,
    Capability::Batch,
    Capability::BouncerNetworks,
    Capability::BouncerNetworksNotify,
    Capability::CapNotify,
    Capability::ChannelRename,
    Capability::ChgHost,
    Capability::ChatHistory,
    Capability::Device,
    Capability::EchoMessage,
    Capability::EventPlayback,
    Capability::ExtendedJoin,
    Capability::ExtendedIsupport,
    Capability::ExtendedMonitor,
    Capability::InviteNotify,
    Capability::LabeledResponse,
    Capability::MessageRedaction,
    Capability::MessageTags,
    Capability::Metadata2,
    Capability::Metadata3,
    Capability::MultiPrefix,
    Capability::Multiline,
    Capability::PreAway,
    Capability::ReadMarker,
    Capability::Sasl,
    Capability::Search,
    Capability::ServerTime,
    Capability::SetName,
    Capability::StandardReplies,
    Capability::UserhostInNames,
]);

/// Bytes of names in one CAP REQ, so that the line and its answer fit into 512.
const REQUEST_BYTES_MAX: usize = 400;

/// The first lines on a new wire.
pub(crate) fn greet(state: &mut State) {
    let settings = state.settings.clone();
    state.send(|line| {
        line.command("CAP").param("LS").param("302");
    });
    let password = settings.login.server_password.0.clone();
    let shown = Some(password).filter(|password| !password.is_empty());
    if let Some(shown) = shown.or_else(|| admission::at_the_door(state)) {
        state.send(|line| {
            line.command("PASS").last(&shown);
        });
    }
    let nick = state.nick.clone();
    state.send(|line| {
        line.command("NICK").param(&nick);
    });
    state.send(|line| {
        line.command("USER")
            .param(&settings.username)
            .param("0")
            .param("*")
            .trailing(&settings.realname);
    });
}

/// `CAP <nick> <subcommand> [*] :<names>`
pub(crate) fn run(state: &mut State, line: &Line<'_>) {
    let is_more = line.param(2) == "*" && line.msg.params().len() > 3;
    match line.param(1).to_ascii_uppercase().as_str() {
        "LS" => {
            offer(state, line.last());
            if !is_more {
                request(state);
            }
        }
        "NEW" => {
            offer(state, line.last());
            request(state);
        }
        "ACK" => {
            for name in line.last().split(' ') {
                let (is_off, name) = match name.strip_prefix('-') {
                    Some(rest) => (true, rest),
                    None => (false, name),
                };
                if let Some(cap) = Capability::from_name(name) {
                    set(state, cap, !is_off);
                }
            }
            answered(state);
        }
        "NAK" => {
            let is_list = line.last().trim().contains(' ');
            if is_list && !state.greeting.is_single {
                state.greeting.is_single = true;
                request(state);
            }
            answered(state);
        }
        "DEL" => {
            for name in line.last().split(' ') {
                if let Some(cap) = Capability::from_name(name) {
                    set(state, cap, false);
                    state.greeting.offered.remove(cap);
                }
            }
        }
        _ => {}
    }
}

fn set(state: &mut State, cap: Capability, is_on: bool) {
    if is_on {
        state.caps.insert(cap);
    } else {
        state.caps.remove(cap);
    }
    weigh_tags(state);
    state.rules.facts.has_redaction = state.has(Capability::MessageRedaction);
    state.rules.facts.has_history = state.has(Capability::ChatHistory);
    state.rules.facts.has_multiline = state.has(Capability::Multiline);
}

/// Whether what is written beside messages reaches anybody: some servers have tags and pass none of ours on.
pub(crate) fn weigh_tags(state: &mut State) {
    let passes = ["draft/react", "draft/reply"].map(|tag| state.rules.passes(tag));
    state.rules.facts.has_tags = state.has(Capability::MessageTags) && passes.contains(&true);
}

/// Notes what is offered: `name` or `name=value`.
fn offer(state: &mut State, names: &str) {
    for word in names.split(' ') {
        let (name, value) = word.split_once('=').unwrap_or((word, ""));
        if name == "sts" {
            sts::offered(state, value);
        }
        let Some(cap) = Capability::from_name(name) else {
            continue;
        };
        state.greeting.offered.insert(cap);
        if cap == Capability::Device {
            state.login.takes_keys = value.split(',').any(|word| word == "register");
        }
        if matches!(cap, Capability::Metadata2 | Capability::Metadata3) {
            state.profiles.learn(value);
        }
        if cap == Capability::Sasl {
            state.login.learn(value);
        }
        if cap == Capability::Multiline {
            let number = |key: &str| {
                value
                    .split(',')
                    .find_map(|pair| pair.strip_prefix(key)?.strip_prefix('='))
                    .and_then(|number| number.parse::<usize>().ok())
            };
            let bytes = number("max-bytes").unwrap_or(4096).clamp(512, 65_536);
            let lines = number("max-lines").unwrap_or(24).clamp(1, 1000);
            state.greeting.multiline = Some((bytes, lines));
        }
    }
}

/// Asks for all that is offered, wanted and not on, and that does not lean on something that is not offered.
fn request(state: &mut State) {
    let offered = state.greeting.offered;
    let mut wanted = offered.and(WANTED).without(state.caps);
    if !login::is_wanted(state) {
        wanted.remove(Capability::Sasl);
    }
    if state.settings.netid.is_some() {
        wanted.remove(Capability::BouncerNetworksNotify);
    }
    if !offered.has(Capability::Batch) {
        wanted = wanted.without(Caps::of(&[
            Capability::LabeledResponse,
            Capability::Multiline,
            Capability::ChatHistory,
            Capability::Metadata2,
            Capability::Metadata3,
        ]));
    }
    if offered.has(Capability::Metadata3) {
        // Two editions of one thing must not both be asked for.
        wanted.remove(Capability::Metadata2);
    }
    let bytes_max = if state.greeting.is_single {
        1
    } else {
        REQUEST_BYTES_MAX
    };
    let mut names = String::new();
    for cap in wanted.iter() {
        if !names.is_empty() && names.len() + cap.name().len() >= bytes_max {
            ask(state, &names);
            names.clear();
        }
        if !names.is_empty() {
            names.push(' ');
        }
        names.push_str(cap.name());
    }
    if !names.is_empty() {
        ask(state, &names);
    }
    state.end_greeting();
}

fn ask(state: &mut State, names: &str) {
    state.greeting.requests += 1;
    state.send(|line| {
        line.command("CAP").param("REQ").trailing(names);
    });
}

fn answered(state: &mut State) {
    state.greeting.requests = state.greeting.requests.saturating_sub(1);
    if state.greeting.requests == 0 {
        if state.has(Capability::ExtendedIsupport) && !state.greeting.is_ended {
            // The rules are here before anything depends on them.
            state.send(|line| {
                line.command("ISUPPORT");
            });
        }
        metadata::greet(state);
        login::begin(state);
    }
    state.end_greeting();
}
