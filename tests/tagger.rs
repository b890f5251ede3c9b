//! What a trained model does, from the outside: rows in, tags out, files that strangers may have touched.

#![allow(clippy::unwrap_used)] // the helpers, too

use std::collections::BTreeMap;

use proptest::prelude::*;
use wiredesk::bayes::{Estimator, Smoothing};
use wiredesk::corpus::{Place, Row};
use wiredesk::features::{FeatureSettings, Vocabulary, VocabularyParts};
use wiredesk::tagger::{
    EmptyCells, ModelCard, ModelError, PriorChoice, TagOptions, Tagger, TrainError, TrainOptions, Trainer,
    TrainingSummary, rollup,
};

/// A row of a text and one cell per facet; `|` separates labels, as in a CSV file.
fn row(text: &str, cells: &[&str]) -> Row {
    let labels = |cell: &&str| cell.split('|').filter(|label| !label.is_empty()).map(str::to_owned).collect();
    let place = Place { source: "rows".into(), row: 1, line: 1 };
    Row { text: text.to_owned(), labels: cells.iter().map(labels).collect(), id: None, columns: Vec::new(), place }
}

fn try_train(options: TrainOptions, facets: &[&str], rows: &[Row]) -> Result<(Tagger, TrainingSummary), TrainError> {
    let facets: Vec<String> = facets.iter().map(|&facet| facet.to_owned()).collect();
    let mut trainer = Trainer::new(options, &facets)?;
    trainer.add(rows)?;
    trainer.finish()
}

fn train(options: TrainOptions, facets: &[&str], rows: &[Row]) -> Tagger {
    try_train(options, facets, rows).unwrap().0
}

fn error(options: TrainOptions, facets: &[&str], rows: &[Row]) -> TrainError {
    try_train(options, facets, rows).unwrap_err()
}

/// One topic and any number of regions, some rows without.
fn news() -> Vec<Row> {
    vec![
        row("The bank raised interest rates as inflation grew", &["economy", "europe"]),
        row("Inflation fell and the bank cut rates", &["economy", "asia"]),
        row("Shares in the bank rose on interest hopes in Tokyo", &["economy", "asia"]),
        row("The striker scored twice in the final in Berlin", &["sport", "europe"]),
        row("The team from Tokyo beat Berlin in the final", &["sport", "asia|europe"]),
        row("A late goal won the match for the team", &["sport", ""]),
        row("Heavy rain and wind are expected tonight", &["weather", ""]),
        row("Snow and strong wind will turn to rain", &["weather", ""]),
    ]
}

fn news_model() -> Tagger {
    train(TrainOptions::default(), &["topic", "region"], &news())
}

fn labels<'m>(model: &'m Tagger, facet: &str, text: &str) -> Vec<&'m str> {
    labels_with(model, facet, text, TagOptions::default())
}

fn labels_with<'m>(model: &'m Tagger, facet: &str, text: &str, options: TagOptions) -> Vec<&'m str> {
    model.tag_with(text, &options).facet(facet).iter().map(|tag| tag.label).collect()
}

/// Every estimator and smoothing, single- and multi-label.
fn all_kinds() -> Vec<TrainOptions> {
    let mut kinds = Vec::new();
    for (estimator, smoothing) in [
        (Estimator::Complement, Smoothing::Lidstone(0.3)),
        (Estimator::Multinomial, Smoothing::Lidstone(0.3)),
        (Estimator::Multinomial, Smoothing::JelinekMercer(0.5)),
    ] {
        for multi in [vec![], vec!["topic".to_owned()]] {
            kinds.push(TrainOptions { estimator, smoothing, multi, ..TrainOptions::default() });
        }
    }
    kinds
}

