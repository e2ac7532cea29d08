//! The first start: who you are, and whether you host here or join somewhere; one Enter takes what is offered.
//! It must never be in the way of anybody who has a config or says on the command line what they want.

mod drawn;

use crossterm::event::{Event, KeyCode, KeyEventKind};

use crate::action::Action;
use crate::cli::Cli;
use crate::editor::Editor;
use crate::host;
use crate::keymap::{Chord, Keymap};
use crate::model::kills::Kills;
use crate::preferences::{Answer, Preferences};
use crate::update::edit;

pub use drawn::draw;

/// The longest nick; the server may allow less and says so.
const NICK_BYTES_MAX: usize = 64;

/// What the cursor is in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Field {
    /// The nick.
    #[default]
    Nick,
    /// "Host here", or "join here" where somebody hosts already.
    Here,
    /// "Host here" with a door for friends on other machines, where nobody hosts yet.
    Open,
    /// "Join", with the address.
    There,
}

/// Where to go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Way {
    #[default]
    Here,
    Open,
    There,
}

/// What remains to be done after a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Draw, and wait for the next.
    Ask,
    /// Begin with what was chosen: words as the command line has them, and settings to be kept.
    Begin(Box<Chosen>),
    /// Begin with the defaults.
    Skip,
    /// End the program.
    Quit,
}

/// What was chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// As if it had been given on the command line.
    pub cli: Cli,
    /// What the config is to keep: keys, and values as `/set` takes them.
    pub settings: Vec<(&'static str, String)>,
    /// Whether friends on other machines are to come in here.
    pub is_open: bool,
}

/// The screen of the first start.
#[derive(Clone, Debug, Default)]
pub struct FirstStart {
    nick: Editor,
    address: Editor,
    field: Field,
    /// Which of the ways is chosen.
    way: Way,
    /// Whether somebody hosts on this machine already.
    is_hosted: bool,
    /// What is wrong with what is written.
    wrong: String,
    keymap: Keymap,
    kills: Kills,
}

impl Chosen {
    /// What following an invite at the first start chooses, which asks nothing; `None`: the command line wants more.
    pub fn followed(cli: &Cli) -> Option<Self> {
        let invite = cli.invite.clone()?;
        let nick = cli.nick.clone();
        let only = Cli {
            invite: Some(invite.clone()),
            nick: nick.clone(),
            ..Cli::default()
        };
        if *cli != only {
            return None;
        }
        let mut chosen = Self::default();
        let nick = nick.map(|nick| ("nickname", nick));
        chosen.settings.extend(nick);
        there(&invite.to_string(), &mut chosen).ok()?;
        Some(chosen)
    }

    /// Writes it down, so that nobody is asked again; what cannot be kept is asked at the next start. What there is to
    /// say of that.
    pub fn keep(&self, preferences: &mut Preferences) -> Answer {
        let settings = self.settings.iter();
        let mut answers: Vec<Answer> = settings
            .map(|(name, value)| preferences.set(name, value))
            .collect();
        if self.is_open {
            answers.push(preferences.keep_door(host::DOOR));
        }
        let trouble = answers.into_iter().find(|answer| answer.is_trouble);
        trouble.unwrap_or_else(|| Answer {
            words: vec![
                "From now on parlor comes here by itself; /set host changes that.".to_owned(),
            ],
            ..Answer::default()
        })
    }
}

impl FirstStart {
    /// The screen with a nick offered; `is_hosted`: somebody hosts on this machine already.
    pub fn new(nick: &str, is_hosted: bool) -> Self {
        let mut first = Self {
            is_hosted,
            ..Self::default()
        };
        first.nick.insert(nick);
        first
    }

    /// Takes what came from the terminal.
    pub fn take(&mut self, event: &Event) -> Next {
        match event {
            Event::Paste(text) => {
                let line = text.lines().next().unwrap_or_default().trim();
                self.write(line);
            }
            Event::Key(key) if key.kind != KeyEventKind::Release => {
                let chord = Chord::of(*key);
                self.wrong.clear();
                match (key.code, self.keymap.action(chord)) {
                    (KeyCode::Enter, _) => return self.begin(),
                    (KeyCode::Esc, _) => return Next::Skip,
                    (_, Some(Action::Interrupt | Action::Quit)) => return Next::Quit,
                    (KeyCode::Tab | KeyCode::Down, _) => self.go(true),
                    (KeyCode::BackTab | KeyCode::Up, _) => self.go(false),
                    (KeyCode::Char(char), _) if chord.is_text() => self.write(&char.to_string()),
                    (_, Some(action)) if action != Action::Newline => self.edit(action),
                    _ => {}
                }
            }
            _ => {}
        }
        Next::Ask
    }

