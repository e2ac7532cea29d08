//! Chords in and out, the shipped map, and what `[keys]` may and may not say.
//! It must never depend on a terminal.

use super::*;

fn keys(rows: &[(&str, &[&str])]) -> BTreeMap<String, Vec<String>> {
    rows.iter()
        .map(|(name, chords)| {
            (
                (*name).to_owned(),
                chords.iter().map(|chord| (*chord).to_owned()).collect(),
            )
        })
        .collect()
}

#[track_caller]
fn faults(rows: &[(&str, &[&str])]) -> Vec<String> {
    let found = Keymap::remapped(&keys(rows)).expect_err("the table should be refused");
    found.iter().map(ToString::to_string).collect()
}

#[test]
fn chords_are_written_as_they_are_read() {
    for text in [
        "ctrl-k",
        "alt-enter",
        "f2",
        "shift-tab",
        "alt-/",
        "ctrl-alt-x",
        "pageup",
        "alt-_",
    ] {
        let chord: Chord = text.parse().unwrap();
        assert_eq!(chord.to_string(), text);
    }
    assert!("ctrl-".parse::<Chord>().is_err());
    assert!("f99".parse::<Chord>().is_err());
    assert!("banana".parse::<Chord>().is_err());
}

#[test]
fn what_terminals_report_differently_is_one_chord() {
    let of = |code, modifiers| Chord::of(KeyEvent::new(code, modifiers)).to_string();
    assert_eq!(of(KeyCode::Char('7'), KeyModifiers::CONTROL), "ctrl-_");
    assert_eq!(
        of(
            KeyCode::Char('_'),
            KeyModifiers::CONTROL | KeyModifiers::SHIFT
        ),
        "ctrl-_"
    );
    assert_eq!(of(KeyCode::BackTab, KeyModifiers::SHIFT), "shift-tab");
    assert_eq!(of(KeyCode::BackTab, KeyModifiers::empty()), "shift-tab");
    assert_eq!(of(KeyCode::Char('A'), KeyModifiers::SHIFT), "A");
    assert_eq!(of(KeyCode::Char('A'), KeyModifiers::ALT), "alt-shift-a");
}

#[test]
fn the_shipped_map_has_no_chord_twice_and_every_action() {
    let mut seen: Vec<Chord> = Vec::new();
    for (action, chords) in DEFAULTS {
        assert!(!chords.is_empty(), "{action:?} has no key");
        for text in *chords {
            let chord: Chord = text.parse().unwrap();
            assert_eq!(&chord.to_string(), text);
            assert!(!seen.contains(&chord), "{text} stands twice");
            seen.push(chord);
        }
    }
    assert_eq!(DEFAULTS.len(), ALL.len());
    let map = Keymap::default();
    assert_eq!(map.action("ctrl-t".parse().unwrap()), Some(Action::Switch));
    assert_eq!(map.first(Action::Join).as_deref(), Some("F2"));
}

#[test]
fn an_action_can_have_other_keys() {
    let map = Keymap::remapped(&keys(&[("join", &["f3"]), ("rooms", &[])])).unwrap();
    assert_eq!(map.action("f3".parse().unwrap()), Some(Action::Join));
    assert_eq!(map.action("f2".parse().unwrap()), None);
    assert_eq!(map.chords(Action::Rooms).count(), 0);
}

#[test]
fn what_cannot_be_is_named() {
    assert_eq!(
        faults(&[("jion", &["f3"])]),
        ["there is no action \"jion\"; did you mean \"join\"?"]
    );
    assert_eq!(
        faults(&[("join", &["f4"])]),
        ["\"f4\" is already \"leave\"; give \"join\" another key, or \"leave\" others"]
    );
    assert_eq!(
        faults(&[("join", &["x"])]),
        ["\"x\" is needed for writing; add ctrl- or alt-"]
    );
    assert_eq!(
        faults(&[("reply", &["y"])]),
        ["\"y\" is already \"copy\"; give \"reply\" another key, or \"copy\" others"]
    );
    assert_eq!(faults(&[("join", &["f3"]), ("leave", &["f3"])]).len(), 1);
    assert_eq!(
        faults(&[("join", &["hyper-x"]), ("zzzzzzzzzz", &[])]).len(),
        2
    );
}
