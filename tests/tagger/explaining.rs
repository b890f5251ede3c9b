//! Why a text has its tags: contributions that sum to the score, at the places of their words.

use super::*;

use wiredesk::bayes::nbsvm::NbSvmParams;
use wiredesk::tagger::{Classifier, Contribution, Explanation, Tag};

/// Every label of every facet, explained.
fn explanations(model: &Tagger, text: &str) -> Vec<(String, Explanation)> {
    let labels = model.facets().iter().flat_map(|facet| {
        let labels = facet.labels().names().iter();
        labels.map(|label| (facet.name().to_owned(), model.explain(text, facet.name(), label).unwrap()))
    });
    labels.collect()
}

fn assert_close(found: f64, expected: f64, scale: f64, what: &str) {
    // nbsvm sums in single precision.
    assert!((found - expected).abs() <= 1e-5 * (1.0 + scale), "{what}: {found} where {expected} is expected");
}

fn news_models() -> Vec<Tagger> {
    all_kinds().into_iter().map(|options| train(options, &["topic", "region"], &news())).collect()
}

fn check_sums(model: &Tagger, text: &str) {
    for (facet, why) in explanations(model, text) {
        let what = format!("{facet} {} of {text:?}", why.label);
        let sum: f64 = why.contributions.iter().map(|c| c.value).sum();
        let scale: f64 = why.contributions.iter().map(|c| c.value.abs()).sum();
        if why.bias.is_infinite() {
            assert_eq!(why.margin, why.bias, "{what}");
        } else {
            assert_close(why.bias + sum, why.margin, scale, &what);
        }
        let words = why.weights_by_word();
        assert_close(words.iter().map(|word| word.weight).sum(), sum, scale, &what);
        assert!(words.is_sorted_by(|a, b| a.end <= b.start), "{what}: {words:?}");
        let is_place = |start, end| start < end && text.is_char_boundary(start) && text.is_char_boundary(end);
        assert!(words.iter().all(|word| is_place(word.start, word.end)), "{what}: {words:?}");
        for contribution in &why.contributions {
            assert!(!contribution.places.is_empty(), "{what}: {contribution:?}");
            assert!(contribution.places.iter().all(|&(start, end)| is_place(start, end)), "{what}: {contribution:?}");
        }
        let order = |c: &Contribution| (-c.value.abs(), c.feature.clone());
        assert!(why.contributions.is_sorted_by(|a, b| order(a) <= order(b)), "{what}: {:?}", why.contributions);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bias_and_contributions_sum_to_the_margin_and_so_do_the_words(
        texts in prop::collection::vec(
            prop_oneof![any::<String>(), "(the|bank |rain|Tokyo |中国|经济|หนัง|interest |rates |INFLATION |é|[ ,.]){0,40}"],
            1..4,
        ),
    ) {
        thread_local!(static MODELS: Vec<Tagger> = {
            let more = [row("中国经济 bank", &["economy", "asia"]), row("หนังสือ rain", &["weather", "asia"])];
            let rows = [news(), more.to_vec()].concat();
            all_kinds().into_iter().map(|options| train(options, &["topic", "region"], &rows)).collect()
        });
        MODELS.with(|models| models.iter().for_each(|model| texts.iter().for_each(|text| check_sums(model, text))));
    }
}

#[test]
fn margins_give_the_probabilities_of_single_label_models() {
    // Calibration may find the companion of no use, so a model without is asked, too.
    let method = Method::NbSvm(NbSvmParams::default().calibrate(false));
    let uncalibrated = train(TrainOptions { method, ..TrainOptions::default() }, &["topic", "region"], &news());
    let mut companions = 0;
    for model in news_models().into_iter().chain([uncalibrated]).filter(|model| !model.facets()[0].is_multi_label()) {
        for text in ["the bank and the rain", "Inflation", "Tokyo beat Berlin in the final match, scored a goal"] {
            let analysis = &model.analyze(text).facets[0];
            let facet = &model.facets()[0];
            let whys: Vec<Explanation> =
                facet.labels().names().iter().map(|label| model.explain(text, "topic", label).unwrap()).collect();
            let logs: Vec<f64> = match facet.classifier() {
                Classifier::NbSvm(model) => {
                    let calibration = model.parts().calibration;
                    assert!(whys.iter().all(|why| why.companion.is_some() == (calibration.lambda > 0.0)));
                    companions += whys.iter().filter(|why| why.companion.is_some_and(|part| part != 0.0)).count();
                    let log = |w: &Explanation| calibration.log_score(w.margin, 0.0) + w.companion.unwrap_or(0.0);
                    whys.iter().map(log).collect()
                }
                Classifier::NaiveBayes(model) => {
                    assert!(whys.iter().all(|why| why.companion.is_none()));
                    let mean = whys.iter().map(|why| why.margin).sum::<f64>();
                    assert_close(mean, 0.0, 0.0, "centred");
                    let scale = if model.params().estimator() == Estimator::Complement { 2.5 } else { 1.0 };
                    whys.iter().map(|w| scale * w.margin / analysis.length.max(1.0).sqrt()).collect()
                }
                Classifier::Countries(_) => panic!("no labels of the news are countries"),
            };
            let mut probabilities = logs;
            wiredesk::bayes::posterior::normalize(&mut probabilities);
            for (found, expected) in probabilities.into_iter().zip(&analysis.probabilities) {
                assert_close(found, *expected, 0.0, text);
            }
        }
    }
    assert!(companions > 0);
}

#[test]
fn the_words_of_a_label_speak_for_it_and_against_others() {
    for model in news_models() {
        let value = |label, feature| {
            let why = model.explain("Interest rates and heavy rain", "topic", label).unwrap();
            let found = why.contributions.into_iter().find(|c| c.feature == feature);
            found.map(|c| c.value).unwrap_or_default()
        };
        assert!(value("economy", "rates") > 0.0);
        assert!(value("weather", "rain") > 0.0);
        assert!(value("economy", "rain") < value("weather", "rain"));
    }
}

#[test]
fn places_are_those_of_the_words_whatever_the_script() {
    let rows = [news(), vec![row("Łódź économie économie İstanbul", &["economy", "europe"])]].concat();
    // Twice, as a pair that a single row has is no feature of nbsvm.
    let rows = [rows.clone(), rows].concat();
    let text = "Café: ÉCONOMIE — the  Économiste of ŁÓDŹ, interest\nrates, Interest rates";
    for options in all_kinds() {
        let model = train(options, &["topic", "region"], &rows);
        let why = model.explain(text, "topic", "economy").unwrap();
        let words = |feature: &str| {
            let found = why.contributions.iter().find(|c| c.feature == feature);
            found.map(|c| c.places.iter().map(|&(start, end)| &text[start..end]).collect::<Vec<_>>())
        };
        assert_eq!(words("économie").unwrap(), ["ÉCONOMIE"]);
        assert_eq!(words("łódź").unwrap(), ["ŁÓDŹ"]);
        assert_eq!(words("rates").unwrap(), ["rates", "rates"]);
        assert_eq!(words("interest rates").unwrap(), ["interest\nrates", "Interest rates"]);
        assert_eq!(words("^écon").unwrap(), ["ÉCONOMIE", "Économiste"]);
        assert_eq!(words("café"), None);
        let coloured: Vec<&str> = why.weights_by_word().iter().map(|word| &text[word.start..word.end]).collect();
        assert!(coloured.contains(&"Économiste") && !coloured.contains(&"Café"), "{coloured:?}");
    }
}

#[test]
fn characters_that_tokens_share_are_coloured_once() {
    let rows = [row("中国经济 bank", &["economy"]), row("天气 rain", &["weather"]), row("天 rain", &["weather"])];
    let model = train(TrainOptions::naive_bayes(Estimator::Complement), &["topic"], &rows);
    let text = "AI中国经济!";
    let why = model.explain(text, "topic", "economy").unwrap();
    let words: Vec<&str> = why.weights_by_word().iter().map(|word| &text[word.start..word.end]).collect();
    assert_eq!(words, ["中", "国", "经", "济"]);
}

#[test]
fn a_text_without_a_known_word_has_a_bias_and_nothing_else() {
    for model in news_models() {
        for text in ["", " \n", "xylophone quux 東京"] {
            for (_, why) in explanations(&model, text) {
                assert_eq!(why.contributions, []);
                assert_eq!(why.weights_by_word(), []);
                assert_eq!(why.margin, why.bias);
            }
        }
        let known = model.explain("rates", "topic", "economy").unwrap();
        let more = model.explain("xylophone quux rates", "topic", "economy").unwrap();
        assert_eq!(known.margin, more.margin);
        assert_eq!(known.contributions.len(), more.contributions.len());
    }
}

#[test]
fn an_unknown_facet_or_label_has_no_explanation() {
    let model = news_model();
    assert_eq!(model.explain("the bank", "tone", "economy"), None);
    assert_eq!(model.explain("the bank", "topic", "europe"), None);
}

#[test]
fn the_tags_of_a_text_are_explained_together_as_one_by_one() {
    for model in news_models() {
        let text = "The team from Tokyo beat Berlin, and the bank cut rates";
        let tags = model.tag_with(text, &TagOptions { top: Some(2), ..TagOptions::default() });
        let together = model.explain_tags(text, &tags);
        assert_eq!(together.len(), tags.facets.len());
        for (facet, explanations) in tags.facets.iter().zip(together) {
            let alone = |tag: &Tag<'_>| model.explain(text, facet.facet, tag.label).unwrap();
            assert_eq!(explanations, facet.tags.iter().map(alone).collect::<Vec<_>>());
        }
    }
}
