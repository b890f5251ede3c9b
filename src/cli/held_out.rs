//! What `cross-validate` and `audit` have in common: rows into memory, each judged by a model that has not seen it.

use std::path::PathBuf;

use crate::bayes::{BaselineKind, DenseBaseline};
use crate::corpus::{FoldRow, Folds, InputFormat, Row, StratifiedFolds, times};
use crate::features::FeatureSettings;
use crate::tagger::held_out::{DenseOptions, HeldOut, HeldOutError, Learner, cross_validate, leave_one_out};
use crate::tagger::{TrainError, TrainOptions};

use super::args::{AnyEstimator, FoldCount, Global, HoldingOut, Learning, RowInput};
use super::failure::{Failure, say_warning};
use super::inputs::{Chunks, column_of, names, open, read_options, sources};
use super::learning::{Asked, usage};
use super::progress::Progress;
use super::style::count;

/// What was asked for.
pub struct Request<'a> {
    pub inputs: &'a [PathBuf],
    pub rows: &'a RowInput,
    pub holding_out: &'a HoldingOut,
    /// The column of the time, where the past is to answer the future.
    pub time: Option<&'a str>,
    pub estimator: Option<AnyEstimator>,
    pub learning: &'a Learning,
}

/// The rows and what was made of them.
pub struct Judged {
    pub rows: Vec<Row>,
    pub held_out: HeldOut,
}

