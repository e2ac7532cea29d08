//! One walk through each door.

use server_core::Door;

use crate::world::world;

#[test]
fn two_people_talk_over_tcp() {
    let world = world("");
    let mut ada = world.member("ada", "#lobby");
    let mut bob = world.member("bob", "#lobby");
    ada.reads(":bob!");
    bob.say("PRIVMSG #lobby :hello");
    assert!(ada.reads("PRIVMSG").ends_with("PRIVMSG #lobby :hello"));
    bob.say("QUIT :bye");
    ada.reads("QUIT");
    assert!(bob.reads_to_the_end().last().unwrap().starts_with("ERROR "));
}

#[test]
fn plain_people_of_style_join_stand_in_the_same_room() {
    let world = world("[server.plain]\nlisten = [\"127.0.0.1:0\"]\n");
    let mut ada = world.member("ada", "#lobby");
    let mut plain = world.connect(Door::Plain);
    let name = format!("USER{}", plain.stream.local_addr().unwrap().port());
    assert_eq!(plain.line().unwrap(), "Welcome to the chatroom!");
    ada.reads(&format!(":{name}!"));
    ada.say("NAMES #lobby");
    ada.reads(&name);
    plain.send(b"Hi Guys!!!\n");
    ada.reads("PRIVMSG #lobby :Hi Guys!!!");
    ada.say("PRIVMSG #lobby :hi");
    assert_eq!(plain.line().unwrap(), "ada: hi");
    plain.send("gr\u{fc}n \x1b[2J".as_bytes());
    ada.reads("PRIVMSG #lobby :gr\u{fc}n [2J");
    plain.send(b"gr\xfcn");
    ada.reads("PRIVMSG #lobby :gr\u{fc}n");
    let mut second = world.connect(Door::Plain);
    let second_name = format!("USER{}", second.stream.local_addr().unwrap().port());
    assert_eq!(second.line().unwrap(), "Welcome to the chatroom!");
    assert_eq!(
        plain.line().unwrap(),
        format!("{second_name} has joined the chat")
    );
    second.send(b"LEAVE");
    assert_eq!(
        plain.line().unwrap(),
        format!("{second_name} has left the chat")
    );
    assert!(second.reads_to_the_end().is_empty());
    drop(plain);
    ada.reads(&format!(":{name}!"));
}

#[test]
fn a_page_in_a_browser_says_nothing_at_the_plain_door() {
    let world = world("[server.plain]\nlisten = [\"127.0.0.1:0\"]\n");
    let mut ada = world.member("ada", "#lobby");
    let mut page = world.connect(Door::Plain);
    ada.reads(" JOIN ");
    page.send(b"POST / HTTP/1.1\r\nHost: here\r\n\r\nbuy this\r\n");
    let told = page.reads_to_the_end();
    assert!(
        told.iter().any(|line| line.contains("HTTP/1.1 400")),
        "{told:?}"
    );
    ada.reads(" QUIT :");
    let mut plain = world.connect(Door::Plain);
    plain.send(b"GET well soon\n");
    let first = ada.reads("PRIVMSG");
    assert!(first.ends_with(":GET well soon"), "{first}");
}

#[test]
fn plain_people_of_style_nick_send_without_line_ends() {
    let world = world("[server.plain]\nlisten = [\"127.0.0.1:0\"]\nstyle = \"nick\"\n");
    let mut jacob = world.connect(Door::Plain);
    assert_eq!(jacob.bytes(4), b"NICK");
    jacob.send(b"Jacob");
    assert_eq!(jacob.line().unwrap(), "Jacob joined the chat!");
    assert_eq!(jacob.line().unwrap(), "Connected to the server!");
    let mut other = world.connect(Door::Plain);
    assert_eq!(other.bytes(4), b"NICK");
    other.send(b"Jacob");
    assert_eq!(
        other.line().unwrap(),
        "Jacob is taken: you are Jacob2 here."
    );
    assert_eq!(other.line().unwrap(), "Jacob2 joined the chat!");
    assert_eq!(other.line().unwrap(), "Connected to the server!");
    assert_eq!(jacob.line().unwrap(), "Jacob2 joined the chat!");
    jacob.send(b"Jacob: Hey guys");
    assert_eq!(jacob.line().unwrap(), "Jacob: Hey guys");
    assert_eq!(other.line().unwrap(), "Jacob: Hey guys");
    drop(other);
    assert_eq!(jacob.line().unwrap(), "Jacob2 left the chat!");
}

#[test]
fn everybody_is_told_when_the_server_stops() {
    let world = world("[server.plain]\nlisten = [\"127.0.0.1:0\"]\n");
    let mut ada = world.member("ada", "#lobby");
    let mut plain = world.connect(Door::Plain);
    plain.line();
    world.stop();
    assert!(
        ada.reads_to_the_end()
            .last()
            .unwrap()
            .contains("the test is over")
    );
    assert!(!plain.reads_to_the_end().is_empty());
}

#[test]
fn what_was_said_is_in_the_data_folder() {
    let world = world("");
    let mut ada = world.member("ada", "#lobby");
    ada.say("CAP REQ echo-message");
    ada.say("PRIVMSG #lobby :remember me");
    // The echo comes once it is stored.
    ada.reads("PRIVMSG #lobby :remember me");
    let folder = world.into_folder();
    let kept = std::fs::read(folder.0.join("parlor.db")).unwrap();
    assert!(kept.windows(11).any(|bytes| bytes == b"remember me"));
}

#[test]
fn figures_are_served_and_nothing_else() {
    let world = world("[server.metrics]\nlisten = [\"127.0.0.1:0\"]\n");
    let mut ada = world.member("ada", "#lobby");
    ada.say("CAP REQ echo-message");
    ada.say("PRIVMSG #lobby :counted");
    ada.reads(":counted");
    let ask = |path: &str| {
        let stream = std::net::TcpStream::connect(world.metrics()).unwrap();
        let mut asker = crate::world::Person::new(stream);
        asker.send(format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes());
        asker.reads_to_the_end().join("\n")
    };
    let figures = ask("/metrics");
    assert!(
        figures.contains("parlord_connections{door=\"tcp\"} 1"),
        "{figures}"
    );
    // What ada said was committed before she heard it, and so was her coming in.
    let figure = |name: &str| {
        let line = figures.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap_or_else(|| panic!("no {name}: {figures}"))
            .trim()
            .parse::<f64>()
            .unwrap()
    };
    assert!(figure("parlord_commit_seconds_count") >= 1.0);
    assert!(figure("parlord_commit_seconds_sum") > 0.0);
    assert!(figure("parlord_writes_total") >= 2.0);
    // That she came and what she said wait to be settled, or have settled.
    assert!(figure("parlord_intake_entries") <= 2.0, "{figures}");
    assert!(figure("parlord_intake_bytes") < 2000.0, "{figures}");
    let all = figure("parlord_commit_seconds_bucket{le=\"+Inf\"}");
    assert!(all >= figure("parlord_commit_seconds_bucket{le=\"0.001000\"}"));
    assert!(figure("parlord_lines_total{door=\"tcp\"}") >= 5.0);
    assert!(!figures.contains("ada"));
    assert!(ask("/").starts_with("HTTP/1.1 404 "));
}
