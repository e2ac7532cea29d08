//! Which theme an environment gets, and that nicks keep their colours.
//! It must never read the environment itself.

use super::*;

#[test]
fn the_environment_decides_the_depth() {
    let depth =
        |no_color, colorterm, term| Theme::from_environment(no_color, colorterm, term, None).depth;
    assert_eq!(depth(Some("1"), Some("truecolor"), None), Depth::Mono);
    assert_eq!(depth(Some(""), Some("truecolor"), None), Depth::Full);
    assert_eq!(depth(None, None, Some("linux")), Depth::Sixteen);
    assert_eq!(depth(None, None, Some("dumb")), Depth::Mono);
    assert!(Theme::from_environment(None, None, None, Some("0;15")).is_light);
    assert!(!Theme::from_environment(None, None, None, Some("15;0")).is_light);
}

#[test]
fn a_nick_keeps_its_colour() {
    let theme = Theme {
        depth: Depth::Full,
        is_light: false,
        has_links: true,
    };
    assert_eq!(theme.nick("ada"), theme.nick("Ada"));
    assert_eq!(theme.nick("ada"), theme.nick("ada_"));
    let names = [
        "ada", "grace", "linus", "ken", "dennis", "barbara", "alan", "edsger",
    ];
    let mut styles: Vec<_> = names.iter().map(|name| theme.nick(name).fg).collect();
    styles.dedup();
    assert!(styles.len() > 4, "colours should differ: {styles:?}");
}

#[test]
fn without_colour_nothing_is_coloured() {
    let theme = Theme {
        depth: Depth::Mono,
        is_light: false,
        has_links: true,
    };
    for role in [
        Role::Text,
        Role::Accent,
        Role::Mention,
        Role::Failed,
        Role::Chosen,
        Role::Found,
    ] {
        let style = theme.style(role);
        assert_eq!((style.fg, style.bg), (None, None), "{role:?}");
    }
    assert_eq!(theme.ink((255, 0, 0)), None);
}
