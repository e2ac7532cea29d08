//! What was sent before from this window's input, to be recalled.
//! It must never lose the draft that was being written when recalling began.

/// How many are kept.
const SENT_MAX: usize = 300;

/// More bytes than this are no word that stands in other messages by chance.
const CHANCE_BYTES: usize = 200;

/// Whether this message is what was sent, or a part of it: a line, a portion, the words of a command.
pub fn has_become(sent: &str, said: &str) -> bool {
    let is_command = sent.starts_with('/');
    let is_its_words = || {
        let words = sent.strip_suffix(said);
        words.is_some_and(|command| command == "/" || command.ends_with(char::is_whitespace))
    };
    let is_long = said.contains('\n') || said.len() >= CHANCE_BYTES;
    sent.lines().any(|line| line == said)
        || sent == said
        || (is_command && is_its_words())
        || (is_long && sent.contains(said))
}

/// What was sent, oldest first, and where in it we are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recall {
    sent: Vec<String>,
    /// How many were ever sent, those of earlier runs aside.
    count: u64,
    /// Which one is shown, and the draft that waits for our return.
    at: Option<(usize, String)>,
}

impl Recall {
    /// Keeps what was sent.
    pub fn push(&mut self, text: &str) {
        self.at = None;
        if text.is_empty() || self.sent.last().is_some_and(|last| last == text) {
            return;
        }
        if self.sent.len() >= SENT_MAX {
            self.sent.remove(0);
        }
        self.sent.push(text.to_owned());
        self.count += 1;
    }

    /// Puts what was sent in earlier runs, oldest first, before what was sent in this one.
    pub fn precede(&mut self, mut earlier: Vec<String>) {
        earlier.append(&mut self.sent);
        let excess = earlier.len().saturating_sub(SENT_MAX);
        self.sent = earlier.split_off(excess);
    }

    /// Forgets what a message of ours was written as, which was taken back.
    pub fn forget(&mut self, said: &str) {
        self.sent.retain(|sent| !has_become(sent, said));
    }

    /// How many were ever sent in this run.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The last ones, oldest first.
    pub fn last(&self, count: u64) -> impl Iterator<Item = &String> {
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        self.sent.iter().skip(self.sent.len().saturating_sub(count))
    }

    /// The one before; `draft` is what stands in the input now.
    pub fn back(&mut self, draft: &str) -> Option<String> {
        let (index, kept) = match self.at.take() {
            Some((index, kept)) => (index.saturating_sub(1), kept),
            None => (self.sent.len().checked_sub(1)?, draft.to_owned()),
        };
        self.at = Some((index, kept));
        self.sent.get(index).cloned()
    }

    /// The one after; at the end the draft.
    pub fn forward(&mut self) -> Option<String> {
        let (index, draft) = self.at.take()?;
        match self.sent.get(index + 1) {
            Some(text) => {
                self.at = Some((index + 1, draft));
                Some(text.clone())
            }
            None => Some(draft),
        }
    }

    /// Those that contain this, newest first, each once.
    pub fn search(&self, part: &str) -> Vec<String> {
        let part = part.to_lowercase();
        let mut found: Vec<String> = Vec::new();
        for text in self.sent.iter().rev() {
            if text.to_lowercase().contains(&part) && !found.contains(text) {
                found.push(text.clone());
            }
        }
        found
    }
}
