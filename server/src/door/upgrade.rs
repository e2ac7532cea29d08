//! The HTTP request that opens a WebSocket, and its answer (RFC 6455, 4.2). It never serves a page.

use base64ct::{Base64, Encoding};

/// Bytes of a request, at most.
pub(crate) const REQUEST_BYTES_MAX: usize = 8192;

/// What is joined to the client's key, so that no other server could have answered by chance.
const MAGIC: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// The two ways of IRCv3: lines as text, which is UTF-8, or as bytes.
const TEXT: &str = "text.ircv3.net";
const BINARY: &str = "binary.ircv3.net";

/// What a request came to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Upgrade {
    /// The answer that opens the WebSocket, and whether lines go as text.
    Accepted(String, bool),
    /// The answer that says why not.
    Refused(String),
}

/// Answers a whole request; `origins` are the pages that may connect.
pub(crate) fn answer(request: &[u8], origins: &[String]) -> Upgrade {
    let Ok(text) = std::str::from_utf8(request) else {
        return refused("400 Bad Request", "This is no HTTP.");
    };
    let mut lines = text.lines();
    let first = lines.next().unwrap_or("");
    if !first.starts_with("GET ") || !first.ends_with(" HTTP/1.1") {
        return refused("400 Bad Request", "This port speaks WebSocket.");
    }
    let headers: Vec<(&str, &str)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.trim(), value.trim()))
        .collect();
    let all = |wanted: &str| -> Vec<&str> {
        let named = headers
            .iter()
            .filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
        named
            .flat_map(|(_, value)| value.split(','))
            .map(str::trim)
            .collect()
    };
    let has = |name: &str, word: &str| all(name).iter().any(|one| one.eq_ignore_ascii_case(word));
    if !has("Upgrade", "websocket") || !has("Connection", "upgrade") {
        return refused("426 Upgrade Required", "This port speaks WebSocket.");
    }
    if !has("Sec-WebSocket-Version", "13") {
        return refused("426 Upgrade Required", "Only version 13 is spoken here.");
    }
    // A browser tells which page a connection comes from; a program of its own has no page.
    if let Some(origin) = all("Origin").first()
        && !origins
            .iter()
            .any(|one| one == "*" || one.eq_ignore_ascii_case(origin))
    {
        return refused("403 Forbidden", "That page may not connect here.");
    }
    let keys = all("Sec-WebSocket-Key");
    let [key] = keys.as_slice() else {
        return refused("400 Bad Request", "One Sec-WebSocket-Key is needed.");
    };
    let offered = all("Sec-WebSocket-Protocol");
    let chosen = offered.iter().find(|one| **one == TEXT || **one == BINARY);
    let digest = ::ring::digest::digest(
        &::ring::digest::SHA1_FOR_LEGACY_USE_ONLY,
        format!("{key}{MAGIC}").as_bytes(),
    );
    let accept = Base64::encode_string(digest.as_ref());
    let protocol = chosen.map_or_else(String::new, |chosen| {
        format!("Sec-WebSocket-Protocol: {chosen}\r\n")
    });
    let answer = format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
        Sec-WebSocket-Accept: {accept}\r\n{protocol}\r\n"
    );
    // Who asks for neither gets text: what every browser can read.
    Upgrade::Accepted(answer, chosen != Some(&BINARY))
}

fn refused(status: &str, why: &str) -> Upgrade {
    Upgrade::Refused(format!(
        "HTTP/1.1 {status}\r\nSec-WebSocket-Version: 13\r\nContent-Type: text/plain\r\n\
        Content-Length: {}\r\nConnection: close\r\n\r\n{why}",
        why.len()
    ))
}

#[cfg(test)]
mod tests;
