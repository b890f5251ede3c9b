//! Who is compared: a model that tags the rows, or a file that says what another tool has answered.

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::ValueEnum;
use rayon::prelude::*;

use crate::corpus::{PredictionError, PredictionOptions, Predictions, Row, Source};
use crate::duplicates::{Fingerprint, Letters};
use crate::report::{Entrant, EntrantKind};
use crate::tagger::{Facet, TagOptions, Tagger};

use super::args::{Compare, Global, ModelInput};
use super::failure::Failure;
use super::style::{count, printable, thousands};
use super::{model, trained};

/// A contestant by its name.
pub struct Contestant {
    pub name: String,
    /// The file, as messages name it.
    pub file: String,
    pub kind: Kind,
}

pub enum Kind {
    Model {
        tagger: Box<Tagger>,
        bytes: u64,
        /// Spent on tagging so far.
        seconds: f64,
        /// Spent on training, where it was trained here.
        training: Option<f64>,
        /// Rows that stand in its training word for word.
        seen: u64,
    },
    /// Read once the facets are known.
    Predictions { source: Source, answers: Option<Predictions> },
}

/// What `--model`, `--estimator` and `--predictions` name, the baseline first.
pub fn contestants(args: &Compare, global: &Global) -> Result<Vec<Contestant>, Failure> {
    let found = args.model.len() + args.estimator.len() + args.predictions.len();
    if found < 2 {
        return Err(Failure::Usage(format!(
            "{found} to compare where at least two are expected; name each with --model FILE, with --train ROWS --estimator NAME, or with --predictions FILE for another tool's answers"
        )));
    }
    let mut contestants = Vec::new();
    for text in &args.model {
        let (name, path) = named(text);
        let loaded = model::load(&ModelInput { model: Some(path) })?;
        let tagger = Box::new(loaded.tagger);
        let kind = Kind::Model { tagger, bytes: loaded.bytes, seconds: 0.0, training: None, seen: 0 };
        contestants.push(Contestant { name, file: loaded.name, kind });
    }
    for &estimator in &args.estimator {
        let value = estimator.to_possible_value();
        let name = value.map(|value| value.get_name().to_owned()).unwrap_or_default();
        let (tagger, bytes, training) = trained::train(args, estimator, global)?;
        let kind = Kind::Model { tagger: Box::new(tagger), bytes, seconds: 0.0, training: Some(training), seen: 0 };
        contestants.push(Contestant { file: name.clone(), name, kind });
    }
    for text in &args.predictions {
        let (name, path) = named(text);
        let source = Source::parse(path);
        if source == Source::Stdin {
            return Err(Failure::Usage(
                "--predictions - is standard input, whose name tells no format; name a file".into(),
            ));
        }
        contestants.push(Contestant {
            name,
            file: source.name().to_string(),
            kind: Kind::Predictions { source, answers: None },
        });
    }
    for (i, one) in contestants.iter().enumerate() {
        if contestants[..i].iter().any(|other| other.name == one.name) {
            return Err(Failure::Usage(format!(
                "two contestants are called '{}'; give one another name, for instance --model other={}",
                one.name, one.file
            )));
        }
    }
    if let Some(baseline) = &args.baseline {
        let Some(at) = contestants.iter().position(|c| c.name == *baseline) else {
            let names: Vec<&str> = contestants.iter().map(|c| c.name.as_str()).collect();
            return Err(Failure::Usage(format!(
                "--baseline '{baseline}' is none of the contestants: {}; name one of them",
                names.join(", ")
            )));
        };
        contestants[..=at].rotate_right(1);
    }
    Ok(contestants)
}

/// `NAME=FILE`, or a file that is its own name.
fn named(text: &str) -> (String, PathBuf) {
    match text.split_once('=') {
        Some((name, path)) if !name.trim().is_empty() && !Path::new(text).exists() => {
            (name.trim().to_owned(), path.into())
        }
        _ => (text.to_owned(), text.into()),
    }
}

