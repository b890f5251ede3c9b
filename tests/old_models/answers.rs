//! What a model says of the texts in `tests/data/models/texts.txt`, as lines of a CSV file: all that a later release has
//! to say as well.

use wiredesk::Tagger;

/// A label's probability, and whether it is a tag.
pub struct Answer {
    /// Which text, from 1.
    pub text: usize,
    pub facet: String,
    pub label: String,
    pub probability: f64,
    pub tag: bool,
}

/// How many labels of a facet are kept besides its tags, the most probable ones.
const TOP: usize = 5;

/// The answers of one model.
pub fn answers(tagger: &Tagger, texts: &str) -> Vec<Answer> {
    let mut answers = Vec::new();
    for (number, text) in (1..).zip(texts.lines()) {
        for (facet, analysis) in tagger.facets().iter().zip(tagger.analyze(text).facets) {
            let mut labels: Vec<usize> = (0..analysis.probabilities.len()).collect();
            // A stable sort: ties stay in the order of the labels.
            labels.sort_by(|&a, &b| analysis.probabilities[b].total_cmp(&analysis.probabilities[a]));
            let mut kept: Vec<usize> = labels.into_iter().take(TOP).chain(analysis.decided.iter().copied()).collect();
            kept.sort_unstable();
            kept.dedup();
            answers.extend(kept.into_iter().map(|label| Answer {
                text: number,
                facet: facet.name().to_owned(),
                label: facet.labels().names()[label].clone(),
                probability: analysis.probabilities[label],
                tag: analysis.decided.contains(&label),
            }));
        }
    }
    answers
}
