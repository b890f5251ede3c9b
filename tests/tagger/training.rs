//! What rows and options make of a model, and which of them are refused.

use super::*;

const TEXTS: [&str; 5] = ["the bank", "rain in Tokyo", "a goal and inflation", "unknownword", "wind wind wind"];

/// What facet `facet` of `model` makes of all texts.
fn analyses(model: &Tagger, facet: &str) -> Vec<wiredesk::tagger::FacetAnalysis> {
    let index = model.facets().iter().position(|f| f.name() == facet).unwrap();
    TEXTS.iter().map(|text| model.analyze(text).facets.swap_remove(index)).collect()
}

#[test]
fn a_facet_does_not_depend_on_the_facets_beside_it() {
    let half_labelled = [news(), vec![row("tokyo rain inflation elsewhere", &["", "africa"])]].concat();
    let only_topic: Vec<Row> =
        half_labelled.iter().cloned().map(|mut r| Row { labels: vec![r.labels.swap_remove(0)], ..r }).collect();
    for mut options in all_kinds() {
        for empty in [EmptyCells::Auto, EmptyCells::Unlabelled, EmptyCells::None] {
            options.empty = empty;
            let alone = train(options.clone(), &["topic"], &only_topic);
            let beside = train(options.clone(), &["topic", "region"], &half_labelled);
            assert_eq!(analyses(&alone, "topic"), analyses(&beside, "topic"), "{options:?}");
        }
    }
}

#[test]
fn rows_without_a_label_do_not_change_a_single_label_facet() {
    let more = [news(), vec![row("bank rain goal newword", &["", "asia"]), row("wind", &["", ""])]].concat();
    for options in all_kinds().into_iter().filter(|options| options.multi.is_empty()) {
        for min_df in [1, 2] {
            let options = TrainOptions { min_df, ..options.clone() };
            let model = train(options.clone(), &["topic", "region"], &news());
            let with_more = train(options, &["topic", "region"], &more);
            assert_eq!(analyses(&model, "topic"), analyses(&with_more, "topic"));
            assert_ne!(analyses(&model, "region"), analyses(&with_more, "region"));
        }
    }
}

#[test]
fn a_facet_that_no_row_labels_can_be_left_out() {
    let rows: Vec<Row> = news().into_iter().map(|r| Row { labels: vec![r.labels[0].clone(), vec![]], ..r }).collect();
    let options = TrainOptions { leave_out_unlabelled: true, ..TrainOptions::naive_bayes(Estimator::Complement) };
    let (model, summary) = try_train(options.clone(), &["topic", "region"], &rows).unwrap();
    assert_eq!((model.facets().len(), &summary.left_out[..]), (1, &["region".to_owned()][..]));
    let no_labels = TrainError::NoLabels { facet: "region".into(), rows: 8 };
    assert_eq!(error(TrainOptions::naive_bayes(Estimator::Complement), &["topic", "region"], &rows), no_labels);
    let none: Vec<Row> = rows.into_iter().map(|r| Row { labels: vec![vec![]], ..r }).collect();
    assert!(matches!(error(options, &["topic"], &none), TrainError::NoLabels { .. }));
}

#[test]
fn the_least_and_the_largest_smoothing_give_probabilities() {
    let lidstone = [f64::MIN_POSITIVE, 1e-300, 1000.0].map(Smoothing::Lidstone);
    let jelinek_mercer = [f64::MIN_POSITIVE / 4.0, 1e-300, 1.0 - f64::EPSILON].map(Smoothing::JelinekMercer);
    for smoothing in [lidstone, jelinek_mercer].concat() {
        let options = TrainOptions {
            smoothing,
            method: Method::NaiveBayes(Estimator::Multinomial),
            ..TrainOptions::naive_bayes(Estimator::Complement)
        };
        // A share that is refused is as good as one that works.
        let Ok((model, _)) = try_train(options, &["topic", "region"], &news()) else { continue };
        for facet in model.analyze("the bank and the rain in tokyo").facets {
            assert!(facet.probabilities.iter().all(|p| (0.0..=1.0).contains(p)), "{smoothing:?}: {facet:?}");
        }
    }
}

#[test]
fn the_summary_counts_rows_empty_texts_and_labels_of_one_row() {
    let rows = [news(), vec![row("", &["sport", ""]), row("…", &["labour", "africa"])]].concat();
    let summary = try_train(TrainOptions::naive_bayes(Estimator::Complement), &["topic", "region"], &rows).unwrap().1;
    let rare = |facet: &str, label: &str| (facet.to_owned(), vec![label.to_owned()]);
    let rare_labels = vec![rare("topic", "labour"), rare("region", "africa")];
    let expected = TrainingSummary {
        rows: 10,
        empty_texts: 2,
        left_out: vec![],
        out_of_fold: vec![],
        rare_labels,
        countries: vec![],
        by_places: None,
    };
    assert_eq!(summary, expected);
}

