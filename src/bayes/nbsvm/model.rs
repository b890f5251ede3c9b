//! A fitted NB-SVM: what a text scores, and what follows from it.

use crate::features::Blocks;

use super::super::BayesError;
use super::super::posterior::{arg_max, normalize, sigmoid};
use super::design::{Entry, Ln1p, RowSums};
use super::{Calibration, Design, Quantized};

/// A linear model with a naive Bayes prior.
#[derive(Clone, Debug)]
pub struct NbSvm {
    parts: NbSvmParts,
}

/// A fitted model as plain arrays: the form in which it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct NbSvmParts {
    /// Whether each label is decided by itself.
    pub multi_label: bool,
    /// The features that take part.
    pub design: Design,
    /// Per label, the bias.
    pub bias: Vec<f32>,
    /// Weights, `(n_features, n_labels)`.
    pub weights: Quantized,
    /// Per label, the companion's prior; empty without a companion.
    pub companion_prior: Vec<f32>,
    /// The companion's weights, `(n, n_labels)`, for the first n features; empty without a companion.
    pub companion: Quantized,
    /// From margins to probabilities.
    pub calibration: Calibration,
    /// Per label, the margin from which it is a tag; empty in a single-label model.
    pub cuts: Vec<f32>,
    /// Whether the best label is a tag in any case.
    pub at_least_one: bool,
    /// The probability of the best label, at every percent of rows in ascending order (101 numbers, out of fold);
    /// empty where nothing was measured.
    pub confidence: Vec<f32>,
}

/// No number of a model is larger; sums of four billion of them still fit into 32 bits.
const LARGEST: f32 = 1e9;
/// Fitted ones are e⁻² or more.
const LEAST_SLOPE: f64 = 1e-3;
/// Trained ones are 1 or more.
const LEAST_IDF: f32 = 1e-6;

/// What a text scores.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LinearScores {
    /// Per label, bias plus contributions.
    pub margins: Vec<f32>,
    /// Per label, the companion's score; empty without one.
    pub companion: Vec<f32>,
    /// How many known features the text has.
    pub known: usize,
}

impl NbSvm {
    /// Checks the parts and puts them together.
    ///
    /// # Errors
    /// [`BayesError::Inconsistent`] where sizes do not fit, or where a number is not finite or so large that a score
    /// might not be.
    pub fn from_parts(parts: NbSvmParts) -> Result<Self, BayesError> {
        let error = |what| Err(BayesError::Inconsistent(what));
        let k = parts.bias.len();
        let n = parts.design.len();
        let n_companion = parts.companion.scales.len();
        if k == 0 || parts.weights.scales.len() != n || parts.weights.values.len() != n * k {
            return error("weights and features differ in number");
        }
        let n_prior = if n_companion > 0 { k } else { 0 };
        if n_companion > n || parts.companion.values.len() != n_companion * k || parts.companion_prior.len() != n_prior
        {
            return error("the companion does not fit the features");
        }
        if parts.multi_label != (parts.cuts.len() == k) || !(parts.multi_label || parts.cuts.is_empty()) {
            return error("cuts and labels differ in number");
        }
        if ![0, 101].contains(&parts.confidence.len()) {
            return error("the confidence table has another length");
        }
        let finite = |values: &[f32]| values.iter().all(|v| v.abs() <= LARGEST);
        let all = [
            &parts.bias,
            &parts.companion_prior,
            &parts.weights.scales,
            &parts.companion.scales,
            &parts.cuts,
            &parts.confidence,
        ];
        let Calibration { a, b, lambda } = parts.calibration;
        if !all.into_iter().all(|v| finite(v))
            || !finite(parts.design.idf())
            || ![a, b, lambda].iter().all(|v| v.abs() <= f64::from(LARGEST))
        {
            return error("a number is too large or none");
        }
        // The companion is weighed by λ/a.
        if a < LEAST_SLOPE {
            return error("the slope of the margins is not above zero");
        }
        // A row is divided by its length.
        if !parts.design.idf().iter().all(|&idf| idf >= LEAST_IDF) {
            return error("an inverse document frequency is not above zero");
        }
        Ok(NbSvm { parts })
    }

    /// The same model over other column numbers; see [`Design`].
    pub(crate) fn renumbered(mut self, columns: &[u32], blocks: &Blocks) -> Self {
        self.parts.design = self.parts.design.renumbered(columns, blocks);
        self
    }

    /// The features with the largest weights for a label, as (column, weight), the largest first.
    ///
    /// # Panics
    /// When there is no such label.
    pub fn largest_weights(&self, label: usize, top: usize) -> Vec<(u32, f32)> {
        let (columns, k) = (self.parts.design.columns(), self.n_labels());
        let weight = |row: usize| self.parts.weights.weight(row, label, k);
        let mut all: Vec<(u32, f32)> =
            columns.iter().enumerate().map(|(row, &c)| (c, weight(row))).filter(|w| w.1 > 0.0).collect();
        all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        all.truncate(top);
        all
    }

    /// The parts to store.
    pub fn parts(&self) -> &NbSvmParts {
        &self.parts
    }

    /// How many labels there are.
    pub fn n_labels(&self) -> usize {
        self.parts.bias.len()
    }

    /// Whether each label is decided by itself.
    pub fn is_multi_label(&self) -> bool {
        self.parts.multi_label
    }

