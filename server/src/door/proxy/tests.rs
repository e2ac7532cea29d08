//! Headers of the PROXY protocol, both versions, as data rows.

use super::*;

fn whole(source: &str, bytes: usize) -> Header {
    Header::Whole(Some(source.parse().unwrap()), bytes)
}

#[test]
fn the_text_form() {
    let line = b"PROXY TCP4 192.0.2.7 10.0.0.1 5555 6667\r\n";
    assert_eq!(read(line), whole("192.0.2.7:5555", line.len()));
    let six = b"PROXY TCP6 2001:db8::1 ::1 5555 6667\r\nNICK a\r\n";
    assert_eq!(read(six), whole("[2001:db8::1]:5555", six.len() - 8));
    assert_eq!(read(b"PROXY UNKNOWN\r\n"), Header::Whole(None, 15));
    for partial in 0..line.len() {
        assert_eq!(read(&line[..partial]), Header::Partial, "{partial}");
    }
    for bad in [
        &b"NICK a\r\n"[..],
        b"PROXY TCP4 x y 1 2\r\n",
        b"PROXY TCP4 1.2.3.4 1.2.3.4 99999 1\r\n",
        b"PROXY \n",
        &[b'P'; 2],
        &[b"PROXY ".as_slice(), &[b'x'; 200]].concat(),
    ] {
        assert_eq!(read(bad), Header::Bad, "{bad:?}");
    }
}

#[test]
fn the_binary_form() {
    let head = |command: u8, family: u8, body: &[u8]| {
        let length = u16::try_from(body.len()).unwrap().to_be_bytes();
        [SIGNATURE.as_slice(), &[command, family], &length, body].concat()
    };
    let four = head(
        0x21,
        0x11,
        &[192, 0, 2, 7, 10, 0, 0, 1, 0x15, 0xb3, 0x1a, 0x0b, 9, 9],
    );
    assert_eq!(read(&four), whole("192.0.2.7:5555", four.len()));
    for partial in 0..four.len() {
        assert_eq!(read(&four[..partial]), Header::Partial, "{partial}");
    }
    let mut body = [0; 36];
    body[15] = 1;
    body[33] = 80;
    assert_eq!(read(&head(0x21, 0x21, &body)), whole("[::1]:80", 52));
    assert_eq!(read(&head(0x20, 0, &[])), Header::Whole(None, 16));
    assert_eq!(read(&head(0x11, 0x11, &[0; 12])), Header::Bad);
    assert_eq!(read(&head(0x21, 0x11, &[0; 3])), Header::Bad);
    assert_eq!(read(&head(0x21, 0x31, &[0; 216])), Header::Bad);
    assert_eq!(read(&head(0x21, 0x11, &[0; 2000])), Header::Bad);
}
