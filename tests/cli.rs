//! The command line as a user meets it: sessions are in `tests/cmd` (anybody can add one, see the README there), and here
//! is what a session cannot say: what is left behind, what is the same as what, pipes, colours, broken model files.

#![allow(clippy::unwrap_used)] // A test may fail.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

#[test]
fn cases() {
    trycmd::TestCases::new().case("tests/cmd/*.trycmd").case("tests/cmd/*.toml");
}

/// A folder of its own with a copy of `tests/data/cli`.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        let desk = Desk(tempfile::tempdir().unwrap());
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/cli"), desk.0.path());
        desk
    }

    /// With a small model, `small.safetensors`.
    fn with_model() -> Self {
        let desk = Desk::new();
        desk.done("train labelled.csv --estimator complement --output small.safetensors --quiet");
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("wiredesk"));
        command.args(arguments.split_whitespace()).current_dir(self.0.path()).stdin(Stdio::null());
        command.env_remove("CLICOLOR_FORCE").env_remove("NO_COLOR");
        command
    }

    fn run(&self, arguments: &str) -> Output {
        let output = self.command(arguments).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(!stderr.contains("panicked"), "wiredesk {arguments}\n{stderr}");
        output
    }

    /// Runs and must succeed; gives what was printed.
    fn done(&self, arguments: &str) -> String {
        let output = self.run(arguments);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "wiredesk {arguments}\n{stderr}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs and must fail with this exit code; gives what was said.
    fn fails(&self, arguments: &str, code: i32) -> String {
        let output = self.run(arguments);
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "wiredesk {arguments}\n{stderr}");
        assert!(stderr.contains("error: "), "wiredesk {arguments}\n{stderr}");
        stderr
    }

    fn json_lines(&self, arguments: &str) -> Vec<Value> {
        self.done(arguments).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// All paths below the folder.
    fn files(&self) -> BTreeSet<PathBuf> {
        let (mut found, mut folders) = (BTreeSet::new(), vec![self.0.path().to_owned()]);
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
                if entry.file_type().unwrap().is_dir() {
                    folders.push(entry.path());
                }
                found.insert(entry.path());
            }
        }
        found
    }

    fn broken(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path("broken")).unwrap().map(Result::unwrap);
        let mut names: Vec<_> = entries.map(|e| format!("broken/{}", e.file_name().into_string().unwrap())).collect();
        names.sort();
        names
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Records of a CSV with a header, in any order.
fn csv_rows(bytes: &[u8], delimiter: u8) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(bytes);
    let mut rows: Vec<Vec<String>> =
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    rows.sort();
    rows
}

fn lines(bytes: &[u8]) -> Vec<String> {
    let mut lines: Vec<String> = String::from_utf8(bytes.to_vec()).unwrap().lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

// ---- nothing half-written

#[test]
fn a_broken_input_leaves_nothing_behind_whatever_the_verb() {
    let desk = Desk::with_model();
    let before = desk.files();
    for input in desk.broken() {
        let said = desk.fails(&format!("train {input} --output model.safetensors"), 1);
        assert!(said.contains(&input), "the message does not name the file\n{said}");
        assert_eq!(desk.files(), before, "train {input}");
        for verb in [
            format!("evaluate {input} --model small.safetensors --label topic --output figures.csv"),
            format!(
                "compare {input} --model small.safetensors --model b=small.safetensors --label topic --output figures.csv"
            ),
            format!("split {input} --label topic --output parts"),
            format!("cross-validate {input} --label topic --folds 2 --output figures.csv"),
            format!("audit {input} --label topic --folds 2 --output figures.csv"),
        ] {
            let output = desk.run(&verb);
            match output.status.code() {
                // What train refuses for its labels can still be evaluated or split.
                Some(0) => {
                    let _ = fs::remove_file(desk.path("figures.csv"));
                    let _ = fs::remove_dir_all(desk.path("parts"));
                }
                code => {
                    assert_eq!(code, Some(1), "{verb}");
                    let said = String::from_utf8(output.stderr).unwrap();
                    assert!(said.contains(&input), "the message does not name the file\n{said}");
                }
            }
            assert_eq!(desk.files(), before, "{verb}");
        }
    }
}

#[test]
fn a_file_that_was_there_stays_as_it_was_when_the_run_fails() {
    let desk = Desk::new();
    for verb in ["train", "tag", "evaluate", "cross-validate", "audit"] {
        fs::write(desk.path("output"), "old").unwrap();
        desk.fails(&format!("{verb} broken/open-quote.csv --output output"), 1);
        assert_eq!(desk.read("output"), b"old", "{verb}");
    }
    assert!(!desk.path("output.partial").exists());
}

#[test]
fn outputs_are_whole_even_when_rows_were_bad() {
    let desk = Desk::with_model();
    desk.fails("tag broken/ragged.csv --model small.safetensors --format json --output tags.json", 1);
    let records: Value = serde_json::from_slice(&desk.read("tags.json")).unwrap();
    assert_eq!(records.as_array().unwrap().len(), 3);
    assert!(!desk.path("tags.json.partial").exists());
}

#[test]
#[cfg(unix)]
fn a_file_that_may_not_be_read_and_a_folder_that_may_not_be_written_are_told() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new();
    fs::set_permissions(desk.path("labelled.csv"), fs::Permissions::from_mode(0o000)).unwrap();
    fs::create_dir(desk.path("closed")).unwrap();
    fs::set_permissions(desk.path("closed"), fs::Permissions::from_mode(0o500)).unwrap();
    if fs::File::open(desk.path("labelled.csv")).is_ok() {
        return; // The superuser may do all.
    }
    let said = desk.fails("train labelled.csv --output model.safetensors", 1);
    assert!(said.contains("labelled.csv: cannot be opened (Permission denied"), "{said}");
    assert!(!desk.path("model.safetensors").exists());
    let said = desk.fails("train missing.csv --output closed/model.safetensors", 1);
    assert!(said.contains("closed/model.safetensors: cannot be written (Permission denied"), "{said}");
}