    /// Writes; who writes where there is nothing to be written means an address.
    fn write(&mut self, text: &str) {
        if matches!(self.field, Field::Here | Field::Open) {
            self.field = Field::There;
            self.way = Way::There;
        }
        if let Some(editor) = self.editor() {
            editor.insert(text);
        }
    }

    fn edit(&mut self, action: Action) {
        let mut kills = std::mem::take(&mut self.kills);
        if let Some(editor) = self.editor() {
            edit::run(action, editor, &mut kills);
        }
        self.kills = kills;
    }

    fn editor(&mut self) -> Option<&mut Editor> {
        match self.field {
            Field::Nick => Some(&mut self.nick),
            Field::Here | Field::Open => None,
            Field::There => Some(&mut self.address),
        }
    }

    fn go(&mut self, is_down: bool) {
        let fields: &[Field] = if self.is_hosted {
            &[Field::Nick, Field::Here, Field::There]
        } else {
            &[Field::Nick, Field::Here, Field::Open, Field::There]
        };
        let mut round = fields.iter().cycle();
        let at = fields.iter().position(|field| *field == self.field);
        let steps = if is_down { 1 } else { fields.len() - 1 };
        let next = round.nth(at.unwrap_or_default() + steps);
        self.field = next.copied().unwrap_or_default();
        // Where the cursor was last is what is meant.
        self.way = match self.field {
            Field::Nick => return,
            Field::Here => Way::Here,
            Field::Open => Way::Open,
            Field::There => Way::There,
        };
    }

    fn begin(&mut self) -> Next {
        let nick = self.nick.text().trim().to_owned();
        if protocol::name::check_nick(&nick, NICK_BYTES_MAX).is_err() {
            self.field = Field::Nick;
            "Letters, digits and -_[]\\`^{}|".clone_into(&mut self.wrong);
            return Next::Ask;
        }
        let mut chosen = Chosen::default();
        chosen.settings.push(("nickname", nick.clone()));
        chosen.cli.nick = Some(nick);
        chosen.is_open = self.way == Way::Open;
        if self.way == Way::There
            && let Err(why) = there(self.address.text().trim(), &mut chosen)
        {
            self.field = Field::There;
            why.clone_into(&mut self.wrong);
            return Next::Ask;
        }
        Next::Begin(Box::new(chosen))
    }
}

const NOWHERE: &str = "Needs an address or an invite link";
const NO_LINK: &str = "That is no whole parlor:// link";
const NO_PORT: &str = "A port is a number from 1 to 65535";

/// Understands where to go: an invite link, or a host with or without a port; what is wrong if it is neither.
fn there(text: &str, chosen: &mut Chosen) -> Result<(), &'static str> {
    if text.contains("://") {
        let Ok(invite) = text.parse::<protocol::invite::Invite>() else {
            return Err(NO_LINK);
        };
        chosen.settings.push(("host", invite.host.clone()));
        let port = invite.port.map(|port| ("port", port.to_string()));
        let room = invite.room.clone().map(|room| ("rooms", room));
        chosen.settings.extend(port.into_iter().chain(room));
        chosen.cli.invite = Some(invite);
        return Ok(());
    }
    // An IPv6 address has more than one colon, and stands in brackets where a port follows.
    let bare = text.trim_matches(['[', ']']);
    let parted = text
        .rsplit_once(':')
        .filter(|(host, _)| !host.contains(':') || (host.starts_with('[') && host.ends_with(']')));
    let (host, port) = match parted {
        Some((host, port)) => match port.parse::<u16>() {
            Ok(port) if port > 0 => (host.trim_matches(['[', ']']), Some(port)),
            _ => return Err(NO_PORT),
        },
        None => (bare, None),
    };
    if !protocol::name::is_host(host) {
        return Err(NOWHERE);
    }
    chosen.settings.push(("host", host.to_owned()));
    chosen
        .settings
        .extend(port.map(|port| ("port", port.to_string())));
    chosen.cli.host = Some(host.to_owned());
    chosen.cli.port = port;
    Ok(())
}

#[cfg(test)]
mod tests;
