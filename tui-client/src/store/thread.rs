//! The one thread that owns the store: takes requests in order, commits them in groups, answers questions.
//! It must never wake without a request, nor hold up whoever asks.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout_at};

use crate::store::block::Block;
use crate::store::places::Places;
use crate::store::schema::{self, FILE_NAME, Opened};
use crate::store::sweep::{self, Limits};
use crate::store::{Kept, Page, Place, Reply, Request, log, past, places, words};

/// How long what is only to be kept waits for more, to be committed together: what a crash may take.
const GATHER: Duration = Duration::from_millis(200);
/// Requests that are only to be kept, of one commit; and no commit follows another sooner than `GATHER`.
const GROUP_MAX: usize = 1024;
/// Messages of one commit that become rows at once; where more were heard, all become blocks, which cost a tenth, until
/// somebody looks at them.
const ROWS_MAX: u32 = 256;
/// Bytes of messages that are committed without waiting for more, so that they do not pile up in memory.
const GROUP_BYTES_MAX: usize = 256 * 1024;
/// Answers that may wait for the screen.
const REPLIES_MAX: usize = 64;
/// Groups that may wait for the store; see `queue` for what happens then.
const GROUPS_MAX: usize = 2;
/// Bytes of the thread's stack: SQLite needs little.
const STACK_BYTES: usize = 512 * 1024;

/// The ends of the store: groups of requests go in, answers come out.
pub type Ends = (mpsc::Sender<Vec<Order>>, mpsc::Receiver<Reply>);

/// What the thread is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// Do this.
    Do(Request),
    /// Keep what was heard.
    Take(Block),
}

/// How much less of a processor we take than the screen while both want it: about a quarter of what it has.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 6;

impl Order {
    fn is_question(&self) -> bool {
        matches!(self, Self::Do(request) if request.is_question())
    }
}

/// Starts the thread on a data folder. It ends when nobody can ask any more, and everything is written.
///
/// # Errors
/// When the system gives no thread.
pub fn start(folder: &Path, limits: Limits) -> io::Result<Ends> {
    let (requests, asked) = mpsc::channel(GROUPS_MAX);
    let (told, replies) = mpsc::channel(REPLIES_MAX);
    let folder = folder.to_owned();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()?;
    std::thread::Builder::new()
        .name("store".to_owned())
        .stack_size(STACK_BYTES)
        .spawn(move || {
            step_back();
            runtime.block_on(run(&folder, limits, asked, told));
        })?;
    Ok((requests, replies))
}

/// Lets the screen go first where both want one processor: in a flood a key would wait while we write.
/// Only Linux has this for a thread; elsewhere it would be the whole program that steps back.
fn step_back() {
    #[cfg(target_os = "linux")]
    // Without it everything works, a little less evenly.
    let _ = rustix::process::nice(NICENESS);
}

async fn run(
    folder: &Path,
    limits: Limits,
    asked: mpsc::Receiver<Vec<Order>>,
    told: mpsc::Sender<Reply>,
) {
    let opened = schema::open(folder);
    let kept = match opened {
        Ok(opened) => keep(folder.join(FILE_NAME), limits, opened, asked, &told).await,
        Err(why) => Err(why),
    };
    if let Err(why) = kept {
        // Nobody is left to be told.
        let _ = told.send(Reply::Failed(why)).await;
    }
}

async fn keep(
    path: PathBuf,
    limits: Limits,
    opened: Opened,
    mut asked: mpsc::Receiver<Vec<Order>>,
    told: &mpsc::Sender<Reply>,
) -> Result<(), String> {
    let Opened {
        connection,
        word,
        lock,
    } = opened;
    let mut store = Store {
        connection,
        places: Places::default(),
        limits,
    };
    let done = store.serve(&mut asked, told, word).await;
    drop(store);
    let done = done.map_err(|error| {
        if schema::is_damage(&error) {
            // Told either way; at the next start there is nothing, or it is found out again.
            drop(schema::set_aside(&path));
        }
        schema::failed(&path, &error)
    });
    drop(lock);
    done
}

