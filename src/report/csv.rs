//! One line per label and per average, for spreadsheets and data frames.

use std::io::{self, Write};

use super::Report;
use super::wording::is_small;
use crate::evaluate::{COVERAGES, Evaluation, FacetDetails, FacetEvaluation, Interval, Scores};

/// Comma-separated values with the columns
/// `facet,label,kind,precision,recall,f1,support,predicted,value,low,high,average_precision,note`.
///
/// | `kind` | `label` | Filled |
/// |---|---|---|
/// | `label` | the label | `precision` to `predicted`; `small support` in `note` |
/// | `average` | `micro`, `macro` or `weighted` | `precision` to `predicted`, the counts summed over labels |
/// | `total` | `rows`, `accuracy` or `exact_match`, `coverage` | `value` |
///
/// Where there are [details](crate::evaluate::FacetDetails), `low` and `high` are the interval of F1, in a total that of its
/// value, and more totals follow: `majority_accuracy` (`majority_exact_match`), `majority_micro_f1` and `majority_macro_f1`,
/// the label in `note`; and with probabilities `mean_average_precision`, `top_1` and so on, `surest_80` and so on, `ece`, `brier`,
/// `log_loss`.
///
/// A label that is called `micro` is told apart by its kind. Undefined figures are empty; numbers have every digit.
/// Confusion, curves and bins are in the JSON.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Csv;

const HEADER: [&str; 13] = [
    "facet",
    "label",
    "kind",
    "precision",
    "recall",
    "f1",
    "support",
    "predicted",
    "value",
    "low",
    "high",
    "average_precision",
    "note",
];

impl Report for Csv {
    fn write(&self, evaluation: &Evaluation, out: &mut dyn Write) -> io::Result<()> {
        let mut lines = Lines { csv: ::csv::Writer::from_writer(out) };
        lines.csv.write_record(HEADER)?;
        for facet in &evaluation.facets {
            lines.write_facet(facet)?;
        }
        lines.csv.flush()
    }
}

/// A line of the same columns for what is not a facet's own: everything but these is empty.
pub(super) fn total_line<'a>(facet: &'a str, label: &'a str, kind: &'a str, value: &'a str) -> [&'a str; HEADER.len()] {
    let mut line = [""; HEADER.len()];
    (line[0], line[1], line[2], line[VALUE]) = (facet, label, kind, value);
    line
}

/// The column of a total.
const VALUE: usize = 8;

struct Lines<'a> {
    csv: ::csv::Writer<&'a mut dyn Write>,
}

