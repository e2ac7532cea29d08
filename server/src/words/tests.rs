//! Tests of the words of a search.

use super::*;

#[test]
fn words_are_letters_and_digits() {
    assert_eq!(words("Hello, wörld-2!"), ["hello", "world", "2"]);
    assert_eq!(words("世界 abc界"), ["世", "界", "abc", "界"]);
    assert!(words(" ;-) ").is_empty());
}

#[test]
fn pieces_of_a_search() {
    let piece = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
    assert_eq!(
        pieces("a foo-bar"),
        Some(vec![piece(&["a"]), piece(&["foo", "bar"])])
    );
    assert_eq!(
        pieces("\"a b\" c"),
        Some(vec![piece(&["a", "b"]), piece(&["c"])])
    );
    assert_eq!(pieces("  "), Some(Vec::new()));
    assert_eq!(pieces("!?"), None);
    assert_eq!(
        pieces(&"x ".repeat(100)).map(|pieces| pieces.len()),
        Some(PIECES_MAX)
    );
}

#[test]
fn cut_lines_are_whole_in_the_index() {
    let line = |text: &str, concat| EntryLine {
        text: text.into(),
        concat,
    };
    let lines = [line("one", false), line("two", false), line("three", true)];
    assert_eq!(words(&indexed(&lines)), ["one", "twothree"]);
}
