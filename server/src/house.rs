//! Which doors are open: those that the configuration names, also after it was read again. It never decides who may
//! come in, and never closes a connection.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use server_core::Door;
use tokio::sync::{Semaphore, watch};
use tokio::task::AbortHandle;

use crate::certs::Certs;
use crate::config::Config;
use crate::door::arrival::Setup;
use crate::doors::{self, Bound, Hall};
use crate::files;
use crate::inbox::Happenings;
use crate::metrics::Metrics;

/// An address that cannot be listened on, and why.
pub(crate) type CannotListen = (SocketAddr, io::Error);

/// A door that the configuration names.
struct Wanted {
    address: SocketAddr,
    setup: Arc<Setup>,
}

/// What is bound and not yet open: made before the server's own thread, so that a start that fails fails at once.
pub(crate) struct Bindings {
    certs: Option<Arc<Certs>>,
    doors: Vec<Bound>,
    figures: Vec<(SocketAddr, std::net::TcpListener)>,
}

impl Bindings {
    /// Binds every address of the configuration.
    pub(crate) fn new(config: &Config, certs: Option<Arc<Certs>>) -> Result<Self, CannotListen> {
        let mut doors = Vec::new();
        for Wanted { address, setup } in wanted(config, certs.as_ref()) {
            doors.push(doors::bind(address, setup).map_err(|error| (address, error))?);
        }
        let mut figures = Vec::new();
        for address in &config.metrics.listen {
            let listener = doors::listen(*address).map_err(|error| (*address, error))?;
            figures.push((*address, listener));
        }
        Ok(Self {
            certs,
            doors,
            figures,
        })
    }

    /// Its doors, with the ports they really have.
    pub(crate) fn addresses(&self) -> Vec<(Door, SocketAddr)> {
        let doors = self.doors.iter();
        doors.map(|door| (door.setup.door, door.address)).collect()
    }

    /// Where figures will be served.
    pub(crate) fn figures(&self) -> Vec<SocketAddr> {
        let figures = self.figures.iter();
        figures
            .filter_map(|(_, listener)| listener.local_addr().ok())
            .collect()
    }
}

/// A door that is open.
struct Open {
    /// The address as it was asked for: port 0 stays port 0.
    asked: SocketAddr,
    setup: watch::Sender<Arc<Setup>>,
    task: AbortHandle,
}

/// All open doors. They close when this is dropped; whoever is inside stays.
pub(crate) struct House {
    hall: Hall,
    certs: Option<Arc<Certs>>,
    open: Vec<Open>,
    figures: Vec<(SocketAddr, AbortHandle)>,
    /// Connections there may be, as the configuration said last.
    most: usize,
    /// Who gets certificates, and what for.
    #[cfg(feature = "acme")]
    authority: Option<(AbortHandle, crate::config::Tls)>,
}

impl House {
    /// Opens what was bound. It must be called in the runtime that serves the doors.
    pub(crate) fn open(
        config: &Config,
        bindings: Bindings,
        happenings: Happenings,
        metrics: &Arc<Metrics>,
    ) -> io::Result<Self> {
        let most = most(config);
        let mut house = Self {
            hall: Hall {
                happenings,
                permits: Arc::new(Semaphore::new(most)),
                metrics: Arc::clone(metrics),
            },
            certs: bindings.certs,
            open: Vec::new(),
            figures: Vec::new(),
            most,
            #[cfg(feature = "acme")]
            authority: None,
        };
        for bound in bindings.doors {
            house.open_door(bound)?;
        }
        for (address, listener) in bindings.figures {
            house.serve_figures(address, listener);
        }
        #[cfg(feature = "acme")]
        house.keep_certificate(config);
        Ok(house)
    }

    /// Whether the certificate that is shown is one that clients may trust.
    pub(crate) fn is_vouched_for(&self) -> bool {
        self.certs
            .as_ref()
            .is_some_and(|certs| certs.is_vouched_for())
    }

    /// Opens and closes doors as a new configuration says; whether those who come are shown another certificate now.
    /// Either all of it is done or, with the reason, nothing.
    pub(crate) fn rearrange(&mut self, config: &Config) -> Result<bool, String> {
        let certs = match &self.certs {
            Some(certs) => Some(Arc::clone(certs)),
            None => certificate(config)?,
        };
        let wanted = wanted(config, certs.as_ref());
        let mut fresh = Vec::new();
        // What becomes of each open door; of several that asked for one address each is found once.
        let mut stays: Vec<Option<Arc<Setup>>> = vec![None; self.open.len()];
        for Wanted { address, setup } in wanted {
            let mut doors = self.open.iter().zip(&mut stays);
            match doors.find(|(door, stays)| door.asked == address && stays.is_none()) {
                Some((_, stays)) => *stays = Some(setup),
                None => {
                    let bound = doors::bind(address, setup);
                    fresh.push(bound.map_err(|error| cannot(address, &error))?);
                }
            }
        }
        let mut new_figures = Vec::new();
        for address in &config.metrics.listen {
            if !self.figures.iter().any(|(asked, _)| asked == address) {
                let bound = doors::listen(*address).map_err(|error| cannot(*address, &error))?;
                new_figures.push((*address, bound));
            }
        }
        let is_recertified = match &certs {
            Some(certs) if needs_certificate(config) => certs.reload(config)?,
            _ => false,
        };
        self.certs = certs;
        self.keep_doors(stays);
        for bound in fresh {
            let address = bound.address;
            self.open_door(bound)
                .map_err(|error| cannot(address, &error))?;
        }
        self.figures.retain(|(asked, task)| {
            let stays = config.metrics.listen.contains(asked);
            if !stays {
                task.abort();
            }
            stays
        });
        for (address, listener) in new_figures {
            self.serve_figures(address, listener);
        }
        self.allow(most(config));
        #[cfg(feature = "acme")]
        self.keep_certificate(config);
        Ok(is_recertified)
    }

