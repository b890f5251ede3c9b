//! Training of a facet whose labels are countries: which facets these are, and their models.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::bayes::nbsvm::{NbSvm, NbSvmParams, NbSvmValidParams, Problem};
use crate::corpus::LabelSet;
use crate::features::{BagOfWords, BlockKind};
use crate::places::focus::{Candidates, RegionParams, RegionReport, RegionStack, RegionText, gazetteer_labels};
use crate::places::{Atlas, Code, Gazetteer};
use linfa::ParamGuard;

use super::spelling::Spelling;
use super::{Countries, FacetRows, TrainError};

/// How facets of countries are found and trained.
///
/// | Name | Default | Purpose |
/// |---|---|---|
/// | `recognise` | yes | a facet whose labels are all countries is trained as one |
/// | `home` | none | the country that the publisher writes from, and need not name |
/// | `gazetteer` | none | entries to add to the gazetteer: a file's name and its text |
/// | `labels` | none | countries of labels that are neither codes nor English names |
/// | `unlabelled` | none | a facet that is learnt from the places that texts name, where no row labels it |
#[derive(Clone, Debug)]
pub struct CountryOptions {
    /// Whether labels are looked up at all.
    pub recognise: bool,
    /// The publisher's country.
    pub home: Option<Code>,
    /// Name and text of a file of entries.
    pub gazetteer: Option<(String, String)>,
    /// Country of a label.
    pub labels: BTreeMap<String, Code>,
    /// Name of a facet of countries that needs no labels.
    pub unlabelled: Option<String>,
}

impl Default for CountryOptions {
    fn default() -> Self {
        CountryOptions { recognise: true, home: None, gazetteer: None, labels: BTreeMap::new(), unlabelled: None }
    }
}

/// A words model of countries has at most this many cells, features × countries, per feature of the setting
/// `max_features`: a million by default, of two bytes each in the file. Words matter less than places here: with
/// 400,000 cells instead, micro-F1 out of fold falls by .003 on the news set and on Reuters.
const CELLS_A_FEATURE: usize = 20;

/// The places of all rows, as long as the labels of a facet may be countries.
#[derive(Debug)]
pub(super) struct CountryRows {
    pub(super) options: CountryOptions,
    pub(super) atlas: Arc<Atlas>,
    /// Per facet, whether all its labels so far are countries.
    possible: Vec<bool>,
    pub(super) candidates: Vec<Candidates>,
}

impl CountryRows {
    /// No row yet, and every facet possible.
    pub fn new(options: &CountryOptions, atlas: &Arc<Atlas>, n_facets: usize) -> Self {
        let (options, atlas) = (options.clone(), atlas.clone());
        CountryRows { options, atlas, possible: vec![true; n_facets], candidates: Vec::new() }
    }

    /// Adds the places of rows before their labels are known.
    pub fn add(&mut self, rows: impl Iterator<Item = Candidates>) {
        self.candidates.extend(rows);
    }

    /// Whether a facet is still possible after these labels.
    pub fn check<'l>(&mut self, facet: usize, mut labels: impl Iterator<Item = &'l String>) {
        let gazetteer = self.atlas.gazetteer();
        self.possible[facet] &= labels.all(|label| code_of(&self.options, gazetteer, label).is_some());
    }

    /// Whether any facet is.
    pub fn any(&self) -> bool {
        self.possible.contains(&true) || self.options.unlabelled.is_some()
    }

    /// Whether a facet is one of countries. One label says nothing.
    pub fn is_possible(&self, facet: usize, labels: &LabelSet) -> bool {
        self.possible[facet] && labels.len() > 1
    }
}

fn code_of(options: &CountryOptions, gazetteer: &Gazetteer, label: &str) -> Option<Code> {
    // Short labels in lower case are languages (de, fr, it) more often than countries.
    let is_code = label.len() > 3 || label.chars().all(char::is_uppercase);
    options.labels.get(label).copied().or_else(|| gazetteer.code_of_label(label).filter(|_| is_code))
}

/// A fitted facet of countries.
pub(super) struct FittedCountries {
    pub labels: LabelSet,
    pub rows: FacetRows,
    pub model: Countries,
}

/// A facet as the trainer of linear models has it.
pub(super) struct CountryProblem<'a> {
    pub labels: &'a LabelSet,
    /// Labels of each row, ascending.
    pub of_rows: &'a [Vec<u32>],
    pub rows: FacetRows,
    pub multi_label: bool,
    /// Whether rows without a label take part.
    pub empty_counts: bool,
    pub bag: &'a BagOfWords,
    /// Per row, a hash of its words.
    pub keys: &'a [[u8; 16]],
}

