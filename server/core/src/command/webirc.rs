//! `WEBIRC <password> <gateway> <hostname> <ip> [:<options>]`: a trusted gateway says for whom it speaks.

use std::net::IpAddr;

use protocol::Message;

use crate::cloak;
use crate::expel;
use crate::handler::Ctx;
use crate::leave;
use crate::network::address_key;
use crate::refusal::Refusal;
use crate::secret;

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let [password, _, _, ip, rest @ ..] = message.params() else {
        return Err(Refusal::Silent);
    };
    let from = ctx.my_session().peer.address.to_canonical();
    let trusted = ctx.state.settings.gateways.iter().any(|gateway| {
        secret::is_same(gateway.password.as_bytes(), password.as_bytes())
            && gateway.addresses.contains(&from)
    });
    // A leading colon is kept off IPv6 addresses by a zero (WEBIRC, "ip").
    let address = ip.parse::<IpAddr>().ok();
    let Some(address) = address.filter(|_| trusted) else {
        ctx.flush();
        let reason = "This gateway is not trusted here";
        leave::dismiss(ctx.state, ctx.now, ctx.session, reason, ctx.effects);
        return Ok(());
    };
    let address = address.to_canonical();
    let secure = rest
        .first()
        .is_some_and(|options| options.split(' ').any(|option| option == "secure"));
    let host = cloak::host_of(address, &ctx.state.settings.cloak_key);
    let addresses = &mut ctx.state.network.addresses;
    if let Some(count) = addresses.get_mut(&address_key(from)) {
        *count = count.saturating_sub(1);
    }
    *addresses.entry(address_key(address)).or_default() += 1;
    addresses.retain(|_, count| *count > 0);
    if let Some(session) = ctx.state.network.session_mut(ctx.session) {
        session.peer.address = address;
        session.peer.secure &= secure;
        session.host = host;
    }
    if let Some(reason) = expel::expelled_address(ctx.state, ctx.now, address) {
        ctx.flush();
        leave::dismiss(ctx.state, ctx.now, ctx.session, &reason, ctx.effects);
    }
    Ok(())
}
