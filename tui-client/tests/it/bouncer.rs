//! A bouncer with two networks behind it, as a stand-in on loopback: `parlor` in a real terminal makes a link to each.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};

use crate::harness::{Folder, Terminal};

const CAPS: &str = "batch message-tags server-time echo-message sasl=PLAIN soju.im/bouncer-networks \
                    soju.im/bouncer-networks-notify";
const NETWORKS: [(&str, &str, &str); 2] =
    [("7", "rustaceans", "#rust"), ("8", "gardeners", "#roses")];

/// One link: the bouncer itself until it is bound, then a network.
fn serve(stream: TcpStream) -> Option<()> {
    let mut out = stream.try_clone().ok()?;
    let mut say = move |line: &str| out.write_all(format!("{line}\r\n").as_bytes()).ok();
    let mut bound = None;
    for line in BufReader::new(stream).lines() {
        let line = line.ok()?;
        let words: Vec<&str> = line.split(' ').collect();
        match words.as_slice() {
            ["CAP", "LS", ..] => say(&format!(":b CAP * LS :{CAPS}"))?,
            ["CAP", "REQ", ..] => {
                let names = line.split_once(" :").map_or(words[2], |(_, names)| names);
                say(&format!(":b CAP * ACK :{names}"))?;
            }
            ["AUTHENTICATE", "PLAIN"] => say("AUTHENTICATE +")?,
            ["AUTHENTICATE", _] => {
                say(":b 900 ada ada!ada@b ada :You are logged in")?;
                say(":b 903 ada :Welcome")?;
            }
            ["BOUNCER", "BIND", netid] => {
                bound = NETWORKS.iter().find(|(known, ..)| known == netid);
            }
            ["CAP", "END"] => {
                let netid = bound.map_or_else(String::new, |(netid, ..)| format!("={netid}"));
                say(":b 001 ada :Welcome")?;
                say(&format!(
                    ":b 005 ada CHANTYPES=# BOUNCER_NETID{netid} :are supported"
                ))?;
                say(":b 422 ada :no MOTD")?;
                match bound {
                    Some((_, _, room)) => {
                        say(&format!(":ada!ada@b JOIN {room}"))?;
                        say(&format!(":b 353 ada = {room} :ada grace"))?;
                        say(&format!(":b 366 ada {room} :End"))?;
                    }
                    None => {
                        say(":b BATCH +n soju.im/bouncer-networks")?;
                        for (netid, name, _) in NETWORKS {
                            say(&format!(
                                "@batch=n :b BOUNCER NETWORK {netid} name={name};state=connected"
                            ))?;
                        }
                        say(":b BATCH -n")?;
                    }
                }
            }
            [.., "PRIVMSG", room, _] => {
                // The echo says that it was bound where it should be.
                let text = line.split_once(" :").map_or("", |(_, text)| text);
                say(&format!(":ada!ada@b PRIVMSG {room} :{text}"))?;
                let name = bound.map_or("nowhere", |(_, name, _)| *name);
                say(&format!(":grace!g@b PRIVMSG {room} :heard on {name}"))?;
            }
            ["QUIT", ..] => return None,
            _ => {}
        }
    }
    None
}

#[test]
fn each_network_of_a_bouncer_has_its_own_link() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || serve(stream));
        }
    });
    let folder = Folder::new();
    let config = folder.file("c.toml", "account = \"ada\"\npassword = \"sesame\"\n");
    let words = [
        "--config",
        &config,
        "--nick",
        "ada",
        "--port",
        &port,
        "--no-host",
    ];
    let mut ada = Terminal::parlor(&folder, (120, 40), &words);
    for name in ["rustaceans", "gardeners", "#rust", "#roses"] {
        ada.see(name);
    }
    for (_, name, room) in NETWORKS {
        ada.press("\x14");
        ada.press(room);
        ada.press("\r");
        ada.see("grace");
        ada.press("hello\r");
        ada.see(&format!("heard on {name}"));
    }
    ada.press("\x11");
    assert_eq!(ada.end(), 0);
}
