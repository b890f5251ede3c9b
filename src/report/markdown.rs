//! Tables for documents: a report that is committed shows a change in accuracy as a diff.

use std::io::{self, Write};

use super::Report;
use super::matrix::Matrix;
use super::wording::{MOST_CONFUSED, NO_LABEL, averages, figure, kind, printable, rows, shares, thousands, totals};
use crate::evaluate::{Evaluation, FacetEvaluation};

/// GitHub-flavoured Markdown with the content of the [`Table`](super::Table), labels in full; one `##` section per facet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Markdown;

impl Report for Markdown {
    fn write(&self, evaluation: &Evaluation, out: &mut dyn Write) -> io::Result<()> {
        if evaluation.facets.is_empty() {
            return writeln!(out, "{}, no facet to score", rows(evaluation.rows));
        }
        for (i, facet) in evaluation.facets.iter().enumerate() {
            if i > 0 {
                writeln!(out)?;
            }
            writeln!(out, "## {}\n", escaped(facet.name()))?;
            write_scores(facet, out)?;
            write_matrix(facet, out)?;
            write_most_confused(facet, out)?;
        }
        Ok(())
    }
}

fn write_scores(facet: &FacetEvaluation, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{}, {}", rows(facet.rows()), kind(facet))?;
    for (name, share) in shares(facet) {
        write!(out, "; {name} {}", figure(share))?;
    }
    writeln!(out, "\n\n| | precision | recall | f1 | support | predicted |\n|---|---:|---:|---:|---:|---:|")?;
    let (support, predicted) = totals(facet);
    let labels = facet.labels().map(|(name, tally)| (escaped(name), tally.scores(), tally.gold, tally.predicted));
    let averages =
        averages(&facet.averages()).map(|(name, scores)| (format!("**{name}**"), scores, support, predicted));
    for (name, scores, support, predicted) in labels.chain(averages) {
        let [precision, recall, f1] = [scores.precision, scores.recall, scores.f1].map(figure);
        let [support, predicted] = [support, predicted].map(thousands);
        writeln!(out, "| {name} | {precision} | {recall} | {f1} | {support} | {predicted} |")?;
    }
    Ok(())
}

fn write_matrix(facet: &FacetEvaluation, out: &mut dyn Write) -> io::Result<()> {
    let Some(matrix) = Matrix::of(facet) else { return Ok(()) };
    let labels: Vec<String> = matrix.predicted.iter().map(|&label| label_or_none(label)).collect();
    writeln!(out, "\n| gold \\ predicted | {} |", labels.join(" | "))?;
    writeln!(out, "|---|{}", "---:|".repeat(labels.len()))?;
    for (gold, counts) in &matrix.gold {
        let counts: Vec<String> = counts.iter().map(|&count| thousands(count)).collect();
        writeln!(out, "| {} | {} |", label_or_none(*gold), counts.join(" | "))?;
    }
    Ok(())
}

fn write_most_confused(facet: &FacetEvaluation, out: &mut dyn Write) -> io::Result<()> {
    let pairs = facet.most_confused(MOST_CONFUSED);
    if pairs.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n| most confused: gold | predicted | rows |\n|---|---|---:|")?;
    for pair in pairs {
        let [gold, predicted] = [pair.gold, pair.predicted].map(label_or_none);
        writeln!(out, "| {gold} | {predicted} | {} |", thousands(pair.rows))?;
    }
    Ok(())
}

fn label_or_none(label: Option<&str>) -> String {
    label.map_or_else(|| NO_LABEL.to_owned(), escaped)
}

