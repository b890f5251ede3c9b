//! `wiredesk split`: labelled rows into train and test, row by row as they were.

use std::io::{Read, Write};
use std::path::Path;

use crate::corpus::{CorpusReader, InputFormat, Source, SplitPart, SplitRow, StratifiedSplit};

use super::args::{Global, OnBadRow, Split};
use super::failure::{Failure, say_hint, say_warning};
use super::inputs::{Chunks, groups, read_options};
use super::output::{cannot_write, create};
use super::style::{self, count};

pub fn run(args: &Split, global: &Global) -> Result<(), Failure> {
    let was_there = args.output.exists();
    let done = split(args, global);
    if done.is_err() && !was_there {
        // The folder that this run made, if it is empty; nothing half-done stays.
        let _ = std::fs::remove_dir(&args.output);
    }
    done
}

fn split(args: &Split, global: &Global) -> Result<(), Failure> {
    if args.test <= 0.0 || args.test >= 1.0 {
        return Err(Failure::Usage("--test is a share above 0 and below 1, for instance 0.2".into()));
    }
    let source = Source::parse(args.input.clone());
    let mut options = read_options(&args.rows)?;
    options.keep_columns = args.group.is_some();
    let format = options.format.or(source.format()).filter(|f| f.is_rows()).ok_or_else(|| {
        Failure::Usage(format!(
            "{}: the name does not tell the format; give --input-format csv, tsv, jsonl or fasttext",
            source.name()
        ))
    })?;
    options.format = Some(format);
    let folder = args.output.display();
    if args.output.is_file() {
        return Err(Failure::new(format!(
            "{folder}: is a file where a folder is expected; choose another place with --output"
        )));
    }
    std::fs::create_dir_all(&args.output).map_err(|e| cannot_write(&folder.to_string(), &e))?;
    let extension = match format {
        InputFormat::Tsv => "tsv",
        InputFormat::Jsonl => "jsonl",
        InputFormat::FastText => "txt",
        _ => "csv",
    };
    let place = |part: &str| args.output.join(format!("{part}.{extension}"));
    let (mut train, mut test) = (create(&place("train"))?, create(&place("test"))?);

    // The rows are read twice, once for their labels and once as they stand, so the input is kept in memory.
    let mut text = Vec::new();
    source.open(options.encoding)?.read_to_end(&mut text).map_err(|error| {
        Failure::new(format!(
            "{}: cannot be read ({error}); it may be damaged or incomplete, copy it again",
            source.name()
        ))
    })?;
    // Decoded by now, whatever it was.
    options.encoding = None;
    let reader = CorpusReader::from_bytes(&source.name(), text.clone(), &options)?;
    let mut chunks = Chunks::new(reader, args.rows.on_bad_row, global.quiet);
    let mut rows = Vec::new();
    let mut places = Vec::new();
    loop {
        let chunk = chunks.next_chunk()?;
        if chunk.is_empty() {
            break;
        }
        let groups = groups(&chunk, args.group.as_deref(), rows.is_empty())?;
        for (row, group) in chunk.iter().zip(groups) {
            places.push(row.place.row);
            rows.push(SplitRow::new(row, group));
        }
    }
    chunks.finish()?;
    if rows.is_empty() {
        return Err(Failure::new(format!("{}: no rows to split; the input has a header at most", source.name())));
    }
    let parts = StratifiedSplit { test_share: args.test, seed: args.seed }.parts(&rows);
    let mut part_of = vec![None; places.last().map_or(0, |&row| row as usize)];
    for (&row, &part) in places.iter().zip(&parts) {
        part_of[row as usize - 1] = Some(part);
    }
    debug_assert!(args.rows.on_bad_row == OnBadRow::Skip || part_of.iter().all(Option::is_some));
    match format {
        InputFormat::Csv => copy_separated(&text, b',', &part_of, &mut train, &mut test)?,
        InputFormat::Tsv => copy_separated(&text, b'\t', &part_of, &mut train, &mut test)?,
        _ => copy_lines(&text, format == InputFormat::Jsonl, &part_of, &mut train, &mut test)?,
    }
    let commit = |file: crate::atomic_file::AtomicFile, path: &Path| {
        file.commit().map_err(|e| cannot_write(&path.display().to_string(), &e))
    };
    commit(train, &place("train"))?;
    commit(test, &place("test"))?;
    if !global.quiet {
        let in_test = parts.iter().filter(|&&p| p == SplitPart::Test).count();
        let mut out = style::anstream_stderr();
        writeln!(out, "{}: {}", place("train").display(), count((parts.len() - in_test) as u64, "row"))?;
        writeln!(out, "{}: {}", place("test").display(), count(in_test as u64, "row"))?;
        for (part, rows) in [("train", parts.len() - in_test), ("test", in_test)] {
            if rows == 0 {
                let groups = if args.group.is_some() { ", the groups are too large" } else { "" };
                say_warning(&format!(
                    "{}: has no rows{groups}; give more rows, or another --test share",
                    place(part).display()
                ));
            }
        }
        say_hint(&format!("wiredesk train {} --output my.safetensors", place("train").display()));
    }
    Ok(())
}

/// Records as they stand (quoted anew where needed); the header goes into both parts.
fn copy_separated(
    text: &[u8],
    delimiter: u8,
    part_of: &[Option<SplitPart>],
    train: &mut impl Write,
    test: &mut impl Write,
) -> Result<(), Failure> {
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text);
    let header = reader.byte_headers()?.clone();
    let mut train_rows = csv::WriterBuilder::new().delimiter(delimiter).flexible(true).from_writer(train);
    let mut test_rows = csv::WriterBuilder::new().delimiter(delimiter).flexible(true).from_writer(test);
    train_rows.write_byte_record(&header)?;
    test_rows.write_byte_record(&header)?;
    let mut row = 0;
    for record in reader.byte_records() {
        let record = record?;
        // The corpus reader leaves out lines of blanks only.
        if record.len() == 1 && header.len() > 1 && record[0].iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        match part_of.get(row).copied().flatten() {
            Some(SplitPart::Train) => train_rows.write_byte_record(&record)?,
            Some(SplitPart::Test) => test_rows.write_byte_record(&record)?,
            None => {}
        }
        row += 1;
    }
    train_rows.flush()?;
    Ok(test_rows.flush()?)
}

/// Lines as they stand.
fn copy_lines(
    text: &[u8],
    skip_blank: bool,
    part_of: &[Option<SplitPart>],
    train: &mut impl Write,
    test: &mut impl Write,
) -> Result<(), Failure> {
    let mut row = 0;
    for line in text.split_inclusive(|&b| b == b'\n') {
        if skip_blank && line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let end: &[u8] = if line.ends_with(b"\n") { b"" } else { b"\n" };
        let out: &mut dyn Write = match part_of.get(row).copied().flatten() {
            Some(SplitPart::Train) => train,
            Some(SplitPart::Test) => test,
            None => &mut std::io::sink(),
        };
        out.write_all(line)?;
        out.write_all(end)?;
        row += 1;
    }
    Ok(())
}
