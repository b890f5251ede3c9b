//! Tagged paragraphs, articles and rows as records for programs: JSON, JSON lines, CSV. Shapes in `docs/formats.md`.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::Write;
use std::sync::Arc;

use serde_json::Value;

use crate::corpus::Row;
use crate::records::{By, Record, ShownTag, json, rounded};
use crate::tagger::Tagger;

use super::explanation::because;
use super::failure::{Failure, say_warning};
use super::output::Output;

/// Appends the bytes of a record.
pub type Encoder = fn(&Record<'_>, &mut Vec<u8>) -> Result<(), Failure>;

/// Takes records in order.
pub trait Records {
    /// An article begins; only what people read cares.
    fn begin_article(&mut self, _source: &str, _model: &str) -> Result<(), Failure> {
        Ok(())
    }

    /// Rows begin, here is the first that could be read; only tables, whose columns are the same in all rows, care.
    fn begin_rows(&mut self, _first: Option<&Row>) -> Result<(), Failure> {
        Ok(())
    }

    /// One record.
    fn write(&mut self, record: &Record<'_>) -> Result<(), Failure>;

    /// How records become bytes, where each does by itself: so threads can do it that have no output.
    fn encoder(&self) -> Option<Encoder> {
        None
    }

    /// Records that were encoded, one after another.
    fn write_encoded(&mut self, _records: &[u8]) -> Result<(), Failure> {
        Ok(())
    }

    /// No more records.
    fn finish(self: Box<Self>) -> Result<(), Failure>;
}

/// One JSON object a record: on a line each, or in one array.
pub struct JsonRecords {
    out: Output,
    in_array: bool,
    first: bool,
}

impl JsonRecords {
    /// One object a line.
    pub fn lines(out: Output) -> Self {
        JsonRecords { out, in_array: false, first: true }
    }

    /// One array.
    pub fn array(out: Output) -> Self {
        JsonRecords { out, in_array: true, first: true }
    }
}

fn encode_line(record: &Record<'_>, bytes: &mut Vec<u8>) -> Result<(), Failure> {
    Ok(json::line(record, bytes)?)
}

fn encode_element(record: &Record<'_>, bytes: &mut Vec<u8>) -> Result<(), Failure> {
    Ok(json::element(record, bytes)?)
}

impl Records for JsonRecords {
    fn write(&mut self, record: &Record<'_>) -> Result<(), Failure> {
        let mut bytes = Vec::new();
        let encode = if self.in_array { encode_element } else { encode_line };
        encode(record, &mut bytes)?;
        self.write_encoded(&bytes)
    }

    fn encoder(&self) -> Option<Encoder> {
        Some(if self.in_array { encode_element } else { encode_line })
    }

    fn write_encoded(&mut self, mut records: &[u8]) -> Result<(), Failure> {
        if self.in_array && self.first && !records.is_empty() {
            self.out.write_all(json::BEGIN)?;
            records = records.strip_prefix(json::NEXT).unwrap_or(records);
        }
        self.first &= records.is_empty();
        self.out.write_all(records)?;
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<(), Failure> {
        if self.in_array {
            self.out.write_all(if self.first { json::EMPTY } else { json::END })?;
        }
        self.out.finish()
    }
}

/// One row a record; per facet the labels and their probabilities, joined by the label separator.
pub struct CsvRecords {
    writer: csv::Writer<Output>,
    facets: Vec<String>,
    by: By,
    explains: bool,
    separator: String,
    /// The columns of the input that are passed through: those of the first row.
    kept: Vec<Arc<str>>,
    with_id: bool,
    has_header: bool,
    /// Columns of later rows that the first has not.
    left_out: BTreeSet<Arc<str>>,
    quiet: bool,
}

impl CsvRecords {
    pub fn new(out: Output, tagger: &Tagger, by: By, explains: bool, separator: &str, quiet: bool) -> Self {
        let facets = tagger.facets().iter().map(|f| f.name().to_owned()).collect();
        CsvRecords {
            writer: csv::Writer::from_writer(out),
            facets,
            by,
            explains,
            separator: separator.to_owned(),
            kept: Vec::new(),
            with_id: false,
            has_header: false,
            left_out: BTreeSet::new(),
            quiet,
        }
    }

    /// The header, once; also over no rows at all.
    fn header(&mut self, id: Option<&str>, columns: &[(Arc<str>, Value)]) -> Result<(), Failure> {
        if std::mem::replace(&mut self.has_header, true) {
            return Ok(());
        }
        let mut header: Vec<String> = vec!["source".into()];
        let own: &[&str] = match self.by {
            By::Paragraph => &["paragraph", "start", "end", "heading", "text"],
            By::Article => &["paragraphs"],
            By::Row => &["row"],
        };
        header.extend(own.iter().map(|&c| c.to_owned()));
        self.with_id = id.is_some();
        if self.with_id {
            header.push("id".into());
        }
        self.kept = columns.iter().map(|(name, _)| name.clone()).collect();
        if self.by == By::Row {
            header.push("text".into());
        }
        let mut last = Vec::new();
        for facet in &self.facets {
            last.push(facet.clone());
            last.push(format!("{facet}_probability"));
            if self.by == By::Article {
                last.push(format!("{facet}_paragraphs"));
            }
            if self.explains {
                last.push(format!("{facet}_explanation"));
            }
        }
        if self.by == By::Row {
            last.push("error".into());
        }
        // A column of the input that is called like one of ours keeps its values under another name.
        for name in &self.kept {
            let taken = header.iter().chain(&last).any(|h| **h == **name);
            header.push(if taken { format!("input.{name}") } else { name.to_string() });
        }
        header.extend(last);
        self.writer.write_record(&header)?;
        Ok(())
    }
}

impl Records for CsvRecords {
    fn begin_rows(&mut self, first: Option<&Row>) -> Result<(), Failure> {
        self.header(first.and_then(|row| row.id.as_deref()), first.map_or(&[][..], |row| &row.columns[..]))
    }

    fn write(&mut self, record: &Record<'_>) -> Result<(), Failure> {
        self.header(record.id, record.columns)?;
        let mut fields: Vec<Cow<'_, str>> = vec![record.source.clone()];
        match self.by {
            By::Paragraph => {
                let (start, end) = record.span.unwrap_or_default();
                fields.push(record.paragraph.unwrap_or_default().to_string().into());
                fields.extend([
                    Cow::from(start.to_string()),
                    end.to_string().into(),
                    record.heading.to_string().into(),
                ]);
                fields.push(record.text.unwrap_or_default().into());
            }
            By::Article => fields.push(record.paragraphs.unwrap_or_default().to_string().into()),
            By::Row => fields.push(record.row.unwrap_or_default().to_string().into()),
        }
        if self.with_id {
            fields.push(record.id.unwrap_or_default().into());
        }
        if self.by == By::Row {
            fields.push(record.text.unwrap_or_default().into());
        }
        let unknown = record.columns.iter().filter(|(name, _)| !self.kept.contains(name));
        self.left_out.extend(unknown.map(|(name, _)| name.clone()));
        for name in &self.kept {
            let value = record.columns.iter().find(|(n, _)| n == name).map(|(_, value)| value);
            fields.push(match value {
                None | Some(Value::Null) => "".into(),
                Some(Value::String(s)) => s.as_str().into(),
                Some(other) => other.to_string().into(),
            });
        }
        for facet in 0..self.facets.len() {
            let tags = record.tags.get(facet).map_or(&[][..], |(_, tags)| tags);
            let join = |show: &dyn Fn(&ShownTag<'_>) -> String| {
                tags.iter().map(show).collect::<Vec<_>>().join(&self.separator)
            };
            fields.push(join(&|t| t.label.to_owned()).into());
            fields.push(join(&|t| rounded(t.probability).to_string()).into());
            if self.by == By::Article {
                let numbers = |t: &ShownTag<'_>| {
                    t.paragraphs.unwrap_or_default().iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
                };
                fields.push(join(&numbers).into());
            }
            if self.explains {
                let text = record.text.unwrap_or_default();
                let words = |t: &ShownTag<'_>| t.why.map_or_else(String::new, |why| because(why, text, "; "));
                fields.push(join(&words).into());
            }
        }
        if self.by == By::Row {
            fields.push(record.error.unwrap_or_default().into());
        }
        self.writer.write_record(fields.iter().map(|f| f.as_bytes()))?;
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<(), Failure> {
        self.header(None, &[])?;
        if !self.left_out.is_empty() && !self.quiet {
            let names: Vec<&str> = self.left_out.iter().map(|name| &**name).collect();
            say_warning(&format!(
                "left out, because the first row has no such column: {}; --format jsonl keeps all columns",
                names.join(", ")
            ));
        }
        let out =
            self.writer.into_inner().map_err(|e| Failure::Failed(std::io::Error::from(e.error().kind()).into()))?;
        out.finish()
    }
}
