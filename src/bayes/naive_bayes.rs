//! Naive Bayes scores derived from counts.
//!
//! Letters: `x_f` how often the text has feature f, `N_fk` how often the rows of label k have it, `N_f` all rows,
//! `T_k`, `T` the sums over the features of a block, `V` the number of its features, α and λ the smoothing, w the weight
//! of the block. A score is a sum over blocks and features of `w x_f` times
//!
//! | | single-label | multi-label (label against the rest) |
//! |---|---|---|
//! | multinomial, Lidstone | `ln (N_fk+α)/(T_k+αV)` | the same − `ln (N_f−N_fk+α)/(T−T_k+αV)` |
//! | multinomial, Jelinek-Mercer | `ln [(1−λ) N_fk/T_k + λ b_f]`, `b_f = (N_f+1)/(T+V)` | the same − `ln b_f` |
//! | complement | `−ln (N_f−N_fk+α)/(T−T_k+αV)` | the same + `ln (N_f+α)/(T+αV)` |
//!
//! plus, for multinomial, the log prior (single-label) or log prior odds (multi-label). The single-label columns are
//! scikit-learn's `MultinomialNB` and `ComplementNB(norm=False)`; the complement of the last column asks how much
//! better the text fits all rows than the rows without the label, which in our measurements is far better for small
//! labels than the usual one-vs-rest ratio (`docs/design.md`, *Multi-label naive Bayes*).
//!
//! For a feature that label k never had, each formula is a part that does not depend on k or is a constant per block
//! and label. So a text is scored from the stored cells alone, and no dense matrix exists.

use std::sync::Arc;

use crate::features::{BagOfWords, Blocks};
use ndarray::Array2;

use super::posterior::{Link, arg_max, normalize, sigmoid};
use super::totals::{BlockTotals, Scope, ScopedFeature, totals};
use super::{BayesError, Estimator, LabelCounts, NaiveBayesValidParams, Prior, Smoothing};

/// The least probability of a label where "none of these" is a possible answer.
pub const LEAST_PROBABILITY: f64 = 0.1;

/// A naive Bayes model: counts, and how scores are derived from them.
#[derive(Clone, Debug)]
pub struct NaiveBayes {
    counts: LabelCounts,
    params: NaiveBayesValidParams,
    blocks: Blocks,
    multi_label: bool,
    with_none: bool,
    pub(super) scope: Scope,
    totals: Vec<BlockTotals>,
    /// Per block and class, the part of the score that each token brings whatever it is.
    base: Vec<f64>,
    /// Per class, the log prior or log prior odds.
    prior: Vec<f64>,
    pub(super) ln: LnTable,
}

/// What a text scores.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scores {
    /// Per label the joint log likelihood, or in a multi-label model the log odds against the rest; where rows may
    /// have no label, one more at the end for "none of these".
    pub values: Vec<f64>,
    /// The weighted number of known features in the text.
    pub length: f64,
}

impl NaiveBayes {
    /// Derives a model from counts.
    ///
    /// `multi_label` makes one decision per label; then rows with an empty label cell count as rows of no label when
    /// `empty_is_none` says so.
    ///
    /// # Errors
    /// [`BayesError::NoRows`] without a labelled row, [`BayesError::PriorLength`] for priors of other labels,
    /// [`BayesError::Columns`] where blocks and counts differ in columns.
    pub fn from_counts(
        counts: LabelCounts,
        params: NaiveBayesValidParams,
        blocks: Blocks,
        empty_is_none: bool,
    ) -> Result<Self, BayesError> {
        if counts.labelled_rows() == 0 {
            return Err(BayesError::NoRows);
        }
        if counts.n_features() != blocks.n_features() as usize {
            return Err(BayesError::Columns { found: counts.n_features(), expected: blocks.n_features() as usize });
        }
        let multi_label = params.multi_label || counts.has_rows_with_several_labels();
        let scope = Scope { with_empty: multi_label && empty_is_none, min_df: params.min_df };
        let totals = totals(&counts, &blocks, scope);
        let ln = LnTable::new(match params.smoothing {
            Smoothing::Lidstone(alpha) => alpha,
            Smoothing::JelinekMercer(_) => 1.0,
        });
        NaiveBayes::assemble(counts, params, blocks, multi_label, scope, totals, ln)
    }

