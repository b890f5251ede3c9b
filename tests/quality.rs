//! Accuracy on published sets and on the project's own news set.
//!
//! `tests/data/quality.csv` is the record: what each estimator, with its defaults, reaches on the test split of each set,
//! and by how much that may move before it is a change and not noise. [`no_figure_has_moved`] measures all of it again
//! and fails in either direction, so that a change in accuracy is a diff that a reader sees: `QUALITY=overwrite` writes
//! the figures that have moved into the record. Below the [`FLOORS`] no record may go.
//!
//! The published sets may not be shipped: the tests that need them look for them in the folder that `WIREDESK_DATA`
//! names (one folder a set, each with `train.csv` and `test.csv`) and are ignored otherwise. Every figure is printed;
//! run with `cargo test --test quality -- --ignored --nocapture` to read them. `docs/accuracy.md` compares with others.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use wiredesk::bayes::Estimator;
use wiredesk::corpus::{CorpusReader, FacetColumn, ReadOptions, Row, Source};
use wiredesk::evaluate::{Calibration, FacetEvaluation, Outcome, Outcomes};
use wiredesk::tagger::{Tag, TagOptions, Tagger, TrainOptions, Trainer};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn data(set: &str, part: &str) -> PathBuf {
    let folder = std::env::var_os("WIREDESK_DATA").expect("WIREDESK_DATA names the folder of the sets");
    Path::new(&folder).join(set).join(part)
}

fn rows(path: &Path, facet: &str) -> Vec<Row> {
    let options = ReadOptions { facets: Some(vec![FacetColumn::parse(facet)]), ..ReadOptions::default() };
    CorpusReader::open(&Source::parse(path), &options).unwrap().collect::<Result<_, _>>().unwrap()
}

fn train(rows: &[Row], facet: &str, options: TrainOptions) -> Tagger {
    let mut trainer = Trainer::new(options, &[facet.to_owned()]).unwrap();
    trainer.add(rows).unwrap();
    trainer.finish().unwrap().0
}

fn evaluate(tagger: &Tagger, rows: &[Row], facet: &str) -> FacetEvaluation {
    let mut figures = FacetEvaluation::new(facet, tagger.facet(facet).unwrap().is_multi_label());
    for row in rows {
        let gold: Vec<&str> = row.labels[0].iter().map(String::as_str).collect();
        let tags = tagger.tag(&row.text);
        let predicted: Vec<&str> = tags.facet(facet).iter().map(|t| t.label).collect();
        figures.add(&gold, &predicted);
    }
    figures
}

/// A line of the record.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Figure {
    set: String,
    facet: String,
    estimator: String,
    /// `accuracy`, `micro_f1`, `macro_f1` or `calibration_error`.
    figure: String,
    #[serde(serialize_with = "four_decimals")]
    value: f64,
    /// How far the value moves with `train --seed`, or by a row or two of test. Naive Bayes has no chance in it.
    tolerance: f64,
}

fn four_decimals<S: serde::Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&format!("{value:.4}"))
}

impl Figure {
    fn name(&self) -> String {
        format!("{} {} {} {}", self.set, self.facet, self.estimator, self.figure)
    }
}

fn record() -> PathBuf {
    root().join("tests/data/quality.csv")
}

fn recorded() -> Vec<Figure> {
    csv::Reader::from_path(record()).unwrap().deserialize().collect::<Result<_, _>>().unwrap()
}

/// What no change may give up: the least accuracy, the largest calibration error.
const FLOORS: [(&str, &str, &str, f64); 15] = [
    ("nbsvm", "r8", "accuracy", 0.973),
    ("nbsvm", "r52", "accuracy", 0.952),
    ("nbsvm", "ag-news", "accuracy", 0.907),
    ("nbsvm", "20newsgroups-body", "accuracy", 0.736),
    ("nbsvm", "masakhanews-eng", "accuracy", 0.86),
    ("nbsvm", "wiki-events", "accuracy", 0.831),
    ("complement", "r8", "accuracy", 0.94),
    ("complement", "r52", "accuracy", 0.905),
    ("complement", "ag-news", "accuracy", 0.893),
    ("complement", "20newsgroups-body", "accuracy", 0.69),
    ("complement", "wiki-events", "accuracy", 0.79),
    ("nbsvm", "r8", "calibration_error", 0.012),
    ("nbsvm", "r52", "calibration_error", 0.012),
    ("nbsvm", "ag-news", "calibration_error", 0.012),
    ("nbsvm", "ohsumed", "calibration_error", 0.025),
];

