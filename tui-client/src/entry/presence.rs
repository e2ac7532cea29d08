//! Coming and going in words: many events folded into one plain sentence.
//! It must never tell a person's coming and going out of order.

use crate::session::whereabouts::Split;

/// How many people one line folds before the next begins.
const FOLDED_MAX: usize = 40;

/// In a line about fewer people than this, everybody is seen at a glance.
const CROWD: usize = 4;

/// How many names are told in one part of the sentence.
const NAMES_MAX: usize = 8;

/// How many of those who leave because servers lost each other one line folds.
const SPLIT_MAX: usize = 1000;

/// What somebody did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Move {
    /// Came in.
    Came,
    /// Left, saying something or nothing.
    Left(String),
    /// Left because servers lost each other.
    SplitOff(Split),
    /// Came back after that.
    Rejoined(Split),
    /// Came in and left again.
    CameAndWent,
    /// Left and came back.
    Returned,
    /// Has another nick now.
    Renamed(String),
}

/// Who did what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coming {
    /// Who.
    pub nick: String,
    /// What.
    pub what: Move,
}

/// Adds one to those of the line; who comes and goes is told once.
pub fn fold(all: &mut Vec<Coming>, mut coming: Coming) {
    if coming.split().is_some() {
        // Those who are back stand together, behind those who are not.
        all.retain(|told| told.nick != coming.nick);
        return all.push(coming);
    }
    if let Move::Left(reason) = &mut coming.what {
        *reason = worth_telling(reason).to_owned();
    }
    let last = all
        .iter_mut()
        .rev()
        .find(|told| told.current() == coming.nick);
    let Some(told) = last else {
        all.push(coming);
        return;
    };
    let what = match (&told.what, &coming.what) {
        (Move::Came | Move::Returned, Move::Left(_)) => match told.what {
            Move::Came => Move::CameAndWent,
            _ => coming.what,
        },
        (Move::Left(_), Move::Came | Move::Returned) => Move::Returned,
        (Move::CameAndWent, Move::Came) => Move::Came,
        _ => {
            all.push(coming);
            return;
        }
    };
    told.what = what;
}

/// Whether another one finds space in the line: that of a split tells of nothing else.
pub fn has_space(all: &[Coming], coming: &Coming) -> bool {
    let about = all.first().and_then(Coming::split);
    let most = if about.is_some() {
        SPLIT_MAX
    } else {
        FOLDED_MAX
    };
    all.is_empty() || (all.len() < most && about == coming.split())
}

/// What remains of a reason when what servers and programs say by themselves is taken away: "Quit: bye" is "bye".
fn worth_telling(reason: &str) -> &str {
    let said = reason.strip_prefix("Quit:").unwrap_or(reason).trim();
    let is_empty = ["", "quit", "left", "leaving", "client quit"];
    if is_empty.contains(&said.to_ascii_lowercase().as_str()) {
        ""
    } else {
        said
    }
}

/// Takes one who came in, or whom a split took, out of a crowd, to be told alone; `None` where nothing would be gained.
pub fn unfold(all: &mut Vec<Coming>, nick: &str) -> Option<Coming> {
    let is_told =
        |told: &Coming| matches!(told.what, Move::Came | Move::Returned) || told.split().is_some();
    let index = all
        .iter()
        .rposition(|told| is_told(told) && told.current().eq_ignore_ascii_case(nick))?;
    (all.len() >= CROWD).then(|| all.remove(index))
}

impl Coming {
    /// The nick that the person has after this.
    fn current(&self) -> &str {
        match &self.what {
            Move::Renamed(to) => to,
            _ => &self.nick,
        }
    }

    /// The split that it is about, if it is about one.
    fn split(&self) -> Option<&Split> {
        match &self.what {
            Move::SplitOff(split) | Move::Rejoined(split) => Some(split),
            _ => None,
        }
    }
}

/// All of it as a sentence without a full stop: "linus and ken came in, dennis left (bye)"; of a split: "a.example ⇹
/// b.example: 12 people left, grace is back".
pub fn sentence(all: &[Coming]) -> String {
    let mut parts = Vec::new();
    let mut rest = all;
    while let Some(first) = rest.first() {
        let same = rest
            .iter()
            .take_while(|other| other.what == first.what)
            .count();
        let (group, after) = rest.split_at(same);
        rest = after;
        if first.split().is_some() && group.len() >= CROWD {
            let verb = verb(&first.what, true);
            parts.push(format!("{} people {verb}", group.len()));
            continue;
        }
        let names: Vec<&str> = group.iter().map(|coming| coming.nick.as_str()).collect();
        parts.push(format!(
            "{} {}",
            listed(&names),
            verb(&first.what, names.len() > 1)
        ));
    }
    about(all, &parts)
}

/// The parts of a sentence, behind the split if it is about one.
fn about(all: &[Coming], parts: &[String]) -> String {
    let told = parts.join(", ");
    match all.first().and_then(Coming::split) {
        Some(split) => format!("{split}: {told}"),
        None => told,
    }
}

/// All of it with everybody's name, as whoever wants to know it reads it.
pub fn everybody(all: &[Coming]) -> String {
    let mut parts = Vec::new();
    let mut rest = all;
    while let Some(first) = rest.first() {
        let is_same = |other: &&Coming| other.what == first.what;
        let (group, after) = rest.split_at(rest.iter().take_while(is_same).count());
        rest = after;
        let names: Vec<&str> = group.iter().map(|coming| coming.nick.as_str()).collect();
        let names = match names.as_slice() {
            [most @ .., last] if !most.is_empty() => format!("{} and {last}", most.join(", ")),
            all => all.concat(),
        };
        parts.push(format!("{names} {}", verb(&first.what, group.len() > 1)));
    }
    about(all, &parts)
}

fn verb(what: &Move, are_many: bool) -> String {
    match what {
        Move::Came => "came in".into(),
        Move::SplitOff(_) => "left".into(),
        Move::Left(reason) if reason.is_empty() => "left".into(),
        Move::Left(reason) => format!("left ({reason})"),
        Move::CameAndWent => "came and went".into(),
        Move::Returned | Move::Rejoined(_) if are_many => "are back".into(),
        Move::Returned | Move::Rejoined(_) => "is back".into(),
        Move::Renamed(to) => format!("is now {to}"),
    }
}

/// Names as people list them: "ada", "ada and ken", "ada, ken and 3 more".
pub fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [most @ .., last] if names.len() <= NAMES_MAX => format!("{} and {last}", most.join(", ")),
        _ => {
            let told: Vec<&str> = names.iter().take(NAMES_MAX - 1).copied().collect();
            format!("{} and {} more", told.join(", "), names.len() - told.len())
        }
    }
}

#[cfg(test)]
mod tests;
