//! Commands of the user's own: a name for a command that is there, with places for what is written behind it.
//! It must never stand for another alias, nor for a name that a command has: what runs can be read in one line.

use crate::slash;

/// The most aliases.
pub const ALIASES_MAX: usize = 200;
/// The longest name, in bytes.
const NAME_BYTES_MAX: usize = 32;
/// The longest line that one may stand for, in bytes.
const LINE_BYTES_MAX: usize = 400;

/// A name, and what it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    /// What is written behind the slash; in small letters.
    pub name: String,
    /// The command, without its slash, with `$1`, `$2-`, `$channel` and their kin.
    pub line: String,
}

/// Where an alias is written.
#[derive(Clone, Copy, Debug, Default)]
pub struct Place<'a> {
    /// The room of the open window, or whom one talks with there.
    pub channel: Option<&'a str>,
    /// Our nick.
    pub nick: &'a str,
    /// The network.
    pub server: &'a str,
}

/// What an alias cannot be filled with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// This word behind it, counted from 1.
    Word(usize),
    /// A room, or somebody: the window has none.
    Channel,
}

/// A piece of an alias's line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece<'a> {
    /// As it is.
    Plain(&'a str),
    /// This word.
    Word(usize),
    /// This word and all behind it; there may be none.
    From(usize),
    /// The room.
    Channel,
    /// Our nick.
    Nick,
    /// The network.
    Server,
}

impl Alias {
    /// An alias of a file.
    ///
    /// # Errors
    /// What would be right, for people.
    pub fn new(name: &str, line: &str) -> Result<Self, String> {
        let name = name.to_lowercase();
        let is_word = |char: char| char.is_alphanumeric() || matches!(char, '-' | '_');
        if name.is_empty() || name.len() > NAME_BYTES_MAX || !name.chars().all(is_word) {
            return Err(format!(
                "a name of letters, digits, - and _, of at most {NAME_BYTES_MAX} bytes"
            ));
        }
        if slash::named(&name).is_some() {
            return Err(format!("another name: /{name} is a command of parlor's"));
        }
        let line = line.trim();
        let line = line.strip_prefix('/').unwrap_or(line);
        let verb = line.split_whitespace().next().unwrap_or_default();
        let is_short = line.len() <= LINE_BYTES_MAX && !line.contains(['\r', '\n', '\0']);
        if !is_short || slash::named(verb).is_none() {
            let right = match slash::misspelt::nearest(verb) {
                Some(near) => format!("a line that begins with a command, such as \"{near} $1\""),
                None => "a line that begins with a command, such as \"whois $1 $1\"".to_owned(),
            };
            return Err(right);
        }
        let line = line.to_owned();
        Ok(Self { name, line })
    }

    /// The line with all places filled; what is written behind an alias without places comes at its end.
    ///
    /// # Errors
    /// The first thing that is missing.
    pub fn filled(&self, rest: &str, place: Place<'_>) -> Result<String, Missing> {
        let rest = rest.trim();
        let words: Vec<&str> = rest.split_whitespace().collect();
        let mut line = String::new();
        let mut takes_words = false;
        for piece in pieces(&self.line) {
            match piece {
                Piece::Plain(text) => line.push_str(text),
                Piece::Word(number) => {
                    takes_words = true;
                    let word = words.get(number - 1).ok_or(Missing::Word(number))?;
                    line.push_str(word);
                }
                Piece::From(number) => {
                    takes_words = true;
                    line.push_str(behind(rest, number - 1));
                }
                Piece::Channel => line.push_str(place.channel.ok_or(Missing::Channel)?),
                Piece::Nick => line.push_str(place.nick),
                Piece::Server => line.push_str(place.server),
            }
        }
        if !takes_words && !rest.is_empty() {
            line.push(' ');
            line.push_str(rest);
        }
        Ok(line.trim_end().to_owned())
    }

