use std::sync::Arc;

use super::*;
use crate::bayes::{Estimator, Smoothing};
use crate::corpus::{FoldRow, Place, StratifiedFolds};
use crate::evaluate::Outcome;
use crate::tagger::{PriorChoice, TagOptions, Trainer};

/// Rows of one or more facets, labels separated by `|`.
fn rows(of: &[(&str, &[&str])]) -> Vec<Row> {
    let labels = |cell: &&str| cell.split('|').filter(|l| !l.is_empty()).map(str::to_owned).collect();
    (1..)
        .zip(of)
        .map(|(row, (text, cells))| Row {
            text: (*text).to_owned(),
            labels: cells.iter().map(labels).collect(),
            id: None,
            columns: Vec::new(),
            place: Place { source: Arc::from("rows.csv"), row, line: row + 1 },
        })
        .collect()
}

fn names(facets: &[&str]) -> Vec<String> {
    facets.iter().map(|&facet| facet.to_owned()).collect()
}

/// Repeated rows, a label with a single row, words of one row only, an unlabelled row, an empty text.
fn single() -> Vec<Row> {
    rows(&[
        ("the striker scored a late goal", &["sport"]),
        ("the striker scored a late goal", &["sport"]),
        ("a goal in the final minute of the championship", &["sport"]),
        ("the central bank raised interest rates", &["economy"]),
        ("rates rose again, said the bank", &["economy"]),
        ("inflation and interest worry the bank's economists", &["economy"]),
        ("heavy thunderstorms hit the coast", &["weather"]),
        ("nobody knows what this is about", &[""]),
        ("", &["sport"]),
        ("unheard-of xylophones", &["economy"]),
    ])
}

fn several() -> Vec<Row> {
    rows(&[
        ("the striker earns millions at the bank", &["sport|economy"]),
        ("a late goal decided the final", &["sport"]),
        ("the bank raised interest rates", &["economy"]),
        ("interest rates and goals", &["economy|sport"]),
        ("nothing happened in the village", &[""]),
        ("nothing happened in the village", &[""]),
        ("storm over the stadium", &["weather|sport"]),
        ("xylophones", &["arts"]),
    ])
}

fn all_options() -> Vec<TrainOptions> {
    let complement = || TrainOptions::naive_bayes(Estimator::Complement);
    let multinomial = || TrainOptions::naive_bayes(Estimator::Multinomial);
    vec![
        complement(),
        multinomial(),
        TrainOptions { min_df: 2, ..complement() },
        TrainOptions { min_df: 2, ..multinomial() },
        TrainOptions { smoothing: Smoothing::JelinekMercer(0.5), ..multinomial() },
        TrainOptions { prior: PriorChoice::Uniform, ..multinomial() },
        TrainOptions { empty: EmptyCells::Unlabelled, ..complement() },
        TrainOptions { empty: EmptyCells::None, ..multinomial() },
    ]
}

/// Every row by a model that is trained anew without it.
fn brute_force(rows: &[Row], options: &TrainOptions, multi_label: bool) -> Outcomes {
    let mut outcomes = Outcomes::new("topic", multi_label);
    for (i, row) in rows.iter().enumerate() {
        let gold: Vec<&str> = row.labels[0].iter().map(String::as_str).collect();
        if gold.is_empty() && (!multi_label || options.empty == EmptyCells::Unlabelled) {
            continue;
        }
        let mut options = options.clone();
        options.multi = if multi_label { names(&["topic"]) } else { Vec::new() };
        let mut trainer = Trainer::new(options, &names(&["topic"])).unwrap();
        let others: Vec<Row> = rows.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, row)| row.clone()).collect();
        trainer.add(&others).unwrap();
        let tagger = trainer.finish().unwrap().0;
        let analysis = tagger.analyze(&row.text);
        let tags = tagger.tags_of(&analysis, &TagOptions::default());
        let predicted: Vec<&str> = tags.facet("topic").iter().map(|tag| tag.label).collect();
        let labels = tagger.facets()[0].labels().names().iter().map(String::as_str);
        let probabilities: Vec<(&str, f64)> = labels.zip(analysis.facets[0].probabilities.iter().copied()).collect();
        outcomes.add(&Outcome { gold: &gold, predicted: &predicted, probabilities: Some(&probabilities), group: None });
    }
    outcomes
}

/// A row in words: gold, tags, and every probability to the last bit.
fn spelled(outcomes: &Outcomes) -> Vec<String> {
    let name = |n: &u32| outcomes.labels()[*n as usize].clone();
    let row = |row: crate::evaluate::OutcomeRow<'_>| {
        let mut sets = [row.gold, row.predicted].map(|set| set.iter().map(name).collect::<Vec<_>>());
        sets.iter_mut().for_each(|set| set.sort());
        let (labels, values) = row.probabilities.unwrap_or_default();
        let mut p: Vec<_> = labels.iter().map(name).zip(values.iter().map(|v| v.to_bits())).collect();
        p.sort();
        format!("{sets:?} {p:?}")
    };
    outcomes.rows().map(row).collect()
}

