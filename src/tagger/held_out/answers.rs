//! Answers of several models, gathered per row.

use std::collections::BTreeMap;

use crate::corpus::Row;
use crate::evaluate::{LEAST_PROBABILITY, Outcome, Outcomes};
use crate::tagger::{AreaLevel, Facet};

use super::facets::WholeFacet;
use super::{HeldOut, HeldOutFacet};

/// What has been answered so far.
pub(super) struct Answers<'r> {
    rows: &'r [Row],
    facets: Vec<WholeFacet>,
    answered: Vec<FacetAnswers>,
    /// Per row, the fold it was held out in.
    fold_of: Vec<Option<usize>>,
}

/// The answers of one facet; labels by numbers in order of appearance, which no result depends on.
#[derive(Default)]
struct FacetAnswers {
    names: Vec<String>,
    numbers: BTreeMap<String, u32>,
    of_row: Vec<Option<Answer>>,
    /// Where labels are countries, the sub-region and the region of each.
    areas: BTreeMap<String, [String; 2]>,
}

#[derive(Clone, Default)]
struct Answer {
    predicted: Vec<u32>,
    probabilities: Vec<(u32, f64)>,
}

impl<'r> Answers<'r> {
    pub fn new(rows: &'r [Row], facets: Vec<WholeFacet>) -> Self {
        let empty = || FacetAnswers { of_row: vec![None; rows.len()], ..FacetAnswers::default() };
        let answered = facets.iter().map(|_| empty()).collect();
        Answers { rows, facets, answered, fold_of: vec![None; rows.len()] }
    }

    pub fn facets(&self) -> &[WholeFacet] {
        &self.facets
    }

    pub fn texts(&self, rows: &[usize]) -> Vec<&'r str> {
        rows.iter().map(|&row| self.rows[row].text.as_str()).collect()
    }

    /// Says that rows are held out: what is not answered of them counts as "no tag".
    pub fn hold_out(&mut self, rows: &[usize], fold: usize) {
        rows.iter().for_each(|&row| self.fold_of[row] = Some(fold));
    }

    /// Takes the answer for a row; forgotten where the row is not labelled in the facet.
    pub fn add(&mut self, facet: usize, row: usize, predicted: &[&str], probabilities: &[(&str, f64)]) {
        let whole = &self.facets[facet];
        if !whole.is_labelled(&self.rows[row]) {
            return;
        }
        let gold = whole.gold(&self.rows[row]);
        let answers = &mut self.answered[facet];
        let predicted = predicted.iter().map(|label| answers.number(label)).collect();
        let kept = probabilities.iter().filter(|(label, p)| *p >= LEAST_PROBABILITY || gold.iter().any(|g| g == label));
        let probabilities = kept.map(|(label, p)| (answers.number(label), *p)).collect();
        answers.of_row[row] = Some(Answer { predicted, probabilities });
    }

    /// Learns the areas of the labels that a model of countries knows.
    pub fn learn_areas(&mut self, number: usize, facet: &Facet) {
        if facet.as_countries().is_none() {
            return;
        }
        let (whole, answers) = (&self.facets[number], &mut self.answered[number]);
        let of =
            |label: &str| [AreaLevel::SubRegion, AreaLevel::Region].map(|level| facet.area(label, level).to_owned());
        for label in facet.labels().names() {
            answers.areas.insert(label.clone(), of(label));
        }
        for label in self.rows.iter().flat_map(|row| whole.gold(row)) {
            if !answers.areas.contains_key(label) {
                answers.areas.insert(label.clone(), of(label));
            }
        }
    }

    /// Everything, row by row in the order of the input.
    pub fn finish(self, groups: Option<&[String]>, left_out: Vec<String>) -> HeldOut {
        let Answers { rows, facets, answered, fold_of } = self;
        let held_out = fold_of.iter().flatten().count();
        let one = |(whole, answers): (WholeFacet, FacetAnswers)| {
            let mut outcomes = Outcomes::new(&whole.name, whole.multi_label);
            let levels = if answers.areas.is_empty() { &[][..] } else { &["subregion", "region"] };
            let wider = |level: &&str| Outcomes::new(&format!("{}.{level}", whole.name), whole.multi_label);
            let mut wider: Vec<Outcomes> = levels.iter().map(wider).collect();
            let (mut of_outcome, mut folds, mut unlabelled) = (Vec::new(), Vec::new(), 0);
            for (i, row) in rows.iter().enumerate() {
                let Some(fold) = fold_of[i] else { continue };
                if !whole.is_labelled(row) {
                    unlabelled += 1;
                    continue;
                }
                let answer = answers.of_row[i].clone().unwrap_or_default();
                let gold: Vec<&str> = whole.gold(row).iter().map(String::as_str).collect();
                let name = |number: u32| answers.names[number as usize].as_str();
                let predicted: Vec<&str> = answer.predicted.iter().map(|&n| name(n)).collect();
                let probabilities: Vec<(&str, f64)> = answer.probabilities.iter().map(|&(n, p)| (name(n), p)).collect();
                let group = groups.map(|groups| groups[i].as_str());
                outcomes.add(&Outcome {
                    gold: &gold,
                    predicted: &predicted,
                    probabilities: Some(&probabilities),
                    group,
                });
                for (level, wider) in wider.iter_mut().enumerate() {
                    let areas = |labels: &[&str]| -> Vec<&str> {
                        let area = |label: &&str| answers.areas.get(*label).map(|areas| areas[level].as_str());
                        labels.iter().filter_map(area).collect()
                    };
                    let (gold, predicted) = (areas(&gold), areas(&predicted));
                    wider.add(&Outcome { gold: &gold, predicted: &predicted, probabilities: None, group });
                }
                of_outcome.push(i);
                folds.push(fold);
            }
            HeldOutFacet { column: whole.column, outcomes, rows: of_outcome, folds, wider, unlabelled }
        };
        HeldOut { rows: held_out, facets: facets.into_iter().zip(answered).map(one).collect(), left_out }
    }
}

impl FacetAnswers {
    fn number(&mut self, label: &str) -> u32 {
        if let Some(&number) = self.numbers.get(label) {
            return number;
        }
        let number = self.names.len() as u32;
        self.names.push(label.to_owned());
        self.numbers.insert(label.to_owned(), number);
        number
    }
}
