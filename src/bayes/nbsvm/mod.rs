//! NB-SVM: a linear model with a naive Bayes prior, the most accurate of the estimators.
//!
//! Log tf-idf weights by block (`design`), a prior variance per weight from naive Bayes ratios (`prior`), a squared
//! hinge solved in the dual for all labels at once (`solver`), naive Bayes over the words beside it (`companion`), and
//! probabilities and cuts from out-of-fold scores (`calibration`, `cuts`). Its weights are fitted, not counted: a
//! model cannot learn, forget or be merged, only be trained again.

mod calibration;
mod cells;
mod companion;
mod cuts;
mod design;
mod fit;
mod linfa;
mod model;
#[cfg(test)]
mod oracle;
mod part;
mod prior;
mod problem;
mod quantized;
#[cfg(test)]
mod reference;
mod rows;
mod solver;

pub use calibration::Calibration;
pub use design::Design;
pub use fit::{FloatWeights, HeldOutScores, NbSvmParams, NbSvmValidParams, OutOfFold};
pub use model::{LinearScores, NbSvm, NbSvmParts};
pub use problem::Problem;
pub use quantized::Quantized;
