//! wiredesk
pub mod atomic_file;
pub mod bayes;
pub mod corpus;
pub mod evaluate;
pub mod features;
pub mod report;
pub mod tagger;
#[cfg(feature = "cli")]
pub mod cli;
