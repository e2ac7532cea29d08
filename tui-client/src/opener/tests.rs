//! What may be opened.
//! They must never start a program.

use super::*;

#[test]
fn a_browser_of_the_users_own_is_started_without_a_shell() {
    let address = "https://a.example/?x=1;y";
    let words = |words: &[&str]| {
        words
            .iter()
            .map(|word| (*word).to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        browsers("/usr/bin/w3m:firefox --new-tab:open %s now", address),
        [
            words(&["firefox", "--new-tab", address]),
            words(&["open", address, "now"])
        ],
        "what would draw in our terminal is passed over"
    );
    assert!(browsers("", address).is_empty());
}

#[test]
fn only_honest_addresses_are_opened() {
    for good in [
        "https://parlor.example/",
        "HTTP://x.example",
        "mailto:ada@example.org",
    ] {
        assert!(may_open(good), "{good}");
    }
    let long = format!("https://x/{}", "a".repeat(3_000));
    for bad in [
        "file:///etc/passwd",
        "javascript:1",
        "--help",
        "https://a b",
        "https://a\n",
        &long,
    ] {
        assert!(!may_open(bad), "{bad}");
    }
}
