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
use super::part::Part;

const ALPHA: f64 = 0.3;

/// Weights, row-major `(n_features, n_labels)`, of the first features of the design, and a prior per label.
#[derive(Clone, Debug)]
pub(super) struct Companion {
    pub prior: Vec<f32>,
    pub weights: Vec<f32>,
}

/// Sums of the counts of a design's features, block by block.
pub(super) struct Totals {
    /// T_k, row-major.
    label_tokens: Vec<f64>,
    /// T.
    tokens: Vec<f64>,
    /// V.
    width: Vec<f64>,
}

impl Totals {
    pub fn new(design: &Design, part: &Part<'_>) -> Self {
        let (k, n_blocks) = (part.problem.n_labels, part.rows.blocks.len());
        let mut totals =
            Totals { label_tokens: vec![0.0; n_blocks * k], tokens: vec![0.0; n_blocks], width: vec![0.0; n_blocks] };
        (0..design.len()).for_each(|row| totals.width[design.block_of(row)] += 1.0);
        let mut of_blocks = vec![0f64; n_blocks];
        for (index, row) in part.iter().enumerate() {
            for (candidate, count) in row {
                let Some(row) = design.row_of(candidate) else { continue };
                of_blocks[design.block_of(row as usize)] += f64::from(count);
            }
            for (block, sum) in of_blocks.iter_mut().enumerate() {
                let sum = std::mem::take(sum);
                totals.tokens[block] += sum;
                part.labels_of(index).iter().for_each(|&l| totals.label_tokens[block * k + l as usize] += sum);
            }
        }
        totals
    }
}

/// N_fk of a feature; the labels that are not 0 are few.
struct Counts {
    of_label: Vec<f64>,
    labels: Vec<u32>,
    /// N_f.
    all: f64,
}

impl Counts {
    fn new(n_labels: usize) -> Self {
        Counts { of_label: vec![0.0; n_labels], labels: Vec::new(), all: 0.0 }
    }

    fn count(&mut self, part: &Part<'_>, candidate: u32) {
        self.labels.drain(..).for_each(|label| self.of_label[label as usize] = 0.0);
        self.all = 0.0;
        for (position, count) in part.rows.holder_counts(candidate).filter(|&(position, _)| part.has(position)) {
            let count = f64::from(count);
            self.all += count;
            for &label in part.problem.labels_of(position as usize) {
                if self.of_label[label as usize] == 0.0 {
                    self.labels.push(label);
                }
                self.of_label[label as usize] += count;
            }
        }
    }
}

impl Companion {
    /// Jelinek-Mercer naive Bayes over words.
    pub fn words(design: &Design, part: &Part<'_>, totals: &Totals) -> Self {
        let blocks = &part.rows.blocks;
        let is_words = |kind| matches!(kind, BlockKind::Ngrams(1) | BlockKind::Any);
        let end = blocks.iter().find(|b| is_words(b.kind)).map_or(0, |b| b.columns.end);
        let n = design.columns().partition_point(|&candidate| candidate < end);
        let k = part.problem.n_labels;
        let mut rows = vec![0f64; k];
        (0..part.len()).flat_map(|index| part.labels_of(index)).for_each(|&label| rows[label as usize] += 1.0);
        let labelled: f64 = rows.iter().sum();
        let mut prior: Vec<f64> = rows.iter().map(|r| libm::log((r + 1.0) / (labelled + k as f64))).collect();
        centre(&mut prior);
        // Words are one block.
        let tokens = if n > 0 { totals.tokens[design.block_of(0)] } else { 0.0 };
        let weights = feature_rows(design, part, n, true, |row, counts, values| {
            let of_labels = &totals.label_tokens[design.block_of(row) * k..][..k];
            let background = (counts.all + 1.0) / (tokens + n as f64);
            let theta = |own: f64| libm::log(0.5 * own + 0.5 * background);
            let (unseen, unknown) = (theta(0.0), theta(background));
            values.iter_mut().zip(of_labels).for_each(|(value, &of_label)| {
                *value = if of_label > 0.0 { unseen } else { unknown };
            });
            for &label in &counts.labels {
                values[label as usize] = theta(counts.of_label[label as usize] / of_labels[label as usize]);
            }
        });
        Companion { prior: to_f32(&prior), weights }
    }

    /// Complement naive Bayes over all features.
    pub fn complement(design: &Design, part: &Part<'_>, totals: &Totals) -> Self {
        let (k, n) = (part.problem.n_labels, design.len());
        let multi_label = part.problem.multi_label;
        let ln_alpha: Vec<f64> = (0..LN_ALPHA).map(|n| libm::log(n as f64 + ALPHA)).collect();
        let ln = |n: f64| ln_alpha.get(n as usize).copied().unwrap_or_else(|| libm::log(n + ALPHA));
        // Per block and label.
        let rest_tokens = |(i, own): (usize, &f64)| {
            let block = i / k;
            libm::log(totals.tokens[block] - own + ALPHA * totals.width[block])
        };
        let rest_tokens: Vec<f64> = totals.label_tokens.iter().enumerate().map(rest_tokens).collect();
        let all_tokens = totals.tokens.iter().zip(&totals.width).map(|(tokens, width)| tokens + ALPHA * width);
        let all_tokens: Vec<f64> = all_tokens.map(libm::log).collect();
        let weights = feature_rows(design, part, n, !multi_label, |row, counts, values| {
            let block = design.block_of(row);
            let all = ln(counts.all);
            let weight = f64::from(design.block_weight(row));
            let of_labels = &rest_tokens[block * k..][..k];
            let value = |label: usize, ln_rest: f64| {
                let mut ratio = of_labels[label] - ln_rest;
                if multi_label {
                    ratio += all - all_tokens[block];
                }
                weight * ratio
            };
            values.iter_mut().enumerate().for_each(|(label, v)| *v = value(label, all));
            for &label in &counts.labels {
                values[label as usize] = value(label as usize, ln(counts.all - counts.of_label[label as usize]));
            }
        });
        Companion { prior: vec![0.0; k], weights }
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

    /// Scores a row of (feature of the design, count), whose weighted length is known.
    pub fn score(&self, row: &[(u32, u32)], length: f32, scores: &mut [f32]) {
        scores.copy_from_slice(&self.prior);
        let k = scores.len();
        for &(feature, count) in row {
            let Some(w) = self.weights.get(feature as usize * k..).and_then(|rest| rest.get(..k)) else { break };
            scores.iter_mut().zip(w).for_each(|(j, w)| *j += count as f32 * w);
        }
        let length = length.max(1.0).sqrt();
        scores.iter_mut().for_each(|j| *j /= length);
    }
}

/// How many counts have their logarithms in a table.
const LN_ALPHA: usize = 4096;

/// The values of the first `n` features and all labels, those of a feature less their mean where `centred`.
fn feature_rows(
    design: &Design,
    part: &Part<'_>,
    n: usize,
    centred: bool,
    values_of: impl Fn(usize, &Counts, &mut [f64]),
) -> Vec<f32> {
    let k = part.problem.n_labels;
    let mut weights = Vec::with_capacity(n * k);
    let (mut counts, mut values) = (Counts::new(k), vec![0f64; k]);
    for (row, &candidate) in design.columns()[..n].iter().enumerate() {
        counts.count(part, candidate);
        values_of(row, &counts, &mut values);
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
