//! From texts to counts, on all threads: the fast path of training.
//!
//! A chunk of rows passes through four steps, each on all threads before the next begins:
//!
//! 1. Blocks ([`block`]), runs of rows of half a megabyte, are cut into words, and each word gets a number within its block. Its
//!    table of words is small enough for the second cache, where most lookups end.
//! 2. The words of each block, each once, get their number in the whole ([`word_table`]). One thread does this, as there
//!    are few of them.
//! 3. What each block counts, (feature, row), is dealt into 256 parts by a hash of the feature ([`dealt`]).
//! 4. Each part ([`part`]) adds up its features alone, block after block, without a lock: its tables are small, so memory is
//!    read where it is warm. An n-gram is the numbers of its words, exact, never a hash.
//!
//! At the end features are sorted by what they say ([`order`]), so that neither the order of rows nor the threads show.
//! Memory is a chunk and about 40 bytes a feature, more for features of several labels; see [`cells`].
//!
//! The same in one loop and a few lines is [`VocabularyBuilder`](crate::features::VocabularyBuilder) with
//! [`CountsBuilder`](crate::bayes::CountsBuilder): the tests hold this against it.

mod block;
mod cells;
mod counter;
mod dealt;
mod kept;
mod labels;
mod ngrams;
mod order;
mod part;
mod table;
mod tokens;
mod word_table;

pub(crate) use block::Text;
pub(crate) use counter::{KeepingCounter, LabelCounter};
pub(crate) use kept::KeptRows;
pub(crate) use labels::RowLabels;
pub(crate) use part::CountError;

/// In how many parts features are counted: enough for the threads of any machine, and for a part of a million features to
/// fit the second cache.
const PARTS: usize = 256;
/// The prefix of a word that has none.
const NO_PREFIX: u32 = u32::MAX;
