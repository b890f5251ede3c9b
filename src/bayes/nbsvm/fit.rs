//! Fitting: choose features, solve, and once more on folds for everything that must not look at its own rows.

use linfa::ParamGuard;
use rayon::prelude::*;

use super::super::BayesError;
use super::calibration::{FittedCalibration, Scored};
use super::companion::{Companion, Totals};
use super::cuts::cuts;
use super::design::{Design, Entry};
use super::part::Part;
use super::prior::{Prepared, prepare};
use super::rows::Rows;
use super::solver::{Weights, solve};
use super::{Calibration, NbSvm, NbSvmParts, Problem, Quantized};

/// Parameters of [`NbSvm`], not yet checked.
///
/// | Name | Default | Purpose | Range |
/// |---|---|---|---|
/// | `max_features` | 50,000 | features that are kept before training; fewer with more than 2,000 labels | ≥ 1 |
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

/// Scores of training rows by models that have not seen them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HeldOutScores {
    /// Which row of the bag each is.
    pub rows: Vec<u32>,
    /// Which fold each was in; empty where nothing was held out.
    pub folds: Vec<usize>,
    /// [`NbSvm::joined_scores`] of each, one after another; empty where nothing was held out.
    pub scores: Vec<f32>,
}

/// Weights as they were fitted, before they are rounded to a byte each.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FloatWeights {
    /// Of the linear model, row-major `(n_features, n_labels)`.
    pub weights: Vec<f32>,
    /// Of the companion, for the first features likewise; empty without one.
    pub companion: Vec<f32>,
}

/// What out-of-fold scores say about the model: every row judged by a model that has not seen it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OutOfFold {
    /// Share of rows whose labels are all right.
    pub accuracy: f64,
    /// Mean log likelihood of the right answer: of the label, or over all labels of a multi-label model.
    pub log_likelihood: f64,
    /// Accuracy among the surest 80, 90 and 95 percent of the rows; only in a single-label model.
    pub at_coverage: Option<[f64; 3]>,
}

/// C of a single-label model from a thousand rows on; fewer rows have more, up to four times as much.
const COST: f64 = 0.5;
/// Below this many rows folds say nothing.
const LEAST_ROWS: usize = 6;
/// Features × labels take at most this many weights, 16 bytes each while fitting; with more labels features are fewer.
const MOST_WEIGHTS: usize = 100_000_000;
/// With more cells than this, (rows + features) × labels, the whole and the folds are fitted one after another.
const MOST_CELLS_AT_ONCE: usize = 50_000_000;

impl NbSvmValidParams {
    /// Whether probabilities and cuts are fitted on rows that are held out.
    pub fn calibrates(&self) -> bool {
        self.calibrate
    }

    /// How many features are kept at most.
    pub fn most_features(&self) -> usize {
        self.max_features
    }

    /// Fits a model to a problem.
    ///
    /// # Errors
    /// None today beyond those of making the problem; the result leaves room for limits.
    pub fn fit_problem(&self, problem: &Problem<'_>) -> Result<(NbSvm, Option<OutOfFold>), BayesError> {
        self.fit_keeping(problem, None, None)
    }

    /// [`fit_problem`](Self::fit_problem), and the weights before they were rounded, to measure what rounding costs.
    ///
    /// # Errors
    /// As there.
    pub fn fit_with_weights(
        &self,
        problem: &Problem<'_>,
    ) -> Result<(NbSvm, Option<OutOfFold>, FloatWeights), BayesError> {
        let mut exact = FloatWeights::default();
        let (model, report) = self.fit_keeping(problem, None, Some(&mut exact))?;
        Ok((model, report, exact))
    }

    /// [`fit_problem`](Self::fit_problem), and the scores behind its report, for models that build on this one.
    ///
    /// # Errors
    /// As there.
    pub fn fit_with_scores(
        &self,
        problem: &Problem<'_>,
    ) -> Result<(NbSvm, Option<OutOfFold>, HeldOutScores), BayesError> {
        let mut held_out = HeldOutScores { rows: problem.rows.clone(), folds: Vec::new(), scores: Vec::new() };
        let (model, report) = self.fit_keeping(problem, Some(&mut held_out), None)?;
        Ok((model, report, held_out))
    }

