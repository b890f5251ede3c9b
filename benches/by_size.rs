//! How fast each step is, by size of its input: bytes per second of the text, on the news set of the project.
//!
//! ```sh
//! cargo bench                                      # everything, two to three minutes
//! cargo bench -- tokenise                          # one step
//! cargo bench -- --save-baseline before            # keep the figures …
//! cargo bench -- --baseline before                 # … and compare with them
//! ```
//!
//! | Group | What is measured |
//! |---|---|
//! | `tokenise` | finding words and their places |
//! | `vectorise` | words, word pairs and prefixes of a text over a known vocabulary: (column, count), sorted |
//! | `count` | from rows to a naive Bayes model: vocabulary, counts, columns in sorted order |
//! | `fit` | estimators on a bag of words that is there already; its size is that of its texts |
//! | `tag` | a text of this size with the embedded model, whole articles cut into paragraphs |
//! | `load` | the embedded model, from its bytes; bytes per second of the file |
//!
//! Whole processes, beside other programs, are in `docs/performance.md`.
#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use linfa::prelude::{DatasetBase, Fit, ParamGuard};
use ndarray::Array1;

use wiredesk::bayes::nbsvm::NbSvmParams;
use wiredesk::bayes::{Estimator, NaiveBayes};
use wiredesk::corpus::{FacetColumn, LabelId, Source};
use wiredesk::features::{FeatureSettings, TokenBuffer, Tokenizer};
use wiredesk::{
    Article, ArticleFormat, BagOfWords, CorpusReader, FeatureExtractor, ReadOptions, Row, Tagger, TrainOptions, Trainer,
};

/// Sizes of the input in bytes, and their names: a paragraph or two, a chapter, a shelf.
const SIZES: [(usize, &str); 3] = [(1 << 10, "1 kB"), (1 << 16, "64 kB"), (1 << 20, "1 MB")];
/// A model of a row or two is no model: fitting begins here.
const FITTED_SIZES: [(usize, &str); 2] = [SIZES[1], SIZES[2]];

/// The training rows of the news set, topics only.
fn news() -> Vec<Row> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("datasets/news/train.csv");
    let options = ReadOptions { facets: Some(vec![FacetColumn::parse("topic")]), ..ReadOptions::default() };
    CorpusReader::open(&Source::parse(&path), &options).unwrap().collect::<Result<_, _>>().unwrap()
}

/// The first rows that have this many bytes of text together; two at least, so that there is something to tell apart.
fn first_bytes(rows: &[Row], size: usize) -> &[Row] {
    let sums = rows.iter().scan(0, |sum, row| {
        *sum += row.text.len();
        Some(*sum)
    });
    let many = sums.take_while(|&sum| sum < size).count();
    &rows[..many.max(2)]
}

/// Their texts as an article of as many paragraphs.
fn article(rows: &[Row]) -> String {
    rows.iter().map(|row| row.text.as_str()).collect::<Vec<_>>().join("\n\n")
}

fn n_bytes(rows: &[Row]) -> Throughput {
    Throughput::Bytes(rows.iter().map(|row| row.text.len() as u64).sum())
}

/// A bag of words of the rows and the first label of each.
fn dataset(rows: &[Row]) -> DatasetBase<BagOfWords, Array1<LabelId>> {
    let texts: Vec<&str> = rows.iter().map(|row| row.text.as_str()).collect();
    let (_, bag) = FeatureExtractor::fit(&texts, FeatureSettings::default()).unwrap();
    let mut labels: Vec<&String> = rows.iter().map(|row| &row.labels[0][0]).collect();
    labels.sort_unstable();
    labels.dedup();
    let targets: Vec<LabelId> =
        rows.iter().map(|row| LabelId::from(labels.binary_search(&&row.labels[0][0]).unwrap())).collect();
    DatasetBase::new(bag, Array1::from(targets))
}

fn tokenise(criterion: &mut Criterion) {
    let rows = news();
    let mut group = criterion.benchmark_group("tokenise");
    for (size, name) in SIZES {
        let text = article(first_bytes(&rows, size));
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |b| b.iter(|| Tokenizer::default().tokens(black_box(&text)).count()));
    }
}

fn vectorise(criterion: &mut Criterion) {
    let rows = news();
    let texts: Vec<&str> = rows.iter().map(|row| row.text.as_str()).collect();
    let (extractor, _) = FeatureExtractor::fit(&texts, FeatureSettings::default()).unwrap();
    let mut group = criterion.benchmark_group("vectorise");
    let mut buffer = TokenBuffer::default();
    for (size, name) in SIZES {
        let text = article(first_bytes(&rows, size));
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |b| b.iter(|| extractor.extract(black_box(&text), &mut buffer).len()));
    }
}

fn count(criterion: &mut Criterion) {
    let rows = news();
    let mut group = criterion.benchmark_group("count");
    for (size, name) in SIZES {
        let rows = first_bytes(&rows, size);
        group.throughput(n_bytes(rows));
        group.bench_function(name, |b| {
            b.iter(|| {
                let options = TrainOptions::naive_bayes(Estimator::Complement);
                let mut trainer = Trainer::new(options, &["topic".to_owned()]).unwrap();
                trainer.add(black_box(rows)).unwrap();
                trainer.finish().unwrap()
            });
        });
    }
}

fn fit(criterion: &mut Criterion) {
    let rows = news();
    let mut group = criterion.benchmark_group("fit");
    group.sample_size(10);
    for (size, name) in FITTED_SIZES {
        let rows = first_bytes(&rows, size);
        let dataset = dataset(rows);
        group.throughput(n_bytes(rows));
        group.bench_function(BenchmarkId::new("complement", name), |b| {
            b.iter(|| NaiveBayes::complement().fit(black_box(&dataset)).unwrap());
        });
        let nbsvm = NbSvmParams::default().check().unwrap();
        group.bench_function(BenchmarkId::new("nbsvm", name), |b| b.iter(|| nbsvm.fit(black_box(&dataset)).unwrap()));
    }
}

fn tag(criterion: &mut Criterion) {
    let (rows, tagger) = (news(), Tagger::embedded().unwrap());
    let mut group = criterion.benchmark_group("tag");
    group.throughput(Throughput::Bytes(rows[0].text.len() as u64));
    group.bench_function("paragraph", |b| b.iter(|| tagger.tag(black_box(&rows[0].text))));
    for (size, name) in SIZES {
        let text = article(first_bytes(&rows, size));
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(BenchmarkId::new("article", name), |b| {
            b.iter(|| {
                let paragraphs = Article::split(black_box(&text), ArticleFormat::Text).paragraphs;
                paragraphs.iter().map(|p| tagger.tag(p.text(&text)).facets.len()).sum::<usize>()
            });
        });
    }
}

fn load(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("load");
    group.throughput(Throughput::Bytes(Tagger::embedded_size() as u64));
    group.bench_function("embedded", |b| b.iter(|| Tagger::embedded().unwrap()));
}

criterion_group! {
    name = by_size;
    config = Criterion::default().warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(3));
    targets = tokenise, vectorise, count, fit, tag, load
}
criterion_main!(by_size);
