//! Roles to styles: one accent, muted chrome, messages brightest; from truecolor down to none.
//! It must never let colour alone carry a meaning, nor ask the terminal anything.

use ratatui::style::{Color, Modifier, Style};

/// How many colours the terminal shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// None (`NO_COLOR`): weight and inversion must do.
    Mono,
    /// The sixteen that the user's own palette defines.
    Sixteen,
    /// All of them.
    Full,
}

/// Which theme the user wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    /// What the environment tells of the terminal.
    #[default]
    Auto,
    /// For dark backgrounds.
    Dark,
    /// For light ones.
    Light,
    /// The terminal's own sixteen colours.
    Ansi,
    /// The terminal's own ink alone, nothing dimmed: weight, lines and inversion tell things apart.
    Contrast,
}

/// Themes by the names that the settings have for them.
pub const CHOICES: &[(&str, Choice)] = &[
    ("auto", Choice::Auto),
    ("dark", Choice::Dark),
    ("light", Choice::Light),
    ("ansi", Choice::Ansi),
    ("contrast", Choice::Contrast),
];

/// What a piece of the screen is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// What people say.
    Text,
    /// Lines, times, notices of coming and going.
    Dim,
    /// Chrome that should be read, such as a heading.
    Muted,
    /// The one accent: where we are, what is new.
    Accent,
    /// The name of the open window.
    Title,
    /// A message that names us.
    Mention,
    /// The mark of a mention and the count of mentions.
    Warm,
    /// The only red: what failed.
    Failed,
    /// The chosen row of a list, or the chosen message.
    Chosen,
    /// A key in the footer.
    Key,
    /// A link.
    Link,
    /// What the search found.
    Found,
    /// The input beyond what fits into one message.
    Beyond,
}

/// The styles of one terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    /// How many colours there are.
    pub depth: Depth,
    /// Whether the terminal's background is light.
    pub is_light: bool,
    /// Whether everything has the contrast that the terminal can give.
    pub is_contrast: bool,
    /// Whether links may be told to the terminal (OSC 8); where not, they are only underlined.
    pub has_links: bool,
}

/// Hues far enough apart to tell nicks by, all of about one lightness; no red, which means failed.
const NICKS_DARK: &[(u8, u8, u8)] = &[
    (0x8a, 0xb4, 0xf8),
    (0xa6, 0xd1, 0x89),
    (0xe5, 0xc0, 0x7b),
    (0xc6, 0xa0, 0xf6),
    (0x7f, 0xd1, 0xc7),
    (0xf0, 0xa5, 0xc8),
    (0x91, 0xd7, 0xe3),
    (0xf0, 0xa8, 0x7c),
    (0xb7, 0xbd, 0xf8),
    (0xc9, 0xd0, 0x7a),
    (0xd7, 0xa6, 0xd9),
    (0x8f, 0xc7, 0xa8),
];

const NICKS_LIGHT: &[(u8, u8, u8)] = &[
    (0x1e, 0x66, 0xc8),
    (0x2f, 0x7d, 0x2f),
    (0x96, 0x6a, 0x00),
    (0x7a, 0x3f, 0xc4),
    (0x0f, 0x7d, 0x76),
    (0xb0, 0x3a, 0x7a),
    (0x0d, 0x74, 0x90),
    (0xa8, 0x52, 0x1a),
    (0x4a, 0x54, 0xc0),
    (0x67, 0x74, 0x00),
    (0x90, 0x40, 0x94),
    (0x2a, 0x76, 0x50),
];

const NICKS_SIXTEEN: &[Color] = &[
    Color::Green,
    Color::Yellow,
    Color::Blue,
    Color::Magenta,
    Color::Cyan,
    Color::LightGreen,
    Color::LightYellow,
    Color::LightBlue,
    Color::LightMagenta,
    Color::LightCyan,
];

