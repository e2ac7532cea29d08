//! What lines cost: cutting, parsing, writing. `cargo bench -p protocol`. It never measures what a line means.

use divan::counter::ItemsCount;
use divan::{AllocProfiler, Bencher, black_box};
use protocol::frame::Framer;
use protocol::{LineWriter, Message};

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

const PLAIN: &str = "PRIVMSG #lobby :what is said in a room of a few people on a rainy afternoon";
const TAGGED: &str =
    "@label=17;+parlor.chat/id=0123456789abcdef;+typing=done PRIVMSG #lobby :what is said";

/// Lines of one read.
const LINES: usize = 100;

fn main() {
    divan::main();
}

#[divan::bench(args = [PLAIN, TAGGED])]
fn parse(line: &str) -> usize {
    Message::parse(black_box(line)).map_or(0, |message| message.params().len())
}

#[divan::bench]
fn frame_and_parse(bencher: Bencher<'_, '_>) {
    let bytes = format!("{PLAIN}\r\n").repeat(LINES);
    bencher.counter(ItemsCount::new(LINES)).bench_local(|| {
        let mut params = 0;
        Framer::default().feed(black_box(bytes.as_bytes()), |frame| {
            if let protocol::frame::Frame::Line(line) = frame
                && let Ok(text) = std::str::from_utf8(line)
                && let Ok(message) = Message::parse(text)
            {
                params += message.params().len();
            }
        });
        params
    });
}

#[divan::bench]
fn write(bencher: Bencher<'_, '_>) {
    let mut out = Vec::with_capacity(512);
    bencher.bench_local(|| {
        out.clear();
        let mut line = LineWriter::new(&mut out);
        line.tag("time", "2026-01-01T12:00:00.000Z")
            .tag("msgid", "0mb3k2f9q1abc")
            .source("ada!ada@host.example")
            .command("PRIVMSG")
            .param("#lobby")
            .trailing(black_box("what is said in a room of a few people"))
            .end();
        out.len()
    });
}
