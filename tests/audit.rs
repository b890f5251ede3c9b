//! Flipped labels of a published set are found: a fixed share of labels is exchanged at random, and `audit`'s ranking must
//! have them at the top. The set is looked for in the folder that `WIREDESK_DATA` names, as in `tests/quality.rs`.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::collections::BTreeSet;
use std::path::Path;

use rand::Rng;
use rand::seq::index::sample;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

use wiredesk::corpus::{CorpusReader, FacetColumn, FoldRow, ReadOptions, Row, Source, StratifiedFolds};
use wiredesk::evaluate::suspicions;
use wiredesk::tagger::held_out::{Learner, cross_validate};

fn rows(set: &str, facet: &str) -> Vec<Row> {
    let folder = std::env::var_os("WIREDESK_DATA").expect("WIREDESK_DATA names the folder of the sets");
    let options = ReadOptions { facets: Some(vec![FacetColumn::parse(facet)]), ..ReadOptions::default() };
    let source = Source::parse(Path::new(&folder).join(set).join("train.csv"));
    CorpusReader::open(&source, &options).unwrap().collect::<Result<_, _>>().unwrap()
}

/// Gives this share of the rows another of the labels, and says which rows.
fn flip(rows: &mut [Row], share: f64, seed: u64) -> BTreeSet<usize> {
    let labels: Vec<String> =
        rows.iter().map(|row| row.labels[0][0].clone()).collect::<BTreeSet<_>>().into_iter().collect();
    let mut chance = Xoshiro256PlusPlus::seed_from_u64(seed);
    let flipped = sample(&mut chance, rows.len(), (share * rows.len() as f64).round() as usize);
    for row in flipped.iter() {
        let label = &mut rows[row].labels[0][0];
        let others: Vec<&String> = labels.iter().filter(|other| *other != label).collect();
        *label = others[chance.gen_range(0..others.len())].clone();
    }
    flipped.iter().collect()
}

#[test]
#[ignore = "needs WIREDESK_DATA"]
fn most_flipped_labels_of_r8_are_among_the_first_rows() {
    let mut rows = rows("r8", "topic");
    let flipped = flip(&mut rows, 0.05, 1);
    let folds = StratifiedFolds { folds: 5, seed: 0 };
    let folds = folds.deal(&rows.iter().map(|row| FoldRow::new(row, None)).collect::<Vec<_>>()).unwrap();
    let learner = Learner::Tagger(Box::default());
    let held_out = cross_validate(&rows, &["topic".to_owned()], &learner, &folds, None, &mut |_, _| ()).unwrap();
    let judged = suspicions(&held_out.facets[0].outcomes);
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by(|&a, &b| judged[b].score.total_cmp(&judged[a].score).then(a.cmp(&b)));
    let first = &order[..(0.06 * rows.len() as f64) as usize];
    let found = first.iter().filter(|row| flipped.contains(row)).count() as f64 / flipped.len() as f64;
    let wrong = judged.iter().filter(|suspicion| suspicion.looks_wrong).count();
    println!("r8: {:.1} % of {} flipped rows in the first 6 %; {wrong} look wrong", found * 100.0, flipped.len());
    assert!(found >= 0.95, "{found}");
}
