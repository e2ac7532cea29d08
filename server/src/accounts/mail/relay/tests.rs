//! A relay that is busy, and a clock that is moved by hand.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, channel};

use protocol::Stamp;
use server_core::Now;

use super::*;

/// No letter takes so long.
const DEADLINE: Duration = Duration::from_secs(20);

/// A relay that takes the letters of its n-th connection if `takes` says so; tells whom each was for, and whether it
/// took it.
fn busy(takes: &'static [bool]) -> (u64, Receiver<(String, bool)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (heard, told) = channel();
    std::thread::spawn(move || {
        for takes in takes {
            let (mut stream, _) = listener.accept().unwrap();
            stream.write_all(b"220 here\r\n").unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            while let Some(Ok(line)) = lines.next() {
                let answer = match line.split([' ', ':']).next().unwrap() {
                    "EHLO" | "MAIL" => "250 yes",
                    "RCPT" => {
                        heard.send((line, *takes)).unwrap();
                        if *takes { "250 yes" } else { "451 busy" }
                    }
                    "DATA" => "354 go on",
                    "." => "250 taken",
                    "QUIT" => "221 bye",
                    _ => continue,
                };
                stream
                    .write_all(format!("{answer}\r\n").as_bytes())
                    .unwrap();
            }
        }
    });
    (u64::from(port), told)
}

#[test]
fn what_a_busy_relay_does_not_take_is_tried_again_later() {
    let (port, told) = busy(&[false, true, true]);
    let mut config = Config::default();
    config.mail.relay = "127.0.0.1".to_owned();
    config.mail.port = port;
    config.mail.tls = MailTls::Off;
    config.mail.from = "chat@example.org".to_owned();
    let ms = Arc::new(AtomicU64::new(0));
    let shared = Arc::clone(&ms);
    let clock: Clock = Arc::new(move || Now {
        wall: Stamp(0),
        steady: shared.load(Ordering::SeqCst),
    });
    let relay = Relay::start(&config, clock).unwrap();
    let next = || told.recv_timeout(DEADLINE).unwrap();
    relay.send_code("ann@example.org", "ann", "a").unwrap();
    assert_eq!(next(), ("RCPT TO:<ann@example.org>".to_owned(), false));
    relay.send_code("bob@example.org", "bob", "b").unwrap();
    assert_eq!(next(), ("RCPT TO:<bob@example.org>".to_owned(), true));
    assert!(!relay.has_given_up("ann"));
    // A minute later; a look at the clock is what a letter that comes makes it take.
    ms.store(60_000, Ordering::SeqCst);
    let state = relay.0.lock();
    relay.0.changed.notify_one();
    drop(state);
    assert_eq!(next(), ("RCPT TO:<ann@example.org>".to_owned(), true));
}
