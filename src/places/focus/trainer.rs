//! Training of the region model.

use super::super::Code;
use super::inputs::{Case, N_INPUTS};
use super::logistic::{Design, fit};
use super::model::LARGEST;
use super::parts::{RegionLabel, RegionParts, check_labels, mean_and_sd};
use super::stack::log_odds;
use super::threshold::{Judged, choose};
use super::{Candidates, FocusModel, RegionError, RegionStack};
use crate::bayes::posterior::sigmoid;

/// A training text.
#[derive(Clone, Copy, Debug)]
pub struct RegionText<'a> {
    /// The countries that it mentions.
    pub candidates: &'a Candidates,
    /// The words model's score of each label, by a model that has not seen the text; none without a words model.
    pub scores: &'a [f32],
    /// The countries that it is about, sorted, each once.
    pub gold: &'a [Code],
    /// Which part of the rows it belongs to, 0 to 19; the parts serve for answers out of fold. Those of the words model
    /// do best.
    pub fold: usize,
}

/// How a region model is trained.
///
/// | Name | Default | Purpose | Range |
/// |---|---|---|---|
/// | `home` | none | the country that the publisher writes from and may leave unsaid | a country |
/// | `penalty` | 1 | λ of both regressions | above 0, to 1,000,000 |
/// | `rare` | 10 | labels of fewer texts are treated as unknown to the words model | |
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RegionParams {
    home: Option<Code>,
    penalty: f64,
    rare: u32,
}

/// What answers out of fold say about the model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RegionReport {
    /// F1 over all labels together.
    pub micro_f1: f64,
    /// Mean F1 of the labels that texts are about.
    pub macro_f1: f64,
}

const MOST_FOLDS: usize = 20;
/// What large collections choose; the threshold that few texts choose is drawn towards it, as by so many more texts.
const USUAL_THRESHOLD: f64 = 0.4;
const FEW_TEXTS: f64 = 200.0;
/// So few weights do not need more texts; of more every second, third, … one is taken.
const MOST_TEXTS: usize = 200_000;

impl Default for RegionParams {
    fn default() -> Self {
        RegionParams { home: None, penalty: 1.0, rare: 10 }
    }
}

impl RegionParams {
    /// The country that the publisher writes from.
    pub fn home(mut self, home: Option<Code>) -> Self {
        self.home = home;
        self
    }

    /// The penalty of large weights.
    pub fn penalty(mut self, penalty: f64) -> Self {
        self.penalty = penalty;
        self
    }

    /// From how many texts on a label is known to the words model.
    pub fn rare(mut self, rare: u32) -> Self {
        self.rare = rare;
        self
    }

