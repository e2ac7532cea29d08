//! Invites in SQLite. Every request is part of one transaction of its caller, so that five uses never admit six people.

use rusqlite::{
    Connection, OptionalExtension, Result, Row, ToSql, TransactionBehavior, named_params, params,
};
use server_core::invites::{
    Full, GOOD_PER_MAKER_MAX, GOOD_PER_ROOM_MAX, Guest, INVITES_MAX, Invite, InviteReply,
    InviteRequest, MARKS_MAX, OVER_PER_ROOM_MAX, Place, Refused,
};
use server_core::storage::{RoomId, Shelf, StorageReply};

use super::log::room_number;
use super::shelf;
use crate::tokens;

/// Whether an invite is for `:room`, `:name`, as [`Place::covers`] says.
const THERE: &str =
    "CASE WHEN room IS NOT NULL AND :room IS NOT NULL THEN room = :room ELSE name = :name END";
/// Whether an invite lets in anybody new at `:now`, as [`Invite::over`] says.
const GOOD: &str = "(revoked = 0 AND until > :now AND used < uses)";

/// What an invite is read from.
const COLUMNS: &str = "id, room, name, maker, maker_name, uses, used, until, revoked";

/// Does what was asked, within the caller's transaction.
pub(crate) fn answer(connection: &Connection, request: &InviteRequest) -> Result<StorageReply> {
    let reply = match request {
        InviteRequest::Make {
            place,
            maker,
            by,
            uses,
            until,
            now,
        } => {
            if let Some(full) = make_room(connection, place, maker, *now)? {
                return Ok(StorageReply::Invites(InviteReply::Full(full)));
            }
            let token = match tokens::draw() {
                Ok(token) => token,
                Err(why) => return Ok(StorageReply::Failed(why)),
            };
            let id = connection
                .prepare_cached(
                    "INSERT INTO invite (token, room, name, maker, maker_name, uses, until) \
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                )?
                .insert(params![
                    tokens::digest(&token),
                    place.room.map(room_number),
                    place.name,
                    maker,
                    by,
                    uses,
                    seconds(*until)
                ])?;
            let id = id.cast_unsigned();
            InviteReply::Made { id, token }
        }
        InviteRequest::List { place } => InviteReply::Listed(list(connection, place.as_ref())?),
        InviteRequest::Revoke { id, place } => revoke(connection, *id, place.as_ref())?,
        InviteRequest::Redeem {
            token,
            guest,
            place,
            now,
        } => {
            let digest = tokens::digest(token);
            redeem(connection, &digest, guest, place.as_ref(), *now)?
        }
    };
    Ok(StorageReply::Invites(reply))
}

/// Asks beside a server that may be running: in a transaction of its own.
pub(crate) fn ask(connection: &mut Connection, request: &InviteRequest) -> Result<StorageReply> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let reply = answer(&transaction, request)?;
    transaction.commit()?;
    Ok(reply)
}

/// The room of a name, by its id if it has one already.
pub(crate) fn place_named(connection: &Connection, name: &str) -> Result<Place> {
    let record = shelf::look(connection, Shelf::Rooms, &name.to_ascii_lowercase())?;
    Ok(Place::named(name, record.as_deref()))
}

/// A moment as SQLite keeps it.
fn seconds(seconds: u64) -> i64 {
    i64::try_from(seconds).unwrap_or(i64::MAX)
}

fn invite(row: &Row<'_>) -> Result<Invite> {
    let room: Option<i64> = row.get(1)?;
    let until: i64 = row.get(7)?;
    Ok(Invite {
        id: row.get::<_, i64>(0)?.cast_unsigned(),
        place: Place {
            room: room.map(|number| RoomId(number.cast_unsigned())),
            name: row.get(2)?,
        },
        maker: row.get(3)?,
        by: row.get(4)?,
        uses: row.get(5)?,
        used: row.get(6)?,
        until: u64::try_from(until).unwrap_or(0),
        is_revoked: row.get(8)?,
    })
}

