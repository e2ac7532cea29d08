//! Emoji by name: what `:name:` writes and what reactions are chosen from.
//! It must never be the only way to an emoji: any can be pasted.

use unicode_segmentation::UnicodeSegmentation;

/// Names and emoji, those that people react with first.
pub const ALL: &[(&str, &str)] = &[
    ("+1", "👍"),
    ("-1", "👎"),
    ("heart", "❤️"),
    ("joy", "😂"),
    ("smile", "😄"),
    ("grin", "😁"),
    ("wink", "😉"),
    ("tada", "🎉"),
    ("rocket", "🚀"),
    ("eyes", "👀"),
    ("fire", "🔥"),
    ("pray", "🙏"),
    ("clap", "👏"),
    ("wave", "👋"),
    ("ok", "👌"),
    ("check", "✅"),
    ("x", "❌"),
    ("thinking", "🤔"),
    ("cry", "😢"),
    ("sob", "😭"),
    ("angry", "😠"),
    ("sweat_smile", "😅"),
    ("laughing", "😆"),
    ("blush", "😊"),
    ("heart_eyes", "😍"),
    ("kiss", "😘"),
    ("sunglasses", "😎"),
    ("neutral", "😐"),
    ("unamused", "😒"),
    ("sleeping", "😴"),
    ("scream", "😱"),
    ("flushed", "😳"),
    ("party", "🥳"),
    ("hug", "🤗"),
    ("shrug", "🤷"),
    ("facepalm", "🤦"),
    ("muscle", "💪"),
    ("raised_hands", "🙌"),
    ("handshake", "🤝"),
    ("point_up", "☝️"),
    ("point_right", "👉"),
    ("point_left", "👈"),
    ("point_down", "👇"),
    ("victory", "✌️"),
    ("crossed_fingers", "🤞"),
    ("100", "💯"),
    ("star", "⭐"),
    ("sparkles", "✨"),
    ("boom", "💥"),
    ("zap", "⚡"),
    ("bulb", "💡"),
    ("bug", "🐛"),
    ("wrench", "🔧"),
    ("hammer", "🔨"),
    ("gear", "⚙️"),
    ("lock", "🔒"),
    ("key", "🔑"),
    ("package", "📦"),
    ("memo", "📝"),
    ("book", "📖"),
    ("books", "📚"),
    ("link", "🔗"),
    ("pin", "📌"),
    ("calendar", "📅"),
    ("clock", "🕐"),
    ("hourglass", "⏳"),
    ("alarm", "⏰"),
    ("bell", "🔔"),
    ("no_bell", "🔕"),
    ("mail", "✉️"),
    ("phone", "📱"),
    ("laptop", "💻"),
    ("keyboard", "⌨️"),
    ("printer", "🖨️"),
    ("floppy", "💾"),
    ("camera", "📷"),
    ("mag", "🔍"),
    ("warning", "⚠️"),
    ("stop", "🛑"),
    ("question", "❓"),
    ("exclamation", "❗"),
    ("recycle", "♻️"),
    ("robot", "🤖"),
    ("ghost", "👻"),
    ("alien", "👽"),
    ("skull", "💀"),
    ("poop", "💩"),
    ("clown", "🤡"),
    ("cat", "🐱"),
    ("dog", "🐶"),
    ("fox", "🦊"),
    ("bear", "🐻"),
    ("panda", "🐼"),
    ("penguin", "🐧"),
    ("crab", "🦀"),
    ("snake", "🐍"),
    ("turtle", "🐢"),
    ("whale", "🐳"),
    ("octopus", "🐙"),
    ("bee", "🐝"),
    ("butterfly", "🦋"),
    ("unicorn", "🦄"),
    ("sloth", "🦥"),
    ("tree", "🌳"),
    ("flower", "🌸"),
    ("rose", "🌹"),
    ("sunflower", "🌻"),
    ("leaf", "🍃"),
    ("mushroom", "🍄"),
    ("sun", "☀️"),
    ("moon", "🌙"),
    ("cloud", "☁️"),
    ("rain", "🌧️"),
    ("snow", "❄️"),
    ("rainbow", "🌈"),
    ("umbrella", "☔"),
    ("earth", "🌍"),
    ("coffee", "☕"),
    ("tea", "🍵"),
    ("beer", "🍺"),
    ("beers", "🍻"),
    ("wine", "🍷"),
    ("champagne", "🍾"),
    ("pizza", "🍕"),
    ("burger", "🍔"),
    ("fries", "🍟"),
    ("taco", "🌮"),
    ("sushi", "🍣"),
    ("cake", "🍰"),
    ("birthday", "🎂"),
    ("cookie", "🍪"),
    ("doughnut", "🍩"),
    ("chocolate", "🍫"),
    ("apple", "🍎"),
    ("banana", "🍌"),
    ("avocado", "🥑"),
    ("bread", "🍞"),
    ("cheese", "🧀"),
    ("egg", "🥚"),
    ("popcorn", "🍿"),
    ("soccer", "⚽"),
    ("basketball", "🏀"),
    ("trophy", "🏆"),
    ("medal", "🏅"),
    ("dart", "🎯"),
    ("dice", "🎲"),
    ("game", "🎮"),
    ("guitar", "🎸"),
    ("music", "🎵"),
    ("headphones", "🎧"),
    ("art", "🎨"),
    ("movie", "🎬"),
    ("gift", "🎁"),
    ("balloon", "🎈"),
    ("car", "🚗"),
    ("bus", "🚌"),
    ("train", "🚆"),
    ("bike", "🚲"),
    ("airplane", "✈️"),
    ("ship", "🚢"),
    ("house", "🏠"),
    ("office", "🏢"),
    ("school", "🏫"),
    ("tent", "⛺"),
    ("money", "💰"),
    ("chart", "📈"),
    ("chart_down", "📉"),
    ("scissors", "✂️"),
    ("trash", "🗑️"),
    ("broom", "🧹"),
    ("soap", "🧼"),
    ("pill", "💊"),
    ("syringe", "💉"),
    ("dna", "🧬"),
    ("microscope", "🔬"),
    ("telescope", "🔭"),
    ("magnet", "🧲"),
    ("puzzle", "🧩"),
    ("crown", "👑"),
    ("gem", "💎"),
    ("ring", "💍"),
    ("flag", "🚩"),
    ("white_flag", "🏳️"),
    ("broken_heart", "💔"),
    ("blue_heart", "💙"),
    ("green_heart", "💚"),
    ("yellow_heart", "💛"),
    ("purple_heart", "💜"),
    ("black_heart", "🖤"),
    ("mind_blown", "🤯"),
    ("nerd", "🤓"),
    ("monocle", "🧐"),
    ("zany", "🤪"),
    ("salute", "🫡"),
    ("melting", "🫠"),
    ("yawn", "🥱"),
    ("sick", "🤒"),
    ("dizzy", "😵"),
    ("halo", "😇"),
    ("devil", "😈"),
    ("upside_down", "🙃"),
    ("eye_roll", "🙄"),
    ("zipper", "🤐"),
    ("shush", "🤫"),
    ("lying", "🤥"),
    ("drool", "🤤"),
    ("cold", "🥶"),
    ("hot", "🥵"),
    ("pleading", "🥺"),
    ("relieved", "😌"),
    ("worried", "😟"),
    ("confused", "😕"),
    ("astonished", "😲"),
    ("triumph", "😤"),
    ("stuck_out_tongue", "😛"),
    ("ear", "👂"),
    ("brain", "🧠"),
    ("footprints", "👣"),
    ("construction", "🚧"),
    ("ambulance", "🚑"),
    ("siren", "🚨"),
    ("traffic_light", "🚦"),
    ("hourglass_done", "⌛"),
    ("arrow_up", "⬆️"),
    ("arrow_down", "⬇️"),
    ("arrow_left", "⬅️"),
    ("arrow_right", "➡️"),
    ("plus", "➕"),
    ("minus", "➖"),
];

