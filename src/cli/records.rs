//! Tagged paragraphs, articles and rows as records for programs: JSON, JSON lines, CSV. Shapes in `docs/formats.md`.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::Write;
use std::sync::Arc;

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

use crate::corpus::{Paragraph, Place, Row};
use crate::places::{Country, groups_of};
use crate::tagger::{ArticleTags, Explanation, ExplanationView, Tagger, Tags};

use super::args::By;
use super::explanation::{Why, because};
use super::failure::{Failure, say_warning};
use super::output::Output;
use super::style::printable;

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

/// A row as read, or what was wrong with it.
pub enum RowKind {
    Good(Box<Row>),
    Bad { place: Place, message: String },
}

impl RowKind {
    /// The row, where it could be read.
    pub fn row(&self) -> Option<&Row> {
        match self {
            RowKind::Good(row) => Some(row),
            RowKind::Bad { .. } => None,
        }
    }

    /// The text to tag; none for a bad row.
    pub fn text(&self) -> &str {
        match self {
            RowKind::Good(row) => &row.text,
            RowKind::Bad { .. } => "",
        }
    }
}

/// One tag as shown.
pub struct ShownTag<'a> {
    pub label: &'a str,
    pub probability: f64,
    /// The probability by the paragraph alone, where its article has a say.
    pub own: Option<f64>,
    /// The country that the label stands for.
    pub country: Option<&'a Country>,
    /// Whether the groups that it belongs to are wanted.
    pub groups: bool,
    /// The paragraphs that carry it, in an article's record.
    pub paragraphs: Option<&'a [usize]>,
    /// What speaks for it, where somebody asked.
    pub why: Option<&'a Explanation>,
    /// Where the text begins in what its places refer to.
    pub offset: usize,
}

/// One record.
#[derive(Default)]
pub struct Record<'a> {
    pub source: Cow<'a, str>,
    pub paragraph: Option<usize>,
    pub paragraphs: Option<usize>,
    pub row: Option<u64>,
    pub span: Option<(usize, usize)>,
    pub heading: bool,
    pub id: Option<&'a str>,
    pub columns: &'a [(Arc<str>, Value)],
    pub text: Option<&'a str>,
    pub tags: Vec<(&'a str, Vec<ShownTag<'a>>)>,
    pub why: Option<&'a Why>,
    pub error: Option<&'a str>,
}

impl<'a> Record<'a> {
    /// Of a paragraph, counted from 1.
    pub fn paragraph(
        source: &'a str,
        number: usize,
        paragraph: &Paragraph,
        text: &'a str,
        tagged: &'a Tagged<'a>,
    ) -> Self {
        Record {
            source: source.into(),
            paragraph: Some(number),
            span: Some((paragraph.start, paragraph.end)),
            heading: paragraph.heading,
            text: Some(text),
            tags: shown(tagged, paragraph.start),
            why: tagged.why.as_ref(),
            ..Record::default()
        }
    }

    /// Of an article.
    pub fn article(source: &'a str, paragraphs: usize, tags: &'a ArticleTags<'a>, groups: bool) -> Self {
        let shown = tags.facets.iter().map(|(facet, tags)| {
            let tags = tags.iter().map(|t| ShownTag {
                label: t.label,
                probability: t.probability,
                own: None,
                country: t.country,
                groups,
                paragraphs: Some(&t.paragraphs),
                why: None,
                offset: 0,
            });
            (*facet, tags.collect())
        });
        Record { source: source.into(), paragraphs: Some(paragraphs), tags: shown.collect(), ..Record::default() }
    }

    /// Of a row.
    pub fn row(row: &'a Row, tagged: &'a Tagged<'a>) -> Self {
        Record {
            source: (&*row.place.source).into(),
            row: Some(row.place.row),
            id: row.id.as_deref(),
            columns: &row.columns,
            text: Some(&row.text),
            tags: shown(tagged, 0),
            why: tagged.why.as_ref(),
            ..Record::default()
        }
    }

    /// Of a row that could not be read.
    pub fn bad_row(place: &'a Place, message: &'a str) -> Self {
        Record { source: (&*place.source).into(), row: Some(place.row), error: Some(message), ..Record::default() }
    }
}

