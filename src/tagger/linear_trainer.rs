//! Training of linear models: the rows are kept, not only their sums.

use rayon::prelude::*;

use linfa::ParamGuard;

use crate::bayes::nbsvm::{NbSvm, NbSvmParams, OutOfFold, Problem};
use crate::corpus::LabelSet;
use crate::features::{BagOfWords, Blocks, Vocabulary};
use crate::places::focus::RegionReport;

use super::country_trainer::{CountryProblem, CountryRows};
use super::facet::{Classifier, FacetRows};
use super::trainer::SortedFacet;
use super::{EmptyCells, Facet, FacetSettings, TrainError};

/// Up to this many rows, sequences of letters are tried as features, and kept by each facet where out-of-fold likelihood
/// is better with them: with few rows, or many forms of a word, words alone are too rare to learn from.
pub(super) const CHARACTER_ROWS: usize = 4000;

/// Rows of (provisional column, count), eight bytes a non-zero count.
#[derive(Debug, Default)]
pub(super) struct KeptRows {
    ends: Vec<usize>,
    cells: Vec<(u32, u32)>,
    /// Per row, a hash of its words: an order of the rows that depends on nothing else.
    keys: Vec<[u8; 16]>,
}

impl KeptRows {
    /// Adds a row.
    pub fn push(&mut self, row: &[(u32, u32)], key: [u8; 16]) {
        self.keys.push(key);
        self.cells.extend_from_slice(row);
        self.ends.push(self.cells.len());
    }

    /// The rows over final columns: `columns[provisional]`.
    fn into_bag(mut self, columns: &[u32], blocks: &Blocks) -> BagOfWords {
        let mut bag = BagOfWords::new(blocks.clone());
        let mut start = 0;
        for &end in &self.ends {
            let row = &mut self.cells[start..end];
            row.iter_mut().for_each(|(column, _)| *column = columns[*column as usize]);
            row.sort_unstable();
            bag.push(row.iter().copied());
            start = end;
        }
        bag
    }
}

/// Facets, the vocabulary that they need, and what out-of-fold answers say of each.
pub(super) struct Fitted {
    pub facets: Vec<Facet>,
    pub vocabulary: Vocabulary,
    pub out_of_fold: Vec<(String, OutOfFold)>,
    pub countries: Vec<(String, RegionReport)>,
}

/// Fits all facets; the vocabulary that comes back holds the features that one of them uses.
pub(super) fn fit(
    facets: Vec<SortedFacet>,
    mut kept: KeptRows,
    countries: Option<&CountryRows>,
    vocabulary: &Vocabulary,
    columns: &[u32],
    params: NbSvmParams,
) -> Result<Fitted, TrainError> {
    let keys = std::mem::take(&mut kept.keys);
    let rows = keys.len();
    let bag = kept.into_bag(columns, vocabulary.blocks());
    let try_characters = vocabulary.has_characters() && rows <= CHARACTER_ROWS;
    let rows = Rows { bag, keys, try_characters, countries, params };
    let fitted: Vec<FittedFacet> = facets.into_par_iter().map(|facet| rows.fit(facet)).collect::<Result<_, _>>()?;
    let mut keep = vec![false; vocabulary.n_features() as usize];
    for facet in &fitted {
        let words = match &facet.classifier {
            Classifier::NbSvm(model) => model.as_ref(),
            Classifier::Countries(model) => model.words(),
            Classifier::NaiveBayes(_) => continue,
        };
        words.parts().design.columns().iter().for_each(|&column| keep[column as usize] = true);
    }
    let (vocabulary, renumbered) = vocabulary.retain(keep);
    // What is left out has no number, and no design asks for it.
    let renumbered: Vec<u32> = renumbered.into_iter().map(|column| column.unwrap_or(u32::MAX)).collect();
    let mut all = Fitted { facets: Vec::new(), vocabulary, out_of_fold: Vec::new(), countries: Vec::new() };
    for FittedFacet { name, labels, settings, rows, classifier, report } in fitted {
        match report {
            Report::OutOfFold(report) => all.out_of_fold.extend(report.map(|report| (name.clone(), report))),
            Report::Countries(report) => all.countries.push((name.clone(), report)),
        }
        let renumber = |model: NbSvm| model.renumbered(&renumbered, all.vocabulary.blocks());
        let classifier = match classifier {
            Classifier::NbSvm(model) => Classifier::NbSvm(Box::new(renumber(*model))),
            Classifier::Countries(model) => Classifier::Countries(Box::new(model.with_words(renumber))),
            counts @ Classifier::NaiveBayes(_) => counts,
        };
        all.facets.push(Facet::new(name, labels, settings, rows, classifier));
    }
    Ok(all)
}

