//! All the evidence about a text, before anything is decided.

/// What a model makes of a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Analysis {
    /// Per facet, in the model's order.
    pub facets: Vec<FacetAnalysis>,
}

/// What one facet's classifier makes of a text.
#[derive(Clone, Debug, PartialEq)]
pub struct FacetAnalysis {
    /// Per label, in label order, its probability.
    pub probabilities: Vec<f64>,
    /// The labels that the classifier decides for, ascending; none where no word is known.
    pub decided: Vec<usize>,
    /// The weighted number of known features; 0 where no word is known.
    pub length: f64,
    /// What probabilities and decision follow from, on a scale on which evidence adds: log probabilities up to a common
    /// summand in a single-label facet, log odds of being a tag in a multi-label one; per label, and last for "none of
    /// these" where naive Bayes scores that.
    pub evidence: Vec<f64>,
    /// In a facet of countries, the labels that the text names beyond doubt, ascending.
    pub mentioned: Vec<usize>,
    /// The probabilities by the text alone, where those above are by its article too; see
    /// [`Tagger::in_context`](super::Tagger::in_context).
    pub own: Option<Vec<f64>>,
}
