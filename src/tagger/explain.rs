//! Why a text has a tag: what each word, word pair and prefix adds, and where it stands.
//!
//! A score is a sum, so an explanation is no estimate but the sum itself, feature by feature:
//! `margin = bias + Σ contributions`.
//!
//! | model | margin | and from there to the probability |
//! |---|---|---|
//! | nbsvm, single-label | distance to the label's plane | `p_k ∝ σ(a m_k + b) · exp(c_k)`, `c_k` the companion's part |
//! | nbsvm, multi-label | the same | `p_k = σ(a m_k + c_k + b)`; a tag where `a (m_k − t_k) + c_k > 0`, `t_k` the label's cut |
//! | countries | log odds that the text is about the country | `p = σ(m)`; a tag from the model's threshold on |
//! | naive Bayes, single-label | score less the mean over the labels | softmax over m_k/√n |
//! | naive Bayes, multi-label | log odds against the rest | sigmoid of m_k/√n |
//!
//! (a, b: [calibration](crate::bayes::nbsvm::Calibration); n the weighted number of known features, and constants that
//! [`posterior`](crate::bayes::posterior) names.) So a margin says how strongly a text speaks for one label; tags go to
//! the label that does best among all.

use std::collections::BTreeMap;

use crate::bayes::Scores;
use crate::features::{Token, count_columns};
use crate::places::Mention;
use crate::places::focus::Candidates;

use super::{Classifier, Facet, Tagger, Tags};

/// Why a text has, or has not, a label.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The label.
    pub label: String,
    /// What the label has before any word. Infinite where all or no training rows have the label (multinomial).
    pub bias: f64,
    /// The score: `bias + Σ contributions`, up to rounding (in single precision for nbsvm).
    pub margin: f64,
    /// What naive Bayes over the same words adds beside the margin, λ J_k: to the log of the probability in a
    /// single-label nbsvm model, to the log odds in a multi-label one. Only where such a model has a companion.
    pub companion: Option<f64>,
    /// What each known feature adds: largest absolute value first, ties by name. Those that add nothing are left out,
    /// so a text without a known word has none.
    pub contributions: Vec<Contribution>,
    /// The words of the text, without overlap, ascending; see [`weights_by_word`](Self::weights_by_word).
    words: Vec<(usize, usize)>,
}

/// What one feature adds, all its occurrences together.
#[derive(Clone, Debug, PartialEq)]
pub struct Contribution {
    /// The feature as people read it: a word, words with blanks between them, `^` and the letters of a prefix, `@` and the
    /// names of places that stand for a country.
    pub feature: String,
    /// What it adds to the margin.
    pub value: f64,
    /// Every occurrence, in the order of the text: first byte, and one past the last. A prefix stands at the words
    /// that begin with it.
    pub places: Vec<(usize, usize)>,
}

/// What one word of a text adds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WordWeight {
    /// First byte of the word.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// Its share of all contributions that cover it.
    pub weight: f64,
}

impl Explanation {
    /// The contributions spread over the words of the text, to colour them by: each in equal parts over its places,
    /// and there in equal parts over the words. The weights sum to the contributions. Words that no contribution
    /// covers are left out. In scripts without spaces, where tokens overlap, a single character is a word.
    pub fn weights_by_word(&self) -> Vec<WordWeight> {
        let mut weights: Vec<Option<f64>> = vec![None; self.words.len()];
        for contribution in &self.contributions {
            for &(start, end) in &contribution.places {
                let first = self.words.partition_point(|word| word.0 < start);
                let last = self.words.partition_point(|word| word.1 <= end);
                let covered = weights.get_mut(first..last).unwrap_or_default();
                let share = contribution.value / (contribution.places.len() * covered.len()) as f64;
                covered.iter_mut().for_each(|weight| *weight.get_or_insert(0.0) += share);
            }
        }
        let known = self.words.iter().zip(weights).filter_map(|(&word, weight)| Some((word, weight?)));
        known.map(|((start, end), weight)| WordWeight { start, end, weight }).collect()
    }
}

/// A text as the classifiers see it, and where its features stand.
struct Seen {
    row: Vec<(u32, u32)>,
    places: BTreeMap<u32, Vec<(usize, usize)>>,
    words: Vec<(usize, usize)>,
    /// The places that it names and what they say of each country; only where the model looks places up.
    mentions: Vec<Mention>,
    candidates: Candidates,
}

