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
    let mut rollup = Rollup::new(tagger);
    rollup.add(paragraphs);
    rollup.finish(threshold)
}

/// The same for articles of many paragraphs, piece by piece: a number per paragraph and tag is kept.
#[derive(Debug)]
pub struct Rollup<'m> {
    tagger: &'m Tagger,
    /// Paragraphs so far.
    paragraphs: usize,
    facets: Vec<FacetSums>,
}

/// Sums over paragraphs, weighted by their known words.
#[derive(Debug)]
struct FacetSums {
    length: f64,
    /// Per label, the mean of its probabilities so far.
    means: Vec<f64>,
    /// Per label, of the paragraphs that carry it.
    carried: Vec<f64>,
    /// Per label, those paragraphs.
    carriers: Vec<Vec<usize>>,
}

impl<'m> Rollup<'m> {
    /// Of no paragraph.
    pub fn new(tagger: &'m Tagger) -> Self {
        let sums =
            |n| FacetSums { length: 0.0, means: vec![0.0; n], carried: vec![0.0; n], carriers: vec![Vec::new(); n] };
        let facets = tagger.facets().iter().map(|facet| sums(facet.labels().len()));
        Rollup { tagger, paragraphs: 0, facets: facets.collect() }
    }

    /// Adds the next paragraphs.
    pub fn add(&mut self, paragraphs: &[Analysis]) {
        for paragraph in paragraphs {
            self.paragraphs += 1;
            for (sums, analysis) in self.facets.iter_mut().zip(&paragraph.facets) {
                if analysis.length > 0.0 {
                    sums.length += analysis.length;
                    // A running mean, so that a single paragraph keeps its probabilities to the last bit.
                    let share = analysis.length / sums.length;
                    for (mean, p) in sums.means.iter_mut().zip(&analysis.probabilities) {
                        *mean += share * (p - *mean);
                    }
                }
                for &label in &analysis.decided {
                    sums.carried[label] += analysis.length;
                    sums.carriers[label].push(self.paragraphs);
                }
            }
        }
    }

    /// The tags; see [`rollup`].
    pub fn finish(self, threshold: Option<f64>) -> ArticleTags<'m> {
        let facets = self.tagger.facets().iter().zip(self.facets).map(|(facet, mut sums)| {
            let whole = if sums.length > 0.0 { sums.length } else { 1.0 };
            let means: Vec<f64> = sums.means.iter().map(|mean| mean.clamp(0.0, 1.0)).collect();
            let mut labels: Vec<usize> = (0..means.len()).filter(|&k| !sums.carriers[k].is_empty()).collect();
            if facet.is_multi_label() {
                let most = labels.iter().map(|&k| sums.carried[k]).fold(0.0, f64::max);
                labels.retain(|&k| sums.carried[k] / whole >= SHARE || sums.carried[k] == most);
            }
            sort_by_probability(&mut labels, &means);
            if !facet.is_multi_label() {
                labels.truncate(1);
            }
            labels.retain(|&k| threshold.is_none_or(|t| means[k] >= t));
            let tag = |k: usize| ArticleTag {
                label: facet.labels().name(k.into()),
                probability: means[k],
                paragraphs: std::mem::take(&mut sums.carriers[k]),
                country: facet.as_countries().and_then(|countries| countries.country(k)),
            };
            (facet.name(), labels.into_iter().map(tag).collect())
        });
        ArticleTags { facets: facets.collect() }
    }
}
