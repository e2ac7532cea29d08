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
        is_contrast: false,
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
        is_contrast: false,
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

#[test]
fn the_user_decides_over_the_environment_but_not_over_no_color() {
    let found = |no_color| Theme::from_environment(no_color, None, Some("xterm-256color"), None);
    let chosen = |choice| found(None).chosen(choice);
    assert_eq!(chosen(Choice::Auto), found(None));
    assert_eq!(chosen(Choice::Dark).depth, Depth::Full);
    assert!(chosen(Choice::Light).is_light);
    assert_eq!(chosen(Choice::Ansi).depth, Depth::Sixteen);
    for (_, choice) in CHOICES {
        assert_eq!(found(Some("1")).chosen(*choice).depth, Depth::Mono);
    }
}

#[test]
fn the_theme_of_contrast_dims_nothing_and_uses_no_colour() {
    let theme = Theme::from_environment(None, None, Some("xterm"), None).chosen(Choice::Contrast);
    for role in [
        Role::Text,
        Role::Dim,
        Role::Muted,
        Role::Accent,
        Role::Mention,
        Role::Failed,
        Role::Chosen,
        Role::Found,
    ] {
        let style = theme.style(role);
        assert_eq!((style.fg, style.bg), (None, None), "{role:?}");
        assert!(!style.add_modifier.contains(Modifier::DIM), "{role:?}");
    }
    assert_ne!(theme.style(Role::Failed), theme.style(Role::Text));
}
