//! One record: what was tagged, and its tags. Its JSON is the shape of `docs/formats.md`.

use std::borrow::Cow;
use std::sync::Arc;

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

use crate::corpus::{Paragraph, Place, Row};
use crate::places::{Country, groups_of};
use crate::tagger::{ArticleTags, Explanation, ExplanationView, Tags};

use super::Why;

/// A row as read, or what was wrong with it.
#[derive(Clone, Debug)]
pub enum RowKind {
    /// A row.
    Good(Box<Row>),
    /// A row that could not be read.
    Bad {
        /// Where it stands.
        place: Place,
        /// What is wrong with it.
        message: String,
    },
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
#[derive(Clone, Debug)]
pub struct ShownTag<'a> {
    /// The label.
    pub label: &'a str,
    /// How sure the model is, 0 to 1.
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

/// One record, to be written out: its JSON has the keys of what it has.
#[derive(Clone, Debug, Default)]
pub struct Record<'a> {
    /// The input, as the user named it.
    pub source: Cow<'a, str>,
    /// Number of the paragraph, from 1.
    pub paragraph: Option<usize>,
    /// How many paragraphs there are, in an article's record.
    pub paragraphs: Option<usize>,
    /// Number of the row, from 1.
    pub row: Option<u64>,
    /// First byte of the paragraph in its article, and the byte after its last.
    pub span: Option<(usize, usize)>,
    /// Whether it is a heading.
    pub heading: bool,
    /// What names the row.
    pub id: Option<&'a str>,
    /// The other columns of the row.
    pub columns: &'a [(Arc<str>, Value)],
    /// The text.
    pub text: Option<&'a str>,
    /// Facet and tags.
    pub tags: Vec<(&'a str, Vec<ShownTag<'a>>)>,
    /// Why, where somebody asked.
    pub why: Option<&'a Why>,
    /// What was wrong, instead of text and tags.
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
#[derive(Debug)]
pub struct Tagged<'m> {
    /// The tags.
    pub tags: Tags<'m>,
    /// What speaks for them.
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
pub(crate) fn rounded(probability: f64) -> f64 {
    (probability * 1e4).round() / 1e4
}

/// Key and value pairs as a JSON object in the given order.
struct Object<'a, V>(&'a [(&'a str, V)]);

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
