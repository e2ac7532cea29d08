//! Mode strings: `+ov-b ada grace *!*@spam` taken apart (Modern IRC, "MODE message"). It never applies a change.

/// What a channel mode wants as its parameter (ISUPPORT CHANMODES, types A to D, and PREFIX).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A list (b, e, I): always a parameter; without one it asks for the list.
    List,
    /// A setting with a parameter to set and to clear (k).
    Always,
    /// A setting with a parameter only to set (l).
    WhenSet,
    /// A switch.
    Never,
    /// A member's rank (o, v): always a nick.
    Prefix,
}

/// One change of a mode string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change<'a> {
    /// Set or cleared.
    pub set: bool,
    /// The mode's letter.
    pub letter: char,
    /// Its parameter, where it takes one and one was left.
    pub param: Option<&'a str>,
}

/// Takes a mode string apart. `kind` tells each letter's kind; of unknown letters, which take no parameter, the
/// change is given all the same, so that they can be refused by name.
pub fn parse<'a>(
    letters: &'a str,
    params: &'a [&'a str],
    kind: impl Fn(char) -> Option<Kind> + 'a,
) -> impl Iterator<Item = Change<'a>> {
    let mut set = true;
    let mut params = params.iter().copied();
    letters.chars().filter_map(move |letter| {
        if matches!(letter, '+' | '-') {
            set = letter == '+';
            return None;
        }
        let wants = match kind(letter) {
            Some(Kind::List | Kind::Always | Kind::Prefix) => true,
            Some(Kind::WhenSet) => set,
            Some(Kind::Never) | None => false,
        };
        Some(Change {
            set,
            letter,
            param: if wants { params.next() } else { None },
        })
    })
}

/// Puts changes together as a mode string: letters, then parameters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModeString {
    letters: String,
    params: Vec<String>,
    sign: Option<bool>,
}

impl ModeString {
    /// Adds one change.
    pub fn push(&mut self, set: bool, letter: char, param: Option<&str>) {
        if self.sign != Some(set) {
            self.letters.push(if set { '+' } else { '-' });
            self.sign = Some(set);
        }
        self.letters.push(letter);
        self.params.extend(param.map(str::to_owned));
    }

    /// Whether nothing was added.
    pub fn is_empty(&self) -> bool {
        self.letters.is_empty()
    }

    /// The letters with their signs.
    pub fn letters(&self) -> &str {
        &self.letters
    }

    /// The parameters in order.
    pub fn params(&self) -> &[String] {
        &self.params
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(letter: char) -> Option<Kind> {
        match letter {
            'b' => Some(Kind::List),
            'k' => Some(Kind::Always),
            'l' => Some(Kind::WhenSet),
            'm' => Some(Kind::Never),
            'o' => Some(Kind::Prefix),
            _ => None,
        }
    }

    #[test]
    fn each_letter_takes_what_is_its() {
        let params = ["ada", "5", "key"];
        let changes: Vec<_> = parse("+ol-mk+Zb", &params, kind).collect();
        let flat: Vec<_> = changes.iter().map(|c| (c.set, c.letter, c.param)).collect();
        assert_eq!(
            flat,
            [
                (true, 'o', Some("ada")),
                (true, 'l', Some("5")),
                (false, 'm', None),
                (false, 'k', Some("key")),
                (true, 'Z', None),
                (true, 'b', None),
            ]
        );
        let mut text = ModeString::default();
        for change in changes.iter().filter(|c| kind(c.letter).is_some()) {
            text.push(change.set, change.letter, change.param);
        }
        assert_eq!(text.letters(), "+ol-mk+b");
        assert_eq!(text.params(), ["ada", "5", "key"]);
    }
}
