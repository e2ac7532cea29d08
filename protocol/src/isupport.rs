//! The tokens of RPL_ISUPPORT (005), written and read. It never decides what a server supports.

use std::fmt::Write as _;

/// One token, such as `NICKLEN=32`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The name, in capitals.
    pub name: String,
    /// The value, if there is one.
    pub value: Option<String>,
    /// Whether it is taken back (`-NAME`).
    pub negated: bool,
}

impl Token {
    /// Reads a token; `\xHH` in its value is undone.
    pub fn parse(text: &str) -> Self {
        let (negated, text) = text
            .strip_prefix('-')
            .map_or((false, text), |rest| (true, rest));
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name, Some(unescape(value))),
            None => (text, None),
        };
        Self {
            name: name.to_owned(),
            value,
            negated,
        }
    }
}

/// Writes `name`, or `name=value` with what cannot stand in a parameter as `\xHH`.
pub fn token(name: &str, value: &str) -> String {
    if value.is_empty() {
        return name.to_owned();
    }
    let mut text = format!("{name}=");
    for c in value.chars() {
        if matches!(c, ' ' | '\\' | '=') {
            // Writing to a String cannot fail.
            let _ = write!(text, "\\x{:02X}", u32::from(c));
        } else {
            text.push(c);
        }
    }
    text
}

fn unescape(value: &str) -> String {
    let mut pieces = value.split("\\x");
    let mut text = pieces.next().unwrap_or("").to_owned();
    for piece in pieces {
        let code = piece
            .get(..2)
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match code {
            Some(code) if code.is_ascii() => {
                text.push(char::from(code));
                text.push_str(piece.get(2..).unwrap_or(""));
            }
            _ => {
                text.push_str("\\x");
                text.push_str(piece);
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_read_as_they_were_written() {
        for (name, value) in [
            ("NETWORK", "My Net=\\x"),
            ("UTF8ONLY", ""),
            ("PREFIX", "(ov)@+"),
        ] {
            let read = Token::parse(&token(name, value));
            assert_eq!(read.name, name);
            assert_eq!(read.value.unwrap_or_default(), value);
        }
        assert!(Token::parse("-TOPICLEN").negated);
    }
}