impl Lines<'_> {
    fn write_facet(&mut self, facet: &FacetEvaluation) -> io::Result<()> {
        let name = facet.name();
        let details = facet.details();
        let intervals = details.map(|details| &details.intervals);
        let ranking = details.and_then(|details| details.ranking.as_ref());
        let (mut support, mut predicted) = (0, 0);
        for (label, tally) in facet.labels() {
            support += tally.gold;
            predicted += tally.predicted;
            let interval = intervals.and_then(|intervals| intervals.labels.get(label));
            let precision = ranking.and_then(|ranking| Some(ranking.labels.get(label)?.average_precision));
            let note = if is_small(tally) { "small support" } else { "" };
            let counts = [tally.gold, tally.predicted];
            self.scores([name, label, "label"], tally.scores(), counts, interval, precision, note)?;
        }
        let averages = facet.averages();
        let scores = [("micro", averages.micro), ("macro", averages.macro_), ("weighted", averages.weighted)];
        let of_f1 = intervals.map(|i| [i.micro, i.macro_, i.weighted].map(|scores| scores.f1)).unwrap_or_default();
        for ((average, scores), interval) in scores.into_iter().zip(&of_f1) {
            self.scores([name, average, "average"], scores, [support, predicted], interval.as_ref(), None, "")?;
        }
        let (exact, share) =
            if facet.multi_label() { ("exact_match", facet.exact_match()) } else { ("accuracy", facet.accuracy()) };
        self.total(name, "rows", &facet.rows().to_string(), None, "")?;
        self.total(name, exact, &number(share), intervals.and_then(|i| i.exact.as_ref()), "")?;
        self.total(name, "coverage", &number(facet.coverage()), None, "")?;
        details.map_or(Ok(()), |details| self.write_details(name, exact, details))
    }

    fn write_details(&mut self, facet: &str, exact: &str, details: &FacetDetails) -> io::Result<()> {
        let mut total =
            |name: &str, value: Option<f64>, note: &str| self.total(facet, name, &number(value), None, note);
        if let Some(baseline) = &details.baseline {
            total(&format!("majority_{exact}"), baseline.exact, &baseline.label)?;
            total("majority_micro_f1", baseline.averages.micro.f1, &baseline.label)?;
            total("majority_macro_f1", baseline.averages.macro_.f1, &baseline.label)?;
        }
        if let Some(ranking) = &details.ranking {
            total("mean_average_precision", ranking.mean_average_precision, "")?;
            ranking.top_k.iter().try_for_each(|(k, &share)| total(&format!("top_{k}"), Some(share), ""))?;
        }
        if let Some(found) = &details.risk_coverage {
            for (point, coverage) in found.at.iter().zip(COVERAGES) {
                total(&format!("surest_{:.0}", 100.0 * coverage), Some(point.accuracy), "")?;
            }
        }
        if let Some(found) = &details.calibration {
            for (name, value) in [("ece", found.ece), ("brier", found.brier), ("log_loss", found.log_loss)] {
                total(name, Some(value), "")?;
            }
        }
        Ok(())
    }

    fn scores(
        &mut self,
        [facet, label, kind]: [&str; 3],
        scores: Scores,
        counts: [u64; 2],
        interval: Option<&Interval>,
        average_precision: Option<f64>,
        note: &str,
    ) -> io::Result<()> {
        let [precision, recall, f1] = [scores.precision, scores.recall, scores.f1].map(number);
        let [support, predicted] = counts.map(|count| count.to_string());
        let [low, high] = ends(interval);
        let ranked = number(average_precision);
        let figures = [&precision, &recall, &f1, &support, &predicted, "", &low, &high, &ranked, note];
        Ok(self.csv.write_record([facet, label, kind].into_iter().chain(figures))?)
    }

    fn total(
        &mut self,
        facet: &str,
        name: &str,
        value: &str,
        interval: Option<&Interval>,
        note: &str,
    ) -> io::Result<()> {
        let [low, high] = ends(interval);
        Ok(self.csv.write_record([facet, name, "total", "", "", "", "", "", value, &low, &high, "", note])?)
    }
}

fn ends(interval: Option<&Interval>) -> [String; 2] {
    [number(interval.map(|i| i.low)), number(interval.map(|i| i.high))]
}

