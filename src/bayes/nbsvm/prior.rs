//! Which features take part, and how much freedom the naive Bayes ratio gives their weights.
//!
//! Presence counts: N_fk rows of label k that hold f, T_k their sum over the features of a block, V the number of its
//! features, primes for all rows without the label, α = .3:
//!
//! ```text
//! r_fk = ln[(N_fk + α)/(T_k + α V)] − ln[(N'_fk + α)/(T'_k + α V)]
//! Z    = mean over rows d and labels k of Σ_f x_df² r_fk²
//! s_fk = ½ r_fk²/Z + ½                                  the prior variance of weight w_fk
//! ```
//!
//! A weight may grow where naive Bayes sees evidence and stays small elsewhere (the idea of Wang and Manning 2012,
//! "Baselines and bigrams", there as a factor on the features). Before training only the features with the largest
//! `mean_d x_df² · max_k r_fk²` are kept.
//!
//! Most features are in few rows, and so have nothing to do with most labels. Of those labels, which all have
//! `N_fk = 0`, only the two with the smallest and the largest `ln[(T_k + α V)/(T'_k + α V)]` can have the largest r².

use crate::features::BlockKind;

use super::design::{Design, Matrix};
use super::part::Part;

const ALPHA: f64 = 0.3;
/// From this many rows on, words and prefixes of a single row are left out; pairs always are.
const MANY_ROWS: usize = 3000;
/// Z below this is rounding.
const LEAST_EVIDENCE: f64 = 1e-20;

/// Features that take part, training rows weighted by them, and prior variances, row-major `(n_features, n_labels)`.
pub(super) struct Prepared {
    /// Over the candidates, not the columns of the bag.
    pub design: Design,
    pub matrix: Matrix,
    pub variances: Vec<f32>,
}

/// How many of `n_rows` rows must hold a feature that takes part.
pub(super) fn least_rows(kind: BlockKind, n_rows: usize) -> u32 {
    if kind.is_sequence() || n_rows >= MANY_ROWS { 2 } else { 1 }
}

