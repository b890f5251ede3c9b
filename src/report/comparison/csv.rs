//! One line per figure, difference, test and label, for spreadsheets and data frames.

use std::io::{self, Write};

use super::ComparisonReport;
use crate::evaluate::Interval;

/// `kind` says which columns are filled: `figure` (value, low, high), `difference` (those and p), `mcnemar` (only_baseline,
/// only_contestant, p), `label` (support, baseline_f1, f1, value as their difference, and the test's).
const HEADER: [&str; 15] = [
    "facet",
    "contestant",
    "baseline",
    "kind",
    "name",
    "value",
    "low",
    "high",
    "support",
    "baseline_f1",
    "f1",
    "only_baseline",
    "only_contestant",
    "p",
    "p_holm",
];

pub fn write(report: &ComparisonReport, out: &mut dyn Write) -> io::Result<()> {
    let mut csv = ::csv::Writer::from_writer(out);
    csv.write_record(HEADER)?;
    for facet in &report.facets {
        for contestant in &facet.contestants {
            for (figure, measured) in &contestant.figures {
                let mut line = Line::new(&facet.name, &contestant.name, "", "figure", figure.key());
                line.measured(measured.value, measured.interval);
                csv.write_record(&line.0)?;
            }
        }
        let baseline = facet.contestants.first().map_or("", |c| &c.name);
        for pair in &facet.comparisons {
            let contestant = &facet.contestants[pair.challenger].name;
            let line = |kind, name| Line::new(&facet.name, contestant, baseline, kind, name);
            for difference in &pair.differences {
                let mut line = line("difference", difference.figure.key());
                line.measured(difference.value, difference.interval);
                line.p(difference.p, difference.p_holm);
                csv.write_record(&line.0)?;
            }
            if let Some(test) = pair.mcnemar {
                let mut line = line("mcnemar", "rows");
                line.only(test.only_first, test.only_second);
                line.p(Some(test.p), pair.mcnemar_p_holm);
                csv.write_record(&line.0)?;
            }
            for label in &pair.labels {
                let mut line = line("label", &label.label);
                line.set("value", label.difference().to_string());
                line.set("support", label.support.to_string());
                line.set("baseline_f1", number(label.baseline_f1));
                line.set("f1", number(label.challenger_f1));
                if let Some(test) = label.test {
                    line.only(test.only_first, test.only_second);
                }
                line.p(label.test.map(|test| test.p), label.p_holm);
                csv.write_record(&line.0)?;
            }
        }
    }
    csv.flush()
}

struct Line([String; HEADER.len()]);

impl Line {
    fn new(facet: &str, contestant: &str, baseline: &str, kind: &str, name: &str) -> Self {
        let mut line = Line(Default::default());
        for (column, value) in line.0.iter_mut().zip([facet, contestant, baseline, kind, name]) {
            value.clone_into(column);
        }
        line
    }

    fn set(&mut self, column: &str, value: String) {
        if let Some(at) = HEADER.iter().position(|&name| name == column) {
            self.0[at] = value;
        }
    }

    fn measured(&mut self, value: Option<f64>, interval: Option<Interval>) {
        self.set("value", number(value));
        self.set("low", number(interval.map(|interval| interval.low)));
        self.set("high", number(interval.map(|interval| interval.high)));
    }

    fn only(&mut self, baseline: u64, contestant: u64) {
        self.set("only_baseline", baseline.to_string());
        self.set("only_contestant", contestant.to_string());
    }

    fn p(&mut self, p: Option<f64>, p_holm: Option<f64>) {
        self.set("p", number(p));
        self.set("p_holm", number(p_holm));
    }
}

fn number(value: Option<f64>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::ComparisonFormat;
    use super::super::sample::{several, written};

    #[test]
    fn one_line_per_figure_difference_test_and_label() {
        insta::assert_snapshot!(written(&several(), ComparisonFormat::Csv), @r#"
        facet,contestant,baseline,kind,name,value,low,high,support,baseline_f1,f1,only_baseline,only_contestant,p,p_holm
        topic,small,,figure,accuracy,0.75,0.625,0.875,,,,,,,
        topic,small,,figure,micro_f1,0.75,0.625,0.875,,,,,,,
        topic,small,,figure,macro_f1,0.7150997150997151,0.5636363636363637,0.8604400169481466,,,,,,,
        topic,large,,figure,accuracy,0.95,0.875,1,,,,,,,
        topic,large,,figure,micro_f1,0.95,0.875,1,,,,,,,
        topic,large,,figure,macro_f1,0.9373040752351097,0.84375,1,,,,,,,
        topic,theirs,,figure,accuracy,0.5,0.35,0.65,,,,,,,
        topic,theirs,,figure,micro_f1,0.5,0.35,0.65,,,,,,,
        topic,theirs,,figure,macro_f1,0.4666666666666667,0.29274891774891776,0.6155956112852665,,,,,,,
        topic,large,small,difference,accuracy,0.19999999999999996,0.07500000000000007,0.32499999999999996,,,,,,0.009950248756218905,0.01990049751243781
        topic,large,small,difference,micro_f1,0.19999999999999996,0.07500000000000007,0.32499999999999996,,,,,,0.009950248756218905,0.01990049751243781
        topic,large,small,difference,macro_f1,0.22220436013539457,0.10348877658627449,0.3579293553240019,,,,,,0.009950248756218905,0.01990049751243781
        topic,large,small,mcnemar,rows,,,,,,,0,8,0.007812500000000002,0.007812500000000002
        topic,large,small,label,"conflict, war and peace",0.15070242656449562,,,30,0.8148148148148148,0.9655172413793104,0,8,0.007812500000000002,0.015625000000000003
        topic,large,small,label,sport,0.29370629370629364,,,10,0.6153846153846154,0.9090909090909091,0,8,0.007812500000000002,0.015625000000000003
        topic,theirs,small,difference,accuracy,-0.25,-0.37500000000000006,-0.1499999999999999,,,,,,0.009950248756218905,0.01990049751243781
        topic,theirs,small,difference,micro_f1,-0.25,-0.37500000000000006,-0.1499999999999999,,,,,,0.009950248756218905,0.01990049751243781
        topic,theirs,small,difference,macro_f1,-0.24843304843304848,-0.3778173075780348,-0.1358748636744407,,,,,,0.009950248756218905,0.01990049751243781
        topic,theirs,small,mcnemar,rows,,,,,,,10,0,0.001953125,0.00390625
        topic,theirs,small,label,"conflict, war and peace",-0.2148148148148148,,,30,0.8148148148148148,0.6,10,0,0.001953125,0.0078125
        topic,theirs,small,label,sport,-0.2820512820512821,,,10,0.6153846153846154,0.3333333333333333,10,0,0.001953125,0.0078125
        "#);
    }
}
