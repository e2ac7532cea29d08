//! Editing a line: every action that moves the cursor, writes or cuts.
//! It must never know which line it is, nor send anything.

use std::ops::Range;

use crate::action::Action;
use crate::editor::Editor;
use crate::model::kills::{Kills, Side, Yanked};

/// Does what the action says; false if it is no action of editing.
pub fn run(action: Action, editor: &mut Editor, kills: &mut Kills) -> bool {
    let yanked = kills.yanked();
    if !is_kill(action) {
        kills.settle();
    }
    match action {
        Action::Left => editor.go(editor.left()),
        Action::Right => editor.go(editor.right()),
        Action::WordLeft => editor.go(editor.word_left()),
        Action::WordRight => editor.go(editor.word_right()),
        Action::LineStart => editor.go(editor.line_start()),
        Action::LineEnd => editor.go(editor.line_end()),
        Action::DeleteBack => {
            editor.cut(editor.left()..editor.cursor());
        }
        Action::Delete => {
            editor.cut(editor.cursor()..editor.right());
        }
        Action::KillWordBack => {
            kills.push(
                editor.cut(editor.chunk_left()..editor.cursor()),
                Side::Before,
            );
        }
        Action::KillWord => {
            kills.push(
                editor.cut(editor.cursor()..editor.word_right()),
                Side::After,
            );
        }
        Action::KillToStart => {
            kills.push(
                editor.cut(editor.line_start()..editor.cursor()),
                Side::Before,
            );
        }
        Action::KillOrSwitch => kill_to_end(editor, kills),
        Action::Yank => yank(editor, kills, editor.cursor()..editor.cursor(), 0),
        Action::YankPop => {
            if let Some(yanked) = yanked {
                yank(editor, kills, yanked.start..yanked.end, yanked.index + 1);
            }
        }
        Action::Undo => editor.undo(),
        Action::Redo => editor.redo(),
        Action::Newline => editor.insert("\n"),
        _ => return false,
    }
    true
}

/// To the end of the line; at its end, the line end itself.
fn kill_to_end(editor: &mut Editor, kills: &mut Kills) {
    let end = editor.line_end();
    let end = if end == editor.cursor() {
        editor.right()
    } else {
        end
    };
    kills.push(editor.cut(editor.cursor()..end), Side::After);
}

/// Puts a cut in place of this part, in one step.
fn yank(editor: &mut Editor, kills: &mut Kills, range: Range<usize>, index: usize) {
    let Some(text) = kills.nth(index).map(str::to_owned) else {
        return;
    };
    let start = range.start;
    editor.splice(range, &text);
    let end = editor.cursor();
    kills.put_back(Yanked { index, start, end });
}

/// Whether what an action cuts joins what was cut right before.
pub fn is_kill(action: Action) -> bool {
    matches!(
        action,
        Action::KillWordBack | Action::KillWord | Action::KillToStart | Action::KillOrSwitch
    )
}
