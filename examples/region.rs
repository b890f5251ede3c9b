//! How good the region model is: on the project's own news paragraphs and on the PLACES of Reuters-21578, an old newswire.
//!
//! The Reuters texts may not be shipped. `WIREDESK_DATA` names a folder with `reuters-places/{train,test}.csv`;
//! `tests/data/places` has their labels as codes, and the states of 1987 for those of today.
//!
//! ```console
//! $ WIREDESK_DATA=FOLDER cargo run --release --no-default-features --example region
//! ```
//!
//! Without arguments everything is measured and written into `docs/region.md`, between its two marks; the arguments `news`,
//! `reuters`, `few` and `held-out` measure and show a part.

#![allow(clippy::print_stdout)] // an example shows what it does

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use linfa::ParamGuard;
use wiredesk::bayes::nbsvm::{NbSvm, NbSvmParams, Problem};
use wiredesk::features::{BagOfWords, FeatureExtractor, FeatureSettings, Token, Tokenizer};
use wiredesk::places::focus::{
    Candidates, Focus, Frame, RegionLabel, RegionParams, RegionReport, RegionStack, RegionText, gazetteer_labels,
};
use wiredesk::places::{Code, Gazetteer, Meaning, Mention, PlaceMatcher};
use wiredesk::tagger::{Facet, Tagger};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const FOLDS: usize = 3;

/// Texts with what they mention and what they are about.
#[derive(Clone, Default)]
struct Texts {
    texts: Vec<String>,
    candidates: Vec<Candidates>,
    gold: Vec<Vec<Code>>,
}

/// What both halves of a collection share.
struct Places {
    gazetteer: Gazetteer,
    matcher: PlaceMatcher,
    /// Codes that stand for others in this collection.
    era: BTreeMap<Code, Code>,
    /// Labels that are no codes.
    labels: BTreeMap<String, Code>,
    has_title: bool,
}

impl Places {
    fn new(codes: Option<&Path>) -> Result<Self> {
        let gazetteer = Gazetteer::embedded()?;
        let matcher = PlaceMatcher::new(&gazetteer);
        let (mut era, mut labels) = (BTreeMap::new(), BTreeMap::new());
        if let Some(folder) = codes {
            for (label, code) in pairs(&folder.join("reuters_places.csv"))? {
                labels.insert(label, Code::parse(&code).ok_or(code)?);
            }
            for (modern, then) in pairs(&folder.join("era1987.csv"))? {
                era.insert(Code::parse(&modern).ok_or(modern)?, Code::parse(&then).ok_or(then)?);
            }
        }
        Ok(Places { gazetteer, matcher, era, labels, has_title: codes.is_some() })
    }

    fn candidates(&self, text: &str) -> Candidates {
        let tokens: Vec<Token<'_>> = Tokenizer::default().tokens(text).collect();
        let mut mentions: Vec<Mention> = Vec::new();
        self.matcher.mentions(text, &tokens, &mut mentions);
        for mention in &mut mentions {
            if let Meaning::Country(code) = &mut mention.meaning {
                *code = self.era.get(code).copied().unwrap_or(*code);
            }
        }
        let title = text.find('\n').unwrap_or(text.len());
        let frame = match self.has_title {
            // Paragraphs begin with four blanks.
            true => Frame::article(title, text[title..].find("\n    ").map_or(text.len(), |end| title + end)),
            false => Frame::paragraph(text),
        };
        Candidates::new(&mentions, frame, &self.gazetteer)
    }

