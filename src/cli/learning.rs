//! From the flags of learning to options of training.

use std::num::NonZeroU32;

use crate::bayes::nbsvm::NbSvmParams;
use crate::bayes::{self, Smoothing};
use crate::corpus::Source;
use crate::features::FeatureSettings;
use crate::places::Gazetteer;
use crate::tagger::{CountryOptions, EmptyCells, Method, PriorChoice, TrainError, TrainOptions};

use super::args::{Estimator, Learning};
use super::country_labels;
use super::failure::Failure;
use super::prior_file;

/// What was asked for.
pub struct Asked<'a> {
    /// The estimator, if one was named.
    pub estimator: Option<Estimator>,
    /// The order of rows in training.
    pub seed: u64,
    /// Whether the seed is for nothing else, so that an estimator without chance has no use for it.
    pub seed_is_for_training: bool,
    /// All other flags.
    pub learning: &'a Learning,
}

impl Asked<'_> {
    /// The options of training these facets, without a card.
    ///
    /// # Errors
    /// Flags that do not go together, files that cannot be read.
    pub fn options(&self, facets: &[String]) -> Result<TrainOptions, Failure> {
        self.check_flags()?;
        let args = self.learning;
        let estimator = self.estimator.unwrap_or(Estimator::Nbsvm);
        Ok(TrainOptions {
            features: FeatureSettings { ngrams: args.ngrams, places: args.places, prefixes: !args.no_prefixes },
            method: match estimator.method() {
                Method::NbSvm(params) => {
                    let params = params.calibrate(!args.no_calibrate).seed(self.seed);
                    let max_features = args.max_features.map(Into::into);
                    Method::NbSvm(max_features.map_or(params, |n| params.max_features(n)))
                }
                counts => counts,
            },
            smoothing: match args.jelinek_mercer {
                Some(share) => Smoothing::JelinekMercer(share),
                None => Smoothing::Lidstone(args.alpha.unwrap_or(0.3)),
            },
            prior: args.prior.as_deref().map_or(Ok(PriorChoice::Default), |p| prior_file::parse(p, facets))?,
            min_df: args.min_df.map_or(1, NonZeroU32::get),
            multi: args.multi.clone(),
            empty: args.empty.map_or(EmptyCells::Auto, EmptyCells::from),
            countries: self.country_options()?,
            ..TrainOptions::default()
        })
    }

    /// Places are looked at unless the user chose an estimator, which then learns country labels like any others.
    fn country_options(&self) -> Result<CountryOptions, Failure> {
        let args = self.learning;
        let read = |path: &std::path::PathBuf| {
            let name = path.display().to_string();
            let text = Source::parse(path).read_text(None)?;
            Ok::<_, Failure>((name, text))
        };
        let labels = args.country_labels.as_deref().map(country_labels::read).transpose()?;
        let home = args.home.as_deref().map(|code| {
            let countries = Gazetteer::embedded().map_err(|e| Failure::new(e.to_string()))?;
            countries.code_of_label(code).ok_or_else(|| {
                Failure::Usage(format!(
                    "--home is '{code}'; expected an ISO 3166-1 code or an English name, for instance GB"
                ))
            })
        });
        Ok(CountryOptions {
            recognise: self.estimator.is_none(),
            home: home.transpose()?,
            gazetteer: args.gazetteer.as_ref().map(read).transpose()?,
            labels: labels.unwrap_or_default(),
            unlabelled: (args.places && self.estimator.is_none() && !args.no_calibrate).then(|| "region".to_owned()),
        })
    }

    /// Flags that the estimator would not look at are wrong usage.
    fn check_flags(&self) -> Result<(), Failure> {
        let args = self.learning;
        let wrong = |message: &str| Err(Failure::Usage(message.into()));
        let estimator = self.estimator.unwrap_or(Estimator::Nbsvm);
        let is_nbsvm = estimator == Estimator::Nbsvm;
        if args.asks_for_countries() && (self.estimator.is_some() || args.no_calibrate) {
            return wrong(
                "--home, --gazetteer and --country-labels go without --estimator and --no-calibrate: places are looked up by default only",
            );
        }
        match estimator {
            Estimator::Nbsvm if args.alpha.is_some() => {
                wrong("--alpha goes with --estimator complement or multinomial; nbsvm has no such setting")
            }
            Estimator::Nbsvm if args.min_df.is_some() => {
                wrong("--min-df goes with --estimator complement or multinomial; nbsvm chooses its features itself")
            }
            Estimator::Nbsvm if args.prior.is_some() => {
                wrong("--prior goes with --estimator multinomial; nbsvm learns how frequent labels are")
            }
            Estimator::Complement if args.prior.is_some() => wrong(
                "--prior has no effect on the complement estimator, which ignores priors; leave it out or use --estimator multinomial",
            ),
            Estimator::Nbsvm | Estimator::Complement if args.jelinek_mercer.is_some() => {
                wrong("--jelinek-mercer goes with --estimator multinomial")
            }
            _ if args.no_calibrate && !is_nbsvm => wrong("--no-calibrate goes with --estimator nbsvm"),
            _ if args.max_features.is_some() && !is_nbsvm => {
                wrong("--max-features goes with --estimator nbsvm; counts are kept of all")
            }
            _ if self.seed != 0 && self.seed_is_for_training && !is_nbsvm => {
                wrong("--seed goes with --estimator nbsvm; counting has no chance in it")
            }
            _ => Ok(()),
        }
    }
}

impl Estimator {
    /// The estimator with its default settings.
    pub fn method(self) -> Method {
        match self {
            Estimator::Nbsvm => Method::NbSvm(NbSvmParams::default()),
            Estimator::Complement => Method::NaiveBayes(bayes::Estimator::Complement),
            Estimator::Multinomial => Method::NaiveBayes(bayes::Estimator::Multinomial),
        }
    }
}

impl Learning {
    /// Whether a flag is about facets of countries.
    pub fn asks_for_countries(&self) -> bool {
        // The areas of `--places` are looked up in the gazetteer, too.
        self.home.is_some() || (self.gazetteer.is_some() && !self.places) || self.country_labels.is_some()
    }
}

/// Parameters that are out of range are wrong usage.
pub fn usage(error: TrainError) -> Failure {
    match error {
        TrainError::Bayes(_) | TrainError::UnknownFacet { .. } => Failure::Usage(error.to_string()),
        other => other.into(),
    }
}
