use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;
use crate::features::Tokenizer;
use crate::places::gazetteer::folded;
use crate::places::{Code, Meaning, Strength};

/// Forms for these tests, so that they hold whatever the gazetteer that ships says.
const PLACES: &str = "place,kind,form,mark
US,name,United States,
US,name,US,=
US,name,U.S.,
US,admin,Ohio,
US,admin,Ga,^
US,admin,Georgia,~
US,city,New York,
US,city,St. Louis,
US,city,Paris,~~
GE,name,Georgia,~~
GE,demonym,Georgian,~
GE,city,Tbilisi,
RU,name,Russia,
FR,name,France,
FR,demonym,French,
FR,city,Paris,~
FR,city,Nice,~!
AF,name,Afghanistan,
AF,demonym,Afghan,
JO,name,Jordan,~
TR,name,Turkey,~
BR,city,São Paulo,
CI,name,Côte d'Ivoire,
CN,name,中国,
GB,city,London,?
GB,city,Birmingham,
western-asia|northern-africa,region,Middle East,
nato,term,NATO,=
,phrase,Washington Post,
,phrase,French fries,
US,admin,Washington,~
";

fn matcher() -> PlaceMatcher {
    let gazetteer = Gazetteer::only(PLACES).unwrap();
    PlaceMatcher::new(&gazetteer)
}

fn all(matcher: &PlaceMatcher, text: &str, explain: bool) -> Vec<Mention> {
    let tokens: Vec<_> = Tokenizer::default().tokens(text).collect();
    let mut out = Vec::new();
    if explain {
        matcher.explain(text, &tokens, &mut out);
    } else {
        matcher.mentions(text, &tokens, &mut out);
    }
    out
}

/// Strong mentions as `form=meaning`, weak ones as `form?`, joined by blanks.
fn found(text: &str) -> String {
    let one = |mention: &Mention| {
        let form = text[mention.start..mention.end].replace(' ', "_");
        match (mention.strength, mention.meaning) {
            (Strength::Weak, _) => format!("{form}?"),
            (_, Meaning::Country(code)) => format!("{form}={code}"),
            (_, Meaning::Areas(areas)) => format!("{form}={areas}"),
            (_, Meaning::Term(_)) => format!("{form}=term"),
            (_, Meaning::Nothing) => format!("{form}=nothing"),
        }
    };
    all(&matcher(), text, false).iter().map(one).collect::<Vec<_>>().join(" ")
}

/// How the first mention was decided, in words.
fn why(text: &str) -> String {
    all(&matcher(), text, true)[0].decided.in_words(text).to_string()
}

#[test]
fn forms_are_found_anywhere_longest_first() {
    for (text, expected) in [
        ("", ""),
        ("no place at all", ""),
        ("Russia", "Russia=RU"),
        ("to Russia", "Russia=RU"),
        ("Russia's army left Afghanistan’s", "Russia=RU Afghanistan=AF"),
        ("New York", "New_York=US"),
        ("New", ""),
        ("New New York", "New_York=US"),
        ("the Afghans", "Afghans=AF"),
        ("an Afghan-born cook", "Afghan=AF"),
        ("French-Russia ties", "French=FR Russia=RU"),
        ("the Middle East", "Middle_East=northern-africa|western-asia"),
        ("NATO met", "NATO=term"),
        ("Nato met", ""),
    ] {
        assert_eq!(found(text), expected, "{text:?}");
    }
}

#[test]
fn what_stands_between_the_words_of_a_form_matters() {
    for (text, expected) in [
        ("New\nYork", "New\nYork=US"),
        ("New\n\nYork", ""),
        ("New, York", ""),
        ("New. York", "New._York=US"),
        ("Newer. York", ""),
        ("St Louis and St. Louis", "St_Louis=US St._Louis=US"),
        ("the U.S. and the U.S", "U.S.=US U.S=US"),
        ("the U S of A", ""),
        ("Côte d’Ivoire, Cote d'Ivoire, COTE D'IVOIRE", "Côte_d’Ivoire=CI Cote_d'Ivoire=CI COTE_D'IVOIRE=CI"),
        ("Co\u{302}te d'Ivoire", "Co\u{302}te_d'Ivoire=CI"),
        ("Cote d Ivoire", ""),
        ("Sao Paulo, Sa\u{303}o Paulo, SÃO PAULO", "Sao_Paulo=BR Sa\u{303}o_Paulo=BR SÃO_PAULO=BR"),
    ] {
        assert_eq!(found(text), expected, "{text:?}");
    }
}