    fn fit_keeping(
        &self,
        problem: &Problem<'_>,
        held_out: Option<&mut HeldOutScores>,
        mut exact: Option<&mut FloatWeights>,
    ) -> Result<(NbSvm, Option<OutOfFold>), BayesError> {
        let with_folds = self.calibrate && problem.len() >= LEAST_ROWS;
        let folds = if with_folds { problem.folds(self.folds) } else { Vec::new() };
        // The whole and each fold are independent: all at once. Job 0 is the whole.
        let n_jobs = if with_folds { self.folds + 1 } else { 1 };
        let k = problem.n_labels;
        let n_features = self.n_features(problem).min(problem.bag.blocks().n_features() as usize);
        let least_part = (0..n_jobs).map(|job| folds.iter().filter(|&&fold| fold + 1 != job).count()).min();
        let rows = Rows::new(problem, least_part.filter(|_| with_folds).unwrap_or(problem.len()));
        let one = |job| self.job(problem, &rows, &folds, job);
        let mut jobs: Vec<Job> = if (problem.len() + n_features).saturating_mul(k) > MOST_CELLS_AT_ONCE {
            (0..n_jobs).map(one).collect()
        } else {
            (0..n_jobs).into_par_iter().map(one).collect()
        };
        let columns = rows.columns;
        // Of the folds only their scores are left.
        let Some(Whole { design, weights, companions }) = jobs.remove(0).whole else {
            return Err(BayesError::NoRows);
        };
        let mut parts = NbSvmParts {
            multi_label: problem.multi_label,
            design: design.renumbered(&columns, problem.bag.blocks()),
            bias: weights.bias,
            weights: Quantized::new(&weights.weights, k),
            companion_prior: Vec::new(),
            companion: Quantized::default(),
            calibration: if problem.multi_label { Calibration::MULTI_LABEL } else { Calibration::SINGLE_LABEL },
            cuts: if problem.multi_label { vec![0.0; k] } else { Vec::new() },
            at_least_one: problem.multi_label && (0..problem.len()).all(|d| !problem.labels_of(d).is_empty()),
            confidence: Vec::new(),
        };
        if let Some(exact) = &mut exact {
            exact.weights = weights.weights;
        }
        // Scores are rows × labels and may be large: what was gathered is let go.
        let margins = if with_folds { gather(problem, &jobs, |job| job.margins.as_slice()) } else { Vec::new() };
        jobs.iter_mut().for_each(|job| job.margins = Vec::new());
        let mut scores: Vec<Vec<f32>> = Vec::new();
        // The second companion's part of their common weight.
        let mut share = 0.0;
        if with_folds {
            for c in 0..companions.len() {
                scores.push(gather(problem, &jobs, |job| job.companion_scores[c].as_slice()));
                jobs.iter_mut().for_each(|job| job.companion_scores[c] = Vec::new());
            }
            let both: Vec<&[f32]> = scores.iter().map(Vec::as_slice).collect();
            let scored = Scored { margins: &margins, companions: &both, n_labels: k };
            if problem.multi_label {
                fit_multi_label(problem, &mut parts, &scored);
            } else {
                let gold: Vec<u32> = (0..problem.len()).map(|d| problem.labels_of(d)[0]).collect();
                let fitted = Calibration::fit_single_label(&scored, &gold);
                let lambda = fitted.lambdas[0] + fitted.lambdas[1];
                parts.calibration = Calibration { a: fitted.a, b: fitted.b, lambda };
                share = if lambda > 0.0 { fitted.lambdas[1] / lambda } else { 0.0 };
            }
        }
        // Without a single feature there is nothing that a companion could count.
        if parts.calibration.lambda > 0.0 && !parts.design.is_empty() {
            let companion = match &companions[..] {
                [words, complement] => Companion::mixed(words, complement, share),
                others => others[0].clone(),
            };
            parts.companion = Quantized::new(&companion.weights, k);
            parts.companion_prior = companion.prior;
            if let Some(exact) = exact {
                exact.companion = companion.weights;
            }
        }
        let model = NbSvm::from_parts(parts)?;
        if !with_folds {
            return Ok((model, None));
        }
        let mut companion_scores = scores.remove(0);
        if let Some(complement) = scores.pop() {
            let mixed = companion_scores.iter_mut().zip(&complement);
            mixed.for_each(|(j, other)| *j = (1.0 - share) as f32 * *j + share as f32 * other);
        }
        let (report, confidence) = judge(problem, &model, &margins, &companion_scores);
        if let Some(held_out) = held_out {
            let ratio = model.companion_ratio();
            let joined = margins.iter().zip(&companion_scores).map(|(m, j)| m + ratio * j);
            (held_out.folds, held_out.scores) = (folds, joined.collect());
        }
        let model = NbSvm::from_parts(NbSvmParts { confidence, ..model.parts().clone() })?;
        Ok((model, Some(report)))
    }

