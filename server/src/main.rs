//! `parlord`: arguments and exit code. It never knows how a server works.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use server::bar::Bar;
use server::cli::Arguments;
use server::config::{Config, ConfigError};
use server::run::{Options, start};

/// A bad command line or configuration.
const MISUSED: u8 = 2;

fn main() -> ExitCode {
    // clap answers --help and --version itself, and ends with 2 on a bad command line.
    let arguments = Arguments::parse();
    let config = match configured(&arguments) {
        Ok(config) => config,
        Err(error) => {
            complain(&error.to_string());
            return ExitCode::from(MISUSED);
        }
    };
    if arguments.check_config {
        return checked(&arguments, &config);
    }
    if let Some(errand) = &arguments.errand {
        return match server::errands::run(errand, &config) {
            Ok(()) => ExitCode::SUCCESS,
            Err(why) => {
                complain(&why);
                ExitCode::FAILURE
            }
        };
    }
    let paper = match server::telemetry::start(config.log.format) {
        Ok(paper) => paper,
        Err(error) => {
            complain(&format!("cannot start the log: {error}"));
            return ExitCode::FAILURE;
        }
    };
    let mut bar = Bar::new("bringing the database up to date");
    let options = Options {
        paper: Some(paper.clone()),
        transcript: arguments.transcript,
        read_again: Some(Box::new(move || {
            configured(&arguments).map_err(|error| error.to_string())
        })),
        upgrading: Some(Box::new(move |done, total| bar.set(done, total))),
        signals: true,
    };
    let code = match start(config, options) {
        Ok(running) => match running.wait() {
            Ok(_) => ExitCode::SUCCESS,
            Err(why) => failed(&why),
        },
        Err(error) => failed(&error.to_string()),
    };
    paper.finish();
    code
}

/// More than every start looks at: what works, but cannot be meant.
fn checked(arguments: &Arguments, config: &Config) -> ExitCode {
    let file = server::config::find(arguments.config.as_deref());
    let file = file.map_or_else(
        || "the defaults and the command line".to_owned(),
        |path| path.display().to_string(),
    );
    match server::preflight::check(config, &file) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error.to_string());
            ExitCode::from(MISUSED)
        }
    }
}

fn configured(arguments: &Arguments) -> Result<Config, ConfigError> {
    let mut config = Config::load(arguments.config.as_deref())?;
    if !arguments.listen.is_empty() {
        config.listen.clone_from(&arguments.listen);
    }
    if let Some(data) = &arguments.data {
        config.data_dir = data.display().to_string();
    }
    Ok(config)
}

fn failed(why: &str) -> ExitCode {
    tracing::error!("{why}");
    ExitCode::FAILURE
}

fn complain(why: &str) {
    // Nobody is left to be told that standard error is closed.
    let _ = writeln!(std::io::stderr(), "parlord: {why}");
}
