//! What is left when a run does not come to its end: the old file or the new one, whole, and `OUTPUT.partial` at most.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::print_stderr)] // the helpers, too; how many kills came before and after is worth reading

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// A folder with labelled rows, a model of them, and a part of it.
struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    fn new(rows: usize) -> Self {
        let desk = Desk { folder: tempfile::tempdir().unwrap() };
        // Random words that are the same everywhere: a linear congruential generator.
        let mut state = 7u64;
        let mut below = |n: u64| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 33) % n
        };
        for name in ["a.csv", "b.csv"] {
            let mut csv = String::from("text,topic\n");
            for _ in 0..rows {
                let words: Vec<String> = (0..20).map(|_| format!("w{}", below(5000))).collect();
                csv += &format!("{},{}\n", words.join(" "), ["x", "y", "z"][below(3) as usize]);
            }
            fs::write(desk.path(name), csv).unwrap();
        }
        for name in ["a", "b"] {
            let (csv, model) = (desk.path(&format!("{name}.csv")), desk.path(&format!("{name}.safetensors")));
            desk.succeed(
                desk.wiredesk("train").args(["--estimator", "complement", "-q"]).arg(csv).arg("-o").arg(model),
            );
        }
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn wiredesk(&self, verb: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wiredesk"));
        command.arg(verb).current_dir(self.folder.path()).stdin(Stdio::null());
        command
    }

    fn succeed(&self, command: &mut Command) {
        let output = command.output().unwrap();
        assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(self.folder.path()).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

/// Kills a command at this many moments over its whole time. Afterwards `output` is what it was or what the command makes of
/// it, and the folder holds nothing else but its partial file, which does not disturb the next run.
fn kill(desk: &Desk, output: &str, times: u32, command: impl Fn() -> Command) {
    let output = desk.path(output);
    let old = fs::read(&output).ok();
    let started = Instant::now();
    desk.succeed(&mut command());
    let whole_run = started.elapsed();
    let new = fs::read(&output).unwrap();
    assert_ne!(old.as_ref(), Some(&new));
    let names = desk.names();
    let partial = PathBuf::from(format!("{}.partial", output.display()));
    let (mut n_old, mut n_new, mut n_partial) = (0, 0, 0);
    for moment in 0..times {
        match &old {
            Some(old) => fs::write(&output, old).unwrap(),
            None => _ = fs::remove_file(&output),
        }
        let mut child = command().stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        sleep(whole_run * moment / times);
        child.kill().unwrap();
        child.wait().unwrap();
        let left = fs::read(&output).ok();
        if left.as_ref() == Some(&new) {
            n_new += 1;
        } else {
            assert!(left == old, "kill {moment} of {times}: {} is neither old nor new", output.display());
            n_old += 1;
        }
        n_partial += u32::from(partial.exists());
        let strangers: Vec<String> =
            desk.names().into_iter().filter(|name| !names.contains(name) && !name.ends_with(".partial")).collect();
        assert_eq!(strangers, [] as [&str; 0]);
    }
    eprintln!("{}: {times} kills: old {n_old}, new {n_new}, partial file left {n_partial}", output.display());
    desk.succeed(&mut command());
    assert_eq!(desk.names(), names);
    if let Some(old) = old {
        fs::write(&output, old).unwrap();
    }
}

fn kill_all(rows: usize, times: u32) {
    let desk = Desk::new(rows);
    let (a, b) = (desk.path("a.safetensors"), desk.path("b.safetensors"));
    fs::copy(&b, desk.path("trained.safetensors")).unwrap();
    kill(&desk, "trained.safetensors", times, || {
        let mut train = desk.wiredesk("train");
        train.args(["a.csv", "--estimator", "complement", "-q", "-o", "trained.safetensors"]);
        train
    });
    fs::copy(&a, desk.path("changed.safetensors")).unwrap();
    // Learning in place is done once for each kill: a second time would be another model.
    kill(&desk, "learnt.safetensors", times, || {
        let mut learn = desk.wiredesk("learn");
        learn.args(["b.csv", "--model", "changed.safetensors", "-q", "--output", "learnt.safetensors"]);
        learn
    });
    fs::copy(&a, desk.path("merged.safetensors")).unwrap();
    kill(&desk, "merged.safetensors", times, || {
        let mut merge = desk.wiredesk("merge");
        merge.args(["a.safetensors", "b.safetensors", "-q", "-o", "merged.safetensors"]);
        merge
    });
    fs::write(desk.path("tagged.jsonl"), "old").unwrap();
    kill(&desk, "tagged.jsonl", times, || {
        let mut tag = desk.wiredesk("tag");
        tag.args(["a.csv", "--model", "a.safetensors", "--format", "jsonl", "-q", "--output", "tagged.jsonl"]);
        tag
    });
}

#[test]
fn a_killed_run_leaves_the_old_file_or_the_new_one() {
    kill_all(200, 6);
}

#[test]
#[ignore = "two hundred kills: a minute"]
fn two_hundred_killed_runs_leave_the_old_file_or_the_new_one() {
    kill_all(3000, 50);
}

/// Starts training on what is written to its standard input, and waits until its output is begun.
fn begun(desk: &Desk) -> std::process::Child {
    // A test may be started with Ctrl-C ignored, which its children would inherit.
    let child = Command::new("env")
        .args(["--default-signal=INT", env!("CARGO_BIN_EXE_wiredesk"), "train", "-", "--input-format", "csv"])
        .args(["--estimator", "complement", "--output", "a.safetensors"])
        .current_dir(desk.folder.path())
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let deadline = Instant::now() + Duration::from_secs(30);
    while !desk.path("a.safetensors.partial").exists() {
        assert!(Instant::now() < deadline);
        sleep(Duration::from_millis(5));
    }
    child
}

#[test]
fn ctrl_c_leaves_nothing_behind() {
    let desk = Desk::new(10);
    let (old, names) = (fs::read(desk.path("a.safetensors")).unwrap(), desk.names());
    let mut child = begun(&desk);
    desk.succeed(Command::new("kill").args(["-INT", &child.id().to_string()]));
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!((fs::read(desk.path("a.safetensors")).unwrap(), desk.names()), (old, names));
}

#[test]
fn a_second_run_does_not_write_what_the_first_is_writing() {
    let desk = Desk::new(10);
    let old = fs::read(desk.path("a.safetensors")).unwrap();
    let mut first = begun(&desk);
    let second = desk.wiredesk("learn").args(["b.csv", "--model", "a.safetensors"]).output().unwrap();
    let message = fails(&second);
    assert!(message.contains("another run is writing"), "{message}");
    assert_eq!(fs::read(desk.path("a.safetensors")).unwrap(), old);
    first.stdin.take().unwrap().write_all(b"text,topic\nthe match,x\nthe court,y\n").unwrap();
    assert!(first.wait().unwrap().success());
    assert_ne!(fs::read(desk.path("a.safetensors")).unwrap(), old);
}

/// The error of a run that has to fail, in one sentence without a panic.
fn fails(output: &Output) -> String {
    let message = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert!(message.starts_with("error: ") && !message.contains("panic"), "{message}");
    message
}

#[test]
fn a_full_disk_and_a_folder_that_cannot_be_written_lose_nothing() {
    let desk = Desk::new(500);
    let (old, names) = (fs::read(desk.path("a.safetensors")).unwrap(), desk.names());
    // A limit of the size of a file fails like a full disk does: in the middle of writing.
    let limited = |args: &[&str]| {
        let script = r#"ulimit -f 20; trap "" XFSZ; exec "$0" "$@""#;
        let mut command = Command::new("sh");
        command.args(["-c", script, env!("CARGO_BIN_EXE_wiredesk")]).args(args).current_dir(desk.folder.path());
        command.output().unwrap()
    };
    for args in [
        &["train", "b.csv", "--estimator", "complement", "--output", "a.safetensors"][..],
        &["train", "b.csv", "--output", "a.safetensors"],
        &["learn", "b.csv", "--model", "a.safetensors"],
        &["merge", "a.safetensors", "b.safetensors", "--output", "a.safetensors"],
        &["tag", "a.csv", "--model", "b.safetensors", "--format", "jsonl", "--output", "a.safetensors"],
    ] {
        let message = fails(&limited(args));
        assert!(
            message.contains("a.safetensors: cannot be written") || message.contains("File too large"),
            "{message}"
        );
        assert_eq!(
            (fs::read(desk.path("a.safetensors")).unwrap(), desk.names()),
            (old.clone(), names.clone()),
            "{args:?}"
        );
    }
    let full = desk.wiredesk("tag").args(["a.csv", "--model", "b.safetensors", "-o", "/dev/full"]).output().unwrap();
    assert!(fails(&full).contains("No space left"));
    // No folder of the process file system can be written, not even by the administrator.
    let read_only =
        desk.wiredesk("train").args(["a.csv", "--output", "/proc/self/model.safetensors"]).output().unwrap();
    let message = fails(&read_only);
    assert!(message.contains("/proc/self/model.safetensors: cannot be written"), "{message}");
}

#[test]
fn a_reader_who_has_enough_ends_the_run_quietly() {
    let desk = Desk::new(2000);
    for format in ["jsonl", "csv", "text"] {
        let mut tag = desk.wiredesk("tag");
        tag.args(["a.csv", "--model", "a.safetensors", "--format", format]);
        let mut child = tag.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(!line.is_empty());
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert_eq!((child.wait().unwrap().code(), said.as_str()), (Some(0), ""), "{format}");
    }
}

#[test]
fn a_model_changes_in_place() {
    let desk = Desk::new(50);
    let (a, whole) = (desk.path("a.safetensors"), desk.path("whole.safetensors"));
    let before = fs::read(&a).unwrap();
    let run = |args: &[&str]| desk.succeed(desk.wiredesk(args[0]).args(&args[1..]).arg("-q"));
    run(&["learn", "b.csv", "--model", "a.safetensors"]);
    run(&["train", "a.csv", "b.csv", "--estimator", "complement", "-o", "whole.safetensors"]);
    assert_eq!(fs::read(&a).unwrap(), fs::read(&whole).unwrap());
    run(&["forget", "b.csv", "--model", "a.safetensors"]);
    assert_eq!(fs::read(&a).unwrap(), before);
    let again = desk.wiredesk("forget").args(["b.csv", "--model", "a.safetensors"]).output().unwrap();
    let message = fails(&again);
    assert!(message.contains("b.csv:2: a.safetensors never learnt this row"), "{message}");
    assert!(message.contains("50 rows were never learnt; a.safetensors is as it was"), "{message}");
    assert_eq!(fs::read(Path::new(&a)).unwrap(), before);
}

/// The recipe of docs/formats.md: sixteen parts, four at a time.
#[test]
fn sixteen_shards_give_the_bytes_of_one_run() {
    let desk = Desk::new(300);
    let jsonl = |name: &str| -> String {
        let csv = fs::read_to_string(desk.path(name)).unwrap();
        let line = |row: &str| {
            row.split_once(',').map(|(text, topic)| format!("{{\"text\":\"{text}\",\"topic\":\"{topic}\"}}\n"))
        };
        csv.lines().skip(1).filter_map(line).collect()
    };
    // In order of labels, so that a part has one or two of them.
    let mut lines: Vec<String> = jsonl("a.csv").lines().map(|line| format!("{line}\n")).collect();
    lines.sort_by_key(|line| line[line.len() - 4..].to_owned());
    fs::write(desk.path("rows.jsonl"), lines.concat()).unwrap();
    let wiredesk = env!("CARGO_BIN_EXE_wiredesk");
    let script = format!(
        "split -n l/16 --additional-suffix=.jsonl rows.jsonl part- &&
         ls part-*.jsonl | xargs -P 4 -I{{}} {wiredesk} train {{}} --label topic --estimator complement --part --threads 1 -q --output {{}}.part &&
         {wiredesk} merge part-*.part -q --output merged.safetensors"
    );
    desk.succeed(Command::new("sh").args(["-c", &script]).current_dir(desk.folder.path()));
    assert_eq!(desk.names().iter().filter(|name| name.ends_with(".part")).count(), 16);
    assert_eq!(fs::read(desk.path("merged.safetensors")).unwrap(), fs::read(desk.path("a.safetensors")).unwrap());
}
