//! A model of counts is a function of the multiset of its rows: whatever was learnt, forgotten and merged on the way, its
//! bytes are those of one training on the rows that it knows now.

#![allow(clippy::unwrap_used)] // the helpers, too

use proptest::prelude::*;
use proptest::sample::Index;
use wiredesk::bayes::{Estimator, Smoothing};
use wiredesk::corpus::{Place, Row};
use wiredesk::features::FeatureSettings;
use wiredesk::tagger::{
    AdditiveError, AdditiveModel, CountryOptions, EmptyCells, ModelCard, ModelError, PriorChoice, Tagger, TrainError,
    TrainOptions, Trainer,
};

const FACETS: [&str; 2] = ["topic", "region"];

fn row(text: &str, labels: [&[&str]; 2]) -> Row {
    let cell = |labels: &[&str]| labels.iter().map(|&label| label.to_owned()).collect();
    let place = Place { source: "rows".into(), row: 1, line: 1 };
    Row { text: text.to_owned(), labels: labels.map(cell).to_vec(), id: None, columns: Vec::new(), place }
}

fn trained(rows: &[Row], options: &TrainOptions) -> Trainer {
    let mut trainer = Trainer::new(options.clone(), &FACETS.map(String::from)).unwrap();
    // In two chunks, of which either may be empty.
    let (first, second) = rows.split_at(rows.len() / 2);
    trainer.add(first).unwrap();
    trainer.add(second).unwrap();
    trainer
}

fn additive(rows: &[Row], options: &TrainOptions) -> AdditiveModel {
    trained(rows, options).finish_additive().unwrap()
}

/// A way to other rows.
#[derive(Clone, Debug)]
enum Step {
    Learn(Vec<Row>),
    Merge(Vec<Row>),
    Forget(Vec<Index>),
    /// Written to a file and read again, as a part.
    Part,
}

fn some_row() -> impl Strategy<Value = Row> {
    let word =
        prop::sample::select(vec!["bank", "banking", "goal", "Goal", "élysée", "in", "東京都", "Kabul", "Peru's"]);
    let text = prop::collection::vec(word, 0..6).prop_map(|words| words.join(" "));
    let labels = |names: &'static [&'static str]| prop::sample::subsequence(names, 0..3);
    (text, labels(&["a", "b", "c"]), labels(&["x", "y"]))
        .prop_map(|(text, topic, region)| row(&text, [&topic, &region]))
}

fn step() -> impl Strategy<Value = Step> {
    let rows = || prop::collection::vec(some_row(), 0..5);
    prop_oneof![
        rows().prop_map(Step::Learn),
        rows().prop_map(Step::Merge),
        prop::collection::vec(any::<Index>(), 0..5).prop_map(Step::Forget),
        Just(Step::Part),
    ]
}

