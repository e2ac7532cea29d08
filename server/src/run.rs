//! Builds the parts of a server and starts them, for `parlord` as for a client that hosts. It never decides anything
//! about people.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use server_core::{Door, Server};
use tokio::sync::oneshot;

use crate::accounts;
use crate::batch::Batch;
use crate::config::{Config, features};
use crate::data_folder::{self, Held};
use crate::database;
use crate::delivery::Delivery;
use crate::files;
use crate::house::{self, Bindings, CannotListen, House};
use crate::hub::Hub;
use crate::inbox::{Answer, Answers, Happening, Happenings, Inbox};
use crate::interpret::Hands;
use crate::journal::{self, Journal};
use crate::metrics::Metrics;
use crate::parts::{self, Parts};
use crate::renewal::{self, ReadAgain, Renewal};
use crate::shutdown::{self, Tasks};
use crate::storage;

/// Tasks polled before the sockets are looked at again: a wake-up with many readers makes one batch.
const TASKS_PER_POLL: u32 = 1024;

/// Told of how many bytes how many are written.
pub type Upgrading = Box<dyn FnMut(u64, u64) + Send>;

/// What is not in the configuration.
#[derive(Default)]
pub struct Options {
    /// Where records are written; `None`: nowhere, as for a client that hosts behind a full screen.
    pub paper: Option<journal::Paper>,
    /// Whether the words themselves are written.
    pub transcript: bool,
    /// How to read the configuration again, command line included; `None`: it is read at the start only.
    pub read_again: Option<ReadAgain>,
    /// Told how far the database of an older server is brought up to date, where that takes long.
    pub upgrading: Option<Upgrading>,
    /// Whether SIGINT, SIGTERM and SIGHUP are for this server.
    pub signals: bool,
}

/// Why a server could not be started.
#[derive(Debug)]
pub enum StartError {
    /// Somebody else listens there; perhaps another server that one could use.
    AddressInUse(SocketAddr),
    /// An address cannot be listened on for another reason.
    CannotListen(SocketAddr, io::Error),
    /// A part could not be built; why, in words for people.
    Part(String),
}

