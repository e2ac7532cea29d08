//! Lines taken apart and put together again.

use super::*;
use crate::write::LineWriter;
use proptest::prelude::*;

#[track_caller]
fn check(line: &str, source: Option<&str>, command: &str, params: &[&str]) {
    let message = Message::parse(line).expect("the line parses");
    assert_eq!(message.source.map(|s| s.to_string()).as_deref(), source);
    assert_eq!(message.command, command);
    assert_eq!(message.params(), params);
}

#[test]
fn lines_come_apart() {
    check("PING", None, "PING", &[]);
    check("foo bar baz asdf", None, "foo", &["bar", "baz", "asdf"]);
    check(
        ":coolguy foo bar baz :asdf quux",
        Some("coolguy"),
        "foo",
        &["bar", "baz", "asdf quux"],
    );
    check(
        ":c!a@l PRIVMSG #x ::-) ",
        Some("c!a@l"),
        "PRIVMSG",
        &["#x", ":-) "],
    );
    check("foo bar :", None, "foo", &["bar", ""]);
    check("@a=b  :src   foo   bar  ", Some("src"), "foo", &["bar"]);
    check(
        "a 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16",
        None,
        "a",
        &[
            "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15 16",
        ],
    );
}

#[test]
fn lines_that_are_no_message_say_why() {
    assert_eq!(Message::parse("   "), Err(ParseError::Empty));
    assert_eq!(Message::parse("@a=b"), Err(ParseError::NoCommand));
    assert_eq!(Message::parse("@a=b "), Err(ParseError::NoCommand));
    assert_eq!(Message::parse(":src"), Err(ParseError::NoCommand));
    assert_eq!(
        Message::parse("PRIVMSG #a :x\0y"),
        Err(ParseError::ForbiddenByte)
    );
    assert_eq!(
        Message::parse("PRIVMSG #a :x\ry"),
        Err(ParseError::ForbiddenByte)
    );
}

#[test]
fn a_numeric_is_three_digits() {
    assert_eq!(
        Message::parse(":s 001 me :hi").map(|m| m.numeric()),
        Ok(Some(1))
    );
    assert_eq!(
        Message::parse("PRIVMSG a :hi").map(|m| m.numeric()),
        Ok(None)
    );
}

proptest! {
    #[test]
    fn any_line_is_parsed_without_a_panic(line in "\\PC*") {
        let _ = Message::parse(&line);
    }

    #[test]
    fn what_is_written_is_read_again(
        key in "[a-z]{1,8}",
        value in "\\PC{0,20}",
        command in "[A-Z]{1,8}",
        middle in prop::collection::vec("[a-z0-9#]{1,9}", 0..13),
        trailing in "\\PC{0,60}",
    ) {
        let mut line = Vec::new();
        let mut writer = LineWriter::new(&mut line);
        writer.tag(&key, &value);
        writer.source("me!u@h");
        writer.command(&command);
        for param in &middle {
            writer.param(param);
        }
        writer.trailing(&trailing);
        writer.end();
        let text = String::from_utf8(line).expect("what was text stays text");
        let message = Message::parse(text.trim_end_matches("\r\n")).expect("it parses");
        let read = message.tags.value_of(&key);
        prop_assert_eq!(read.as_deref(), Some(value.as_str()));
        prop_assert_eq!(message.command, command.as_str());
        let params = message.params();
        prop_assert_eq!(params.len(), middle.len() + 1);
        prop_assert_eq!(params.last().copied(), Some(trailing.as_str()));
    }
}
