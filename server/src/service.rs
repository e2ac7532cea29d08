//! What a service manager is told (systemd's notify protocol). Without one it does nothing, and it never fails.

/// Sends one state, such as `READY=1`.
pub(crate) fn notify(state: &str) {
    #[cfg(target_os = "linux")]
    {
        use std::os::linux::net::SocketAddrExt;
        use std::os::unix::ffi::OsStrExt;
        use std::os::unix::net::{SocketAddr, UnixDatagram};
        let Some(name) = std::env::var_os("NOTIFY_SOCKET") else {
            return;
        };
        let address = match name.as_bytes().strip_prefix(b"@") {
            Some(name) => SocketAddr::from_abstract_name(name),
            None => SocketAddr::from_pathname(&name),
        };
        let told = address.and_then(|address| {
            let socket = UnixDatagram::unbound()?;
            socket.send_to_addr(state.as_bytes(), &address)
        });
        if let Err(error) = told {
            tracing::warn!("the service manager cannot be told: {error}");
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _ = state;
}
