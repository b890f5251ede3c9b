//! What a naive Bayes estimator can be told.

use linfa::ParamGuard;
use serde::{Deserialize, Serialize};

use super::BayesError;

/// Which naive Bayes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Estimator {
    /// The words of a label are drawn from the label's own distribution (McCallum and Nigam 1998).
    Multinomial,
    /// A label is judged by how badly the words fit all other labels, which is kinder to small labels
    /// (Rennie et al. 2003, "Tackling the poor assumptions of naive Bayes text classifiers").
    Complement,
}

/// How words that a label never had get a probability.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Smoothing {
    /// `θ_fk = (N_fk + α) / (T_k + α V)`: α imagined occurrences of every feature (scikit-learn's `alpha`).
    Lidstone(f64),
    /// `θ_fk = (1 − λ) N_fk / T_k + λ (N_f + 1) / (T + V)`: a share λ of all labels' distribution
    /// (Zhai and Lafferty 2004).
    JelinekMercer(f64),
}

/// How likely each label is before a word is read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Prior {
    /// As often as in training.
    Empirical,
    /// All the same.
    Uniform,
    /// As given, per label in label order; scaled to sum to one in a single-label facet.
    Given(Vec<f64>),
}

/// Parameters of [`NaiveBayes`](super::NaiveBayes), not yet checked.
///
/// | Name | Default | Purpose | Range |
/// |---|---|---|---|
/// | `estimator` | by constructor | multinomial or complement | |
/// | `alpha` / `jelinek_mercer` | Lidstone .3 | smoothing | α in (0, 1000], λ in [10⁻⁶, 1) |
/// | `prior` | empirical; none for complement | label probabilities before any word | |
/// | `min_df` | 1 | leave out features of fewer training rows | ≥ 1 |
/// | `n_labels` | highest label id + 1 | number of labels | |
/// | `multi_label` | by the targets | one decision per label even where no row has two | |
///
/// # Errors
/// [`check`](ParamGuard::check) gives [`BayesError`] for a value out of its range, Jelinek-Mercer smoothing or a
/// prior with the complement estimator.
#[derive(Clone, Debug, PartialEq)]
pub struct NaiveBayesParams(NaiveBayesValidParams);

/// Checked parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct NaiveBayesValidParams {
    pub(crate) estimator: Estimator,
    pub(crate) smoothing: Smoothing,
    pub(crate) prior: Option<Prior>,
    pub(crate) min_df: u32,
    pub(crate) n_labels: usize,
    pub(crate) multi_label: bool,
}

impl NaiveBayesParams {
    /// Parameters with their defaults.
    pub fn new(estimator: Estimator) -> Self {
        NaiveBayesParams(NaiveBayesValidParams {
            estimator,
            smoothing: Smoothing::Lidstone(0.3),
            prior: None,
            min_df: 1,
            n_labels: 0,
            multi_label: false,
        })
    }

    /// Lidstone smoothing with this constant.
    pub fn alpha(self, alpha: f64) -> Self {
        self.smoothing(Smoothing::Lidstone(alpha))
    }

    /// Jelinek-Mercer smoothing with this share of the background.
    pub fn jelinek_mercer(self, lambda: f64) -> Self {
        self.smoothing(Smoothing::JelinekMercer(lambda))
    }

    /// Either smoothing.
    pub fn smoothing(mut self, smoothing: Smoothing) -> Self {
        self.0.smoothing = smoothing;
        self
    }

    /// Label probabilities before any word.
    pub fn prior(mut self, prior: Prior) -> Self {
        self.0.prior = Some(prior);
        self
    }

    /// Features of fewer training rows are left out.
    pub fn min_df(mut self, min_df: u32) -> Self {
        self.0.min_df = min_df;
        self
    }

    /// At least this many labels, for targets in which the last ones do not occur.
    pub fn n_labels(mut self, n_labels: usize) -> Self {
        self.0.n_labels = n_labels;
        self
    }

    /// One decision per label, even where every row has exactly one.
    pub fn multi_label(mut self, multi_label: bool) -> Self {
        self.0.multi_label = multi_label;
        self
    }
}

impl NaiveBayesValidParams {
    /// Which naive Bayes.
    pub fn estimator(&self) -> Estimator {
        self.estimator
    }

    /// How unseen words get a probability.
    pub fn smoothing(&self) -> Smoothing {
        self.smoothing
    }

    /// The prior that was asked for; `None` is the estimator's own.
    pub fn prior(&self) -> Option<&Prior> {
        self.prior.as_ref()
    }

    /// Least number of training rows of a feature.
    pub fn min_df(&self) -> u32 {
        self.min_df
    }
}

/// Smaller shares of the background would vanish in rounding.
const LEAST_SHARE: f64 = 1e-6;

impl ParamGuard for NaiveBayesParams {
    type Checked = NaiveBayesValidParams;
    type Error = BayesError;

    fn check_ref(&self) -> Result<&NaiveBayesValidParams, BayesError> {
        let NaiveBayesValidParams { estimator, smoothing, prior, min_df, .. } = &self.0;
        match *smoothing {
            Smoothing::Lidstone(alpha) if !(alpha > 0.0 && alpha <= 1000.0) => return Err(BayesError::Alpha(alpha)),
            Smoothing::JelinekMercer(share) if !(LEAST_SHARE..1.0).contains(&share) => {
                return Err(BayesError::JelinekMercer(share));
            }
            Smoothing::JelinekMercer(_) if *estimator == Estimator::Complement => {
                return Err(BayesError::ComplementJelinekMercer);
            }
            _ => {}
        }
        if prior.is_some() && *estimator == Estimator::Complement {
            return Err(BayesError::ComplementPrior);
        }
        if let Some(Prior::Given(values)) = prior {
            // A single label may well have all the probability.
            let valid = |p: f64| p > 0.0 && (p < 1.0 || (p == 1.0 && values.len() == 1));
            if let Some((label, &value)) = values.iter().enumerate().find(|(_, p)| !valid(**p)) {
                return Err(BayesError::PriorValue { label, value });
            }
        }
        if *min_df == 0 {
            return Err(BayesError::MinDf);
        }
        Ok(&self.0)
    }

    fn check(self) -> Result<NaiveBayesValidParams, BayesError> {
        self.check_ref()?;
        Ok(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_out_of_range_are_refused() {
        let multinomial = || NaiveBayesParams::new(Estimator::Multinomial);
        let complement = || NaiveBayesParams::new(Estimator::Complement);
        assert!(multinomial().alpha(1.0).prior(Prior::Given(vec![0.2, 0.8])).check().is_ok());
        for (params, expected) in [
            (multinomial().alpha(0.0), "alpha is 0"),
            (multinomial().alpha(f64::NAN), "alpha is NaN"),
            (multinomial().alpha(f64::INFINITY), "alpha is inf"),
            (multinomial().jelinek_mercer(1.0), "weight is 1"),
            (multinomial().min_df(0), "document frequency is 0"),
            (multinomial().prior(Prior::Given(vec![0.5, 0.0])), "label number 1 is 0"),
            (complement().jelinek_mercer(0.5), "not with complement"),
            (complement().prior(Prior::Uniform), "ignores priors"),
        ] {
            let message = params.check().unwrap_err().to_string();
            assert!(message.contains(expected), "{message}");
        }
    }
}
