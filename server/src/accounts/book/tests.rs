//! One contract for both books.

use protocol::Stamp;

use super::memory::MemoryBook;
use super::sqlite::SqliteBook;
use super::*;
use crate::storage::tests::Folder;

fn account(name: &str) -> Account {
    Account {
        name: name.into(),
        email: None,
        created: Stamp(1),
        seen: Stamp(2),
        credentials: None,
        pending: None,
    }
}

fn full(name: &str) -> Account {
    Account {
        email: Some("a@b".into()),
        credentials: Some(Credentials {
            password: "phc".into(),
            scram: ScramKeys {
                salt: [1, 2, 3].into(),
                rounds: 4096,
                stored_key: [4; 32],
                server_key: [5; 32],
            },
        }),
        pending: Some(Code {
            code: "code".into(),
            until: Stamp(9),
        }),
        ..account(name)
    }
}

fn device(certificate: &str) -> Device {
    Device {
        certificate: certificate.into(),
        added: Stamp(1),
        seen: Stamp(1),
    }
}

fn contract(book: &mut dyn Book) {
    assert_eq!(book.find("ada"), Ok(None));
    assert_eq!(book.insert(&full("Ada"), Some("f1")), Ok(true));
    assert_eq!(book.insert(&account("aDA"), None), Ok(false));
    assert_eq!(book.find("ADA"), Ok(Some(full("Ada"))));
    // A held certificate keeps the whole account out.
    assert_eq!(book.insert(&account("bob"), Some("f1")), Ok(false));
    assert_eq!(book.find("bob"), Ok(None));
    assert_eq!(book.insert(&account("bob"), None), Ok(true));

    let changed = Account {
        seen: Stamp(7),
        ..account("ADA")
    };
    assert_eq!(book.update(&changed), Ok(()));
    let expected = Account {
        name: "Ada".into(),
        ..changed
    };
    assert_eq!(book.holder("f1"), Ok(Some(expected.clone())));
    assert_eq!(book.seen("ada", Stamp(9)), Ok(()));
    assert_eq!(book.seen("ada", Stamp(8)), Ok(()));
    let expected = Account {
        seen: Stamp(9),
        ..expected
    };
    assert_eq!(book.find("ada"), Ok(Some(expected)));
    assert_eq!(book.seen("nobody", Stamp(9)), Ok(()));
    assert_eq!(book.update(&account("nobody")), Ok(()));
    assert_eq!(book.find("nobody"), Ok(None));

    assert_eq!(book.add_certificate("bob", &device("f1")), Ok(false));
    assert_eq!(book.add_certificate("BOB", &device("f2")), Ok(true));
    assert_eq!(book.add_certificate("nobody", &device("f3")), Ok(false));
    assert_eq!(book.holder("f3"), Ok(None));
    assert_eq!(book.devices("Bob"), Ok(vec![device("f2")]));
    assert_eq!(book.met("f2", Stamp(9), 10), Ok(()));
    assert_eq!(book.devices("bob"), Ok(vec![device("f2")]));
    assert_eq!(book.met("f2", Stamp(11), 10), Ok(()));
    let seen = Device {
        seen: Stamp(11),
        ..device("f2")
    };
    assert_eq!(book.devices("bob"), Ok(vec![seen]));
    assert_eq!(book.devices("nobody"), Ok(Vec::new()));
    assert_eq!(book.remove_certificate("ada", "f2"), Ok(false));
    assert_eq!(book.remove_certificate("bob", "f2"), Ok(true));
    assert_eq!(book.holder("f2"), Ok(None));
    for n in 0..CERTIFICATES_MAX {
        assert_eq!(
            book.add_certificate("bob", &device(&format!("b{n}"))),
            Ok(true)
        );
    }
    assert_eq!(book.add_certificate("bob", &device("one more")), Ok(false));
    // Whoever may not have it does not take it from who has.
    assert_eq!(book.hand_over("bob", &device("f1")), Ok(false));
    assert_eq!(book.hand_over("nobody", &device("f1")), Ok(false));
    assert_eq!(book.devices("ada"), Ok(vec![device("f1")]));
    assert_eq!(book.hand_over("ada", &device("b0")), Ok(true));
    assert_eq!(book.devices("ada").map(|devices| devices.len()), Ok(2));
    assert_eq!(book.remove_certificate("bob", "b0"), Ok(false));

    assert_eq!(book.remove("ADA"), Ok(()));
    assert_eq!(book.find("ada"), Ok(None));
    assert_eq!(book.holder("f1"), Ok(None));
    assert_eq!(book.insert(&account("ada"), Some("f1")), Ok(true));

    assert_eq!(book.secret("a", [1; 32]), Ok([1; 32]));
    assert_eq!(book.secret("a", [2; 32]), Ok([1; 32]));
    assert_eq!(book.secret("b", [3; 32]), Ok([3; 32]));
}

#[test]
fn memory() {
    contract(&mut MemoryBook::new());
}

#[test]
fn sqlite() {
    let folder = Folder::new();
    contract(&mut SqliteBook::open(&folder.file()).unwrap());
    let mut again = SqliteBook::open(&folder.file()).unwrap();
    assert_eq!(again.holder("f1"), Ok(Some(account("ada"))));
}
