//! What every driver must do alike about invites: whom a token lets in, how often, and who is known again.

use protocol::invite::Token;
use server_core::invites::{
    Full, GOOD_PER_MAKER_MAX, GOOD_PER_ROOM_MAX, Guest, InviteReply, InviteRequest,
    OVER_PER_ROOM_MAX, Place, Refused,
};

use super::*;

contract!(
    a_token_lets_in_so_many_people_and_no_more,
    whoever_came_may_come_again,
    a_guest_is_known_by_any_mark,
    time_and_number_are_about_new_people_only,
    one_that_was_taken_back_lets_in_nobody,
    a_token_is_for_its_room_only,
    without_a_room_a_token_is_for_a_name,
    invites_are_listed,
    good_ones_are_bounded,
    those_that_are_over_are_forgotten_the_oldest_first,
);

/// When these tests happen.
const NOW: u64 = 1_000;

fn place(room: u64, name: &str) -> Place {
    Place {
        room: Some(RoomId(room)),
        name: name.into(),
    }
}

fn make_by(maker: &str, place: Place, uses: u32) -> InviteRequest {
    InviteRequest::Make {
        place,
        maker: maker.into(),
        by: "Ada".into(),
        uses,
        until: NOW + 60,
        now: NOW,
    }
}

fn word(word: &str) -> Guest {
    Guest {
        word: Token::parse(word),
        ..Guest::default()
    }
}

impl Rig {
    #[track_caller]
    fn about(&mut self, request: InviteRequest) -> InviteReply {
        match self.ask(StorageRequest::Invites(request)) {
            StorageReply::Invites(reply) => reply,
            other => panic!("{other:?}"),
        }
    }

    #[track_caller]
    fn make(&mut self, place: Place, uses: u32) -> (u64, Token) {
        match self.about(make_by("ada", place, uses)) {
            InviteReply::Made { id, token } => (id, token),
            other => panic!("{other:?}"),
        }
    }

    #[track_caller]
    fn redeem_at(&mut self, now: u64, token: &Token, guest: Guest, place: Place) -> InviteReply {
        let (token, place) = (token.clone(), Some(place));
        self.about(InviteRequest::Redeem {
            token,
            guest,
            place,
            now,
        })
    }

    #[track_caller]
    fn redeem(&mut self, token: &Token, guest: Guest) -> InviteReply {
        self.redeem_at(NOW, token, guest, place(7, "#a"))
    }

    #[track_caller]
    fn invites(&mut self) -> Vec<server_core::invites::Invite> {
        match self.about(InviteRequest::List { place: None }) {
            InviteReply::Listed(invites) => invites,
            other => panic!("{other:?}"),
        }
    }
}

fn a_token_lets_in_so_many_people_and_no_more(mut rig: Rig) {
    let (_, token) = rig.make(place(7, "#a"), 5);
    // All at once: what waits together is one transaction.
    for number in 0..8 {
        let (token, guest) = (token.clone(), word(&format!("w{number}")));
        let request = InviteRequest::Redeem {
            token,
            guest,
            place: None,
            now: NOW,
        };
        if let Some(reply) = rig.send(StorageRequest::Invites(request)) {
            let is_in = reply == StorageReply::Invites(InviteReply::Admitted);
            assert_eq!(is_in, number < 5);
        } else {
            let (_, reply) = rig.next();
            let is_in = reply == StorageReply::Invites(InviteReply::Admitted);
            assert_eq!(is_in, number < 5);
        }
    }
    assert_eq!(rig.invites()[0].used, 5);
    let last = rig.redeem(&token, word("w9"));
    assert_eq!(last, InviteReply::Refused(Refused::UsedUp));
    // Somebody without any mark is new each time.
    let nobody = rig.redeem(&token, Guest::default());
    assert_eq!(nobody, InviteReply::Refused(Refused::UsedUp));
}

fn whoever_came_may_come_again(mut rig: Rig) {
    let (_, token) = rig.make(place(7, "#a"), 1);
    for _ in 0..3 {
        assert_eq!(rig.redeem(&token, word("mine")), InviteReply::Admitted);
    }
    assert_eq!(rig.invites()[0].used, 1);
    let other = rig.redeem(&token, word("yours"));
    assert_eq!(other, InviteReply::Refused(Refused::UsedUp));
}

fn a_guest_is_known_by_any_mark(mut rig: Rig) {
    let (_, token) = rig.make(place(7, "#a"), 1);
    let account = Guest {
        account: Some("ada".into()),
        ..Guest::default()
    };
    let certificate = Guest {
        certificate: Some("00ff".into()),
        ..Guest::default()
    };
    let both = Guest {
        account: Some("ada".into()),
        ..word("mine")
    };
    let all = Guest {
        account: Some("ada".into()),
        ..certificate.clone()
    };
    // First by the word alone, then with an account, then by that on another machine, which has a certificate.
    for guest in [word("mine"), both, account, all, certificate, word("mine")] {
        assert_eq!(rig.redeem(&token, guest), InviteReply::Admitted);
    }
    assert_eq!(rig.invites()[0].used, 1);
    let other = Guest {
        account: Some("mine".into()),
        ..Guest::default()
    };
    let refused = rig.redeem(&token, other);
    assert_eq!(refused, InviteReply::Refused(Refused::UsedUp));
}

