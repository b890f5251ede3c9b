//! `wiredesk train`: labelled rows in, model file out.

use std::io::Write;

use crate::bayes::Smoothing;
use crate::corpus::{CorpusReader, InputFormat};
use crate::features::FeatureSettings;
use crate::tagger::{EmptyCells, ModelCard, PriorChoice, Tagger, TrainError, TrainOptions, Trainer, TrainingSummary};

use super::args::{Estimator, Global, Train};
use super::failure::{Failure, say_hint, say_warning};
use super::inputs::{Chunks, read_options, sources};
use super::output::{cannot_write, create};
use super::prior_file;
use super::progress::Progress;
use super::style::{self, count, thousands};

pub fn run(args: &Train, global: &Global) -> Result<(), Failure> {
    let mut progress = Progress::new("learning from", global);
    // The output first: a place that cannot be written is found before the work.
    let mut file = create(&args.output)?;
    let card = args.card.as_ref().map(|path| {
        let read = std::fs::read_to_string(path).map(ModelCard::new);
        read.map_err(|e| Failure::new(format!("{}: the card cannot be read: {e}", path.display())))
    });
    let card = card.transpose()?.unwrap_or_default();
    let mut options = read_options(&args.rows)?;
    options.plain_format = Some(InputFormat::FastText);
    let reader = CorpusReader::chain(&sources(&args.inputs), &options)?;
    let facets = reader.facets().to_vec();
    let mut trainer = Trainer::new(train_options(args, card, &facets)?, &facets).map_err(usage)?;
    let mut chunks = Chunks::new(reader, args.rows.on_bad_row, global.quiet);
    loop {
        let rows = chunks.next_chunk()?;
        if rows.is_empty() {
            break;
        }
        trainer.add(&rows)?;
        progress.update(chunks.reader());
    }
    chunks.finish()?;
    let (tagger, summary) = trainer.finish()?;
    let bytes = tagger.to_bytes()?;
    let name = args.output.display().to_string();
    file.write_all(&bytes).and_then(|()| file.commit()).map_err(|e| cannot_write(&name, &e))?;
    progress.finish();
    if !global.quiet {
        say_summary(args, &tagger, &summary, bytes.len(), progress.seconds())?;
    }
    Ok(())
}

fn train_options(args: &Train, card: ModelCard, facets: &[String]) -> Result<TrainOptions, Failure> {
    if args.estimator == Estimator::Complement && args.prior.is_some() {
        return Err(Failure::Usage(
            "--prior has no effect on the complement estimator, which ignores priors; leave it out or use --estimator multinomial".into(),
        ));
    }
    if args.estimator == Estimator::Complement && args.jelinek_mercer.is_some() {
        return Err(Failure::Usage("--jelinek-mercer goes with --estimator multinomial".into()));
    }
    Ok(TrainOptions {
        features: FeatureSettings { ngrams: args.ngrams, prefixes: !args.no_prefixes },
        estimator: args.estimator.into(),
        smoothing: match args.jelinek_mercer {
            Some(share) => Smoothing::JelinekMercer(share),
            None => Smoothing::Lidstone(args.alpha.unwrap_or(0.3)),
        },
        prior: args.prior.as_deref().map_or(Ok(PriorChoice::Default), |p| prior_file::parse(p, facets))?,
        min_df: args.min_df.get(),
        multi: args.multi.clone(),
        empty: args.empty.map_or(EmptyCells::Auto, EmptyCells::from),
        card,
        // Only what the user named must have labels; the default facets are a guess.
        leave_out_unlabelled: args.rows.label.is_empty(),
    })
}

/// Parameters that are out of range are wrong usage.
fn usage(error: TrainError) -> Failure {
    match error {
        TrainError::Bayes(_) | TrainError::UnknownFacet { .. } => Failure::Usage(error.to_string()),
        other => other.into(),
    }
}

fn say_summary(
    args: &Train,
    tagger: &Tagger,
    summary: &TrainingSummary,
    bytes: usize,
    seconds: f64,
) -> Result<(), Failure> {
    let mut out = style::anstream_stderr();
    let (bold, plain) = (style::HEADING, anstyle::Reset);
    writeln!(out, "{bold}{}{plain}: {} in {seconds:.1} s", args.output.display(), count(summary.rows, "row"))?;
    for facet in tagger.facets() {
        let counts = facet.model().counts();
        let kind = if facet.is_multi_label() { "multi-label" } else { "single-label" };
        let empty = match (counts.empty_rows(), facet.empty_is_none()) {
            (0, _) => String::new(),
            (n, true) => format!(", {} with none of them", count(n, "row")),
            (n, false) => format!(", {} not labelled", count(n, "row")),
        };
        let labels = count(facet.labels().len() as u64, "label");
        let labelled = count(counts.labelled_rows(), "labelled row");
        writeln!(out, "  {:<10} {labels}, {kind}, {labelled}{empty}", facet.name())?;
    }
    let vocabulary = tagger.extractor().vocabulary();
    let words = thousands(vocabulary.n_words().into());
    let features = thousands(vocabulary.n_features().into());
    writeln!(out, "  {:<10} {features} ({words} words)", "features")?;
    writeln!(out, "  {:<10} {:.1} MB, {}", "file", bytes as f64 / 1e6, describe_estimator(args))?;
    if summary.empty_texts > 0 {
        say_warning(&format!("{} without a word", count(summary.empty_texts, "row")));
    }
    for facet in &summary.left_out {
        say_warning(&format!("facet '{facet}' is left out: no row has a label in it"));
    }
    for (facet, labels) in summary.rare_labels.iter().filter(|(_, labels)| !labels.is_empty()) {
        let shown: Vec<&str> = labels.iter().take(5).map(String::as_str).collect();
        let more = if labels.len() > shown.len() { ", …" } else { "" };
        let number = count(labels.len() as u64, "label");
        say_warning(&format!("facet '{facet}': {number} with a single row: {}{more}", shown.join(", ")));
    }
    say_hint(&format!("wiredesk evaluate TEST.csv --model {} says how good it is", args.output.display()));
    Ok(())
}

fn describe_estimator(args: &Train) -> String {
    match (args.estimator, args.jelinek_mercer) {
        (Estimator::Complement, _) => format!("complement naive Bayes, alpha {}", args.alpha.unwrap_or(0.3)),
        (Estimator::Multinomial, None) => format!("multinomial naive Bayes, alpha {}", args.alpha.unwrap_or(0.3)),
        (Estimator::Multinomial, Some(share)) => format!("multinomial naive Bayes, Jelinek-Mercer {share}"),
    }
}
