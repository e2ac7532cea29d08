//! What the operator reads, with and without the words.

use std::sync::mpsc;

use server_core::storage::{Entry, EntryKind, EntryLine};

use super::*;

/// A log that hands on what is written.
struct Read(mpsc::Sender<Vec<u8>>);

impl Write for Read {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let _ = self.0.send(bytes.to_vec());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn written(transcript: bool, records: &[Record]) -> String {
    written_as(LogFormat::Text, transcript, records)
}

fn written_as(format: LogFormat, transcript: bool, records: &[Record]) -> String {
    let (tx, rx) = mpsc::channel();
    let paper = Paper::start(Read(tx)).unwrap();
    let mut journal = Journal::new(Some(paper.clone()), transcript, format);
    for record in records {
        journal.note(record);
    }
    journal.end_batch();
    paper.finish();
    String::from_utf8(rx.try_iter().flatten().collect()).unwrap()
}

fn spoke() -> Record {
    Record::Spoke(Arc::new(Entry {
        id: "1".into(),
        own_id: None,
        time: Stamp(0),
        kind: EntryKind::Privmsg,
        source: "USER61014!u@host".into(),
        account: None,
        bot: false,
        target: "#lobby".into(),
        client_tags: "".into(),
        lines: vec![EntryLine {
            text: "Hi \u{1b}[2JGuys!!!".into(),
            concat: false,
        }],
        event: "".into(),
    }))
}

#[test]
fn a_transcript_has_the_words_as_they_were_said() {
    assert_eq!(written(true, &[spoke()]), "USER61014: Hi [2JGuys!!!\n");
}

#[test]
fn without_a_transcript_no_word_is_written() {
    let left = Record::Left {
        nick: "ada".to_owned(),
        reason: "Quit: my secret".to_owned(),
    };
    let text = written(false, &[spoke(), left]);
    let lines: Vec<&str> = text
        .lines()
        .map(|line| line.split_once(' ').unwrap().1)
        .collect();
    assert_eq!(lines, ["USER61014 spoke in #lobby", "ada left: quit"]);
}

#[test]
fn programs_read_an_object_a_line_and_words_only_in_a_transcript() {
    let left = Record::Left {
        nick: "ada".to_owned(),
        reason: "Quit: my secret".to_owned(),
    };
    for (transcript, words) in [(false, None), (true, Some("Hi \u{1b}[2JGuys!!!"))] {
        let text = written_as(LogFormat::Json, transcript, &[spoke(), left.clone()]);
        assert!(!text.contains(['\u{1b}', '\r']), "{text:?}");
        let lines: Vec<serde_json::Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0]["event"], "spoke");
        assert_eq!(lines[0]["target"], "#lobby");
        assert_eq!(
            lines[0].get("message").and_then(|text| text.as_str()),
            words
        );
        assert_eq!(lines[1]["event"], "left");
        assert_eq!(lines[1]["nick"], "ada");
        assert_eq!(lines[1]["reason"], "quit");
    }
}

#[test]
fn programs_can_tell_what_went_wrong_from_what_was_done() {
    let told = [
        Record::Notice("read again".to_owned()),
        Record::Trouble("not read".to_owned()),
    ];
    let json = written_as(LogFormat::Json, false, &told);
    let levels: Vec<bool> = json.lines().map(|line| line.contains("\"WARN\"")).collect();
    assert_eq!(levels, [false, true], "{json}");
    assert!(written(false, &told).contains("trouble: not read"));
}

#[test]
fn a_batch_goes_to_paper_at_its_end() {
    let (tx, rx) = mpsc::channel();
    let paper = Paper::start(Read(tx)).unwrap();
    let mut journal = Journal::new(Some(paper.clone()), true, LogFormat::Text);
    journal.note(&spoke());
    journal.note(&spoke());
    assert!(paper.shared.lock().bytes.is_empty());
    drop(journal);
    paper.finish();
    let bytes: Vec<u8> = rx.try_iter().flatten().collect();
    assert_eq!(memchr::memchr_iter(b'\n', &bytes).count(), 2);
}

#[test]
fn every_line_that_is_left_out_is_counted() {
    let (tx, rx) = mpsc::channel();
    let paper = Paper::start(Read(tx)).unwrap();
    paper.shared.lock().bytes = vec![b'x'; WAITING_BYTES_MAX];
    paper.add(b"one\ntwo\n");
    paper.finish();
    let bytes: Vec<u8> = rx.try_iter().flatten().collect();
    let text = String::from_utf8(bytes).unwrap();
    assert!(
        text.contains("(2 lines left out"),
        "{:?}",
        text.lines().last()
    );
}
