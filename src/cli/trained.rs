//! Contestants that are trained for the comparison, so that the time of training can be compared as well.

use std::time::Instant;

use crate::corpus::InputFormat;
use crate::tagger::{CountryOptions, EmptyCells, Tagger, TrainOptions, Trainer};

use super::args::{Compare, Estimator, Global};
use super::failure::Failure;
use super::inputs::{Chunks, learn, names, open, read_options, sources};
use super::learning::usage;

/// A model by an estimator with its default settings, the size of its file, and the seconds from reading to the last byte.
pub fn train(args: &Compare, estimator: Estimator, global: &Global) -> Result<(Tagger, u64, f64), Failure> {
    let started = Instant::now();
    let mut options = read_options(&args.rows)?;
    options.plain_format = Some(InputFormat::FastText);
    let inputs = sources(&args.train);
    let reader = open(&inputs, &options)?;
    let facets = reader.facets().to_vec();
    let options = TrainOptions {
        method: estimator.method(),
        // As in `train`, naming an estimator means that one and no look at places.
        countries: CountryOptions { recognise: false, ..CountryOptions::default() },
        multi: args.multi.iter().filter(|facet| facets.contains(facet)).cloned().collect(),
        empty: args.empty.map_or(EmptyCells::Auto, EmptyCells::from),
        leave_out_unlabelled: args.rows.label.is_empty(),
        ..TrainOptions::default()
    };
    let mut trainer = Trainer::new(options, &facets).map_err(usage)?;
    learn(Chunks::new(reader, args.rows.on_bad_row, global.quiet), &mut trainer, None)?;
    let trained = trainer.finish();
    let (tagger, _) = trained.map_err(|error| Failure::new(format!("{}: {error}", names(&inputs))))?;
    let bytes = tagger.to_bytes()?.len() as u64;
    Ok((tagger, bytes, started.elapsed().as_secs_f64()))
}
