//! **4b ANSWERS**: tagged paragraphs, articles and rows as records for programs, the same from the command line and over
//! HTTP. Shapes in `docs/formats.md`.
//!
//! A [`TagRequest`] says what is wanted, a [`Record`] is what comes out, [`json`] turns it into bytes.

pub mod json;
mod model;
mod record;
mod request;
mod why;

pub use model::model_json;
#[cfg(feature = "cli")]
pub(crate) use model::{TopFeature, block_name, describe};
#[cfg(feature = "cli")]
pub(crate) use record::rounded;
pub use record::{Record, RowKind, ShownTag, Tagged};
pub use request::{By, RequestError, TagRequest};
pub use why::Why;
