//! Tables for documents: a report that is committed shows a change in accuracy as a diff.

use std::io::{self, Write};

use super::Report;
use super::matrix::Matrix;
use super::wording::{
    MOST_CONFUSED, NO_LABEL, SMALL_MARK, averages, escaped, figure, interval, is_small, kind, rows, shares,
    small_support_note, thousands, totals,
};
use super::{figures, mistakes};
use crate::evaluate::{Evaluation, FacetDetails, FacetEvaluation, Interval, Tally};

/// Characters of a text in a table of mistakes.
const EXCERPT: usize = 200;

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
            match facet.details() {
                Some(details) => write_details(facet, details, out)?,
                None => write_scores(facet, out)?,
            }
            if let Some(note) = small_support_note(facet) {
                writeln!(out, "\n\\{}: {note}", SMALL_MARK.trim())?;
            }
            write_matrix(facet, out)?;
            write_most_confused(facet, out)?;
        }
        evaluation.facets.iter().try_for_each(|facet| write_mistakes(facet, out))
    }
}

/// The lines of the table as a list, and a wider table.
fn write_details(facet: &FacetEvaluation, details: &FacetDetails, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}, {}\n", rows(facet.rows()), kind(facet))?;
    figures::lines(facet).iter().try_for_each(|(name, text)| writeln!(out, "- {name}: {text}"))?;
    figures::legend(details).iter().try_for_each(|note| writeln!(out, "- {}", escaped(note)))?;
    let level = format!("{:.0} % CI of f1", 100.0 * details.intervals.level);
    let ranked = details.ranking.as_ref();
    writeln!(
        out,
        "\n| | precision | recall | f1 | {level} |{} support | predicted |\n|---|---:|---:|---:|---:|{}---:|---:|",
        if ranked.is_some() { " average precision |" } else { "" },
        if ranked.is_some() { "---:|" } else { "" },
    )?;
    let mut row = |name: String, scores: [Option<f64>; 3], of_f1: Option<&Interval>, precision: Option<f64>, counts| {
        let [p, r, f1] = scores.map(figure);
        let of_f1 = interval(of_f1);
        let precision = if ranked.is_some() { format!(" {} |", figure(precision)) } else { String::new() };
        let [support, predicted] = <[u64; 2]>::map(counts, thousands);
        writeln!(out, "| {name} | {p} | {r} | {f1} | {of_f1} |{precision} {support} | {predicted} |")
    };
    for (name, tally) in facet.labels() {
        let scores = [tally.precision(), tally.recall(), tally.f1()];
        let of_label = ranked.and_then(|ranking| Some(ranking.labels.get(name)?.average_precision));
        row(marked(name, tally), scores, details.intervals.labels.get(name), of_label, [tally.gold, tally.predicted])?;
    }
    let (support, predicted) = totals(facet);
    let intervals = [details.intervals.micro, details.intervals.macro_, details.intervals.weighted];
    for ((name, scores), of) in averages(&facet.averages()).into_iter().zip(intervals) {
        let mean = ranked.filter(|_| name == "macro").and_then(|ranking| ranking.mean_average_precision);
        let scores = [scores.precision, scores.recall, scores.f1];
        row(format!("**{name}**"), scores, of.f1.as_ref(), mean, [support, predicted])?;
    }
    Ok(())
}

fn write_mistakes(facet: &FacetEvaluation, out: &mut dyn Write) -> io::Result<()> {
    let Some(surest) = facet.mistakes() else { return Ok(()) };
    writeln!(out, "\n## Surest mistakes in {}\n", escaped(facet.name()))?;
    if surest.is_empty() {
        return writeln!(out, "None.");
    }
    writeln!(out, "| probability | gold → predicted | row | text | because |\n|---:|---|---|---|---|")?;
    for mistake in surest {
        let cells = [mistakes::taken_for(mistake), mistakes::place(mistake), mistakes::excerpt(mistake, EXCERPT)];
        let [taken_for, place, text] = cells.map(|cell| escaped(&cell));
        let why = mistakes::why(mistake).map(|why| escaped(&why)).unwrap_or_default();
        writeln!(out, "| {:.4} | {taken_for} | {place} | {text} | {why} |", mistake.probability)?;
    }
    Ok(())
}

