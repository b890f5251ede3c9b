//! A facet of a model and its figures so far.

use std::collections::BTreeSet;

use super::super::{Analysis, AreaLevel, EmptyCells, Facet, Tagger, Tags};
use super::{EvaluationOptions, EvaluationWarning, UnknownFacet};
use crate::corpus::Row;
use crate::evaluate::{Bootstrap, FacetEvaluation, Mistake, Mistakes, Outcome, Outcomes};

/// Contributions in the explanation of a mistake.
const EXPLAINED: usize = 5;

/// A facet of the model and its figures so far.
#[derive(Debug)]
pub(super) struct EvaluatedFacet<'m> {
    facet: &'m Facet,
    /// Position in the model's facets and in the labels of a row.
    index: usize,
    column: usize,
    /// Whether an empty gold cell is an answer.
    empty_is_none: bool,
    outcomes: Outcomes,
    /// Where labels are countries, the same rows by sub-region and by region.
    wider: Option<[Outcomes; 2]>,
    /// The counts of the rows that were not in training, as many as there are outcomes.
    clean: Vec<FacetEvaluation>,
    /// The surest, where they are asked for.
    mistakes: Option<Mistakes>,
    /// Of the labels in one row; memory that is used again.
    probabilities: Vec<(&'m str, f64)>,
    unlabelled: u64,
    with_several: u64,
    /// Gold labels that the model does not have.
    unknown: BTreeSet<String>,
}

impl<'m> EvaluatedFacet<'m> {
    pub(super) fn new(
        tagger: &'m Tagger,
        name: &str,
        column: usize,
        options: &EvaluationOptions,
    ) -> Result<Self, UnknownFacet> {
        let index = tagger.facets().iter().position(|facet| facet.name() == name).ok_or_else(|| {
            let known: Vec<&str> = tagger.facets().iter().map(Facet::name).collect();
            UnknownFacet { name: name.to_owned(), known: known.join(", ") }
        })?;
        let facet = &tagger.facets()[index];
        let empty_is_none = match options.empty {
            EmptyCells::Auto => facet.empty_is_none(),
            empty => empty == EmptyCells::None,
        };
        let level = |level| Outcomes::new(&format!("{name}.{level}"), facet.is_multi_label());
        let wider = facet.as_countries().map(|_| ["subregion", "region"].map(level));
        let outcomes = Outcomes::new(name, facet.is_multi_label());
        let all = std::iter::once(&outcomes).chain(wider.iter().flatten());
        let clean = all.map(|outcomes| FacetEvaluation::new(outcomes.name(), outcomes.multi_label())).collect();
        Ok(EvaluatedFacet {
            facet,
            index,
            column,
            empty_is_none,
            outcomes,
            wider,
            clean,
            mistakes: options.mistakes.map(Mistakes::new),
            probabilities: Vec::new(),
            unlabelled: 0,
            with_several: 0,
            unknown: BTreeSet::new(),
        })
    }

