//! `wiredesk learn`, `forget` and `merge`: what can be done with models that are sums over their rows.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::atomic_file::AtomicFile;
use crate::corpus::{FacetColumn, InputFormat, Row};
use crate::tagger::{AdditiveError, AdditiveModel, ModelCard, ModelError, Tagger, Trainer};

use super::args::{Forget, Global, Learn, Merge};
use super::failure::{Failure, say_error, say_hint, say_warning};
use super::inputs::{Chunks, LISTED, each_chunk, open, read_options, sources};
use super::output::{cannot_write, create};
use super::progress::Progress;
use super::style::{self, count, printable, size, thousands};
use super::train::read_card;

/// `learn`.
pub fn learn(args: &Learn, global: &Global) -> Result<(), Failure> {
    let mut change = Change::begin(args, "learning from", global)?;
    let trainer = change.count(|_| true)?;
    let rows = change.rows;
    change.model.learn(&trainer.finish_additive()?).map_err(|e| named(&args.model, &e))?;
    change.end(&format!("{} learnt", count(rows, "row")))
}

/// `forget`.
pub fn forget(args: &Forget, global: &Global) -> Result<(), Failure> {
    let model = &args.change.model;
    let mut change = Change::begin(&args.change, "forgetting", global)?;
    let known = change.model.clone();
    let mut remembered = match known.remembered() {
        Ok(remembered) => Some(remembered),
        Err(_) if args.unchecked => None,
        Err(error) => return Err(named(model, &error)),
    };
    let mut strangers = 0u64;
    let trainer = change.count(|row| {
        let is_known = remembered.as_mut().is_none_or(|remembered| remembered.take(row));
        if !is_known {
            strangers += 1;
            if strangers <= LISTED {
                say_error(&format!(
                    "{}: {} never learnt this row, or not as often as it is to be forgotten; text and labels have to be those of training",
                    row.place,
                    model.display()
                ));
            }
        }
        is_known
    })?;
    if strangers > 0 {
        let (rows, were) = (count(strangers, "row"), if strangers == 1 { "was" } else { "were" });
        say_error(&format!("{rows} {were} never learnt; {} is as it was", model.display()));
        say_hint("leave these rows out, and name columns (--text, --label) as in training");
        return Err(Failure::Reported);
    }
    let rows = change.rows;
    change.model.forget(&trainer.finish_additive()?).map_err(|e| named(model, &e))?;
    change.end(&format!("{} forgotten", count(rows, "row")))
}

/// `merge`.
pub fn merge(args: &Merge, global: &Global) -> Result<(), Failure> {
    let started = Instant::now();
    let file = begin(&args.output)?;
    let card = args.card.as_deref().map(read_card).transpose()?;
    let mut merged: Option<AdditiveModel> = None;
    // One after the other: memory is the result and one part.
    for path in &args.models {
        let mut model = AdditiveModel::load(path).map_err(|e| named(path, &e))?;
        if args.no_fingerprints {
            model = model.without_fingerprints();
        }
        if let Some(card) = &card {
            model = model.with_card(card.clone());
        }
        match &mut merged {
            None => merged = Some(model),
            Some(merged) => merged.merge(&model).map_err(|error| with_first(args, path, &error))?,
        }
    }
    let Some(mut model) = merged else {
        return Err(Failure::Usage("no model to merge; name one or more".into()));
    };
    let done = format!("{} merged", count(args.models.len() as u64, "model"));
    if args.part {
        let bytes = model.to_part_bytes().map_err(|e| named(&args.output, &e))?;
        return write_part(file, &args.output, &model, &bytes, global);
    }
    for facet in model.leave_out_unlabelled() {
        say_warning_unless(global, &format!("facet '{facet}' is left out: no row has a label in it"));
    }
    let tagger = model.into_tagger().map_err(|e| named(&args.output, &e.into()))?;
    write(file, &args.output, &tagger, &done, started, global)
}

/// A part of a model, and what is in it.
pub fn write_part(
    mut file: AtomicFile,
    path: &Path,
    model: &AdditiveModel,
    bytes: &[u8],
    global: &Global,
) -> Result<(), Failure> {
    let name = path.display().to_string();
    file.write_all(bytes).and_then(|()| file.commit()).map_err(|e| cannot_write(&name, &e))?;
    if !global.quiet {
        let mut out = style::anstream_stderr();
        let (bold, plain) = (style::HEADING, anstyle::Reset);
        writeln!(out, "{bold}{name}{plain}: part of a model, {}", size(bytes.len() as u64))?;
        for (facet, labels, labelled, _) in model.facets() {
            let (labels, rows) = (count(labels.len() as u64, "label"), count(labelled, "labelled row"));
            writeln!(out, "  {:<10} {labels}, {rows}", printable(facet))?;
        }
        writeln!(out, "  {:<10} {}", "features", thousands(model.vocabulary().n_features().into()))?;
        say_hint("wiredesk merge PART... --output MODEL puts the parts together");
    }
    Ok(())
}

/// A model about to change.
struct Change<'a> {
    args: &'a Learn,
    global: &'a Global,
    file: AtomicFile,
    output: &'a Path,
    model: AdditiveModel,
    card: Option<ModelCard>,
    progress: Progress,
    started: Instant,
    rows: u64,
}

