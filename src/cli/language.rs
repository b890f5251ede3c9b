//! Notices a text that is not in the language the model was made for.

use whatlang::{Detector, Lang};

use crate::tagger::ModelCard;

/// Shorter texts are guessed wrong too often to warn about.
const LEAST_CHARACTERS: usize = 200;
/// More text than this makes no guess better.
const MOST_BYTES: usize = 20_000;

/// The English name of the language of one text; `None` where it is too short to tell, or could be several.
pub fn language_of(text: &str) -> Option<&'static str> {
    /// In bytes, as a character of Chinese says more than a letter.
    const LEAST: usize = 100;
    const LEAST_LATIN: usize = 200;
    const MOST: usize = 400;
    let mut end = text.len().min(MOST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = &text[..end];
    // Tables and programs are no language; prose has a twentieth of punctuation and digits.
    let (signs, characters) = text
        .bytes()
        .filter(|b| !b.is_ascii_whitespace())
        .fold((0, 0), |(signs, all), b| (signs + usize::from(b.is_ascii_punctuation() || b.is_ascii_digit()), all + 1));
    if end < LEAST || signs * 5 > characters {
        return None;
    }
    let info = Detector::new().detect(text).filter(whatlang::Info::is_reliable)?;
    if end < LEAST_LATIN && info.script() == whatlang::Script::Latin {
        return None;
    }
    Some(info.lang().eng_name())
}

/// Collects text and says once whether it is in another language than the model's card names.
pub struct LanguageCheck {
    expected: Option<Lang>,
    sample: String,
}

impl LanguageCheck {
    /// Against the language of a card (`language`, ISO 639-3); a card without one checks nothing.
    pub fn new(card: &ModelCard) -> Self {
        LanguageCheck { expected: card.language().and_then(Lang::from_code), sample: String::new() }
    }

    /// Adds text, until there is enough.
    pub fn add(&mut self, text: &str) {
        if self.expected.is_some() && self.sample.len() < MOST_BYTES {
            self.sample.extend(text.chars().take(MOST_BYTES));
            self.sample.push('\n');
        }
    }

    /// The warning, if there is one; begins anew.
    pub fn warning(&mut self, source: &str) -> Option<String> {
        let sample = std::mem::take(&mut self.sample);
        let expected = self.expected?;
        if sample.chars().count() < LEAST_CHARACTERS {
            return None;
        }
        let info = Detector::new().detect(&sample).filter(whatlang::Info::is_reliable)?;
        (info.lang() != expected).then(|| {
            format!(
                "{source} looks like {}, but the model was made for {}; its tags say little here, train your own with `wiredesk train`",
                info.lang().eng_name(),
                expected.eng_name()
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_language_is_noticed_and_the_own_is_not() {
        let card = ModelCard::new("---\nlanguage: eng\n---\n");
        let german = "Die Bundesregierung hat am Mittwoch beschlossen, die Steuern für kleine Betriebe zu senken. Das Gesetz soll im \
                      kommenden Jahr in Kraft treten, sagte der Finanzminister in Berlin nach der Sitzung des Kabinetts. Die Opposition \
                      kritisierte die Pläne als unzureichend und forderte mehr Geld für Schulen.";
        let english = "The government decided on Wednesday to lower taxes for small businesses. The law is to come into force next year, \
                       the finance minister said in the capital after the meeting of the cabinet. The opposition called the plans \
                       insufficient and asked for more money for schools and hospitals.";
        for (text, expected) in [(german, true), (english, false), ("Kurz.", false)] {
            let mut check = LanguageCheck::new(&card);
            check.add(text);
            assert_eq!(check.warning("a.txt").is_some(), expected, "{text}");
        }
        let mut check = LanguageCheck::new(&ModelCard::default());
        check.add(german);
        assert_eq!(check.warning("a.txt"), None);
    }
}
