//! Exact leave-one-out: one additive model, each row's counts taken away before the row is scored.

use rayon::prelude::*;

use crate::bayes::NaiveBayes;
use crate::corpus::Row;
use crate::features::TokenBuffer;
use crate::tagger::{Facet, Method, Tagger, TrainError, TrainOptions};

use super::answers::Answers;
use super::facets::WholeFacet;
use super::model::{CHUNK, tagger};
use super::{HeldOut, HeldOutError, Learner};

/// Judges every row by the model of all others, as if that had been trained a row at a time: the answers are equal to
/// the last bit. The price is that of one training and of tagging the rows. A row that stands twice knows its copy.
/// `progress` hears how many rows are done of how many.
///
/// # Errors
/// [`HeldOutError::NotAdditive`] for nbsvm; as [`cross_validate`](super::cross_validate) otherwise.
pub fn leave_one_out(
    rows: &[Row],
    facets: &[String],
    options: &TrainOptions,
    groups: Option<&[String]>,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<HeldOut, HeldOutError> {
    if !matches!(options.method, Method::NaiveBayes(_)) {
        return Err(HeldOutError::NotAdditive);
    }
    let (facets, left_out) = WholeFacet::all(rows, facets, &Learner::Tagger(Box::new(options.clone())))?;
    let all: Vec<usize> = (0..rows.len()).collect();
    let model = tagger(rows, &facets.iter().collect::<Vec<_>>(), &all, options)?;
    let mut answers = Answers::new(rows, facets);
    progress(0, rows.len());
    for chunk in all.chunks(CHUNK) {
        answers.hold_out(chunk, 0);
        let facets = answers.facets();
        let of_rows: Vec<Vec<Option<Answer<'_>>>> = chunk
            .par_iter()
            .map_init(TokenBuffer::default, |buffer, &row| answer(&model, facets, &rows[row], buffer))
            .collect::<Result<_, TrainError>>()?;
        for (&row, of_facets) in chunk.iter().zip(of_rows) {
            for (facet, answer) in of_facets.into_iter().enumerate() {
                let Some(Answer { predicted, probabilities }) = answer else { continue };
                answers.add(facet, row, &predicted, &probabilities);
            }
        }
        progress(chunk[chunk.len() - 1] + 1, rows.len());
    }
    Ok(answers.finish(groups, left_out))
}

/// What the model of all other rows says of a row.
struct Answer<'m> {
    predicted: Vec<&'m str>,
    probabilities: Vec<(&'m str, f64)>,
}

/// The answers of all facets that the row is labelled in.
fn answer<'m>(
    model: &'m Tagger,
    facets: &[WholeFacet],
    row: &Row,
    buffer: &mut TokenBuffer,
) -> Result<Vec<Option<Answer<'m>>>, TrainError> {
    let features = model.extractor().extract(&row.text, buffer);
    let of_facet = |(whole, facet): (&WholeFacet, &'m Facet)| {
        let Some(model) = facet.as_naive_bayes().filter(|_| whole.is_labelled(row)) else { return Ok(None) };
        let mut labels: Vec<u32> = whole.gold(row).iter().filter_map(|l| facet.labels().id(l)).map(|id| id.0).collect();
        labels.sort_unstable();
        labels.dedup();
        without(model, facet, features, &labels).map(Some)
    };
    facets.iter().zip(model.facets()).map(of_facet).collect()
}

fn without<'m>(
    model: &NaiveBayes,
    facet: &'m Facet,
    features: &[(u32, u32)],
    labels: &[u32],
) -> Result<Answer<'m>, TrainError> {
    let left = model.without(features, labels)?;
    let name = |k: usize| facet.labels().name((left.labels()[k] as usize).into());
    let Some(model) = left.model() else {
        return Ok(Answer { predicted: Vec::new(), probabilities: Vec::new() });
    };
    if left.labels().len() == 1 && !model.has_none() {
        return Ok(Answer { predicted: vec![name(0)], probabilities: vec![(name(0), 1.0)] });
    }
    let scores = model.score(left.row().iter().copied());
    let evidence = model.evidence(&scores);
    // Without a known word there is no tag, as in tagging.
    let decided = if scores.length == 0.0 { Vec::new() } else { model.decide(&evidence) };
    let probabilities = model.probabilities(&evidence).into_iter().enumerate().map(|(k, p)| (name(k), p)).collect();
    Ok(Answer { predicted: decided.into_iter().map(name).collect(), probabilities })
}
