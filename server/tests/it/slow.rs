//! Whoever does not read: nobody else waits, nobody else is dropped, and the reason is told.

use server_core::Door;

use crate::world::world;

const LIMITS: &str = "[server.limits]\nflood_control = false\nsend_queue_bytes = 65536\n\
    reply_queue_bytes = 1048576\n[server.metrics]\nlisten = [\"127.0.0.1:0\"]\n";

#[test]
fn a_member_that_never_reads_is_dropped_and_the_others_hear_everything() {
    let world = world(LIMITS);
    let mut sleeper = world.member("sleeper", "#lobby");
    let mut reader = world.member("reader", "#lobby");
    let mut sender = world.member("sender", "#lobby");
    let text = "x".repeat(400);
    let mut count = 0;
    // The sleeper's own system takes some megabytes before the server must keep anything.
    let dropped = loop {
        for _ in 0..500 {
            sender.say(&format!("PRIVMSG #lobby :{count} {text}"));
            count += 1;
        }
        sender.say("PRIVMSG reader :so far");
        let mut quit = None;
        let mut heard = Vec::new();
        loop {
            let line = reader.line().unwrap();
            if line.contains("so far") {
                break;
            }
            if line.starts_with(":sleeper!") {
                quit = Some(line);
            } else if let Some((_, words)) = line.split_once(" PRIVMSG #lobby :") {
                heard.push(words.split(' ').next().unwrap().parse::<u32>().unwrap());
            }
        }
        let expected: Vec<u32> = (count - 500..count).collect();
        assert_eq!(heard, expected);
        if let Some(quit) = quit {
            break quit;
        }
        assert!(count < 100_000, "it was never dropped");
    };
    assert!(dropped.contains("SendQ exceeded"), "{dropped}");
    let last = sleeper.reads_to_the_end().pop().unwrap();
    assert!(last.contains("SendQ exceeded"), "{last}");
    sender.is_served();
}

#[test]
fn own_answers_wait_for_their_reader() {
    let world = world(LIMITS);
    let mut ada = world.member("ada", "#lobby");
    // Some megabytes of answers, more than any system's buffers take, asked for before one is read.
    let mut asked = world.connect(Door::Tcp);
    asked.register("bob");
    let questions = 20_000;
    let mut stream = asked.stream.try_clone().unwrap();
    let asking = std::thread::spawn(move || {
        for number in 0..questions {
            let question = format!("PING :{number}-{}\r\n", "x".repeat(200));
            std::io::Write::write_all(&mut stream, question.as_bytes()).unwrap();
        }
    });
    ada.is_served();
    for number in 0..questions {
        let answer = asked.reads("PONG");
        assert!(answer.contains(&format!("{number}-")), "{answer}");
    }
    asking.join().unwrap();
    asked.is_served();
}
