//! One line per label and per average, for spreadsheets and data frames.

use std::io::{self, Write};

use super::Report;
use crate::evaluate::{Evaluation, FacetEvaluation, Scores};

/// Comma-separated values with the columns `facet,label,kind,precision,recall,f1,support,predicted,value`.
///
/// | `kind` | `label` | Filled |
/// |---|---|---|
/// | `label` | the label | `precision` to `predicted` |
/// | `average` | `micro`, `macro` or `weighted` | `precision` to `predicted`, the counts summed over labels |
/// | `total` | `rows`, `accuracy` or `exact_match`, `coverage` | `value` |
///
/// A label that is called `micro` is told apart by its kind. Undefined figures are empty; numbers have every digit.
/// Confusion is in the JSON.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Csv;

const HEADER: [&str; 9] = ["facet", "label", "kind", "precision", "recall", "f1", "support", "predicted", "value"];

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

struct Lines<'a> {
    csv: ::csv::Writer<&'a mut dyn Write>,
}

impl Lines<'_> {
    fn write_facet(&mut self, facet: &FacetEvaluation) -> io::Result<()> {
        let (mut support, mut predicted) = (0, 0);
        for (label, tally) in facet.labels() {
            support += tally.gold;
            predicted += tally.predicted;
            self.scores(facet.name(), label, "label", tally.scores(), tally.gold, tally.predicted)?;
        }
        let averages = facet.averages();
        for (name, scores) in [("micro", averages.micro), ("macro", averages.macro_), ("weighted", averages.weighted)] {
            self.scores(facet.name(), name, "average", scores, support, predicted)?;
        }
        let exact =
            if facet.multi_label() { ("exact_match", facet.exact_match()) } else { ("accuracy", facet.accuracy()) };
        self.total(facet.name(), "rows", &facet.rows().to_string())?;
        self.total(facet.name(), exact.0, &number(exact.1))?;
        self.total(facet.name(), "coverage", &number(facet.coverage()))
    }

    fn scores(
        &mut self,
        facet: &str,
        label: &str,
        kind: &str,
        scores: Scores,
        support: u64,
        predicted: u64,
    ) -> io::Result<()> {
        let [precision, recall, f1] = [scores.precision, scores.recall, scores.f1].map(number);
        let [support, predicted] = [support, predicted].map(|count| count.to_string());
        Ok(self.csv.write_record([facet, label, kind, &precision, &recall, &f1, &support, &predicted, ""])?)
    }

    fn total(&mut self, facet: &str, name: &str, value: &str) -> io::Result<()> {
        Ok(self.csv.write_record([facet, name, "total", "", "", "", "", "", value])?)
    }
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
        facet,label,kind,precision,recall,f1,support,predicted,value
        class,0,label,0.5,1,0.6666666666666666,1,2,
        class,1,label,0,0,0,1,1,
        class,2,label,1,0.6666666666666666,0.8,3,2,
        class,micro,average,0.6,0.6,0.6,5,5,
        class,macro,average,0.5,0.5555555555555555,0.48888888888888893,5,5,
        class,weighted,average,0.7,0.6,0.6133333333333334,5,5,
        class,rows,total,,,,,,5
        class,accuracy,total,,,,,,0.6
        class,coverage,total,,,,,,1
        ");
    }

    #[test]
    fn labels_are_quoted_and_undefined_figures_empty() {
        let text = sample::written(&Csv, &sample::awkward()).replace('\u{1b}', "ESC");
        insta::assert_snapshot!(text, @r#"
        facet,label,kind,precision,recall,f1,support,predicted,value
        topic,"ESC[31mred
        line",label,0,,0,0,1,
        topic,"conflict, war and peace",label,,0,0,1,0,
        topic,"politics | ""gov""",label,1,1,1,1,1,
        topic,健康,label,,0,0,1,0,
        topic,micro,average,0.5,0.3333333333333333,0.4,3,2,
        topic,macro,average,0.25,0.25,0.25,3,2,
        topic,weighted,average,0.3333333333333333,0.3333333333333333,0.3333333333333333,3,2,
        topic,rows,total,,,,,,3
        topic,accuracy,total,,,,,,0.3333333333333333
        topic,coverage,total,,,,,,0.6666666666666666
        region,AF,label,1,1,1,1,1,
        region,IQ,label,0,,0,0,2,
        region,IR,label,1,0.5,0.6666666666666666,2,1,
        region,PK,label,,0,0,1,0,
        region,micro,average,0.5,0.5,0.5,4,4,
        region,macro,average,0.5,0.375,0.41666666666666663,4,4,
        region,weighted,average,0.75,0.5,0.5833333333333333,4,4,
        region,rows,total,,,,,,4
        region,exact_match,total,,,,,,0.25
        region,coverage,total,,,,,,0.75
        "#);
    }
}
