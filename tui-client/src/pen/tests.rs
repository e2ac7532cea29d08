//! Links in cells: what a terminal is sent, whole pieces only, also when something is drawn over them.
//! They must never need a terminal.

use ratatui::style::Style;

use super::*;

const AT: &str = "https://ci.example/42";

fn linked(width: u16, text: &str) -> (Buffer, u16) {
    let mut buf = Buffer::empty(Rect::new(0, 0, width, 2));
    let area = buf.area;
    let end = link(&mut buf, area, (1, 0), text, Style::new(), (AT, 7));
    (buf, end)
}

fn row(buf: &Buffer) -> String {
    (0..buf.area.width)
        .map(|x| shown(buf[(x, 0)].symbol()))
        .collect()
}

#[test]
fn a_link_is_one_piece_for_the_terminal_and_plain_cells_for_us() {
    let (buf, end) = linked(40, AT);
    assert_eq!(end, 22);
    assert_eq!(row(&buf).trim(), AT);
    let sent = "\u{1b}]8;id=7;https://ci.example/42\u{1b}\\https://ci.example/42\u{1b}]8;;\u{1b}\\";
    assert_eq!(buf[(1, 0)].symbol(), sent);
    let empty = Buffer::empty(buf.area);
    let drawn: Vec<u16> = empty.diff(&buf).iter().map(|(x, ..)| *x).collect();
    assert_eq!(drawn, [1], "the cells below the piece are not sent again");
}

#[test]
fn a_cut_link_says_only_what_fits() {
    let (buf, end) = linked(10, AT);
    assert_eq!(end, 10);
    assert!(
        buf[(1, 0)]
            .symbol()
            .ends_with("\\https://c\u{1b}]8;;\u{1b}\\")
    );
}

#[test]
fn what_lies_over_a_link_is_not_drawn_over_by_it() {
    let (mut buf, _) = linked(40, AT);
    let over = Rect::new(9, 0, 5, 1);
    clear(&mut buf, over);
    write(&mut buf, over, (9, 0), "popup", Style::new());
    assert_eq!(buf[(1, 0)].symbol(), "h");
    assert_eq!(row(&buf).trim(), "https://popupample/42");
}

#[test]
fn an_address_cannot_end_the_sequence() {
    let mut buf = Buffer::empty(Rect::new(0, 0, 30, 1));
    let area = buf.area;
    let to = ("https://x/\u{1b}\\é\u{7}", 1);
    link(&mut buf, area, (0, 0), "x", Style::new(), to);
    assert!(
        buf[(0, 0)]
            .symbol()
            .contains(";https://x/%1B\\%C3%A9%07\u{1b}\\x")
    );
    let long = format!("https://x/{}", "a".repeat(3_000));
    link(&mut buf, area, (0, 0), "x", Style::new(), (&long, 1));
    assert_eq!(buf[(0, 0)].symbol(), "x", "too long for terminals");
}
