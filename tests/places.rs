//! The gazetteer that ships, and what the matcher makes of it: sentences with the countries that a reader would name.
//!
//! `tests/places/cases.tsv` holds one sentence a line, a tab, and the codes joined by `|` (none: no country).
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use wiredesk::evaluate::FacetEvaluation;
use wiredesk::features::{Token, Tokenizer};
use wiredesk::places::{Code, Gazetteer, Kind, Meaning, Mention, PlaceMatcher, Strength, region_of};

struct Places {
    gazetteer: Gazetteer,
    matcher: PlaceMatcher,
}

impl Places {
    fn new() -> Self {
        let gazetteer = Gazetteer::embedded().unwrap();
        let matcher = PlaceMatcher::new(&gazetteer);
        Places { gazetteer, matcher }
    }

    fn mentions(&self, text: &str) -> Vec<Mention> {
        let tokens: Vec<Token<'_>> = Tokenizer::default().tokens(text).collect();
        let mut mentions = Vec::new();
        self.matcher.mentions(text, &tokens, &mut mentions);
        mentions
    }

    /// The codes of all strong mentions.
    fn codes(&self, text: &str) -> BTreeSet<String> {
        let strong = |mention: Mention| match (mention.strength, mention.meaning) {
            (Strength::Strong, Meaning::Country(code)) => Some(code.to_string()),
            _ => None,
        };
        self.mentions(text).into_iter().filter_map(strong).collect()
    }

    fn explained(&self, text: &str) -> String {
        let tokens: Vec<Token<'_>> = Tokenizer::default().tokens(text).collect();
        let mut mentions = Vec::new();
        self.matcher.explain(text, &tokens, &mut mentions);
        let one =
            |m: &Mention| format!("    {:?} {:?}: {}\n", &text[m.start..m.end], m.meaning, m.decided.in_words(text));
        mentions.iter().map(one).collect()
    }
}

#[test]
fn every_sentence_names_the_countries_that_a_reader_would_name() {
    let places = Places::new();
    let mut wrong = String::new();
    let mut cases = 0;
    for (line, case) in include_str!("places/cases.tsv").lines().enumerate() {
        if case.is_empty() || case.starts_with('#') {
            continue;
        }
        let (text, codes) = case.split_once('\t').unwrap_or((case, ""));
        let expected: BTreeSet<String> = codes.split('|').filter(|code| !code.is_empty()).map(str::to_owned).collect();
        let found = places.codes(text);
        cases += 1;
        if found != expected {
            let line = line + 1;
            wrong += &format!("{line}: {text}\n  expected {expected:?}, found {found:?}\n{}", places.explained(text));
        }
    }
    assert!(wrong.is_empty(), "cases.tsv, of {cases} sentences these are wrong:\n{wrong}");
    assert!(cases >= 200, "{cases} sentences");
}

#[test]
fn every_country_has_a_name_an_area_and_a_demonym_unless_listed_here() {
    /// ISO 3166-1 alpha-2, officially assigned, and Kosovo.
    const ISO: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ \
        CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR \
        GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP \
        KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ \
        NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW \
        SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ \
        UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW";
    const WITHOUT_DEMONYM: &str = "BV GS HM SJ TF UM";
    let Places { gazetteer, .. } = Places::new();
    let codes: Vec<&str> = ISO.split_whitespace().collect();
    assert_eq!(codes.len(), 250);
    let known: Vec<String> = gazetteer.countries().filter(|c| !c.former).map(|c| c.code.to_string()).collect();
    assert_eq!(known, codes);
    let mut without = Vec::new();
    for country in gazetteer.countries() {
        assert!(gazetteer.forms(country.code, Kind::Name).count() > 0, "{} has no name", country.code);
        assert_eq!(region_of(country.sub_region), Some(country.region), "{}", country.code);
        assert_eq!(country.alpha3.len(), 3, "{}", country.code);
        for label in [country.code.as_str(), &country.alpha3, &country.name] {
            assert_eq!(gazetteer.code_of_label(label), Some(country.code), "{label}");
        }
        if gazetteer.forms(country.code, Kind::Demonym).count() == 0 {
            without.push(country.code.to_string());
        }
    }
    assert_eq!(without.join(" "), WITHOUT_DEMONYM);
}

#[test]
fn sub_regions_are_those_of_m49() {
    let Places { gazetteer, .. } = Places::new();
    for (code, expected) in [
        ("IR", "southern-asia"),
        ("AF", "southern-asia"),
        ("TR", "western-asia"),
        ("CY", "western-asia"),
        ("GE", "western-asia"),
        ("EG", "northern-africa"),
        ("SD", "northern-africa"),
        ("SS", "eastern-africa"),
        ("MX", "central-america"),
        ("GB", "northern-europe"),
        ("EE", "northern-europe"),
        ("RU", "eastern-europe"),
        ("XK", "southern-europe"),
        ("TW", "eastern-asia"),
        ("BV", "south-america"),
        ("IO", "eastern-africa"),
        ("UM", "micronesia"),
        ("CX", "australia-and-new-zealand"),
        ("SU", "eastern-europe"),
        ("YD", "western-asia"),
    ] {
        let country = gazetteer.country(Code::parse(code).unwrap()).unwrap();
        assert_eq!(country.sub_region, expected, "{code}");
    }
}

