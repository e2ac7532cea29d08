//! Rows of every script at every width: none too wide, nothing lost.
//! It must never measure otherwise than ratatui draws.

#![expect(
    clippy::string_slice,
    reason = "a cut inside a character fails the test, as it should"
)]

use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::*;

#[track_caller]
fn check(text: &str, width: u16, expected: &[&str]) {
    let found: Vec<&str> = rows(text, width)
        .into_iter()
        .map(|range| &text[range])
        .collect();
    assert_eq!(found, expected, "width {width}");
}

#[test]
fn words_stay_whole() {
    check(
        "the build passed at last",
        10,
        &["the build", "passed at", "last"],
    );
    check("a  b   ", 10, &["a  b"]);
    check("", 10, &[""]);
    check("one\n\ntwo", 10, &["one", "", "two"]);
    check("    indented", 40, &["    indented"]);
}

#[test]
fn a_link_moves_down_before_it_breaks() {
    check(
        "yes, see https://ci.example/42",
        21,
        &["yes, see", "https://ci.example/42"],
    );
    check(
        "see https://ci.example/42",
        10,
        &["see", "https://ci", ".example/4", "2"],
    );
    check(
        "https://ci.example/42 ok",
        12,
        &["https://ci.e", "xample/42 ok"],
    );
}

#[test]
fn wide_text_breaks_between_characters() {
    check("你好世界你好", 5, &["你好", "世界", "你好"]);
    check("你好世界。", 8, &["你好世", "界。"]);
    check("（你好）世界", 6, &["（你", "好）世", "界"]);
    check("nice 世界 ok", 7, &["nice 世", "界 ok"]);
    check("a b", 1, &["a", "b"]);
}

#[test]
fn words_of_joined_letters_stay_whole() {
    check("यह नमस्ते है", 5, &["यह", "नमस्ते", "है"]);
}

#[test]
fn a_cell_is_a_byte_again() {
    let text = "a世b";
    let at = |cells| byte_at(text, &(0..text.len()), cells);
    assert_eq!(
        [at(0), at(1), at(2), at(3), at(4)],
        [Some(0), Some(1), Some(1), Some(4), None]
    );
}

#[test]
fn clusters_are_never_split() {
    check("👩‍🚀👩‍🚀👩‍🚀", 4, &["👩‍🚀👩‍🚀", "👩‍🚀"]);
    check(
        "cafe\u{301} cafe\u{301}",
        4,
        &["cafe\u{301}", "cafe\u{301}"],
    );
    check("❤\u{fe0f}❤\u{fe0f}❤", 4, &["❤\u{fe0f}❤\u{fe0f}", "❤"]);
    check("🇫🇷🇩🇪", 3, &["🇫🇷", "🇩🇪"]);
    check("ｶﾞｶﾞ", 2, &["ｶﾞ", "ｶﾞ"]);
}

/// Pieces that break naive code: joiners, flags, marks, wide and half-wide, odd spaces.
fn soup() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("a".to_owned()),
        Just(" ".to_owned()),
        Just("\n".to_owned()),
        Just("word ".to_owned()),
        Just("世".to_owned()),
        Just("。".to_owned()),
        Just("（".to_owned()),
        Just("👩‍🚀".to_owned()),
        Just("👨‍👩‍👧‍👦".to_owned()),
        Just("🇫🇷".to_owned()),
        Just("❤\u{fe0f}".to_owned()),
        Just("e\u{301}\u{302}".to_owned()),
        Just("\u{301}".to_owned()),
        Just("\u{200d}".to_owned()),
        Just("\u{a0}".to_owned()),
        Just("\u{3000}".to_owned()),
        Just("ｶﾞ".to_owned()),
        Just("https://a.example/b?c=d".to_owned()),
        any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

fn drawn_width(text: &str) -> u16 {
    width::of(text)
}

proptest! {
    #[test]
    fn no_row_is_too_wide_and_nothing_is_lost(text in soup(), width in 1_u16..40) {
        let ranges = rows(&text, width);
        let mut end = 0;
        for range in &ranges {
            let row = &text[range.clone()];
            let is_one_wide_grapheme = row.graphemes(true).filter(|g| width::of_grapheme(g) > 0).count() <= 1;
            prop_assert!(drawn_width(row) <= width || is_one_wide_grapheme, "{row:?}");
            prop_assert!(range.start >= end);
            let skipped = &text[end..range.start];
            prop_assert!(skipped.chars().all(char::is_whitespace), "lost {skipped:?}");
            end = range.end;
        }
        prop_assert!(text[end..].chars().all(char::is_whitespace));
    }

    #[test]
    fn what_is_measured_is_what_is_drawn(text in soup()) {
        let line = crate::sanitise::line(&text);
        let mut terminal = Terminal::new(TestBackend::new(200, 1)).unwrap();
        let mut end = 0;
        terminal.draw(|frame| {
            end = frame.buffer_mut().set_stringn(0, 0, &line, 200, ratatui::style::Style::new()).0;
        }).unwrap();
        if drawn_width(&line) <= 200 {
            prop_assert_eq!(end, drawn_width(&line));
        }
    }
}
