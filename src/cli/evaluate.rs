//! `wiredesk evaluate`: precision and recall against labelled rows.

use std::path::{Path, PathBuf};

use crate::corpus::{FacetColumn, InputFormat};
use crate::evaluate::{Evaluation, FacetEvaluation};
use crate::report::{ReportFormat, write_mistakes};
use crate::tagger::{EmptyCells, EvaluationOptions, Facet, Leaks, ModelEvaluation};

use super::args::{Evaluate, Global};
use super::failure::{Failure, say_error, say_warning};
use super::inputs::{Chunks, groups, names, open, read_options, sources};
use super::language::LanguageCheck;
use super::leaks;
use super::model;
use super::output::{For, Output};
use super::progress::Progress;
use super::style;

pub fn run(args: &Evaluate, global: &Global) -> Result<(), Failure> {
    let mut progress = Progress::new("evaluating", global);
    check_outputs(args)?;
    let mut out = Output::open(args.output.as_deref(), For::Programs)?;
    let mut errors_out = args.errors_output.as_deref().map(|p| Output::open(Some(p), For::Programs)).transpose()?;
    let loaded = model::load(&args.model)?;
    let tagger = &loaded.tagger;
    let mut options = read_options(&args.rows)?;
    options.plain_format = Some(InputFormat::FastText);
    options.keep_columns = args.group.is_some();
    options.default_facets = tagger.facets().iter().map(|f| FacetColumn::parse(f.name())).collect();
    let inputs = sources(&args.inputs);
    let reader = open(&inputs, &options)?;
    let settings = EvaluationOptions {
        threshold: args.threshold,
        empty: args.empty.map_or(EmptyCells::Auto, EmptyCells::from),
        mistakes: args.errors.map(Into::into),
    };
    let mut rows =
        ModelEvaluation::new(tagger, reader.facets(), settings).map_err(|e| Failure::Usage(e.to_string()))?;
    if args.rows.label.is_empty() && !global.quiet {
        for f in rows.left_out().map(Facet::name) {
            say_warning(&format!(
                "facet '{f}' is not evaluated: there is no such column; name one with --label {f}=COLUMN"
            ));
        }
    }
    leaks::check_known(&loaded, args.deny_leaks, global)?;
    let mut language = LanguageCheck::new(tagger.card());
    let mut chunks = Chunks::new(reader, args.rows.on_bad_row, global.quiet);
    loop {
        let chunk = chunks.next_chunk()?;
        if chunk.is_empty() {
            break;
        }
        chunk.iter().take(50).for_each(|row| language.add(&row.text));
        let groups = groups(&chunk, args.group.as_deref(), rows.rows() == 0)?;
        rows.add(&chunk, &groups);
        progress.update(chunks.reader());
    }
    chunks.finish()?;
    progress.finish();
    if rows.rows() == 0 {
        return Err(Failure::new(format!("{}: no rows to evaluate; the input has a header at most", names(&inputs))));
    }
    if !global.quiet {
        if let Some(warning) = language.warning("the text") {
            say_warning(&warning);
        }
        rows.warnings().iter().for_each(|warning| say_warning(&warning.to_string()));
    }
    let (mut evaluation, leaks) = rows.finish();
    if evaluation.facets.is_empty() {
        return Err(Failure::new(format!(
            "{}: no row has a label to evaluate against; name the label columns with --label FACET=COLUMN",
            names(&inputs)
        )));
    }
    if let Some(errors_out) = &mut errors_out {
        write_mistakes(&evaluation, &args.rows.label_separator, errors_out)?;
        evaluation.facets = evaluation.facets.into_iter().map(FacetEvaluation::without_mistakes).collect();
    }
    Leaks::write(leaks.as_ref(), &evaluation, args.format, style::width(), &mut out)?;
    out.finish()?;
    errors_out.map_or(Ok(()), Output::finish)?;
    let leaks_allowed = leaks::finish(leaks.as_ref(), args.deny_leaks, global);
    gate(&evaluation, args.min_f1)?;
    leaks_allowed
}

/// Figures and mistakes are two tables, and a file holds one.
fn check_outputs(args: &Evaluate) -> Result<(), Failure> {
    if args.errors.is_some() && args.errors_output.is_none() && args.format == ReportFormat::Csv {
        return Err(Failure::Usage(
            "figures and mistakes do not go into one CSV; name a second file with --errors-output errors.csv".into(),
        ));
    }
    let stdout = Path::new("-");
    let same = |errors: &PathBuf| errors == args.output.as_deref().unwrap_or(stdout);
    if args.errors_output.as_ref().is_some_and(same) {
        return Err(Failure::Usage(
            "figures and mistakes would go to the same place; --errors-output needs a file of its own".into(),
        ));
    }
    Ok(())
}

/// Fails when the macro F1 of a facet is below the mark.
pub(super) fn gate(evaluation: &Evaluation, min_f1: Option<f64>) -> Result<(), Failure> {
    let Some(mark) = min_f1 else { return Ok(()) };
    let mut missed = false;
    for facet in &evaluation.facets {
        let f1 = facet.averages().macro_.f1;
        if f1.is_none_or(|f1| f1 < mark) {
            missed = true;
            let found = f1.map_or("undefined".to_owned(), |f| format!("{f:.4}"));
            say_error(&format!("facet '{}': macro F1 is {found}, below --min-f1 {mark}", facet.name()));
        }
    }
    if missed { Err(Failure::Reported) } else { Ok(()) }
}
