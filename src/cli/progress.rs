//! A progress bar with rate and time left, for what takes longer than a second.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::corpus::CorpusReader;

use super::args::Global;

/// Shows nothing in the first second, and nothing at all where standard error is no terminal.
pub struct Progress {
    started: Instant,
    bar: Option<ProgressBar>,
    verb: &'static str,
    silent: bool,
}

impl Progress {
    /// Begins; `verb` says what is going on.
    pub fn new(verb: &'static str, global: &Global) -> Self {
        let silent = global.quiet || !std::io::stderr().is_terminal();
        Progress { started: Instant::now(), bar: None, verb, silent }
    }

    /// How far reading is.
    pub fn update(&mut self, reader: &CorpusReader) {
        if self.silent || self.started.elapsed() < Duration::from_secs(1) {
            return;
        }
        let bar = self.bar.get_or_insert_with(|| start(reader.total_bytes(), self.started));
        bar.set_position(reader.bytes_read());
        bar.set_message(format!("{} {} rows", self.verb, super::style::thousands(reader.rows_read())));
    }

    /// How many steps are done of how many, where each takes a while; shown from the beginning.
    pub fn steps(&mut self, done: usize, of: usize, step: &str) {
        if self.silent {
            return;
        }
        if done == 0 {
            // The bar of reading has other units.
            self.finish();
        }
        let bar = self.bar.get_or_insert_with(|| start_steps(self.started));
        bar.set_length(of as u64);
        bar.set_position(done as u64);
        bar.set_message(format!("{} {done} of {of} {step}", self.verb));
        bar.tick();
    }

    /// Takes the bar away.
    pub fn finish(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }

    /// Seconds since the beginning.
    pub fn seconds(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.finish();
    }
}

fn start_steps(started: Instant) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg}  {bar:30} {elapsed}, {eta} left");
    ProgressBar::new(0)
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        .with_elapsed(started.elapsed())
}

fn start(total: Option<u64>, started: Instant) -> ProgressBar {
    let template = match total {
        Some(_) => "{msg}  {bar:30} {percent}%  {binary_bytes_per_sec}  {eta} left",
        None => "{msg}  {binary_bytes}  {binary_bytes_per_sec}",
    };
    let bar = match total {
        Some(total) => ProgressBar::new(total),
        None => ProgressBar::new_spinner(),
    };
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.with_style(style).with_elapsed(started.elapsed())
}
