//! Gazetteer and matcher in one: what looks places up.

use super::focus::{Candidates, Frame};
use super::{Gazetteer, GazetteerError, Meaning, Mention, PlaceMatcher, Strength};
use crate::features::{Concept, Token};

/// The gazetteer that ships, a user's entries, and the matcher over both. Immutable, so one serves all threads.
#[derive(Debug)]
pub struct Atlas {
    gazetteer: Gazetteer,
    matcher: PlaceMatcher,
    /// Entries of the user: the name of their file, and its text.
    added: Option<(String, String)>,
}

impl Atlas {
    /// The gazetteer that ships, with the rows of a user's file (its name and its text) where there are any.
    ///
    /// # Errors
    /// [`GazetteerError`] for rows that cannot be used.
    pub fn new(added: Option<(String, String)>) -> Result<Self, GazetteerError> {
        let mut gazetteer = Gazetteer::embedded()?;
        if let Some((name, csv)) = &added {
            gazetteer = gazetteer.with_user_entries(csv, name)?;
        }
        let matcher = PlaceMatcher::of(gazetteer.take_forms());
        Ok(Atlas { gazetteer, matcher, added })
    }

    /// The gazetteer.
    pub fn gazetteer(&self) -> &Gazetteer {
        &self.gazetteer
    }

    /// The matcher.
    pub fn matcher(&self) -> &PlaceMatcher {
        &self.matcher
    }

    /// The user's entries: the name of their file, and its text.
    pub fn added(&self) -> Option<&(String, String)> {
        self.added.as_ref()
    }

    /// The places that a text names; `tokens` are its words.
    pub fn mentions(&self, text: &str, tokens: &[Token<'_>]) -> Vec<Mention> {
        let mut mentions = Vec::new();
        self.matcher.mentions(text, tokens, &mut mentions);
        mentions
    }

    /// The countries among the mentions of a text, and how it names them. The first of several lines is its title.
    pub fn candidates(&self, text: &str, mentions: &[Mention]) -> Candidates {
        Candidates::new(mentions, frame(text), &self.gazetteer)
    }

    /// The sub-regions and regions in which the strong mentions of a text lie, one concept for each mention and area.
    ///
    /// The country itself is none: a token that is more telling still would leave nothing to learn for the areas, which
    /// also speak for countries that no training text named.
    pub fn concepts<'a>(&'a self, mentions: &[Mention]) -> Vec<Concept<'a>> {
        let mut concepts = Vec::new();
        for mention in mentions.iter().filter(|mention| mention.strength == Strength::Strong) {
            let mut add = |name| concepts.push(Concept { name, start: mention.start, end: mention.end });
            match mention.meaning {
                Meaning::Country(code) => {
                    if let Some(country) = self.gazetteer.country(code) {
                        add(country.sub_region);
                        add(country.region);
                    }
                }
                Meaning::Areas(areas) => areas.iter().for_each(add),
                Meaning::Term(_) | Meaning::Nothing => {}
            }
        }
        concepts
    }
}

fn frame(text: &str) -> Frame {
    let body = text.trim_end();
    let Some(title) = body.find('\n') else { return Frame::paragraph(text) };
    let lead = body[title + 1..].find('\n').map_or(text.len(), |end| title + 1 + end);
    Frame::article(title, lead)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::Tokenizer;

    #[test]
    fn strong_mentions_lie_in_areas() {
        let atlas = Atlas::new(None).unwrap();
        let concepts = |text: &str| -> Vec<String> {
            let tokens: Vec<Token<'_>> = Tokenizer::default().tokens(text).collect();
            let concepts = atlas.concepts(&atlas.mentions(text, &tokens));
            concepts.iter().map(|c| format!("{} {}", c.name, &text[c.start..c.end])).collect()
        };
        assert_eq!(concepts("Talks in Kabul failed."), ["southern-asia Kabul", "asia Kabul"]);
        assert_eq!(concepts("Drought in Central Asia."), ["central-asia Central Asia"]);
        assert_eq!(concepts("Jordan scored twice."), [] as [&str; 0]);
    }
}
