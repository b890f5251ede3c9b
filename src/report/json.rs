//! Everything, for programs.

use std::io::{self, Write};

use super::Report;
use crate::evaluate::Evaluation;

/// Indented JSON and a final newline, in the shape described in [`evaluate`](crate::evaluate#shape-when-serialised).
/// Undefined figures are `null`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Json;

impl Report for Json {
    fn write(&self, evaluation: &Evaluation, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, evaluation)?;
        writeln!(out)
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn the_json_is_indented_keeps_every_digit_and_ends_in_a_newline() {
        let text = sample::written(&Json, &sample::textbook());
        assert!(
            text.starts_with("{\n  \"rows\": 5,\n  \"facets\": {\n    \"class\": {\n      \"rows\": 5,\n"),
            "{text}"
        );
        assert!(text.contains("\"recall\": 0.6666666666666666,"), "{text}");
        assert!(text.ends_with("}\n"), "{text}");
    }
}