#[test]
fn leave_one_out_is_training_without_the_row_to_the_last_bit() {
    for options in all_options() {
        for (rows, with_several) in [(single(), false), (several(), true)] {
            let multi_label = with_several || options.empty == EmptyCells::None;
            let found = leave_one_out(&rows, &names(&["topic"]), &options, None, &mut |_, _| ()).unwrap();
            let expected = brute_force(&rows, &options, multi_label);
            assert_eq!(spelled(&found.facets[0].outcomes), spelled(&expected), "{options:?}");
        }
    }
}

#[test]
fn facets_are_left_out_apart() {
    let rows = rows(&[
        ("goal in oslo", &["sport", "norway"]),
        ("goal in paris", &["sport", "france"]),
        ("rates in paris", &["economy", "france"]),
        ("rates in oslo", &["economy", ""]),
        ("goals in oslo", &["", "norway"]),
    ]);
    let options = TrainOptions::naive_bayes(Estimator::Complement);
    let both = leave_one_out(&rows, &names(&["topic", "region"]), &options, None, &mut |_, _| ()).unwrap();
    assert_eq!(both.facets.iter().map(|f| f.outcomes.len()).collect::<Vec<_>>(), [4, 4]);
    assert_eq!((both.facets[1].unlabelled, &both.facets[1].rows[..]), (1, &[0, 1, 2, 4][..]));
    let topic = leave_one_out(&rows, &names(&["topic"]), &options, None, &mut |_, _| ()).unwrap();
    assert_eq!(spelled(&both.facets[0].outcomes), spelled(&topic.facets[0].outcomes));
}

#[test]
fn nbsvm_cannot_leave_one_out() {
    let error =
        leave_one_out(&single(), &names(&["topic"]), &TrainOptions::default(), None, &mut |_, _| ()).unwrap_err();
    assert!(error.to_string().contains("hold out folds instead (--folds 10)"), "{error}");
}

fn validate(rows: &[Row], facets: &[&str], learner: &Learner, folds: usize) -> Result<HeldOut, HeldOutError> {
    let dealt = StratifiedFolds { folds, seed: 0 }
        .deal(&rows.iter().map(|row| FoldRow::new(row, None)).collect::<Vec<_>>())
        .unwrap();
    cross_validate(rows, &names(facets), learner, &dealt, None, &mut |_, _| ())
}

fn learner(options: TrainOptions) -> Learner {
    Learner::Tagger(Box::new(options))
}

#[test]
fn a_fold_for_each_text_is_leave_one_out() {
    // No text stands twice here, and none is empty.
    let rows: Vec<Row> = single().into_iter().skip(1).filter(|row| !row.text.is_empty()).collect();
    let options = TrainOptions::naive_bayes(Estimator::Multinomial);
    let folds = validate(&rows, &["topic"], &learner(options.clone()), rows.len()).unwrap();
    let one = leave_one_out(&rows, &names(&["topic"]), &options, None, &mut |_, _| ()).unwrap();
    assert_eq!(spelled(&folds.facets[0].outcomes), spelled(&one.facets[0].outcomes));
    assert_eq!(folds.facets[0].outcomes.len(), rows.len() - 1);
}

#[test]
fn every_labelled_row_is_answered_once_whatever_the_order_of_the_rows() {
    let forward = single();
    let backward: Vec<Row> = forward.iter().rev().cloned().collect();
    for options in [TrainOptions::default(), TrainOptions::naive_bayes(Estimator::Complement)] {
        let learner = learner(options);
        let first = validate(&forward, &["topic"], &learner, 3).unwrap();
        let mut second = spelled(&validate(&backward, &["topic"], &learner, 3).unwrap().facets[0].outcomes);
        second.reverse();
        assert_eq!(spelled(&first.facets[0].outcomes), second);
        assert_eq!((first.rows, first.facets[0].outcomes.len(), first.facets[0].unlabelled), (10, 9, 1));
        assert_eq!(first.facets[0].rows, [0, 1, 2, 3, 4, 5, 6, 8, 9]);
    }
}

#[test]
fn a_label_that_training_lacks_counts_as_missed_and_a_single_one_is_the_answer() {
    let rows = rows(&[("goal", &["sport"]), ("late goal", &["sport"]), ("goals", &["sport"]), ("storm", &["weather"])]);
    for options in [TrainOptions::default(), TrainOptions::naive_bayes(Estimator::Complement)] {
        let found = validate(&rows, &["topic"], &learner(options), 4).unwrap();
        let outcomes = &found.facets[0].outcomes;
        assert_eq!(outcomes.len(), 4);
        let storm = outcomes.row(3);
        assert_eq!(outcomes.labels()[storm.predicted[0] as usize], "sport");
        assert_eq!(storm.probabilities.unwrap().1, [1.0]);
    }
    let options = TrainOptions::naive_bayes(Estimator::Complement);
    let one = leave_one_out(&rows, &names(&["topic"]), &options, None, &mut |_, _| ()).unwrap();
    assert_eq!(one.facets[0].outcomes.row(3).probabilities.unwrap().1, [1.0]);
}

