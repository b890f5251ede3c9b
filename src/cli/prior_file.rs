//! Label probabilities from a CSV: columns `label`, `prior` and, with several facets, `facet`.

use std::collections::BTreeMap;
use std::path::Path;

use crate::tagger::PriorChoice;

use super::failure::Failure;
use super::style::count;

/// What `--prior` says.
pub fn parse(text: &str, facets: &[String]) -> Result<PriorChoice, Failure> {
    match text {
        "empirical" => Ok(PriorChoice::Empirical),
        "uniform" => Ok(PriorChoice::Uniform),
        path => read(Path::new(path), facets),
    }
}

fn read(path: &Path, facets: &[String]) -> Result<PriorChoice, Failure> {
    let name = path.display();
    let fail = |what: String| Failure::new(format!("{name}: {what}"));
    let mut reader =
        csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_path(path).map_err(|e| {
            fail(format!("the prior cannot be read ({e}); --prior takes empirical, uniform or a CSV file"))
        })?;
    let header = reader.headers().map_err(|e| fail(e.to_string()))?.clone();
    let column = |wanted: &str| header.iter().position(|h| h == wanted);
    let missing = |wanted: &str| {
        let columns: Vec<&str> = header.iter().collect();
        fail(format!(
            "has no column '{wanted}', only {}; name them label, prior and, with several facets, facet",
            columns.join(", ")
        ))
    };
    let label_column = column("label").ok_or_else(|| missing("label"))?;
    let prior_column = column("prior").ok_or_else(|| missing("prior"))?;
    let facet_column = match (column("facet"), facets) {
        (Some(column), _) => Some(column),
        (None, [_]) => None,
        (None, _) => return Err(missing("facet")),
    };
    let mut priors: BTreeMap<String, BTreeMap<String, f64>> = BTreeMap::new();
    for record in reader.records() {
        let record = record.map_err(|e| fail(e.to_string()))?;
        let line = record.position().map_or(0, csv::Position::line);
        let fail = |what: String| Failure::new(format!("{name}:{line}: {what}"));
        if record.len() != header.len() {
            let found = count(record.len() as u64, "field");
            return Err(fail(format!(
                "the row has {found} where the header has {}; quote the fields that hold commas",
                header.len()
            )));
        }
        let facet = facet_column.map_or(facets[0].as_str(), |c| &record[c]);
        if !facets.iter().any(|f| f == facet) {
            return Err(fail(format!(
                "facet '{facet}' is not among those to learn: {}; check its spelling",
                facets.join(", ")
            )));
        }
        let (label, value) = (&record[label_column], &record[prior_column]);
        let prior: f64 = value.parse().ok().filter(|p: &f64| *p > 0.0 && *p <= 1.0).ok_or_else(|| {
            fail(format!("the prior of label '{label}' is '{value}', expected a number above 0, at most 1"))
        })?;
        if priors.entry(facet.to_owned()).or_default().insert(label.to_owned(), prior).is_some() {
            return Err(fail(format!("label '{label}' has a prior already; give each label one")));
        }
    }
    Ok(PriorChoice::Given(priors))
}
