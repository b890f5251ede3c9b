//! Every part against numpy, scikit-learn and scipy, from the fixtures that `scripts/nbsvm_fixtures.py` wrote, and against
//! searches that try everything.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::features::{BagOfWords, BlockKind, Blocks};

use super::calibration::Scored;
use super::cuts::{common_cut, f1, own_cuts};
use super::design::Matrix;
use super::part::Part;
use super::prior::{Prepared, prepare};
use super::rows::Rows;
use super::solver::{Effort, SplitMix, Weights, solve, solve_with};
use super::{Calibration, NbSvmParams, Problem, Quantized};
use crate::bayes::posterior::sigmoid;
use linfa::ParamGuard;

/// So long that nothing moves any more. The usual six sweeps are measured against it, too: small dense problems like those
/// here are harder than texts, on which tests/nbsvm_oracle.rs asks for a tenth.
const EXACT: Effort = Effort { sweeps: 100_000, still: 1e-9, least_step: 1e-9 };

#[derive(Deserialize)]
struct PrepareFixture {
    blocks: Vec<(String, u32)>,
    train: Vec<Vec<(u32, u32)>>,
    labels: Vec<Vec<u32>>,
    n_labels: usize,
    multi_label: bool,
    test: Vec<Vec<(u32, u32)>>,
    max_features: usize,
    columns: Vec<u32>,
    idf: Vec<f64>,
    train_weighted: Vec<Vec<(u32, f64)>>,
    test_weighted: Vec<Vec<(u32, f64)>>,
    variances: Vec<Vec<f64>>,
    c: f32,
    optima: Vec<Optimum>,
}

#[derive(Deserialize)]
struct Optimum {
    weights: Vec<f64>,
    bias: f64,
    objective: f64,
}

#[derive(Deserialize)]
struct SolverFixture {
    rows: Vec<Vec<(u32, f32)>>,
    n_features: usize,
    labels: Vec<Vec<u32>>,
    n_labels: usize,
    c: f32,
    optima: Vec<Optimum>,
}

#[derive(Deserialize)]
struct CalibrationFixture {
    multi_label: bool,
    n_labels: usize,
    margins: Vec<f32>,
    companion: Vec<f32>,
    gold: Vec<Vec<u32>>,
    likelihood: f64,
    at: Vec<f64>,
}

/// The fixtures whose name begins so; exactly as many as there were when this was written.
fn fixtures<F: DeserializeOwned>(kind: &str, how_many: usize) -> Vec<(String, F)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/nbsvm");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.file_name().unwrap().to_string_lossy().starts_with(kind));
    paths.sort();
    assert_eq!(paths.len(), how_many, "{paths:?}");
    let name = |path: &std::path::Path| path.file_stem().unwrap().to_string_lossy().into_owned();
    paths.iter().map(|path| (name(path), serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap())).collect()
}

fn bag(blocks: &[(String, u32)], rows: &[Vec<(u32, u32)>]) -> BagOfWords {
    let mut all = Blocks::default();
    for (kind, width) in blocks {
        let kind = match kind.as_str() {
            "words" => BlockKind::Ngrams(1),
            "pairs" => BlockKind::Ngrams(2),
            _ => BlockKind::Prefixes,
        };
        all.push(kind, *width);
    }
    let mut bag = BagOfWords::new(all);
    rows.iter().for_each(|row| bag.push(row.iter().copied()));
    bag
}

#[track_caller]
fn assert_close(ours: impl Into<f64>, theirs: f64, tolerance: f64, place: &str) {
    let ours = ours.into();
    assert!((ours - theirs).abs() <= tolerance * theirs.abs().max(1.0), "{place}: {ours}, expected {theirs}");
}

#[track_caller]
fn assert_same_row(ours: &[(u32, f32)], theirs: &[(u32, f64)], place: &str) {
    assert_eq!(ours.len(), theirs.len(), "{place}");
    for (&(feature, x), &(expected_feature, expected)) in ours.iter().zip(theirs) {
        assert_eq!(feature, expected_feature, "{place}");
        assert_close(x, expected, 1e-6, place);
    }
}

