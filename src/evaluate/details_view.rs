//! Details and mistakes as they are written out; the shape itself is described in the [module docs](super).

use std::collections::BTreeMap;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::{
    Averages, COVERAGES, Calibration, CoveragePoint, CurvePoint, FacetDetails, FacetEvaluation, Interval, Mistake,
    RiskCoverage, ScoreIntervals,
};
use crate::tagger::ExplanationView;

/// What is added to a facet.
#[derive(Serialize)]
pub(super) struct DetailsView<'a> {
    intervals: IntervalsView<'a>,
    baseline: Option<BaselineView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mean_average_precision: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    top_k: Option<&'a BTreeMap<u32, f64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    risk_coverage: Option<RiskCoverageView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    calibration: Option<&'a Calibration>,
}

#[derive(Serialize)]
struct IntervalsView<'a> {
    level: f64,
    replicates: u32,
    unit: &'static str,
    units: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    accuracy: Option<Option<&'a Interval>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exact_match: Option<Option<&'a Interval>>,
    micro: ScoreIntervals,
    #[serde(rename = "macro")]
    macro_: ScoreIntervals,
    weighted: ScoreIntervals,
}

#[derive(Serialize)]
struct BaselineView<'a> {
    label: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    accuracy: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exact_match: Option<f64>,
    #[serde(flatten)]
    averages: Averages,
}

#[derive(Serialize)]
struct RiskCoverageView<'a> {
    at: [AtCoverage<'a>; COVERAGES.len()],
    curve: &'a [CoveragePoint],
}

/// The coverage that was asked for, not the nearest that rows allow.
#[derive(Serialize)]
struct AtCoverage<'a> {
    coverage: f64,
    accuracy: &'a f64,
    probability: &'a f64,
}

impl<'a> DetailsView<'a> {
    pub fn of(facet: &FacetEvaluation, details: &'a FacetDetails) -> DetailsView<'a> {
        let intervals = &details.intervals;
        let multi = facet.multi_label();
        let ranking = details.ranking.as_ref();
        DetailsView {
            intervals: IntervalsView {
                level: intervals.level,
                replicates: intervals.replicates,
                unit: if intervals.grouped { "group" } else { "row" },
                units: intervals.units,
                accuracy: (!multi).then_some(intervals.exact.as_ref()),
                exact_match: multi.then_some(intervals.exact.as_ref()),
                micro: intervals.micro,
                macro_: intervals.macro_,
                weighted: intervals.weighted,
            },
            baseline: details.baseline.as_ref().map(|baseline| BaselineView {
                label: &baseline.label,
                accuracy: baseline.exact.filter(|_| !multi),
                exact_match: baseline.exact.filter(|_| multi),
                averages: baseline.averages,
            }),
            mean_average_precision: ranking.and_then(|ranking| ranking.mean_average_precision),
            top_k: ranking.map(|ranking| &ranking.top_k),
            risk_coverage: details.risk_coverage.as_ref().map(RiskCoverageView::of),
            calibration: details.calibration.as_ref(),
        }
    }
}

impl<'a> RiskCoverageView<'a> {
    fn of(found: &'a RiskCoverage) -> Self {
        let at = std::array::from_fn(|i| AtCoverage {
            coverage: COVERAGES[i],
            accuracy: &found.at[i].accuracy,
            probability: &found.at[i].probability,
        });
        RiskCoverageView { at, curve: &found.curve }
    }
}

/// What is added to a label.
#[derive(Default, Serialize)]
pub(super) struct LabelDetailsView<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    f1_interval: Option<&'a Interval>,
    #[serde(skip_serializing_if = "Option::is_none")]
    average_precision: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    precision_recall: Option<&'a [CurvePoint]>,
}

impl<'a> LabelDetailsView<'a> {
    pub fn of(details: &'a FacetDetails, label: &str) -> LabelDetailsView<'a> {
        let ranking = details.ranking.as_ref().and_then(|ranking| ranking.labels.get(label));
        LabelDetailsView {
            f1_interval: details.intervals.labels.get(label),
            average_precision: ranking.map(|ranking| ranking.average_precision),
            precision_recall: ranking.map(|ranking| ranking.curve.as_slice()),
        }
    }
}

impl Serialize for Mistake {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("source", &self.source)?;
        map.serialize_entry("row", &self.row)?;
        if let Some(id) = &self.id {
            map.serialize_entry("id", id)?;
        }
        map.serialize_entry("gold", &self.gold)?;
        map.serialize_entry("predicted", &self.predicted)?;
        map.serialize_entry("wrong", &self.wrong)?;
        map.serialize_entry("probability", &self.probability)?;
        map.serialize_entry("text", &self.text)?;
        if let Some(why) = &self.explanation {
            map.serialize_entry("explanation", &ExplanationView { why, offset: 0 })?;
        }
        map.end()
    }
}