    /// The model over these counts and totals, which need not be the sums of the counts.
    pub(super) fn assemble(
        counts: LabelCounts,
        params: NaiveBayesValidParams,
        blocks: Blocks,
        multi_label: bool,
        scope: Scope,
        totals: Vec<BlockTotals>,
        ln: LnTable,
    ) -> Result<Self, BayesError> {
        let with_none = scope.with_empty && counts.empty_rows() > 0;
        let (base, prior) = (Vec::new(), Vec::new());
        let mut model = NaiveBayes { counts, params, blocks, multi_label, with_none, scope, totals, base, prior, ln };
        model.prior = model.priors()?;
        model.base = model.bases();
        Ok(model)
    }

    /// The labels, and "none of these" where rows may have no label.
    fn n_classes(&self) -> usize {
        self.counts.n_labels() + usize::from(self.with_none)
    }

    fn priors(&self) -> Result<Vec<f64>, BayesError> {
        let n_labels = self.counts.n_labels();
        let default = match self.params.estimator {
            Estimator::Multinomial => &Prior::Empirical,
            Estimator::Complement => &Prior::Uniform,
        };
        let rows = self.counts.labelled_rows() + if self.with_none { self.counts.empty_rows() } else { 0 };
        let share = |k: usize| {
            let of_class = if k < n_labels { self.counts.label_rows()[k] } else { self.counts.empty_rows() };
            of_class as f64 / rows as f64
        };
        let probability: Vec<f64> = match self.params.prior.as_ref().unwrap_or(default) {
            Prior::Empirical => (0..self.n_classes()).map(share).collect(),
            Prior::Uniform if self.multi_label => vec![0.5; self.n_classes()],
            Prior::Uniform => vec![1.0 / n_labels as f64; n_labels],
            Prior::Given(given) if given.len() != n_labels => {
                return Err(BayesError::PriorLength { found: given.len(), expected: n_labels });
            }
            Prior::Given(given) if self.multi_label => {
                let none = self.with_none.then(|| share(n_labels));
                given.iter().copied().chain(none).collect()
            }
            Prior::Given(given) => {
                let sum: f64 = given.iter().sum();
                given.iter().map(|p| p / sum).collect()
            }
        };
        let to_log = |p: f64| match (self.params.estimator, self.multi_label) {
            (Estimator::Complement, _) => 0.0,
            (Estimator::Multinomial, true) => libm::log(p) - libm::log(1.0 - p),
            (Estimator::Multinomial, false) => libm::log(p),
        };
        Ok(probability.into_iter().map(to_log).collect())
    }

    fn bases(&self) -> Vec<f64> {
        let ln = libm::log;
        let mut base = Vec::with_capacity(self.totals.len() * self.n_classes());
        for block in &self.totals {
            let (t, v) = (block.tokens, block.n_features);
            for &t_k in &block.label_tokens[..self.n_classes()] {
                base.push(match (self.params.estimator, self.params.smoothing, self.multi_label) {
                    (Estimator::Multinomial, Smoothing::Lidstone(a), false) => -ln(t_k + a * v),
                    (Estimator::Multinomial, Smoothing::Lidstone(a), true) => ln(t - t_k + a * v) - ln(t_k + a * v),
                    // A label whose rows are all without words has nothing but the background.
                    (_, Smoothing::JelinekMercer(share), _) => {
                        if t_k == 0.0 {
                            -ln(share)
                        } else {
                            0.0
                        }
                    }
                    (Estimator::Complement, Smoothing::Lidstone(a), false) => ln(t - t_k + a * v),
                    (Estimator::Complement, Smoothing::Lidstone(a), true) => ln(t - t_k + a * v) - ln(t + a * v),
                });
            }
        }
        base
    }

