//! What strangers may send, and what has to hold for it. Each function here is the body of a fuzz target; `tests/hostile.rs`
//! includes this file and replays the seeds and all that was ever found. Where something does not hold, a body panics.

mod article;
mod gazetteer;
mod model;
mod predictions;
mod rows;

pub use article::article;
pub use gazetteer::gazetteer;
pub use model::{model, model_arrays, repaired};
pub use predictions::predictions;
pub use rows::{rows, unpack};

/// The first byte, by which a target chooses what it does, and the rest.
fn choice(data: &[u8]) -> (u8, &[u8]) {
    data.split_first().map_or((0, data), |(first, rest)| (*first, rest))
}

/// A piece of text from the input: within it, in whole characters.
fn assert_within(text: &str, start: usize, end: usize) {
    assert!(start <= end, "{start} is behind {end}");
    assert!(text.get(start..end).is_some(), "{start}..{end} is not within the text, or cuts a character");
}
