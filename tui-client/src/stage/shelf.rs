//! For tests: the local store of a run, in memory.
//! It must never answer otherwise than the thread that keeps the real one.

use rusqlite::Connection;

use crate::store::places::{self, Places};
use crate::store::schema;
use crate::store::thread::answer;
use crate::store::{Reply, Request};

/// A local store that answers at once, and outlives the runs of a test.
pub(crate) struct Shelf {
    db: Connection,
    places: Places,
    /// Whether its answers wait.
    pub(crate) is_slow: bool,
    pub(super) late: Vec<Reply>,
}

impl Shelf {
    pub(crate) fn new() -> Self {
        Self {
            db: schema::in_memory(),
            places: Places::default(),
            is_slow: false,
            late: Vec::new(),
        }
    }

    /// Everything with this word that is kept as text: what was said, and what we wrote it as.
    pub(crate) fn kept_words(&self, word: &str) -> Vec<String> {
        let sql = "SELECT text FROM said UNION ALL SELECT text FROM wrote";
        let mut select = self.db.prepare(sql).unwrap();
        let rows = select.query_map([], |row| row.get::<_, String>(0)).unwrap();
        let all = rows.map(Result::unwrap);
        all.filter(|text| text.contains(word)).collect()
    }

    /// Everything that is kept as said, in order.
    pub(crate) fn said(&self) -> Vec<String> {
        let sql = "SELECT text FROM said ORDER BY spot";
        let mut select = self.db.prepare(sql).unwrap();
        let rows = select.query_map([], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    }

    pub(crate) fn opened(&self) -> Reply {
        let pairs = |sql| places::pairs(&self.db, sql).unwrap();
        Reply::Opened {
            ignored: pairs("SELECT network, nick FROM ignored"),
            settings: pairs("SELECT name, value FROM setting"),
            heard: places::heard(&self.db).unwrap(),
            word: None,
        }
    }

    pub(super) fn ask(&mut self, request: Request) -> Option<Reply> {
        let reply = answer(&self.db, &mut self.places, request).unwrap();
        self.places.write(&self.db).unwrap();
        if self.is_slow {
            self.late.extend(reply);
            return None;
        }
        reply
    }
}