impl CountryRows {
    /// Fits words model, focus and stack. Nothing comes back where too few rows leave nothing to hold out.
    pub fn fit(
        &self,
        facet: &CountryProblem<'_>,
        params: NbSvmParams,
    ) -> Result<Option<(FittedCountries, RegionReport)>, TrainError> {
        let gazetteer = self.atlas.gazetteer();
        let code = |name: &String| code_of(&self.options, gazetteer, name);
        let of_label: Vec<Code> = facet.labels.names().iter().filter_map(code).collect();
        let mut gold: Vec<Vec<Code>> =
            facet.of_rows.iter().map(|labels| labels.iter().map(|&label| of_label[label as usize]).collect()).collect();
        for codes in &mut gold {
            codes.sort_unstable();
            codes.dedup();
        }
        // What nobody labelled still says what texts about a country sound like.
        let is_silent = |row: usize| !facet.empty_counts && gold[row].is_empty();
        let by_gazetteer: Vec<Vec<Code>> = (0..gold.len())
            .map(|row| if is_silent(row) { gazetteer_labels(&self.candidates[row]) } else { Vec::new() })
            .collect();
        let mut seen: BTreeMap<Code, u32> = of_label.iter().map(|&code| (code, 0)).collect();
        by_gazetteer.iter().flatten().for_each(|&code| *seen.entry(code).or_default() += 1);
        let codes: Vec<Code> = seen.keys().copied().collect();
        let also_seen: Vec<u32> = seen.into_values().collect();
        let rank = |code: &Code| codes.binary_search(code).map_or(0, |rank| rank as u32);
        let country_labels: Vec<Vec<u32>> =
            gold.iter().zip(&by_gazetteer).map(|(gold, other)| gold.iter().chain(other).map(rank).collect()).collect();
        let takes_part = |row: usize| facet.empty_counts || !country_labels[row].is_empty();
        let problem = Problem::new(facet.bag, &country_labels, codes.len(), true, Some(facet.keys), takes_part)?;
        let problem = words_only(&problem);
        let params = with_cells(params, codes.len())?;
        let (words, _, held_out) = params.fit_with_scores(&problem)?;
        if held_out.folds.is_empty() {
            return Ok(None);
        }
        let k = codes.len();
        let labelled = held_out.rows.iter().map(|&row| row as usize).enumerate().filter(|&(_, row)| !is_silent(row));
        let texts: Vec<RegionText<'_>> = labelled
            .map(|(p, row)| RegionText {
                candidates: &self.candidates[row],
                scores: &held_out.scores[p * k..(p + 1) * k],
                gold: &gold[row],
                fold: held_out.folds[p],
            })
            .collect();
        let (stack, report) = RegionParams::default().home(self.options.home).fit_beside(&codes, &also_seen, &texts)?;
        Ok(Some((self.put_together(facet, &of_label, words, stack)?, report)))
    }

    /// The facet's labels are those of training, and all other countries in the same spelling.
    pub(super) fn put_together(
        &self,
        facet: &CountryProblem<'_>,
        of_label: &[Code],
        words: NbSvm,
        stack: RegionStack,
    ) -> Result<FittedCountries, TrainError> {
        let mut name_of: BTreeMap<Code, String> = BTreeMap::new();
        for (code, name) in of_label.iter().zip(facet.labels.names()) {
            // Of two names of one country the first comes out again.
            name_of.entry(*code).or_insert_with(|| name.clone());
        }
        let spelling = Spelling::of(facet.labels.names());
        let taken: Vec<String> = facet.labels.names().to_vec();
        for country in self.atlas.gazetteer().countries().filter(|country| !country.former) {
            let name = spelling.write(country.code, &country.name);
            if !taken.contains(&name) {
                name_of.entry(country.code).or_insert(name);
            }
        }
        let labels = LabelSet::new(name_of.values().cloned());
        let code_of_name: BTreeMap<&String, Code> = name_of.iter().map(|(code, name)| (name, *code)).collect();
        let codes: Vec<Code> = labels.names().iter().map(|name| code_of_name[name]).collect();
        let mut rows = FacetRows { by_label: vec![0; labels.len()], ..facet.rows.clone() };
        for (old, (code, _)) in of_label.iter().zip(facet.labels.names()).enumerate() {
            if let Some(new) = codes.iter().position(|c| c == code) {
                rows.by_label[new] += facet.rows.by_label[old];
            }
        }
        let model = Countries::new(words, stack, codes, facet.multi_label, self.atlas.clone())
            .ok_or(TrainError::Countries("words model and countries differ"))?;
        Ok(FittedCountries { labels, rows, model })
    }
}

/// The words model of countries has words alone: places are looked at beside it.
pub(super) fn words_only<'a>(problem: &Problem<'a>) -> Problem<'a> {
    problem.without(BlockKind::Characters).without(BlockKind::Concepts)
}

/// The parameters of a words model of so many countries.
pub(super) fn with_cells(params: NbSvmParams, n_labels: usize) -> Result<NbSvmValidParams, TrainError> {
    let asked = params.check_ref()?.most_features();
    let most = (asked.saturating_mul(CELLS_A_FEATURE) / n_labels.max(1)).max(1000);
    Ok(params.max_features(asked.min(most)).check()?)
}
