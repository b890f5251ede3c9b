//! Learns from labelled paragraphs and tags new articles, paragraph by paragraph, by topic and region (or any other
//! label), says how sure it is, and measures how good it is.
//!
//! # The tour
//!
//! Text flows through the folders in this order:
//!
//! ```text
//! CSV ──CorpusReader──> Row ──FeatureExtractor──> BagOfWords ──Fit──> NaiveBayes (one per facet) ──> Tagger ──> file
//!  1 corpus              2 features                3 bayes                                        4 tagger      │
//!                          │                                                                                     │
//!                          └──────────── gold ──────────> Evaluation <─────────── Tags ──────────────────────────┘
//!                                                         5 evaluate ──> 6 report: table, csv, json, markdown, html
//! ```
//!
//! 1. [`corpus`]: rows from CSV, TSV, JSONL and fastText lines; articles into paragraphs with byte offsets.
//!    [`check`]: what is wrong with the rows; [`duplicates`]: which texts are the same, or nearly.
//! 2. [`features`]: words, word pairs and prefixes as columns of a sparse [`BagOfWords`].
//!    [`places`]: the countries that a text names, for facets whose labels are countries.
//! 3. [`bayes`]: naive Bayes in linfa's grammar, integer counts as the model, and a linear model with its prior.
//! 4. [`tagger`]: extractor and classifiers as one [`Tagger`], trained, saved, loaded, asked.
//! 5. [`evaluate`]: precision, recall and F1 as scikit-learn defines them, how far they could be off, and which of two
//!    models is better; [`report`] writes them down.
//!
//! A *facet* is one label column, `topic` or `region` say. Facets are learnt, tagged and scored apart.
//!
//! # Tag an article
//!
//! ```
//! use wiredesk::{Article, ArticleFormat, Tagger};
//!
//! let tagger = Tagger::embedded()?;
//! let text = "Storm hits coast\n\nGusts of wind tore roofs from houses in Portugal, and forecasters expect heavy rain.";
//! for paragraph in Article::split(text, ArticleFormat::Text).paragraphs {
//!     let tags = tagger.tag(paragraph.text(text));
//!     for tag in tags.facet("topic") {
//!         println!("{}..{} {} {:.2}", paragraph.start, paragraph.end, tag.label, tag.probability);
//!     }
//! }
//! # Ok::<(), wiredesk::ModelError>(())
//! ```
//!
//! # Train and evaluate
//!
//! ```
//! use wiredesk::{CorpusReader, FacetEvaluation, ReadOptions, TrainOptions, Trainer};
//!
//! let csv = "text,topic\nA late goal won the match,sport\nThe bank raised its rates,economy\nHe scored in the final,sport\n";
//! let reader = CorpusReader::from_bytes("labelled.csv", csv, &ReadOptions::default())?;
//! let mut trainer = Trainer::new(TrainOptions::default(), reader.facets())?;
//! trainer.add(&reader.collect::<Result<Vec<_>, _>>()?)?;
//! let (tagger, _) = trainer.finish()?;
//!
//! let mut figures = FacetEvaluation::new("topic", false);
//! for (text, gold) in [("The match was won by a goal", "sport"), ("Higher rates", "economy")] {
//!     let tags = tagger.tag(text);
//!     let predicted: Vec<&str> = tags.facet("topic").iter().map(|tag| tag.label).collect();
//!     figures.add(&[gold], &predicted);
//! }
//! assert_eq!(figures.accuracy(), Some(1.0));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The same words from the shell: `wiredesk train`, `wiredesk tag`, `wiredesk evaluate`.

pub mod atomic_file;
pub mod bayes;
pub mod check;
#[cfg(feature = "cli")]
pub mod cli;
pub mod corpus;
mod counting;
pub mod duplicates;
pub mod evaluate;
pub mod features;
pub mod places;
pub mod records;
pub mod report;
#[cfg(feature = "serve")]
pub mod serve;
pub mod tagger;

pub use bayes::NaiveBayes;
pub use corpus::{Article, ArticleFormat, CorpusReader, ReadOptions, Row};
pub use evaluate::{Evaluation, FacetEvaluation};
pub use features::{BagOfWords, FeatureExtractor};
pub use tagger::{ModelError, TagOptions, Tagger, TrainOptions, Trainer};
