//! The naive Bayes beside the linear model: what a text's features say when they are simply counted.
//!
//! There are two, each divided by √max(1, Σ_f w tf_f), where tf are raw counts and w the weights of the blocks:
//!
//! - *words*, Jelinek-Mercer: `J_k = ln((n_k + 1)/(n + K)) + Σ_f tf_f ln θ_fk` over words, with
//!   `θ_fk = ½ N_fk/T_k + ½ (N_f + 1)/(T + V)`. Strong with many rows and many labels.
//! - *complement* over all features, block by block, α = .3: `J_k = −Σ_f w tf_f ln[(N_f − N_fk + α)/(T − T_k + αV)]`.
//!   Strong with few rows.
//!
//! Both are centred over the labels, which changes no difference between them. Each gets a weight by out-of-fold
//! likelihood, and as both are linear in the counts the two together are one matrix again.
//!
//! A multi-label model has complement alone, in the form that says how much better the text fits all rows than those
//! without the label: `J_k = Σ_f w tf_f {ln[(N_f + α)/(T + αV)] − ln[(N_f − N_fk + α)/(T − T_k + αV)]}`.
//!
//! Only features that the linear model keeps are looked at.

use crate::features::BlockKind;

use super::design::Design;
use super::prior::zipped;
use super::problem::Problem;

const ALPHA: f64 = 0.3;

/// Weights, row-major `(n_features, n_labels)`, of the first features of the design, and a prior per label.
#[derive(Clone, Debug)]
pub struct Companion {
    pub prior: Vec<f32>,
    pub weights: Vec<f32>,
}

/// Counts of the first `n` features of a design.
struct Counts {
    /// N_fk, row-major.
    of_label: Vec<f32>,
    /// N_f.
    of_feature: Vec<f64>,
    /// T_k per block, row-major.
    label_tokens: Vec<f64>,
    /// T per block.
    tokens: Vec<f64>,
    /// V per block.
    width: Vec<f64>,
}

impl Counts {
    fn new(design: &Design, problem: &Problem<'_>, n: usize) -> Self {
        let (k, n_blocks) = (problem.n_labels, problem.bag.blocks().len());
        let mut counts = Counts {
            of_label: vec![0f32; n * k],
            of_feature: vec![0f64; n],
            label_tokens: vec![0f64; n_blocks * k],
            tokens: vec![0f64; n_blocks],
            width: vec![0f64; n_blocks],
        };
        (0..n).for_each(|row| counts.width[design.block_of(row)] += 1.0);
        for d in 0..problem.len() {
            for (column, count) in zipped(problem.row(d)) {
                let Some(row) = design.row_of(column).map(|row| row as usize).filter(|&row| row < n) else { continue };
                let block = design.block_of(row);
                counts.of_feature[row] += f64::from(count);
                counts.tokens[block] += f64::from(count);
                for &label in problem.labels_of(d) {
                    counts.of_label[row * k + label as usize] += count as f32;
                    counts.label_tokens[block * k + label as usize] += f64::from(count);
                }
            }
        }
        counts
    }
}

impl Companion {
    /// Jelinek-Mercer naive Bayes over words.
    pub fn words(design: &Design, problem: &Problem<'_>) -> Self {
        let blocks = problem.bag.blocks();
        let is_words = |kind| matches!(kind, BlockKind::Ngrams(1) | BlockKind::Any);
        let end = blocks.iter().find(|b| is_words(b.kind)).map_or(0, |b| b.columns.end);
        let n = design.columns().partition_point(|&column| column < end);
        let counts = Counts::new(design, problem, n);
        let k = problem.n_labels;
        let mut rows = vec![0f64; k];
        for d in 0..problem.len() {
            problem.labels_of(d).iter().for_each(|&label| rows[label as usize] += 1.0);
        }
        let labelled: f64 = rows.iter().sum();
        let mut prior: Vec<f64> = rows.iter().map(|r| libm::log((r + 1.0) / (labelled + k as f64))).collect();
        centre(&mut prior);
        let tokens: f64 = counts.tokens.iter().sum();
        let of_word = |row: usize, label: usize| {
            let block = design.block_of(row);
            let background = (counts.of_feature[row] + 1.0) / (tokens + n as f64);
            let of_label = counts.label_tokens[block * k + label];
            let own = if of_label > 0.0 { f64::from(counts.of_label[row * k + label]) / of_label } else { background };
            libm::log(0.5 * own + 0.5 * background)
        };
        Companion { prior: to_f32(&prior), weights: feature_rows(n, k, true, of_word) }
    }