    /// The part of a feature's score that is the same for all classes, per occurrence.
    pub(super) fn common(&self, feature: &ScopedFeature<'_>, block: &BlockTotals) -> f64 {
        match (self.params.estimator, self.params.smoothing, self.multi_label) {
            (Estimator::Multinomial, Smoothing::Lidstone(_), false) => self.ln.of(0),
            (Estimator::Multinomial, Smoothing::Lidstone(_), true) => self.ln.of(0) - self.ln.of(feature.total),
            (_, Smoothing::JelinekMercer(share), false) => libm::log(share * background(feature, block)),
            (_, Smoothing::JelinekMercer(share), true) => libm::log(share),
            (Estimator::Complement, Smoothing::Lidstone(_), false) => -self.ln.of(feature.total),
            (Estimator::Complement, Smoothing::Lidstone(_), true) => 0.0,
        }
    }

    /// What a class that has the feature `count` times scores more than one that never had it, per occurrence.
    pub(super) fn delta(&self, feature: &ScopedFeature<'_>, block: &BlockTotals, class: usize, count: u32) -> f64 {
        let count_ = u64::from(count);
        let of_others = || self.ln.of(feature.total) - self.ln.of(feature.total - count_);
        match (self.params.estimator, self.params.smoothing) {
            (Estimator::Multinomial, Smoothing::Lidstone(_)) => {
                let own = self.ln.of(count_) - self.ln.of(0);
                if self.multi_label { own + of_others() } else { own }
            }
            (_, Smoothing::JelinekMercer(share)) => {
                let own = f64::from(count) / block.label_tokens[class];
                libm::log1p((1.0 - share) / share * own / background(feature, block))
            }
            (Estimator::Complement, Smoothing::Lidstone(_)) => of_others(),
        }
    }

    /// Scores one row of (feature, count) into `scores`, whose memory is used again.
    ///
    /// # Panics
    /// When a feature is not below the number of features of the model.
    pub fn score_into(&self, row: impl IntoIterator<Item = (u32, u32)>, scores: &mut Scores) {
        let n_classes = self.n_classes();
        scores.values.clear();
        scores.values.extend_from_slice(&self.prior);
        scores.length = 0.0;
        let mut common = 0.0;
        let mut block_index = 0;
        let mut block_length = 0.0;
        let row: Vec<(u32, u32)> = row.into_iter().collect();
        for (i, &(feature, count)) in row.iter().enumerate() {
            if i % LabelCounts::AHEAD == 0 {
                self.counts.touch(&row[i..row.len().min(i + LabelCounts::AHEAD)]);
            }
            while feature >= self.block_end(block_index) {
                self.add_base(block_index, block_length, scores);
                (block_index, block_length) = (block_index + 1, 0.0);
            }
            let Some(cells) = self.scope.feature(&self.counts, feature as usize) else { continue };
            let block = &self.totals[block_index];
            let x = self.weight(block_index) * f64::from(count);
            block_length += x;
            common += x * self.common(&cells, block);
            for (&label, &n) in cells.labels.iter().zip(cells.counts) {
                scores.values[label as usize] += x * self.delta(&cells, block, label as usize, n);
            }
            if self.with_none && cells.empty > 0 {
                scores.values[n_classes - 1] += x * self.delta(&cells, block, n_classes - 1, cells.empty);
            }
        }
        self.add_base(block_index, block_length, scores);
        for value in &mut scores.values {
            *value += common;
        }
    }

    fn block_end(&self, block: usize) -> u32 {
        self.blocks.iter().nth(block).map_or(u32::MAX, |b| b.columns.end)
    }

    pub(super) fn weight(&self, block: usize) -> f64 {
        self.blocks.iter().nth(block).map_or(0.0, |b| b.weight)
    }

    /// Adds a finished block's constant parts. A block without tokens may have no features: ln 0 stays out.
    fn add_base(&self, block: usize, length: f64, scores: &mut Scores) {
        if length > 0.0 {
            scores.length += length;
            for (value, &b) in scores.values.iter_mut().zip(self.base_of(block)) {
                *value += length * b;
            }
        }
    }

