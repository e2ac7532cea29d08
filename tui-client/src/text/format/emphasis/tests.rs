//! What is stressed, and what only has asterisks in it.

use super::super::Rich;
use super::*;

/// The words that are stressed, with how: b, i, s, or c for code.
#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let found = find(text).into_iter().map(|span| {
        let mut look = Look::default();
        (span.set)(&mut look);
        let how = match (look.is_bold, look.is_italic, look.is_struck) {
            (true, ..) => 'b',
            (_, true, _) => 'i',
            (.., true) => 's',
            _ => 'c',
        };
        format!("{how}:{}", text.get(span.inner).unwrap())
    });
    assert_eq!(found.collect::<Vec<_>>(), expected, "{text}");
}

#[test]
fn words_are_stressed() {
    check("this is *it*, _really_", &["i:it", "i:really"]);
    check("**very** much ~~so~~", &["b:very", "s:so"]);
    check("(*in brackets*)", &["i:in brackets"]);
    check(
        "**bold with *slanted* words**",
        &["b:bold with *slanted* words", "i:slanted"],
    );
    check("größer *als 世界*!", &["i:als 世界"]);
}

#[test]
fn code_is_code_whatever_is_in_it() {
    check("use `a_b * c_d` there", &["c:a_b * c_d"]);
    check("``a`b`` and `c`", &["c:a`b", "c:c"]);
    check("`*not slanted*`", &["c:*not slanted*"]);
    check(
        "```\nlet a = 1;\n*b = 2;\n```",
        &["c:\nlet a = 1;\n*b = 2;\n"],
    );
    check("a ` b\nc ` d", &[]);
    check("``", &[]);
}

#[test]
fn asterisks_are_not_always_stress() {
    check("2 * 3 * 4 and 2*3*4", &[]);
    check("*.rs and *.toml", &[]);
    check("snake_case_name and _private", &[]);
    check("fn f(*args, **kwargs)", &[]);
    check("****** ~~~~ ___", &[]);
    check("a *first\nand second* b", &[]);
    check("https://a.example/*x*/_y_ ok", &[]);
}

#[test]
fn the_text_stays_and_the_marks_step_back() {
    let rich = Rich::parse("so *it* is `code`");
    assert_eq!(rich.text, "so *it* is `code`");
    assert!(rich.look_at(3).is_dim && !rich.look_at(3).is_italic);
    assert!(rich.look_at(4).is_italic && !rich.look_at(4).is_dim);
    assert!(rich.look_at(6).is_dim);
    assert!(rich.look_at(12).is_mono);
    assert_eq!(rich.look_at(7), Look::default());
}

#[test]
fn what_is_stressed_is_written_in_codes_and_looks_the_same() {
    for (text, written) in [
        ("**very** much", "\u{2}very\u{2} much"),
        (
            "a *b* _c_ ~~d~~ `e*f*`",
            "a \u{1d}b\u{1d} \u{1d}c\u{1d} \u{1e}d\u{1e} \u{11}e*f*\u{11}",
        ),
        (
            "**bold *slanted* too**",
            "\u{2}bold \u{1d}slanted\u{1d} too\u{2}",
        ),
        ("2 * 3 * 4 = snake_case_name", "2 * 3 * 4 = snake_case_name"),
        ("世*界 `ok", "世*界 `ok"),
    ] {
        assert_eq!(coded(text), written, "{text}");
    }
    let look = |text: &str| Rich::parse(text).looks.last().map(|(_, look)| *look);
    assert_eq!(
        look(&coded("say **so**")).unwrap(),
        Look {
            is_bold: true,
            ..Look::default()
        }
    );
}