#[test]
fn capitals_are_needed_where_the_form_has_them() {
    for (text, expected) in [
        ("The US said", "US=US"),
        ("Tell us, Us said", ""),
        ("LET US GO HOME", ""),
        ("LET US GO\nThe US left", "US=US"),
        ("RUSSIA IS COLD", "RUSSIA=RU"),
        ("A russia of the mind", ""),
        ("russia is cold", "russia=RU"),
        ("in the us and in nice weather", ""),
        ("the french ate turkey in paris", "french=FR"),
        ("中国", "中国=CN"),
    ] {
        assert_eq!(found(text), expected, "{text:?}");
    }
}

#[test]
fn ambiguous_forms_need_support() {
    for (text, expected) in [
        ("Turkey voted", "Turkey?"),
        ("Turkey and Russia voted", "Turkey=TR Russia=RU"),
        ("Turkey and Jordan voted", "Turkey? Jordan?"),
        ("Michael Jordan met Russia", "Jordan? Russia=RU"),
        ("Then Jordan met Russia", "Jordan? Russia=RU"),
        ("With Jordan gone, Russia stays", "Jordan=JO Russia=RU"),
        ("people in Turkey", "Turkey=TR"),
        ("a Paris-based firm", "Paris=FR"),
        ("Georgia and Russia fought", "Georgia=GE Russia=RU"),
        ("Georgia and New York fought", "Georgia=US New_York=US"),
        ("Georgia and France fought", "Georgia=US France=FR"),
        ("Georgia said Georgian wine sells", "Georgia=GE Georgian=GE"),
        ("London won", "London=GB"),
        ("Jack London won", "London?"),
        ("London Mayor, London Breed", "London=GB London=GB"),
    ] {
        assert_eq!(found(text), expected, "{text:?}");
    }
}

#[test]
fn the_place_after_a_comma_contains_the_one_before() {
    for (text, expected) in [
        ("Birmingham, Ohio, won", "Birmingham=US Ohio=US"),
        ("Paris, Ohio", "Paris=US Ohio=US"),
        ("Paris, Ga., has a lake", "Paris=US Ga=US"),
        ("Paris Ga. has a lake", "Paris?"),
        ("Birmingham, Russia and Ohio", "Birmingham=GB Russia=RU Ohio=US"),
        ("Birmingham, Ohio's twin", "Birmingham=GB Ohio=US"),
    ] {
        assert_eq!(found(text), expected, "{text:?}");
    }
}

#[test]
fn phrases_swallow_the_places_in_them() {
    assert_eq!(found("The Washington Post ate French fries in Russia"), "Russia=RU");
    assert_eq!(why("The Washington Post ate"), "swallowed: the phrase names no place");
}

#[test]
fn every_decision_is_told() {
    for (text, expected) in [
        ("Russia", "stands in the gazetteer"),
        ("russia", "stands in the gazetteer; the text has no capitals"),
        ("Turkey voted", "weak: ambiguous, and nothing in the text supports it"),
        ("Jordan Smith voted", "weak: may be a person's name beside \"Smith\""),
        ("Turkey, Russia", "ambiguous, made strong by \"Russia\", another country"),
        ("Georgia, Russia", "ambiguous, decided by \"Russia\", a neighbour"),
        ("Georgia, Tbilisi", "ambiguous, made strong by \"Tbilisi\""),
        ("Georgia is Georgian", "ambiguous like \"Georgian\", and they support each other"),
        ("in Turkey", "ambiguous, made strong by \"in\" before it"),
        ("Paris-based", "ambiguous, made strong by \"based\" after it"),
        ("Birmingham, Ohio", "decided by \"Ohio\", which contains it"),
        ("LET US GO", "left out: two letters among words in capitals"),
        ("Paris Ga", "weak: may be a person's name beside \"Ga\""),
        ("the Ga tribe", "left out: counts right after a comma only"),
        ("Nato", "left out: counts in upper case only"),
    ] {
        assert_eq!(why(text), expected, "{text:?}");
    }
}