mod tagging {
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
                    let tags = model.tag_with(text, &TagOptions { threshold, top });
                    assert_eq!(tags.facets.len(), 2);
                    assert!(tags.facets.iter().all(|facet| facet.tags.is_empty()), "{text:?}: {tags:?}");
                }
            }
        }
    }

    #[test]
    fn a_word_of_rows_without_a_label_is_unknown_to_a_single_label_facet() {
        let rows = [news(), vec![row("xylophone", &["", ""])]].concat();
        let model = train(TrainOptions::default(), &["topic", "region"], &rows);
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
        let at = |threshold| labels_with(&model, "topic", text, TagOptions { threshold: Some(threshold), top: None });
        assert_eq!(at(tag.probability), [tag.label]);
        assert_eq!(at(tag.probability.next_up()), [""; 0]);
        // A low threshold does not make a single-label facet give two labels.
        assert_eq!(at(0.0), [tag.label]);
    }

    #[test]
    fn a_threshold_lists_all_labels_of_a_multi_label_facet_that_reach_it() {
        let model = news_model();
        let text = "Tokyo and Berlin";
        let at = |threshold, top| labels_with(&model, "region", text, TagOptions { threshold: Some(threshold), top });
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
            for options in all_kinds() {
                let model = train(options, &["topic"], &rows);
                let probabilities = &model.analyze("same").facets[0].probabilities;
                assert!(probabilities.iter().all(|p| p == &probabilities[0]), "{probabilities:?}");
                assert_eq!(labels(&model, "topic", "same")[0], "ant");
                let all = labels_with(&model, "topic", "same", TagOptions { top: Some(3), threshold: None });
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
        let unlabelled = TrainOptions { empty: EmptyCells::Unlabelled, ..TrainOptions::default() };
        let model = train(unlabelled, &["topic", "region"], &news());
        assert_eq!(labels(&model, "region", "rain and wind").len(), 1);
        assert!(!model.facet("region").unwrap().empty_is_none());
    }

    #[test]
    fn a_facet_is_multi_label_by_its_rows_or_by_request() {
        let is_multi =
            |options: TrainOptions| train(options, &["topic", "region"], &news()).facets()[0].is_multi_label();
        assert!(!is_multi(TrainOptions::default()));
        assert!(is_multi(TrainOptions { multi: vec!["topic".to_owned()], ..TrainOptions::default() }));
        assert!(is_multi(TrainOptions { empty: EmptyCells::None, ..TrainOptions::default() }));
        let two = [news(), vec![row("bank match", &["economy|sport", ""])]].concat();
        assert!(train(TrainOptions::default(), &["topic", "region"], &two).facets()[0].is_multi_label());
    }
}

mod articles {
    use super::*;

