//! Test rows that were in training, behind the figures of an evaluation.

use std::io::{self, Write};

use serde::Serialize;

use super::ReportFormat;
use super::csv::total_line;
use super::grid::Grid;
use super::html::{self, Appendix};
use super::wording::{UNDEFINED, figure, printable, rows, shares, thousands};
use crate::evaluate::{Evaluation, FacetEvaluation};
use crate::tagger::{LeakCounts, Leaks};

#[derive(Serialize)]
struct WithLeaks<'a> {
    #[serde(flatten)]
    evaluation: &'a Evaluation,
    leaks: Option<&'a Leaks>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    warnings: &'a [String],
}

impl Leaks {
    /// Writes an evaluation in a format, and behind it what is known of leaks: `None` where the model does not know its
    /// training rows.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(
        leaks: Option<&Leaks>,
        evaluation: &Evaluation,
        format: ReportFormat,
        width: usize,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        if format == ReportFormat::Json {
            return Self::write_json(leaks, evaluation, &[], out);
        }
        if format == ReportFormat::Html {
            return html::write_with(evaluation, leaks.map(|leaks| leaks.appendix(evaluation)).as_ref(), out);
        }
        format.report(width).write(evaluation, out)?;
        let Some(leaks) = leaks else { return Ok(()) };
        match format {
            ReportFormat::Csv => leaks.write_csv(out),
            ReportFormat::Markdown => leaks.write_markdown(evaluation, out),
            _ => leaks.write_table(evaluation, out),
        }
    }

    /// Writes it as JSON, with sentences that a reader should know under `warnings`, where there are any.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_json(
        leaks: Option<&Leaks>,
        evaluation: &Evaluation,
        warnings: &[String],
        out: &mut dyn Write,
    ) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, &WithLeaks { evaluation, leaks, warnings })?;
        writeln!(out)
    }

    fn appendix(&self, evaluation: &Evaluation) -> Appendix {
        let lines = self.without.iter().flat_map(|without| side_by_side(evaluation, without));
        Appendix {
            title: "Test rows that were in training".into(),
            says: self.in_words(),
            header: vec!["", "all rows", "without leaks"],
            lines: lines.map(Vec::from).collect(),
        }
    }

    fn write_table(&self, evaluation: &Evaluation, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "\nleaks  {}", self.in_words())?;
        if let Some(without) = &self.without {
            let mut grid = Grid::default();
            grid.row(["", "all rows", "without leaks"].map(str::to_owned));
            for [name, all, clean] in side_by_side(evaluation, without) {
                grid.row([printable(&name).into_owned(), all, clean]);
            }
            writeln!(out)?;
            grid.write("", out)?;
        }
        Ok(())
    }

    fn write_markdown(&self, evaluation: &Evaluation, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "\n## leaks\n\n{}", self.in_words())?;
        if let Some(without) = &self.without {
            writeln!(out, "\n| | all rows | without leaks |\n|---|---:|---:|")?;
            for [name, all, clean] in side_by_side(evaluation, without) {
                writeln!(out, "| {} | {all} | {clean} |", printable(&name).replace('|', "\\|"))?;
            }
        }
        Ok(())
    }

    fn write_csv(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut csv = csv::WriterBuilder::new().flexible(true).from_writer(out);
        let counts = [("rows", self.counts.rows), ("exact", self.counts.exact), ("near", self.counts.near)];
        for (name, count) in counts {
            csv.write_record(total_line("", name, "leaks", &count.to_string()))?;
        }
        let number = |share: Option<f64>| share.map(|share| share.to_string()).unwrap_or_default();
        for facet in self.without.iter().flat_map(|without| &without.facets) {
            let averages = facet.averages();
            for (name, scores) in
                [("micro", averages.micro), ("macro", averages.macro_), ("weighted", averages.weighted)]
            {
                let [precision, recall, f1] = [scores.precision, scores.recall, scores.f1].map(number);
                let mut line = total_line(facet.name(), name, "average without leaks", "");
                (line[3], line[4], line[5]) = (&precision, &recall, &f1);
                csv.write_record(line)?;
            }
            let mut total =
                |name, value: String| csv.write_record(total_line(facet.name(), name, "total without leaks", &value));
            total("rows", facet.rows().to_string())?;
            let exact =
                if facet.multi_label() { ("exact_match", facet.exact_match()) } else { ("accuracy", facet.accuracy()) };
            total(exact.0, number(exact.1))?;
        }
        csv.flush()
    }

    /// `16 of 7,528 rows were in training, 30 more nearly`.
    fn in_words(&self) -> String {
        let LeakCounts { rows: looked_at, exact, near } = self.counts;
        match (exact, near) {
            (0, 0) => format!("none: of {} with a text none was in training", rows(looked_at)),
            _ => format!(
                "of {} with a text, {} in training word for word, {} nearly",
                rows(looked_at),
                thousands(exact),
                thousands(near)
            ),
        }
    }
}