// ---- train

#[test]
fn the_same_rows_make_the_same_model_whatever_the_format_the_order_and_the_threads() {
    let desk = Desk::with_model();
    let model = desk.read("small.safetensors");
    let text = String::from_utf8(desk.read("labelled.csv")).unwrap();
    let (header, rows) = text.split_once('\n').unwrap();
    let half = rows.find("e1,").unwrap();
    fs::write(desk.path("first.csv"), format!("{header}\n{}", &rows[..half])).unwrap();
    fs::write(desk.path("second.csv"), format!("{header}\n{}", &rows[half..])).unwrap();
    for input in [
        "labelled.tsv",
        "labelled.jsonl",
        "labelled.csv.gz",
        "labelled.csv.zst",
        "labelled.xlsx --input-format csv",
        "first.csv second.csv",
        "second.csv first.csv",
        "labelled.csv --threads 1",
        "labelled.csv --threads 3",
        "labelled.csv --label region --label topic --id id",
    ] {
        desk.done(&format!("train {input} --estimator complement --output again.safetensors --quiet"));
        let again = desk.read("again.safetensors");
        if input.contains("--label") {
            assert_ne!(again, model, "the facets are in the order in which they are named");
        } else {
            assert!(again == model, "{input}");
        }
    }
}

#[test]
fn the_settings_of_training_change_the_model() {
    let desk = Desk::new();
    let mut models = BTreeMap::new();
    for settings in [
        "--estimator complement",
        "--estimator multinomial",
        "--estimator multinomial --prior uniform",
        "--estimator multinomial --prior prior.csv",
        "--estimator multinomial --jelinek-mercer 0.3",
        "--estimator complement --alpha 0.1",
        "--estimator complement --ngrams 1",
        "--estimator complement --no-prefixes",
        "--estimator complement --min-df 2",
        "--estimator complement --multi topic",
        "--estimator complement --empty unlabelled",
        "--estimator complement --card card.md",
        "--estimator complement --text text --text source",
        "--estimator complement --label topic",
        "--estimator complement --label region=topic",
    ] {
        desk.done(&format!("train labelled.csv --output other.safetensors --quiet {settings}"));
        let other = models.insert(desk.read("other.safetensors"), settings);
        assert_eq!(other, None, "'{settings}' changes nothing");
    }
}

