//! Puts frames onto the terminal, and rows whose width terminals disagree about so that nothing of them can stray.
//! It must never change what is shown, nor ask the terminal what it would do.
//!
//! Flags, joined families, skin tones, keycaps and emoji by a variation selector are narrower or wider in one terminal
//! than in the next, and tmux has an opinion of its own. What stands behind such a cluster would be shifted, and what
//! is compared with the last frame would stay on the screen. So whenever a row holds one, or held one before, and is
//! another than it was, it is painted whole: blanks below the cluster, the cluster, and the next cell at its own place.

use std::hash::{DefaultHasher, Hash, Hasher};

use ratatui::Terminal;
use ratatui::buffer::{Buffer, Cell, CellWidth};
use ratatui::layout::Position;

use crate::model::Model;
use crate::surface::Surface;
use crate::theme::Theme;
use crate::view;

/// Characters of at most so many bytes are as wide everywhere, but for a few: the first emoji have four.
const AGREED_BYTES_MAX: usize = 3;

/// Cells with their places, in the order in which they are written without a pause.
type Run = Vec<(u16, u16, Cell)>;

/// What has to be remembered from one frame to the next.
#[derive(Debug, Default)]
pub struct Painter {
    cache: view::Cache,
    /// What each row showed, if its width is disputed.
    rows: Vec<Option<u64>>,
}

impl Painter {
    /// The terminal may show anything: nothing of the last frame counts.
    pub fn forget(&mut self) {
        self.rows.clear();
    }

    /// Draws one frame.
    ///
    /// # Errors
    /// When the terminal cannot be written to.
    pub fn frame<B: Surface>(
        &mut self,
        terminal: &mut Terminal<B>,
        model: &Model,
        theme: Theme,
    ) -> Result<(), B::Error> {
        let mut cursor: Option<Position> = None;
        let drawn = terminal.draw(|frame| {
            cursor = view::draw(model, theme, &mut self.cache, frame);
        })?;
        let runs: Vec<Run> = due(&mut self.rows, drawn.buffer)
            .into_iter()
            .flat_map(|y| runs(drawn.buffer, y))
            .collect();
        if runs.is_empty() {
            return Ok(());
        }
        let backend = terminal.backend_mut();
        for run in &runs {
            // The first cell of each call is written at its own place, wherever the terminal believes to be.
            backend.draw(run.iter().map(|(x, y, cell)| (*x, *y, cell)))?;
        }
        cursor.map_or(Ok(()), |cursor| backend.set_cursor_position(cursor))
    }
}

/// The rows that are to be painted whole.
fn due(rows: &mut Vec<Option<u64>>, buffer: &Buffer) -> Vec<u16> {
    let width = usize::from(buffer.area.width).max(1);
    let now: Vec<Option<u64>> = buffer
        .content()
        .chunks(width)
        .map(|row| row.iter().any(is_disputed).then(|| seen(buffer, row)))
        .collect();
    let before = |y: usize| rows.get(y).copied().flatten();
    let due = (0..).zip(now.iter().enumerate());
    let due = due.filter(|(_, (y, row))| before(*y) != **row);
    let due = due.map(|(y, _)| y).collect();
    *rows = now;
    due
}

/// A row in one number. A screen of another size is cleared, and all of it is drawn anew.
fn seen(buffer: &Buffer, row: &[Cell]) -> u64 {
    let mut hasher = DefaultHasher::new();
    buffer.area.hash(&mut hasher);
    row.hash(&mut hasher);
    hasher.finish()
}

/// Whether terminals may disagree about how wide this is.
fn is_disputed(cell: &Cell) -> bool {
    let symbol = cell.symbol();
    !symbol.is_ascii() && (symbol.len() > AGREED_BYTES_MAX || symbol.chars().any(is_odd))
}

/// Whether libraries disagree about a short character: `WezTerm`'s, glibc's and ours were asked about all there are.
/// These are marks with a place of their own (of India and its neighbours), signs before Arabic numbers, trigrams and
/// hexagrams, circled numbers, halves and fillers of Hangul and Katakana.
fn is_odd(char: char) -> bool {
    matches!(char,
        '\u{600}'..='\u{605}' | '\u{6dd}' | '\u{70f}' | '\u{890}'..='\u{8e2}' | '\u{900}'..='\u{dff}'
        | '\u{f00}'..='\u{11ff}' | '\u{1700}'..='\u{1cff}' | '\u{2630}'..='\u{2637}'
        | '\u{268a}'..='\u{268f}' | '\u{2d7f}' | '\u{302e}'..='\u{302f}' | '\u{3164}'
        | '\u{3248}'..='\u{324f}' | '\u{4dc0}'..='\u{4dff}' | '\u{a800}'..='\u{abff}'
        | '\u{d7b0}'..='\u{d7ff}' | '\u{ff9e}'..='\u{ffa0}')
}

/// All cells of a row; a run ends where the terminal may be elsewhere than it should.
fn runs(buffer: &Buffer, y: u16) -> Vec<Run> {
    let mut runs = vec![Run::new()];
    let mut x = 0;
    while let Some(cell) = buffer.cell((x, y)) {
        let cells = cell.cell_width().max(1);
        let is_disputed = is_disputed(cell);
        if let Some(run) = runs.last_mut() {
            if is_disputed {
                let mut blank = cell.clone();
                blank.set_symbol(" ");
                run.extend((x..x + cells).map(|x| (x, y, blank.clone())));
            }
            run.push((x, y, cell.clone()));
        }
        if is_disputed {
            runs.push(Run::new());
        }
        x += cells;
    }
    runs.retain(|run| !run.is_empty());
    runs
}

#[cfg(test)]
mod tests;
