//! Predictions in columns or keys: CSV, TSV, JSON lines.

use serde_json::Value;

use super::{Answer, OTHER_NAMES, PredictionError, PredictionOptions};
use crate::corpus::jsonl::labels_of;
use crate::corpus::{CorpusReader, InputFormat, ReadOptions, Row, Source};

pub(super) fn read(
    source: &Source,
    format: InputFormat,
    options: &PredictionOptions,
) -> Result<(Vec<Answer>, Vec<bool>), PredictionError> {
    let read_options = ReadOptions {
        format: Some(format),
        text_columns: Vec::new(),
        facets: Some(Vec::new()),
        keep_columns: true,
        encoding: options.encoding,
        ..ReadOptions::default()
    };
    // A file of JSON lines has no header: which of the names is the right one shows at its end.
    let mut names: Vec<&str> = options.facets.iter().map(String::as_str).collect();
    if names.len() == 1 {
        names.extend(OTHER_NAMES.iter().filter(|name| **name != options.facets[0]));
    }
    let mut found = vec![false; names.len()];
    let mut rows: Vec<(Answer, Vec<Option<Vec<String>>>)> = Vec::new();
    for row in CorpusReader::open(source, &read_options)? {
        let row = row?;
        if rows.is_empty() {
            distinct_columns(&row, source, &names)?;
        }
        let mut cells = Vec::with_capacity(names.len());
        for (name, found) in names.iter().zip(&mut found) {
            let labels = labels_in(&row, name, &options.label_separator)?;
            *found |= labels.is_some();
            cells.push(labels);
        }
        let id = options.id_column.as_deref().and_then(|column| id_in(&row, column));
        let answer = Answer { line: row.place.line, id, row: own_number(&row), labels: Vec::new(), used: false };
        rows.push((answer, cells));
    }
    let facets = options.facets.len();
    let other = (facets == 1 && !found[0]).then(|| found.iter().position(|&found| found)).flatten();
    let column = |facet: usize| other.unwrap_or(facet);
    let has = (0..facets).map(|facet| found[column(facet)]).collect();
    let answers = rows.into_iter().map(|(mut answer, mut cells)| {
        answer.labels = (0..facets).map(|facet| cells[column(facet)].take().unwrap_or_default()).collect();
        answer
    });
    Ok((answers.collect(), has))
}

fn value_in<'r>(row: &'r Row, name: &str) -> Option<&'r Value> {
    row.columns.iter().find(|(column, _)| **column == *name).map(|(_, value)| value)
}

/// The labels of a column, or those under `tags` in the output of `tag`; `None` where the row has neither.
fn labels_in(row: &Row, name: &str, separator: &str) -> Result<Option<Vec<String>>, PredictionError> {
    let wrong = |found| PredictionError::Cell {
        file: row.place.source.clone(),
        line: row.place.line,
        column: name.to_owned(),
        found,
    };
    if let Some(value) = value_in(row, name) {
        return labels_of(Some(value), separator).map(Some).map_err(wrong);
    }
    let Some(tags) = value_in(row, "tags").and_then(|tags| tags.get(name)) else { return Ok(None) };
    let label = |tag: &Value| tag.get("label").and_then(Value::as_str).map(str::to_owned);
    let labels = tags.as_array().and_then(|tags| tags.iter().map(label).collect());
    labels.map(Some).ok_or_else(|| wrong("something else than a list of tags"))
}

/// The value of the id column, or of the column `id` that `tag` writes.
fn id_in(row: &Row, column: &str) -> Option<String> {
    match value_in(row, column).or_else(|| value_in(row, "id"))? {
        Value::String(id) => Some(id.clone()),
        value @ (Value::Number(_) | Value::Bool(_)) => Some(value.to_string()),
        _ => None,
    }
}

/// The number of the row in the output of `tag`, which also names the source; a `row` of others may count from
/// anywhere.
fn own_number(row: &Row) -> Option<u64> {
    value_in(row, "source")?;
    match value_in(row, "row")? {
        Value::String(number) => number.parse().ok(),
        value => value.as_u64(),
    }
}

/// Of two columns of one name nobody knows which is meant.
fn distinct_columns(row: &Row, source: &Source, wanted: &[&str]) -> Result<(), PredictionError> {
    for &name in wanted {
        let times = row.columns.iter().filter(|(column, _)| **column == *name).count();
        if times > 1 {
            return Err(PredictionError::RepeatedColumn { file: source.name(), column: name.to_owned(), times });
        }
    }
    Ok(())
}
