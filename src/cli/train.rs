//! `wiredesk train`: labelled rows in, model file out.

use std::io::Write;
use std::num::NonZeroU32;
use std::path::Path;

use crate::bayes::nbsvm::NbSvmParams;
use crate::bayes::{self, Smoothing};
use crate::corpus::{InputFormat, Source};
use crate::features::FeatureSettings;
use crate::places::Gazetteer;
use crate::tagger::{
    CountryOptions, EmptyCells, Method, ModelCard, PriorChoice, Tagger, TrainError, TrainOptions, Trainer,
    TrainingSummary,
};

use super::args::{Estimator, Global, Train};
use super::country_labels;
use super::failure::{Failure, say_hint, say_warning};
use super::inputs::{Chunks, names, open, read_options, sources};
use super::model::describe;
use super::output::{cannot_write, create};
use super::prior_file;
use super::progress::Progress;
use super::style::{self, count, printable, size, thousands};

pub fn run(args: &Train, global: &Global) -> Result<(), Failure> {
    if args.output == Path::new("-") {
        return Err(Failure::Usage(
            "a model goes to a file, not to standard output; name one, for instance --output my.safetensors".into(),
        ));
    }
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
    options.labels_needed = !args.places;
    let inputs = sources(&args.inputs);
    let reader = open(&inputs, &options)?;
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
    let (tagger, summary) = trainer.finish().map_err(|error| with_file(&error, args, &inputs))?;
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
    check_flags(args)?;
    let estimator = args.estimator.unwrap_or(Estimator::Nbsvm);
    Ok(TrainOptions {
        features: FeatureSettings { ngrams: args.ngrams, places: args.places, prefixes: !args.no_prefixes },
        method: match estimator {
            Estimator::Nbsvm => {
                let params = NbSvmParams::default().calibrate(!args.no_calibrate).seed(args.seed);
                let max_features = args.max_features.map(Into::into);
                Method::NbSvm(max_features.map_or(params, |n| params.max_features(n)))
            }
            Estimator::Complement => Method::NaiveBayes(bayes::Estimator::Complement),
            Estimator::Multinomial => Method::NaiveBayes(bayes::Estimator::Multinomial),
        },
        smoothing: match args.jelinek_mercer {
            Some(share) => Smoothing::JelinekMercer(share),
            None => Smoothing::Lidstone(args.alpha.unwrap_or(0.3)),
        },
        prior: args.prior.as_deref().map_or(Ok(PriorChoice::Default), |p| prior_file::parse(p, facets))?,
        min_df: args.min_df.map_or(1, NonZeroU32::get),
        multi: args.multi.clone(),
        empty: args.empty.map_or(EmptyCells::Auto, EmptyCells::from),
        countries: country_options(args)?,
        card,
        fingerprints: !args.no_fingerprints,
        // Only what the user named must have labels; the default facets are a guess.
        leave_out_unlabelled: args.rows.label.is_empty(),
    })
}

/// Places are looked at unless the user chose an estimator, which then learns country labels like any others.
fn country_options(args: &Train) -> Result<CountryOptions, Failure> {
    let read = |path: &std::path::PathBuf| {
        let name = path.display().to_string();
        let text = Source::parse(path).read_text(None)?;
        Ok::<_, Failure>((name, text))
    };
    let labels = args.country_labels.as_deref().map(country_labels::read).transpose()?;
    let home = args.home.as_deref().map(|code| {
        let countries = Gazetteer::embedded().map_err(|e| Failure::new(e.to_string()))?;
        countries.code_of_label(code).ok_or_else(|| {
            Failure::Usage(format!(
                "--home is '{code}'; expected an ISO 3166-1 code or an English name, for instance GB"
            ))
        })
    });
    Ok(CountryOptions {
        recognise: args.estimator.is_none(),
        home: home.transpose()?,
        gazetteer: args.gazetteer.as_ref().map(read).transpose()?,
        labels: labels.unwrap_or_default(),
        unlabelled: (args.places && args.estimator.is_none() && !args.no_calibrate).then(|| "region".to_owned()),
    })
}

