//! The shipped model is what its card says: the documented command makes the same bytes.
#![cfg(feature = "cli")]

use std::fs;
use std::path::Path;

use assert_cmd::Command;

#[test]
fn the_command_in_the_card_makes_the_shipped_file_byte_for_byte() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let card = fs::read_to_string(root.join("models/news.md")).unwrap();
    let command =
        card.lines().find_map(|line| line.trim().strip_prefix("wiredesk train ")).expect("the card has a command");
    let folder = tempfile::tempdir().unwrap();
    let made = folder.path().join("news.safetensors");
    let arguments = command.split(' ').map(|a| if a == "models/news.safetensors" { made.to_str().unwrap() } else { a });
    Command::cargo_bin("wiredesk").unwrap().current_dir(root).arg("train").args(arguments).assert().success();
    let shipped = fs::read(root.join("models/news.safetensors")).unwrap();
    assert!(fs::read(made).unwrap() == shipped, "models/news.safetensors is not what its command makes; run it again");
}
