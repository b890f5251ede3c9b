//! Answers find their rows, or say why not.

use std::path::Path;

use super::{PredictionOptions, Predictions};
use crate::corpus::{CorpusReader, ReadOptions, Row, Source};

const ROWS: &str = "id,text,topic\nx,one,a\ny,two,b\nz,three,a\n";

fn rows() -> Vec<Row> {
    let options = ReadOptions { id_column: Some("id".to_owned()), ..ReadOptions::default() };
    CorpusReader::from_bytes("in.csv", ROWS, &options).unwrap().collect::<Result<_, _>>().unwrap()
}

/// The first label of each row, or what is said instead; the folder of the file is left out.
fn answers(name: &str, content: &str, facets: &[&str], id: Option<&str>) -> Result<Vec<String>, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    let options = PredictionOptions {
        facets: facets.iter().map(|&facet| facet.to_owned()).collect(),
        id_column: id.map(str::to_owned),
        ..PredictionOptions::default()
    };
    let read = || {
        let mut predictions = Predictions::read(&Source::parse(&path), &options)?;
        let mut found = Vec::new();
        for row in rows() {
            let labels = &predictions.answer(&row)?[0];
            found.push(labels.join("+"));
        }
        predictions.finish().map(|()| if predictions.has(0) { found } else { vec!["no answers".to_owned()] })
    };
    read().map_err(|error: super::PredictionError| {
        let folder = Path::new(&path).parent().unwrap().display().to_string();
        error.to_string().replace(&format!("{folder}/"), "")
    })
}

#[test]
fn every_shape_gives_the_same_answers() {
    for (name, content) in [
        ("p.csv", "topic,topic_probability\na,0.9\nb|c,0.5\n,\n"),
        ("p.csv", "prediction\na\nb|c\n\"\"\n"),
        ("p.tsv", "row\tlabel\n0\ta\n1\tb|c\n2\t\n"),
        ("p.jsonl", "{\"topic\":\"a\"}\n{\"topic\":[\"b\",\"c\"]}\n{\"topic\":null}\n"),
        ("p.jsonl", "{\"predicted\":\"a\"}\n{\"predicted\":[\"b\",\"c\"]}\n{}\n"),
        ("p.txt", "__label__a 0.9\n__label__b 0.5 __label__c 0.4\n\n"),
        (
            "p.jsonl",
            "{\"source\":\"in.csv\",\"row\":1,\"tags\":{\"topic\":[{\"label\":\"a\",\"probability\":0.9}]}}\n\
             {\"source\":\"in.csv\",\"row\":2,\"tags\":{\"topic\":[{\"label\":\"b\"},{\"label\":\"c\"}]}}\n\
             {\"source\":\"in.csv\",\"row\":3,\"tags\":{\"topic\":[]}}\n",
        ),
    ] {
        assert_eq!(answers(name, content, &["topic"], None).unwrap(), ["a", "b+c", ""], "{content}");
    }
}

#[test]
fn answers_are_matched_by_id_where_both_have_them() {
    let content = "id,topic\nz,3\nx,1\ny,2\n";
    assert_eq!(answers("p.csv", content, &["topic"], Some("id")).unwrap(), ["1", "2", "3"]);
    assert_eq!(answers("p.csv", content, &["topic"], None).unwrap(), ["3", "1", "2"]);
    assert_eq!(answers("p.csv", "topic\n3\n1\n2\n", &["topic"], Some("id")).unwrap(), ["3", "1", "2"]);
}

#[test]
fn which_facet_is_meant_is_not_guessed_among_several() {
    for (name, content) in [("p.csv", "prediction\na\nb\nc\n"), ("p.txt", "__label__a\n__label__b\n__label__c\n")] {
        assert_eq!(answers(name, content, &["topic", "region"], None).unwrap(), ["no answers"]);
    }
}

#[test]
fn what_does_not_fit_names_file_line_found_and_expected() {
    let said = |name, content, id| answers(name, content, &["topic"], id).unwrap_err();
    insta::assert_snapshot!([
        said("p.csv", "topic\na\nb\n", None),
        said("p.csv", "topic\na\nb\nc\nd\n", None),
        said("p.txt", "__label__a\nb\n", None),
        said("p.csv", "id,topic\nx,a\ny,b\n", Some("id")),
        said("p.csv", "id,topic\nx,a\ny,b\nz,a\nw,a\n", Some("id")),
        said("p.csv", "id,topic\nx,a\ny,b\nx,a\n", Some("id")),
        said("p.csv", "source,row,topic\nin.csv,1,a\nin.csv,3,a\nin.csv,2,b\n", None),
        said("p.csv", "topic,topic\na,a\n", None),
        said("p.jsonl", "{\"topic\":{\"a\":0.5}}\n", None),
        said("p.jsonl", "{\"id\":\"x\",\"topic\":\"a\"}\n{\"topic\":\"a\"}\n", Some("id")),
    ].join("\n"), @r#"
    p.csv: has 2 predictions, and the input goes on with row 3 (in.csv:4); write one for each row of the input in its order, or match them by --id COLUMN
    p.csv:5: has 4 predictions where the input has 3 rows, so this one belongs to none; write one for each row of the input in its order, or match them by --id COLUMN
    p.txt:2: has "b" where __label__NAME or its probability is expected, as fasttext predict-prob writes them; predictions in columns need a name that ends in .csv, .tsv or .jsonl
    p.csv: has no prediction for the id "z" of row 3 (in.csv:4); write one for each row, or leave out --id to match by order
    p.csv:5: has the id "w", which no row of the input has; give predictions for these rows only, or leave out --id to match by order
    p.csv:4: has the id "x", which stands on line 2 already; give each row one prediction
    p.csv:3: is the prediction for row 3 where that for row 2 (in.csv:3) is expected; give the same rows in the same order, or match them by --id COLUMN
    p.csv: has 2 columns "topic" where one is expected; rename the others
    p.jsonl:1: has an object in "topic" where a label, a list of labels or null is expected; write the predicted labels there
    p.jsonl:2: has no id where every prediction needs one; fill the column, or leave out --id to match by order
    "#);
}