#[test]
fn the_matcher_takes_less_than_a_megabyte() {
    let places = Places::new();
    let size = places.matcher.size();
    println!("{} forms, {size} bytes", places.gazetteer.n_forms());
    assert!(size < 1 << 20, "{size} bytes");
}

// What follows prints figures and holds none: `cargo test --test places -- --ignored --nocapture`.

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The rows of a CSV file, of two of its columns.
fn rows(path: &Path, columns: [&str; 2]) -> Vec<[String; 2]> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let header = reader.headers().unwrap().clone();
    let [a, b] = columns.map(|column| header.iter().position(|name| name == column).unwrap());
    reader.records().map(|row| row.unwrap()).map(|row| [row[a].to_owned(), row[b].to_owned()]).collect()
}

fn split(cell: &str) -> BTreeSet<String> {
    cell.split('|').filter(|label| !label.is_empty()).map(str::to_owned).collect()
}

fn add(figures: &mut FacetEvaluation, gold: &BTreeSet<String>, found: &BTreeSet<String>) {
    let [gold, found] = [gold, found].map(|labels| labels.iter().map(String::as_str).collect::<Vec<_>>());
    figures.add(&gold, &found);
}

/// Micro-F1, and macro-F1 over the labels that occur in the gold.
fn print(figures: &FacetEvaluation) {
    let gold = figures.labels().map(|(_, tally)| tally).filter(|tally| tally.gold > 0);
    let f1: Vec<f64> = gold.map(|tally| tally.f1().unwrap_or(0.0)).collect();
    let macro_f1 = f1.iter().sum::<f64>() / f1.len() as f64;
    let micro = figures.averages().micro;
    let [p, r, f] = [micro.precision, micro.recall, micro.f1].map(Option::unwrap_or_default);
    println!("{}: micro-F1 {f:.4} (precision {p:.4}, recall {r:.4}), macro-F1 {macro_f1:.4}", figures.name());
}

impl Places {
    fn sub_regions(&self, codes: &BTreeSet<String>) -> BTreeSet<String> {
        let country = |code: &String| self.gazetteer.country(Code::parse(code)?);
        codes.iter().filter_map(country).map(|country| country.sub_region.to_owned()).collect()
    }
}

#[test]
#[ignore = "prints figures"]
fn all_strong_mentions_against_the_news_set() {
    let places = Places::new();
    for part in ["train", "test"] {
        let path = root(&format!("datasets/news/{part}.csv"));
        let mut countries = FacetEvaluation::new(&format!("{part} countries"), true);
        let mut sub_regions = FacetEvaluation::new(&format!("{part} sub-regions"), true);
        for [text, gold] in rows(&path, ["text", "country"]) {
            let (gold, found) = (split(&gold), places.codes(&text));
            add(&mut sub_regions, &places.sub_regions(&gold), &places.sub_regions(&found));
            add(&mut countries, &gold, &found);
            if part == "train" && gold != found && std::env::var_os("WIREDESK_ERRORS").is_some() {
                println!("gold {gold:?}, found {found:?}: {text}\n{}", places.explained(&text));
            }
        }
        print(&countries);
        print(&sub_regions);
    }
}

#[test]
#[ignore = "prints a ratio of times"]
fn time_of_the_matcher_beside_that_of_the_tokenizer() {
    let places = Places::new();
    let texts: Vec<String> =
        rows(&root("datasets/news/train.csv"), ["text", "id"]).into_iter().map(|[text, _]| text).collect();
    let (mut tokens, mut mentions) = (Vec::new(), Vec::new());
    let (mut tokenizer, mut matcher) = (Duration::MAX, Duration::MAX);
    // The fastest of several rounds: other programs can only slow one down.
    for _ in 0..30 {
        let (mut cut, mut found) = (Duration::ZERO, Duration::ZERO);
        for text in &texts {
            let begin = Instant::now();
            tokens.clear();
            tokens.extend(Tokenizer::default().tokens(text));
            cut += begin.elapsed();
            let begin = Instant::now();
            places.matcher.mentions(text, &tokens, &mut mentions);
            found += begin.elapsed();
        }
        (tokenizer, matcher) = (tokenizer.min(cut), matcher.min(found));
    }
    let ratio = matcher.as_secs_f64() / tokenizer.as_secs_f64();
    println!("{} texts: tokenizer {tokenizer:?}, matcher {matcher:?}, ratio {ratio:.2}", texts.len());
    let begin = Instant::now();
    Places::new();
    println!("loaded in {:?}", begin.elapsed());
}
