//! What makes models small, each measured by itself: keeping few features, and weights of one byte.
//!
//! `cargo run --release --example small_models -- FOLDER [SET …]`, where FOLDER holds published sets. Each is trained
//! three times: as by default; with all features, in bytes; with the features kept by default, in floats. Figures:
//! accuracy out of fold inside the training split, where a row is right if all its labels are (margins are floats there,
//! so rounding does not show), and accuracy (single-label sets) or micro-F1 on the test split. *Rows* are those of the
//! test split whose answer rounding changes. *All* are those that a linear model may choose from, and *features* are
//! counted in the vocabulary of the file.

#![allow(clippy::print_stdout)] // a script that prints a table

use std::error::Error;
use std::path::Path;

use linfa::ParamGuard;
use wiredesk::bayes::nbsvm::{FloatWeights, LinearScores, NbSvm, NbSvmParams, Problem, Quantized};
use wiredesk::corpus::{FacetColumn, LabelSet, Source};
use wiredesk::features::{FeatureExtractor, FeatureSettings, Tokenizer, VocabularyBuilder, fold_into};
use wiredesk::tagger::Method;
use wiredesk::{CorpusReader, FacetEvaluation, ReadOptions, Row, TagOptions, Tagger, TrainOptions, Trainer};

const SETS: [&str; 9] = [
    "r8",
    "r52",
    "ohsumed",
    "20newsgroups-body",
    "ag-news",
    "wiki-events",
    "masakhanews-eng",
    "reuters-r90",
    "sib200-eng_Latn",
];
/// More than any of the sets has; with many labels the trainer still stops at 100 million features × labels.
const ALL: usize = 100_000_000;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("name the folder of the published sets")?;
    let named: Vec<String> = arguments.collect();
    let sets: Vec<&str> = if named.is_empty() { SETS.to_vec() } else { named.iter().map(String::as_str).collect() };
    println!(
        "| set | features kept / all | out of fold: kept / all | test: kept | all | Δ pruning | test: bytes | floats | \
         Δ bytes | rows | MB: kept, bytes | all, bytes | kept, floats |"
    );
    println!("|{}", "---|".repeat(13));
    let mut sums = [0.0; 3];
    for &set in &sets {
        let figures = measure(&Path::new(&folder).join(set), set)?;
        sums.iter_mut().zip(figures).for_each(|(sum, figure)| *sum += figure);
    }
    let [out_of_fold, pruning, bytes] = sums.map(|sum| sum / sets.len() as f64);
    println!("| *mean* | | {out_of_fold:+.2} | | | {pruning:+.2} | | | {bytes:+.2} | | | | |");
    Ok(())
}

/// Prints the row of a set; gives the points gained by pruning out of fold and on test, and by rounding on test.
fn measure(folder: &Path, set: &str) -> Result<[f64; 3], Box<dyn Error>> {
    let (train, test) = (read(&folder.join("train.csv"))?, read(&folder.join("test.csv"))?);
    let (kept, kept_out_of_fold) = fit(&train, NbSvmParams::default())?;
    let (all, all_out_of_fold) = fit(&train, NbSvmParams::default().max_features(ALL))?;
    let [kept_test, all_test] = [&kept, &all].map(|tagger| score(tagger, &test));
    let (bytes, floats, changed, extra) = rounding(&train, &test, &kept)?;
    let [kept_bytes, all_bytes] = [kept.to_bytes()?.len(), all.to_bytes()?.len()];
    let features = [&kept, &all].map(|tagger| tagger.extractor().vocabulary().n_features());
    println!(
        "| {set} | {} / {} | {kept_out_of_fold:.2} / {all_out_of_fold:.2} | {kept_test:.2} | {all_test:.2} | {:+.2} | \
         {bytes:.2} | {floats:.2} | {:+.2} | {changed} of {} | {:.1} | {:.1} | {:.1} |",
        features[0],
        features[1],
        kept_test - all_test,
        bytes - floats,
        test.len(),
        kept_bytes as f64 / 1e6,
        all_bytes as f64 / 1e6,
        (kept_bytes + extra) as f64 / 1e6,
    );
    Ok([kept_out_of_fold - all_out_of_fold, kept_test - all_test, bytes - floats])
}

fn read(path: &Path) -> Result<Vec<Row>, Box<dyn Error>> {
    let options = ReadOptions { facets: Some(vec![FacetColumn::parse("topic")]), ..ReadOptions::default() };
    Ok(CorpusReader::open(&Source::parse(path), &options)?.collect::<Result<_, _>>()?)
}

/// A model, and its accuracy out of fold in percent.
fn fit(rows: &[Row], params: NbSvmParams) -> Result<(Tagger, f64), Box<dyn Error>> {
    let options = TrainOptions { method: Method::NbSvm(params), ..TrainOptions::default() };
    let mut trainer = Trainer::new(options, &["topic".to_owned()])?;
    trainer.add(rows)?;
    let (tagger, summary) = trainer.finish()?;
    let (_, report) = summary.out_of_fold.first().ok_or("nothing was held out")?;
    Ok((tagger, 100.0 * report.accuracy))
}

