//! `wiredesk serve`: the API and the page, until somebody says stop.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use rayon::prelude::*;

use crate::serve::{Answered, Limits, Log, Model, Server, ServerOptions};

use super::args::{Global, ModelInput, Serve};
use super::failure::{Failure, say_warning};
use super::model;
use super::style::{anstream_stderr, printable};

/// Lines that wait for a slow terminal; more are left out.
const WAITING: usize = 4096;

pub fn run(args: &Serve, global: &Global) -> Result<(), Failure> {
    let log = if global.quiet { None } else { Some(log()?) };
    let server = Server::bind(ServerOptions {
        listen: args.listen,
        models: models(&args.model)?,
        hosts: args.allow_host.clone(),
        threads: global.threads.map_or(0, Into::into),
        limits: Limits::default(),
        log,
    })?;
    let address = server.local_addr()?;
    if !global.quiet {
        if !address.ip().is_loopback() {
            say_warning(&format!(
                "listening on {address}, so others on the network can send texts, and read along: there is no password and no encryption; use a proxy that has both, or --listen 127.0.0.1:8080"
            ));
        }
        let _ = writeln!(anstream_stderr(), "serving at http://{address}/ (Ctrl-C stops)");
    }
    Ok(server.run(stopped())?)
}

/// The models that the flags name.
fn models(flags: &[String]) -> Result<Vec<Model>, Failure> {
    if flags.is_empty() {
        let loaded = model::load(&ModelInput { model: None })?;
        return Ok(vec![Model { name: "news".to_owned(), tagger: loaded.tagger, bytes: loaded.bytes }]);
    }
    let load = |flag: &String| {
        let (name, path) = match flag.split_once('=') {
            Some((name, path)) => (name.to_owned(), PathBuf::from(path)),
            None => {
                let path = PathBuf::from(flag);
                (path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default(), path)
            }
        };
        let loaded = model::load(&ModelInput { model: Some(path) })?;
        Ok(Model { name, tagger: loaded.tagger, bytes: loaded.bytes })
    };
    flags.par_iter().map(load).collect()
}

/// When somebody says stop: Ctrl-C, or what `kill` sends. A second time stops at once.
async fn stopped() {
    one_signal().await;
    tokio::spawn(async {
        one_signal().await;
        std::process::exit(1);
    });
}

async fn one_signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}

/// A line a request on standard error, written by a thread of its own: a terminal that is slow does not hold up
/// requests.
fn log() -> Result<Log, Failure> {
    let (sender, lines) = sync_channel(WAITING);
    std::thread::Builder::new().name("log".to_owned()).spawn(move || write_lines(&lines))?;
    Ok(Arc::new(move |answered: &Answered<'_>| send(&sender, answered)))
}

fn send(sender: &SyncSender<String>, answered: &Answered<'_>) {
    let Answered { method, path, status, elapsed, bytes } = answered;
    let beginning: String = path.chars().take(200).collect();
    let bytes = bytes.map_or_else(|| "-".to_owned(), |bytes| bytes.to_string());
    let milliseconds = elapsed.as_secs_f64() * 1e3;
    let _ = sender.try_send(format!("{method} {} {status} {milliseconds:.1} ms {bytes} B\n", printable(&beginning)));
}

/// Writes what is there in one go.
fn write_lines(lines: &Receiver<String>) {
    while let Ok(mut text) = lines.recv() {
        while text.len() < 1 << 16
            && let Ok(line) = lines.try_recv()
        {
            text.push_str(&line);
        }
        let _ = std::io::stderr().write_all(text.as_bytes());
    }
}
