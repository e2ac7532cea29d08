//! `parlor`: reads the command line and the config, takes the terminal, runs the loop, gives it back.
//! It must never touch the terminal while anything can still be wrong with what the user wrote.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use crossterm::event::EventStream;
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use tui_client::app::App;
use tui_client::cli::{Cli, Order, ToInvite};
use tui_client::config::{Both, Config};
use tui_client::dial::Target;
use tui_client::host::Host;
use tui_client::ids::NetworkId;
use tui_client::model::Model;
use tui_client::model::network::Settings;
use tui_client::net::Plan;
use tui_client::pins::Pins;
use tui_client::signals::Signals;
use tui_client::theme::Theme;
use tui_client::wires::Wires;
use tui_client::{address, folder, friend, identity, password_command, terminal};

/// How long the goodbye may take after the terminal is given back.
const GOODBYE: Duration = Duration::from_secs(5);
/// How long threads that look a name up may hold up the end.
const LAST_THREADS: Duration = Duration::from_millis(50);
/// Bytes of a frame that are gathered before they are written: a full screen in one write.
const FRAME_BYTES: usize = 64 * 1024;

/// A bad command line or config file.
const MISUSED: u8 = 2;

fn main() -> ExitCode {
    // clap answers --help and --version itself, and ends with 2 on a bad command line.
    let cli = Cli::parse();
    let mut both = match Both::load(cli.config.as_deref()) {
        Ok(both) => both,
        Err(error) => return complain(MISUSED, &error.to_string()),
    };
    cli.apply(&mut both.client);
    if both.client.nickname.is_empty() {
        both.client.nickname = identity::nickname(identity::login().as_deref());
    }
    if let Some(Order::Invite(order)) = &cli.order {
        return invite(&both, order);
    }
    // The program may ask a person: it has the terminal for itself.
    if let Err(why) = password_command::fill(&mut both.client.login) {
        return complain(1, &why);
    }
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return complain(
            1,
            "this is a full-screen program, and needs a terminal to run in",
        );
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => return complain(1, &format!("cannot start: {error}")),
    };
    let ended = runtime.block_on(run(both, cli));
    runtime.shutdown_timeout(LAST_THREADS);
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => complain(1, &error.to_string()),
    }
}

/// Prints the link, and to a person also its picture.
fn invite(both: &Both, order: &ToInvite) -> ExitCode {
    let pins = Pins::of(folder::find().as_deref());
    let invite = friend::invite(&both.client, &both.server, &pins, order.host.as_deref());
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
    match io::stdout().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => complain(1, &error.to_string()),
    }
}

async fn run(both: Both, cli: Cli) -> io::Result<()> {
    let Both { client, server } = both;
    let signals = Signals::watch()?;
    terminal::restore_on_panic();
    let guard = terminal::Guard::new()?;
    let out = BufWriter::with_capacity(FRAME_BYTES, io::stdout());
    let screen = Terminal::new(CrosstermBackend::new(out))?;
    let size = screen.size()?;
    let invited = cli.invite.filter(|_| cli.host.is_none());
    let invited = invited.and_then(|invite| invite.fingerprint);
    let target = Target {
        name: String::new(),
        host: client.host.clone(),
        port: client.port,
        tls: client.tls,
        certificate: client.login.key.clone(),
        invited,
        folder: folder::find(),
        roots: None,
    };
    let may_host = !cli.no_host && address::is_this_machine(&client.host);
    let host = may_host.then(|| Host::new(server, &target, client.rooms.first().cloned()));
    let settings = identity::settings(&client.nickname, &client.login);
    let (mut wires, reports) = Wires::new();
    let plan = Plan {
        target,
        settings,
        host,
    };
    wires.open(NetworkId::FIRST, plan);
    let theme = theme().chosen(client.theme);
    let model = model_of(client, (size.width, size.height));
    let mut app = App::new(model, screen, (wires, reports), theme);
    let ended = app.run(EventStream::new(), signals).await;
    drop(guard);
    app.goodbye(GOODBYE).await;
    ended
}

fn model_of(client: Config, size: (u16, u16)) -> Model {
    let settings = Settings {
        name: String::new(),
        host: client.host,
        port: client.port,
        nick: client.nickname,
        rooms: client.rooms,
        join_at_start: client.join_at_start,
    };
    Model::new(settings, client.keymap, jiff::tz::TimeZone::system(), size)
}

fn theme() -> Theme {
    let word = |name: &str| std::env::var(name).ok();
    Theme::from_environment(
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
