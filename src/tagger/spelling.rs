//! How a user writes countries.

use crate::places::Code;

/// How a user writes countries.
pub(super) enum Spelling {
    /// `FR`
    Codes,
    /// `France`
    Names,
    /// `france`
    LowerCaseNames,
}

impl Spelling {
    /// The spelling of some labels; codes where there is none.
    pub fn of(labels: &[String]) -> Self {
        if labels.iter().all(|label| Code::parse(label).is_some()) {
            Spelling::Codes
        } else if labels.iter().all(|label| *label == label.to_lowercase()) {
            Spelling::LowerCaseNames
        } else {
            Spelling::Names
        }
    }

    /// A country in this spelling.
    pub fn write(&self, code: Code, name: &str) -> String {
        match self {
            Spelling::Codes => code.to_string(),
            Spelling::Names => name.to_owned(),
            Spelling::LowerCaseNames => name.to_lowercase(),
        }
    }
}
