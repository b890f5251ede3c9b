//! The model of one fold, whatever it is.

use std::collections::{BTreeMap, BTreeSet};

use crate::corpus::Row;
use crate::tagger::{Method, PriorChoice, TagOptions, Tagger, TrainError, TrainOptions, Trainer};

use super::answers::Answers;
use super::dense::DenseModel;
use super::facets::{Present, WholeFacet};
use super::{DenseOptions, Learner};

/// Rows that are trained on or tagged at a time: their copies are what a fold needs besides its model.
pub(super) const CHUNK: usize = 4096;

/// A model of some of the rows.
pub(super) struct FoldModel {
    /// Facets with a single label, by their numbers.
    constant: Vec<(usize, String)>,
    /// The numbers of the facets that the model tells apart.
    facets: Vec<usize>,
    kind: Option<Kind>,
}

enum Kind {
    Tagger(Box<Tagger>),
    Dense(Box<DenseModel>),
}

impl FoldModel {
    /// Trains on some of the rows.
    pub fn train(
        rows: &[Row],
        facets: &[WholeFacet],
        train: &[usize],
        learner: &Learner,
    ) -> Result<FoldModel, TrainError> {
        let (mut constant, mut learnt) = (Vec::new(), Vec::new());
        for (number, facet) in facets.iter().enumerate() {
            match facet.present(rows, train) {
                Present::Nothing => {}
                Present::Only(label) => constant.push((number, label)),
                Present::Enough => learnt.push(number),
            }
        }
        let to_learn: Vec<&WholeFacet> = learnt.iter().map(|&number| &facets[number]).collect();
        let kind = match learner {
            _ if to_learn.is_empty() => None,
            Learner::Tagger(options) => Some(Kind::Tagger(Box::new(tagger(rows, &to_learn, train, options)?))),
            Learner::Dense(options) => Some(Kind::Dense(Box::new(dense(rows, &to_learn, train, options)?))),
        };
        Ok(FoldModel { constant, facets: learnt, kind })
    }

    /// Tags rows that it was not trained on.
    pub fn answer(&self, answers: &mut Answers<'_>, test: &[usize], fold: usize) {
        answers.hold_out(test, fold);
        for (facet, label) in &self.constant {
            test.iter().for_each(|&row| answers.add(*facet, row, &[label], &[(label, 1.0)]));
        }
        if let Some(Kind::Tagger(tagger)) = &self.kind {
            self.facets.iter().zip(tagger.facets()).for_each(|(&number, facet)| answers.learn_areas(number, facet));
        }
        for chunk in test.chunks(CHUNK) {
            let texts = answers.texts(chunk);
            match &self.kind {
                None => {}
                Some(Kind::Tagger(tagger)) => {
                    for (&row, analysis) in chunk.iter().zip(tagger.analyze_all(&texts)) {
                        let tags = tagger.tags_of(&analysis, &TagOptions::default());
                        for (i, (&number, facet)) in self.facets.iter().zip(tagger.facets()).enumerate() {
                            let predicted: Vec<&str> = tags.facets[i].tags.iter().map(|tag| tag.label).collect();
                            let names = facet.labels().names().iter().map(String::as_str);
                            let probabilities: Vec<(&str, f64)> =
                                names.zip(analysis.facets[i].probabilities.iter().copied()).collect();
                            answers.add(number, row, &predicted, &probabilities);
                        }
                    }
                }
                Some(Kind::Dense(model)) => {
                    for (&row, of_facets) in chunk.iter().zip(model.answer_all(&texts)) {
                        for (&number, answer) in self.facets.iter().zip(of_facets) {
                            let predicted: Vec<&str> = answer.predicted.into_iter().collect();
                            answers.add(number, row, &predicted, &answer.probabilities);
                        }
                    }
                }
            }
        }
    }
}

/// A tagger of these facets, in this order.
pub(super) fn tagger(
    rows: &[Row],
    facets: &[&WholeFacet],
    train: &[usize],
    options: &TrainOptions,
) -> Result<Tagger, TrainError> {
    let names: Vec<String> = facets.iter().map(|facet| facet.name.clone()).collect();
    let mut options = options.clone();
    options.multi = facets.iter().filter(|facet| facet.multi_label).map(|facet| facet.name.clone()).collect();
    if let (PriorChoice::Given(given), Method::NaiveBayes(_)) = (&options.prior, &options.method) {
        options.prior = PriorChoice::Given(present_priors(rows, facets, train, given));
    }
    let mut trainer = Trainer::new(options, &names)?;
    for chunk in train.chunks(CHUNK) {
        let chunk: Vec<Row> = chunk.iter().map(|&row| with_labels_of(&rows[row], facets)).collect();
        trainer.add(&chunk)?;
    }
    Ok(trainer.finish()?.0)
}

/// A row with the labels of these facets and nothing but what training reads.
fn with_labels_of(row: &Row, facets: &[&WholeFacet]) -> Row {
    let labels = facets.iter().map(|facet| facet.gold(row).to_vec()).collect();
    Row { text: row.text.clone(), labels, id: None, columns: Vec::new(), place: row.place.clone() }
}

/// The priors of labels that are there to be learnt. A prior for a label that no row at all has stays, as an error.
fn present_priors(
    rows: &[Row],
    facets: &[&WholeFacet],
    train: &[usize],
    given: &BTreeMap<String, BTreeMap<String, f64>>,
) -> BTreeMap<String, BTreeMap<String, f64>> {
    let mut present = BTreeMap::new();
    for facet in facets {
        let Some(priors) = given.get(&facet.name) else { continue };
        let trained: BTreeSet<&String> = train.iter().flat_map(|&row| facet.gold(&rows[row])).collect();
        let all: BTreeSet<&String> = rows.iter().flat_map(|row| facet.gold(row)).collect();
        let mut priors = priors.clone();
        priors.retain(|label, _| trained.contains(label) || !all.contains(label));
        present.insert(facet.name.clone(), priors);
    }
    present
}

fn dense(
    rows: &[Row],
    facets: &[&WholeFacet],
    train: &[usize],
    options: &DenseOptions,
) -> Result<DenseModel, TrainError> {
    // linfa sums floats in the order of the rows; that of their contents does not depend on the input's.
    let mut train = train.to_vec();
    train.sort_by_key(|&row| (&rows[row].text, &rows[row].labels));
    let texts: Vec<&str> = train.iter().map(|&row| rows[row].text.as_str()).collect();
    let of_facet = |facet: &&WholeFacet| {
        train.iter().map(|&row| facet.gold(&rows[row]).first().map(String::as_str)).collect::<Vec<_>>()
    };
    let labels: Vec<Vec<Option<&str>>> = facets.iter().map(of_facet).collect();
    DenseModel::fit(&texts, &labels, options)
}
