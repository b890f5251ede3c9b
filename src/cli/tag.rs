//! `wiredesk tag`: articles or rows in, tags out.

use std::ops::Range;
use std::sync::Mutex;

use rayon::prelude::*;

use crate::corpus::{Article, ArticleFormat, CorpusReader, InputFormat, Source};
use crate::features::TokenBuffer;
use crate::records::{By, Record, RequestError, RowKind, TagRequest, Tagged};
use crate::tagger::{Analysis, Rollup, Tagger};

use super::args::{Global, OnBadRow, Tag, TagFormat};
use super::article_view::ArticleView;
use super::failure::{Failure, say_error, say_hint, say_warning};
use super::inputs::{LISTED, open, read_options, sources};
use super::language::LanguageCheck;
use super::model;
use super::output::{For, Output};
use super::progress::Progress;
use super::records::{CsvRecords, Encoder, JsonRecords, Records};
use super::row_view::RowView;
use super::style::count;

/// A chunk of rows ends at this many rows or bytes of text, whichever comes first: memory stays the same however
/// long the input.
const CHUNK_ROWS: usize = 4096;
const CHUNK_BYTES: usize = 1 << 20;
/// As many rows at a time go to a thread.
const PIECE_ROWS: usize = 32;

pub fn run(args: &Tag, global: &Global) -> Result<(), Failure> {
    let inputs = if args.inputs.is_empty() {
        if std::io::IsTerminal::is_terminal(&std::io::stdin()) {
            return Err(Failure::Usage("nothing to tag; name a file, or - for standard input".into()));
        }
        vec!["-".into()]
    } else {
        args.inputs.clone()
    };
    let inputs = sources(&inputs);
    let shapes = inputs.iter().map(|source| Ok((source, shape(source, args)?))).collect::<Result<Vec<_>, Failure>>()?;
    let is_rows = shapes.iter().all(|(_, shape)| shape.is_rows());
    if !is_rows && shapes.iter().any(|(_, shape)| shape.is_rows()) {
        return Err(Failure::Usage("articles and rows cannot be tagged in one run; name them in two".into()));
    }
    let request = request(args);
    request.check(is_rows).map_err(wrong_usage)?;
    let readers = if args.format == TagFormat::Text { For::People } else { For::Programs };
    let output = Output::open(args.output.as_deref(), readers)?;
    let loaded = model::load(&args.model)?;
    let tagger = &loaded.tagger;
    request.check_model(tagger).map_err(wrong_usage)?;
    if args.groups.is_some() && !matches!(args.format, TagFormat::Json | TagFormat::Jsonl) {
        return Err(Failure::Usage("--groups goes with --format jsonl or json".into()));
    }
    let by = request.by.unwrap_or(if is_rows { By::Row } else { By::Paragraph });
    let mut records: Box<dyn Records> = match (args.format, by) {
        (TagFormat::Json, _) => Box::new(JsonRecords::array(output)),
        (TagFormat::Jsonl, _) => Box::new(JsonRecords::lines(output)),
        (TagFormat::Csv, by) => {
            let (explains, separator) = (args.explain.is_some(), &args.rows.label_separator);
            Box::new(CsvRecords::new(output, tagger, by, explains, separator, global.quiet))
        }
        (TagFormat::Text, By::Row) => Box::new(RowView::new(output)),
        (TagFormat::Text, by) => Box::new(ArticleView::new(output, by)),
    };
    let job = Job { tagger, request, by, args, global, model: &loaded.name };
    let bad = if is_rows { job.rows(&inputs, records.as_mut())? } else { job.articles(&shapes, records.as_mut())? };
    records.finish()?;
    if bad == 0 {
        return Ok(());
    }
    match args.rows.on_bad_row {
        OnBadRow::Skip => {
            if !global.quiet {
                say_warning(&format!("{} skipped (--on-bad-row skip)", count(bad, "row")));
            }
            Ok(())
        }
        OnBadRow::Error => {
            let said = if bad == 1 { "its record says why" } else { "their records say why" };
            say_error(&format!("{} could not be read; {said}", count(bad, "row")));
            say_hint("mend the rows, or leave them out with --on-bad-row skip");
            Err(Failure::Reported)
        }
    }
}

/// What the flags ask for.
fn request(args: &Tag) -> TagRequest {
    TagRequest {
        by: args.by.map(Into::into),
        threshold: args.threshold,
        coverage: args.coverage,
        top: args.top.map(Into::into),
        focus: args.focus.map(Into::into),
        groups: args.groups.is_some(),
        context: args.context,
        explain: args.explain.map(Into::into),
    }
}

#[allow(clippy::needless_pass_by_value)]
fn wrong_usage(error: RequestError) -> Failure {
    Failure::Usage(error.to_string())
}

