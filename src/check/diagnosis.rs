//! What the doctor says.

use std::collections::BTreeMap;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::{LabelTypo, LengthRange};
use crate::report::thousands;

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Rows are lost.
    Error,
    /// A model learns something wrong, or its figures say something wrong.
    Warning,
    /// To be known; perhaps as it should be.
    Note,
}

/// What was found; the gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Reading ended before the input did.
    Stopped,
    /// Rows with bytes that are no UTF-8.
    Encoding,
    /// Rows with more or fewer fields than the header.
    Ragged,
    /// Rows that cannot be read for another reason.
    Unreadable,
    /// The same text with other labels.
    ConflictingDuplicates,
    /// Labels that are probably another one.
    LabelTypos,
    /// Text that was decoded wrongly before.
    MisreadText,
    /// Rows without a word.
    EmptyTexts,
    /// The same text again.
    ExactDuplicates,
    /// Nearly the same text again.
    NearDuplicates,
    /// Labels of too few rows to be evaluated.
    RareLabels,
    /// Rows without a label.
    Unlabelled,
    /// Rows in another language than most.
    Languages,
    /// Texts far shorter or longer than most.
    Lengths,
}

impl Kind {
    /// How grave it is.
    pub fn severity(self) -> Severity {
        match self {
            Kind::Stopped | Kind::Encoding | Kind::Ragged | Kind::Unreadable => Severity::Error,
            Kind::Unlabelled | Kind::Languages | Kind::Lengths => Severity::Note,
            _ => Severity::Warning,
        }
    }

    /// What to look at, for the closing sentence.
    fn in_words(self) -> &'static str {
        match self {
            Kind::Stopped => "where reading stopped",
            Kind::Encoding => "the encoding",
            Kind::Ragged | Kind::Unreadable => "the rows that cannot be read",
            Kind::ConflictingDuplicates => "the texts with contradicting labels",
            Kind::MisreadText => "the misread texts",
            Kind::EmptyTexts => "the rows without a word",
            Kind::LabelTypos => "the misspelt labels",
            Kind::ExactDuplicates | Kind::NearDuplicates => "the duplicates",
            Kind::RareLabels => "the rare labels",
            Kind::Unlabelled => "the rows without a label",
            Kind::Languages => "the other languages",
            Kind::Lengths => "the short and long texts",
        }
    }
}

/// A row to look at.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Example {
    /// The input.
    pub source: String,
    /// 1-based number of the row in its input.
    pub row: u64,
    /// 1-based line on which the row begins.
    pub line: u64,
    /// The value of the id column, where one was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What is wrong with this row, where that is not the same for all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// The beginning of the text, as it stands; absent in rows that cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Per facet, the labels; facets without one are left out.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, Vec<String>>,
    /// The row that it repeats or contradicts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub like: Option<Box<Example>>,
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// What it is.
    pub kind: Kind,
    /// How grave it is.
    pub severity: Severity,
    /// The facet that it concerns, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facet: Option<String>,
    /// Rows that it concerns.
    pub rows: u64,
    /// What it is, in one sentence without a final period.
    pub message: String,
    /// Some of the rows.
    pub examples: Vec<Example>,
    /// Of rows that cannot be read, per input the lines of all of them.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub lines: BTreeMap<String, Vec<u64>>,
    /// All labels that are probably misspelt.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub typos: Vec<LabelTypo>,
}

impl Finding {
    pub(super) fn new(kind: Kind, rows: u64, message: String, examples: Vec<Example>) -> Self {
        Finding {
            kind,
            severity: kind.severity(),
            facet: None,
            rows,
            message,
            examples,
            lines: BTreeMap::new(),
            typos: Vec::new(),
        }
    }
}

/// The labels of a facet.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FacetCounts {
    /// Its name.
    #[serde(skip)]
    pub name: String,
    /// Rows with a label.
    pub labelled: u64,
    /// Rows without.
    pub empty: u64,
    /// Whether a row has several.
    pub multi_label: bool,
    /// Rows of each label.
    pub labels: BTreeMap<String, u64>,
}

/// All that was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Diagnosis {
    /// Rows that could be read.
    pub rows: u64,
    /// Rows that could not.
    pub unreadable: u64,
    /// The facets, in the order given.
    #[serde(serialize_with = "by_name")]
    pub facets: Vec<FacetCounts>,
    /// Lengths of the texts, in words; `None` where no text has one.
    pub words: Option<LengthRange>,
    /// Rows of each language by its name; `unknown` where a text is too short to tell, or could be several.
    pub languages: BTreeMap<String, u64>,
    /// What was found, the gravest first.
    pub findings: Vec<Finding>,
    /// All of it in a sentence.
    pub summary: String,
}

fn by_name<S: Serializer>(facets: &[FacetCounts], serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(facets.len()))?;
    for facet in facets {
        map.serialize_entry(&facet.name, facet)?;
    }
    map.end()
}

/// `1 row`, `2 rows`.
pub(super) fn count(n: u64, noun: &str) -> String {
    format!("{} {noun}{}", thousands(n), if n == 1 { "" } else { "s" })
}

/// The closing sentence.
pub(super) fn summary(rows: u64, unreadable: u64, findings: &[Finding]) -> String {
    let unreadable = match unreadable {
        0 => String::new(),
        n => format!(" and {} that cannot be read", thousands(n)),
    };
    let looked = format!("{}{unreadable}", count(rows, "row"));
    let of = |severity| findings.iter().filter(|f| f.severity == severity).count() as u64;
    let kinds: Vec<String> = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")]
        .into_iter()
        .filter(|&(severity, _)| of(severity) > 0)
        .map(|(severity, noun)| count(of(severity), noun))
        .collect();
    let listed = match &kinds[..] {
        [] => return format!("{looked}: nothing to complain about."),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    };
    if findings.iter().all(|finding| finding.severity == Severity::Note) {
        return format!("{looked}: nothing to complain about, {listed}.");
    }
    let first = findings.first().map_or("", |finding| finding.kind.in_words());
    format!("{looked}: {listed}; look at {first} first.")
}