impl Theme {
    /// The theme for what the environment says: `NO_COLOR`, `COLORTERM`, `TERM`, `COLORFGBG`.
    pub fn from_environment(
        no_color: Option<&str>,
        colorterm: Option<&str>,
        term: Option<&str>,
        colorfgbg: Option<&str>,
    ) -> Self {
        let has_full = colorterm.is_some_and(|value| matches!(value, "truecolor" | "24bit"))
            || term.is_some_and(|value| value.ends_with("-direct") || value.contains("kitty"));
        let depth = if no_color.is_some_and(|value| !value.is_empty()) || term == Some("dumb") {
            Depth::Mono
        } else if has_full {
            Depth::Full
        } else {
            Depth::Sixteen
        };
        let background = colorfgbg.and_then(|value| value.rsplit(';').next());
        let is_light = background
            .and_then(|value| value.parse::<u8>().ok())
            .is_some_and(|colour| colour == 7 || colour == 15);
        // The Linux console prints what it does not know.
        let has_links = !matches!(term, None | Some("" | "dumb" | "linux"));
        Self {
            depth,
            is_light,
            is_contrast: false,
            has_links,
        }
    }

    /// The theme that the user wants instead; who wants no colours gets none all the same.
    pub fn chosen(self, choice: Choice) -> Self {
        let (depth, is_light) = match choice {
            Choice::Auto => return self,
            Choice::Dark => (Depth::Full, false),
            Choice::Light => (Depth::Full, true),
            Choice::Ansi | Choice::Contrast => (Depth::Sixteen, self.is_light),
        };
        let is_mono = self.depth == Depth::Mono;
        Self {
            depth: if is_mono { Depth::Mono } else { depth },
            is_light,
            is_contrast: choice == Choice::Contrast,
            ..self
        }
    }

    /// The style of a role.
    pub fn style(self, role: Role) -> Style {
        if self.is_contrast {
            return contrast(role);
        }
        match self.depth {
            Depth::Mono => mono(role),
            Depth::Sixteen => sixteen(role),
            Depth::Full if self.is_light => full(role, LIGHT),
            Depth::Full => full(role, DARK),
        }
    }

    /// The style of a nick: the same for the same nick, always and everywhere.
    pub fn nick(self, nick: &str) -> Style {
        let hash = hash(nick);
        match self.depth {
            _ if self.is_contrast => Style::new().add_modifier(Modifier::BOLD),
            Depth::Mono => Style::new().add_modifier(Modifier::BOLD),
            Depth::Sixteen => {
                let colour = NICKS_SIXTEEN.get(hash % NICKS_SIXTEEN.len()).copied();
                Style::new().fg(colour.unwrap_or(Color::Reset))
            }
            Depth::Full => {
                let palette = if self.is_light {
                    NICKS_LIGHT
                } else {
                    NICKS_DARK
                };
                let (r, g, b) = palette
                    .get(hash % palette.len())
                    .copied()
                    .unwrap_or_default();
                Style::new().fg(Color::Rgb(r, g, b))
            }
        }
    }

    /// One of the colours that formatting codes name, as near as the terminal has it.
    pub fn ink(self, rgb: (u8, u8, u8)) -> Option<Color> {
        match self.depth {
            Depth::Mono => None,
            Depth::Sixteen => Some(nearest_of_sixteen(rgb)),
            Depth::Full => Some(Color::Rgb(rgb.0, rgb.1, rgb.2)),
        }
    }
}