impl Contestant {
    /// The model, if it is one.
    pub fn tagger(&self) -> Option<&Tagger> {
        match &self.kind {
            Kind::Model { tagger, .. } => Some(tagger),
            Kind::Predictions { .. } => None,
        }
    }

    /// The facet of this name, in a model.
    pub fn facet(&self, name: &str) -> Option<&Facet> {
        self.tagger()?.facet(name)
    }

    /// Reads the predictions, if that is what it is.
    pub fn read(&mut self, options: &PredictionOptions) -> Result<(), PredictionError> {
        if let Kind::Predictions { source, answers } = &mut self.kind {
            *answers = Some(Predictions::read(source, options)?);
        }
        Ok(())
    }

    /// Whether it answers a facet, by its name and its position among those wanted.
    pub fn answers(&self, name: &str, position: usize) -> bool {
        match &self.kind {
            Kind::Model { tagger, .. } => tagger.facet(name).is_some(),
            Kind::Predictions { answers, .. } => answers.as_ref().is_some_and(|answers| answers.has(position)),
        }
    }

    /// The labels of each row, per wanted facet; the time that tagging takes is added up.
    pub fn label(&mut self, rows: &[Row], facets: &[String]) -> Result<Vec<Vec<Vec<String>>>, PredictionError> {
        match &mut self.kind {
            Kind::Predictions { answers: None, .. } => Ok(Vec::new()),
            Kind::Predictions { answers: Some(answers), .. } => {
                rows.iter().map(|row| answers.answer(row).map(<[_]>::to_vec)).collect()
            }
            Kind::Model { tagger, seconds, seen, .. } => {
                if let Some(prints) = tagger.fingerprints() {
                    let was_there = |row: &&Row| {
                        Fingerprint::of_letters(&Letters::of(&row.text)).is_some_and(|text| prints.has_text(text))
                    };
                    *seen += rows.par_iter().filter(was_there).count() as u64;
                }
                let texts: Vec<&str> = rows.iter().map(|row| row.text.as_str()).collect();
                let started = Instant::now();
                let analyses = tagger.analyze_all(&texts);
                let options = TagOptions::default();
                let tags: Vec<_> = analyses.iter().map(|analysis| tagger.tags_of(analysis, &options)).collect();
                *seconds += started.elapsed().as_secs_f64();
                let labels = |tags: &crate::tagger::Tags<'_>, facet: &String| {
                    tags.facet(facet).iter().map(|tag| tag.label.to_owned()).collect()
                };
                Ok(tags.iter().map(|tags| facets.iter().map(|facet| labels(tags, facet)).collect()).collect())
            }
        }
    }

    /// To be called after the last row.
    pub fn finish(&self) -> Result<(), PredictionError> {
        match &self.kind {
            Kind::Predictions { answers: Some(answers), .. } => answers.finish(),
            _ => Ok(()),
        }
    }

    /// What one should know of it, after so many rows.
    pub fn warning(&self, rows: u64) -> Option<String> {
        let Kind::Model { seen, .. } = self.kind else { return None };
        (seen > 0).then(|| {
            let (seen, rows, name) = (thousands(seen), count(rows, "row"), printable(&self.name));
            format!(
                "'{name}' was trained on {seen} of {rows}, word for word, so its figures may flatter it; `wiredesk evaluate` tells near copies as well"
            )
        })
    }

    /// What a report says of it, after so many rows.
    pub fn entrant(&self, rows: u64) -> Entrant {
        let name = self.name.clone();
        match &self.kind {
            Kind::Model { bytes, seconds, training, .. } => Entrant {
                name,
                kind: EntrantKind::Model,
                bytes: Some(*bytes),
                rows_per_second: Some(rows as f64 / seconds.max(1e-6)),
                training_seconds: *training,
            },
            Kind::Predictions { .. } => Entrant {
                name,
                kind: EntrantKind::Predictions,
                bytes: None,
                rows_per_second: None,
                training_seconds: None,
            },
        }
    }
}
