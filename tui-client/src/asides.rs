//! What goes to the terminal beside the cells, with the next frame: of each kind only the last.
//! It must never grow with what happens while the terminal does not read.

use crate::surface::Surface;

/// What waits for the next frame.
#[derive(Debug, Default)]
pub struct Asides {
    /// The window's name.
    pub title: Option<String>,
    /// What calls from outside of the window.
    pub notice: Option<String>,
    /// What goes onto the clipboard.
    pub copied: Option<String>,
    /// Whether the mouse is ours from now on.
    pub mouse: Option<bool>,
    /// Whether the bell rings.
    pub is_ringing: bool,
    /// Whether the terminal is asked what is behind its text.
    pub is_asking: bool,
}

impl Asides {
    /// Writes what waits.
    pub fn write<B: Surface>(&mut self, backend: &mut B) {
        let asides = std::mem::take(self);
        if let Some(is_ours) = asides.mouse {
            backend.point(is_ours);
        }
        if let Some(text) = asides.title {
            backend.title(&text);
        }
        if let Some(text) = asides.copied {
            backend.copy(&text);
        }
        if let Some(text) = asides.notice {
            backend.notify(&text);
        }
        if asides.is_ringing {
            backend.ring();
        }
        if asides.is_asking {
            backend.ask_background();
        }
    }
}