    #[test]
    fn an_article_names_the_paragraphs_that_carry_each_tag() {
        let model = news_model();
        let paragraphs = [
            "the team from tokyo won the match and the final",
            "unknownword",
            "the bank raised rates in tokyo",
            "berlin scored a goal",
        ];
        let article = rollup(&model, &model.analyze_all(&paragraphs), None);
        let names: Vec<&str> = article.facets.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["topic", "region"]);
        let [topic] = &article.facets[0].1[..] else { panic!("one topic: {article:?}") };
        assert_eq!((topic.label, &topic.paragraphs[..]), ("sport", &[1, 4][..]));
        for (i, (_, tags)) in article.facets.iter().enumerate() {
            for tag in tags {
                let carries = |number: &usize| labels(&model, names[i], paragraphs[*number - 1]).contains(&tag.label);
                let expected: Vec<usize> = (1..=4).filter(carries).collect();
                assert_eq!(tag.paragraphs, expected, "{tag:?}");
            }
        }
    }

    #[test]
    fn an_article_of_one_paragraph_has_its_tags() {
        let model = news_model();
        for text in ["the bank raised rates in Tokyo", "Tokyo beat Berlin", "rain and wind"] {
            let article = rollup(&model, &[model.analyze(text)], None);
            for ((_, article_tags), of_text) in article.facets.iter().zip(&model.tag(text).facets) {
                let ours: Vec<(&str, f64)> = article_tags.iter().map(|tag| (tag.label, tag.probability)).collect();
                let theirs: Vec<(&str, f64)> = of_text.tags.iter().map(|tag| (tag.label, tag.probability)).collect();
                assert_eq!(ours, theirs, "{text}");
            }
        }
    }

    #[test]
    fn an_article_without_known_words_or_paragraphs_has_no_tags() {
        let model = news_model();
        for paragraphs in [vec![], vec![""], vec!["unknownword", "…"]] {
            let article = rollup(&model, &model.analyze_all(&paragraphs), None);
            assert!(article.facets.iter().all(|(_, tags)| tags.is_empty()), "{article:?}");
        }
    }

    #[test]
    fn paragraphs_without_known_words_do_not_change_the_probability_of_an_article() {
        let model = news_model();
        let short = rollup(&model, &model.analyze_all(&["the bank raised rates"]), None);
        let long = rollup(&model, &model.analyze_all(&["the bank raised rates", "unknownword", ""]), None);
        assert_eq!(short, long);
    }

    #[test]
    fn a_threshold_drops_the_tags_of_an_article_below_it() {
        let model = news_model();
        let analyses = model.analyze_all(&["the bank raised rates", "rain"]);
        let probability = rollup(&model, &analyses, None).facets[0].1[0].probability;
        assert_eq!(rollup(&model, &analyses, Some(probability)).facets[0].1.len(), 1);
        assert_eq!(rollup(&model, &analyses, Some(probability.next_up())).facets[0].1.len(), 0);
    }
}

mod training {
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
        let rows: Vec<Row> =
            news().into_iter().map(|r| Row { labels: vec![r.labels[0].clone(), vec![]], ..r }).collect();
        let options = TrainOptions { leave_out_unlabelled: true, ..TrainOptions::default() };
        let (model, summary) = try_train(options.clone(), &["topic", "region"], &rows).unwrap();
        assert_eq!((model.facets().len(), &summary.left_out[..]), (1, &["region".to_owned()][..]));
        let no_labels = TrainError::NoLabels { facet: "region".into(), rows: 8 };
        assert_eq!(error(TrainOptions::default(), &["topic", "region"], &rows), no_labels);
        let none: Vec<Row> = rows.into_iter().map(|r| Row { labels: vec![vec![]], ..r }).collect();
        assert!(matches!(error(options, &["topic"], &none), TrainError::NoLabels { .. }));
    }

    #[test]
    fn the_least_and_the_largest_smoothing_give_probabilities() {
        let lidstone = [f64::MIN_POSITIVE, 1e-300, 1000.0].map(Smoothing::Lidstone);
        let jelinek_mercer = [f64::MIN_POSITIVE / 4.0, 1e-300, 1.0 - f64::EPSILON].map(Smoothing::JelinekMercer);
        for smoothing in [lidstone, jelinek_mercer].concat() {
            let options = TrainOptions { smoothing, estimator: Estimator::Multinomial, ..TrainOptions::default() };
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
        let summary = try_train(TrainOptions::default(), &["topic", "region"], &rows).unwrap().1;
        let rare = |facet: &str, label: &str| (facet.to_owned(), vec![label.to_owned()]);
        let rare_labels = vec![rare("topic", "labour"), rare("region", "africa")];
        let expected = TrainingSummary { rows: 10, empty_texts: 2, left_out: vec![], rare_labels };
        assert_eq!(summary, expected);
    }

    #[test]
    fn a_minimum_document_frequency_makes_rarer_words_unknown() {
        let options = TrainOptions { min_df: 2, ..TrainOptions::default() };
        let model = train(options, &["topic", "region"], &news());
        assert_eq!(labels(&model, "topic", "heavy tonight"), [""; 0]);
        assert_eq!(labels(&model, "topic", "heavy rain"), ["weather"]);
    }

    fn priors(facet: &str, values: &[(&str, f64)]) -> TrainOptions {
        let values: BTreeMap<String, f64> = values.iter().map(|&(label, p)| (label.to_owned(), p)).collect();
        let prior = PriorChoice::Given([(facet.to_owned(), values)].into());
        TrainOptions { prior, estimator: Estimator::Multinomial, ..TrainOptions::default() }
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
            let options = TrainOptions { prior, ..TrainOptions::default() };
            assert!(Trainer::new(options, &["topic".to_owned()]).unwrap_err().to_string().contains("ignores priors"));
        }
    }

    #[test]
    fn what_cannot_be_learnt_is_an_error_that_names_it() {
        let default = TrainOptions::default;
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
        let model = train(TrainOptions::default(), &["topic"], &[row("", &["a"]), row("—", &["b"])]);
        assert!(model.tag("a b").facet("topic").is_empty());
        assert!(Tagger::from_bytes(&model.to_bytes().unwrap()).is_ok());
    }
}

