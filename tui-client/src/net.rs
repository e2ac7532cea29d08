//! The wire: dials, reads, writes, dials again. It drives the session and decides nothing: what to send, when to give
//! up and how long to wait are the session's. It must never wait for the screen while a key is pressed.

mod hosting;
mod push;

use std::io;
use std::time::Duration;

use protocol::fingerprint::Fingerprint;
use protocol::frame::{Frame, Framer, Limits};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use crate::admissions::Admissions;
use crate::clock::{chance, instant, now};
use crate::dial::{Failure, Target, Wire, explained};
use crate::host::{Host, Hosted};
use crate::ids::NetworkId;
use crate::offer;
use crate::plan::Plan;
use crate::report::{Report, Request};
use crate::session::Session;
use crate::session::command::Command;
use crate::session::event::Millis;
use crate::session::link;
use crate::tls::Sight;
use crate::unsent::Unsent;

/// Bytes read at a time: what the screen can take in between two frames.
const READ_BYTES: usize = 16 * 1024;
/// Bytes that may wait for a server that does not read: more than all that a person can have on the way.
const UNSENT_BYTES_MAX: usize = 1024 * 1024;
/// A goodbye that is not answered by a closed wire is enough after this time.
const GOODBYE_TIMEOUT: Duration = Duration::from_millis(500);
/// The longest line that is taken in: generous, because servers of other makes know other limits.
const LINE_LIMITS: Limits = Limits {
    tag_bytes_max: protocol::TAG_BYTES_MAX,
    body_bytes_max: 8 * protocol::LINE_BYTES_MAX,
};

/// Keeps the link of a network. It ends when it has said goodbye or nobody listens.
pub async fn run(
    on: NetworkId,
    plan: Plan,
    asked: mpsc::Receiver<Request>,
    told: mpsc::Sender<(NetworkId, Report)>,
) {
    let Plan {
        target,
        settings,
        host,
    } = plan;
    let (unsent, waited) = Unsent::open(target.folder.as_deref(), &target.key());
    let mut session = Session::new(settings);
    session.restore(&waited, now());
    let keeper = Keeper {
        on,
        target,
        distrusted: None,
        is_held: false,
        session,
        unsent,
        host,
        hosted: None,
        guests: 0,
        asked,
        told,
    };
    keeper.run().await;
}

struct Keeper {
    on: NetworkId,
    target: Target,
    /// The certificate that was refused last.
    distrusted: Option<Fingerprint>,
    /// Whether the goodbye is for now only.
    is_held: bool,
    session: Session,
    unsent: Unsent,
    host: Option<Host>,
    /// Kept, because the server lives as long as this does.
    hosted: Option<Hosted>,
    /// How many guests it had when the screen was told last.
    guests: usize,
    asked: mpsc::Receiver<Request>,
    told: mpsc::Sender<(NetworkId, Report)>,
}

/// What came of a request while there was no wire.
enum Served {
    /// It is done.
    Heard,
    /// The user is in a hurry.
    Hurried,
    /// The user wants no link until further notice.
    Held,
}

/// The screen is gone, and with it the reason to go on.
struct Unheard;

impl Keeper {
    async fn run(mut self) {
        // Nobody listens any more: nothing to report to anybody.
        let _ = self.keep().await;
        if let Some(hosted) = self.hosted.take() {
            hosted.stop().await;
        }
    }

    async fn keep(&mut self) -> Result<(), Unheard> {
        loop {
            self.session.dialling();
            self.tell().await?;
            let reason = match self.dial().await? {
                Ok(Wire::Plain(stream)) => {
                    self.offer(None);
                    let wire = self.target.footing(false, false);
                    self.linked(stream, wire).await?
                }
                Ok(Wire::Encrypted(encrypted)) => {
                    if let Some(word) = encrypted.word {
                        self.session.remark(word, now());
                    }
                    self.distrusted = None;
                    self.offer(Some(&encrypted.sight));
                    let wire = self.target.footing(true, encrypted.has_key);
                    self.linked(*encrypted.stream, wire).await?
                }
                Err(Failure::Abandoned) => {
                    self.rest(None).await?;
                    continue;
                }
                Err(failure) => self.failed(&failure),
            };
            let is_upgrade = self.heed();
            let is_goodbye = self.session.is_leaving();
            let pause = self.session.lost(&reason, chance(), now());
            self.tell().await?;
            if is_goodbye && !std::mem::take(&mut self.is_held) {
                return Err(Unheard);
            }
            if !is_upgrade {
                self.rest(pause).await?;
            }
        }
    }

