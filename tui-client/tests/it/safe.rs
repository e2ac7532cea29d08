//! An encrypted link in a real terminal, to a real server with a certificate of its own: known again, and refused when
//! it is another.

use std::net::SocketAddr;

use server::run::{Options, Running};

use crate::harness::{Folder, Terminal};

/// A server with a TLS door only, and its data in a folder.
fn serve(data: &Folder, port: u16) -> Running {
    let mut config = server::config::Config {
        listen: Vec::new(),
        data_dir: data.path().display().to_string(),
        ..server::config::Config::default()
    };
    config.tls.listen = vec![SocketAddr::from(([127, 0, 0, 1], port))];
    server::run::start(config, Options::default()).unwrap()
}

fn stop(running: Running) {
    running.stop("the test is over");
    running.wait().unwrap();
}

#[test]
fn a_server_is_known_again_and_another_is_refused_until_it_is_trusted() {
    let (home, data, other) = (Folder::new(), Folder::new(), Folder::new());
    let server = serve(&data, 0);
    let port = server.addresses()[0].1.port();
    let config = home.file("c.toml", "tls = \"on\"\n");
    let number = port.to_string();
    let words = [
        "--config",
        &config,
        "--port",
        &number,
        "--nick",
        "ada",
        "--no-host",
    ];
    let mut ada = Terminal::parlor(&home, (200, 50), &words);
    ada.see("tls · 1 here");
    ada.press("a word\r");
    ada.see("sent");
    let known = std::fs::read_to_string(home.path().join("data/parlor/known_servers")).unwrap();
    assert!(known.contains(&format!("127.0.0.1:{port} ")), "{known}");

    stop(server);
    ada.see("trying again");
    let server = serve(&other, port);
    ada.see("another than before");
    ada.see("not let in");
    assert_eq!(ada.text().matches("another than before").count(), 1);
    ada.press("/trust\r");
    ada.see("tls · 1 here");
    ada.press("\x11");
    assert_eq!(ada.end(), 0);
    stop(server);
    let trusted = std::fs::read_to_string(home.path().join("data/parlor/known_servers")).unwrap();
    assert_ne!(known, trusted);
}
