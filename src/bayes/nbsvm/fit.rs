//! Fitting: choose features, solve, and once more on folds for everything that must not look at its own rows.

use linfa::ParamGuard;
use rayon::prelude::*;

use super::super::BayesError;
use super::calibration::Scored;
use super::companion::Companion;
use super::cuts::cuts;
use super::design::{Entry, Matrix};
use super::prior::{Prepared, prepare, zipped};
use super::solver::{Weights, solve};
use super::{Calibration, NbSvm, NbSvmParts, Problem, Quantized};

/// Parameters of [`NbSvm`], not yet checked.
///
/// | Name | Default | Purpose | Range |
/// |---|---|---|---|
/// | `max_features` | 50,000 | features that are kept before training | ≥ 1 |
/// | `folds` | 3 | parts of the out-of-fold scores | 2 to 20 |
/// | `calibrate` | yes | fit probabilities and cuts on out-of-fold scores | |
/// | `seed` | 0 | order of the rows in the solver | |
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NbSvmParams(NbSvmValidParams);

/// Checked parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NbSvmValidParams {
    max_features: usize,
    folds: usize,
    calibrate: bool,
    seed: u64,
}

impl Default for NbSvmParams {
    fn default() -> Self {
        NbSvmParams(NbSvmValidParams { max_features: 50_000, folds: 3, calibrate: true, seed: 0 })
    }
}

impl NbSvmParams {
    /// How many features are kept.
    pub fn max_features(mut self, max_features: usize) -> Self {
        self.0.max_features = max_features;
        self
    }

    /// How many folds give the out-of-fold scores.
    pub fn folds(mut self, folds: usize) -> Self {
        self.0.folds = folds;
        self
    }

    /// Whether probabilities and cuts are fitted.
    pub fn calibrate(mut self, calibrate: bool) -> Self {
        self.0.calibrate = calibrate;
        self
    }

    /// The seed of the solver's order.
    pub fn seed(mut self, seed: u64) -> Self {
        self.0.seed = seed;
        self
    }
}

impl ParamGuard for NbSvmParams {
    type Checked = NbSvmValidParams;
    type Error = BayesError;

    fn check_ref(&self) -> Result<&NbSvmValidParams, BayesError> {
        if self.0.max_features == 0 || self.0.max_features > u32::MAX as usize {
            return Err(BayesError::MaxFeatures(self.0.max_features));
        }
        if !(2..=20).contains(&self.0.folds) {
            return Err(BayesError::Folds(self.0.folds));
        }
        Ok(&self.0)
    }

    fn check(self) -> Result<NbSvmValidParams, BayesError> {
        self.check_ref()?;
        Ok(self.0)
    }
}

/// What out-of-fold scores say about the model: every row judged by a model that has not seen it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OutOfFold {
    /// Share of rows whose labels are all right.
    pub accuracy: f64,
    /// Accuracy among the surest 80, 90 and 95 percent of the rows; only in a single-label model.
    pub at_coverage: Option<[f64; 3]>,
}

/// Below this many rows folds say nothing.
const LEAST_ROWS: usize = 6;

impl NbSvmValidParams {
    /// Fits a model to a problem.
    ///
    /// # Errors
    /// None today beyond those of making the problem; the result leaves room for limits.
    pub fn fit_problem(&self, problem: &Problem<'_>) -> Result<(NbSvm, Option<OutOfFold>), BayesError> {
        let with_folds = self.calibrate && problem.len() >= LEAST_ROWS;
        let folds = if with_folds { problem.folds(self.folds) } else { Vec::new() };
        // The whole and each fold are independent: all at once. Job 0 is the whole.
        let n_jobs = if with_folds { self.folds + 1 } else { 1 };
        let mut jobs: Vec<Job> = (0..n_jobs).into_par_iter().map(|job| self.job(problem, &folds, job)).collect();
        let whole = jobs.swap_remove(0);
        let Job { prepared, weights, companion, .. } = whole;
        let k = problem.n_labels;
        let mut parts = NbSvmParts {
            multi_label: problem.multi_label,
            design: prepared.design,
            bias: weights.bias,
            weights: Quantized::new(&weights.weights, k),
            companion_prior: Vec::new(),
            companion: Quantized::default(),
            calibration: if problem.multi_label { Calibration::MULTI_LABEL } else { Calibration::SINGLE_LABEL },
            cuts: if problem.multi_label { vec![0.0; k] } else { Vec::new() },
            at_least_one: problem.multi_label && (0..problem.len()).all(|d| !problem.labels_of(d).is_empty()),
            confidence: Vec::new(),
        };
        let mut scores = vec![(0f32, 0f32); if with_folds { problem.len() * k } else { 0 }];
        for job in &jobs {
            for (&position, row) in job.held_out.iter().zip(job.scores.chunks_exact(k)) {
                scores[position * k..(position + 1) * k].copy_from_slice(row);
            }
        }
        let (margins, companions): (Vec<f32>, Vec<f32>) = scores.into_iter().unzip();
        if with_folds && problem.multi_label {
            fit_multi_label(problem, &mut parts, margins.clone());
        } else if with_folds {
            let gold: Vec<u32> = (0..problem.len()).map(|d| problem.labels_of(d)[0]).collect();
            let scored = Scored { margins: &margins, companion: &companions, n_labels: k };
            parts.calibration = Calibration::fit_single_label(&scored, &gold);
        }
        if let Some(companion) = companion.filter(|_| parts.calibration.lambda > 0.0) {
            parts.companion_prior = companion.prior;
            parts.companion = Quantized::new(&companion.weights, k);
        }
        let mut model = NbSvm::from_parts(parts)?;
        let out_of_fold = with_folds.then(|| {
            let (report, confidence) = judge(problem, &model, &margins, &companions);
            (report, confidence)
        });
        let out_of_fold = match out_of_fold {
            None => None,
            Some((report, confidence)) => {
                model = NbSvm::from_parts(NbSvmParts { confidence, ..model.parts().clone() })?;
                Some(report)
            }
        };
        Ok((model, out_of_fold))
    }