/// The tags of a text, and why, where somebody asked.
pub struct Tagged<'m> {
    pub tags: Tags<'m>,
    pub why: Option<Why>,
    /// Whether the groups of a country are wanted.
    pub groups: bool,
}

fn shown<'a>(tagged: &'a Tagged<'a>, offset: usize) -> Vec<(&'a str, Vec<ShownTag<'a>>)> {
    let facets = tagged.tags.facets.iter().enumerate().map(|(i, facet)| {
        let tags = facet.tags.iter().enumerate().map(|(j, t)| ShownTag {
            label: t.label,
            probability: t.probability,
            own: t.own,
            country: t.country,
            groups: tagged.groups,
            paragraphs: None,
            why: tagged.why.as_ref().and_then(|why| why.tag(i, j)),
            offset,
        });
        (facet.facet, tags.collect())
    });
    facets.collect()
}

/// Four decimals say all that a probability has to say.
fn rounded(probability: f64) -> f64 {
    (probability * 1e4).round() / 1e4
}

/// Key and value pairs as a JSON object in the given order.
struct Object<'a, V>(&'a [(&'a str, V)]);

impl ShownTag<'_> {
    /// The label as people read it: a country's name beside its code.
    pub fn shown_label(&self) -> String {
        match self.country {
            Some(country) if country.name.to_lowercase() != self.label.to_lowercase() => {
                format!("{} {}", printable(self.label), printable(&country.name))
            }
            _ => printable(self.label),
        }
    }
}

impl<V: Serialize> Serialize for Object<'_, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(k, v)| (k, v)))
    }
}

impl Serialize for ShownTag<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("label", self.label)?;
        if let Some(country) = self.country {
            map.serialize_entry("name", &country.name)?;
            map.serialize_entry("ancestors", &country.ancestors().collect::<Vec<_>>())?;
            if self.groups {
                map.serialize_entry("groups", &groups_of(country).collect::<Vec<_>>())?;
            }
        }
        map.serialize_entry("probability", &rounded(self.probability))?;
        if let Some(own) = self.own {
            map.serialize_entry("own", &rounded(own))?;
        }
        if let Some(paragraphs) = self.paragraphs {
            map.serialize_entry("paragraphs", paragraphs)?;
        }
        if let Some(why) = self.why {
            map.serialize_entry("explanation", &ExplanationView { why, offset: self.offset })?;
        }
        map.end()
    }
}

impl Serialize for Record<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("source", &self.source)?;
        if let Some(paragraph) = self.paragraph {
            map.serialize_entry("paragraph", &paragraph)?;
        }
        if let Some(paragraphs) = self.paragraphs {
            map.serialize_entry("paragraphs", &paragraphs)?;
        }
        if let Some(row) = self.row {
            map.serialize_entry("row", &row)?;
        }
        if let Some((start, end)) = self.span {
            map.serialize_entry("start", &start)?;
            map.serialize_entry("end", &end)?;
        }
        if self.heading {
            map.serialize_entry("heading", &true)?;
        }
        if let Some(id) = self.id {
            map.serialize_entry("id", id)?;
        }
        if !self.columns.is_empty() {
            let columns: Vec<(&str, &Value)> = self.columns.iter().map(|(name, value)| (&**name, value)).collect();
            map.serialize_entry("columns", &Object(&columns))?;
        }
        if let Some(text) = self.text {
            map.serialize_entry("text", text)?;
        }
        match self.error {
            Some(error) => map.serialize_entry("error", error)?,
            None => map.serialize_entry("tags", &Object(&self.tags))?,
        }
        map.end()
    }
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
    serde_json::to_writer(&mut *bytes, record)?;
    bytes.push(b'\n');
    Ok(())
}

fn encode_element(record: &Record<'_>, bytes: &mut Vec<u8>) -> Result<(), Failure> {
    bytes.extend_from_slice(NEXT);
    Ok(serde_json::to_writer(bytes, record)?)
}

/// In an array, records begin with what ends those before them.
const NEXT: &[u8] = b",\n";

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
            self.out.write_all(b"[\n")?;
            records = records.strip_prefix(NEXT).unwrap_or(records);
        }
        self.first &= records.is_empty();
        self.out.write_all(records)?;
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<(), Failure> {
        if self.in_array {
            self.out.write_all(if self.first { b"[]\n" } else { b"\n]\n" })?;
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