    /// Tells the session by which link others find the server.
    fn offer(&mut self, sight: Option<&Sight>) {
        let base = offer::base(&self.target, sight, self.host.as_ref());
        self.session.offer(base);
    }

    /// Takes over what the server said about encrypted links; whether it is to be dialled again at once.
    fn heed(&mut self) -> bool {
        let policy = self.session.take_policy();
        let heeded = policy.map_or(Ok(false), |policy| self.target.heed(policy, now()));
        heeded.unwrap_or_else(|error| {
            let text = format!("That this server wants encrypted links is not kept: {error}");
            self.session.remark(text, now());
            false
        })
    }

    /// There is no wire; why. What only the user can change is not tried again.
    fn failed(&mut self, failure: &Failure) -> String {
        let reason = failure.explained(&self.target.address());
        match failure {
            Failure::Distrusted(distrust) => {
                self.distrusted = Some(distrust.seen().clone());
                self.session.forbid(reason.clone());
            }
            Failure::Unknowable(_) | Failure::Keyless(_) | Failure::Exposed => {
                self.session.forbid(reason.clone());
            }
            Failure::Unreachable(_) | Failure::Insecure(_) | Failure::Abandoned => {}
        }
        reason
    }

    /// Waits for the next attempt: until the pause is over or the user is in a hurry. `None`: only for the user.
    async fn rest(&mut self, mut pause: Option<Millis>) -> Result<(), Unheard> {
        let until = Instant::now() + Duration::from_millis(pause.unwrap_or_default());
        loop {
            tokio::select! {
                () = sleep_until(until), if pause.is_some() => return Ok(()),
                served = self.serve() => match served? {
                    Served::Hurried => return Ok(()),
                    Served::Held => pause = None,
                    Served::Heard => {}
                }
            }
        }
    }

    /// Hands over what the session found out.
    async fn tell(&mut self) -> Result<(), Unheard> {
        self.keep_unsent().await;
        if self.session.has_events() {
            // Nothing is taken out before there is space: this may be given up while it waits.
            let space = self.told.reserve().await.map_err(|_| Unheard)?;
            space.send((self.on, Report::Events(self.session.take_events())));
        }
        Ok(())
    }

    async fn report(&self, report: Report) -> Result<(), Unheard> {
        let told = self.told.send((self.on, report)).await;
        told.map_err(|_| Unheard)
    }

    /// Before anything goes onto the wire, the system has it: what ends us now loses nothing.
    async fn keep_unsent(&mut self) {
        for token in self.session.take_spent() {
            // One that stays in the file is refused once more, the next time.
            let admissions = Admissions::of(self.target.folder.as_deref());
            let _ = admissions.forget(&self.target.address(), &token);
        }
        if let Some(text) = self.session.take_unsent() {
            self.unsent.want(text);
        }
        if let Some(error) = self.unsent.settle().await {
            let text = format!("What waits to be sent is lost if parlor ends now: {error}");
            self.session.remark(text, now());
        }
    }

    /// Takes one request while there is no wire.
    async fn serve(&mut self) -> Result<Served, Unheard> {
        let command = match self.asked.recv().await.ok_or(Unheard)? {
            Request::Command(command) => command,
            Request::Connect => return Ok(Served::Hurried),
            Request::Trust if self.trust().await? => return Ok(Served::Hurried),
            Request::Trust => return Ok(Served::Heard),
            Request::OpenDoor { room } => {
                self.open_door(room).await?;
                return Ok(Served::Heard);
            }
            Request::HangUp => {
                self.is_held = true;
                Command::goodbye()
            }
        };
        self.session.command(command, now());
        if self.session.is_leaving() {
            self.session.lost("", 0, now());
            self.tell().await?;
            let is_held = std::mem::take(&mut self.is_held);
            return is_held.then_some(Served::Held).ok_or(Unheard);
        }
        self.tell().await?;
        Ok(Served::Heard)
    }

    /// The user says that the certificate that was refused is the right one; whether there was one.
    async fn trust(&mut self) -> Result<bool, Unheard> {
        let seen = self.distrusted.take();
        let word = match seen.as_ref().map(|seen| self.target.trust(seen)) {
            None => "No certificate waits for your word.".to_owned(),
            Some(Ok(())) => "This certificate counts from now on.".to_owned(),
            Some(Err(why)) => format!("That cannot be remembered: {why}"),
        };
        self.session.remark(word, now());
        self.tell().await?;
        Ok(seen.is_some())
    }

