//! What to read, and from which columns.

use std::path::Path;

use encoding_rs::Encoding;

/// The shape of an input file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputFormat {
    /// Running text: an article, split into paragraphs.
    Text,
    /// Running text in Markdown.
    Markdown,
    /// Comma-separated values with a header (RFC 4180).
    Csv,
    /// Tab-separated values with a header; quoting as in CSV.
    Tsv,
    /// One JSON object a line.
    Jsonl,
    /// fastText lines: `__label__NAME ... text`.
    FastText,
}

impl InputFormat {
    /// By the extension of a file name, looking through `.gz` and `.zst`; `None` where the extension says nothing.
    /// `.txt` says nothing: it is an article to `tag` and fastText lines to `train`.
    pub fn from_path(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_string_lossy().to_lowercase();
        let name = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".zst")).unwrap_or(&name);
        Some(match name.rsplit_once('.')?.1 {
            "csv" => InputFormat::Csv,
            "tsv" | "tab" => InputFormat::Tsv,
            "jsonl" | "ndjson" => InputFormat::Jsonl,
            "md" | "markdown" => InputFormat::Markdown,
            "ft" | "fasttext" => InputFormat::FastText,
            _ => return None,
        })
    }

    /// Whether a file name leaves the shape open on purpose: standard input (`-`) and `.txt`.
    pub(super) fn is_plain(path: &Path) -> bool {
        let name = path.to_string_lossy().to_lowercase();
        let name = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".zst")).unwrap_or(&name);
        name == "-" || name.ends_with(".txt")
    }

    /// Whether each record is a text of its own (and not an article in paragraphs).
    pub fn is_rows(self) -> bool {
        !matches!(self, InputFormat::Text | InputFormat::Markdown)
    }
}

/// One facet and the column that its labels stand in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetColumn {
    /// The facet's name.
    pub facet: String,
    /// The column's name; mostly the same.
    pub column: String,
}

impl FacetColumn {
    /// From `FACET` or `FACET=COLUMN`.
    pub fn parse(text: &str) -> Self {
        let (facet, column) = text.split_once('=').unwrap_or((text, text));
        FacetColumn { facet: facet.trim().to_owned(), column: column.trim().to_owned() }
    }
}

/// How rows are read.
///
/// | Name | Default | Purpose |
/// |---|---|---|
/// | `format` | by extension | the shape of the input |
/// | `plain_format` | none | the shape of standard input and `.txt`, whose names say nothing |
/// | `text_columns` | `text` | columns joined by a newline into the text |
/// | `facets` | the default facets | label columns; `Some(vec![])` reads no labels |
/// | `labels_needed` | yes | whether one of the default label columns has to be there |
/// | `default_facets` | `topic`, `region` | label columns that are read where present, when `facets` names none |
/// | `label_separator` | `\|` | between the labels of one cell |
/// | `id_column` | none | column whose value names the row |
/// | `keep_columns` | no | keep the columns that are neither text, label nor id |
/// | `encoding` | UTF-8 | of the input files |
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// The shape of the input; `None` goes by the extension.
    pub format: Option<InputFormat>,
    /// The shape of standard input and `.txt` files when `format` does not say; `None` is an error there.
    pub plain_format: Option<InputFormat>,
    /// Columns that make the text, joined by a newline.
    pub text_columns: Vec<String>,
    /// Label columns; `None` means the default ones.
    pub facets: Option<Vec<FacetColumn>>,
    /// Label columns that are read where they are present, when `facets` is `None`. Not empty.
    pub default_facets: Vec<FacetColumn>,
    /// Whether one of the default label columns has to be present.
    pub labels_needed: bool,
    /// What separates several labels in one cell.
    pub label_separator: String,
    /// The column that names each row.
    pub id_column: Option<String>,
    /// Whether the remaining columns are kept with the row.
    pub keep_columns: bool,
    /// The encoding of the input; `None` is UTF-8, checked.
    pub encoding: Option<&'static Encoding>,
}

impl Default for ReadOptions {
    fn default() -> Self {
        ReadOptions {
            format: None,
            plain_format: None,
            text_columns: vec!["text".to_owned()],
            facets: None,
            labels_needed: true,
            default_facets: ["topic", "region"].map(FacetColumn::parse).to_vec(),
            label_separator: "|".to_owned(),
            id_column: None,
            keep_columns: false,
            encoding: None,
        }
    }
}
