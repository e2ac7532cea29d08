//! Which theme a terminal gets, what files may say, and that nicks keep their colours.
//! It must never read the environment itself.

use super::*;
use crate::theme::sheet::Fault;

fn read(no_color: Option<&str>, colorterm: Option<&str>, term: Option<&str>) -> Surroundings {
    Surroundings::from_environment(no_color, colorterm, term, None)
}

fn built_in(name: &str) -> Sheet {
    Sheet::built_in(name).unwrap_or_else(|| panic!("{name} cannot be read"))
}

#[test]
fn letters_of_any_colour_can_be_read() {
    for (colorfgbg, behind) in [("15;0", (30, 30, 40)), ("0;15", (250, 250, 250))] {
        let around =
            |name| Surroundings::from_environment(None, Some("truecolor"), Some("xterm"), name);
        let theme = around(Some(colorfgbg)).theme(None);
        for number in 0..99 {
            let ink = crate::text::format::Ink::Numbered(number).rgb().unwrap();
            let Some(Color::Rgb(r, g, b)) = theme.letters(ink) else {
                panic!("{number} has no colour");
            };
            let contrast = depth::contrast((r, g, b), behind);
            assert!(contrast >= 2.8, "{number} on {behind:?}: {contrast}");
        }
        assert_eq!(
            theme.ink((0, 0, 127)),
            Some(Color::Rgb(0, 0, 127)),
            "on its own paper"
        );
    }
    let contrast = Theme::new(Sheet::built_in("contrast").unwrap(), Depth::Full, true);
    assert_eq!(contrast.ink((0, 0, 127)), None);
}

#[test]
fn the_environment_decides_the_depth() {
    let depth = |no_color, colorterm, term| read(no_color, colorterm, term).depth;
    assert_eq!(depth(Some("1"), Some("truecolor"), None), Depth::Mono);
    assert_eq!(depth(Some(""), Some("truecolor"), None), Depth::Full);
    assert_eq!(depth(None, None, Some("xterm-256color")), Depth::Indexed);
    assert_eq!(depth(None, None, Some("linux")), Depth::Sixteen);
    assert_eq!(depth(None, None, Some("dumb")), Depth::Mono);
    let background = |word| Surroundings::from_environment(None, None, None, word).background;
    assert_eq!(background(Some("0;15")), Some(Background::Light));
    assert_eq!(background(Some("15;0")), Some(Background::Dark));
    assert_eq!(background(None), None);
}

#[test]
fn the_fitting_theme_follows_depth_and_background() {
    let named = |depth, background| {
        let surroundings = Surroundings {
            depth,
            background,
            has_links: true,
        };
        let theme = surroundings.theme(None);
        let is_it = |name: &&str| {
            let named = Theme::new(built_in(name), depth, true);
            sheet::ROLES
                .iter()
                .all(|(_, role)| named.style(*role) == theme.style(*role))
        };
        Sheet::names().find(|name| is_it(name)).unwrap()
    };
    let (dark, light) = (Some(Background::Dark), Some(Background::Light));
    assert_eq!(named(Depth::Full, dark), "dark");
    assert_eq!(named(Depth::Full, None), "dark");
    assert_eq!(named(Depth::Full, light), "light");
    assert_eq!(named(Depth::Indexed, light), "light");
    // The 256 fit no background that nobody knows.
    assert_eq!(named(Depth::Indexed, None), "ansi");
    assert_eq!(named(Depth::Sixteen, light), "ansi");
    assert_eq!(named(Depth::Mono, light), "mono");
}

#[test]
fn the_background_is_asked_for_where_it_decides() {
    let is_wanted = |surroundings, chosen| {
        let look = Look {
            surroundings,
            chosen,
            remembered: Some(Background::Dark),
        };
        look.is_background_wanted()
    };
    let terminal = read(None, None, Some("xterm-256color"));
    assert!(is_wanted(terminal, None));
    assert!(!is_wanted(terminal, Some(built_in("dark"))));
    assert!(is_wanted(read(None, None, Some("xterm")), None));
    assert!(
        !is_wanted(read(None, None, Some("linux")), None),
        "it would print the question"
    );
    assert!(!is_wanted(
        read(Some("1"), None, Some("xterm-256color")),
        None
    ));
    let told = Surroundings::from_environment(None, Some("truecolor"), None, Some("0;15"));
    assert!(!is_wanted(told, None));
}

