//! `/invite-link`: links by which people come into a room.
//! It must never make one where the words do not say so plainly.

use protocol::span;

use crate::session::command::{Command, Links};
use crate::update::call::Call;

/// Makes, lists, or takes back.
pub fn invite_link(mut call: Call<'_>) {
    let Some((room, words)) = call.room_first() else {
        return;
    };
    match parse(&words) {
        Some(ask) => call.send(Command::Links { room, ask }),
        None => call.usage(),
    }
}

fn parse(words: &str) -> Option<Links> {
    let words: Vec<&str> = words.split_whitespace().collect();
    match words.as_slice() {
        ["list"] => return Some(Links::List),
        ["revoke", number] => {
            number.parse::<u64>().ok()?;
            return Some(Links::Revoke((*number).to_owned()));
        }
        _ => {}
    }
    let (mut uses, mut lasts) = (None, None);
    for pair in words.chunks(2) {
        match pair {
            ["uses", number] => uses = Some(number.parse().ok()?),
            ["expires", time] => lasts = Some(span::seconds(time)?),
            _ => return None,
        }
    }
    Some(Links::Make { uses, lasts })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_say_what_is_wanted() {
        let make = |uses, lasts| Some(Links::Make { uses, lasts });
        assert_eq!(parse(""), make(None, None));
        assert_eq!(parse("uses 3"), make(Some(3), None));
        assert_eq!(parse("expires 1d uses 3"), make(Some(3), Some(86_400)));
        assert_eq!(parse("list"), Some(Links::List));
        assert_eq!(parse("revoke 7"), Some(Links::Revoke("7".to_owned())));
        for words in [
            "revoke",
            "revoke x",
            "uses",
            "uses x",
            "expires soon",
            "now",
            "list 1",
        ] {
            assert_eq!(parse(words), None, "{words}");
        }
    }
}
