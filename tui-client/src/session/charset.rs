//! What bytes mean that are no UTF-8: people of older programs write Windows-1252, which holds Latin-1.
//! It must never change a line that is UTF-8, nor guess where a part of it is.

use std::borrow::Cow;

/// What 0x80 to 0x9F are in Windows-1252; five of them are nothing there.
const HIGH: [char; 32] = [
    '€', '\u{fffd}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{fffd}', 'Ž',
    '\u{fffd}', '\u{fffd}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{fffd}',
    'ž', 'Ÿ',
];

/// A line as text. One that has any character in UTF-8 beyond ASCII was cut or damaged: what is wrong in it is shown so.
pub(crate) fn text(line: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(line) {
        return Cow::Borrowed(text);
    }
    let is_ours = line.utf8_chunks().any(|chunk| !chunk.valid().is_ascii());
    if is_ours {
        return String::from_utf8_lossy(line);
    }
    Cow::Owned(line.iter().map(|byte| meant(*byte)).collect())
}

fn meant(byte: u8) -> char {
    let high = byte.checked_sub(0x80).map(usize::from);
    high.and_then(|index| HIGH.get(index).copied())
        .unwrap_or_else(|| char::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf8_stays_and_what_is_none_is_read_as_windows_1252() {
        for (line, shown) in [
            ("café 世界".as_bytes(), "café 世界"),
            (b"caf\xe9", "café"),
            (b"\x93gr\xfc\xdfe\x94 \x80 5", "“grüße” € 5"),
            (b"caf\xc3\xa9 \xe2\x82", "café \u{fffd}"),
            (b"\x81", "\u{fffd}"),
        ] {
            assert_eq!(text(line), shown);
        }
    }
}