    fn read(&self, file: &Path, column: &str) -> Result<Texts> {
        let mut reader = csv::Reader::from_path(file)?;
        let header = reader.headers()?.clone();
        let position = |name: &str| header.iter().position(|column| column == name).ok_or(format!("no column {name}"));
        let (text, label) = (position("text")?, position(column)?);
        let mut rows: Vec<(String, Vec<Code>)> = Vec::new();
        for record in reader.records() {
            let record = record?;
            let cell = |i| record.get(i).unwrap_or_default();
            let code = |label: &str| self.labels.get(label).copied().or_else(|| self.gazetteer.code_of_label(label));
            let mut gold: Vec<Code> = cell(label).split('|').filter_map(|one| code(one.trim())).collect();
            gold.sort_unstable();
            gold.dedup();
            rows.push((cell(text).to_owned(), gold));
        }
        // An order that depends on nothing but the texts.
        rows.sort_by_key(|(text, _)| *blake3::hash(text.as_bytes()).as_bytes());
        let mut all = Texts::default();
        for (text, gold) in rows {
            all.candidates.push(self.candidates(&text));
            all.texts.push(text);
            all.gold.push(gold);
        }
        Ok(all)
    }

    fn sub_region(&self, code: Code) -> &'static str {
        self.gazetteer.country(code).map_or("", |country| country.sub_region)
    }
}

fn pairs(file: &Path) -> Result<Vec<(String, String)>> {
    let rows = csv::Reader::from_path(file)?.into_records();
    rows.map(|row| row.map(|row| (row[0].to_owned(), row[1].to_owned())).map_err(Into::into)).collect()
}

impl Texts {
    fn only(&self, keep: impl Fn(usize, &[Code]) -> bool) -> Texts {
        let mut some = Texts::default();
        for i in (0..self.texts.len()).filter(|&i| keep(i, &self.gold[i])) {
            some.texts.push(self.texts[i].clone());
            some.candidates.push(self.candidates[i].clone());
            some.gold.push(self.gold[i].clone());
        }
        some
    }

    fn labels(&self) -> Vec<Code> {
        self.gold.iter().flatten().copied().collect::<BTreeSet<Code>>().into_iter().collect()
    }

    /// Rows of equal labels go round the folds.
    fn folds(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.texts.len()).collect();
        order.sort_by(|&a, &b| self.gold[a].cmp(&self.gold[b]));
        let mut folds = vec![0; order.len()];
        order.into_iter().enumerate().for_each(|(turn, i)| folds[i] = turn % FOLDS);
        folds
    }
}

/// Words model and region model.
struct Model {
    extractor: FeatureExtractor,
    words: NbSvm,
    stack: RegionStack,
    focus_only: RegionStack,
    report: RegionReport,
}

fn words_model(bag: &BagOfWords, labels: &[Vec<u32>], n: usize, takes_part: impl Fn(usize) -> bool) -> Result<NbSvm> {
    let problem = Problem::new(bag, labels, n, true, None, takes_part)?;
    Ok(NbSvmParams::default().calibrate(false).check()?.fit_problem(&problem)?.0)
}

fn margins(model: &NbSvm, bag: &BagOfWords, row: usize) -> Vec<f32> {
    let (columns, counts) = bag.row(row);
    model.score(columns.iter().copied().zip(counts.iter().copied())).margins
}

/// The words model of some texts, and what models that have not seen them say of each.
struct Words {
    extractor: FeatureExtractor,
    labels: Vec<Code>,
    words: NbSvm,
    scores: Vec<Vec<f32>>,
}

fn train_words(texts: &Texts) -> Result<Words> {
    let (extractor, bag) = FeatureExtractor::fit(&texts.texts, FeatureSettings::default())?;
    let labels = texts.labels();
    let of_row =
        |gold: &Vec<Code>| gold.iter().filter_map(|c| labels.binary_search(c).ok()).map(|l| l as u32).collect();
    let rows: Vec<Vec<u32>> = texts.gold.iter().map(of_row).collect();
    let folds = texts.folds();
    let mut scores: Vec<Vec<f32>> = vec![Vec::new(); rows.len()];
    for fold in 0..FOLDS {
        let model = words_model(&bag, &rows, labels.len(), |row| folds[row] != fold)?;
        (0..rows.len()).filter(|&row| folds[row] == fold).for_each(|row| scores[row] = margins(&model, &bag, row));
    }
    let words = words_model(&bag, &rows, labels.len(), |_| true)?;
    Ok(Words { extractor, labels, words, scores })
}

