//! The styles of one terminal: which theme, and as much of it as the terminal can show.
//! It must never let colour alone carry a meaning, nor ask the terminal anything.

pub mod depth;
pub mod sheet;

use ratatui::style::{Color, Modifier, Style};

pub use depth::Depth;
pub use sheet::{Role, Sheet};

/// A nick must be read so well at least: what WCAG 2 asks of large text and of signs.
const CONTRAST_MIN: f64 = 3.0;
/// And so well where nobody knows what is behind it; more would leave two colours of sixteen.
const CONTRAST_MIN_ON_EITHER: f64 = 2.4;

/// Dark backgrounds are seldom lighter than this, light ones seldom darker than that.
const DARKEST_READ_ON: (u8, u8, u8) = (40, 40, 48);
const LIGHTEST_READ_ON: (u8, u8, u8) = (240, 240, 240);
/// From a colour to white or black.
const STEPS: u16 = 16;

const BLACK: (u8, u8, u8) = (0, 0, 0);
const WHITE: (u8, u8, u8) = (255, 255, 255);

/// What is behind the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Background {
    /// Dark.
    Dark,
    /// Light.
    Light,
}

/// What is known of a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Surroundings {
    /// How many colours it shows.
    pub depth: Depth,
    /// What is behind the text, if that is known.
    pub background: Option<Background>,
    /// Whether links may be told to it (OSC 8).
    pub has_links: bool,
}

/// What decides how everything looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// What is known of the terminal.
    pub surroundings: Surroundings,
    /// The theme that the user chose; `None`: the one that fits.
    pub chosen: Option<Sheet>,
    /// What was behind the text the last time, until it is known.
    pub remembered: Option<Background>,
}

impl Look {
    /// The styles.
    pub fn theme(&self) -> Theme {
        let background = self.surroundings.background.or(self.remembered);
        let surroundings = Surroundings {
            background,
            ..self.surroundings
        };
        surroundings.theme(self.chosen.as_ref())
    }

    /// Whether the terminal's background would decide anything.
    pub fn is_background_wanted(&self) -> bool {
        let Surroundings {
            depth,
            background,
            has_links,
        } = self.surroundings;
        // What does not know links might print the question; of sixteen colours more are for nicks where it is known.
        let is_safe = depth != Depth::Sixteen || has_links;
        let has_choice = depth != Depth::Mono && is_safe;
        self.chosen.is_none() && background.is_none() && has_choice
    }
}

/// The styles of one terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    sheet: Sheet,
    depth: Depth,
    /// What letters of any colour must be read on, if that is known.
    behind: Option<Background>,
    /// Whether links may be told to the terminal (OSC 8); where not, they are only underlined.
    pub has_links: bool,
}

impl Surroundings {
    /// What the environment says: `NO_COLOR`, `COLORTERM`, `TERM`, `COLORFGBG`.
    pub fn from_environment(
        no_color: Option<&str>,
        colorterm: Option<&str>,
        term: Option<&str>,
        colorfgbg: Option<&str>,
    ) -> Self {
        let has_full = colorterm.is_some_and(|value| matches!(value, "truecolor" | "24bit"))
            || term.is_some_and(|value| value.ends_with("-direct") || value.contains("kitty"));
        let has_many = term.is_some_and(|value| value.ends_with("-256color"));
        let depth = if no_color.is_some_and(|value| !value.is_empty()) || term == Some("dumb") {
            Depth::Mono
        } else if has_full {
            Depth::Full
        } else if has_many {
            Depth::Indexed
        } else {
            Depth::Sixteen
        };
        let background = colorfgbg.and_then(|value| value.rsplit(';').next());
        let background = background.and_then(|value| value.parse::<u8>().ok());
        let background = background.map(|colour| match colour {
            7 | 15 => Background::Light,
            _ => Background::Dark,
        });
        // The Linux console prints what it does not know.
        let has_links = !matches!(term, None | Some("" | "dumb" | "linux"));
        Self {
            depth,
            background,
            has_links,
        }
    }

