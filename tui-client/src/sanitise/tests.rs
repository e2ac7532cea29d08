//! What is taken out, and what must stay.
//! It must never hold a raw control character in its own source.

use super::*;

#[test]
fn nothing_that_moves_the_cursor_stays() {
    assert_eq!(line("a\u{1b}[31mb\u{7}\u{9b}2J\tc\r\nd"), "a[31mb2J c  d");
    assert_eq!(lines("a\nb\u{0}"), "a\nb");
}

#[test]
fn nothing_that_reorders_stays() {
    assert_eq!(line("user\u{202e}gpj.exe\u{2066}\u{200f}"), "usergpj.exe");
}

#[test]
fn emoji_and_accents_stay() {
    for text in [
        "👩‍🚀",
        "café",
        "cafe\u{301}",
        "❤\u{fe0f}",
        "🏴\u{e0067}\u{e0062}\u{e007f}",
        "世界",
    ] {
        assert_eq!(line(text), text);
    }
}

#[test]
fn names_show_all_they_have() {
    assert_eq!(name("ad\u{200b}a\u{200d} \u{3164}"), "ada");
    assert_eq!(name("\u{200b}"), "?");
}

#[test]
fn a_heap_of_marks_is_cut() {
    let heap = format!("a{}", "\u{301}".repeat(1000));
    assert_eq!(line(&heap).chars().count(), CLUSTER_CHARS_MAX);
}
