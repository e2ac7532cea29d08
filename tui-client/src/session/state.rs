//! All that the session knows between two lines, and the two ways out: lines to send and events.
//! It must never decide what a line means; the handlers do.

use std::collections::{BTreeSet, VecDeque};

use protocol::invite::{Invite, Token};
use protocol::{Capability, Caps, LineWriter, Message};

use crate::login::Login;
use crate::session::batches::Batches;
use crate::session::event::{Event, Millis, OwnId, Severity};
use crate::session::failed::Failures;
use crate::session::greeting::Greeting;
use crate::session::hosts::Hosts;
use crate::session::late::Late;
use crate::session::link::{Link, Policy, Wire};
use crate::session::once::Once;
use crate::session::own_nick::OwnNick;
use crate::session::pace::{Pace, Whose};
use crate::session::pending::Pending;
use crate::session::pulse::Pulse;
use crate::session::query::Query;
use crate::session::redial::Redial;
use crate::session::rooms::Rooms;
use crate::session::rules::Rules;
use crate::session::sasl::Progress;
use crate::session::subscription::Subscription;
use crate::session::surveys::Surveys;
use crate::session::untold::Gesture;
use crate::session::watchlist::Watchlist;

/// Who we are and where we want to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The nick we want.
    pub nickname: String,
    /// The user name for USER.
    pub username: String,
    /// The real name for USER.
    pub realname: String,
    /// How we log in, and what PASS carries.
    pub login: Login,
    /// The network of a bouncer that the link is for.
    pub netid: Option<String>,
    /// The rooms to enter as soon as the link is there.
    pub rooms: Vec<String>,
    /// Makes our message ids differ from those of every other run: any word without a dot.
    pub nonce: String,
    /// What CTCP VERSION answers.
    pub version: String,
}

/// Where a link stands.
///
/// ```text
/// Down -> Greeting -> Welcomed -> Ready -> Down
///         any -> Leaving -> Down
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Phase {
    /// There is no wire.
    #[default]
    Down,
    /// The wire is open; CAP, NICK and USER are under way.
    Greeting,
    /// 001 has come; the rest of the welcome is coming.
    Welcomed,
    /// Messages can go out.
    Ready,
    /// QUIT is sent.
    Leaving,
}

/// What is asked of the past of one link.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Missed {
    /// The last sign of the link before, once it was asked what came since.
    pub(crate) since: Option<Millis>,
    /// How many more conversations are asked for.
    pub(crate) left: usize,
}

/// The session's memory. One owner, no locks.
#[derive(Clone, Debug)]
pub(crate) struct State {
    pub(crate) settings: Settings,
    pub(crate) phase: Phase,
    /// When the phase began.
    pub(crate) since: Millis,
    pub(crate) nick: String,
    pub(crate) server: String,
    pub(crate) wire: Wire,
    pub(crate) login: Progress,
    pub(crate) caps: Caps,
    pub(crate) greeting: Greeting,
    pub(crate) rules: Rules,
    pub(crate) rooms: Rooms,
    pub(crate) pending: Pending,
    /// Whom we told last that we write, and when.
    pub(crate) typed: Option<(String, Millis)>,
    /// What failed of what we said.
    pub(crate) failures: Failures,
    /// What counts as sent and may still be refused.
    pub(crate) late: Late,
    pub(crate) pace: Pace,
    pub(crate) pulse: Pulse,
    pub(crate) batches: Batches,
    pub(crate) redial: Redial,
    /// What we asked whose program, folded, without an answer yet.
    pub(crate) ctcp_asked: VecDeque<(String, String)>,
    /// Whom the WHOIS rows that arrive are about.
    pub(crate) whois: Option<String>,
    /// Whether they are about somebody who has left.
    pub(crate) is_whowas: bool,
    /// What the server said before it closed the link.
    pub(crate) farewell: Option<String>,
    /// Why no link must be tried again.
    pub(crate) refusal: Option<String>,
    /// The nick that the user asked for, while the server has not answered.
    pub(crate) nick_asked: Option<String>,
    /// Our nick, where somebody else has it.
    pub(crate) regain: OwnNick,
    /// The server's time of the last line that had one: what came later was missed.
    pub(crate) heard_at: Option<Millis>,
    /// What is asked of the time between two links.
    pub(crate) missed: Missed,
    /// What we said in going away, until we are back; also over a lost link.
    pub(crate) away: Option<String>,
    pub(crate) once: Once,
    /// The programs that we know of, by folded nick.
    pub(crate) bots: BTreeSet<String>,
    /// What people tell of themselves, as far as it is asked for.
    pub(crate) profiles: Subscription,
    /// The rooms whose members are asked about.
    pub(crate) surveys: Surveys,
    /// Our account that we closed, whose nick nobody gets again.
    pub(crate) closed_account: Option<String>,
    /// What we did to messages and the server has not told yet.
    pub(crate) gestures: VecDeque<Gesture>,
    /// Messages that are to be asked for, which others answer, with their windows.
    pub(crate) parents: VecDeque<(String, String)>,
    /// What was searched for and is not answered yet, and whether in one of several windows.
    pub(crate) searches: VecDeque<(Query, bool)>,
    /// Whose coming and going is told.
    pub(crate) watchlist: Watchlist,
    /// The link by which others find the server, or why there is none.
    pub(crate) offer: Result<Invite, String>,
    /// Rows of a list of invites that have come.
    pub(crate) links: usize,
    /// By what name the link that was asked for last calls the server.
    pub(crate) link_host: Option<String>,
    /// From where people speak and come.
    pub(crate) hosts: Hosts,
    /// Rows of a list of masks that have come.
    pub(crate) masks: usize,
    /// Tokens of invites that open nothing any more.
    pub(crate) spent: Vec<Token>,
    /// What the server said about encrypted links.
    pub(crate) policy: Option<Policy>,
    /// Why the wire must be closed now.
    pub(crate) close: Option<String>,
    pub(crate) out: Vec<u8>,
    pub(crate) events: Vec<Event>,
}