    /// Trains on everything (job 0) or on all folds but one, and scores the rows of that one.
    fn job(&self, problem: &Problem<'_>, folds: &[usize], job: usize) -> Job {
        let (kept, held_out): (Vec<usize>, Vec<usize>) =
            (0..problem.len()).partition(|&position| job == 0 || folds[position] != job - 1);
        let part = problem.with_rows(kept.iter().map(|&p| problem.rows[p]).collect());
        let prepared = prepare(&part, self.max_features);
        let n = part.len() as f64;
        let c = if problem.multi_label { 1.0 } else { 0.5 * (1000.0 / n).sqrt().clamp(1.0, 4.0) };
        let Prepared { design, matrix, variances } = &prepared;
        let weights = solve(matrix, variances, problem.n_labels, |d| part.labels_of(d), c as f32, self.seed);
        let companion = (!problem.multi_label).then(|| Companion::new(design, &part));
        let rows = held_out.iter().map(|&position| zipped(problem.row(position)));
        let scores = score_rows(problem, &prepared, &weights, companion.as_ref(), rows);
        // Only the whole is needed further; a fold's matrices are large.
        let prepared =
            if job == 0 { prepared } else { Prepared { matrix: Matrix::default(), variances: Vec::new(), ..prepared } };
        Job { prepared, weights, companion, held_out, scores }
    }
}

struct Job {
    prepared: Prepared,
    weights: Weights,
    companion: Option<Companion>,
    held_out: Vec<usize>,
    /// Margin and companion score, per held-out row and label.
    scores: Vec<(f32, f32)>,
}

fn score_rows<R: Iterator<Item = (u32, u32)> + Clone>(
    problem: &Problem<'_>,
    prepared: &Prepared,
    weights: &Weights,
    companion: Option<&Companion>,
    rows: impl Iterator<Item = R>,
) -> Vec<(f32, f32)> {
    let k = problem.n_labels;
    let mut all = Vec::new();
    let mut entries: Vec<Entry> = Vec::new();
    for row in rows {
        prepared.design.weigh(row.clone(), &mut entries);
        let mut margins = weights.bias.clone();
        for &(feature, x) in &entries {
            let w = &weights.weights[feature as usize * k..][..k];
            margins.iter_mut().zip(w).for_each(|(m, w)| *m += x * w);
        }
        let mut scores = vec![0f32; k];
        if let Some(companion) = companion {
            let mut tokens = 0f32;
            scores.clone_from(&companion.prior);
            for (column, count) in row {
                let word = prepared.design.row_of(column).map(|w| w as usize).filter(|&w| w < companion.n_words);
                if let Some(word) = word {
                    tokens += count as f32;
                    let w = &companion.weights[word * k..][..k];
                    scores.iter_mut().zip(w).for_each(|(j, w)| *j += count as f32 * w);
                }
            }
            let length = tokens.max(1.0).sqrt();
            scores.iter_mut().for_each(|j| *j /= length);
        }
        all.extend(margins.into_iter().zip(scores));
    }
    all
}

fn fit_multi_label(problem: &Problem<'_>, parts: &mut NbSvmParts, mut margins: Vec<f32>) {
    let k = problem.n_labels;
    let is_gold = |d: usize, label: usize| problem.labels_of(d).binary_search(&(label as u32)).is_ok();
    parts.cuts = cuts(&margins, k, is_gold);
    for row in margins.chunks_exact_mut(k) {
        row.iter_mut().zip(&parts.cuts).for_each(|(m, t)| *m -= t);
    }
    parts.calibration = Calibration::fit_multi_label(&margins, k, is_gold);
}

/// Accuracy out of fold, and the best label's probability at every percent of the rows.
fn judge(problem: &Problem<'_>, model: &NbSvm, margins: &[f32], companions: &[f32]) -> (OutOfFold, Vec<f32>) {
    let k = problem.n_labels;
    let mut judged: Vec<(f64, bool)> = (0..problem.len())
        .map(|d| {
            let companion = if model.parts().calibration.lambda > 0.0 {
                companions[d * k..(d + 1) * k].to_vec()
            } else {
                Vec::new()
            };
            let scores = super::LinearScores { margins: margins[d * k..(d + 1) * k].to_vec(), companion, known: 1 };
            let best = model.probabilities(&scores).into_iter().fold(0.0, f64::max);
            let right = model.decide(&scores).iter().map(|&l| l as u32).eq(problem.labels_of(d).iter().copied());
            (best, right)
        })
        .collect();
    judged.sort_by(|x, y| x.0.total_cmp(&y.0).then(x.1.cmp(&y.1)));
    let n = judged.len();
    let share_right = |rows: &[(f64, bool)]| rows.iter().filter(|r| r.1).count() as f64 / rows.len().max(1) as f64;
    let at = |coverage: f64| share_right(&judged[n - ((n as f64 * coverage).ceil() as usize).clamp(1, n)..]);
    let report = OutOfFold {
        accuracy: share_right(&judged),
        at_coverage: (!problem.multi_label).then(|| [0.8, 0.9, 0.95].map(at)),
    };
    let confidence = (0..=100).map(|percent| judged[(percent * n / 100).min(n - 1)].0 as f32).collect();
    (report, confidence)
}
