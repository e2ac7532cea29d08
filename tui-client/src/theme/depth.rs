//! The colours that a terminal has, and the nearest of them to any other.
//! It must never ask the terminal.

use ratatui::style::Color;

/// How many colours the terminal shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// None (`NO_COLOR`): weight and inversion must do.
    Mono,
    /// The sixteen that the user's own palette defines.
    Sixteen,
    /// The 256 of xterm.
    Indexed,
    /// All of them.
    Full,
}

/// The levels of each colour in xterm's cube of six by six by six.
const LEVELS: [u8; 6] = [0, 95, 135, 175, 215, 255];

impl Depth {
    /// The nearest colour that there is; `None` where there are none.
    pub fn nearest(self, colour: Color) -> Option<Color> {
        match (self, colour) {
            (Self::Mono, _) => None,
            (Self::Sixteen, Color::Rgb(r, g, b)) => Some(nearest_of_sixteen(r, g, b)),
            (Self::Sixteen, Color::Indexed(index)) => {
                let (r, g, b) = rgb(index);
                Some(nearest_of_sixteen(r, g, b))
            }
            (Self::Indexed, Color::Rgb(r, g, b)) => Some(nearest_indexed([r, g, b])),
            (_, colour) => Some(colour),
        }
    }
}

/// How well one of the terminal's own sixteen is read on what is behind it, from 1 (not at all) to 21, as WCAG 2 counts
/// it, where the palette is a usual one; `None` for other colours.
pub fn contrast_of_sixteen(front: Color, behind: (u8, u8, u8)) -> Option<f64> {
    let index = match front {
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 8,
        Color::LightRed => 9,
        Color::LightGreen => 10,
        Color::LightYellow => 11,
        Color::LightBlue => 12,
        Color::LightMagenta => 13,
        Color::LightCyan => 14,
        Color::White => 15,
        Color::Reset | Color::Rgb(..) | Color::Indexed(_) => return None,
    };
    Some(contrast(rgb(index), behind))
}

/// The contrast of two colours (WCAG 2).
pub fn contrast(one: (u8, u8, u8), other: (u8, u8, u8)) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// So many of so many steps from one colour to another.
pub fn mixed(one: (u8, u8, u8), other: (u8, u8, u8), (step, of): (u16, u16)) -> (u8, u8, u8) {
    let part = |one: u8, other: u8| {
        let sum = u32::from(one) * u32::from(of.saturating_sub(step))
            + u32::from(other) * u32::from(step);
        u8::try_from(sum / u32::from(of.max(1))).unwrap_or(u8::MAX)
    };
    (
        part(one.0, other.0),
        part(one.1, other.1),
        part(one.2, other.2),
    )
}

fn luminance((r, g, b): (u8, u8, u8)) -> f64 {
    let linear = |part: u8| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
}

/// Red, green and blue of one of the 256; of the first sixteen, which are the user's, as usual terminals have them.
fn rgb(index: u8) -> (u8, u8, u8) {
    match index {
        // The grey, which is the black's bright twin.
        8 => (85, 85, 85),
        0..16 => {
            let on = if index < 8 { 170 } else { 255 };
            let part = |bit: u8| if index & bit == 0 { 0 } else { on };
            (part(1), part(2), part(4))
        }
        16..232 => {
            let cube = usize::from(index - 16);
            let level = |digit: usize| LEVELS.get(digit % 6).copied().unwrap_or_default();
            (level(cube / 36), level(cube / 6), level(cube))
        }
        232.. => {
            let grey = 8 + 10 * (index - 232);
            (grey, grey, grey)
        }
    }
}

/// The nearest of the cube and the greys; the first sixteen are the user's, and nobody knows them.
fn nearest_indexed(wanted: [u8; 3]) -> Color {
    let distance = |index: &u8| {
        let there: [u8; 3] = rgb(*index).into();
        let parts = there.into_iter().zip(wanted);
        parts
            .map(|(one, other)| u32::from(one.abs_diff(other)).pow(2))
            .sum::<u32>()
    };
    Color::Indexed((16..=255).min_by_key(distance).unwrap_or(16))
}

fn nearest_of_sixteen(r: u8, g: u8, b: u8) -> Color {
    let is_bright = u16::from(r.max(g).max(b)) > 160;
    let half = r.max(g).max(b) / 2;
    match (r > half, g > half, b > half, is_bright) {
        (false, false, false, _) => Color::Black,
        (true, true, true, true) => Color::White,
        (true, true, true, false) => Color::DarkGray,
        (true, false, false, true) => Color::LightRed,
        (true, false, false, false) => Color::Red,
        (false, true, false, true) => Color::LightGreen,
        (false, true, false, false) => Color::Green,
        (true, true, false, true) => Color::LightYellow,
        (true, true, false, false) => Color::Yellow,
        (false, false, true, true) => Color::LightBlue,
        (false, false, true, false) => Color::Blue,
        (true, false, true, true) => Color::LightMagenta,
        (true, false, true, false) => Color::Magenta,
        (false, true, true, true) => Color::LightCyan,
        (false, true, true, false) => Color::Cyan,
    }
}
