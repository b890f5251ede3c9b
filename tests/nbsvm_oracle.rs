//! NB-SVM as a whole, from texts to margins, against CountVectorizer, TfidfTransformer and LinearSVC on features scaled by the
//! root of their prior variances: `tests/data/nbsvm/text.json`, written by `scripts/nbsvm_fixtures.py`.

#![allow(clippy::unwrap_used)] // the helpers, too: a fixture that cannot be read is a failed test

use std::collections::BTreeMap;
use std::path::Path;

use linfa::ParamGuard;
use serde::Deserialize;
use wiredesk::bayes::nbsvm::{NbSvm, NbSvmParams, Problem};
use wiredesk::features::{BagOfWords, FeatureExtractor, FeatureSettings};

#[derive(Deserialize)]
struct Fixture {
    texts: Vec<String>,
    labels: Vec<Vec<u32>>,
    test: Vec<String>,
    names: Vec<String>,
    idf: Vec<f64>,
    train_weighted: Vec<Vec<(usize, f64)>>,
    test_weighted: Vec<Vec<(usize, f64)>>,
    variances: Vec<Vec<f64>>,
    c: f64,
    margins: Vec<Vec<f64>>,
    objectives: Vec<f64>,
}

fn fixture() -> Fixture {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/nbsvm/text.json");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn trained(fixture: &Fixture, calibrate: bool) -> (FeatureExtractor, NbSvm) {
    let (extractor, bag) = FeatureExtractor::fit(&fixture.texts, FeatureSettings::default()).unwrap();
    let problem = Problem::new(&bag, &fixture.labels, 3, false, None, |_| true).unwrap();
    let params = NbSvmParams::default().calibrate(calibrate).check().unwrap();
    let (model, _) = params.fit_problem(&problem).unwrap();
    (extractor, model)
}

fn pairs(bag: &BagOfWords, row: usize) -> impl Iterator<Item = (u32, u32)> + Clone + '_ {
    let (columns, counts) = bag.row(row);
    columns.iter().copied().zip(counts.iter().copied())
}

#[test]
fn words_pairs_and_prefixes_of_texts_weigh_what_scikit_learn_makes_of_them() {
    let fixture = fixture();
    let (extractor, model) = trained(&fixture, false);
    let design = &model.parts().design;
    let name = |row: u32| extractor.vocabulary().name(design.columns()[row as usize]);
    let ours: BTreeMap<String, f64> =
        (0..design.len()).map(|row| (name(row as u32), f64::from(design.idf()[row]))).collect();
    let theirs: BTreeMap<String, f64> = fixture.names.iter().cloned().zip(fixture.idf.iter().copied()).collect();
    assert_eq!(ours.keys().collect::<Vec<_>>(), theirs.keys().collect::<Vec<_>>());
    for (name, idf) in &ours {
        assert!((idf - theirs[name]).abs() < 1e-6, "{name}: {idf} and {}", theirs[name]);
    }
    for (texts, weighted) in [(&fixture.texts, &fixture.train_weighted), (&fixture.test, &fixture.test_weighted)] {
        let bag = extractor.transform(texts);
        let mut row = Vec::new();
        for (d, expected) in weighted.iter().enumerate() {
            design.weigh(pairs(&bag, d), &mut row);
            let ours: BTreeMap<String, f32> = row.iter().map(|&(feature, x)| (name(feature), x)).collect();
            assert_eq!(ours.len(), expected.len(), "{}", texts[d]);
            for &(feature, x) in expected {
                let ours = f64::from(ours[&fixture.names[feature]]);
                assert!((ours - x).abs() < 1e-6, "{}, {}: {ours} and {x}", texts[d], fixture.names[feature]);
            }
        }
    }
}

#[test]
fn the_six_sweeps_and_the_bytes_of_a_model_cost_a_tenth_of_linear_svc_s_objective_at_most() {
    let fixture = fixture();
    let (extractor, model) = trained(&fixture, false);
    let design = &model.parts().design;
    let row_of: BTreeMap<String, usize> =
        design.columns().iter().enumerate().map(|(row, &column)| (extractor.vocabulary().name(column), row)).collect();
    let rows: Vec<usize> = fixture.names.iter().map(|name| row_of[name]).collect();
    for label in 0..3 {
        let weight = |feature: usize| f64::from(model.parts().weights.weight(rows[feature], label, 3));
        let bias = f64::from(model.parts().bias[label]);
        let norm: f64 = (0..rows.len()).map(|f| weight(f).powi(2) / fixture.variances[f][label]).sum();
        let mut loss = 0.0;
        for (row, labels) in fixture.train_weighted.iter().zip(&fixture.labels) {
            let margin = bias + row.iter().map(|&(f, x)| x * weight(f)).sum::<f64>();
            let y = if labels[0] as usize == label { 1.0 } else { -1.0 };
            loss += (1.0 - y * margin).max(0.0).powi(2);
        }
        let ratio = (0.5 * norm + 0.5 * bias * bias + fixture.c * loss) / fixture.objectives[label];
        assert!((0.9999..1.1).contains(&ratio), "label {label}: {ratio} of the optimum");
    }
}

#[test]
fn margins_are_near_those_of_linear_svc_and_contributions_sum_to_them() {
    let fixture = fixture();
    let (extractor, model) = trained(&fixture, true);
    let bag = extractor.transform(&fixture.test);
    for (d, expected) in fixture.margins.iter().enumerate() {
        let scores = model.score(pairs(&bag, d));
        for (label, (ours, theirs)) in scores.margins.iter().zip(expected).enumerate() {
            let (ours, place) = (f64::from(*ours), &fixture.test[d]);
            assert!((ours - theirs).abs() < 0.2, "{place}, label {label}: {ours} and {theirs}");
        }
        let contributions = model.contributions(pairs(&bag, d), 1);
        let sum: f32 = contributions.iter().map(|c| c.1).sum::<f32>() + model.parts().bias[1];
        assert!((sum - scores.margins[1]).abs() < 1e-5, "{sum} and {}", scores.margins[1]);
    }
}
