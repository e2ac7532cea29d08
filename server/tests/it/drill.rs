//! The drill: the real program, under load, is killed at random moments, or links are cut half-way through a message.
//! After each time every confirmed message is in the log exactly once, everybody heard one order, and nothing that was
//! said again is there twice. It never spares the server.
//!
//! A short one is part of the tests. A long one, with its figures on standard output:
//!
//! ```sh
//! PARLOR_DRILL_KILLS=100 cargo test --release -p server --test it drill -- --nocapture
//! ```
//!
//! `PARLOR_DRILL_SEED` repeats the moments of an earlier one, as far as a machine's timing can be repeated.

#![expect(
    clippy::print_stdout,
    reason = "a drill tells its seed and its figures"
)]
#![expect(
    clippy::cast_possible_truncation,
    reason = "random numbers are small where they are cut"
)]

mod talker;
mod verdict;

use std::process::Output;
use std::sync::Mutex;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use crate::errands::errand;
use crate::program::{Program, parlord, started_in};
use crate::world::Folder;
use talker::{ACCOUNTS, PASSWORD, Stage, Talker, Told};
use verdict::{Verdict, judge_private, reader};

/// Who talks at once.
const TALKERS: usize = 8;

/// A life of the server lasts at most so long, once its door is open.
const LIFE_MS: u64 = 800;

/// Kills before the next begin in a new folder: the whole log is checked after each, and grows by thousands meanwhile.
const KILLS_OF_ONE_FOLDER: u64 = 10;

/// Of so many starts one is killed before its door is open,
const STILLBORN: u64 = 4;
/// at most so long after it began.
const UNBORN_MS: u64 = 30;

/// Nothing holds the talkers back but the disk.
const CONFIG: &str = "[server.accounts]\npassword_hash = \"minimum\"\n[server.limits]\nflood_control = false\nroom_burst = 10000\n\
                      room_messages_per_second = 10000\n[server.history]\ndurability = \"disk\"\n";

/// Random numbers that a seed repeats (SplitMix64).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// Less than that.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound.max(1)
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn seed() -> u64 {
    number("PARLOR_DRILL_SEED").unwrap_or_else(|| getrandom::u64().unwrap())
}

/// `parlord check` on a folder whose server is dead.
fn check(folder: &Folder) -> Output {
    let data = folder.0.display().to_string();
    parlord(&["check", "--data", &data]).output().unwrap()
}

fn is_whole(folder: &Folder) {
    let said = check(folder);
    let why = String::from_utf8_lossy(&said.stderr).into_owned();
    assert_eq!(said.status.code(), Some(0), "{why}");
}

/// The talkers on their threads, and whoever drives them.
struct Drill<'s> {
    stage: &'s Stage,
    told: &'s [Mutex<Told>],
    /// Closed when the last talker has ended, however.
    talking: Receiver<()>,
    verdict: Verdict,
}

/// Has the talkers talk while `drive` does what it does, and until they have said everything.
fn with_talkers(
    stage: &Stage,
    seed: u64,
    drive: impl FnOnce(&mut Drill<'_>),
) -> (Vec<Told>, usize) {
    let told: Vec<Mutex<Told>> = (0..TALKERS).map(|_| Mutex::default()).collect();
    let (open, talking): (Sender<()>, _) = channel();
    let stored = std::thread::scope(|scope| {
        for (number, told) in told.iter().enumerate() {
            let open = open.clone();
            scope.spawn(move || {
                let _open = open;
                Talker::new(number, stage, told, seed).run();
            });
        }
        drop(open);
        let mut drill = Drill {
            stage,
            told: &told,
            talking,
            verdict: Verdict::default(),
        };
        // Talkers without a server would wait for ever, if the drill failed.
        let _end = End(stage);
        drive(&mut drill);
        drill.verdict.stored()
    });
    let told = told.into_iter().map(|one| one.into_inner().unwrap());
    (told.collect(), stored)
}

/// Lets the talkers end when it is dropped, also in a drill that has failed.
struct End<'s>(&'s Stage);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.over.store(true, Ordering::Relaxed);
        self.0
            .abandoned
            .store(std::thread::panicking(), Ordering::Relaxed);
    }
}

impl Drill<'_> {
    /// Lets them talk for so long.
    fn go_on(&self, time: Duration) {
        let waited = self.talking.recv_timeout(time);
        assert_eq!(waited, Err(RecvTimeoutError::Timeout), "nobody talks");
    }

    /// Reads the logs, and judges what the talkers were told before that.
    fn judge(&mut self, program: &Program) {
        let so_far = Verdict::so_far(self.told);
        let mut reader = reader(&program.address);
        self.verdict.read_on(&mut reader);
        self.verdict.judge(self.told, &so_far);
    }

    /// Waits until everything is said and confirmed, and judges it all.
    fn end(&mut self, mut program: Program, folder: &Folder) {
        self.stage.over.store(true, Ordering::Relaxed);
        let waited = self.talking.recv_timeout(Duration::from_secs(60));
        assert_eq!(waited, Err(RecvTimeoutError::Disconnected), "not confirmed");
        self.judge(&program);
        let mut reader = reader(&program.address);
        self.verdict.judge_whole(self.told, &mut reader);
        program.is_calm();
        assert_eq!(program.ended(), Some(0));
        is_whole(folder);
    }
}

