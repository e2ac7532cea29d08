//! Invites that were followed: what lets us in at a server, kept in a file of the data folder so that we may come
//! again. It must never be shown to a server other than the one that it is for.

use std::io;
use std::path::{Path, PathBuf};

use base64ct::{Base64UrlUnpadded, Encoding};
use protocol::invite::{Credential, Token};
use ring::rand::{SecureRandom, SystemRandom};

use crate::folder;

/// The file, in the data folder.
const FILE_NAME: &str = "invites";
/// What stands above the lines.
const HEAD: &str = "# Invites that were followed: the server, the room, the token, and the word by which the server knows us again.\n\
                    # Whoever has these can come in our place.\n";
/// Invites that are kept; the oldest go first.
const KEPT_MAX: usize = 100;
/// Random bytes of our word.
const WORD_BYTES: usize = 16;

/// One invite that was followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admission {
    /// The room.
    pub room: String,
    /// The token of the link.
    pub token: Token,
    /// By what the server knows us again; `None` where there was no chance to be had.
    pub word: Option<Token>,
}

impl Admission {
    /// As it is shown to the server.
    pub fn text(&self) -> String {
        let credential = Credential {
            token: self.token.clone(),
            word: self.word.clone(),
        };
        credential.text()
    }
}

/// The file; without a data folder nothing is kept.
#[derive(Clone, Debug, Default)]
pub struct Admissions {
    path: Option<PathBuf>,
}

impl Admissions {
    /// Those in a data folder.
    pub fn of(folder: Option<&Path>) -> Self {
        let path = folder.map(|folder| folder.join(FILE_NAME));
        Self { path }
    }

    /// All for one server, by its address as people write it; the newest last. What cannot be read is none.
    pub fn all(&self, address: &str) -> Vec<Admission> {
        let text = self.path.as_deref().map(folder::read).transpose();
        let text = text.ok().flatten().flatten().unwrap_or_default();
        of_server(&text, address)
    }

    /// A link is followed: all for its server, this one last. Following it again is coming back.
    ///
    /// # Errors
    /// When it cannot be kept; it can be used all the same.
    pub fn follow(
        &self,
        address: &str,
        room: &str,
        token: &Token,
    ) -> (Vec<Admission>, io::Result<()>) {
        let mut all = with(self.all(address), room, token);
        let kept = self.write(address, token, |old| {
            // Another parlor may have followed it a moment ago: then its word is ours, too.
            all = with(of_server(old, address), room, token);
            all.last().cloned()
        });
        (all, kept)
    }

    /// A token opens nothing any more.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn forget(&self, address: &str, token: &Token) -> io::Result<()> {
        self.write(address, token, |_| None)
    }

    /// Puts in the place of a token what `make` makes of the file as it is.
    fn write(
        &self,
        address: &str,
        token: &Token,
        make: impl FnOnce(&str) -> Option<Admission>,
    ) -> io::Result<()> {
        let Some(path) = &self.path else {
            return Ok(());
        };
        folder::change(path, |old| {
            let others = old.lines().filter(|line| {
                parse(line).is_some_and(|(at, known)| {
                    !at.eq_ignore_ascii_case(address) || known.token != *token
                })
            });
            let mut lines: Vec<String> = others.map(str::to_owned).collect();
            if let Some(Admission { room, token, word }) = make(old) {
                let word = word.as_ref().map_or("", Token::as_str);
                lines.push(format!("{address} {room} {} {word}", token.as_str()));
            }
            let excess = lines.len().saturating_sub(KEPT_MAX);
            let mut text = HEAD.to_owned();
            for line in lines.iter().skip(excess) {
                text.push_str(line);
                text.push('\n');
            }
            Some(text)
        })
    }
}

/// These and one that is followed, which comes last; it has the word that it had.
fn with(mut all: Vec<Admission>, room: &str, token: &Token) -> Vec<Admission> {
    let known = all.iter().position(|known| known.token == *token);
    let known = known.map(|place| all.remove(place));
    all.push(Admission {
        room: room.to_owned(),
        token: token.clone(),
        word: known.and_then(|known| known.word).or_else(word),
    });
    all
}

/// All for one server, by its address as people write it; the newest last.
fn of_server(text: &str, address: &str) -> Vec<Admission> {
    let lines = text.lines().filter_map(parse);
    lines
        .filter(|(at, _)| at.eq_ignore_ascii_case(address))
        .map(|(_, admission)| admission)
        .collect()
}

/// A line: address, room, token, word.
fn parse(line: &str) -> Option<(&str, Admission)> {
    let mut words = line.split_whitespace();
    let (address, room, token) = (words.next()?, words.next()?, words.next()?);
    let admission = Admission {
        room: room.to_owned(),
        token: Token::parse(token)?,
        word: words.next().and_then(Token::parse),
    };
    (!address.starts_with('#')).then_some((address, admission))
}

fn word() -> Option<Token> {
    let mut bytes = [0; WORD_BYTES];
    SystemRandom::new().fill(&mut bytes).ok()?;
    Token::parse(&Base64UrlUnpadded::encode_string(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invite_is_kept_with_its_word_until_it_opens_nothing() {
        let name = format!("parlor-admissions-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let admissions = Admissions::of(Some(&folder));
        let token = |text: &str| Token::parse(text).unwrap();
        assert!(admissions.all("h:6697").is_empty());
        let (first, kept) = admissions.follow("h:6697", "#a", &token("one"));
        kept.unwrap();
        assert_eq!(first.len(), 1);
        assert!(first[0].word.is_some());
        admissions.follow("h:6697", "#b", &token("two")).1.unwrap();
        admissions.follow("g:6697", "#b", &token("one")).1.unwrap();
        let (again, _) = admissions.follow("H:6697", "#a", &token("one"));
        assert_eq!(again.len(), 2);
        assert_eq!(again[1], first[0], "the same word, and now the newest");
        assert_ne!(again[0].word, again[1].word);
        assert_eq!(admissions.all("h:6697"), again);
        admissions.forget("h:6697", &token("one")).unwrap();
        assert_eq!(admissions.all("h:6697"), again[..1]);
        assert_eq!(admissions.all("g:6697").len(), 1);
        let text = std::fs::read_to_string(folder.join(FILE_NAME)).unwrap();
        assert_eq!(text.lines().count(), 4, "{text}");
        for number in 0..2 * KEPT_MAX {
            let token = token(&format!("t{number}"));
            admissions.follow("h:6697", "#a", &token).1.unwrap();
        }
        assert_eq!(admissions.all("h:6697").len(), KEPT_MAX);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
