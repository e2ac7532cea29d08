//! What is done between questions: closing an account whose words go, hearing of what was done at the command line, and
//! keeping letters until a relay has them. It never erases anything itself: that takes long.

use protocol::Folded;
use server_core::News;
use server_core::accounts::AccountsReply;

use super::{Answer, Desk, lock, no_account};
use crate::accounts::book::{Account, BookError};

impl Desk {
    pub(super) fn erase(&self, name: &str) -> Answer {
        if !lock(&self.book).close(name, true)? {
            return Err(no_account());
        }
        self.forget_ways_in(name);
        Ok(AccountsReply::Closed {
            account: name.into(),
        })
    }

    /// Nobody who is half-way in comes in any more.
    fn forget_ways_in(&self, name: &str) {
        lock(&self.exchanges).forget(name);
        lock(&self.codes).remove(&Folded::new(name));
    }

    /// What was done beside the server since this was asked last.
    pub(crate) fn news(&self) -> Result<Vec<News>, BookError> {
        let news = lock(&self.book).news()?;
        for one in &news {
            match one {
                News::PasswordChanged { account } => lock(&self.exchanges).forget(account),
                News::AccountClosed { account } => self.forget_ways_in(account),
                News::Erased { .. } => {}
            }
        }
        Ok(news)
    }

    /// The accounts whose words are to be erased.
    pub(crate) fn erasures(&self) -> Result<Vec<Box<str>>, BookError> {
        lock(&self.book).erasures()
    }

    /// The words of an account are gone.
    pub(crate) fn erased(&self, name: &str) -> Result<(), BookError> {
        lock(&self.book).erased(name)
    }

    /// Gives the mailer the letters that no relay had taken when the server ended; codes that hold no longer are for
    /// nobody.
    pub(crate) fn send_letters_again(&self) -> Result<(), BookError> {
        let now = (self.clock)().wall;
        let waiting = lock(&self.book).letters()?;
        for Account {
            name,
            email,
            pending,
            ..
        } in waiting
        {
            if let (Some(email), Some(code)) = (email, pending)
                && code.until > now
                && let Err(reason) = self.mailer.send_code(&email, &name, &code.code)
            {
                tracing::warn!(reason, "a code could not be sent");
            }
        }
        Ok(())
    }

    /// Writes down which letters a relay has taken.
    pub(crate) fn note_letters(&self) -> Result<(), BookError> {
        for name in self.mailer.taken() {
            lock(&self.book).letter_sent(&name)?;
        }
        Ok(())
    }
}
