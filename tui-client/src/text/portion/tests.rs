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