    /// Whether what it stands for, with this behind it, carries a secret.
    pub fn is_secret(&self, rest: &str) -> bool {
        let place = Place {
            channel: Some("#"),
            ..Place::default()
        };
        // What does not run says no secret either, and may be one with a word forgotten.
        self.filled(rest, place)
            .map_or(true, |line| slash::is_secret(&line))
    }
}

/// What follows the first so many words, as it was written.
fn behind(text: &str, count: usize) -> &str {
    (0..count).fold(text, |rest, _| {
        rest.split_once(char::is_whitespace)
            .map_or("", |(_, rest)| rest.trim_start())
    })
}

/// The line in pieces; a dollar that begins no place is one, and so are two.
fn pieces(line: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = line;
    while let Some((plain, after)) = rest.split_once('$') {
        pieces.push(Piece::Plain(plain));
        let (piece, length) = place(after);
        pieces.push(piece);
        rest = after.get(length..).unwrap_or_default();
    }
    pieces.push(Piece::Plain(rest));
    pieces
}

/// The place that begins behind a dollar, and its length.
fn place(after: &str) -> (Piece<'_>, usize) {
    let named = [
        ("channel", Piece::Channel),
        ("nick", Piece::Nick),
        ("server", Piece::Server),
        ("*", Piece::From(1)),
        ("$", Piece::Plain("$")),
    ];
    for (name, piece) in named {
        if after.starts_with(name) {
            return (piece, name.len());
        }
    }
    let digit = after.chars().next().and_then(|char| char.to_digit(10));
    let number = digit.and_then(|digit| usize::try_from(digit).ok());
    match number.filter(|number| *number > 0) {
        Some(number) if after.get(1..2) == Some("-") => (Piece::From(number), 2),
        Some(number) => (Piece::Word(number), 1),
        None => (Piece::Plain("$"), 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Place<'_> = Place {
        channel: Some("#ops"),
        nick: "ada",
        server: "libera",
    };

    #[track_caller]
    fn check(line: &str, rest: &str, want: Result<&str, Missing>) {
        let alias = Alias::new("x", line).unwrap();
        assert_eq!(alias.filled(rest, HERE).as_deref(), want.as_ref().copied());
    }

    #[test]
    fn places_are_filled() {
        check("whois $1 $1", "bob", Ok("whois bob bob"));
        check("/whois $1 $1", "", Err(Missing::Word(1)));
        check(
            "kick $1 $2-",
            "bob  out  you go",
            Ok("kick bob out  you go"),
        );
        check("kick $1 $2-", "bob", Ok("kick bob"));
        check(
            "msg ChanServ op $channel $nick",
            "",
            Ok("msg ChanServ op #ops ada"),
        );
        check("msg $* at $server", "bob hi", Ok("msg bob hi at libera"));
        check("me costs 5$ and $$1", "", Ok("me costs 5$ and $1"));
    }

    #[test]
    fn words_behind_an_alias_without_places_come_at_its_end() {
        check("msg NickServ", "help set", Ok("msg NickServ help set"));
        check("join #ops", "", Ok("join #ops"));
    }

    #[test]
    fn only_a_command_that_is_there_gets_a_new_name() {
        assert!(Alias::new("wii", "whois $1").is_ok());
        for (name, line) in [
            ("", "whois"),
            ("a b", "whois"),
            ("join", "whois"),
            ("j", "whois"),
            ("x", "wii $1"),
            ("x", ""),
            ("x", "say a\nQUIT"),
        ] {
            assert!(Alias::new(name, line).is_err(), "{name} = {line:?}");
        }
    }

    #[test]
    fn a_secret_is_one_by_another_name_too() {
        let alias = Alias::new("ident", "msg NickServ identify $1").unwrap();
        assert!(alias.is_secret("sesame"));
        let alias = Alias::new("wii", "whois $1 $1").unwrap();
        assert!(!alias.is_secret("bob"));
    }
}