fn settings() -> impl Strategy<Value = TrainOptions> {
    let smoothing = prop_oneof![Just(Smoothing::Lidstone(0.3)), Just(Smoothing::JelinekMercer(0.5))];
    let empty = prop_oneof![Just(EmptyCells::Auto), Just(EmptyCells::Unlabelled), Just(EmptyCells::None)];
    (1..4u32, any::<bool>(), any::<bool>(), smoothing, empty, any::<bool>(), 1..3u32).prop_map(
        |(ngrams, prefixes, places, smoothing, empty, fingerprints, min_df)| TrainOptions {
            features: FeatureSettings { ngrams, places, prefixes },
            smoothing,
            empty,
            fingerprints,
            min_df,
            card: ModelCard::new("a card"),
            countries: CountryOptions { recognise: false, ..CountryOptions::default() },
            ..TrainOptions::naive_bayes(Estimator::Multinomial)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_way_to_the_same_rows_gives_the_same_bytes(
        options in settings(),
        first in prop::collection::vec(some_row(), 0..6),
        steps in prop::collection::vec(step(), 1..6),
        threads in 1usize..4,
    ) {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let mut model = additive(&first, &options);
            let mut rows = first;
            for step in steps {
                match step {
                    Step::Learn(more) => {
                        let mut trainer = model.trainer().unwrap();
                        trainer.add(&more).unwrap();
                        model.learn(&trainer.finish_additive().unwrap()).unwrap();
                        rows.extend(more);
                    }
                    Step::Merge(more) => {
                        // The new model with the old one merged into it: neither order nor side matters.
                        let mut other = additive(&more, &options);
                        other.merge(&model).unwrap();
                        model = other;
                        rows.extend(more);
                    }
                    Step::Forget(which) => {
                        let mut gone = Vec::new();
                        for index in which {
                            if !rows.is_empty() {
                                gone.push(rows.remove(index.index(rows.len())));
                            }
                        }
                        let mut trainer = model.trainer().unwrap();
                        trainer.add(&gone).unwrap();
                        if options.fingerprints {
                            let mut remembered = model.remembered().unwrap();
                            prop_assert!(gone.iter().all(|row| remembered.take(row)));
                        }
                        model.forget(&trainer.finish_additive().unwrap()).unwrap();
                    }
                    Step::Part => model = AdditiveModel::from_bytes(&model.to_part_bytes().unwrap()).unwrap(),
                }
                rows.reverse();
                prop_assert_eq!(model.to_part_bytes().unwrap(), additive(&rows, &options).to_part_bytes().unwrap());
            }
            match (trained(&rows, &options).finish(), model.into_tagger()) {
                (Ok((whole, _)), Ok(model)) => {
                    let bytes = whole.to_bytes().unwrap();
                    prop_assert_eq!(&bytes, &model.to_bytes().unwrap());
                    let again = AdditiveModel::from_bytes(&bytes).unwrap().into_tagger().unwrap();
                    prop_assert_eq!(&bytes, &again.to_bytes().unwrap());
                }
                (Err(_), Err(_)) => {}
                (whole, model) => panic!("{whole:?} but {model:?}"),
            }
            Ok(())
        })?;
    }

    #[test]
    fn what_was_never_learnt_is_not_forgotten(
        fingerprints in any::<bool>(),
        rows in prop::collection::vec(some_row(), 0..6),
        one in some_row(),
    ) {
        let options = TrainOptions { fingerprints, ..TrainOptions::naive_bayes(Estimator::Complement) };
        prop_assume!(!rows.contains(&one) && !one.text.is_empty());
        let mut model = additive(&rows, &options);
        let before = model.to_part_bytes().unwrap();
        let gone = additive(std::slice::from_ref(&one), &options);
        if fingerprints {
            prop_assert!(!model.remembered().unwrap().take(&one));
            prop_assert!(matches!(model.forget(&gone), Err(AdditiveError::NotLearnt)));
        } else if model.forget(&gone).is_ok() {
            // Its words are those of other rows, and nothing remembers that it was none of them.
            return Ok(());
        }
        prop_assert_eq!(model.to_part_bytes().unwrap(), before);
    }
}

fn three() -> Vec<Row> {
    let row = |text, topic: &str, region| row(text, [&[topic], region]);
    vec![row("the match", "sport", &["x"]), row("the court", "crime", &["x"]), row("a goal", "sport", &[])]
}

fn complement() -> TrainOptions {
    TrainOptions {
        multi: vec!["region".into()],
        empty: EmptyCells::None,
        ..TrainOptions::naive_bayes(Estimator::Complement)
    }
}

#[test]
fn a_row_learnt_twice_is_forgotten_twice_and_no_more() {
    let rows = [three(), three()].concat();
    let model = additive(&rows, &complement());
    let mut remembered = model.remembered().unwrap();
    let taken: Vec<bool> = (0..3).map(|_| remembered.take(&rows[0])).collect();
    assert_eq!(taken, [true, true, false]);
}

#[test]
fn labels_and_words_that_no_row_is_left_of_disappear() {
    let mut model = additive(&three(), &complement());
    let gone = additive(&three()[1..2], &complement());
    model.forget(&gone).unwrap();
    assert!(model.vocabulary().word("court").is_none() && model.vocabulary().word("the").is_some());
    let (_, labels, labelled, _) = model.facets().next().unwrap();
    assert_eq!((labels.names(), labelled), (&["sport".to_owned()][..], 2));
}