fn write_scores(facet: &FacetEvaluation, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{}, {}", rows(facet.rows()), kind(facet))?;
    for (name, share) in shares(facet) {
        write!(out, "; {name} {}", figure(share))?;
    }
    writeln!(out, "\n\n| | precision | recall | f1 | support | predicted |\n|---|---:|---:|---:|---:|---:|")?;
    let (support, predicted) = totals(facet);
    let labels = facet.labels().map(|(name, tally)| (marked(name, tally), tally.scores(), tally.gold, tally.predicted));
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

/// The label, and a mark where its figures rest on few rows.
fn marked(label: &str, tally: &Tally) -> String {
    escaped(label) + if is_small(tally) { " \\*" } else { "" }
}

fn label_or_none(label: Option<&str>) -> String {
    label.map_or_else(|| NO_LABEL.to_owned(), escaped)
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
        | 0 \* | 0.5000 | 1.0000 | 0.6667 | 1 | 2 |
        | 1 \* | 0.0000 | 0.0000 | 0.0000 | 1 | 1 |
        | 2 \* | 1.0000 | 0.6667 | 0.8000 | 3 | 2 |
        | **micro** | 0.6000 | 0.6000 | 0.6000 | 5 | 5 |
        | **macro** | 0.5000 | 0.5556 | 0.4889 | 5 | 5 |
        | **weighted by support** | 0.7000 | 0.6000 | 0.6133 | 5 | 5 |

        \*: fewer than 10 rows have this label: its figures say little

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
        | \\u{1b}\[31mred\\nline \* | 0.0000 | – | 0.0000 | 0 | 1 |
        | conflict, war and peace \* | – | 0.0000 | 0.0000 | 1 | 0 |
        | politics \| "gov" \* | 1.0000 | 1.0000 | 1.0000 | 1 | 1 |
        | 健康 \* | – | 0.0000 | 0.0000 | 1 | 0 |
        | **micro** | 0.5000 | 0.3333 | 0.4000 | 3 | 2 |
        | **macro** | 0.2500 | 0.2500 | 0.2500 | 3 | 2 |
        | **weighted by support** | 0.3333 | 0.3333 | 0.3333 | 3 | 2 |

        \*: fewer than 10 rows have this label: its figures say little

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
        | AF \* | 1.0000 | 1.0000 | 1.0000 | 1 | 1 |
        | IQ \* | 0.0000 | – | 0.0000 | 0 | 2 |
        | IR \* | 1.0000 | 0.5000 | 0.6667 | 2 | 1 |
        | PK \* | – | 0.0000 | 0.0000 | 1 | 0 |
        | **micro** | 0.5000 | 0.5000 | 0.5000 | 4 | 4 |
        | **macro** | 0.5000 | 0.3750 | 0.4167 | 4 | 4 |
        | **weighted by support** | 0.7500 | 0.5000 | 0.5833 | 4 | 4 |

        \*: fewer than 10 rows have this label: its figures say little

        | most confused: gold | predicted | rows |
        |---|---|---:|
        | IR | IQ | 1 |
        | PK | (none) | 1 |
        | (none) | IQ | 1 |
        "#);
    }

    #[test]
    fn details_are_a_list_and_columns() {
        insta::assert_snapshot!(sample::written(&Markdown, &sample::detailed()), @r#"
        ## topic

        65 rows, single-label

        - accuracy: 0.8769 (95 % CI 0.7846–0.9538); majority class 0.6769
        - macro-F1: 0.8144 (95 % CI 0.6554–0.9201); majority class 0.2691
        - surest rows right: 80 %: 0.8494, 90 %: 0.8621, 95 %: 0.8710, 100 %: 0.8769
        - top-k accuracy: top 1: 0.8769, top 2: 0.9846
        - average precision: 0.6889 (macro: mean over labels)
        - calibration: ECE 0.2077, Brier 0.3188, log loss 0.6170
        - CI: confidence interval, bootstrap over 65 rows, 1,000 draws; none if all are alike
        - majority class: always "conflict, war and peace"

        | | precision | recall | f1 | 95 % CI of f1 | average precision | support | predicted |
        |---|---:|---:|---:|---:|---:|---:|---:|
        | conflict, war and peace | 0.9302 | 0.9091 | 0.9195 | .849–.969 | 0.8885 | 44 | 43 |
        | economy, business and finance | 0.9231 | 0.8000 | 0.8571 | .688–.970 | 0.7371 | 15 | 13 |
        | sport \* | 0.5556 | 0.8333 | 0.6667 |  | 0.4413 | 6 | 9 |
        | **micro** | 0.8769 | 0.8769 | 0.8769 | .785–.954 | – | 65 | 65 |
        | **macro** | 0.8030 | 0.8475 | 0.8144 | .655–.920 | 0.6889 | 65 | 65 |
        | **weighted by support** | 0.8940 | 0.8769 | 0.8818 | .795–.954 | – | 65 | 65 |

        \*: fewer than 10 rows have this label: its figures say little

        | gold \ predicted | conflict, war and peace | economy, business and finance | sport |
        |---|---:|---:|---:|
        | conflict, war and peace | 40 | 0 | 4 |
        | economy, business and finance | 3 | 12 | 0 |
        | sport | 0 | 1 | 5 |

        | most confused: gold | predicted | rows |
        |---|---|---:|
        | conflict, war and peace | sport | 4 |
        | economy, business and finance | conflict, war and peace | 3 |
        | sport | economy, business and finance | 1 |

        ## Surest mistakes in topic

        | probability | gold → predicted | row | text | because |
        |---:|---|---|---|---|
        | 0.9000 | conflict, war and peace → sport | test.csv row 17 (id x7) | The line was held \| until dawn, said a spokesman who asked not to be named in this report of events. |  |
        "#);
    }

    #[test]
    fn markup_in_labels_is_shown_not_obeyed() {
        assert_eq!(escaped("a|b\\|c <b>\n*x*"), "a\\|b\\\\\\|c \\<b\\>\\\\n\\*x\\*");
    }
}
