//! `parlor`: reads the command line and the config, takes the terminal, runs the loop, gives it back.
//! It must never touch the terminal while anything can still be wrong with what the user wrote.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use tokio::sync::mpsc::Receiver;
use tui_client::app::App;
use tui_client::backdrops::Backdrops;
use tui_client::cli::{Cli, Order, ToInvite};
use tui_client::clock::now;
use tui_client::config::{Both, Config};
use tui_client::first_start::{Chosen, FirstStart, Next};
use tui_client::host::{self, Host};
use tui_client::ids::NetworkId;
use tui_client::linear::{Linear, pipes};
use tui_client::model::Model;
use tui_client::notifier::Notifier;
use tui_client::outlet::Outlet;
use tui_client::pins::Pins;
use tui_client::preferences::Preferences;
use tui_client::scene::Scene;
use tui_client::signals::Signals;
use tui_client::store::{self, queue::Queue};
use tui_client::surface::Surface;
use tui_client::theme::{Look, Surroundings};
use tui_client::typing::Keys;
use tui_client::width;
use tui_client::wires::{Told, Wires};
use tui_client::{folder, friend, greeter, identity, packaging, password_command, plan, terminal};

/// How long the goodbye may take after the terminal is given back.
const GOODBYE: Duration = Duration::from_secs(5);
/// How long the last lines may take to be written.
const LAST_WORDS: Duration = Duration::from_secs(2);
/// The size of a screen that nobody sees; it decides how much of the past is asked for.
const PAGE: (u16, u16) = (80, 24);
/// How long threads that look a name up may hold up the end.
const LAST_THREADS: Duration = Duration::from_millis(50);

/// A bad command line or config file.
const MISUSED: u8 = 2;

fn main() -> ExitCode {
    // clap answers --help and --version itself, and ends with 2 on a bad command line.
    let cli = Cli::parse();
    let text = match &cli.order {
        Some(Order::Completions { shell, program }) => {
            Some(packaging::completions(*program, *shell, &mut io::stdout()))
        }
        Some(Order::Man { program }) => Some(packaging::man(*program, &mut io::stdout())),
        Some(Order::Invite(_)) | None => None,
    };
    if let Some(done) = text {
        return printed(done);
    }
    let mut both = match Both::load(cli.config.as_deref()) {
        Ok(both) => both,
        Err(error) => return complain(MISUSED, &error.to_string()),
    };
    cli.apply(&mut both.client);
    both.client
        .name_everybody(|| identity::nickname(identity::login().as_deref()));
    if let Some(Order::Invite(order)) = &cli.order {
        return invite(&both, order);
    }
    let is_terminal = io::stdin().is_terminal() && io::stdout().is_terminal();
    if !cli.linear && (!is_terminal || std::env::var_os("TERM").is_some_and(|term| term == "dumb"))
    {
        let why =
            "the full screen needs a terminal that can draw; parlor --linear works everywhere";
        return complain(1, why);
    }
    let term = std::env::var("TERM").unwrap_or_default();
    width::add_up(width::adds_up_on(&term));
    // The program may ask a person: it has the terminal for itself.
    for network in std::iter::once(&mut both.client.first).chain(&mut both.client.others) {
        if let Err(why) = password_command::fill(&mut network.login) {
            return complain(1, &why);
        }
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => return complain(1, &format!("cannot start: {error}")),
    };
    let ended = if cli.linear {
        runtime.block_on(lines(both, cli))
    } else {
        let ended = runtime.block_on(run(both, cli));
        ended.map_err(|error| Some(error.to_string()))
    };
    runtime.shutdown_timeout(LAST_THREADS);
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(Some(why)) => complain(1, &why),
        // It was told already.
        Err(None) => ExitCode::FAILURE,
    }
}

/// How it ended to print something: whoever stops reading has read enough.
fn printed(done: io::Result<()>) -> ExitCode {
    match done {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => complain(1, &error.to_string()),
        Ok(()) | Err(_) => ExitCode::SUCCESS,
    }
}

/// Prints the link, and to a person also its picture.
fn invite(both: &Both, order: &ToInvite) -> ExitCode {
    let pins = Pins::of(folder::find().as_deref());
    let invite = friend::invite(
        &both.client.first,
        &both.server,
        &pins,
        order.host.as_deref(),
    );
    let mut link = match invite {
        Ok(invite) => invite,
        Err(why) => return complain(1, &why),
    };
    if let Some(room) = &order.room {
        link.room = Some(room.clone());
    }
    let mut text = format!("{link}\n");
    if io::stdout().is_terminal() {
        let code = server::invitation::picture(&link.to_string()).unwrap_or_default();
        text = format!("\n{code}\n\n  A friend comes in with:\n\n  parlor '{link}'\n\n");
    }
    printed(io::stdout().write_all(text.as_bytes()))
}

