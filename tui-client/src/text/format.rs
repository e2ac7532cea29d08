//! Formatting codes (bold, italic, colours …) parsed into clean text and the looks of its parts.
//! It must never let a code through to the screen, whatever follows it.

pub mod emphasis;
mod link;

use std::borrow::Cow;
use std::ops::Range;

use crate::sanitise;

/// A colour that a text asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// One of the numbered colours, 0 to 98.
    Numbered(u8),
    /// Red, green and blue.
    Rgb(u8, u8, u8),
    /// The colour of the nick that the text is.
    Nick,
}

/// How a part of a text looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// Heavier.
    pub is_bold: bool,
    /// Slanted.
    pub is_italic: bool,
    /// Underlined.
    pub is_underlined: bool,
    /// Crossed out.
    pub is_struck: bool,
    /// With its colours swapped.
    pub is_reversed: bool,
    /// Code, or in equal widths, as everything in a terminal: set apart.
    pub is_mono: bool,
    /// A link.
    pub is_link: bool,
    /// Less important than the rest.
    pub is_dim: bool,
    /// The colour of the letters.
    pub ink: Option<Ink>,
    /// The colour behind them.
    pub paper: Option<Ink>,
}

/// Clean text with the looks of its parts.
///
/// Invariant: the ranges are in order, do not overlap, and lie on character boundaries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rich {
    /// The text.
    pub text: String,
    /// The parts that do not look plain.
    pub looks: Vec<(Range<usize>, Look)>,
}

impl Rich {
    /// Clean text without codes.
    pub fn plain(text: &str) -> Self {
        let mut rich = Self {
            text: sanitise::lines(text),
            looks: Vec::new(),
        };
        rich.mark_links();
        rich
    }

    /// The text of a message, with its codes and its marks understood.
    pub fn parse(text: &str) -> Self {
        if !text.bytes().any(|byte| byte < 0x20 && byte != b'\n') {
            let mut rich = Self::plain(text);
            rich.mark_emphasis();
            return rich;
        }
        let mut parser = Parser::default();
        let mut chars = text.chars().peekable();
        while let Some(char) = chars.next() {
            parser.take(char, &mut chars);
        }
        parser.close();
        let mut rich = parser.rich;
        rich.mark_links();
        rich.mark_emphasis();
        rich
    }

    /// Puts a part in front, with a look of its own.
    pub fn prefixed(mut self, prefix: &str, look: Look) -> Self {
        for (range, _) in &mut self.looks {
            *range = range.start + prefix.len()..range.end + prefix.len();
        }
        self.text.insert_str(0, prefix);
        self.looks.insert(0, (0..prefix.len(), look));
        self
    }

    /// Puts a space at a byte, moving what follows.
    pub fn spaced_after(mut self, byte: usize) -> Self {
        if self.text.is_char_boundary(byte) {
            self.text.insert(byte, ' ');
            for (range, _) in &mut self.looks {
                let moved = |at: usize, is_start: bool| {
                    if at > byte || (is_start && at == byte) {
                        at + 1
                    } else {
                        at
                    }
                };
                *range = moved(range.start, true)..moved(range.end, false);
            }
        }
        self
    }

    /// The look at a byte of the text.
    pub fn look_at(&self, byte: usize) -> Look {
        let after = self.looks.partition_point(|(range, _)| range.end <= byte);
        match self.looks.get(after) {
            Some((range, look)) if range.contains(&byte) => *look,
            _ => Look::default(),
        }
    }

    /// Whether there is a link in it.
    pub fn has_link(&self) -> bool {
        self.looks.iter().any(|(_, look)| look.is_link)
    }

    /// The addresses of its links, each once, in order.
    pub fn links(&self) -> Vec<String> {
        let mut all = Vec::new();
        for address in link::find(&self.text)
            .into_iter()
            .filter_map(|link| self.text.get(link))
        {
            let address = link::address(address).into_owned();
            if !all.contains(&address) {
                all.push(address);
            }
        }
        all
    }

