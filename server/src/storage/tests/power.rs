//! The loss of power, as it looks from above the disk: what was synced stays, and of what was written since any part may
//! be there. It never believes that a disk keeps an order of its own.
//!
//! After each commit that was confirmed, and after each checkpoint, the database and its write-ahead log are copied. The power then fails on the
//! way from one copy to the next, in the order in which SQLite has the disk sync: the header of a write-ahead log that
//! begins anew; its frames; the pages that a checkpoint copies from it. Of what was written after the last sync each
//! sector (512 bytes) is there or not, or holds anything where the file was shorter before.
//! After each such failure every confirmed message is there, once, nothing that was taken out is back, what was not
//! confirmed is there whole or not at all, and `parlord check` finds nothing.
//!
//! A long one: `PARLOR_DRILL_POWER=100 cargo test -p server --lib power -- --nocapture`.

use super::*;
use crate::database::check::check;
use crate::database::open_to_write;
use crate::storage::sqlite::writer::Writer;

/// What a disk writes whole.
const SECTOR: usize = 512;
/// The header of a write-ahead log.
const HEADER: usize = 32;
/// Pages after which a checkpoint is made here: some commits.
const CHECKPOINT: u32 = 40;
/// Commits of one round.
const COMMITS: usize = 60;
/// Failures tried between two commits.
const FAILURES: usize = 3;
/// Every so many requests one takes words out.
const REMOVES: u64 = 9;

/// What the disk had when a commit was confirmed, and what the log then said.
#[derive(Clone, Default)]
struct Synced {
    main: Vec<u8>,
    wal: Vec<u8>,
    ids: Vec<String>,
}

/// Random numbers that a seed repeats (SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound.max(1)).unwrap();
        usize::try_from(self.next() % bound).unwrap()
    }
}

/// Between the old and the new bytes of a file, each sector is one or the other. Behind the old end there may be
/// anything.
fn torn(old: &[u8], new: &[u8], random: &mut Random) -> Vec<u8> {
    let ends = [old.len(), new.len(), old.len().max(random.below(new.len()))];
    let mut bytes = new.to_vec();
    let share = random.below(101);
    for (number, sector) in bytes.chunks_mut(SECTOR).enumerate() {
        if random.below(100) < share {
            continue;
        }
        for (offset, byte) in sector.iter_mut().enumerate() {
            let junk = if share.is_multiple_of(2) {
                0
            } else {
                random.next()
            };
            *byte = match old.get(number * SECTOR + offset) {
                Some(old) => *old,
                None => u8::try_from(junk % 256).unwrap(),
            };
        }
    }
    bytes.truncate(ends[random.below(3)].max(old.len().min(new.len())));
    bytes
}

/// A disk as the power leaves it on the way from one commit to the next, and which of the two it may hold.
fn failed(old: &Synced, new: &Synced, random: &mut Random) -> (Synced, Vec<Vec<String>>) {
    let begins_anew = old.wal.get(..HEADER) != new.wal.get(..HEADER);
    let either = vec![old.ids.clone(), new.ids.clone()];
    let mut disk = old.clone();
    match random.below(3) {
        0 if begins_anew && old.wal.len() >= HEADER => {
            for (byte, new) in disk.wal.iter_mut().zip(&new.wal[..HEADER]) {
                if random.below(2) == 0 {
                    *byte = *new;
                }
            }
            (disk, vec![old.ids.clone()])
        }
        1 if old.main != new.main => {
            disk.wal.clone_from(&new.wal);
            disk.main = torn(&old.main, &new.main, random);
            (disk, vec![new.ids.clone()])
        }
        _ => {
            let header = new.wal.len().min(HEADER);
            let rest = old.wal.get(header..).unwrap_or_default();
            disk.wal = new.wal[..header].to_vec();
            disk.wal.extend(torn(rest, &new.wal[header..], random));
            (disk, either)
        }
    }
}

fn wal_of(folder: &Folder) -> PathBuf {
    let mut name = folder.file().into_os_string();
    name.push("-wal");
    name.into()
}

/// The writer alone, and its file as it is.
struct Bench {
    writer: Writer,
    folder: Folder,
    steps: Vec<Synced>,
    ids: Vec<String>,
}

impl Bench {
    fn new() -> Self {
        let folder = Folder::new();
        let connection = open_to_write(&folder.file(), Durability::Disk).unwrap();
        connection
            .pragma_update(None, "wal_autocheckpoint", CHECKPOINT)
            .unwrap();
        Self {
            writer: Writer::new(connection, Arc::default()).unwrap(),
            folder,
            steps: Vec::new(),
            ids: Vec::new(),
        }
    }