mod files {
    use super::*;

    /// A small model with all that a file can hold: pairs, prefixes, priors, two facets, a card.
    fn small() -> Vec<u8> {
        let options = TrainOptions {
            estimator: Estimator::Multinomial,
            prior: PriorChoice::Uniform,
            card: ModelCard::new("Small"),
            ..TrainOptions::default()
        };
        let rows = [row("climate talks", &["a", "x|y"]), row("talks failed", &["b", "y"]), row("climate", &["a", ""])];
        train(options, &["t", "r"], &rows).to_bytes().unwrap()
    }

    const BEFORE_DIGITS: &[u8] = br#"\"blake3\":\""#;

    /// Where the 64 digits of the hash stand.
    fn digits(file: &[u8]) -> Option<std::ops::Range<usize>> {
        let start = file.windows(BEFORE_DIGITS.len()).position(|w| w == BEFORE_DIGITS)? + BEFORE_DIGITS.len();
        (start + 64 <= file.len()).then_some(start..start + 64)
    }

    /// Makes the hash fit the bytes again, as whoever altered a file on purpose would.
    fn with_fitting_hash(mut file: Vec<u8>) -> Vec<u8> {
        if let Some(digits) = digits(&file) {
            file[digits.clone()].fill(b'0');
            let hash = blake3::hash(&file).to_hex();
            file[digits].copy_from_slice(hash.as_bytes());
        }
        file
    }

    /// The file with some text of its header replaced by other text of the same length.
    fn altered(file: &[u8], from: &str, to: &str) -> Vec<u8> {
        assert_eq!(from.len(), to.len());
        let at = file.windows(from.len()).position(|w| w == from.as_bytes()).unwrap();
        let mut altered = file.to_vec();
        altered[at..at + to.len()].copy_from_slice(to.as_bytes());
        with_fitting_hash(altered)
    }

    #[test]
    fn a_file_with_any_byte_changed_is_an_error() {
        let file = small();
        assert!(Tagger::from_bytes(&file).is_ok());
        assert_eq!(with_fitting_hash(file.clone()), file);
        for position in 0..file.len() {
            for change in [0x01, 0x20, 0x80, 0xFF] {
                let mut damaged = file.clone();
                damaged[position] ^= change;
                assert!(Tagger::from_bytes(&damaged).is_err(), "byte {position} changed by {change:#x}");
            }
        }
    }

    #[test]
    fn a_file_that_was_cut_short_or_goes_on_is_an_error() {
        let file = small();
        for end in 0..file.len() {
            assert!(Tagger::from_bytes(&file[..end]).is_err(), "cut at {end}");
            assert!(
                Tagger::from_bytes(&with_fitting_hash(file[..end].to_vec())).is_err(),
                "cut at {end}, hash made to fit"
            );
        }
        assert!(Tagger::from_bytes(&[&file[..], b"\0"].concat()).is_err());
        assert!(Tagger::from_bytes(&with_fitting_hash([&file[..], b"\0"].concat())).is_err());
    }

