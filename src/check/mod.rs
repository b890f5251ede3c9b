//! Is this data fit to learn from? The doctor of labelled rows.
//!
//! [`Checker`] takes rows one by one and remembers about 200 bytes of each; [`Checker::finish`] gives a [`Diagnosis`]: how
//! often each label occurs, how long texts are, and [`Finding`]s, the gravest first, each with examples that can be
//! looked up. What it looks for:
//!
//! | kind | what | where |
//! |---|---|---|
//! | rows that cannot be read | bytes that are no UTF-8, wrong number of fields, … | [`CorpusError`](crate::corpus::CorpusError) |
//! | misread text | replacement characters, "Ã©" for "é", control characters | [`TextDamage`] |
//! | duplicates | exact, near, and with other labels | [`duplicates`](crate::duplicates) |
//! | labels | probable typos, too rare to evaluate, missing | [`label_typos`] |
//! | lengths | texts far shorter or longer than the others | [`LengthRange`] |
//! | languages | rows in another language than most | told by the caller |
//!
//! All of it is a matter of judgement but the first; nothing is changed.

mod checker;
mod diagnosis;
mod encoding;
mod facet_labels;
mod lengths;
mod rows;
mod typos;

pub use checker::Checker;
pub use diagnosis::{Diagnosis, Example, FacetCounts, Finding, Kind, Severity};
pub use encoding::TextDamage;
pub use lengths::LengthRange;
pub use typos::{LabelTypo, label_typos};
