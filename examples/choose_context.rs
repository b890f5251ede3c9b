//! Chooses how much the paragraphs of an article say about each other ([`wiredesk::tagger::Context`]).
//!
//! `cargo run --release --example choose_context -- FOLDER`, where FOLDER holds published sets of documents. Each
//! training split is halved: one half trains, the documents of the other are cut into their paragraphs and tagged. A
//! paragraph should get its document's labels. Documents come alone, and two and five in a row as one article, because an
//! article can change its subject. Figures: accuracy of the first label (single-label sets) or micro-F1, per article of
//! one, two and five documents, and the expected calibration error of single documents. Best is the highest mean, single
//! documents counting double because most articles keep to their subject, among settings that make no figure worse than
//! no context; of those within .001 of it the one with the least weight. Test splits are not read.

#![allow(clippy::print_stdout)] // a script that prints a table

use std::error::Error;
use std::path::{Path, PathBuf};

use wiredesk::corpus::{FacetColumn, LabelId, Source};
use wiredesk::tagger::{Analysis, Context};
use wiredesk::{CorpusReader, ReadOptions, Row, Tagger, TrainOptions, Trainer};

/// Folder, facet, and what begins a paragraph.
const SETS: [(&str, &str, &str); 5] = [
    ("r8", "topic", "\n    "),
    ("masakhanews-eng", "topic", "\n"),
    ("20newsgroups-body", "topic", "\n\n"),
    ("reuters-r90", "topic", "\n    "),
    ("reuters-r90", "region", "\n    "),
];

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("name the folder of the published sets")?);
    let sets = SETS.iter().map(|set| Set::read(&folder, set)).collect::<Result<Vec<_>, _>>()?;
    println!("weight decay bound  {}", sets.iter().map(|s| format!("{:<36}", s.name)).collect::<String>());
    let mut without: Vec<f64> = Vec::new();
    let mut harmless: Vec<(f64, Context)> = Vec::new();
    for (weight, decay, bound) in grid() {
        let context = Context { weight, decay, bound };
        let mut figures = Vec::new();
        let mut line = format!("{weight:>6} {decay:>5} {bound:>5} ");
        for set in &sets {
            let scores = [1, 2, 5].map(|documents| set.score(context, documents).0);
            let error = set.score(context, 1).1;
            line += &format!(" {:.4} {:.4} {:.4} (ece {error:.3})   ", scores[0], scores[1], scores[2]);
            figures.extend([scores[0], scores[0], scores[1], scores[2]]);
        }
        if weight == 0.0 {
            without.clone_from(&figures);
        }
        let mean = figures.iter().sum::<f64>() / figures.len() as f64;
        let harms = figures.iter().zip(&without).any(|(with, without)| with < without);
        println!("{line} mean {mean:.4}{}", if harms { "  harms" } else { "" });
        if !harms {
            harmless.push((mean, context));
        }
    }
    let best = harmless.iter().map(|(mean, _)| *mean).fold(0.0, f64::max);
    println!("best: {:?}", harmless.iter().find(|(mean, _)| *mean > best - 0.001));
    Ok(())
}

/// Weights, decays and bounds, the least weight first.
fn grid() -> impl Iterator<Item = (f64, f64, f64)> {
    let tried = [1.0, 2.0, 3.0, 5.0, 8.0].into_iter().flat_map(|weight| {
        [0.6, 0.8, 0.9].into_iter().flat_map(move |decay| [1.0, 2.0, 3.0].map(|bound| (weight, decay, bound)))
    });
    std::iter::once((0.0, 1.0, 1.0)).chain(tried)
}

struct Set {
    name: String,
    tagger: Tagger,
    /// Per document, its labels and what the model makes of each paragraph.
    documents: Vec<(Vec<usize>, Vec<Analysis>)>,
}

impl Set {
    fn read(folder: &Path, &(name, facet, begins): &(&str, &str, &str)) -> Result<Self, Box<dyn Error>> {
        let options = ReadOptions { facets: Some(vec![FacetColumn::parse(facet)]), ..ReadOptions::default() };
        let reader = CorpusReader::open(&Source::parse(folder.join(name).join("train.csv")), &options)?;
        let facets = reader.facets().to_vec();
        let rows = reader.collect::<Result<Vec<Row>, _>>()?;
        let half = |odd| rows.iter().enumerate().filter(move |(i, _)| (i % 2 == 1) == odd).map(|(_, row)| row.clone());
        let mut trainer = Trainer::new(TrainOptions::default(), &facets)?;
        trainer.add(&half(false).collect::<Vec<_>>())?;
        let (tagger, _) = trainer.finish()?;
        let labels = tagger.facets()[0].labels().clone();
        let document = |row: Row| {
            let paragraphs: Vec<&str> = row.text.split(begins).filter(|p| !p.trim().is_empty()).collect();
            let gold = row.labels[0].iter().filter_map(|label| labels.id(label)).map(LabelId::index).collect();
            (gold, tagger.analyze_all(&paragraphs))
        };
        let several = half(true).map(document).filter(|(_, paragraphs)| paragraphs.len() > 1);
        let mut documents: Vec<_> = several.collect();
        // In some sets, neighbours are of one subject. 7919 is prime, so every document has its turn once.
        let n = documents.len();
        documents = (0..n).map(|i| std::mem::take(&mut documents[i * 7919 % n])).collect();
        Ok(Set { name: format!("{name} {facet}"), tagger, documents })
    }

    /// Accuracy or micro-F1, and the calibration error.
    fn score(&self, context: Context, documents: usize) -> (f64, f64) {
        let (mut correct, mut predicted, mut gold) = (0u64, 0u64, 0u64);
        let mut bins = [(0.0, 0.0, 0u64); 15];
        for article in self.documents.chunks(documents) {
            let paragraphs = article.iter().flat_map(|(_, paragraphs)| paragraphs.iter().cloned()).collect();
            let labels = article.iter().flat_map(|(gold, paragraphs)| paragraphs.iter().map(move |_| gold));
            for (analysis, labels) in self.tagger.in_context(paragraphs, context).iter().zip(labels) {
                let facet = &analysis.facets[0];
                let right = facet.decided.iter().filter(|label| labels.contains(label)).count() as u64;
                correct += right;
                predicted += facet.decided.len() as u64;
                gold += labels.len() as u64;
                let p = facet.probabilities.iter().copied().fold(0.0, f64::max);
                let bin = &mut bins[((p * 15.0) as usize).min(14)];
                *bin = (bin.0 + p, bin.1 + right.min(1) as f64, bin.2 + 1);
            }
        }
        let all: u64 = bins.iter().map(|b| b.2).sum();
        let error = bins.iter().map(|b| (b.0 - b.1).abs()).sum::<f64>() / all.max(1) as f64;
        (2.0 * correct as f64 / (predicted + gold).max(1) as f64, error)
    }
}