#[test]
fn a_quiet_run_says_nothing() {
    let desk = Desk::with_model();
    for arguments in [
        "train rare-label.csv --output model.safetensors",
        "train broken/windows-1252.csv --on-bad-row skip --output model.safetensors",
        "tag broken/windows-1252.csv --on-bad-row skip --model small.safetensors",
        "tag test.csv note.csv --format csv --model small.safetensors",
        "tag german.txt empty.txt",
        "evaluate several-labels.csv --model small.safetensors",
        "split groups.csv --output parts",
        "cross-validate labelled.csv --folds 2",
        "audit labelled.csv --folds 2",
    ] {
        let talk = desk.run(arguments);
        assert!(talk.status.success(), "{arguments}");
        assert_ne!(String::from_utf8(talk.stderr).unwrap(), "", "nothing to be quiet about: {arguments}");
        let quiet = desk.run(&format!("{arguments} --quiet"));
        assert_eq!(String::from_utf8(quiet.stderr).unwrap(), "", "{arguments}");
        assert_eq!(quiet.stdout, talk.stdout, "{arguments}");
    }
}

// ---- compare

#[test]
fn a_comparison_is_the_same_whatever_the_order_and_the_threads_but_for_the_speed() {
    let desk = Desk::with_model();
    desk.done("train test.csv --estimator complement --output other.safetensors --quiet");
    let reversed = {
        let text = String::from_utf8(desk.read("test.csv")).unwrap();
        let (header, rows) = text.split_once('\n').unwrap();
        let rows: Vec<&str> = rows.lines().rev().collect();
        format!("{header}\n{}\n", rows.join("\n"))
    };
    fs::write(desk.path("reversed.csv"), reversed).unwrap();
    let figures = |inputs: &str| {
        let flags = "--model small.safetensors --model other.safetensors --format json";
        let text = desk.done(&format!("compare {inputs} {flags}"));
        let (figures, speed) = text.split_once("\"speed\"").unwrap();
        assert!(speed.contains("small.safetensors"), "{speed}");
        figures.to_owned()
    };
    let expected = figures("labelled.csv test.csv");
    assert_eq!(figures("reversed.csv labelled.csv"), expected);
    assert_eq!(figures("labelled.csv test.csv --threads 1"), expected);
    assert_eq!(figures("labelled.csv test.csv --threads 3"), expected);
    assert_ne!(figures("labelled.csv test.csv --seed 1"), expected);
}

// ---- tag

#[test]
fn the_offsets_cut_each_paragraph_out_of_the_article() {
    let desk = Desk::with_model();
    fs::write(desk.path("crlf.txt"), "Köln won.\r\n\r\n  — Überall — \r\n\r\n日本 won the cup.").unwrap();
    for article in ["article.txt", "article.md", "german.txt", "escapes.txt", "crlf.txt"] {
        let text = String::from_utf8(desk.read(article)).unwrap();
        let records = desk.json_lines(&format!("tag {article} --model small.safetensors --format jsonl"));
        assert!(!records.is_empty());
        for (number, record) in (1..).zip(&records) {
            let at = |key: &str| usize::try_from(record[key].as_u64().unwrap()).unwrap();
            assert_eq!(at("paragraph"), number);
            assert_eq!(&text[at("start")..at("end")], record["text"].as_str().unwrap(), "{article}");
        }
    }
}

#[test]
fn keys_are_in_the_documented_order() {
    let desk = Desk::with_model();
    let order = |arguments: &str, keys: &[&str]| {
        let line = desk.done(&format!("{arguments} --model small.safetensors --format jsonl"));
        let line = line.lines().next().unwrap();
        let places: Vec<usize> = keys
            .iter()
            .map(|key| line.find(&format!("\"{key}\":")).unwrap_or_else(|| panic!("no {key}: {line}")))
            .collect();
        assert!(places.is_sorted(), "{line}");
    };
    order(
        "tag article.md",
        &["source", "paragraph", "start", "end", "heading", "text", "tags", "label", "probability"],
    );
    order("tag article.md --by article", &["source", "paragraphs", "tags", "label", "probability"]);
    // The `text` that stands in `columns` here is the input's own.
    order("tag labelled.csv --text source --id id", &["source", "row", "id", "columns", "tags", "label"][..4]);
    order("tag other-columns.csv --text body", &["source", "row", "columns", "text", "tags", "label", "probability"]);
}