/// The objective of one label.
fn objective(
    matrix: &Matrix,
    variances: &[f32],
    weights: &Weights,
    label: usize,
    is_positive: impl Fn(usize) -> bool,
    c: f64,
) -> f64 {
    let k = weights.bias.len();
    let bias = f64::from(weights.bias[label]);
    let loss = |d: usize| {
        let weight = |feature: u32| f64::from(weights.weights[feature as usize * k + label]);
        let margin: f64 = bias + matrix.row(d).iter().map(|&(f, x)| f64::from(x) * weight(f)).sum::<f64>();
        (1.0 - if is_positive(d) { margin } else { -margin }).max(0.0).powi(2)
    };
    let norm: f64 = (label..variances.len())
        .step_by(k)
        .map(|i| f64::from(weights.weights[i]).powi(2) / f64::from(variances[i]))
        .sum();
    0.5 * norm + 0.5 * bias * bias + c * (0..matrix.len()).map(loss).sum::<f64>()
}

#[track_caller]
fn assert_solved(matrix: &Matrix, variances: &[f32], labels: &[&[u32]], c: f32, optima: &[Optimum], name: &str) {
    let k = optima.len();
    let exact = solve_with(EXACT, matrix, variances.to_vec(), k, |d| labels[d], c, 0);
    let patient = Effort { sweeps: 60, still: 0.0, least_step: 1e-3 };
    let patient = solve_with(patient, matrix, variances.to_vec(), k, |d| labels[d], c, 0);
    let usual = solve(matrix, variances.to_vec(), k, |d| labels[d], c, 0);
    for (label, optimum) in optima.iter().enumerate() {
        let place = format!("{name}, label {label}");
        assert_close(exact.bias[label], optimum.bias, 1e-3, &place);
        for (feature, &weight) in optimum.weights.iter().enumerate() {
            assert_close(exact.weights[feature * k + label], weight, 1e-3, &place);
        }
        let at = |w: &Weights| {
            let positive = |d: usize| labels[d].contains(&(label as u32));
            objective(matrix, variances, w, label, positive, f64::from(c)) / optimum.objective
        };
        assert!((at(&exact) - 1.0).abs() < 1e-4, "{place}: {} of the optimum", at(&exact));
        assert!(at(&patient) < 1.01, "{place}: sixty sweeps end at {} of the optimum", at(&patient));
        assert!(at(&usual) < 1.25, "{place}: six sweeps end at {} of the optimum", at(&usual));
    }
}

#[test]
fn features_and_weights_and_variances_are_those_of_numpy_and_the_solver_is_linear_svc_on_scaled_features() {
    for (name, fixture) in fixtures::<PrepareFixture>("prepare", 5) {
        let bag = bag(&fixture.blocks, &fixture.train);
        let problem =
            Problem::new(&bag, &fixture.labels, fixture.n_labels, fixture.multi_label, None, |_| true).unwrap();
        let rows = Rows::new(&problem, problem.len());
        let Prepared { design, matrix, variances } =
            prepare(&Part::new(&problem, &rows, |_| true), fixture.max_features);
        let design = design.renumbered(&rows.columns, bag.blocks());
        assert_eq!(design.columns(), fixture.columns, "{name}");
        for (&ours, &theirs) in design.idf().iter().zip(&fixture.idf) {
            assert_close(ours, theirs, 1e-6, &name);
        }
        let mut weighted = Vec::new();
        for (row, expected) in fixture.test.iter().zip(&fixture.test_weighted) {
            design.weigh(row.iter().copied(), &mut weighted);
            assert_same_row(&weighted, expected, &name);
        }
        if fixture.variances.is_empty() {
            continue;
        }
        for d in 0..problem.len() {
            assert_same_row(matrix.row(d), &fixture.train_weighted[problem.rows[d] as usize], &name);
        }
        let expected = fixture.variances.concat();
        assert_eq!(variances.len(), expected.len());
        for (&ours, &theirs) in variances.iter().zip(&expected) {
            assert_close(ours, theirs, 1e-5, &name);
        }
        let labels: Vec<&[u32]> = (0..problem.len()).map(|d| problem.labels_of(d)).collect();
        assert_solved(&matrix, &variances, &labels, fixture.c, &fixture.optima, &name);
    }
}