async fn run(mut both: Both, mut cli: Cli) -> io::Result<()> {
    let mut signals = Signals::watch()?;
    terminal::restore_on_panic();
    let guard = terminal::Guard::new()?;
    let mut outlet = Outlet::open()?;
    let mut screen = Terminal::new(CrosstermBackend::new(outlet.page()))?;
    screen.backend_mut().greet();
    let mut input = Keys::default();
    let size = screen.size()?;
    let look = Look {
        surroundings: surroundings(),
        chosen: both.sheet,
        remembered: None,
    };
    let backdrops = Backdrops::of(folder::find().as_deref(), |name| std::env::var(name).ok());
    let mut scene = Scene::new(look, backdrops);
    let mut preferences = Preferences::at(server::config::place(cli.config.as_deref()));
    let mut is_open = false;
    if cli == Cli::default() && server::config::find(None).is_none() {
        let here = &both.client.first;
        let is_hosted = host::is_there(&here.host, here.port).await;
        let first = FirstStart::new(&here.nickname, is_hosted);
        let asked = greeter::ask(
            (&mut screen, &mut outlet),
            &mut input,
            &mut signals,
            &mut scene,
            first,
        );
        match asked.await? {
            Next::Begin(chosen) => {
                chosen.keep(&mut preferences);
                is_open = chosen.is_open;
                cli = chosen.cli;
                cli.apply(&mut both.client);
            }
            Next::Skip | Next::Ask => {}
            Next::Quit => {
                if scene.is_near(now()) {
                    terminal::discard_input();
                }
                return Ok(());
            }
        }
    }
    let followed = Chosen::followed(&cli).filter(|_| server::config::find(None).is_none());
    let store = store(&both.client);
    if is_open {
        both.server.tls.listen.push(host::DOOR);
    }
    let (wires, mut model) = dial(both, cli, (size.width, size.height));
    model.keeping.is_on = store.is_some();
    let mut app = App::new(model, (screen, outlet), wires, scene);
    app.hands.notifier = Notifier::from_environment(|name| std::env::var(name).ok());
    app.hands.store = store.unwrap_or_default();
    app.keep_to(preferences);
    app.come_back(followed);
    // The first start may stand there still.
    app.hands.is_garbled = true;
    let ended = loop {
        let ended = app.run(input, &mut signals).await;
        // Nobody reads the keys while another program has the terminal.
        if ended.is_err() || !app.edit(&mut signals).await? {
            break ended;
        }
        input = Keys::default();
    };
    drop(guard);
    app.goodbye(GOODBYE).await;
    ended
}

/// The local store, where it is wanted and there is a place for it.
fn store(client: &Config) -> Option<Queue> {
    let folder = folder::find().filter(|_| client.store.enabled)?;
    // Without a thread there is no store; the chat needs none.
    let ends = store::thread::start(&folder, client.store.limits).ok()?;
    Some(Queue::new(ends))
}

/// The chat as lines, on standard input and output.
async fn lines(mut both: Both, cli: Cli) -> Result<(), Option<String>> {
    let signals = Signals::watch().map_err(|error| Some(error.to_string()))?;
    let has_writer = io::stdin().is_terminal();
    if !has_writer {
        // A script has no key to enter with, and one network to speak to.
        both.client.first.join_at_start = true;
        both.client.others.clear();
    }
    let preferences = Preferences::at(server::config::place(cli.config.as_deref()));
    let (wires, model) = dial(both, cli, PAGE);
    let (out, is_written) = pipes::write(!has_writer);
    let ends = (has_writer, io::stdout().is_terminal());
    let mut linear = Linear::new(model, wires, pipes::read(), out, ends);
    linear.preferences = preferences;
    let ended = linear.run(signals).await;
    // Whoever does not read the last words does without them.
    let _ = tokio::time::timeout(LAST_WORDS, is_written).await;
    ended
}

/// Starts the links, and makes the screen's value.
fn dial(both: Both, cli: Cli, size: (u16, u16)) -> ((Wires, Receiver<Told>), Model) {
    let Both { client, server, .. } = both;
    let invite = cli.invite.filter(|_| cli.host.is_none());
    let first = &client.first;
    let mut plan = plan::of(first, folder::find());
    if let Some(invite) = &invite {
        plan.follow(invite);
    }
    let may_host = !cli.no_host && plan::is_for_hosting(first, &server);
    plan.host = may_host.then(|| Host::new(server, &plan.target, first.rooms.first().cloned()));
    let (mut wires, reports) = Wires::new(folder::find());
    wires.open(NetworkId::FIRST, plan);
    let mut model = model_of(&client, size);
    for network in &client.others {
        if let Some(on) = model.add_network(plan::shown(network)) {
            wires.open(on, plan::of(network, folder::find()));
        }
    }
    ((wires, reports), model)
}

fn model_of(client: &Config, size: (u16, u16)) -> Model {
    let zone = jiff::tz::TimeZone::system();
    let (first, keymap) = (plan::shown(&client.first), client.keymap.clone());
    let mut model = Model::new(first, keymap, zone, size);
    model.habits = client.habits.clone();
    model
}

fn surroundings() -> Surroundings {
    let word = |name: &str| std::env::var(name).ok();
    Surroundings::from_environment(
        word("NO_COLOR").as_deref(),
        word("COLORTERM").as_deref(),
        word("TERM").as_deref(),
        word("COLORFGBG").as_deref(),
    )
}

fn complain(code: u8, why: &str) -> ExitCode {
    // Nobody is left to be told that standard error is closed.
    let _ = writeln!(io::stderr(), "parlor: {why}");
    ExitCode::from(code)
}
