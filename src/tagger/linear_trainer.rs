//! Training of linear models: the rows are kept, not only their sums.

use rayon::prelude::*;

use linfa::ParamGuard;

use crate::bayes::nbsvm::{NbSvm, NbSvmParams, OutOfFold, Problem};
use crate::corpus::LabelSet;
use crate::features::{BagOfWords, BlockKind, Blocks, Vocabulary};
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

/// No column: no facet asks for the feature.
const NONE: u32 = u32::MAX;

impl KeptRows {
    /// Adds a row.
    pub fn push(&mut self, row: &[(u32, u32)], key: [u8; 16]) {
        self.keys.push(key);
        self.cells.extend_from_slice(row);
        self.ends.push(self.cells.len());
    }

    /// The rows over final columns, `columns[provisional]`, without the features that no facet can use: sequences of words
    /// or letters that are in a single row, and all sequences of letters where they are not tried.
    fn into_bag(mut self, columns: &[u32], blocks: &Blocks, try_characters: bool) -> BagOfWords {
        let columns = self.used(columns, blocks, try_characters);
        let mut end = 0;
        let mut start = 0;
        for row_end in &mut self.ends {
            for i in start..*row_end {
                let (provisional, count) = self.cells[i];
                let column = columns[provisional as usize];
                if column != NONE {
                    self.cells[end] = (column, count);
                    end += 1;
                }
            }
            (start, *row_end) = (*row_end, end);
        }
        self.cells.truncate(end);
        self.cells.shrink_to_fit();
        let mut rows: Vec<&mut [(u32, u32)]> = Vec::with_capacity(self.ends.len());
        let (mut rest, mut start) = (&mut self.cells[..], 0);
        for &end in &self.ends {
            let (row, others) = rest.split_at_mut(end - start);
            rows.push(row);
            (rest, start) = (others, end);
        }
        rows.par_iter_mut().for_each(|row| row.sort_unstable());
        let mut bag = BagOfWords::new(blocks.clone());
        rows.iter().for_each(|row| bag.push(row.iter().copied()));
        bag
    }

    /// The final columns, and [`NONE`] for the features that are not used.
    fn used(&self, columns: &[u32], blocks: &Blocks, try_characters: bool) -> Vec<u32> {
        // One, two, … or 255 rows and more.
        let mut rows = vec![0u8; columns.len()];
        for &(provisional, _) in &self.cells {
            let n = &mut rows[provisional as usize];
            *n = n.saturating_add(1);
        }
        let used = |(&column, &rows): (&u32, &u8)| match blocks.iter().find(|b| column < b.columns.end) {
            Some(block) if block.kind == BlockKind::Characters && !try_characters => NONE,
            Some(block) if block.kind.is_sequence() && rows < 2 => NONE,
            _ => column,
        };
        columns.iter().zip(&rows).map(used).collect()
    }
}

/// Facets, the vocabulary that they need, and what out-of-fold answers say of each.
pub(super) struct Fitted {
    pub facets: Vec<Facet>,
    pub vocabulary: Vocabulary,
    pub out_of_fold: Vec<(String, OutOfFold)>,
    pub countries: Vec<(String, RegionReport)>,
    pub by_places: Option<(String, u64)>,
}

/// Fits all facets, and one of countries that nobody labelled where `by_places` names it; the vocabulary that comes back holds the features that one of them uses.
pub(super) fn fit(
    facets: Vec<SortedFacet>,
    by_places: Option<&str>,
    mut kept: KeptRows,
    countries: Option<&CountryRows>,
    vocabulary: &Vocabulary,
    columns: &[u32],
    params: NbSvmParams,
) -> Result<Fitted, TrainError> {
    let keys = std::mem::take(&mut kept.keys);
    let rows = keys.len();
    let try_characters = vocabulary.has_characters() && rows <= CHARACTER_ROWS;
    let bag = kept.into_bag(columns, vocabulary.blocks(), try_characters);
    let rows = Rows { bag, keys, try_characters, countries, params };
    let mut fitted: Vec<FittedFacet> = facets.into_par_iter().map(|facet| rows.fit(facet)).collect::<Result<_, _>>()?;
    if let (Some(name), Some(countries)) = (by_places, countries) {
        fitted.push(rows.fit_by_places(name, countries)?);
    }
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
    let mut all =
        Fitted { facets: Vec::new(), vocabulary, out_of_fold: Vec::new(), countries: Vec::new(), by_places: None };
    for FittedFacet { name, labels, settings, rows, classifier, report } in fitted {
        match report {
            Report::OutOfFold(report) => all.out_of_fold.extend(report.map(|report| (name.clone(), report))),
            Report::Countries(report) => all.countries.push((name.clone(), report)),
            Report::ByPlaces(rows) => all.by_places = Some((name.clone(), rows)),
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
    /// Rows that name a country clearly.
    ByPlaces(u64),
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
            if let Some((fitted, report)) = countries.fit(&problem, self.params)? {
                let classifier = Classifier::Countries(Box::new(fitted.model));
                let (labels, rows, report) = (fitted.labels, fitted.rows, Report::Countries(report));
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

    /// A facet of countries without a single label.
    fn fit_by_places(&self, name: &str, countries: &CountryRows) -> Result<FittedFacet, TrainError> {
        let (fitted, n_rows) = countries.fit_unlabelled(&self.bag, &self.keys, self.params)?;
        Ok(FittedFacet {
            name: name.to_owned(),
            labels: fitted.labels,
            settings: FacetSettings { multi_label: true, empty: EmptyCells::Auto },
            rows: fitted.rows,
            classifier: Classifier::Countries(Box::new(fitted.model)),
            report: Report::ByPlaces(n_rows),
        })
    }

    /// With sequences of letters and areas of places or without, whichever is more likely out of fold.
    fn fit_problem(&self, problem: &Problem<'_>) -> Result<(NbSvm, Option<OutOfFold>), TrainError> {
        let params = self.params.check()?;
        let (letters, concepts) = (BlockKind::Characters, BlockKind::Concepts);
        let has = |kind| self.bag.blocks().iter().any(|block| block.kind == kind);
        let mut best = params.fit_problem(&problem.without(letters).without(concepts))?;
        let mut try_with = |problem: &Problem<'_>| -> Result<bool, TrainError> {
            let Some(before) = best.1 else { return Ok(false) };
            let with = params.fit_problem(problem)?;
            let is_better = with.1.is_some_and(|report| report.log_likelihood > before.log_likelihood);
            if is_better {
                best = with;
            }
            Ok(is_better)
        };
        let with_concepts = has(concepts) && try_with(&problem.without(letters))?;
        if self.try_characters {
            try_with(&if with_concepts { problem.clone() } else { problem.without(concepts) })?;
        }
        Ok(best)
    }
}
