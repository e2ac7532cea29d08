//! What a batch of inputs leaves to be sent, shared by all who hear the same. It never writes to a socket.
//!
//! Members of one room mostly hear the same lines in the same order. So a batch is a tree: a node is "these lines,
//! after those of my parent", each session stands at one node, and to tell a member something is to move it to a
//! child: one number, no copy, no counter. When the batch is over, the bytes of each node somebody stands at are
//! joined once, and each session is written to once.

use bytes::Bytes;
use server_core::SessionId;

/// The node where nothing is to be sent.
const NOTHING: u32 = 0;

/// Everything that is to be sent when the batch is over.
#[derive(Debug)]
pub(crate) struct Batch {
    heads: Vec<Head>,
    nodes: Vec<Node>,
    messages: Vec<Bytes>,
    touched: Vec<u32>,
    bytes: usize,
    scratch: Vec<u8>,
}

/// Where a session stands.
#[derive(Clone, Copy, Debug)]
struct Head {
    generation: u32,
    node: u32,
}

/// Some lines, and those before them.
#[derive(Debug)]
struct Node {
    parent: u32,
    message: u32,
    /// Bytes from the root to here, and how many of them were for many.
    bytes: usize,
    broadcast_bytes: usize,
    /// How many sessions stand here.
    users: u32,
    /// The newest child, and the message that leads to it.
    child: u32,
    child_message: u32,
    joined: Option<Bytes>,
}

/// What one session is to be sent.
#[derive(Debug)]
pub(crate) struct Parcel<'a> {
    /// All of it.
    pub(crate) bytes: &'a [u8],
    /// The same, where it can be kept without a copy.
    pub(crate) shared: Option<&'a Bytes>,
    /// How much of it was for many, and not an answer of its own.
    pub(crate) broadcast_bytes: usize,
}

impl Node {
    fn root() -> Self {
        Self {
            parent: NOTHING,
            message: u32::MAX,
            bytes: 0,
            broadcast_bytes: 0,
            users: 0,
            child: NOTHING,
            child_message: u32::MAX,
            joined: None,
        }
    }
}

impl Batch {
    /// A batch of nothing for nobody.
    pub(crate) fn new() -> Self {
        Self {
            heads: Vec::new(),
            nodes: vec![Node::root()],
            messages: Vec::new(),
            touched: Vec::new(),
            bytes: 0,
            scratch: Vec::new(),
        }
    }

    /// From now on this session can be told something.
    pub(crate) fn opened(&mut self, session: SessionId) {
        let place = session.index as usize;
        if self.heads.len() <= place {
            let nobody = Head {
                generation: u32::MAX,
                node: NOTHING,
            };
            self.heads.resize(place + 1, nobody);
        }
        if let Some(head) = self.heads.get_mut(place) {
            head.generation = session.generation;
            self.leave(place);
        }
    }

    /// Forgets a session and what it was to be sent.
    pub(crate) fn closed(&mut self, session: SessionId) {
        let place = session.index as usize;
        if self.stands(session) {
            self.leave(place);
            if let Some(head) = self.heads.get_mut(place) {
                head.generation = u32::MAX;
            }
        }
    }

    fn stands(&self, session: SessionId) -> bool {
        self.heads
            .get(session.index as usize)
            .is_some_and(|head| head.generation == session.generation)
    }

    fn leave(&mut self, place: usize) {
        if let Some(head) = self.heads.get_mut(place)
            && let Some(node) = self.nodes.get_mut(head.node as usize)
        {
            node.users = node.users.saturating_sub(1);
            head.node = NOTHING;
        }
    }

    /// Adds an answer for one session; says how many bytes wait for it now.
    pub(crate) fn send(&mut self, session: SessionId, lines: Bytes) -> usize {
        let length = lines.len();
        let message = self.push(lines);
        self.step(session, message, length, 0);
        self.heads
            .get(session.index as usize)
            .and_then(|head| self.nodes.get(head.node as usize))
            .map_or(0, |node| node.bytes)
    }

    /// Adds something that many hear.
    pub(crate) fn deliver(&mut self, to: &[SessionId], lines: Bytes) {
        let length = lines.len();
        let message = self.push(lines);
        for session in to {
            self.step(*session, message, length, length);
        }
    }

