//! Tests of the threads.

use std::sync::mpsc::channel;

use server_core::accounts::Secret;

use super::*;
use crate::accounts::book::memory::MemoryBook;
use crate::accounts::mail::NoMail;
use crate::accounts::{AccountsSettings, HashCost};

#[test]
fn every_request_is_answered_before_the_end() {
    let settings = AccountsSettings {
        expire_ms: None,
        cost: HashCost::Minimum,
        requires_email: false,
        name_bytes_max: 32,
    };
    let book = Box::new(MemoryBook::new());
    let desk = Desk::new(settings, book, Box::new(NoMail), system_clock()).unwrap();
    let (tx, answers) = channel();
    let sink: Answers = Arc::new(move |ticket, reply| {
        let _ = tx.send((ticket, reply));
    });
    let eraser: Eraser = Box::new(|_, _, _| Ok(0));
    let mut keeper = Box::new(Keeper::start(desk, &sink, Arc::new(|_| ()), eraser).unwrap());
    for n in 0..100 {
        let account: Box<str> = format!("a{n}").into();
        let register = AccountsRequest::Register {
            account: account.clone(),
            password: Secret(b"sesame".to_vec()),
            email: None,
            address: std::net::Ipv4Addr::LOCALHOST.into(),
        };
        assert_eq!(keeper.request(Ticket(n), register), None);
        let look = AccountsRequest::Look { account };
        assert_eq!(keeper.request(Ticket(1000 + n), look), None);
        let give_up = AccountsRequest::GiveUp { exchange: n };
        assert_eq!(keeper.request(Ticket(2000 + n), give_up), None);
    }
    keeper.finish();
    let mut tickets: Vec<_> = answers.try_iter().map(|(ticket, _)| ticket.0).collect();
    tickets.sort_unstable();
    assert!(tickets.into_iter().eq((0..100).chain(1000..1100)));
}