/// Starts a server and kills it before it can open its door, or at about that time.
fn stillborn(folder: &Folder, drill: &Drill<'_>, random: &mut Random) {
    let data = folder.0.display().to_string();
    let mut unborn = parlord(&["--listen", "127.0.0.1:0", "--data", &data])
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    drill.go_on(Duration::from_millis(random.below(UNBORN_MS)));
    unborn.kill().unwrap();
    unborn.wait().unwrap();
}

/// What came of a drill.
#[derive(Default)]
struct Figures {
    kills: u64,
    unborn: u64,
    slowest: Duration,
    stored: usize,
    confirmed: usize,
    heard: usize,
    private: usize,
    lost: u64,
    again: u64,
    recognised: u64,
}

impl Figures {
    fn add(&mut self, folder: &Folder, (told, stored): &(Vec<Told>, usize)) {
        self.stored += stored;
        self.private += judge_private(folder, told);
        for told in told {
            self.confirmed += told.confirmed.len() + told.private.len();
            self.heard += told.heard.len() + told.whispered.len();
            self.lost += told.links_lost;
            self.again += told.again;
            self.recognised += told.recognised;
        }
    }

    fn tell(&self, seed: u64, began: Instant) {
        println!(
            "seed {seed}, {:.0} s: {} kills, {} more while it started; its door was open again after {} ms \
             at most. {TALKERS} talkers lost {} links. {} messages stored in rooms and {} in private, each once; \
             {} confirmations and {} deliveries judged; {} messages said again, {} of them recognised as stored before",
            began.elapsed().as_secs_f64(),
            self.kills,
            self.unborn,
            self.slowest.as_millis(),
            self.lost,
            self.stored,
            self.private,
            self.confirmed,
            self.heard,
            self.again,
            self.recognised,
        );
    }
}

#[test]
fn nothing_confirmed_is_lost_and_nothing_doubled_when_the_server_is_killed() {
    let mut kills = number("PARLOR_DRILL_KILLS").unwrap_or(5);
    let (seed, began) = (seed(), Instant::now());
    println!("seed {seed}");
    let (mut random, mut figures) = (Random(seed), Figures::default());
    while kills > 0 {
        let now = kills.min(KILLS_OF_ONE_FOLDER);
        kill(now, &mut random, &mut figures);
        kills -= now;
    }
    figures.tell(seed, began);
}

/// A folder in which the first talkers have accounts.
fn peopled() -> Folder {
    let folder = Folder::new();
    let words = format!("{PASSWORD}\n");
    for number in 0..ACCOUNTS {
        let name = format!("talker{number}");
        let (code, why) = errand(&folder, &words, &["account", "add", &name]);
        assert_eq!(code, Some(0), "{why}");
    }
    folder
}

/// So many kills, in a folder of its own.
fn kill(kills: u64, random: &mut Random, figures: &mut Figures) {
    let folder = peopled();
    let mut program = started_in(&folder, CONFIG, &[]);
    let stage = Stage::default();
    stage.address.lock().unwrap().clone_from(&program.address);
    let talk = random.below(u64::MAX);
    let told = with_talkers(&stage, talk, |drill| {
        for _ in 0..kills {
            drill.go_on(Duration::from_millis(random.below(LIFE_MS)));
            program.is_calm();
            program.is_killed();
            while random.below(STILLBORN) == 0 {
                stillborn(&folder, drill, random);
                figures.unborn += 1;
            }
            is_whole(&folder);
            let restarted = Instant::now();
            program = started_in(&folder, CONFIG, &[]);
            figures.slowest = figures.slowest.max(restarted.elapsed());
            stage.address.lock().unwrap().clone_from(&program.address);
            drill.judge(&program);
            figures.kills += 1;
        }
        drill.end(program, &folder);
    });
    figures.add(&folder, &told);
}

#[test]
fn nothing_confirmed_is_lost_and_nothing_doubled_when_links_are_cut() {
    let cuts = number("PARLOR_DRILL_KILLS").map_or(100, |kills| kills * 10);
    let (seed, began, folder) = (seed(), Instant::now(), peopled());
    println!("seed {seed}");
    let program = started_in(&folder, CONFIG, &[]);
    let stage = Stage {
        cuts: 10,
        ..Stage::default()
    };
    stage.address.lock().unwrap().clone_from(&program.address);
    let told = with_talkers(&stage, seed, |drill| {
        let lost = |drill: &Drill<'_>| {
            let told = drill.told.iter();
            told.map(|told| told.lock().unwrap().links_lost)
                .sum::<u64>()
        };
        while lost(drill) < cuts {
            drill.go_on(Duration::from_millis(100));
            drill.judge(&program);
        }
        drill.end(program, &folder);
    });
    let mut figures = Figures::default();
    figures.add(&folder, &told);
    figures.tell(seed, began);
}
