//! The naive Bayes beside the linear model: what a text's words say when they are simply counted.
//!
//! `θ_fk = ½ N_fk/T_k + ½ (N_f + 1)/(T + V)` over raw counts of words, and
//! `J_k = [ln((n_k + 1)/(n + K)) + Σ_f tf_f ln θ_fk] / √max(1, Σ_f tf_f)`, centred over the labels. Only words that the
//! linear model keeps are looked at, and `ln θ` is centred per word, which changes no difference between labels.

use crate::features::BlockKind;

use super::design::Design;
use super::problem::Problem;

/// Centred log probabilities, row-major `(n_words, n_labels)`, for the first `n_words` features of the design.
#[derive(Clone, Debug)]
pub struct Companion {
    pub prior: Vec<f32>,
    pub weights: Vec<f32>,
    /// How many of the design's features are words: its first rows.
    pub n_words: usize,
}

/// Where words end and other features begin.
pub fn n_words(design: &Design, problem: &Problem<'_>) -> usize {
    let blocks = problem.bag.blocks();
    let end =
        blocks.iter().find(|b| matches!(b.kind, BlockKind::Ngrams(1) | BlockKind::Any)).map_or(0, |b| b.columns.end);
    design.columns().partition_point(|&column| column < end)
}

impl Companion {
    /// Counts the words of a problem.
    pub fn new(design: &Design, problem: &Problem<'_>) -> Self {
        let (k, n_words) = (problem.n_labels, n_words(design, problem));
        let mut counts = vec![0f64; n_words * k];
        let mut of_word = vec![0f64; n_words];
        let mut of_label = vec![0f64; k];
        let mut rows = vec![0f64; k];
        for d in 0..problem.len() {
            for &label in problem.labels_of(d) {
                rows[label as usize] += 1.0;
            }
            for (column, count) in super::prior::zipped(problem.row(d)) {
                let Some(word) = design.row_of(column).map(|w| w as usize).filter(|&w| w < n_words) else { continue };
                of_word[word] += f64::from(count);
                for &label in problem.labels_of(d) {
                    counts[word * k + label as usize] += f64::from(count);
                    of_label[label as usize] += f64::from(count);
                }
            }
        }
        let (tokens, n): (f64, f64) = (of_word.iter().sum(), rows.iter().sum());
        let mut weights = vec![0f32; n_words * k];
        let mut logs = vec![0f64; k];
        for word in 0..n_words {
            let background = (of_word[word] + 1.0) / (tokens + n_words as f64);
            for label in 0..k {
                let own = if of_label[label] > 0.0 { counts[word * k + label] / of_label[label] } else { background };
                logs[label] = libm::log(0.5 * own + 0.5 * background);
            }
            let mean = logs.iter().sum::<f64>() / k as f64;
            for label in 0..k {
                weights[word * k + label] = (logs[label] - mean) as f32;
            }
        }
        let prior: Vec<f64> = rows.iter().map(|r| libm::log((r + 1.0) / (n + k as f64))).collect();
        let mean = prior.iter().sum::<f64>() / k as f64;
        Companion { prior: prior.iter().map(|p| (p - mean) as f32).collect(), weights, n_words }
    }
}
