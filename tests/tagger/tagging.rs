//! Which tags a text gets, and with what probability.

use super::*;

#[test]
fn a_text_gets_the_tags_of_the_words_that_it_shares_with_training() {
    for options in all_kinds() {
        let model = train(options, &["topic", "region"], &news());
        assert_eq!(labels(&model, "topic", "INTEREST rates and inflation!"), ["economy"]);
        assert_eq!(labels(&model, "topic", "wind, rain"), ["weather"]);
        assert_eq!(labels(&model, "region", "berlin")[0], "europe");
    }
}

#[test]
fn a_text_without_a_known_word_gets_no_tag_whatever_the_options() {
    for options in all_kinds() {
        let model = train(options, &["topic", "region"], &news());
        for text in ["", " \n", "…", "xylophone quux", "東京"] {
            for (threshold, top) in [(None, None), (Some(0.0), None), (None, Some(5)), (Some(0.0), Some(1))] {
                let tags = model.tag_with(text, &TagOptions { threshold, top, ..TagOptions::default() });
                assert_eq!(tags.facets.len(), 2);
                assert!(tags.facets.iter().all(|facet| facet.tags.is_empty()), "{text:?}: {tags:?}");
            }
        }
    }
}

#[test]
fn a_word_of_rows_without_a_label_is_unknown_to_a_single_label_facet() {
    let rows = [news(), vec![row("xylophone", &["", ""])]].concat();
    let model = train(TrainOptions::naive_bayes(Estimator::Complement), &["topic", "region"], &rows);
    assert_eq!(labels(&model, "topic", "xylophone"), [""; 0]);
}

#[test]
fn a_facet_that_the_model_lacks_has_no_tags() {
    assert!(news_model().tag("the bank").facet("tone").is_empty());
    assert!(news_model().facet("tone").is_none());
}

#[test]
fn top_lists_the_most_probable_labels_in_order() {
    let model = news_model();
    let text = "the bank and the rain";
    for facet in ["topic", "region"] {
        let all = labels_with(&model, facet, text, TagOptions { top: Some(9), ..TagOptions::default() });
        assert_eq!(all.len(), model.facet(facet).unwrap().labels().len());
        let two = labels_with(&model, facet, text, TagOptions { top: Some(2), ..TagOptions::default() });
        assert_eq!(two, all[..2]);
        let tags = model.tag_with(text, &TagOptions { top: Some(9), ..TagOptions::default() });
        assert!(tags.facet(facet).is_sorted_by(|a, b| a.probability >= b.probability), "{tags:?}");
    }
}

#[test]
fn a_threshold_keeps_the_label_that_reaches_it() {
    let model = news_model();
    let text = "the bank and the rain";
    let [tag] = model.tag(text).facet("topic")[..] else { panic!("one topic") };
    let at = |threshold| {
        labels_with(&model, "topic", text, TagOptions { threshold: Some(threshold), ..TagOptions::default() })
    };
    assert_eq!(at(tag.probability), [tag.label]);
    assert_eq!(at(tag.probability.next_up()), [""; 0]);
    // A low threshold does not make a single-label facet give two labels.
    assert_eq!(at(0.0), [tag.label]);
}

#[test]
fn a_threshold_lists_all_labels_of_a_multi_label_facet_that_reach_it() {
    let model = news_model();
    let text = "Tokyo and Berlin";
    let at = |threshold, top| {
        labels_with(&model, "region", text, TagOptions { threshold: Some(threshold), top, ..TagOptions::default() })
    };
    assert_eq!(at(0.0, None).len(), 2);
    assert_eq!(at(0.0, Some(1)).len(), 1);
    assert_eq!(at(1.0, None), [""; 0]);
    let probabilities = &model.analyze(text).facets[1].probabilities;
    let least = probabilities.iter().copied().fold(1.0, f64::min);
    assert_eq!(at(least, None).len(), 2);
    assert_eq!(at(least.next_up(), None).len(), 1);
}

#[test]
fn ties_go_to_the_first_label_in_order() {
    let mut rows = vec![row("same", &["zebra"]), row("same", &["ant"]), row("same", &["mole"])];
    for _ in 0..2 {
        rows.reverse();
        // A linear model looks at rows one after another and has no exact ties to break.
        for options in all_kinds().into_iter().filter(|o| matches!(o.method, Method::NaiveBayes(_))) {
            let model = train(options, &["topic"], &rows);
            let probabilities = &model.analyze("same").facets[0].probabilities;
            assert!(probabilities.iter().all(|p| p == &probabilities[0]), "{probabilities:?}");
            assert_eq!(labels(&model, "topic", "same")[0], "ant");
            let all = labels_with(&model, "topic", "same", TagOptions { top: Some(3), ..TagOptions::default() });
            assert_eq!(all, ["ant", "mole", "zebra"]);
        }
    }
}

#[test]
fn probabilities_of_a_single_label_facet_sum_to_one() {
    for options in all_kinds().into_iter().filter(|options| options.multi.is_empty()) {
        let model = train(options, &["topic", "region"], &news());
        for text in ["", "unknown", "bank", &"bank rates rain goal ".repeat(5000)] {
            let sum: f64 = model.analyze(text).facets[0].probabilities.iter().sum();
            assert!((sum - 1.0).abs() < 1e-12, "{sum}");
        }
    }
}

#[test]
fn a_multi_label_facet_can_answer_none_and_several() {
    let model = news_model();
    assert!(model.facet("region").unwrap().is_multi_label());
    assert_eq!(labels(&model, "region", "rain and wind"), [""; 0]);
    assert_eq!(labels(&model, "region", "Tokyo"), ["asia"]);
    assert_eq!(labels(&model, "region", "the team from Tokyo beat Berlin").len(), 2);
    // The single-label facet always answers.
    assert_eq!(labels(&model, "topic", "the").len(), 1);
}

#[test]
fn rows_without_a_label_teach_nothing_when_empty_means_unlabelled() {
    let unlabelled = TrainOptions { empty: EmptyCells::Unlabelled, ..TrainOptions::naive_bayes(Estimator::Complement) };
    let model = train(unlabelled, &["topic", "region"], &news());
    assert_eq!(labels(&model, "region", "rain and wind").len(), 1);
    assert!(!model.facet("region").unwrap().empty_is_none());
}

#[test]
fn a_facet_is_multi_label_by_its_rows_or_by_request() {
    let is_multi = |options: TrainOptions| train(options, &["topic", "region"], &news()).facets()[0].is_multi_label();
    assert!(!is_multi(TrainOptions::naive_bayes(Estimator::Complement)));
    assert!(is_multi(TrainOptions {
        multi: vec!["topic".to_owned()],
        ..TrainOptions::naive_bayes(Estimator::Complement)
    }));
    assert!(is_multi(TrainOptions { empty: EmptyCells::None, ..TrainOptions::naive_bayes(Estimator::Complement) }));
    let two = [news(), vec![row("bank match", &["economy|sport", ""])]].concat();
    assert!(
        train(TrainOptions::naive_bayes(Estimator::Complement), &["topic", "region"], &two).facets()[0]
            .is_multi_label()
    );
}