/// Name, figure over all rows, figure without leaks.
fn side_by_side(all: &Evaluation, without: &Evaluation) -> Vec<[String; 3]> {
    let figures = |facet: &FacetEvaluation| {
        let averages = facet.averages();
        let exact = shares(facet)[0];
        [
            ("rows", thousands(facet.rows())),
            (exact.0, figure(exact.1)),
            ("micro F1", figure(averages.micro.f1)),
            ("macro F1", figure(averages.macro_.f1)),
        ]
    };
    let mut lines = Vec::new();
    for facet in &all.facets {
        let clean = without.facet(facet.name()).map(figures);
        for (i, (name, value)) in figures(facet).into_iter().enumerate() {
            let clean = clean.as_ref().map_or(UNDEFINED.to_owned(), |clean| clean[i].1.clone());
            lines.push([format!("{} {name}", facet.name()), value, clean]);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn written(leaks: Option<&Leaks>, format: ReportFormat) -> String {
        let mut out = Vec::new();
        Leaks::write(leaks, &sample::textbook(), format, 80, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn some() -> Leaks {
        let mut facet = FacetEvaluation::new("class", false);
        for (gold, predicted) in [("0", "0"), ("1", "0"), ("2", "1")] {
            facet.add(&[gold], &[predicted]);
        }
        let without = Evaluation { rows: 3, facets: vec![facet] };
        Leaks { counts: LeakCounts { rows: 5, exact: 1, near: 1 }, without: Some(without) }
    }

    #[test]
    fn figures_with_and_without_stand_side_by_side() {
        let table = written(Some(&some()), ReportFormat::Table);
        let (_, leaks) = table.split_once("\nleaks").unwrap();
        insta::assert_snapshot!(leaks, @r"
          of 5 rows with a text, 1 in training word for word, 1 nearly

                        all rows  without leaks
        class rows             5              3
        class accuracy    0.6000         0.3333
        class micro F1    0.6000         0.3333
        class macro F1    0.4889         0.2222
        ");
        let html = written(Some(&some()), ReportFormat::Html);
        assert!(html.contains("<th scope=\"row\">class macro F1</th><td>0.4889</td><td>0.2222</td>"), "{html}");
        assert!(html.ends_with("</body></html>\n"));
        let markdown = written(Some(&some()), ReportFormat::Markdown);
        assert!(markdown.contains("## leaks\n\nof 5 rows"), "{markdown}");
        assert!(markdown.ends_with("| class macro F1 | 0.4889 | 0.2222 |\n"), "{markdown}");
    }

    #[test]
    fn programs_get_counts_and_a_whole_evaluation() {
        let json: serde_json::Value = serde_json::from_str(&written(Some(&some()), ReportFormat::Json)).unwrap();
        assert_eq!((&json["rows"], &json["leaks"]["exact"], &json["leaks"]["rows"]), (&5.into(), &1.into(), &5.into()));
        assert_eq!(json["leaks"]["without"]["facets"]["class"]["rows"], 3);
        assert_eq!(json["facets"]["class"]["accuracy"], 0.6);
        let csv = written(Some(&some()), ReportFormat::Csv);
        assert!(csv.contains("\n,exact,leaks,,,,,,1,,,,\n"), "{csv}");
        assert!(
            csv.ends_with(
                "class,rows,total without leaks,,,,,,3,,,,\nclass,accuracy,total without leaks,,,,,,0.3333333333333333,,,,\n"
            ),
            "{csv}"
        );
        assert!(csv.lines().all(|line| line.matches(',').count() == 12), "{csv}");
    }

    #[test]
    fn a_model_that_does_not_know_its_rows_says_nothing_and_null_in_json() {
        let plain = sample::written(&*ReportFormat::Table.report(80), &sample::textbook());
        assert_eq!(written(None, ReportFormat::Table), plain);
        assert!(written(None, ReportFormat::Json).ends_with("\"leaks\": null\n}\n"));
        let clean = Leaks { counts: LeakCounts { rows: 5, ..LeakCounts::default() }, without: None };
        assert!(
            written(Some(&clean), ReportFormat::Table)
                .ends_with("\nleaks  none: of 5 rows with a text none was in training\n")
        );
    }
}
