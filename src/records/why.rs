//! Why a text has its tags, the largest contributions only.

use crate::tagger::{Explanation, Tagger, Tags, WordWeight};

/// The explanations of all tags of a text.
#[derive(Clone, Debug, Default)]
pub struct Why {
    /// Per facet and tag, with the largest contributions only.
    tags: Vec<Vec<Explanation>>,
    /// What the words add to the first tag.
    words: Vec<WordWeight>,
    /// The facet of the first tag, by its position.
    facet: usize,
}

impl Why {
    /// With the `top` largest contributions to each tag.
    pub fn of(tagger: &Tagger, text: &str, tags: &Tags<'_>, top: usize) -> Self {
        let mut tags = tagger.explain_tags(text, tags);
        let mut first = tags.iter().enumerate().filter_map(|(i, tags)| Some((i, tags.first()?)));
        let (facet, words) = first.next().map(|(i, why)| (i, why.weights_by_word())).unwrap_or_default();
        for why in tags.iter_mut().flatten() {
            why.contributions.truncate(top);
            why.contributions.shrink_to_fit();
        }
        Why { tags, words, facet }
    }

    /// Of a tag, by the position of its facet and its own.
    pub fn tag(&self, facet: usize, tag: usize) -> Option<&Explanation> {
        self.tags.get(facet)?.get(tag)
    }

    /// What each word adds to the first tag of the text.
    pub fn words(&self) -> &[WordWeight] {
        &self.words
    }

    /// The facet of the first tag, by its position.
    pub fn first_facet(&self) -> usize {
        self.facet
    }
}
