use super::*;
use crate::corpus::{CorpusReader, ReadOptions};

const LONG: &str =
    "The ferry to the islands was held in port for a second day as gusts of wind made the crossing unsafe";

fn diagnosis(csv: &str) -> Diagnosis {
    let mut reader = CorpusReader::from_bytes("a.csv", csv, &ReadOptions::default()).unwrap();
    let mut checker = Checker::new(reader.facets(), 2);
    for row in &mut reader {
        match row {
            Ok(row) => checker.add(&[row], &[]),
            Err(error) => checker.add_unreadable(&error),
        }
    }
    checker.finish()
}

/// `kind: rows, message` of all findings but rare labels, which every small sample has.
fn found(csv: &str) -> Vec<String> {
    let findings = diagnosis(csv).findings.into_iter().filter(|f| f.kind != Kind::RareLabels);
    findings.map(|f| format!("{:?}: {}, {}", f.kind, f.rows, f.message)).collect()
}

#[test]
fn clean_rows_are_not_complained_about() {
    let mut csv = "text,topic\n".to_owned();
    for (word, label) in ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
        .iter()
        .flat_map(|w| [(w, "sport"), (w, "weather")])
    {
        csv += &format!("{word} {label} texts stand here,{label}\n");
    }
    let clean = diagnosis(&csv);
    assert_eq!(clean.findings, []);
    assert_eq!(clean.summary, "20 rows: nothing to complain about.");
    assert_eq!((clean.facets[0].labelled, clean.facets[0].labels["sport"]), (20, 10));
}

#[test]
fn rows_that_cannot_be_read_are_all_named() {
    let csv = "text,topic\na,x,z\nb,y\nc\n\"d\",x\ne,f,g,h\n";
    assert_eq!(found(csv), ["Ragged: 3, 3 rows have more or fewer fields than the header"]);
    let finding = &diagnosis(csv).findings[0];
    assert_eq!(finding.lines["a.csv"], [2, 4, 6]);
    assert_eq!(finding.examples.len(), 2);
    assert!(finding.examples[0].problem.as_ref().unwrap().starts_with("a.csv:2: row 1 has 3 fields"));
    let broken = diagnosis("text,topic\na,x\n\"open,y\nb,x\n");
    assert!(broken.findings[0].message.starts_with("reading stopped after 1 row: a.csv:3: "), "{broken:?}");
    assert_eq!((broken.findings[0].kind, broken.rows), (Kind::Stopped, 1));
}

#[test]
fn duplicates_are_told_from_contradictions() {
    let csv = format!(
        "text,topic\n{LONG},weather\nRain,weather\nrain!,sport\n{},weather\nRAIN,\n{},sport\n",
        LONG.to_uppercase(),
        LONG.replace("second", "third")
    );
    assert_eq!(
        found(&csv),
        [
            "ConflictingDuplicates: 2, facet 'topic': 1 text (in 2 rows) with contradicting labels",
            "ExactDuplicates: 3, 3 rows repeat the text of an earlier one, up to punctuation, case and spacing",
            "NearDuplicates: 1, 1 row is a near duplicate of another one: the same but for some words, or for a part cut off, 1 with other labels",
            "Unlabelled: 1, facet 'topic': 1 row has no label (not labelled)",
        ]
    );
    let all = diagnosis(&csv);
    let example = &all.findings[0].examples[0];
    assert_eq!((example.line, example.labels["topic"].as_slice()), (4, &["sport".to_owned()][..]));
    let like = example.like.as_ref().unwrap();
    assert_eq!((like.line, like.text.as_deref()), (3, Some("Rain")));
}

#[test]
fn empty_damaged_short_and_long_texts_are_found() {
    let mut csv = "text,topic\n…,x\nin ZÃ¼rich today they met,x\n".to_owned();
    for i in 0..9 {
        csv += &format!("text number {i} has six words,x\n");
    }
    csv += &format!("{},x\n", LONG.repeat(3));
    assert_eq!(
        found(&csv),
        [
            "MisreadText: 1, 1 text was damaged before it came here",
            "EmptyTexts: 1, 1 row has no word in the text",
            "Lengths: 1, 1 text is far shorter or longer than most: under 2 or over 24 words, where the median is 6",
        ]
    );
}

#[test]
fn labels_are_looked_at_by_facet() {
    let mut csv = "text,topic,region\n".to_owned();
    for i in 0..60 {
        csv += &format!("{i} words,sport,asia|europe\n");
    }
    csv += "more words,Sprot,\n";
    let all = diagnosis(&csv);
    let kinds: Vec<(Kind, Option<&str>)> = all.findings.iter().map(|f| (f.kind, f.facet.as_deref())).collect();
    assert_eq!(
        kinds,
        [(Kind::LabelTypos, Some("topic")), (Kind::RareLabels, Some("topic")), (Kind::Unlabelled, Some("region"))]
    );
    assert_eq!(all.findings[0].examples[0].problem.as_deref(), Some("'Sprot' (1 row) for 'sport' (60 rows)?"));
    assert!(all.findings[2].message.ends_with("1 row has no label (none of these)"));
    assert_eq!(all.summary, "61 rows: 2 warnings and 1 note; look at the misspelt labels first.");
}

#[test]
fn the_language_of_most_rows_is_not_worth_a_word() {
    let mut checker = Checker::new(&[], 5);
    let rows: Vec<Row> = CorpusReader::from_bytes(
        "a.txt",
        "one\ntwo\nthree\nfour\n",
        &ReadOptions { plain_format: Some(crate::corpus::InputFormat::FastText), ..ReadOptions::default() },
    )
    .unwrap()
    .collect::<Result<_, _>>()
    .unwrap();
    checker.add(&rows, &[Some("English"), Some("German"), Some("English")]);
    let all = checker.finish();
    let finding = &all.findings[0];
    assert_eq!(finding.message, "1 row looks like another language than English: German 1");
    assert_eq!((finding.examples[0].row, all.languages["unknown"]), (2, 1));
}
