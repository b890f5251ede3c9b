//! The inputs of the stack: what is known of a country that a text may be about.
//!
//! With m = 1 where the country is mentioned, z its standardised words score, `best` where z is the largest of the text,
//! and `unknown` where too few training texts were about it (z, `best` and the prior are 0 then). "No mention": no
//! country is clearly mentioned.

use super::super::Code;
use super::parts::RegionParts;
use super::{Candidate, Candidates};

/// How many inputs there are, the one that is always on included.
pub(super) const N_INPUTS: usize = 17;

/// What the inputs are called, in the order of the weights.
pub(super) const INPUT_NAMES: [&str; N_INPUTS] = [
    "always on",
    "mentioned",
    "clearly mentioned",
    "focus",
    "words",
    "words, not mentioned",
    "best by its words",
    "best by its words, not mentioned",
    "rare in training",
    "rare in training, not mentioned",
    "focus, rare in training",
    "common in training",
    "common in training, not mentioned",
    "home",
    "home, no country mentioned",
    "not mentioned, nor any country",
    "not mentioned, but other countries",
];

/// Position of `focus` among the inputs.
pub(super) const FOCUS: usize = 3;
/// Position of `focus` where the country is unknown.
pub(super) const UNKNOWN_FOCUS: usize = 10;

/// Position of `home, no country mentioned` among the inputs.
pub(super) const HOME_ALONE: usize = 14;

/// So many countries that are not mentioned are considered, those with the best words scores.
const MOST_BY_WORDS: usize = 8;

/// A country that a text may be about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Case<'a> {
    pub code: Code,
    /// How it is mentioned, and the log odds of the focus model.
    pub mentioned: Option<(&'a Candidate, f64)>,
    /// Words score and log prior; `None` for an unknown country.
    known: Option<(f64, f64)>,
    best: bool,
    home: bool,
    n_strong: u32,
}

impl RegionParts {
    /// The countries that a text may be about: those it mentions, the known ones with the best words scores, home.
    ///
    /// `focus` gives the log odds of the focus model for each candidate in order, `scores` the words score of each label
    /// or nothing. A former state takes part only where training knows it as a label.
    pub(super) fn cases<'a>(&self, all: &'a Candidates, focus: &[f64], scores: &[f32]) -> Vec<Case<'a>> {
        let z = |label: usize| (f64::from(scores[label]) - self.mean) / self.sd;
        let mut ranked: Vec<(f64, usize)> =
            (0..scores.len()).filter(|&label| self.is_known(label)).map(|label| (z(label), label)).collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let best = ranked.first().map(|&(_, label)| label);
        let case = |code: Code, mentioned| {
            let label = self.label(code).filter(|&label| label < scores.len() && self.is_known(label));
            Case {
                code,
                mentioned,
                known: label.map(|label| (z(label), self.log_prior(label))),
                best: label.is_some() && label == best,
                home: self.home == Some(code),
                n_strong: all.n_strong(),
            }
        };
        let offered = all.iter().zip(focus).filter(|(one, _)| !one.former || self.label(one.code).is_some());
        let mut cases: Vec<Case<'a>> = offered.map(|(one, &focus)| case(one.code, Some((one, focus)))).collect();
        let not_mentioned = ranked.iter().map(|&(_, label)| self.labels[label].code);
        let by_words = not_mentioned.filter(|&code| all.get(code).is_none()).take(MOST_BY_WORDS);
        cases.extend(by_words.map(|code| case(code, None)));
        if let Some(home) = self.home
            && !cases.iter().any(|one| one.code == home)
        {
            cases.push(case(home, None));
        }
        cases
    }
}