    /// The address of the link that a byte of the text belongs to, with where it begins.
    pub fn link_at(&self, byte: usize) -> Option<(usize, Cow<'_, str>)> {
        let mut links = link::find(&self.text).into_iter();
        let range = links.find(|link| link.contains(&byte))?;
        Some((range.start, link::address(self.text.get(range)?)))
    }

    fn mark_links(&mut self) {
        for link in link::find(&self.text) {
            self.paint(link, |look| look.is_link = true);
        }
    }

    fn mark_emphasis(&mut self) {
        for span in emphasis::find(&self.text) {
            let (start, end) = (span.inner.start, span.inner.end);
            self.paint(start - span.mark..start, |look| look.is_dim = true);
            self.paint(end..end + span.mark, |look| look.is_dim = true);
            self.paint(span.inner, span.set);
        }
    }

    /// Changes the look of a stretch, whatever looks its parts have.
    fn paint(&mut self, range: Range<usize>, set: impl Fn(&mut Look)) {
        let with = |mut look: Look| {
            set(&mut look);
            look
        };
        let mut painted = Vec::with_capacity(self.looks.len() + 2);
        let mut at = range.start;
        for (part, look) in self.looks.drain(..) {
            let inside = part.start.max(range.start)..part.end.min(range.end);
            if inside.is_empty() {
                if part.start >= range.end && at < range.end {
                    painted.push((at..range.end, with(Look::default())));
                    at = range.end;
                }
                painted.push((part, look));
                continue;
            }
            if part.start < inside.start {
                painted.push((part.start..inside.start, look));
            }
            if at < inside.start {
                painted.push((at..inside.start, with(Look::default())));
            }
            painted.push((inside.clone(), with(look)));
            at = inside.end;
            if inside.end < part.end {
                painted.push((inside.end..part.end, look));
            }
        }
        if at < range.end {
            painted.push((at..range.end, with(Look::default())));
        }
        self.looks = painted;
    }
}

#[derive(Default)]
struct Parser {
    rich: Rich,
    run: String,
    look: Look,
}

type Chars<'a> = std::iter::Peekable<std::str::Chars<'a>>;

impl Parser {
    fn take(&mut self, char: char, chars: &mut Chars<'_>) {
        let mut look = self.look;
        match char {
            '\u{2}' => look.is_bold = !look.is_bold,
            '\u{1d}' => look.is_italic = !look.is_italic,
            '\u{1f}' => look.is_underlined = !look.is_underlined,
            '\u{1e}' => look.is_struck = !look.is_struck,
            '\u{16}' => look.is_reversed = !look.is_reversed,
            '\u{11}' => look.is_mono = !look.is_mono,
            '\u{f}' => look = Look::default(),
            '\u{3}' => (look.ink, look.paper) = pair(look, chars, numbered),
            '\u{4}' => (look.ink, look.paper) = pair(look, chars, hexadecimal),
            char => {
                self.run.push(char);
                return;
            }
        }
        self.close();
        self.look = look;
    }

    fn close(&mut self) {
        let text = sanitise::lines(&std::mem::take(&mut self.run));
        let start = self.rich.text.len();
        self.rich.text.push_str(&text);
        if self.look != Look::default() && !text.is_empty() {
            self.rich
                .looks
                .push((start..self.rich.text.len(), self.look));
        }
    }
}

