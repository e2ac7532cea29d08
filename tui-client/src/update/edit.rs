//! Editing a line: every action that moves the cursor, writes or cuts.
//! It must never know which line it is, nor send anything.

use crate::action::Action;
use crate::editor::Editor;
use crate::model::kills::{Kills, Yanked};

/// Does what the action says; false if it is no action of editing.
pub fn run(action: Action, editor: &mut Editor, kills: &mut Kills) -> bool {
    let yanked = kills.yanked.take();
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
        Action::KillWordBack => kills.push(editor.cut(editor.chunk_left()..editor.cursor())),
        Action::KillWord => kills.push(editor.cut(editor.cursor()..editor.word_right())),
        Action::KillToStart => kills.push(editor.cut(editor.line_start()..editor.cursor())),
        Action::KillOrSwitch => kill_to_end(editor, kills),
        Action::Yank => yank(editor, kills, 0),
        Action::YankPop => {
            if let Some(yanked) = yanked {
                editor.cut(yanked.start..yanked.end);
                yank(editor, kills, yanked.index + 1);
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
    kills.push(editor.cut(editor.cursor()..end));
}

fn yank(editor: &mut Editor, kills: &mut Kills, index: usize) {
    let Some(text) = kills.nth(index).map(str::to_owned) else {
        return;
    };
    let start = editor.cursor();
    editor.insert(&text);
    kills.yanked = Some(Yanked {
        index,
        start,
        end: editor.cursor(),
    });
}
