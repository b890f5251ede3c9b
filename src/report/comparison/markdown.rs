//! Tables for documents, without what differs from run to run.

use std::io::{self, Write};

use super::ComparisonReport;
use super::sentence::sentences;
use super::wording::{legend, letter, level, measured, p_cell, signed_points, size, units};
use crate::evaluate::compare::PairComparison;
use crate::report::size as file_size;
use crate::report::wording::escaped;
use crate::report::wording::{UNDEFINED, figure, rows, thousands};

pub fn write(report: &ComparisonReport, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "| | contestant | model file |\n|---|---|---:|")?;
    for (c, entrant) in report.entrants.iter().enumerate() {
        let size = entrant.bytes.map_or_else(|| "predictions".to_owned(), file_size);
        writeln!(out, "| {} | {} | {size} |", letter(c), escaped(&entrant.name))?;
    }
    let (drawn, sure) = (thousands(report.bootstrap.replicates.into()), level(&report.bootstrap));
    for facet in &report.facets {
        writeln!(
            out,
            "\n## {}\n\n{}; {sure} intervals by {drawn} draws of {}\n",
            escaped(&facet.name),
            size(facet),
            units(facet)
        )?;
        let heading = facet.contestants.first().map(|c| c.figures.map(|(figure, _)| figure.words()));
        writeln!(out, "| | {} |\n|---|---:|---:|---:|", heading.unwrap_or_default().join(" | "))?;
        for (c, contestant) in facet.contestants.iter().enumerate() {
            let figures = contestant.figures.each_ref().map(|(_, value)| measured(value));
            writeln!(out, "| {} | {} |", letter(c), figures.join(" | "))?;
        }
        for pair in &facet.comparisons {
            let [a, b] = [0, pair.challenger].map(|c| (letter(c), escaped(&facet.contestants[c].name)));
            writeln!(out, "\n{} ({}) against {} ({}), label by label{}", b.0, b.1, a.0, a.1, legend(facet, &a.0))?;
            write_labels(pair, out)?;
            if let Some(test) = pair.mcnemar {
                let (a, b) = (letter(0), letter(pair.challenger));
                let only = [test.only_first, test.only_second].map(rows);
                let (p, holm) = (p_cell(Some(test.p)), p_cell(pair.mcnemar_p_holm));
                let holm = if facet.comparisons.len() > 1 { format!(", by Holm {holm}") } else { String::new() };
                writeln!(out, "\nMcNemar: only {a} right in {}, only {b} in {}; p {p}{holm}", only[0], only[1])?;
            }
            writeln!(out)?;
            for sentence in sentences(report, facet, pair) {
                writeln!(out, "- {}", escaped(&sentence))?;
            }
        }
    }
    Ok(())
}

fn write_labels(pair: &PairComparison, out: &mut dyn Write) -> io::Result<()> {
    let (a, b) = (letter(0), letter(pair.challenger));
    writeln!(out, "\n| label | support | f1 {a} | f1 {b} | {b} − {a} | only {a} | only {b} | p | p by Holm |")?;
    writeln!(out, "|---|{}", "---:|".repeat(8))?;
    for label in &pair.labels {
        let [f1_a, f1_b] = [label.baseline_f1, label.challenger_f1].map(figure);
        let only = label.test.map_or([UNDEFINED.to_owned(), UNDEFINED.to_owned()], |test| {
            [test.only_first, test.only_second].map(thousands)
        });
        let p = [label.test.map(|test| test.p), label.p_holm].map(p_cell);
        writeln!(
            out,
            "| {} | {} | {f1_a} | {f1_b} | {} | {} | {} |",
            escaped(&label.label),
            thousands(label.support),
            signed_points(label.difference()),
            only.join(" | "),
            p.join(" | ")
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::ComparisonFormat;
    use super::super::sample::{several, written};

    #[test]
    fn a_facet_is_a_section_with_tables_and_sentences() {
        insta::assert_snapshot!(written(&several(), ComparisonFormat::Markdown), @r"
        | | contestant | model file |
        |---|---|---:|
        | A | small | 123.5 kB |
        | B | large | 123.5 kB |
        | C | theirs | predictions |

        ## topic

        40 rows, single-label; 95 % intervals by 200 draws of rows

        | | accuracy | micro-F1 | macro-F1 |
        |---|---:|---:|---:|
        | A | 0.7500 (0.625–0.875) | 0.7500 (0.625–0.875) | 0.7151 (0.564–0.860) |
        | B | 0.9500 (0.875–1.000) | 0.9500 (0.875–1.000) | 0.9373 (0.844–1.000) |
        | C | 0.5000 (0.350–0.650) | 0.5000 (0.350–0.650) | 0.4667 (0.293–0.616) |

        B (large) against A (small), label by label; differences in points, only A: rows in which only A is right about the label

        | label | support | f1 A | f1 B | B − A | only A | only B | p | p by Holm |
        |---|---:|---:|---:|---:|---:|---:|---:|---:|
        | conflict, war and peace | 30 | 0.8148 | 0.9655 | +15.1 | 0 | 8 | 0.008 | 0.016 |
        | sport | 10 | 0.6154 | 0.9091 | +29.4 | 0 | 8 | 0.008 | 0.016 |

        McNemar: only A right in 0 rows, only B in 8 rows; p 0.008, by Holm 0.008

        - large is better than small on accuracy by 20.0 points (95 % CI 7.5 to 32.5, p = 0.020 by Holm over 2 comparisons)
        - large is better than small on micro-F1 by 20.0 points (95 % CI 7.5 to 32.5, p = 0.020 by Holm over 2 comparisons)
        - large is better than small on macro-F1 by 22.2 points (95 % CI 10.3 to 35.8, p = 0.020 by Holm over 2 comparisons)

        C (theirs) against A (small), label by label; differences in points, only A: rows in which only A is right about the label

        | label | support | f1 A | f1 C | C − A | only A | only C | p | p by Holm |
        |---|---:|---:|---:|---:|---:|---:|---:|---:|
        | conflict, war and peace | 30 | 0.8148 | 0.6000 | −21.5 | 10 | 0 | 0.002 | 0.008 |
        | sport | 10 | 0.6154 | 0.3333 | −28.2 | 10 | 0 | 0.002 | 0.008 |

        McNemar: only A right in 10 rows, only C in 0 rows; p 0.002, by Holm 0.004

        - small is better than theirs on accuracy by 25.0 points (95 % CI 15.0 to 37.5, p = 0.020 by Holm over 2 comparisons)
        - small is better than theirs on micro-F1 by 25.0 points (95 % CI 15.0 to 37.5, p = 0.020 by Holm over 2 comparisons)
        - small is better than theirs on macro-F1 by 24.8 points (95 % CI 13.6 to 37.8, p = 0.020 by Holm over 2 comparisons)
        ");
    }
}
