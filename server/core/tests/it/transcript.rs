//! Plays the transcripts beside this file.
//!
//! ```text
//! set nick_length 9                      before anything else
//! ada connects [from ADDRESS] [with CAP…]   registers; the welcome is not looked at
//! ada opens [from ADDRESS]               a connection and nothing more
//! ada opens with key KEY                 the same through TLS, where this certificate is shown
//! ada> LINE                              ada sends
//! ada< LINE                              ada reads next; … stands for anything
//! ada is quiet                           ada has nothing to read
//! ada skips                              ada's lines so far are not looked at
//! ada drops / ada is gone                the link breaks / the server has closed it
//! the clock goes back an hour            that of the calendar
//! pass 5s                                time goes by
//! reload KEY VALUE                       the configuration is read again
//! restart                                the process dies and begins again; everybody must come anew
//! storage holds / storage answers / storage fails
//! storage was told WHAT                  how much to keep, or to forget: the next it was told, or nothing
//! the password of ACCOUNT changes / the account ACCOUNT closes / what ACCOUNT said is erased    at the command line
//! ```
//! At the end everything that was sent to anybody must have been looked at.

use std::path::Path;

use server_core::settings::Sts;
use server_core::storage::DAY_MS;
use server_core::{Door, Input, News, Settings};

use crate::world::World;

fn settings(lines: &str) -> impl FnOnce(&mut Settings) {
    let chosen: Vec<(String, String)> = lines
        .lines()
        .filter_map(|line| line.strip_prefix("set ")?.split_once(' '))
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect();
    move |settings| {
        for (key, value) in chosen {
            match key.as_str() {
                "motd" => settings.motd = vec![value],
                "password" => settings.password = value,
                "flood_control" => settings.limits.flood_control = value == "true",
                "backlog" => settings.limits.backlog_lines_max = value.parse().expect("a number"),
                "command_burst" => {
                    settings.limits.command_burst = value.parse().expect("a number");
                }
                "room_burst" => {
                    settings.limits.room_burst = value.parse().expect("a number");
                    settings.limits.room_messages_per_second = 1;
                }
                "sts" => {
                    let port = value.parse().expect("a port");
                    settings.sts = Some(Sts {
                        port,
                        duration_s: 86_400,
                    });
                }
                "connections_per_address" => {
                    settings.limits.connections_per_address = value.parse().expect("a number");
                }
                "keep_days" => {
                    let days: u64 = value.parse().expect("a number");
                    settings.history.keep.age_ms = Some(days * DAY_MS);
                }
                "history" => settings.history.enabled = value == "true",
                "requires_email" => {
                    settings.accounts.registration_requires_email = value == "true";
                }
                "monitor" => settings.limits.monitor_max = value.parse().expect("a number"),
                _ => panic!("no such setting: {key}"),
            }
        }
    }
}