/// An open store.
struct Store {
    connection: Connection,
    places: Places,
    limits: Limits,
}

impl Store {
    async fn serve(
        &mut self,
        asked: &mut mpsc::Receiver<Vec<Order>>,
        told: &mpsc::Sender<Reply>,
        word: Option<String>,
    ) -> rusqlite::Result<()> {
        let db = &self.connection;
        let opened = Reply::Opened {
            ignored: places::pairs(db, "SELECT network, nick FROM ignored")?,
            settings: places::pairs(db, "SELECT name, value FROM setting")?,
            heard: places::heard(db)?,
            word,
        };
        let mut is_heard = told.send(opened).await.is_ok();
        while let Some(group) = gather(asked).await {
            for reply in self.commit(group)? {
                is_heard = is_heard && told.send(reply).await.is_ok();
            }
            self.sweep(asked)?;
        }
        Ok(())
    }

    /// Does everything in a group, or nothing.
    fn commit(&mut self, group: Vec<Order>) -> rusqlite::Result<Vec<Reply>> {
        let behavior = TransactionBehavior::Immediate;
        let transaction = self.connection.transaction_with_behavior(behavior)?;
        let (db, places) = (&transaction, &mut self.places);
        let heard: u32 = group.iter().map(heard).sum();
        let keep = if heard > ROWS_MAX {
            log::flooded
        } else {
            log::heard
        };
        let mut replies = Vec::new();
        let mut blocks = Vec::new();
        for order in group {
            match order {
                Order::Take(block) => gathered(&mut blocks, block),
                Order::Do(request) => {
                    for block in std::mem::take(&mut blocks) {
                        keep(db, places, &block)?;
                    }
                    replies.extend(answer(db, places, request)?);
                }
            }
        }
        for block in blocks {
            keep(db, places, &block)?;
        }
        self.places.write(&transaction)?;
        transaction.commit()?;
        Ok(replies)
    }

    /// Takes out what is too much, until somebody asks something.
    fn sweep(&mut self, asked: &mpsc::Receiver<Vec<Order>>) -> rusqlite::Result<()> {
        loop {
            let transaction = self.connection.transaction()?;
            let gone = sweep::step(&transaction, &mut self.places, self.limits)?;
            self.places.write(&transaction)?;
            transaction.commit()?;
            if gone == 0 {
                return Ok(());
            }
            self.places.forget();
            if !asked.is_empty() {
                return Ok(());
            }
        }
    }
}

/// The next group: everything that waits, and what comes soon unless somebody waits for an answer.
async fn gather(asked: &mut mpsc::Receiver<Vec<Order>>) -> Option<Vec<Order>> {
    let mut group = asked.recv().await?;
    let until = Instant::now() + GATHER;
    while !group.iter().any(Order::is_question) {
        let bytes: usize = group.iter().map(bytes).sum();
        if bytes >= GROUP_BYTES_MAX {
            break;
        }
        if group.len() >= GROUP_MAX {
            sleep_until(until).await;
            break;
        }
        match timeout_at(until, asked.recv()).await {
            Ok(Some(more)) => group.extend(more),
            // Time is over, or nobody asks any more.
            Ok(None) | Err(_) => break,
        }
    }
    Some(group)
}

/// Adds a block to those of one commit; what follows in the same place goes into one, as far as it fits.
fn gathered(blocks: &mut Vec<Block>, block: Block) {
    let last = blocks.iter_mut().rev().find(|one| one.place == block.place);
    match last.filter(|last| !last.is_full()) {
        Some(last) => last.append(&block),
        None => blocks.push(block),
    }
}

fn heard(order: &Order) -> u32 {
    match order {
        Order::Take(block) => block.count,
        Order::Do(_) => 0,
    }
}