/// All that facets have in common.
struct Rows<'a> {
    bag: BagOfWords,
    keys: Vec<[u8; 16]>,
    try_characters: bool,
    countries: Option<&'a CountryRows>,
    params: NbSvmParams,
}

struct FittedFacet {
    name: String,
    labels: LabelSet,
    settings: FacetSettings,
    rows: FacetRows,
    classifier: Classifier,
    report: Report,
}

enum Report {
    OutOfFold(Option<OutOfFold>),
    Countries(RegionReport),
}

impl Rows<'_> {
    fn fit(&self, mut facet: SortedFacet) -> Result<FittedFacet, TrainError> {
        let of_rows = facet.labels_of_rows();
        let settings = facet.settings;
        let multi_label =
            settings.multi_label || settings.empty == EmptyCells::None || of_rows.iter().any(|labels| labels.len() > 1);
        let empty_counts = multi_label && settings.empty != EmptyCells::Unlabelled;
        let mut rows = FacetRows { by_label: vec![0; facet.labels.len()], ..FacetRows::default() };
        for labels in &of_rows {
            labels.iter().for_each(|&label| rows.by_label[label as usize] += 1);
            match labels.len() {
                0 => rows.empty += 1,
                _ => rows.labelled += 1,
            }
        }
        facet.check_labels(empty_counts && rows.empty > 0)?;
        if let Some(countries) = self.countries.filter(|_| facet.is_countries) {
            let problem = CountryProblem {
                labels: &facet.labels,
                of_rows: &of_rows,
                rows: rows.clone(),
                multi_label,
                empty_counts,
                bag: &self.bag,
                keys: &self.keys,
            };
            if let Some(fitted) = countries.fit(&problem, self.params)? {
                let classifier = Classifier::Countries(Box::new(fitted.model));
                let (labels, rows, report) = (fitted.labels, fitted.rows, Report::Countries(fitted.report));
                return Ok(FittedFacet { name: facet.name, labels, settings, rows, classifier, report });
            }
        }
        let takes_part = |row: usize| empty_counts || !of_rows[row].is_empty();
        let n_labels = facet.labels.len();
        let problem = Problem::new(&self.bag, &of_rows, n_labels, multi_label, Some(&self.keys), takes_part)?;
        let (model, report) = self.fit_problem(&problem)?;
        let (classifier, report) = (Classifier::NbSvm(Box::new(model)), Report::OutOfFold(report));
        Ok(FittedFacet { name: facet.name, labels: facet.labels, settings, rows, classifier, report })
    }

    /// With sequences of letters or without, whichever is more likely out of fold.
    fn fit_problem(&self, problem: &Problem<'_>) -> Result<(NbSvm, Option<OutOfFold>), TrainError> {
        let params = self.params.check()?;
        let without = params.fit_problem(&problem.with_characters(false))?;
        if let Some(plain) = without.1.filter(|_| self.try_characters) {
            let with = params.fit_problem(problem)?;
            if with.1.is_some_and(|report| report.log_likelihood > plain.log_likelihood) {
                return Ok(with);
            }
        }
        Ok(without)
    }
}
