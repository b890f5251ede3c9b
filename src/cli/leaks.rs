//! What `evaluate` says of test rows that were in training.

use crate::tagger::{LeakCounts, Leaks};

use super::args::Global;
use super::failure::{Failure, say_error, say_hint, say_warning};
use super::model::Loaded;
use super::style::thousands;

/// Whether the model knows its training rows.
///
/// # Errors
/// When leaks are denied and the model cannot tell them.
pub fn check_known(loaded: &Loaded, deny: bool, global: &Global) -> Result<(), Failure> {
    if loaded.tagger.fingerprints().is_some() {
        return Ok(());
    }
    let what = format!("{}: the model does not remember its training rows", loaded.name);
    if deny {
        return Err(Failure::new(format!(
            "{what}, so --deny-leaks cannot be checked; train it again, without --no-fingerprints"
        )));
    }
    if !global.quiet {
        say_hint(&format!("{what}, so test rows that were in training are not told"));
    }
    Ok(())
}

/// Warns of leaks, or fails where they are denied. To be called after the report.
///
/// # Errors
/// When there are leaks and they are denied.
pub fn finish(leaks: Option<&Leaks>, deny: bool, global: &Global) -> Result<(), Failure> {
    let Some(LeakCounts { rows, exact, near }) = leaks.map(|leaks| leaks.counts).filter(|counts| counts.leaks() > 0)
    else {
        return Ok(());
    };
    let [rows, exact, near] = [rows, exact, near].map(thousands);
    let found = format!("test rows that were in training: {exact} word for word and {near} nearly, of {rows}");
    let way_out = "`wiredesk check TRAIN.csv TEST.csv` names them";
    if deny {
        say_error(&format!("{found}; --deny-leaks allows none, and {way_out}"));
        return Err(Failure::Reported);
    }
    if !global.quiet {
        say_warning(&format!("{found}; the figures may flatter the model, and {way_out}"));
    }
    Ok(())
}
