//! What a process has used so far, as Linux tells it. It never measures itself.

use std::fs;
use std::time::{Duration, Instant};

use crate::Failure;

/// What a process has used.
#[derive(Clone, Copy, Debug)]
pub struct Use {
    /// When that was.
    pub at: Instant,
    /// Processor time of all its threads.
    pub processor: Duration,
    /// Bytes in memory.
    pub bytes: u64,
    /// Open files.
    pub files: usize,
}

impl Use {
    /// What it has used until now.
    pub fn of(pid: u32) -> Result<Self, Failure> {
        let mut nanos = 0;
        for thread in fs::read_dir(format!("/proc/{pid}/task"))? {
            // A thread that has just ended has no figures.
            let figures = fs::read_to_string(thread?.path().join("schedstat")).unwrap_or_default();
            let ran = figures.split(' ').next().unwrap_or_default();
            nanos += ran.parse().unwrap_or(0);
        }
        let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib: u64 = resident
            .and_then(|text| text.split_whitespace().next())
            .map_or(Ok(0), str::parse)?;
        Ok(Self {
            at: Instant::now(),
            processor: Duration::from_nanos(nanos),
            bytes: kib * 1024,
            files: fs::read_dir(format!("/proc/{pid}/fd"))?.count(),
        })
    }
}
