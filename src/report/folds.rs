//! What a cross-validation adds to a report: how the headline figures differ from fold to fold.

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::csv::total_line;
use super::grid::Grid;
use super::html::{self, Appendix};
use super::wording::{UNDEFINED, columns, escaped, figure, printable};
use super::{Report, ReportFormat};
use crate::evaluate::{Evaluation, FoldFigures, FoldLine, MeanAndSd};

/// Writes the report of the pooled figures, and after it (in JSON within it) those of the folds.
///
/// | Format | Added |
/// |---|---|
/// | table, Markdown | mean ± standard deviation over the folds |
/// | CSV | lines of the kinds `fold mean` and `fold sd`: the figure's name in `label`, its number in `value` |
/// | JSON | `over_folds` per facet and figure, `folds` with the figures of each |
#[derive(Debug)]
pub struct FoldReport<'a> {
    /// Per facet, its folds; none in leave-one-out, where a fold is a row.
    pub figures: &'a [FoldFigures],
    /// The format of both.
    pub format: ReportFormat,
    /// The terminal's width, in columns.
    pub width: usize,
}

impl Report for FoldReport<'_> {
    fn write(&self, evaluation: &Evaluation, out: &mut dyn Write) -> io::Result<()> {
        if self.format == ReportFormat::Json && !self.figures.is_empty() {
            let view = JsonView { evaluation, over_folds: OverFolds(self.figures), folds: by_fold(self.figures) };
            serde_json::to_writer_pretty(&mut *out, &view)?;
            return writeln!(out);
        }
        if self.format == ReportFormat::Html && !self.figures.is_empty() {
            return html::write_with(evaluation, Some(&self.appendix()), out);
        }
        self.format.report(self.width).write(evaluation, out)?;
        if self.figures.is_empty() {
            return Ok(());
        }
        match self.format {
            ReportFormat::Table => self.table(out),
            ReportFormat::Markdown => self.markdown(out),
            ReportFormat::Csv => self.csv(out),
            ReportFormat::Json | ReportFormat::Html => Ok(()),
        }
    }
}

impl FoldReport<'_> {
    fn count(&self) -> usize {
        self.figures.iter().map(|facet| facet.folds().len()).max().unwrap_or(0)
    }

    fn appendix(&self) -> Appendix {
        let mut lines = Vec::new();
        for facet in self.figures {
            for (name, over_folds) in facet.names().iter().zip(facet.over_folds()) {
                lines.push(vec![format!("{} {}", facet.name(), spoken(name)), in_words(over_folds)]);
            }
        }
        Appendix {
            title: format!("Over {} folds", self.count()),
            says: "The same figures in each fold: their mean, and how far the folds lie apart. No error bar.".into(),
            header: vec!["", "mean ± standard deviation"],
            lines,
        }
    }

    fn table(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "\nover {} folds (mean ± standard deviation)", self.count())?;
        let widest = self.figures.iter().map(|facet| columns(&printable(facet.name()))).max().unwrap_or(0);
        let mut grid = Grid::default();
        for facet in self.figures {
            let facet_name = printable(facet.name());
            let padding = " ".repeat(widest - columns(&facet_name));
            for (name, over_folds) in facet.names().iter().zip(facet.over_folds()) {
                grid.row([format!("{facet_name}{padding}  {}", spoken(name)), in_words(over_folds)]);
            }
        }
        grid.write("  ", out)
    }

    fn markdown(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "\n## Over {} folds\n", self.count())?;
        writeln!(out, "| facet | figure | mean ± standard deviation |\n|---|---|---:|")?;
        for facet in self.figures {
            for (name, over_folds) in facet.names().iter().zip(facet.over_folds()) {
                writeln!(out, "| {} | {} | {} |", escaped(facet.name()), spoken(name), in_words(over_folds))?;
            }
        }
        Ok(())
    }

    fn csv(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut csv = ::csv::Writer::from_writer(out);
        for facet in self.figures {
            for (name, over_folds) in facet.names().iter().zip(facet.over_folds()) {
                for (kind, value) in [("fold mean", over_folds.mean), ("fold sd", over_folds.sd)] {
                    let value = value.map(|value| value.to_string()).unwrap_or_default();
                    csv.write_record(total_line(facet.name(), name, kind, &value))?;
                }
            }
        }
        csv.flush()
    }
}

fn spoken(name: &str) -> &str {
    match name {
        "exact_match" => "exact match",
        "micro_f1" => "micro-F1",
        "macro_f1" => "macro-F1",
        other => other,
    }
}

