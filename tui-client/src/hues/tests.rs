//! Neighbours differ, names keep their colour, and a theme without colours is no trouble.

use super::*;
use crate::theme::{Depth, Sheet};

fn theme(name: &str) -> Theme {
    Theme::new(Sheet::built_in(name).unwrap(), Depth::Full, true)
}

fn names(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("user{number}")).collect()
}

#[test]
fn as_many_people_as_there_are_colours_all_differ() {
    for name in ["dark", "light", "ansi"] {
        let theme = theme(name);
        let names = names(theme.hues());
        let mut hues = Hues::default();
        hues.meet(names.iter().map(String::as_str), theme);
        let mut seen: Vec<Style> = names.iter().map(|nick| hues.style(theme, nick)).collect();
        while let Some(style) = seen.pop() {
            assert!(!seen.contains(&style), "{name}: two are {style:?}");
        }
    }
}

#[test]
fn a_name_keeps_its_colour_whoever_comes() {
    let theme = theme("dark");
    let mut hues = Hues::default();
    hues.meet(["ada"], theme);
    let ada = hues.style(theme, "ada");
    assert_eq!(ada, theme.nick("ada"), "alone everybody has the own one");
    for many in names(60).chunks(7) {
        hues.meet(many.iter().map(String::as_str), theme);
        hues.meet(["Ada_"], theme);
    }
    assert_eq!(hues.style(theme, "ada"), ada);
    assert_eq!(hues.style(theme, "ADA_"), ada, "by whatever name");
}

#[test]
fn with_more_people_than_colours_neighbours_still_differ() {
    let theme = theme("dark");
    let names = names(40);
    let mut hues = Hues::default();
    // As they come into sight: each with the eleven before.
    for end in 1..=names.len() {
        let start = end.saturating_sub(theme.hues());
        hues.meet(names[start..end].iter().map(String::as_str), theme);
    }
    for near in names.windows(2) {
        let styles = (hues.style(theme, &near[0]), hues.style(theme, &near[1]));
        assert_ne!(styles.0, styles.1, "{near:?}");
    }
}

#[test]
fn without_colours_weight_tells_a_nick() {
    let theme = theme("mono");
    let mut hues = Hues::default();
    hues.meet(["ada", "grace"], theme);
    assert_eq!(hues.style(theme, "ada"), theme.nick("grace"));
}