    fn push(&mut self, lines: Bytes) -> u32 {
        let message = u32::try_from(self.messages.len()).unwrap_or(u32::MAX);
        self.bytes = self.bytes.saturating_add(lines.len());
        self.messages.push(lines);
        message
    }

    /// Moves one session on by one message.
    fn step(&mut self, session: SessionId, message: u32, length: usize, broadcast: usize) {
        let Some(head) = self.heads.get_mut(session.index as usize) else {
            return;
        };
        if head.generation != session.generation {
            return;
        }
        let from = head.node;
        let Some(node) = self.nodes.get_mut(from as usize) else {
            return;
        };
        if from == NOTHING {
            self.touched.push(session.index);
        } else {
            node.users = node.users.saturating_sub(1);
        }
        if node.child_message == message {
            let to = node.child;
            head.node = to;
            if let Some(node) = self.nodes.get_mut(to as usize) {
                node.users += 1;
            }
            return;
        }
        let grown = Node {
            parent: from,
            message,
            bytes: node.bytes + length,
            broadcast_bytes: node.broadcast_bytes + broadcast,
            users: 1,
            ..Node::root()
        };
        let to = u32::try_from(self.nodes.len()).unwrap_or(NOTHING);
        if let Some(node) = self.nodes.get_mut(from as usize) {
            node.child = to;
            node.child_message = message;
        }
        head.node = to;
        self.nodes.push(grown);
    }

    /// How many bytes of lines have been gathered, each counted once.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Whether nobody is to be sent anything.
    pub(crate) fn is_empty(&self) -> bool {
        self.touched.is_empty()
    }

    /// Hands every session its parcel, once, and is empty again.
    pub(crate) fn flush(&mut self, mut each: impl FnMut(SessionId, &Parcel<'_>)) {
        let touched = std::mem::take(&mut self.touched);
        for index in &touched {
            let Some(head) = self.heads.get_mut(*index as usize) else {
                continue;
            };
            let at = std::mem::replace(&mut head.node, NOTHING);
            if at == NOTHING {
                continue;
            }
            let session = SessionId {
                index: *index,
                generation: head.generation,
            };
            self.join(at);
            let Some(node) = self.nodes.get(at as usize) else {
                continue;
            };
            each(
                session,
                &Parcel {
                    bytes: node.joined.as_deref().unwrap_or(&self.scratch),
                    shared: node.joined.as_ref(),
                    broadcast_bytes: node.broadcast_bytes,
                },
            );
        }
        self.touched = touched;
        self.touched.clear();
        self.messages.clear();
        self.bytes = 0;
        self.nodes.truncate(1);
        if let Some(root) = self.nodes.first_mut() {
            *root = Node::root();
        }
        self.rest();
    }

    /// Joins the bytes of a node: into the scratch where one session stands there, else into what all share.
    fn join(&mut self, at: u32) {
        let Some(node) = self.nodes.get(at as usize) else {
            return;
        };
        if node.joined.is_some() {
            return;
        }
        if node.parent == NOTHING {
            let whole = self.messages.get(node.message as usize).cloned();
            if let Some(node) = self.nodes.get_mut(at as usize) {
                node.joined = whole;
            }
            return;
        }
        let length = node.bytes;
        let alone = node.users <= 1;
        let mut whole = if alone {
            let mut whole = std::mem::take(&mut self.scratch);
            whole.clear();
            whole
        } else {
            Vec::new()
        };
        whole.resize(length, 0);
        let mut end = length;
        let mut next = at;
        while let Some(node) = self.nodes.get(next as usize)
            && next != NOTHING
        {
            if let Some(message) = self.messages.get(node.message as usize) {
                let start = end.saturating_sub(message.len());
                if let Some(part) = whole.get_mut(start..end) {
                    part.copy_from_slice(message);
                }
                end = start;
            }
            next = node.parent;
        }
        if alone {
            self.scratch = whole;
        } else if let Some(node) = self.nodes.get_mut(at as usize) {
            node.joined = Some(Bytes::from(whole));
        }
    }

    /// Gives memory back that only a burst needed.
    fn rest(&mut self) {
        const KEPT: usize = 1024 * 1024;
        if self.scratch.capacity() > KEPT {
            self.scratch = Vec::new();
        }
        self.nodes.shrink_to(KEPT / size_of::<Node>());
        self.messages.shrink_to(KEPT / size_of::<Bytes>());
        self.touched.shrink_to(KEPT);
    }
}

#[cfg(test)]
mod tests;