    /// Gets certificates from the authority that the configuration names, from now on.
    #[cfg(feature = "acme")]
    fn keep_certificate(&mut self, config: &Config) {
        let wanted = needs_certificate(config).then_some(&config.tls);
        if self.authority.as_ref().map(|(_, tls)| tls) == wanted {
            return;
        }
        if let Some((task, _)) = self.authority.take() {
            task.abort();
        }
        let certs = self.certs.as_ref().filter(|_| wanted.is_some());
        let task = certs.and_then(|certs| {
            let happenings = self.hall.happenings.clone();
            crate::acme::keep(config, certs, happenings)
        });
        self.authority = task.map(|task| (task, config.tls.clone()));
    }

    fn open_door(&mut self, bound: Bound) -> io::Result<()> {
        let (asked, address, door) = (bound.asked, bound.address, bound.setup.door);
        let is_encrypted = bound.setup.certs.is_some();
        let (setup, theirs) = watch::channel(Arc::clone(&bound.setup));
        let task = bound.open(theirs, self.hall.clone())?;
        tracing::info!("{door:?} door open on {address}");
        // Behind it may be a proxy that encrypts, or a container's own network: it is opened all the same.
        if !is_encrypted && is_for_others(address) {
            tracing::warn!(
                "the door on {address} is open to other machines and not encrypted: whoever listens on the way reads \
                 along; [server.tls] has doors for other machines"
            );
        }
        self.open.push(Open { asked, setup, task });
        Ok(())
    }

    /// Closes the doors that do not stay. Whoever comes through the others from now on finds them as they say.
    fn keep_doors(&mut self, stays: Vec<Option<Arc<Setup>>>) {
        let mut stays = stays.into_iter();
        self.open.retain(|door| match stays.next().flatten() {
            Some(setup) => {
                door.setup.send_replace(setup);
                true
            }
            None => {
                door.task.abort();
                tracing::info!("the door on {} is closed", door.asked);
                false
            }
        });
    }

    fn serve_figures(&mut self, asked: SocketAddr, listener: std::net::TcpListener) {
        let task = doors::serve_metrics(listener, Arc::clone(&self.hall.metrics));
        self.figures.push((asked, task));
    }

    /// From now on there may be so many connections. Nobody is sent away: where there are more, nobody else comes in
    /// until enough have left.
    fn allow(&mut self, most: usize) {
        let before = std::mem::replace(&mut self.most, most);
        if most >= before {
            self.hall.permits.add_permits(most - before);
        } else {
            doors::withdraw(&self.hall.permits, before - most);
        }
    }
}

impl Drop for House {
    fn drop(&mut self) {
        let doors = self.open.iter().map(|door| &door.task);
        let figures = self.figures.iter().map(|(_, task)| task);
        doors.chain(figures).for_each(AbortHandle::abort);
        #[cfg(feature = "acme")]
        if let Some((task, _)) = &self.authority {
            task.abort();
        }
    }
}

/// The certificate, where a door needs one.
pub(crate) fn certificate(config: &Config) -> Result<Option<Arc<Certs>>, String> {
    if needs_certificate(config) {
        Ok(Some(Arc::new(Certs::load(config)?)))
    } else {
        Ok(None)
    }
}

fn needs_certificate(config: &Config) -> bool {
    !config.tls.listen.is_empty() || !config.websocket.listen_tls.is_empty()
}

fn wanted(config: &Config, certs: Option<&Arc<Certs>>) -> Vec<Wanted> {
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
    let mut wanted = Vec::new();
    for (setup, addresses) in [
        (setup(Door::Tcp, None), &config.listen),
        (setup(Door::Plain, None), &config.plain.listen),
        (setup(Door::Tls, certs), &config.tls.listen),
        (setup(Door::WebSocket, None), &config.websocket.listen),
        (setup(Door::WebSocket, certs), &config.websocket.listen_tls),
    ] {
        wanted.extend(addresses.iter().map(|address| Wanted {
            address: *address,
            setup: Arc::clone(&setup),
        }));
    }
    wanted
}

fn most(config: &Config) -> usize {
    number(files::connections(config.limits.connections)).min(Semaphore::MAX_PERMITS)
}

fn cannot(address: SocketAddr, error: &io::Error) -> String {
    format!("cannot listen on {address}: {error}")
}

fn number(value: u64) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}

/// Whether other machines reach this address.
fn is_for_others(address: SocketAddr) -> bool {
    !address.ip().to_canonical().is_loopback()
}

#[cfg(test)]
mod tests;
