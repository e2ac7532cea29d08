//! Who must hear of something, each in the form it understands. It never decides whether a thing may happen.

use bytes::Bytes;
use protocol::capability::Capability as C;
use protocol::{Caps, LineWriter, Stamp};

use crate::effect::Effect;
use crate::ids::{ChannelId, SessionId, UserId};
use crate::network::Network;
use crate::user::{User, Voice};

/// The capabilities that change the tags of any message.
pub const TAG_CAPS: Caps = Caps::of(&[C::ServerTime, C::MessageTags, C::AccountTag]);

/// Sessions, grouped by what of their capabilities matters, so that each form is written once.
#[derive(Debug)]
pub struct Audience {
    relevant: Caps,
    except: Option<SessionId>,
    /// How many sessions there may be, so that the first group need not grow.
    expected: usize,
    /// Whether the session that is left out would have been told.
    pub met_except: bool,
    groups: Vec<(Caps, Vec<SessionId>)>,
}

impl Audience {
    /// Nobody yet. `relevant` are the capabilities that change the form, besides those of tags.
    pub fn new(relevant: &[C], except: Option<SessionId>) -> Self {
        Self {
            relevant: Caps::of(relevant).or(TAG_CAPS),
            except,
            expected: 0,
            met_except: false,
            groups: Vec::new(),
        }
    }

    /// Adds one session.
    pub fn add(&mut self, voice: Voice) {
        if Some(voice.session) == self.except {
            self.met_except = true;
            return;
        }
        let caps = voice.caps.and(self.relevant);
        if let Some((_, sessions)) = self.groups.iter_mut().find(|(of, _)| *of == caps) {
            sessions.push(voice.session);
        } else {
            let room = if self.groups.is_empty() {
                self.expected
            } else {
                4
            };
            let mut sessions = Vec::with_capacity(room.max(1));
            sessions.push(voice.session);
            self.groups.push((caps, sessions));
        }
    }

    /// Adds all sessions of a person.
    pub fn add_user(&mut self, user: &User) {
        for voice in &user.voices {
            self.add(*voice);
        }
    }

    /// Adds all members of a room.
    pub fn add_channel(&mut self, network: &Network, channel: ChannelId) {
        if let Some(channel) = network.channel(channel) {
            self.expected += channel.members.len();
            for member in channel.members.keys() {
                self.add_user(network.user(*member));
            }
        }
    }

    /// The session that was left out is told like the others after all.
    pub fn include_except(&mut self) {
        self.except = None;
    }

    /// The sessions by what they understand of what matters.
    pub fn into_groups(self) -> Vec<(Caps, Vec<SessionId>)> {
        self.groups
    }

    /// Writes each form once and has it delivered; what writes nothing is not sent.
    pub fn tell(self, effects: &mut Vec<Effect>, mut write: impl FnMut(Caps, &mut Vec<u8>)) {
        for (caps, to) in self.groups {
            let mut lines = Vec::with_capacity(256);
            write(caps, &mut lines);
            if !lines.is_empty() {
                effects.push(Effect::Deliver {
                    to,
                    lines: Bytes::from(lines),
                });
            }
        }
    }
}

/// Everybody who shares a room with somebody, each once, without that person.
pub fn neighbours(network: &Network, of: UserId) -> Vec<UserId> {
    let mut seen = indexmap::IndexSet::new();
    for channel in &network.user(of).channels {
        if let Some(channel) = network.channel(*channel) {
            let auditorium = channel.flags.has(crate::modes::Flag::Auditorium);
            for member in channel.members.keys() {
                if !auditorium || crate::policy::sees_member(channel, *member, of) {
                    seen.insert(*member);
                }
            }
        }
    }
    seen.swap_remove(&of);
    seen.into_iter().collect()
}

/// Those who hear of changes of a person: who shares a room, and who watches the nick with extended-monitor.
pub fn acquainted(
    network: &Network,
    of: UserId,
    except: Option<SessionId>,
    relevant: &[C],
) -> Audience {
    let mut audience = Audience::new(relevant, except);
    let neighbours = neighbours(network, of);
    for neighbour in &neighbours {
        audience.add_user(network.user(*neighbour));
    }
    let nick = protocol::Folded::new(&network.user(of).nick);
    for watcher in network.watchers.get(&nick).into_iter().flatten() {
        let session = network.session(*watcher);
        let known = session
            .user()
            .is_some_and(|user| neighbours.contains(&user));
        if session.caps.has(C::ExtendedMonitor) && !known {
            audience.add(Voice {
                session: *watcher,
                caps: session.caps,
            });
        }
    }
    audience
}

/// Where an event comes from: the tags and the source of its line.
#[derive(Clone, Debug)]
pub struct Origin {
    /// When.
    pub time: Stamp,
    /// Its `msgid`; empty: none.
    pub id: Box<str>,
    /// The account of whoever did it.
    pub account: Option<Box<str>>,
    /// Whether a bot did it.
    pub bot: bool,
    /// `nick!user@host`, or the server.
    pub source: String,
}

impl Origin {
    /// Starts the event's line for somebody who understands `caps`.
    pub fn line<'b>(&self, caps: Caps, out: &'b mut Vec<u8>) -> LineWriter<'b> {
        self.line_in(caps, None, out)
    }

    /// The same, inside a batch.
    pub fn line_in<'b>(
        &self,
        caps: Caps,
        batch: Option<&str>,
        out: &'b mut Vec<u8>,
    ) -> LineWriter<'b> {
        let mut line = LineWriter::new(out);
        if let Some(batch) = batch {
            line.tag("batch", batch);
        }
        if caps.has(C::ServerTime) {
            line.time(self.time);
        }
        if caps.has(C::MessageTags) {
            if !self.id.is_empty() {
                line.tag("msgid", &self.id);
            }
            if self.bot {
                line.tag("bot", "");
            }
        }
        if caps.has(C::AccountTag)
            && let Some(account) = &self.account
        {
            line.tag("account", account);
        }
        line.source(&self.source);
        line
    }
}
