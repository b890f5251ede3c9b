//! Why a text has its tags, as shown: the largest contributions to each, and colours for the words. Shapes in
//! `docs/formats.md`.

use std::fmt::Write;

use anstyle::Style;
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::features::fold_into;
use crate::tagger::{Contribution, Explanation, Tagger, Tags, WordWeight};

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

/// The contributions in words: `goal +0.42; ^econ (economy) −0.10`, safe to print.
pub fn because(why: &Explanation, text: &str, separator: &str) -> String {
    let show = |c: &Contribution| format!("{} {}", printable(&name(c, text)), signed(c.value));
    why.contributions.iter().map(show).collect::<Vec<_>>().join(separator)
}

/// The feature, a prefix with the words that it stands for.
fn name(contribution: &Contribution, text: &str) -> String {
    const LISTED: usize = 3;
    if !contribution.feature.starts_with('^') {
        return contribution.feature.clone();
    }
    let mut words: Vec<String> = Vec::new();
    for &(start, end) in &contribution.places {
        let mut word = String::new();
        fold_into(&text[start..end], &mut word);
        if !words.contains(&word) {
            words.push(word);
        }
    }
    let more = if words.len() > LISTED { ", …" } else { "" };
    words.truncate(LISTED);
    format!("{} ({}{more})", contribution.feature, words.join(", "))
}

/// Two decimals and a sign that is as wide as a plus.
fn signed(value: f64) -> String {
    format!("{value:+.2}").replace('-', "−")
}

/// An explanation as JSON; `offset` is where the text begins in what places refer to.
pub struct WhyJson<'a> {
    pub why: &'a Explanation,
    pub offset: usize,
}

/// Six decimals: sums still come out, and a line can be read. Adding zero makes −0 a 0.
fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6 + 0.0
}

impl Serialize for WhyJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let WhyJson { why, offset } = self;
        let contributions: Vec<_> = why.contributions.iter().map(|c| ContributionJson(c, *offset)).collect();
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

struct ContributionJson<'a>(&'a Contribution, usize);

impl Serialize for ContributionJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let ContributionJson(contribution, offset) = self;
        let places: Vec<(usize, usize)> =
            contribution.places.iter().map(|(start, end)| (start + offset, end + offset)).collect();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("feature", &contribution.feature)?;
        map.serialize_entry("weight", &rounded(contribution.value))?;
        map.serialize_entry("places", &places)?;
        map.end()
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

    #[test]
    fn a_prefix_is_shown_with_its_words() {
        let text = "Economy, ECONOMY, economic economists economics";
        let mut contribution = Contribution { feature: "^econ".into(), value: -0.104, places: vec![(0, 7), (9, 16)] };
        assert_eq!(name(&contribution, text), "^econ (economy)");
        contribution.places.extend([(18, 26), (27, 37), (38, 47)]);
        assert_eq!(name(&contribution, text), "^econ (economy, economic, economists, …)");
        assert_eq!(signed(contribution.value), "−0.10");
    }
}
