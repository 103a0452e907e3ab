//! `cargo run`: builds the components, serves them and says what to open.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "that is how it says it")]

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Context as _, Result, bail};
use runner::{Clock, Options, Running, TICK_KEY, demo, secrets};

const USAGE: &str = "\
Serves the application of spin.toml, as Spin 4.1 would.

    cargo run [-- OPTIONS]
    cargo run -- new-admin-key [--state-dir DIR]

    --from FILE             the manifest (spin.toml)
    --listen ADDRESS        where to listen (127.0.0.1:3000)
    --find-free-port        take a later port when that one is in use
    --state-dir DIR         databases, logs, secrets (.spin); \"\" keeps all in memory
    --variable NAME=VALUE   set a variable; may be given often
    --runtime-config-file FILE   networks out of reach, whom to trust (deploy/runtime-config.toml)
    --quiet                 keep the components' output off the console
    --no-tick               do not call POST /internal/tick every five seconds
    --demo                  fill the application with something to look at
";

enum Job {
    Serve { with_demo: bool },
    RenewAdminKey,
    Help,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let (job, options) = arguments()?;
    match job {
        Job::Help => print!("{USAGE}"),
        Job::RenewAdminKey => {
            let state = runner::state_dir(&options).context("an empty --state-dir keeps no key")?;
            println!("{}", secrets::renew_admin_key(&state)?);
            eprintln!("This is the new admin key; it is not shown again. Start the runner anew.");
        }
        Job::Serve { with_demo } => {
            runner::build_components(&options.manifest)?;
            // Registered first: a signal during the start must not be lost.
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            let clock = Clock::default();
            let running = runner::serve(Options { clock: Some(clock.clone()), ..options })?;
            greet(&running);
            runtime.block_on(async {
                tokio::select! {
                    stopped = stop_signal() => stopped,
                    Err(error) = fill_demo(with_demo, &running, clock) => Err(error),
                }
            })?;
            running.stop();
        }
    }
    Ok(())
}

// Never ends well: the application goes on after the demo is in.
async fn fill_demo(with_demo: bool, running: &Running, clock: Clock) -> Result<()> {
    if with_demo {
        let key = running.variable(secrets::ADMIN_KEY).context("the demo needs an admin_key")?;
        let tick_key = running.variable(TICK_KEY).context("the demo needs a tick_key")?;
        let time = demo::Time { clock, tick_key: tick_key.to_owned() };
        let told = demo::fill(&running.base(), key, Some(&time), |step| eprintln!("{step}")).await;
        println!("{}", told.context("the demo could not be filled in")?);
    }
    std::future::pending().await
}

async fn stop_signal() -> Result<()> {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminated = signal(SignalKind::terminate())?;
        tokio::select! {
            interrupted = interrupted => Ok(interrupted?),
            _ = terminated.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    Ok(interrupted.await?)
}

fn greet(running: &Running) {
    let base = running.base();
    println!("Serving {base}");
    println!("Available Routes:");
    for (id, route) in &running.routes {
        match route.strip_suffix("/...") {
            Some(prefix) => println!("  {id}: {base}{prefix} (wildcard)"),
            None => println!("  {id}: {base}{route}"),
        }
    }
    println!();
    let has = |path: &str| running.routes.iter().any(|it| it.1.trim_end_matches("/...") == path);
    if has("/demo") {
        println!("Open {base}/demo");
    }
    if has("/dashboard") {
        println!("The dashboard: {base}/dashboard");
        println!("The desk: {base}/desk");
    }
    if let Some(key) = running.variable(secrets::ADMIN_KEY) {
        let is_new = running.generated.iter().any(|name| name == secrets::ADMIN_KEY);
        if is_new {
            println!("The admin key, shown this once: {key}");
        } else if running.kept.iter().any(|name| name == secrets::ADMIN_KEY) {
            println!("The admin key was shown once; a new one: cargo run -- new-admin-key");
        } else {
            println!("The admin key is the one that you set.");
        }
        let key = if is_new { key } else { "$HUIYIN_KEY" };
        println!("Sign in: curl {base}/v1/session -H \"Authorization: Bearer {key}\"");
    }
    println!("Stop with Ctrl-C.");
}

fn arguments() -> Result<(Job, Options)> {
    use lexopt::prelude::*;

    let mut options = Options::default();
    let mut job = Job::Serve { with_demo: false };
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("from") => options.manifest = PathBuf::from(parser.value()?),
            Long("listen") => options.listen = parser.value()?.parse()?,
            Long("find-free-port") => options.find_free_port = true,
            Long("state-dir") => options.state_dir = Some(PathBuf::from(parser.value()?)),
            Long("variable") => {
                let given = parser.value()?.string()?;
                match given.split_once('=') {
                    Some((name, value)) => {
                        options.variables.push((name.to_string(), value.to_string()));
                    }
                    None => bail!("--variable takes NAME=VALUE"),
                }
            }
            Long("runtime-config-file") => {
                options.runtime_config = Some(PathBuf::from(parser.value()?));
            }
            Long("quiet") | Short('q') => options.quiet = true,
            Long("no-tick") => options.tick = false,
            Long("demo") => job = Job::Serve { with_demo: true },
            Long("help") | Short('h') => return Ok((Job::Help, options)),
            Value(name) if name == "new-admin-key" => job = Job::RenewAdminKey,
            Short(_) | Long(_) | Value(_) => return Err(argument.unexpected().into()),
        }
    }
    Ok((job, options))
}
