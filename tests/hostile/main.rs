//! What strangers send: model files that were damaged or made up, rows, packed files, articles, gazetteers, predictions. An
//! error or an answer, never a panic, and no more memory than stands beside each limit.
//!
//! The functions are those of the fuzz targets (`fuzz/`): here they see the seeds and whatever fuzzing found.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // the helpers, too; what is printed is shown with a failed test

mod container;
mod files;
mod memory;
mod models;
mod seeds;
#[path = "../../fuzz/src/lib.rs"]
mod targets;