    /// Learns from texts. `labels` are sorted: those of the words model, in its order, and more if need be (their scores
    /// stand in the texts all the same). Texts should come in an order that depends on their content only; that order
    /// and the folds decide the last bits.
    ///
    /// With one fold only there is nothing out of fold, and the model trusts what it has seen too much.
    ///
    /// # Errors
    /// [`RegionError::NoRows`] without texts, [`RegionError::Labels`] for labels out of order, [`RegionError::Scores`]
    /// where scores and labels differ in number, [`RegionError::NoNumber`], [`RegionError::Fold`] and
    /// [`RegionError::Penalty`] for numbers out of range.
    pub fn fit(&self, labels: &[Code], texts: &[RegionText<'_>]) -> Result<(RegionStack, RegionReport), RegionError> {
        self.fit_beside(labels, &[], texts)
    }

    /// The same where the words model has also seen texts that nobody labelled: `also_seen` says how many of each label,
    /// by [`gazetteer_labels`](super::gazetteer_labels).
    ///
    /// # Errors
    /// As there.
    pub fn fit_beside(
        &self,
        labels: &[Code],
        also_seen: &[u32],
        texts: &[RegionText<'_>],
    ) -> Result<(RegionStack, RegionReport), RegionError> {
        if !(self.penalty > 0.0 && self.penalty <= LARGEST) {
            return Err(RegionError::Penalty(self.penalty));
        }
        check(labels, texts)?;
        let mut parts = self.background(labels, also_seen, texts);
        let every = texts.len().div_ceil(MOST_TEXTS);
        let texts: Vec<RegionText<'_>> = texts.iter().step_by(every).copied().collect();
        let n_folds = texts.iter().map(|text| text.fold + 1).max().unwrap_or(1);
        let focus_of = |held_out: Option<usize>| {
            let kept = texts.iter().filter(|text| Some(text.fold) != held_out);
            FocusModel::fit(kept.map(|text| (text.candidates, text.gold)), self.home, self.penalty)
        };
        let by_fold: Vec<FocusModel> = (0..n_folds).map(|fold| focus_of((n_folds > 1).then_some(fold))).collect();
        let odds: Vec<Vec<f64>> = texts
            .iter()
            .map(|text| text.candidates.iter().map(|one| by_fold[text.fold].log_odds(text.candidates, one)).collect())
            .collect();
        let cases: Vec<Vec<Case<'_>>> =
            texts.iter().zip(&odds).map(|(text, odds)| parts.cases(text.candidates, odds, text.scores)).collect();
        let stack_of = |held_out: Option<usize>| {
            let mut design = Design::default();
            for (text, cases) in texts.iter().zip(&cases).filter(|(text, _)| Some(text.fold) != held_out) {
                for case in cases {
                    let right = text.gold.binary_search(&case.code).is_ok();
                    for one in [Some(*case), case.dropped()].into_iter().flatten() {
                        design.push((0..).zip(one.inputs()).filter(|&(_, input)| input != 0.0), right);
                    }
                }
            }
            fit(&design, N_INPUTS, self.penalty)
        };
        let weights: Vec<Vec<f64>> = (0..n_folds).map(|fold| stack_of((n_folds > 1).then_some(fold))).collect();
        let judge = |(text, cases): (&RegionText<'_>, &Vec<Case<'_>>)| {
            let probability = |case: &Case<'_>| sigmoid(log_odds(&weights[text.fold], &case.inputs()));
            cases.iter().map(|case| (case.code, probability(case))).collect()
        };
        let judged: Vec<Judged<'_>> =
            texts.iter().zip(&cases).map(|pair| Judged { offers: judge(pair), gold: pair.0.gold }).collect();
        let chosen = choose(&judged, parts.at_least_one);
        let n = texts.len() as f64;
        parts.threshold = (n * chosen.threshold + FEW_TEXTS * USUAL_THRESHOLD) / (n + FEW_TEXTS);
        parts.focus_weights = focus_of(None).weights().to_vec();
        parts.stack_weights = stack_of(None);
        let report = RegionReport { micro_f1: chosen.micro_f1, macro_f1: chosen.macro_f1 };
        Ok((RegionStack::from_parts(parts)?, report))
    }

    /// What is counted, before anything is fitted.
    fn background(&self, labels: &[Code], also_seen: &[u32], texts: &[RegionText<'_>]) -> RegionParts {
        let mut counted: Vec<RegionLabel> =
            labels.iter().map(|&code| RegionLabel { code, texts: 0, seen: 0 }).collect();
        for text in texts {
            for code in text.gold {
                if let Ok(label) = labels.binary_search(code) {
                    counted[label].texts += 1;
                }
            }
        }
        for (i, label) in counted.iter_mut().enumerate() {
            label.seen = label.texts.saturating_add(also_seen.get(i).copied().unwrap_or(0));
        }
        let (mean, sd) = mean_and_sd(|| texts.iter().map(|text| text.scores));
        RegionParts {
            labels: counted,
            texts: u32::try_from(texts.len()).unwrap_or(u32::MAX),
            rare: self.rare,
            home: self.home,
            focus_weights: Vec::new(),
            stack_weights: Vec::new(),
            mean,
            sd,
            threshold: 0.5,
            at_least_one: texts.iter().all(|text| !text.gold.is_empty()),
        }
    }
}

fn check(labels: &[Code], texts: &[RegionText<'_>]) -> Result<(), RegionError> {
    check_labels(labels.iter().copied())?;
    for (text, one) in texts.iter().enumerate() {
        check_labels(one.gold.iter().copied())?;
        let (found, expected) = (one.scores.len(), labels.len());
        if found != 0 && found != expected {
            return Err(RegionError::Scores { text, found, expected });
        }
        if one.scores.iter().any(|score| !score.is_finite()) {
            return Err(RegionError::NoNumber(text));
        }
        if one.fold >= MOST_FOLDS {
            return Err(RegionError::Fold { text, fold: one.fold, most: MOST_FOLDS - 1 });
        }
    }
    if texts.is_empty() { Err(RegionError::NoRows) } else { Ok(()) }
}

#[cfg(test)]
#[path = "trainer_tests.rs"]
mod tests;
