//! The server is killed while it sweeps what is kept no longer, and an errand while it erases: what has gone is gone from
//! the search as well, and what stays is whole. A longer one: `PARLOR_DRILL_KILLS=100`, as for the drill.

use std::time::{Duration, Instant};

use crate::drill::Random;
use crate::errands::errand;
use crate::own_words::arrives;
use crate::program::{parlord, started_in};
use crate::world::Folder;

/// Little is kept, so that there is always something to sweep.
const CONFIG: &str = "[server.accounts]\npassword_hash = \"minimum\"\n[server.limits]\nflood_control = false\n\
                      room_burst = 10000\n[server.history]\nkeep_messages = 300\n";

/// What each says before the kill.
const MESSAGES: usize = 200;

/// No sweep takes so long.
const DEADLINE: Duration = Duration::from_secs(60);

/// Two talk, and while one of them is being erased everything is killed.
fn kill(folder: &Folder, random: &mut Random) {
    let mut program = started_in(folder, CONFIG, &[]);
    let mut people = ["ada", "bob"].map(|name| arrives(&program, name));
    for n in 0..MESSAGES {
        for person in &mut people {
            person.say(&format!("PRIVMSG #lobby :word {n}"));
        }
    }
    let data = folder.0.display().to_string();
    let mut eraser = parlord(&["account", "erase", "ada", "--data", &data])
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    std::thread::park_timeout(Duration::from_millis(random.below(200)));
    program.is_killed();
    eraser.kill().unwrap();
    eraser.wait().unwrap();
}

fn count(folder: &Folder, question: &str) -> i64 {
    let file = folder.0.join(server::database::FILE_NAME);
    let database = server::database::open_to_read(&file).unwrap();
    database.query_row(question, (), |row| row.get(0)).unwrap()
}

#[test]
fn a_kill_amid_sweeping_and_erasing_leaves_everything_whole() {
    let kills = std::env::var("PARLOR_DRILL_KILLS").map_or(3, |kills| kills.parse().unwrap());
    let seed = getrandom::u64().unwrap();
    let (folder, mut random) = (Folder::new(), Random(seed));
    for name in ["ada", "bob"] {
        let (code, why) = errand(&folder, "sesame\n", &["account", "add", name]);
        assert_eq!(code, Some(0), "{why}");
    }
    for _ in 0..kills {
        kill(&folder, &mut random);
        let (code, why) = errand(&folder, "", &["check"]);
        assert_eq!(code, Some(0), "seed {seed}: {why}");
        let stray = "SELECT count(*) FROM search WHERE search MATCH 'word' \
                     AND rowid NOT IN (SELECT seq FROM entry)";
        assert_eq!(count(&folder, stray), 0, "seed {seed}");
    }
    let (code, why) = errand(&folder, "", &["account", "erase", "ada"]);
    assert_eq!(code, Some(0), "seed {seed}: {why}");
    let hers = "SELECT count(*) FROM entry WHERE account = 'ada'";
    assert_eq!(count(&folder, hers), 0, "seed {seed}");
    let _program = started_in(&folder, CONFIG, &[]);
    let began = Instant::now();
    let is_done = || {
        count(&folder, "SELECT count(*) FROM intake") == 0
            && count(&folder, "SELECT count(*) FROM entry") <= 300
    };
    while !is_done() {
        assert!(began.elapsed() < DEADLINE, "seed {seed}: it is not swept");
        std::thread::park_timeout(Duration::from_millis(10));
    }
    assert!(count(&folder, "SELECT count(*) FROM entry WHERE account = 'bob'") > 0);
}
