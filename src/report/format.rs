//! The formats by name.

use std::fmt;
use std::str::FromStr;

use super::{Csv, Html, Json, Markdown, Report, Table};

/// The formats in which an evaluation can be written; `FromStr` and `Display` use their lower-case names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReportFormat {
    /// Aligned columns for the terminal.
    #[default]
    Table,
    /// One line per label and per average.
    Csv,
    /// Everything, for programs.
    Json,
    /// Tables for documents.
    Markdown,
    /// A page with pictures.
    Html,
}

impl ReportFormat {
    /// Every format, in the order in which help lists them.
    pub const ALL: [ReportFormat; 5] =
        [ReportFormat::Table, ReportFormat::Csv, ReportFormat::Json, ReportFormat::Markdown, ReportFormat::Html];

    /// The name of the format, as on the command line.
    pub fn name(self) -> &'static str {
        match self {
            ReportFormat::Table => "table",
            ReportFormat::Csv => "csv",
            ReportFormat::Json => "json",
            ReportFormat::Markdown => "markdown",
            ReportFormat::Html => "html",
        }
    }

    /// The report of this format. `width` is the terminal's, in columns; only the table minds it.
    pub fn report(self, width: usize) -> Box<dyn Report> {
        match self {
            ReportFormat::Table => Box::new(Table { width }),
            ReportFormat::Csv => Box::new(Csv),
            ReportFormat::Json => Box::new(Json),
            ReportFormat::Markdown => Box::new(Markdown),
            ReportFormat::Html => Box::new(Html),
        }
    }
}

impl fmt::Display for ReportFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for ReportFormat {
    type Err = ReportError;

    fn from_str(name: &str) -> Result<Self, ReportError> {
        let found = ReportFormat::ALL.into_iter().find(|format| format.name() == name);
        found.ok_or_else(|| ReportError::UnknownFormat { found: name.to_owned() })
    }
}

/// What can be wrong with the wish for a report.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ReportError {
    /// There is no such format.
    #[error("unknown report format '{}'; use one of table, csv, json, markdown, html", .found.escape_debug())]
    UnknownFormat {
        /// The name that was given.
        found: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_is_found_by_its_name() {
        for format in ReportFormat::ALL {
            assert_eq!(format.to_string().parse(), Ok(format));
        }
    }

    #[test]
    fn an_unknown_format_names_those_there_are() {
        let message = "xml".parse::<ReportFormat>().unwrap_err().to_string();
        for format in ReportFormat::ALL {
            assert!(message.contains(format.name()), "{message}");
        }
    }
}
