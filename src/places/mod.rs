//! **2b PLACES**: from text to the places it names.
//!
//! A [`Gazetteer`] of names, demonyms, cities and institutions (`datasets/gazetteer`) and a [`PlaceMatcher`] over the
//! tokens of the classifier. Countries are found; their M49 sub-region and region follow from them ([`Country`]), and so
//! do the groups newsrooms speak of ([`groups_of`], [`is_world`]).
//!
//! ```
//! use wiredesk::features::Tokenizer;
//! use wiredesk::places::{Gazetteer, Meaning, PlaceMatcher, Strength};
//!
//! let gazetteer = Gazetteer::embedded()?;
//! let matcher = PlaceMatcher::new(&gazetteer);
//! let text = "Protesters gathered in Tbilisi as Georgia's parliament voted.";
//! let tokens: Vec<_> = Tokenizer::default().tokens(text).collect();
//! let mut mentions = Vec::new();
//! matcher.mentions(text, &tokens, &mut mentions);
//! let georgia = mentions[1];
//! assert_eq!(&text[georgia.start..georgia.end], "Georgia");
//! assert_eq!(georgia.strength, Strength::Strong);
//! assert_eq!(georgia.decided.in_words(text).to_string(), "ambiguous, made strong by \"Tbilisi\"");
//! let Meaning::Country(code) = georgia.meaning else { unreachable!() };
//! assert_eq!(gazetteer.country(code).map(|country| country.sub_region), Some("western-asia"));
//! # Ok::<(), wiredesk::places::GazetteerError>(())
//! ```
//!
//! Leftmost-longest, case-aware: a form with capitals needs them. Ambiguous forms (Turkey, Jordan, Georgia) are *weak*
//! until something in the text supports them; the head of `resolve.rs` has the order of the rules.

mod area;
mod atlas;
mod beside;
mod code;
mod country;
mod entry;
mod error;
mod filter;
pub mod focus;
mod fold;
mod form;
mod gap;
mod gazetteer;
mod group;
mod growing;
mod matcher;
mod mention;
mod resolve;
mod scan;
mod steps;
mod table;
mod trie;
mod words;

pub use area::{Areas, region_of, sub_regions};
pub use atlas::Atlas;
pub use code::Code;
pub use country::Country;
pub use entry::{Kind, Meaning};
pub use error::GazetteerError;
pub use gazetteer::Gazetteer;
pub use group::{groups_of, is_world, newsroom_groups};
pub use matcher::PlaceMatcher;
pub use mention::{Mention, Rule, Span, Strength};