impl Seen {
    fn of(tagger: &Tagger, text: &str) -> Self {
        let mut places: BTreeMap<u32, Vec<(usize, usize)>> = BTreeMap::new();
        let mut columns = Vec::new();
        for (column, start, end) in tagger.features_with_places(text) {
            places.entry(column).or_default().push((start, end));
            columns.push(column);
        }
        let mut row = Vec::new();
        count_columns(&mut columns, &mut row);
        let mut words: Vec<(usize, usize)> = Vec::new();
        for token in tagger.extractor.tokenizer().tokens(text) {
            let mut start = token.start;
            // Tokens of a script without spaces overlap by a character; it becomes a word of its own.
            if let Some(last) = words.last_mut()
                && token.start < last.1
            {
                start = last.1;
                if last.0 < token.start {
                    last.1 = token.start;
                    words.push((token.start, start));
                }
            }
            if start < token.end {
                words.push((start, token.end));
            }
        }
        let tokens: Vec<Token<'_>> = tagger.extractor.tokenizer().tokens(text).collect();
        let mentions = tagger.atlas().map(|atlas| atlas.mentions(text, &tokens)).unwrap_or_default();
        let candidates = tagger.atlas().map(|atlas| atlas.candidates(text, &mentions)).unwrap_or_default();
        Seen { row, places, words, mentions, candidates }
    }

    fn explain(&self, tagger: &Tagger, text: &str, facet: &Facet, label: usize) -> Explanation {
        let row = || self.row.iter().copied();
        let mut named = 0.0;
        let (bias, margin, companion, values): (_, _, _, Vec<(u32, f64)>) = match facet.classifier() {
            Classifier::NaiveBayes(model) => {
                let mut scores = Scores::default();
                model.score_into(row(), &mut scores);
                (model.bias(label), model.margin(&scores, label), None, model.contributions(row(), label))
            }
            Classifier::NbSvm(model) => {
                let scores = model.score(row());
                let values = model.contributions(row(), label).into_iter().map(|(f, v)| (f, f64::from(v)));
                let bias = f64::from(model.parts().bias[label]);
                let margin = f64::from(scores.margins[label]);
                (bias, margin, model.companion_part(&scores, label), values.collect())
            }
            Classifier::Countries(model) => {
                let parts = model.explain(&self.row, &self.candidates, label);
                named = parts.named;
                (parts.bias, parts.margin, None, parts.words)
            }
        };
        let contribution = |(column, value): (u32, f64)| Contribution {
            feature: tagger.extractor.vocabulary().name(column),
            value,
            places: self.places.get(&column).cloned().unwrap_or_default(),
        };
        let mut contributions: Vec<Contribution> =
            values.into_iter().filter(|(_, value)| *value != 0.0).map(contribution).collect();
        if let Some(countries) = facet.as_countries().filter(|_| named != 0.0) {
            let places = countries.places_of(&self.mentions, label);
            let mut forms: Vec<&str> = places.iter().map(|&(start, end)| &text[start..end]).collect();
            forms.sort_unstable();
            forms.dedup();
            contributions.push(Contribution { feature: format!("@{}", forms.join(", ")), value: named, places });
        }
        contributions.sort_by(|a, b| b.value.abs().total_cmp(&a.value.abs()).then_with(|| a.feature.cmp(&b.feature)));
        let label = facet.labels().name(label.into()).to_owned();
        Explanation { label, bias, margin, companion, contributions, words: self.words.clone() }
    }
}

impl Tagger {
    /// Why a text has, or has not, a label: what each word, word pair and prefix adds to its score, and where it
    /// stands. `None` where the model has no such facet or label.
    ///
    /// ```
    /// let tagger = wiredesk::Tagger::embedded()?;
    /// let text = "The goalkeeper saved a penalty.";
    /// let why = tagger.explain(text, "topic", "sport").expect("a label of the model");
    /// let first = &why.contributions[0];
    /// println!("{} {:+.2} at {:?}", first.feature, first.value, first.places);
    ///
    /// let sum: f64 = why.contributions.iter().map(|c| c.value).sum();
    /// assert!((why.bias + sum - why.margin).abs() < 1e-4);
    /// # Ok::<(), wiredesk::ModelError>(())
    /// ```
    pub fn explain(&self, text: &str, facet: &str, label: &str) -> Option<Explanation> {
        let facet = self.facet(facet)?;
        let label = facet.labels().id(label)?;
        Some(Seen::of(self, text).explain(self, text, facet, label.index()))
    }

    /// The explanations of all tags of a text, per facet and tag in the order of `tags`: as
    /// [`explain`](Self::explain), but the text is read once. Tags of another model are left out.
    pub fn explain_tags(&self, text: &str, tags: &Tags<'_>) -> Vec<Vec<Explanation>> {
        let seen = Seen::of(self, text);
        let facets = tags.facets.iter().map(|tags| {
            let Some(facet) = self.facet(tags.facet) else { return Vec::new() };
            let labels = tags.tags.iter().filter_map(|tag| facet.labels().id(tag.label));
            labels.map(|label| seen.explain(self, text, facet, label.index())).collect()
        });
        facets.collect()
    }
}
