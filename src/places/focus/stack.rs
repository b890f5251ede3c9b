//! The region model: focus, words and prior put together.

use super::super::Code;
use super::inputs::{Case, HOME_ALONE, N_INPUTS};
use super::parts::{RegionLabel, RegionParts, mean_and_sd};
use super::{Candidates, Focus, FocusModel, RegionError};
use crate::bayes::posterior::sigmoid;

/// Says which countries a text is about: for each that it mentions, and each that its words point to,
///
/// ```text
/// p = σ(v · inputs)      a tag where p ≥ threshold
/// ```
///
/// Immutable, so one serves all threads. It is made by [`RegionParams::fit`](super::RegionParams::fit).
#[derive(Clone, Debug, PartialEq)]
pub struct RegionStack {
    parts: RegionParts,
    focus: FocusModel,
}

/// What the model makes of one country.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CountryScore {
    /// The country.
    pub code: Code,
    /// How likely the text is about it; each country stands for itself.
    pub probability: f64,
    /// Whether the text mentions it beyond doubt.
    pub clearly_mentioned: bool,
    /// Whether it is a tag.
    pub decided: bool,
}

/// With [`Focus::All`] a country that is clearly mentioned is a tag from this probability on.
const LOW_CUT: f64 = 0.05;

impl RegionStack {
    /// Checks the parts and puts them together.
    ///
    /// # Errors
    /// [`RegionError`] for labels that are not sorted, for sizes that do not fit, for a number that is not finite or too
    /// large.
    pub fn from_parts(parts: RegionParts) -> Result<Self, RegionError> {
        parts.check()?;
        let focus = FocusModel::from_parts(parts.focus_weights.clone(), parts.home)?;
        Ok(RegionStack { parts, focus })
    }

    /// The same weights over another words model, whose labels and scores out of fold these are (rows of a score a label,
    /// maybe none), after `texts` texts. The weights are shared by all countries, so they serve for any. Where they were
    /// learnt without a home country, `home` is a tag of texts in which nothing speaks for any country.
    ///
    /// # Errors
    /// As [`from_parts`](Self::from_parts).
    pub fn over(
        &self,
        labels: Vec<RegionLabel>,
        texts: u32,
        scores: &[f32],
        home: Option<Code>,
    ) -> Result<Self, RegionError> {
        let (mean, sd) = mean_and_sd(|| scores.chunks(labels.len().max(1)));
        let borrowed = self.parts.clone();
        let mut parts = RegionParts { labels, texts, home, mean, sd, at_least_one: false, ..borrowed };
        let nothing = Candidates::default();
        let indifferent = vec![mean as f32; parts.labels.len()];
        let cases = parts.cases(&nothing, &[], &indifferent);
        if let Some(at_home) = cases.iter().find(|case| Some(case.code) == home).filter(|_| self.parts.home.is_none()) {
            let cut = libm::log(parts.threshold / (1.0 - parts.threshold)).clamp(-20.0, 20.0);
            let without = log_odds(&parts.stack_weights, &at_home.inputs());
            parts.stack_weights[HOME_ALONE] += cut - without + 0.1;
        }
        Self::from_parts(parts)
    }

    /// The parts to store.
    pub fn parts(&self) -> &RegionParts {
        &self.parts
    }

    /// The focus model in it.
    pub fn focus(&self) -> &FocusModel {
        &self.focus
    }

    /// All countries that come into question, the likeliest first, and which of them are tags.
    ///
    /// `words` are the scores of the words model, one for each label in the order of the parts, or none at all: without
    /// them (and with another number of them) every country is treated as unknown to the words model.
    pub fn tag(&self, candidates: &Candidates, words: &[f32], focus: Focus) -> Vec<CountryScore> {
        let score = |case: &Case<'_>| CountryScore {
            code: case.code,
            probability: sigmoid(log_odds(&self.parts.stack_weights, &case.inputs())),
            clearly_mentioned: case.mentioned.is_some_and(|(one, _)| one.strong > 0),
            decided: false,
        };
        let mut scores: Vec<CountryScore> = self.cases(candidates, words).iter().map(score).collect();
        scores.sort_by(|a, b| b.probability.total_cmp(&a.probability).then(a.code.cmp(&b.code)));
        let threshold = self.parts.threshold;
        for (rank, score) in scores.iter_mut().enumerate() {
            let likely = score.probability >= threshold || (rank == 0 && self.parts.at_least_one);
            score.decided = match focus {
                Focus::All => likely || (score.clearly_mentioned && score.probability >= LOW_CUT),
                Focus::Major => likely,
                Focus::Primary => likely && rank == 0,
            };
        }
        scores
    }

    pub(super) fn cases<'a>(&self, candidates: &'a Candidates, words: &[f32]) -> Vec<Case<'a>> {
        let words = if words.len() == self.parts.labels.len() { words } else { &[] };
        let focus: Vec<f64> = candidates.iter().map(|one| self.focus.log_odds(candidates, one)).collect();
        self.parts.cases(candidates, &focus, words)
    }
}

/// The log odds of a case from the weights of the stack.
pub(super) fn log_odds(weights: &[f64], inputs: &[f64; N_INPUTS]) -> f64 {
    weights.iter().zip(inputs).map(|(weight, input)| weight * input).sum()
}
