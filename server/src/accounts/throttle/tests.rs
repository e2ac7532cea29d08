//! Tests of the throttle.

use super::*;

fn address(last: u8) -> Key {
    Key::address(IpAddr::from([192, 0, 2, last])).unwrap()
}

#[test]
fn a_burst_then_one_each_interval() {
    let mut throttle = Throttle::default();
    let keys = [address(1)];
    for _ in 0..10 {
        assert_eq!(throttle.charge(&keys, 1000), Ok(()));
    }
    assert_eq!(throttle.charge(&keys, 1000), Err(30_000));
    assert_eq!(throttle.charge(&keys, 21_000), Err(10_000));
    assert_eq!(throttle.charge(&[address(2)], 21_000), Ok(()));
    assert_eq!(throttle.charge(&keys, 31_000), Ok(()));
    assert_eq!(throttle.charge(&keys, 31_000), Err(30_000));
}

#[test]
fn what_was_right_is_not_counted() {
    let mut throttle = Throttle::default();
    let keys = [address(1), Key::Account("ada".into())];
    for _ in 0..1000 {
        assert_eq!(throttle.charge(&keys, 0), Ok(()));
        throttle.refund(&keys);
    }
}

#[test]
fn a_refused_attempt_is_counted_nowhere() {
    let mut throttle = Throttle::default();
    let account = Key::Account("ada".into());
    for _ in 0..100 {
        let _ = throttle.charge(&[address(1), account.clone()], 0);
    }
    // Ten were let through; twenty more are left for the owner.
    for _ in 0..20 {
        assert_eq!(
            throttle.charge(&[address(2).clone(), account.clone()][1..], 0),
            Ok(())
        );
    }
    assert!(throttle.charge(&[account], 0).is_err());
}

#[test]
fn addresses() {
    assert_eq!(Key::address("127.0.0.1".parse().unwrap()), None);
    assert_eq!(Key::address("::1".parse().unwrap()), None);
    assert_eq!(Key::address("::ffff:127.0.0.1".parse().unwrap()), None);
    let key = |text: &str| Key::address(text.parse().unwrap());
    assert_eq!(key("2001:db8::1"), key("2001:db8::ffff:2"));
    assert_ne!(key("2001:db8:0:1::1"), key("2001:db8::1"));
    assert_eq!(key("::ffff:192.0.2.1"), key("192.0.2.1"));
}

#[test]
fn it_is_bounded() {
    let mut throttle = Throttle::default();
    for n in 0..KEYS_MAX as u64 + 100 {
        throttle.charge(&[Key::Address(n)], n).unwrap();
    }
    assert!(throttle.paid_until.len() <= KEYS_MAX);
}

#[test]
fn one_address_makes_few_accounts_and_this_machine_any() {
    let mut throttle = Throttle::default();
    let newcomer = |last| Key::newcomer(IpAddr::from([192, 0, 2, last])).unwrap();
    for _ in 0..5 {
        assert_eq!(
            throttle.charge(&[newcomer(1), Key::Registration], 0),
            Ok(())
        );
    }
    let refused = throttle.charge(&[newcomer(1), Key::Registration], 0);
    assert_eq!(refused, Err(3_600_000));
    assert_eq!(
        throttle.charge(&[newcomer(2), Key::Registration], 0),
        Ok(())
    );
    // Attempts to log in are counted apart.
    assert_eq!(throttle.charge(&[address(1)], 0), Ok(()));
    assert_eq!(Key::newcomer(IpAddr::from([127, 0, 0, 1])), None);
}
