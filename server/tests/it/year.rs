//! What an operator meets in a year, on a disk of its own: one that fills up and gets room again, one that cannot be
//! written, files that are somebody else's. Nothing that was confirmed is lost, and each has its sentence. Whoever may
//! not mount a disk skips the tests, and reads so.

use std::os::unix::fs::chown;
use std::path::Path;
use std::process::Command;

use crate::disk::{ended, member, say_until_refused, start};
use crate::program::{parlord, started_in};
use crate::world::Folder;

/// Somebody who owns nothing.
const NOBODY: u32 = 65_534;

/// A small disk in memory, gone with its owner.
struct Disk(Folder);

impl Disk {
    /// One of some MiB; `None` where none can be mounted, which is said.
    fn of(mib: u32) -> Option<Self> {
        let folder = Folder::new();
        let size = format!("size={mib}m");
        let mount = ["-t", "tmpfs", "-o", &size, "tmpfs"];
        if !is_done(Command::new("mount").args(mount).arg(&folder.0)) {
            let mut said = std::io::stderr();
            let _ = std::io::Write::write_all(&mut said, b"skipped: no disk can be mounted here\n");
            return None;
        }
        Some(Self(folder))
    }

    fn remount(&self, option: &str) {
        let option = format!("remount,{option}");
        let mut mount = Command::new("mount");
        assert!(is_done(mount.args(["-o", &option]).arg(&self.0.0)));
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        is_done(Command::new("umount").args(["-l"]).arg(&self.0.0));
    }
}

fn is_done(command: &mut Command) -> bool {
    let done = command.stderr(std::process::Stdio::null()).status();
    done.is_ok_and(|status| status.success())
}

/// Fills the rest of a disk.
fn fill(folder: &Path) {
    let mut filler = std::fs::File::create(folder.join("filler")).unwrap();
    while std::io::Write::write_all(&mut filler, &[0; 4096]).is_ok() {}
}

fn check(folder: &Path) -> (Option<i32>, String) {
    let data = folder.display().to_string();
    ended(parlord(&["check", "--data", &data]).output())
}

#[test]
fn a_disk_that_fills_up_loses_nothing_that_was_confirmed_and_is_used_again_when_it_has_room() {
    let Some(disk) = Disk::of(12) else { return };
    let folder = &disk.0;
    let mut program = started_in(folder, "", &[]);
    let (mut ada, mut bob) = (member(&program, "ada"), member(&program, "bob"));
    ada.say("PRIVMSG #lobby :before");
    ada.reads("PRIVMSG #lobby :before");
    fill(&folder.0);
    let (stored, refusal) = say_until_refused(&mut ada);
    assert!(refusal.contains("NOT_STORED #lobby :"), "{refusal}");
    assert!(refusal.contains("the server's disk is full"), "{refusal}");
    // It serves on, and takes words again as soon as there is room.
    bob.say("NICK bobby");
    ada.reads("NICK :bobby");
    disk.remount("size=64m");
    ada.say("PRIVMSG #lobby :room again");
    bob.reads("PRIVMSG #lobby :room again");
    ada.reads("PRIVMSG #lobby :room again");
    // Full once more, and killed at that: the next one starts, or says why not.
    fill(&folder.0);
    let (more, _) = say_until_refused(&mut ada);
    program.is_killed();
    let (code, said) = tries(&folder.0);
    assert!(code != Some(1) || said.contains("cannot be used"), "{said}");
    std::fs::remove_file(folder.0.join("filler")).unwrap();
    let mut program = started_in(folder, "", &[]);
    let mut carl = member(&program, "carl");
    carl.say("CHATHISTORY LATEST #lobby * 1000");
    carl.reads("PRIVMSG #lobby :before");
    for count in 0..stored {
        carl.reads(&format!("PRIVMSG #lobby :{count} x"));
    }
    carl.reads("PRIVMSG #lobby :room again");
    for count in 0..more {
        carl.reads(&format!("PRIVMSG #lobby :{count} x"));
    }
    carl.reads("BATCH -");
    assert_eq!(program.ended(), Some(0));
    assert_eq!(check(&folder.0), (Some(0), String::new()));
}

/// Whether a server starts there within some seconds; it is ended then (no exit code).
fn tries(folder: &Path) -> (Option<i32>, String) {
    let data = folder.display().to_string();
    let mut trial = Command::new("timeout");
    trial.args(["--preserve-status", "-s", "KILL", "3"]);
    trial.arg(env!("CARGO_BIN_EXE_parlord"));
    trial.args(["--listen", "127.0.0.1:0", "--data", &data]);
    ended(trial.output())
}

#[test]
fn a_disk_that_may_only_be_read_is_said_so_and_left_as_it_is() {
    let Some(disk) = Disk::of(12) else { return };
    let folder = &disk.0;
    let mut program = started_in(folder, "", &[]);
    let mut ada = member(&program, "ada");
    ada.say("PRIVMSG #lobby :before");
    ada.reads("PRIVMSG #lobby :before");
    assert_eq!(program.ended(), Some(0));
    disk.remount("ro");
    let (code, said) = start(&folder.0);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("cannot be used: "), "{said}");
    disk.remount("rw");
    let program = started_in(folder, "", &[]);
    let mut ada = member(&program, "ada");
    ada.say("CHATHISTORY LATEST #lobby * 1");
    ada.reads("PRIVMSG #lobby :before");
}

/// What it says when it is started by nobody.
fn start_as_nobody(folder: &Path) -> Option<(Option<i32>, String)> {
    let data = folder.display().to_string();
    let nobody = NOBODY.to_string();
    let id = ["--reuid", &nobody, "--regid", &nobody, "--clear-groups"];
    let mut trial = Command::new("setpriv");
    trial.args(id).arg(env!("CARGO_BIN_EXE_parlord"));
    let version = trial.arg("--version").output();
    if !version.is_ok_and(|done| done.status.success()) {
        let mut said = std::io::stderr();
        let _ = std::io::Write::write_all(&mut said, b"skipped: nobody else can be had here\n");
        return None;
    }
    let mut trial = Command::new("timeout");
    trial.args(["-s", "KILL", "10", "setpriv"]).args(id);
    trial.arg(env!("CARGO_BIN_EXE_parlord"));
    trial.args(["--listen", "127.0.0.1:0", "--data", &data]);
    Some(ended(trial.output()))
}

#[test]
fn files_that_are_somebody_elses_are_said_so_by_name() {
    let folder = Folder::new();
    let mut program = started_in(&folder, "", &[]);
    program.person("ada").is_served();
    assert_eq!(program.ended(), Some(0));
    std::fs::set_permissions(
        &folder.0,
        std::os::unix::fs::PermissionsExt::from_mode(0o700),
    )
    .unwrap();
    let Some((code, said)) = start_as_nobody(&folder.0) else {
        return;
    };
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("the data folder cannot be used: "), "{said}");
    // The folder was given away, what is in it was not.
    for path in [folder.0.clone(), folder.0.join("parlor.lock")] {
        chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
    }
    let (code, said) = start_as_nobody(&folder.0).unwrap();
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains(&folder.0.display().to_string()), "{said}");
    assert!(
        said.contains("denied") || said.contains("cannot be opened"),
        "{said}"
    );
}
