//! Tagged rows for reading: a line of tags and the beginning of the text.

use std::io::Write;

use anstyle::Style;

use crate::records::Record;

use super::article_view::{write_because, write_tags};
use super::explanation::highlight;
use super::failure::Failure;
use super::output::Output;
use super::records::Records;
use super::style::{self, printable};

/// Writes rows for people.
pub struct RowView {
    out: Output,
    width: usize,
}

impl RowView {
    pub fn new(out: Output) -> Self {
        RowView { out, width: style::width() }
    }
}

impl Records for RowView {
    fn write(&mut self, record: &Record<'_>) -> Result<(), Failure> {
        let (quiet, error) = (style::QUIET, style::ERROR);
        let number = record.row.unwrap_or_default();
        let id = record.id.map(|id| format!(" {}", printable(id))).unwrap_or_default();
        write!(self.out, "{quiet}{number:>6}{id}{quiet:#}  ")?;
        match record.error {
            Some(message) => writeln!(self.out, "{error}error{error:#} {}", printable(message))?,
            None => {
                write_tags(&mut self.out, &record.tags)?;
                writeln!(self.out)?;
                write_because(&mut self.out, record, "        ", self.width)?;
                let text = record.text.unwrap_or_default();
                let (beginning, more) = style::beginning(text, self.width - 10);
                let shown = match record.why {
                    None => printable(beginning),
                    Some(why) => highlight(why, beginning, text.len() - text.trim_start().len(), Style::new()),
                };
                writeln!(self.out, "        {shown}{more}")?;
            }
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<(), Failure> {
        self.out.finish()
    }
}