    /// Per class, the part of a block that each token brings whatever it is.
    pub(super) fn base_of(&self, block: usize) -> &[f64] {
        let n_classes = self.n_classes();
        &self.base[block * n_classes..(block + 1) * n_classes]
    }

    /// The scores of one row.
    pub fn score(&self, row: impl IntoIterator<Item = (u32, u32)>) -> Scores {
        let mut scores = Scores::default();
        self.score_into(row, &mut scores);
        scores
    }

    /// Scores of shape `(n_rows, n_labels)`: joint log likelihoods (scikit-learn's `joint_log_likelihood`), or in a
    /// multi-label model log odds.
    ///
    /// # Panics
    /// When the bag has other columns than the model, as linfa's estimators do.
    pub fn joint_log_likelihood(&self, bag: &BagOfWords) -> Array2<f64> {
        self.assert_columns(bag);
        let n_labels = self.counts.n_labels();
        let mut all = Array2::zeros((bag.n_rows(), n_labels));
        let mut scores = Scores::default();
        for (i, (columns, counts)) in bag.rows().enumerate() {
            self.score_into(pairs(columns, counts), &mut scores);
            all.row_mut(i).assign(&ndarray::aview1(&scores.values[..n_labels]));
        }
        all
    }

    /// What scores say on the scale of probabilities: per label, and last for "none of these" where that can be, the
    /// log probability up to a common summand in a single-label model, log odds in a multi-label one. See
    /// [`posterior`](super::posterior).
    pub fn evidence(&self, scores: &Scores) -> Vec<f64> {
        let link = match (self.params.estimator, self.multi_label) {
            (Estimator::Multinomial, _) => Link::MULTINOMIAL,
            (Estimator::Complement, false) => Link::COMPLEMENT_SINGLE,
            (Estimator::Complement, true) => Link::COMPLEMENT_MULTI,
        };
        scores.values.iter().map(|&s| link.apply(s, scores.length)).collect()
    }

    /// Probabilities from [`evidence`](Self::evidence), per label: they sum to one over a single-label model, and stand
    /// each for itself in a multi-label one.
    pub fn probabilities(&self, evidence: &[f64]) -> Vec<f64> {
        let mut values = evidence[..self.counts.n_labels()].to_vec();
        if self.multi_label {
            values.iter_mut().for_each(|v| *v = sigmoid(*v));
        } else {
            normalize(&mut values);
        }
        values
    }

    /// The labels that follow from [`evidence`](Self::evidence), ascending: the best one in a single-label model; in a
    /// multi-label one the best one and every other whose probability is above a half. Where rows may have no label,
    /// the best one falls as well when "none of these" scores higher or its own probability is below
    /// [`LEAST_PROBABILITY`].
    pub fn decide(&self, evidence: &[f64]) -> Vec<usize> {
        let Some(best) = arg_max(evidence) else { return Vec::new() };
        if !self.multi_label {
            return vec![best];
        }
        if best == self.counts.n_labels() {
            return Vec::new();
        }
        let probabilities = self.probabilities(evidence);
        if self.with_none && probabilities[best] < LEAST_PROBABILITY {
            return Vec::new();
        }
        (0..probabilities.len()).filter(|&k| k == best || probabilities[k] > 0.5).collect()
    }

    /// The weight of every feature for one label, shape `(n_features,)`: what one occurrence adds to the label's
    /// score, without the block's weight. scikit-learn's `feature_log_prob_`. 0 where the feature does not take part.
    ///
    /// # Panics
    /// When there is no such label.
    pub fn feature_weights(&self, label: usize) -> Vec<f64> {
        assert!(label < self.counts.n_labels(), "label {label} of {}", self.counts.n_labels());
        let mut weights = vec![0.0; self.counts.n_features()];
        for (g, block) in self.blocks.iter().enumerate() {
            let base = self.base[g * self.n_classes() + label];
            for f in block.columns.clone() {
                if let Some(cells) = self.scope.feature(&self.counts, f as usize) {
                    let cell = cells.labels.binary_search(&(label as u32));
                    let delta = cell.map_or(0.0, |i| self.delta(&cells, &self.totals[g], label, cells.counts[i]));
                    weights[f as usize] = base + self.common(&cells, &self.totals[g]) + delta;
                }
            }
        }
        weights
    }