    /// Complement naive Bayes over all features.
    pub fn complement(design: &Design, problem: &Problem<'_>) -> Self {
        let (k, n) = (problem.n_labels, design.len());
        let counts = Counts::new(design, problem, n);
        let of_feature = |row: usize, label: usize| {
            let block = design.block_of(row);
            let rest = counts.of_feature[row] - f64::from(counts.of_label[row * k + label]);
            let rest_tokens = counts.tokens[block] - counts.label_tokens[block * k + label];
            let mut ratio = libm::log(rest_tokens + ALPHA * counts.width[block]) - libm::log(rest + ALPHA);
            if problem.multi_label {
                let all_tokens = counts.tokens[block] + ALPHA * counts.width[block];
                ratio += libm::log(counts.of_feature[row] + ALPHA) - libm::log(all_tokens);
            }
            f64::from(design.block_weight(row)) * ratio
        };
        Companion { prior: vec![0.0; k], weights: feature_rows(n, k, !problem.multi_label, of_feature) }
    }

    /// Both together: the second with weight `share`, the first with what is left of 1.
    pub fn mixed(first: &Companion, second: &Companion, share: f64) -> Self {
        let mix = |first: &[f32], second: &[f32]| {
            let n = if share == 0.0 { first.len() } else { first.len().max(second.len()) };
            let at = |values: &[f32], i: usize| values.get(i).map_or(0.0, |&v| f64::from(v));
            (0..n).map(|i| ((1.0 - share) * at(first, i) + share * at(second, i)) as f32).collect()
        };
        Companion { prior: mix(&first.prior, &second.prior), weights: mix(&first.weights, &second.weights) }
    }

    /// Scores a row of (column, count).
    pub fn score(&self, design: &Design, row: impl Iterator<Item = (u32, u32)>, scores: &mut [f32]) {
        scores.copy_from_slice(&self.prior);
        let k = scores.len();
        let n = self.weights.len() / k;
        let mut length = 0f32;
        for (column, count) in row {
            let Some(feature) = design.row_of(column).map(|f| f as usize) else { continue };
            length += count as f32 * design.block_weight(feature);
            if feature < n {
                let w = &self.weights[feature * k..][..k];
                scores.iter_mut().zip(w).for_each(|(j, w)| *j += count as f32 * w);
            }
        }
        let length = length.max(1.0).sqrt();
        scores.iter_mut().for_each(|j| *j /= length);
    }
}

/// The values of all features and labels, those of a feature less their mean where `centred`.
fn feature_rows(n: usize, k: usize, centred: bool, value: impl Fn(usize, usize) -> f64) -> Vec<f32> {
    let mut weights = Vec::with_capacity(n * k);
    let mut values = vec![0f64; k];
    for row in 0..n {
        values.iter_mut().enumerate().for_each(|(label, v)| *v = value(row, label));
        if centred {
            centre(&mut values);
        }
        weights.extend(values.iter().map(|&v| v as f32));
    }
    weights
}

fn centre(values: &mut [f64]) {
    let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
    values.iter_mut().for_each(|v| *v -= mean);
}

fn to_f32(values: &[f64]) -> Vec<f32> {
    values.iter().map(|&v| v as f32).collect()
}
