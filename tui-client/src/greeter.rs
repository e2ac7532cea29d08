//! Shows the first start and waits for its keys.
//! It must never decide what they mean.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;

use crossterm::event::Event;
use futures_core::Stream;
use ratatui::Terminal;
use ratatui::layout::Rect;

use crate::clock::now;
use crate::first_start::{FirstStart, Next, draw};
use crate::outlet::Outlet;
use crate::scene::Scene;
use crate::signals::{Call, Signals};
use crate::surface::Surface;
use crate::terminal;

/// Asks until there is an answer.
///
/// # Errors
/// When the terminal cannot be drawn to.
pub async fn ask<B, I>(
    (screen, outlet): (&mut Terminal<B>, &mut Outlet),
    input: &mut I,
    signals: &mut Signals,
    scene: &mut Scene,
    mut first: FirstStart,
) -> io::Result<Next>
where
    B: Surface,
    I: Stream<Item = io::Result<Event>> + Unpin,
{
    let mut is_dirty = true;
    let mut is_asking = scene.asks(now());
    loop {
        if is_dirty && outlet.is_free() {
            let drawn = screen.draw(|frame| {
                if let Some(cursor) = draw(&first, scene.theme(), frame.buffer_mut()) {
                    frame.set_cursor_position(cursor);
                }
            });
            drawn.map_err(B::failed)?;
            if std::mem::take(&mut is_asking) {
                screen.backend_mut().ask_background();
            }
            outlet.send();
            is_dirty = false;
        }
        let event = poll_fn(|cx| Pin::new(&mut *input).poll_next(cx));
        let next = tokio::select! {
            done = outlet.written() => {
                done?;
                continue;
            }
            call = signals.next() => match call {
                Call::End | Call::Interrupted => Next::Quit,
                Call::Woken => {
                    terminal::restore();
                    terminal::enter()?;
                    screen.backend_mut().greet();
                    let size = screen.size().map_err(B::failed)?;
                    screen.resize(Rect::new(0, 0, size.width, size.height)).map_err(B::failed)?;
                    Next::Ask
                }
            },
            event = event => match event {
                Some(Ok(event)) => take(&mut first, scene.take(event, now())),
                Some(Err(_)) | None => Next::Quit,
            },
        };
        if next != Next::Ask {
            return Ok(next);
        }
        is_dirty = true;
    }
}

/// Takes what of it is the user's, up to an answer.
fn take(first: &mut FirstStart, events: Vec<Event>) -> Next {
    let mut answers = events.iter().map(|event| first.take(event));
    answers.find(|next| *next != Next::Ask).unwrap_or(Next::Ask)
}