#[test]
fn models_of_other_settings_do_not_go_together() {
    let base = || additive(&three(), &complement());
    let with = |change: fn(&mut TrainOptions)| {
        let mut options = complement();
        change(&mut options);
        base().merge(&additive(&three(), &options)).unwrap_err().to_string()
    };
    type Change = fn(&mut TrainOptions);
    let cases: [(Change, &str); 7] = [
        (|o| o.features.ngrams = 3, "--ngrams: 2 and 3"),
        (|o| o.features.prefixes = false, "prefixes: true and false"),
        (|o| o.features.places = true, "--places: false and true"),
        (|o| o.smoothing = Smoothing::Lidstone(0.5), "estimator of facet 'topic'"),
        (|o| o.empty = EmptyCells::Auto, "empty cells and --multi of facet 'topic'"),
        (|o| o.multi.clear(), "empty cells and --multi of facet 'region'"),
        (|o| o.fingerprints = false, "--no-fingerprints"),
    ];
    for (change, expected) in cases {
        let message = with(change);
        assert!(message.contains(expected), "{message}");
    }
    let card = |text: &str| additive(&three(), &TrainOptions { card: ModelCard::new(text), ..complement() });
    let mut model = card("");
    model.merge(&card("one")).unwrap();
    model.merge(&card("")).unwrap();
    assert_eq!(model.card().text(), "one");
    assert!(matches!(model.merge(&card("two")), Err(AdditiveError::Cards)));
    let mut other = Trainer::new(complement(), &["mood".into(), "region".into()]).unwrap();
    other.add(&three()).unwrap();
    let message = base().merge(&other.finish_additive().unwrap()).unwrap_err().to_string();
    assert!(message.contains("facets: topic, region and mood, region"), "{message}");
}

#[test]
fn priors_that_were_given_hold_for_their_labels() {
    let given = [("topic", "sport", 0.7), ("topic", "crime", 0.3)];
    let mut priors = std::collections::BTreeMap::new();
    for (facet, label, value) in given {
        priors.entry(facet.to_owned()).or_insert_with(std::collections::BTreeMap::new).insert(label.to_owned(), value);
    }
    let options = TrainOptions {
        prior: PriorChoice::Given(priors),
        multi: vec!["region".into()],
        empty: EmptyCells::None,
        ..TrainOptions::naive_bayes(Estimator::Multinomial)
    };
    let whole = trained(&[three(), three()].concat(), &options).finish().unwrap().0.to_bytes().unwrap();
    let mut model =
        AdditiveModel::from_bytes(&trained(&three(), &options).finish().unwrap().0.to_bytes().unwrap()).unwrap();
    let learn = |model: &mut AdditiveModel, rows: &[Row]| {
        let mut trainer = model.trainer().unwrap();
        trainer.add(rows).unwrap();
        model.learn(&trainer.finish_additive().unwrap()).unwrap();
    };
    learn(&mut model, &three());
    assert_eq!(model.clone().into_tagger().unwrap().to_bytes().unwrap(), whole);
    learn(&mut model, &[row("a bank", [&["economy"], &["x"]])]);
    assert!(matches!(model.into_tagger(), Err(TrainError::PriorMissing { label, .. }) if label == "economy"));
}

#[test]
fn a_part_is_no_model_and_a_linear_model_has_no_counts() {
    let part = additive(&three()[..1], &complement()).to_part_bytes().unwrap();
    assert!(matches!(Tagger::from_bytes(&part), Err(ModelError::Part)));
    let embedded = AdditiveModel::from_bytes(&Tagger::embedded_bytes());
    assert!(matches!(embedded, Err(AdditiveError::Frozen)));
    let linear = Trainer::new(TrainOptions::default(), &["topic".into()]).unwrap();
    assert!(matches!(linear.finish_additive(), Err(TrainError::NotAdditive)));
}
