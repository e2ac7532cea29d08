//! What a network's task does for the server that it hosts.
//! It must never start or stop that server: the wire does, when it finds nobody there.

use crate::clock::now;
use crate::host::Hosted;
use crate::net::{Keeper, Unheard};
use crate::report::Report;
use crate::session::command::{Command, Links};

impl Keeper {
    /// Whoever comes to a server here or goes is heard of by everybody in the room, so that this is looked at in time.
    pub(super) async fn count_guests(&mut self) -> Result<(), Unheard> {
        let guests = self.hosted.as_ref().map_or(0, Hosted::guests);
        if guests != self.guests {
            self.report(Report::Guests(guests)).await?;
            self.guests = guests;
        }
        Ok(())
    }

    /// Lets friends on other machines come in to the server that runs here, and makes a link for them.
    pub(super) async fn open_door(&mut self, room: String) -> Result<(), Unheard> {
        let (Some(hosted), Some(host)) = (&self.hosted, &self.host) else {
            return Ok(());
        };
        let (host, door) = host.opened();
        if let Err(why) = hosted.serve_as(&host).await {
            let text = format!("No door is open for friends on other machines: {why}");
            self.session.remark(text, now());
            return self.tell().await;
        }
        self.host = Some(host);
        self.offer(None);
        self.report(Report::DoorOpened(door)).await?;
        let ask = Links::Make {
            uses: None,
            lasts: None,
            at: None,
        };
        self.session.command(Command::Links { room, ask }, now());
        Ok(())
    }
}