impl Request<'_> {
    /// Reads and judges all rows.
    pub fn judge(&self, global: &Global, progress: &mut Progress) -> Result<Judged, Failure> {
        self.check_flags()?;
        let mut options = read_options(self.rows)?;
        options.plain_format = Some(InputFormat::FastText);
        options.keep_columns = self.holding_out.group.is_some() || self.time.is_some();
        let inputs = sources(self.inputs);
        let reader = open(&inputs, &options)?;
        let facets = reader.facets().to_vec();
        let learner = self.learner(&facets)?;
        let (mut rows, mut groups, mut written) = (Vec::new(), Vec::new(), Vec::new());
        let mut chunks = Chunks::new(reader, self.rows.on_bad_row, global.quiet);
        loop {
            let chunk = chunks.next_chunk()?;
            if chunk.is_empty() {
                break;
            }
            for mut row in chunk {
                if let Some(column) = &self.holding_out.group {
                    groups.push(column_of(&row, column, "group by", "--group")?);
                }
                if let Some(column) = self.time {
                    written.push(column_of(&row, column, "put the rows in order by", "--split time:COLUMN")?);
                }
                row.columns = Vec::new();
                rows.push(row);
            }
            progress.update(chunks.reader());
        }
        chunks.finish()?;
        let file = names(&inputs);
        if rows.is_empty() {
            return Err(Failure::new(format!("{file}: {}", TrainError::NoRows)));
        }
        let groups = self.holding_out.group.is_some().then_some(groups);
        let mut report = |done, of| progress.steps(done, of, self.step());
        let held_out = match (self.holding_out.folds, &learner) {
            (FoldCount::LeaveOneOut, Learner::Tagger(options)) => {
                leave_one_out(&rows, &facets, options, groups.as_deref(), &mut report)
            }
            // Refused with the flags.
            (FoldCount::LeaveOneOut, Learner::Dense(_)) => Err(HeldOutError::NotAdditive),
            (FoldCount::Parts(parts), learner) => {
                let folds = match self.time {
                    Some(column) => by_time(&rows, &written, column, parts, &file)?,
                    None => self.deal(&rows, groups.as_deref(), parts, &file)?,
                };
                cross_validate(&rows, &facets, learner, &folds, groups.as_deref(), &mut report)
            }
        };
        progress.finish();
        let held_out = held_out.map_err(|error| self.failure(error, &file))?;
        Ok(Judged { rows, held_out })
    }

    /// What there is one of in each step of the work.
    fn step(&self) -> &'static str {
        if self.holding_out.folds == FoldCount::LeaveOneOut { "rows" } else { "folds" }
    }

    fn deal(&self, rows: &[Row], groups: Option<&[String]>, folds: usize, file: &str) -> Result<Folds, Failure> {
        let group = |i: usize| groups.map(|groups| groups[i].as_str());
        let rows: Vec<FoldRow<'_>> = rows.iter().enumerate().map(|(i, row)| FoldRow::new(row, group(i))).collect();
        let dealt = StratifiedFolds { folds, seed: self.holding_out.seed }.deal(&rows);
        dealt.map_err(|error| Failure::new(format!("{file}: {error} (--folds)")))
    }

    fn learner(&self, facets: &[String]) -> Result<Learner, Failure> {
        let leave_out_unlabelled = self.rows.label.is_empty();
        let kind = match self.estimator {
            Some(AnyEstimator::LinfaGaussian) => BaselineKind::Gaussian,
            Some(AnyEstimator::LinfaBernoulli) => BaselineKind::Bernoulli,
            other => {
                let asked = Asked {
                    estimator: other.and_then(AnyEstimator::to_train),
                    seed: self.holding_out.seed,
                    seed_is_for_training: false,
                    learning: self.learning,
                };
                let options = TrainOptions { leave_out_unlabelled, fingerprints: false, ..asked.options(facets)? };
                return Ok(Learner::Tagger(Box::new(options)));
            }
        };
        let features =
            FeatureSettings { ngrams: self.learning.ngrams, prefixes: !self.learning.no_prefixes, places: false };
        let top = self.learning.max_features.map_or(DenseBaseline::TOP, Into::into);
        Ok(Learner::Dense(DenseOptions { kind, features, top, leave_out_unlabelled }))
    }

    /// Flags that would not be looked at are wrong usage.
    fn check_flags(&self) -> Result<(), Failure> {
        let wrong = |message: &str| Err(Failure::Usage(message.into()));
        let (learning, is_loo) = (self.learning, self.holding_out.folds == FoldCount::LeaveOneOut);
        let is_additive = matches!(self.estimator, Some(AnyEstimator::Complement | AnyEstimator::Multinomial));
        if is_loo && !is_additive {
            return wrong(
                "--folds loo takes a row's counts out of the model, so it goes with --estimator complement or multinomial; hold out parts instead, for instance --folds 10",
            );
        }
        if is_loo && (self.holding_out.group.is_some() || self.time.is_some() || self.holding_out.seed != 0) {
            return wrong(
                "--group, --split and --seed have no effect on --folds loo, which holds out one row at a time",
            );
        }
        if self.time.is_some() && self.holding_out.group.is_some() {
            return wrong(
                "--group goes without --split time:COLUMN, which cuts where time says and not where groups end",
            );
        }
        let is_dense = matches!(self.estimator, Some(AnyEstimator::LinfaGaussian | AnyEstimator::LinfaBernoulli));
        let for_others = learning.min_df.is_some()
            || learning.alpha.is_some()
            || learning.jelinek_mercer.is_some()
            || learning.prior.is_some()
            || learning.no_calibrate
            || learning.asks_for_countries()
            || learning.places
            || !learning.multi.is_empty()
            || learning.empty.is_some();
        if is_dense && for_others {
            return wrong(
                "linfa-gaussian and linfa-bernoulli take --ngrams, --no-prefixes and --max-features and nothing else; leave the other settings out or choose another estimator",
            );
        }
        Ok(())
    }

    /// What was wrong with the rows or with the prior, after the name of the file that held them.
    fn failure(&self, error: HeldOutError, file: &str) -> Failure {
        match error {
            HeldOutError::Train(error @ (TrainError::Bayes(_) | TrainError::UnknownFacet { .. })) => usage(error),
            HeldOutError::Train(error @ (TrainError::PriorLabel { .. } | TrainError::PriorMissing { .. }))
            | HeldOutError::Fold {
                error: error @ (TrainError::PriorLabel { .. } | TrainError::PriorMissing { .. }),
                ..
            } => Failure::new(format!("{}: {error}", self.learning.prior.as_deref().unwrap_or(file))),
            HeldOutError::Fold { error: error @ TrainError::Bayes(_), .. } => usage(error),
            HeldOutError::NotAdditive => Failure::Usage(error.to_string()),
            other => Failure::new(format!("{file}: {other}")),
        }
    }
}

fn by_time(rows: &[Row], written: &[String], column: &str, blocks: usize, file: &str) -> Result<Folds, Failure> {
    let written: Vec<&str> = written.iter().map(String::as_str).collect();
    let times = times(&written).map_err(|(row, error)| {
        let place = &rows[row].place;
        Failure::new(format!("{place}: row {}, column '{column}': {error}", place.row))
    })?;
    Folds::by_time(&times, blocks)
        .map_err(|error| Failure::new(format!("{file}: column '{column}': {error} (--folds)")))
}

/// What people should know about the rows that were left out.
pub fn say_left_out(held_out: &HeldOut) {
    for facet in &held_out.left_out {
        say_warning(&format!("facet '{facet}' is left out: no row has a label in it"));
    }
    for facet in held_out.facets.iter().filter(|facet| facet.unlabelled > 0) {
        let (name, rows) = (facet.outcomes.name(), count(facet.unlabelled as u64, "row"));
        say_warning(&format!("facet '{name}': {rows} without a label left out"));
    }
}
