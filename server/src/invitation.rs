//! The link by which somebody comes in from another machine, and its picture. It never invites to a door where anybody
//! could listen in.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};

use protocol::fingerprint::Fingerprint;
use protocol::invite::{Invite, USUAL_PORT};

use crate::certs;
use crate::config::Config;

/// An address for documents, where nobody is: asking for the way there tells our own address and sends nothing.
const NOWHERE: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)), 9);

/// The invite to a server of this config, through its door for encrypted links from other machines. Who names the host
/// knows how people get there: then a door on loopback will do, which a tunnel may lead to.
///
/// # Errors
/// Why nobody can come in.
pub fn to(server: &Config, named: Option<&str>) -> Result<Invite, String> {
    let doors = &server.tls.listen;
    let door = doors.iter().find(|door| !door.ip().is_loopback());
    let door = door.or_else(|| named.and(doors.first())).ok_or(
        "nobody can come in from another machine yet; this in the config opens a door for encrypted links:\n\n\
         [server.tls]\nlisten = [\"0.0.0.0:6697\"]\n",
    )?;
    let ip = if door.ip().is_unspecified() && named.is_none() {
        own_address().ok_or("this machine has no address in a network; name one with --host")?
    } else {
        door.ip()
    };
    // A certificate from elsewhere is renewed now and then, and an old invite would be refused.
    let fingerprint = if server.tls.certificate.is_empty() {
        let text = certs::fingerprint_of(server)?;
        Fingerprint::parse(&text)
    } else {
        None
    };
    let name = named.or(server.tls.acme_hosts.first().map(String::as_str));
    Ok(Invite {
        host: name.map_or_else(|| ip.to_string(), str::to_owned),
        port: other_than_usual(door.port()),
        room: None,
        fingerprint,
        token: None,
    })
}

/// The port as a link names it.
pub fn other_than_usual(port: u16) -> Option<u16> {
    (port != USUAL_PORT).then_some(port)
}

/// The address by which this machine is in its network.
fn own_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect(NOWHERE).ok()?;
    let ip = socket.local_addr().ok()?.ip();
    (!ip.is_loopback() && !ip.is_unspecified()).then_some(ip)
}

/// A link as a QR code of half blocks, light on dark as terminals are.
pub fn picture(link: &str) -> Option<String> {
    use qrcode::render::unicode::Dense1x2;
    let code = qrcode::QrCode::new(link).ok()?;
    let mut drawn = code.render::<Dense1x2>();
    let drawn = drawn.dark_color(Dense1x2::Light);
    Some(drawn.light_color(Dense1x2::Dark).build())
}
