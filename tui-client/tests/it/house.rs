//! A real server with a door for TLS, and somebody in one of its rooms who speaks IRC by hand. It starts no client.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use server::config::Config;
use server::run::{Options, Running};

use crate::harness::Folder;

/// A server on this machine, with a data folder of its own; it stops when this goes.
pub(crate) struct House {
    server: Option<Running>,
    inside: BufReader<TcpStream>,
    /// The port of the unencrypted door.
    pub(crate) open: u16,
    /// The port of the door for TLS.
    pub(crate) tls: u16,
    /// The fingerprint of its key.
    pub(crate) key: String,
    _data: Folder,
}

impl House {
    /// Starts one, with the rest of its configuration as `change` leaves it, and connects to its unencrypted door.
    pub(crate) fn new(change: impl FnOnce(&mut Config)) -> Self {
        let data = Folder::new();
        let here = vec![SocketAddr::from(([127, 0, 0, 1], 0))];
        let mut config = Config {
            listen: here.clone(),
            data_dir: data.path().display().to_string(),
            ..Config::default()
        };
        config.tls.listen = here;
        change(&mut config);
        let key = server::certs::fingerprint_of(&config).unwrap();
        let server = server::run::start(config, Options::default()).unwrap();
        let port = |wanted| {
            let mut doors = server.addresses().iter();
            doors.find(|(door, _)| *door == wanted).unwrap().1.port()
        };
        let (open, tls) = (port(server_core::Door::Tcp), port(server_core::Door::Tls));
        let stream = TcpStream::connect(("127.0.0.1", open)).unwrap();
        let patience = Some(Duration::from_secs(30));
        stream.set_read_timeout(patience).unwrap();
        Self {
            server: Some(server),
            inside: BufReader::new(stream),
            open,
            tls,
            key,
            _data: data,
        }
    }

    /// The one inside says a line.
    pub(crate) fn say(&mut self, line: &str) {
        let stream = self.inside.get_mut();
        stream.write_all(format!("{line}\r\n").as_bytes()).unwrap();
    }

    /// The one inside reads on to a line with these words.
    #[track_caller]
    pub(crate) fn reads(&mut self, words: &str) -> String {
        let mut line = String::new();
        while !line.contains(words) {
            line.clear();
            assert_ne!(self.inside.read_line(&mut line).unwrap(), 0, "no {words}");
        }
        line.trim_end().to_owned()
    }
}

impl Drop for House {
    fn drop(&mut self) {
        if let Some(server) = self.server.take() {
            server.stop("the test is over");
            let _ = server.wait();
        }
    }
}
