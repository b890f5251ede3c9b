//! Everything, for programs; what differs from run to run stands under `speed` and `training_seconds` alone.

use std::io::{self, Write};

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::sentence::sentences;
use super::{ComparisonReport, Entrant};
use crate::evaluate::compare::{Difference, FacetComparison, LabelComparison, Measured, PairComparison};

pub fn write(report: &ComparisonReport, out: &mut dyn Write) -> io::Result<()> {
    let facets = report.facets.iter().map(|facet| (facet.name.as_str(), FacetView::of(report, facet)));
    let view = ReportView {
        rows: report.rows,
        seed: report.bootstrap.seed,
        draws: report.bootstrap.replicates,
        level: report.bootstrap.level,
        contestants: &report.entrants,
        facets: InOrder(facets.collect()),
        speed: InOrder(report.entrants.iter().map(|e| (e.name.as_str(), e.rows_per_second.map(f64::round))).collect()),
        training_seconds: report.entrants.iter().any(|e| e.training_seconds.is_some()).then(|| {
            let seconds = |e: &Entrant| e.training_seconds.map(|seconds| (seconds * 1000.0).round() / 1000.0);
            InOrder(report.entrants.iter().map(|e| (e.name.as_str(), seconds(e))).collect())
        }),
    };
    serde_json::to_writer_pretty(&mut *out, &view)?;
    writeln!(out)
}

/// Values by name in the order given, which a sorted map would not keep.
struct InOrder<'a, V>(Vec<(&'a str, V)>);

impl<V: Serialize> Serialize for InOrder<'_, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        self.0.iter().try_for_each(|(name, value)| map.serialize_entry(name, value))?;
        map.end()
    }
}

#[derive(Serialize)]
struct ReportView<'a> {
    rows: u64,
    seed: u64,
    draws: u32,
    level: f64,
    contestants: &'a [Entrant],
    facets: InOrder<'a, FacetView<'a>>,
    speed: InOrder<'a, Option<f64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    training_seconds: Option<InOrder<'a, Option<f64>>>,
}

#[derive(Serialize)]
struct FacetView<'a> {
    rows: u64,
    groups: Option<u64>,
    figures: InOrder<'a, InOrder<'a, MeasuredView>>,
    comparisons: Vec<PairView<'a>>,
}

#[derive(Serialize)]
struct MeasuredView {
    value: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
}

#[derive(Serialize)]
struct PairView<'a> {
    contestant: &'a str,
    baseline: &'a str,
    differences: InOrder<'a, DifferenceView>,
    mcnemar: Option<TestView>,
    labels: InOrder<'a, LabelView>,
    sentences: Vec<String>,
}

#[derive(Serialize)]
struct DifferenceView {
    #[serde(flatten)]
    difference: MeasuredView,
    p: Option<f64>,
    p_holm: Option<f64>,
    claimed: bool,
}

#[derive(Serialize)]
struct TestView {
    only_baseline: u64,
    only_contestant: u64,
    p: f64,
    p_holm: Option<f64>,
}

#[derive(Serialize)]
struct LabelView {
    support: u64,
    baseline_f1: Option<f64>,
    f1: Option<f64>,
    difference: f64,
    mcnemar: Option<TestView>,
}

impl<'a> FacetView<'a> {
    fn of(report: &ComparisonReport, facet: &'a FacetComparison) -> Self {
        let figures = facet.contestants.iter().map(|contestant| {
            let figures = contestant.figures.iter().map(|(figure, value)| (figure.key(), MeasuredView::of(value)));
            (contestant.name.as_str(), InOrder(figures.collect()))
        });
        FacetView {
            rows: facet.rows,
            groups: facet.groups,
            figures: InOrder(figures.collect()),
            comparisons: facet.comparisons.iter().map(|pair| PairView::of(report, facet, pair)).collect(),
        }
    }
}

impl MeasuredView {
    fn of(measured: &Measured) -> Self {
        let Measured { value, interval } = *measured;
        MeasuredView { value, low: interval.map(|i| i.low), high: interval.map(|i| i.high) }
    }
}

impl<'a> PairView<'a> {
    fn of(report: &ComparisonReport, facet: &'a FacetComparison, pair: &'a PairComparison) -> Self {
        let test = |test: crate::evaluate::McNemar, p_holm| TestView {
            only_baseline: test.only_first,
            only_contestant: test.only_second,
            p: test.p,
            p_holm,
        };
        let label = |label: &'a LabelComparison| {
            let view = LabelView {
                support: label.support,
                baseline_f1: label.baseline_f1,
                f1: label.challenger_f1,
                difference: label.difference(),
                mcnemar: label.test.map(|of| test(of, label.p_holm)),
            };
            (label.label.as_str(), view)
        };
        let difference = |of: &Difference| {
            let difference = MeasuredView::of(&Measured { value: of.value, interval: of.interval });
            (of.figure.key(), DifferenceView { difference, p: of.p, p_holm: of.p_holm, claimed: of.is_claimed() })
        };
        PairView {
            contestant: &facet.contestants[pair.challenger].name,
            baseline: &facet.contestants[0].name,
            differences: InOrder(pair.differences.iter().map(difference).collect()),
            mcnemar: pair.mcnemar.map(|of| test(of, pair.mcnemar_p_holm)),
            labels: InOrder(pair.labels.iter().map(label).collect()),
            sentences: sentences(report, facet, pair),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::super::ComparisonFormat;
    use super::super::sample::{several, written};

    #[test]
    fn all_but_the_speed_is_the_same_in_every_run() {
        let mut report = several();
        let before: Value = serde_json::from_str(&written(&report, ComparisonFormat::Json)).unwrap();
        report.entrants.iter_mut().for_each(|entrant| entrant.rows_per_second = Some(7.4));
        let mut after: Value = serde_json::from_str(&written(&report, ComparisonFormat::Json)).unwrap();
        assert_ne!(after, before);
        assert_eq!(after["speed"]["small"], 7.0);
        after["speed"] = before["speed"].clone();
        assert_eq!(after, before);
    }

    #[test]
    fn the_shape_is_the_one_users_rely_on() {
        let view: Value = serde_json::from_str(&written(&several(), ComparisonFormat::Json)).unwrap();
        let topic = &view["facets"]["topic"];
        assert_eq!(topic["figures"]["small"]["accuracy"]["value"], 0.75);
        let pair = &topic["comparisons"][1];
        assert_eq!((&pair["contestant"], &pair["baseline"]), (&Value::from("theirs"), &Value::from("small")));
        for key in ["value", "low", "high", "p", "p_holm"] {
            assert!(pair["differences"]["macro_f1"][key].is_number(), "{key}");
        }
        assert!(pair["differences"]["macro_f1"]["claimed"].is_boolean());
        assert_eq!(pair["mcnemar"]["only_baseline"], 10);
        assert_eq!(pair["labels"]["sport"]["mcnemar"]["only_contestant"], 0);
        assert_eq!(pair["sentences"].as_array().unwrap().len(), 3);
    }
}
