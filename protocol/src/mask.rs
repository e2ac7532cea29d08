//! Masks such as `*!*@host`, matched and completed. It never knows whom a match concerns.

/// Whether `text` matches a mask in which `*` is any run of characters and `?` any one; case does not count.
///
/// Linear in time for each star: a hostile mask cannot make it slow.
pub fn matches(mask: &str, text: &str) -> bool {
    let (mask, text) = (mask.as_bytes(), text.as_bytes());
    let (mut at_mask, mut at_text) = (0, 0);
    // Where to go on if a later part does not fit: behind the last star, one character further.
    let mut retry: Option<(usize, usize)> = None;
    while let Some(byte) = text.get(at_text) {
        match mask.get(at_mask) {
            Some(b'*') => {
                at_mask += 1;
                retry = Some((at_mask, at_text));
            }
            Some(wanted) if *wanted == b'?' || wanted.eq_ignore_ascii_case(byte) => {
                at_mask += 1;
                at_text += 1;
            }
            _ => match retry {
                Some((star, from)) => {
                    at_mask = star;
                    at_text = from + 1;
                    retry = Some((star, from + 1));
                }
                None => return false,
            },
        }
    }
    mask.get(at_mask..)
        .unwrap_or(&[])
        .iter()
        .all(|byte| *byte == b'*')
}

/// Completes a mask as people write it: `nick` to `nick!*@*`, `user@host` to `*!user@host`, a bare address or host
/// to `*!*@host`. Extended bans (`m:`, `a:`…) keep their prefix and have their mask completed.
pub fn complete(mask: &str) -> String {
    if let Some((kind, rest)) = extended(mask) {
        return match kind {
            Extended::Mute => format!("m:{}", complete(rest)),
            Extended::Account => format!("a:{rest}"),
        };
    }
    let has_user = mask.contains('!');
    let has_host = mask.contains('@');
    match (has_user, has_host) {
        (true, true) => mask.to_owned(),
        (true, false) => format!("{mask}@*"),
        (false, true) => format!("*!{mask}"),
        (false, false) if mask.contains('.') || mask.contains(':') => format!("*!*@{mask}"),
        (false, false) => format!("{mask}!*@*"),
    }
}

/// A kind of extended ban.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extended {
    /// `m:mask`: may stay, may not speak.
    Mute,
    /// `a:account`: whoever is logged in as that (ACCOUNTEXTBAN).
    Account,
}

/// The kind of an extended ban and what it applies to.
pub fn extended(mask: &str) -> Option<(Extended, &str)> {
    let (kind, rest) = mask.split_once(':')?;
    match kind {
        "m" | "M" => Some((Extended::Mute, rest)),
        "a" | "account" => Some((Extended::Account, rest)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn stars_and_question_marks() {
        for (mask, text, expected) in [
            ("*", "", true),
            ("a*c", "abbc", true),
            ("a*c", "abcd", false),
            ("A?C", "abc", true),
            ("*!*@host", "ada!u@HOST", true),
            ("*a*a*a*b", "aaaaaaaaaaaaaaaaaaaa", false),
            ("", "a", false),
        ] {
            assert_eq!(matches(mask, text), expected, "{mask} {text}");
        }
    }

    #[test]
    fn short_masks_are_completed() {
        assert_eq!(complete("ada"), "ada!*@*");
        assert_eq!(complete("u@h"), "*!u@h");
        assert_eq!(complete("n!u"), "n!u@*");
        assert_eq!(complete("10.0.0.1"), "*!*@10.0.0.1");
        assert_eq!(complete("m:ada"), "m:ada!*@*");
        assert_eq!(complete("a:ada"), "a:ada");
    }

    proptest! {
        #[test]
        fn a_text_matches_itself_and_its_start(text in "[a-c!@]{0,12}", keep in 0..12_usize) {
            prop_assert!(matches(&text, &text));
            let start: String = text.chars().take(keep).collect();
            let mask = format!("{start}*");
            prop_assert!(matches(&mask, &text));
        }
    }
}
