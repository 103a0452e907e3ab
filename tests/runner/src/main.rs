//! `cargo run`: builds the components, serves them and says what to open.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "that is how it says it")]

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

use anyhow::{Context as _, Result, bail};
use runner::{
    Clock, Options, Running, TICK_KEY,
    backup::{self, Choices},
    demo, secrets,
};

const USAGE: &str = "\
Serves the application of spin.toml, as Spin 4.1 would.

    cargo run [-- OPTIONS]
    cargo run -- new-admin-key [--state-dir DIR]
    cargo run -- backup FILE [--state-dir DIR] [--force] [--secrets FILE]
    cargo run -- restore FILE [--state-dir DIR] [--secrets FILE]

    --from FILE             the manifest (spin.toml)
    --listen ADDRESS        where to listen (127.0.0.1:3000)
    --find-free-port        take a later port when that one is in use
    --state-dir DIR         databases, logs, secrets (.spin); \"\" keeps all in memory
    --variable NAME=VALUE   set a variable; may be given often
    --runtime-config-file FILE   networks out of reach, whom to trust (deploy/runtime-config.toml)
    --quiet                 keep the components' output off the console
    --no-tick               do not call POST /internal/tick every five seconds
    --demo                  fill the application with something to look at

backup copies the database while it is served or not, checks the copy and writes its SHA-256
beside it; restore checks a backup and puts it in the place of the database, which it keeps.

    --force                 replace the backup that has this name
    --secrets FILE          copy the generated secrets too, to or from a file of their own
";

enum Job {
    Serve { with_demo: bool },
    RenewAdminKey,
    Backup(PathBuf),
    Restore(PathBuf),
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
    let (job, options, choices) = arguments()?;
    match job {
        Job::Help => print!("{USAGE}"),
        Job::RenewAdminKey => {
            let state = runner::state_dir(&options).context("an empty --state-dir keeps no key")?;
            println!("{}", secrets::renew_admin_key(&state)?);
            eprintln!("This is the new admin key; it is not shown again. Start the runner anew.");
        }
        Job::Backup(file) => back_up(&options, &file, &choices)?,
        Job::Restore(file) => restore(&options, &file, &choices)?,
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

fn back_up(options: &Options, file: &Path, choices: &Choices) -> Result<()> {
    let state = runner::state_dir(options).context("an empty --state-dir keeps no database")?;
    let begun = Instant::now();
    let made = backup::make(&state, file, choices, &mut |step| eprintln!("{step}"))?;
    println!("{}  {}", made.sha256, file.display());
    let (level, bytes) = (made.level, made.bytes);
    let took = begun.elapsed().as_secs_f64();
    eprintln!(
        "Backed up {bytes} bytes with schema {level} in {took:.1} s; the check found no fault."
    );
    match &choices.secrets {
        Some(to) => eprintln!("The generated secrets are in {}: keep it elsewhere.", to.display()),
        None => eprintln!(
            "Not in it: the secrets (secret_key, admin_key, tick_key). Without the same secret_key \
             its private links do not open and its stored secrets cannot be read. Keep those that \
             you set yourself; for those in {}, pass --secrets FILE.",
            state.join("secrets.json").display()
        ),
    }
    eprintln!("Not in it either: the key-value store, which can be made anew, and the logs.");
    Ok(())
}

fn restore(options: &Options, file: &Path, choices: &Choices) -> Result<()> {
    let state = runner::state_dir(options).context("an empty --state-dir keeps no database")?;
    let begun = Instant::now();
    let done = backup::restore(&state, file, choices, &mut |step| eprintln!("{step}"))?;
    let (level, bytes) = (done.checked.level, done.checked.bytes);
    let took = begun.elapsed().as_secs_f64();
    println!("Restored {} to {}", file.display(), state.display());
    eprintln!("{bytes} bytes with schema {level} in {took:.1} s; the check found no fault.");
    if !done.had_sum {
        eprintln!("No .sha256 was beside it: its structure is whole, its contents are not proved.");
    }
    if let Some(before) = done.before {
        eprintln!("What was written since the backup is only in {}", before.display());
    }
    eprintln!("It needs the secret_key of the time of the backup. Start the runner now.");
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
    if let Some(trouble) = &running.trouble {
        eprintln!("Warning: {trouble}");
        eprintln!("Most answers will be 503. Stop, and: cargo run -- restore BACKUP");
    }
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

fn arguments() -> Result<(Job, Options, Choices)> {
    use lexopt::prelude::*;

    let mut choices = Choices::default();
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
            Long("help") | Short('h') => return Ok((Job::Help, options, choices)),
            Long("force") => choices.is_forced = true,
            Long("secrets") => choices.secrets = Some(PathBuf::from(parser.value()?)),
            Value(name) if name == "new-admin-key" => job = Job::RenewAdminKey,
            Value(name) if name == "backup" => job = Job::Backup(PathBuf::new()),
            Value(name) if name == "restore" => job = Job::Restore(PathBuf::new()),
            Value(path) => match &mut job {
                Job::Backup(file) | Job::Restore(file) if file.as_os_str().is_empty() => {
                    *file = PathBuf::from(path);
                }
                _ => return Err(Value(path).unexpected().into()),
            },
            Short(_) | Long(_) => return Err(argument.unexpected().into()),
        }
    }
    match &job {
        Job::Backup(file) | Job::Restore(file) if file.as_os_str().is_empty() => {
            bail!("name the file of the backup")
        }
        _ => Ok((job, options, choices)),
    }
}