fn train(texts: &Texts, params: &RegionParams) -> Result<Model> {
    let Words { extractor, labels, words, scores } = train_words(texts)?;
    let folds = texts.folds();
    let with = |scores: &[Vec<f32>]| {
        let text = |i: usize| RegionText {
            candidates: &texts.candidates[i],
            scores: scores.get(i).map_or(&[], Vec::as_slice),
            gold: &texts.gold[i],
            fold: folds[i],
        };
        params.fit(&labels, &(0..texts.texts.len()).map(text).collect::<Vec<_>>())
    };
    let (stack, report) = with(&scores)?;
    let (focus_only, _) = with(&[])?;
    Ok(Model { extractor, words, stack, focus_only, report })
}

/// What `train --places` makes of texts without labels: the gazetteer's stand in, and the embedded model's weights.
fn train_unlabelled(texts: &Texts, home: Option<Code>) -> Result<Model> {
    let mut by_gazetteer = texts.clone();
    by_gazetteer.gold = texts.candidates.iter().map(gazetteer_rule).collect();
    let by_gazetteer = by_gazetteer.only(|_, gold| !gold.is_empty());
    let Words { extractor, labels, words, scores } = train_words(&by_gazetteer)?;
    let count = |code: &Code| by_gazetteer.gold.iter().filter(|gold| gold.contains(code)).count() as u32;
    let labels = labels.iter().map(|code| RegionLabel { code: *code, texts: count(code), seen: count(code) }).collect();
    let embedded = Tagger::embedded()?;
    let weights = embedded.facet("region").and_then(Facet::as_countries).ok_or("no countries")?.stack();
    let stack = weights.over(labels, by_gazetteer.texts.len() as u32, &scores.concat(), home)?;
    let focus_only = weights.over(Vec::new(), 0, &[], home)?;
    let report = RegionReport { micro_f1: f64::NAN, macro_f1: f64::NAN };
    Ok(Model { extractor, words, stack, focus_only, report })
}

fn decided(scores: &[wiredesk::places::focus::CountryScore]) -> Vec<Code> {
    scores.iter().filter(|score| score.decided).map(|score| score.code).collect()
}

impl Model {
    fn answers(&self, texts: &Texts, focus: Focus) -> Vec<Vec<Code>> {
        let bag = self.extractor.transform(&texts.texts);
        let answer = |i| decided(&self.stack.tag(&texts.candidates[i], &margins(&self.words, &bag, i), focus));
        (0..texts.texts.len()).map(answer).collect()
    }

    fn by_focus_only(&self, texts: &Texts) -> Vec<Vec<Code>> {
        texts.candidates.iter().map(|one| decided(&self.focus_only.tag(one, &[], Focus::Major))).collect()
    }
}

/// Micro- and macro-F1; the latter over the labels of the gold.
fn f1<L: Ord>(gold: &[Vec<L>], answers: &[Vec<L>]) -> (f64, f64) {
    let mut tallies: BTreeMap<&L, [u64; 3]> = BTreeMap::new();
    for (gold, answers) in gold.iter().zip(answers) {
        gold.iter().for_each(|label| tallies.entry(label).or_default()[0] += 1);
        for label in answers {
            let tally = tallies.entry(label).or_default();
            tally[1] += 1;
            tally[2] += u64::from(gold.contains(label));
        }
    }
    let f1 = |t: &[u64; 3]| 2.0 * t[2] as f64 / (t[0] + t[1]).max(1) as f64;
    let all = tallies.values().fold([0; 3], |a, b| [a[0] + b[0], a[1] + b[1], a[2] + b[2]]);
    let of_gold: Vec<f64> = tallies.values().filter(|t| t[0] > 0).map(f1).collect();
    (f1(&all), of_gold.iter().sum::<f64>() / of_gold.len().max(1) as f64)
}

/// Micro- and macro-F1 of countries, then of sub-regions, by what gave the answers; in order.
type Figures = Vec<(String, [f64; 4])>;

