//! **2 FEATURES**: from text to a bag of words.
//!
//! [`Tokenizer`] finds words (character bigrams in scripts without spaces), [`VocabularyBuilder`] gives every word,
//! word n-gram and word prefix of the training texts a column, [`Vocabulary`] finds the column again, and
//! [`FeatureExtractor`] puts the three together: text in, a row of [`BagOfWords`] out. The columns lie in
//! [`Blocks`], one for words, one for each order of n-grams, one for prefixes and so on, each a distribution of its own.

mod bag;
mod blocks;
mod builder;
mod extractor;
mod lowercase;
mod ngram_index;
mod row_counter;
mod script;
mod string_index;
mod strings;
mod tokenizer;
mod union;
mod vocabulary;

pub use bag::BagOfWords;
pub use blocks::{Block, BlockKind, Blocks};
pub use builder::{TooManyFeatures, VocabularyBuilder};
pub(crate) use builder::{for_each_character_ngram, prefix_of};
pub(crate) use extractor::count_columns;
pub use extractor::{Concept, FeatureExtractor, FeatureSettings, TokenBuffer};
pub use lowercase::fold_into;
pub(crate) use row_counter::RowCounter;
pub(crate) use script::{CharClass, class};
pub(crate) use strings::Strings;
pub use tokenizer::{Token, Tokenizer, Tokens};
pub use vocabulary::{Vocabulary, VocabularyParts};