fn time_and_number_are_about_new_people_only(mut rig: Rig) {
    let (_, token) = rig.make(place(7, "#a"), 2);
    assert_eq!(rig.redeem(&token, word("early")), InviteReply::Admitted);
    let at = |rig: &mut Rig, now, name| rig.redeem_at(now, &token, word(name), place(7, "#a"));
    let late = at(&mut rig, NOW + 60, "late");
    assert_eq!(late, InviteReply::Refused(Refused::Expired));
    assert_eq!(at(&mut rig, NOW + 60, "early"), InviteReply::Admitted);
    assert_eq!(at(&mut rig, NOW + 59, "late"), InviteReply::Admitted);
}

fn one_that_was_taken_back_lets_in_nobody(mut rig: Rig) {
    let (id, token) = rig.make(place(7, "#a"), 2);
    assert_eq!(rig.redeem(&token, word("early")), InviteReply::Admitted);
    let elsewhere = Some(place(8, "#b"));
    let revoke = |place| InviteRequest::Revoke { id, place };
    assert_eq!(rig.about(revoke(elsewhere)), InviteReply::NoSuch);
    let there = Some(place(7, "#a"));
    assert_eq!(rig.about(revoke(there)), InviteReply::Revoked);
    for name in ["early", "late"] {
        let reply = rig.redeem(&token, word(name));
        assert_eq!(reply, InviteReply::Refused(Refused::Revoked));
    }
    let id = id + 1;
    let other = InviteRequest::Revoke { id, place: None };
    assert_eq!(rig.about(other), InviteReply::NoSuch);
}

fn a_token_is_for_its_room_only(mut rig: Rig) {
    let (_, token) = rig.make(place(7, "#a"), 2);
    // The next room of the same name is another; a renamed one is the same.
    for other in [place(8, "#a"), place(8, "#b")] {
        let reply = rig.redeem_at(NOW, &token, word("mine"), other);
        assert_eq!(reply, InviteReply::Refused(Refused::OtherRoom));
    }
    let renamed = rig.redeem_at(NOW, &token, word("mine"), place(7, "#b"));
    assert_eq!(renamed, InviteReply::Admitted);
    let unknown = Token::parse("somebody-elses").unwrap();
    let reply = rig.redeem(&unknown, word("mine"));
    assert_eq!(reply, InviteReply::Refused(Refused::Unknown));
}

fn without_a_room_a_token_is_for_a_name(mut rig: Rig) {
    let nameless = Place {
        room: None,
        name: "#a".into(),
    };
    let (_, token) = rig.make(nameless, 2);
    assert_eq!(rig.redeem(&token, word("mine")), InviteReply::Admitted);
    let other = rig.redeem_at(NOW, &token, word("mine"), place(7, "#b"));
    assert_eq!(other, InviteReply::Refused(Refused::OtherRoom));
}

fn invites_are_listed(mut rig: Rig) {
    let (first, _) = rig.make(place(7, "#a"), 2);
    let (second, _) = rig.make(place(8, "#b"), 3);
    let all = rig.invites();
    let ids: Vec<u64> = all.iter().map(|invite| invite.id).collect();
    assert_eq!(ids, [first, second]);
    assert_eq!((&*all[1].by, &*all[1].maker), ("Ada", "ada"));
    assert_eq!((all[1].uses, all[1].used), (3, 0));
    assert_eq!((all[1].until, all[1].is_revoked), (NOW + 60, false));
    let there = Some(place(8, "#b"));
    let reply = rig.about(InviteRequest::List { place: there });
    assert_eq!(reply, InviteReply::Listed(all[1..].to_vec()));
}

fn good_ones_are_bounded(mut rig: Rig) {
    for _ in 0..GOOD_PER_MAKER_MAX {
        rig.make(place(7, "#a"), 2);
    }
    let reply = rig.about(make_by("ada", place(8, "#b"), 1));
    assert_eq!(reply, InviteReply::Full(Full::Maker));
    for _ in GOOD_PER_MAKER_MAX..GOOD_PER_ROOM_MAX {
        let reply = rig.about(make_by("", place(7, "#a"), 1));
        assert!(matches!(reply, InviteReply::Made { .. }), "{reply:?}");
    }
    let reply = rig.about(make_by("", place(7, "#a"), 1));
    assert_eq!(reply, InviteReply::Full(Full::Room));
    let first = rig.invites()[0].id;
    let revoke = InviteRequest::Revoke {
        id: first,
        place: None,
    };
    assert_eq!(rig.about(revoke), InviteReply::Revoked);
    rig.make(place(7, "#a"), 1);
}

fn those_that_are_over_are_forgotten_the_oldest_first(mut rig: Rig) {
    let (first, token) = rig.make(place(7, "#a"), 1);
    assert_eq!(rig.redeem(&token, word("mine")), InviteReply::Admitted);
    for _ in 0..OVER_PER_ROOM_MAX {
        let (id, _) = rig.make(place(7, "#a"), 1);
        let revoke = InviteRequest::Revoke { id, place: None };
        assert_eq!(rig.about(revoke), InviteReply::Revoked);
    }
    assert_eq!(rig.invites()[0].id, first);
    assert_eq!(rig.redeem(&token, word("mine")), InviteReply::Admitted);
    rig.make(place(7, "#a"), 1);
    assert_ne!(rig.invites()[0].id, first);
    let reply = rig.redeem(&token, word("mine"));
    assert_eq!(reply, InviteReply::Refused(Refused::Unknown));
}