    /// Trains on everything (job 0) or on all folds but one, and scores the rows of that one.
    fn job(&self, problem: &Problem<'_>, rows: &Rows, folds: &[usize], job: usize) -> Job {
        let is_kept = |position: usize| job == 0 || folds[position] != job - 1;
        let held_out: Vec<usize> = (0..problem.len()).filter(|&position| !is_kept(position)).collect();
        let part = Part::new(problem, rows, is_kept);
        let n = part.len() as f64;
        let c = if problem.multi_label { 1.0 } else { COST * (1000.0 / n).sqrt().clamp(1.0, 4.0) };
        let Prepared { design, matrix, variances } = prepare(&part, self.n_features(problem));
        // A thread that has no fold left to fit counts meanwhile.
        let count = || {
            let totals = Totals::new(&design, &part);
            let complement = || Companion::complement(&design, &part, &totals);
            if problem.multi_label {
                return vec![complement()];
            }
            let (words, complement) = rayon::join(|| Companion::words(&design, &part, &totals), complement);
            vec![words, complement]
        };
        let solve = || solve(&matrix, variances, problem.n_labels, |d| part.labels_of(d), c as f32, self.seed);
        let (weights, companions) = rayon::join(solve, count);
        drop(matrix);
        let whole = Whole { design, weights, companions };
        let (margins, companion_scores) = whole.score(rows, &held_out);
        // Of the folds only their scores are needed further.
        Job { whole: (job == 0).then_some(whole), held_out, margins, companion_scores }
    }

    /// How many features are kept at most.
    fn n_features(&self, problem: &Problem<'_>) -> usize {
        self.max_features.min((MOST_WEIGHTS / problem.n_labels).max(1))
    }
}

struct Job {
    /// What was fitted to all rows.
    whole: Option<Whole>,
    held_out: Vec<usize>,
    /// Per held-out row and label.
    margins: Vec<f32>,
    /// Per companion, the same.
    companion_scores: Vec<Vec<f32>>,
}

/// The out-of-fold scores of all rows, put together from the jobs that held them out.
fn gather<'j>(problem: &Problem<'_>, jobs: &'j [Job], scores: impl Fn(&'j Job) -> &'j [f32]) -> Vec<f32> {
    let k = problem.n_labels;
    let mut all = vec![0f32; problem.len() * k];
    for job in jobs {
        for (&position, row) in job.held_out.iter().zip(scores(job).chunks_exact(k)) {
            all[position * k..(position + 1) * k].copy_from_slice(row);
        }
    }
    all
}

/// A fitted model, not yet made small.
struct Whole {
    design: Design,
    weights: Weights,
    companions: Vec<Companion>,
}

impl Whole {
    /// Margins and the scores of each companion, of the rows at these positions.
    fn score(&self, rows: &Rows, positions: &[usize]) -> (Vec<f32>, Vec<Vec<f32>>) {
        let k = self.weights.bias.len();
        let mut margins = Vec::with_capacity(positions.len() * k);
        let mut of_companions = vec![vec![0f32; positions.len() * k]; self.companions.len()];
        let (mut entries, mut counts): (Vec<Entry>, Vec<(u32, u32)>) = (Vec::new(), Vec::new());
        for (index, &position) in positions.iter().enumerate() {
            let row = rows.row(position);
            counts.clear();
            counts.extend(row.clone().filter_map(|(candidate, count)| Some((self.design.row_of(candidate)?, count))));
            self.design.weigh(row, &mut entries);
            let start = margins.len();
            margins.extend_from_slice(&self.weights.bias);
            let margins = &mut margins[start..];
            for &(feature, x) in &entries {
                let w = &self.weights.weights[feature as usize * k..][..k];
                margins.iter_mut().zip(w).for_each(|(m, w)| *m += x * w);
            }
            let length = counts.iter().map(|&(f, count)| count as f32 * self.design.block_weight(f as usize)).sum();
            for (companion, scores) in self.companions.iter().zip(&mut of_companions) {
                companion.score(&counts, length, &mut scores[index * k..(index + 1) * k]);
            }
        }
        (margins, of_companions)
    }
}