#[test]
fn threshold_and_top_do_what_they_say() {
    let desk = Desk::with_model();
    let tags = |flags: &str| -> Vec<Vec<f64>> {
        let records =
            desk.json_lines(&format!("tag labelled.csv test.csv --model small.safetensors --format jsonl {flags}"));
        assert_eq!(records.len(), 16);
        let facets = records.iter().flat_map(|r| r["tags"].as_object().unwrap().values());
        facets
            .map(|tags| tags.as_array().unwrap().iter().map(|t| t["probability"].as_f64().unwrap()).collect())
            .collect()
    };
    assert!(tags("").iter().all(|tags| tags.len() == 1));
    assert!(tags("--top 1").iter().all(|tags| tags.len() == 1));
    for tags in tags("--top 2") {
        assert!(tags.len() == 2 && tags[0] >= tags[1], "{tags:?}");
        assert!((tags[0] + tags[1] - 1.0).abs() < 2e-4, "two labels share all probability: {tags:?}");
        assert!(tags.iter().all(|p| ((p * 1e4).round() / 1e4 - p).abs() < 1e-12), "four decimals: {tags:?}");
    }
    assert_eq!(tags("--top 5"), tags("--top 2"), "there are two labels");
    let strict = tags("--threshold 0.999");
    assert!(strict.iter().flatten().all(|&p| p >= 0.999));
    assert!(strict.iter().flatten().count() < tags("").len());
}

#[test]
fn there_is_one_record_a_row_good_or_bad() {
    let desk = Desk::with_model();
    for input in desk.broken() {
        let arguments = format!("tag {input} --model small.safetensors --format");
        let output = desk.run(&format!("{arguments} jsonl"));
        let records: Vec<Value> = output
            .stdout
            .split(|&b| b == b'\n')
            .filter(|l| !l.is_empty())
            .map(|l| serde_json::from_slice(l).unwrap())
            .collect();
        for (number, record) in (1..).zip(&records) {
            assert_eq!(record["row"].as_u64(), Some(number), "{input}: {record}");
            assert_ne!(record.get("error").is_some(), record.get("tags").is_some(), "{input}: {record}");
        }
        let bad = records.iter().filter(|r| r.get("error").is_some()).count();
        assert!(bad == 0 || output.status.code() == Some(1), "{input}");
        // CSV has the same records in as many fields each; a fatal error leaves none.
        let table = desk.run(&format!("{arguments} csv")).stdout;
        assert_eq!(csv_rows(&table, b',').len(), records.len(), "{input}");
        if output.status.success() || bad > 0 {
            let array: Vec<Value> = serde_json::from_slice(&desk.run(&format!("{arguments} json")).stdout).unwrap();
            assert_eq!(array, records, "{input}");
        }
        let skipped = desk.run(&format!("{arguments} jsonl --on-bad-row skip"));
        assert_eq!(skipped.stdout.split(|&b| b == b'\n').count() - 1, records.len() - bad, "{input}");
    }
}

#[test]
fn a_file_gets_what_standard_output_would_get() {
    let desk = Desk::with_model();
    for arguments in [
        "tag article.txt --model small.safetensors",
        "tag article.txt --model small.safetensors --format jsonl",
        "tag article.txt --model small.safetensors --format json --by article",
        "tag test.csv --model small.safetensors --format csv",
        "tag test.csv --model small.safetensors",
        "evaluate test.csv --model small.safetensors",
        "evaluate test.csv --model small.safetensors --format json",
        "evaluate test.csv --model small.safetensors --format csv",
        "evaluate test.csv --model small.safetensors --format markdown",
        "evaluate test.csv --model small.safetensors --format html --errors 2",
    ] {
        let printed = desk.done(arguments);
        assert_ne!(printed, "");
        assert_eq!(desk.done(&format!("{arguments} --output file")), "", "{arguments}");
        assert_eq!(String::from_utf8(desk.read("file")).unwrap(), printed, "{arguments}");
        assert_eq!(desk.done(&format!("{arguments} --output -")), printed, "{arguments}");
    }
}

#[test]
fn a_name_that_says_nothing_holds_lines_for_evaluate_too() {
    let desk = Desk::with_model();
    let named = desk.done("evaluate labelled.txt --model small.safetensors --label topic");
    let output = desk
        .command("evaluate - --model small.safetensors --label topic")
        .stdin(fs::File::open(desk.path("labelled.txt")).unwrap())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), named);
}

// ---- terminals and pipes

