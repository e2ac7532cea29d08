//! When a frame is due, and how it comes onto the terminal: at most one in a frame's time, a key's at once, and none
//! while the last one is still on its way.
//! It must never wait for the terminal.

use std::io;
use std::time::Duration;

use ratatui::layout::Rect;
use tokio::time::Instant;

use crate::model::Model;
use crate::outlet::Outlet;
use crate::painter::Painter;
use crate::perform::Hands;
use crate::surface::Surface;
use crate::theme::Theme;

/// The least time between two frames: sixty in a second are all that eyes and terminals can use.
const FRAME: Duration = Duration::from_millis(16);

/// The frames of the running program.
#[derive(Debug)]
pub struct Frames {
    painter: Painter,
    outlet: Outlet,
    drawn: Option<Instant>,
    /// Whether a key waits to be seen, which no flood of messages may delay.
    pub is_hurried: bool,
}

impl Frames {
    /// Nothing is drawn yet.
    pub fn new(outlet: Outlet) -> Self {
        Self {
            painter: Painter::default(),
            outlet,
            drawn: None,
            is_hurried: false,
        }
    }

    /// When to wake for a frame that is wanted. One that is due and cannot be drawn yet needs no waking: the end of the
    /// last one's way wakes.
    pub fn next<B: Surface>(&self, hands: &Hands<B>) -> Option<Instant> {
        let pause = if self.is_hurried {
            Duration::ZERO
        } else {
            FRAME
        };
        let now = Instant::now();
        let due = self.drawn.map_or(now, |drawn| drawn + pause);
        let is_wanted = hands.is_dirty && !hands.is_asleep;
        (is_wanted && (self.outlet.is_free() || due > now)).then_some(due)
    }

    /// Draws a frame if it is due and can be.
    ///
    /// # Errors
    /// Those of the backend.
    pub fn draw_if_due<B: Surface>(
        &mut self,
        hands: &mut Hands<B>,
        model: &Model,
        theme: Theme,
    ) -> io::Result<()> {
        let is_due = self.next(hands).is_some_and(|at| at <= Instant::now());
        if is_due && self.outlet.is_free() && !hands.is_over {
            self.draw(hands, model, theme)?;
        }
        Ok(())
    }

    fn draw<B: Surface>(
        &mut self,
        hands: &mut Hands<B>,
        model: &Model,
        theme: Theme,
    ) -> io::Result<()> {
        let terminal = &mut hands.terminal;
        terminal.backend_mut().begin();
        if std::mem::take(&mut hands.is_garbled) {
            // Not `clear`: that asks the terminal where its cursor is and waits for the answer.
            let area = terminal.size().map_err(B::failed)?;
            let area = Rect::new(0, 0, area.width, area.height);
            terminal.resize(area).map_err(B::failed)?;
            self.painter.forget();
        }
        let drawn = self.painter.frame(terminal, model, theme);
        drawn.map_err(B::failed)?;
        terminal.backend_mut().end();
        hands.asides.write(terminal.backend_mut());
        self.outlet.send();
        hands.is_dirty = false;
        self.is_hurried = false;
        self.drawn = Some(Instant::now());
        Ok(())
    }

    /// Waits until the frame that is on its way is written.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub async fn written(&mut self) -> io::Result<()> {
        self.outlet.written().await
    }
}
