//! A browser at a door that is not for it: how it is known, and what it is told. It never lets one in.

/// What a browser is told. It reads HTTP, so it is answered in HTTP.
pub(super) const ANSWER: &[u8] =
    b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 31\r\n\
    Connection: close\r\n\r\nThis is an IRC server's port.\r\n";

/// What it is told at an encrypted door that it comes to unencrypted.
pub(super) const ENCRYPTED: &[u8] =
    b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 42\r\n\
    Connection: close\r\n\r\nThis port is encrypted: use https or wss.\n";

/// Why its connection ends.
pub(super) const REASON: &str = "HTTP request on an IRC port";

/// Whether a first line is that of an HTTP request (RFC 9112, 3), and not of somebody who says "GET well soon".
pub(super) fn is_request(line: &[u8]) -> bool {
    const METHODS: [&[u8]; 9] = [
        b"GET ",
        b"POST ",
        b"PUT ",
        b"HEAD ",
        b"OPTIONS ",
        b"DELETE ",
        b"PATCH ",
        b"CONNECT ",
        b"TRACE ",
    ];
    let version = b" HTTP/";
    METHODS.iter().any(|method| line.starts_with(method))
        && line.windows(version.len()).any(|part| part == version)
}
