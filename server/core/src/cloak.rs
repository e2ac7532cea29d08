//! Addresses as others see them: keyed hashes that tell two people apart and tell nobody where they live.

use std::hash::Hasher;
use std::net::IpAddr;

use siphasher::sip128::{Hasher128, SipHasher24};

/// The host shown for an address: its own name for this machine, else a hash of the address under a hash of its
/// network (IPv4 /16, IPv6 /48), so that a whole network can be banned by `*.network.cloak`.
pub fn host_of(address: IpAddr, key: &[u8; 32]) -> String {
    let address = address.to_canonical();
    if address.is_loopback() {
        return "localhost".to_owned();
    }
    let (whole, network): (Vec<u8>, usize) = match address {
        IpAddr::V4(v4) => (v4.octets().to_vec(), 2),
        // The last 64 bits change from day to day on many machines.
        IpAddr::V6(v6) => (v6.octets().iter().take(8).copied().collect(), 6),
    };
    let network = whole.get(..network).unwrap_or(&whole);
    format!(
        "{:012x}.{:08x}.cloak",
        hash(&whole, key) >> 16,
        hash(network, key) >> 32
    )
}

fn hash(bytes: &[u8], key: &[u8; 32]) -> u64 {
    let (first, second) = key.split_at(16);
    let mut half = [0; 16];
    half.copy_from_slice(first);
    let mut hasher = SipHasher24::new_with_key(&half);
    hasher.write(second);
    hasher.write(bytes);
    hasher.finish128().h1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_address_has_the_same_cloak_and_neighbours_share_its_end() {
        let key = [7; 32];
        let a = host_of("203.0.113.7".parse().unwrap(), &key);
        let b = host_of("203.0.113.8".parse().unwrap(), &key);
        let end = |host: &str| host.split_once('.').map(|(_, end)| end.to_owned());
        assert_eq!(a, host_of("203.0.113.7".parse().unwrap(), &key));
        assert_ne!(a, b);
        assert_eq!(end(&a), end(&b));
        assert_ne!(a, host_of("203.0.113.7".parse().unwrap(), &[8; 32]));
        assert_eq!(host_of("127.0.0.1".parse().unwrap(), &key), "localhost");
    }
}
