//! Countries of labels from a CSV: columns `label` and `code`.

use std::collections::BTreeMap;
use std::path::Path;

use crate::places::{Code, Gazetteer};

use super::failure::Failure;
use super::style::count;

/// What `--country-labels` says.
pub fn read(path: &Path) -> Result<BTreeMap<String, Code>, Failure> {
    let name = path.display();
    let fail = |what: String| Failure::new(format!("{name}: {what}"));
    let gazetteer = Gazetteer::embedded().map_err(|e| Failure::new(e.to_string()))?;
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .flexible(true)
        .from_path(path)
        .map_err(|e| fail(format!("the labels cannot be read ({e}); --country-labels takes a CSV file")))?;
    let header = reader.headers().map_err(|e| fail(e.to_string()))?.clone();
    let column = |wanted: &str| {
        header.iter().position(|h| h == wanted).ok_or_else(|| {
            let columns: Vec<&str> = header.iter().collect();
            fail(format!("has no column '{wanted}', only {}; name them label and code", columns.join(", ")))
        })
    };
    let (label, code) = (column("label")?, column("code")?);
    let mut labels = BTreeMap::new();
    for record in reader.records() {
        let record = record.map_err(|e| {
            let line = e.position().map_or(0, csv::Position::line);
            Failure::new(format!("{name}:{line}: the row is not UTF-8; save the file as UTF-8"))
        })?;
        let line = record.position().map_or(0, csv::Position::line);
        let fail = |what: String| Failure::new(format!("{name}:{line}: {what}"));
        if record.len() != header.len() {
            let found = count(record.len() as u64, "field");
            let expected = header.len();
            return Err(fail(format!(
                "the row has {found} where the header has {expected}; quote the fields that hold commas"
            )));
        }
        if record[label].is_empty() {
            return Err(fail("the label is empty; expected one as it stands in the rows to learn from".into()));
        }
        let known = Code::parse(&record[code]).filter(|&code| gazetteer.country(code).is_some());
        let Some(known) = known else {
            return Err(fail(format!(
                "'{}' is no country; expected an ISO 3166-1 code, for instance GB",
                &record[code]
            )));
        };
        if labels.insert(record[label].to_owned(), known).is_some_and(|before| before != known) {
            return Err(fail(format!("label '{}' has two codes; leave one of the rows out", &record[label])));
        }
    }
    Ok(labels)
}
