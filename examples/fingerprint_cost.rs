//! What fingerprints and sketches cost beside cutting the same texts into words.
//!
//! `cargo run --release --example fingerprint_cost -- ROWS.csv`: seconds on one thread for the tokens in their counted
//! form (the cheapest part of training and tagging), for the letters with fingerprint and sketch, and for asking a guard.

#![allow(clippy::print_stdout)] // a script that prints a table

use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

use wiredesk::corpus::{FacetColumn, Source};
use wiredesk::duplicates::{Fingerprint, Letters, Sketch, SketchIndex};
use wiredesk::features::{Tokenizer, fold_into};
use wiredesk::{CorpusReader, ReadOptions};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("name a file of rows with columns text and topic")?;
    let options = ReadOptions { facets: Some(vec![FacetColumn::parse("topic")]), ..ReadOptions::default() };
    let rows = CorpusReader::open(&Source::parse(path), &options)?.collect::<Result<Vec<_>, _>>()?;
    let bytes: usize = rows.iter().map(|row| row.text.len()).sum();
    println!("{} rows, {bytes} bytes", rows.len());
    let report = |name: &str, started: Instant| {
        let seconds = started.elapsed().as_secs_f64();
        println!("{name:<22} {seconds:>8.3} s {:>8.1} MB/s", bytes as f64 / 1e6 / seconds);
    };

    let started = Instant::now();
    let mut word = String::new();
    for row in &rows {
        for token in Tokenizer::default().tokens(&row.text) {
            fold_into(token.text, &mut word);
            black_box(&word);
        }
    }
    report("tokens", started);

    let started = Instant::now();
    let letters: Vec<Letters> = rows.iter().map(|row| Letters::of(&row.text)).collect();
    report("letters", started);
    let started = Instant::now();
    letters.iter().for_each(|letters| {
        black_box(Fingerprint::of_letters(letters));
    });
    report("fingerprint of text", started);
    let started = Instant::now();
    rows.iter().for_each(|row| {
        black_box(Fingerprint::of_row(&row.text, &[("topic", &row.labels[0])]));
    });
    report("fingerprint of row", started);
    let started = Instant::now();
    let sketches: Vec<Option<Sketch>> = letters.iter().map(Sketch::of_letters).collect();
    report("sketch", started);
    let started = Instant::now();
    let index = SketchIndex::new(sketches.iter().step_by(2).copied().flatten());
    report("index of every second", started);
    let started = Instant::now();
    let near = sketches.iter().skip(1).step_by(2).flatten().filter(|&&sketch| index.has_near(sketch)).count();
    report("asked for the others", started);
    println!("{near} near");
    Ok(())
}
