//! The keys of the config about how parlor behaves: all of them count at once.
//! It must never know what comes of them.

use toml::de::DeValue;

use crate::config::key::Key;
use crate::habits::{Comings, Habits, MENTION_WORDS_MAX, Notify, Typing};
use crate::times::TimeFormat;

/// Every key of them, at the top of the file.
pub(crate) const KEYS: &[Key<Habits>] = &[
    Key {
        name: "mouse",
        right: "true or false",
        set: |habits, value| {
            habits.leaves_mouse = !value.as_bool()?;
            Some(())
        },
    },
    Key {
        name: "typing",
        right: "\"on\", \"shown\" or \"off\"",
        set: |habits, value| {
            habits.typing = match value.as_str()? {
                "on" => Typing::On,
                "shown" => Typing::Shown,
                "off" => Typing::Off,
                _ => return None,
            };
            Some(())
        },
    },
    Key {
        name: "notify",
        right: "\"auto\", \"bell\", \"terminal\" or \"off\"",
        set: |habits, value| {
            habits.notify = match value.as_str()? {
                "auto" => Notify::Auto,
                "bell" => Notify::Bell,
                "terminal" => Notify::Terminal,
                "off" => Notify::Off,
                _ => return None,
            };
            Some(())
        },
    },
    Key {
        name: "mention_words",
        right: "a list of at most 64 words, such as [\"ada's\", \"deploy\"]",
        set: |habits, value| {
            habits.mention_words = words(value)?;
            Some(())
        },
    },
    Key {
        name: "comings",
        right: "\"folded\" or \"hidden\"",
        set: |habits, value| {
            habits.comings = match value.as_str()? {
                "folded" => Comings::Folded,
                "hidden" => Comings::Hidden,
                _ => return None,
            };
            Some(())
        },
    },
    Key {
        name: "time_format",
        right: "words such as \"%H:%M:%S\" (strftime's), in at most 20 cells and without a zone, or \"\" for no times",
        set: |habits, value| {
            habits.time = TimeFormat::new(value.as_str()?)?;
            Some(())
        },
    },
    Key {
        name: "reply_names",
        right: "true or false",
        set: |habits, value| {
            habits.omits_reply_names = !value.as_bool()?;
            Some(())
        },
    },
];

fn words(value: &DeValue<'_>) -> Option<Vec<String>> {
    let words = value.as_array()?;
    let is_few = words.len() <= MENTION_WORDS_MAX;
    let word = |word: &DeValue<'_>| {
        let word = word.as_str()?.trim();
        (!word.is_empty()).then(|| word.to_owned())
    };
    let words = words.iter().map(|one| word(one.get_ref()));
    is_few.then(|| words.collect()).flatten()
}
