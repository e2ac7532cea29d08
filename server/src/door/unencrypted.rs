//! Whoever speaks unencrypted at an encrypted door: how they are known, and what they are told. It never lets one in.

use super::browser;

/// What a client is told. It reads IRC.
const ANSWER: &[u8] = b"ERROR :This port is encrypted: connect to it with TLS\r\n";

/// Why the connection ends.
pub(super) const REASON: &str = "Not encrypted on an encrypted port";

/// What is answered to the first bytes of a connection, if they are no record: no record begins with what can be
/// written, so that this is a line.
pub(super) fn answer(first: &[u8]) -> Option<&'static [u8]> {
    first.first().filter(|byte| byte.is_ascii_graphic())?;
    let line = first.split(|byte| *byte == b'\r').next();
    let is_browser = line.is_some_and(browser::is_request);
    Some(if is_browser {
        browser::ENCRYPTED
    } else {
        ANSWER
    })
}
