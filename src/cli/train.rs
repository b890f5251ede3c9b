//! `wiredesk train`: labelled rows in, model file out.

use std::io::Write;
use std::path::Path;

use crate::corpus::{InputFormat, Source};
use crate::tagger::{ModelCard, Tagger, TrainError, TrainOptions, Trainer, TrainingSummary};

use super::additive::write_part;
use super::args::{Estimator, Global, Train};
use super::failure::{Failure, say_hint, say_warning};
use super::inputs::{Chunks, learn, names, open, read_options, sources};
use super::learning::{Asked, usage};
use super::output::{cannot_write, create};
use super::progress::Progress;
use super::style::{self, count, printable, size, thousands};
use crate::records::describe;

pub fn run(args: &Train, global: &Global) -> Result<(), Failure> {
    if args.output == Path::new("-") {
        return Err(Failure::Usage(
            "a model goes to a file, not to standard output; name one, for instance --output my.safetensors".into(),
        ));
    }
    let mut progress = Progress::new("learning from", global);
    // The output first: a place that cannot be written is found before the work.
    let mut file = create(&args.output)?;
    if args.part {
        check_part(args)?;
    }
    let card = args.card.as_deref().map(read_card).transpose()?.unwrap_or_default();
    let mut options = read_options(&args.rows)?;
    options.plain_format = Some(InputFormat::FastText);
    options.labels_needed = !args.learning.places;
    let inputs = sources(&args.inputs);
    let reader = open(&inputs, &options)?;
    let facets = reader.facets().to_vec();
    let asked =
        Asked { estimator: args.estimator, seed: args.seed, seed_is_for_training: true, learning: &args.learning };
    // Only what the user named must have labels; the default facets are a guess.
    let options = TrainOptions {
        card,
        leave_out_unlabelled: args.rows.label.is_empty(),
        fingerprints: !args.no_fingerprints,
        ..asked.options(&facets)?
    };
    let mut trainer = Trainer::new(options, &facets).map_err(usage)?;
    let chunks = Chunks::new(reader, args.rows.on_bad_row, global.quiet);
    learn(chunks, &mut trainer, Some(&mut progress))?;
    if args.part {
        let part = trainer.finish_additive().map_err(|error| with_file(&error, args, &inputs))?;
        let bytes = part.to_part_bytes()?;
        progress.finish();
        return write_part(file, &args.output, &part, &bytes, global);
    }
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

/// Only sums can be put together, and a part does not know the labels of the others.
fn check_part(args: &Train) -> Result<(), Failure> {
    if !matches!(args.estimator, Some(Estimator::Complement | Estimator::Multinomial)) {
        return Err(Failure::Usage(
            "--part goes with --estimator complement or multinomial, whose counts can be merged".into(),
        ));
    }
    match args.learning.prior.as_deref() {
        None | Some("empirical" | "uniform") => Ok(()),
        Some(file) => Err(Failure::Usage(format!(
            "--part goes without --prior {file}: labels of the other parts are not known yet; leave one of the two out"
        ))),
    }
}

/// The model card in a file.
pub fn read_card(path: &Path) -> Result<ModelCard, Failure> {
    let read = std::fs::read_to_string(path).map(ModelCard::new);
    read.map_err(|e| Failure::new(format!("{}: the card cannot be read: {e}", path.display())))
}

/// What was wrong with the rows or with the prior, after the name of the file that held them.
fn with_file(error: &TrainError, args: &Train, inputs: &[Source]) -> Failure {
    let file = match (error, &args.learning.prior) {
        (TrainError::PriorLabel { .. } | TrainError::PriorMissing { .. }, Some(file)) => file.clone(),
        _ => names(inputs),
    };
    Failure::new(format!("{file}: {error}"))
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
    let asked = args.learning.asks_for_countries();
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
