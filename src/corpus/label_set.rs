//! The labels of one facet, sorted, and their ids.

use serde::{Deserialize, Serialize};

/// The index of a label in its [`LabelSet`], counted from 0 in sorted order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LabelId(pub u32);

impl LabelId {
    /// The id as an array index.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl From<usize> for LabelId {
    /// The id of the label at `index`; a label set never holds more than `u32::MAX` labels.
    fn from(index: usize) -> Self {
        LabelId(u32::try_from(index).unwrap_or(u32::MAX))
    }
}

/// Labels in byte order, each once. Ties between labels go to the first of them, everywhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct LabelSet {
    names: Vec<String>,
}

impl LabelSet {
    /// Sorts the names and drops repeats.
    pub fn new(names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let mut names: Vec<String> = names.into_iter().map(Into::into).collect();
        names.sort_unstable();
        names.dedup();
        LabelSet { names }
    }

    /// How many labels there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there is no label at all.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The name of a label.
    ///
    /// # Panics
    /// When the id is of another, larger set.
    pub fn name(&self, id: LabelId) -> &str {
        &self.names[id.index()]
    }

    /// The id of a label, if the set has it.
    pub fn id(&self, name: &str) -> Option<LabelId> {
        self.names.binary_search_by(|n| n.as_str().cmp(name)).ok().map(LabelId::from)
    }

    /// The names in order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Ids and names in order.
    pub fn iter(&self) -> impl Iterator<Item = (LabelId, &str)> {
        self.names.iter().enumerate().map(|(i, n)| (LabelId::from(i), n.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_sorted_and_unique() {
        let set = LabelSet::new(["sport", "arts", "sport"]);
        assert_eq!(set.names(), ["arts", "sport"]);
        assert_eq!(set.id("sport"), Some(LabelId(1)));
        assert_eq!(set.id("war"), None);
        assert_eq!(set.name(LabelId(0)), "arts");
    }
}