fn show(name: &str, places: &Places, texts: &Texts, answers: &[Vec<Code>], figures: &mut Figures) {
    let to_areas = |all: &[Vec<Code>]| -> Vec<Vec<&'static str>> {
        let of = |codes: &Vec<Code>| codes.iter().map(|&c| places.sub_region(c)).collect::<BTreeSet<_>>();
        all.iter().map(|codes| of(codes).into_iter().collect()).collect()
    };
    let (micro, of_labels) = f1(&texts.gold, answers);
    let (sub_micro, sub_macro) = f1(&to_areas(&texts.gold), &to_areas(answers));
    println!("{name:<44} {micro:.3} {of_labels:.3}   {sub_micro:.3} {sub_macro:.3}");
    figures.push((name.to_owned(), [micro, of_labels, sub_micro, sub_macro]));
}

fn gazetteer_answers(texts: &Texts, home: Option<Code>, rule: impl Fn(&Candidates) -> Vec<Code>) -> Vec<Vec<Code>> {
    let answer = |one: &Candidates| match rule(one) {
        found if found.is_empty() => home.into_iter().collect(),
        found => found,
    };
    texts.candidates.iter().map(answer).collect()
}

fn table(
    title: &str,
    places: &Places,
    train_texts: &Texts,
    test: &Texts,
    params: &RegionParams,
    home: Option<Code>,
) -> Result<Figures> {
    let started = Instant::now();
    let mut figures = Figures::new();
    println!(
        "\n{title}: {} train, {} test\n{:<44} mi    ma      sub mi ma",
        train_texts.texts.len(),
        test.texts.len(),
        ""
    );
    let strong = |one: &Candidates| one.iter().filter(|c| c.strong > 0).map(|c| c.code).collect();
    show(
        "gazetteer, all clear mentions, else home",
        places,
        test,
        &gazetteer_answers(test, home, strong),
        &mut figures,
    );
    show(
        "gazetteer, twice or most, else home",
        places,
        test,
        &gazetteer_answers(test, home, gazetteer_rule),
        &mut figures,
    );
    let model = train(train_texts, params)?;
    show("tied focus, no words", places, test, &model.by_focus_only(test), &mut figures);
    for focus in [Focus::Major, Focus::All, Focus::Primary] {
        show(&format!("tied focus and words, {focus}"), places, test, &model.answers(test, focus), &mut figures);
    }
    let unlabelled = train_unlabelled(train_texts, home)?;
    show("no labels, no words", places, test, &unlabelled.by_focus_only(test), &mut figures);
    show("no labels, words by the gazetteer", places, test, &unlabelled.answers(test, Focus::Major), &mut figures);
    println!("out of fold {:?}, threshold {}", model.report, model.stack.parts().threshold);
    println!("{:.1} s", started.elapsed().as_secs_f64());
    Ok(figures)
}

/// As [`gazetteer_labels`], former states included.
fn gazetteer_rule(all: &Candidates) -> Vec<Code> {
    if all.iter().all(|one| !one.former) {
        return gazetteer_labels(all);
    }
    let most = all.iter().map(|one| one.strong).max().unwrap_or(0).max(1);
    all.iter().filter(|one| one.strong >= 2 || one.strong == most).map(|one| one.code).collect()
}

/// F1 over countries whose texts are all left out of training, a quarter of the countries at a time.
fn held_out(train_texts: &Texts, test: &Texts, params: &RegionParams) -> Result<f64> {
    let home = Code::parse("US");
    let (mut with_words, mut focus_only) = ((Vec::new(), Vec::new()), Vec::new());
    for part in 0..4 {
        let labels: Vec<Code> = train_texts.labels().into_iter().filter(|&code| Some(code) != home).collect();
        let out: BTreeSet<Code> = labels.into_iter().skip(part).step_by(4).collect();
        let model = train(&train_texts.only(|_, gold| !gold.iter().any(|code| out.contains(code))), params)?;
        let only = |all: &[Vec<Code>]| -> Vec<Vec<Code>> {
            all.iter().map(|codes| codes.iter().copied().filter(|code| out.contains(code)).collect()).collect()
        };
        with_words.0.extend(only(&test.gold));
        with_words.1.extend(only(&model.answers(test, Focus::Major)));
        focus_only.extend(only(&model.by_focus_only(test)));
    }
    let (stack, focus) = (f1(&with_words.0, &with_words.1), f1(&with_words.0, &focus_only));
    println!("\ncountries held out of training: tied focus {focus:.3?}, with words {stack:.3?}");
    Ok(stack.0)
}

