//! Writes the model files that later releases have to load: one of each kind, as this release writes them, and their
//! answers to `tests/data/models/texts.txt`.
//!
//! `cargo run --release --example old_models -- tests/data/models/format-2` is run once for each format, by whoever
//! raises the number, and never again: it writes into a new folder only.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use wiredesk::bayes::nbsvm::NbSvmParams;
use wiredesk::bayes::{Estimator, Smoothing};
use wiredesk::corpus::{FacetColumn, Source};
use wiredesk::features::FeatureSettings;
use wiredesk::places::Code;
use wiredesk::tagger::{CountryOptions, Method, ModelCard, PriorChoice};
use wiredesk::{CorpusReader, ReadOptions, Tagger, TrainOptions, Trainer};

#[path = "../tests/old_models/answers.rs"]
mod answers;

const LABELLED: &str = "tests/data/cli/labelled.csv";
const SEVERAL: &str = "tests/data/cli/several-labels.csv";
const COUNTRIES: &str = "tests/cmd/countries.in/labelled.csv";

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("name a new folder, tests/data/models/format-N")?);
    // Fails where the folder is there: what was released stays what it was.
    fs::create_dir(&folder).map_err(|e| format!("{}: {e}; old models are never overwritten", folder.display()))?;
    let texts = fs::read_to_string("tests/data/models/texts.txt")?;
    let mut table = csv::Writer::from_path(folder.join("answers.csv"))?;
    table.write_record(["model", "text", "facet", "label", "probability", "tag"])?;
    for (name, rows, facets, options) in kinds()? {
        let model = train(rows, facets, options)?;
        model.save(folder.join(name).with_extension("safetensors"))?;
        for answer in answers::answers(&model, &texts) {
            let (text, probability) = (answer.text.to_string(), format!("{:.9}", answer.probability));
            let tag = if answer.tag { "yes" } else { "no" };
            table.write_record([name, text.as_str(), &answer.facet, &answer.label, &probability, tag])?;
        }
    }
    Ok(table.flush()?)
}

/// Name, rows, facets and options of each kind of model.
type Kind = (&'static str, &'static str, &'static [&'static str], TrainOptions);

fn kinds() -> Result<Vec<Kind>, Box<dyn Error>> {
    let both: &[&str] = &["topic", "region"];
    let complement = || TrainOptions::naive_bayes(Estimator::Complement);
    let multinomial = || TrainOptions::naive_bayes(Estimator::Multinomial);
    let nbsvm = TrainOptions::default;
    let uncalibrated = Method::NbSvm(NbSvmParams::default().calibrate(false));
    let labels = fs::read_to_string("tests/cmd/countries.in/labels.csv")?;
    let codes = labels.lines().skip(1).filter_map(|line| line.split_once(','));
    let codes = codes.filter_map(|(label, code)| Some((label.to_owned(), Code::parse(code)?))).collect();
    let countries = CountryOptions { labels: codes, ..CountryOptions::default() };
    let gazetteer = ("places.csv".to_owned(), fs::read_to_string("tests/cmd/countries.in/good-places.csv")?);
    let own_places = CountryOptions { gazetteer: Some(gazetteer), home: Code::parse("DE"), ..countries.clone() };
    let trigrams = FeatureSettings { ngrams: 3, prefixes: false, ..FeatureSettings::default() };
    let words = FeatureSettings { ngrams: 1, ..FeatureSettings::default() };
    let places = FeatureSettings { places: true, ..FeatureSettings::default() };
    let by_places = CountryOptions { unlabelled: Some("region".to_owned()), ..countries.clone() };
    Ok(vec![
        ("complement", LABELLED, both, complement()),
        ("complement-no-fingerprints", LABELLED, both, TrainOptions { fingerprints: false, ..complement() }),
        ("complement-several", SEVERAL, &["topic"], TrainOptions { min_df: 2, ..complement() }),
        ("complement-trigrams", LABELLED, &["topic"], TrainOptions { features: trigrams, ..complement() }),
        ("multinomial", LABELLED, both, multinomial()),
        (
            "multinomial-mercer",
            LABELLED,
            both,
            TrainOptions {
                smoothing: Smoothing::JelinekMercer(0.4),
                prior: PriorChoice::Uniform,
                features: words,
                ..multinomial()
            },
        ),
        ("multinomial-several", SEVERAL, &["topic"], multinomial()),
        (
            "nbsvm",
            LABELLED,
            both,
            TrainOptions { card: ModelCard::new("---\nlanguage: eng\n---\n# Small\n"), ..nbsvm() },
        ),
        ("nbsvm-several", SEVERAL, &["topic"], nbsvm()),
        ("nbsvm-uncalibrated", LABELLED, &["topic"], TrainOptions { method: uncalibrated, ..nbsvm() }),
        ("countries", COUNTRIES, &["region"], TrainOptions { countries, ..nbsvm() }),
        ("countries-own-places", COUNTRIES, &["region"], TrainOptions { countries: own_places, ..nbsvm() }),
        ("places", LABELLED, both, TrainOptions { features: places, ..nbsvm() }),
        (
            "places-unlabelled",
            "tests/cmd/countries.in/unlabelled.csv",
            &[],
            TrainOptions { features: places, countries: by_places, ..nbsvm() },
        ),
    ])
}

fn train(rows: &str, facets: &[&str], options: TrainOptions) -> Result<Tagger, Box<dyn Error>> {
    let facets = facets.iter().copied().map(FacetColumn::parse).collect();
    let read = ReadOptions { facets: Some(facets), ..ReadOptions::default() };
    let reader = CorpusReader::open(&Source::parse(Path::new(rows)), &read)?;
    let mut trainer = Trainer::new(options, reader.facets())?;
    trainer.add(&reader.collect::<Result<Vec<_>, _>>()?)?;
    Ok(trainer.finish()?.0)
}
