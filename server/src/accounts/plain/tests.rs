//! Tests of PLAIN.

use super::*;

#[track_caller]
fn check(message: &str, expected: Option<(&str, &str)>) {
    let found = parse(message.as_bytes());
    let found = found.map(|plain| (plain.account, std::str::from_utf8(plain.password).unwrap()));
    assert_eq!(found, expected, "{message:?}");
}

#[test]
fn messages() {
    check("\0ada\0pass", Some(("ada", "pass")));
    check("ada\0ada\0pass", Some(("ada", "pass")));
    check("ADA\0ada\0", Some(("ada", "")));
    check("bob\0ada\0pass", None);
    check("\0ada\0pass\0", None);
    check("\0\0pass", None);
    check("ada\0pass", None);
    check("", None);
    assert!(parse(b"\0\xff\0pass").is_none());
}