#[test]
fn with_variances_of_one_the_solver_is_linear_svc() {
    for (name, fixture) in fixtures::<SolverFixture>("solver", 3) {
        let matrix = Matrix::from_entries(&fixture.rows);
        let ones = vec![1.0; fixture.n_features * fixture.n_labels];
        let labels: Vec<&[u32]> = fixture.labels.iter().map(Vec::as_slice).collect();
        assert_solved(&matrix, &ones, &labels, fixture.c, &fixture.optima, &name);
    }
}

fn likelihood(fixture: &CalibrationFixture, calibration: Calibration) -> f64 {
    let k = fixture.n_labels;
    let of_row = |(d, gold): (usize, &Vec<u32>)| -> f64 {
        let (margins, companion) = (&fixture.margins[d * k..(d + 1) * k], &fixture.companion[d * k..(d + 1) * k]);
        if !fixture.multi_label {
            return calibration.probabilities(margins, companion)[gold[0] as usize].ln();
        }
        let one = |(label, (&m, &j)): (usize, (&f32, &f32))| {
            let z = calibration.a * f64::from(m) + calibration.b + calibration.lambda * f64::from(j);
            sigmoid(if gold.contains(&(label as u32)) { z } else { -z }).ln()
        };
        margins.iter().zip(companion).enumerate().map(one).sum()
    };
    fixture.gold.iter().enumerate().map(of_row).sum()
}

#[test]
fn fitted_calibrations_are_as_likely_as_the_best_that_scipy_finds() {
    for (name, fixture) in fixtures::<CalibrationFixture>("calibration", 8) {
        let k = fixture.n_labels;
        let scored = Scored { margins: &fixture.margins, companions: &[&fixture.companion], n_labels: k };
        let fitted = if fixture.multi_label {
            Calibration::fit_multi_label(&scored, |d, label| fixture.gold[d].contains(&(label as u32)))
        } else {
            let gold: Vec<u32> = fixture.gold.iter().map(|g| g[0]).collect();
            Calibration::fit_single_label(&scored, &gold)
        };
        let ours = likelihood(&fixture, Calibration { a: fitted.a, b: fitted.b, lambda: fitted.lambdas[0] });
        assert!(
            (ours - fixture.likelihood).abs() < 1e-3,
            "{name}: {ours} at {fitted:?}, expected {} at {:?}",
            fixture.likelihood,
            fixture.at
        );
    }
}

/// Margins on a coarse grid, so that many are equal.
fn random_margins(seed: u64, n: usize, k: usize) -> (Vec<f32>, Vec<Vec<bool>>) {
    let mut random = SplitMix(seed);
    let mut below = |n: u64| random.next() % n;
    let margins = (0..n * k).map(|_| below(50) as f32 / 20.0 - 1.4).collect();
    let gold = (0..n).map(|_| (0..k).map(|_| below(4) == 0).collect()).collect();
    (margins, gold)
}

