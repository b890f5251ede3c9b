//! JSON lines: one object a line, blank lines skipped.
//!
//! There is no header, so a field that is missing is an empty cell, and only the rows can tell which facets occur:
//! without named facets both default ones are offered. With several text fields those that a row has are joined; a
//! row that has none of them is an error.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::Arc;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

use super::error::excerpt;
use super::row_format::{ID_FLAG, LABEL_FLAG, Lines, RowFormat, TEXT_FLAG};
use super::row_format::{distinct_labels, split_labels};
use super::{CorpusError, FacetColumn, Place, ReadOptions, Row};

/// Names of kept fields that are remembered; more come only from hostile or very odd input.
const MAX_NAMES: usize = 4096;

pub(super) struct Jsonl {
    lines: Lines,
    fields: Fields,
    facets: Vec<FacetColumn>,
    text: Vec<usize>,
    labels: Vec<usize>,
    id: Option<usize>,
    separator: String,
    row: u64,
}

/// The fields of one object: first which are wanted, then their values.
#[derive(Default)]
struct Fields {
    /// The names of the fields that make text, labels and id, each once.
    used: Vec<String>,
    /// Their values in the current row.
    values: Vec<Option<Value>>,
    keep: bool,
    /// The other fields of the current row.
    kept: Vec<(Arc<str>, Value)>,
    /// Each kept name once, with the row in which it last occurred and its position in `kept` there.
    names: HashMap<Arc<str>, (u64, usize)>,
    row: u64,
}

impl Jsonl {
    pub(super) fn new(lines: Lines, options: &ReadOptions) -> Self {
        let facets = options.facets.clone();
        let facets = facets.unwrap_or_else(|| options.default_facets.clone());
        let mut fields = Fields { keep: options.keep_columns, ..Fields::default() };
        let text = options.text_columns.iter().map(|name| fields.slot(name)).collect();
        let labels = facets.iter().map(|facet| fields.slot(&facet.column)).collect();
        let id = options.id_column.as_ref().map(|name| fields.slot(name));
        let separator = options.label_separator.clone();
        Jsonl { lines, fields, facets, text, labels, id, separator, row: 0 }
    }

    fn row(&mut self, place: Place) -> Result<Row, CorpusError> {
        let name = |i: usize| self.fields.used[i].clone();
        let mut labels = Vec::with_capacity(self.labels.len());
        for &i in &self.labels {
            labels.push(labels_of(self.fields.values[i].as_ref(), &self.separator).map_err(|found| {
                let expected = "a string, a number, a list of strings or null";
                CorpusError::FieldType { place: place.clone(), field: name(i), found, expected, flag: LABEL_FLAG }
            })?);
        }
        let id = match self.id.and_then(|i| self.fields.values[i].as_ref().map(|value| (i, value))) {
            None | Some((_, Value::Null)) => None,
            Some((_, Value::String(id))) => Some(id.clone()),
            Some((_, value @ (Value::Number(_) | Value::Bool(_)))) => Some(value.to_string()),
            Some((i, value)) => {
                let (found, expected) = (kind(value), "a string or a number");
                return Err(CorpusError::FieldType { place, field: name(i), found, expected, flag: ID_FLAG });
            }
        };
        let text = match self.text[..] {
            // The usual case moves the text out instead of copying it; nothing reads it afterwards.
            [i] if matches!(self.fields.values[i], Some(Value::String(_))) => match self.fields.values[i].take() {
                Some(Value::String(text)) => text,
                _ => String::new(),
            },
            _ => self.joined_text(&place)?,
        };
        Ok(Row { text, labels, id, columns: std::mem::take(&mut self.fields.kept), place })
    }

    fn joined_text(&self, place: &Place) -> Result<String, CorpusError> {
        let mut text = String::new();
        let mut found_one = self.text.is_empty();
        for &i in &self.text {
            match &self.fields.values[i] {
                None | Some(Value::Null) => {}
                Some(Value::String(part)) => {
                    found_one = true;
                    if !text.is_empty() && !part.is_empty() {
                        text.push('\n');
                    }
                    text.push_str(part);
                }
                Some(value) => {
                    let (place, field) = (place.clone(), self.fields.used[i].clone());
                    let (found, expected) = (kind(value), "a string");
                    return Err(CorpusError::FieldType { place, field, found, expected, flag: TEXT_FLAG });
                }
            }
        }
        if found_one {
            return Ok(text);
        }
        let wanted: Vec<String> = self.text.iter().map(|&i| self.fields.used[i].clone()).collect();
        // Fields that nobody asked for were passed over, but now their names are the way out.
        let fields: BTreeMap<String, IgnoredAny> = serde_json::from_slice(self.lines.current()).unwrap_or_default();
        let fields = fields.into_keys().filter(|name| !wanted.contains(name)).collect();
        Err(CorpusError::MissingText { place: place.clone(), wanted, fields })
    }
}