    /// Whatever passes the checks has to work: no panic, no probability outside 0 to 1.
    #[test]
    fn a_file_altered_on_purpose_is_an_error_or_a_model_that_works() {
        let file = small();
        let hash = digits(&file).unwrap();
        let mut loaded = 0;
        for position in (0..file.len()).filter(|position| !hash.contains(position)) {
            for value in [0, 1, 2, 3, 9, b'0', b'9', 0x7F, 0xFF, file[position] ^ 1, file[position].wrapping_sub(1)] {
                let mut altered = file.clone();
                altered[position] = value;
                let Ok(model) = Tagger::from_bytes(&with_fitting_hash(altered)) else { continue };
                loaded += 1;
                assert_works(&model, &format!("byte {position} is {value}"));
            }
        }
        // Counts that are a little different are still counts; most of the rest has to be found out.
        assert!(loaded > 100, "{loaded} files passed the checks");
    }

    fn assert_works(model: &Tagger, place: &str) {
        for text in ["climate talks failed", "", "talks talks climate climate change"] {
            for facet in model.analyze(text).facets {
                assert!(facet.probabilities.iter().all(|p| (0.0..=1.0).contains(p)), "{place}: {facet:?}");
            }
            model.tag_with(text, &TagOptions { threshold: Some(0.1), top: Some(3) });
            model.extractor().features_with_places(text);
            rollup(model, &[model.analyze(text)], None);
        }
        (0..model.extractor().vocabulary().n_features()).for_each(|feature| {
            model.extractor().vocabulary().name(feature);
        });
        for facet in model.facets() {
            for (label, _) in facet.labels().iter() {
                assert!(facet.model().feature_weights(label.index()).iter().all(|w| w.is_finite()), "{place}");
            }
        }
        assert!(model.to_bytes().is_ok(), "{place}");
    }

