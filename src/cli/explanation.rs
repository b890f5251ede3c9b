//! Why a text has its tags, as shown: the largest contributions to each, and colours for the words. Shapes in
//! `docs/formats.md`.

use std::fmt::Write;

use anstyle::Style;

pub(crate) use crate::report::because::because;
use crate::tagger::{Explanation, Tagger, Tags, WordWeight};

use super::style::{self, printable};

/// The explanations of all tags of a text.
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

    /// A piece of the text that begins at byte `skipped`, safe to print, its words coloured by what they add to the
    /// first tag: much in bold, some in colour, what speaks against it dim. The rest is in style `base`, which must be
    /// on already.
    pub fn highlight(&self, piece: &str, skipped: usize, base: Style) -> String {
        let largest = self.words.iter().map(|word| word.weight.abs()).fold(0.0, f64::max);
        let mut out = String::new();
        let mut done = 0;
        for word in &self.words {
            let Some(style) = self.style(word.weight / largest) else { continue };
            let (Some(start), Some(end)) = (word.start.checked_sub(skipped), word.end.checked_sub(skipped)) else {
                continue;
            };
            // What was cut off has no words to show.
            let (Some(before), Some(shown)) = (piece.get(done..start), piece.get(start..end)) else { break };
            let (before, shown) = (printable(before), printable(shown));
            // Writing to a string cannot fail.
            let _ = write!(out, "{before}{style}{shown}{style:#}{base}");
            done = end;
        }
        out + &printable(&piece[done..])
    }

    /// The style of a word that adds this share of what the strongest adds.
    fn style(&self, share: f64) -> Option<Style> {
        match share {
            s if s >= 1.0 / 3.0 => Some(style::facet(self.facet)),
            s if s >= 0.1 => Some(style::facet_light(self.facet)),
            s if s <= -0.1 => Some(style::QUIET),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(words: &[(usize, usize, f64)]) -> Why {
        let words = words.iter().map(|&(start, end, weight)| WordWeight { start, end, weight }).collect();
        Why { tags: Vec::new(), words, facet: 0 }
    }

    #[test]
    fn words_are_coloured_by_their_share_of_the_strongest() {
        let why = why(&[(1, 3, 0.9), (4, 6, 0.2), (7, 9, 0.05), (10, 12, -0.3)]);
        let (bold, light, dim) = (style::facet(0), style::facet_light(0), style::QUIET);
        let expected = format!("{bold}aa{bold:#} {light}bb{light:#} cc {dim}dd{dim:#}!");
        assert_eq!(why.highlight("aa bb cc dd!", 1, Style::new()), expected);
        // A piece that was cut off, and one that was never coloured.
        assert_eq!(why.highlight("aa b", 1, Style::new()), format!("{bold}aa{bold:#} b"));
        assert_eq!(self::why(&[]).highlight("aa\u{1b}", 0, Style::new()), "aa\u{FFFD}");
    }
}