    /// Scores a row of (column, count), columns ascending.
    ///
    /// Margins are sums over the weighted row ([`Design::weigh`]), the companion's scores over the counts, both in the order
    /// of the columns. One pass finds the features and weighs them, up to the factor of their block; a second adds up their rows of
    /// both matrices.
    pub fn score(&self, row: impl Iterator<Item = (u32, u32)>) -> LinearScores {
        let design = &self.parts.design;
        let mut features: Vec<(u32, f32, u32)> = Vec::with_capacity(row.size_hint().0);
        let (ln_1p, mut sums) = (Ln1p::new(), RowSums::default());
        let mut length = 0f32;
        for (column, count) in row {
            let Some(feature) = design.row_of(column) else { continue };
            let z = ln_1p.of(count) * design.idf()[feature as usize];
            sums.add(design.block_of(feature as usize), z);
            length += count as f32 * design.block_weight(feature as usize);
            features.push((feature, z, count));
        }
        let scales = sums.scales(design);
        let mut steps = Vec::with_capacity(features.len());
        let mut margins = self.parts.bias.clone();
        let weighed = features.iter().map(|&(feature, z, _)| {
            let feature = feature as usize;
            (feature, (f64::from(z) * scales[design.block_of(feature)]) as f32)
        });
        self.parts.weights.add_rows(weighed, &mut steps, &mut margins);
        let mut companion = Vec::new();
        let n_companion = self.parts.companion.scales.len();
        if n_companion > 0 {
            companion.clone_from(&self.parts.companion_prior);
            // The first features have one, and features ascend.
            let counted = features.iter().map(|&(feature, _, count)| (feature as usize, count as f32));
            let counted = counted.take_while(|&(feature, _)| feature < n_companion);
            self.parts.companion.add_rows(counted, &mut steps, &mut companion);
            let length = length.max(1.0).sqrt();
            companion.iter_mut().for_each(|j| *j /= length);
        }
        LinearScores { margins, companion, known: features.len() }
    }

    /// What scores say on the scale of probabilities, per label: the log probability up to a common summand in a
    /// single-label model; in a multi-label one a (m_k − t_k) + λ J_k, above zero where the label is a tag.
    pub fn evidence(&self, scores: &LinearScores) -> Vec<f64> {
        let calibration = self.parts.calibration;
        let j = |k: usize| scores.companion.get(k).map_or(0.0, |&j| f64::from(j));
        let margins = scores.margins.iter().map(|&m| f64::from(m)).enumerate();
        if !self.parts.multi_label {
            return margins.map(|(k, m)| calibration.log_score(m, j(k))).collect();
        }
        let cut = |k: usize| f64::from(self.parts.cuts[k]);
        margins.map(|(k, m)| calibration.a * (m - cut(k)) + calibration.lambda * j(k)).collect()
    }

    /// What the companion's score counts beside a margin, λ/a.
    pub(super) fn companion_ratio(&self) -> f32 {
        (self.parts.calibration.lambda / self.parts.calibration.a) as f32
    }

    /// Margin and companion as one number per label, m_k + (λ/a) J_k: higher is more likely, without a cut.
    pub fn joined_scores(&self, scores: &LinearScores) -> Vec<f32> {
        let j = |k: usize| scores.companion.get(k).copied().unwrap_or(0.0);
        let ratio = self.companion_ratio();
        scores.margins.iter().enumerate().map(|(k, m)| m + ratio * j(k)).collect()
    }

    /// Probabilities from [`evidence`](Self::evidence), per label: they sum to one in a single-label model, and stand
    /// each for itself in a multi-label one.
    pub fn probabilities(&self, evidence: &[f64]) -> Vec<f64> {
        if self.parts.multi_label {
            // Where a tag begins is chosen for F1; how probable the label is does not depend on that.
            let Calibration { a, b, .. } = self.parts.calibration;
            return evidence.iter().zip(&self.parts.cuts).map(|(e, &t)| sigmoid(e + a * f64::from(t) + b)).collect();
        }
        let mut values = evidence.to_vec();
        normalize(&mut values);
        values
    }

    /// The labels that follow from [`evidence`](Self::evidence), ascending.
    pub fn decide(&self, evidence: &[f64]) -> Vec<usize> {
        if !self.parts.multi_label {
            return arg_max(evidence).into_iter().collect();
        }
        let labels: Vec<usize> = (0..evidence.len()).filter(|&k| evidence[k] > 0.0).collect();
        if labels.is_empty() && self.parts.at_least_one {
            return arg_max(evidence).into_iter().collect();
        }
        labels
    }

    /// What each known feature of a row adds to the margin of a label: `margin = bias + Σ contributions`.
    ///
    /// # Panics
    /// When there is no such label.
    pub fn contributions(&self, row: impl IntoIterator<Item = (u32, u32)>, label: usize) -> Vec<(u32, f32)> {
        let mut entries: Vec<Entry> = Vec::new();
        self.parts.design.weigh(row, &mut entries);
        let k = self.n_labels();
        let of = |&(feature, x): &Entry| {
            let column = self.parts.design.columns()[feature as usize];
            (column, x * self.parts.weights.weight(feature as usize, label, k))
        };
        entries.iter().map(of).collect()
    }

    /// What the companion adds, λ J_k, to the log of a label's probability or, in a multi-label model, to its log odds;
    /// `None` without a companion. See [`Calibration`].
    ///
    /// # Panics
    /// When there is no such label.
    pub fn companion_part(&self, scores: &LinearScores, label: usize) -> Option<f64> {
        (!scores.companion.is_empty()).then(|| self.parts.calibration.lambda * f64::from(scores.companion[label]))
    }

    /// The least probability of the best label with which this share of training-like texts is answered; `None` where
    /// nothing was measured.
    pub fn threshold_for_coverage(&self, coverage: f64) -> Option<f64> {
        let percent = ((1.0 - coverage) * 100.0).round().clamp(0.0, 100.0);
        self.parts.confidence.get(percent as usize).map(|&p| f64::from(p))
    }
}
