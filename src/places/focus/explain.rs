//! Why a text is, or is not, about a country.

use super::super::Code;
use super::inputs::{FOCUS, INPUT_NAMES, UNKNOWN_FOCUS};
use super::{Candidates, RegionStack};

/// The log odds that a text is about a country, as a sum.
#[derive(Clone, Debug, PartialEq)]
pub struct CountryEvidence {
    /// The country.
    pub code: Code,
    /// The log odds: the sum of all summands.
    pub log_odds: f64,
    /// The summands that are not 0, in a fixed order.
    pub summands: Vec<Evidence>,
}

/// One summand.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// What it is about: `words`, `common in training`, `focus: mentions 3-4`.
    pub name: String,
    /// What it adds to the log odds.
    pub log_odds: f64,
}

impl RegionStack {
    /// What speaks for and against a country; `None` where it does not come into question. `words` as in
    /// [`tag`](Self::tag).
    pub fn explain(&self, candidates: &Candidates, words: &[f32], code: Code) -> Option<CountryEvidence> {
        let cases = self.cases(candidates, words);
        let case = cases.iter().find(|case| case.code == code)?;
        let inputs = case.inputs();
        let weights = &self.parts().stack_weights;
        let mut summands = Vec::new();
        let mut push = |name: String, log_odds: f64| {
            if log_odds != 0.0 {
                summands.push(Evidence { name, log_odds });
            }
        };
        for (i, name) in INPUT_NAMES.iter().enumerate().filter(|(i, _)| ![FOCUS, UNKNOWN_FOCUS].contains(i)) {
            push((*name).to_owned(), weights[i] * inputs[i]);
        }
        if let Some((one, _)) = case.mentioned {
            // The focus counts by one weight, of unknown countries by two together.
            let weight = weights[FOCUS] + if case.is_unknown() { weights[UNKNOWN_FOCUS] } else { 0.0 };
            for (name, part) in self.focus().contributions(candidates, one) {
                push(format!("focus: {name}"), weight * part);
            }
        }
        let log_odds = summands.iter().map(|summand| summand.log_odds).sum();
        Some(CountryEvidence { code, log_odds, summands })
    }
}
