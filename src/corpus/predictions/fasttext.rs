//! Output of fastText's `predict` and `predict-prob`: a line a row.

use super::{Answer, PredictionError, PredictionOptions};
use crate::corpus::row_format::Lines;
use crate::corpus::{CorpusError, Place, Source};

const PREFIX: &str = "__label__";

/// There is one list of labels, so it answers the facet, if there is but one.
pub(super) fn read(source: &Source, options: &PredictionOptions) -> Result<(Vec<Answer>, Vec<bool>), PredictionError> {
    let mut lines = Lines::new(source.open(options.encoding)?, source.name());
    let facets = options.facets.len();
    let mut answers = Vec::new();
    while let Some(line) = lines.next() {
        let (number, line) = line?;
        let line = std::str::from_utf8(line).map_err(|error| {
            let byte = error.valid_up_to();
            let place = Place { source: source.name(), row: number, line: number };
            CorpusError::InvalidUtf8 { place, field: "line".to_owned(), byte, found: line[byte] }
        })?;
        let labels = labels_of(line).map_err(|found| PredictionError::NoLabel {
            file: source.name(),
            line: number,
            found: found.to_owned(),
        })?;
        answers.push(Answer { line: number, id: None, row: None, labels: vec![labels; facets], used: false });
    }
    Ok((answers, vec![facets == 1; facets]))
}

/// The labels of a line, without their prefix and probabilities; the token that is neither.
fn labels_of(line: &str) -> Result<Vec<String>, &str> {
    let mut labels: Vec<String> = Vec::new();
    let mut after_label = false;
    for token in line.split_whitespace() {
        match token.strip_prefix(PREFIX) {
            Some(label) => {
                if !labels.iter().any(|known| known == label) {
                    labels.push(label.to_owned());
                }
                after_label = true;
            }
            // fastText prints probabilities a little above 1, and others print them with an exponent.
            None if after_label && token.parse::<f64>().is_ok_and(|p| (0.0..1.001).contains(&p)) => after_label = false,
            None => return Err(token),
        }
    }
    Ok(labels)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_stand_with_probabilities_or_without() {
        assert_eq!(labels_of("__label__a 0.93 __label__b 1e-05"), Ok(vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(labels_of("__label__a __label__b"), Ok(vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(labels_of("__label__a 1.00001"), Ok(vec!["a".to_owned()]));
        assert_eq!(labels_of(" "), Ok(vec![]));
    }

    #[test]
    fn anything_else_is_no_answer() {
        for (line, found) in
            [("sport", "sport"), ("__label__a 0.5 0.5", "0.5"), ("__label__a NaN", "NaN"), ("0.3", "0.3")]
        {
            assert_eq!(labels_of(line), Err(found));
        }
    }
}
