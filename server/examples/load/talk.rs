//! Who speaks, and when. It never says more than a server is to take.

use std::fmt::Write as _;
use std::rc::Rc;
use std::time::Duration;

use crate::Failure;
use crate::board::Board;
use crate::crowd::{self, Crowd, Mouth};
use crate::scene::{Scene, Tempo};

/// Bytes of what is said.
const SIZE: usize = 100;

/// One who speaks.
struct Sender {
    number: usize,
    mouth: Mouth,
    rooms: Vec<usize>,
    board: Rc<Board>,
    quota: usize,
}

/// Has everything said, and waits until all have heard it.
pub async fn talk(scene: &Scene, crowd: &mut Crowd, expected: u64) -> Result<(), Failure> {
    for number in 0..scene.senders {
        let member = crowd.member_of(number);
        let Some(mouth) = crowd.mouths.get(member) else {
            continue;
        };
        let sender = Sender {
            number,
            mouth: Rc::clone(mouth),
            rooms: crowd.rooms_of(member),
            board: Rc::clone(&crowd.board),
            quota: scene.messages / scene.senders
                + usize::from(number < scene.messages % scene.senders),
        };
        match scene.tempo {
            Tempo::Window(window) => drop(tokio::task::spawn_local(sender.within(window))),
            Tempo::Rate(rate) => {
                // They do not all speak in the same moment.
                let share = u32::try_from(number)? * 1000 / rate / u32::try_from(scene.senders)?;
                let first = Duration::from_millis(u64::from(share));
                drop(tokio::task::spawn_local(sender.at(rate, first)));
            }
        }
    }
    let all = |board: &Board| board.heard.get() >= expected || board.lost.get() > 0;
    crowd.board.until("all have heard all", all).await
}

impl Sender {
    /// Speaks whenever less than a window is on the way.
    async fn within(self, window: usize) {
        let mut said = 0;
        while let Some(seen) = self.board.seen.get(self.number)
            && said < self.quota
        {
            let free = window.saturating_sub(said - seen.count.get().min(said));
            if free == 0 {
                seen.more.notified().await;
                continue;
            }
            let count = free.min(self.quota - said);
            if self.say(said, count).await.is_err() {
                return;
            }
            said += count;
        }
    }

    /// Speaks so often a second.
    async fn at(self, rate: u32, first: Duration) {
        let start = tokio::time::Instant::now() + first;
        let mut beat = tokio::time::interval_at(start, Duration::from_secs(1) / rate);
        for said in 0..self.quota {
            beat.tick().await;
            if self.say(said, 1).await.is_err() {
                return;
            }
        }
    }

    async fn say(&self, said: usize, count: usize) -> std::io::Result<()> {
        let mut lines = String::with_capacity(count * (SIZE + 32));
        let now = self.board.start.elapsed().as_micros();
        for place in said..said + count {
            let room = self
                .rooms
                .get(place % self.rooms.len().max(1))
                .unwrap_or(&0);
            let words = format!("load {} {now} ", self.number);
            // Writing to a string cannot fail.
            let _ = write!(lines, "PRIVMSG #r{room} :{words:x<SIZE$}\r\n");
        }
        crowd::say(&self.mouth, lines.as_bytes()).await
    }
}
