//! The figures as they are written out; the shape itself is described in the [module docs](super).

use std::collections::BTreeMap;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::details_view::{DetailsView, LabelDetailsView};
use super::{Averages, ConfusionPair, Evaluation, FacetEvaluation, Mistake, SMALL_SUPPORT, Scores, Tally};

#[derive(Serialize)]
struct EvaluationView<'a> {
    rows: u64,
    facets: FacetsInOrder<'a>,
}

/// Facets keyed by name in the order given, which a sorted map would not keep.
struct FacetsInOrder<'a>(&'a [FacetEvaluation]);

#[derive(Serialize)]
struct FacetView<'a> {
    rows: u64,
    #[serde(flatten)]
    exact: ExactView,
    #[serde(flatten)]
    averages: Averages,
    labels: BTreeMap<&'a str, LabelView<'a>>,
    confusion: Vec<ConfusionPair<'a>>,
    coverage: Option<f64>,
    #[serde(flatten)]
    details: Option<DetailsView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<&'a [Mistake]>,
}

/// One figure under one of two names, because "accuracy" of a multi-label facet means something else to everybody.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum ExactView {
    Accuracy(Option<f64>),
    ExactMatch(Option<f64>),
}

#[derive(Serialize)]
struct LabelView<'a> {
    #[serde(flatten)]
    scores: Scores,
    support: u64,
    predicted: u64,
    /// Only where it is true: most labels have rows enough.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    small_support: bool,
    #[serde(flatten)]
    details: LabelDetailsView<'a>,
}

impl Serialize for Evaluation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        EvaluationView { rows: self.rows, facets: FacetsInOrder(&self.facets) }.serialize(serializer)
    }
}

impl Serialize for FacetsInOrder<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for facet in self.0 {
            map.serialize_entry(facet.name(), facet)?;
        }
        map.end()
    }
}

impl Serialize for FacetEvaluation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let exact = self.exact_share();
        let label = |name: &str, tally: &Tally| LabelView {
            scores: tally.scores(),
            support: tally.gold,
            predicted: tally.predicted,
            small_support: tally.gold < SMALL_SUPPORT,
            details: self.details().map(|details| LabelDetailsView::of(details, name)).unwrap_or_default(),
        };
        FacetView {
            rows: self.rows(),
            exact: if self.multi_label() { ExactView::ExactMatch(exact) } else { ExactView::Accuracy(exact) },
            averages: self.averages(),
            labels: self.labels().map(|(name, tally)| (name, label(name, tally))).collect(),
            confusion: self.confusion(),
            coverage: self.coverage(),
            details: self.details().map(|details| DetailsView::of(self, details)),
            errors: self.mistakes(),
        }
        .serialize(serializer)
    }
}
