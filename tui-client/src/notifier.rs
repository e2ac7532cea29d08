//! How this terminal is asked to show a notification: OSC 9 or OSC 777, and through tmux or screen to the one behind.
//! It must never be given a text with control characters in it; it takes them out.

/// Characters of a notification: more than any terminal shows.
const CHARS_MAX: usize = 200;

/// The sequence that the terminal knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Way {
    /// OSC 9: iTerm2, kitty, WezTerm, Ghostty, Windows Terminal; others pass over it.
    #[default]
    Nine,
    /// OSC 777: VTE (GNOME Terminal and its kin), foot, rxvt-unicode.
    Named,
}

/// What stands between us and the terminal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Between {
    /// Nothing.
    #[default]
    Nothing,
    /// tmux, which passes on what is wrapped, where `allow-passthrough` is on.
    Tmux,
    /// GNU screen, which passes on what is wrapped.
    Screen,
}

/// How a notification is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Notifier {
    way: Way,
    between: Between,
}

impl Notifier {
    /// As the environment tells; `word` gives a variable's value.
    pub fn from_environment(word: impl Fn(&str) -> Option<String>) -> Self {
        let term = word("TERM").unwrap_or_default();
        let is_named = word("VTE_VERSION").is_some()
            || ["foot", "rxvt"].iter().any(|name| term.starts_with(name));
        let between = if word("TMUX").is_some() {
            Between::Tmux
        } else if word("STY").is_some() {
            Between::Screen
        } else {
            Between::Nothing
        };
        let way = if is_named { Way::Named } else { Way::Nine };
        Self { way, between }
    }

    /// The bytes that show this text.
    pub fn sequence(self, text: &str) -> String {
        let clean = text.chars().filter(|c| !c.is_control());
        let sequence = match self.way {
            Way::Nine => {
                let clean: String = clean.take(CHARS_MAX).collect();
                format!("\u{1b}]9;{clean}\u{1b}\\")
            }
            Way::Named => {
                // A semicolon would begin another field.
                let clean = clean.map(|c| if c == ';' { ',' } else { c });
                let clean: String = clean.take(CHARS_MAX).collect();
                format!("\u{1b}]777;notify;parlor;{clean}\u{1b}\\")
            }
        };
        match self.between {
            Between::Nothing => sequence,
            Between::Tmux => {
                let doubled = sequence.replace('\u{1b}', "\u{1b}\u{1b}");
                format!("\u{1b}Ptmux;{doubled}\u{1b}\\")
            }
            // What ends the inner sequence would end the outer one: a bell ends it as well.
            Between::Screen => {
                let inner = sequence.replace("\u{1b}\\", "\u{7}");
                format!("\u{1b}P{inner}\u{1b}\\")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(variables: &[(&str, &str)], text: &str) -> String {
        let word = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        Notifier::from_environment(word).sequence(text)
    }

    #[test]
    fn each_terminal_is_asked_as_it_knows_it() {
        let kitty = [("TERM", "xterm-kitty")];
        assert_eq!(shown(&kitty, "ken: a;b\u{7}"), "\u{1b}]9;ken: a;b\u{1b}\\");
        let named = "\u{1b}]777;notify;parlor;ken: a,b\u{1b}\\";
        for variable in [
            ("VTE_VERSION", "7200"),
            ("TERM", "foot"),
            ("TERM", "rxvt-unicode"),
        ] {
            assert_eq!(shown(&[variable], "ken: a;b"), named);
        }
    }

    #[test]
    fn tmux_and_screen_pass_it_on() {
        let tmux = [("TMUX", "/run/tmux,1,0"), ("TERM", "tmux-256color")];
        assert_eq!(
            shown(&tmux, "hi"),
            "\u{1b}Ptmux;\u{1b}\u{1b}]9;hi\u{1b}\u{1b}\\\u{1b}\\"
        );
        let screen = [("STY", "1.pts"), ("TERM", "screen")];
        assert_eq!(shown(&screen, "hi"), "\u{1b}P\u{1b}]9;hi\u{7}\u{1b}\\");
    }
}
