//! Tags: labels with their probabilities.

use serde::Serialize;

use crate::places::Country;
use crate::places::focus::Focus;

use super::{Facet, FacetAnalysis};

/// One label of a text.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Tag<'m> {
    /// The label.
    pub label: &'m str,
    /// How sure the model is, 0 to 1.
    pub probability: f64,
    /// How sure it is by the text alone, where `probability` is by its article too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub own: Option<f64>,
    /// The country that the label stands for, in a facet of countries.
    #[serde(skip)]
    pub country: Option<&'m Country>,
}

/// The tags of one facet, the most probable first; none is "none of these" or "no known word".
#[derive(Clone, Debug, PartialEq)]
pub struct FacetTags<'m> {
    /// The facet.
    pub facet: &'m str,
    /// Its tags, by falling probability, ties in label order.
    pub tags: Vec<Tag<'m>>,
}

/// The tags of a text, facet by facet in the model's order.
#[derive(Clone, Debug, PartialEq)]
pub struct Tags<'m> {
    /// Per facet.
    pub facets: Vec<FacetTags<'m>>,
}

impl<'m> Tags<'m> {
    /// The tags of a facet; empty also where the model has no such facet.
    pub fn facet(&self, name: &str) -> &[Tag<'m>] {
        self.facets.iter().find(|f| f.facet == name).map_or(&[], |f| &f.tags)
    }
}

/// Which labels become tags.
///
/// | Name | Default | Purpose | Range |
/// |---|---|---|---|
/// | `threshold` | the model decides | only labels at least this probable; in a multi-label facet all of them | 0 to 1 |
/// | `coverage` | all | answer only the surest share of texts, in facets that know their confidence | 0 to 1 |
/// | `top` | the model decides | the most probable labels, this many | ≥ 1 |
/// | `focus` | major | which countries, in facets of countries | |
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TagOptions {
    /// Least probability of a tag.
    pub threshold: Option<f64>,
    /// Share of training-like texts that is answered, the surest; see [`Facet::knows_confidence`].
    pub coverage: Option<f64>,
    /// Number of labels to list.
    pub top: Option<usize>,
    /// Which countries become tags: all that are named beyond doubt, those that the text is about, or the first of them.
    pub focus: Focus,
}

/// With [`Focus::All`], the least probability of a country that is named beyond doubt.
const LEAST_OF_ALL: f64 = 0.05;

/// Turns an analysis into tags. Without a known word there are none, whatever the options.
pub(super) fn decide<'m>(facet: &'m Facet, analysis: &FacetAnalysis, options: &TagOptions) -> FacetTags<'m> {
    let mut labels: Vec<usize> = if analysis.length == 0.0 {
        Vec::new()
    } else if options.top.is_some() || (options.threshold.is_some() && facet.is_multi_label()) {
        (0..analysis.probabilities.len()).collect()
    } else {
        let mut labels = analysis.decided.clone();
        if options.focus == Focus::All {
            let unless_unlikely = |k: &&usize| analysis.probabilities[**k] >= LEAST_OF_ALL && !labels.contains(k);
            labels.extend(analysis.mentioned.iter().filter(unless_unlikely).copied().collect::<Vec<_>>());
        }
        labels
    };
    sort_by_probability(&mut labels, &analysis.probabilities);
    let for_coverage = options.coverage.and_then(|coverage| facet.threshold_for_coverage(coverage));
    if let Some(threshold) = options.threshold.or(for_coverage) {
        labels.retain(|&k| analysis.probabilities[k] >= threshold);
    }
    let primary = options.focus == Focus::Primary && facet.as_countries().is_some();
    labels.truncate(options.top.unwrap_or(if primary { 1 } else { usize::MAX }));
    let tags = labels.iter().map(|&k| Tag {
        label: facet.labels().name(k.into()),
        probability: analysis.probabilities[k],
        own: analysis.own.as_ref().map(|own| own[k]),
        country: facet.as_countries().and_then(|countries| countries.country(k)),
    });
    FacetTags { facet: facet.name(), tags: tags.collect() }
}

/// Most probable first; labels that are equal stay in label order.
pub(super) fn sort_by_probability(labels: &mut [usize], probabilities: &[f64]) {
    labels.sort_by(|&a, &b| probabilities[b].total_cmp(&probabilities[a]).then(a.cmp(&b)));
}
