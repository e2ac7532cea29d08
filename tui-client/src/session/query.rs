//! What a server is asked to search for.
//! It must never say how: that is the wire's.

/// What is searched for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// The words.
    pub text: String,
    /// The room in which our own name is sought; `None`: all that one may read, for the list of what was found.
    pub named_in: Option<String>,
}
