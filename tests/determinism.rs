//! The same rows and settings give the same bytes, whatever the order, the chunks and the threads; and a model file gives
//! back the model that it was made of.

#![allow(clippy::unwrap_used)] // the helpers, too

use std::collections::BTreeMap;

use proptest::prelude::*;
use wiredesk::bayes::nbsvm::NbSvmParams;
use wiredesk::bayes::{Estimator, Smoothing};
use wiredesk::corpus::{Place, Row};
use wiredesk::features::FeatureSettings;
use wiredesk::tagger::{EmptyCells, Method, PriorChoice, Tagger, TrainOptions, Trainer};

/// Random numbers that are the same everywhere: a linear congruential generator.
struct Draw(u64);

impl Draw {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % n
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }
}

fn row(text: impl Into<String>, topic: &[&str], region: &[&str]) -> Row {
    let cell = |labels: &[&str]| labels.iter().map(|&label| label.to_owned()).collect();
    let place = Place { source: "rows".into(), row: 1, line: 1 };
    Row { text: text.into(), labels: vec![cell(topic), cell(region)], id: None, columns: Vec::new(), place }
}

/// Eighty rows in several scripts. Topic has one label a row or none; region none to three.
fn rows() -> Vec<Row> {
    let words = [
        "bank",
        "Rates",
        "striker",
        "GOAL",
        "rain",
        "Überschwemmung",
        "inflation",
        "naïve",
        "nai\u{308}ve",
        "snake_case",
        "2024",
        "ГЕРМАНИЯ",
        "погода",
        "Ελλάς",
        "हिन्दी",
        "समाचार",
        "中国经济",
        "東京",
        "ไทย",
        "서울",
        "أخبار",
        "championship",
        "championships",
    ];
    let topics = ["sport", "economy", "weather", "Wetter & Klima", "体育"];
    let regions = ["asia", "europe", "africa"];
    let mut draw = Draw(1);
    let mut rows: Vec<Row> = (0..77)
        .map(|_| {
            let length = draw.below(12);
            let text: Vec<&str> = (0..length).map(|_| words[draw.below(words.len())]).collect();
            let topic = topics.get(draw.below(topics.len() + 1)).copied();
            let region: Vec<&str> = regions.iter().copied().filter(|_| draw.below(3) == 0).collect();
            row(text.join(" "), topic.as_slice(), &region)
        })
        .collect();
    rows.push(row("", &["sport"], &[]));
    rows.push(row("the very same row twice", &["economy"], &["asia", "europe"]));
    rows.push(row("the very same row twice", &["economy"], &["asia", "europe"]));
    rows
}

fn train(options: &TrainOptions, rows: &[Row], chunk: usize) -> Tagger {
    let mut trainer = Trainer::new(options.clone(), &["topic".to_owned(), "region".to_owned()]).unwrap();
    for rows in rows.chunks(chunk) {
        trainer.add(rows).unwrap();
    }
    trainer.finish().unwrap().0
}

fn bytes(options: &TrainOptions, rows: &[Row], chunk: usize) -> Vec<u8> {
    train(options, rows, chunk).to_bytes().unwrap()
}

fn given_priors() -> PriorChoice {
    let topics = [("Wetter & Klima", 0.1), ("economy", 0.3), ("sport", 0.2), ("weather", 0.15), ("体育", 0.25)];
    let topics: BTreeMap<String, f64> = topics.map(|(label, p)| (label.to_owned(), p)).into();
    PriorChoice::Given([("topic".to_owned(), topics)].into())
}

/// Every estimator, smoothing and prior that go together, and the other settings one at a time.
fn all_options() -> Vec<TrainOptions> {
    let mut all = vec![TrainOptions::default(), TrainOptions::naive_bayes(Estimator::Complement)];
    all.push(TrainOptions {
        method: Method::NbSvm(NbSvmParams::default().calibrate(false).seed(7)),
        ..TrainOptions::default()
    });
    all.push(TrainOptions { multi: vec!["topic".to_owned()], ..TrainOptions::default() });
    for smoothing in [Smoothing::Lidstone(0.3), Smoothing::Lidstone(0.01), Smoothing::JelinekMercer(0.7)] {
        for prior in [PriorChoice::Default, PriorChoice::Empirical, PriorChoice::Uniform, given_priors()] {
            all.push(TrainOptions {
                method: Method::NaiveBayes(Estimator::Multinomial),
                smoothing,
                prior,
                ..TrainOptions::naive_bayes(Estimator::Complement)
            });
        }
    }
    for (ngrams, prefixes) in [(1, false), (1, true), (2, false), (3, true), (5, true)] {
        all.push(TrainOptions {
            features: FeatureSettings { ngrams, prefixes, places: false },
            ..TrainOptions::naive_bayes(Estimator::Complement)
        });
    }
    for empty in [EmptyCells::Unlabelled, EmptyCells::None] {
        all.push(TrainOptions { empty, ..TrainOptions::naive_bayes(Estimator::Complement) });
    }
    all.push(TrainOptions { smoothing: Smoothing::Lidstone(1.0), ..TrainOptions::naive_bayes(Estimator::Complement) });
    all.push(TrainOptions { min_df: 3, ..TrainOptions::naive_bayes(Estimator::Complement) });
    all.push(TrainOptions { multi: vec!["topic".to_owned()], ..TrainOptions::naive_bayes(Estimator::Complement) });
    all
}

