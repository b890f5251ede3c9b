use super::super::made_up::{code, named};
use super::super::{CountryScore, Focus, RegionParts};
use super::*;

/// Candidates, words scores, what it is about.
type Text = (Candidates, Vec<f32>, Vec<Code>);

const LABELS: [&str; 3] = ["DE", "FR", "US"];
const NO_WORDS: [f32; 3] = [-1.0, -1.1, -1.2];

/// Texts about what they name most often, others in passing. Every fifth names nothing, and words alone tell.
fn texts() -> Vec<Text> {
    let text = |i: usize| {
        let about = i % 3;
        let passing = LABELS[(about + 1 + i / 3 % 2) % 3];
        let candidates = match i % 5 {
            0 => named(&[]),
            1 => named(&[(LABELS[about], 1)]),
            _ => named(&[(LABELS[about], 3 + i % 3), (passing, 1)]),
        };
        let mut scores = NO_WORDS.to_vec();
        // Words are wrong now and then.
        scores[if i.is_multiple_of(11) { (about + 1) % 3 } else { about }] = 0.8;
        (candidates, scores, vec![code(LABELS[about])])
    };
    (0..150).map(text).collect()
}

fn fit(params: RegionParams, texts: &[Text]) -> Result<(RegionStack, RegionReport), RegionError> {
    let mut all = Vec::new();
    for (i, (candidates, scores, gold)) in texts.iter().enumerate() {
        all.push(RegionText { candidates, scores, gold, fold: i / 7 % 3 });
    }
    params.fit(&LABELS.map(code), &all)
}

fn trained() -> RegionStack {
    fit(RegionParams::default(), &texts()).unwrap().0
}

fn decided(scores: &[CountryScore]) -> Vec<Code> {
    scores.iter().filter(|score| score.decided).map(|score| score.code).collect()
}

#[test]
fn mentions_and_words_both_count() {
    let (model, report) = fit(RegionParams::default(), &texts()).unwrap();
    assert!(report.micro_f1 > 0.95 && report.macro_f1 > 0.95, "{report:?}");
    let tag =
        |countries: &[(&str, usize)], words: [f32; 3]| decided(&model.tag(&named(countries), &words, Focus::Major));
    assert_eq!(tag(&[("FR", 4), ("DE", 1)], [-1.0, 0.8, -1.2]), [code("FR")]);
    assert_eq!(tag(&[], [-1.0, -1.1, 0.8]), [code("US")], "nothing is mentioned");
}

#[test]
fn a_country_that_training_never_saw_is_found_by_its_mentions() {
    let scores = trained().tag(&named(&[("KE", 4), ("US", 1)]), &NO_WORDS, Focus::Major);
    assert_eq!(decided(&scores), [code("KE")], "{scores:?}");
    assert!(scores[0].clearly_mentioned && scores[0].probability > 0.7);
}

#[test]
fn without_words_every_country_is_unknown_and_mentions_tell() {
    let mut texts = texts();
    texts.iter_mut().for_each(|text| text.1.clear());
    let (model, _) = fit(RegionParams::default(), &texts).unwrap();
    assert_eq!(decided(&model.tag(&named(&[("JP", 3), ("DE", 1)]), &[], Focus::Major)), [code("JP")]);
    assert_eq!(model.tag(&named(&[]), &[], Focus::Major), []);
    // Scores of another number are no scores.
    let few = model.tag(&named(&[("JP", 3)]), &[1.0], Focus::Major);
    assert_eq!(few, model.tag(&named(&[("JP", 3)]), &[], Focus::Major));
}

#[test]
fn the_focus_says_how_many_are_wanted() {
    let model = trained();
    let all = named(&[("US", 4), ("FR", 4), ("DE", 2), ("IT", 1)]);
    let tags = |focus| decided(&model.tag(&all, &[-1.0, 0.8, 0.9], focus));
    let (few, some, many) = (tags(Focus::Primary), tags(Focus::Major), tags(Focus::All));
    assert_eq!(few.len(), 1);
    assert!(some.starts_with(&few) && many.starts_with(&some), "{few:?} {some:?} {many:?}");
    assert!(many.len() > 1, "{many:?}");
}

#[test]
fn home_is_the_answer_where_nothing_else_is() {
    let mut texts = texts();
    for text in texts.iter_mut().filter(|text| text.0.iter().len() == 0) {
        (text.1, text.2) = (NO_WORDS.to_vec(), vec![code("US")]);
    }
    let (model, _) = fit(RegionParams::default().home(Some(code("US"))), &texts).unwrap();
    assert_eq!(decided(&model.tag(&named(&[]), &[], Focus::Major)), [code("US")]);
    assert_eq!(decided(&model.tag(&named(&[("JP", 5)]), &NO_WORDS, Focus::Major)), [code("JP")]);
}