/// What is worse than its floor, or missing, in words.
fn under_their_floors(figures: &[Figure]) -> Vec<String> {
    let mut under = Vec::new();
    for (estimator, set, figure, floor) in FLOORS {
        let same = |f: &&Figure| f.estimator == estimator && f.set == set && f.figure == figure;
        match figures.iter().find(same).map(|f| f.value) {
            Some(value) if figure == "calibration_error" && value <= floor => {}
            Some(value) if figure != "calibration_error" && value >= floor => {}
            value => under.push(format!("{set} {estimator} {figure}: floor {floor}, found {value:?}")),
        }
    }
    under
}

/// The figures of a model, by their names in the record.
fn measure(set: &str, facet: &str, estimator: &str) -> HashMap<&'static str, f64> {
    let options = match estimator {
        "nbsvm" => TrainOptions::default(),
        "complement" => TrainOptions::naive_bayes(Estimator::Complement),
        "multinomial" => TrainOptions::naive_bayes(Estimator::Multinomial),
        _ => panic!("{estimator}: no such estimator"),
    };
    let tagger = train(&rows(&data(set, "train.csv"), facet), facet, options);
    let test = rows(&data(set, "test.csv"), facet);
    let (figures, error) = (evaluate(&tagger, &test, facet), calibration_error(&tagger, &test, facet));
    let averages = figures.averages();
    let accuracy = figures.accuracy().map(|accuracy| ("accuracy", accuracy));
    let f1 = [("micro_f1", averages.micro.f1.unwrap()), ("macro_f1", averages.macro_.f1.unwrap())];
    accuracy.into_iter().chain(f1).chain([("calibration_error", error)]).collect()
}

/// Expected calibration error of the most probable label, of probabilities as they are printed: with four decimals, so
/// that it is the figure of `docs/accuracy.md`.
fn calibration_error(tagger: &Tagger, rows: &[Row], facet: &str) -> f64 {
    let mut outcomes = Outcomes::new(facet, tagger.facet(facet).unwrap().is_multi_label());
    for row in rows {
        let tags = tagger.tag_with(&row.text, &TagOptions { top: Some(1), ..TagOptions::default() });
        let rounded = |tag: &Tag<'_>| (tag.label.to_owned(), (tag.probability * 1e4).round() / 1e4);
        let top: Vec<(String, f64)> = tags.facet(facet).iter().map(rounded).collect();
        let top: Vec<(&str, f64)> = top.iter().map(|(label, p)| (label.as_str(), *p)).collect();
        let gold: Vec<&str> = row.labels[0].iter().map(String::as_str).collect();
        outcomes.add(&Outcome { gold: &gold, predicted: &[], probabilities: Some(&top), group: None });
    }
    Calibration::of(&outcomes, tagger.facet(facet).unwrap().labels().len()).unwrap().ece
}

#[test]
fn the_record_is_above_its_floors() {
    let under = under_their_floors(&recorded());
    assert!(under.is_empty(), "{}", under.join("\n"));
}

