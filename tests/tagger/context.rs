//! What the paragraphs of an article say about each other.

use super::*;

use wiredesk::tagger::{Analysis, Context};

const ARTICLE: [&str; 5] = [
    "the team from tokyo won the match and the final",
    "the striker scored a goal",
    "unknownword",
    "wind",
    "the bank raised interest rates in berlin",
];

/// Single- and multi-label, with and without "none", naive Bayes of both kinds (one with infinite priors) and nbsvm.
fn models() -> Vec<Tagger> {
    let mut rows = news();
    rows.iter_mut().for_each(|row| row.labels.push(vec!["everywhere".into()]));
    rows[0].labels[2].push("once".into());
    let all = [
        TrainOptions::naive_bayes(Estimator::Complement),
        TrainOptions::naive_bayes(Estimator::Multinomial),
        TrainOptions::default(),
    ];
    all.into_iter().map(|options| train(options, &["topic", "region", "place"], &rows)).collect()
}

/// The formula at the head of `src/tagger/context.rs`, every paragraph against every other.
fn by_the_formula(analyses: &[Analysis], facet: usize, multi_label: bool, i: usize, context: Context) -> Vec<f64> {
    let facets: Vec<_> = analyses.iter().map(|a| &a.facets[facet]).collect();
    let said = |j: usize, k: usize| {
        let e = &facets[j].evidence;
        let value = if multi_label {
            e[k]
        } else {
            let most = e.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            e[k] - most - e.iter().map(|e| (e - most).exp()).sum::<f64>().ln()
        };
        value.clamp(-context.bound, context.bound)
    };
    let weight = |j: usize| facets[j].length * context.decay.powi(i.abs_diff(j) as i32);
    let all: f64 = (0..facets.len()).map(weight).sum();
    let growth = if multi_label { 1.0 } else { 0.5 * (1.0 + weight(i) / all) };
    let scale = (1.0 + context.weight).powf(growth);
    let n_labels = facets[i].probabilities.len();
    let one = |(k, &own): (usize, &f64)| {
        let mean = (0..facets.len()).map(|j| weight(j) * said(j, k)).sum::<f64>() / all;
        let together = (own + context.weight * mean) / scale;
        let stays = multi_label && k < n_labels && own > 0.0;
        if !own.is_finite() {
            own
        } else if stays {
            together.max(own)
        } else {
            together
        }
    };
    facets[i].evidence.iter().enumerate().map(one).collect()
}

#[test]
fn evidence_in_context_is_that_of_the_formula() {
    for model in models() {
        let alone = model.analyze_all(&ARTICLE);
        for context in [Context::default(), Context { weight: 0.7, decay: 0.5, bound: 1.0 }] {
            let together = model.in_context(alone.clone(), context);
            for (i, analysis) in together.iter().enumerate() {
                for (f, facet) in analysis.facets.iter().enumerate().filter(|(_, facet)| facet.length > 0.0) {
                    let multi_label = model.facets()[f].is_multi_label();
                    let expected = by_the_formula(&alone, f, multi_label, i, context);
                    for (&ours, &theirs) in facet.evidence.iter().zip(&expected) {
                        assert!(ours == theirs || (ours - theirs).abs() < 1e-9, "{i} {f}: {ours}, expected {theirs}");
                    }
                    assert!(facet.probabilities.iter().all(|p| (0.0..=1.0).contains(p)), "{facet:?}");
                    assert_eq!(facet.own.as_ref(), Some(&alone[i].facets[f].probabilities));
                }
            }
        }
    }
}

#[test]
fn an_unsure_paragraph_follows_its_article_and_a_sure_one_does_not() {
    let model = news_model();
    let first = |analysis: &Analysis| model.tags_of(analysis, &TagOptions::default()).facet("topic")[0].label;
    let article = ["the striker scored twice in the final", "wind in the north", "a late goal won the match"];
    let alone = model.analyze_all(&article);
    let together = model.in_context(alone.clone(), Context::default());
    assert_eq!((first(&alone[1]), first(&together[1])), ("weather", "sport"));
    let sure = ["a goal", "the bank raised interest rates as inflation grew and shares in the bank fell", "a match"];
    let together = model.in_context(model.analyze_all(&sure), Context::default());
    assert_eq!(first(&together[1]), "economy");
}

#[test]
fn what_a_paragraph_says_by_itself_in_a_multi_label_facet_stays() {
    for model in models() {
        let alone = model.analyze_all(&ARTICLE);
        let together = model.in_context(alone.clone(), Context { weight: 50.0, ..Context::default() });
        for (a, b) in alone.iter().zip(&together) {
            let (own, with) = (&a.facets[1], &b.facets[1]);
            let stays = |&k: &usize| own.evidence[k] <= 0.0 || with.decided.contains(&k);
            assert!(own.decided.iter().all(stays), "{own:?} {with:?}");
        }
    }
}

#[test]
fn without_weight_or_neighbours_nothing_changes() {
    for model in models() {
        let alone = model.analyze_all(&ARTICLE);
        assert_eq!(model.in_context(alone.clone(), Context { weight: 0.0, ..Context::default() }), alone);
        let one = model.analyze_all(&["", "the bank raised interest rates", "unknownword"]);
        assert_eq!(model.in_context(one.clone(), Context::default()), one);
        assert_eq!(model.in_context(Vec::new(), Context::default()), Vec::new());
        // No known word, no tag, whatever the others say.
        assert!(model.in_context(alone, Context::default())[2].facets.iter().all(|f| f.decided.is_empty()));
    }
}
