//! Bytes cut into lines, at every place a stream can be cut.

use super::*;
use proptest::prelude::*;

fn lines(framer: &mut Framer, bytes: &[u8]) -> Vec<String> {
    let mut seen = Vec::new();
    framer.feed(bytes, |frame| match frame {
        Frame::Line(line) => seen.push(String::from_utf8_lossy(line).into_owned()),
        Frame::TooLong(start) => seen.push(format!("too long: {} bytes", start.len())),
    });
    seen
}

#[test]
fn every_line_end_ends_a_line_and_empty_ones_are_passed_over() {
    let mut framer = Framer::default();
    assert_eq!(
        lines(&mut framer, b"a\r\nb\nc\rd\r\n\r\n\n e"),
        ["a", "b", "c", "d"]
    );
    assert_eq!(lines(&mut framer, b"f\n"), [" ef"]);
}

#[test]
fn a_line_may_be_510_bytes_behind_its_tags_and_its_tags_4096() {
    let mut framer = Framer::default();
    let body = "x".repeat(510);
    assert_eq!(
        lines(&mut framer, format!("{body}\r\n").as_bytes()),
        std::slice::from_ref(&body)
    );
    assert_eq!(
        lines(&mut framer, format!("{body}y\r\n").as_bytes()),
        ["too long: 511 bytes"]
    );
    let tags = format!("@{} ", "t".repeat(4094));
    assert_eq!(
        lines(&mut framer, format!("{tags}{body}\r\n").as_bytes()),
        [tags.clone() + &body]
    );
    let over = format!("@t{tags}{body}\r\n");
    assert_eq!(lines(&mut framer, over.as_bytes()).len(), 1);
    assert_eq!(lines(&mut framer, b"PING\r\n"), ["PING"]);
}

#[test]
fn a_mebibyte_without_an_end_is_not_kept() {
    let mut framer = Framer::default();
    for _ in 0..1024 {
        assert_eq!(lines(&mut framer, &[b'x'; 1024]), Vec::<String>::new());
    }
    assert!(framer.held_bytes() <= 4608);
    assert_eq!(framer.skipped_bytes(), 1_048_576 - 4608);
    assert_eq!(
        lines(&mut framer, b"\nPING\n"),
        ["too long: 4608 bytes", "PING"]
    );
}

proptest! {
    #[test]
    fn how_bytes_are_cut_up_changes_nothing(
        bytes in prop::collection::vec(prop_oneof![Just(b'\n'), Just(b'\r'), any::<u8>()], 0..300),
        cut in 1..9_usize,
    ) {
        let whole = lines(&mut Framer::default(), &bytes);
        let mut framer = Framer::default();
        let pieces: Vec<String> =
            bytes.chunks(cut).flat_map(|piece| lines(&mut framer, piece)).collect();
        prop_assert_eq!(whole, pieces);
    }
}