/// FNV-1a over the lower case, so that Ada and ada look alike; stable between runs and versions.
fn hash(nick: &str) -> usize {
    let folded = nick.bytes().map(|byte| byte.to_ascii_lowercase());
    let hash = folded
        .filter(|byte| *byte != b'_' && *byte != b'`')
        .fold(0x811c_9dc5_u32, |hash, byte| {
            (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
        });
    ((hash >> 16) ^ (hash & 0xffff)) as usize
}

fn mono(role: Role) -> Style {
    let style = Style::new();
    match role {
        Role::Text => style,
        Role::Dim | Role::Muted => style.add_modifier(Modifier::DIM),
        Role::Accent | Role::Title | Role::Key | Role::Mention | Role::Failed | Role::Warm => {
            style.add_modifier(Modifier::BOLD)
        }
        Role::Chosen | Role::Found | Role::Beyond => style.add_modifier(Modifier::REVERSED),
        Role::Link => style.add_modifier(Modifier::UNDERLINED),
    }
}

/// As without colours, but nothing is dimmed, and marks are heavier.
fn contrast(role: Role) -> Style {
    let style = Style::new();
    match role {
        Role::Text | Role::Dim | Role::Muted => style,
        Role::Accent | Role::Title | Role::Key | Role::Warm => style.add_modifier(Modifier::BOLD),
        Role::Mention => style.add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
        Role::Failed | Role::Chosen | Role::Found | Role::Beyond => {
            style.add_modifier(Modifier::BOLD | Modifier::REVERSED)
        }
        Role::Link => style.add_modifier(Modifier::UNDERLINED),
    }
}

fn sixteen(role: Role) -> Style {
    let style = Style::new();
    match role {
        Role::Text => style,
        Role::Dim | Role::Muted => style.fg(Color::DarkGray),
        Role::Accent => style.fg(Color::Cyan),
        Role::Title | Role::Key => style.fg(Color::Cyan).add_modifier(Modifier::BOLD),
        Role::Mention => style.add_modifier(Modifier::BOLD),
        Role::Warm => style.fg(Color::Yellow).add_modifier(Modifier::BOLD),
        Role::Failed => style.fg(Color::Red).add_modifier(Modifier::BOLD),
        Role::Chosen => style.add_modifier(Modifier::REVERSED),
        Role::Link => style.fg(Color::Blue).add_modifier(Modifier::UNDERLINED),
        Role::Found => style.fg(Color::Black).bg(Color::Yellow),
        Role::Beyond => style.fg(Color::Black).bg(Color::Yellow),
    }
}

struct Palette {
    dim: Color,
    muted: Color,
    accent: Color,
    warm: Color,
    mention: Color,
    failed: Color,
    chosen: Color,
    found: Color,
}

const DARK: Palette = Palette {
    dim: Color::Rgb(0x6c, 0x70, 0x86),
    muted: Color::Rgb(0x9a, 0xa0, 0xb5),
    accent: Color::Rgb(0x7d, 0xc4, 0xe4),
    warm: Color::Rgb(0xee, 0xb8, 0x68),
    mention: Color::Rgb(0x38, 0x2f, 0x22),
    failed: Color::Rgb(0xf3, 0x7b, 0x7b),
    chosen: Color::Rgb(0x2c, 0x34, 0x46),
    found: Color::Rgb(0x5a, 0x4a, 0x1c),
};

const LIGHT: Palette = Palette {
    dim: Color::Rgb(0x8c, 0x8f, 0xa1),
    muted: Color::Rgb(0x5c, 0x5f, 0x77),
    accent: Color::Rgb(0x04, 0x6f, 0x9c),
    warm: Color::Rgb(0xa8, 0x62, 0x00),
    mention: Color::Rgb(0xfb, 0xee, 0xd5),
    failed: Color::Rgb(0xc4, 0x1e, 0x3a),
    chosen: Color::Rgb(0xdc, 0xe4, 0xf2),
    found: Color::Rgb(0xff, 0xe0, 0x8a),
};

#[expect(clippy::needless_pass_by_value, reason = "the palettes are constants")]
fn full(role: Role, palette: Palette) -> Style {
    let style = Style::new();
    match role {
        Role::Text => style,
        Role::Dim => style.fg(palette.dim),
        Role::Muted => style.fg(palette.muted),
        Role::Accent => style.fg(palette.accent),
        Role::Title | Role::Key => style.fg(palette.accent).add_modifier(Modifier::BOLD),
        Role::Mention => style.bg(palette.mention),
        Role::Warm => style.fg(palette.warm).add_modifier(Modifier::BOLD),
        Role::Failed => style.fg(palette.failed),
        Role::Chosen => style.bg(palette.chosen),
        Role::Link => style.add_modifier(Modifier::UNDERLINED),
        Role::Found => style.bg(palette.found),
        Role::Beyond => style.fg(palette.warm).add_modifier(Modifier::UNDERLINED),
    }
}

fn nearest_of_sixteen((r, g, b): (u8, u8, u8)) -> Color {
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

#[cfg(test)]
mod tests;
