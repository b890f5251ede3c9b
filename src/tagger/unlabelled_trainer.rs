//! Training of a facet of countries from texts that nobody labelled: distant supervision.
//!
//! What the gazetteer says of a text ([`gazetteer_labels`]) stands in for its labels, and teaches a words model what texts
//! about a country sound like. How far a mention is to be trusted, and how far words, cannot be learnt without labels:
//! those weights are the embedded news model's, whose countries share them ([`RegionStack::over`]).

use std::collections::BTreeMap;

use crate::bayes::nbsvm::{NbSvmParams, Problem};
use crate::corpus::LabelSet;
use crate::features::BagOfWords;
use crate::places::Code;
use crate::places::focus::{RegionLabel, gazetteer_labels};

use super::country_trainer::{CountryProblem, CountryRows, FittedCountries, with_cells, words_only};
use super::{Facet, FacetRows, Tagger, TrainError};

impl CountryRows {
    /// Fits the words model and puts it under the embedded model's weights; also, how many rows name a country clearly.
    ///
    /// # Errors
    /// [`TrainError::NoPlaces`] where fewer than two countries are named.
    pub(super) fn fit_unlabelled(
        &self,
        bag: &BagOfWords,
        keys: &[[u8; 16]],
        params: NbSvmParams,
    ) -> Result<(FittedCountries, u64), TrainError> {
        let of_rows: Vec<Vec<Code>> = self.candidates.iter().map(gazetteer_labels).collect();
        let mut rows_of: BTreeMap<Code, u32> = BTreeMap::new();
        of_rows.iter().flatten().for_each(|&code| *rows_of.entry(code).or_default() += 1);
        let codes: Vec<Code> = rows_of.keys().copied().collect();
        let n_rows = of_rows.iter().filter(|codes| !codes.is_empty()).count();
        if codes.len() < 2 {
            return Err(TrainError::NoPlaces { rows: of_rows.len() as u64, naming: n_rows as u64 });
        }
        let rank = |code: &Code| codes.binary_search(code).map_or(0, |rank| rank as u32);
        let ranks: Vec<Vec<u32>> = of_rows.iter().map(|codes| codes.iter().map(rank).collect()).collect();
        let problem = Problem::new(bag, &ranks, codes.len(), true, Some(keys), |row| !ranks[row].is_empty())?;
        let params = with_cells(params, codes.len())?;
        let (words, _, held_out) = params.fit_with_scores(&words_only(&problem))?;
        // Scores of texts that the model has seen say nothing of how sure it is of others.
        let is_measured = !held_out.folds.is_empty();
        let counted =
            |(code, rows): (Code, u32)| RegionLabel { code, texts: rows, seen: if is_measured { rows } else { 0 } };
        let labels = rows_of.into_iter().map(counted).collect();
        let embedded = Tagger::embedded().map_err(|_| TrainError::Countries("the embedded model cannot be read"))?;
        let weights = embedded.facets().iter().find_map(Facet::as_countries);
        let weights = weights.ok_or(TrainError::Countries("the embedded model has no countries"))?.stack();
        let stack = weights.over(labels, n_rows as u32, &held_out.scores, self.options.home)?;
        let names = LabelSet::new(codes.iter().map(ToString::to_string));
        let facet = CountryProblem {
            labels: &names,
            of_rows: &ranks,
            rows: FacetRows { by_label: vec![0; names.len()], labelled: 0, empty: of_rows.len() as u64 },
            multi_label: true,
            empty_counts: false,
            bag,
            keys,
        };
        Ok((self.put_together(&facet, &codes, words, stack)?, n_rows as u64))
    }
}