#[test]
fn no_cut_is_better_than_the_one_that_is_found() {
    let (n, k) = (40, 4);
    for seed in 0..60 {
        let (margins, mut gold) = random_margins(seed, n, k);
        gold.iter_mut().for_each(|row| row[3] = false); // a label without a row
        let positives: Vec<u64> = (0..k).map(|l| gold.iter().filter(|row| row[l]).count() as u64).collect();
        let mut high: Vec<(f32, u32, bool)> =
            (0..n * k).map(|i| (margins[i], (i % k) as u32, gold[i / k][i % k])).filter(|h| h.0 > -1.0).collect();
        high.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
        // Correct and predicted of a label at a cut.
        let tally = |l: usize, cut: f32| {
            let over = |d: &usize| margins[d * k + l] > cut;
            let predicted = (0..n).filter(over).count() as u64;
            ((0..n).filter(over).filter(|&d| gold[d][l]).count() as u64, predicted)
        };
        let own_value = |l: usize, cut: f32| f1(tally(l, cut).0, tally(l, cut).1, positives[l]);
        let common_value = |cut: f32| {
            let tallies: Vec<(u64, u64)> = (0..k).map(|l| tally(l, cut)).collect();
            let micro =
                f1(tallies.iter().map(|t| t.0).sum(), tallies.iter().map(|t| t.1).sum(), positives.iter().sum());
            let labels = positives.iter().filter(|&&n| n > 0).count() as f64;
            micro + (0..k).map(|l| f1(tallies[l].0, tallies[l].1, positives[l])).sum::<f64>() / labels
        };
        let every = || (0..200).map(|i| i as f32 / 40.0 - 1.0 + 0.012_5);
        let own = own_cuts(&high, &positives);
        for (l, cut) in own.iter().enumerate() {
            let best = every().map(|cut| own_value(l, cut)).fold(0.0, f64::max);
            match cut {
                Some(cut) => assert_close(own_value(l, *cut), best, 1e-12, &format!("seed {seed}, label {l}")),
                None => assert!(best == 0.0, "seed {seed}, label {l}"),
            }
        }
        let best = every().map(common_value).fold(0.0, f64::max);
        let common = common_cut(&high, &positives);
        assert_close(common_value(common), best, 1e-12, &format!("seed {seed}"));
        let all = super::cuts::cuts(&margins, k, |d, l| gold[d][l]);
        for l in 0..k {
            let (n, own) = (positives[l] as f32, own[l].unwrap_or(common));
            assert_close(all[l], f64::from((n * own + 10.0 * common) / (n + 10.0)), 1e-5, "shrunk");
        }
    }
}

#[test]
fn a_label_whose_rows_all_have_the_lowest_margin_still_gets_them() {
    // The cut must lie below the last margin, not on it.
    let cuts = super::cuts::cuts(&[-0.5; 400], 1, |_, _| true);
    assert!(cuts[0] < -0.5, "{cuts:?}");
}

#[test]
fn a_byte_is_off_by_at_most_half_a_step_and_the_largest_weight_is_exact() {
    let mut random = SplitMix(3);
    let k = 7;
    let size = |row: usize| [1.0, 1e-30, 1e6, 0.0][row % 4];
    let weights: Vec<f32> =
        (0..40 * k).map(|i| (random.next() as f64 / 2f64.powi(63) - 1.0) as f32 * size(i / k)).collect();
    let quantized = Quantized::new(&weights, k);
    for (row, exact) in weights.chunks_exact(k).enumerate() {
        let largest = exact.iter().fold(0f32, |m, w| m.max(w.abs()));
        assert!((quantized.scales[row] - largest / 127.0).abs() <= largest * 1e-7);
        for (label, &w) in exact.iter().enumerate() {
            let error = (quantized.weight(row, label, k) - w).abs();
            assert!(error <= largest / 254.0 * 1.000_01, "{row} {label}: {error}");
            assert!(w.abs() < largest || error <= largest * 1e-6, "{row} {label}: {error}");
        }
        let mut scores = vec![1f32; k];
        quantized.add_row(row, 0.5, &mut scores);
        for (label, score) in scores.iter().enumerate() {
            assert_close(*score, 1.0 + 0.5 * f64::from(quantized.weight(row, label, k)), 1e-6, "add_row");
        }
    }
    assert_eq!(Quantized::new(&[], k), Quantized::default());
    let tiny = Quantized::new(&[f32::from_bits(1), 0.0], 2);
    assert!(tiny.weight(0, 0, 2).is_finite() && tiny.weight(0, 1, 2) == 0.0);
}