fn number(share: Option<f64>) -> String {
    share.map(|share| share.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn one_line_per_label_average_and_total() {
        insta::assert_snapshot!(sample::written(&Csv, &sample::textbook()), @r"
        facet,label,kind,precision,recall,f1,support,predicted,value,low,high,average_precision,note
        class,0,label,0.5,1,0.6666666666666666,1,2,,,,,small support
        class,1,label,0,0,0,1,1,,,,,small support
        class,2,label,1,0.6666666666666666,0.8,3,2,,,,,small support
        class,micro,average,0.6,0.6,0.6,5,5,,,,,
        class,macro,average,0.5,0.5555555555555555,0.48888888888888893,5,5,,,,,
        class,weighted,average,0.7,0.6,0.6133333333333334,5,5,,,,,
        class,rows,total,,,,,,5,,,,
        class,accuracy,total,,,,,,0.6,,,,
        class,coverage,total,,,,,,1,,,,
        ");
    }

    #[test]
    fn details_have_columns_and_totals() {
        insta::assert_snapshot!(sample::written(&Csv, &sample::detailed()), @r#"
        facet,label,kind,precision,recall,f1,support,predicted,value,low,high,average_precision,note
        topic,"conflict, war and peace",label,0.9302325581395349,0.9090909090909091,0.9195402298850575,44,43,,0.8492586623690572,0.9691027865673165,0.8884771346990502,
        topic,"economy, business and finance",label,0.9230769230769231,0.8,0.8571428571428571,15,13,,0.6875,0.9697402597402597,0.7370597389977235,
        topic,sport,label,0.5555555555555556,0.8333333333333334,0.6666666666666666,6,9,,,,0.4413105413105413,small support
        topic,micro,average,0.8769230769230769,0.8769230769230769,0.8769230769230769,65,65,,0.7846153846153846,0.9538461538461539,,
        topic,macro,average,0.8029550122573378,0.8474747474747475,0.8144499178981937,65,65,,0.6553949519151766,0.9200672994422995,,
        topic,weighted,average,0.8939956882711803,0.8769230769230769,0.8817986611090058,65,65,,0.795151591997746,0.9538461538461539,,
        topic,rows,total,,,,,,65,,,,
        topic,accuracy,total,,,,,,0.8769230769230769,0.7846153846153846,0.9538461538461539,,
        topic,coverage,total,,,,,,1,,,,
        topic,majority_accuracy,total,,,,,,0.676923076923077,,,,"conflict, war and peace"
        topic,majority_micro_f1,total,,,,,,0.676923076923077,,,,"conflict, war and peace"
        topic,majority_macro_f1,total,,,,,,0.26911314984709483,,,,"conflict, war and peace"
        topic,mean_average_precision,total,,,,,,0.6889491383357716,,,,
        topic,top_1,total,,,,,,0.8769230769230769,,,,
        topic,top_2,total,,,,,,0.9846153846153847,,,,
        topic,surest_80,total,,,,,,0.8493589743589743,,,,
        topic,surest_90,total,,,,,,0.8620689655172413,,,,
        topic,surest_95,total,,,,,,0.8709677419354839,,,,
        topic,surest_100,total,,,,,,0.8769230769230769,,,,
        topic,ece,total,,,,,,0.20769230769230776,,,,
        topic,brier,total,,,,,,0.3188461538461539,,,,
        topic,log_loss,total,,,,,,0.6170033680527954,,,,
        "#);
    }

    #[test]
    fn labels_are_quoted_and_undefined_figures_empty() {
        let text = sample::written(&Csv, &sample::awkward()).replace('\u{1b}', "ESC");
        insta::assert_snapshot!(text, @r#"
        facet,label,kind,precision,recall,f1,support,predicted,value,low,high,average_precision,note
        topic,"ESC[31mred
        line",label,0,,0,0,1,,,,,small support
        topic,"conflict, war and peace",label,,0,0,1,0,,,,,small support
        topic,"politics | ""gov""",label,1,1,1,1,1,,,,,small support
        topic,健康,label,,0,0,1,0,,,,,small support
        topic,micro,average,0.5,0.3333333333333333,0.4,3,2,,,,,
        topic,macro,average,0.25,0.25,0.25,3,2,,,,,
        topic,weighted,average,0.3333333333333333,0.3333333333333333,0.3333333333333333,3,2,,,,,
        topic,rows,total,,,,,,3,,,,
        topic,accuracy,total,,,,,,0.3333333333333333,,,,
        topic,coverage,total,,,,,,0.6666666666666666,,,,
        region,AF,label,1,1,1,1,1,,,,,small support
        region,IQ,label,0,,0,0,2,,,,,small support
        region,IR,label,1,0.5,0.6666666666666666,2,1,,,,,small support
        region,PK,label,,0,0,1,0,,,,,small support
        region,micro,average,0.5,0.5,0.5,4,4,,,,,
        region,macro,average,0.5,0.375,0.41666666666666663,4,4,,,,,
        region,weighted,average,0.75,0.5,0.5833333333333333,4,4,,,,,
        region,rows,total,,,,,,4,,,,
        region,exact_match,total,,,,,,0.25,,,,
        region,coverage,total,,,,,,0.75,,,,
        "#);
    }
}
