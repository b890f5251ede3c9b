//! Differences, p-values and names as people read them.

use crate::evaluate::compare::{FacetComparison, Measured};
use crate::evaluate::{Bootstrap, Interval};
use crate::report::wording::{UNDEFINED, figure, thousands};

/// The sign of what is below 0, in texts for people.
const MINUS: char = '−';

/// A p-value with the digits that matter; one that rounds to the level of a claim without being it gets more.
pub fn p_value(p: f64) -> String {
    match p {
        p if p < 0.001 => "< 0.001".to_owned(),
        p if p >= 0.1 => format!("{p:.2}"),
        p if (0.0495..0.0505).contains(&p) && p != 0.05 => format!("{p:.4}"),
        p => format!("{p:.3}"),
    }
}

/// A p-value in a table.
pub fn p_cell(p: Option<f64>) -> String {
    p.map_or_else(|| UNDEFINED.to_owned(), p_value)
}

/// Percentage points with one decimal, with two where one would be none: `1.2`, `−0.5`, `0.03`.
pub fn points(difference: f64) -> String {
    let points = 100.0 * difference;
    let text = match points.abs() {
        0.005..0.05 => format!("{points:.2}"),
        _ => format!("{points:.1}"),
    };
    match text.strip_prefix('-') {
        Some("0.0") => "0.0".to_owned(),
        Some(below) => format!("{MINUS}{below}"),
        None => text,
    }
}

/// The same with the sign that differences have in tables: `+1.2`.
pub fn signed_points(difference: f64) -> String {
    let text = points(difference);
    if text.starts_with(MINUS) || text == "0.0" { text } else { format!("+{text}") }
}

/// `0.9557 (0.947–0.964)`.
pub fn measured(measured: &Measured) -> String {
    let interval = measured.interval.map(|Interval { low, high }| format!(" ({low:.3}–{high:.3})"));
    figure(measured.value) + &interval.unwrap_or_default()
}

/// `95 %`.
pub fn level(bootstrap: &Bootstrap) -> String {
    format!("{} %", (1e4 * bootstrap.level).round() / 100.0)
}

/// A, B, C: the contestants in tables.
pub fn letter(contestant: usize) -> String {
    match u8::try_from(contestant) {
        Ok(number @ 0..26) => char::from(b'A' + number).to_string(),
        _ => format!("#{}", contestant + 1),
    }
}

/// What the columns of the labels say that their headings do not.
pub fn legend(facet: &FacetComparison, baseline: &str) -> String {
    match facet.groups {
        None => {
            format!("; differences in points, only {baseline}: rows in which only {baseline} is right about the label")
        }
        Some(_) => "; differences in points; no tests, as rows of a group are not independent".to_owned(),
    }
}

/// What is drawn: `rows`, or `40 groups of rows`.
pub fn units(facet: &FacetComparison) -> String {
    facet.groups.map_or_else(|| "rows".to_owned(), |groups| format!("{} groups of rows", thousands(groups)))
}

/// `2,189 rows, single-label`.
pub fn size(facet: &FacetComparison) -> String {
    let kind = if facet.multi_label { "multi-label" } else { "single-label" };
    format!("{}, {kind}", crate::report::wording::rows(facet.rows))
}

/// Rows a second, to two digits: a measurement of one run is no better.
pub fn speed(rows_per_second: f64) -> String {
    let unit = 10_f64.powf(rows_per_second.max(1.0).log10().floor() - 1.0).max(1.0);
    thousands(((rows_per_second / unit).round() * unit) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p_values_have_the_digits_that_matter() {
        let shown = [0.0, 0.0009, 0.004, 0.0496, 0.05, 0.0504, 0.051, 0.412, 1.0].map(p_value);
        assert_eq!(shown, ["< 0.001", "< 0.001", "0.004", "0.0496", "0.050", "0.0504", "0.051", "0.41", "1.00"]);
    }

    #[test]
    fn points_have_a_sign_only_where_there_is_a_difference() {
        assert_eq!(
            [0.0123, -0.005, -0.0001, 1e-5, -1e-5, 0.0].map(points),
            ["1.2", "−0.5", "−0.01", "0.0", "0.0", "0.0"]
        );
        assert_eq!([0.0123, -0.005, 0.0001, 0.0].map(signed_points), ["+1.2", "−0.5", "+0.01", "0.0"]);
    }

    #[test]
    fn speeds_are_rounded_to_two_digits() {
        assert_eq!([3.4, 87.0, 12_345.0, 456_789.0].map(speed), ["3", "87", "12,000", "460,000"]);
    }
}
