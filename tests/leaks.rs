//! The leak guard finds what was planted, and nothing else: rows of the news set of 30 words or more, changed as people
//! and programs change texts, are to be found in a model that was trained on them; rows that it has not seen are not.

#![allow(clippy::unwrap_used)] // the helpers, too

use std::path::Path;

use wiredesk::bayes::Estimator;
use wiredesk::corpus::Source;
use wiredesk::tagger::{Leak, LeakCounts};
use wiredesk::{CorpusReader, ReadOptions, Row, Tagger, TrainOptions, Trainer};

fn read(path: impl AsRef<Path>) -> Vec<Row> {
    let options = ReadOptions::default();
    CorpusReader::open(&Source::parse(path.as_ref()), &options).unwrap().collect::<Result<_, _>>().unwrap()
}

fn news(part: &str) -> Vec<Row> {
    read(Path::new(env!("CARGO_MANIFEST_DIR")).join("datasets/news").join(part))
}

fn train(rows: &[Row]) -> Tagger {
    let facets: Vec<String> = ["topic", "region"].iter().take(rows[0].labels.len()).map(|&f| f.to_owned()).collect();
    let mut trainer = Trainer::new(TrainOptions::naive_bayes(Estimator::Complement), &facets).unwrap();
    trainer.add(rows).unwrap();
    trainer.finish().unwrap().0
}

fn is_long(row: &&Row) -> bool {
    row.text.split_whitespace().count() >= 30
}

type Change = (&'static str, fn(&str) -> String);

const CHANGES: [Change; 9] = [
    ("upper case", |text| text.to_uppercase()),
    ("lower case, one line", |text| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()),
    ("punctuation left out", |text| text.replace(|c: char| c.is_ascii_punctuation() || "‘’“”–—…".contains(c), "")),
    ("punctuation added", |text| text.replace(' ', ", - ")),
    ("first word changed", |text| replaced(text, 0)),
    ("middle word changed", |text| replaced(text, text.split_whitespace().count() / 2)),
    ("last word changed", |text| replaced(text, text.split_whitespace().count() - 1)),
    ("last fifth cut off", |text| {
        let words: Vec<&str> = text.split_whitespace().collect();
        words[..words.len() * 4 / 5].join(" ")
    }),
    ("first fifth cut off", |text| {
        let words: Vec<&str> = text.split_whitespace().collect();
        words[words.len() - words.len() * 4 / 5..].join(" ")
    }),
];

fn replaced(text: &str, at: usize) -> String {
    let mut words: Vec<&str> = text.split_whitespace().collect();
    words[at] = "counterintelligence";
    words.join(" ")
}

#[test]
fn planted_near_duplicates_are_found_and_other_rows_are_not() {
    let rows = news("train.csv");
    let seen: Vec<Row> = rows.iter().step_by(2).cloned().collect();
    let unseen: Vec<&Row> = rows.iter().skip(1).step_by(2).filter(is_long).collect();
    let model = train(&seen);
    let guard = model.fingerprints().unwrap().guard();
    let found = unseen.iter().filter(|row| guard.look(&row.text).is_leak()).count();
    eprintln!("{} unseen rows, {found} found", unseen.len());
    let planted: Vec<&Row> = seen.iter().filter(is_long).collect();
    for (name, change) in CHANGES {
        let hits = planted.iter().filter(|row| guard.look(&change(&row.text)).is_leak()).count();
        let recall = hits as f64 / planted.len() as f64;
        // As many unseen rows as planted ones.
        let false_hits = found as f64 * planted.len() as f64 / unseen.len() as f64;
        let precision = hits as f64 / (hits as f64 + false_hits);
        eprintln!("{name}: recall {recall:.4}, precision {precision:.4}");
        assert!(recall >= 0.95 && precision >= 0.95, "{name}: recall {recall:.4}, precision {precision:.4}");
    }
}

#[test]
fn training_rows_are_exact_leaks_and_come_back_from_a_file() {
    let rows = &news("test.csv")[..200];
    let model = Tagger::from_bytes(&train(rows).to_bytes().unwrap()).unwrap();
    let fingerprints = model.fingerprints().unwrap();
    assert_eq!((fingerprints.n_rows(), fingerprints.n_texts()), (200, 200));
    let guard = fingerprints.guard();
    let mut counts = LeakCounts::default();
    rows.iter().for_each(|row| counts.add(guard.look(&row.text)));
    counts.add(guard.look("…"));
    assert_eq!(counts, LeakCounts { rows: 200, exact: 200, near: 0 });
    assert_eq!(guard.look(""), Leak::Empty);
}

/// 16 test rows with a text stand verbatim in train.
#[test]
#[ignore = "needs WIREDESK_DATA"]
fn the_test_rows_of_20newsgroups_that_stand_in_train_are_found() {
    let folder = Path::new(&std::env::var("WIREDESK_DATA").unwrap()).join("20newsgroups-body");
    let (train_rows, test_rows) = (read(folder.join("train.csv")), read(folder.join("test.csv")));
    let model = train(&train_rows);
    let guard = model.fingerprints().unwrap().guard();
    let mut counts = LeakCounts::default();
    test_rows.iter().for_each(|row| counts.add(guard.look(&row.text)));
    eprintln!("{counts:?}");
    assert!(counts.exact >= 16, "{counts:?}");
    for (test, train) in test_rows.iter().flat_map(|t| train_rows.iter().map(move |r| (t, r))) {
        if test.text == train.text {
            // A line of dashes is in both as well, and has nothing to learn.
            assert!(matches!(guard.look(&test.text), Leak::Exact | Leak::Empty), "{}", test.place);
        }
    }
}