fn bytes(order: &Order) -> usize {
    match order {
        Order::Take(block) => block.bytes.len(),
        Order::Do(_) => 0,
    }
}

/// Does what a request asks; the answer, if it is a question.
pub(crate) fn answer(
    db: &Connection,
    places: &mut Places,
    request: Request,
) -> rusqlite::Result<Option<Reply>> {
    let reply = match request {
        Request::Recall(window, place) => match places.find(db, &place)? {
            Some(known) => {
                let page = past::latest(db, places, known.id, &place.name)?;
                Reply::Recalled(window, places::kept(db, known.id)?, page)
            }
            None => Reply::Recalled(window, Kept::default(), nothing()),
        },
        Request::Past(window, place, span) => match places.find(db, &place)? {
            Some(known) => {
                let page = past::span(db, places, known.id, &place.name, &span)?;
                Reply::Past(window, span, page)
            }
            None => Reply::Past(window, span, nothing()),
        },
        Request::Spot {
            window,
            place,
            text,
            before,
        } => {
            let found = match places.find(db, &place)? {
                Some(known) => past::spot(db, known.id, &text, before)?,
                None => None,
            };
            Reply::Spotted {
                window,
                text,
                found,
            }
        }
        Request::Parent(window, place, msgid) => {
            let found = match places.find(db, &place)? {
                Some(known) => past::one(db, places, (known.id, &place.name), &msgid)?,
                None => None,
            };
            Reply::Parent(window, msgid, found.map(Box::new))
        }
        Request::Search(text, before) => {
            let found = words::search(db, &text, before)?;
            Reply::Found(text, found)
        }
        request => return write(db, places, request).map(|()| None),
    };
    Ok(Some(reply))
}

fn nothing() -> Page {
    Page {
        is_end: true,
        ..Page::default()
    }
}

fn write(db: &Connection, places: &mut Places, request: Request) -> rusqlite::Result<()> {
    let mut id = |place: &Place| places.open(db, place).map(|known| known.id);
    match request {
        Request::Heard { network, message } => {
            let place = Place {
                network: network.as_ref().to_owned(),
                name: message.target.clone(),
            };
            log::said(db, places, &place, &[message], false)
        }
        Request::Said {
            place,
            messages,
            is_before,
        } => log::said(db, places, &place, &messages, is_before),
        Request::Unsaid(place, message) => log::unsaid(db, places, &place, &message),
        Request::Gap(place, gap) => log::gap(db, id(&place)?, &gap),
        Request::NoGap(place, since, until) => log::no_gap(db, id(&place)?, (since, until)),
        Request::Fill(place, first, last) => log::fill(db, id(&place)?, (first, last)),
        Request::Reacted {
            place,
            msgid,
            nick,
            reaction,
            is_given,
        } => {
            let id = id(&place)?;
            log::reacted(db, places, id, &msgid, (&nick, &reaction), is_given)
        }
        Request::TakenBack { place, msgid, text } => match places.find(db, &place)? {
            Some(known) => log::taken_back(db, places, known.id, &msgid, &text),
            None => Ok(()),
        },
        Request::Draft(place, text) => places::draft(db, id(&place)?, &text),
        Request::Level(place, level) => places::level(db, id(&place)?, level),
        Request::Read(place, at) => places::read(db, id(&place)?, at),
        Request::Wrote(place, text) => places::wrote(db, id(&place)?, &text),
        Request::Ignored {
            network,
            nick,
            is_ignored,
        } => places::ignore(db, &network, &nick, is_ignored),
        Request::Setting(name, value) => places::set(db, &name, &value),
        Request::Renamed(place, to) => places.rename(db, &place, &to),
        Request::Forget(place) => {
            let id = id(&place)?;
            places.write(db)?;
            places.forget();
            sweep::empty(db, id)
        }
        // Answered above.
        Request::Recall(..)
        | Request::Past(..)
        | Request::Parent(..)
        | Request::Spot { .. }
        | Request::Search(..) => Ok(()),
    }
}