#[test]
fn no_answer_is_an_answer_where_training_has_texts_without_label() {
    let mut texts = texts();
    for text in texts.iter_mut().filter(|text| text.0.iter().len() == 0) {
        (text.1, text.2) = (NO_WORDS.to_vec(), Vec::new());
    }
    let (model, _) = fit(RegionParams::default(), &texts).unwrap();
    assert!(!model.parts().at_least_one && trained().parts().at_least_one);
    assert_eq!(decided(&model.tag(&named(&[]), &NO_WORDS, Focus::All)), []);
}

#[test]
fn a_former_state_counts_only_as_a_label() {
    let model = trained();
    let all = named(&[("SU", 4), ("FR", 1)]);
    assert!(model.tag(&all, &NO_WORDS, Focus::All).iter().all(|score| score.code != code("SU")));
    let mut texts = texts();
    texts.iter_mut().for_each(|text| text.1.clear());
    let rows: Vec<RegionText<'_>> =
        texts.iter().map(|(candidates, _, gold)| RegionText { candidates, scores: &[], gold, fold: 0 }).collect();
    let (model, _) = RegionParams::default().fit(&["DE", "FR", "SU", "US"].map(code), &rows).unwrap();
    assert_eq!(decided(&model.tag(&all, &[], Focus::Major)), [code("SU")]);
}

#[test]
fn evidence_adds_up_to_the_probability() {
    let model = trained();
    let all = named(&[("KE", 4), ("US", 1)]);
    for words in [&NO_WORDS[..], &[]] {
        for score in model.tag(&all, words, Focus::Major) {
            let why = model.explain(&all, words, score.code).unwrap();
            let sum: f64 = why.summands.iter().map(|summand| summand.log_odds).sum();
            assert!((sum - why.log_odds).abs() < 1e-12 && (sigmoid(sum) - score.probability).abs() < 1e-12);
        }
    }
    assert_eq!(model.explain(&all, &NO_WORDS, code("JP")), None);
    let names: Vec<String> =
        model.explain(&all, &NO_WORDS, code("KE")).unwrap().summands.into_iter().map(|summand| summand.name).collect();
    assert!(
        names.iter().any(|name| name == "rare in training") && names.iter().any(|name| name == "focus: mentions 3-4")
    );
}

#[test]
fn threads_do_not_show() {
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| trained().parts().clone())
    };
    // Enough rows for several chunks.
    let many: Vec<Text> = (0..20).flat_map(|_| texts()).collect();
    let big = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| fit(RegionParams::default(), &many).unwrap().0.parts().clone())
    };
    assert_eq!(on(1), on(3));
    assert_eq!(big(1), big(3));
}

#[test]
fn parts_come_back_and_broken_ones_do_not() {
    let model = trained();
    assert_eq!(RegionStack::from_parts(model.parts().clone()), Ok(model.clone()));
    let breaks: [fn(&mut RegionParts); 10] = [
        |parts| parts.labels.reverse(),
        |parts| parts.labels[0].texts = 1000,
        |parts| parts.focus_weights.truncate(5),
        |parts| parts.focus_weights[5] = f64::NAN,
        |parts| parts.stack_weights.push(0.0),
        |parts| parts.stack_weights[3] = f64::NEG_INFINITY,
        |parts| parts.mean = f64::NAN,
        |parts| parts.sd = 0.0,
        |parts| parts.threshold = 1.5,
        |parts| parts.threshold = f64::NAN,
    ];
    for (i, damage) in breaks.into_iter().enumerate() {
        let mut parts = model.parts().clone();
        damage(&mut parts);
        assert!(RegionStack::from_parts(parts).is_err(), "{i}");
    }
}

#[test]
fn bad_rows_are_errors() {
    let broken = |damage: fn(&mut Text)| {
        let mut texts = texts();
        damage(&mut texts[1]);
        fit(RegionParams::default(), &texts).unwrap_err()
    };
    assert_eq!(broken(|text| text.1.truncate(2)), RegionError::Scores { text: 1, found: 2, expected: 3 });
    assert_eq!(broken(|text| text.1[0] = f32::NAN), RegionError::NoNumber(1));
    assert_eq!(broken(|text| text.2 = vec![code("FR"), code("DE")]), RegionError::Labels);
    assert_eq!(fit(RegionParams::default(), &[]).unwrap_err(), RegionError::NoRows);
    assert_eq!(fit(RegionParams::default().penalty(0.0), &texts()).unwrap_err(), RegionError::Penalty(0.0));
    let (candidates, gold) = (named(&[]), Vec::new());
    let far = RegionText { candidates: &candidates, scores: &[], gold: &gold, fold: 20 };
    let error = RegionParams::default().fit(&[], &[far]).unwrap_err();
    assert_eq!(error.to_string(), "text number 0 is in fold 20, expected 0 to 19");
    // A single text without anything is enough to fit, and says nothing.
    let (model, _) = RegionParams::default().fit(&[], &[RegionText { fold: 0, ..far }]).unwrap();
    assert_eq!(model.tag(&candidates, &[], Focus::Major), []);
}