/// Chooses and weighs the features of some rows.
pub(super) fn prepare(part: &Part<'_>, max_features: usize) -> Prepared {
    let all = all_candidates(part);
    let (squares, presence) = look(part, &all);
    let ratios = Ratios::new(part, &all, &presence);
    let mut scored = ratios.largest(part, &all);
    scored.iter_mut().zip(&squares).for_each(|((score, _), square)| *score *= square);
    drop((all, squares));
    if scored.len() > max_features {
        scored.select_nth_unstable_by(max_features, |a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        scored.truncate(max_features);
    }
    let mut chosen: Vec<u32> = scored.into_iter().map(|(_, candidate)| candidate).collect();
    chosen.sort_unstable();
    let design = design(part, chosen);
    let matrix = Matrix::new(&design, part.iter());
    let variances = ratios.variances(part, &design, &matrix);
    Prepared { design, matrix, variances }
}

/// Everything that is in enough rows.
fn all_candidates(part: &Part<'_>) -> Design {
    let mut frequent = Vec::with_capacity(part.rows.columns.len());
    for block in &part.rows.blocks {
        let least = least_rows(block.kind, part.len()) as usize;
        frequent.extend(block.columns.clone().filter(|&candidate| part.frequency(candidate) >= least));
    }
    design(part, frequent)
}

/// The design over some candidates.
fn design(part: &Part<'_>, candidates: Vec<u32>) -> Design {
    let n = part.len() as f64;
    // By document frequency.
    let idf: Vec<f32> = (0..=part.len()).map(|df| (libm::log((1.0 + n) / (1.0 + df as f64)) + 1.0) as f32).collect();
    let of_candidates = candidates.iter().map(|&candidate| idf[part.frequency(candidate)]).collect();
    Design::new(&part.rows.blocks, candidates, of_candidates)
}

/// Per block and label, how often a row of the label holds a feature of the block.
struct Presence {
    tokens: Vec<f64>,
    label_tokens: Vec<f64>,
}

/// Per feature the sum of its squares over all rows, and presences; no row is kept.
fn look(part: &Part<'_>, all: &Design) -> (Vec<f64>, Presence) {
    let (k, n_blocks) = (part.problem.n_labels, part.rows.blocks.len());
    let mut squares = vec![0f64; all.len()];
    let mut presence = Presence { tokens: vec![0.0; n_blocks], label_tokens: vec![0.0; n_blocks * k] };
    let mut entries = Vec::new();
    let mut of_blocks = vec![0u32; n_blocks];
    for (index, row) in part.iter().enumerate() {
        all.weigh(row, &mut entries);
        for &(feature, x) in &entries {
            squares[feature as usize] += f64::from(x) * f64::from(x);
            of_blocks[all.block_of(feature as usize)] += 1;
        }
        for (block, n) in of_blocks.iter_mut().enumerate() {
            let n = f64::from(std::mem::take(n));
            presence.tokens[block] += n;
            part.labels_of(index).iter().for_each(|&l| presence.label_tokens[block * k + l as usize] += n);
        }
    }
    (squares, presence)
}

/// What naive Bayes makes of presence counts.
struct Ratios {
    n_labels: usize,
    /// Per block and label `ln(T_k + αV) − ln(T'_k + αV)`.
    base: Vec<f64>,
    /// Per block the labels, base ascending.
    by_base: Vec<u32>,
    /// `ln(n + α)`.
    ln: Vec<f64>,
}

impl Ratios {
    fn new(part: &Part<'_>, design: &Design, presence: &Presence) -> Self {
        let (k, blocks) = (part.problem.n_labels, &part.rows.blocks);
        let (mut base, mut by_base) = (Vec::with_capacity(blocks.len() * k), Vec::with_capacity(blocks.len() * k));
        for (block, columns) in blocks.iter().map(|block| &block.columns).enumerate() {
            let before = |end: u32| design.columns().partition_point(|&candidate| candidate < end);
            let v = (before(columns.end) - before(columns.start)) as f64;
            let tokens = presence.tokens[block];
            let of_label = |&own: &f64| libm::log(own + ALPHA * v) - libm::log(tokens - own + ALPHA * v);
            base.extend(presence.label_tokens[block * k..(block + 1) * k].iter().map(of_label));
            let mut labels: Vec<u32> = (0..k as u32).collect();
            labels.sort_by(|&a, &b| base[block * k + a as usize].total_cmp(&base[block * k + b as usize]));
            by_base.extend(labels);
        }
        let ln = (0..=part.len()).map(|n| libm::log(n as f64 + ALPHA)).collect();
        Ratios { n_labels: k, base, by_base, ln }
    }

    /// r_fk, with `own` of `all` rows that hold the feature having the label.
    fn ratio(&self, own: u32, all: u32, base: f64) -> f64 {
        self.ln[own as usize] - self.ln[(all - own) as usize] - base
    }

    /// Per feature of a design the largest r_fk² of all labels, and its candidate.
    fn largest(&self, part: &Part<'_>, design: &Design) -> Vec<(f64, u32)> {
        let k = self.n_labels;
        let mut own = vec![0u32; k];
        let mut labels: Vec<u32> = Vec::new();
        let of_feature = |(row, &candidate): (usize, &u32)| {
            let all = count_rows(part, candidate, &mut own, |label| labels.push(label));
            let block = design.block_of(row) * k;
            let square = |label: u32| {
                let r = self.ratio(own[label as usize], all, self.base[block + label as usize]);
                r * r
            };
            let strangers = || self.by_base[block..block + k].iter().filter(|&&label| own[label as usize] == 0);
            let outermost = strangers().next().into_iter().chain(strangers().next_back());
            let largest = labels.iter().chain(outermost).fold(0.0, |m: f64, &label| m.max(square(label)));
            labels.drain(..).for_each(|label| own[label as usize] = 0);
            (largest, candidate)
        };
        design.columns().iter().enumerate().map(of_feature).collect()
    }

    /// The variances of the features of a design, whose rows are in `matrix`.
    fn variances(&self, part: &Part<'_>, design: &Design, matrix: &Matrix) -> Vec<f32> {
        let k = self.n_labels;
        let squares = matrix.squares(design.len());
        let mut variances = vec![0f32; design.len() * k];
        let mut own = vec![0u32; k];
        let mut z = 0.0;
        for (row, &candidate) in design.columns().iter().enumerate() {
            own.fill(0);
            let all = count_rows(part, candidate, &mut own, |_| ());
            let base = &self.base[design.block_of(row) * k..][..k];
            let of_feature = variances[row * k..(row + 1) * k].iter_mut();
            for ((variance, &own), &base) in of_feature.zip(&own).zip(base) {
                let r = self.ratio(own, all, base);
                *variance = (r * r) as f32;
                z += squares[row] * r * r;
            }
        }
        z /= (part.len() * k) as f64;
        // Where every feature says the same of every label only rounding is left, and that is no evidence.
        let scale = if z > LEAST_EVIDENCE { 0.5 / z } else { 0.0 };
        variances.iter_mut().for_each(|variance| *variance = (f64::from(*variance) * scale + 0.5) as f32);
        variances
    }
}

/// Counts the rows of each label that hold a candidate, says which labels are new, and returns how many rows there are.
fn count_rows(part: &Part<'_>, candidate: u32, own: &mut [u32], mut is_new: impl FnMut(u32)) -> u32 {
    let mut all = 0;
    for &position in part.rows.holders(candidate).iter().filter(|&&position| part.has(position)) {
        all += 1;
        for &label in part.problem.labels_of(position as usize) {
            if own[label as usize] == 0 {
                is_new(label);
            }
            own[label as usize] += 1;
        }
    }
    all
}