impl State {
    /// A session that was never linked.
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            nick: settings.nickname.clone(),
            settings,
            phase: Phase::Down,
            since: 0,
            server: String::new(),
            wire: Wire::default(),
            login: Progress::default(),
            caps: Caps::NONE,
            greeting: Greeting::default(),
            rules: Rules::default(),
            rooms: Rooms::default(),
            pending: Pending::default(),
            typed: None,
            failures: Failures::default(),
            late: Late::default(),
            pace: Pace::default(),
            pulse: Pulse::default(),
            batches: Batches::default(),
            redial: Redial::default(),
            ctcp_asked: VecDeque::new(),
            whois: None,
            is_whowas: false,
            farewell: None,
            refusal: None,
            nick_asked: None,
            regain: OwnNick::default(),
            away: None,
            once: Once::default(),
            bots: BTreeSet::new(),
            profiles: Subscription::default(),
            surveys: Surveys::default(),
            closed_account: None,
            parents: VecDeque::new(),
            searches: VecDeque::new(),
            gestures: VecDeque::new(),
            watchlist: Watchlist::default(),
            offer: Err("there was no link yet".to_owned()),
            link_host: None,
            links: 0,
            hosts: Hosts::default(),
            masks: 0,
            spent: Vec::new(),
            heard_at: None,
            missed: Missed::default(),
            policy: None,
            close: None,
            out: Vec::new(),
            events: Vec::new(),
        }
    }

    /// Puts a line together and sends it at once.
    pub(crate) fn send(&mut self, build: impl FnOnce(&mut LineWriter<'_>)) {
        let mut line = LineWriter::new(&mut self.out);
        build(&mut line);
        line.end();
    }

    /// Puts a line together that goes when its time has come; before the welcome is over nothing waits.
    pub(crate) fn queue(&mut self, whose: Whose, build: impl FnOnce(&mut LineWriter<'_>)) {
        let mut bytes = Vec::new();
        let mut line = LineWriter::new(&mut bytes);
        build(&mut line);
        line.end();
        self.queue_line(whose, bytes);
    }

    /// The same of a line as it goes onto the wire.
    pub(crate) fn queue_line(&mut self, whose: Whose, bytes: Vec<u8>) {
        if !self.is_ready() {
            self.out.extend_from_slice(&bytes);
        } else if !self.pace.queue(whose, bytes) && whose == Whose::Person {
            let text = "Too much is on its way already; wait a little and try again.";
            self.notice(Severity::Error, None, text.to_owned(), self.since);
        }
    }

    /// Reports what happened.
    pub(crate) fn emit(&mut self, event: Event) {
        self.pending.is_changed |= self.failures.heard(&event);
        self.events.push(event);
    }

    /// Reports something that is worth a line.
    pub(crate) fn notice(
        &mut self,
        severity: Severity,
        window: Option<String>,
        text: String,
        at: Millis,
    ) {
        self.emit(Event::ServerNotice {
            severity,
            window,
            text,
            at,
        });
    }

    /// A message of ours did not get through.
    pub(crate) fn refused(&mut self, own_id: OwnId, piece: usize, reason: &str, at: Millis) {
        if piece == 0 {
            self.pending.is_changed |= self.failures.fail(own_id, reason);
            let reason = reason.to_owned();
            self.emit(Event::Refused { own_id, reason });
        } else {
            let text = format!("The end of your last long message was not sent: {reason}");
            self.notice(Severity::Error, None, text, at);
        }
    }

    /// Changes the phase.
    pub(crate) fn enter(&mut self, phase: Phase, now: Millis) {
        self.phase = phase;
        self.since = now;
    }

    /// Whether messages can go out.
    pub(crate) fn is_ready(&self) -> bool {
        self.phase == Phase::Ready
    }

    /// Ends the greeting, unless it still waits for something.
    pub(crate) fn end_greeting(&mut self) {
        let is_open = self.phase == Phase::Greeting && !self.greeting.is_ended;
        if is_open && self.greeting.requests == 0 && !self.login.is_busy {
            self.greeting.is_ended = true;
            if let Some(netid) = self.settings.netid.clone()
                && self.has(Capability::BouncerNetworks)
            {
                // From here on this link is that network's.
                self.send(|line| {
                    line.command("BOUNCER").param("BIND").param(&netid);
                });
            }
            if let Some(words) = self.away.clone().filter(|_| self.has(Capability::PreAway)) {
                // Nobody sees us come back for a moment.
                self.send(|line| {
                    line.command("AWAY").trailing(&words);
                });
            }
            self.send(|line| {
                line.command("CAP").param("END");
            });
        }
    }

    /// Whether a capability is on.
    pub(crate) fn has(&self, cap: Capability) -> bool {
        self.caps.has(cap)
    }

    /// Whether a nick is ours.
    pub(crate) fn is_self(&self, nick: &str) -> bool {
        self.rules.same(nick, &self.nick)
    }

    /// A room's name as it was shown first, so that one room has one name on the screen.
    pub(crate) fn room_name(&self, name: &str) -> String {
        let known = self.rooms.find(&self.rules.fold(name));
        known.map_or_else(|| name.to_owned(), |room| room.name.clone())
    }

    /// The window for something about `name`, if it is a room we know.
    pub(crate) fn room_window(&self, name: &str) -> Option<String> {
        let room = self.rooms.find(&self.rules.fold(name))?;
        room.is_entered.then(|| room.name.clone())
    }

    /// Reports a link that will not be tried again by itself.
    pub(crate) fn refuse_link(&mut self, reason: String) {
        self.close = Some(reason.clone());
        self.refusal = Some(reason.clone());
        self.emit(Event::Link(Link::Refused { reason }));
    }
}

/// One line from the server, with the time and what its batch adds.
#[derive(Debug)]
pub(crate) struct Line<'a> {
    pub(crate) msg: Message<'a>,
    /// When it came.
    pub(crate) now: Millis,
    /// When the server says that it happened.
    pub(crate) at: Millis,
    /// The label of the question that it answers, its own or its batch's.
    pub(crate) label: Option<String>,
}

impl<'a> Line<'a> {
    /// The parameter at `index`; empty if there is none.
    pub(crate) fn param(&self, index: usize) -> &'a str {
        self.msg.param(index).unwrap_or("")
    }

    /// The last parameter, where texts stand.
    pub(crate) fn last(&self) -> &'a str {
        self.msg.params().last().copied().unwrap_or("")
    }

    /// The parameters from `index` on.
    pub(crate) fn rest(&self, index: usize) -> &[&'a str] {
        self.msg.params().get(index..).unwrap_or(&[])
    }

    /// The nick, or the server's name, that it comes from.
    pub(crate) fn nick(&self) -> &'a str {
        self.msg.source.map_or("", |source| source.name)
    }

    /// The value of a tag.
    pub(crate) fn tag(&self, key: &str) -> Option<String> {
        self.msg.tags.value_of(key).map(String::from)
    }
}
