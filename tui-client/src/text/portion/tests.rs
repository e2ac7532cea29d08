//! Portions that fit, with nothing lost between them.
//! It must never cut inside a cluster.

use proptest::prelude::*;

use super::*;

#[test]
fn words_and_clusters_stay_whole() {
    assert_eq!(portions("the build passed", 12), ["the build", "passed"]);
    assert_eq!(portions("aaaaaaaaaa", 4), ["aaaa", "aaaa", "aa"]);
    assert_eq!(portions("👩‍🚀👩‍🚀", 11), ["👩‍🚀", "👩‍🚀"]);
    assert_eq!(portions("👩‍🚀", 1), ["👩‍🚀"]);
    assert_eq!(portions("", 10), Vec::<String>::new());
}

proptest! {
    #[test]
    fn nothing_but_spaces_is_lost(text in "(\\PC|👩‍🚀| ){0,60}", bytes_max in 25_usize..80) {
        let all = portions(&text, bytes_max).concat();
        let bare = |text: &str| text.chars().filter(|char| !char.is_whitespace()).collect::<String>();
        prop_assert_eq!(bare(&all), bare(&text));
    }
}

#[test]
fn a_long_paste_becomes_bundles_that_lose_nothing() {
    let text = (0..600)
        .map(|line| format!("line {line}"))
        .collect::<Vec<_>>()
        .join("\n");
    let bundles = bundles(&text, 60, 3_000);
    assert_eq!(bundles.len(), 10);
    assert_eq!(bundles.join("\n"), text);
    let long = "x".repeat(7_000);
    assert!(
        super::bundles(&long, 60, 3_000)
            .iter()
            .all(|bundle| bundle.len() <= 3_000)
    );
    assert_eq!(super::bundles("a\n\nb", 60, 3_000), ["a\n\nb"]);
}
