//! Where everything is: pure rectangles, for drawing and for the mouse alike.
//! It must never depend on what stands in the rectangles, only on what is there.
//!
//! ```text
//! title ------------------------------------------
//! rooms     | messages                   | members
//! rule ------------------------------------------- (who types, what is below)
//! input
//! footer
//! ```

use ratatui::layout::Rect;

/// Below this the side panes give way.
pub const NARROW_BELOW: u16 = 60;

/// Below this the members give way, and the rooms stay.
const MEMBERS_FROM: u16 = 76;

/// A pane is at least so wide.
const PANE_MIN: u16 = 8;

/// The input grows to at most this share of the height.
const INPUT_SHARE: u16 = 3;

/// With fewer rows than this above the line over the input a box covers both.
const BOX_ROWS_MIN: u16 = 8;

/// A searched list shows at least and at most so many rows.
const LIST_ROWS: (u16, u16) = (3, 12);
/// And its box is so wide.
const LIST_WIDTH: u16 = 52;
/// The box of a list that has no room for its pane.
const PANE_BOX_WIDTH: u16 = 24;
/// The box of a network's rooms is at most so wide: topics are read, not stretched.
const ROOMS_WIDTH_MAX: u16 = 110;
/// Inside a box with fewer rows than this the rooms have no row for a topic.
const TOPIC_FROM: u16 = 5;
/// The box of help.
const HELP_WIDTH: u16 = 74;

/// What the mouse can move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// The line right of the rooms.
    Rooms,
    /// The line left of the members.
    Members,
}

/// How wide the side panes were made; `None`: as the screen allows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Panes {
    /// The rooms.
    pub rooms: Option<u16>,
    /// The members.
    pub members: Option<u16>,
    /// Whose edge is being dragged.
    pub dragged: Option<Edge>,
}

/// What the rectangles depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// Whether the rooms are wanted.
    pub has_rooms: bool,
    /// Whether the members are wanted.
    pub has_members: bool,
    /// How wide the panes were made.
    pub panes: Panes,
}

/// The rectangles; what has no room is empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The whole screen.
    pub area: Rect,
    /// Whether there is no room for side panes.
    pub is_narrow: bool,
    /// The window's name and topic.
    pub title: Rect,
    /// The rooms, without the line at their right.
    pub rooms: Rect,
    /// The messages.
    pub messages: Rect,
    /// The members, without the line at their left.
    pub members: Rect,
    /// The line above the input.
    pub rule: Rect,
    /// The input.
    pub input: Rect,
    /// Keys and connection.
    pub footer: Rect,
}

impl Layout {
    /// The rectangles for a shape, with so many rows of input wanted.
    pub fn of(shape: Shape, input_rows: u16) -> Self {
        let (width, height) = shape.size;
        let area = Rect::new(0, 0, width, height);
        let is_narrow = width < NARROW_BELOW;
        let has_title = height >= 4;
        let has_footer = height >= 3;
        let has_rule = height >= 6;
        let chrome = u16::from(has_title) + u16::from(has_footer) + u16::from(has_rule);
        let free = height.saturating_sub(chrome);
        let input_max = (height / INPUT_SHARE).max(1).min(free);
        let input_height = input_rows.clamp(1, input_max.max(1)).min(free);
        let body_height = free - input_height;

        let mut y = 0;
        let mut band = |rows: u16| {
            let rect = Rect::new(0, y, width, rows);
            y += rows;
            rect
        };
        let title = band(u16::from(has_title));
        let body = band(body_height);
        let rule = band(u16::from(has_rule));
        let input = band(input_height);
        let footer = band(u16::from(has_footer));

        let rooms_width = if shape.has_rooms && !is_narrow {
            pane(width, shape.panes.rooms, (width / 6).clamp(16, 22))
        } else {
            0
        };
        let members_width = if shape.has_members && width >= MEMBERS_FROM {
            pane(width, shape.panes.members, (width / 8).clamp(13, 20))
        } else {
            0
        };
        // A pane has a line between itself and the messages.
        let left = rooms_width + u16::from(rooms_width > 0);
        let right = members_width + u16::from(members_width > 0);
        let rooms = Rect {
            width: rooms_width,
            ..body
        };
        let messages = Rect {
            x: left,
            width: width.saturating_sub(left + right),
            ..body
        };
        let members = Rect {
            x: width.saturating_sub(members_width),
            width: members_width,
            ..body
        };
        Self {
            area,
            is_narrow,
            title,
            rooms,
            messages,
            members,
            rule,
            input,
            footer,
        }
    }

    /// The edge of a pane that is here.
    pub fn edge(self, column: u16, row: u16) -> Option<Edge> {
        let is_beside = (self.messages.y..self.messages.bottom()).contains(&row);
        let is_left = self.rooms.width > 0 && column == self.rooms.right();
        let is_right = self.members.width > 0 && column + 1 == self.members.x;
        match (is_beside, is_left, is_right) {
            (true, true, _) => Some(Edge::Rooms),
            (true, false, true) => Some(Edge::Members),
            _ => None,
        }
    }

    /// The box of a searched list of so many rows; inside, they stand below the query.
    pub fn list_box(self, rows: usize) -> Rect {
        let wanted = u16::try_from(rows)
            .unwrap_or(u16::MAX)
            .clamp(LIST_ROWS.0, LIST_ROWS.1);
        let area = self.centred(LIST_WIDTH, wanted + 3);
        Rect {
            y: area.y.min(4),
            ..area
        }
    }

    /// The box of a network's rooms.
    pub fn rooms_box(self) -> Rect {
        self.centred(ROOMS_WIDTH_MAX, self.area.height)
    }

    /// The box of a list that has no room for its pane.
    pub fn pane_box(self) -> Rect {
        self.centred(PANE_BOX_WIDTH, self.area.height)
    }

    /// The box of help.
    pub fn help_box(self) -> Rect {
        self.centred(HELP_WIDTH, self.area.height)
    }

    /// The rows above the input, over which candidates for a word stand.
    pub fn above_input(self) -> Rect {
        Rect {
            height: self.rule.y.min(self.input.y),
            ..self.area
        }
    }

    /// A box of at most this size in the middle of the screen; the footer stays in sight, because
    /// it says how to get out, and what is being written too, where that could be seen beside the box.
    pub fn centred(self, width: u16, height: u16) -> Rect {
        let width = width.min(self.area.width);
        let free = if width < self.area.width && self.rule.y >= BOX_ROWS_MIN {
            self.rule.y
        } else {
            self.area.height - self.footer.height.min(self.area.height)
        };
        let height = height.min(free);
        Rect::new(
            (self.area.width - width) / 2,
            (free - height) / 2,
            width,
            height,
        )
    }
}

/// What is inside a box.
pub fn inside(area: Rect) -> Rect {
    if area.width < 2 || area.height < 2 {
        return area;
    }
    Rect::new(area.x + 1, area.y + 1, area.width - 2, area.height - 2)
}

/// The rooms inside their box: below the query, above the topic of the chosen one where there is space for it.
pub fn rooms_inside(inner: Rect) -> Rect {
    let has_topic = inner.height >= TOPIC_FROM;
    Rect {
        y: inner.y + 1,
        height: inner.height.saturating_sub(1 + u16::from(has_topic)),
        ..inner
    }
}

/// How wide a pane is; the messages always keep more than either.
fn pane(width: u16, made: Option<u16>, usual: u16) -> u16 {
    made.map_or(usual, |made| {
        made.clamp(PANE_MIN, (width / 3).max(PANE_MIN))
    })
}