#[test]
fn a_nick_keeps_its_colour() {
    let theme = Theme::new(built_in("dark"), Depth::Full, true);
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
fn without_colour_nothing_is_coloured_whatever_was_chosen() {
    let surroundings = read(Some("1"), Some("truecolor"), None);
    for chosen in [None, Some("dark"), Some("contrast")] {
        let sheet = chosen.map(built_in);
        let theme = surroundings.theme(sheet.as_ref());
        for (name, role) in sheet::ROLES {
            let style = theme.style(role);
            assert_eq!((style.fg, style.bg), (None, None), "{chosen:?} {name}");
        }
        assert_eq!(theme.nick("ada").fg, None);
        assert_eq!(theme.ink((255, 0, 0)), None);
        // What only a colour told is told by weight now.
        assert_ne!(theme.style(Role::Chosen), theme.style(Role::Text));
    }
}

#[test]
fn a_theme_has_the_nearest_colours_that_there_are() {
    let sheet = Sheet::parse("accent = \"bold #ff0001\"\nfound = \"196 on #010101\"").unwrap();
    let style = |depth, role| Theme::new(sheet, depth, true).style(role);
    let full = style(Depth::Full, Role::Accent);
    assert_eq!(full.fg, Some(Color::Rgb(255, 0, 1)));
    assert!(full.add_modifier.contains(Modifier::BOLD));
    assert_eq!(
        style(Depth::Indexed, Role::Accent).fg,
        Some(Color::Indexed(196))
    );
    assert_eq!(
        style(Depth::Indexed, Role::Found).bg,
        Some(Color::Indexed(16))
    );
    assert_eq!(
        style(Depth::Sixteen, Role::Accent).fg,
        Some(Color::LightRed)
    );
    assert_eq!(style(Depth::Sixteen, Role::Found).fg, Some(Color::LightRed));
    assert_eq!(style(Depth::Mono, Role::Accent).fg, None);
}

#[test]
fn the_theme_of_contrast_dims_nothing_and_uses_no_colour() {
    let sheet = built_in("contrast");
    assert!(!sheet.has_colours());
    let theme = Theme::new(sheet, Depth::Full, true);
    for (name, role) in sheet::ROLES {
        let style = theme.style(role);
        assert!(!style.add_modifier.contains(Modifier::DIM), "{name}");
    }
}

#[test]
fn the_roles_stand_in_the_order_of_their_styles() {
    for (index, (name, role)) in sheet::ROLES.iter().enumerate() {
        assert_eq!(index, *role as usize, "{name}");
    }
    for name in Sheet::names() {
        built_in(name);
    }
}

#[test]
fn what_is_wrong_in_a_file_is_said_with_its_place() {
    let fault = |text| Sheet::parse(text).unwrap_err();
    let unknown = Fault {
        offset: 7,
        key: "acent".to_owned(),
        reason: "is no role".to_owned(),
        hint: "`accent`".to_owned(),
    };
    assert_eq!(fault("# mine\nacent = \"bold\""), unknown);
    for text in [
        "text = 3",
        "text = \"pink\"",
        "text = \"on\"",
        "text = \"#12345\"",
        "text = \"256\"",
        "nicks = \"red\"",
        "nicks = [\"bold\"]",
    ] {
        assert_eq!(fault(text).reason, "has a value it cannot have", "{text}");
    }
    let many = format!("nicks = [{}]", "\"red\", ".repeat(17));
    assert_eq!(fault(&many).key, "nicks");
}

/// Backgrounds that people have, and those that themes put behind a line.
const BEHIND: [(&str, &[u32], &[u32]); 2] = [
    (
        "dark",
        &[0x00_0000, 0x1e_1e2e, 0x28_2828],
        &[0x38_2f22, 0x2c_3446],
    ),
    (
        "light",
        &[0xff_ffff, 0xfd_f6e3, 0xef_f1f5],
        &[0xfb_eed5, 0xdc_e4f2],
    ),
];

fn parts(colour: u32) -> (u8, u8, u8) {
    let [_, r, g, b] = colour.to_be_bytes();
    (r, g, b)
}

#[test]
fn what_is_written_can_be_read() {
    let check = |what: &str, colour: Option<Color>, behind: &[u32], least: f64| {
        let Some(Color::Rgb(r, g, b)) = colour else {
            panic!("{what} has no colour of its own: {colour:?}");
        };
        for behind in behind {
            let contrast = depth::contrast((r, g, b), parts(*behind));
            assert!(contrast >= least, "{what} on {behind:06x}: {contrast:.1}");
        }
    };
    for (name, plain, tinted) in BEHIND {
        let theme = Theme::new(built_in(name), Depth::Full, true);
        for hue in 0..theme.hues() {
            let what = format!("{name}: nick {hue}");
            check(&what, theme.hue(hue).fg, plain, 4.5);
            check(&what, theme.hue(hue).fg, tinted, 3.8);
        }
        for role in [
            Role::Dim,
            Role::Muted,
            Role::Accent,
            Role::Warm,
            Role::Failed,
        ] {
            let what = format!("{name}: {role:?}");
            check(&what, theme.style(role).fg, plain, 4.5);
            check(&what, theme.style(role).fg, tinted, 3.0);
        }
    }
    for name in ["contrast", "mono"] {
        assert!(
            !built_in(name).has_colours(),
            "{name} has the terminal's own ink"
        );
    }
}

#[test]
fn the_theme_of_sixteen_is_read_on_black_and_on_white() {
    let theme = Theme::new(built_in("ansi"), Depth::Sixteen, true);
    for (name, role) in sheet::ROLES {
        let style = theme.style(role);
        let Some(front) = style.fg.filter(|_| style.bg.is_none()) else {
            continue;
        };
        for behind in [BLACK, WHITE] {
            let contrast = depth::contrast_of_sixteen(front, behind).unwrap();
            assert!(
                contrast >= CONTRAST_MIN_ON_EITHER,
                "{name} {front} on {behind:?}: {contrast:.1}"
            );
        }
    }
}

#[test]
fn of_the_sixteen_only_those_that_can_be_read_are_for_nicks() {
    let hues = |background| {
        let surroundings = Surroundings {
            depth: Depth::Sixteen,
            background,
            has_links: true,
        };
        let theme = surroundings.theme(None);
        let hues = (0..theme.hues()).filter_map(|hue| theme.hue(hue).fg);
        hues.collect::<Vec<_>>()
    };
    let (dark, light) = (hues(Some(Background::Dark)), hues(Some(Background::Light)));
    assert!(
        dark.contains(&Color::LightYellow) && !dark.contains(&Color::Blue),
        "{dark:?}"
    );
    assert!(
        light.contains(&Color::Blue) && !light.contains(&Color::LightYellow),
        "{light:?}"
    );
    let unknown = hues(None);
    for never in [
        Color::Blue,
        Color::LightYellow,
        Color::LightCyan,
        Color::LightGreen,
    ] {
        assert!(!unknown.contains(&never), "{unknown:?}");
    }
    for hues in [dark, light, unknown] {
        assert!(hues.len() > 4, "too few to tell people apart: {hues:?}");
    }
}
