//! What another tool has answered, read from a file: one answer for each row of the input.

mod error;
mod fasttext;
mod table;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::Arc;

use encoding_rs::Encoding;

pub use error::PredictionError;

use super::{InputFormat, Place, Row, Source};

/// Columns that may hold the answers to the only facet there is, when none is called like it.
const OTHER_NAMES: [&str; 3] = ["prediction", "predicted", "label"];

/// How a file of predictions is read.
///
/// | Name | Default | Purpose |
/// |---|---|---|
/// | `facets` | none | facets whose answers are wanted; a column each |
/// | `id_column` | none | column by which answers are matched with rows, where the file has it (or one called `id`) |
/// | `label_separator` | `\|` | between the labels of one cell |
/// | `encoding` | UTF-8 | of the file |
#[derive(Clone, Debug)]
pub struct PredictionOptions {
    /// Facets whose answers are wanted.
    pub facets: Vec<String>,
    /// The column that names each row.
    pub id_column: Option<String>,
    /// What separates several labels in one cell.
    pub label_separator: String,
    /// The encoding of the file; `None` is UTF-8, checked.
    pub encoding: Option<&'static Encoding>,
}

impl Default for PredictionOptions {
    fn default() -> Self {
        PredictionOptions { facets: Vec::new(), id_column: None, label_separator: "|".to_owned(), encoding: None }
    }
}

/// Another tool's answers, to be asked row by row in the order of the input.
///
/// | File | Answers |
/// |---|---|
/// | `.csv`, `.tsv`, `.jsonl` | a column or key for each facet; with a single facet also `prediction`, `predicted` or `label`; `tag --format csv` and `jsonl` |
/// | any other name | output of fastText's `predict` and `predict-prob`: `__label__NAME`, maybe with a probability, maybe several |
///
/// Any of them may be packed with gzip or zstd. An empty cell or line is a row without a tag. Answers are matched with
/// rows by their id where the file has ids and [`PredictionOptions::id_column`] asks for it, else by their number. Other
/// columns are passed over, but `row` in the output of `tag` has to agree.
#[derive(Debug)]
pub struct Predictions {
    file: Arc<str>,
    answers: Vec<Answer>,
    /// Per facet, whether the file has answers to it.
    has: Vec<bool>,
    /// Positions by id, where answers are matched by id.
    by_id: Option<HashMap<String, usize>>,
    /// How many rows have been asked for.
    asked: usize,
}

/// The answer to one row.
#[derive(Debug)]
struct Answer {
    line: u64,
    id: Option<String>,
    /// The number of the row by the file's own account.
    row: Option<u64>,
    /// Labels per facet.
    labels: Vec<Vec<String>>,
    used: bool,
}

impl Predictions {
    /// Reads a whole file.
    ///
    /// # Errors
    /// When it cannot be opened or read, a row is broken, an answer is no label, or an id stands twice.
    pub fn read(source: &Source, options: &PredictionOptions) -> Result<Self, PredictionError> {
        let file = source.name();
        let (answers, has) = match source.format() {
            Some(format @ (InputFormat::Csv | InputFormat::Tsv | InputFormat::Jsonl)) => {
                table::read(source, format, options)?
            }
            _ => fasttext::read(source, options)?,
        };
        let mut by_id = None;
        if options.id_column.is_some() && answers.iter().any(|answer| answer.id.is_some()) {
            let mut positions: HashMap<String, usize> = HashMap::with_capacity(answers.len());
            for (position, answer) in answers.iter().enumerate() {
                let Some(id) = answer.id.clone() else {
                    return Err(PredictionError::NoId { file, line: answer.line });
                };
                if let Some(first) = positions.insert(id.clone(), position) {
                    let first = answers[first].line;
                    return Err(PredictionError::RepeatedId { file, line: answer.line, id, first });
                }
            }
            by_id = Some(positions);
        }
        Ok(Predictions { file, answers, has, by_id, asked: 0 })
    }

    /// Whether there are answers to this facet, counted as in [`PredictionOptions::facets`].
    pub fn has(&self, facet: usize) -> bool {
        self.has.get(facet).copied().unwrap_or(false)
    }

    /// The answer to the next row of the input: labels per facet.
    ///
    /// # Errors
    /// When there is none, or the file says that it is another row's.
    pub fn answer(&mut self, row: &Row) -> Result<&[Vec<String>], PredictionError> {
        let position = match &self.by_id {
            Some(positions) => self.position_of(positions, row)?,
            None => self.asked,
        };
        self.asked += 1;
        let Some(answer) = self.answers.get_mut(position) else {
            let (file, place) = (self.file.clone(), row.place.clone());
            return Err(PredictionError::TooFew { file, found: position, place });
        };
        if let Some(found) = answer.row.filter(|&number| self.by_id.is_none() && number != row.place.row) {
            let (file, line, place) = (self.file.clone(), answer.line, row.place.clone());
            return Err(PredictionError::OtherRow { file, line, found, place });
        }
        answer.used = true;
        Ok(&answer.labels)
    }

    fn position_of(&self, positions: &HashMap<String, usize>, row: &Row) -> Result<usize, PredictionError> {
        let (file, place): (Arc<str>, Place) = (self.file.clone(), row.place.clone());
        let Some(id) = &row.id else { return Err(PredictionError::RowWithoutId { place }) };
        match positions.get(id) {
            None => Err(PredictionError::MissingId { file, id: id.clone(), place }),
            Some(&position) if self.answers[position].used => {
                Err(PredictionError::RepeatedRow { id: id.clone(), place, file })
            }
            Some(&position) => Ok(position),
        }
    }

    /// To be called after the last row: every answer has to belong to a row.
    ///
    /// # Errors
    /// When one is left over.
    pub fn finish(&self) -> Result<(), PredictionError> {
        let Some(left) = self.answers.iter().find(|answer| !answer.used) else { return Ok(()) };
        let (file, line) = (self.file.clone(), left.line);
        Err(match &left.id {
            Some(id) if self.by_id.is_some() => PredictionError::UnknownId { file, line, id: id.clone() },
            _ => PredictionError::TooMany { file, line, found: self.answers.len(), expected: self.asked },
        })
    }

    /// All labels that are answers to a facet.
    pub fn labels(&self, facet: usize) -> impl Iterator<Item = &str> {
        self.answers.iter().filter_map(move |answer| answer.labels.get(facet)).flatten().map(String::as_str)
    }
}