    /// Opens the wire, and takes requests meanwhile.
    async fn open(&mut self) -> Result<Result<Wire, Failure>, Unheard> {
        let obeyed = self.target.obey(now());
        if let Err(error) = obeyed {
            return Ok(Err(Failure::Unknowable(error.to_string())));
        }
        let target = self.target.clone();
        let opening = target.open();
        tokio::pin!(opening);
        loop {
            tokio::select! {
                done = &mut opening => return Ok(done),
                served = self.serve() => if matches!(served?, Served::Held) {
                    return Ok(Err(Failure::Abandoned));
                }
            }
        }
    }

    /// Opens the wire; hosts a server first where nobody listens and we may.
    async fn dial(&mut self) -> Result<Result<Wire, Failure>, Unheard> {
        let error = match self.open().await? {
            Err(Failure::Unreachable(error)) => error,
            done => return Ok(done),
        };
        if error.kind() != io::ErrorKind::ConnectionRefused {
            return Ok(Err(Failure::Unreachable(error)));
        }
        if let Some(hosted) = self.hosted.take() {
            hosted.stop().await;
            let reason = "it no longer listens".to_owned();
            self.report(Report::HostStopped(reason)).await?;
        }
        let Some(host) = &self.host else {
            return Ok(Err(Failure::Unreachable(error)));
        };
        match host.start().await {
            Ok(hosted) => {
                self.hosted = Some(hosted);
                let invite = host.invite();
                let address = self.target.address();
                self.report(Report::Hosting { address, invite }).await?;
            }
            // Somebody else was faster and has the port: then that is where we go.
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
            Err(error) => {
                let why = format!("nobody listens, and hosting failed: {error}");
                return Ok(Err(Failure::Insecure(why)));
            }
        }
        self.open().await
    }

    /// Keeps the wire until it breaks or must be closed; why.
    async fn linked<S>(&mut self, stream: S, wire: link::Wire) -> Result<String, Unheard>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        self.session.opened(wire, now());
        let (mut reader, mut writer) = tokio::io::split(stream);
        let mut framer = Framer::with_limits(LINE_LIMITS);
        let mut bytes = vec![0; READ_BYTES];
        let mut unsent: Vec<u8> = Vec::new();
        let mut goodbye = None;
        let mut is_flushed = true;
        loop {
            unsent.append(&mut self.session.take_output());
            self.tell().await?;
            self.count_guests().await?;
            if let Some(reason) = self.session.take_close() {
                return Ok(reason);
            }
            if unsent.len() > UNSENT_BYTES_MAX {
                return Ok("the server does not read what it is sent".to_owned());
            }
            if self.session.is_leaving() && goodbye.is_none() {
                goodbye = Some(Instant::now() + GOODBYE_TIMEOUT);
            }
            let deadline = self.session.deadline().map(instant);
            let wake = goodbye.into_iter().chain(deadline).min();
            tokio::select! {
                read = reader.read(&mut bytes) => match read {
                    Ok(0) => return Ok("the server closed the link".to_owned()),
                    Ok(count) => {
                        let now = now();
                        framer.feed(bytes.get(..count).unwrap_or(&[]), |frame| match frame {
                            Frame::Line(line) => self.session.feed(line, now),
                            Frame::TooLong(_) => {}
                        });
                    }
                    Err(error) => return Ok(explained(&error)),
                },
                pushed = push::push(&mut writer, &unsent), if !unsent.is_empty() || !is_flushed => match pushed {
                    Ok(count) => {
                        unsent.drain(..count);
                        is_flushed = count == 0;
                    }
                    Err(error) => return Ok(explained(&error)),
                },
                request = self.asked.recv() => match request.ok_or(Unheard)? {
                    Request::Command(command) => self.session.command(command, now()),
                    Request::Connect => {}
                    Request::Trust => drop(self.trust().await?),
                    Request::OpenDoor { room } => self.open_door(room).await?,
                    Request::HangUp => {
                        self.is_held = true;
                        self.session.command(Command::goodbye(), now());
                    }
                },
                () = sleep_until(wake.unwrap_or_else(Instant::now)), if wake.is_some() => {
                    if goodbye.is_some_and(|at| at <= Instant::now()) {
                        return Ok(String::new());
                    }
                    self.session.tick(now());
                }
            }
        }
    }
}
