//! All links at once: a task for each network, the way to ask each of them, and one way back for all.
//! It must never look into what goes either way.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::config::network::Network;
use crate::ids::NetworkId;
use crate::model::network::Settings;
use crate::net;
use crate::plan::{self, Plan};
use crate::report::{Report, Request};
use crate::session::command::Command;

/// Requests of the screen that may wait for one network: far more than anybody types, and a paste is one.
const REQUESTS_MAX: usize = 256;
/// Batches of events that may wait for the screen, of all networks together; then nothing more is read. Few: while more
/// are read, a key would wait.
const BATCHES_MAX: usize = 2;

/// What a network's task tells.
pub type Told = (NetworkId, Report);

/// The links.
#[derive(Debug)]
pub struct Wires {
    told: mpsc::Sender<Told>,
    links: BTreeMap<NetworkId, Wire>,
    /// Of networks that were taken away, as long as they say goodbye.
    leaving: Vec<Wire>,
    folder: Option<PathBuf>,
    /// What the config file says now of the networks below the first one.
    known: Vec<Network>,
}

#[derive(Debug)]
struct Wire {
    requests: mpsc::Sender<Request>,
    task: JoinHandle<()>,
    /// How it is reached, should it be a bouncer with more networks behind it.
    plan: Option<Plan>,
}

impl Wires {
    /// No link yet, and where to hear of all that will be. `folder` is the data folder.
    pub fn new(folder: Option<PathBuf>) -> (Self, mpsc::Receiver<Told>) {
        let (told, reports) = mpsc::channel(BATCHES_MAX);
        let wires = Self {
            told,
            links: BTreeMap::new(),
            leaving: Vec::new(),
            folder,
            known: Vec::new(),
        };
        (wires, reports)
    }

    /// Starts the task of a network.
    pub fn open(&mut self, on: NetworkId, plan: Plan) {
        let (requests, asked) = mpsc::channel(REQUESTS_MAX);
        let kept = Some(plan.clone());
        let task = tokio::spawn(net::run(on, plan, asked, self.told.clone()));
        let plan = kept;
        let wire = Wire {
            requests,
            task,
            plan,
        };
        self.links.insert(on, wire);
    }

    /// What the config file says from now on, if it was read; networks that are open stay as they are.
    pub fn learn(&mut self, networks: Option<&[Network]>) {
        if let Some(networks) = networks {
            self.known = networks.to_vec();
        }
    }

    /// Starts the task of a network that became known while the program runs: the user named it, or a bouncer.
    pub fn dial(&mut self, on: NetworkId, settings: &Settings) {
        let through = settings.bound.as_ref().and_then(|bound| {
            let bouncer = self.links.get(&bound.bouncer)?.plan.as_ref()?;
            Some(bouncer.through(&settings.name, &bound.netid))
        });
        let is_it =
            |network: &&Network| network.name == settings.name && network.host == settings.host;
        let known = self.known.iter().find(is_it).map(|known| Network {
            nickname: settings.nick.clone(),
            ..known.clone()
        });
        let plan = through.unwrap_or_else(|| match known {
            Some(network) => plan::of(&network, self.folder.clone()),
            None => plan::named(settings, self.folder.clone()),
        });
        self.open(on, plan);
    }

    /// Lets a network go after its goodbye.
    pub fn close(&mut self, on: NetworkId) {
        self.leaving.retain(|wire| !wire.task.is_finished());
        if let Some(wire) = self.links.remove(&on) {
            let goodbye = Request::Command(Command::goodbye());
            // A task that takes nothing any more ends with its queue.
            if wire.requests.try_send(goodbye).is_ok() {
                self.leaving.push(wire);
            }
        }
    }

    /// Asks something of a network; whether it was taken. A full queue or an ended task takes nothing.
    pub fn ask(&self, on: NetworkId, request: Request) -> bool {
        let wire = self.links.get(&on);
        wire.is_some_and(|wire| wire.requests.try_send(request).is_ok())
    }

    /// How many more requests a network takes now.
    pub fn space(&self, on: NetworkId) -> usize {
        let wire = self.links.get(&on);
        wire.map_or(0, |wire| wire.requests.capacity())
    }

    /// Waits until every link has said goodbye, which a server hosted here has to hear, too.
    pub async fn gone(self, mut reports: mpsc::Receiver<Told>, limit: Duration) {
        drop(self.told);
        let gone = async {
            while reports.recv().await.is_some() {}
            for wire in self.links.into_values().chain(self.leaving) {
                // A task that failed has gone as well.
                let _ = wire.task.await;
            }
        };
        // A goodbye that takes too long is cut short by the end of the program.
        let _ = tokio::time::timeout(limit, gone).await;
    }

    /// For tests: a network whose other end is the test.
    #[cfg(test)]
    pub(crate) fn stand_in(
        &mut self,
        on: NetworkId,
    ) -> (mpsc::Receiver<Request>, mpsc::Sender<Told>) {
        let (requests, asked) = mpsc::channel(REQUESTS_MAX);
        let task = tokio::spawn(async {});
        let wire = Wire {
            requests,
            task,
            plan: None,
        };
        self.links.insert(on, wire);
        (asked, self.told.clone())
    }
}
