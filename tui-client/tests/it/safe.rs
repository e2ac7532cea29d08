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

#[test]
fn a_friend_follows_an_invite_and_a_forged_one_leads_nowhere() {
    let (home, friend, data) = (Folder::new(), Folder::new(), Folder::new());
    let server = serve(&data, 0);
    let port = server.addresses()[0].1.port();
    // The host's config has a door for other machines; here the friend comes in by loopback.
    let config = home.file(
        "c.toml",
        &format!(
            "[server]\ndata_dir = \"{}\"\n[server.tls]\nlisten = [\"0.0.0.0:{port}\"]\n",
            data.path().display()
        ),
    );
    let words = ["invite", "ops", "--host", "127.0.0.1", "--config", &config];
    let mut host = Terminal::parlor(&home, (160, 60), &words);
    host.see("parlor '");
    let text = host.text();
    let start = text.find("parlor://").unwrap();
    let link = text[start..].split('\'').next().unwrap().to_owned();
    assert!(text.contains('█'), "a picture of it");
    assert_eq!(host.end(), 0);

    let tls = friend.file("c.toml", "tls = \"on\"\n");
    let words = ["--config", &tls, "--nick", "grace"];
    let forged = format!("{}{}", &link[..link.len() - 64], "0".repeat(64));
    let mut grace = Terminal::parlor(&friend, (160, 30), &[&words[..], &[&forged]].concat());
    grace.see("not the server that the invite is for");
    grace.see("not let in");
    grace.press("\x11");
    assert_eq!(grace.end(), 0);
    let mut grace = Terminal::parlor(&friend, (160, 30), &[&words[..], &[&link]].concat());
    grace.see("#ops");
    grace.see("tls · 1 here");
    grace.press("\x11");
    assert_eq!(grace.end(), 0);
    stop(server);
}
