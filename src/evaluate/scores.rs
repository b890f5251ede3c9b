//! Precision, recall and F1, of one label or averaged.

use serde::Serialize;

/// Precision, recall and F1; each between 0 and 1, `None` (JSON `null`) where it is undefined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Scores {
    /// How much of what was given is right; undefined when nothing was given.
    pub precision: Option<f64>,
    /// How much of what is there was found; undefined when nothing is there.
    pub recall: Option<f64>,
    /// The harmonic mean of the two; undefined when nothing is there and nothing was given.
    pub f1: Option<f64>,
}