impl Case<'_> {
    /// The same as though no training text had been about the country; `None` where that says nothing new.
    pub fn dropped(&self) -> Option<Self> {
        let says_more = self.known.is_some() && (self.mentioned.is_some() || self.home);
        says_more.then_some(Case { known: None, best: false, ..*self })
    }

    /// Whether too few training texts were about the country.
    pub fn is_unknown(&self) -> bool {
        self.known.is_none()
    }

    /// The inputs, named by `INPUT_NAMES`.
    pub fn inputs(&self) -> [f64; N_INPUTS] {
        let is = |yes: bool| f64::from(u8::from(yes));
        let m = is(self.mentioned.is_some());
        let not = 1.0 - m;
        let strong = is(self.mentioned.is_some_and(|(one, _)| one.strong > 0));
        let focus = self.mentioned.map_or(0.0, |(_, focus)| focus);
        let (z, prior) = self.known.unwrap_or((0.0, 0.0));
        let (best, unknown, home) = (is(self.best), is(self.is_unknown()), is(self.home));
        let no_mention = is(self.n_strong == 0);
        [
            1.0,
            m,
            strong,
            focus,
            z * m,
            z * not,
            best * m,
            best * not,
            unknown * m,
            unknown * not,
            unknown * focus,
            prior * m,
            prior * not,
            home,
            home * no_mention,
            no_mention * not,
            not * f64::from(self.n_strong.min(6)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::super::made_up::{code, named};
    use super::super::{FocusModel, RegionLabel};
    use super::*;

    fn parts(home: Option<&str>) -> RegionParts {
        let label = |(name, texts)| RegionLabel { code: code(name), texts, seen: texts };
        RegionParts {
            labels: [("DE", 40), ("FR", 30), ("KE", 2), ("US", 50)].map(label).to_vec(),
            texts: 100,
            rare: 10,
            home: home.map(code),
            focus_weights: vec![0.0; FocusModel::N_WEIGHTS],
            stack_weights: vec![0.0; N_INPUTS],
            mean: -1.0,
            sd: 0.5,
            threshold: 0.5,
            at_least_one: true,
        }
    }

    #[test]
    fn mentioned_countries_come_first_then_those_of_the_words_then_home() {
        let all = named(&[("JP", 2), ("FR", 1)]);
        let codes = |home, scores: &[f32]| -> Vec<Code> {
            parts(home).cases(&all, &[0.5, 1.5], scores).iter().map(|case| case.code).collect()
        };
        let scores = [-1.0, 0.0, 3.0, 0.5];
        assert_eq!(codes(None, &scores), ["FR", "JP", "US", "DE"].map(code), "Kenya is rare");
        assert_eq!(codes(Some("GB"), &scores), ["FR", "JP", "US", "DE", "GB"].map(code));
        assert_eq!(codes(Some("US"), &[]), ["FR", "JP", "US"].map(code));
    }

    #[test]
    fn inputs_stand_apart_for_mentioned_and_other_countries() {
        let all = named(&[("FR", 1), ("JP", 2)]);
        let inputs: Vec<_> =
            parts(Some("DE")).cases(&all, &[0.5, 1.5], &[-1.0, 0.0, 3.0, 0.5]).iter().map(Case::inputs).collect();
        let (france, us, germany) = (libm::log(0.3), libm::log(0.5), libm::log(0.4));
        let expected = [
            [1., 1., 1., 0.5, 2., 0., 0., 0., 0., 0., 0., france, 0., 0., 0., 0., 0.],
            [1., 1., 1., 1.5, 0., 0., 0., 0., 1., 0., 1.5, 0., 0., 0., 0., 0., 0.],
            [1., 0., 0., 0., 0., 3., 0., 1., 0., 0., 0., 0., us, 0., 0., 0., 2.],
            [1., 0., 0., 0., 0., 0., 0., 0., 0., 0., 0., 0., germany, 1., 0., 0., 2.],
        ];
        assert_eq!(inputs, expected);
    }

    #[test]
    fn a_dropped_country_is_as_one_that_training_never_saw() {
        let (all, parts) = (named(&[("FR", 1), ("JP", 1)]), parts(None));
        let cases = parts.cases(&all, &[0.5, 0.5], &[-1.0, 0.9, 3.0, 0.5]);
        assert_ne!(cases[0].inputs(), cases[1].inputs());
        assert_eq!(cases[0].dropped().unwrap().inputs(), cases[1].inputs());
        assert!(cases[1].dropped().is_none(), "nothing to drop");
        assert!(cases[2].dropped().is_none(), "not mentioned: it would not come into question");
    }
}
