//! From the places that a text names to the countries that it is about.
//!
//! Most texts name more countries than they are about, and training rows say of few countries what texts about them
//! sound like. So two models share the work:
//!
//! 1. [`FocusModel`], *tied focus*: one logistic regression whose weights all countries share. It reads how a country is
//!    mentioned (how often, how early, in the title, beside how many others; [`Candidates`]), needs tens of labelled
//!    texts, and works for countries that no training text was about.
//! 2. [`RegionStack`]: a logistic regression of sixteen inputs over the focus, the scores of a words model and how common
//!    a label is. *Label dropout* (mentioned countries take part a second time as though no training text had them)
//!    keeps it right about countries that the words model does not know.
//!
//! Everything that the second model learns from was made out of fold: by models that have not seen the text. Where there
//! are no labels at all, [`gazetteer_labels`] makes some.

mod candidates;
mod columns;
mod error;
mod explain;
mod gazetteer_labels;
mod inputs;
mod logistic;
mod model;
mod parts;
mod setting;
mod stack;
mod threshold;
mod trainer;

#[cfg(test)]
mod made_up;

pub use candidates::{Candidate, Candidates, Frame};
pub use error::RegionError;
pub use explain::{CountryEvidence, Evidence};
pub use gazetteer_labels::gazetteer_labels;
pub use model::FocusModel;
pub use parts::{RegionLabel, RegionParts};
pub use setting::Focus;
pub use stack::{CountryScore, RegionStack};
pub use trainer::{RegionParams, RegionReport, RegionText};