#[test]
fn colours_are_for_terminals_only() {
    let desk = Desk::with_model();
    for arguments in [
        "tag article.txt --model small.safetensors",
        "tag test.csv --model small.safetensors",
        "tag article.txt --model small.safetensors --explain",
        "tag test.csv --model small.safetensors --explain",
        "inspect --model small.safetensors",
    ] {
        assert!(!desk.done(arguments).contains('\u{1b}'), "{arguments}");
        let forced = desk.command(arguments).env("CLICOLOR_FORCE", "1").output().unwrap().stdout;
        assert!(forced.contains(&0x1b), "no colours at all: {arguments}");
        let none = desk.command(arguments).env("NO_COLOR", "1").output().unwrap().stdout;
        assert!(!none.contains(&0x1b), "{arguments}");
    }
}

#[test]
fn no_text_label_or_name_can_steer_the_terminal() {
    let desk = Desk::with_model();
    desk.done("train escapes.csv --output escapes.safetensors --quiet");
    for arguments in [
        "tag escapes.txt --model small.safetensors",
        "tag escapes.csv --id id --model escapes.safetensors",
        "tag escapes.txt --model escapes.safetensors --explain",
        "tag escapes.csv --id id --model escapes.safetensors --explain",
        "tag escapes.txt --model escapes.safetensors --by article",
        "train escapes.csv --output escapes.safetensors",
        "evaluate escapes.csv --model escapes.safetensors",
        "evaluate escapes.csv --model small.safetensors --format html --errors 9",
        "inspect --model escapes.safetensors",
        "train no\u{1b}[31msuch.csv --output model.safetensors",
        "inspect --model escapes.safetensors --facet no\u{7}such",
        "inspect --model escapes.safetensors --text a\u{1b}b",
    ] {
        let output = desk.command(arguments).env("NO_COLOR", "1").output().unwrap();
        for stream in [output.stdout, output.stderr] {
            let text = String::from_utf8(stream).unwrap();
            let steering = |c: char| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c);
            assert!(!text.contains(steering), "{arguments:?}\n{text:?}");
        }
    }
}

