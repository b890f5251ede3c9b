//! The leak guard of `evaluate`: which test rows were in training, and what to do about it.

use rayon::prelude::*;

use crate::corpus::Row;
use crate::evaluate::Evaluation;
use crate::report::Leaks;
use crate::tagger::{Leak, LeakCounts, LeakGuard};

use super::args::Global;
use super::failure::{Failure, say_error, say_hint, say_warning};
use super::model::Loaded;
use super::style::thousands;

/// Looks at every test row.
pub struct LeakCheck<'m> {
    /// `None` where the model does not know its training rows.
    guard: Option<LeakGuard<'m>>,
    counts: LeakCounts,
    deny: bool,
}

impl<'m> LeakCheck<'m> {
    /// Asks the model for what it remembers.
    ///
    /// # Errors
    /// When leaks are denied and the model cannot tell them.
    pub fn new(loaded: &'m Loaded, deny: bool, global: &Global) -> Result<Self, Failure> {
        let fingerprints = loaded.tagger.fingerprints();
        if fingerprints.is_none() {
            let what = format!("{}: the model does not remember its training rows", loaded.name);
            if deny {
                return Err(Failure::new(format!(
                    "{what}, so --deny-leaks cannot be checked; train it again, without --no-fingerprints"
                )));
            }
            if !global.quiet {
                say_hint(&format!("{what}, so test rows that were in training are not told"));
            }
        }
        Ok(LeakCheck { guard: fingerprints.map(|f| f.guard()), counts: LeakCounts::default(), deny })
    }

    /// Per row, whether it was in training.
    pub fn look(&mut self, rows: &[Row]) -> Vec<Leak> {
        let Some(guard) = &self.guard else { return vec![Leak::None; rows.len()] };
        let found: Vec<Leak> = rows.par_iter().map(|row| guard.look(&row.text)).collect();
        found.iter().for_each(|&leak| self.counts.add(leak));
        found
    }

    /// What to report; `without` is the evaluation of the rows that were not in training.
    pub fn report(&self, without: Evaluation) -> Option<Leaks> {
        self.guard.as_ref()?;
        Some(Leaks { counts: self.counts, without: (self.counts.leaks() > 0).then_some(without) })
    }

    /// Warns of leaks, or fails where they are denied. To be called after the report.
    pub fn finish(&self, global: &Global) -> Result<(), Failure> {
        let LeakCounts { rows, exact, near } = self.counts;
        if self.counts.leaks() == 0 {
            return Ok(());
        }
        let [rows, exact, near] = [rows, exact, near].map(thousands);
        let found = format!("test rows that were in training: {exact} word for word and {near} nearly, of {rows}");
        let way_out = "`wiredesk check TRAIN.csv TEST.csv` names them";
        if self.deny {
            say_error(&format!("{found}; --deny-leaks allows none, and {way_out}"));
            return Err(Failure::Reported);
        }
        if !global.quiet {
            say_warning(&format!("{found}; the figures may flatter the model, and {way_out}"));
        }
        Ok(())
    }
}