#[test]
fn long_and_hostile_texts_take_linear_time() {
    let matcher = matcher();
    for (unit, bytes) in [
        ("Officials in Russia and Turkey met in New York, Ohio. ", 10 << 20),
        ("New ", 4 << 20),
        ("NEW YORK US ", 4 << 20),
        ("Georgia Jordan ", 4 << 20),
        ("Georgia, ", 4 << 20),
        ("US\n", 4 << 20),
        ("e\u{301}", 4 << 20),
        ("中国", 4 << 20),
    ] {
        let text = unit.repeat(bytes / unit.len());
        let tokens: Vec<_> = Tokenizer::default().tokens(&text).collect();
        let begin = Instant::now();
        matcher.mentions(&text, &tokens, &mut Vec::new());
        // A thousandfold of what it takes, in case the machine is busy; quadratic time takes hours.
        assert!(begin.elapsed() < Duration::from_secs(60), "{unit:?}");
    }
}

#[test]
fn one_matcher_serves_all_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<PlaceMatcher>();
}

/// Forms of the gazetteer and other words, with all that may stand between them.
fn any_text() -> impl Strategy<Value = String> {
    let forms: Vec<&str> = PLACES.lines().skip(1).filter_map(|row| row.split(',').nth(2)).collect();
    let word = prop_oneof![
        6 => prop::sample::select(forms).prop_map(str::to_owned),
        1 => prop::sample::select(vec!["in", "The", "Dr.", "New", "based", "us"]).prop_map(str::to_owned),
        1 => "\\PC{0,6}",
    ];
    let gap = prop::sample::select(vec![" ", " ", " ", ", ", ". ", "-", "'s ", "’", "\n", "\n\n", "\u{301}", ""]);
    let text = prop::collection::vec((word, gap), 0..8)
        .prop_map(|pairs| pairs.into_iter().fold(String::new(), |text, (word, gap)| text + &word + gap));
    (text, 0..6).prop_map(|(text, case)| match case {
        0 => text.to_lowercase(),
        1 => text.to_uppercase(),
        _ => text,
    })
}

proptest! {
    #[test]
    fn mentions_are_ordered_apart_and_on_character_boundaries(text in any_text()) {
        let matcher = matcher();
        let tokens: Vec<_> = Tokenizer::default().tokens(&text).collect();
        let explained = all(&matcher, &text, true);
        let mut last = 0;
        for mention in &explained {
            prop_assert!(mention.start >= last && mention.start < mention.end);
            prop_assert!(text.get(mention.start..mention.end).is_some());
            prop_assert_eq!(tokens[mention.token].start, mention.start);
            prop_assert!(!mention.decided.in_words(&text).to_string().contains("\"\""), "evidence is quoted");
            last = mention.end;
        }
        // To explain changes nothing.
        let told: Vec<_> = explained.into_iter().filter(|mention| mention.strength < Strength::Silent).collect();
        prop_assert_eq!(told, all(&matcher, &text, false));
    }

    #[test]
    fn what_is_found_is_written_in_the_text(text in any_text()) {
        let mut forms: BTreeSet<String> = BTreeSet::new();
        for form in PLACES.lines().filter_map(|row| row.split(',').nth(2)) {
            forms.insert(folded(form));
            forms.insert(folded(&format!("{form}s")));
        }
        for mention in all(&matcher(), &text, true) {
            let form = &text[mention.start..mention.end];
            prop_assert!(forms.contains(&folded(form)), "{:?}", form);
        }
    }
}

#[test]
fn the_codes_of_neighbours_exist() {
    let gazetteer = Gazetteer::embedded().unwrap();
    for code in [b"GE", b"AM", b"AZ", b"RU", b"SU", b"TR", b"UA"] {
        assert!(gazetteer.country(Code::of(code)).is_some());
    }
}
