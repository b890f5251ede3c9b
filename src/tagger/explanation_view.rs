//! An explanation as JSON: `bias`, `margin`, `companion` where there is one, and `contributions`, each a feature, a weight
//! and places.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{Contribution, Explanation};

/// An explanation, to be written out.
#[derive(Clone, Copy, Debug)]
pub struct ExplanationView<'a> {
    /// The explanation.
    pub why: &'a Explanation,
    /// Where the text begins in what places are to refer to.
    pub offset: usize,
}

/// Six decimals: sums still come out, and a line can be read. Adding zero makes −0 a 0.
fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6 + 0.0
}

impl Serialize for ExplanationView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let ExplanationView { why, offset } = self;
        let contributions: Vec<_> = why.contributions.iter().map(|c| ContributionView(c, *offset)).collect();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("bias", &rounded(why.bias))?;
        map.serialize_entry("margin", &rounded(why.margin))?;
        if let Some(companion) = why.companion {
            map.serialize_entry("companion", &rounded(companion))?;
        }
        map.serialize_entry("contributions", &contributions)?;
        map.end()
    }
}

struct ContributionView<'a>(&'a Contribution, usize);

impl Serialize for ContributionView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let ContributionView(contribution, offset) = self;
        let places: Vec<(usize, usize)> =
            contribution.places.iter().map(|(start, end)| (start + offset, end + offset)).collect();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("feature", &contribution.feature)?;
        map.serialize_entry("weight", &rounded(contribution.value))?;
        map.serialize_entry("places", &places)?;
        map.end()
    }
}