    /// Log priors (single-label) or log prior odds (multi-label), per label.
    pub fn log_prior(&self) -> &[f64] {
        &self.prior[..self.counts.n_labels()]
    }

    /// Whether "none of these" is a possible answer.
    pub fn has_none(&self) -> bool {
        self.with_none
    }

    /// Whether each label is decided by itself.
    pub fn is_multi_label(&self) -> bool {
        self.multi_label
    }

    /// The totals of each block.
    pub(super) fn totals(&self) -> &[BlockTotals] {
        &self.totals
    }

    /// The counts behind the model.
    pub fn counts(&self) -> &LabelCounts {
        &self.counts
    }

    /// The parameters.
    pub fn params(&self) -> &NaiveBayesValidParams {
        &self.params
    }

    /// The blocks of columns.
    pub fn blocks(&self) -> &Blocks {
        &self.blocks
    }

    pub(crate) fn assert_columns(&self, bag: &BagOfWords) {
        let (found, expected) = (bag.blocks().n_features() as usize, self.counts.n_features());
        assert!(found == expected, "{}", BayesError::Columns { found, expected });
    }
}

/// Columns and counts as pairs.
pub(crate) fn pairs<'a>(columns: &'a [u32], counts: &'a [u32]) -> impl Iterator<Item = (u32, u32)> + Clone + 'a {
    columns.iter().copied().zip(counts.iter().copied())
}

fn background(feature: &ScopedFeature<'_>, block: &BlockTotals) -> f64 {
    (feature.total as f64 + 1.0) / (block.tokens + block.n_features)
}

/// `ln(n + α)`, from a table for the small counts that most are.
#[derive(Clone, Debug)]
pub(super) struct LnTable {
    alpha: f64,
    /// Shared: leaving a row out makes a model a row.
    table: Arc<[f64]>,
}

impl LnTable {
    const SIZE: u64 = 512;

    fn new(alpha: f64) -> Self {
        LnTable { alpha, table: (0..Self::SIZE).map(|n| libm::log(n as f64 + alpha)).collect() }
    }

