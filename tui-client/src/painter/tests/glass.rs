//! A terminal that is told how wide characters are: it understands what we send, and believes what it likes.
//! It must never measure as we do, unless that is what it believes.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// What a terminal believes about widths.
#[derive(Clone, Copy, Debug)]
pub(super) enum Belief {
    /// A cluster is as wide as the tables say, as in kitty and Ghostty.
    Clusters,
    /// Each character for itself; joiners and selectors are nothing, half a flag is one cell.
    Characters,
    /// The same, but half a flag is two cells.
    WideHalves,
    /// Joined characters are one, as in tmux 3.3; selectors change nothing.
    Joined,
    /// A cluster is as wide as its widest part, keycaps are narrow and halves of flags wide, marks and signs before
    /// numbers are nothing, as in `WezTerm`.
    Parts,
    /// Each character for itself, as the C library of GNU has it; what foot adds up.
    Library,
    /// A cluster is as wide as all its characters together, and hides what is written into its cells, as in foot.
    Sums,
    /// Emoji are as narrow as letters, as in the libraries of 2014.
    Narrow,
}

impl Belief {
    pub(super) const ALL: &[Self] = &[
        Self::Clusters,
        Self::Characters,
        Self::WideHalves,
        Self::Joined,
        Self::Parts,
        Self::Library,
        Self::Sums,
        Self::Narrow,
    ];

    /// Whether parlor is told that the terminal believes this.
    pub(super) fn adds_up(self) -> bool {
        matches!(self, Self::Sums)
    }

    /// The pieces that a text is put into cells by, with their widths.
    fn pieces(self, text: &str) -> Vec<(String, usize)> {
        if matches!(self, Self::Clusters) {
            let clusters = text.graphemes(true);
            return clusters
                .map(|cluster| (cluster.to_owned(), cluster.width()))
                .collect();
        }
        if matches!(self, Self::Parts) {
            let clusters = text.graphemes(true);
            return clusters
                .map(|cluster| (cluster.to_owned(), parts(cluster)))
                .collect();
        }
        if matches!(self, Self::Sums) {
            let clusters = text.graphemes(true);
            return clusters
                .map(|cluster| (cluster.to_owned(), sum(cluster)))
                .collect();
        }
        let mut pieces: Vec<(String, usize)> = Vec::new();
        for char in text.chars() {
            let is_joined = matches!(self, Self::Joined)
                && pieces
                    .last()
                    .is_some_and(|(last, _)| last.ends_with('\u{200d}'));
            let width = match char {
                _ if is_joined => 0,
                '\u{1f1e6}'..='\u{1f1ff}' if matches!(self, Self::WideHalves) => 2,
                '\u{1f1e6}'..='\u{1f1ff}' => 1,
                '\u{1f000}'.. if matches!(self, Self::Narrow) => 1,
                '☰' if matches!(self, Self::Library) => 1,
                '㉈' if matches!(self, Self::Library) => 2,
                '\u{93e}' | '\u{93f}' | '\u{600}' if matches!(self, Self::Library) => 1,
                char => char.width().unwrap_or(0),
            };
            match pieces.last_mut() {
                Some((last, _)) if width == 0 => last.push(char),
                _ => pieces.push((char.to_string(), width)),
            }
        }
        pieces
    }
}

/// How wide `WezTerm` takes a cluster for.
fn parts(cluster: &str) -> usize {
    let part = |char: char| match char {
        '\u{1f1e6}'..='\u{1f1ff}' => 2,
        '\u{93e}' | '\u{93f}' | '\u{600}' => 0,
        '☰' | '䷀' | 'ﾞ' => 1,
        '\u{fe0f}' if !cluster.ends_with('\u{20e3}') => 2,
        char => char.width().unwrap_or(0),
    };
    cluster.chars().map(part).max().unwrap_or(0)
}

/// How wide foot 1.13 takes a cluster for, as it was asked where its cursor is behind each of them.
fn sum(cluster: &str) -> usize {
    let part = |char: char| match char {
        '\u{1f1e6}'..='\u{1f1ff}' => 1,
        '\u{93e}' | '\u{93f}' | '\u{bbe}' | '\u{600}' | '☰' | 'ﾞ' => 1,
        '㉈' => 2,
        char => char.width().unwrap_or(0),
    };
    cluster.chars().map(part).sum()
}

