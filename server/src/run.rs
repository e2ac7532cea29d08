//! Builds the parts of a server and starts them, for `parlord` as for a client that hosts. It never decides anything
//! about people.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use server_core::{Door, Server};
use tokio::sync::Semaphore;

use crate::accounts;
use crate::batch::Batch;
use crate::certs::Certs;
use crate::config::Config;
use crate::data_folder::{self, Held};
use crate::delivery::Delivery;
use crate::door::arrival::Setup;
use crate::doors::{self, Bound, Hall};
use crate::hub::Hub;
use crate::inbox::{Answer, Answers, Happening, Happenings, Inbox};
use crate::interpret::Hands;
use crate::journal::{self, Journal};
use crate::metrics::Metrics;
use crate::outbox::QueueLimits;
use crate::parts::{self, Parts};
use crate::settings::settings;
use crate::shutdown::{self, Tasks};
use crate::storage;

/// Bytes that wait for a session before it is not read from any more.
const LOW_MARK_BYTES: usize = 64 * 1024;

/// Tasks polled before the sockets are looked at again: a wake-up with many readers makes one batch.
const TASKS_PER_POLL: u32 = 256;

/// Files open at once, as many as the system lets us have, up to this.
const FILES_MAX: u64 = 1 << 20;

/// What is not in the configuration.
#[derive(Debug, Default)]
pub struct Options {
    /// Where records are written; `None`: nowhere, as for a client that hosts behind a full screen.
    pub paper: Option<journal::Paper>,
    /// Whether the words themselves are written.
    pub transcript: bool,
    /// The file to read again on a reload.
    pub config_file: Option<PathBuf>,
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
pub fn start(config: Config, options: Options) -> Result<Running, StartError> {
    raise_file_limit();
    let held = hold(&config)?;
    let certs = load_certs(&config)?;
    let bound = bind_all(&config, certs.as_ref())?;
    let metrics_listeners = bind_metrics(&config)?;
    let (inbox, happenings, answers) = Inbox::new();
    let parts = build_parts(&config, &answers)?;
    drop(answers);
    let addresses = bound
        .iter()
        .map(|door| (door.setup.door, door.address))
        .collect();
    let metrics = metrics_listeners
        .iter()
        .filter_map(|listener| listener.local_addr().ok())
        .collect();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .event_interval(TASKS_PER_POLL)
        .build()
        .map_err(|error| StartError::Part(format!("cannot start the runtime: {error}")))?;
    let figures = Arc::new(Metrics::default());
    let work = Work {
        config,
        held,
        options,
        bound,
        metrics_listeners,
        parts,
        certs,
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
    bound: Vec<Bound>,
    metrics_listeners: Vec<std::net::TcpListener>,
    parts: Parts,
    certs: Option<Arc<Certs>>,
    inbox: Inbox,
    happenings: Happenings,
    figures: Arc<Metrics>,
}

impl Work {
    async fn run(self) -> String {
        // Nobody else may have the folder before the last word is stored.
        let _held = self.held;
        let metrics = self.figures;
        let most = usize::try_from(self.config.limits.connections).unwrap_or(usize::MAX);
        let permits = Arc::new(Semaphore::new(most.min(Semaphore::MAX_PERMITS)));
        let mut tasks = Tasks::default();
        let hall = Hall {
            happenings: self.happenings.clone(),
            permits,
            metrics: Arc::clone(&metrics),
        };
        for door in self.bound {
            match door.open(hall.clone()) {
                Ok(task) => tasks.0.push(task),
                Err(error) => return format!("a door cannot be opened: {error}"),
            }
        }
        drop(hall);
        for listener in self.metrics_listeners {
            let task = doors::serve_metrics(listener, Arc::clone(&metrics));
            tasks.0.push(task);
        }
        if self.options.signals {
            let watch = shutdown::watch(self.happenings.clone());
            tasks
                .0
                .push(tokio::spawn(async { drop(watch.await) }).abort_handle());
        }
        let mut inbox = self.inbox;
        let mut hub = build_hub(
            &self.config,
            self.options,
            (self.parts, self.certs),
            self.happenings,
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
    (parts, certs): (Parts, Option<Arc<Certs>>),
    happenings: Happenings,
    metrics: &Arc<Metrics>,
) -> Hub {
    let limits = QueueLimits {
        broadcast_bytes_max: number(config.limits.send_queue_bytes),
        bytes_max: number(config.limits.reply_queue_bytes),
        low_mark_bytes: LOW_MARK_BYTES,
    };
    let started = journal::now();
    let cloak_key = parts.cloak_key;
    let mechanisms = parts.mechanisms;
    let server = Server::new(settings(config, started, cloak_key, &mechanisms));
    let hands = Hands {
        batch: Batch::new(),
        later: std::collections::VecDeque::new(),
        closing: Vec::new(),
        storage: Some(parts.storage),
        accounts: Some(parts.accounts),
        journal: Journal::new(options.paper, options.transcript),
        metrics: Arc::clone(metrics),
        wake_at: u64::MAX,
        reload: false,
        stop: None,
        reply_bytes_max: limits.bytes_max,
    };
    let delivery = Delivery {
        sessions: crate::sessions::Sessions::default(),
        limits,
        patience: Duration::from_secs(config.limits.write_timeout_s),
        happenings,
        metrics: Arc::clone(metrics),
        wrapped: Vec::new(),
    };
    let (file, data_dir) = (options.config_file, config.data_dir.clone());
    let reload = Box::new(move || {
        let mut config = Config::load(file.as_deref()).map_err(|error| error.to_string())?;
        // Where the files are cannot change under an open database.
        config.data_dir.clone_from(&data_dir);
        if let Some(certs) = &certs {
            certs.reload(&config)?;
        }
        Ok(settings(&config, started, cloak_key, &mechanisms))
    });
    Hub::new(server, hands, delivery, reload)
}

fn build_parts(config: &Config, answers: &Answers) -> Result<Parts, StartError> {
    let (to_hub, to_hub_too) = (answers.clone(), answers.clone());
    let stored: storage::Answers =
        Arc::new(move |replies| drop(to_hub.blocking_send(Answer::Stored(replies))));
    let answered: accounts::Answers = Arc::new(move |ticket, reply| {
        drop(to_hub_too.blocking_send(Answer::Accounts(ticket, reply)));
    });
    parts::build(config, &stored, &answered).map_err(StartError::Part)
}

fn bind_all(config: &Config, certs: Option<&Arc<Certs>>) -> Result<Vec<Bound>, StartError> {
    let setup = |door, certs: Option<&Arc<Certs>>| {
        Arc::new(Setup {
            door,
            room: config.plain.room.clone(),
            style: config.plain.style,
            nick_bytes_max: number(config.limits.nick_length),
            origins: config.websocket.origins.clone(),
            trusted: config.proxy.trusted.clone(),
            certs: certs.cloned(),
        })
    };
    let mut bound = Vec::new();
    for (setup, addresses) in [
        (setup(Door::Tcp, None), &config.listen),
        (setup(Door::Plain, None), &config.plain.listen),
        (setup(Door::Tls, certs), &config.tls.listen),
        (setup(Door::WebSocket, None), &config.websocket.listen),
        (setup(Door::WebSocket, certs), &config.websocket.listen_tls),
    ] {
        for address in addresses {
            let door = doors::bind(*address, Arc::clone(&setup));
            bound.push(door.map_err(|error| cannot_listen(*address, error))?);
        }
    }
    Ok(bound)
}

/// The data folder, for this server alone. Where somebody has that as well as the address, what counts is the address:
/// there is a server that one could use.
fn hold(config: &Config) -> Result<Held, StartError> {
    data_folder::hold(&config.data_dir()).map_err(|why| match bind_all(config, None) {
        Err(taken @ StartError::AddressInUse(_)) => taken,
        Ok(_) | Err(_) => StartError::Part(why.to_string()),
    })
}

/// The certificate, where a door needs one.
fn load_certs(config: &Config) -> Result<Option<Arc<Certs>>, StartError> {
    if config.tls.listen.is_empty() && config.websocket.listen_tls.is_empty() {
        return Ok(None);
    }
    let certs = Certs::load(config).map_err(StartError::Part)?;
    Ok(Some(Arc::new(certs)))
}

fn bind_metrics(config: &Config) -> Result<Vec<std::net::TcpListener>, StartError> {
    let addresses = config.metrics.listen.iter();
    addresses
        .map(|address| doors::listen(*address).map_err(|error| cannot_listen(*address, error)))
        .collect()
}

fn cannot_listen(address: SocketAddr, error: io::Error) -> StartError {
    if error.kind() == io::ErrorKind::AddrInUse {
        StartError::AddressInUse(address)
    } else {
        StartError::CannotListen(address, error)
    }
}

/// Every connection is a file, and the usual limit is 1024.
fn raise_file_limit() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, getrlimit, setrlimit};
        let mut limit = getrlimit(Resource::Nofile);
        limit.current = Some(limit.maximum.map_or(FILES_MAX, |most| most.min(FILES_MAX)));
        if let Err(error) = setrlimit(Resource::Nofile, limit) {
            tracing::warn!("the limit of open files stays as it is: {error}");
        }
    }
}

fn number(value: u64) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}
