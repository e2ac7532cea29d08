//! What is done to a server, as data. It never does it.

/// Who is there, and what they do.
#[derive(Clone, Copy, Debug)]
pub struct Scene {
    /// What it is called.
    pub name: &'static str,
    /// Connections.
    pub members: usize,
    /// The members stand in so many groups of one size; whoever is in a group is in all of its rooms.
    pub groups: usize,
    /// Rooms in all.
    pub rooms: usize,
    /// How many speak: the first of each group in turn.
    pub senders: usize,
    /// How much is said in all.
    pub messages: usize,
    /// What is said.
    pub tempo: Tempo,
    /// Whether what is measured is the entering.
    pub storm: bool,
    /// Whether it is said on the way what entering costs.
    pub steps: bool,
}

/// How fast people speak.
#[derive(Clone, Copy, Debug)]
pub enum Tempo {
    /// At most so many messages of a sender are on the way.
    Window(usize),
    /// A sender says so many a second.
    Rate(u32),
}

/// Nobody, who does nothing: what a scene does not say.
pub const STILL: Scene = Scene {
    name: "",
    members: 0,
    groups: 1,
    rooms: 1,
    senders: 0,
    messages: 0,
    tempo: Tempo::Window(32),
    storm: false,
    steps: false,
};

/// The scenes.
pub const SCENES: &[Scene] = &[
    // A big room: what fan-out costs.
    Scene {
        name: "fan",
        members: 1000,
        senders: 4,
        messages: 8000,
        ..STILL
    },
    // Small rooms where everybody speaks: what a message costs.
    Scene {
        name: "rooms",
        members: 1000,
        groups: 100,
        rooms: 100,
        senders: 1000,
        messages: 100_000,
        tempo: Tempo::Window(4),
        ..STILL
    },
    // A lively room: how long a message takes.
    Scene {
        name: "pace",
        members: 200,
        senders: 10,
        messages: 1000,
        tempo: Tempo::Rate(20),
        ..STILL
    },
    // Nobody speaks: what a connection costs.
    Scene {
        name: "idle",
        members: 5000,
        groups: 50,
        rooms: 50,
        ..STILL
    },
    // Everybody enters one room at once.
    Scene {
        name: "storm",
        members: 10_000,
        storm: true,
        ..STILL
    },
    // Very many, in rooms of a hundred, and one message in each room.
    Scene {
        name: "many",
        members: 100_000,
        groups: 1000,
        rooms: 1000,
        senders: 1000,
        messages: 1000,
        tempo: Tempo::Window(1),
        steps: true,
        ..STILL
    },
];

impl Scene {
    /// The same with another number of members, in groups of the same size.
    pub fn resize(&mut self, members: usize) {
        let size = self.size();
        let everybody = self.senders == self.members;
        self.members = members;
        if self.groups > 1 {
            let each = self.senders / self.groups;
            self.groups = members.div_ceil(size);
            self.rooms = self.groups;
            self.senders = each * self.groups;
        }
        if everybody {
            self.senders = members;
        }
    }

    /// Members of one group.
    pub fn size(&self) -> usize {
        self.members.div_ceil(self.groups)
    }
}