    #[test]
    fn a_newer_format_is_named_with_the_way_out() {
        let newer = altered(&small(), r#"\"format\":1"#, r#"\"format\":2"#);
        let error = Tagger::from_bytes(&newer).unwrap_err();
        assert!(matches!(error, ModelError::Newer { found: 2, known: 1 }), "{error:?}");
        assert_eq!(error.to_string(), "the model has format 2, this release reads formats up to 1; update wiredesk");
    }

    #[test]
    fn a_newer_tokenizer_is_an_error() {
        let newer = altered(&small(), r#"{\"version\":1}"#, r#"{\"version\":2}"#);
        assert!(matches!(Tagger::from_bytes(&newer), Err(ModelError::Newer { .. })));
    }

    #[test]
    fn settings_that_contradict_the_arrays_are_errors() {
        for (from, to) in [
            (r#"\"ngrams\":2"#, r#"\"ngrams\":3"#),
            (r#"\"ngrams\":2"#, r#"\"ngrams\":0"#),
            (r#"\"ngrams\":2"#, r#"\"ngrams\":9"#),
            (r#"[\"a\",\"b\"]"#, r#"[\"b\",\"a\"]"#),
            (r#"[\"a\",\"b\"]"#, r#"[\"a\",\"a\"]"#),
            (r#"\"min_df\":1"#, r#"\"min_df\":0"#),
            (r#"\"multinomial\""#, r#"\"multinomiaX\""#),
            ("vocabulary.words", "vocabulary.wordz"),
            (r#"\"kind\":"#, r#"\"king\":"#),
            (r#""wiredesk":"#, r#""wiredisk":"#),
        ] {
            assert!(Tagger::from_bytes(&altered(&small(), from, to)).is_err(), "{to}");
        }
    }

    #[test]
    fn a_vocabulary_whose_ngrams_skip_an_order_is_refused() {
        // "b" after "a" stands as an n-gram of three words: its first word would be sought before the text.
        let parts = |order_sizes| VocabularyParts {
            words: "ab".to_owned(),
            word_ends: vec![1, 2],
            order_sizes,
            child_counts: vec![1, 0],
            last_words: vec![1],
            ..VocabularyParts::default()
        };
        assert!(Vocabulary::from_parts(parts(vec![1])).is_ok());
        assert!(Vocabulary::from_parts(parts(vec![0, 1])).is_err());
    }

    #[test]
    fn files_of_another_kind_are_errors_that_say_so() {
        let message = |file: &[u8]| Tagger::from_bytes(file).unwrap_err().to_string();
        for file in [&b""[..], b"text,topic\na,b\n", &[0; 100], &[0xFF; 100], b"\x02\0\0\0\0\0\0\0{}"] {
            let message = message(file);
            assert!(
                message.contains("not a wiredesk model") || message.contains("not written by wiredesk"),
                "{message}"
            );
        }
        let header = br#"{"__metadata__":{"format":"pt"}}"#;
        let foreign = [&(header.len() as u64).to_le_bytes()[..], header].concat();
        assert!(matches!(Tagger::from_bytes(&foreign), Err(ModelError::Foreign)));
        // A header that claims to be larger than any memory.
        assert!(Tagger::from_bytes(&[&u64::MAX.to_le_bytes()[..], b"{}"].concat()).is_err());
    }

    #[test]
    fn a_model_that_could_be_saved_can_be_loaded() {
        for ngrams in [0, 1, 5, 6, 300] {
            for prefixes in [true, false] {
                let options =
                    TrainOptions { features: FeatureSettings { ngrams, prefixes }, ..TrainOptions::default() };
                if let Ok((model, _)) = try_train(options, &["topic", "region"], &news()) {
                    assert!(Tagger::from_bytes(&model.to_bytes().unwrap()).is_ok(), "n-grams of {ngrams}");
                }
            }
        }
    }

    #[test]
    fn the_card_comes_back_whatever_it_says() {
        for text in ["", "é \u{1F5DE} \0 \"quoted\"", r#""blake3":"""#, r#"\"blake3\":\"0000"#] {
            let options = TrainOptions { card: ModelCard::new(text), ..TrainOptions::default() };
            let file = train(options, &["topic", "region"], &news()).to_bytes().unwrap();
            assert_eq!(Tagger::from_bytes(&file).unwrap().card().text(), text);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_gets_probabilities_between_zero_and_one(
        text in prop_oneof![any::<String>(), "(the|bank|rain|Tokyo|中国|หนัง|goal|é|[ ,.]){0,40}"],
        threshold in prop::option::of(0.0..=1.0f64),
        top in prop::option::of(1..5usize),
    ) {
        for options in all_kinds() {
            let model = train(options, &["topic", "region"], &news());
            let analysis = model.analyze(&text);
            for facet in &analysis.facets {
                prop_assert!(facet.length.is_finite() && facet.length >= 0.0);
                prop_assert!(facet.probabilities.iter().all(|p| (0.0..=1.0).contains(p)), "{:?}", facet);
                prop_assert!(facet.decided.is_sorted() && facet.decided.iter().all(|&k| k < facet.probabilities.len()));
            }
            let tags = model.tag_with(&text, &TagOptions { threshold, top });
            for facet in &tags.facets {
                prop_assert!(facet.tags.len() <= top.unwrap_or(usize::MAX));
                prop_assert!(facet.tags.is_sorted_by(|a, b| a.probability >= b.probability));
                prop_assert!(facet.tags.iter().all(|tag| tag.probability >= threshold.unwrap_or(0.0)));
            }
            for (_, start, end) in model.extractor().features_with_places(&text) {
                prop_assert!(start < end && text.is_char_boundary(start) && text.is_char_boundary(end));
            }
        }
    }

    #[test]
    fn arbitrary_bytes_are_no_model_and_no_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(Tagger::from_bytes(&bytes).is_err());
    }
}