fn in_words(over_folds: MeanAndSd) -> String {
    match (over_folds.mean, over_folds.sd) {
        (None, _) => UNDEFINED.to_owned(),
        (mean, None) => figure(mean),
        (mean, sd) => format!("{} ± {}", figure(mean), figure(sd)),
    }
}

#[derive(Serialize)]
struct JsonView<'a> {
    #[serde(flatten)]
    evaluation: &'a Evaluation,
    over_folds: OverFolds<'a>,
    folds: Vec<FoldView<'a>>,
}

struct OverFolds<'a>(&'a [FoldFigures]);

impl Serialize for OverFolds<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for facet in self.0 {
            map.serialize_entry(facet.name(), &FacetOverFolds(facet))?;
        }
        map.end()
    }
}

struct FacetOverFolds<'a>(&'a FoldFigures);

impl Serialize for FacetOverFolds<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        for (name, over_folds) in self.0.names().iter().zip(self.0.over_folds()) {
            map.serialize_entry(name, &over_folds)?;
        }
        map.end()
    }
}

#[derive(Serialize)]
struct FoldView<'a> {
    fold: usize,
    facets: FoldFacets<'a>,
}

struct FoldFacets<'a>(Vec<(&'a FoldFigures, &'a FoldLine)>);

impl Serialize for FoldFacets<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (facet, line) in &self.0 {
            map.serialize_entry(facet.name(), &FoldFacet { rows: line.rows, facet, line })?;
        }
        map.end()
    }
}

struct FoldFacet<'a> {
    rows: u64,
    facet: &'a FoldFigures,
    line: &'a FoldLine,
}

impl Serialize for FoldFacet<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(4))?;
        map.serialize_entry("rows", &self.rows)?;
        for (name, value) in self.facet.names().iter().zip(self.line.figures) {
            map.serialize_entry(name, &value)?;
        }
        map.end()
    }
}

fn by_fold(figures: &[FoldFigures]) -> Vec<FoldView<'_>> {
    let numbers: BTreeSet<usize> =
        figures.iter().flat_map(|facet| facet.folds().iter().map(|line| line.fold)).collect();
    let view = |fold: usize| {
        let line = |facet: &FoldFigures| facet.folds().iter().position(|line| line.fold == fold);
        let facets = figures.iter().filter_map(|facet| Some((facet, &facet.folds()[line(facet)?]))).collect();
        FoldView { fold, facets: FoldFacets(facets) }
    };
    numbers.into_iter().map(view).collect()
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;
    use crate::evaluate::{Outcome, Outcomes};

    fn written(format: ReportFormat) -> String {
        let mut class = Outcomes::new("class", false);
        for (gold, predicted) in [("0", "0"), ("1", "0"), ("2", "2"), ("2", "2"), ("2", "1")] {
            class.add(&Outcome { gold: &[gold], predicted: &[predicted], ..Outcome::default() });
        }
        let figures = [FoldFigures::new(&class, &[0, 0, 0, 1, 1])];
        sample::written(&FoldReport { figures: &figures, format, width: 80 }, &sample::textbook())
    }

    #[test]
    fn people_read_mean_and_deviation() {
        let table = written(ReportFormat::Table);
        let end = table.split("over 2 folds (mean ± standard deviation)\n").nth(1).unwrap();
        assert!(end.starts_with("  class  accuracy  0.5833 ± 0.1179\n"), "{end}");
        assert!(written(ReportFormat::Markdown).contains("| class | accuracy | 0.5833 ± 0.1179 |\n"));
        let html = written(ReportFormat::Html);
        assert!(html.contains("<th scope=\"row\">class accuracy</th><td>0.5833 ± 0.1179</td>"), "{html}");
        let csv = written(ReportFormat::Csv);
        assert!(csv.contains("class,accuracy,fold mean,,,,,,0.58333"), "{csv}");
    }

    #[test]
    fn programs_read_every_fold() {
        let json: serde_json::Value = serde_json::from_str(&written(ReportFormat::Json)).unwrap();
        assert_eq!(json["rows"], 5);
        assert_eq!(json["facets"]["class"]["accuracy"], 0.6);
        assert_eq!(json["folds"][1]["fold"], 2);
        assert_eq!(json["folds"][1]["facets"]["class"]["rows"], 2);
        assert_eq!(json["folds"][1]["facets"]["class"]["accuracy"], 0.5);
        assert!((json["over_folds"]["class"]["accuracy"]["mean"].as_f64().unwrap() - 7.0 / 12.0).abs() < 1e-12);
    }
}
