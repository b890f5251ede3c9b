//! Aligned columns for the terminal.

use std::io::{self, Write};

use super::ComparisonReport;
use super::sentence::sentences;
use super::wording::{legend, letter, level, measured, p_cell, signed_points, size, speed, units};
use crate::evaluate::compare::{FacetComparison, PairComparison};
use crate::report::grid::Grid;
use crate::report::size as file_size;
use crate::report::wording::{UNDEFINED, columns, figure, fit, printable, rows, thousands};

const LEAST_LABEL: usize = 19;

pub fn write(report: &ComparisonReport, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let mut entrants = Grid::default();
    for (c, entrant) in report.entrants.iter().enumerate() {
        let size = entrant.bytes.map_or_else(|| "predictions".to_owned(), file_size);
        let speed = entrant.rows_per_second.map(|speed_of| format!("{} rows/s in this run", speed(speed_of)));
        let name = format!("{}  {}", letter(c), printable(&entrant.name));
        let training = entrant.training_seconds.map(|seconds| format!("trained in {seconds:.1} s"));
        entrants.row([name, size].into_iter().chain(speed).chain(training));
    }
    entrants.write("", out)?;
    for facet in &report.facets {
        write_facet(report, facet, width, out)?;
    }
    Ok(())
}

fn write_facet(
    report: &ComparisonReport,
    facet: &FacetComparison,
    width: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (drawn, sure) = (thousands(report.bootstrap.replicates.into()), level(&report.bootstrap));
    let name = printable(&facet.name);
    writeln!(out, "\n{name}  ({}; {sure} intervals by {drawn} draws of {})\n", size(facet), units(facet))?;
    let mut figures = Grid::default();
    let heading = facet.contestants.first().map(|c| c.figures.map(|(figure, _)| figure.words().to_owned()));
    figures.row([String::new()].into_iter().chain(heading.into_iter().flatten()));
    for (c, contestant) in facet.contestants.iter().enumerate() {
        figures.row([letter(c)].into_iter().chain(contestant.figures.iter().map(|(_, value)| measured(value))));
    }
    figures.write("", out)?;
    for pair in &facet.comparisons {
        let [a, b] = [0, pair.challenger].map(|c| (letter(c), printable(&facet.contestants[c].name)));
        writeln!(out, "\n{} ({}) against {} ({}), label by label{}\n", b.0, b.1, a.0, a.1, legend(facet, &a.0))?;
        write_labels(facet, pair, width, out)?;
        if let Some(test) = pair.mcnemar {
            let (a, b) = (letter(0), letter(pair.challenger));
            let only = [test.only_first, test.only_second].map(rows);
            let (p, holm) = (p_cell(Some(test.p)), p_cell(pair.mcnemar_p_holm));
            let holm = if facet.comparisons.len() > 1 { format!(", by Holm {holm}") } else { String::new() };
            writeln!(out, "\nMcNemar: only {a} right in {}, only {b} in {}; p {p}{holm}", only[0], only[1])?;
        }
        writeln!(out)?;
        for sentence in sentences(report, facet, pair) {
            writeln!(out, "{sentence}")?;
        }
    }
    Ok(())
}

fn write_labels(facet: &FacetComparison, pair: &PairComparison, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let (a, b) = (letter(0), letter(pair.challenger));
    let heading = [
        "support".to_owned(),
        format!("f1 {a}"),
        format!("f1 {b}"),
        format!("{b} − {a}"),
        format!("only {a}"),
        format!("only {b}"),
        "p".to_owned(),
        "p by Holm".to_owned(),
    ];
    // No number is wider than its heading or nine columns.
    let numbers: usize = heading.iter().map(|cell| columns(cell).max(6) + 2).sum();
    let most = width.saturating_sub(numbers).max(LEAST_LABEL);
    let mut grid = Grid::default();
    let tested = facet.groups.is_none();
    let shown = if tested { heading.len() } else { 4 };
    grid.row([String::new()].into_iter().chain(heading.into_iter().take(shown)));
    for label in &pair.labels {
        let counts = label.test.map_or([UNDEFINED.to_owned(), UNDEFINED.to_owned()], |test| {
            [test.only_first, test.only_second].map(thousands)
        });
        let cells = [thousands(label.support), figure(label.baseline_f1), figure(label.challenger_f1)];
        let cells = cells.into_iter().chain([signed_points(label.difference())]).chain(counts);
        let cells = cells.chain([p_cell(label.test.map(|test| test.p)), p_cell(label.p_holm)]).take(shown);
        grid.row([fit(&printable(&label.label), most)].into_iter().chain(cells));
    }
    grid.write("", out)
}