/// Letters and paper as the digits after a code say: none at all ends the colours.
fn pair(
    look: Look,
    chars: &mut Chars<'_>,
    read: fn(&mut Chars<'_>) -> Asked,
) -> (Option<Ink>, Option<Ink>) {
    let ink = match read(chars) {
        Asked::Nothing => return (None, None),
        Asked::Default => None,
        Asked::Ink(ink) => Some(ink),
    };
    let mut ahead = chars.clone();
    if ahead.next() != Some(',') {
        return (ink, look.paper);
    }
    let paper = match read(&mut ahead) {
        Asked::Nothing => return (ink, look.paper),
        Asked::Default => None,
        Asked::Ink(paper) => Some(paper),
    };
    *chars = ahead;
    (ink, paper)
}

/// What the characters after a colour code ask for.
enum Asked {
    /// They are no colour.
    Nothing,
    /// The terminal's own colour.
    Default,
    /// This one.
    Ink(Ink),
}

/// One or two digits; 99 is the terminal's own colour.
fn numbered(chars: &mut Chars<'_>) -> Asked {
    let mut digit = || {
        chars
            .next_if(char::is_ascii_digit)
            .and_then(|char| char.to_digit(10))
    };
    let Some(first) = digit() else {
        return Asked::Nothing;
    };
    let value = digit().map_or(first, |second| first * 10 + second);
    match u8::try_from(value) {
        Ok(number) if number < 99 => Asked::Ink(Ink::Numbered(number)),
        _ => Asked::Default,
    }
}

/// Six hexadecimal digits, or none.
fn hexadecimal(chars: &mut Chars<'_>) -> Asked {
    let mut ahead = chars.clone();
    let mut value: u32 = 0;
    for _ in 0..6 {
        let Some(digit) = ahead.next().and_then(|char| char.to_digit(16)) else {
            return Asked::Nothing;
        };
        value = value * 16 + digit;
    }
    *chars = ahead;
    let [_, r, g, b] = value.to_be_bytes();
    Asked::Ink(Ink::Rgb(r, g, b))
}

impl Ink {
    /// Red, green and blue of the colour; nothing for a nick, whose colour is the theme's.
    pub fn rgb(self) -> Option<(u8, u8, u8)> {
        match self {
            Self::Rgb(r, g, b) => Some((r, g, b)),
            Self::Nick => None,
            Self::Numbered(number) => {
                let value = *NUMBERED.get(usize::from(number))?;
                let [_, r, g, b] = value.to_be_bytes();
                Some((r, g, b))
            }
        }
    }
}

/// The colours 0 to 98 as clients agree on them (modern.ircdocs.horse/formatting).
const NUMBERED: [u32; 99] = [
    0xff_ffff, 0x00_0000, 0x00_007f, 0x00_9300, 0xff_0000, 0x7f_0000, 0x9c_009c, 0xfc_7f00,
    0xff_ff00, 0x00_fc00, 0x00_9393, 0x00_ffff, 0x00_00fc, 0xff_00ff, 0x7f_7f7f, 0xd2_d2d2,
    0x47_0000, 0x47_2100, 0x47_4700, 0x32_4700, 0x00_4700, 0x00_472c, 0x00_4747, 0x00_2747,
    0x00_0047, 0x2e_0047, 0x47_0047, 0x47_002a, 0x74_0000, 0x74_3a00, 0x74_7400, 0x51_7400,
    0x00_7400, 0x00_7449, 0x00_7474, 0x00_4074, 0x00_0074, 0x4b_0074, 0x74_0074, 0x74_0045,
    0xb5_0000, 0xb5_6300, 0xb5_b500, 0x7d_b500, 0x00_b500, 0x00_b571, 0x00_b5b5, 0x00_63b5,
    0x00_00b5, 0x75_00b5, 0xb5_00b5, 0xb5_006b, 0xff_0000, 0xff_8c00, 0xff_ff00, 0xb2_ff00,
    0x00_ff00, 0x00_ffa0, 0x00_ffff, 0x00_8cff, 0x00_00ff, 0xa5_00ff, 0xff_00ff, 0xff_0098,
    0xff_5959, 0xff_b459, 0xff_ff71, 0xcf_ff60, 0x6f_ff6f, 0x65_ffc9, 0x6d_ffff, 0x59_b4ff,
    0x59_59ff, 0xc4_59ff, 0xff_66ff, 0xff_59bc, 0xff_9c9c, 0xff_d39c, 0xff_ff9c, 0xe2_ff9c,
    0x9c_ff9c, 0x9c_ffdb, 0x9c_ffff, 0x9c_d3ff, 0x9c_9cff, 0xdc_9cff, 0xff_9cff, 0xff_94d3,
    0x00_0000, 0x13_1313, 0x28_2828, 0x36_3636, 0x4d_4d4d, 0x65_6565, 0x81_8181, 0x9f_9f9f,
    0xbc_bcbc, 0xe2_e2e2, 0xff_ffff,
];

#[cfg(test)]
mod tests;