impl RowFormat for Jsonl {
    fn facets(&self) -> &[FacetColumn] {
        &self.facets
    }

    fn next_row(&mut self) -> Option<Result<Row, CorpusError>> {
        loop {
            let source = self.lines.name().clone();
            let (number, line) = match self.lines.next()? {
                Ok(line) => line,
                Err(error) => return Some(Err(error)),
            };
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            self.row += 1;
            let place = Place { source, row: self.row, line: number };
            self.fields.clear(self.row);
            return Some(match parse(line, &mut self.fields, &place) {
                Ok(()) => self.row(place),
                Err(error) => Err(error),
            });
        }
    }
}

fn parse(line: &[u8], fields: &mut Fields, place: &Place) -> Result<(), CorpusError> {
    let line = std::str::from_utf8(line).map_err(|error| {
        let byte = error.valid_up_to();
        CorpusError::InvalidUtf8 { place: place.clone(), field: "line".to_owned(), byte, found: line[byte] }
    })?;
    if !line.trim_start().starts_with('{') {
        return Err(CorpusError::NotAnObject { place: place.clone(), found: excerpt(line.trim_start()) });
    }
    let mut parser = serde_json::Deserializer::from_str(line);
    let parsed = fields.deserialize(&mut parser).and_then(|()| parser.end());
    parsed.map_err(|error| {
        let problem = error.to_string();
        // The parser sees one line at a time, so its line number says nothing.
        let problem = problem.rsplit_once(" at line ").map_or(problem.as_str(), |(problem, _)| problem).to_owned();
        CorpusError::Json { place: place.clone(), column: error.column(), problem }
    })
}

impl Fields {
    /// The index of a used field, new or known.
    fn slot(&mut self, name: &str) -> usize {
        self.used.iter().position(|used| used == name).unwrap_or_else(|| {
            self.used.push(name.to_owned());
            self.values.push(None);
            self.used.len() - 1
        })
    }

    fn clear(&mut self, row: u64) {
        self.row = row;
        self.values.fill(None);
        self.kept.clear();
        if self.names.len() > MAX_NAMES {
            self.names.clear();
        }
    }

    /// Keeps a field that is neither text, label nor id; of a repeated field the last value counts, as everywhere.
    fn keep(&mut self, name: &str, value: Value) {
        let next = self.kept.len();
        let name = match self.names.get_key_value(name) {
            Some((_, &(row, position))) if row == self.row => {
                self.kept[position].1 = value;
                return;
            }
            Some((known, _)) => known.clone(),
            None => name.into(),
        };
        self.names.insert(name.clone(), (self.row, next));
        self.kept.push((name, value));
    }
}

impl<'de> DeserializeSeed<'de> for &mut Fields {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for &mut Fields {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key_seed(Key(self))? {
            match key {
                Found::Used(i) => self.values[i] = Some(map.next_value()?),
                Found::Other(name) => self.keep(&name, map.next_value()?),
                Found::Ignored => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

/// Looks a key up without copying it.
struct Key<'f>(&'f Fields);

enum Found {
    Used(usize),
    Other(String),
    Ignored,
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = Found;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Found, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = Found;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Found, E> {
        Ok(match self.0.used.iter().position(|used| used == name) {
            Some(i) => Found::Used(i),
            None if self.0.keep => Found::Other(name.to_owned()),
            None => Found::Ignored,
        })
    }
}

/// The labels of a field; the kind of value where it cannot hold labels.
pub(super) fn labels_of(value: Option<&Value>, separator: &str) -> Result<Vec<String>, &'static str> {
    match value {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::String(cell)) => Ok(split_labels(cell, separator)),
        Some(value @ (Value::Number(_) | Value::Bool(_))) => Ok(vec![value.to_string()]),
        Some(Value::Array(items)) => {
            let labels = items.iter().map(|item| item.as_str().ok_or("a list that holds something else than strings"));
            Ok(distinct_labels(labels.collect::<Result<Vec<&str>, _>>()?))
        }
        Some(value @ Value::Object(_)) => Err(kind(value)),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
#[path = "jsonl_tests.rs"]
mod tests;