    fn of(&self, n: u64) -> f64 {
        match self.table.get(n as usize) {
            Some(&value) => value,
            None => libm::log(n as f64 + self.alpha),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{NaiveBayesParams, Smoothing};
    use super::*;
    use crate::corpus::LabelId;
    use approx::assert_abs_diff_eq;
    use linfa::prelude::*;
    use ndarray::{Array1, array};

    /// The example of Manning, Raghavan and Schütze, Introduction to Information Retrieval (2008), table 13.1: words
    /// Beijing, Chinese, Japan, Macao, Shanghai, Tokyo; labels 0 = not China, 1 = China.
    fn textbook() -> DatasetBase<BagOfWords, Array1<LabelId>> {
        let rows = array![[1, 2, 0, 0, 0, 0], [0, 2, 0, 0, 1, 0], [0, 1, 0, 1, 0, 0], [0, 1, 1, 0, 0, 1]];
        DatasetBase::new(BagOfWords::from_dense(&rows), array![1, 1, 1, 0].mapv(LabelId))
    }

    fn best(model: &NaiveBayes, bag: &BagOfWords) -> Vec<u32> {
        let labels: Array1<LabelId> = model.predict(bag);
        labels.iter().map(|l| l.0).collect()
    }

    #[test]
    fn the_textbook_example_comes_out() {
        let model = NaiveBayes::multinomial().alpha(1.0).fit(&textbook()).unwrap();
        let d5 = BagOfWords::from_dense(&array![[0, 3, 1, 0, 0, 1]]);
        let jll = model.joint_log_likelihood(&d5);
        // Page 261: P(c|d5) ∝ 3/4 · (3/7)³ · 1/14 · 1/14 ≈ .0003 and 1/4 · (2/9)³ · 2/9 · 2/9 ≈ .0001.
        assert_abs_diff_eq!(jll[[0, 1]], (0.75 * (3f64 / 7.).powi(3) / 14. / 14.).ln(), epsilon = 1e-12);
        assert_abs_diff_eq!(jll[[0, 0]], (0.25 * (2f64 / 9.).powi(5)).ln(), epsilon = 1e-12);
        assert_eq!(best(&model, &d5), [1]);
    }

    #[test]
    fn a_row_without_features_gets_the_likeliest_label_and_ties_the_first() {
        let empty = BagOfWords::from_dense(&array![[0, 0, 0, 0, 0, 0]]);
        let model = NaiveBayes::multinomial().fit(&textbook()).unwrap();
        assert_eq!(best(&model, &empty), [1]);
        let model = NaiveBayes::multinomial().prior(Prior::Uniform).fit(&textbook()).unwrap();
        assert_eq!(best(&model, &empty), [0]);
    }

    #[test]
    fn scores_are_the_sum_of_feature_weights() {
        let data = textbook();
        for params in [
            NaiveBayes::multinomial().alpha(0.3),
            NaiveBayes::multinomial().jelinek_mercer(0.5),
            NaiveBayes::complement(),
            NaiveBayes::multinomial().min_df(2),
            NaiveBayes::complement().multi_label(true),
            NaiveBayes::multinomial().multi_label(true),
            NaiveBayes::multinomial().multi_label(true).jelinek_mercer(0.3),
        ] {
            let model = params.fit(&data).unwrap();
            let jll = model.joint_log_likelihood(data.records());
            let dense = data.records().to_dense();
            for label in 0..2 {
                let expected = dense.dot(&Array1::from(model.feature_weights(label))) + model.log_prior()[label];
                assert_abs_diff_eq!(jll.column(label).to_owned(), expected, epsilon = 1e-9);
            }
        }
    }

    #[test]
    fn jelinek_mercer_probabilities_sum_to_one() {
        let model = NaiveBayes::multinomial().jelinek_mercer(0.4).fit(&textbook()).unwrap();
        for label in 0..2 {
            let sum: f64 = model.feature_weights(label).iter().map(|w| w.exp()).sum();
            assert_abs_diff_eq!(sum, 1.0, epsilon = 1e-12);
        }
    }

    #[test]
    fn a_label_in_every_row_gives_no_nan() {
        let targets = array![[true, false], [true, true], [true, false], [true, false]];
        let data = DatasetBase::new(textbook().records, targets);
        for params in [NaiveBayes::multinomial(), NaiveBayes::complement()] {
            let model = params.fit(&data).unwrap();
            let scores = model.score([(1, 3), (2, 1)]);
            assert!(
                model.probabilities(&model.evidence(&scores)).iter().all(|p| (0.0..=1.0).contains(p)),
                "{scores:?}"
            );
        }
    }

    #[test]
    fn rows_without_a_label_can_win() {
        let rows = array![[3, 0, 0], [2, 1, 0], [0, 3, 0], [0, 2, 0], [0, 0, 4], [0, 0, 3]];
        let targets = array![[true, false], [true, true], [false, true], [false, true], [false, false], [false, false]];
        let model = NaiveBayes::complement().fit(&DatasetBase::new(BagOfWords::from_dense(&rows), targets)).unwrap();
        let predicted: Array2<bool> = model.predict(&BagOfWords::from_dense(&array![[2, 0, 0], [0, 0, 2], [0, 2, 0]]));
        assert_eq!(predicted, array![[true, false], [false, false], [false, true]]);
    }

    #[test]
    fn wrong_columns_are_an_error_in_fitting_with_counts() {
        let counts = NaiveBayes::complement().fit(&textbook()).unwrap().counts().clone();
        let params = NaiveBayesParams::new(Estimator::Complement).smoothing(Smoothing::Lidstone(1.0)).check().unwrap();
        let error = NaiveBayes::from_counts(counts, params, Blocks::single(5), false).unwrap_err();
        assert_eq!(error, BayesError::Columns { found: 6, expected: 5 });
    }
}
