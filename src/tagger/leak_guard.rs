//! Was this text in training?

use serde::Serialize;

use crate::duplicates::{Fingerprint, Letters, Sketch, SketchIndex};
use crate::evaluate::Evaluation;

use super::Fingerprints;

/// Whether a text was in training.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leak {
    /// The text has no letter, so the question has no sense.
    Empty,
    /// It was not.
    None,
    /// A text much like it was: the same but for some words, or but for a fifth that was cut off.
    Near,
    /// It was, up to punctuation, case and spacing.
    Exact,
}

impl Leak {
    /// Whether the text, or one much like it, was in training.
    pub fn is_leak(self) -> bool {
        matches!(self, Leak::Near | Leak::Exact)
    }
}

/// Knows the training rows of a model by their [`Fingerprints`].
///
/// ```
/// use wiredesk::tagger::{Leak, Tagger, TrainOptions, Trainer};
/// use wiredesk::{CorpusReader, ReadOptions};
///
/// let csv = "text,topic\nA late goal won the match,sport\nThe bank raised its rates,economy\n";
/// let reader = CorpusReader::from_bytes("labelled.csv", csv, &ReadOptions::default())?;
/// let mut trainer = Trainer::new(TrainOptions::default(), reader.facets())?;
/// trainer.add(&reader.collect::<Result<Vec<_>, _>>()?)?;
/// let (tagger, _) = trainer.finish()?;
/// let guard = tagger.fingerprints().expect("training keeps them by default").guard();
/// assert_eq!(guard.look("A LATE GOAL won the match!"), Leak::Exact);
/// assert_eq!(guard.look("The rates of the bank"), Leak::None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct LeakGuard<'m> {
    fingerprints: &'m Fingerprints,
    index: SketchIndex,
}

impl<'m> LeakGuard<'m> {
    pub(super) fn new(fingerprints: &'m Fingerprints) -> Self {
        LeakGuard { fingerprints, index: SketchIndex::new(fingerprints.sketches.iter().map(|&bits| Sketch(bits))) }
    }

    /// Whether this text was in training.
    pub fn look(&self, text: &str) -> Leak {
        let letters = Letters::of(text);
        let Some(fingerprint) = Fingerprint::of_letters(&letters) else { return Leak::Empty };
        if self.fingerprints.has_text(fingerprint) {
            return Leak::Exact;
        }
        match Sketch::of_letters(&letters) {
            Some(sketch) if self.index.has_near(sketch) => Leak::Near,
            _ => Leak::None,
        }
    }
}

/// How many texts were in training.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LeakCounts {
    /// Texts that were looked at; those without a letter are not.
    pub rows: u64,
    /// Those in training, up to punctuation, case and spacing.
    pub exact: u64,
    /// Those that are much like one in training.
    pub near: u64,
}

impl LeakCounts {
    /// Counts an answer.
    pub fn add(&mut self, leak: Leak) {
        self.rows += u64::from(leak != Leak::Empty);
        self.exact += u64::from(leak == Leak::Exact);
        self.near += u64::from(leak == Leak::Near);
    }

    /// Exact and near.
    pub fn leaks(&self) -> u64 {
        self.exact + self.near
    }
}

/// How many test rows were in training, and the figures without them.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Leaks {
    /// What was found.
    #[serde(flatten)]
    pub counts: LeakCounts,
    /// The evaluation of the other rows; only where there are leaks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub without: Option<Evaluation>,
}
