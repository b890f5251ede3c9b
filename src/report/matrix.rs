//! The whole confusion of a single-label facet, for as many labels as a person can read.

use crate::evaluate::FacetEvaluation;

/// More labels than this make a wall of numbers; the most confused pairs say more.
const MOST_LABELS: usize = 12;

/// Rows gold, columns predicted, both in byte order with "no label" (`None`) last and only where it occurs.
pub(super) struct Matrix<'a> {
    /// The labels of the columns.
    pub predicted: Vec<Option<&'a str>>,
    /// The labels of the rows, each with its counts, one per column.
    pub gold: Vec<(Option<&'a str>, Vec<u64>)>,
}

impl<'a> Matrix<'a> {
    /// The matrix of a facet; `None` for a multi-label facet, whose pairs do not add up, and for 0 or more than 12 labels.
    pub fn of(facet: &'a FacetEvaluation) -> Option<Matrix<'a>> {
        Self::within(facet, MOST_LABELS)
    }

    /// The same for another number of labels, where cells are smaller.
    pub fn within(facet: &'a FacetEvaluation, most: usize) -> Option<Matrix<'a>> {
        let labels: Vec<Option<&str>> = facet.labels().map(|(name, _)| Some(name)).collect();
        if facet.multi_label() || labels.is_empty() || labels.len() > most {
            return None;
        }
        let pairs = facet.confusion();
        let with_none = |occurs: bool| labels.iter().copied().chain(occurs.then_some(None)).collect::<Vec<_>>();
        let predicted = with_none(pairs.iter().any(|pair| pair.predicted.is_none()));
        let gold = with_none(pairs.iter().any(|pair| pair.gold.is_none()));
        let count = |gold: Option<&str>, predicted: Option<&str>| {
            pairs.iter().find(|pair| pair.gold == gold && pair.predicted == predicted).map_or(0, |pair| pair.rows)
        };
        let gold = gold.into_iter().map(|g| (g, predicted.iter().map(|&p| count(g, p)).collect())).collect();
        Some(Matrix { predicted, gold })
    }
}
