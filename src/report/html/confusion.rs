//! Which label is taken for which: a heat map, and the pairs confused most.

use maud::{Markup, html};

use super::super::matrix::Matrix;
use super::super::wording::{columns as text_columns, fit, thousands};
use super::svg::{picture, px};
use super::text::{label_or_none, passage};
use crate::evaluate::FacetEvaluation;

/// More labels than this do not fit a page.
const MOST_LABELS: usize = 20;

/// Pairs in the table.
const MOST_CONFUSED: usize = 15;

/// Columns that the name of a label may take.
const NAME_COLUMNS: usize = 26;

/// The heat map where it fits, and the most confused pairs.
pub(super) fn confusion(id: &str, facet: &FacetEvaluation) -> Markup {
    let matrix = Matrix::within(facet, MOST_LABELS);
    let pairs = facet.most_confused(MOST_CONFUSED);
    html! {
        @if matrix.is_some() || !pairs.is_empty() { h3 { "What is taken for what" } }
        @if let Some(matrix) = &matrix {
            figure {
                div.wide role="region" aria-label="Heat map of the confusion" tabindex="0" { (heat_map(&format!("{id}-confusion"), matrix)) }
                figcaption { "Each line is a true label, each column a given one, by the number before its name. Framed cells \
                    on the diagonal are right; the stronger the colour of a cell, the larger its share of the line."
                    @if let Some(column) = matrix.predicted.iter().position(Option::is_none) {
                        " Column " (column + 1) ": rows that were given no label."
                    }
                }
            }
        }
        @if !pairs.is_empty() {
            p.note { "In so many rows the true label was missed and the other given in its place."
                @if facet.multi_label() { " (none): nothing was left over on that side, the label was only missed or only added." }
                @else if facet.coverage() < Some(1.0) { " (none): the row was given no label." }
            }
            div.wide role="region" aria-label="Most confused labels" tabindex="0" {
                table {
                    caption { "Confused most" }
                    thead { tr {
                        th scope="col" { "true label" } th.word scope="col" { "given label" } th scope="col" { "rows" }
                    } }
                    tbody {
                        @for pair in pairs { "\n"
                            tr {
                                th scope="row" { (label_or_none(pair.gold)) }
                                td.word { (label_or_none(pair.predicted)) }
                                td { (thousands(pair.rows)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn heat_map(id: &str, matrix: &Matrix<'_>) -> Markup {
    let columns = matrix.predicted.len();
    let largest = matrix.gold.iter().flat_map(|(_, counts)| counts).max().copied().unwrap_or(0);
    // As wide as the longest number.
    let cell = (7.0 * largest.to_string().len() as f64 + 8.0).max(if columns > 12 { 24.0 } else { 32.0 });
    let names: Vec<String> =
        matrix.gold.iter().map(|(gold, _)| fit(&passage(&label_or_none(*gold)), NAME_COLUMNS)).collect();
    // A column is some seven pixels; the number before the name takes three.
    let longest = names.iter().map(|name| text_columns(name) + 3).max().unwrap_or(0);
    let (left, top) = (7.0 * longest as f64 + 8.0, 24.0);
    let size = [left + cell * columns as f64 + 4.0, top + cell * matrix.gold.len() as f64 + 4.0];
    let number = |name: Option<&str>| {
        matrix.predicted.iter().position(|&other| other == name).map_or(columns, |place| place) + 1
    };
    let inside = html! {
        @for (column, &name) in matrix.predicted.iter().enumerate() {
            text x=(px(left + cell * (column as f64 + 0.5))) y=(px(top - 7.0)) text-anchor="middle" {
                title { (label_or_none(name)) } (column + 1)
            }
        }
        @for (line, (gold, counts)) in matrix.gold.iter().enumerate() {
            @let y = top + cell * line as f64;
            @let all = counts.iter().sum::<u64>().max(1);
            @let middle = px(y + cell / 2.0);
            text x=(px(left - 6.0)) y=(middle) dy="0.35em" text-anchor="end" {
                title { (label_or_none(*gold)) } (number(*gold)) " " (names[line])
            }
            @for (column, &count) in counts.iter().enumerate() {
                @let x = left + cell * column as f64;
                @let right = matrix.predicted[column] == *gold;
                @let class = if right { "right" } else { "wrong" };
                rect.cell x=(px(x)) y=(px(y)) width=(px(cell)) height=(px(cell)) {}
                @if count > 0 {
                    rect class=(class) x=(px(x + 1.0)) y=(px(y + 1.0)) width=(px(cell - 2.0)) height=(px(cell - 2.0))
                        fill-opacity=(opacity(count, all)) {}
                    text x=(px(x + cell / 2.0)) y=(middle) dy="0.35em" text-anchor="middle" { (count) }
                }
            }
        }
    };
    let says = "Rows are the true labels, columns the given ones, cells hold numbers of rows. \
                The largest numbers off the diagonal stand in the table below.";
    picture(id, size, "Confusion", says, &inside)
}

/// Never so dark that the number in the cell could not be read.
fn opacity(count: u64, all: u64) -> String {
    format!("{:.2}", 0.08 + 0.42 * count as f64 / all as f64)
}
