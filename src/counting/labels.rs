//! The labels of some rows as numbers, facet by facet.

/// Per facet, where the labels of each row end, and the labels.
#[derive(Clone, Debug, Default)]
pub(crate) struct RowLabels {
    facets: Vec<FacetLabels>,
}

#[derive(Clone, Debug, Default)]
struct FacetLabels {
    /// Per row, whether the facet counts it, and where its labels end.
    rows: Vec<(bool, u32)>,
    labels: Vec<u32>,
    /// Per row its label, if it has just one and counts: nearly always, and found in one step.
    only: Vec<u32>,
}

/// No row has just this label.
const NOT_ONE: u32 = u32::MAX;

impl RowLabels {
    /// No rows yet.
    pub fn new(n_facets: usize) -> Self {
        RowLabels { facets: vec![FacetLabels::default(); n_facets] }
    }

    /// Forgets all rows.
    pub fn clear(&mut self) {
        for facet in &mut self.facets {
            facet.rows.clear();
            facet.labels.clear();
            facet.only.clear();
        }
    }

    /// Adds a row to a facet: its labels, each once, and whether the facet counts the row.
    pub fn push(&mut self, facet: usize, labels: &[u32], counts: bool) {
        let facet = &mut self.facets[facet];
        facet.labels.extend_from_slice(labels);
        facet.rows.push((counts, facet.labels.len() as u32));
        facet.only.push(if let (true, &[label]) = (counts, labels) { label } else { NOT_ONE });
    }

    /// The label of a row in a facet that counts it and in which it has just one.
    #[inline]
    pub fn only(&self, facet: usize, row: usize) -> Option<u32> {
        Some(self.facets[facet].only[row]).filter(|&label| label != NOT_ONE)
    }

    /// The labels of a row in a facet; `None` where the facet does not count the row.
    pub fn of(&self, facet: usize, row: usize) -> Option<&[u32]> {
        let facet = &self.facets[facet];
        let (counts, end) = facet.rows[row];
        let start = if row == 0 { 0 } else { facet.rows[row - 1].1 };
        counts.then(|| &facet.labels[start as usize..end as usize])
    }
}
