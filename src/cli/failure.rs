//! How a run fails: with a message, a way out and an exit code.

use std::io;
use std::process::ExitCode;

use super::style::{self, anstream_stderr, printable};

/// Why a run ends before it is done, or done with something to report.
#[derive(Debug)]
pub enum Failure {
    /// Exit 1: said with `error:`.
    Failed(anyhow::Error),
    /// Exit 2: the arguments do not go together.
    Usage(String),
    /// Exit 1: everything that had to be said has been said.
    Reported,
}

impl Failure {
    /// A failure with this message.
    pub fn new(message: impl Into<String>) -> Self {
        Failure::Failed(anyhow::anyhow!(message.into()))
    }

    /// Says what there is to say and gives the exit code. A closed pipe is no error: whoever read has enough.
    pub fn report(&self) -> ExitCode {
        match self {
            Failure::Failed(error) if is_closed_pipe(error) => ExitCode::SUCCESS,
            Failure::Failed(error) => {
                say_error(&error.to_string());
                ExitCode::from(1)
            }
            Failure::Usage(message) => {
                say_error(message);
                ExitCode::from(2)
            }
            Failure::Reported => ExitCode::from(1),
        }
    }
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Failure::Failed(error.into())
    }
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let broken = |e: &io::Error| e.kind() == io::ErrorKind::BrokenPipe;
    error.chain().any(|cause| {
        cause.downcast_ref::<io::Error>().is_some_and(broken)
            || cause
                .downcast_ref::<serde_json::Error>()
                .is_some_and(|e| e.io_error_kind() == Some(io::ErrorKind::BrokenPipe))
            || cause
                .downcast_ref::<csv::Error>()
                .is_some_and(|e| matches!(e.kind(), csv::ErrorKind::Io(e) if broken(e)))
    })
}

/// Writes `error: …` to standard error.
pub fn say_error(message: &str) {
    say(style::ERROR, "error", message);
}

/// Writes `warning: …` to standard error.
pub fn say_warning(message: &str) {
    say(style::WARNING, "warning", message);
}

/// Writes `hint: …` to standard error.
pub fn say_hint(message: &str) {
    say(style::HINT, "hint", message);
}

fn say(style: anstyle::Style, kind: &str, message: &str) {
    use std::io::Write;
    // Messages quote names and labels of strangers. Nobody is left to tell when standard error is closed.
    let _ = writeln!(anstream_stderr(), "{style}{kind}{style:#}: {}", printable(message));
}
