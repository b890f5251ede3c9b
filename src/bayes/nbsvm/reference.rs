//! Plain versions of what the fit does, which the fast ones are compared with bit by bit: everything is looked up in the bag,
//! every part of the rows counts for itself, every logarithm is computed, and weights lie row after row.

use crate::bayes::naive_bayes::pairs;
use crate::features::{BagOfWords, BlockKind, Blocks};

use super::Problem;
use super::companion::{Companion, Totals};
use super::design::{Design, Matrix};
use super::part::Part;
use super::prior::{Prepared, least_rows};
use super::rows::Rows;
use super::solver::{SplitMix, solve};

const ALPHA: f64 = 0.3;

/// Chooses and weighs the features of a problem.
fn prepare(problem: &Problem<'_>, max_features: usize) -> Prepared {
    let n = problem.len();
    let candidates = Candidates::new(problem);
    let all = candidates.design(problem, |_| true);
    let rows = || (0..n).map(|d| zipped(problem.row(d)));
    let squares = Matrix::new(&all, rows()).squares(all.len());
    let ratios = Ratios::new(problem, &all);
    let mut ratio = vec![0.0; problem.n_labels];
    let mut scored: Vec<(f64, u32)> = Vec::with_capacity(all.len());
    for (row, &column) in all.columns().iter().enumerate() {
        ratios.of(problem, row, &mut ratio);
        let largest = ratio.iter().fold(0.0, |m: f64, r| m.max(r * r));
        scored.push((squares[row] * largest, column));
    }
    if scored.len() > max_features {
        scored.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        scored.truncate(max_features);
    }
    let mut keep = vec![false; problem.bag.blocks().n_features() as usize];
    scored.iter().for_each(|&(_, column)| keep[column as usize] = true);
    let design = candidates.design(problem, |column| keep[column as usize]);
    let matrix = Matrix::new(&design, rows());
    let squares = matrix.squares(design.len());
    let k = problem.n_labels;
    let mut variances = vec![0f32; design.len() * k];
    let mut z = 0.0;
    for (row, &column) in design.columns().iter().enumerate() {
        let Some(before) = all.row_of(column) else { continue };
        ratios.of(problem, before as usize, &mut ratio);
        for (variance, r) in variances[row * k..(row + 1) * k].iter_mut().zip(&ratio) {
            *variance = (r * r) as f32;
            z += squares[row] * r * r;
        }
    }
    z /= (n * k) as f64;
    // Where every feature says the same of every label only rounding is left, and that is no evidence.
    let scale = if z > 1e-20 { 0.5 / z } else { 0.0 };
    for variance in &mut variances {
        *variance = (f64::from(*variance) * scale + 0.5) as f32;
    }
    Prepared { design, matrix, variances }
}

fn zipped<'a>((columns, counts): (&'a [u32], &'a [u32])) -> impl Iterator<Item = (u32, u32)> + Clone + 'a {
    pairs(columns, counts)
}

/// Document frequencies within a problem.
struct Candidates {
    document_frequency: Vec<u32>,
}

impl Candidates {
    fn new(problem: &Problem<'_>) -> Self {
        let mut document_frequency = vec![0u32; problem.bag.blocks().n_features() as usize];
        for d in 0..problem.len() {
            for &column in problem.row(d).0 {
                document_frequency[column as usize] += 1;
            }
        }
        Candidates { document_frequency }
    }

    /// The design over the candidates that are frequent enough and that `keep` accepts.
    fn design(&self, problem: &Problem<'_>, keep: impl Fn(u32) -> bool) -> Design {
        let n = problem.len();
        let (mut columns, mut idf) = (Vec::new(), Vec::new());
        for block in problem.bag.blocks() {
            if problem.leaves_out(block.kind) {
                continue;
            }
            let least = least_rows(block.kind, n);
            for column in block.columns.clone() {
                let df = self.document_frequency[column as usize];
                if df >= least && keep(column) {
                    columns.push(column);
                    idf.push((libm::log((1.0 + n as f64) / (1.0 + f64::from(df))) + 1.0) as f32);
                }
            }
        }
        Design::new(problem.bag.blocks(), columns, idf)
    }
}

/// Presence counts, by feature, and what naive Bayes makes of them.
struct Ratios {
    /// Per feature, where its rows begin.
    offsets: Vec<usize>,
    /// The positions of the rows that hold each feature.
    rows: Vec<u32>,
    /// Per feature its block; per block and label `ln(T_k + αV) − ln(T'_k + αV)`.
    block_of: Vec<u8>,
    base: Vec<f64>,
    /// `ln(n + α)`.
    ln: Vec<f64>,
}

