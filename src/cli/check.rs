//! `wiredesk check`: what is wrong with labelled rows.

use std::io::Write;

use rayon::prelude::*;

use crate::check::Checker;
use crate::corpus::{InputFormat, Row};

use super::args::{Check, CheckFormat, Global, OnBadRow};
use super::check_view;
use super::failure::Failure;
use super::inputs::{names, open, read_options, sources};
use super::language::language_of;
use super::output::{For, Output};
use super::progress::Progress;

/// Rows that are looked at together.
const CHUNK_ROWS: usize = 4096;
const CHUNK_BYTES: usize = 4 << 20;

pub fn run(args: &Check, global: &Global) -> Result<(), Failure> {
    let mut progress = Progress::new("looking at", global);
    let readers = if args.format == CheckFormat::Text { For::People } else { For::Programs };
    let mut out = Output::open(args.output.as_deref(), readers)?;
    let mut options = read_options(&args.rows)?;
    options.plain_format = Some(InputFormat::FastText);
    let inputs = sources(&args.inputs);
    let mut reader = open(&inputs, &options)?;
    let mut checker = Checker::new(reader.facets(), args.top);
    let mut stopped = false;
    loop {
        let (mut rows, mut bytes): (Vec<Row>, usize) = (Vec::new(), 0);
        let mut more = true;
        while rows.len() < CHUNK_ROWS && bytes < CHUNK_BYTES && more {
            match reader.next() {
                Some(Ok(row)) => {
                    bytes += row.text.len();
                    rows.push(row);
                }
                // A doctor does not stop at the first symptom; after an error that is not about a row nothing follows.
                Some(Err(error)) => {
                    stopped |= !error.is_row();
                    checker.add_unreadable(&error);
                }
                None => more = false,
            }
        }
        let languages: Vec<Option<&'static str>> = rows.par_iter().map(|row| language_of(&row.text)).collect();
        checker.add(&rows, &languages);
        progress.update(&reader);
        if !more {
            break;
        }
    }
    progress.finish();
    if reader.rows_read() == 0 && !stopped {
        return Err(Failure::new(format!("{}: no rows to check; the input has a header at most", names(&inputs))));
    }
    let diagnosis = checker.finish();
    match args.format {
        CheckFormat::Json => {
            serde_json::to_writer_pretty(&mut out, &diagnosis)?;
            writeln!(out)?;
        }
        CheckFormat::Text => check_view::write(&diagnosis, &names(&inputs), &mut out)?,
    }
    out.finish()?;
    let lost = diagnosis.unreadable > 0 && args.rows.on_bad_row == OnBadRow::Error;
    if lost || stopped { Err(Failure::Reported) } else { Ok(()) }
}