#[test]
fn programs_get_every_byte_of_a_text() {
    let desk = Desk::with_model();
    let table = desk.done("tag escapes.csv --id id --model small.safetensors --format csv");
    assert!(table.contains("The \u{1b}[31mteam\u{7} won"), "{table:?}");
    let records = desk.json_lines("tag escapes.csv --id id --model small.safetensors --format jsonl");
    assert_eq!(records[0]["text"], "The \u{1b}[31mteam\u{7} won");
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let desk = Desk::with_model();
    let row = "\"The team won the match after a penalty, and the crowd ran onto the pitch.\",sport\n";
    fs::write(desk.path("long.csv"), format!("text,topic\n{}", row.repeat(20_000))).unwrap();
    for arguments in [
        "tag long.csv --model small.safetensors",
        "tag long.csv --model small.safetensors --format jsonl",
        "tag long.csv --model small.safetensors --format json",
        "tag long.csv --model small.safetensors --format csv",
        "inspect --top 100",
    ] {
        let mut child = desk.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut first = String::new();
        BufReader::with_capacity(64, child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        // The reader is gone here.
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert!(child.wait().unwrap().success(), "{arguments}: {said}");
        assert_ne!(first, "", "{arguments}");
        assert_eq!(said, "", "{arguments}");
    }
}

// ---- split

#[test]
fn a_split_keeps_every_row_as_it_was() {
    let desk = Desk::new();
    for (input, extension, delimiter) in [("labelled.csv", "csv", b','), ("labelled.tsv", "tsv", b'\t')] {
        desk.done(&format!("split {input} --test 0.25 --output parts"));
        let rows = |name: &str| csv_rows(&desk.read(name), delimiter);
        let (train, test) = (rows(&format!("parts/train.{extension}")), rows(&format!("parts/test.{extension}")));
        assert_eq!(test.len(), 3, "a quarter of twelve");
        let mut both = [train, test].concat();
        both.sort();
        assert_eq!(both, rows(input));
        assert!(both.iter().any(|row| row[1].contains('\n')), "a quoted newline survives");
    }
    for (input, flags, extension) in
        [("labelled.jsonl", "", "jsonl"), ("labelled.txt", "--input-format fasttext", "txt")]
    {
        desk.done(&format!("split {input} {flags} --test 0.25 --output parts"));
        let (train, test) =
            (desk.read(&format!("parts/train.{extension}")), desk.read(&format!("parts/test.{extension}")));
        assert!(!test.is_empty());
        assert_eq!(lines(&[train, test].concat()), lines(&desk.read(input)));
    }
}

#[test]
fn a_split_keeps_the_columns_of_packed_and_foreign_text() {
    let desk = Desk::new();
    desk.done("split labelled.csv.gz --test 0.25 --output packed");
    desk.done("split labelled.csv --test 0.25 --output plain");
    assert_eq!(desk.read("packed/train.csv"), desk.read("plain/train.csv"));
    // The parts are UTF-8, whatever the input was.
    desk.done("split broken/windows-1252.csv --encoding windows-1252 --test 0.5 --output parts");
    let parts = [desk.read("parts/train.csv"), desk.read("parts/test.csv")].concat();
    let parts = String::from_utf8(parts).unwrap();
    assert!(parts.contains("Köln") && parts.contains("Malmö"), "{parts}");
}

#[test]
fn a_split_depends_on_the_seed_and_on_nothing_else() {
    let desk = Desk::new();
    let test_rows = |flags: &str| {
        desk.done(&format!("split {flags} --output parts"));
        csv_rows(&desk.read("parts/test.csv"), b',')
    };
    let first = test_rows("groups.csv");
    assert_eq!(test_rows("groups.csv"), first);
    assert_eq!(test_rows("groups.csv --threads 1"), first);
    assert_ne!(test_rows("groups.csv --seed 1"), first);
    let text = String::from_utf8(desk.read("groups.csv")).unwrap();
    let mut reversed: Vec<&str> = text.lines().skip(1).collect();
    reversed.reverse();
    fs::write(desk.path("reversed.csv"), format!("text,topic,story\n{}\n", reversed.join("\n"))).unwrap();
    assert_eq!(test_rows("reversed.csv"), first, "not on the order of the rows");
}

#[test]
fn a_group_is_never_cut() {
    let desk = Desk::new();
    let stories = |part: &str| -> BTreeSet<String> {
        csv_rows(&desk.read(&format!("parts/{part}.csv")), b',').into_iter().map(|row| row[2].clone()).collect()
    };
    desk.done("split groups.csv --output parts");
    assert!(!stories("train").is_disjoint(&stories("test")), "without --group they would be cut");
    desk.done("split groups.csv --group story --output parts");
    assert!(!stories("test").is_empty());
    assert!(stories("train").is_disjoint(&stories("test")));
}

// ---- model files

#[test]
fn a_model_cut_short_or_altered_is_refused() {
    let desk = Desk::with_model();
    let model = desk.read("small.safetensors");
    let refused = |bytes: &[u8], what: &str| {
        fs::write(desk.path("other.safetensors"), bytes).unwrap();
        let said = desk.fails("tag article.txt --model other.safetensors", 1);
        assert!(said.starts_with("error: other.safetensors: "), "{what}: {said}");
        assert!(said.contains("model"), "{what}: {said}");
    };
    for cut in [0, 1, 7, 8, 9, 100, model.len() / 2, model.len() - 1] {
        refused(&model[..cut], &format!("cut to {cut} bytes"));
    }
    refused(&[&model[..], b"more"].concat(), "longer");
    for at in (0..model.len()).step_by(model.len() / 40) {
        let mut altered = model.clone();
        altered[at] ^= 1;
        refused(&altered, &format!("byte {at} altered"));
    }
}

// ---- help

#[test]
fn there_are_completions_and_pages_for_every_verb() {
    let desk = Desk::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = desk.done(&format!("completions {shell}"));
        assert!(script.contains("wiredesk") && script.contains("evaluate"), "{shell}");
    }
    assert!(desk.done("man").contains(".SH SYNOPSIS"));
    desk.done("man --output pages");
    for verb in ["train", "tag", "evaluate", "cross-validate", "audit", "split", "inspect", "completions", "man"] {
        let page = String::from_utf8(desk.read(&format!("pages/wiredesk-{verb}.1"))).unwrap();
        assert!(page.contains(".SH SYNOPSIS"), "{verb}");
        let help = desk.done(&format!("{verb} --help"));
        assert!(help.contains("Example:\n  wiredesk "), "{verb} --help has no example");
    }
    assert!(desk.path("pages/wiredesk.1").exists());
}
