//! Eight bytes for a text, or for a row.

use super::Letters;

/// A 64-bit hash: the first eight bytes of BLAKE3. Among a million texts two that differ share one with a probability
/// of about 3 in 10⁸.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub u64);

impl Fingerprint {
    /// Of the letters of a text; `None` where it has none.
    pub fn of_letters(letters: &Letters) -> Option<Self> {
        (!letters.is_empty()).then(|| Self::first_bytes(&blake3::hash(letters.as_str().as_bytes())))
    }

    /// Of a row: its text byte for byte, and its labels under the names of their facets. Neither the order of facets nor
    /// that of labels matters, and a facet without a label is as one that is not there.
    pub fn of_row(text: &str, labels: &[(&str, &[String])]) -> Self {
        let mut hasher = blake3::Hasher::new();
        let mut add = |part: &str| {
            // The length in front, so that no two rows run together into the same bytes.
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        };
        add(text);
        let mut pairs: Vec<(&str, &str)> = labels
            .iter()
            .flat_map(|&(facet, labels)| labels.iter().map(move |label| (facet, label.as_str())))
            .collect();
        pairs.sort_unstable();
        pairs.dedup();
        for (facet, label) in pairs {
            add(facet);
            add(label);
        }
        Self::first_bytes(&hasher.finalize())
    }

    fn first_bytes(hash: &blake3::Hash) -> Self {
        let mut first = [0; 8];
        first.copy_from_slice(&hash.as_bytes()[..8]);
        Fingerprint(u64::from_le_bytes(first))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(text: &str, labels: &[(&str, &[&str])]) -> Fingerprint {
        let owned: Vec<(&str, Vec<String>)> =
            labels.iter().map(|(facet, labels)| (*facet, labels.iter().map(|&l| l.to_owned()).collect())).collect();
        let borrowed: Vec<(&str, &[String])> = owned.iter().map(|(facet, labels)| (*facet, &labels[..])).collect();
        Fingerprint::of_row(text, &borrowed)
    }

    #[test]
    fn a_text_without_letters_has_none() {
        assert_eq!(Fingerprint::of_letters(&Letters::of("…")), None);
        // BLAKE3 of "abc" begins 6437b3ac38465133 (the reference implementation's own example).
        assert_eq!(Fingerprint::of_letters(&Letters::of("A. b, C!")), Some(Fingerprint(0x3351_4638_acb3_3764)));
    }

    #[test]
    fn the_order_of_facets_and_labels_does_not_matter_and_everything_else_does() {
        let one = row("a b", &[("topic", &["x", "y"]), ("region", &["z"])]);
        assert_eq!(one, row("a b", &[("region", &["z"]), ("topic", &["y", "x", "x"]), ("mood", &[])]));
        for other in [
            row("a  b", &[("topic", &["x", "y"]), ("region", &["z"])]),
            row("a b", &[("topic", &["x"]), ("region", &["z"])]),
            row("a b", &[("topic", &["x", "z"]), ("region", &["y"])]),
            row("a b", &[("topic", &["xy"]), ("region", &["z"])]),
            row("a b", &[]),
        ] {
            assert_ne!(one, other);
        }
    }
}