/// The terminal.
pub(super) struct Glass {
    belief: Belief,
    width: usize,
    cells: Vec<String>,
    x: usize,
    y: usize,
    has_cursor: bool,
    waiting: Vec<u8>,
}

impl Glass {
    pub(super) fn new((width, height): (u16, u16), belief: Belief) -> Self {
        let width = usize::from(width);
        Self {
            belief,
            width,
            cells: vec![" ".to_owned(); width * usize::from(height)],
            x: 0,
            y: 0,
            has_cursor: false,
            waiting: Vec::new(),
        }
    }

    pub(super) fn clear(&mut self) {
        self.cells.fill(" ".to_owned());
    }

    /// What stands in a cell; nothing in the second half of something wide.
    pub(super) fn at(&self, x: u16, y: u16) -> &str {
        let (x, row) = (usize::from(x), usize::from(y) * self.width);
        let is_over = |left: usize| sum(&self.cells[row + left]) > x - left;
        if self.belief.adds_up() && (0..x).any(is_over) {
            return "";
        }
        &self.cells[row + x]
    }

    pub(super) fn text(&self) -> String {
        let rows = self.cells.chunks(self.width).map(<[String]>::concat);
        let rows: Vec<String> = rows.map(|row| row.trim_end().to_owned()).collect();
        rows.join("\n")
    }

    pub(super) fn cursor(&self) -> Option<(usize, usize)> {
        self.has_cursor.then_some((self.x, self.y))
    }

    /// Writes into a cell; half of something wide does not outlive its other half.
    fn put(&mut self, text: &str, width: usize) {
        let row = self.y * self.width;
        // Without wrapping, what does not fit stands at the edge.
        let x = self.x.min(self.width.saturating_sub(width.max(1)));
        for x in x..(x + width).min(self.width) {
            if self.belief.adds_up() {
                self.cells[row + x] = " ".to_owned();
                continue;
            }
            if self.cells[row + x].is_empty() && x > 0 {
                self.cells[row + x - 1] = " ".to_owned();
            }
            if x + 1 < self.width && self.cells[row + x + 1].is_empty() {
                self.cells[row + x + 1] = " ".to_owned();
            }
            self.cells[row + x] = String::new();
        }
        text.clone_into(&mut self.cells[row + x]);
        self.x = (x + width).min(self.width - 1);
    }

    fn print(&mut self, text: &str) {
        for (piece, width) in self.belief.pieces(text) {
            if width > 0 {
                self.put(&piece, width);
            }
        }
    }

    /// Takes what is complete of what waits.
    fn take(&mut self) {
        let text = String::from_utf8(std::mem::take(&mut self.waiting)).unwrap();
        let mut rest = text.as_str();
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix("\u{1b}[") {
                let end = after.find(|char: char| ('@'..='~').contains(&char));
                let (numbers, after) = after.split_at(end.unwrap());
                let (name, after) = after.split_at(1);
                self.control(numbers, name);
                rest = after;
            } else if let Some(after) = rest.strip_prefix("\u{1b}]") {
                rest = after.split_once("\u{1b}\\").unwrap().1;
            } else {
                let (text, after) = rest.split_at(rest.find('\u{1b}').unwrap_or(rest.len()));
                self.print(text);
                rest = after;
            }
        }
    }

    fn control(&mut self, numbers: &str, name: &str) {
        match name {
            "H" => {
                let (row, column) = numbers.split_once(';').unwrap_or(("1", "1"));
                self.y = row.parse::<usize>().unwrap() - 1;
                self.x = column.parse::<usize>().unwrap() - 1;
            }
            "J" => self.clear(),
            "h" | "l" if numbers == "?25" => self.has_cursor = name == "h",
            "h" | "l" | "m" => {}
            other => panic!("{numbers}{other} is new to this terminal"),
        }
    }
}

/// The terminal, also for who only looks at it.
#[derive(Clone)]
pub(super) struct Pane(pub(super) Rc<RefCell<Glass>>);

impl Write for Pane {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().waiting.extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.borrow_mut().take();
        Ok(())
    }
}