/// Rows of a few words that follow their label, some rows and labels often, some once.
fn rows(n: usize, k: u32) -> (BagOfWords, Vec<Vec<u32>>) {
    let mut random = SplitMix(11);
    let mut below = |n: u64| (random.next() % n) as u32;
    let mut bag = BagOfWords::new(Blocks::single(k * 6));
    let mut labels = Vec::new();
    for _ in 0..n {
        let label = below(u64::from(k)).min(below(u64::from(k)));
        let mut columns: Vec<u32> =
            (0..5).map(|_| if below(10) < 7 { label * 6 + below(6) } else { below(u64::from(k) * 6) }).collect();
        columns.sort_unstable();
        columns.dedup();
        bag.push(columns.into_iter().map(|c| (c, 1 + below(3))).collect::<Vec<_>>());
        labels.push(vec![label]);
    }
    (bag, labels)
}

#[test]
fn each_fold_holds_its_share_of_every_label_whatever_the_order_of_the_rows() {
    let (bag, labels) = rows(200, 5);
    let problem = Problem::new(&bag, &labels, 5, false, None, |_| true).unwrap();
    for n_folds in [2, 3, 7] {
        let folds = problem.folds(n_folds);
        for label in 0..5u32 {
            let in_fold =
                |fold: usize| (0..200).filter(|&d| folds[d] == fold && problem.labels_of(d) == [label]).count();
            let sizes: Vec<usize> = (0..n_folds).map(in_fold).collect();
            assert!(sizes.iter().max().unwrap() - sizes.iter().min().unwrap() <= 1, "{sizes:?}");
        }
        let sizes: Vec<usize> = (0..n_folds).map(|fold| folds.iter().filter(|&&f| f == fold).count()).collect();
        assert!(sizes.iter().max().unwrap() - sizes.iter().min().unwrap() <= 1, "{sizes:?}");
    }
    // Backwards: the same rows in the same folds.
    let mut other = BagOfWords::new(bag.blocks().clone());
    (0..200).rev().for_each(|d| other.push(bag.row(d).0.iter().copied().zip(bag.row(d).1.iter().copied())));
    let backwards: Vec<Vec<u32>> = labels.iter().rev().cloned().collect();
    let turned = Problem::new(&other, &backwards, 5, false, None, |_| true).unwrap();
    assert_eq!(turned.folds(3), problem.folds(3));
    for d in 0..200 {
        assert_eq!((turned.row(d), turned.labels_of(d)), (problem.row(d), problem.labels_of(d)));
    }
    let fit = |problem: &Problem<'_>| NbSvmParams::default().check().unwrap().fit_problem(problem).unwrap();
    let (ours, theirs) = (fit(&problem), fit(&turned));
    assert_eq!((ours.0.parts(), ours.1), (theirs.0.parts(), theirs.1));
}

#[test]
fn the_coverage_table_answers_at_least_the_share_it_was_asked_for() {
    let (bag, labels) = rows(250, 4);
    let problem = Problem::new(&bag, &labels, 4, false, None, |_| true).unwrap();
    let (model, report) = NbSvmParams::default().check().unwrap().fit_problem(&problem).unwrap();
    let confidence = &model.parts().confidence;
    assert_eq!(confidence.len(), 101);
    assert!(confidence.windows(2).all(|w| w[0] <= w[1]) && confidence.iter().all(|p| (0.0..=1.0).contains(p)));
    let threshold = |coverage: f64| model.threshold_for_coverage(coverage).unwrap() as f32;
    assert_eq!((threshold(1.0), threshold(0.0), threshold(0.9)), (confidence[0], confidence[100], confidence[10]));
    let report = report.unwrap();
    assert!(report.accuracy > 0.6, "{report:?}");
    let [at_80, at_90, at_95] = report.at_coverage.unwrap();
    assert!(at_80 >= at_90 - 0.02 && at_90 >= at_95 - 0.02 && at_95 >= report.accuracy, "{report:?}");

    // Against the table made by hand from known probabilities: 200 rows, the i-th surest at i/200.
    let probabilities: Vec<f64> = (0..200).map(|i| (i as f64 + 0.1) / 200.0).collect();
    let table = super::fit::confidence_table(&probabilities);
    for (percent, &threshold) in table.iter().enumerate() {
        let answered = probabilities.iter().filter(|&&p| p >= f64::from(threshold)).count();
        assert_eq!(answered, (200 - 2 * percent).max(1), "{percent} %");
    }
}