/// Flags that the estimator would not look at are wrong usage.
fn check_flags(args: &Train) -> Result<(), Failure> {
    let wrong = |message: &str| Err(Failure::Usage(message.into()));
    let estimator = args.estimator.unwrap_or(Estimator::Nbsvm);
    let is_nbsvm = estimator == Estimator::Nbsvm;
    let for_places = args.home.is_some() || (args.gazetteer.is_some() && !args.places) || args.country_labels.is_some();
    if for_places && (args.estimator.is_some() || args.no_calibrate) {
        return wrong(
            "--home, --gazetteer and --country-labels go without --estimator and --no-calibrate: places are looked up by default only",
        );
    }
    match estimator {
        Estimator::Nbsvm if args.alpha.is_some() => {
            wrong("--alpha goes with --estimator complement or multinomial; nbsvm has no such setting")
        }
        Estimator::Nbsvm if args.min_df.is_some() => {
            wrong("--min-df goes with --estimator complement or multinomial; nbsvm chooses its features itself")
        }
        Estimator::Nbsvm if args.prior.is_some() => {
            wrong("--prior goes with --estimator multinomial; nbsvm learns how frequent labels are")
        }
        Estimator::Complement if args.prior.is_some() => wrong(
            "--prior has no effect on the complement estimator, which ignores priors; leave it out or use --estimator multinomial",
        ),
        Estimator::Nbsvm | Estimator::Complement if args.jelinek_mercer.is_some() => {
            wrong("--jelinek-mercer goes with --estimator multinomial")
        }
        _ if args.no_calibrate && !is_nbsvm => wrong("--no-calibrate goes with --estimator nbsvm"),
        _ if args.max_features.is_some() && !is_nbsvm => {
            wrong("--max-features goes with --estimator nbsvm; counts are kept of all")
        }
        _ if args.seed != 0 && !is_nbsvm => wrong("--seed goes with --estimator nbsvm; counting has no chance in it"),
        _ => Ok(()),
    }
}

/// What was wrong with the rows or with the prior, after the name of the file that held them.
fn with_file(error: &TrainError, args: &Train, inputs: &[Source]) -> Failure {
    let file = match (error, &args.prior) {
        (TrainError::PriorLabel { .. } | TrainError::PriorMissing { .. }, Some(file)) => file.clone(),
        _ => names(inputs),
    };
    Failure::new(format!("{file}: {error}"))
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
        let kind = if facet.is_multi_label() { "multi-label" } else { "single-label" };
        let empty = match (facet.rows().empty, facet.empty_is_none()) {
            (0, _) => String::new(),
            (n, true) if facet.rows().labelled > 0 => format!(", {} with none of them", count(n, "row")),
            (n, _) => format!(", {} not labelled", count(n, "row")),
        };
        let labels = count(facet.labels().len() as u64, "label");
        let labelled = count(facet.rows().labelled, "labelled row");
        writeln!(out, "  {:<10} {labels}, {kind}, {labelled}{empty}", printable(facet.name()))?;
    }
    let vocabulary = tagger.extractor().vocabulary();
    let words = thousands(vocabulary.n_words().into());
    let features = thousands(vocabulary.n_features().into());
    writeln!(out, "  {:<10} {features} ({words} words)", "features")?;
    let described = tagger.facets().first().map(describe).unwrap_or_default();
    writeln!(out, "  {:<10} {}, {described}", "file", size(bytes as u64))?;
    say_out_of_fold(&mut out, summary)?;
    say_countries(&mut out, args, summary)?;
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

fn say_countries(out: &mut impl Write, args: &Train, summary: &TrainingSummary) -> Result<(), Failure> {
    for (facet, figures) in &summary.countries {
        let (facet, micro, macro_f1) = (printable(facet), figures.micro_f1, figures.macro_f1);
        writeln!(out, "  {:<10} {facet}: micro-F1 {micro:.3}, macro-F1 {macro_f1:.3}", "out of fold")?;
        writeln!(
            out,
            "  {:<10} {facet}: the labels are countries, so the places that a text names count beside its words",
            "places"
        )?;
    }
    if let Some((facet, rows)) = &summary.by_places {
        writeln!(
            out,
            "  {:<10} {}: no row is labelled, so it is learnt from the countries that {} clearly",
            "places",
            printable(facet),
            if *rows == 1 { "1 row names".to_owned() } else { format!("{} rows name", thousands(*rows)) }
        )?;
    }
    let asked = args.home.is_some() || (args.gazetteer.is_some() && !args.places) || args.country_labels.is_some();
    if summary.countries.is_empty() && summary.by_places.is_none() && asked {
        say_warning(
            "--home, --gazetteer and --country-labels have no effect: no facet has labels that are all countries; name the others in a --country-labels FILE",
        );
    }
    Ok(())
}

/// What training knows about itself: every row judged by a model that has not seen it.
fn say_out_of_fold(out: &mut impl Write, summary: &TrainingSummary) -> Result<(), Failure> {
    for (facet, figures) in &summary.out_of_fold {
        let right = figures.accuracy * 100.0;
        write!(out, "  {:<10} {}: {right:.1} % of rows all right", "out of fold", printable(facet))?;
        if let Some([at80, at90, at95]) = figures.at_coverage.map(|a| a.map(|x| x * 100.0)) {
            write!(out, "; of the surest 80, 90, 95 %: {at80:.1}, {at90:.1}, {at95:.1} %")?;
        }
        writeln!(out, "; log likelihood {:.3}", figures.log_likelihood)?;
    }
    Ok(())
}