impl Ratios {
    fn new(problem: &Problem<'_>, design: &Design) -> Self {
        let blocks = problem.bag.blocks();
        let k = problem.n_labels;
        let mut offsets = vec![0usize; design.len() + 1];
        let mut tokens = vec![0f64; blocks.len()];
        let mut label_tokens = vec![0f64; blocks.len() * k];
        let block_of: Vec<u8> = design.columns().iter().map(|&c| blocks.block_of(c) as u8).collect();
        let known = |d: usize| problem.row(d).0.iter().filter_map(|&column| design.row_of(column));
        for d in 0..problem.len() {
            for feature in known(d) {
                offsets[feature as usize + 1] += 1;
                let block = usize::from(block_of[feature as usize]);
                tokens[block] += 1.0;
                for &label in problem.labels_of(d) {
                    label_tokens[block * k + label as usize] += 1.0;
                }
            }
        }
        for i in 1..offsets.len() {
            offsets[i] += offsets[i - 1];
        }
        let mut rows = vec![0u32; offsets[design.len()]];
        let mut next = offsets.clone();
        for d in 0..problem.len() {
            for feature in known(d) {
                rows[next[feature as usize]] = d as u32;
                next[feature as usize] += 1;
            }
        }
        let mut base = vec![0.0; blocks.len() * k];
        for block in 0..blocks.len() {
            let v = block_of.iter().filter(|&&b| usize::from(b) == block).count() as f64;
            for label in 0..k {
                let own = label_tokens[block * k + label];
                base[block * k + label] = libm::log(own + ALPHA * v) - libm::log(tokens[block] - own + ALPHA * v);
            }
        }
        let ln = (0..=problem.len()).map(|n| libm::log(n as f64 + ALPHA)).collect();
        Ratios { offsets, rows, block_of, base, ln }
    }

