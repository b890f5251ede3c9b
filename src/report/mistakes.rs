//! The surest mistakes as CSV, for spreadsheets and for correcting labels.

use std::io::{self, Write};

use super::because::because;
use super::line::{beginning, one_line};
use super::wording::NO_LABEL;
use crate::evaluate::{Evaluation, Mistake};

const HEADER: [&str; 10] =
    ["facet", "source", "row", "id", "gold", "predicted", "wrong", "probability", "text", "explanation"];

/// Writes the mistakes of all facets, surest first in each: `facet,source,row,id,gold,predicted,wrong,probability,text,explanation`.
/// Several labels are joined by `separator`; `wrong` is empty where no label was given.
///
/// # Errors
/// Those of `out`; nothing else can go wrong.
pub fn write_mistakes(evaluation: &Evaluation, separator: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut csv = ::csv::Writer::from_writer(out);
    csv.write_record(HEADER)?;
    for facet in &evaluation.facets {
        for mistake in facet.mistakes().unwrap_or_default() {
            csv.write_record([
                facet.name(),
                &mistake.source,
                &mistake.row.to_string(),
                mistake.id.as_deref().unwrap_or_default(),
                &mistake.gold.join(separator),
                &mistake.predicted.join(separator),
                mistake.wrong.as_deref().unwrap_or_default(),
                &mistake.probability.to_string(),
                &mistake.text,
                &why(mistake).unwrap_or_default(),
            ])?;
        }
    }
    csv.flush()
}

/// `test.csv row 17 (id x7)`.
pub(super) fn place(mistake: &Mistake) -> String {
    let id = mistake.id.as_ref().map(|id| format!(" (id {})", one_line(id))).unwrap_or_default();
    format!("{} row {}{id}", one_line(&mistake.source), mistake.row)
}

/// `africa, asia → europe`: the labels it has, and the wrong one.
pub(super) fn taken_for(mistake: &Mistake) -> String {
    let gold = if mistake.gold.is_empty() { NO_LABEL.to_owned() } else { one_line(&mistake.gold.join("; ")) };
    format!("{gold} → {}", mistake.wrong.as_deref().map_or_else(|| NO_LABEL.to_owned(), one_line))
}

/// What speaks for the wrong label, in words.
pub(super) fn why(mistake: &Mistake) -> Option<String> {
    let words = because(mistake.explanation.as_ref()?, &mistake.text, "; ");
    (!words.is_empty()).then_some(words)
}

/// The text in a line of this width.
pub(super) fn excerpt(mistake: &Mistake, width: usize) -> String {
    let (start, more) = beginning(&mistake.text, width);
    one_line(start) + more
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn mistakes_have_a_line_each() {
        let mut out = Vec::new();
        write_mistakes(&sample::detailed(), "|", &mut out).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r#"
        facet,source,row,id,gold,predicted,wrong,probability,text,explanation
        topic,test.csv,17,x7,"conflict, war and peace",sport,sport,0.9,"The line was held |
        until dawn, said a spokesman who asked not to be named in this report of events.",
        "#);
    }
}
