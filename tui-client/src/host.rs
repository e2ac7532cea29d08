//! Hosting: a server in this process, on its own thread, for when nobody listens on this machine.
//! It must never be reached into: whoever hosts connects to it as everybody does.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use protocol::invite::{Invite, USUAL_PORT};
use server::config::Config;
use server::run::{Options, Running, StartError, start};
use tokio::net::TcpStream;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::address::is_this_machine;
use crate::dial::Target;

/// How long the server's last words may take when the program ends.
const STOP_TIMEOUT: Duration = Duration::from_secs(4);

/// How long it may take to see whether somebody hosts here: on one machine that is known at once.
const LOOK_TIMEOUT: Duration = Duration::from_millis(20);

/// Whether somebody listens at that address of this machine already.
pub async fn is_there(host: &str, port: u16) -> bool {
    is_this_machine(host) && listens(host, port, LOOK_TIMEOUT).await
}

/// Whether somebody takes a connection there within this time.
async fn listens(host: &str, port: u16, limit: Duration) -> bool {
    let looking = timeout(limit, TcpStream::connect((host, port)));
    matches!(looking.await, Ok(Ok(_)))
}

/// How a server would be started.
#[derive(Clone, Debug)]
pub struct Host {
    config: Config,
    room: Option<String>,
    /// Where the client itself goes.
    port: u16,
}

/// Where a door for other machines is opened, if the config names none.
pub const DOOR: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), USUAL_PORT);

/// A server that runs here.
#[derive(Debug)]
pub struct Hosted {
    running: Running,
}

impl Host {
    /// A host for the address that the client wants to reach. Where the server's own part of the config does not
    /// listen there, the client's wish counts: it is the one that the user sees on the screen.
    pub fn new(mut config: Config, target: &Target, room: Option<String>) -> Self {
        let (host, port) = (target.host.as_str(), target.port);
        let doors = if target.wants_tls() {
            &mut config.tls.listen
        } else {
            &mut config.listen
        };
        let ip = host.parse().unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
        let wanted = SocketAddr::new(ip, port);
        let reaches = |address: &SocketAddr| {
            address.port() == port && (address.ip() == ip || address.ip().is_unspecified())
        };
        if !doors.iter().any(reaches) {
            *doors = vec![wanted];
        }
        Self { config, room, port }
    }

    /// The link to the server as it would be here, or why nobody can come in from another machine.
    ///
    /// # Errors
    /// Why there is none.
    pub fn base(&self) -> Result<Invite, String> {
        server::invitation::to(&self.config, None)
    }

    /// Whether others can come in from other machines.
    pub fn is_open(&self) -> bool {
        let mut doors = self.config.tls.listen.iter();
        doors.any(|door| !door.ip().is_loopback())
    }

    /// The same with a door for encrypted links from other machines, and where that is.
    pub fn opened(&self) -> (Self, SocketAddr) {
        let mut host = self.clone();
        let doors = &mut host.config.tls.listen;
        let open = doors.iter().find(|door| !door.ip().is_loopback()).copied();
        let door = open.unwrap_or_else(|| {
            doors.push(DOOR);
            DOOR
        });
        (host, door)
    }

    /// The link to give to a friend, if others can come in from other machines.
    pub fn invite(&self) -> Option<String> {
        let invite = self.base().ok()?;
        let room = self.room.clone();
        Some(Invite { room, ..invite }.to_string())
    }

    /// Starts the server. When this returns, its doors are open.
    ///
    /// # Errors
    /// `AddrInUse` when somebody else was faster; otherwise why it cannot be.
    pub async fn start(&self) -> io::Result<Hosted> {
        let config = self.config.clone();
        let started = spawn_blocking(move || start(config, Options::default())).await;
        match started.map_err(io::Error::other)? {
            Ok(running) => Ok(Hosted { running }),
            // At any other door it is a program that one cannot go to instead.
            Err(error @ StartError::AddressInUse(at)) if at.port() == self.port => {
                Err(io::Error::new(io::ErrorKind::AddrInUse, error))
            }
            Err(error) => Err(io::Error::other(error)),
        }
    }
}

impl Hosted {
    /// How many others are connected: all connections but our own.
    pub fn guests(&self) -> usize {
        usize::try_from(self.running.connections().saturating_sub(1)).unwrap_or(usize::MAX)
    }

    /// Serves as this host says from now on; nobody is dropped.
    ///
    /// # Errors
    /// Why it cannot be; then everything stays as it was.
    pub async fn serve_as(&self, host: &Host) -> Result<(), String> {
        self.running.put_in_force(host.config.clone()).await
    }

    /// Stops the server: what was accepted is stored, and the members are told.
    pub async fn stop(self) {
        let stopped = spawn_blocking(move || {
            self.running.stop("the host left");
            self.running.wait()
        });
        // A server that does not stop in time is stopped by the end of the program.
        let _ = timeout(STOP_TIMEOUT, stopped).await;
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpSocket;

    use super::*;

    /// Far more than needed, because the machine may be busy.
    const PATIENCE: Duration = Duration::from_secs(30);

    #[tokio::test]
    async fn who_hosts_here_already_is_seen() {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(any).unwrap();
        let port = socket.local_addr().unwrap().port();
        // The port is ours, so that nobody else can listen there, and we do not yet.
        assert!(!listens("127.0.0.1", port, PATIENCE).await);
        assert!(!is_there("127.0.0.1", port).await);
        let listener = socket.listen(8).unwrap();
        assert!(listens("127.0.0.1", port, PATIENCE).await);
        drop(listener);
        assert!(
            !is_there("192.0.2.1", port).await,
            "that is another machine"
        );
    }
}
