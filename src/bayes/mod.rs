//! **3 MODEL**: naive Bayes over bags of words, in linfa's grammar.
//!
//! [`LabelCounts`] is the model: integer counts of features per label, sums that can be added to and taken from.
//! [`NaiveBayes`] derives scores from them at use, `multinomial` or `complement`, single- or multi-label, and
//! [`posterior`] turns scores into probabilities. With linfa's words:
//!
//! ```
//! use linfa::prelude::*;
//! use ndarray::{Array1, array};
//! use wiredesk::bayes::NaiveBayes;
//! use wiredesk::corpus::LabelId;
//! use wiredesk::features::{FeatureExtractor, FeatureSettings};
//!
//! let texts = ["the striker scored", "the bank cut rates", "scored twice", "rates rose"];
//! let (extractor, bag) = FeatureExtractor::fit(&texts, FeatureSettings::default())?;
//! let targets = array![LabelId(0), LabelId(1), LabelId(0), LabelId(1)];
//! let model = NaiveBayes::complement().alpha(0.3).fit(&DatasetBase::new(bag, targets))?;
//!
//! let new = extractor.transform(&["the bank rates"]);
//! let labels: Array1<LabelId> = model.predict(&new);
//! assert_eq!(labels, array![LabelId(1)]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod baselines;
mod bridge;
mod contributions;
mod counts;
mod counts_builder;
mod counts_sum;
mod error;
mod fit;
mod informative;
mod leave_one_out;
mod naive_bayes;
pub mod nbsvm;
mod params;
pub mod posterior;
mod targets;
mod totals;

pub use baselines::{BaselineKind, DenseBaseline};
pub(crate) use counts::Extra;
pub use counts::{LabelCounts, LabelCountsParts};
pub use counts_builder::CountsBuilder;
pub use error::BayesError;
pub use informative::InformativeFeature;
pub use leave_one_out::LeftOut;
pub use naive_bayes::{LEAST_PROBABILITY, NaiveBayes, Scores};
pub use params::{Estimator, NaiveBayesParams, NaiveBayesValidParams, Prior, Smoothing};
