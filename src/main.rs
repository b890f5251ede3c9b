//! The terminal's way in: everything happens in [`wiredesk::cli::run`].

use std::process::ExitCode;

fn main() -> ExitCode {
    wiredesk::cli::run()
}
