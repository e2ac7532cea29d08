//! A transport below another: a proxy's header, then TLS, each where it is wanted. It never reads a line.

use std::net::SocketAddr;
use std::sync::Arc;

use rustls::ServerConfig;

use super::form::Form;
use super::heard::{Hear, Heard};
use super::proxy::{self, Header};
use super::tls::Tls;
use super::unencrypted;

/// What lies below the form in which lines come.
#[derive(Debug)]
pub(crate) struct Layered {
    /// The proxy's header so far, until it is whole.
    header: Option<Vec<u8>>,
    tls: Option<Tls>,
    form: Form,
    /// Whether anything came that is not of the proxy's header.
    is_met: bool,
    is_over: bool,
}

impl Layered {
    /// A form with a proxy's header before it, TLS below it, or both.
    pub(crate) fn new(
        form: Form,
        is_proxied: bool,
        tls: Option<Arc<ServerConfig>>,
    ) -> Result<Self, rustls::Error> {
        Ok(Self {
            header: is_proxied.then(Vec::new),
            tls: tls.map(Tls::new).transpose()?,
            form,
            is_met: false,
            is_over: false,
        })
    }

    /// The connection is there.
    pub(crate) fn opened(&mut self, reply: &mut Vec<u8>, hear: &mut Hear<'_>) {
        if self.header.is_none() && self.tls.is_none() {
            self.form.opened(reply, hear);
        }
    }

    /// Bytes came.
    pub(crate) fn came(&mut self, bytes: &[u8], reply: &mut Vec<u8>, hear: &mut Hear<'_>) {
        if self.is_over {
            return;
        }
        let Some(header) = &mut self.header else {
            return self.below(bytes, reply, hear);
        };
        header.extend_from_slice(bytes);
        match proxy::read(header) {
            Header::Partial => {}
            Header::Bad => self.end("No PROXY header", hear),
            Header::Whole(source, taken) => {
                let rest = header.split_off(taken);
                self.header = None;
                if let Some(source) = source {
                    hear(Heard::Address(unmapped(source)));
                }
                self.opened(reply, hear);
                if !rest.is_empty() {
                    self.below(&rest, reply, hear);
                }
            }
        }
    }

    fn below(&mut self, bytes: &[u8], reply: &mut Vec<u8>, hear: &mut Hear<'_>) {
        let Some(tls) = &mut self.tls else {
            return self.form.came(bytes, reply, hear);
        };
        if !std::mem::replace(&mut self.is_met, true)
            && let Some(answer) = unencrypted::answer(bytes)
        {
            reply.extend_from_slice(answer);
            return self.end(unencrypted::REASON, hear);
        }
        let opened = tls.came(bytes, reply);
        let mut answer = Vec::new();
        if opened.is_greeted {
            hear(Heard::Secured(opened.certificate.as_deref()));
            self.form.opened(&mut answer, hear);
        }
        if !opened.plain.is_empty() {
            self.form.came(&opened.plain, &mut answer, hear);
        }
        if !answer.is_empty() {
            tls.seal(&answer, reply);
        }
        if let Some(reason) = opened.ended {
            self.end(reason, hear);
        }
    }

    fn end(&mut self, reason: &'static str, hear: &mut Hear<'_>) {
        self.is_over = true;
        hear(Heard::Ended(reason));
    }

    /// Nothing came for a while, or nothing more will.
    pub(crate) fn paused(&mut self, reply: &mut Vec<u8>, hear: &mut Hear<'_>) {
        let mut answer = Vec::new();
        self.form.paused(&mut answer, hear);
        self.seal(&answer, reply);
    }

    /// The core's lines, in their form and encrypted.
    pub(crate) fn wrap(&mut self, lines: &[u8], out: &mut Vec<u8>, hear: &mut Hear<'_>) {
        if self.tls.is_none() {
            return self.form.wrap(lines, out, hear);
        }
        if matches!(self.form, Form::Tcp(_)) {
            return self.seal(lines, out);
        }
        let mut formed = Vec::new();
        self.form.wrap(lines, &mut formed, hear);
        self.seal(&formed, out);
    }

    /// No line comes after this.
    pub(crate) fn close(&mut self, out: &mut Vec<u8>) {
        if let Some(tls) = &mut self.tls {
            tls.close(out);
        }
    }

    fn seal(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        match &mut self.tls {
            Some(tls) if !bytes.is_empty() => tls.seal(bytes, out),
            Some(_) => {}
            None => out.extend_from_slice(bytes),
        }
    }
}

/// An address of IPv4 that is written as one of IPv6 is one of IPv4.
fn unmapped(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}