/// What an input is: by the flag, by its name; what says nothing is an article.
fn shape(source: &Source, args: &Tag) -> Result<InputFormat, Failure> {
    let shape = args.rows.input_format.map(InputFormat::from).or(source.format()).unwrap_or(InputFormat::Text);
    if shape == InputFormat::Text && args.rows.input_format.is_none() && source.name().ends_with(".json") {
        return Err(Failure::Usage(format!(
            "{}: is it lines of JSON? then give --input-format jsonl; an array must be turned into lines first",
            source.name()
        )));
    }
    Ok(shape)
}

/// Paragraphs of an article that are held in memory together: a paragraph takes some kilobytes, and a file of many short
/// lines has millions.
const PART: usize = 4096;
/// How far paragraphs are looked at beyond a part. What stands so far away weighs .8²⁵⁶ = 10⁻²⁵ and changes no bit of a mean.
const REACH: usize = 256;

/// An article in parts.
fn parts(n: usize) -> impl Iterator<Item = Range<usize>> {
    (0..n).step_by(PART).map(move |start| start..(start + PART).min(n))
}

/// One run of tagging.
struct Job<'a> {
    tagger: &'a Tagger,
    request: TagRequest,
    by: By,
    args: &'a Tag,
    global: &'a Global,
    model: &'a str,
}

impl Job<'_> {
    /// Articles, one after another.
    fn articles(&self, inputs: &[(&Source, InputFormat)], records: &mut dyn Records) -> Result<u64, Failure> {
        let encoding = read_options(&self.args.rows)?.encoding;
        for (source, shape) in inputs {
            let text = source.read_text(encoding)?;
            let name = source.name();
            let format = if *shape == InputFormat::Markdown { ArticleFormat::Markdown } else { ArticleFormat::Text };
            let article = Article::split(&text, format);
            if article.paragraphs.is_empty() && !self.global.quiet {
                say_warning(&format!("{name}: has no text to tag"));
            }
            self.warn_about_language(&name, &article, &text);
            records.begin_article(&name, self.model)?;
            let mut whole = Rollup::new(self.tagger);
            for part in parts(article.paragraphs.len()) {
                let (number, paragraphs) = (part.start + 1, &article.paragraphs[part.clone()]);
                let analyses = self.analyses(&article, &text, part);
                whole.add(&analyses);
                if self.by == By::Paragraph {
                    let texts: Vec<&str> = paragraphs.iter().map(|p| p.text(&text)).collect();
                    let tagged = self.tagged(&texts, &analyses);
                    for (number, (paragraph, tagged)) in (number..).zip(paragraphs.iter().zip(&tagged)) {
                        records.write(&Record::paragraph(&name, number, paragraph, paragraph.text(&text), tagged))?;
                    }
                }
            }
            if self.by == By::Article || self.args.format == TagFormat::Text {
                let tags = whole.finish(self.request.threshold);
                records.write(&Record::article(&name, article.paragraphs.len(), &tags, self.request.groups))?;
            }
        }
        Ok(0)
    }

    /// What the model makes of some paragraphs of an article, with their neighbours in mind.
    fn analyses(&self, article: &Article, text: &str, part: Range<usize>) -> Vec<Analysis> {
        let around = part.start.saturating_sub(REACH)..(part.end + REACH).min(article.paragraphs.len());
        let texts: Vec<&str> = article.paragraphs[around.clone()].iter().map(|p| p.text(text)).collect();
        let mut analyses = self.tagger.in_context(self.tagger.analyze_all(&texts), self.request.context());
        analyses.truncate(part.end - around.start);
        analyses.split_off(part.start - around.start)
    }

    /// What is said of the paragraphs of an article, on all threads.
    fn tagged(&self, texts: &[&str], analyses: &[Analysis]) -> Vec<Tagged<'_>> {
        texts
            .par_iter()
            .zip(analyses)
            .map(|(text, analysis)| self.request.tagged(self.tagger, text, analysis))
            .collect()
    }

    fn warn_about_language(&self, name: &str, article: &Article, text: &str) {
        if self.global.quiet {
            return;
        }
        let mut language = LanguageCheck::new(self.tagger.card());
        article.paragraphs.iter().for_each(|paragraph| language.add(paragraph.text(text)));
        if let Some(warning) = language.warning(name) {
            say_warning(&warning);
        }
    }

    /// Rows in chunks: memory stays the same however long the input. Gives the number of bad rows.
    fn rows(&self, inputs: &[Source], records: &mut dyn Records) -> Result<u64, Failure> {
        let mut progress = Progress::new("tagging", self.global);
        let mut options = read_options(&self.args.rows)?;
        if options.facets.is_some() {
            return Err(Failure::Usage("--label has no use in tagging; label columns are kept like all others".into()));
        }
        options.facets = Some(Vec::new());
        options.keep_columns = true;
        let mut reader = open(inputs, &options)?;
        let work = RowWork {
            job: self,
            encode: records.encoder(),
            skip: self.args.rows.on_bad_row == OnBadRow::Skip,
            buffers: Mutex::default(),
        };
        let mut bad = 0;
        let mut chunk = next_chunk(&mut reader)?;
        records.begin_rows(chunk.iter().find_map(RowKind::row))?;
        if !self.global.quiet {
            let mut language = LanguageCheck::new(self.tagger.card());
            chunk.iter().take(50).for_each(|row| language.add(row.text()));
            if let Some(warning) = language.warning(&inputs[0].name()) {
                say_warning(&warning);
            }
        }
        while !chunk.is_empty() {
            // One thread reads ahead and then helps the others.
            let (next, pieces) = rayon::join(|| next_chunk(&mut reader), || work.tag(&chunk));
            for (rows, piece) in chunk.chunks(PIECE_ROWS).zip(pieces) {
                bad += self.write_rows(rows, &piece?, bad, records)?;
            }
            progress.update(&reader);
            chunk = next?;
        }
        Ok(bad)
    }

    /// Writes the records of some rows, before which there were `before` bad ones; gives the number of bad ones among them.
    fn write_rows(
        &self,
        rows: &[RowKind],
        piece: &Piece<'_>,
        before: u64,
        records: &mut dyn Records,
    ) -> Result<u64, Failure> {
        let mut bad = 0;
        let skip = self.args.rows.on_bad_row == OnBadRow::Skip;
        for (i, row) in rows.iter().enumerate() {
            if let RowKind::Bad { message, .. } = row {
                bad += 1;
                if skip && before + bad <= LISTED && !self.global.quiet {
                    say_warning(message);
                }
            }
            if let Piece::Tagged(tagged) = piece
                && let Some(record) = record(row, &tagged[i], skip)
            {
                records.write(&record)?;
            }
        }
        if let Piece::Encoded(bytes) = piece {
            records.write_encoded(bytes)?;
        }
        Ok(bad)
    }
}

