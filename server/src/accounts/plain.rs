//! SASL PLAIN (RFC 4616): one message with a name and a password. It never keeps either.

/// What a PLAIN message says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Plain<'a> {
    /// Whose account.
    pub(super) account: &'a str,
    /// Its password.
    pub(super) password: &'a [u8],
}

/// Reads `authzid NUL authcid NUL password`; somebody who asks to be somebody else (authzid) is refused.
pub(super) fn parse(message: &[u8]) -> Option<Plain<'_>> {
    let mut parts = message.split(|byte| *byte == 0);
    let (as_whom, account, password) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let account = std::str::from_utf8(account).ok()?;
    let is_self = as_whom.is_empty() || as_whom.eq_ignore_ascii_case(account.as_bytes());
    (is_self && !account.is_empty()).then_some(Plain { account, password })
}

#[cfg(test)]
mod tests;