#[test]
fn a_minimum_document_frequency_makes_rarer_words_unknown() {
    let options = TrainOptions { min_df: 2, ..TrainOptions::naive_bayes(Estimator::Complement) };
    let model = train(options, &["topic", "region"], &news());
    assert_eq!(labels(&model, "topic", "heavy tonight"), [""; 0]);
    assert_eq!(labels(&model, "topic", "heavy rain"), ["weather"]);
}

fn priors(facet: &str, values: &[(&str, f64)]) -> TrainOptions {
    let values: BTreeMap<String, f64> = values.iter().map(|&(label, p)| (label.to_owned(), p)).collect();
    let prior = PriorChoice::Given([(facet.to_owned(), values)].into());
    TrainOptions {
        prior,
        method: Method::NaiveBayes(Estimator::Multinomial),
        ..TrainOptions::naive_bayes(Estimator::Complement)
    }
}

#[test]
fn a_given_prior_moves_the_answer() {
    let rows = [row("word same", &["a"]), row("word same", &["b"])];
    for (a, b, expected) in [(0.9, 0.1, "a"), (0.1, 0.9, "b"), (0.5, 0.5, "a")] {
        let model = train(priors("topic", &[("a", a), ("b", b)]), &["topic"], &rows);
        assert_eq!(labels(&model, "topic", "word"), [expected]);
    }
}

#[test]
fn a_prior_needs_exactly_the_labels_of_its_facet() {
    let all = [("economy", 0.4), ("sport", 0.4), ("weather", 0.2)];
    let facets = ["topic", "region"];
    assert!(try_train(priors("topic", &all), &facets, &news()).is_ok());
    let unknown = [&all[..], &[("wether", 0.1)]].concat();
    let expected = TrainError::PriorLabel { facet: "topic".into(), label: "wether".into() };
    assert_eq!(error(priors("topic", &unknown), &facets, &news()), expected);
    let expected = TrainError::PriorMissing { facet: "topic".into(), label: "weather".into() };
    assert_eq!(error(priors("topic", &all[..2]), &facets, &news()), expected);
    let expected = TrainError::UnknownFacet { facet: "tone".into(), known: vec!["topic".into(), "region".into()] };
    assert_eq!(error(priors("tone", &all), &facets, &news()), expected);
}

#[test]
fn a_prior_outside_zero_to_one_is_an_error() {
    for value in [0.0, 1.0, -0.1, 30.0, f64::NAN, f64::INFINITY] {
        let message =
            error(priors("topic", &[("a", value), ("b", 0.5)]), &["topic"], &[row("x", &["a"]), row("y", &["b"])])
                .to_string();
        assert!(message.contains("expected a number above 0 and below 1"), "{message}");
    }
}

#[test]
fn the_complement_estimator_refuses_a_prior_before_it_reads_a_row() {
    for prior in [PriorChoice::Empirical, PriorChoice::Uniform, PriorChoice::Given(BTreeMap::new())] {
        let options = TrainOptions { prior, ..TrainOptions::naive_bayes(Estimator::Complement) };
        assert!(Trainer::new(options, &["topic".to_owned()]).unwrap_err().to_string().contains("ignores priors"));
    }
}

#[test]
fn what_cannot_be_learnt_is_an_error_that_names_it() {
    let default = || TrainOptions::naive_bayes(Estimator::Complement);
    let one = [row("x", &["sport"]), row("y", &["sport"]), row("z", &[""])];
    assert_eq!(error(default(), &[], &[]), TrainError::NoFacets);
    assert_eq!(error(default(), &["topic"], &[]), TrainError::NoRows);
    let no_labels = TrainError::NoLabels { facet: "topic".into(), rows: 2 };
    assert_eq!(error(default(), &["topic"], &[row("x", &[""]), row("y", &[""])]), no_labels);
    let one_label = TrainError::OneLabel { facet: "topic".into(), label: "sport".into() };
    assert_eq!(error(default(), &["topic"], &one), one_label);
    let multi = TrainOptions { multi: vec!["tone".to_owned()], ..default() };
    assert_eq!(
        error(multi, &["topic"], &one),
        TrainError::UnknownFacet { facet: "tone".into(), known: vec!["topic".into()] }
    );
    for empty in [EmptyCells::None, EmptyCells::Unlabelled] {
        // "none of these" is something to tell the one label from.
        let found = try_train(TrainOptions { empty, ..default() }, &["topic"], &one);
        assert_eq!(found.is_ok(), empty == EmptyCells::None);
    }
}

#[test]
fn rows_of_empty_texts_alone_give_a_model_that_never_tags() {
    let model =
        train(TrainOptions::naive_bayes(Estimator::Complement), &["topic"], &[row("", &["a"]), row("—", &["b"])]);
    assert!(model.tag("a b").facet("topic").is_empty());
    assert!(Tagger::from_bytes(&model.to_bytes().unwrap()).is_ok());
}