/// Makes space for one more; what there is too much of, if there is none.
fn make_room(
    connection: &Connection,
    place: &Place,
    maker: &str,
    now: u64,
) -> Result<Option<Full>> {
    let room = place.room.map(room_number);
    let now = seconds(now);
    let there = named_params! { ":room": room, ":name": place.name, ":now": now };
    let count = |question: &str, params: &[(&str, &dyn ToSql)]| -> Result<usize> {
        let mut count = connection.prepare_cached(question)?;
        let number: i64 = count.query_row(params, |row| row.get(0))?;
        Ok(usize::try_from(number).unwrap_or(usize::MAX))
    };
    let question = format!("SELECT count(*) FROM invite WHERE {THERE} AND {GOOD}");
    if count(&question, there)? >= GOOD_PER_ROOM_MAX {
        return Ok(Some(Full::Room));
    }
    let question = format!("SELECT count(*) FROM invite WHERE maker = :maker AND {GOOD}");
    let by_maker = named_params! { ":maker": maker, ":now": now };
    if !maker.is_empty() && count(&question, by_maker)? >= GOOD_PER_MAKER_MAX {
        return Ok(Some(Full::Maker));
    }
    connection
        .prepare_cached(&format!(
            "DELETE FROM invite WHERE id IN (SELECT id FROM invite WHERE {THERE} AND NOT {GOOD} \
             ORDER BY id DESC LIMIT -1 OFFSET {OVER_PER_ROOM_MAX})"
        ))?
        .execute(there)?;
    let over = format!("NOT {GOOD}");
    // Those that guests made give way to those of people with a name, whatever their age.
    for dispensable in [over.as_str(), "maker GLOB '~*' AND :now = :now"] {
        let all = count("SELECT count(*) FROM invite", &[])?;
        let Some(excess) = (all + 1)
            .checked_sub(INVITES_MAX)
            .filter(|excess| *excess > 0)
        else {
            return Ok(None);
        };
        connection
            .prepare_cached(&format!(
                "DELETE FROM invite WHERE id IN (SELECT id FROM invite WHERE {dispensable} \
                 ORDER BY id LIMIT :excess)"
            ))?
            .execute(
                named_params! { ":now": now, ":excess": i64::try_from(excess).unwrap_or(i64::MAX) },
            )?;
    }
    let all = count("SELECT count(*) FROM invite", &[])?;
    Ok((all >= INVITES_MAX).then_some(Full::Server))
}

fn list(connection: &Connection, place: Option<&Place>) -> Result<Vec<Invite>> {
    // Everybody's messages wait meanwhile, so that those of other rooms are not even read.
    let there = place.map_or("TRUE", |_| THERE);
    let select = format!("SELECT {COLUMNS} FROM invite WHERE {there} ORDER BY id");
    let mut select = connection.prepare_cached(&select)?;
    match place {
        Some(place) => {
            let room = place.room.map(room_number);
            let params = named_params! { ":room": room, ":name": place.name };
            select.query_map(params, invite)?.collect()
        }
        None => select.query_map((), invite)?.collect(),
    }
}

fn revoke(connection: &Connection, id: u64, place: Option<&Place>) -> Result<InviteReply> {
    let found = connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM invite WHERE id = ?1"))?
        .query_row([id.cast_signed()], invite)
        .optional()?;
    let is_there = found.is_some_and(|invite| place.is_none_or(|place| invite.place.covers(place)));
    if !is_there {
        return Ok(InviteReply::NoSuch);
    }
    connection
        .prepare_cached("UPDATE invite SET revoked = 1 WHERE id = ?1")?
        .execute([id.cast_signed()])?;
    Ok(InviteReply::Revoked)
}

fn redeem(
    connection: &Connection,
    digest: &[u8],
    guest: &Guest,
    place: Option<&Place>,
    now: u64,
) -> Result<InviteReply> {
    let found = connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM invite WHERE token = ?1"))?
        .query_row([digest], invite)
        .optional()?;
    let Some(invite) = found else {
        return Ok(InviteReply::Refused(Refused::Unknown));
    };
    let id = invite.id.cast_signed();
    let marks = tokens::marks(guest);
    let mut known = None;
    for mark in &marks {
        let person: Option<u32> = connection
            .prepare_cached("SELECT person FROM guest WHERE invite = ?1 AND mark = ?2")?
            .query_row(params![id, mark], |row| row.get(0))
            .optional()?;
        known = known.or(person);
    }
    if let Err(refused) = invite.judge(known.is_some(), place, now) {
        return Ok(InviteReply::Refused(refused));
    }
    let person = known.unwrap_or(invite.used);
    if known.is_none() {
        connection
            .prepare_cached("UPDATE invite SET used = used + 1 WHERE id = ?1")?
            .execute([id])?;
    }
    for mark in &marks {
        connection
            .prepare_cached(&format!(
                "INSERT OR IGNORE INTO guest (invite, mark, person) SELECT ?1, ?2, ?3 \
                 WHERE (SELECT count(*) FROM guest WHERE invite = ?1 AND person = ?3) < {MARKS_MAX}"
            ))?
            .execute(params![id, mark, person])?;
    }
    Ok(InviteReply::Admitted)
}
