//! What the session and the host reported, each to the part that knows about it.
//! It must never look into an event further than to tell what sort it is.

pub mod bouncer;
pub mod done;
pub mod gaps;
pub mod link;
pub mod modes;
pub mod past;
pub mod people;
pub mod renaming;
pub mod searched;
pub mod since;
pub mod talk;

use std::net::SocketAddr;

use std::sync::Arc;

use crate::attention;
use crate::deeds;
use crate::effect::Effect;
use crate::entry::Tone;
use crate::entry::presence::Move;
use crate::ids::NetworkId;
use crate::model::{Hosting, Model};
use crate::sanitise;
use crate::session::event::{Event, Message, Subject, Typing};
use crate::session::whereabouts::{Member, Split};
use crate::store::Request;
use crate::update::{browsing, keeping, parents};
use crate::window::Kind;

/// Takes an event of the session, and has kept what is to be kept of it.
pub fn run(model: &mut Model, effects: &mut Vec<Effect>, on: NetworkId, event: Event) {
    match event {
        Event::Message(message) => heard(model, effects, on, message),
        event => happened(model, effects, on, event),
    }
}

/// Takes a message, of which there may be very many: it is handed to the store as it is.
fn heard(model: &mut Model, effects: &mut Vec<Effect>, on: NetworkId, message: Message) {
    // What follows of it in the store comes after it.
    let first = effects.len();
    let heard = talk::heard(model, effects, on, &message);
    let Some(id) = heard.filter(|_| model.keeping.is_on) else {
        return;
    };
    since::heard(model, effects, (on, id), message.at);
    let network = Arc::clone(model.networks.get(on).key());
    effects.insert(first, Effect::Keep(Request::Heard { network, message }));
}

fn happened(model: &mut Model, effects: &mut Vec<Effect>, on: NetworkId, mut event: Event) {
    past::join(model, on, &mut event);
    let kept = keeping::of(model, on, &event);
    let seen = match &event {
        Event::Joined {
            room, is_own, at, ..
        } if *is_own => Some((room.clone(), *at)),
        _ => None,
    };
    // What follows of it in the store comes after it.
    let first = effects.len();
    take(model, effects, on, event);
    keeping::keep(model, effects, first, (on, kept));
    if let Some((target, at)) = seen.filter(|_| model.keeping.is_on)
        && let Some(id) = model.named(on, &target).map(|window| window.id)
    {
        since::heard(model, effects, (on, id), at);
        since::broken(model, effects, (on, id), at);
    }
}

fn take(model: &mut Model, effects: &mut Vec<Effect>, on: NetworkId, event: Event) {
    match event {
        Event::Link(state) => link::changed(model, effects, on, state),
        Event::LagMeasured(millis) => model.networks.get_mut(on).lag = Some(millis),
        Event::Silent(since) => model.networks.get_mut(on).silent_since = since,
        Event::Facts(facts) => model.networks.get_mut(on).facts = facts,
        Event::NickTaken { wanted, now } => link::nick_taken(model, on, &wanted, &now),
        Event::OwnAwayChanged { is_away } => people::own_away(model, on, is_away),
        Event::Waiting(message) => talk::waiting(model, on, message),
        Event::Sending { own_id } => talk::sending(model, on, own_id),
        Event::Confirmed { own_id, msgid, at } => talk::confirmed(model, on, own_id, msgid, at),
        Event::Refused { own_id, reason } => talk::refused(model, effects, on, own_id, &reason),
        Event::Listed {
            subject,
            window,
            text,
        } => {
            if subject == Subject::Rooms && !browsing::is_spoken(model, on) {
                return;
            }
            link::listed(model, on, subject, window.as_deref(), &text);
        }
        Event::Listing(listing) => browsing::told(model, on, listing),
        Event::Bouncer(upstream) => bouncer::told(model, effects, on, &upstream),
        Event::LinkMade(made) => link::made(model, effects, on, &made),
        Event::ServerNotice {
            severity,
            window,
            text,
            ..
        } => {
            link::noticed(model, on, severity, window.as_deref(), &text);
        }
        event => talked(model, effects, on, event),
    }
}

/// Takes an event about what was said, or done to it.
fn talked(model: &mut Model, effects: &mut Vec<Effect>, on: NetworkId, event: Event) {
    match event {
        Event::Typing {
            target,
            nick,
            state,
            ..
        } => {
            talk::typing(model, on, &target, &nick, state != Typing::Done);
        }
        Event::Reacted {
            target,
            msgid,
            nick,
            reaction,
            is_given,
        } => {
            done::reacted(model, on, (&target, &msgid), &nick, &reaction, is_given);
        }
        Event::Redacted {
            target,
            msgid,
            by,
            reason,
        } => {
            done::redacted(model, on, &target, &msgid, (&by, &reason));
        }
        Event::History {
            target,
            messages,
            is_complete,
            gap,
        } => {
            let before = model.named(on, &target).map(|window| window.unread);
            let newest = messages.iter().rev().find(|message| !message.is_own);
            let newest = newest.cloned();
            past::came(model, effects, (on, &target), messages, is_complete, gap);
            let new = model.named(on, &target).filter(|window| {
                let is_talk = before.is_none() || window.kind == Kind::Person;
                is_talk && window.unread > before.unwrap_or(0)
            });
            if let (Some(id), Some(newest)) = (new.map(|window| window.id), newest) {
                // Somebody wrote while there was no link.
                attention::call(model, effects, id, &newest);
            }
        }
        Event::ParentTold {
            target,
            msgid,
            message,
        } => parents::told(model, (on, &target), &msgid, message.as_ref()),
        Event::Found {
            query,
            is_part,
            messages,
        } => searched::found(model, on, (&query, is_part), messages),
        Event::GapFound { target, gap } => gaps::found(model, on, &target, gap),
        Event::ReadElsewhere { target, at } => talk::read_elsewhere(model, on, &target, at),
        event => somebody(model, effects, on, event),
    }
}