    /// r_fk of a feature, per label.
    fn of(&self, problem: &Problem<'_>, feature: usize, ratio: &mut [f64]) {
        let rows = &self.rows[self.offsets[feature]..self.offsets[feature + 1]];
        let block = usize::from(self.block_of[feature]);
        ratio.fill(0.0);
        for &d in rows {
            for &label in problem.labels_of(d as usize) {
                ratio[label as usize] += 1.0;
            }
        }
        for (label, r) in ratio.iter_mut().enumerate() {
            let own = *r as usize;
            *r = self.ln[own] - self.ln[rows.len() - own] - self.base[block * problem.n_labels + label];
        }
    }
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

/// Jelinek-Mercer naive Bayes over words.
fn words(design: &Design, problem: &Problem<'_>) -> Companion {
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
fn complement(design: &Design, problem: &Problem<'_>) -> Companion {
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

/// Weights and biases of six sweeps.
fn solve_plainly(matrix: &Matrix, variances: &[f32], part: &Problem<'_>, c: f32, seed: u64) -> (Vec<f32>, Vec<f32>) {
    let labels_of = |d: usize| part.labels_of(d);
    let n_labels = part.n_labels;
    let (n, k) = (matrix.len(), n_labels);
    let mut weights = vec![0f32; variances.len()];
    let mut bias = vec![0f32; k];
    let mut dual = vec![0f32; n * k];
    let mut curvature = vec![1f32; n * k];
    for d in 0..n {
        let q = &mut curvature[d * k..(d + 1) * k];
        for &(feature, x) in matrix.row(d) {
            let s = &variances[feature as usize * k..][..k];
            q.iter_mut().zip(s).for_each(|(q, s)| *q += x * x * s);
        }
    }
    let half = 1.0 / (2.0 * c);
    let mut order: Vec<u32> = (0..n as u32).collect();
    let mut random = SplitMix(seed);
    let mut margin = vec![0f32; k];
    let mut target = vec![-1f32; k];
    let mut steps: Vec<(usize, f32)> = Vec::with_capacity(k);
    let mut first_moved = 0.0;
    for sweep in 0..6 {
        random.shuffle(&mut order);
        let mut moved = 0f64;
        for &d in &order {
            let d = d as usize;
            margin.copy_from_slice(&bias);
            for &(feature, x) in matrix.row(d) {
                let w = &weights[feature as usize * k..][..k];
                margin.iter_mut().zip(w).for_each(|(m, w)| *m += x * w);
            }
            labels_of(d).iter().for_each(|&l| target[l as usize] = 1.0);
            steps.clear();
            let (a, q) = (&mut dual[d * k..(d + 1) * k], &curvature[d * k..(d + 1) * k]);
            for label in 0..k {
                let y = target[label];
                let old = a[label] * y;
                let gradient = y * margin[label] - 1.0 + old * half;
                let new = (old - gradient / (q[label] + half)).max(0.0);
                let step = (new - old) * y;
                if step.abs() > 1e-3 * c {
                    a[label] += step;
                    bias[label] += step;
                    moved += f64::from(step.abs());
                    steps.push((label, step));
                }
            }
            labels_of(d).iter().for_each(|&l| target[l as usize] = -1.0);
            if !steps.is_empty() {
                for &(feature, x) in matrix.row(d) {
                    let start = feature as usize * k;
                    for &(label, step) in &steps {
                        weights[start + label] += x * variances[start + label] * step;
                    }
                }
            }
        }
        if sweep == 0 {
            first_moved = moved;
        } else if moved < 0.01 * first_moved {
            break;
        }
    }
    (weights, bias)
}

/// Rows of words, pairs and prefixes, most of them rare, some counts large.
fn bag(n_rows: usize, n_labels: u32, most_labels: u32, random: &mut SplitMix) -> (BagOfWords, Vec<Vec<u32>>) {
    let mut below = |n: u32| (random.next() % u64::from(n)) as u32;
    let mut blocks = Blocks::default();
    [(BlockKind::Ngrams(1), 80), (BlockKind::Ngrams(2), 300), (BlockKind::Prefixes, 40)]
        .into_iter()
        .for_each(|(kind, width)| blocks.push(kind, width));
    let mut bag = BagOfWords::new(blocks);
    let mut labels = Vec::new();
    for _ in 0..n_rows {
        let mut of_row: Vec<u32> = (0..1 + below(most_labels)).map(|_| below(n_labels)).collect();
        let mut columns: Vec<u32> = (0..below(25)).map(|_| (below(420) + of_row[0]) % 420).collect();
        columns.sort_unstable();
        columns.dedup();
        let count = |c: u32| (c, if c % 50 == 7 { 250 + c } else { 1 + c % 3 });
        bag.push(columns.into_iter().map(count));
        of_row.sort_unstable();
        of_row.dedup();
        labels.push(of_row);
    }
    (bag, labels)
}

#[test]
fn features_variances_weights_and_companions_of_a_part_are_those_of_the_plain_versions() {
    let mut random = SplitMix(5);
    for (n_labels, most_labels, max_features) in
        [(2, 1, 60), (3, 1, 1000), (5, 3, 100), (20, 1, 150), (37, 2, 200), (70, 1, 90)]
    {
        let (bag, labels) = bag(240, n_labels, most_labels, &mut random);
        let k = n_labels as usize;
        let whole = Problem::new(&bag, &labels, k, most_labels > 1, None, |_| true).unwrap();
        for (whole, fold) in [(&whole, None), (&whole, Some(1)), (&whole.without(BlockKind::Prefixes), Some(2))] {
            let folds = whole.folds(3);
            let is_kept = |position: usize| fold != Some(folds[position]);
            let rows = Rows::new(whole, 160);
            let part = Part::new(whole, &rows, is_kept);
            let ours = super::prior::prepare(&part, max_features);
            let plain = whole.with_rows(part.positions.iter().map(|&p| whole.rows[p as usize]).collect());
            let theirs = prepare(&plain, max_features);
            let place = format!("{n_labels} labels, without {fold:?}");
            let design = ours.design.renumbered(&rows.columns, bag.blocks());
            assert_eq!(design, theirs.design, "{place}");
            assert_eq!(ours.variances, theirs.variances, "{place}");
            (0..plain.len()).for_each(|d| assert_eq!(ours.matrix.row(d), theirs.matrix.row(d), "{place}, row {d}"));

            let totals = Totals::new(&ours.design, &part);
            let pairs = [
                (Companion::words(&ours.design, &part, &totals), words(&theirs.design, &plain)),
                (Companion::complement(&ours.design, &part, &totals), complement(&theirs.design, &plain)),
            ];
            for (ours, theirs) in pairs {
                assert_eq!((ours.prior, ours.weights), (theirs.prior, theirs.weights), "{place}");
            }

            let weights = solve(&ours.matrix, ours.variances, k, |d| part.labels_of(d), 0.5, 7);
            let expected = solve_plainly(&theirs.matrix, &theirs.variances, &plain, 0.5, 7);
            assert_eq!((weights.weights, weights.bias), expected, "{place}");
        }
    }
}
