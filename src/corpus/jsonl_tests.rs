use super::*;
use serde_json::json;

fn read(text: &'static str, options: &ReadOptions) -> Vec<Result<Row, CorpusError>> {
    let mut rows = Jsonl::new(Lines::new(Box::new(text.as_bytes()), "a.jsonl".into()), options);
    std::iter::from_fn(move || rows.next_row()).collect()
}

fn one(text: &'static str) -> Result<Row, CorpusError> {
    read(text, &ReadOptions::default()).remove(0)
}

fn message(text: &'static str) -> String {
    one(text).unwrap_err().to_string()
}

#[test]
fn strings_are_split_as_cells_and_lists_are_not() {
    let row = one(r#"{"text":"t","topic":" a | b |a","region":["x|y"," z ","", "z"]}"#).unwrap();
    assert_eq!(row.labels, [vec!["a", "b"], vec!["x|y", "z"]]);
}

#[test]
fn numbers_and_booleans_are_labels_by_their_json_text_and_null_or_missing_is_an_empty_cell() {
    assert_eq!(one(r#"{"text":"t","topic":12,"region":true}"#).unwrap().labels, [["12"], ["true"]]);
    assert_eq!(one(r#"{"text":"t","topic":null}"#).unwrap().labels, [[""; 0], [""; 0]]);
}

#[test]
fn blank_lines_are_skipped_and_the_others_keep_their_line() {
    let rows = read("\n{\"text\":\"a\"}\n \t\r\n{\"text\":\"b\"}\r\n\n", &ReadOptions::default());
    let places: Vec<(u64, u64)> =
        rows.iter().map(|row| row.as_ref().unwrap().place.clone()).map(|p| (p.row, p.line)).collect();
    assert_eq!(places, [(1, 2), (2, 4)]);
}

#[test]
fn kept_columns_come_in_the_order_of_the_line_with_their_types() {
    let options = ReadOptions { keep_columns: true, id_column: Some("id".to_owned()), ..ReadOptions::default() };
    let rows =
        read("{\"z\":1,\"id\":7,\"text\":\"t\",\"a\":[null],\"z\":\"again\"}\n{\"a\":2,\"text\":\"\"}", &options);
    let row = rows[0].as_ref().unwrap();
    assert_eq!(row.id.as_deref(), Some("7"));
    assert_eq!(row.columns, [("z".into(), json!("again")), ("a".into(), json!([null]))]);
    let row = rows[1].as_ref().unwrap();
    assert_eq!((row.id.as_deref(), &row.columns[..]), (None, &[("a".into(), json!(2))][..]));
}

#[test]
fn several_text_fields_are_joined_and_missing_or_empty_ones_are_left_out() {
    let text_columns = ["title", "lead", "body"].map(str::to_owned).to_vec();
    let options = ReadOptions { text_columns, ..ReadOptions::default() };
    let rows = read(
        "{\"body\":\"b\",\"lead\":\"\",\"title\":\"t\"}\n{\"title\":null,\"body\":\"b\"}\n{\"x\":1}\n{\"title\":\"t\",\"body\":1}",
        &options,
    );
    assert_eq!(rows[0].as_ref().unwrap().text, "t\nb");
    assert_eq!(rows[1].as_ref().unwrap().text, "b");
    let error = rows[2].as_ref().unwrap_err().to_string();
    assert!(
        error.starts_with("a.jsonl:3: row 3 has no text in \"title\", \"lead\", \"body\" (its other fields: \"x\")"),
        "{error}"
    );
    assert!(matches!(rows[3], Err(CorpusError::FieldType { found: "a number", .. })));
}

#[test]
fn one_field_may_be_text_label_and_id_at_once() {
    let facets = Some(vec![FacetColumn::parse("topic=text")]);
    let options = ReadOptions { facets, id_column: Some("text".to_owned()), ..ReadOptions::default() };
    let row = read(r#"{"text":"t"}"#, &options).remove(0).unwrap();
    assert_eq!((row.text.as_str(), row.id.as_deref(), &row.labels[0][..]), ("t", Some("t"), &["t".to_owned()][..]));
}

#[test]
fn each_bad_line_says_what_is_wrong_and_the_next_is_read() {
    assert_eq!(
        message("[1,2]"),
        "a.jsonl:1: row 1 begins with \"[1,2]\" where a JSON object is expected; \
         write one object on each line, or give another --input-format"
    );
    assert_eq!(
        message(r#"{"text":"a" "b"}"#),
        "a.jsonl:1: row 1 is broken JSON at column 13 (expected `,` or `}`); write one whole object on each line"
    );
    assert_eq!(
        message(r#"{"topic":"a"}"#),
        "a.jsonl:1: row 1 has no text in \"text\" (its other fields: \"topic\"); name the right field with --text COLUMN"
    );
    assert_eq!(
        message(r#"{"text":null}"#),
        "a.jsonl:1: row 1 has no text in \"text\" (its other fields: none); name the right field with --text COLUMN"
    );
    assert_eq!(
        message(r#"{"text":["a"]}"#),
        "a.jsonl:1: row 1 has a list in field \"text\" where a string is expected; name another field with --text COLUMN"
    );
    assert!(message(r#"{"text":"t","topic":{"a":1}}"#).contains("has an object in field \"topic\" where a string, a"));
    assert!(message(r#"{"text":"t","topic":["a",1]}"#).contains("has a list that holds something else than strings"));
    assert!(message(r#"{"text":"t"} {}"#).contains("trailing characters"));
    assert!(message(r#"{"text":"\ud800"}"#).contains("broken JSON"));
    let rows = read("{\n{\"text\":\"t\"}", &ReadOptions::default());
    assert!(rows[0].as_ref().unwrap_err().is_row());
    assert_eq!(rows[1].as_ref().unwrap().text, "t");
}

#[test]
fn an_id_must_be_a_string_or_a_number() {
    let options = ReadOptions { id_column: Some("id".to_owned()), ..ReadOptions::default() };
    let rows = read("{\"text\":\"t\",\"id\":[]}\n{\"text\":\"t\",\"id\":null}", &options);
    let error = rows[0].as_ref().unwrap_err().to_string();
    assert!(error.ends_with("a string or a number is expected; name another field with --id COLUMN"), "{error}");
    assert_eq!(rows[1].as_ref().unwrap().id, None);
}

#[test]
fn deep_nesting_is_an_error_and_no_stack_overflow() {
    let deep: &'static str = format!("{{\"text\":\"t\",\"x\":{}", "[".repeat(100_000)).leak();
    let options = ReadOptions { keep_columns: true, ..ReadOptions::default() };
    assert!(matches!(read(deep, &options)[0], Err(CorpusError::Json { .. })));
    assert!(matches!(one(deep), Err(CorpusError::Json { .. })));
}

#[test]
fn a_line_that_is_not_utf8_tells_its_byte() {
    let lines = Lines::new(Box::new(&b"{\"text\":\"caf\xE9\"}"[..]), "a.jsonl".into());
    let error = Jsonl::new(lines, &ReadOptions::default()).next_row().unwrap().unwrap_err();
    assert!(matches!(error, CorpusError::InvalidUtf8 { byte: 12, found: 0xE9, .. }), "{error}");
}