#[test]
fn the_order_of_rows_does_not_change_a_byte() {
    let options = TrainOptions::naive_bayes(Estimator::Complement);
    let expected = bytes(&options, &rows(), 1000);
    let mut reversed = rows();
    reversed.reverse();
    let mut by_text = rows();
    by_text.sort_by(|a, b| a.text.cmp(&b.text));
    let mut orders = vec![reversed, by_text];
    for seed in 0..8 {
        let mut shuffled = rows();
        Draw(seed).shuffle(&mut shuffled);
        orders.push(shuffled);
    }
    for (i, order) in orders.iter().enumerate() {
        assert!(*order != rows(), "order {i} is no other order");
        assert!(bytes(&options, order, 1000) == expected, "order {i}");
    }
}

#[test]
fn another_row_does_change_the_bytes() {
    let expected = bytes(&TrainOptions::naive_bayes(Estimator::Complement), &rows(), 1000);
    for changed in [
        [rows(), vec![row("", &["sport"], &[])]].concat(),
        rows()[1..].to_vec(),
        rows()[..79].to_vec(),
        [&rows()[..79], &[row("the very same row", &["economy"], &["asia", "europe"])]].concat(),
        [&rows()[..79], &[row("the very same row twice", &["economy"], &["asia"])]].concat(),
    ] {
        assert!(bytes(&TrainOptions::naive_bayes(Estimator::Complement), &changed, 1000) != expected);
    }
}

#[test]
fn chunks_and_threads_do_not_change_a_byte() {
    let options = TrainOptions::naive_bayes(Estimator::Complement);
    let expected = bytes(&options, &rows(), 1000);
    for threads in [1, 2, 3] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        for chunk in [1, 2, 7, 79, 80] {
            let found = pool.install(|| bytes(&options, &rows(), chunk));
            assert!(found == expected, "{threads} threads, chunks of {chunk}");
        }
    }
}

#[test]
fn all_estimators_and_settings_are_deterministic_and_come_back_from_their_file() {
    let mut shuffled = rows();
    Draw(9).shuffle(&mut shuffled);
    let mut files = Vec::new();
    for options in all_options() {
        let model = train(&options, &rows(), 1000);
        let file = model.to_bytes().unwrap();
        assert!(bytes(&options, &shuffled, 7) == file, "another order: {options:?}");
        let loaded = Tagger::from_bytes(&file).unwrap();
        assert!(loaded.to_bytes().unwrap() == file, "there and back: {options:?}");
        for text in rows().iter().map(|row| row.text.as_str()).chain(["", "unknown", "Bank rates; 東京 nothing else"])
        {
            assert_eq!(loaded.analyze(text), model.analyze(text), "{text:?}, {options:?}");
            assert_eq!(loaded.tag(text), model.tag(text), "{text:?}, {options:?}");
        }
        files.push(file);
    }
    files.sort_unstable();
    files.dedup();
    assert_eq!(files.len(), all_options().len(), "two settings gave the same file");
}

#[test]
fn analyses_of_many_texts_come_in_their_order_at_any_number_of_threads() {
    let model = train(&TrainOptions::naive_bayes(Estimator::Complement), &rows(), 1000);
    let texts: Vec<String> = rows().into_iter().map(|row| row.text).collect();
    let one_by_one: Vec<_> = texts.iter().map(|text| model.analyze(text)).collect();
    for threads in [1, 2, 3] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        assert_eq!(pool.install(|| model.analyze_all(&texts)), one_by_one);
    }
}

#[test]
fn saving_and_loading_give_the_same_model() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    let model = train(&TrainOptions::naive_bayes(Estimator::Complement), &rows(), 1000);
    model.save(&path).unwrap();
    assert!(std::fs::read(&path).unwrap() == model.to_bytes().unwrap());
    assert!(Tagger::load(&path).unwrap().to_bytes().unwrap() == model.to_bytes().unwrap());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing but the model is left");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// A decimal fraction in the file has to be read back to the last bit.
    #[test]
    fn any_smoothing_and_prior_come_back_from_the_file(alpha in 1e-6..1000.0f64, share in 0.001..0.999f64, p in 0.001..0.999f64) {
        let rows = [row("bank rates", &["economy"], &["asia"]), row("goal", &["sport"], &["europe"])];
        let topics: BTreeMap<String, f64> = [("economy".to_owned(), p), ("sport".to_owned(), 1.0 - p)].into();
        let prior = PriorChoice::Given([("topic".to_owned(), topics)].into());
        for smoothing in [Smoothing::Lidstone(alpha), Smoothing::JelinekMercer(share)] {
            let options = TrainOptions { method: Method::NaiveBayes(Estimator::Multinomial), smoothing, prior: prior.clone(), ..TrainOptions::naive_bayes(Estimator::Complement) };
            let model = train(&options, &rows, 2);
            let file = model.to_bytes().unwrap();
            let loaded = Tagger::from_bytes(&file).unwrap();
            prop_assert!(loaded.to_bytes().unwrap() == file);
            prop_assert_eq!(loaded.analyze("bank goal"), model.analyze("bank goal"));
        }
    }

    #[test]
    fn any_order_of_a_few_rows_gives_the_same_bytes(seed in any::<u64>(), chunk in 1..6usize) {
        let mut few = rows()[60..].to_vec();
        let expected = bytes(&TrainOptions::naive_bayes(Estimator::Complement), &few, 100);
        Draw(seed).shuffle(&mut few);
        prop_assert!(bytes(&TrainOptions::naive_bayes(Estimator::Complement), &few, chunk) == expected);
    }
}
