//! linfa and linfa-bayes at work with bags of words.
//!
//! A sparse naive Bayes is fitted in linfa's grammar, crosses over to linfa-bayes' own type and scores the same there;
//! then the linear model of this crate and two dense estimators of linfa-bayes learn from the same counts.
//!
//! ```console
//! $ cargo run --no-default-features --example linfa
//! ```

#![allow(clippy::print_stdout)] // an example shows what it does

use linfa::prelude::*;
use linfa_bayes::{BernoulliNb, GaussianNb, NaiveBayes as _};
use ndarray::{Array1, array};
use wiredesk::bayes::NaiveBayes;
use wiredesk::bayes::nbsvm::NbSvmParams;
use wiredesk::corpus::{LabelId, LabelSet};
use wiredesk::features::{FeatureExtractor, FeatureSettings};

const TRAINING: [(&str, &str); 8] = [
    ("economy", "The central bank cut interest rates"),
    ("economy", "Shares fell as the bank warned of inflation"),
    ("economy", "Inflation slowed and shares rose"),
    ("sport", "The striker scored twice in the final"),
    ("sport", "The team won the final after extra time"),
    ("weather", "Heavy rain and wind hit the coast"),
    ("weather", "Snow fell in the north as wind turned"),
    ("weather", "Rain is expected on the coast tonight"),
];

const NEW: [&str; 4] = [
    "Interest rates and inflation rose",
    "A striker won the match",
    "Wind and rain in the north",
    "The bank team scored",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let labels = LabelSet::new(TRAINING.map(|(label, _)| label));
    let targets: Array1<LabelId> = TRAINING.iter().filter_map(|(label, _)| labels.id(label)).collect();

    // Words alone make a single block of weight 1, which is what linfa-bayes has a form for.
    let settings = FeatureSettings { ngrams: 1, prefixes: false, places: false };
    let (extractor, bag) = FeatureExtractor::fit(&TRAINING.map(|(_, text)| text), settings)?;
    let new = extractor.transform(&NEW);

    // Sparse: parameters, fit, predict, all linfa's traits.
    let dataset = DatasetBase::new(bag, targets);
    let model = NaiveBayes::multinomial().alpha(1.0).fit(&dataset)?;
    let predicted: Array1<LabelId> = model.predict(&new);

    // The linear model with a naive Bayes prior, in the same words.
    let linear: Array1<LabelId> = NbSvmParams::default().fit(&dataset)?.predict(&new);

    // The same model as one of linfa-bayes.
    let bridged = model.to_linfa()?;
    let ours = model.joint_log_likelihood(&new);
    let dense = new.to_dense();
    let theirs = bridged.joint_log_likelihood(dense.view());
    let differences = theirs
        .into_iter()
        .flat_map(|(label, scores)| (scores - ours.column(label.index())).into_raw_vec_and_offset().0);
    let largest = differences.fold(0.0f64, |largest, d| largest.max(d.abs()));

    // Dense: linfa-bayes' estimators on the same counts.
    let dense_dataset = DatasetBase::new(dataset.records().to_dense(), dataset.targets().clone());
    let gaussian: Array1<LabelId> = GaussianNb::params().var_smoothing(0.1).fit(&dense_dataset)?.predict(&dense);
    let bernoulli: Array1<LabelId> = BernoulliNb::params().fit(&dense_dataset)?.predict(&dense);

    println!("{:35}{:13}{:10}{:10}{:10}", "", "multinomial", "nbsvm", "gaussian", "bernoulli");
    for (i, text) in NEW.iter().enumerate() {
        let names = [predicted[i], linear[i], gaussian[i], bernoulli[i]].map(|id| labels.name(id));
        println!("{text:35}{:13}{:10}{:10}{:10}", names[0], names[1], names[2], names[3]);
    }
    println!("\nJoint log likelihoods here and in linfa-bayes differ by {largest:.0e} at most.");
    assert_eq!(predicted, array![0, 1, 2, 1].mapv(LabelId));
    assert!(largest < 1e-9);
    Ok(())
}
