//! Invite links at the command line: made, listed, taken back. It never shows a token twice: nobody has it but whoever
//! has the link.

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use protocol::name::{check_channel, is_channel};
use protocol::{Stamp, invite};
use server_core::invites::{Invite, InviteReply, InviteRequest, Refused};
use server_core::storage::StorageReply;

use super::say::say;
use crate::cli::InviteErrand;
use crate::config::Config;
use crate::data_folder::make_private_dir;
use crate::database;
use crate::invitation;
use crate::journal;
use crate::storage::Durability;
use crate::storage::sqlite::invites;

/// Runs an errand about invites.
pub(super) fn run(errand: &InviteErrand, config: &Config, database: &Path) -> Result<(), String> {
    let folder = config.data_dir();
    make_private_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let connection = database::open_to_write(database, Durability::Disk);
    let mut desk = Desk(connection.map_err(|error| error.to_string())?);
    let room = match &errand.room {
        Some(room) => Some(named(room, config)?),
        None => None,
    };
    match (errand.revoke, room) {
        (Some(id), _) => desk.revoke(id),
        (None, room) if errand.list => desk.list(room.as_deref()),
        (None, Some(room)) => desk.make(errand, config, &room),
        (None, None) => Err("which room?".to_owned()),
    }
}

/// A room may be given without its `#`, which a shell takes for a comment.
fn named(room: &str, config: &Config) -> Result<String, String> {
    let name = if is_channel(room) {
        room.to_owned()
    } else {
        format!("#{room}")
    };
    let most = usize::try_from(config.limits.channel_length).unwrap_or(usize::MAX);
    let checked = check_channel(&name, most);
    checked.map_err(|why| format!("{name} cannot be a room: {}", why.text()))?;
    Ok(name)
}

struct Desk(rusqlite::Connection);

impl Desk {
    fn ask(&mut self, request: &InviteRequest) -> Result<InviteReply, String> {
        match invites::ask(&mut self.0, request) {
            Ok(StorageReply::Invites(reply)) => Ok(reply),
            Ok(StorageReply::Failed(why)) => Err(why),
            Ok(_) => Err("storage gave no answer: a bug".to_owned()),
            Err(error) => Err(database::reason(&error)),
        }
    }

    fn make(&mut self, errand: &InviteErrand, config: &Config, room: &str) -> Result<(), String> {
        // A link that leads nowhere must not cost a token.
        let mut link = invitation::to(config, errand.host.as_deref())?;
        let place = invites::place_named(&self.0, room);
        let now = journal::now().seconds();
        let until = now + errand.expires;
        let request = InviteRequest::Make {
            place: place.map_err(|error| database::reason(&error))?,
            maker: "".into(),
            by: "parlord".into(),
            uses: errand.uses,
            until,
            now,
        };
        let (id, token) = match self.ask(&request)? {
            InviteReply::Made { id, token } => (id, token),
            InviteReply::Full(full) => return Err(full.text().to_owned()),
            _ => return Err("storage gave another answer: a bug".to_owned()),
        };
        link.room = Some(room.to_owned());
        link.token = Some(token);
        show(&link, id, errand.uses, until);
        Ok(())
    }

    fn list(&mut self, room: Option<&str>) -> Result<(), String> {
        let place = room.map(|room| invites::place_named(&self.0, room));
        let place = place.transpose();
        let place = place.map_err(|error| database::reason(&error))?;
        let InviteReply::Listed(all) = self.ask(&InviteRequest::List { place })? else {
            return Err("storage gave another answer: a bug".to_owned());
        };
        let now = journal::now().seconds();
        let mut out = io::stdout().lock();
        let head = "NUMBER ROOM                     CAME       UNTIL             STATE     BY";
        for row in std::iter::once(head.to_owned()).chain(all.iter().map(|one| row(one, now))) {
            // Whoever closed the output has seen enough.
            if writeln!(out, "{row}").is_err() {
                break;
            }
        }
        Ok(())
    }

    fn revoke(&mut self, id: u64) -> Result<(), String> {
        match self.ask(&InviteRequest::Revoke { id, place: None })? {
            InviteReply::Revoked => {
                say(&format!("invite {id} lets in nobody any more"));
                Ok(())
            }
            _ => Err(format!("there is no invite {id}")),
        }
    }
}

/// To a program the link alone; to a person also its picture, and what it is good for.
fn show(link: &invite::Invite, id: u64, uses: u32, until: u64) {
    let link = link.to_string();
    if !io::stdout().is_terminal() {
        return say(&link);
    }
    let picture = invitation::picture(&link).unwrap_or_default();
    let people = if uses == 1 { "person" } else { "people" };
    say(&format!(
        "\n{picture}\n\n  A friend comes in with:\n\n  parlor '{link}'\n\n  It is good for {uses} {people}, until \
         {} UTC; parlord invite --revoke {id} takes it back.\n",
        minute(until)
    ));
}

fn row(invite: &Invite, now: u64) -> String {
    let state = match invite.over(now) {
        None => "good",
        Some(Refused::Expired) => "expired",
        Some(Refused::UsedUp) => "used up",
        Some(_) => "revoked",
    };
    let Invite { id, place, by, .. } = invite;
    let came = format!("{} of {}", invite.used, invite.uses);
    let until = minute(invite.until);
    let name = &place.name;
    format!("{id:<6} {name:<24} {came:<10} {until:<17} {state:<9} {by}")
}

/// A moment in UTC, as far as a person cares.
fn minute(seconds: u64) -> String {
    let text = Stamp(seconds * 1000).to_string();
    text.get(..16).unwrap_or(&text).replace('T', " ")
}
