//! Writing, moving and taking back.
//! It must never leave the cursor inside a grapheme.

use proptest::prelude::*;

use super::*;

fn written(text: &str) -> Editor {
    let mut editor = Editor::default();
    editor.insert(text);
    editor
}

#[test]
fn the_cursor_moves_by_grapheme() {
    let mut editor = written("a👩‍🚀e\u{301}");
    editor.go(editor.left());
    assert_eq!(editor.after(), "e\u{301}");
    editor.go(editor.left());
    assert_eq!(editor.before(), "a");
    let cut = editor.cut(editor.cursor()..editor.right());
    assert_eq!(cut, "👩‍🚀");
}

#[test]
fn words_and_chunks() {
    let mut editor = written("see #ops-room, now  ");
    assert_eq!(editor.word_left(), 15);
    assert_eq!(editor.chunk_left(), 15);
    editor.go(0);
    assert_eq!(editor.word_right(), 3);
    editor.go(14);
    assert_eq!(editor.chunk_left(), 4);
    assert_eq!(editor.word_left(), 9);
}

#[test]
fn lines_keep_the_column() {
    let mut editor = written("first line\nab\nthird");
    assert_eq!(editor.below(), None);
    editor.go(5);
    assert_eq!(editor.above(), None);
    assert_eq!(editor.below(), Some(13));
    editor.go(17);
    assert_eq!(editor.above(), Some(13));
    assert_eq!((editor.line_start(), editor.line_end()), (14, 19));
}

#[test]
fn a_word_typed_is_one_step() {
    let mut editor = Editor::default();
    for char in "hi you".chars() {
        editor.insert(&char.to_string());
    }
    editor.undo();
    assert_eq!(editor.text(), "hi ");
    editor.undo();
    editor.undo();
    assert_eq!(editor.text(), "");
    editor.redo();
    assert_eq!(editor.text(), "hi");
}

#[test]
fn a_huge_paste_is_cut() {
    let mut editor = written(&"é".repeat(TEXT_BYTES_MAX));
    assert_eq!(editor.text().len(), TEXT_BYTES_MAX);
    editor.insert("x");
    assert_eq!(editor.text().len(), TEXT_BYTES_MAX);
}

proptest! {
    #[test]
    fn the_cursor_is_always_between_graphemes(
        text in "(\\PC|\n|👩‍🚀|e\u{301}|🇫🇷){0,20}",
        steps in proptest::collection::vec(0_u8..12, 0..30),
    ) {
        let mut editor = written(&text);
        for step in steps {
            match step {
                0 => editor.go(editor.left()),
                1 => editor.go(editor.right()),
                2 => editor.go(editor.word_left()),
                3 => editor.go(editor.word_right()),
                4 => { editor.cut(editor.chunk_left()..editor.cursor()); }
                5 => { editor.cut(editor.cursor()..editor.line_end()); }
                6 => editor.undo(),
                7 => editor.redo(),
                8 => editor.insert("\u{301}"),
                9 => { if let Some(above) = editor.above() { editor.go(above); } }
                10 => { if let Some(below) = editor.below() { editor.go(below); } }
                _ => { editor.cut(editor.left()..editor.cursor()); }
            }
            let cursor = editor.cursor();
            let is_boundary = cursor == editor.text().len()
                || editor.text().grapheme_indices(true).any(|(at, _)| at == cursor);
            prop_assert!(is_boundary, "{cursor} in {:?}", editor.text());
        }
    }
}