impl std::fmt::Display for StartError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::AddressInUse(address) => {
                write!(f, "{address} is in use: does another server run there?")
            }
            Self::CannotListen(address, error) => write!(f, "cannot listen on {address}: {error}"),
            Self::Part(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for StartError {}

/// A server that runs, on a thread of its own.
#[derive(Debug)]
pub struct Running {
    addresses: Vec<(Door, SocketAddr)>,
    metrics: Vec<SocketAddr>,
    figures: Arc<Metrics>,
    happenings: Happenings,
    thread: JoinHandle<String>,
}

impl Running {
    /// Its doors, with the ports they really have.
    pub fn addresses(&self) -> &[(Door, SocketAddr)] {
        &self.addresses
    }

    /// Where its figures are served.
    pub fn metrics(&self) -> &[SocketAddr] {
        &self.metrics
    }

    /// How many connections there are right now, through all doors.
    pub fn connections(&self) -> u64 {
        self.figures.connected()
    }

    /// Puts another configuration in force, as SIGHUP does with the file: doors open and close, and nobody is dropped.
    ///
    /// # Errors
    /// Why it cannot be, in words for people; then everything stays as it was.
    pub async fn put_in_force(&self, config: Config) -> Result<(), String> {
        let (done, answer) = oneshot::channel();
        let config = Box::new(config);
        let replace = Happening::Replace { config, done };
        let gone = || "the server has ended".to_owned();
        let told = self.happenings.send(replace).await;
        told.map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }

    /// Tells it to stop; why, in words for the members. It does so in its own time.
    pub fn stop(&self, reason: &str) {
        let reason = reason.to_owned();
        let mut happening = Happening::Stop { reason };
        // The inbox is full only while the hub is busy with what came before.
        while let Err(tokio::sync::mpsc::error::TrySendError::Full(back)) =
            self.happenings.try_send(happening)
        {
            happening = back;
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits until it has stopped; says why it did, or that it crashed.
    pub fn wait(self) -> Result<String, String> {
        self.thread
            .join()
            .map_err(|_| "the server's thread panicked: a bug".to_owned())
    }
}

/// Starts a server. When this returns, its doors are open.
pub fn start(config: Config, mut options: Options) -> Result<Running, StartError> {
    features::check(&config).map_err(StartError::Part)?;
    files::raise_limit();
    let held = hold(&config)?;
    if let Some(mut upgrading) = options.upgrading.take() {
        let file = config.data_dir().join(database::FILE_NAME);
        database::upgrade(&file, &mut upgrading)
            .map_err(|error| StartError::Part(error.to_string()))?;
    }
    let certs = house::certificate(&config).map_err(StartError::Part)?;
    let bindings = Bindings::new(&config, certs).map_err(cannot_listen)?;
    let (inbox, happenings, answers) = Inbox::new();
    let figures = Arc::new(Metrics::default());
    let parts = build_parts(&config, &answers, &figures)?;
    drop(answers);
    let (addresses, metrics) = (bindings.addresses(), bindings.figures());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .event_interval(TASKS_PER_POLL)
        .build()
        .map_err(|error| StartError::Part(format!("cannot start the runtime: {error}")))?;
    let work = Work {
        config,
        held,
        options,
        bindings,
        parts,
        inbox,
        happenings: happenings.clone(),
        figures: Arc::clone(&figures),
    };
    let thread = std::thread::Builder::new()
        .name("parlord".to_owned())
        .spawn(move || {
            let reason = runtime.block_on(work.run());
            // Tasks that still wait for somebody's last words do not hold up the end.
            runtime.shutdown_timeout(Duration::from_millis(100));
            reason
        })
        .map_err(|error| StartError::Part(format!("cannot start a thread: {error}")))?;
    Ok(Running {
        addresses,
        metrics,
        figures,
        happenings,
        thread,
    })
}

/// Everything the server's thread needs.
struct Work {
    config: Config,
    held: Held,
    options: Options,
    bindings: Bindings,
    parts: Parts,
    inbox: Inbox,
    happenings: Happenings,
    figures: Arc<Metrics>,
}

impl Work {
    async fn run(self) -> String {
        // Nobody else may have the folder before the last word is stored.
        let _held = self.held;
        let metrics = self.figures;
        let happenings = self.happenings;
        let house = match House::open(&self.config, self.bindings, happenings.clone(), &metrics) {
            Ok(house) => house,
            Err(error) => return format!("a door cannot be opened: {error}"),
        };
        let mut tasks = Tasks::default();
        if self.options.signals {
            let watch = shutdown::watch(happenings.clone());
            let watch = tokio::spawn(async { drop(watch.await) });
            tasks.0.push(watch.abort_handle());
        }
        let mut inbox = self.inbox;
        let mut hub = build_hub(
            &self.config,
            self.options,
            (self.parts, house),
            happenings,
            &metrics,
        );
        crate::service::notify("READY=1");
        // A task like any other: it is served after the readers that woke with it, so that their lines make one batch.
        let hub = tokio::spawn(async move {
            let reason = hub.run(&mut inbox).await;
            tracing::info!("stopping: {reason}");
            crate::service::notify("STOPPING=1");
            drop(tasks);
            hub.stop(&mut inbox, &reason).await;
            reason
        });
        hub.await
            .unwrap_or_else(|_| "the hub panicked: a bug".to_owned())
    }
}

fn build_hub(
    config: &Config,
    options: Options,
    (parts, house): (Parts, House),
    happenings: Happenings,
    metrics: &Arc<Metrics>,
) -> Hub {
    let renewal = Renewal {
        read: options.read_again,
        house: Some(house),
        started: journal::now(),
        cloak_key: parts.cloak_key,
        running: config.clone(),
    };
    let queues = renewal::queues(config);
    let mut server = Server::new(renewal.settings());
    if let Some(newest) = &parts.newest {
        server.go_on_after(newest);
    }
    let hands = Hands {
        batch: Batch::new(),
        later: std::collections::VecDeque::new(),
        closing: Vec::new(),
        storage: Some(parts.storage),
        accounts: Some(parts.accounts),
        journal: Journal::new(options.paper, options.transcript, config.log.format),
        metrics: Arc::clone(metrics),
        wake_at: u64::MAX,
        reload: false,
        stop: None,
        reply_bytes_max: queues.limits.bytes_max,
    };
    let delivery = Delivery {
        sessions: crate::sessions::Sessions::default(),
        limits: queues.limits,
        patience: queues.patience,
        happenings,
        metrics: Arc::clone(metrics),
        wrapped: Vec::new(),
    };
    Hub::new(server, hands, delivery, renewal)
}

fn build_parts(config: &Config, answers: &Answers, figures: &Metrics) -> Result<Parts, StartError> {
    let (to_hub, to_hub_too, learnt) = (answers.clone(), answers.clone(), answers.clone());
    let stored: storage::Answers =
        Arc::new(move |replies| drop(to_hub.blocking_send(Answer::Stored(replies))));
    let answered: accounts::Answers = Arc::new(move |ticket, reply| {
        drop(to_hub_too.blocking_send(Answer::Accounts(ticket, reply)));
    });
    let told: accounts::keeper::Told =
        Arc::new(move |news| drop(learnt.blocking_send(Answer::Learnt(news))));
    parts::build(config, &stored, (&answered, told), &figures.commits).map_err(StartError::Part)
}

/// The data folder, for this server alone. Where somebody has that as well as the address, what counts is the address:
/// there is a server that one could use.
fn hold(config: &Config) -> Result<Held, StartError> {
    data_folder::hold(&config.data_dir()).map_err(|why| {
        match Bindings::new(config, None).map_err(cannot_listen) {
            Err(taken @ StartError::AddressInUse(_)) => taken,
            Ok(_) | Err(_) => StartError::Part(why.to_string()),
        }
    })
}

fn cannot_listen((address, error): CannotListen) -> StartError {
    if error.kind() == io::ErrorKind::AddrInUse {
        StartError::AddressInUse(address)
    } else {
        StartError::CannotListen(address, error)
    }
}
