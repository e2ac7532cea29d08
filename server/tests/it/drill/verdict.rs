//! What the log of each room says, as somebody reads it who comes in, and whether it is what the talkers were told. It
//! never takes part in the talk.

use std::collections::{HashMap, HashSet};

use super::talker::{ROOMS, Told, parse};
use crate::world::{Folder, Person};

/// Messages asked for at once.
const PAGE: usize = 1000;

/// What the logs said so far.
#[derive(Default)]
pub(super) struct Verdict {
    /// The ids in each room's log, in order.
    logs: [Vec<String>; 2],
    /// The room of each id, and its place there.
    places: HashMap<String, (usize, usize)>,
    /// The id of each text.
    texts: HashMap<String, String>,
    /// Of each talker: how many confirmed and how many heard messages are judged, and the last place in each room.
    judged: Vec<(usize, usize, [Option<usize>; 2])>,
}

impl Verdict {
    /// Reads on in both logs. Whatever is there twice ends the drill.
    pub(super) fn read_on(&mut self, reader: &mut Person) {
        for room in 0..ROOMS.len() {
            let mut last = self.logs[room].last().cloned();
            loop {
                let page = page(reader, room, last.as_deref());
                for (id, text) in &page {
                    let place = (room, self.logs[room].len());
                    let before = self.places.insert(id.clone(), place);
                    assert_eq!(before, None, "{id} is in the log twice: {text}");
                    let before = self.texts.insert(text.clone(), id.clone());
                    assert_eq!(
                        before, None,
                        "stored twice, the second time as {id}: {text}"
                    );
                    self.logs[room].push(id.clone());
                }
                if page.len() < PAGE {
                    break;
                }
                last = page.last().map(|(id, _)| id.clone());
            }
        }
    }

    /// How much each talker has been told by now: what must be in the log when it is read after this.
    pub(super) fn so_far(talkers: &[std::sync::Mutex<Told>]) -> Vec<(usize, usize)> {
        let lengths = |told: &std::sync::Mutex<Told>| {
            let told = told.lock().unwrap();
            (told.confirmed.len(), told.heard.len())
        };
        talkers.iter().map(lengths).collect()
    }

    /// Judges what the talkers had been told, up to there.
    pub(super) fn judge(&mut self, talkers: &[std::sync::Mutex<Told>], so_far: &[(usize, usize)]) {
        self.judged.resize(talkers.len(), (0, 0, [None; 2]));
        for ((told, judged), (confirmed, heard)) in talkers.iter().zip(&mut self.judged).zip(so_far)
        {
            let told = told.lock().unwrap();
            for (text, id) in &told.confirmed[judged.0..*confirmed] {
                let kept = self.texts.get(text);
                assert_eq!(kept, Some(id), "confirmed, and not so in the log: {text}");
            }
            for (room, id) in &told.heard[judged.1..*heard] {
                let place = self.places.get(id);
                let (where_kept, place) = *place.expect("heard, and not in the log");
                assert_eq!(where_kept, *room);
                let last = judged.2[*room].replace(place);
                assert!(last < Some(place), "heard in another order than the log's");
            }
            (judged.0, judged.1) = (*confirmed, *heard);
        }
    }

    /// At the end: what was said is there, what is there was said, each talker's words stand in their order, and the
    /// log read from its beginning is what was read bit by bit.
    pub(super) fn judge_whole(&self, talkers: &[std::sync::Mutex<Told>], reader: &mut Person) {
        let mut said = HashSet::new();
        for told in talkers {
            let told = told.lock().unwrap();
            let mut last = [None; 2];
            for text in &told.said {
                let id = self
                    .texts
                    .get(text)
                    .expect("said and confirmed, but not there");
                let (room, place) = self.places[id];
                assert!(
                    last[room] < Some(place),
                    "out of its talker's order: {text}"
                );
                last[room] = Some(place);
                said.insert(text.clone());
            }
            assert_eq!(told.said.len(), told.confirmed.len());
        }
        assert_eq!(said.len(), self.texts.len(), "nobody said some of it");
        let mut whole = Self::default();
        whole.read_on(reader);
        assert_eq!(whole.logs, self.logs);
    }

    /// Messages in the logs.
    pub(super) fn stored(&self) -> usize {
        self.texts.len()
    }
}

/// Private messages are read by nobody but their two people, and a guest's by nobody once the guest is gone: what is kept
/// of them is read out of the database.
///
/// Each is there once, what was confirmed and what was read is there, and what was refused is not. `told` is what the
/// talkers had been told before this.
pub(super) fn judge_private(folder: &Folder, talkers: &[Told]) -> usize {
    let file = folder.0.join(server::database::FILE_NAME);
    let database = server::database::open_to_read(&file).unwrap();
    let mut select = database
        .prepare("SELECT id, words FROM entry JOIN log USING (log) WHERE person IS NOT NULL")
        .unwrap();
    let rows = select.query_map((), |row| {
        Ok((row.get::<_, String>(1)?, row.get::<_, String>(0)?))
    });
    let mut texts = HashMap::new();
    for row in rows.unwrap() {
        let (words, id) = row.unwrap();
        let text = words.trim_start_matches('\n').to_owned();
        let before = texts.insert(text.clone(), id);
        assert_eq!(before, None, "said in private twice: {text}");
    }
    let ids: HashSet<&String> = texts.values().collect();
    for told in talkers {
        for (text, id) in &told.private {
            assert_eq!(
                texts.get(text),
                Some(id),
                "confirmed, and not kept so: {text}"
            );
        }
        for id in &told.whispered {
            assert!(ids.contains(id), "read, and not kept: {id}");
        }
        for text in &told.refused {
            assert!(!texts.contains_key(text), "refused, and kept: {text}");
        }
    }
    texts.len()
}

/// Somebody who only reads.
pub(super) fn reader(address: &str) -> Person {
    let mut reader = Person::new(std::net::TcpStream::connect(address).unwrap());
    reader.register("reader");
    reader.say("CAP REQ :message-tags server-time batch draft/chathistory");
    reader.reads(" ACK ");
    for room in ROOMS {
        reader.say(&format!("JOIN {room}"));
        reader.reads(" 366 ");
    }
    reader
}

/// The next messages of a log: ids and texts.
fn page(reader: &mut Person, room: usize, last: Option<&str>) -> Vec<(String, String)> {
    let name = ROOMS[room];
    let mark = last.map_or_else(
        || "timestamp=1970-01-01T00:00:00.000Z".to_owned(),
        |id| format!("msgid={id}"),
    );
    reader.say(&format!("CHATHISTORY AFTER {name} {mark} {PAGE}"));
    let opening = reader.reads(" chathistory ");
    let (_, batch) = opening.split_once("BATCH +").unwrap();
    let batch = batch.split(' ').next().unwrap().to_owned();
    let end = format!("BATCH -{batch}");
    let mut page = Vec::new();
    loop {
        let line = reader.line().expect("the server ended while it was read");
        if line.contains(&end) {
            return page;
        }
        if let Some(said) = parse(&line).filter(|said| said.batch == batch) {
            assert_eq!(said.room, Some(room));
            page.push((said.id.to_owned(), said.text.to_owned()));
        }
    }
}