/// The label as text that Markdown shows unchanged and that stays inside its cell.
pub(super) fn escaped(label: &str) -> String {
    let label = printable(label);
    let mut text = String::with_capacity(label.len() + 4);
    for c in label.chars() {
        if matches!(c, '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '~' | '&' | '#') {
            text.push('\\');
        }
        text.push(c);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn a_facet_is_a_section_with_tables() {
        insta::assert_snapshot!(sample::written(&Markdown, &sample::textbook()), @r"
        ## class

        5 rows, single-label; accuracy 0.6000

        | | precision | recall | f1 | support | predicted |
        |---|---:|---:|---:|---:|---:|
        | 0 | 0.5000 | 1.0000 | 0.6667 | 1 | 2 |
        | 1 | 0.0000 | 0.0000 | 0.0000 | 1 | 1 |
        | 2 | 1.0000 | 0.6667 | 0.8000 | 3 | 2 |
        | **micro** | 0.6000 | 0.6000 | 0.6000 | 5 | 5 |
        | **macro** | 0.5000 | 0.5556 | 0.4889 | 5 | 5 |
        | **weighted by support** | 0.7000 | 0.6000 | 0.6133 | 5 | 5 |

        | gold \ predicted | 0 | 1 | 2 |
        |---|---:|---:|---:|
        | 0 | 1 | 0 | 0 |
        | 1 | 1 | 0 | 0 |
        | 2 | 0 | 1 | 2 |

        | most confused: gold | predicted | rows |
        |---|---|---:|
        | 1 | 0 | 1 |
        | 2 | 1 | 1 |
        ");
    }

    #[test]
    fn labels_stay_inside_their_cells() {
        insta::assert_snapshot!(sample::written(&Markdown, &sample::awkward()), @r#"
        ## topic

        3 rows, single-label; accuracy 0.3333; coverage 0.6667

        | | precision | recall | f1 | support | predicted |
        |---|---:|---:|---:|---:|---:|
        | \\u{1b}\[31mred\\nline | 0.0000 | – | 0.0000 | 0 | 1 |
        | conflict, war and peace | – | 0.0000 | 0.0000 | 1 | 0 |
        | politics \| "gov" | 1.0000 | 1.0000 | 1.0000 | 1 | 1 |
        | 健康 | – | 0.0000 | 0.0000 | 1 | 0 |
        | **micro** | 0.5000 | 0.3333 | 0.4000 | 3 | 2 |
        | **macro** | 0.2500 | 0.2500 | 0.2500 | 3 | 2 |
        | **weighted by support** | 0.3333 | 0.3333 | 0.3333 | 3 | 2 |

        | gold \ predicted | \\u{1b}\[31mred\\nline | conflict, war and peace | politics \| "gov" | 健康 | (none) |
        |---|---:|---:|---:|---:|---:|
        | \\u{1b}\[31mred\\nline | 0 | 0 | 0 | 0 | 0 |
        | conflict, war and peace | 0 | 0 | 0 | 0 | 1 |
        | politics \| "gov" | 0 | 0 | 1 | 0 | 0 |
        | 健康 | 1 | 0 | 0 | 0 | 0 |

        | most confused: gold | predicted | rows |
        |---|---|---:|
        | conflict, war and peace | (none) | 1 |
        | 健康 | \\u{1b}\[31mred\\nline | 1 |

        ## region

        4 rows, multi-label; exact match 0.2500; coverage 0.7500

        | | precision | recall | f1 | support | predicted |
        |---|---:|---:|---:|---:|---:|
        | AF | 1.0000 | 1.0000 | 1.0000 | 1 | 1 |
        | IQ | 0.0000 | – | 0.0000 | 0 | 2 |
        | IR | 1.0000 | 0.5000 | 0.6667 | 2 | 1 |
        | PK | – | 0.0000 | 0.0000 | 1 | 0 |
        | **micro** | 0.5000 | 0.5000 | 0.5000 | 4 | 4 |
        | **macro** | 0.5000 | 0.3750 | 0.4167 | 4 | 4 |
        | **weighted by support** | 0.7500 | 0.5000 | 0.5833 | 4 | 4 |

        | most confused: gold | predicted | rows |
        |---|---|---:|
        | IR | IQ | 1 |
        | PK | (none) | 1 |
        | (none) | IQ | 1 |
        "#);
    }

    #[test]
    fn markup_in_labels_is_shown_not_obeyed() {
        assert_eq!(escaped("a|b\\|c <b>\n*x*"), "a\\|b\\\\\\|c \\<b\\>\\\\n\\*x\\*");
    }
}
