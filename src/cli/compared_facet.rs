//! A facet and what every contestant answered in it.

use std::collections::BTreeSet;

use crate::corpus::Row;
use crate::evaluate::compare::{CompareError, FacetComparison};
use crate::evaluate::{Bootstrap, Outcome, Outcomes};
use crate::tagger::EmptyCells;

use super::args::Compare;
use super::contestant::{Contestant, Kind};
use super::failure::Failure;
use super::style::{self, printable};

pub struct ComparedFacet {
    name: String,
    /// Position among the labels of a row.
    column: usize,
    multi_label: bool,
    /// Whether an empty gold cell is an answer.
    empty_is_none: bool,
    outcomes: Vec<Outcomes>,
    unlabelled: u64,
    with_several: u64,
}

impl ComparedFacet {
    /// The facet as the models read it; without a model, as the flags say.
    pub fn new(name: &str, column: usize, contestants: &[Contestant], args: &Compare) -> Self {
        let models = || contestants.iter().filter_map(|c| c.facet(name));
        let asked = args.multi.iter().any(|facet| facet == name);
        let multi_label = asked || models().any(crate::tagger::Facet::is_multi_label);
        let empty_is_none = match args.empty.map(EmptyCells::from) {
            None | Some(EmptyCells::Auto) => models().next().map_or(multi_label, crate::tagger::Facet::empty_is_none),
            Some(empty) => empty == EmptyCells::None,
        };
        ComparedFacet {
            name: name.to_owned(),
            column,
            multi_label,
            empty_is_none,
            outcomes: vec![Outcomes::new(name, multi_label); contestants.len()],
            unlabelled: 0,
            with_several: 0,
        }
    }

    /// Position of the facet among the labels of a row, and among the facets that contestants are asked for.
    pub fn column(&self) -> usize {
        self.column
    }

    /// Takes a row: its gold labels are in it, the answers are per contestant.
    pub fn add<'l>(&mut self, row: &Row, group: Option<&str>, answers: impl Iterator<Item = &'l [String]>) {
        let gold: Vec<&str> = row.labels[self.column].iter().map(String::as_str).collect();
        if gold.is_empty() && !self.empty_is_none {
            self.unlabelled += 1;
            return;
        }
        self.with_several += u64::from(gold.len() > 1 && !self.multi_label);
        for (outcomes, answer) in self.outcomes.iter_mut().zip(answers) {
            // Other tools list the labels that come next as well; the first is the answer.
            let most = if self.multi_label { answer.len() } else { 1 };
            let predicted: Vec<&str> = answer.iter().take(most).map(String::as_str).collect();
            outcomes.add(&Outcome { gold: &gold, predicted: &predicted, group, ..Outcome::default() });
        }
    }

    /// Whether a row was compared.
    pub fn has_rows(&self) -> bool {
        self.outcomes.iter().any(|outcomes| !outcomes.is_empty())
    }

    /// The comparison of these contestants.
    pub fn compare(&self, contestants: &[Contestant], bootstrap: &Bootstrap) -> Result<FacetComparison, CompareError> {
        let named: Vec<(&str, &Outcomes)> = contestants.iter().map(|c| c.name.as_str()).zip(&self.outcomes).collect();
        FacetComparison::of(&named, bootstrap)
    }

    /// What one should know about the rows and labels.
    pub fn warnings(&self, contestants: &[Contestant]) -> Vec<String> {
        let name = &self.name;
        let mut warnings = Vec::new();
        let models: Vec<_> = contestants.iter().filter_map(|c| c.facet(name)).collect();
        if models.iter().any(|facet| facet.is_multi_label() != self.multi_label) {
            warnings.push(format!(
                "facet '{name}' is single-label in one model and multi-label in another; it is compared as multi-label"
            ));
        }
        if models.iter().any(|facet| facet.empty_is_none() != models[0].empty_is_none()) {
            warnings.push(format!("facet '{name}': the models read empty cells differently; they are read as the first of them does, or as --empty says"));
        }
        for (contestant, outcomes) in contestants.iter().zip(&self.outcomes) {
            warnings.extend(unknown_labels(contestant, outcomes));
        }
        if self.with_several > 0 {
            let rows = style::count(self.with_several, "row");
            warnings.push(format!(
                "facet '{name}' is single-label, but the input has several labels in {rows}; one of them can be answered at most; say --multi {name} if that is wrong"
            ));
        }
        if self.unlabelled > 0 {
            let rows = style::count(self.unlabelled, "row");
            warnings.push(format!("facet '{name}': {rows} without a label left out"));
        }
        warnings
    }
}

/// Gold labels that a model does not have, and predicted ones that no row has: a typo, mostly, or another spelling.
fn unknown_labels(contestant: &Contestant, outcomes: &Outcomes) -> Option<String> {
    let (mut gold, mut given) = (BTreeSet::new(), BTreeSet::new());
    for row in outcomes.rows() {
        gold.extend(row.gold.iter().copied());
        given.extend(row.predicted.iter().copied());
    }
    let label = |&number: &u32| outcomes.labels()[number as usize].as_str();
    let (facet, name) = (outcomes.name(), &contestant.name);
    let (unknown, what): (BTreeSet<&str>, _) = match &contestant.kind {
        Kind::Model { tagger, .. } => {
            let labels = tagger.facet(facet)?.labels();
            let unknown = gold.iter().map(label).filter(|label| labels.id(label).is_none()).collect();
            (unknown, "does not know # of the input, which count as missed")
        }
        Kind::Predictions { .. } => {
            let unknown = given.difference(&gold).map(label).collect();
            (unknown, "gives # that no row has, which count as wrong")
        }
    };
    let first = unknown.first()?;
    let number = style::count(unknown.len() as u64, "label");
    let what = what.replace('#', &format!("{number} ('{}', for one)", printable(first)));
    Some(format!("facet '{facet}': '{name}' {what}; check the spelling"))
}

/// That no facet is left, and a way out.
pub fn nothing_left(input: &str) -> Failure {
    Failure::new(format!(
        "{input}: no facet with labels is answered by all contestants; name the label column with --label FACET[=COLUMN], where predictions are for a single facet that one"
    ))
}