#[cfg(test)]
mod tests {
    use super::super::ComparisonFormat;
    use super::super::sample::{grouped, several, written};

    #[test]
    fn figures_labels_and_a_sentence_each() {
        insta::assert_snapshot!(written(&several(), ComparisonFormat::Table { width: 100 }), @r"
        A  small      123.5 kB  12,000 rows/s in this run
        B  large      123.5 kB  12,000 rows/s in this run
        C  theirs  predictions

        topic  (40 rows, single-label; 95 % intervals by 200 draws of rows)

                       accuracy              micro-F1              macro-F1
        A  0.7500 (0.625–0.875)  0.7500 (0.625–0.875)  0.7151 (0.564–0.860)
        B  0.9500 (0.875–1.000)  0.9500 (0.875–1.000)  0.9373 (0.844–1.000)
        C  0.5000 (0.350–0.650)  0.5000 (0.350–0.650)  0.4667 (0.293–0.616)

        B (large) against A (small), label by label; differences in points, only A: rows in which only A is right about the label

                                 support    f1 A    f1 B  B − A  only A  only B      p  p by Holm
        conflict, war and peace       30  0.8148  0.9655  +15.1       0       8  0.008      0.016
        sport                         10  0.6154  0.9091  +29.4       0       8  0.008      0.016

        McNemar: only A right in 0 rows, only B in 8 rows; p 0.008, by Holm 0.008

        large is better than small on accuracy by 20.0 points (95 % CI 7.5 to 32.5, p = 0.020 by Holm over 2 comparisons)
        large is better than small on micro-F1 by 20.0 points (95 % CI 7.5 to 32.5, p = 0.020 by Holm over 2 comparisons)
        large is better than small on macro-F1 by 22.2 points (95 % CI 10.3 to 35.8, p = 0.020 by Holm over 2 comparisons)

        C (theirs) against A (small), label by label; differences in points, only A: rows in which only A is right about the label

                                 support    f1 A    f1 C  C − A  only A  only C      p  p by Holm
        conflict, war and peace       30  0.8148  0.6000  −21.5      10       0  0.002      0.008
        sport                         10  0.6154  0.3333  −28.2      10       0  0.002      0.008

        McNemar: only A right in 10 rows, only C in 0 rows; p 0.002, by Holm 0.004

        small is better than theirs on accuracy by 25.0 points (95 % CI 15.0 to 37.5, p = 0.020 by Holm over 2 comparisons)
        small is better than theirs on micro-F1 by 25.0 points (95 % CI 15.0 to 37.5, p = 0.020 by Holm over 2 comparisons)
        small is better than theirs on macro-F1 by 24.8 points (95 % CI 13.6 to 37.8, p = 0.020 by Holm over 2 comparisons)
        ");
    }

    #[test]
    fn grouped_rows_have_no_tests_that_take_rows_for_independent() {
        insta::assert_snapshot!(written(&grouped(), ComparisonFormat::Table { width: 100 }), @r"
        A  small  123.5 kB  12,000 rows/s in this run
        B  large  123.5 kB  12,000 rows/s in this run

        region  (40 rows, multi-label; 95 % intervals by 200 draws of 10 groups of rows)

                    exact match              micro-F1              macro-F1
        A  0.7500 (0.549–1.000)  0.7500 (0.549–1.000)  0.7151 (0.519–1.000)
        B  0.7750 (0.574–1.000)  0.7750 (0.574–1.000)  0.7382 (0.540–1.000)

        B (large) against A (small), label by label; differences in points; no tests, as rows of a group are not independent

                                 support    f1 A    f1 B  B − A
        conflict, war and peace       30  0.8148  0.8364   +2.2
        sport                         10  0.6154  0.6400   +2.5

        no difference can be claimed on exact match (large is 2.5 points above small, 95 % CI 0.0 to 7.5, p = 0.73)
        no difference can be claimed on micro-F1 (large is 2.5 points above small, 95 % CI 0.0 to 7.5, p = 0.73)
        no difference can be claimed on macro-F1 (large is 2.3 points above small, 95 % CI 0.0 to 7.9, p = 0.73)
        ");
    }
}
