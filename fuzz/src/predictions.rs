//! Another tool's answers: an error, or an answer to each row.

use std::io::Write;

use wiredesk::corpus::{Place, PredictionOptions, Predictions, Row, Source};

/// A file whose name and options the first byte chooses.
pub fn predictions(data: &[u8]) {
    let (options, data) = super::choice(data);
    let suffix = [".csv", ".tsv", ".jsonl", ".txt"][usize::from(options % 4)];
    let mut file = tempfile::Builder::new().suffix(suffix).tempfile().expect("room for a file");
    file.write_all(data).and_then(|()| file.flush()).expect("room for a file");
    let facets =
        if options & 4 == 0 { vec!["topic".to_owned()] } else { vec!["topic".to_owned(), "region".to_owned()] };
    let options = PredictionOptions {
        id_column: (options & 8 != 0).then(|| "id".to_owned()),
        facets,
        ..PredictionOptions::default()
    };
    let mut predictions = match Predictions::read(&Source::parse(file.path()), &options) {
        Ok(predictions) => predictions,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    for number in 1..=3 {
        let place = Place { source: "rows.csv".into(), row: number, line: number };
        let id = Some(number.to_string());
        let row = Row { text: String::new(), labels: Vec::new(), id, columns: Vec::new(), place };
        match predictions.answer(&row) {
            Ok(answer) => assert_eq!(answer.len(), options.facets.len(), "an answer for each facet"),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
    if let Err(error) = predictions.finish() {
        assert!(!error.to_string().is_empty());
    }
    predictions.labels(0).for_each(drop);
}
