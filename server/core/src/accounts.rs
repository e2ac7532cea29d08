//! Who is who, as a port: questions to the keeper of accounts, and its answers. It never sees how a secret is kept.

use std::net::IpAddr;

use protocol::Stamp;

/// A secret somebody sent. Its debug form shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub Vec<u8>);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(secret)")
    }
}

/// A device that logs in to an account by its certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// SHA-256 of the certificate, in lower-case hexadecimal.
    pub certificate: Box<str>,
    /// Since when.
    pub added: Stamp,
    /// When it last logged in, to the hour.
    pub seen: Stamp,
}

/// A question to the keeper of accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountsRequest {
    /// One step of a SASL exchange. Answer: `Challenge`, `LoggedIn` or `Refused`.
    Authenticate {
        /// Whose exchange; the keeper remembers its state under this number until it is answered or given up.
        exchange: u64,
        /// PLAIN, SCRAM-SHA-256, EXTERNAL.
        mechanism: Box<str>,
        /// What the client sent, decoded from base64; the first step may be empty.
        response: Secret,
        /// SHA-256 of the client's TLS certificate.
        certificate: Option<Box<str>>,
        /// From where, for throttling.
        address: IpAddr,
    },
    /// The client gave an exchange up, or is gone. No answer.
    GiveUp {
        /// Which one.
        exchange: u64,
    },
    /// Make an account. Answer: `Registered`, `VerificationNeeded` or `Refused`.
    Register {
        /// Its name.
        account: Box<str>,
        /// Its password.
        password: Secret,
        /// Where to write to.
        email: Option<Box<str>>,
        /// From where, for throttling.
        address: IpAddr,
    },
    /// Finish making an account by the code that was sent. Answer: `Registered` or `Refused`.
    VerifyCode {
        /// Its name.
        account: Box<str>,
        /// The code.
        code: Box<str>,
        /// From where, for throttling.
        address: IpAddr,
    },
    /// Make an account without a password, for whoever holds this certificate. Answer: `Registered`, `LoggedIn` where
    /// the certificate has an account already, or `Refused`.
    RegisterKey {
        /// Its name.
        account: Box<str>,
        /// SHA-256 of the client's TLS certificate.
        certificate: Box<str>,
        /// From where, for throttling.
        address: IpAddr,
    },
    /// A code with which one more device may come to an account; an earlier one no longer holds. Answer: `Code` or
    /// `Refused`.
    MakeCode {
        /// Whose.
        account: Box<str>,
    },
    /// Let a certificate log in whose holder has been told a code. Answer: `LoggedIn` or `Refused`.
    AddByCode {
        /// Whose account.
        account: Box<str>,
        /// SHA-256 of the client's TLS certificate; it leaves the account that it belonged to.
        certificate: Box<str>,
        /// The code.
        code: Secret,
        /// From where, for throttling.
        address: IpAddr,
    },
    /// Which devices log in to an account. Answer: `Devices` or `Refused`.
    Devices {
        /// Whose.
        account: Box<str>,
    },
    /// Let one more certificate log in, that of a session which is logged in. Answer: `Changed` or `Refused`.
    AddCertificate {
        /// Whose.
        account: Box<str>,
        /// SHA-256 of the client's TLS certificate.
        certificate: Box<str>,
    },
    /// Let a certificate log in no longer. Answer: `Removed` or `Refused`; refused is the last way in.
    RemoveCertificate {
        /// Whose.
        account: Box<str>,
        /// SHA-256 of the client's TLS certificate, or how it begins if only one begins so.
        certificate: Box<str>,
    },
    /// Another password, or the first. Answer: `Changed` or `Refused`.
    SetPassword {
        /// Whose.
        account: Box<str>,
        /// The one before; `None` only where there is none.
        old: Option<Secret>,
        /// The new one.
        new: Secret,
    },
    /// Close an account for ever, and erase all that was said under it, which may take a while. Answer: `Closed` or
    /// `Refused`.
    Erase {
        /// Whose.
        account: Box<str>,
    },
    /// Whether there is an account that keeps this name as its nick. Answer: `Known`.
    Look {
        /// Its name.
        account: Box<str>,
    },
}

/// An answer of the keeper of accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountsReply {
    /// The exchange goes on with this.
    Challenge(Vec<u8>),
    /// The exchange is over: it is this account, written as it was registered.
    LoggedIn {
        /// The account.
        account: Box<str>,
    },
    /// The account is made.
    Registered {
        /// The account.
        account: Box<str>,
    },
    /// The account is made once the code that was sent is given.
    VerificationNeeded {
        /// The account.
        account: Box<str>,
        /// What to do, in words for people.
        text: String,
    },
    /// The account is as was asked.
    Changed,
    /// Whether it exists, and how its name is written.
    Known(Option<Box<str>>),
    /// A code was made.
    Code {
        /// It, as people write it.
        code: Secret,
        /// For how long it holds.
        seconds: u64,
    },
    /// These devices, the oldest first.
    Devices(Vec<Device>),
    /// This certificate no longer logs in.
    Removed {
        /// SHA-256 of it.
        certificate: Box<str>,
    },
    /// Nobody logs in to it any more, and what was said under it is being erased.
    Closed {
        /// The account.
        account: Box<str>,
    },
    /// No.
    Refused {
        /// A code of the standard replies, such as `ACCOUNT_EXISTS` or `BAD_ACCOUNT_NAME`; empty for a login.
        code: &'static str,
        /// Why, in words for people.
        text: String,
    },
}