    /// What the disk has been told to keep by now.
    fn synced(&mut self) {
        self.steps.push(Synced {
            main: std::fs::read(self.folder.file()).unwrap(),
            wal: std::fs::read(wal_of(&self.folder)).unwrap(),
            ids: self.ids.clone(),
        });
    }

    /// Commits a batch.
    fn commit(&mut self, batch: Vec<(Ticket, StorageRequest)>) {
        for (ticket, reply) in self.writer.write(&batch) {
            match reply {
                StorageReply::Appended { .. } => self.ids.push(format!("m{}", ticket.0)),
                StorageReply::Removed => {
                    let gone = format!("m{}", ticket.0 - REMOVES / 2);
                    self.ids.retain(|id| *id != gone);
                }
                other => panic!("{other:?}"),
            }
        }
        self.synced();
    }

    /// Settles a slice, which is not synced: what is lost of it is done again. A checkpoint syncs it.
    fn settle(&mut self) {
        self.writer.settle_slice().unwrap();
        let main = std::fs::read(self.folder.file()).unwrap();
        if self.steps.last().is_some_and(|last| last.main != main) {
            self.synced();
        }
    }
}

/// Writes and takes out, and settles now and then; what the disk had after each commit and checkpoint.
fn written(random: &mut Random) -> Vec<Synced> {
    let mut bench = Bench::new();
    let mut ticket = 0;
    while bench.steps.len() < COMMITS {
        let burst = 1 + random.below(12);
        let mut batch = Vec::new();
        for _ in 0..burst {
            ticket += 1;
            let request = if ticket % REMOVES == 0 {
                let id = format!("m{}", ticket - REMOVES / 2).into();
                StorageRequest::Remove { log: room(1), id }
            } else {
                let words = "word ".repeat(random.below(300));
                let entry = Entry {
                    own_id: Some(format!("own{ticket}").into()),
                    ..message(&format!("m{ticket}"), ticket, &words)
                };
                let entry = Arc::new(entry);
                StorageRequest::Append {
                    log: room(1),
                    entry,
                }
            };
            batch.push((Ticket(ticket), request));
        }
        bench.commit(batch);
        if random.below(3) == 0 {
            bench.settle();
        }
    }
    bench.steps
}

#[test]
fn nothing_confirmed_is_lost_with_the_power() {
    let number = |name| std::env::var(name).ok()?.parse::<u64>().ok();
    let rounds = number("PARLOR_DRILL_POWER").unwrap_or(1);
    let seed = number("PARLOR_DRILL_SEED").unwrap_or_else(|| getrandom::u64().unwrap());
    let (mut random, mut failures, mut whole, mut checkpoints) = (Random(seed), 0, 0, 0);
    for _ in 0..rounds {
        let steps = written(&mut random);
        for pair in steps.windows(2) {
            checkpoints += u64::from(pair[0].main != pair[1].main);
            for _ in 0..FAILURES {
                let (disk, expected) = failed(&pair[0], &pair[1], &mut random);
                let folder = Folder::new();
                std::fs::write(folder.file(), &disk.main).unwrap();
                std::fs::write(wal_of(&folder), &disk.wal).unwrap();
                let mut rig = Rig::sqlite_in(folder);
                let found = rig.read(&room(1), Span::Latest, 100_000);
                let found: Vec<String> = found.split_whitespace().map(str::to_owned).collect();
                assert!(
                    expected.contains(&found),
                    "seed {seed}: {found:?}\nis there, and should be one of\n{expected:?}"
                );
                whole += u64::from(found == pair[1].ids);
                failures += 1;
                let findings = check(&rig.end().file(), &mut |_, _| ()).unwrap();
                assert_eq!(findings, Vec::<String>::new(), "seed {seed}");
            }
        }
    }
    assert!(checkpoints > 0, "no checkpoint was made: seed {seed}");
    println!(
        "seed {seed}: the power failed {failures} times around {checkpoints} checkpoints; all that was confirmed was \
         there, and {whole} times what was not"
    );
}

/// What the drill would say of a disk that forgets what it was told to keep.
#[test]
fn a_disk_that_forgets_is_found_out() {
    let steps = written(&mut Random(1));
    let lost = steps.iter().any(|step| {
        let folder = Folder::new();
        std::fs::write(folder.file(), &step.main).unwrap();
        let kept = step.wal.len() / 2;
        std::fs::write(wal_of(&folder), &step.wal[..kept]).unwrap();
        let found = Rig::sqlite_in(folder).read(&room(1), Span::Latest, 100_000);
        found != step.ids.join(" ")
    });
    assert!(lost);
}
