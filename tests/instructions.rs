//! How many instructions small workloads take: a slow-down shows here even where the machine is too noisy for seconds.
//!
//! `tests/data/instructions.csv` is the record: instructions of whole processes on one thread, and by what share they may
//! move before it is a change. [`no_count_has_moved`] counts all of them again under callgrind and fails in either
//! direction, so that a change in cost is a diff that a reader sees: `INSTRUCTIONS=overwrite` writes the counts that have
//! moved into the record.
//!
//! ```sh
//! cargo test --test instructions -- --ignored --nocapture                                       # as tests are built
//! RELEASE=target/release/wiredesk cargo test --test instructions -- --ignored --nocapture       # the release build
//! ```
//!
//! Counts depend on the compiler, whose version is in the record, and a little on the C library and on the instruction
//! sets of the processor, as some libraries choose among them when they run. Hash maps are seeded anew in each process: runs of the
//! same program differ by up to half a percent.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use serde::{Deserialize, Serialize};

/// Arguments by workload. In the folder of [`workplace`] lie the rows of the news set: `train.csv` with the first of its
/// training rows, `test.csv` of its test rows, and `article.txt`.
const WORKLOADS: [(&str, &str); 6] = [
    ("version", "--version"),
    ("train complement", "train train.csv --estimator complement --output complement.safetensors"),
    ("train nbsvm", "train few.csv --output nbsvm.safetensors"),
    ("tag rows", "tag test.csv --format csv --output tagged.csv"),
    ("tag rows complement", "tag test.csv --model complement.safetensors --format jsonl --output tagged.jsonl"),
    ("tag article", "tag article.txt"),
];

/// A line of the record.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Count {
    /// `test` (how `cargo test` builds), or `release`.
    profile: String,
    /// The compiler.
    rustc: String,
    workload: String,
    instructions: u64,
    /// The share by which the number may move.
    tolerance: f64,
}

impl Count {
    fn has_moved(&self, instructions: u64) -> bool {
        (instructions as f64 / self.instructions as f64 - 1.0).abs() > self.tolerance
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn record() -> PathBuf {
    root().join("tests/data/instructions.csv")
}

fn recorded() -> Vec<Count> {
    csv::Reader::from_path(record()).unwrap().deserialize().collect::<Result<_, _>>().unwrap()
}

/// The first lines of a file of the news set, whose rows have a line each.
fn first_lines(name: &str, n: usize) -> String {
    let text = fs::read_to_string(root().join("datasets/news").join(name)).unwrap();
    text.split_inclusive('\n').take(n).collect()
}

/// A folder with the input.
fn workplace() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("train.csv", &first_lines("train.csv", 2001));
    write("few.csv", &first_lines("train.csv", 301));
    let test = first_lines("test.csv", 501);
    write("test.csv", &test);
    let texts: Vec<String> =
        csv::Reader::from_reader(test.as_bytes()).records().take(15).map(|row| row.unwrap()[1].to_owned()).collect();
    write("article.txt", &texts.join("\n\n"));
    folder
}

/// Instructions of the program with these arguments.
fn instructions(program: &Path, arguments: &str, folder: &Path) -> u64 {
    let mut command = Command::new("valgrind");
    // The profile itself is not asked for: it goes with the folder.
    command.args(["--tool=callgrind", "--callgrind-out-file=profile"]).arg(program).args(arguments.split(' '));
    if arguments != "--version" {
        command.args(["--threads", "1", "--quiet"]);
    }
    // The loader reads variables that cargo sets, and programs those of the user.
    command.env_clear().env("PATH", env::var_os("PATH").unwrap_or_default());
    let output = command.current_dir(folder).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments}: {said}");
    let count = said.lines().find_map(|line| line.split_once("Collected :")).map(|(_, count)| count.trim().parse());
    count.unwrap_or_else(|| panic!("callgrind does not say how many instructions:\n{said}")).unwrap()
}

fn rustc() -> String {
    let output = Command::new(env::var_os("RUSTC").unwrap_or("rustc".into())).arg("--version").output().unwrap();
    let version = String::from_utf8(output.stdout).unwrap();
    version.split(' ').nth(1).unwrap().to_owned()
}

fn there_is_valgrind() -> bool {
    let command = Command::new("valgrind").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    command.is_ok_and(|status| status.success())
}

/// The program and how it was built.
fn program() -> (PathBuf, &'static str) {
    match env::var_os("RELEASE") {
        Some(path) => (root().join(path), "release"),
        None => (env!("CARGO_BIN_EXE_wiredesk").into(), if cfg!(debug_assertions) { "test" } else { "release" }),
    }
}

#[test]
fn the_record_knows_every_workload() {
    for profile in ["release", "test"] {
        let counts: Vec<Count> = recorded().into_iter().filter(|count| count.profile == profile).collect();
        let names: Vec<&str> = counts.iter().map(|count| count.workload.as_str()).collect();
        assert_eq!(names, WORKLOADS.map(|(name, _)| name), "{profile}");
    }
}

#[test]
#[ignore = "needs valgrind; half a minute"]
fn no_count_has_moved() {
    if !there_is_valgrind() {
        println!("valgrind is not installed: instructions are not counted");
        return;
    }
    let ((program, profile), rustc, folder) = (program(), rustc(), workplace());
    let (mut counts, mut moved, mut other_compiler) = (recorded(), Vec::new(), None);
    for (workload, arguments) in WORKLOADS {
        let now = instructions(&program, arguments, folder.path());
        let Some(count) = counts.iter_mut().find(|count| count.profile == profile && count.workload == workload) else {
            panic!("{profile} {workload}: not in the record");
        };
        let share = 100.0 * (now as f64 / count.instructions as f64 - 1.0);
        println!("{profile} {workload}: {now} ({share:+.2} %)");
        if count.has_moved(now) {
            let (before, tolerance) = (count.instructions, 100.0 * count.tolerance);
            moved.push(format!("{workload}: {before} ± {tolerance} % in the record, {now} now ({share:+.1} %)"));
            count.instructions = now;
        }
        if count.rustc != rustc {
            other_compiler = Some(std::mem::replace(&mut count.rustc, rustc.clone()));
        }
    }
    if env::var_os("INSTRUCTIONS").is_some_and(|v| v == "overwrite") {
        let mut writer = csv::Writer::from_path(record()).unwrap();
        counts.iter().for_each(|count| writer.serialize(count).unwrap());
        return;
    }
    let advice = match other_compiler {
        Some(before) => format!(
            "counted with rustc {before}, this is {rustc}: count the commit before yours with it, too; if that has moved \
             alike, the compiler did it: INSTRUCTIONS=overwrite"
        ),
        None => "INSTRUCTIONS=overwrite records it, if it is worth it".to_owned(),
    };
    assert!(moved.is_empty(), "moved ({profile} build; {advice}):\n  {}", moved.join("\n  "));
}
