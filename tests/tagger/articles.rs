//! From the tags of paragraphs to those of their article.

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