#[test]
#[ignore = "needs WIREDESK_DATA"]
fn no_figure_has_moved() {
    let recorded = recorded();
    let (mut found, mut updated, mut moved) = (Vec::new(), Vec::new(), Vec::new());
    let model = |f: &Figure| (f.set.clone(), f.facet.clone(), f.estimator.clone());
    for figures in recorded.chunk_by(|a, b| model(a) == model(b)) {
        let (set, facet, estimator) = model(&figures[0]);
        let measured = measure(&set, &facet, &estimator);
        for was in figures {
            let Some(&value) = measured.get(was.figure.as_str()) else { panic!("{}: no such figure", was.name()) };
            println!("{}: {value:.4}", was.name());
            let mut now = was.clone();
            if (value - was.value).abs() > was.tolerance {
                let Figure { value: before, tolerance, .. } = was;
                moved.push(format!("{}: {before:.4} ± {tolerance} in the record, {value:.4} now", was.name()));
                now.value = (value * 1e4).round() / 1e4;
            }
            updated.push(now);
            found.push(Figure { value, ..was.clone() });
        }
    }
    let under = under_their_floors(&found);
    if under.is_empty() && std::env::var_os("QUALITY").is_some_and(|v| v == "overwrite") {
        let mut writer = csv::Writer::from_path(record()).unwrap();
        updated.iter().for_each(|figure| writer.serialize(figure).unwrap());
        return;
    }
    let fine = under.is_empty() && moved.is_empty();
    let (under, moved) = (under.join("\n  "), moved.join("\n  "));
    assert!(fine, "worse than may be:\n  {under}\nmoved (QUALITY=overwrite records it, if none is worse):\n  {moved}");
}

#[test]
fn the_embedded_model_reaches_its_marks_on_its_own_test_split() {
    let tagger = Tagger::embedded().unwrap();
    let marks = [("topic", "topic", 0.815, 0.8), ("region", "region=country", 0.915, 0.91)];
    for (facet, column, micro_mark, macro_mark) in marks {
        let averages = evaluate(&tagger, &rows(&root().join("datasets/news/test.csv"), column), facet).averages();
        let (micro, macro_f1) = (averages.micro.f1.unwrap(), averages.macro_.f1.unwrap());
        println!("news {facet}: micro-F1 {micro:.4}, macro-F1 {macro_f1:.4}");
        assert!(micro >= micro_mark && macro_f1 >= macro_mark, "{facet}: {micro:.4} / {macro_f1:.4}");
    }
}

/// Which topics of the news set count as right for a label of another set.
fn mapping() -> HashMap<(String, String), Vec<String>> {
    let mut reader = csv::Reader::from_path(root().join("datasets/news/mapping.csv")).unwrap();
    let topics = |cell: &str| cell.split('|').map(str::to_owned).collect();
    reader.records().map(|r| r.unwrap()).map(|r| ((r[0].to_owned(), r[1].to_owned()), topics(&r[2]))).collect()
}

/// The share of rows whose most probable topic is right.
fn first_topic_right(tagger: &Tagger, rows: &[Row], accepted: impl Fn(&Row) -> Vec<String>) -> f64 {
    let one = TagOptions { top: Some(1), ..TagOptions::default() };
    let right = |row: &&Row| {
        let tags = tagger.tag_with(&row.text, &one);
        tags.facet("topic").first().is_some_and(|tag| accepted(row).iter().any(|a| a == tag.label))
    };
    rows.iter().filter(right).count() as f64 / rows.len() as f64
}

#[test]
fn the_first_topic_of_the_embedded_model_is_right_on_its_own_test_split() {
    let tagger = Tagger::embedded().unwrap();
    let rows = rows(&root().join("datasets/news/test.csv"), "topic");
    let share = first_topic_right(&tagger, &rows, |row| row.labels[0].clone());
    println!("news: first topic right {share:.4}");
    assert!(share >= 0.85, "{share:.4}");
}

#[test]
#[ignore = "needs WIREDESK_DATA"]
fn the_first_topic_of_the_embedded_model_is_right_on_real_news_that_it_has_never_seen() {
    let (tagger, mapping) = (Tagger::embedded().unwrap(), mapping());
    for (set, mark) in [("wiki-events", 0.8), ("ag-news", 0.807), ("masakhanews-eng", 0.79)] {
        let rows = rows(&data(set, "test.csv"), "topic");
        let share =
            first_topic_right(&tagger, &rows, |row| mapping[&(set.to_owned(), row.labels[0][0].clone())].clone());
        println!("{set}: first topic right {share:.4}");
        assert!(share >= mark, "{set}: {share:.4} is below {mark}");
    }
}
