//! `CAP LS|LIST|REQ|END`: which capabilities there are, and which the session wants (IRCv3 capability-negotiation).

use protocol::{Capability, Caps, Message};

use crate::advertise;
use crate::handler::Ctx;
use crate::refusal::{self, Refusal};

/// Bytes of the list in one line, so that the line fits.
const LIST_BYTES_MAX: usize = 400;

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let sub = message.param(0).unwrap_or_default();
    match sub.to_ascii_uppercase().as_str() {
        "LS" => ls(ctx, message.param(1)),
        "LIST" => list(ctx),
        "REQ" => request(ctx, message.param(1).unwrap_or_default()),
        "END" => set_negotiating(ctx, false),
        _ => return Err(refusal::invalid_cap_command(sub)),
    }
    Ok(())
}

fn set_negotiating(ctx: &mut Ctx<'_>, on: bool) {
    if let Some(session) = ctx.state.network.session_mut(ctx.session)
        && let Some(registering) = session.registering_mut()
    {
        registering.negotiating = on;
    }
}

fn ls(ctx: &mut Ctx<'_>, version: Option<&str>) {
    set_negotiating(ctx, true);
    let version = version
        .and_then(|version| version.parse().ok())
        .unwrap_or(301);
    if let Some(session) = ctx.state.network.session_mut(ctx.session) {
        session.cap_version = session.cap_version.max(version);
        if session.cap_version >= 302 {
            session.caps.insert(Capability::CapNotify);
        }
    }
    sync(ctx);
    let values = ctx.my_session().cap_version >= 302;
    let secure = ctx.my_session().peer.secure;
    let names: Vec<String> = advertise::caps(&ctx.state.settings)
        .iter()
        .map(|cap| {
            if values {
                advertise::cap_with_value(&ctx.state.settings, cap, secure)
            } else {
                cap.name().to_owned()
            }
        })
        .collect();
    tell(ctx, "LS", &names);
}

fn list(ctx: &mut Ctx<'_>) {
    let names: Vec<String> = ctx
        .my_session()
        .caps
        .iter()
        .map(|cap| cap.name().to_owned())
        .collect();
    tell(ctx, "LIST", &names);
}

/// Tells a list, in several lines with a `*` where it is long and the client knows of that.
fn tell(ctx: &mut Ctx<'_>, sub: &str, names: &[String]) {
    let several = ctx.my_session().cap_version >= 302;
    let mut lines = vec![String::new()];
    for name in names {
        let full = lines
            .last()
            .is_some_and(|line| line.len() + name.len() > LIST_BYTES_MAX);
        if full && several {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(name);
        }
    }
    let addressee = ctx.addressee();
    let last = lines.len() - 1;
    for (place, text) in lines.iter().enumerate() {
        let mut line = ctx.line();
        line.command("CAP").param(&addressee).param(sub);
        if place < last {
            line.param("*");
        }
        line.trailing(text).end();
    }
}

fn request(ctx: &mut Ctx<'_>, wanted: &str) {
    set_negotiating(ctx, true);
    let offered = advertise::caps(&ctx.state.settings);
    let mut caps = ctx.my_session().caps;
    let notify_fixed = ctx.my_session().cap_version >= 302;
    let all_known = wanted.split_ascii_whitespace().all(|word| {
        let (off, name) = word
            .strip_prefix('-')
            .map_or((false, word), |name| (true, name));
        match Capability::from_name(name) {
            // Sticky for clients of 302: they are told of changes in any case.
            Some(Capability::CapNotify) if off && notify_fixed => false,
            Some(cap) if off => {
                caps.remove(cap);
                true
            }
            // It is a word to the client, nothing to be asked for (IRCv3 sts).
            Some(Capability::Sts) => false,
            Some(cap) if offered.has(cap) => {
                caps.insert(cap);
                true
            }
            _ => false,
        }
    });
    if all_known {
        change(ctx, caps);
    }
    let addressee = ctx.addressee();
    let answer = if all_known { "ACK" } else { "NAK" };
    let mut line = ctx.line();
    line.command("CAP")
        .param(&addressee)
        .param(answer)
        .trailing(wanted)
        .end();
}

fn change(ctx: &mut Ctx<'_>, caps: Caps) {
    if let Some(session) = ctx.state.network.session_mut(ctx.session) {
        session.caps = caps;
    }
    sync(ctx);
}

/// Has deliveries know what the session understands now.
fn sync(ctx: &mut Ctx<'_>) {
    let (id, caps) = (ctx.session, ctx.my_session().caps);
    if let Some(user) = ctx.state.network.user_mut(ctx.user)
        && let Some(voice) = user.voices.iter_mut().find(|voice| voice.session == id)
    {
        voice.caps = caps;
    }
    ctx.response.caps = caps;
}
