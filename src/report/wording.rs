//! Numbers and labels as people read them, shared by the table and Markdown.

use std::borrow::Cow;

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use crate::evaluate::{Averages, FacetEvaluation, Interval, SMALL_SUPPORT, Scores, Tally};

/// What stands for a figure that is undefined.
pub(super) const UNDEFINED: &str = "–";

/// What stands for "no label" where labels stand.
pub(super) const NO_LABEL: &str = "(none)";

/// How many mistakes a report for people lists.
pub(super) const MOST_CONFUSED: usize = 8;

/// A share with four decimals, enough to tell two models apart on 10,000 rows.
pub(super) fn figure(share: Option<f64>) -> String {
    share.map_or_else(|| UNDEFINED.to_owned(), |share| format!("{share:.4}"))
}

/// An interval in few columns: `.912–.946`; 1 is `1.000`. Nothing where all draws are alike, as they are when every row
/// is right: a point would promise too much.
pub(super) fn interval(interval: Option<&Interval>) -> String {
    let short = |end: f64| {
        let digits = format!("{end:.3}");
        digits.strip_prefix('0').map_or(digits.clone(), str::to_owned)
    };
    interval.filter(|i| i.low < i.high).map_or_else(String::new, |i| format!("{}–{}", short(i.low), short(i.high)))
}

/// What follows the name of a label whose figures rest on few rows.
pub(super) const SMALL_MARK: &str = " *";

/// What the mark says, where a label of the facet has it.
pub(super) fn small_support_note(facet: &FacetEvaluation) -> Option<String> {
    let few = facet.labels().any(|(_, tally)| is_small(tally));
    few.then(|| format!("fewer than {SMALL_SUPPORT} rows have this label: its figures say little"))
}

/// Whether the figures of a label rest on few rows.
pub(super) fn is_small(tally: &Tally) -> bool {
    tally.gold < SMALL_SUPPORT
}

/// A count with thousands separated by commas: 1,559.
pub(crate) fn thousands(count: u64) -> String {
    let digits = count.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `1 byte`, `512 bytes`, `5.5 kB`, `4.3 MB`.
pub(crate) fn size(bytes: u64) -> String {
    match bytes {
        1 => "1 byte".to_owned(),
        0..1000 => format!("{bytes} bytes"),
        1000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

/// `1 row`, `1,559 rows`.
pub(super) fn rows(count: u64) -> String {
    format!("{} {}", thousands(count), if count == 1 { "row" } else { "rows" })
}

/// `single-label` or `multi-label`.
pub(super) fn kind(facet: &FacetEvaluation) -> &'static str {
    if facet.multi_label() { "multi-label" } else { "single-label" }
}

/// The averages under the names of how they average.
pub(super) fn averages(averages: &Averages) -> [(&'static str, Scores); 3] {
    [("micro", averages.micro), ("macro", averages.macro_), ("weighted by support", averages.weighted)]
}

/// Support and predictions over all labels.
pub(super) fn totals(facet: &FacetEvaluation) -> (u64, u64) {
    facet.labels().fold((0, 0), |(gold, predicted), (_, tally)| (gold + tally.gold, predicted + tally.predicted))
}

/// The shares of a whole facet that people ask for: accuracy or exact match, and coverage unless every row has a tag.
pub(super) fn shares(facet: &FacetEvaluation) -> Vec<(&'static str, Option<f64>)> {
    let exact = if facet.multi_label() { ("exact match", facet.exact_match()) } else { ("accuracy", facet.accuracy()) };
    let coverage = facet.coverage().filter(|&coverage| coverage < 1.0);
    [exact].into_iter().chain(coverage.map(|coverage| ("coverage", Some(coverage)))).collect()
}

/// A label made harmless: line breaks, terminal escapes and text-direction overrides are shown as `\u{1b}`, since labels
/// come from other people's files.
pub(super) fn printable(label: &str) -> Cow<'_, str> {
    let unsafe_char =
        |c: char| c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    if !label.contains(unsafe_char) {
        return Cow::Borrowed(label);
    }
    let mut shown = String::with_capacity(label.len() + 8);
    for c in label.chars() {
        if unsafe_char(c) { shown.extend(c.escape_default()) } else { shown.push(c) }
    }
    Cow::Owned(shown)
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

/// How many terminal columns a text takes.
pub(super) fn columns(text: &str) -> usize {
    text.chars().map(char_columns).sum()
}

/// The text in at most `most` columns, the end replaced by `…` where it is longer.
pub(super) fn fit(text: &str, most: usize) -> String {
    if columns(text) <= most {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = 0;
    for c in text.chars() {
        used += char_columns(c);
        if used + 1 > most {
            break;
        }
        kept.push(c);
    }
    kept.truncate(kept.trim_end().len());
    kept + "…"
}

/// 0 for marks that sit on the letter before, 2 for the wide blocks of East Asian scripts and emoji, else 1.
///
/// Good enough to align labels; not good for emoji joined from several.
fn char_columns(c: char) -> usize {
    use GeneralCategory::{EnclosingMark, Format, NonspacingMark};
    match c {
        ' '..='~' => 1,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{3029}'
        | '\u{3030}'..='\u{303e}'
        | '\u{3041}'..='\u{3098}'
        | '\u{309b}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff01}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1f64f}'
        | '\u{1f900}'..='\u{1f9ff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ if matches!(c.general_category(), NonspacingMark | EnclosingMark | Format) => 0,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped_from_the_right() {
        let shown = [0, 12, 999, 1_000, 1_559, 123_456, 1_234_567].map(thousands);
        assert_eq!(shown, ["0", "12", "999", "1,000", "1,559", "123,456", "1,234,567"]);
        assert_eq!((rows(1), rows(0)), ("1 row".to_owned(), "0 rows".to_owned()));
    }

    #[test]
    fn labels_cannot_write_to_the_terminal() {
        assert_eq!(printable("war\x1b[31m\nred"), "war\\u{1b}[31m\\nred");
        assert_eq!(printable("Überblick, 健康"), "Überblick, 健康");
    }

    #[test]
    fn width_is_counted_in_columns_not_bytes() {
        assert_eq!(["arts", "é", "e\u{301}", "健康", ""].map(columns), [4, 1, 1, 4, 0]);
    }

    #[test]
    fn a_text_too_long_ends_in_an_ellipsis_within_the_width() {
        assert_eq!(fit("economy, business and finance", 9), "economy,…");
        assert_eq!(fit("健康健康", 6), "健康…");
        assert_eq!(fit("arts", 4), "arts");
        assert_eq!(fit("arts", 0), "…");
    }
}
