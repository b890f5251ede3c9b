//! What a model remembers of its training rows: hashes, not texts.

use rayon::prelude::*;

use crate::corpus::Row;
use crate::duplicates::{Fingerprint, Letters, Sketch};

use super::{LeakGuard, ModelError};

/// Fingerprints of the training rows, in sorted order, each as often as it occurs: a function of the multiset of rows.
///
/// 32 bytes a row: 8 for text and labels, 8 for the letters of the text, 16 for the sketch of a text of about a dozen
/// words or more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fingerprints {
    pub(super) rows: Vec<u64>,
    pub(super) texts: Vec<u64>,
    pub(super) sketches: Vec<u128>,
}

impl Fingerprints {
    /// Adds rows whose labels are in the order of the facets.
    pub(super) fn add(&mut self, rows: &[Row], facets: &[&str]) {
        let print = |row: &Row| {
            let labels: Vec<(&str, &[String])> =
                facets.iter().copied().zip(row.labels.iter().map(Vec::as_slice)).collect();
            let letters = Letters::of(&row.text);
            let text = Fingerprint::of_letters(&letters);
            (Fingerprint::of_row(&row.text, &labels), text, Sketch::of_letters(&letters))
        };
        let prints: Vec<_> = rows.par_iter().map(print).collect();
        self.rows.extend(prints.iter().map(|print| print.0.0));
        self.texts.extend(prints.iter().filter_map(|print| Some(print.1?.0)));
        self.sketches.extend(prints.iter().filter_map(|print| Some(print.2?.0)));
    }

    /// Puts them in order, in which nothing of the rows' shows.
    pub(super) fn sorted(mut self) -> Self {
        self.rows.sort_unstable();
        self.texts.sort_unstable();
        self.sketches.sort_unstable();
        self
    }

    /// Those of both.
    pub(super) fn with(&self, other: &Fingerprints) -> Self {
        Fingerprints {
            rows: merged(&self.rows, &other.rows),
            texts: merged(&self.texts, &other.texts),
            sketches: merged(&self.sketches, &other.sketches),
        }
    }

    /// Those that are left without the others; `None` where these are not all among them.
    pub(super) fn without(&self, other: &Fingerprints) -> Option<Self> {
        Some(Fingerprints {
            rows: less(&self.rows, &other.rows)?,
            texts: less(&self.texts, &other.texts)?,
            sketches: less(&self.sketches, &other.sketches)?,
        })
    }

    /// From arrays of a model file, checked.
    pub(super) fn from_parts(rows: Vec<u64>, texts: Vec<u64>, sketches: &[u64]) -> Result<Self, ModelError> {
        let broken = |what: &str| ModelError::Inconsistent(format!("fingerprints: {what}"));
        let (halves, rest) = sketches.as_chunks::<2>();
        if !rest.is_empty() {
            return Err(broken("half a sketch"));
        }
        let sketches: Vec<u128> = halves.iter().map(|&[high, low]| u128::from(high) << 64 | u128::from(low)).collect();
        if !rows.is_sorted() || !texts.is_sorted() || !sketches.is_sorted() {
            return Err(broken("not in order"));
        }
        if texts.len() > rows.len() || sketches.len() > texts.len() {
            return Err(broken("more texts than rows, or more sketches than texts"));
        }
        Ok(Fingerprints { rows, texts, sketches })
    }

    /// The sketches as pairs of 64-bit numbers, the higher first.
    pub(super) fn sketch_halves(&self) -> Vec<u64> {
        self.sketches.iter().flat_map(|sketch| [(sketch >> 64) as u64, *sketch as u64]).collect()
    }

    /// Training rows that are remembered.
    pub fn n_rows(&self) -> usize {
        self.rows.len()
    }

    /// Those whose text has a letter.
    pub fn n_texts(&self) -> usize {
        self.texts.len()
    }

    /// Those whose text is long enough to find near duplicates of it.
    pub fn n_sketches(&self) -> usize {
        self.sketches.len()
    }

    /// The bytes that they take, here and in a model file.
    pub fn n_bytes(&self) -> usize {
        8 * (self.rows.len() + self.texts.len()) + 16 * self.sketches.len()
    }

    /// Whether a text of this fingerprint was among the training rows.
    pub fn has_text(&self, text: Fingerprint) -> bool {
        self.texts.binary_search(&text.0).is_ok()
    }

    /// A guard that finds what was in training. Takes about 80 bytes a sketch, so make it once and ask it often.
    pub fn guard(&self) -> LeakGuard<'_> {
        LeakGuard::new(self)
    }
}

/// Two sorted lists in one.
fn merged<T: Ord + Copy>(left: &[T], right: &[T]) -> Vec<T> {
    // The stable sort finds the two runs and merges them.
    let mut both = [left, right].concat();
    both.sort();
    both
}

/// A sorted list without the elements of another, each as often as it stands there.
fn less<T: Ord + Copy>(all: &[T], gone: &[T]) -> Option<Vec<T>> {
    let mut gone = gone.iter().peekable();
    let rest: Vec<T> = all.iter().filter(|&print| gone.next_if_eq(&print).is_none()).copied().collect();
    gone.next().is_none().then_some(rest)
}
