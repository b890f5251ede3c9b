//! The tied focus model.

use super::super::Code;
use super::columns::{N_COLUMNS, column_name, columns};
use super::logistic::{Design, fit};
use super::{Candidate, Candidates, RegionError};

/// One logistic regression over all pairs of a text and a country that it mentions; all countries share the weights.
///
/// It says how likely a text is about a country from how it is mentioned, whichever country that is.
#[derive(Clone, Debug, PartialEq)]
pub struct FocusModel {
    weights: Vec<f64>,
    home: Option<Code>,
}

/// No weight is larger.
pub(super) const LARGEST: f64 = 1e6;

impl FocusModel {
    /// How many weights there are.
    pub const N_WEIGHTS: usize = N_COLUMNS;

    /// Checks weights and puts them together; `home` is the country whose mentions are counted apart.
    ///
    /// # Errors
    /// [`RegionError::Inconsistent`] where their number is not [`N_WEIGHTS`](Self::N_WEIGHTS), or one is not finite or
    /// beyond a million.
    pub fn from_parts(weights: Vec<f64>, home: Option<Code>) -> Result<Self, RegionError> {
        if weights.len() != N_COLUMNS {
            return Err(RegionError::Inconsistent("the focus model has another number of weights"));
        }
        if !weights.iter().all(|w| w.abs() <= LARGEST) {
            return Err(RegionError::Inconsistent("a weight of the focus model is too large or none"));
        }
        Ok(FocusModel { weights, home })
    }

    /// Learns from texts and the countries that each is about; `gold` is sorted. The order of the texts shows in the
    /// last bits only.
    pub fn fit<'a>(
        texts: impl IntoIterator<Item = (&'a Candidates, &'a [Code])>,
        home: Option<Code>,
        penalty: f64,
    ) -> Self {
        let mut design = Design::default();
        for (candidates, gold) in texts {
            for one in candidates.iter() {
                let on = columns(candidates, one, home);
                design.push(on.into_iter().map(|column| (column, 1.0)), gold.binary_search(&one.code).is_ok());
            }
        }
        FocusModel { weights: fit(&design, N_COLUMNS, penalty), home }
    }

    /// The log odds that a text is about a country that it mentions.
    pub fn log_odds(&self, all: &Candidates, one: &Candidate) -> f64 {
        columns(all, one, self.home).into_iter().map(|column| self.weights[usize::from(column)]).sum()
    }

    /// The summands of [`log_odds`](Self::log_odds) by name: `mentions 3-4`, `title 1 and order 1`, `home: rank 1`.
    pub fn contributions(&self, all: &Candidates, one: &Candidate) -> Vec<(String, f64)> {
        let of = |column: u16| (column_name(column.into()), self.weights[usize::from(column)]);
        columns(all, one, self.home).into_iter().map(of).collect()
    }

    /// The weights to store.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// The country whose mentions are counted apart.
    pub fn home(&self) -> Option<Code> {
        self.home
    }
}

#[cfg(test)]
mod tests {
    use super::super::made_up::{code, named};
    use super::*;

    fn trained() -> FocusModel {
        let texts: Vec<(Candidates, Vec<Code>)> = (0..40)
            .map(|i| match i % 4 {
                0 => (named(&[("FR", 4), ("DE", 1)]), vec![code("FR")]),
                1 => (named(&[("BR", 1), ("PE", 3)]), vec![code("PE")]),
                2 => (named(&[("JP", 1)]), vec![code("JP")]),
                _ => (named(&[("CN", 2), ("JP", 1), ("US", 1)]), vec![code("CN")]),
            })
            .collect();
        FocusModel::fit(texts.iter().map(|(candidates, gold)| (candidates, gold.as_slice())), None, 1.0)
    }

    #[test]
    fn what_is_learnt_of_some_countries_holds_for_others() {
        let model = trained();
        let all = named(&[("KE", 1), ("TZ", 4)]);
        let log_odds = |country| model.log_odds(&all, all.get(code(country)).unwrap());
        assert!(log_odds("TZ") > 1.0 && log_odds("KE") < 0.0, "{} {}", log_odds("TZ"), log_odds("KE"));
        let parts = model.contributions(&all, all.get(code("TZ")).unwrap());
        assert!((parts.iter().map(|part| part.1).sum::<f64>() - log_odds("TZ")).abs() < 1e-12);
    }

    #[test]
    fn parts_come_back_and_broken_ones_do_not() {
        let model = trained();
        let parts = model.weights().to_vec();
        assert_eq!(FocusModel::from_parts(parts.clone(), None), Ok(model));
        assert!(FocusModel::from_parts(parts[1..].to_vec(), None).is_err());
        for bad in [f64::NAN, f64::INFINITY, 1e7] {
            let mut parts = parts.clone();
            parts[3] = bad;
            assert!(FocusModel::from_parts(parts, None).is_err(), "{bad}");
        }
    }
}
