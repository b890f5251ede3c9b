//! From the tags of paragraphs to the tags of their article.

use crate::places::Country;

use super::tag::sort_by_probability;
use super::{Analysis, Tagger};

/// One label of an article.
#[derive(Clone, Debug, PartialEq)]
pub struct ArticleTag<'m> {
    /// The label.
    pub label: &'m str,
    /// Mean probability over the paragraphs, each weighted by its known words.
    pub probability: f64,
    /// The paragraphs that carry the label, counted from 1.
    pub paragraphs: Vec<usize>,
    /// The country that the label stands for, in a facet of countries.
    pub country: Option<&'m Country>,
}

/// The tags of an article, per facet in the model's order.
#[derive(Clone, Debug, PartialEq)]
pub struct ArticleTags<'m> {
    /// Facet name and tags, the most probable first.
    pub facets: Vec<(&'m str, Vec<ArticleTag<'m>>)>,
}

/// A label is an article's when the paragraphs that carry it hold at least this share of its known words.
const SHARE: f64 = 0.2;

/// The tags of an article from the analyses of its paragraphs.
///
/// In a single-label facet the label with the highest mean probability among those that a paragraph carries. In a
/// multi-label facet the label (or labels) whose paragraphs hold the most words, and every other whose paragraphs hold at least a
/// fifth of them. A `threshold` keeps the tags whose mean probability reaches it.
pub fn rollup<'m>(tagger: &'m Tagger, paragraphs: &[Analysis], threshold: Option<f64>) -> ArticleTags<'m> {
    let facets = tagger.facets().iter().enumerate().map(|(i, facet)| {
        let n_labels = facet.labels().len();
        let mut means = vec![0.0; n_labels];
        let mut shares = vec![0.0; n_labels];
        let mut carriers = vec![Vec::new(); n_labels];
        let total: f64 = paragraphs.iter().map(|p| p.facets[i].length).sum();
        for (number, analysis) in (1..).zip(paragraphs.iter().map(|p| &p.facets[i])) {
            let weight = if total > 0.0 { analysis.length / total } else { 0.0 };
            for (mean, p) in means.iter_mut().zip(&analysis.probabilities) {
                *mean += weight * p;
            }
            for &label in &analysis.decided {
                shares[label] += weight;
                carriers[label].push(number);
            }
        }
        let mut labels: Vec<usize> = (0..n_labels).filter(|&k| !carriers[k].is_empty()).collect();
        if facet.is_multi_label() {
            let most = labels.iter().map(|&k| shares[k]).fold(0.0, f64::max);
            labels.retain(|&k| shares[k] >= SHARE || shares[k] == most);
        }
        sort_by_probability(&mut labels, &means);
        if !facet.is_multi_label() {
            labels.truncate(1);
        }
        labels.retain(|&k| threshold.is_none_or(|t| means[k] >= t));
        let tag = |k: usize| ArticleTag {
            label: facet.labels().name(k.into()),
            probability: means[k],
            paragraphs: std::mem::take(&mut carriers[k]),
            country: facet.as_countries().and_then(|countries| countries.country(k)),
        };
        (facet.name(), labels.into_iter().map(tag).collect())
    });
    ArticleTags { facets: facets.collect() }
}
