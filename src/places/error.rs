//! What can be wrong with a gazetteer, each said in one line: the place, what was found, what was expected, a way out.

use thiserror::Error;

/// Why a gazetteer could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum GazetteerError {
    /// The first line does not name the columns.
    #[error("{file}:1: the header is {found:?} where {expected:?} is expected; put that line at the top of the file")]
    Header {
        /// The file as the user named it.
        file: String,
        /// The header that stands there.
        found: String,
        /// The header that must stand there.
        expected: &'static str,
    },

    /// A row has more or fewer fields than the header.
    #[error(
        "{file}:{line}: the row has {found} fields where the header has {expected}; quote the fields that hold commas, and keep the empty ones"
    )]
    Ragged {
        /// The file as the user named it.
        file: String,
        /// 1-based line on which the row begins.
        line: u64,
        /// Fields in the row.
        found: usize,
        /// Fields in the header.
        expected: usize,
    },

    /// The file is not valid CSV in UTF-8.
    #[error("{file}:{line}: cannot be read as CSV ({problem}); save it as comma-separated values in UTF-8")]
    Csv {
        /// The file as the user named it.
        file: String,
        /// 1-based line on which reading stopped, 0 where it is not known.
        line: u64,
        /// What the CSV reader said.
        problem: String,
    },

    /// A field holds something that it may not hold.
    #[error("{file}:{line}: field {field:?} is {found:?} where {expected} is expected; {way_out}")]
    Field {
        /// The file as the user named it.
        file: String,
        /// 1-based line on which the row begins.
        line: u64,
        /// The column.
        field: &'static str,
        /// What stands there.
        found: String,
        /// What may stand there, in words.
        expected: &'static str,
        /// What to do about it.
        way_out: &'static str,
    },

    /// A form is in the gazetteer already, with another meaning.
    #[error(
        "{file}:{line}: {form:?} is given to {found} where it belongs to {expected} already; leave the row out, or mark it ~~ to make it a second meaning that needs the support of its own country"
    )]
    OtherMeaning {
        /// The file as the user named it.
        file: String,
        /// 1-based line on which the row begins.
        line: u64,
        /// The form.
        form: String,
        /// What the row says it means.
        found: String,
        /// What it means already.
        expected: String,
    },

    /// A country is listed twice.
    #[error("{file}:{line}: country {code} is listed again where once is expected; remove one of its rows")]
    CountryTwice {
        /// The file as the user named it.
        file: String,
        /// 1-based line of the second row.
        line: u64,
        /// The code.
        code: String,
    },

    /// More entries than the matcher numbers.
    #[error("{file}: holds {found} entries where at most {limit} are read; leave out what the texts do not name")]
    TooMany {
        /// The file as the user named it.
        file: String,
        /// Entries found.
        found: usize,
        /// The most entries that are read.
        limit: usize,
    },
}