/// Other names of some, by which other programs know them.
const OTHERS: &[(&str, &str)] = &[
    ("thumbs_up", "👍"),
    ("thumbsup", "👍"),
    ("yes", "👍"),
    ("thumbs_down", "👎"),
    ("thumbsdown", "👎"),
    ("no", "👎"),
    ("love", "❤️"),
    ("lol", "😂"),
    ("hooray", "🎉"),
    ("thanks", "🙏"),
    ("hello", "👋"),
    ("bye", "👋"),
    ("white_check_mark", "✅"),
    ("cross", "❌"),
    ("hundred", "💯"),
];

/// Those whose name, or a word of it, begins so; names that begin so come first, and other names last.
pub fn beginning(start: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let start = start.to_ascii_lowercase();
    let others = if start.is_empty() { &[] } else { OTHERS };
    let begins = move |name: &str, of_name: bool| {
        let is_first = name.starts_with(&start);
        let is_later = name.split('_').skip(1).any(|word| word.starts_with(&start));
        if of_name {
            is_first
        } else {
            is_later && !is_first
        }
    };
    let (later, other) = (begins.clone(), begins.clone());
    let first = ALL.iter().filter(move |(name, _)| begins(name, true));
    let rest = ALL.iter().filter(move |(name, _)| later(name, false));
    let others = others.iter().filter(move |(name, _)| other(name, true));
    first.chain(rest).chain(others).copied()
}

/// The one of this name.
pub fn named(name: &str) -> Option<&'static str> {
    let mut all = ALL.iter().chain(OTHERS);
    all.find(|(known, _)| *known == name)
        .map(|(_, emoji)| *emoji)
}

/// Whether this is a single sign that is no letter, digit or other sign of the keyboard.
pub fn is_one(text: &str) -> bool {
    let has_more = text
        .chars()
        .any(|char| !char.is_ascii() && !char.is_alphanumeric());
    has_more && !text.starts_with(char::is_alphabetic) && text.graphemes(true).count() == 1
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_one_each_and_found_by_their_words() {
        let names: BTreeSet<&str> = ALL.iter().map(|(name, _)| *name).collect();
        assert_eq!(names.len(), ALL.len());
        assert_eq!(beginning("tad").next(), Some(("tada", "🎉")));
        let hearts: Vec<&str> = beginning("Heart").map(|(name, _)| name).collect();
        assert_eq!(hearts[..2], ["heart", "heart_eyes"]);
        assert!(hearts.contains(&"green_heart"));
        assert_eq!(beginning("thumb").next(), Some(("thumbs_up", "👍")));
        assert_eq!(beginning("").count(), ALL.len());
        assert!(OTHERS.iter().all(|(name, _)| !names.contains(name)));
    }

    #[test]
    fn a_single_emoji_is_told_from_words() {
        for text in ["🦩", "👩‍👩‍👧", "❤️", "🇩🇪", "1️⃣"] {
            assert!(is_one(text), "{text}");
        }
        for text in ["thumb", "é", "x", "+1", "", "!", "🦩🦩", "水"] {
            assert!(!is_one(text), "{text}");
        }
    }
}
