//! Which rows a model has learnt, one by one.

use crate::corpus::Row;
use crate::duplicates::Fingerprint;

use super::{AdditiveError, AdditiveModel};

/// The fingerprints of a model's rows, each taken once: a row that was learnt twice can be forgotten twice.
#[derive(Clone, Debug)]
pub struct Remembered<'m> {
    facets: Vec<&'m str>,
    rows: &'m [u64],
    /// Of equal fingerprints the first are taken first.
    taken: Vec<bool>,
}

impl AdditiveModel {
    /// What the model remembers of its rows, to ask for each whether it was among them.
    ///
    /// # Errors
    /// [`AdditiveError::Unremembered`] where it was trained without fingerprints.
    pub fn remembered(&self) -> Result<Remembered<'_>, AdditiveError> {
        let fingerprints = self.fingerprints.as_ref().ok_or(AdditiveError::Unremembered)?;
        Ok(Remembered {
            facets: self.facets.iter().map(|facet| facet.name.as_str()).collect(),
            rows: &fingerprints.rows,
            taken: vec![false; fingerprints.rows.len()],
        })
    }
}

impl Remembered<'_> {
    /// Takes a row whose labels are in the order of the facets; `false` where the model has not learnt it, or not as often
    /// as it was taken.
    pub fn take(&mut self, row: &Row) -> bool {
        let labels: Vec<(&str, &[String])> =
            self.facets.iter().copied().zip(row.labels.iter().map(Vec::as_slice)).collect();
        let Fingerprint(print) = Fingerprint::of_row(&row.text, &labels);
        let first = self.rows.partition_point(|&row| row < print);
        let equal = self.rows[first..].partition_point(|&row| row == print);
        let free = first + self.taken[first..first + equal].partition_point(|&taken| taken);
        let found = free < first + equal;
        if found {
            self.taken[free] = true;
        }
        found
    }
}