    pub(super) fn name(&self) -> &'m str {
        self.facet.name()
    }

    /// Whether no row has had an answer.
    pub(super) fn is_empty(&self) -> bool {
        self.outcomes.is_empty()
    }

    /// The counts of the rows that were not in training.
    pub(super) fn take_clean(&mut self) -> Vec<FacetEvaluation> {
        std::mem::take(&mut self.clean)
    }

    /// A row with its tags and what they follow from.
    pub(super) fn add(&mut self, row: &Row, group: Option<&str>, leaked: bool, tags: &Tags<'m>, analysis: &Analysis) {
        let gold = &row.labels[self.column];
        if gold.is_empty() && !self.empty_is_none {
            self.unlabelled += 1;
            return;
        }
        self.with_several += u64::from(gold.len() > 1 && !self.facet.is_multi_label());
        let predicted: Vec<&str> = tags.facets[self.index].tags.iter().map(|tag| tag.label).collect();
        let analysis = &analysis.facets[self.index];
        let mut probabilities = std::mem::take(&mut self.probabilities);
        probabilities.clear();
        // Without a known word there is no answer, and so no probability: what the model has then is its prior.
        if analysis.length > 0.0 {
            let labels = self.facet.labels().names().iter().map(String::as_str);
            probabilities.extend(labels.zip(analysis.probabilities.iter().copied()));
        }
        self.count(row, group, leaked, &predicted, &probabilities);
        self.probabilities = probabilities;
    }

    fn count(
        &mut self,
        row: &Row,
        group: Option<&str>,
        leaked: bool,
        predicted: &[&'m str],
        probabilities: &[(&'m str, f64)],
    ) {
        let labels = &row.labels[self.column];
        for label in labels.iter().filter(|label| self.facet.labels().id(label).is_none()) {
            if !self.unknown.contains(label) {
                self.unknown.insert(label.clone());
            }
        }
        let gold: Vec<&str> = labels.iter().map(String::as_str).collect();
        self.outcomes.add(&Outcome { gold: &gold, predicted, probabilities: Some(probabilities), group });
        if !leaked {
            self.clean[0].add(&gold, predicted);
        }
        let levels = [AreaLevel::SubRegion, AreaLevel::Region].into_iter().zip(self.wider.iter_mut().flatten());
        for ((level, outcomes), clean) in levels.zip(&mut self.clean[1..]) {
            let areas = |labels: &[&str]| labels.iter().map(|label| self.facet.area(label, level).to_owned()).collect();
            let [gold, predicted]: [Vec<String>; 2] = [&gold[..], predicted].map(areas);
            let [gold, predicted] = [&gold, &predicted].map(|l| l.iter().map(String::as_str).collect::<Vec<&str>>());
            outcomes.add(&Outcome { gold: &gold, predicted: &predicted, probabilities: None, group });
            if !leaked {
                clean.add(&gold, &predicted);
            }
        }
        let Some(mistakes) = &mut self.mistakes else { return };
        if let Some((wrong, probability)) = Mistake::of(&gold, predicted, probabilities)
            && mistakes.could_keep(probability)
        {
            let owned = |labels: &[&str]| labels.iter().map(|&label| label.to_owned()).collect();
            mistakes.add(Mistake {
                wrong: wrong.map(str::to_owned),
                probability,
                gold: owned(&gold),
                predicted: owned(predicted),
                text: row.text.clone(),
                source: row.place.source.to_string(),
                row: row.place.row,
                id: row.id.clone(),
                explanation: None,
            });
        }
    }

    /// Its figures, and those of wider areas.
    pub(super) fn into_figures(self, tagger: &Tagger) -> impl Iterator<Item = FacetEvaluation> {
        let bootstrap = Bootstrap::default();
        let mut figures = self.outcomes.evaluation(self.facet.labels().names(), &bootstrap);
        if let Some(mistakes) = self.mistakes {
            let mut mistakes = mistakes.into_vec();
            for mistake in &mut mistakes {
                let wrong = mistake.wrong.as_deref();
                let mut why = wrong.and_then(|wrong| tagger.explain(&mistake.text, self.facet.name(), wrong));
                why.iter_mut().for_each(|why| why.contributions.truncate(EXPLAINED));
                mistake.explanation = why;
            }
            figures = figures.with_mistakes(mistakes);
        }
        // Areas have no probabilities of their own.
        let wider = self.wider.into_iter().flatten();
        std::iter::once(figures).chain(wider.map(move |outcomes| outcomes.evaluation::<&str>(&[], &bootstrap)))
    }

    pub(super) fn warnings(&self) -> Vec<EvaluationWarning> {
        let facet = self.name();
        let mut warnings = Vec::new();
        if let Some(example) = self.unknown.first() {
            let known = self.facet.labels().names().first().cloned().unwrap_or_default();
            let (facet, labels, example) = (facet.to_owned(), self.unknown.len() as u64, example.clone());
            warnings.push(EvaluationWarning::UnknownLabels { facet, labels, example, known });
        }
        if self.with_several > 0 {
            warnings.push(EvaluationWarning::SeveralLabels { facet: facet.to_owned(), rows: self.with_several });
        }
        if self.unlabelled > 0 {
            warnings.push(EvaluationWarning::Unlabelled { facet: facet.to_owned(), rows: self.unlabelled });
        }
        warnings
    }
}