/// Accuracy or micro-F1 on these rows, in percent.
fn score(tagger: &Tagger, rows: &[Row]) -> f64 {
    let mut figures = FacetEvaluation::new("topic", tagger.facets()[0].is_multi_label());
    let texts: Vec<&str> = rows.iter().map(|row| row.text.as_str()).collect();
    for (row, analysis) in rows.iter().zip(tagger.analyze_all(&texts)) {
        let tags = tagger.tags_of(&analysis, &TagOptions::default());
        let predicted: Vec<&str> = tags.facet("topic").iter().map(|tag| tag.label).collect();
        figures.add(&row.labels[0].iter().map(String::as_str).collect::<Vec<_>>(), &predicted);
    }
    percent(&figures)
}

fn percent(figures: &FacetEvaluation) -> f64 {
    let figure = if figures.multi_label() { figures.averages().micro.f1 } else { figures.accuracy() };
    100.0 * figure.unwrap_or(0.0)
}

/// One fit, asked with its weights in bytes and in floats: both figures, the rows whose answers differ, and by how many
/// bytes a file of floats would be larger. The rows are in another order than the trainer's, which is why the first
/// figure can differ a little from the trainer's.
fn rounding(train: &[Row], test: &[Row], tagger: &Tagger) -> Result<(f64, f64, usize, usize), Box<dyn Error>> {
    let facet = &tagger.facets()[0];
    let (labels, multi_label) = (facet.labels(), facet.is_multi_label());
    let extractor = extractor(train, tagger.extractor().vocabulary().has_characters())?;
    let bag = extractor.transform(&train.iter().map(|row| row.text.as_str()).collect::<Vec<_>>());
    let gold: Vec<Vec<u32>> = train.iter().map(|row| ids(row, labels)).collect();
    let problem =
        Problem::new(&bag, &gold, labels.len(), multi_label, None, |row| multi_label || !gold[row].is_empty())?;
    let (model, _, exact) = NbSvmParams::default().check()?.fit_with_weights(&problem)?;
    if Quantized::new(&exact.weights, labels.len()) != model.parts().weights {
        return Err("the floats are not the weights that were rounded".into());
    }
    let asked = extractor.transform(&test.iter().map(|row| row.text.as_str()).collect::<Vec<_>>());
    let mut figures = [(); 2].map(|()| FacetEvaluation::new("topic", multi_label));
    let mut changed = 0;
    for (row, (columns, counts)) in test.iter().zip(asked.rows()) {
        let row_counts: Vec<(u32, u32)> = columns.iter().copied().zip(counts.iter().copied()).collect();
        let scores = [model.score(row_counts.iter().copied()), float_scores(&model, &exact, &row_counts)];
        let answers = scores.map(|scores| model.decide(&model.evidence(&scores)));
        changed += usize::from(answers[0] != answers[1]);
        let gold: Vec<&str> = row.labels[0].iter().map(String::as_str).collect();
        for (figures, answer) in figures.iter_mut().zip(answers) {
            figures.add(&gold, &answer.into_iter().map(|label| labels.name(label.into())).collect::<Vec<_>>());
        }
    }
    // Three bytes more a weight, and no scales.
    let parts = model.parts();
    let larger = [&parts.weights, &parts.companion]
        .map(|matrix| (3 * matrix.values.len()).saturating_sub(4 * matrix.scales.len()));
    Ok((percent(&figures[0]), percent(&figures[1]), changed, larger.iter().sum()))
}

fn ids(row: &Row, labels: &LabelSet) -> Vec<u32> {
    let mut ids: Vec<u32> = row.labels[0].iter().filter_map(|label| Some(labels.id(label)?.0)).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// All features of the rows.
fn extractor(rows: &[Row], with_characters: bool) -> Result<FeatureExtractor, Box<dyn Error>> {
    let (settings, tokenizer) = (FeatureSettings::default(), Tokenizer::default());
    let mut builder = VocabularyBuilder::new(settings.ngrams as usize, settings.prefixes);
    builder.set_characters(with_characters);
    let (mut word, mut columns) = (String::new(), Vec::new());
    for row in rows {
        builder.begin_row();
        for token in tokenizer.tokens(&row.text) {
            columns.clear();
            fold_into(token.text, &mut word);
            builder.add_word(&word, token.spaceless, &mut columns).map_err(|_| "too many features")?;
        }
    }
    Ok(FeatureExtractor::new(tokenizer, settings, builder.finish().0))
}

/// [`NbSvm::score`], with the weights as they were fitted.
fn float_scores(model: &NbSvm, exact: &FloatWeights, row: &[(u32, u32)]) -> LinearScores {
    let (parts, k) = (model.parts(), model.n_labels());
    let mut entries = Vec::new();
    parts.design.weigh(row.iter().copied(), &mut entries);
    let mut scores = LinearScores { margins: parts.bias.clone(), companion: Vec::new(), known: entries.len() };
    for &(feature, x) in &entries {
        let weights = &exact.weights[feature as usize * k..][..k];
        scores.margins.iter_mut().zip(weights).for_each(|(m, w)| *m += x * w);
    }
    if !exact.companion.is_empty() {
        scores.companion.clone_from(&parts.companion_prior);
        let mut length = 0f32;
        for &(column, count) in row {
            let Some(feature) = parts.design.row_of(column).map(|feature| feature as usize) else { continue };
            length += count as f32 * parts.design.block_weight(feature);
            let Some(weights) = exact.companion.get(feature * k..(feature + 1) * k) else { continue };
            scores.companion.iter_mut().zip(weights).for_each(|(j, w)| *j += count as f32 * w);
        }
        let length = length.max(1.0).sqrt();
        scores.companion.iter_mut().for_each(|j| *j /= length);
    }
    scores
}