/// Cuts and probabilities from out-of-fold scores. The companion's say is added to the margins before they are cut; see
/// [`NbSvm::evidence`].
fn fit_multi_label(problem: &Problem<'_>, parts: &mut NbSvmParts, scored: &Scored<'_>) {
    let is_gold = |d: usize, label: usize| problem.labels_of(d).binary_search(&(label as u32)).is_ok();
    let FittedCalibration { a, b, lambdas: [lambda, _], .. } = Calibration::fit_multi_label(scored, is_gold);
    let mut margins = scored.margins.to_vec();
    for companion in scored.companions {
        margins.iter_mut().zip(*companion).for_each(|(m, j)| *m += (lambda / a) as f32 * j);
    }
    parts.cuts = cuts(&margins, problem.n_labels, is_gold);
    parts.calibration = Calibration { a, b, lambda };
}

fn log_likelihood(probabilities: &[f64], problem: &Problem<'_>, d: usize) -> f64 {
    let gold = problem.labels_of(d);
    let ln = |p: f64| libm::log(p.max(1e-12));
    if !problem.multi_label {
        return gold.first().map_or(0.0, |&label| ln(probabilities[label as usize]));
    }
    let of = |(k, &p): (usize, &f64)| ln(if gold.contains(&(k as u32)) { p } else { 1.0 - p });
    probabilities.iter().enumerate().map(of).sum()
}

/// Accuracy out of fold, and the best label's probability at every percent of the rows.
fn judge(problem: &Problem<'_>, model: &NbSvm, margins: &[f32], companions: &[f32]) -> (OutOfFold, Vec<f32>) {
    let k = problem.n_labels;
    let mut judged: Vec<(f64, bool, f64)> = (0..problem.len())
        .into_par_iter()
        .map(|d| {
            let companion = if model.parts().calibration.lambda > 0.0 {
                companions[d * k..(d + 1) * k].to_vec()
            } else {
                Vec::new()
            };
            let scores = super::LinearScores { margins: margins[d * k..(d + 1) * k].to_vec(), companion, known: 1 };
            let evidence = model.evidence(&scores);
            let probabilities = model.probabilities(&evidence);
            let best = probabilities.iter().copied().fold(0.0, f64::max);
            let right = model.decide(&evidence).iter().map(|&l| l as u32).eq(problem.labels_of(d).iter().copied());
            (best, right, log_likelihood(&probabilities, problem, d))
        })
        .collect();
    let likelihood: f64 = judged.iter().map(|j| j.2).sum();
    judged.sort_by(|x, y| x.0.total_cmp(&y.0).then(x.1.cmp(&y.1)));
    let n = judged.len();
    let share_right = |rows: &[(f64, bool, f64)]| rows.iter().filter(|r| r.1).count() as f64 / rows.len().max(1) as f64;
    let at = |coverage: f64| share_right(&judged[n - ((n as f64 * coverage).ceil() as usize).clamp(1, n)..]);
    let report = OutOfFold {
        accuracy: share_right(&judged),
        log_likelihood: likelihood / n as f64,
        at_coverage: (!problem.multi_label).then(|| [0.8, 0.9, 0.95].map(at)),
    };
    let probabilities: Vec<f64> = judged.iter().map(|j| j.0).collect();
    (report, confidence_table(&probabilities))
}

/// The probability at every percent of rows; `probabilities` ascend.
pub(super) fn confidence_table(probabilities: &[f64]) -> Vec<f32> {
    let n = probabilities.len();
    (0..=100).map(|percent| rounded_down(probabilities[(percent * n / 100).min(n - 1)])).collect()
}

/// The row whose probability is the threshold must reach it.
fn rounded_down(probability: f64) -> f32 {
    let nearest = probability as f32;
    if f64::from(nearest) > probability { nearest.next_down() } else { nearest }
}
