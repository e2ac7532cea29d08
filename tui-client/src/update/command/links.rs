//! `/invite-link`: links by which people come into a room.
//! It must never make one where the words do not say so plainly.

use protocol::{name, span};

use crate::deeds;
use crate::effect::Effect;
use crate::entry::Tone;
use crate::ids::NetworkId;
use crate::session::command::{Command, Links};
use crate::update::call::Call;

/// Makes, lists, or takes back.
pub fn invite_link(mut call: Call<'_>) {
    let Some((room, words)) = call.room_first() else {
        return;
    };
    if words.trim() == "open" {
        return open(call, room);
    }
    match parse(&words) {
        Some(ask) => call.send(Command::Links { room, ask }),
        None => call.usage(),
    }
}

/// Lets friends on other machines in, where the server runs in this process.
fn open(call: Call<'_>, room: String) {
    let on = call.model.on();
    if on == NetworkId::FIRST && call.model.hosting.is_some() {
        call.effects.push(Effect::OpenDoor { on, room });
    } else {
        let text = "Whoever runs this server opens its doors: it is not run by this parlor.";
        deeds::note_here(call.model, Tone::Trouble, text);
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
    let (mut uses, mut lasts, mut at) = (None, None, None);
    for pair in words.chunks(2) {
        match pair {
            ["uses", number] => uses = Some(number.parse().ok()?),
            ["expires", time] => lasts = Some(span::seconds(time)?),
            ["at", host] if name::is_host(host) => at = Some((*host).to_owned()),
            _ => return None,
        }
    }
    Some(Links::Make { uses, lasts, at })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_say_what_is_wanted() {
        let make = |uses, lasts| {
            let at = None;
            Some(Links::Make { uses, lasts, at })
        };
        assert_eq!(parse(""), make(None, None));
        assert_eq!(parse("uses 3"), make(Some(3), None));
        assert_eq!(parse("expires 1d uses 3"), make(Some(3), Some(86_400)));
        let at = Some("chat.example".to_owned());
        let (uses, lasts) = (Some(3), None);
        assert_eq!(
            parse("at chat.example uses 3"),
            Some(Links::Make { uses, lasts, at })
        );
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
            "at",
            "at a/b",
        ] {
            assert_eq!(parse(words), None, "{words}");
        }
    }
}
