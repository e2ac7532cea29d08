//! Rows of the list.

use super::*;

#[test]
fn a_row_says_who_and_how() {
    let mut account = Account {
        name: "Ada".into(),
        email: Some("ada@example.org".into()),
        created: Stamp(1_700_000_000_000),
        seen: Stamp(1_700_100_000_000),
        credentials: None,
        pending: None,
    };
    let made = "Ada                      2023-11-14  2023-11-16  ";
    assert_eq!(row(&account, 1), format!("{made}a key"));
    assert_eq!(row(&account, 3), format!("{made}3 keys"));
    account.pending = Some(crate::accounts::book::Code {
        code: "abc".into(),
        until: Stamp(0),
    });
    let unverified = "nothing yet: ada@example.org is not verified";
    assert_eq!(row(&account, 0), format!("{made}{unverified}"));
}
