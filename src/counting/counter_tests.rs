use proptest::prelude::*;

use super::*;
use crate::bayes::CountsBuilder;
use crate::features::{Concept, FeatureExtractor, TokenBuffer, VocabularyBuilder, count_columns, fold_into};

/// A text, its labels in two facets, and whether the second facet counts it.
type RawRow = (String, Vec<u32>, Vec<u32>, bool);

/// The same in one loop.
fn simply(rows: &[RawRow], settings: FeatureSettings) -> (Vocabulary, Vec<LabelCounts>) {
    let mut vocabulary = VocabularyBuilder::new(settings.ngrams as usize, settings.prefixes);
    let mut facets = [CountsBuilder::default(), CountsBuilder::default()];
    let (mut word, mut columns, mut counted) = (String::new(), Vec::new(), Vec::new());
    for (text, first, second, counts) in rows {
        columns.clear();
        vocabulary.begin_row();
        for token in Tokenizer::default().tokens(text) {
            fold_into(token.text, &mut word);
            vocabulary.add_word(&word, token.spaceless, &mut columns).unwrap();
        }
        for concept in concepts(text) {
            vocabulary.add_concept(concept.name, &mut columns).unwrap();
        }
        count_columns(&mut columns, &mut counted);
        facets[0].add(&counted, first).unwrap();
        if *counts {
            facets[1].add(&counted, second).unwrap();
        }
    }
    let (vocabulary, columns) = vocabulary.finish();
    (vocabulary, facets.map(|facet| facet.finish(&columns, &[2, 0, 1]).unwrap()).into())
}

fn concepts(text: &str) -> Vec<Concept<'static>> {
    let names = ["europe", "africa", "a-name-longer-than-sixteen-bytes"].into_iter();
    names.filter(|name| text.contains(&name[..1])).map(|name| Concept { name, start: 0, end: 1 }).collect()
}

fn texts(rows: &[RawRow]) -> Vec<Text<'_>> {
    rows.iter().map(|(text, ..)| Text { text, concepts: concepts(text), counts: true }).collect()
}

/// In chunks, so that words come back.
fn count<C: Cell>(rows: &[RawRow], settings: FeatureSettings, n_facets: usize) -> Counter<C> {
    let mut counter = Counter::new(settings, n_facets);
    for chunk in rows.chunks(3) {
        let mut labels = RowLabels::new(n_facets);
        if n_facets == 2 {
            for (_, first, second, counts) in chunk {
                labels.push(0, first, true);
                labels.push(1, second, *counts);
            }
        }
        counter.add(&texts(chunk), &labels).unwrap();
    }
    counter
}

/// The sums over rows, which the trainer keeps.
fn sums(counts: &LabelCounts) -> LabelCountsParts {
    LabelCountsParts {
        label_rows: counts.label_rows().to_vec(),
        labelled_rows: counts.labelled_rows(),
        empty_rows: counts.empty_rows(),
        ..LabelCountsParts::default()
    }
}

fn raw_rows() -> impl Strategy<Value = Vec<RawRow>> {
    let text = "([ab]|ab|war|moneys|Économie|中国|extraordinarily_long_words|[, ])( [ab]|, ab| 中国経済| moneys){0,12}";
    let labels = || prop::sample::subsequence(vec![0u32, 1, 2], 0..=3);
    prop::collection::vec((text, labels(), labels(), any::<bool>()), 1..20)
}

proptest! {
    #[test]
    fn counts_are_those_of_the_simple_way(rows in raw_rows(), ngrams in 1u32..=5, prefixes: bool) {
        let settings = FeatureSettings { ngrams, prefixes, places: true };
        let (vocabulary, facets) = simply(&rows, settings);
        let counter = count::<First>(&rows, settings, 2);
        prop_assert_eq!(counter.n_features(), vocabulary.n_features() as usize);
        let asked: Vec<_> = facets.iter().enumerate().map(|(i, facet)| (i, &[2, 0, 1][..], sums(facet))).collect();
        let (found, counts) = counter.label_counts(&asked).unwrap();
        prop_assert_eq!(found.to_parts(), vocabulary.to_parts());
        prop_assert_eq!(counts, facets);
    }

    #[test]
    fn rows_are_those_of_the_extractor(rows in raw_rows(), ngrams in 1u32..=4, characters: bool) {
        let settings = FeatureSettings { ngrams, prefixes: true, places: false };
        let kept = count::<()>(&rows, settings, 0).rows(characters).unwrap();
        prop_assert_eq!((kept.bag.n_rows(), kept.keys.len()), (rows.len(), rows.len()));
        let extractor = FeatureExtractor::new(Tokenizer::default(), settings, kept.vocabulary.clone());
        for (row, (text, ..)) in rows.iter().enumerate() {
            let mut buffer = TokenBuffer::default();
            let tokens = Tokenizer::default().tokens(text);
            let expected = extractor.extract_tokens(tokens, &concepts(text), &mut buffer);
            let (columns, counts) = kept.bag.row(row);
            let found: Vec<(u32, u32)> = columns.iter().copied().zip(counts.iter().copied()).collect();
            prop_assert_eq!(&found[..], expected);
        }
        // Sequences of a single row are left out, all others are there.
        let (all, _) = simply(&rows, settings);
        let mut row = TokenBuffer::default();
        let complete = FeatureExtractor::new(Tokenizer::default(), settings, all.clone());
        let mut rows_of = vec![0; all.n_features() as usize];
        for (text, ..) in &rows {
            complete.extract(text, &mut row).iter().for_each(|&(column, _)| rows_of[column as usize] += 1);
        }
        let is_ngram = |name: &str| name.contains(' ');
        let names = |vocabulary: &Vocabulary| -> Vec<String> {
            (0..vocabulary.n_features()).map(|column| vocabulary.name(column)).filter(|name| is_ngram(name)).collect()
        };
        let often: Vec<String> = (0..all.n_features())
            .filter(|&column| rows_of[column as usize] >= 2)
            .map(|column| all.name(column))
            .filter(|name| is_ngram(name))
            .collect();
        prop_assert_eq!(names(&kept.vocabulary), often);
    }
}

#[test]
fn a_row_that_no_facet_counts_leaves_no_word_but_its_key() {
    let mut counter = KeepingCounter::new(FeatureSettings::default(), 0);
    let text = |text, counts| Text { text, concepts: Vec::new(), counts };
    counter.add(&[text("a b", true), text("c d", false), text("…", true)], &RowLabels::new(0)).unwrap();
    assert_eq!(counter.empty_texts(), 1);
    let kept = counter.rows(false).unwrap();
    assert_eq!(kept.vocabulary.n_words(), 2);
    assert_eq!([0, 1, 2].map(|row| kept.bag.row(row).0.len()), [2, 0, 0]);
    assert_ne!(kept.keys[1], kept.keys[2]);
}