/// Takes an event about somebody who comes, goes, or changes.
fn somebody(model: &mut Model, effects: &mut Vec<Effect>, on: NetworkId, event: Event) {
    match event {
        Event::Joined {
            room,
            nick,
            account,
            is_own,
            at,
        } => {
            let member = Member {
                nick: sanitise::name(&nick),
                account,
                ..Member::default()
            };
            people::joined(model, on, &sanitise::name(&room), member, is_own, at);
        }
        Event::Left {
            room,
            nick,
            reason,
            is_own,
            at,
        } => {
            people::left(
                model,
                on,
                &room,
                &nick,
                &sanitise::line(&reason),
                is_own,
                at,
            );
            if is_own && model.networks.get(on).is_connected() {
                people::look_through(effects, on, &room);
            }
        }
        Event::Quit {
            nick,
            reason,
            split,
            at,
        } => {
            let what = parting(&reason, split);
            people::quit(model, on, &nick, &what, at);
        }
        Event::Kicked {
            room,
            nick,
            by,
            reason,
            is_own,
            ..
        } => {
            let by = (by.as_str(), reason.as_str());
            people::kicked(model, effects, on, &room, &nick, by, is_own);
        }
        Event::Renamed {
            from,
            to,
            is_own,
            at,
        } => {
            people::renamed(model, on, &from, &sanitise::name(&to), is_own, at);
        }
        event => room(model, effects, on, event),
    }
}

/// How somebody left the network.
fn parting(reason: &str, split: Option<Split>) -> Move {
    match split {
        None => Move::Left(sanitise::line(reason)),
        Some(split) => Move::SplitOff(Split {
            one: sanitise::name(&split.one),
            other: sanitise::name(&split.other),
        }),
    }
}

/// Takes an event about a room, or about what somebody is.
fn room(model: &mut Model, effects: &mut Vec<Effect>, on: NetworkId, event: Event) {
    match event {
        Event::ModeChanged {
            target,
            by,
            text,
            standings,
            ..
        } => {
            modes::run(model, on, &target, &by, &text, &standings);
        }
        Event::RoomRenamed(what) => renaming::renamed(model, effects, on, &what),
        Event::JoinRefused { room, reason } => people::refused(model, on, &room, &reason),
        Event::TopicChanged {
            room, by, topic, ..
        } => {
            people::topic(model, on, &room, &by, &sanitise::line(&topic));
        }
        Event::TopicIs { room, topic } => {
            if let Some(window) = model.named_mut(on, &room) {
                window.topic = sanitise::line(&topic);
            }
        }
        Event::Names { room, members } => {
            let clean = members.into_iter().map(|member| Member {
                nick: sanitise::name(&member.nick),
                ..member
            });
            people::names(model, on, &room, clean.collect());
        }
        Event::AwayChanged { nick, message } => people::away(model, on, &nick, message.as_deref()),
        Event::Surveyed(found) => people::surveyed(model, on, &found),
        Event::Described(told) => people::described(model, on, &told),
        Event::BotSeen(nick) => model.networks.get_mut(on).mark_bot(&nick),
        Event::Watched(seen) => people::watched(model, on, &seen),
        Event::AccountChanged { nick, account } => {
            people::account(model, on, &nick, account.as_deref());
        }
        Event::Invited {
            room,
            by,
            nick,
            is_own,
            ..
        } => {
            people::invited(
                model,
                effects,
                on,
                &sanitise::name(&room),
                &by,
                &nick,
                is_own,
            );
        }
        // Nothing on the screen shows real names yet, and the rest was taken above.
        _ => {}
    }
}

/// This process serves the room now.
pub fn hosting(model: &mut Model, address: String, invite: Option<String>) {
    let text = match invite {
        None => format!(
            "You host the rooms here, at {address}, for this machine. /invite-link open lets friends come in from others."
        ),
        Some(invite) => format!(
            "You host the rooms here, at {address}. /invite-link makes a link for friends on other machines and copies it; \
             the plain one is: parlor '{invite}'"
        ),
    };
    note_hosted(model, Tone::Aside, &text);
    model.hosting = Some(Hosting { address, guests: 0 });
}

/// Friends on other machines may come in to the server in this process.
pub fn door_opened(model: &mut Model, effects: &mut Vec<Effect>, door: SocketAddr) {
    let port = door.port();
    let text = format!(
        "Friends on other machines may come in now, encrypted, at port {port}; after the next start, too. /mode +i \
         lets only those into a room who have a link. From the internet, your router must pass that port on to this \
         machine; then /invite-link at NAME makes a link to the router's name."
    );
    note_hosted(model, Tone::Aside, &text);
    effects.push(Effect::KeepDoor(door));
}

/// The server in this process ended.
pub fn host_stopped(model: &mut Model, reason: &str) {
    model.hosting = None;
    let text = format!("The server here stopped: {reason}");
    note_hosted(model, Tone::Trouble, &text);
}

/// Tells of the server here in its own window and in a room there, the open one before others: other networks have
/// nothing to do with it.
fn note_hosted(model: &mut Model, tone: Tone, text: &str) {
    // Only the first network is ever hosted here.
    let hosted = NetworkId::FIRST;
    let server = model.server(hosted);
    deeds::note(model, server, tone, text);
    let rooms = model.windows.iter();
    let mut rooms = rooms.filter(|window| window.network == hosted && window.id != server);
    let open = rooms.clone().find(|window| window.id == model.current);
    if let Some(id) = open.or_else(|| rooms.next()).map(|window| window.id) {
        deeds::note(model, id, tone, text);
    }
}