/// Whether `line` is as `pattern` says, in which `…` stands for anything.
fn fits(pattern: &str, line: &str) -> bool {
    let mut parts = pattern.split('…');
    let Some(mut rest) = parts.next().and_then(|first| line.strip_prefix(first)) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    for (place, part) in parts.iter().enumerate() {
        if place + 1 == parts.len() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.is_empty()
}

fn step(world: &mut World, line: &str) -> Result<(), String> {
    if let Some((name, sent)) = line.split_once("> ")
        && !name.contains(' ')
    {
        world.send(name, sent.as_bytes());
        return Ok(());
    }
    if let Some((name, expected)) = line.split_once("< ")
        && !name.contains(' ')
    {
        let read = world.inbox(name).pop_front();
        return match read {
            Some(read) if fits(expected, &read) => Ok(()),
            Some(read) => Err(format!("{name} reads: {read}")),
            None => Err(format!("{name} reads nothing")),
        };
    }
    let words: Vec<&str> = line.split(' ').collect();
    match words.as_slice() {
        [name, "connects", rest @ ..] => connect(world, name, rest),
        [name, "opens"] => {
            world.open(name, "203.0.113.1", Door::Tcp);
        }
        [name, "opens", "with", "key", key] => world.open_with_key(name, key),
        [name, "opens", "from", address] => {
            world.open(name, address, Door::Tcp);
        }
        [name, "is", "quiet"] => {
            if let Some(line) = world.inbox(name).front() {
                return Err(format!("{name} reads: {line}"));
            }
        }
        [name, "skips"] => world.inbox(name).clear(),
        [name, "drops"] => world.drop_link(name),
        [name, "is", "gone"] if world.is_closed(name) => {}
        [name, "is", "gone"] => return Err(format!("{name} is still here")),
        ["pass", time] => {
            let (number, unit) = match time.strip_suffix("ms") {
                Some(number) => (number, 1),
                None => (time.trim_end_matches('s'), 1000),
            };
            world.pass(number.parse::<u64>().expect("a number") * unit);
        }
        ["reload", key, value @ ..] => {
            let line = format!("set {key} {}", value.join(" "));
            world.reload(settings(&line));
        }
        ["restart"] => world.restart(),
        ["storage", "holds"] => world.hold_storage(),
        ["storage", "answers"] => world.release_storage(),
        ["storage", "fails"] => world.storage_fails = true,
        ["storage", "was", "told", "nothing"] if world.retained.is_empty() => {}
        ["storage", "was", "told", "nothing"] => {
            return Err(format!("it was told {:?}", world.retained));
        }
        ["storage", "was", "told", what @ ..] => {
            let told = world.retained.pop_front().unwrap_or_default();
            if told != what.join(" ") {
                return Err(format!("it was told {told:?}"));
            }
        }
        ["storage", "works"] => world.storage_fails = false,
        ["set", ..] => {}
        _ => return beside(world, &words),
    }
    Ok(())
}

/// What is done beside the server.
fn beside(world: &mut World, words: &[&str]) -> Result<(), String> {
    match words {
        ["the", "password", "of", account, "changes"] => {
            let account = (*account).into();
            world.input(Input::Learnt(News::PasswordChanged { account }));
        }
        ["the", "account", account, "closes"] => {
            let account = (*account).into();
            world.input(Input::Learnt(News::AccountClosed { account }));
        }
        ["the", "clock", "goes", "back", "an", "hour"] => world.set_back += 3_600_000,
        ["what", account, "said", "is", "erased"] => erase(world, account),
        _ => return Err("this line is no step".to_owned()),
    }
    Ok(())
}

/// What an account said goes, beside the server.
fn erase(world: &mut World, account: &str) {
    let mut news = Vec::new();
    for (log, entries) in &mut world.logs {
        let theirs = entries
            .iter()
            .filter(|entry| entry.account.as_deref() == Some(account) && !entry.lines.is_empty());
        let ids: Vec<Box<str>> = theirs.map(|entry| entry.id.clone()).collect();
        entries.retain(|entry| !ids.contains(&entry.id));
        let log = log.clone();
        news.push(News::Erased { log, ids });
    }
    for news in news {
        world.input(Input::Learnt(news));
    }
}

fn connect(world: &mut World, name: &str, rest: &[&str]) {
    let mut address = "203.0.113.1";
    let mut caps: &[&str] = &[];
    let mut door = Door::Tcp;
    match rest {
        ["from", from, "with", some @ ..] => (address, caps) = (from, some),
        ["from", from] => address = from,
        ["with", some @ ..] => caps = some,
        ["plain"] => door = Door::Plain,
        _ => {}
    }
    world.open(name, address, door);
    if !caps.is_empty() {
        world.send(name, format!("CAP REQ :{}", caps.join(" ")).as_bytes());
    }
    world.send(name, format!("NICK {name}").as_bytes());
    world.send(name, format!("USER {name} 0 * :{name} of test").as_bytes());
    world.send(name, b"CAP END");
    let welcome = world.inbox(name).iter().any(|line| line.contains(" 001 "));
    assert!(welcome, "{name} is not welcome: {:?}", world.inbox(name));
    world.inbox(name).clear();
}

fn play(path: &Path) -> Result<(), String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    let mut world = World::new(settings(&text));
    for (number, line) in text.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        step(&mut world, line)
            .map_err(|wrong| format!("{}:{}: {line}\n    {wrong}", path.display(), number + 1))?;
    }
    for (session, inbox) in &world.inboxes {
        if let Some(line) = inbox.front() {
            let path = path.display();
            return Err(format!(
                "{path}: at the end, {session:?} has not looked at: {line}"
            ));
        }
    }
    Ok(())
}

#[test]
fn every_transcript_plays() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be read").path())
        .filter(|path| path.extension().is_some_and(|end| end == "txt"))
        .collect();
    paths.sort();
    assert!(paths.len() >= 10, "the transcripts are missing");
    let wrong: Vec<String> = paths.iter().filter_map(|path| play(path).err()).collect();
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n\n"));
}
