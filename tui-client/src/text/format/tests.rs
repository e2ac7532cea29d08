//! Codes in, looks out.
//! It must never leave a code in the text.

#![expect(
    clippy::string_slice,
    reason = "a cut inside a character fails the test, as it should"
)]

use super::*;

#[track_caller]
fn check(text: &str, clean: &str, looks: &[(&str, Look)]) {
    let rich = Rich::parse(text);
    assert_eq!(rich.text, clean);
    let found: Vec<_> = rich
        .looks
        .iter()
        .map(|(range, look)| (&rich.text[range.clone()], *look))
        .collect();
    assert_eq!(found, looks);
}

#[test]
fn switches_turn_on_and_off() {
    let bold = Look {
        is_bold: true,
        ..Look::default()
    };
    let both = Look {
        is_italic: true,
        ..bold
    };
    check("a\u{2}b\u{1d}c\u{f}d", "abcd", &[("b", bold), ("c", both)]);
    let struck = Look {
        is_struck: true,
        ..Look::default()
    };
    check(
        "\u{1e}no\u{1e} \u{16}\u{16}yes",
        "no yes",
        &[("no", struck)],
    );
}

#[test]
fn colours_take_at_most_two_digits() {
    let red = Look {
        ink: Some(Ink::Numbered(4)),
        ..Look::default()
    };
    check("\u{3}04123", "123", &[("123", red)]);
    let pair = Look {
        paper: Some(Ink::Numbered(1)),
        ..red
    };
    check("\u{3}4,1x\u{3}y", "xy", &[("x", pair)]);
    check("\u{3}4,x", ",x", &[(",x", red)]);
    check("\u{3}99x", "x", &[]);
    let rgb = Look {
        ink: Some(Ink::Rgb(255, 0, 16)),
        ..Look::default()
    };
    check("\u{4}ff0010x", "x", &[("x", rgb)]);
    check("\u{4}ff00", "ff00", &[]);
}

#[test]
fn links_are_seen_through_formatting() {
    let link = Look {
        is_link: true,
        ..Look::default()
    };
    let bold = Look {
        is_bold: true,
        ..link
    };
    check(
        "see \u{2}https://a\u{2}.example/(x) now.",
        "see https://a.example/(x) now.",
        &[("https://a", bold), (".example/(x)", link)],
    );
    check(
        "(https://a.example).",
        "(https://a.example).",
        &[("https://a.example", link)],
    );
    assert_eq!(
        Rich::plain("at https://b.example/1, ok").links(),
        ["https://b.example/1"]
    );
}

#[test]
fn a_prefix_moves_the_looks() {
    let nick = Look {
        ink: Some(Ink::Nick),
        ..Look::default()
    };
    let rich = Rich::parse("\u{2}waves").prefixed("ada ", nick);
    assert_eq!(rich.text, "ada waves");
    assert_eq!(rich.look_at(0), nick);
    assert!(rich.look_at(5).is_bold);
}
