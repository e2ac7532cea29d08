//! How everything looks on this terminal: what the user chose, what the terminal said, and what it said the last time.
//! It must never draw, nor keep a key that is the user's.

use crossterm::event::Event;

use crate::backdrops::Backdrops;
use crate::background::{Answer, Taken};
use crate::session::event::Millis;
use crate::theme::{Look, Sheet, Theme};

/// The look of a terminal, and what waits for its answer.
#[derive(Debug)]
pub struct Scene {
    look: Look,
    theme: Theme,
    /// What waits for the terminal to say what is behind its text.
    answer: Option<Answer>,
    backdrops: Backdrops,
}

impl Scene {
    /// The look that was chosen, on what was behind this terminal's text the last time.
    pub fn new(mut look: Look, backdrops: Backdrops) -> Self {
        look.remembered = backdrops.last();
        Self {
            theme: look.theme(),
            look,
            answer: None,
            backdrops,
        }
    }

    /// The styles.
    pub fn theme(&self) -> Theme {
        self.theme
    }

    /// The user chose a theme, or the one that fits.
    pub fn choose(&mut self, sheet: Option<Sheet>) {
        self.look.chosen = sheet;
        self.theme = self.look.theme();
    }

    /// Whether the terminal is to be asked what is behind its text; from then on its answer is waited for.
    pub fn asks(&mut self, now: Millis) -> bool {
        let is_due = self.answer.is_none() && self.look.is_background_wanted();
        if is_due {
            self.answer = Some(Answer::new(now));
        }
        is_due
    }

    /// Takes what came from the terminal; what of it is the user's.
    pub fn take(&mut self, event: Event, now: Millis) -> Vec<Event> {
        let Some(mut answer) = self.answer.take() else {
            return vec![event];
        };
        match answer.take(event, now) {
            Taken::Held => {
                self.answer = Some(answer);
                Vec::new()
            }
            Taken::Passed(events) => {
                self.answer = Some(answer);
                events
            }
            Taken::Over(events) => events,
            Taken::Answered(background) => {
                self.look.surroundings.background = Some(background);
                self.theme = self.look.theme();
                self.backdrops.keep(background);
                Vec::new()
            }
        }
    }

    /// Whether an answer may be on its way, which would come to whatever reads the terminal next.
    pub fn is_near(&self, now: Millis) -> bool {
        self.answer
            .as_ref()
            .is_some_and(|answer| answer.is_near(now))
    }
}

#[cfg(test)]
mod tests {
    use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

    use super::*;
    use crate::theme::{Role, Surroundings};

    fn scene(folder: &std::path::Path) -> Scene {
        let look = Look {
            surroundings: Surroundings::from_environment(None, Some("truecolor"), None, None),
            chosen: None,
            remembered: None,
        };
        Scene::new(
            look,
            Backdrops::of(Some(folder), |_| Some("xterm".to_owned())),
        )
    }

    #[test]
    fn the_first_frame_has_the_colours_of_the_last_answer() {
        let folder = std::env::temp_dir().join(format!("parlor-scene-{}", std::process::id()));
        let mut first = scene(&folder);
        let dark = first.theme();
        assert!(first.asks(0) && !first.asks(0), "asked once");
        let key = |code, modifiers| Event::Key(KeyEvent::new(code, modifiers));
        let mut answer = vec![key(KeyCode::Char(']'), KeyModifiers::ALT)];
        let text = "11;rgb:ffff/ffff/ffff".chars();
        answer.extend(text.map(|char| key(KeyCode::Char(char), KeyModifiers::NONE)));
        answer.push(key(KeyCode::Char('\\'), KeyModifiers::ALT));
        let typed: Vec<Event> = answer
            .into_iter()
            .flat_map(|event| first.take(event, 1))
            .collect();
        assert_eq!(typed, []);
        assert_ne!(first.theme(), dark);
        let mut second = scene(&folder);
        assert_eq!(second.theme(), first.theme());
        // It may be another background by now.
        assert!(second.asks(2));
        second.choose(Sheet::built_in("dark"));
        assert_eq!(second.theme().style(Role::Accent), dark.style(Role::Accent));
        std::fs::remove_dir_all(folder).unwrap();
    }
}
