//! A server of our own, in another process, so that its cost is its own. It never outlives this program.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use server::config::Config;
use server::run::{Options, start};
use server_core::Door;

use crate::{Failure, say};

/// Whether a server keeps history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum History {
    /// Nothing is kept.
    Off,
    /// It is kept by the system.
    Process,
    /// It is on the disk before anybody hears it.
    Disk,
}

/// A running server.
#[derive(Debug)]
pub struct Host {
    child: Child,
    folder: PathBuf,
    /// Its unencrypted door.
    pub plain: SocketAddr,
    /// Its encrypted door.
    pub tls: SocketAddr,
}

impl Host {
    /// Starts one in a new folder.
    pub fn start(history: History) -> Result<Self, Failure> {
        let own = std::process::id();
        let folder = std::env::temp_dir().join(format!("parlor-load-{own}"));
        std::fs::create_dir_all(&folder)?;
        let mut child = Command::new(std::env::current_exe()?)
            .arg("serve")
            .arg(&folder)
            .arg(format!("{history:?}").to_lowercase())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let told = child.stdout.take().ok_or("the server says nothing")?;
        let mut addresses = BufReader::new(told).lines();
        let mut next = || -> Result<SocketAddr, Failure> {
            let line = addresses.next().ok_or("the server did not start")??;
            Ok(line.parse()?)
        };
        let (plain, tls) = (next()?, next()?);
        Ok(Self {
            child,
            folder,
            plain,
            tls,
        })
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The certificate it shows.
    pub fn certificate(&self) -> Result<CertificateDer<'static>, Failure> {
        Ok(CertificateDer::from_pem_file(
            self.folder.join("certificate.pem"),
        )?)
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        // It ends with its standard input; whatever it left is of no use.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Is that server until standard input ends.
pub fn serve(folder: &Path, history: History) -> Result<(), Failure> {
    let data = toml::Value::from(folder.display().to_string());
    let text = format!(
        "[server]\nlisten = [\"127.0.0.1:0\"]\ndata_dir = {data}\n\
         [server.tls]\nlisten = [\"127.0.0.1:0\"]\n\
         [server.limits]\nconnections = 1000000\nconnections_per_address = 0\nflood_control = false\n\
         channels = 1000\nping_timeout_s = 3600\n\
         [server.history]\nenabled = {}\ndurability = \"{}\"\n",
        history != History::Off,
        if history == History::Process {
            "process"
        } else {
            "disk"
        },
    );
    let running = start(Config::parse(&text, "load")?, Options::default())
        .map_err(|error| error.to_string())?;
    for door in [Door::Tcp, Door::Tls] {
        let found = running.addresses().iter().find(|(of, _)| *of == door);
        say(format_args!("{}", found.ok_or("a door is missing")?.1))?;
    }
    std::io::stdin().read_to_end(&mut Vec::new())?;
    running.stop("the load is over");
    running.wait()?;
    Ok(())
}