/// The record of a row; none of one that is skipped.
fn record<'r>(row: &'r RowKind, tagged: &'r Tagged<'r>, skip: bool) -> Option<Record<'r>> {
    match row {
        RowKind::Good(row) => Some(Record::row(row, tagged)),
        RowKind::Bad { .. } if skip => None,
        RowKind::Bad { place, message } => Some(Record::bad_row(place, message)),
    }
}

/// What is done with rows on all threads: tagging, and turning the records into bytes where that can be.
struct RowWork<'a> {
    job: &'a Job<'a>,
    encode: Option<Encoder>,
    skip: bool,
    /// Memory that pieces hand on to one another: one a thread.
    buffers: Mutex<Vec<TokenBuffer>>,
}

/// Some rows, done.
enum Piece<'m> {
    Encoded(Vec<u8>),
    Tagged(Vec<Tagged<'m>>),
}

impl<'a> RowWork<'a> {
    /// The pieces of a chunk, in its order.
    fn tag(&self, chunk: &[RowKind]) -> Vec<Result<Piece<'a>, Failure>> {
        chunk.par_chunks(PIECE_ROWS).map(|rows| self.tag_piece(rows)).collect()
    }

    fn tag_piece(&self, rows: &[RowKind]) -> Result<Piece<'a>, Failure> {
        let mut buffer = self.buffers.lock().ok().and_then(|mut buffers| buffers.pop()).unwrap_or_default();
        let job = self.job;
        let tagged = rows.iter().map(|row| {
            let analysis = job.tagger.analyze_with(row.text(), &mut buffer);
            job.request.tagged(job.tagger, row.text(), &analysis)
        });
        let piece = match self.encode {
            None => Piece::Tagged(tagged.collect()),
            Some(encode) => {
                let mut bytes = Vec::with_capacity(rows.iter().map(|row| row.text().len() + 256).sum());
                for (row, tagged) in rows.iter().zip(tagged) {
                    record(row, &tagged, self.skip).map_or(Ok(()), |record| encode(&record, &mut bytes))?;
                }
                Piece::Encoded(bytes)
            }
        };
        if let Ok(mut buffers) = self.buffers.lock() {
            buffers.push(buffer);
        }
        Ok(piece)
    }
}

/// The next rows, good and bad, in order; empty at the end.
fn next_chunk(reader: &mut CorpusReader) -> Result<Vec<RowKind>, Failure> {
    let mut chunk = Vec::new();
    let mut bytes = 0;
    while chunk.len() < CHUNK_ROWS && bytes < CHUNK_BYTES {
        match reader.next() {
            None => break,
            Some(Ok(row)) => {
                bytes += row.text.len();
                chunk.push(RowKind::Good(Box::new(row)));
            }
            Some(Err(error)) => match error.place() {
                Some(place) if error.is_row() => {
                    chunk.push(RowKind::Bad { place: place.clone(), message: error.to_string() });
                }
                _ => return Err(error.into()),
            },
        }
    }
    Ok(chunk)
}
