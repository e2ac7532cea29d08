//! Whether all indexes of the network agree with each other. It never changes anything.

use std::collections::BTreeSet;

use crate::modes::UserMode;
use crate::network::{Holder, Network};
use crate::session::Phase;

impl Network {
    /// Whether all indexes agree with each other; says which does not. For tests.
    pub fn check(&self) -> Result<(), String> {
        for (id, user) in self.users() {
            if self.holder(&user.nick) != Some(Holder::User(id)) {
                return Err(format!("{} does not hold its nick", user.nick));
            }
            for channel in &user.channels {
                if self
                    .channel(*channel)
                    .is_none_or(|channel| !channel.has(id))
                {
                    return Err(format!("{} is in a room that does not know it", user.nick));
                }
            }
            for voice in &user.voices {
                if self.session(voice.session).user() != Some(id) {
                    return Err(format!("{} speaks through a session of another", user.nick));
                }
                if self.session(voice.session).caps != voice.caps {
                    return Err(format!("{} is heard with other capabilities", user.nick));
                }
            }
        }
        for (id, channel) in self.channels() {
            if channel.members.is_empty() {
                return Err(format!("{} is empty", channel.name));
            }
            if self.find_channel(&channel.name) != Some(id) {
                return Err(format!("{} is not found by its name", channel.name));
            }
            for member in channel.members.keys() {
                if !self.user(*member).channels.contains(&id) {
                    return Err(format!("{} has a member who does not know", channel.name));
                }
            }
        }
        self.check_modes()?;
        self.check_markers()?;
        self.check_staying()?;
        self.check_sessions()
    }

    fn check_modes(&self) -> Result<(), String> {
        let having = |mode| {
            self.users()
                .filter(|(_, user)| user.modes.has(mode))
                .count()
        };
        if having(UserMode::Invisible) != self.invisible
            || having(UserMode::Operator) != self.operators
        {
            return Err("invisible people or operators are counted wrong".to_owned());
        }
        Ok(())
    }

    /// Guests come and go for years: what they have read goes with them.
    fn check_markers(&self) -> Result<(), String> {
        let here: BTreeSet<&str> = self.users().map(|(_, user)| &*user.guest_id).collect();
        let mut guests = self.read_markers.keys().filter(|id| id.starts_with('~'));
        match guests.find(|id| !here.contains(id.as_str())) {
            Some(gone) => Err(format!("what {gone} has read is kept")),
            None => Ok(()),
        }
    }

    fn check_sessions(&self) -> Result<(), String> {
        let mut strangers = 0;
        for session in self.sessions() {
            match &session.phase {
                Phase::Registered(user) => {
                    if !self
                        .user(*user)
                        .voices
                        .iter()
                        .any(|voice| voice.session == session.id)
                    {
                        return Err(format!("{:?} has no voice", session.id));
                    }
                }
                Phase::Registering(registering) => {
                    strangers += 1;
                    if let Some(nick) = &registering.nick
                        && self.holder(nick) != Some(Holder::Registering(session.id))
                    {
                        return Err(format!("{nick} is not held by its session"));
                    }
                }
            }
            let due = (session.deadline, session.id);
            if session.deadline != u64::MAX && !self.deadlines.contains(&due) {
                return Err(format!("{:?} would be forgotten", session.id));
            }
        }
        let total: usize = self.addresses.values().sum();
        if total != self.sessions().count() || strangers != self.strangers {
            return Err("sessions are counted wrong".to_owned());
        }
        Ok(())
    }
}
