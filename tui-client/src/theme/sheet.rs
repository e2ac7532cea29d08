//! A theme as its file says it: a style for each role, and the nicks' colours.
//! It must never guess what an unknown word might mean.

use ratatui::style::{Color, Modifier};
use toml::de::{DeTable, DeValue};

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
    /// A piece of code.
    Code,
    /// What the search found.
    Found,
    /// The input beyond what fits into one message.
    Beyond,
}

/// The roles by the names that files have for them, in the order of their styles.
pub const ROLES: [(&str, Role); 14] = [
    ("text", Role::Text),
    ("dim", Role::Dim),
    ("muted", Role::Muted),
    ("accent", Role::Accent),
    ("title", Role::Title),
    ("mention", Role::Mention),
    ("warm", Role::Warm),
    ("failed", Role::Failed),
    ("chosen", Role::Chosen),
    ("key", Role::Key),
    ("link", Role::Link),
    ("code", Role::Code),
    ("found", Role::Found),
    ("beyond", Role::Beyond),
];

/// The colours of nicks that a theme may have; more could not be told apart.
pub const NICKS_MAX: usize = 16;

/// The themes that come with the program.
const BUILT_IN: &[(&str, &str)] = &[
    ("dark", include_str!("../../../assets/themes/dark.toml")),
    ("light", include_str!("../../../assets/themes/light.toml")),
    ("ansi", include_str!("../../../assets/themes/ansi.toml")),
    (
        "contrast",
        include_str!("../../../assets/themes/contrast.toml"),
    ),
    ("mono", include_str!("../../../assets/themes/mono.toml")),
];

const COLOURS: &[(&str, Color)] = &[
    ("black", Color::Black),
    ("red", Color::Red),
    ("green", Color::Green),
    ("yellow", Color::Yellow),
    ("blue", Color::Blue),
    ("magenta", Color::Magenta),
    ("cyan", Color::Cyan),
    ("white", Color::Gray),
    ("bright-black", Color::DarkGray),
    ("bright-red", Color::LightRed),
    ("bright-green", Color::LightGreen),
    ("bright-yellow", Color::LightYellow),
    ("bright-blue", Color::LightBlue),
    ("bright-magenta", Color::LightMagenta),
    ("bright-cyan", Color::LightCyan),
    ("bright-white", Color::White),
];

const MODIFIERS: &[(&str, Modifier)] = &[
    ("bold", Modifier::BOLD),
    ("dim", Modifier::DIM),
    ("italic", Modifier::ITALIC),
    ("underlined", Modifier::UNDERLINED),
    ("reversed", Modifier::REVERSED),
];

/// What is wrong with a theme's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where, in bytes from the start.
    pub offset: usize,
    /// Which key.
    pub key: String,
    /// What is wrong with it.
    pub reason: String,
    /// What would be right.
    pub hint: String,
}

/// The style of a role: what a file can say, and nothing more, because themes are handed around by value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Paint {
    pub(super) front: Option<Color>,
    pub(super) behind: Option<Color>,
    pub(super) weight: Modifier,
}

/// A theme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    pub(super) styles: [Paint; ROLES.len()],
    pub(super) nicks: [Option<Color>; NICKS_MAX],
}

impl Sheet {
    /// A theme that comes with the program; what is not there looks as the terminal's own text.
    pub fn built_in(name: &str) -> Option<Self> {
        let (_, text) = BUILT_IN.iter().find(|(known, _)| *known == name)?;
        Self::parse(text).ok()
    }

    /// The names of those.
    pub fn names() -> impl Iterator<Item = &'static str> {
        BUILT_IN.iter().map(|(name, _)| *name)
    }

    /// Whether it has any colours.
    pub fn has_colours(&self) -> bool {
        let in_styles = self
            .styles
            .iter()
            .any(|style| style.front.or(style.behind).is_some());
        in_styles || self.nicks.iter().any(Option::is_some)
    }

    /// Reads the text of a theme's file.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let document = DeTable::parse(text).map_err(|error| Fault {
            offset: error.span().map_or(0, |span| span.start),
            key: String::new(),
            reason: error.message().to_owned(),
            hint: String::new(),
        })?;
        let mut sheet = Self::default();
        for (name, value) in document.get_ref() {
            let key: &str = name.get_ref();
            let fault = |reason: &str, hint: &str| Fault {
                offset: name.span().start,
                key: key.to_owned(),
                reason: reason.to_owned(),
                hint: hint.to_owned(),
            };
            let bad = |hint: &str| fault("has a value it cannot have", hint);
            if key == "nicks" {
                let hint = "a list of at most sixteen colours, such as [\"#8ab4f8\", \"cyan\"]";
                sheet.nicks = nicks(value.get_ref()).ok_or_else(|| bad(hint))?;
                continue;
            }
            let Some(index) = ROLES.iter().position(|(known, _)| *known == key) else {
                let known = ROLES.iter().map(|(known, _)| *known).chain(["nicks"]);
                let nearest = known.min_by_key(|known| strsim::damerau_levenshtein(key, known));
                return Err(fault(
                    "is no role",
                    &format!("`{}`", nearest.unwrap_or_default()),
                ));
            };
            let hint = "words such as \"bold #7dc4e4\", \"black on yellow\" or \"underlined\"";
            let style = value
                .get_ref()
                .as_str()
                .and_then(style)
                .ok_or_else(|| bad(hint))?;
            if let Some(slot) = sheet.styles.get_mut(index) {
                *slot = style;
            }
        }
        Ok(sheet)
    }
}

fn nicks(value: &DeValue<'_>) -> Option<[Option<Color>; NICKS_MAX]> {
    let list = value.as_array()?;
    let mut nicks = [None; NICKS_MAX];
    if list.len() > nicks.len() {
        return None;
    }
    for (slot, value) in nicks.iter_mut().zip(list.iter()) {
        *slot = Some(colour(value.get_ref().as_str()?)?);
    }
    Some(nicks)
}

fn style(text: &str) -> Option<Paint> {
    let mut paint = Paint::default();
    let mut words = text.split_whitespace();
    while let Some(word) = words.next() {
        if word == "on" {
            paint.behind = Some(colour(words.next()?)?);
        } else if let Some((_, weight)) = MODIFIERS.iter().find(|(known, _)| *known == word) {
            paint.weight |= *weight;
        } else {
            paint.front = Some(colour(word)?);
        }
    }
    Some(paint)
}

fn colour(word: &str) -> Option<Color> {
    if let Some(digits) = word.strip_prefix('#') {
        let number = u32::from_str_radix(digits, 16)
            .ok()
            .filter(|_| digits.len() == 6)?;
        let [_, r, g, b] = number.to_be_bytes();
        return Some(Color::Rgb(r, g, b));
    }
    if let Ok(index) = word.parse::<u8>() {
        return Some(Color::Indexed(index));
    }
    let known = COLOURS.iter().find(|(known, _)| *known == word)?;
    Some(known.1)
}