#[test]
fn a_facet_is_multi_label_in_every_fold_where_it_is_in_one_row() {
    let found = validate(&several(), &["topic"], &learner(TrainOptions::default()), 4).unwrap();
    let facet = &found.facets[0];
    assert!(facet.outcomes.multi_label());
    assert_eq!((facet.outcomes.len(), facet.unlabelled), (8, 0));
}

#[test]
fn facets_of_countries_are_scored_by_area_too() {
    let texts: Vec<String> = (0..40)
        .map(|i| {
            let (place, thing) =
                [("Norway", "fjord"), ("Kenya", "runner"), ("France", "wine"), ("Peru", "llama")][i % 4];
            format!("In {place} the {thing} number {i} was seen, and {place} rejoiced over a {thing}")
        })
        .collect();
    let labels = [["NO"], ["KE"], ["FR"], ["PE"]];
    let of: Vec<(&str, &[&str])> = texts.iter().enumerate().map(|(i, t)| (t.as_str(), &labels[i % 4][..])).collect();
    let found = validate(&rows(&of), &["region"], &learner(TrainOptions::default()), 4).unwrap();
    let facet = &found.facets[0];
    assert_eq!(facet.wider.iter().map(Outcomes::name).collect::<Vec<_>>(), ["region.subregion", "region.region"]);
    assert_eq!(
        facet.wider[1].labels().iter().map(String::as_str).collect::<Vec<_>>(),
        ["europe", "africa", "americas"]
    );
    assert_eq!(facet.outcomes.counts().accuracy(), Some(1.0));
    assert_eq!(facet.wider[1].counts().accuracy(), Some(1.0));
}

#[test]
fn dense_baselines_take_single_label_facets() {
    let dense = |kind| {
        Learner::Dense(DenseOptions { kind, features: FeatureSettings::default(), top: 50, leave_out_unlabelled: true })
    };
    for kind in [BaselineKind::Gaussian, BaselineKind::Bernoulli] {
        let found = validate(&single(), &["topic"], &dense(kind), 3).unwrap();
        assert_eq!(found.facets[0].outcomes.len(), 9);
        assert_eq!(found.facets[0].outcomes.counts().coverage(), Some(1.0));
        let backward: Vec<Row> = single().into_iter().rev().collect();
        let mut turned = spelled(&validate(&backward, &["topic"], &dense(kind), 3).unwrap().facets[0].outcomes);
        turned.reverse();
        assert_eq!(turned, spelled(&found.facets[0].outcomes));
        let error = validate(&several(), &["topic"], &dense(kind), 3).unwrap_err();
        assert_eq!(error, HeldOutError::DenseMultiLabel { facet: "topic".into() });
    }
}

#[test]
fn the_past_answers_the_future() {
    let rows = single();
    let times: Vec<_> = (0..rows.len()).map(|i| crate::corpus::Instant::Number(i as f64)).collect();
    let folds = Folds::by_time(&times, 2).unwrap();
    let options = TrainOptions::naive_bayes(Estimator::Complement);
    let found = cross_validate(&rows, &names(&["topic"]), &learner(options), &folds, None, &mut |_, _| ()).unwrap();
    assert_eq!((found.rows, &found.facets[0].rows[..]), (5, &[5, 6, 8, 9][..]));
    // The past has never seen the weather.
    let outcomes = &found.facets[0].outcomes;
    assert!(outcomes.row(1).predicted.iter().all(|&label| outcomes.labels()[label as usize] != "weather"));
}

#[test]
fn rows_and_facets_that_say_nothing_are_errors() {
    let complement = || learner(TrainOptions::naive_bayes(Estimator::Complement));
    let unlabelled = rows(&[("a", &["", "x"]), ("b", &["", "y"]), ("c", &["", "x"]), ("d", &["", "y"])]);
    let error = validate(&unlabelled, &["topic", "region"], &complement(), 2).unwrap_err();
    assert_eq!(error, HeldOutError::Train(TrainError::NoLabels { facet: "topic".into(), rows: 4 }));
    let lenient = TrainOptions { leave_out_unlabelled: true, ..TrainOptions::naive_bayes(Estimator::Complement) };
    let found = validate(&unlabelled, &["topic", "region"], &learner(lenient), 2).unwrap();
    assert_eq!((found.left_out, found.facets[0].column), (names(&["topic"]), 1));
    let same = rows(&[("a", &["x"]), ("b", &["x"])]);
    let error = validate(&same, &["topic"], &complement(), 2).unwrap_err();
    assert!(matches!(error, HeldOutError::Train(TrainError::OneLabel { .. })), "{error}");
    let unknown = learner(TrainOptions { multi: names(&["mood"]), ..TrainOptions::default() });
    let error = validate(&same, &["topic"], &unknown, 2).unwrap_err();
    assert!(matches!(error, HeldOutError::Train(TrainError::UnknownFacet { .. })), "{error}");
}