/// The tables of `docs/region.md`.
fn in_markdown(news: &Figures, reuters: &Figures, few: &[(usize, Figures)], held_out: f64) -> Result<String> {
    let mut text = String::from(
        "\n| | news, countries | news, sub-regions | Reuters, countries | Reuters, sub-regions |\n|---|---|---|---|---|\n",
    );
    for (name, theirs) in reuters {
        let (_, ours) = news.iter().find(|(one, _)| one == name).ok_or("another row")?;
        let cell = |figures: &[f64]| format!("{:.3} / {:.3}", figures[0], figures[1]);
        let cells = [cell(&ours[..2]), cell(&ours[2..]), cell(&theirs[..2]), cell(&theirs[2..])];
        writeln!(text, "| {name} | {} |", cells.join(" | "))?;
    }
    text.push_str("\nFew rows of Reuters, countries:\n\n| training articles | tied focus, no words | tied focus and words |\n|---|---|---|\n");
    for (rows, figures) in few {
        let cell = |name: &str| {
            let found = figures.iter().find(|(one, _)| one == name).map(|(_, f)| format!("{:.3} / {:.3}", f[0], f[1]));
            found.ok_or("a row is missing")
        };
        writeln!(text, "| {rows} | {} | {} |", cell("tied focus, no words")?, cell("tied focus and words, major")?)?;
    }
    writeln!(text, "\nCountries that were held out of training, Reuters: F1 {held_out:.3}.\n")?;
    Ok(text)
}

const MARKS: [&str; 2] = ["<!-- figures: examples/region.rs -->\n", "<!-- end of figures -->"];

fn write(figures: &str) -> Result<()> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/region.md");
    let text = std::fs::read_to_string(&file)?;
    let places = MARKS.map(|mark| text.find(mark));
    let [Some(start), Some(end)] = places else { return Err("docs/region.md has lost its marks".into()) };
    let start = start + MARKS[0].len();
    std::fs::write(&file, [&text[..start], figures, &text[end..]].concat())?;
    Ok(())
}

fn main() -> Result<()> {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let wants = |what: &str| wanted.is_empty() || wanted.iter().any(|one| one == what);
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("datasets/news");
    let params = RegionParams::default();
    let (mut news, mut reuters, mut few) = (Figures::new(), Figures::new(), Vec::new());
    if wants("news") {
        let places = Places::new(None)?;
        let (train, test) =
            (places.read(&own.join("train.csv"), "country")?, places.read(&own.join("test.csv"), "country")?);
        news = table("news", &places, &train, &test, &params, None)?;
    }
    let Some(data) = std::env::var_os("WIREDESK_DATA").map(PathBuf::from) else { return Ok(()) };
    let places = Places::new(Some(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/places")))?;
    let folder = data.join("reuters-places");
    let (train, test) =
        (places.read(&folder.join("train.csv"), "region")?, places.read(&folder.join("test.csv"), "region")?);
    let home = Code::parse("US");
    let params = params.home(home);
    if wants("reuters") {
        reuters = table("Reuters", &places, &train, &test, &params, home)?;
    }
    if wants("few") {
        for every in [200, 100, 20] {
            let some = train.only(|i, _| i % every == 0);
            few.push((some.texts.len(), table("Reuters, few", &places, &some, &test, &params, home)?));
        }
    }
    if wants("held-out") {
        let held_out = held_out(&train, &test, &params)?;
        if wanted.is_empty() {
            write(&in_markdown(&news, &reuters, &few, held_out)?)?;
        }
    }
    Ok(())
}