    /// The theme that was chosen, or else the one that fits; who wants no colours gets none all the same.
    pub fn theme(self, chosen: Option<&Sheet>) -> Theme {
        let fitting = match (self.depth, self.background) {
            (Depth::Mono, _) => "mono",
            (Depth::Sixteen, _) | (Depth::Indexed, None) => "ansi",
            (_, Some(Background::Light)) => "light",
            (_, Some(Background::Dark) | None) => "dark",
        };
        // Colours that a theme tells roles apart by must not just be taken away.
        let chosen = chosen.filter(|sheet| self.depth != Depth::Mono || !sheet.has_colours());
        let sheet = chosen.copied().or_else(|| Sheet::built_in(fitting));
        let mut sheet = sheet.unwrap_or_default();
        for nick in &mut sheet.nicks {
            *nick = nick.filter(|colour| self.is_readable(*colour));
        }
        Theme::new(sheet, self.depth, self.has_links).on(self.background)
    }

    /// Whether a nick can be read in one of the terminal's own sixteen; of others the theme knows what it does.
    fn is_readable(self, colour: Color) -> bool {
        let on = |behind| depth::contrast_of_sixteen(colour, behind).unwrap_or(f64::INFINITY);
        match self.background {
            Some(Background::Dark) => on(BLACK) >= CONTRAST_MIN,
            Some(Background::Light) => on(WHITE) >= CONTRAST_MIN,
            None => on(BLACK).min(on(WHITE)) >= CONTRAST_MIN_ON_EITHER,
        }
    }
}

impl Theme {
    /// A theme with the nearest colours that the terminal has.
    pub fn new(mut sheet: Sheet, depth: Depth, has_links: bool) -> Self {
        let near = |colour: Color| depth.nearest(colour);
        for style in &mut sheet.styles {
            style.front = style.front.and_then(near);
            style.behind = style.behind.and_then(near);
        }
        for nick in &mut sheet.nicks {
            *nick = nick.and_then(near);
        }
        Self {
            sheet,
            depth,
            behind: None,
            has_links,
        }
    }

    /// The same on what is behind the terminal's text.
    #[must_use]
    pub fn on(self, behind: Option<Background>) -> Self {
        Self { behind, ..self }
    }

    /// The style of a role.
    pub fn style(self, role: Role) -> Style {
        let paint = self.sheet.styles.get(role as usize);
        let paint = paint.copied().unwrap_or_default();
        let style = Style::new().add_modifier(paint.weight);
        Style {
            fg: paint.front,
            bg: paint.behind,
            ..style
        }
    }

    /// How many colours there are for nicks.
    pub fn hues(self) -> usize {
        self.sheet.nicks.iter().flatten().count()
    }

    /// The style of a nick as its name alone has it.
    pub fn nick(self, nick: &str) -> Style {
        self.hue(hash(nick).checked_rem(self.hues()).unwrap_or_default())
    }

    /// One of the nicks' colours; without any, nicks are bold.
    pub fn hue(self, index: usize) -> Style {
        match self.sheet.nicks.iter().flatten().nth(index) {
            Some(colour) => Style::new().fg(*colour),
            None => Style::new().add_modifier(Modifier::BOLD),
        }
    }

    /// One of the colours that formatting codes name, as near as the terminal has it.
    pub fn ink(self, (r, g, b): (u8, u8, u8)) -> Option<Color> {
        let ink = self.depth.nearest(Color::Rgb(r, g, b));
        ink.filter(|_| self.sheet.has_colours())
    }

    /// The same for letters that stand on what the terminal has behind its text: so much lighter or darker that they
    /// can be read.
    pub fn letters(self, ink: (u8, u8, u8)) -> Option<Color> {
        let (behind, towards) = match self.behind {
            Some(Background::Dark) => (DARKEST_READ_ON, WHITE),
            Some(Background::Light) => (LIGHTEST_READ_ON, BLACK),
            None => return self.ink(ink),
        };
        let steps = (0..=STEPS).map(|step| depth::mixed(ink, towards, (step, STEPS)));
        let readable = |ink: &(u8, u8, u8)| depth::contrast(*ink, behind) >= CONTRAST_MIN;
        self.ink({ steps }.find(readable).unwrap_or(towards))
    }
}

/// What of a nick its colour hangs on: Ada, ada and ada_ look alike.
pub fn same(nick: &str) -> String {
    let kept = nick.chars().filter(|char| !matches!(char, '_' | '`'));
    kept.map(|char| char.to_ascii_lowercase()).collect()
}

/// FNV-1a, stable between runs and versions.
pub fn hash(nick: &str) -> usize {
    let hash = same(nick).bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    ((hash >> 16) ^ (hash & 0xffff)) as usize
}

#[cfg(test)]
mod tests;
