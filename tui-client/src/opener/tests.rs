//! What may be opened.
//! They must never start a program.

use super::*;

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