impl<'a> Change<'a> {
    fn begin(args: &'a Learn, verb: &'static str, global: &'a Global) -> Result<Self, Failure> {
        let output = args.output.as_deref().unwrap_or(&args.model);
        // The output before the model: who else changes the same file waits until then with reading it.
        if !args.model.is_file() {
            let error = std::fs::metadata(&args.model).err().map_or("it is no file".to_owned(), |e| e.to_string());
            return Err(Failure::new(format!(
                "{}: the model file cannot be read: {error}; check the path given with --model",
                args.model.display()
            )));
        }
        let file = begin(output)?;
        let model = AdditiveModel::load(&args.model).map_err(|e| named(&args.model, &e))?;
        let card = args.card.as_deref().map(read_card).transpose()?;
        let progress = Progress::new(verb, global);
        Ok(Change { args, global, file, output, model, card, progress, started: Instant::now(), rows: 0 })
    }

    /// Counts the rows that `takes` does not refuse.
    fn count(&mut self, mut takes: impl FnMut(&Row) -> bool + Send) -> Result<Trainer, Failure> {
        let args = self.args;
        let mut options = read_options(&args.rows)?;
        options.plain_format = Some(InputFormat::FastText);
        options.facets = Some(facet_columns(&self.model, options.facets.as_deref(), &args.model)?);
        let reader = open(&sources(&args.inputs), &options)?;
        let chunks = Chunks::new(reader, args.rows.on_bad_row, self.global.quiet);
        let mut trainer = self.model.trainer().map_err(|e| named(&args.model, &e))?;
        let mut n_rows = 0;
        let add = |rows: &[Row]| {
            n_rows += rows.len() as u64;
            // Without a short cut: each row that is refused has to be named.
            let refused = rows.iter().filter(|row| !takes(row)).count();
            if refused > 0 { Ok(()) } else { Ok(trainer.add(rows)?) }
        };
        each_chunk(chunks, add, Some(&mut self.progress))?;
        self.rows = n_rows;
        Ok(trainer)
    }

    fn end(self, done: &str) -> Result<(), Failure> {
        let Change { args, global, file, output, model, card, mut progress, started, .. } = self;
        let model = match card {
            Some(card) => model.with_card(card),
            None => model,
        };
        progress.finish();
        if model.is_part() {
            let bytes = model.to_part_bytes().map_err(|e| named(output, &e))?;
            return write_part(file, output, &model, &bytes, global);
        }
        let left = |error| {
            Failure::new(format!("{}: of what would be left: {error}; nothing was changed", args.model.display()))
        };
        let tagger = model.into_tagger().map_err(left)?;
        write(file, output, &tagger, done, started, global)
    }
}

fn write(
    mut file: AtomicFile,
    path: &Path,
    tagger: &Tagger,
    done: &str,
    started: Instant,
    global: &Global,
) -> Result<(), Failure> {
    let bytes = tagger.to_bytes()?;
    let name = path.display().to_string();
    file.write_all(&bytes).and_then(|()| file.commit()).map_err(|e| cannot_write(&name, &e))?;
    if !global.quiet {
        let mut out = style::anstream_stderr();
        let (bold, plain) = (style::HEADING, anstyle::Reset);
        writeln!(out, "{bold}{name}{plain}: {done} in {:.1} s", started.elapsed().as_secs_f64())?;
        for facet in tagger.facets() {
            let (labels, rows) = (facet.labels().len() as u64, facet.rows().labelled);
            let (labels, rows) = (count(labels, "label"), count(rows, "labelled row"));
            writeln!(out, "  {:<10} {labels}, {rows}", printable(facet.name()))?;
        }
        let features = tagger.extractor().vocabulary().n_features();
        writeln!(out, "  {:<10} {}", "features", thousands(features.into()))?;
        writeln!(out, "  {:<10} {}", "file", size(bytes.len() as u64))?;
    }
    Ok(())
}

/// The columns of the model's facets: as they are called, or as `--label` says.
fn facet_columns(
    model: &AdditiveModel,
    named: Option<&[FacetColumn]>,
    path: &Path,
) -> Result<Vec<FacetColumn>, Failure> {
    let facets = model.facet_names();
    let named = named.unwrap_or(&[]);
    if let Some(stranger) = named.iter().find(|column| !facets.contains(&column.facet)) {
        return Err(Failure::Usage(format!(
            "--label names facet '{}', but {} has {}; name one of these",
            stranger.facet,
            path.display(),
            facets.join(", ")
        )));
    }
    let column = |facet: String| {
        let asked = named.iter().find(|column| column.facet == facet).cloned();
        asked.unwrap_or_else(|| FacetColumn { column: facet.clone(), facet })
    };
    Ok(facets.into_iter().map(column).collect())
}

fn begin(output: &Path) -> Result<AtomicFile, Failure> {
    if output == Path::new("-") {
        return Err(Failure::Usage(
            "a model goes to a file, not to standard output; name one, for instance --output my.safetensors".into(),
        ));
    }
    create(output)
}

fn named(path: &Path, error: &AdditiveError) -> Failure {
    let way_out = match error {
        AdditiveError::Model(ModelError::Read(_)) => "; check the path",
        _ => "",
    };
    Failure::new(format!("{}: {error}{way_out}", path.display()))
}

/// Two models that do not go together.
fn with_first(args: &Merge, path: &PathBuf, error: &AdditiveError) -> Failure {
    let first = args.models.first().unwrap_or(path);
    Failure::new(format!("{} and {}: {error}", first.display(), path.display()))
}

fn say_warning_unless(global: &Global, message: &str) {
    if !global.quiet {
        say_warning(message);
    }
}
