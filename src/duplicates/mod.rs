//! Which texts are the same, or nearly: fingerprints and sketches of a few bytes instead of the texts.
//!
//! Everything here looks at the *letters* of a text (letters, digits and the marks on them), so that punctuation,
//! case and spacing do not matter. A [`Fingerprint`] is a hash of all of them: equal texts have equal ones. A
//! [`Sketch`] is a MinHash of its pieces: two sketches tell how many pieces two texts share. A [`SketchIndex`] finds
//! the like of a sketch among millions without looking at each, and [`Groups`] all duplicates within one set of texts.
//!
//! | | bytes a text | says |
//! |---|---|---|
//! | [`Fingerprint`] | 8 | the same letters (or, of a [row](Fingerprint::of_row), the same text and labels) |
//! | [`Sketch`] | 16 | most of the letters in the same order, see [`Sketch::is_near`] |
//!
//! The hashes have no key: whoever has them can ask whether a given text was among those that they were made of.

mod fingerprint;
mod groups;
mod index;
mod letters;
mod sketch;

pub use fingerprint::Fingerprint;
pub use groups::{Groups, groups};
pub use index::SketchIndex;
pub use letters::Letters;
pub use sketch::Sketch;
