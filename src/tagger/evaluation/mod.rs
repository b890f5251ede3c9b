//! A model against labelled rows: fed in chunks, of which only the outcomes are kept.

mod facet;
mod warning;

use rayon::prelude::*;

use self::facet::EvaluatedFacet;
pub use self::warning::EvaluationWarning;
use super::{EmptyCells, Facet, Leak, LeakCounts, LeakGuard, Leaks, TagOptions, Tagger};
use crate::corpus::Row;
use crate::evaluate::Evaluation;

/// How an evaluation reads its rows.
///
/// | Name | Default | Purpose |
/// |---|---|---|
/// | `threshold` | the model's own cuts | only tags at least this probable |
/// | `empty` | as in training | what an empty label cell says |
/// | `mistakes` | none | mistakes to keep of each facet, the surest |
#[derive(Clone, Copy, Debug, Default)]
pub struct EvaluationOptions {
    /// Only tags at least this probable.
    pub threshold: Option<f64>,
    /// What an empty label cell says.
    pub empty: EmptyCells,
    /// Mistakes to keep of each facet.
    pub mistakes: Option<usize>,
}

/// The model has no facet of this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the model has no facet '{name}', only {known}; say which column holds it with --label FACET=COLUMN")]
pub struct UnknownFacet {
    /// What was asked for.
    pub name: String,
    /// What the model has, with commas between.
    pub known: String,
}

/// Outcomes of a model on labelled rows, so far.
///
/// ```
/// use wiredesk::tagger::{EvaluationOptions, ModelEvaluation, Tagger};
/// use wiredesk::{CorpusReader, ReadOptions};
///
/// let model = Tagger::embedded()?;
/// let csv = "text,topic\nA late goal won the match for the home side,sport\n";
/// let reader = CorpusReader::from_bytes("gold.csv", csv, &ReadOptions::default())?;
/// let mut evaluation = ModelEvaluation::new(&model, reader.facets(), EvaluationOptions::default())?;
/// let rows = reader.collect::<Result<Vec<_>, _>>()?;
/// evaluation.add(&rows, &[]);
/// let (figures, leaks) = evaluation.finish();
/// assert_eq!(figures.rows, 1);
/// assert_eq!(leaks.map(|leaks| leaks.counts.rows), Some(1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct ModelEvaluation<'m> {
    tagger: &'m Tagger,
    options: TagOptions,
    facets: Vec<EvaluatedFacet<'m>>,
    /// `None` where the model does not know its training rows.
    guard: Option<LeakGuard<'m>>,
    leaks: LeakCounts,
    rows: u64,
    /// Rows that were not in training.
    clean_rows: u64,
}

impl<'m> ModelEvaluation<'m> {
    /// For rows whose labels are of these facets, in this order.
    ///
    /// # Errors
    /// When the model does not have one of them.
    pub fn new(tagger: &'m Tagger, facets: &[String], options: EvaluationOptions) -> Result<Self, UnknownFacet> {
        let facets = facets.iter().enumerate();
        let facets = facets.map(|(column, name)| EvaluatedFacet::new(tagger, name, column, &options));
        Ok(ModelEvaluation {
            tagger,
            options: TagOptions { threshold: options.threshold, ..TagOptions::default() },
            facets: facets.collect::<Result<_, _>>()?,
            guard: tagger.fingerprints().map(|fingerprints| fingerprints.guard()),
            leaks: LeakCounts::default(),
            rows: 0,
            clean_rows: 0,
        })
    }

    /// Facets of the model that the rows have no labels of.
    pub fn left_out(&self) -> impl Iterator<Item = &'m Facet> {
        let all = self.tagger.facets().iter();
        all.filter(|facet| self.facets.iter().all(|there| there.name() != facet.name()))
    }

    /// Tags rows and counts what came of it; `groups` has a group for each row, or is empty.
    pub fn add(&mut self, rows: &[Row], groups: &[Option<String>]) {
        let leaks = self.look(rows);
        self.rows += rows.len() as u64;
        self.clean_rows += leaks.iter().filter(|leak| !leak.is_leak()).count() as u64;
        let texts: Vec<&str> = rows.iter().map(|row| row.text.as_str()).collect();
        for (i, (row, analysis)) in rows.iter().zip(self.tagger.analyze_all(&texts)).enumerate() {
            let tags = self.tagger.tags_of(&analysis, &self.options);
            let group = groups.get(i).and_then(Option::as_deref);
            for facet in &mut self.facets {
                facet.add(row, group, leaks[i].is_leak(), &tags, &analysis);
            }
        }
    }

    /// Per row, whether it was in training.
    fn look(&mut self, rows: &[Row]) -> Vec<Leak> {
        let Some(guard) = &self.guard else { return vec![Leak::None; rows.len()] };
        let found: Vec<Leak> = rows.par_iter().map(|row| guard.look(&row.text)).collect();
        found.iter().for_each(|&leak| self.leaks.add(leak));
        found
    }

    /// Rows so far.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// What a reader of the figures should know.
    pub fn warnings(&self) -> Vec<EvaluationWarning> {
        self.facets.iter().flat_map(EvaluatedFacet::warnings).collect()
    }

    /// The figures of all facets that a row had an answer for, and what is known of leaks: `None` where the model does
    /// not know its training rows.
    pub fn finish(mut self) -> (Evaluation, Option<Leaks>) {
        // A facet that no row labels has nothing to say: JSON lines have no header that could leave it out.
        self.facets.retain(|facet| !facet.is_empty());
        let without = Evaluation {
            rows: self.clean_rows,
            facets: self.facets.iter_mut().flat_map(EvaluatedFacet::take_clean).collect(),
        };
        let counts = self.leaks;
        let leaks = self.guard.map(|_| Leaks { counts, without: (counts.leaks() > 0).then_some(without) });
        let figures = self.facets.into_iter().flat_map(|facet| facet.into_figures(self.tagger)).collect();
        (Evaluation { rows: self.rows, facets: figures }, leaks)
    }
}
